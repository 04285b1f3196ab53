// Clauses, duties, forms and calendars: every mistake is told at its place, and a lower pack never loosens.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "pack/testing.h"

namespace mineward::pack {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const char kNation[] = "pack: {name: nation, version: \"1\", label: {zh: 国, en: N}, level: national}\n";
const char kProvince[] =
    "pack: {name: province, version: \"1\", label: {zh: 省, en: P}, level: province, jurisdiction: "
    "\"520000\", switchable: true, "
    "requires: [nation]}\n";
const char kCounty[] =
    "pack: {name: county, version: \"1\", label: {zh: 县, en: C}, level: county, jurisdiction: \"520523\", "
    "switchable: true, "
    "requires: [nation, province]}\n";

const char kGround[] = R"(roles:
  - {name: officer, level: mine, label: {zh: 员, en: O}}
dictionaries:
  - {name: level, label: {zh: 层级, en: Level}, entries: [{code: county, label: {zh: 县, en: C}}]}
  - {name: tier, label: {zh: 层, en: Tier}, entries: [{code: team, label: {zh: 班, en: T}}]}
  - {name: system, label: {zh: 系, en: S}, entries: [{code: HAZ, label: {zh: 隐患, en: H}}]}
  - {name: clause_kind, label: {zh: 类, en: K}, entries: [{code: threshold, label: {zh: 阈, en: T}}]}
  - {name: clause_family, label: {zh: 族, en: F}, entries: [{code: trips, label: {zh: 下井, en: Trips}}]}
records:
  - name: organisation
    label: {zh: 单位, en: O}
    system: REG
    owner: self
    title: name
    list: [name]
    access: {read: ["*"], create: [], update: []}
    fields: [{name: name, type: text, label: {zh: 名, en: N}}]
  - name: mine
    label: {zh: 矿, en: M}
    system: REG
    owner: organisation
    title: name
    list: [name]
    access: {read: ["*"], create: [], update: []}
    fields: [{name: name, type: text, label: {zh: 名, en: N}}, {name: organisation, type: reference, target: organisation, required: true, label: {zh: 单位, en: O}}]
  - name: check
    label: {zh: 查, en: Check}
    system: HAZ
    owner: organisation
    title: tier
    list: [tier]
    indexes: [[mine, at]]
    access: {read: ["*"], create: [], update: []}
    fields:
      - {name: organisation, type: reference, target: organisation, required: true, label: {zh: 单位, en: O}}
      - {name: mine, type: reference, target: mine, label: {zh: 矿, en: M}}
      - {name: tier, type: choice, dictionary: tier, label: {zh: 层, en: T}}
      - {name: at, type: instant, label: {zh: 时, en: At}}
      - {name: until, type: instant, label: {zh: 止, en: Until}}
      - {name: amount, type: money, label: {zh: 额, en: Amount}}
documents:
  - {id: D1, title: {zh: 文, en: Doc}, valid_from: 2020-01-01, source: {text: seed, confidence: C}}
clauses:
  - {id: D1-1, document: D1, article: 一, text: {zh: 月十次, en: ten a month}, kind: threshold, binds: [矿], checkable: auto, system: HAZ}
)";

const char kDuty[] = R"(duties:
  - id: ten
    family: trips
    label: {zh: 十次, en: Ten}
    clause: D1-1
    owed_by: mine
    overseen_by: county
    done_by: [officer]
    every: month
    counts: check
    of: mine
    when: {tier: team}
    at: at
    at_least: 10
    due: at the end
    late_for: "7 d"
    climbs: [{to: county, after: "1 d"}, {to: city, after: "3 d"}]
    source: {text: art 1, confidence: C}
    valid_from: 2020-01-01
    examples: [{name: none, given: {period: "2026-01-01", now: "2026-01-02"}, expect: "upcoming 0/10"}]
)";

