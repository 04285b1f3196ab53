/// For tests only: the packs of the repository, and a county of Guizhou with three mines whose duties are
/// watched.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "db/faulty_testing.h"
#include "duty/duty.h"
#include "pack/reaching_testing.h"
#include "record/template_testing.h"
#include "record/testing.h"

namespace mineward::duty::fixture {

using record::Fields;
using record::Record;
using record::fixture::must;

inline const pack::CatalogPtr& packs() {
  static const pack::CatalogPtr catalog = [] {
    const std::string folder = std::string(MW_SOURCE_DIR) + "/packs";
    auto outcome = pack::load_catalog(std::span(&folder, 1));
    for (const auto& mistake : outcome.mistakes) ADD_FAILURE() << mistake.text();
    return pack::everyday_types(outcome.catalog);
  }();
  return catalog;
}

inline std::int64_t at(const char* beijing) { return parse_time(beijing)->utc_ms; }

/// A county of Guizhou with three mines, their directors, and a store that duties watch.
class Region {
 public:
  explicit Region(db::Engine engine) : database(engine, record::template_file(packs(), 2000)) {
    store = must(record::open_store(packs(), faulty, *files, clock, ids,
                                    {database.folder().path() + "/files", 4096, 2000}));
    region = add("region", {{"code", "520523"}, {"name", "金沙县"}, {"level", "county"}});
    county = organisation("YJ", "regulator", "county", {});
    for (int i = 0; i < 3; ++i) {
      const std::string n = std::to_string(i);
      mine_organisations.push_back(organisation("M" + n, "mine", "mine", county));
      mines.push_back(add("mine", {{"code", "52052300000" + n},
                                   {"name", "矿" + n},
                                   {"organisation", mine_organisations.back()},
                                   {"kind", "coal"},
                                   {"status", "producing"}}));
      directors.push_back(add("person", {{"organisation", mine_organisations.back()},
                                         {"mine", mines.back()},
                                         {"card", "0" + n},
                                         {"name", "矿长" + n},
                                         {"post", i == 2 ? "集团领导" : "矿长"}}));
    }
    duties = must(open_duties(packs(), *store, clock));
    for (const char* pack : {"corps_coal_2014", "yangcheng_2024", "shanxi_2014"})
      switch_on(pack, "2026-09-01", "");
  }

  RecordId add(const std::string& type, const Fields& fields) {
    return must(store->create(root, type, fields)).id;
  }
  RecordId organisation(const std::string& code, const std::string& kind, const std::string& level,
                        RecordId parent) {
    Fields fields{{"code", code}, {"name", code}, {"kind", kind}, {"level", level}, {"region", region}};
    if (parent) fields["parent"] = parent;
    return add("organisation", fields);
  }
  RecordId switch_on(const std::string& pack, const char* first, const std::string& last) {
    Fields fields{{"pack", pack},
                  {"action", "switch_on"},
                  {"region", region},
                  {"first_day", *parse_date(first)},
                  {"reason", "试"}};
    if (!last.empty()) fields["last_day"] = *parse_date(last);
    const RecordId id = add("pack_setting", fields);
    step("pack_setting", id, "put_in_force");
    return id;
  }
  void update(const std::string& type, RecordId id, const Fields& fields) {
    must(store->update(root, type, id, 0, fields));
  }
  /// False when the record's state does not allow it.
  bool step(const std::string& type, RecordId id, const std::string& name, const Fields& fields = {}) {
    return std::holds_alternative<Record>(store->step(root, type, id, 0, name, fields, "试"));
  }
  std::string one(const char* rule, RecordId subject, std::int64_t period) {
    auto detail = duties->detail(root, rule, subject, period);
    if (!detail) return detail.error().message;
    const Duty& d = detail->duty;
    std::string out = std::string(name_of(d.verdict.state)) + " " + std::to_string(d.verdict.progress) + "/" +
                      std::to_string(d.needed);
    if (d.unconfirmed > 0) out += " unconfirmed " + std::to_string(d.unconfirmed);
    if (d.verdict.level != Level::none) out += " " + std::string(name_of(d.verdict.level));
    return out;
  }

  db::TestDatabase database;
  db::FaultyDatabase faulty{*database};
  std::unique_ptr<Files> files = system_files();
  ManualClock clock{ArrivalTime{at("2026-09-01 00:00:00")}};
  IdMaker ids{clock, 1};
  std::unique_ptr<record::Store> store;
  std::unique_ptr<Duties> duties;
  const Actor root = Actor::system("system:test");
  RecordId region, county;
  std::vector<RecordId> mine_organisations, mines, directors;
};

}  // namespace mineward::duty::fixture
