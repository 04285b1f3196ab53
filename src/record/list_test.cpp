/// Lists: filters, order, paging, full text, and that an index serves them.
#include <algorithm>
#include <random>
#include <set>

#include "record/read.h"
#include "record/rising_ids.h"
#include "record/testing.h"

namespace mineward::record::fixture {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

using Op = Filter::Op;

class ListTest : public RecordTest {
 protected:
  ListQuery query(std::vector<Filter> filters = {}, std::string sort = "id", bool descending = false) {
    ListQuery q;
    q.type = "hazard";
    q.filters = std::move(filters);
    q.sort = std::move(sort);
    q.descending = descending;
    return q;
  }
};
MW_ON_BOTH_ENGINES(ListTest);

TEST_P(ListTest, FiltersAreTyped) {
  const auto at = [](const char* text) { return FieldValue(*parse_time(text)); };
  const auto day = [](const char* text) { return FieldValue(*parse_date(text)); };
  const Record a = c().hazard(c().officer, c().mine_a, "Gas at T0",
                              {{"level", "major"},
                               {"people", std::int64_t{5}},
                               {"depth", -2.5},
                               {"urgent", true},
                               {"tags", std::vector<std::string>{"gas", "fire"}},
                               {"found_at", at("2026-01-10T08:00:00+08:00")},
                               {"deadline", day("2026-02-01")},
                               {"money", std::int64_t{10050}}});
  c().clock.advance(1s);
  const Record b = c().hazard(c().officer, c().mine_a, "50% _done_ O'Neil",
                              {{"level", "ordinary"},
                               {"people", std::int64_t{0}},
                               {"depth", 10.0},
                               {"tags", std::vector<std::string>{"water"}},
                               {"found_at", at("2026-01-11T08:00:00+08:00")},
                               {"deadline", day("2026-03-01")}});
  c().clock.advance(1s);
  const Record d = c().hazard(c().officer, c().mine_a, "plain");
  must(store().step(c().officer, "hazard", d.id, 1, "plan",
                    {{"responsible", c().worker.account}, {"deadline", day("2026-02-15")}}));
  const struct {
    const char* why;
    std::vector<Filter> filters;
    std::vector<std::string> titles;
  } cases[] = {
      {"equal text", {{"title", Op::eq, {"plain"}}}, {"plain"}},
      {"code", {{"level", Op::eq, {"major"}}}, {"Gas at T0"}},
      {"not equal counts unset as different", {{"level", Op::ne, {"major"}}}, {"50% _done_ O'Neil", "plain"}},
      {"any of", {{"level", Op::in, {"major", "ordinary"}}}, {"Gas at T0", "50% _done_ O'Neil"}},
      {"whole number", {{"people", Op::ge, {"1"}}}, {"Gas at T0"}},
      {"zero is a value", {{"people", Op::le, {"0"}}}, {"50% _done_ O'Neil"}},
      {"decimal", {{"depth", Op::lt, {"-2.4"}}}, {"Gas at T0"}},
      {"money in yuan", {{"money", Op::eq, {"100.50"}}}, {"Gas at T0"}},
      {"yes or no", {{"urgent", Op::eq, {"true"}}}, {"Gas at T0"}},
      {"default no", {{"urgent", Op::eq, {"false"}}}, {"50% _done_ O'Neil", "plain"}},
      {"day", {{"deadline", Op::gt, {"2026-02-01"}}}, {"50% _done_ O'Neil", "plain"}},
      {"time", {{"found_at", Op::lt, {"2026-01-11T00:00:00Z"}}}, {"Gas at T0"}},
      {"time from and to",
       {{"found_at", Op::ge, {"2026-01-11"}}, {"found_at", Op::lt, {"2026-01-12"}}},
       {"50% _done_ O'Neil"}},
      {"reference", {{"responsible", Op::eq, {c().worker.account.text()}}}, {"plain"}},
      {"unset", {{"level", Op::is_null, {}}}, {"plain"}},
      {"set", {{"level", Op::not_null, {}}}, {"Gas at T0", "50% _done_ O'Neil"}},
      {"part of a text, any case", {{"title", Op::contains, {"gAs"}}}, {"Gas at T0"}},
      {"% is a character", {{"title", Op::contains, {"0%"}}}, {"50% _done_ O'Neil"}},
      {"_ is a character", {{"title", Op::contains, {"_do"}}}, {"50% _done_ O'Neil"}},
      {"a quote is a character", {{"title", Op::contains, {"o'n"}}}, {"50% _done_ O'Neil"}},
      {"in a list", {{"tags", Op::eq, {"fire"}}}, {"Gas at T0"}},
      {"in a list, any of", {{"tags", Op::in, {"fire", "water"}}}, {"Gas at T0", "50% _done_ O'Neil"}},
      {"not in a list", {{"tags", Op::ne, {"gas"}}}, {"50% _done_ O'Neil", "plain"}},
      {"part of a code is no code", {{"tags", Op::eq, {"fir"}}}, {}},
      {"state", {{"state", Op::eq, {"rectifying"}}}, {"plain"}},
      {"id", {{"id", Op::in, {a.id.text(), d.id.text()}}}, {"Gas at T0", "plain"}},
      {"entry time",
       {{"created_at", Op::gt, {format_rfc3339(a.created_at)}}},
       {"50% _done_ O'Neil", "plain"}},
      {"owner", {{"owner", Op::eq, {c().mine_b_organisation.text()}}}, {}},
  };
  for (const auto& test : cases)
    EXPECT_EQ(c().titles(c().officer, query(test.filters)), test.titles) << test.why;
  (void)b;
}

TEST_P(ListTest, WhatCannotBeAskedIsRefusedWithItsReason) {
  const auto error = [&](ListQuery q) {
    const auto page = store().list(c().officer, q);
    return page ? std::string("was answered")
                : std::string(name_of(page.error().code)) + " " + page.error().text();
  };
  EXPECT_THAT(error(query({{"colour", Op::eq, {"red"}}})), HasSubstr("bad_input filter names \"colour\""));
  EXPECT_THAT(error(query({{"people", Op::eq, {"many"}}})),
              HasSubstr("filter people: found \"many\", expected a whole number"));
  EXPECT_THAT(error(query({{"people", Op::eq, {}}})), HasSubstr("expected one"));
  EXPECT_THAT(error(query({{"people", Op::eq, {"1", "2"}}})), HasSubstr("one expected"));
  EXPECT_THAT(error(query({{"people", Op::contains, {"1"}}})), HasSubstr("text only"));
  EXPECT_THAT(error(query({{"tags", Op::lt, {"gas"}}})), HasSubstr("lists know"));
  EXPECT_THAT(error(query({}, "description")), HasSubstr("cannot be sorted"));
  EXPECT_THAT(error(query({}, "title; DROP TABLE hazard")), HasSubstr("cannot be sorted"));
  EXPECT_THAT(error(query({{"title\" = '' OR \"title", Op::eq, {"x"}}})), HasSubstr("bad_input"));
  auto too_many = query();
  too_many.limit = 501;
  EXPECT_THAT(error(too_many), HasSubstr("1 to 500"));
  too_many.limit = 0;
  EXPECT_THAT(error(too_many), HasSubstr("1 to 500"));
  auto other_type = query();
  other_type.type = "hazrd";
  EXPECT_THAT(error(other_type), HasSubstr("not_found no record type \"hazrd\"; nearest is hazard"));
}

TEST_P(ListTest, ACursorIsForItsListOnly) {
  for (int i = 0; i < 5; ++i) c().hazard(c().officer, c().mine_a, "h" + std::to_string(i));
  auto q = query({}, "title");
  q.limit = 2;
  q.after = must(store().list(c().officer, q)).next;
  ASSERT_FALSE(q.after.empty());
  EXPECT_THAT(c().titles(c().officer, q), ElementsAre("h2", "h3"));
  auto other_order = q;
  other_order.descending = true;
  EXPECT_EQ(store().list(c().officer, other_order).error().code, Errc::bad_input);
  for (std::size_t i = 0; i < q.after.size(); ++i) {  // any one character changed
    auto damaged = q;
    damaged.after[i] = damaged.after[i] == '0' ? '1' : '0';
    EXPECT_EQ(store().list(c().officer, damaged).error().code, Errc::bad_input) << i;
  }
  for (const char* text : {"x", "zz", "0123456789abcdef", "' OR 1=1 --"}) {
    auto damaged = q;
    damaged.after = text;
    EXPECT_EQ(store().list(c().officer, damaged).error().code, Errc::bad_input) << text;
  }
}

/// Pages of every size, sort and direction against a plain sort of all records; with unset values and equal
/// ones.
TEST_P(ListTest, PagesJoinToTheWholeListInOrder) {
  std::mt19937 random(7);
  std::vector<Record> all;
  must(store().write([&](Writer& w) -> Status {
    for (int i = 0; i < 40; ++i) {
      Fields f = {{"mine", i % 3 ? c().mine_a : c().mine_b}, {"title", "t" + std::to_string(random() % 5)}};
      if (random() % 3) f["depth"] = static_cast<double>(random() % 4) - 1.5;
      if (random() % 3) f["people"] = static_cast<std::int64_t>(random() % 3);
      if (random() % 3) f["deadline"] = Date{static_cast<std::int32_t>(20000 + random() % 3)};
      if (random() % 2) f["level"] = random() % 2 ? "major" : "ordinary";
      if (random() % 2) f["urgent"] = true;
      all.push_back(must(w.create(c().root, "hazard", f)));
    }
    return {};
  }));
  c().hazard(c().foreign, c().mine_x, "t0");  // not in the scope: must never appear
  const auto key = [](const Record& r, const std::string& field) {
    const auto found = r.fields.find(field);
    return found == r.fields.end() ? FieldValue()
                                   : found->second;  // unset is the first alternative: smallest
  };
  for (const std::string sort : {"id", "title", "depth", "deadline", "level", "urgent"}) {
    for (const bool descending : {false, true}) {
      std::vector<Record> want = all;
      std::sort(want.begin(), want.end(), [&](const Record& a, const Record& b) {
        const auto ka = key(a, sort), kb = key(b, sort);
        const bool less = ka == kb ? a.id < b.id : ka < kb;
        const bool greater = ka == kb ? b.id < a.id : kb < ka;
        return descending ? greater : less;
      });
      for (const int limit : {1, 7, 40, 500}) {
        SCOPED_TRACE(fmt::format("{} {} limit {}", sort, descending ? "down" : "up", limit));
        auto q = query({}, sort, descending);
        q.limit = limit;
        q.count_total = true;
        std::vector<RecordId> got;
        for (int pages = 0; pages < 60; ++pages) {
          const Page page = must(store().list(c().county_officer, q));
          EXPECT_EQ(page.total, 40);
          for (const auto& r : page.records) got.push_back(r.id);
          q.after = page.next;
          if (page.next.empty()) break;
        }
        std::vector<RecordId> ids;
        for (const auto& r : want) ids.push_back(r.id);
        ASSERT_EQ(got, ids);
      }
    }
  }
}

TEST_P(ListTest, FindsChineseWordsOfAnyLength) {
  const auto make = [&](const char* title, const char* description) {
    c().hazard(c().officer, c().mine_a, title, {{"description", description}});
    c().clock.advance(1s);
  };
  make("皮带机头甲烷超限", "传感器 T0 处 1.2%");
  make("烷烃泄漏", "CH4 too high");
  make("水泵故障", "O'Neil's pump: \"AND\" OR NOT* (x)");
  std::string many;
  for (int i = 0; i < 2000; ++i) many += fmt::format("word{} ", i);
  const struct {
    const char* why;
    const char* words;
    std::vector<std::string> titles;
  } cases[] = {
      {"one character", "烷", {"皮带机头甲烷超限", "烷烃泄漏"}},
      {"two characters", "甲烷", {"皮带机头甲烷超限"}},
      {"four characters", "甲烷超限", {"皮带机头甲烷超限"}},
      {"characters that stand, but not side by side", "甲超", {}},
      {"two words, both must stand", "甲烷 t0", {"皮带机头甲烷超限"}},
      {"two words, one is missing", "甲烷 ch4", {}},
      {"Latin, any case", "CH4", {"烷烃泄漏"}},
      {"full width is the same", "ＣＨ４", {"烷烃泄漏"}},
      {"words that are operators elsewhere", "AND OR NOT", {"水泵故障"}},
      {"quotes and stars", "\"and\"* (x)", {"水泵故障"}},
      {"nothing but signs finds nothing", "*\"'(", {}},
      {"more words than any expression takes", many.c_str(), {}},
      {"blank is no condition", "  ", {"皮带机头甲烷超限", "烷烃泄漏", "水泵故障"}},
  };
  for (const auto& test : cases) {
    auto q = query();
    q.words = test.words;
    EXPECT_EQ(c().titles(c().officer, q), test.titles) << test.why;
  }
  const auto hits = must(store().search(c().officer, "甲烷", 10));
  ASSERT_EQ(hits.size(), 1u);
  EXPECT_EQ(hits[0].title, "皮带机头甲烷超限");
  EXPECT_EQ(hits[0].type, "hazard");
  EXPECT_THAT(must(store().search(c().worker, "矿A", 10)), Not(IsEmpty()));
  EXPECT_THAT(must(store().search(c().worker, "", 10)), IsEmpty());
}

TEST_P(ListTest, TheIndexFollowsChanges) {
  const Record made = c().hazard(c().officer, c().mine_a, "甲烷", {{"description", "old words"}});
  const auto find = [&](const char* words) {
    auto q = query();
    q.words = words;
    return c().titles(c().officer, q).size();
  };
  must(store().update(c().officer, "hazard", made.id, 1, {{"title", "瓦斯"}, {"description", FieldValue()}}));
  EXPECT_EQ(find("甲烷"), 0u);
  EXPECT_EQ(find("old"), 0u);
  EXPECT_EQ(find("瓦斯"), 1u);
  must(store().update(c().officer, "hazard", made.id, 2, {{"title", "***"}}));  // no word left at all
  EXPECT_EQ(find("瓦斯"), 0u);
  must(store().update(c().officer, "hazard", made.id, 3, {{"title", "甲烷"}}));
  EXPECT_EQ(find("甲烷"), 1u);
}

/// More hits than are fetched by id: then each row is tested in the order of the list.
TEST_P(ListTest, FrequentWordsFindAllTheSame) {
  constexpr int kRows = 2100;
  must(store().write([&](Writer& w) -> Status {
    for (int i = 0; i < kRows; ++i)
      MW_TRY([&]() -> Status {
        auto made = w.create(c().root, "region",
                             {{"code", std::to_string(i)}, {"name", i % 2 ? "县 odd" : "县 even"}});
        return std::holds_alternative<Record>(made) ? Status() : Status(std::get<Refusal>(made).error);
      }());
    return {};
  }));
  ListQuery q;
  q.type = "region";
  q.words = "县";
  q.count_total = true;
  q.limit = 3;
  q.sort = "code";
  q.descending = false;
  const Page page = must(store().list(c().worker, q));
  EXPECT_EQ(page.total, kRows);
  ASSERT_EQ(page.records.size(), 3u);
  EXPECT_EQ(page.records[1].text("code"), "1");
  q.words = "县 odd";
  EXPECT_EQ(must(store().list(c().worker, q)).total, kRows / 2);
}

/// A code that most rows have is tested row by row on SQLite; the answer must be the same.
TEST_P(ListTest, CommonCodesAnswerAsRareOnesDo) {
  // "WITH ... INSERT" is understood by both.
  const std::string rows =
      GetParam() == db::Engine::sqlite
          ? "WITH RECURSIVE s(g) AS (SELECT 1 UNION ALL SELECT g + 1 FROM s WHERE g < 4100) "
          : "WITH s AS (SELECT g FROM generate_series(1, 4100) g) ";
  c().database.raw(rows + fmt::format("INSERT INTO hazard (id, version, state, owner, created_at, "
                                      "updated_at, created_by, updated_by, title, level, depth) "
                                      "SELECT g, 1, 'found', {}, g, g, 'x', 'x', 't' || g, CASE WHEN g % "
                                      "1000 = 0 THEN 'major' ELSE 'ordinary' END, "
                                      "g % 97 FROM s",
                                      c().mine_a_organisation.value));
  auto q = query({{"level", Op::eq, {"ordinary"}}, {"state", Op::in, {"found"}}}, "depth", true);
  q.count_total = true;
  const Page page = must(store().list(c().officer, q));
  EXPECT_EQ(page.total, 4096);
  ASSERT_EQ(page.records.size(), 50u);
  EXPECT_EQ(page.records[0].number("depth"), 96);
  EXPECT_EQ(page.records[49].number("depth"), 95);
  q.filters[0].values = {"major"};
  EXPECT_EQ(must(store().list(c().officer, q)).total, 4);
  // Any of several, merged from one range each: every row once, in order, over all pages.
  q = query({{"state", Op::in, {"found", "closed", "found"}}, {"depth", Op::lt, {"2"}}}, "found_at", true);
  q.limit = 30;
  for (const Actor* actor : std::initializer_list<const Actor*>{&c().officer, &c().root}) {
    std::set<RecordId> seen;
    auto pages = q;
    for (int i = 0; i < 10; ++i) {
      const Page next = must(store().list(*actor, pages));
      for (const auto& r : next.records) EXPECT_TRUE(seen.insert(r.id).second);
      pages.after = next.next;
      if (next.next.empty()) break;
    }
    EXPECT_EQ(seen.size(), 85u);  // 42 with depth 0, 43 with depth 1
  }
}

/// Thousands of rows in which every code is common, so that no filter is served by collecting its rows.
class PlanTest : public ListTest {
 protected:
  void SetUp() override {
    ListTest::SetUp();
    if (IsSkipped()) return;
    sqlite_ = GetParam() == db::Engine::sqlite;
    const std::string rows =
        sqlite_ ? "WITH RECURSIVE s(g) AS (SELECT 1 UNION ALL SELECT g + 1 FROM s WHERE g < 9000) "
                : "WITH s AS (SELECT g FROM generate_series(1, 9000) g) ";
    c().database.raw(
        rows +
        fmt::format(
            "INSERT INTO hazard (id, version, state, owner, created_at, updated_at, created_by, updated_by, "
            "number, title, mine, organisation, found_at, deadline, level, depth, money, people, urgent) "
            "SELECT g, 1, CASE WHEN g % 2 = 0 THEN 'found' ELSE 'closed' END, CASE WHEN g % 3 = 0 THEN {0} "
            "ELSE "
            "{1} END, g, g, 'x', 'x', 'n' || g, 't' || g, {2}, {0}, g, g / 3, CASE WHEN g % 2 = 0 THEN "
            "'major' "
            "ELSE 'ordinary' END, g, g, g % 9, g % 2 FROM s",
            c().mine_a_organisation.value, c().mine_b_organisation.value, c().mine_a.value));
    c().database.raw("ANALYZE");
  }

