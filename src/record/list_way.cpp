#include "record/list_way.h"

#include <algorithm>
#include <chrono>
#include <cmath>

#include <fmt/format.h>

#include "base/text.h"

namespace mineward::record {
namespace {

/// Microseconds, measured by list_bench: an index entry, a row fetched by it, an owner looked up in the tree,
/// a word tested in PostgreSQL's index.
constexpr double kEntry = 0.3, kRow = 3, kLookup = 1, kTest = 8;
/// A hit put into a set; PostgreSQL fetches a row for it.
constexpr double kSetEntrySqlite = 0.4, kSetEntryPostgres = 2.5;
/// A way that may take longer than this is tried over a stretch first.
constexpr double kLong = 15'000;
constexpr std::int64_t kKeptFor = 60'000;
constexpr std::size_t kMostKept = 2000;
/// "Any of" so many values is merged from one index range each.
constexpr std::size_t kMostBranches = 48;
/// Rows of a filter may lie at the far end of an order by time (open ones are young): such a walk is trusted
/// less.
constexpr double kDoubt = 4;

bool begins_with(const std::vector<std::string>& columns, const std::vector<std::string>& first) {
  return columns.size() >= first.size() && std::equal(first.begin(), first.end(), columns.begin());
}

std::int64_t steady_ms() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

bool grows_with_time(const ColumnType& column) {
  return column.type == pack::FieldType::date || column.type == pack::FieldType::instant ||
         column.name == "number" || column.name == "id";
}

}  // namespace

std::optional<Estimates::Known> Estimates::find(const std::string& what) {
  const std::lock_guard lock(mutex_);
  const auto found = entries_.find(what);
  if (found == entries_.end() || found->second.until < steady_ms()) return std::nullopt;
  return found->second.known;
}

void Estimates::keep(const std::string& what, Known known) {
  const std::lock_guard lock(mutex_);
  const std::int64_t now = steady_ms();
  if (entries_.size() >= kMostKept)
    std::erase_if(entries_, [&](const auto& e) { return e.second.until < now; });
  if (entries_.size() >= kMostKept) entries_.clear();
  entries_[what] = {std::move(known), now + kKeptFor};
}

std::span<const db::Value> used_parameters(std::string_view sql, std::span<const db::Value> params) {
  std::size_t highest = 0;
  for (std::size_t at = sql.find('$'); at != std::string_view::npos; at = sql.find('$', at + 1)) {
    std::size_t n = 0;
    for (std::size_t i = at + 1; i < sql.size() && sql[i] >= '0' && sql[i] <= '9'; ++i)
      n = n * 10 + static_cast<std::size_t>(sql[i] - '0');
    highest = std::max(highest, n);
  }
  return params.first(std::min(highest, params.size()));
}

WayFinder::WayFinder(db::Connection& c, const TypeModel& type, const Conditions& conditions,
                     const std::optional<WordsCondition>& words, Estimates* estimates)
    : c_(c),
      type_(type),
      conditions_(conditions),
      words_(words),
      estimates_(estimates),
      indexes_(indexes_of(type)),
      sqlite_(c.engine() == db::Engine::sqlite) {}

std::string WayFinder::index_on(const std::vector<std::string>& columns, bool exactly) const {
  std::vector<std::string> wanted = columns;
  wanted.emplace_back("id");
  for (const auto& index : indexes_) {
    if (begins_with(index.columns, wanted)) return index.name;
  }
  if (exactly) return {};
  for (const auto& index : indexes_) {
    if (index.columns[0] == columns[0] && !index.unique) return index.name;
  }
  return {};
}

bool WayFinder::covers(const std::string& index, const std::string& column) const {
  const auto found =
      std::find_if(indexes_.begin(), indexes_.end(), [&](const Index& i) { return i.name == index; });
  return found != indexes_.end() &&
         std::find(found->columns.begin(), found->columns.end(), column) != found->columns.end();
}

/// Records are never deleted: SQLite's row numbers are dense.
Result<double> WayFinder::count_rows() {
  MW_ASSIGN(const db::Rows rows,
            c_.engine() == db::Engine::sqlite
                ? c_.query(fmt::format("SELECT max(rowid) FROM {}", type_.table))
                : c_.query("SELECT CAST(reltuples AS BIGINT) FROM pg_class WHERE oid = to_regclass($1)",
                           {type_.table}));
  return rows.empty() ? 0.0 : static_cast<double>(rows.integer(0, 0));
}

/// The conditions with their values, so that equal questions have equal names.
std::string WayFinder::what() const {
  std::string out = type_.name();
  for (const Group& g : conditions_.groups) {
    out += "\n" + g.sql();
    if (g.column == kWordsColumn) out += fmt::format(" {}", words_->hits < kFew ? words_->hits : kFew);
  }
  for (const db::Value& value : conditions_.params) {
    out += std::visit(
        [](const auto& v) -> std::string {
          using T = std::decay_t<decltype(v)>;
          if constexpr (std::is_same_v<T, std::string>)
            return fmt::format("\n{}:{}", v.size(), v);
          else if constexpr (std::is_arithmetic_v<T>)
            return fmt::format("\n{}", v);
          else
            return "\n?";
        },
        value);
  }
  return out;
}

Status WayFinder::look() {
  const std::string name = what();
  if (auto known = estimates_ ? estimates_->find(name) : std::nullopt) {
    rows_ = known->rows;
    all_ = known->all;
    shares_ = std::move(known->shares);
    exact_ = std::move(known->exact);
    return {};
  }
  MW_TRY(find_out());
  if (estimates_) estimates_->keep(name, {rows_, all_, shares_, exact_});
  return {};
}

Status WayFinder::find_out() {
  MW_ASSIGN(rows_, count_rows());
  const std::size_t n = conditions_.groups.size();
  shares_.assign(n, 1);
  exact_.assign(n, false);
  std::vector<double> counted(n, 0);
  std::vector<bool> wanted(n, true);
  bool common = false;
  for (std::size_t i = 0; i < n; ++i) {
    const Group& g = conditions_.groups[i];
    if (g.column == kWordsColumn) {
      counted[i] = static_cast<double>(words_->hits);
      exact_[i] = words_->hits < kFew;
      wanted[i] = false;
    } else if (g.indexable && (g.column == "id" || !index_on({g.column}, false).empty())) {
      const std::string sql = fmt::format(
          "SELECT count(*) FROM (SELECT 1 FROM {} t WHERE {} LIMIT {}) AS few", type_.table, g.sql(), kFew);
      MW_ASSIGN(const db::Rows rows, c_.query(sql, used_parameters(sql, conditions_.params)));
      counted[i] = static_cast<double>(rows.integer(0, 0));
      exact_[i] = counted[i] < kFew;
    }
    common = common || (wanted[i] && !exact_[i]);
  }
  rows_ = std::max(rows_, 1.0);
  for (const double few : counted) rows_ = std::max(rows_, few);
  for (std::size_t i = 0; i < n; ++i) shares_[i] = exact_[i] ? counted[i] / rows_ : 1;
  set_share_of_words();
  all_ = share_of(std::vector<bool>(n, true));
  if (!common) return {};
  return sample(wanted);
}

/// How many of some rows from all over the table pass each condition, and all of them.
Status WayFinder::sample(const std::vector<bool>& wanted) {
  std::string sums, all = "TRUE";
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    const std::string sql = wanted[i] ? "(" + conditions_.groups[i].sql() + ")" : "TRUE";
    sums += fmt::format(", sum(CASE WHEN {} THEN 1 ELSE 0 END)", sql);
    all += " AND " + sql;
  }
  sums += fmt::format(", sum(CASE WHEN {} THEN 1 ELSE 0 END)", all);
  const auto whole = static_cast<std::int64_t>(rows_);
  const std::string sql =
      sqlite_
          // Odd steps of a golden section come to every part of the table.
          ? fmt::format(
                "WITH RECURSIVE i(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM i WHERE n < {}) SELECT "
                "count(*){} "
                "FROM i CROSS JOIN {} t ON t.rowid = 1 + (i.n * 2654435761) % {}",
                std::min<std::int64_t>(kSampled, whole), sums, type_.table, whole)
          : fmt::format("SELECT count(*){} FROM {} t TABLESAMPLE SYSTEM ({}) REPEATABLE (1)", sums,
                        type_.table, std::min(100.0, 100.0 * kSampled / static_cast<double>(whole)));
  MW_ASSIGN(const db::Rows rows, c_.query(sql, used_parameters(sql, conditions_.params)));
  const auto seen = static_cast<double>(rows.integer(0, 0));
  if (seen == 0) return {};
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    const auto hits = static_cast<double>(rows.integer(0, i + 1));
    if (wanted[i] && !exact_[i]) shares_[i] = std::max(hits, 0.5) / seen;
  }
  set_share_of_words();
  all_ = share_of(std::vector<bool>(wanted.size(), true));
  const auto together = static_cast<double>(rows.integer(0, wanted.size() + 1));
  // Conditions that come together more often than by chance, or less: the sample knows, if it saw any.
  if (together >= 5) {
    all_ = together / seen;
    for (std::size_t i = 0; i < wanted.size(); ++i) all_ *= wanted[i] ? 1 : shares_[i];
  }
  return {};
}

