/// What lists read of the tables, as the engines themselves count it while they run the very statements.
#include <sqlite3.h>

#include <set>

#include "base/text.h"
#include "db/faulty_testing.h"
#include "record/list_way.h"
#include "record/read.h"
#include "record/rising_ids.h"
#include "record/testing.h"

namespace mineward::record::fixture {
namespace {

using ::testing::HasSubstr;
using Op = Filter::Op;

/// Counts the entries of indexes, and the rows of tables, that SQLite reads for a statement: all of them are
/// looked at before a LIMIT, a sort or a count has its say.
class Meter {
 public:
  explicit Meter(const db::TestDatabase& database) {
    const std::string path = database.url().substr(std::string_view("sqlite:").size());
    EXPECT_EQ(sqlite3_open(path.c_str(), &sqlite_), SQLITE_OK);
  }
  Meter(const Meter&) = delete;
  Meter& operator=(const Meter&) = delete;
  ~Meter() { sqlite3_close(sqlite_); }

  std::int64_t entries(std::string_view sql, std::span<const db::Value> params) {
    sqlite3_stmt* s = nullptr;
    EXPECT_EQ(sqlite3_prepare_v2(sqlite_, std::string(sql).c_str(), -1, &s, nullptr), SQLITE_OK) << sql;
    for (std::size_t i = 0; i < params.size(); ++i) {
      const int at = sqlite3_bind_parameter_index(s, fmt::format("${}", i + 1).c_str());
      if (const auto* whole = std::get_if<std::int64_t>(&params[i])) sqlite3_bind_int64(s, at, *whole);
      if (const auto* real = std::get_if<double>(&params[i])) sqlite3_bind_double(s, at, *real);
      if (const auto* text = std::get_if<std::string>(&params[i]))
        sqlite3_bind_text(s, at, text->c_str(), -1, SQLITE_TRANSIENT);
    }
    while (sqlite3_step(s) == SQLITE_ROW) {
    }
    const int steps = sqlite3_stmt_status(s, SQLITE_STMTSTATUS_VM_STEP, 0);
    sqlite3_finalize(s);
    return steps / kStepsAnEntry;
  }

 private:
  /// Steps of SQLite's machine: an entry that is read, tested against a few conditions and sorted takes some
  /// twenty (`AnEntryIsMeasured`).
  static constexpr int kStepsAnEntry = 20;

  sqlite3* sqlite_ = nullptr;
};

/// PostgreSQL chooses by what it believes of the table, and rightly reads all of one this small. What can be
/// seen here is that an index gives every order; what it chooses for a million is measured by
/// bench/list_bench.
void expect_an_index_gives_it(db::Connection& c, std::string_view sql, std::span<const db::Value> params) {
  if (sql.find(" hazard") == std::string_view::npos && sql.find("\"hazard\"") == std::string_view::npos)
    return;
  if (sql.find("TABLESAMPLE") != std::string_view::npos) return;
  must(c.begin());
  for (const char* dear : {"enable_seqscan", "enable_sort"})
    must(c.query("SELECT set_config($1, 'off', true)", {{std::string(dear)}}));
  const db::Rows rows = must(c.query("EXPLAIN " + std::string(sql), params));
  must(c.rollback());
  std::string text;
  for (std::size_t i = 0; i < rows.size(); ++i) text += rows.text(i, 0) + "\n";
  EXPECT_THAT(text, Not(HasSubstr("Seq Scan on hazard"))) << sql;
  // Looking for each row of an order among some thousands that are collected takes minutes.
  EXPECT_THAT(text, Not(HasSubstr("Filter: (id = ANY"))) << sql << "\n" << text;
  if (sql.find(" OFFSET 0)") != std::string_view::npos) return;  // few rows, counted before, are sorted
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const std::string line = rows.text(i, 0);
    if (line.find("Sort  (") == std::string::npos || line.find("Incremental") != std::string::npos) continue;
    EXPECT_LE(std::stoi(line.substr(line.find("rows=") + 5)), 4 * 51) << text << sql;
  }
}

class PlanTest : public RecordTest {
 protected:
  static constexpr int kPage = 50;

