/// Lists: filters, order, paging, full text. What they read of the tables: list_plan_test.cpp.
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

/// The index knows whose a record is: each scope finds its own, before and after a record is given away.
TEST_P(ListTest, WordsFollowARecordToItsNewOwner) {
  const Actor both = c().actor("otto", c().county, {"officer"});
  const Actor beside = c().actor("bert", c().mine_b_organisation, {"officer"});
  const Record moving = c().hazard(both, c().mine_a, "风门漏风");
  c().hazard(both, c().mine_b, "风门损坏");
  c().hazard(both, c().mine_b, "***", {{"description", FieldValue()}});  // not a word, not even the owner's
  const auto found = [&](const Actor& who, const char* words) {
    auto q = query();
    q.words = words;
    q.count_total = true;
    const Page page = must(store().list(who, q));
    EXPECT_EQ(page.total, static_cast<std::int64_t>(page.records.size()));
    EXPECT_TRUE(page.total_exact);
    return page.records.size();
  };
  const auto expect = [&](const char* words, std::size_t a, std::size_t b, std::size_t county) {
    EXPECT_EQ(found(c().officer, words), a) << words;
    EXPECT_EQ(found(beside, words), b) << words;
    EXPECT_EQ(found(both, words), county) << words;
    EXPECT_EQ(found(c().foreign, words), 0u) << words;
    EXPECT_EQ(found(c().root, words), county) << words;
  };
  expect("漏风", 1, 0, 1);
  expect("风门", 1, 1, 2);
  must(store().update(both, "hazard", moving.id, 1, {{"mine", c().mine_b}}));
  expect("漏风", 0, 1, 1);
  expect("风门", 0, 2, 2);
  expect(fmt::format("o{}", c().mine_b_organisation.value).c_str(), 0, 0,
         0);  // nobody asks for an owner by a word
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

}  // namespace
}  // namespace mineward::record::fixture
