#include "duty/regime.h"

#include <gtest/gtest.h>

#include <fmt/format.h>

#include "base/text.h"

namespace mineward::duty {
namespace {

Date day(const char* text) { return *parse_date(text); }

pack::DutyRule rule(std::string id, std::string pack, std::string jurisdiction, int n,
                    pack::Period every = pack::Period::month) {
  pack::DutyRule r;
  r.id = std::move(id);
  r.pack = std::move(pack);
  r.family = "family";
  r.jurisdiction = std::move(jurisdiction);
  r.owed_by = "mine";
  r.counts = "self_check";
  r.of = "mine";
  r.at = "checked_at";
  r.every = every;
  r.at_least = n;
  r.valid_from = day("2020-01-01");
  return r;
}

std::string text(const DaySet& days) {
  std::vector<std::string> out;
  for (const auto& r : days.ranges())
    out.push_back(format_date({r.from}) + ".." + (r.to > 100000 ? "" : format_date({r.to})));
  return join(out, " ");
}

Setting setting(std::string pack, std::string action, std::string region, const char* first, const char* last,
                std::string by = {}) {
  Setting s{{},         std::move(pack), std::move(action), std::move(by), std::move(region),
            day(first), std::nullopt};
  if (*last) s.last = day(last);
  return s;
}

TEST(DaySet, AddsAndRemoves) {
  DaySet s;
  s.add({10, 20});
  s.add({30, 40});
  s.add({21, 29});  // touches both
  EXPECT_EQ(s.ranges(), (std::vector<DaySet::Range>{{10, 40}}));
  s.remove({15, 15});
  EXPECT_EQ(s.ranges(), (std::vector<DaySet::Range>{{10, 14}, {16, 40}}));
  s.remove({0, 12});
  EXPECT_TRUE(s.contains({13}));
  EXPECT_FALSE(s.contains({12}));
  EXPECT_FALSE(s.contains({15}));
  EXPECT_TRUE(s.contains({40}));
  EXPECT_FALSE(s.contains({41}));
  s.remove({20, 18});  // ends before it begins: no day
  EXPECT_EQ(s.ranges(), (std::vector<DaySet::Range>{{13, 14}, {16, 40}}));
}

TEST(Strictness, ComparesWhatCanBeCompared) {
  using pack::Period;
  using pack::Strictness;
  const struct {
    const char* why;
    pack::DutyRule a, b;
    Strictness want;
  } cases[] = {
      {"more a month", rule("a", "", "", 12), rule("b", "", "", 10), Strictness::stricter},
      {"fewer a month", rule("a", "", "", 5), rule("b", "", "", 10), Strictness::looser},
      {"the same", rule("a", "", "", 10), rule("b", "", "", 10), Strictness::same},
      {"1 a month against 2 a quarter", rule("a", "", "", 1), rule("b", "", "", 2, Period::quarter),
       Strictness::stricter},
      {"1 a month against 4 a quarter", rule("a", "", "", 1), rule("b", "", "", 4, Period::quarter),
       Strictness::incomparable},
      {"a week fits into no month", rule("a", "", "", 1, Period::week), rule("b", "", "", 1),
       Strictness::incomparable},
      {"every day against every week", rule("a", "", "", 1, Period::day), rule("b", "", "", 7, Period::week),
       Strictness::stricter},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.why);
    EXPECT_EQ(compare(c.a, c.b), c.want);
  }
  auto ten = rule("a", "", "", 0), eight = rule("b", "", "", 0);
  for (auto* r : {&ten, &eight})
    r->at_least.reset(), r->at_most = 0, r->from = "entered_at", r->to = "left_at";
  ten.longer_than = std::chrono::hours(10);
  eight.longer_than = std::chrono::hours(8);
  EXPECT_EQ(compare(eight, ten), Strictness::stricter);
  auto early = rule("a", "", "", 1), late = rule("b", "", "", 1);
  late.due = *pack::parse_due("5 working days after the end");
  EXPECT_EQ(compare(early, late), Strictness::stricter);
}

TEST(Regime, HomeValiditySwitchedOnAndOff) {
  pack::Catalog catalog;
  catalog.duties = {rule("a", "guizhou", "520000", 1)};
  EXPECT_EQ(text(Regime(catalog, {}).days(0, "520523")), "2020-01-01..");
  EXPECT_EQ(text(Regime(catalog, {}).days(0, "990101")), "");
  const Regime on(catalog, {setting("guizhou", "switch_on", "990100", "2026-10-01", "2026-10-31")});
  EXPECT_EQ(text(on.days(0, "990101")), "2026-10-01..2026-10-31");
  EXPECT_EQ(text(on.days(0, "990201")), "");  // another city
  const Regime off(catalog, {setting("guizhou", "switch_off", "520523", "2024-01-01", "")});
  EXPECT_EQ(text(off.days(0, "520523")), "2020-01-01..2023-12-31");
  EXPECT_EQ(text(off.days(0, "520524")), "2020-01-01..");
  const Regime again(catalog, {setting("guizhou", "switch_off", "520523", "2024-01-01", ""),
                               setting("guizhou", "switch_on", "520523", "2025-01-01", "2025-06-30")});
  EXPECT_EQ(text(again.days(0, "520523")), "2020-01-01..2023-12-31 2025-01-01..2025-06-30");
}

TEST(Regime, AReplacedPackGivesWay) {
  pack::Catalog catalog;
  auto loose = rule("b", "new", "530000", 1);
  loose.family = "other";
  catalog.duties = {rule("a", "old", "520000", 1), loose};
  const Regime r(catalog, {setting("old", "replace", "520000", "2026-01-01", "2026-12-31", "new")});
  EXPECT_EQ(text(r.days(0, "520523")), "2020-01-01..2025-12-31 2027-01-01..");
  EXPECT_EQ(text(r.days(1, "520523")), "2026-01-01..2026-12-31");
}

TEST(Regime, TheStricterWinsWhereBothBind) {
  pack::Catalog catalog;
  catalog.duties = {rule("ten", "p", "520000", 10), rule("twelve", "q", "530000", 12)};
  const Regime r(catalog, {setting("q", "switch_on", "520523", "2026-03-01", "2026-03-31")});
  EXPECT_EQ(text(r.days(0, "520523")), "2020-01-01..2026-02-28 2026-04-01..");
  EXPECT_EQ(text(r.days(1, "520523")), "2026-03-01..2026-03-31");
  EXPECT_EQ(r.replaced(1, "520523", day("2026-03-15")), std::vector<std::size_t>{0});
  EXPECT_EQ(r.replaced(1, "520523", day("2026-04-15")), std::vector<std::size_t>{0});
  EXPECT_TRUE(r.replaced(0, "520523", day("2026-04-15")).empty());
}

}  // namespace
}  // namespace mineward::duty