std::vector<std::string> mistakes_of(const std::string& province, const std::string& county = "") {
  TempPacks packs;
  packs.write("nation/pack.yaml", kNation);
  packs.write("nation/ground.yaml", kGround);
  packs.write("province/pack.yaml", kProvince);
  packs.write("province/rows.yaml", province);
  if (!county.empty()) {
    packs.write("county/pack.yaml", kCounty);
    packs.write("county/rows.yaml", county);
  }
  return packs.mistakes();
}

TEST(Regulation, TheBaseHasNoMistake) { EXPECT_THAT(mistakes_of(kDuty), IsEmpty()); }

TEST(Regulation, MistakesOfADuty) {
  const struct {
    const char* why;
    const char* from;
    const char* to;
    const char* want;
  } cases[] = {
      {"a clause that nobody declares", "clause: D1-1", "clause: D1-2",
       "rows.yaml:5: found clause \"D1-2\" in duty \"ten\""},
      {"a family that nobody declares", "family: trips", "family: other",
       "rows.yaml:3: found \"other\" for \"family\""},
      {"a record that nobody declares", "counts: check", "counts: chekc",
       "rows.yaml:10: found record \"chekc\" for \"counts\""},
      {"a field that does not lead there", "of: mine", "of: organisation",
       "expected a reference of record \"check\" to \"mine\""},
      {"a code that is not there", "{tier: team}", "{tier: tame}", "found \"tame\" for \"tier\" in \"when\""},
      {"a time that is none", "    at: at", "    at: tier",
       "found \"tier\" for \"at\" of duty \"ten\", expected a date or a time"},
      {"no index that serves it", "    at: at", "    at: until", "expected an index [mine, until] of it"},
      {"no number", "at_least: 10", "at_least: 0", "found duty \"ten\" without at_least of 1 or more"},
      {"at_most is for limits", "at_least: 10", "at_most: 0", "found at_most without longer_than"},
      {"a limit without a number", "at_least: 10", "longer_than: \"8 h\"",
       "found longer_than without at_most"},
      {"a due time in other words", "at the end", "at end", "rows.yaml:15: found \"at end\" for \"due\""},
      {"climbs that fall", "to: city, after: \"3 d\"", "to: mine, after: \"3 d\"",
       "expected levels and times that rise"},
      {"climbs that come sooner", "after: \"3 d\"", "after: \"3 h\"", "expected levels and times that rise"},
      {"shifts without every: shift", "every: month", "every: month\n    shifts: [\"00:00\"]", "with shifts"},
      {"every: shift without shifts", "every: month", "every: shift", "without shifts"},
      {"a period that is none", "every: month", "every: fortnight", "expected one of shift, day, week"},
      {"a role that nobody declares", "[officer]", "[oficer]", "found role \"oficer\""},
      {"outside its jurisdiction", "valid_from: 2020-01-01",
       "valid_from: 2020-01-01\n    jurisdiction: \"530000\"", "expected a region inside \"520000\""},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.why);
    EXPECT_THAT(mistakes_of(replaced(kDuty, c.from, c.to)), testing::Contains(HasSubstr(c.want)));
  }
}

TEST(Regulation, ALowerPackThatLoosensIsRefusedWithBothCitations) {
  const std::string tighter = replaced(kDuty, "at_least: 10", "at_least: 12");
  const std::string looser = replaced(kDuty, "at_least: 10", "at_least: 8");
  const std::string other_id = replaced(looser, "id: ten", "id: eight");
  EXPECT_THAT(mistakes_of(kDuty, tighter), IsEmpty());
  EXPECT_THAT(mistakes_of(kDuty, kDuty), IsEmpty());
  const std::string cites =
      "at county/rows.yaml:2 [C] D1-1, looser than duty \"ten\" (at least 10 every month, due at the end) at "
      "province/rows.yaml:2 [C] D1-1";
  EXPECT_THAT(mistakes_of(kDuty, looser), ElementsAre(HasSubstr(cites)));
  EXPECT_THAT(mistakes_of(kDuty, other_id),
              ElementsAre(HasSubstr(cites)));  // a new id of the same family is no way around
  EXPECT_THAT(mistakes_of(kDuty, replaced(kDuty, "late_for: \"7 d\"", "late_for: \"8 d\"")),
              ElementsAre(HasSubstr("missed or climbs later")));
  EXPECT_THAT(
      mistakes_of(kDuty, replaced(kDuty, "{to: county, after: \"1 d\"}", "{to: county, after: \"2 d\"}")),
      ElementsAre(HasSubstr("missed or climbs later")));
  EXPECT_THAT(mistakes_of(kDuty, replaced(kDuty, "every: month", "every: week")),
              ElementsAre(HasSubstr("of another kind")));
}

