/// For benchmarks: a region of 400 mines in 40 counties of 4 cities, and a million hazards with the skew of
/// real ones. Regions, organisations, mines and accounts are made through the store; hazards are put straight
/// into their table (a million writes through the store would time the store), and indexes and search words
/// are then made by the store itself when it is opened again.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <cstdlib>
#include <iostream>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "bench/bench.h"

namespace mineward::bench {

using record::RecordId;

/// Picks from shares that need not add up to anything.
class Shares {
 public:
  explicit Shares(std::vector<double> shares) : pick_(shares.begin(), shares.end()) {}
  std::size_t operator()(std::mt19937_64& random) { return pick_(random); }

 private:
  std::discrete_distribution<std::size_t> pick_;
};

class Million {
 public:
  static constexpr int kCities = 4, kCounties = 40, kMines = 400, kPeople = 5;
  static constexpr std::int64_t kDay = 86'400'000, kEpoch = 1'577'836'800'000;  // 2020-01-01 UTC

  /// `now` is the last instant anything happened at.
  Million(pack::CatalogPtr catalog, db::Database& database, Files& files, ManualClock& clock,
          std::string folder)
      : catalog_(std::move(catalog)),
        database_(database),
        files_(files),
        clock_(clock),
        folder_(std::move(folder)),
        now_(clock.now().utc_ms) {
    open();
  }

  record::Store& store() { return *store_; }
  const std::vector<RecordId>& mines() const { return mines_; }
  const std::vector<RecordId>& owners() const { return owners_; }
  const std::vector<RecordId>& people() const { return people_; }
  RecordId province() const { return province_; }
  RecordId city() const { return cities_.front(); }
  RecordId county() const { return counties_.front(); }

  void open() {
    store_.reset();
    store_ = must(record::open_store(catalog_, database_, files_, clock_, ids_, {folder_, 20u << 20}));
  }

  void make_region() {
    clock_.set(ArrivalTime{now_ - 3 * 365 * kDay});
    must(store_->write([&](record::Writer& w) -> Status {
      const auto make = [&](const char* type, const record::Fields& fields) {
        return must(w.create(record::Actor::system("system:bench"), type, fields));
      };
      const RecordId region = make("region", {{"code", "520000"}, {"name", "省"}, {"level", "province"}});
      const auto organisation = [&](const std::string& code, const char* kind, const char* level,
                                    RecordId parent) {
        record::Fields fields = {
            {"code", code}, {"name", "单位 " + code}, {"kind", kind}, {"level", level}, {"region", region}};
        if (parent) fields["parent"] = parent;
        return make("organisation", fields);
      };
      province_ = organisation("P", "regulator", "province", {});
      for (int i = 0; i < kCities; ++i)
        cities_.push_back(organisation(fmt::format("S{}", i), "regulator", "city", province_));
      for (int i = 0; i < kCounties; ++i)
        counties_.push_back(organisation(fmt::format("X{}", i), "regulator", "county",
                                         cities_[static_cast<std::size_t>(i) % kCities]));
      for (int i = 0; i < kMines; ++i) {
        owners_.push_back(organisation(fmt::format("M{}", i), "mine", "mine",
                                       counties_[static_cast<std::size_t>(i) % kCounties]));
        mines_.push_back(make("mine", {{"code", fmt::format("{:09}", 520000000 + i)},
                                       {"name", fmt::format("{}煤矿", i)},
                                       {"organisation", owners_.back()},
                                       {"kind", "coal"},
                                       {"status", "producing"}}));
        for (int p = 0; p < kPeople; ++p)
          people_.push_back(make("account", {{"name", fmt::format("m{}.{}", i, p)},
                                             {"display_name", fmt::format("职工{}-{}", i, p)},
                                             {"organisation", owners_.back()},
                                             {"roles", std::vector<std::string>{"safety_officer"}}}));
      }
      return {};
    }));
    clock_.set(ArrivalTime{now_});
  }

  /// Reads the region that an earlier run made.
  bool find_region() {
    const auto all = [&](const char* type, const char* sort, std::vector<record::Filter> filters = {}) {
      std::vector<RecordId> out;
      record::ListQuery q;
      q.type = type;
      q.sort = sort;
      q.descending = false;
      q.limit = 500;
      q.filters = std::move(filters);
      do {
        const auto page = must(store_->list(record::Actor::system("bench"), q));
        for (const auto& r : page.records) out.push_back(r.id);
        q.after = page.next;
      } while (!q.after.empty());
      return out;
    };
    using Op = record::Filter::Op;
    mines_ = all("mine", "id");
    if (mines_.empty()) return false;
    owners_ = all("organisation", "id", {{"level", Op::eq, {"mine"}}});
    counties_ = all("organisation", "id", {{"level", Op::eq, {"county"}}});
    cities_ = all("organisation", "id", {{"level", Op::eq, {"city"}}});
    province_ = all("organisation", "id", {{"level", Op::eq, {"province"}}}).at(0);
    people_ = all("account", "id");
    return true;
  }