  ListPlan plan(db::Connection& conn, const Actor& actor, const ListQuery& q) {
    RisingIds ids(c().ids);
    const Context context{model_, *c().files, c().clock, ids, {}};
    return must(plan_list(conn, context, actor, q, 51));
  }

  /// No step reads a whole table, and none sorts more than what a page has.
  void expect_served(db::Connection& conn, const ListSelect& select) {
    if (select.sql.find("WHERE 1 = 0") != std::string::npos) return;  // nothing is left behind the cursor
    const db::Rows rows =
        must(conn.query((sqlite_ ? "EXPLAIN QUERY PLAN " : "EXPLAIN ") + select.sql, select.params));
    std::string text;
    for (std::size_t i = 0; i < rows.size(); ++i) text += rows.text(i, sqlite_ ? 3 : 0) + "\n";
    // Few rows, counted before, are collected from an index and sorted.
    const bool few = select.sql.find(" AS few ") != std::string::npos;
    for (std::size_t i = 0; i < rows.size() && !few; ++i) {
      const std::string line = rows.text(i, sqlite_ ? 3 : 0);
      // The ids of a page are sorted once more when their rows are fetched: that is the outermost sort.
      // Branches that are merged have a page each.
      if (sqlite_) {
        const bool allowed = rows.integer(i, 1) == 0 || select.sql.find(" AS m ") != std::string::npos;
        EXPECT_TRUE(allowed || line.find("TEMP B-TREE") == std::string::npos) << text << select.sql;
      } else if (line.find("Sort  (") != std::string::npos && line.find("Incremental") == std::string::npos) {
        // PostgreSQL says how many rows it will sort; an incremental sort has the order of an index already.
        const std::size_t at = line.find("rows=") + 5;
        EXPECT_LE(std::stoi(line.substr(at)), 4 * 51) << text << select.sql;
      }
    }
    if (few && !sqlite_) return;  // of a table this small PostgreSQL may read half without an index
    EXPECT_THAT(text, Not(HasSubstr("Seq Scan on hazard"))) << select.sql;
    EXPECT_THAT(text, Not(::testing::ContainsRegex("SCAN t\n"))) << select.sql;
    EXPECT_THAT(text, HasSubstr(sqlite_ ? "INDEX" : "Index")) << select.sql;
  }