/// Shares are multiplied: hits that are looked for within a scope are a share of its rows.
void WayFinder::set_share_of_words() {
  double among = rows_;
  std::optional<std::size_t> of_words;
  for (std::size_t i = 0; i < shares_.size(); ++i) {
    const Group& g = conditions_.groups[i];
    if (g.column == kWordsColumn) of_words = i;
    if (g.scope && words_ && words_->of_owners) among = rows_of(i);
  }
  if (!of_words) return;
  const auto hits = static_cast<double>(words_->hits);
  shares_[*of_words] = hits / std::max({among, hits, 1.0});
}

double WayFinder::rows_of(std::size_t group) const {
  if (words_ && conditions_.groups[group].column == kWordsColumn) return static_cast<double>(words_->hits);
  return shares_[group] * rows_;
}

double WayFinder::share_of(const std::vector<bool>& groups) const {
  double share = 1;
  for (std::size_t i = 0; i < groups.size(); ++i) share *= groups[i] ? shares_[i] : 1;
  return std::max(share, 0.5 / rows_);
}

double WayFinder::share_of(std::string_view column) const {
  for (std::size_t i = 0; i < conditions_.groups.size(); ++i) {
    if (conditions_.groups[i].column == column) return shares_[i];
  }
  return 1;
}

/// Of the rows of a group, the share that passes everything else too.
double WayFinder::rest_of(std::size_t group) const {
  return std::clamp(all_ / std::max(shares_[group], 1 / rows_), 0.5 / rows_, 1.0);
}

