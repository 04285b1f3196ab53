/// Decision tables: which row speaks.
#include "pack/decision.h"

#include <gtest/gtest.h>

#include "pack/catalog.h"

namespace mineward::pack {
namespace {

Bound at_least(double v) { return {Bound::Op::ge, v}; }
Bound below(double v) { return {Bound::Op::lt, v}; }
Date day(const char* text) { return *parse_date(text); }

TableRow row(std::string id, std::string grade, std::map<std::string, InputTest, std::less<>> when,
             const char* from = "2000-01-01") {
  TableRow r;
  r.id = std::move(id);
  r.when = std::move(when);
  r.gives = {{"grade", std::move(grade)}};
  r.valid_from = day(from);
  return r;
}

DecisionTable accidents() {
  DecisionTable t;
  t.inputs = {{"deaths", true, ""}, {"injuries", true, ""}};
  t.outputs = {{"grade", TableOutput::Kind::code, "", ""}};
  t.worst = t.lower_bound = true;
  t.order = {"ordinary", "larger", "major"};
  t.rows = {row("D0", "ordinary", {{"deaths", std::vector{below(3)}}}),
            row("D3", "larger", {{"deaths", std::vector{at_least(3), below(10)}}}),
            row("D10", "major", {{"deaths", std::vector{at_least(10)}}}),
            row("I10", "larger", {{"injuries", std::vector{at_least(10)}}})};
  return t;
}

std::string told(const DecisionTable& t, const Case& known, const char* on = "2026-01-01",
                 std::string_view region = "140522") {
  const auto d = decide(t, known, region, day(on));
  return d ? d->row->id + (d->provisional ? "?" : "") : "none";
}

TEST(Decision, TheWorstRowOfAllThatFitSpeaks) {
  const auto t = accidents();
  EXPECT_EQ(told(t, {{"deaths", 2.0}, {"injuries", 9.0}}), "D0");
  EXPECT_EQ(told(t, {{"deaths", 2.0}, {"injuries", 10.0}}), "I10");
  EXPECT_EQ(told(t, {{"deaths", 3.0}, {"injuries", 0.0}}), "D3");
  EXPECT_EQ(told(t, {{"deaths", 10.0}, {"injuries", 50.0}}), "D10");
}

TEST(Decision, AnUnknownFigureIsNotZero) {
  const auto t = accidents();
  EXPECT_EQ(told(t, {{"deaths", 2.0}}), "D0?");
  EXPECT_EQ(told(t, {{"injuries", 12.0}}), "I10?");
  EXPECT_EQ(told(t, {}), "none");
}

TEST(Decision, AFactIsJudgedByTheRowsOfItsDay) {
  DecisionTable t;
  t.inputs = {{"kind", false, ""}};
  t.outputs = {{"grade", TableOutput::Kind::text, "", ""}};
  auto old_text = row("OLD", "446", {{"kind", std::vector<std::string>{"coal"}}}, "2005-09-03");
  old_text.valid_to = day("2024-04-30");
  t.rows = {old_text, row("NEW", "774", {{"kind", std::vector<std::string>{"coal"}}}, "2024-05-01")};
  EXPECT_EQ(told(t, {{"kind", "coal"}}, "2024-04-30"), "OLD");
  EXPECT_EQ(told(t, {{"kind", "coal"}}, "2024-05-01"), "NEW");
  EXPECT_EQ(told(t, {{"kind", "coal"}}, "2005-09-02"), "none");
  EXPECT_EQ(told(t, {{"kind", "metal"}}, "2024-05-01"), "none");
}

TEST(Decision, TheSmallerJurisdictionSpeaksFirst) {
  DecisionTable t;
  t.outputs = {{"grade", TableOutput::Kind::number, "", ""}};
  auto province = row("PROVINCE", "2", {}), county = row("COUNTY", "1", {});
  province.jurisdiction = "140000";
  county.jurisdiction = "140522";
  t.rows = {row("NATION", "3", {}), county, province};
  t.worst = true;  // of one jurisdiction only: the county's word is its own
  EXPECT_EQ(told(t, {}), "COUNTY");
  EXPECT_EQ(told(t, {}, "2026-01-01", "140500"), "PROVINCE");
  EXPECT_EQ(told(t, {}, "2026-01-01", "520000"), "NATION");
}

}  // namespace
}  // namespace mineward::pack