TEST(Regulation, ASwitchablePackHoldsNothingThatTheNodeIsBuiltOn) {
  EXPECT_THAT(mistakes_of("roles:\n  - {name: extra, level: mine, label: {zh: 外, en: X}}\n"),
              ElementsAre(HasSubstr("found a role in pack \"province\"")));
}

const char kForm[] = R"(forms:
  - name: annex
    label: {zh: 附件, en: Annex}
    title: "{yyyy}年{M}月表"
    clause: D1-1
    filed_by: [county]
    columns:
      - {number: 1, group: 甲, name: {zh: 查, en: Checks}, unit: 次, indicator: {counts: check, at: at, when: {tier: team}}}
      - {number: 2, group: 甲, name: {zh: 额, en: Amount}, unit: 元, indicator: {counts: check, at: at, adds: amount}}
      - {number: 3, group: 甲, name: {zh: 率, en: Share}, unit: "%", share_of: 1, share_in: 2}
    rows: [{name: month, label: {zh: 当月, en: Month}}]
    narrative: {zh: 案例, en: Cases}
    footer: [{zh: 填报人, en: Compiler}]
    source: {text: art 2, confidence: C}
)";

TEST(Regulation, MistakesOfAForm) {
  EXPECT_THAT(mistakes_of(kForm), IsEmpty());
  const struct {
    const char* why;
    const char* from;
    const char* to;
    const char* want;
  } cases[] = {
      {"columns out of order", "number: 2", "number: 4",
       "found column number 4 in form \"annex\", expected 2"},
      {"a share of a share", "share_in: 2", "share_in: 3", "expected a column with an indicator"},
      {"adding up what is no number", "adds: amount", "adds: tier",
       "found \"tier\" added up in form \"annex\""},
      {"neither figure nor share", ", share_of: 1, share_in: 2", "", "neither an indicator nor a share"},
      {"a duty that nobody declares", "filed_by: [county]", "filed_by: [county]\n    duty: file-it",
       "found duty \"file-it\""},
      {"dividing by nothing", "adds: amount}", "adds: amount}, divide_by: 0",
       "found divide_by 0 in column 2"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.why);
    EXPECT_THAT(mistakes_of(replaced(kForm, c.from, c.to)), testing::Contains(HasSubstr(c.want)));
  }
}

TEST(Regulation, MistakesOfACalendar) {
  const auto calendar = [](const char* off, const char* worked) {
    return std::string("calendar:\n  - {year: 2026, off: [") + off + "], worked: [" + worked +
           "], source: {text: notice, confidence: C}}\n";
  };
  EXPECT_THAT(mistakes_of(calendar("2026-01-01, 2026-01-02", "2026-01-04")), IsEmpty());
  EXPECT_THAT(mistakes_of(calendar("2027-01-01", "2026-01-04")),
              ElementsAre(HasSubstr("found 2027-01-01 in year 2026")));
  EXPECT_THAT(mistakes_of(calendar("2026-01-02, 2026-01-01", "2026-01-04")),
              ElementsAre(HasSubstr("out of order in \"off\"")));
  EXPECT_THAT(mistakes_of(calendar("2026-02-30", "2026-01-04")),
              testing::Contains(HasSubstr("expected a list of dates")));
}

}  // namespace
}  // namespace mineward::pack