WayFinder::Cover WayFinder::cover(const std::string& index, std::optional<std::size_t> leads) const {
  Cover out;
  out.entry = kEntry;
  for (std::size_t i = 0; i < conditions_.groups.size(); ++i) {
    const Group& g = conditions_.groups[i];
    if (leads == i) continue;
    if (g.column == "owner" && !g.indexable) out.entry += kLookup;
    if (g.column == kWordsColumn) {
      // Every index tells the id; a set of ids is made once, else the words of each are looked up.
      if (words_->in_set) {
        out.set = static_cast<double>(words_->hits) * (sqlite_ ? kSetEntrySqlite : kSetEntryPostgres);
      } else {
        out.entry += kTest;
      }
    }
    const bool told = !index.empty() && (g.column == kWordsColumn || covers(index, g.column));
    out.all = out.all && told;
    if (told) out.passed *= shares_[i];
  }
  return out;
}

WayFinder::Priced WayFinder::walk(const ColumnType& sort, double limit) const {
  const bool by_id = sort.name == "id";
  const std::string index = by_id ? std::string() : index_on({sort.name});
  const auto own = std::find_if(conditions_.groups.begin(), conditions_.groups.end(),
                                [&](const Group& g) { return g.column == sort.name && g.indexable; });
  std::optional<std::size_t> within;
  double extra = 0;
  if (own != conditions_.groups.end()) {
    within = static_cast<std::size_t>(own - conditions_.groups.begin());
    // Within single values of the sort column SQLite sorts what a merge has in order.
    if (!own->equals.empty() && own->equals.size() <= kMostBranches) extra = rows_ * kRow;
  }
  const Cover cover = this->cover(index, within);
  const double range = within ? rows_of(*within) : rows_;
  const double rest = within ? rest_of(*within) : std::max(all_, 0.5 / rows_);
  const bool others = conditions_.groups.size() > (within ? 1 : 0);
  const double doubt = others && grows_with_time(sort) ? kDoubt : 1;
  const double examined = std::min(range, doubt * limit / rest);
  const double row = by_id || !cover.all ? kRow * cover.passed : 0;
  if (index.empty() && !by_id) return {{Way::How::walk, 0, {}}, rows_ * kRow, rows_ * kRow, rows_};
  const double start = extra + cover.set + limit * kRow;
  return {{Way::How::walk, 0, index},
          start + examined * (cover.entry + row),
          start + (others ? range : std::min(range, limit)) * (cover.entry + row),
          examined};
}