  void SetUp() override {
    RecordTest::SetUp();
    if (IsSkipped()) return;
    sqlite_ = GetParam() == db::Engine::sqlite;
  }

  /// Hazards in which every code, and every range of deadlines, lies evenly in every order but its own.
  void fill(int rows) {
    const std::string numbers =
        sqlite_ ? fmt::format("WITH RECURSIVE s(g) AS (SELECT 1 UNION ALL SELECT g + 1 FROM s WHERE g < {}) ",
                              rows)
                : fmt::format("WITH s AS (SELECT g FROM generate_series(1, {}) g) ", rows);
    c().database.raw(
        numbers +
        fmt::format(
            "INSERT INTO hazard (id, version, state, owner, created_at, updated_at, created_by, updated_by, "
            "number, title, mine, organisation, found_at, deadline, level, depth, money, people, urgent) "
            "SELECT g, 1, CASE WHEN g % 2 = 0 THEN 'found' ELSE 'closed' END, CASE WHEN g % 3 = 0 THEN {0} "
            "ELSE {1} END, g, g, 'x', 'x', 'n' || g, 't' || g, {2}, {0}, g, g * 7919 % 10007, CASE WHEN g % "
            "500 = 7 "
            "THEN 'good' WHEN g / 2 % 2 = 0 THEN 'major' ELSE 'ordinary' END, g, g, g % 7, g / 4 % 2 FROM s",
            c().mine_a_organisation.value, c().mine_b_organisation.value, c().mine_a.value));
    c().database.raw(sqlite_ ? "ANALYZE" : "VACUUM (ANALYZE)");
  }

  ListPlan plan(db::Connection& conn, const Actor& actor, const ListQuery& q) {
    RisingIds ids(c().ids);
    const Context context{model_, *c().files, c().clock, ids, {}, {}};
    return must(plan_list(conn, context, actor, q, kPage + 1));
  }

  ListQuery query(std::vector<Filter> filters, std::string sort, bool descending) {
    ListQuery q;
    q.type = "hazard";
    q.filters = std::move(filters);
    q.sort = std::move(sort);
    q.descending = descending;
    q.limit = kPage;
    return q;
  }

  std::int64_t count(const std::string& condition) {
    std::int64_t n = 0;
    must(c().database->read([&](db::Connection& conn) -> Status {
      n = must(conn.query("SELECT count(*) FROM hazard WHERE " + condition)).integer(0, 0);
      return {};
    }));
    return n;
  }