  std::int64_t count(const std::string& table) {
    std::int64_t n = 0;
    must(database_.read([&](db::Connection& c) -> Status {
      MW_ASSIGN(const db::Rows rows, c.query(fmt::format("SELECT count(*) FROM {}", db::identifier(table))));
      n = rows.integer(0, 0);
      return {};
    }));
    return n;
  }

  /// Hazards of three years: nearly all closed, the open ones young, few major, some mines much busier.
  void fill_hazards(int rows) {
    static const std::vector<std::string> kColumns = {
        "id",           "version",        "state",      "owner",        "created_at", "updated_at",
        "created_by",   "updated_by",     "number",     "organisation", "mine",       "title",
        "description",  "place",          "discipline", "origin",       "found_by",   "found_at",
        "level",        "responsible",    "measures",   "money",        "deadline",   "rectification",
        "rectified_at", "review_opinion", "effect",     "reviewed_at"};
    without_indexes("hazard", [&] {
      std::vector<std::vector<db::Value>> block;
      for (int i = 0; i < rows; ++i) {
        block.push_back(hazard(i, rows));
        if (block.size() < 20'000 && i + 1 < rows) continue;
        append("hazard", kColumns, block);
        block.clear();
      }
    });
  }

  /// Drops the indexes and search words of a type, runs the work, and lets the store make them anew.
  void without_indexes(const std::string& type, const std::function<void()>& work) {
    must(database_.write([&](db::Connection& c) -> Status {
      const bool sqlite = c.engine() == db::Engine::sqlite;
      MW_ASSIGN(
          const db::Rows names,
          sqlite ? c.query("SELECT name FROM sqlite_master WHERE type = 'index' AND tbl_name = $1 AND name "
                           "LIKE 'ix%'",
                           {type})
                 : c.query("SELECT indexname::text FROM pg_indexes WHERE schemaname = current_schema() AND "
                           "tablename = $1 AND indexname LIKE 'ix%'",
                           {type}));
      for (std::size_t i = 0; i < names.size(); ++i)
        MW_TRY(c.script(fmt::format("DROP INDEX {}", db::identifier(names.text(i, 0)))));
      auto gone =
          c.execute("DELETE FROM record_meta WHERE key IN ($1, $2)", {"type:" + type, "search:" + type});
      return gone ? Status() : Status(std::move(gone).error());
    }));
    work();
    open();
  }

  void append(const std::string& table, const std::vector<std::string>& columns,
              const std::vector<std::vector<db::Value>>& rows) {
    must(database_.write([&](db::Connection& c) -> Status {
      MW_ASSIGN(db::Transaction transaction, db::Transaction::begin(c));
      MW_TRY(c.append(table, columns, rows));
      return transaction.commit();
    }));
  }

  std::size_t pick_mine() {
    // Sizes as of Zipf, softened: the largest has some 20 times what the middle one has.
    return mine_shares_(random_);
  }
  std::mt19937_64& random() { return random_; }
  /// An instant `share` of the way through the three years.
  std::int64_t instant(double share) const {
    return now_ - 3 * 365 * kDay + static_cast<std::int64_t>(share * 3 * 365 * static_cast<double>(kDay));
  }

 private:
  static std::vector<double> zipf(int n, double softening) {
    std::vector<double> out;
    for (int i = 0; i < n; ++i) out.push_back(1.0 / (i + softening));
    return out;
  }

  std::string words() {
    static const std::vector<const char*> kPlaces = {"皮带机头", "综采工作面", "掘进面", "回风巷",
                                                     "水仓",     "变电所",     "主井",   "副井"};
    static const std::vector<const char*> kFaults = {
        "护罩缺失", "甲烷传感器未校准", "支护不到位",   "积尘超标", "电缆破损",
        "排水不畅", "标识不清",         "消防器材过期", "风门漏风", "记录不全"};
    static Shares places({20, 15, 12, 8, 3, 2, 1, 0.5}), faults({20, 10, 10, 8, 5, 5, 3, 2, 1, 0.3});
    return fmt::format("{}{}", kPlaces[places(random_)], kFaults[faults(random_)]);
  }

  std::vector<db::Value> hazard(int i, int rows) {
    using V = db::Value;
    static const std::array kOrigins = {"self_check", "inspection", "worker", "alarm", "superior", "tip_off"};
    static const std::array kDisciplines = {
        "mining",     "heading",  "ventilation", "gas",       "outburst",   "dust",
        "fire",       "water",    "rock_burst",  "roof",      "electrical", "transport",
        "monitoring", "blasting", "surface",     "emergency", "management"};
    static Shares origins({70, 12, 9, 5, 3.5, 0.5}), disciplines(zipf(17, 1)), levels({95.5, 4.2, 0.3});
    const auto chance = [&](double share) {
      return std::uniform_real_distribution<double>(0, 1)(random_) < share;
    };
    const auto days = [&](int from, int to) {
      return std::uniform_int_distribution<std::int64_t>(from, to)(random_);
    };
    // Found ever more often; entered in the order in which they were found.
    const double share = std::sqrt((i + 0.5) / rows);
    const std::int64_t found_at = instant(0.2 + 0.8 * share) - days(0, 600) * 1000;
    const std::size_t m = pick_mine();
    const std::size_t level = levels(random_);
    const std::int64_t age = (now_ - found_at) / kDay;
    // Open ones are young; a major one takes longer; one in 2,000 was forgotten.
    const double open = age > 90 ? 0.0005 : (level == 2 ? 0.9 : 0.45) * (1 - static_cast<double>(age) / 100);
    std::string state = chance(0.02) ? "withdrawn" : "closed";
    if (chance(open)) {
      static Shares open_states({8, 10, 60, 22});
      state = std::array{"found", "graded", "rectifying", "accepting"}[open_states(random_)];
    }
    const bool graded = state != "found" && state != "withdrawn";
    const bool planned = graded && state != "graded";
    const bool fixed = state == "accepting" || state == "closed";
    const std::int64_t id = found_at + 1'000;  // entered at
    const auto person = [&]() -> V {
      return people_[m * kPeople + static_cast<std::size_t>(days(0, kPeople - 1))].value;
    };
    const std::int64_t deadline_ms = found_at + days(3, level == 2 ? 180 : 30) * kDay;
    const std::int64_t rectified_at = std::min(now_, deadline_ms - days(0, 2) * kDay);
    const V none = db::Null{};
    const std::int64_t changed = state == "closed" ? std::min(now_, rectified_at + kDay) : id;
    std::string description = "检查时发现" + words() + "，" + words() + "；责令立即整改，未整改前不得作业。";
    if (chance(0.0002)) description += "涉及钻孔窥视仪";
    return {((id - kEpoch) << 22) + i % (1 << 22),  // as IdMaker gives them: grow with time
            std::int64_t{planned ? 4 : 1},
            state,
            owners_[m].value,
            id,
            changed,
            std::string("bench"),
            std::string("bench"),
            fmt::format("YH-{}-{:07}", 202301 + i * 36LL / rows / 12 * 100 + i * 36LL / rows % 12, i),
            owners_[m].value,
            mines_[m].value,
            words(),
            description,
            fmt::format("{}{}巷", 1000 + days(0, 400), chance(0.5) ? "运输" : "回风"),
            chance(0.1) ? none : V(std::string(kDisciplines[disciplines(random_)])),
            std::string(kOrigins[origins(random_)]),
            person(),
            found_at,
            graded || chance(0.05) ? V(std::string(std::array{"ordinary", "larger", "major"}[level])) : none,
            planned ? person() : none,
            planned ? V("更换并加固，" + words()) : none,
            planned ? V(days(1, 50) * 10'000) : none,
            planned ? V(std::int64_t{china_date(deadline_ms).days}) : none,
            fixed ? V(std::string("已按措施整改到位，现场复查合格。")) : none,
            fixed ? V(rectified_at) : none,
            state == "closed" ? V(std::string("同意销号")) : none,
            state == "closed" ? V(std::string(chance(0.03) ? "reduced" : "removed")) : none,
            state == "closed" ? V(changed) : none};
  }

  const pack::CatalogPtr catalog_;
  db::Database& database_;
  Files& files_;
  ManualClock& clock_;
  IdMaker ids_{clock_, 1};
  const std::string folder_;
  const std::int64_t now_;
  std::unique_ptr<record::Store> store_;
  std::mt19937_64 random_{7};
  Shares mine_shares_{zipf(kMines, 10)};
  RecordId province_;
  std::vector<RecordId> cities_, counties_, owners_, mines_, people_;
};

}  // namespace mineward::bench