std::optional<WayFinder::Priced> WayFinder::merge(std::size_t group, const ColumnType& sort,
                                                  double limit) const {
  const Group& g = conditions_.groups[group];
  if (g.equals.empty() || g.equals.size() > kMostBranches) return std::nullopt;
  const bool within_value = sort.name == "id" || sort.name == g.column;
  const std::string index = within_value ? index_on({g.column}) : index_on({g.column, sort.name});
  if (index.empty()) return std::nullopt;
  const auto branches = static_cast<double>(g.equals.size());
  const Cover cover = this->cover(index, group);
  const bool others = conditions_.groups.size() > 1;
  const double examined = std::min(rows_of(group), branches * limit / rest_of(group));
  const double most = others ? rows_of(group) : std::min(rows_of(group), branches * limit);
  const double each = cover.entry + (cover.all ? 0 : kRow * cover.passed);
  const double start = cover.set + branches * 20 + limit * kRow;
  return Priced{{Way::How::merge, group, index}, start + examined * each, start + most * each, examined};
}

std::optional<WayFinder::Priced> WayFinder::collect(std::size_t group, const ColumnType& sort,
                                                    double limit) const {
  const Group& g = conditions_.groups[group];
  const double n = rows_of(group);
  if (g.column == kWordsColumn) {
    if (!words_->in_set) return std::nullopt;
    const double cost = n * ((sqlite_ ? kSetEntrySqlite : kSetEntryPostgres) + kRow);
    return Priced{{Way::How::collect, group, {}}, cost, cost, n};
  }
  if (!g.indexable) return std::nullopt;
  const std::string index = index_on({g.column}, false);
  if (index.empty() && g.column != "id") return std::nullopt;
  const Cover cover = this->cover(index, group);
  const double passed = n * cover.passed;
  const bool by_index_alone = cover.all && (sort.name == "id" || covers(index, sort.name));
  const double row = by_index_alone ? 0 : kRow;
  const double cost = cover.set + n * cover.entry + passed * (row + kSetEntrySqlite) + limit * kRow;
  return Priced{{Way::How::collect, group, index, by_index_alone}, cost, cost, n};
}

Choice WayFinder::find(const ColumnType& sort, double limit, bool streamed) const {
  std::vector<Priced> ways = {walk(sort, limit)};
  for (std::size_t i = 0; i < conditions_.groups.size(); ++i) {
    if (auto way = merge(i, sort, limit); way && !(streamed && conditions_.groups[i].equals.size() > 1))
      ways.push_back(*std::move(way));
    if (auto way = collect(i, sort, limit)) ways.push_back(*std::move(way));
  }
  const auto best =
      std::min_element(ways.begin(), ways.end(), [](auto& a, auto& b) { return a.cost < b.cost; });
  const auto sure =
      std::min_element(ways.begin(), ways.end(), [](auto& a, auto& b) { return a.worst < b.worst; });
  if (best->worst <= std::max(kLong, 2 * sure->worst)) return {best->way, 0, best->way};
  const bool one_range =
      best->way.how == Way::How::walk ||
      (best->way.how == Way::How::merge && conditions_.groups[best->way.by].equals.size() == 1);
  // What cannot be tried is believed, unless the other is quick in any case.
  if (!one_range)
    return sure->worst < kLong ? Choice{sure->way, 0, sure->way} : Choice{best->way, 0, best->way};
  const double shortest = kShortestStretch;
  const double most = std::max(shortest, sure->worst / (2 * kEntry));
  const double stretch = std::clamp(static_cast<double>(kPatience) * best->examined, shortest, most);
  return {best->way, static_cast<std::int64_t>(stretch), sure->way};
}

Result<std::optional<Way>> WayFinder::way_of_unset(const ColumnType& sort) {
  const std::string index = index_on({sort.name});
  if (index.empty()) return std::optional<Way>();
  const std::string name = fmt::format("{} without {}", type_.name(), sort.name);
  const auto known = estimates_ ? estimates_->find(name) : std::nullopt;
  double unset = known ? known->rows : 0;
  if (!known) {
    MW_ASSIGN(
        const db::Rows rows,
        c_.query(fmt::format("SELECT count(*) FROM (SELECT 1 FROM {} t WHERE t.{} IS NULL LIMIT {}) AS few",
                             type_.table, db::identifier(sort.name), kFew)));
    unset = static_cast<double>(rows.integer(0, 0));
    if (estimates_) estimates_->keep(name, {unset, 1, {}, {}});
  }
  return unset < kFew ? std::optional(Way{Way::How::walk, 0, index}) : std::nullopt;
}

std::optional<std::size_t> WayFinder::fewest() const {
  std::optional<std::size_t> best;
  for (std::size_t i = 0; i < conditions_.groups.size(); ++i) {
    const Group& g = conditions_.groups[i];
    const bool possible = g.column == kWordsColumn
                              ? words_->in_set || words_->hits > 0
                              : g.indexable && (g.column == "id" || !index_on({g.column}, false).empty());
    if (possible && (!best || rows_of(i) < rows_of(*best))) best = i;
  }
  return best;
}

}  // namespace mineward::record
