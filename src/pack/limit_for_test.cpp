// Catalog::limit_for: which row applies.
#include <gtest/gtest.h>

#include "pack/bounds.h"
#include "pack/catalog.h"
#include "pack/draft.h"

namespace mineward::pack {
namespace {

Date day(const char* text) { return *parse_date(text); }

LimitRow row(const char* id, const char* role, std::vector<std::string> words, double alarm,
             std::optional<double> cut = {}) {
  LimitRow r;
  r.id = id;
  r.gas = "CH4";
  r.role = role;
  r.keywords = std::move(words);
  r.alarm = Bound{Bound::Op::ge, alarm};
  if (cut) r.cut = Bound{Bound::Op::ge, *cut};
  r.pack = "nation";
  r.valid_from = day("2020-01-01");
  return r;
}

LimitRow county(LimitRow r) {
  r.pack = "county";
  r.jurisdiction = "990101";
  return r;
}

Catalog catalog_of(std::vector<LimitRow> rows) {
  Catalog catalog;
  catalog.limits = std::move(rows);
  return catalog;
}

TEST(LimitFor, TheRoleThenTheWordsThenAnyPlace) {
  LimitRow ended = row("ended", "T7", {}, 2.5);
  ended.valid_to = day("2020-12-31");
  LimitRow coal = row("coal", "T3", {}, 0.5);
  coal.mine_kind = "coal";
  const Catalog catalog =
      catalog_of({row("corner", "T0", {"上隅角"}, 1.0, 1.5), row("return", "T2", {"回风"}, 1.0, 1.0),
                  row("main", "", {"总回风"}, 0.75), row("heading", "T2", {"掘进+回风"}, 1.0, 1.0),
                  row("face", "T1", {"~采煤工作面"}, 1.0, 1.5), row("bunker", "", {"煤仓"}, 1.5), ended, coal,
                  row("any", "", {}, 1.2)});
  const struct {
    const char* why;
    const char* gas;
    const char* role;
    const char* where;
    const char* kind;
    const char* on;
    const char* want;
  } cases[] = {
      {"role", "CH4", "T0", "", "coal", "2026-01-12", "corner"},
      {"role beats words", "CH4", "T0", "煤仓", "coal", "2026-01-12", "corner"},
      {"two rows of a role: words decide", "CH4", "T2", "8105掘进面回风流", "coal", "2026-01-12", "heading"},
      {"two rows of a role: no words, the first", "CH4", "T2", "", "coal", "2026-01-12", "return"},
      {"words", "CH4", "", "8103上隅角", "coal", "2026-01-12", "corner"},
      {"more characters explained", "CH4", "", "总回风巷", "coal", "2026-01-12", "main"},
      {"a+b needs both", "CH4", "", "8105掘进头", "coal", "2026-01-12", "any"},
      {"a spot beats its area", "CH4", "", "采煤工作面回风", "coal", "2026-01-12", "return"},
      {"the area alone", "CH4", "", "采煤工作面", "coal", "2026-01-12", "face"},
      {"equal fit: the stricter", "CH4", "", "煤仓回风", "coal", "2026-01-12", "return"},
      {"any place", "CH4", "", "别处", "coal", "2026-01-12", "any"},
      {"unknown role", "CH4", "T9", "煤仓", "coal", "2026-01-12", "bunker"},
      {"another gas", "CO", "T0", "", "coal", "2026-01-12", nullptr},
      {"last day", "CH4", "T7", "", "coal", "2020-12-31", "ended"},
      {"after the last day", "CH4", "T7", "", "coal", "2021-01-01", "any"},
      {"before the first day", "CH4", "T0", "", "coal", "2019-12-31", nullptr},
      {"mine kind fits", "CH4", "T3", "", "coal", "2026-01-12", "coal"},
      {"mine kind does not", "CH4", "T3", "", "non_coal", "2026-01-12", "any"},
      {"mine kind not known", "CH4", "T3", "", "", "2026-01-12", "coal"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.why);
    const LimitRow* found = catalog.limit_for(c.gas, c.role, c.where, c.kind, "", day(c.on));
    EXPECT_STREQ(found ? found->id.c_str() : nullptr, c.want);
  }
}

TEST(LimitFor, ALowerPackNeverLoosens) {
  const LimitRow nation = row("nation", "T0", {"上隅角"}, 1.0, 1.5);
  const struct {
    const char* why;
    LimitRow lower;
    const char* jurisdiction;
    const char* want;
  } cases[] = {
      {"tighter", county(row("county", "T0", {}, 0.8, 1.2)), "990101", "county"},
      {"another county", county(row("county", "T0", {}, 0.8, 1.2)), "990102", "nation"},
      {"no jurisdiction asked", county(row("county", "T0", {}, 0.8, 1.2)), "", "nation"},
      {"words that fit better, but looser", county(row("county", "", {"8103上隅角"}, 1.2, 1.5)), "990101",
       "nation"},
      {"alarm tighter, cut looser", county(row("county", "T0", {}, 0.8, 1.6)), "990101", "nation"},
      {"alarm tighter, no cut", county(row("county", "T0", {}, 0.8)), "990101", "nation"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.why);
    const Catalog catalog = catalog_of({nation, c.lower});
    const LimitRow* found =
        catalog.limit_for("CH4", "T0", "8103上隅角", "coal", c.jurisdiction, day("2026-01-12"));
    ASSERT_TRUE(found);
    EXPECT_EQ(found->id, c.want);
  }
}

TEST(Bound, OverAndText) {
  const struct {
    Bound bound;
    bool below, at, above;
    const char* text;
  } cases[] = {
      {{Bound::Op::ge, 1.0}, false, true, true, ">=1.0"},
      {{Bound::Op::gt, 24}, false, false, true, ">24.0"},
      {{Bound::Op::le, 0.25}, true, true, false, "<=0.25"},
      {{Bound::Op::lt, 20.5}, true, false, false, "<20.5"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.text);
    EXPECT_EQ(c.bound.over(c.bound.value - 0.01), c.below);
    EXPECT_EQ(c.bound.over(c.bound.value), c.at);
    EXPECT_EQ(c.bound.over(c.bound.value + 0.01), c.above);
    EXPECT_EQ(c.bound.text(), c.text);
  }
}

TEST(Region, Covers) {
  const struct {
    const char* jurisdiction;
    const char* region;
    bool want;
  } cases[] = {{"", "990101", true},        {"990000", "990101", true},  {"990100", "990101", true},
               {"990101", "990101", true},  {"990101", "990100", false}, {"990100", "990201", false},
               {"990000", "980101", false}, {"990101", "", false},       {"99", "990101", false}};
  for (const auto& c : cases)
    EXPECT_EQ(covers_region(c.jurisdiction, c.region), c.want) << c.jurisdiction << " " << c.region;
}

}  // namespace
}  // namespace mineward::pack