  const Model model_ = must(Model::make(small_catalog()));
  bool sqlite_ = true;
};
MW_ON_BOTH_ENGINES(PlanTest);

/// The measure itself: a walk over everything is seen, with a sort and without, and so is an index that is
/// read to its end for a count.
TEST_P(PlanTest, AnEntryIsMeasured) {
  if (!sqlite_) return;  // the meter is of SQLite
  fill(2000);
  Meter meter(c().database);
  for (const char* sql :
       {"SELECT id FROM hazard t WHERE title || '' = '' AND people = 3",
        "SELECT id, title FROM hazard ORDER BY people * 2, id LIMIT 51",
        "SELECT id FROM hazard t WHERE level = 'major' AND people >= 0 AND urgent IN (0, 1) "
        "UNION ALL SELECT id FROM hazard WHERE level <> 'major'",
        "SELECT count(*) FROM (SELECT 1 FROM hazard WHERE people >= 0) AS few"}) {
    const std::int64_t entries = meter.entries(sql, {});
    EXPECT_GE(entries, 2000 / 25) << sql;
    EXPECT_LE(entries, 2 * 2000) << sql;
  }
  EXPECT_LE(meter.entries("SELECT id FROM hazard ORDER BY id LIMIT 51", {}), 51);
}

/// Every statement of every list (each filter with each order, direction, scope and page): what looks for the
/// way, the total, the page. A page reads a few times what it needs at least: so many entries that, as the
/// codes lie, a page of them fits; or the rows of the rarest condition. In the order of a time what is
/// asked for often lies all at one end, so there it may always be the latter. What is read in a millisecond
/// or two is not judged.
TEST_P(PlanTest, NoListReadsMoreThanItNeeds) {
  constexpr int kRows = 30'000, kTimes = 4, kSlack = 6 * (kPage + 1);
  constexpr std::int64_t kQuick = 2 * kFew;
  fill(kRows);
  const struct {
    std::vector<Filter> filters;
    std::vector<std::string> sql;  // the same, one by one
  } cases[] = {
      {{}, {}},
      {{{"level", Op::eq, {"major"}}}, {"level = 'major'"}},
      {{{"level", Op::eq, {"good"}}}, {"level = 'good'"}},
      {{{"state", Op::eq, {"found"}}}, {"state = 'found'"}},
      {{{"state", Op::in, {"found", "closed"}}}, {}},
      {{{"urgent", Op::eq, {"true"}}}, {"urgent = 1"}},
      {{{"mine", Op::eq, {c().mine_a.text()}}}, {}},
      {{{"people", Op::eq, {"3"}}}, {"people = 3"}},
      {{{"deadline", Op::ge, {"1970-02-01"}}}, {"deadline >= 31"}},
      {{{"deadline", Op::ge, {"1970-02-01"}}, {"deadline", Op::lt, {"1971-02-01"}}},
       {"deadline >= 31 AND deadline < 396"}},
      {{{"state", Op::in, {"found", "rectifying"}}, {"deadline", Op::lt, {"2026-11-27"}}},
       {"state = 'found'"}},
      {{{"state", Op::eq, {"found"}}, {"level", Op::eq, {"major"}}}, {"state = 'found'", "level = 'major'"}}};
  const std::pair<const Actor*, std::string> actors[] = {
      {&c().root, ""},
      {&c().county_officer, ""},
      {&c().officer, fmt::format("owner = {}", c().mine_a_organisation.value)}};
  db::FaultyDatabase watched(*c().database);
  const auto store = must(open_store(small_catalog(), watched, *c().files, c().clock, c().ids,
                                     {c().database.folder().path() + "/files", 4096}));
  std::optional<Meter> meter;
  if (sqlite_) meter.emplace(c().database);
  std::int64_t bound = 0, statements = 0;
  watched.watch = [&](db::Connection& conn, std::string_view sql, std::span<const db::Value> params) {
    ++statements;
    if (!meter) return expect_an_index_gives_it(conn, sql, params);
    const auto has = [&](std::string_view part) { return sql.find(part) != std::string_view::npos; };
    const std::int64_t most = has(") AS seen")                     ? kMostEntries + 1
                              : has(") AS few") && has("count(*)") ? kFew
                              : has("count(*), sum(CASE")          ? 2 * kSampled
                              : has(" OFFSET ") && !has("OFFSET 0")
                                  ? std::max(kPatience * bound, kShortestStretch)
                                  : bound;
    const std::int64_t entries = meter->entries(sql, params);
    EXPECT_LE(entries, most + kSlack) << sql;
  };
  int lists = 0;
  for (const auto& [actor, scope] : actors) {
    for (const auto& test : cases) {
      std::vector<std::string> all = test.sql;
      if (!scope.empty()) all.push_back(scope);
      std::int64_t rarest = kRows;
      for (const auto& one : all) rarest = std::min(rarest, count(one));
      const std::int64_t fits = all.empty() ? kRows : count(join(all, " AND "));
      for (const char* sort : {"id", "number", "level", "title", "mine", "found_at", "deadline", "money",
                               "depth", "people", "urgent", "state", "updated_at"}) {
        const bool grows_with_time =
            std::set<std::string_view>{"found_at", "deadline", "updated_at"}.contains(sort);
        bound = grows_with_time ? rarest : std::min<std::int64_t>(rarest, (kPage + 1) * kRows / fits);
        bound = std::max(kQuick, kTimes * bound);
        for (const bool descending : {false, true}) {
          SCOPED_TRACE(fmt::format("{} {} {} {} bound {}", actor->name, join(all, " AND "), sort,
                                   descending ? "down" : "up", bound));
          auto q = query(test.filters, sort, descending);
          q.count_total = sort == std::string_view("number");
          q.after = must(store->list(*actor, q)).next;
          EXPECT_EQ(q.after.empty(), fits <= kPage);
          if (!q.after.empty()) must(store->list(*actor, q));
          ++lists;
        }
      }
    }
  }
  EXPECT_EQ(lists, 3 * 12 * 13 * 2);
  EXPECT_GT(statements, 2 * lists);
}

/// Nearly all urgent ones lie at one end of the order by depth: from there a trial fills the page, from the
/// other end it does not. Either way the pages are those that the database itself gives for the plain
/// question.
TEST_P(PlanTest, ATrialThatFailsLosesNothing) {
  fill(9000);
  c().database.raw(
      "UPDATE hazard SET urgent = CASE WHEN depth > 6000 OR depth IN (500, 1500, 2500) THEN 1 ELSE 0 END");
  c().database.raw("ANALYZE");
  for (const bool descending : {false, true}) {
    auto q = query({{"urgent", Op::eq, {"true"}}}, "depth", descending);
    q.limit = 50;
    std::vector<std::int64_t> got, expected;
    must(c().database->read([&](db::Connection& conn) -> Status {
      const ListPlan first = plan(conn, c().root, q);
      EXPECT_TRUE(std::any_of(first.parts.begin(), first.parts.end(), [](auto& p) { return p.trial; }));
      const char* order = descending ? "DESC" : "ASC";
      const db::Rows rows = must(conn.query(
          fmt::format("SELECT id FROM hazard WHERE urgent = 1 ORDER BY depth {0}, id {0} LIMIT 200", order)));
      for (std::size_t i = 0; i < rows.size(); ++i) expected.push_back(rows.integer(i, 0));
      return {};
    }));
    for (int i = 0; i < 4; ++i) {
      const Page page = must(store().list(c().root, q));
      for (const auto& r : page.records) got.push_back(r.id.value);
      q.after = page.next;
    }
    EXPECT_EQ(expected.size(), 200u);
    EXPECT_EQ(got, expected) << descending;
  }
}

/// Rows without a sort value are the smallest, few (a way of their own) or many (the way of all): the pages
/// over the seam are those that the database itself gives for the plain question.
TEST_P(PlanTest, RowsWithoutASortValueAreListedFewOrMany) {
  fill(9000);
  for (const char* empty : {"id IN (5, 50, 500)", "id % 3 = 0"}) {  // 3 rows; 3,000, more than are few
    c().database.raw(
        fmt::format("UPDATE hazard SET depth = CASE WHEN {} THEN NULL ELSE id * 7919 % 10007 END", empty));
    const auto opened = must(open_store(small_catalog(), *c().database, *c().files, c().clock, c().ids,
                                        {c().database.folder().path() + "/files", 4096}));
    for (const bool descending : {false, true}) {
      auto q = query({{"state", Op::eq, {"found"}}}, "depth", descending);
      q.limit = 500;
      std::vector<std::int64_t> got, expected;
      must(c().database->read([&](db::Connection& conn) -> Status {
        const db::Rows rows = must(conn.query(
            fmt::format("SELECT id FROM hazard WHERE state = 'found' ORDER BY depth {0} NULLS {1}, id {0}",
                        descending ? "DESC" : "ASC", descending ? "LAST" : "FIRST")));
        for (std::size_t i = 0; i < rows.size(); ++i) expected.push_back(rows.integer(i, 0));
        return {};
      }));
      do {
        const Page page = must(opened->list(c().root, q));
        for (const auto& r : page.records) got.push_back(r.id.value);
        q.after = page.next;
      } while (!q.after.empty());
      EXPECT_EQ(expected.size(), 4500u);
      EXPECT_EQ(got, expected) << empty << " " << descending;
    }
  }
}

/// Words in all rows, in half of them, in few; seen by everybody, by a county, by a mine; alone and with a
/// filter: the pages and totals are those that the database gives for plain comparisons of the texts.
TEST_P(PlanTest, WordsOfAScopeAreFoundHoweverCommon) {
  fill(9000);
  c().database.raw(
      "UPDATE hazard SET description = '甲烷' || CASE WHEN id % 2 = 0 THEN '漏风' ELSE '' END || CASE WHEN "
      "id % "
      "100 < 2 THEN '窥视' ELSE '' END");
  c().database.raw("DELETE FROM record_meta WHERE key = 'search:hazard'");
  const auto opened = must(open_store(small_catalog(), *c().database, *c().files, c().clock, c().ids,
                                      {c().database.folder().path() + "/files", 4096}));
  const auto organisation = c().mine_a_organisation.value;
  const std::pair<const Actor*, std::string> actors[] = {
      {&c().root, "1 = 1"},
      {&c().county_officer, "1 = 1"},
      {&c().officer, fmt::format("owner = {}", organisation)},
      {&c().foreign, "1 = 0"}};
  int exact = 0;
  for (const auto& [actor, scope] : actors) {
    for (const char* words : {"甲烷", "漏风", "窥视", "甲烷 窥视", "漏风 窥视", "烷漏"}) {
      for (const char* level : {"", "major"}) {
        std::string fits = scope;
        for (const std::string_view word : split(words, ' '))
          fits += fmt::format(" AND description LIKE '%{}%'", word);
        std::vector<Filter> filters;
        if (*level) {
          filters = {{"level", Op::eq, {level}}};
          fits += fmt::format(" AND level = '{}'", level);
        }
        auto q = query(filters, "depth", true);
        q.words = words;
        q.limit = 500;
        q.count_total = true;
        const Page first = must(opened->list(*actor, q));
        std::vector<std::int64_t> got, expected;
        for (q.count_total = false;;) {
          const Page page = must(opened->list(*actor, q));
          for (const auto& r : page.records) got.push_back(r.id.value);
          if (page.next.empty()) break;
          q.after = page.next;
        }
        must(c().database->read([&](db::Connection& conn) -> Status {
          const db::Rows rows =
              must(conn.query("SELECT id FROM hazard WHERE " + fits + " ORDER BY depth DESC, id DESC"));
          for (std::size_t i = 0; i < rows.size(); ++i) expected.push_back(rows.integer(i, 0));
          return {};
        }));
        SCOPED_TRACE(fmt::format("{} {} {}", actor->name, words, level));
        EXPECT_EQ(got, expected);
        const auto all = static_cast<std::int64_t>(expected.size());
        if (first.total_exact) {
          EXPECT_EQ(first.total, all);
        }
        EXPECT_LE(*first.total, all);
        exact += first.total_exact;
      }
    }
  }
  EXPECT_GE(exact, 24) << "of 48";
  // The index knows the owner: a mine's hits are counted without looking at a row, or at another mine's hits.
  must(c().database->read([&](db::Connection& conn) -> Status {
    auto q = query({}, "depth", true);
    q.words = "窥视";
    const auto own = fmt::format("owner = {} AND description LIKE '%窥视%'", organisation);
    EXPECT_EQ(plan(conn, c().officer, q).count.known, count(own));
    return {};
  }));
}

/// What few rows have is collected; what many have is walked or merged. The total says whether it is all.
TEST_P(PlanTest, TheWayFollowsWhatIsRare) {
  fill(9000);
  c().database.raw("UPDATE hazard SET level = 'ordinary' WHERE level = 'good'");
  c().database.raw("UPDATE hazard SET level = 'good' WHERE id IN (7, 70, 700)");
  auto q = query({{"level", Op::eq, {"good"}}}, "title", true);
  q.count_total = true;
  const Page rare = must(store().list(c().root, q));
  EXPECT_EQ(rare.total, 3);
  EXPECT_TRUE(rare.total_exact);
  EXPECT_EQ(rare.records.size(), 3u);
  q.filters = {{"title", Op::contains, {"t88"}}};  // no index tells it
  const Page unknown = must(store().list(c().root, q));
  EXPECT_FALSE(unknown.total_exact);
  EXPECT_GE(*unknown.total, 51);
  EXPECT_LE(*unknown.total, 111);
  q.limit = 500;
  const Page whole = must(store().list(c().root, q));
  EXPECT_EQ(whole.total, 111);  // 88, 880 to 889, 8800 to 8899
  EXPECT_TRUE(whole.total_exact);
}

}  // namespace
}  // namespace mineward::record::fixture