  /// The pages, and what a trial asks before it: the key behind its stretch, the walk up to a key.
  void expect_plan(db::Connection& conn, const ListPlan& plan) {
    // In a table of 9,000 rows PostgreSQL may find reading and sorting all of it cheapest. What is asked here
    // is whether an index can serve the statement.
    if (!sqlite_)
      must(conn.query(
          "SELECT set_config('enable_seqscan', 'off', false), set_config('enable_sort', 'off', false)"));
    for (const ListPart& part : plan.parts) {
      expect_served(conn, part.sure);
      if (!part.trial) continue;
      expect_served(conn, part.trial->whole);
      expect_served(conn, part.trial->end);
    }
  }

  const Model model_ = must(Model::make(small_catalog()));
  bool sqlite_ = true;
};
MW_ON_BOTH_ENGINES(PlanTest);

/// Each filter of a list with each order, scope and page.
TEST_P(PlanTest, AnIndexServesEveryList) {
  const std::vector<std::vector<Filter>> filters = {
      {},
      {{"level", Op::eq, {"major"}}},
      {{"state", Op::eq, {"found"}}},
      {{"state", Op::in, {"found", "closed"}}},
      {{"urgent", Op::eq, {"true"}}},
      {{"mine", Op::eq, {c().mine_a.text()}}},
      {{"deadline", Op::ge, {"1970-02-01"}}},
      {{"state", Op::in, {"found", "rectifying"}}, {"deadline", Op::lt, {"2026-11-27"}}},
      {{"state", Op::eq, {"found"}}, {"level", Op::eq, {"major"}}}};
  int seen = 0, lists = 0;
  must(c().database->read([&](db::Connection& conn) -> Status {
    for (const Actor* actor :
         std::initializer_list<const Actor*>{&c().root, &c().county_officer, &c().officer}) {
      for (const auto& some : filters) {
        for (const char* sort : {"id", "number", "level", "title", "mine", "found_at", "deadline", "money",
                                 "depth", "people", "urgent", "state", "updated_at"}) {
          {
            const bool descending = ++lists % 2 == 0;  // each list up for one person, down for the next
            auto q = query(some, sort, descending);
            SCOPED_TRACE(
                fmt::format("{} {} {} {}", actor->name, some.empty() ? "" : some[0].field, sort, descending));
            q.after = must(store().list(*actor, q)).next;
            EXPECT_FALSE(q.after.empty());
            for (const auto& after : {std::string(), q.after}) {
              q.after = after;
              expect_plan(conn, plan(conn, *actor, q));
              ++seen;
            }
            if (HasFailure()) return {};
          }
        }
      }
    }
    return {};
  }));
  EXPECT_EQ(seen, 3 * 9 * 13 * 2);
}

/// Nearly all urgent ones lie at one end of the order by depth: from there a trial fills the page, from the
/// other end it does not. Either way the pages are those that the database itself gives for the plain
/// question.
TEST_P(PlanTest, ATrialThatFailsLosesNothing) {
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

/// What few rows have is collected; what many have is walked or merged. The total says whether it is all.
TEST_P(PlanTest, TheWayFollowsWhatIsRare) {
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
