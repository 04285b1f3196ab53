// A lower pack may tighten and add, never loosen or remove; and the rules about packs, limits, alarm rules
// and dialects.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "pack/testing.h"

namespace mineward::pack {
namespace {

using testing::ElementsAre;
using testing::ElementsAreArray;
using testing::IsEmpty;

const char kNationPack[] = "pack: {name: nation, version: \"1\", label: {zh: 国, en: N}, level: national}\n";
const char kCountyPack[] =
    "pack: {name: county, version: \"1\", label: {zh: 县, en: C}, level: county, jurisdiction: \"990101\", "
    "requires: [nation]}\n";

const char kWords[] = R"(dictionaries:
  - name: location_role
    label: {zh: 角色, en: Role}
    entries: [{code: T0, label: {zh: 隅角, en: Corner}}, {code: T1, label: {zh: 面, en: Face}}]
  - name: mine_kind
    label: {zh: 矿种, en: Kind}
    entries: [{code: coal, label: {zh: 煤矿, en: Coal}}]
)";

/// Line 1 is "limits:", line 2 the id, 5 the alarm, 6 the cut, 7 the restore, 11 the dates.
const char kLimit[] = R"(limits:
  - id: CH4-T0
    gas: CH4
    where: {zh: 隅角, en: corner}
    alarm: ">=1.0"
    cut: ">=1.5"
    restore: "<1.0"
    unit: "%CH4"
    floor: true
    source: {clause: art.498, confidence: C}
    valid_from: 2020-01-01
    role: T0
)";

std::vector<std::string> with_county(const std::string& nation, const std::string& county) {
  TempPacks packs;
  packs.write("nation/pack.yaml", kNationPack);
  packs.write("nation/words.yaml", kWords);
  packs.write("nation/rows.yaml", nation);
  packs.write("county/pack.yaml", kCountyPack);
  packs.write("county/rows.yaml", county);
  return packs.mistakes();
}

TEST(Tighten, Limits) {
  const std::string here = "; here county/rows.yaml:2 [C] art.498";
  const std::string there = "nation/rows.yaml:2 [C] art.498";
  const struct {
    const char* why;
    const char* from;
    const char* to;
    std::vector<std::string> want;
  } cases[] = {
      {"the same", "1.0", "1.0", {}},
      {"tighter alarm", "alarm: \">=1.0\"", "alarm: \">=0.8\"", {}},
      {"tighter cut", "cut: \">=1.5\"", "cut: \">=1.2\"", {}},
      {"tighter restore", "restore: \"<1.0\"", "restore: \"<0.5\"", {}},
      {"looser alarm",
       "alarm: \">=1.0\"",
       "alarm: \">=1.2\"",
       {"county/rows.yaml:5: found alarm >=1.2 in limit \"CH4-T0\", looser than >=1.0 in " + there +
        "; expected >=1.0 or tighter" + here}},
      {"no longer at the limit itself",
       "alarm: \">=1.0\"",
       "alarm: \">1.0\"",
       {"county/rows.yaml:5: found alarm >1.0 in limit \"CH4-T0\", looser than >=1.0 in " + there +
        "; expected >=1.0 or tighter" + here}},
      {"the other direction",
       "alarm: \">=1.0\"",
       "alarm: \"<=1.0\"",
       {"county/rows.yaml:5: found alarm <=1.0 in limit \"CH4-T0\", looser than >=1.0 in " + there +
            "; expected >=1.0 or tighter" + here,
        "county/rows.yaml:6: found cut >=1.5 that comes before alarm <=1.0 in limit \"CH4-T0\", expected the "
        "alarm first"}},
      {"looser cut",
       "cut: \">=1.5\"",
       "cut: \">=2\"",
       {"county/rows.yaml:6: found cut >=2.0 in limit \"CH4-T0\", looser than >=1.5 in " + there +
        "; expected >=1.5 or tighter" + here}},
      {"looser restore",
       "restore: \"<1.0\"",
       "restore: \"<=1.0\"",
       {"county/rows.yaml:7: found restore <=1.0 in limit \"CH4-T0\", looser than <1.0 in " + there +
        "; expected <1.0 or tighter" + here}},
      {"cut removed",
       "    cut: \">=1.5\"\n",
       "",
       {"county/rows.yaml:2: found limit \"CH4-T0\" without cut >=1.5, expected it or a tighter one, as in " +
        there + here}},
      {"words for a number",
       "alarm: \">=1.0\"",
       "alarm_words: when it smells",
       {"county/rows.yaml:2: found limit \"CH4-T0\" without alarm >=1.0, expected it or a tighter one, as "
        "in " +
            there + here,
        "county/rows.yaml:9: found floor: true in limit \"CH4-T0\" without a number, expected a bound in "
        "\"alarm\""}},
      {"no floor any more",
       "    floor: true\n",
       "",
       {"county/rows.yaml:2: found limit \"CH4-T0\" without floor: true, expected it as in " + there}},
      {"another unit",
       "unit: \"%CH4\"",
       "unit: ppm",
       {"county/rows.yaml:8: found unit \"ppm\" in limit \"CH4-T0\", expected \"%CH4\" as in " + there}},
      {"an added row that is looser for the same place",
       "id: CH4-T0\n    gas: CH4\n    where: {zh: 隅角, en: corner}\n    alarm: \">=1.0\"",
       "id: CH4-MINE\n    gas: CH4\n    where: {zh: 隅角, en: corner}\n    alarm: \">=1.1\"",
       {"county/rows.yaml:5: found alarm >=1.1 in limit \"CH4-MINE\", looser than >=1.0 in " + there +
        "; expected >=1.0 or tighter" + here}},
      {"an added row for another place",
       "role: T0",
       "role: T1",
       {"county/rows.yaml:12: found role \"T1\" in limit \"CH4-T0\", expected \"T0\" as in " + there}},
      {"outside its own jurisdiction",
       "role: T0",
       "role: T0\n    jurisdiction: \"990102\"",
       {"county/rows.yaml:13: found jurisdiction \"990102\", expected a region inside \"990101\", the pack's "
        "own"}},
      {"before the national row began, nothing to compare",
       "alarm: \">=1.0\"\n    cut: \">=1.5\"\n    restore: \"<1.0\"\n    unit: \"%CH4\"\n    floor: true\n   "
       " source: {clause: art.498, confidence: C}\n    valid_from: 2020-01-01",
       "alarm: \">=1.4\"\n    unit: \"%CH4\"\n    source: {clause: art.498, confidence: C}\n    valid_from: "
       "2019-01-01\n    valid_to: 2019-12-31",
       {}},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.why);
    EXPECT_THAT(with_county(kLimit, replaced(kLimit, c.from, c.to)), ElementsAreArray(c.want));
  }
}

TEST(Tighten, LowerSides) {
  const std::string nation =
      replaced(replaced(replaced(kLimit, "\">=1.0\"", "\"<0.25 or >4\""), "    cut: \">=1.5\"\n", ""),
               "    restore: \"<1.0\"\n", "");
  EXPECT_THAT(with_county(nation, replaced(nation, "<0.25 or >4", "<0.3 or >3.5")), IsEmpty());
  EXPECT_THAT(with_county(nation, replaced(nation, "<0.25 or >4", "<0.2 or >4")),
              ElementsAre("county/rows.yaml:5: found alarm <0.2 in limit \"CH4-T0\", looser than <0.25 in "
                          "nation/rows.yaml:2 [C] art.498; expected <0.25 or tighter; "
                          "here county/rows.yaml:2 [C] art.498"));
  EXPECT_THAT(with_county(nation, replaced(nation, "<0.25 or >4", ">4")),
              ElementsAre("county/rows.yaml:5: found limit \"CH4-T0\" without alarm <0.25, expected it or a "
                          "tighter one, as in nation/rows.yaml:2 [C] art.498; here "
                          "county/rows.yaml:2 [C] art.498"));
  const std::string oxygen = replaced(
      replaced(replaced(kLimit, "\">=1.0\"", "\"<20\""), "    cut: \">=1.5\"\n", ""), "\"<1.0\"", "\">=20\"");
  EXPECT_THAT(with_county(oxygen, replaced(replaced(oxygen, "\"<20\"", "\"<20.5\""), "\">=20\"", "\">=21\"")),
              IsEmpty());
  EXPECT_THAT(with_county(oxygen, replaced(oxygen, "\">=20\"", "\">=19\"")).size(), 1u);
}

TEST(Mistakes, OfLimits) {
  const struct {
    const char* why;
    const char* from;
    const char* to;
    std::vector<std::string> want;
  } cases[] = {
      {"no source",
       "    source: {clause: art.498, confidence: C}\n",
       "",
       {"nation/rows.yaml:2: found limit \"CH4-T0\" without \"source\", expected source: a mapping such as "
        "{clause: 煤矿安全规程 art.498, text: ..., confidence: C}"}},
      {"no confidence",
       ", confidence: C",
       "",
       {"nation/rows.yaml:10: found limit \"CH4-T0\" without confidence in its source, expected one of C, "
        "C-field, C-test, G, U, D"}},
      {"an empty source",
       "clause: art.498, ",
       "",
       {"nation/rows.yaml:10: found limit \"CH4-T0\" with an empty source, expected a clause or a text"}},
      {"alarm twice",
       "alarm: \">=1.0\"",
       "alarm: \">=1.0\"\n    alarm_words: some",
       {"nation/rows.yaml:6: found \"alarm\" and \"alarm_words\" in limit \"CH4-T0\", expected one of the "
        "two"}},
      {"no alarm",
       "    alarm: \">=1.0\"\n    cut: \">=1.5\"\n    restore: \"<1.0\"\n    unit: \"%CH4\"\n    floor: "
       "true\n",
       "    unit: \"%CH4\"\n",
       {"nation/rows.yaml:2: found limit \"CH4-T0\" without \"alarm\", expected alarm or alarm_words"}},
      {"cut before alarm",
       "cut: \">=1.5\"",
       "cut: \">=0.9\"",
       {"nation/rows.yaml:6: found cut >=0.9 that comes before alarm >=1.0 in limit \"CH4-T0\", expected the "
        "alarm first",
        "nation/rows.yaml:7: found restore <1.0 where power is cut (>=0.9) in limit \"CH4-T0\", expected it "
        "outside"}},
      {"restore where it is cut",
       "restore: \"<1.0\"",
       "restore: \"<1.6\"",
       {"nation/rows.yaml:7: found restore <1.6 where power is cut (>=1.5) in limit \"CH4-T0\", expected it "
        "outside"}},
      {"ends before it begins",
       "valid_from: 2020-01-01",
       "valid_from: 2020-01-01\n    valid_to: 2019-12-31",
       {"nation/rows.yaml:12: found valid_to 2019-12-31 before valid_from 2020-01-01 in limit \"CH4-T0\", "
        "expected a day after it"}},
      {"unknown role",
       "role: T0",
       "role: T9",
       {"nation/rows.yaml:12: found role \"T9\" in limit \"CH4-T0\", expected a code of dictionary "
        "location_role or limit_case"}},
      {"unknown mine kind",
       "role: T0",
       "mine_kind: gold",
       {"nation/rows.yaml:12: found mine kind \"gold\" in limit \"CH4-T0\", expected a code of dictionary "
        "mine_kind"}},
      {"bad words",
       "role: T0",
       "keywords: [回风+]",
       {"nation/rows.yaml:12: found \"回风+\" in \"keywords\" of limit \"CH4-T0\", expected words joined by "
        "single +"}},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.why);
    EXPECT_THAT(with_county(replaced(kLimit, c.from, c.to), ""), ElementsAreArray(c.want));
  }
  const std::string again = std::string(kLimit).substr(std::string("limits:\n").size());
  EXPECT_THAT(with_county(kLimit + again, ""),
              ElementsAre("nation/rows.yaml:22: found limit \"CH4-T0\" valid at the same time as "
                          "nation/rows.yaml:2, expected validity that does not overlap"));
  EXPECT_THAT(with_county(replaced(kLimit, "role: T0", "role: T0\n    valid_to: 2024-12-31") +
                              replaced(again, "2020-01-01", "2025-01-01"),
                          ""),
              IsEmpty());
}

const char kRule[] = R"(alarm_rules:
  - id: G-1
    label: {zh: 超限, en: Over}
    detector: over_limit
    params: {hold: "20 s", count: 2, word: peak}
    tighter: {hold: smaller}
    grade: yellow
    grade_by_peak: [{at: 2.0, grade: orange}]
    reraise_after: "10 min"
    suppress_if: [calibration]
    source: {clause: "3.2", confidence: D}
)";

TEST(Tighten, AlarmRules) {
  const std::string there = "nation/rows.yaml:2 [D] 3.2";
  const struct {
    const char* why;
    const char* from;
    const char* to;
    std::vector<std::string> want;
  } cases[] = {
      {"the same", "G-1", "G-1", {}},
      {"higher grade", "grade: yellow", "grade: orange", {}},
      {"earlier peak", "at: 2.0", "at: 1.5", {}},
      {"shorter hold", "20 s", "10 s", {}},
      {"less suppressed", "    suppress_if: [calibration]\n", "", {}},
      {"another id", "id: G-1", "id: X-1", {}},
      {"lower grade",
       "grade: yellow",
       "grade: blue",
       {"county/rows.yaml:7: found grade blue in alarm rule \"G-1\", lower than yellow in " + there +
        "; expected yellow or higher"}},
      {"later peak",
       "at: 2.0",
       "at: 2.5",
       {"county/rows.yaml:8: found grade yellow at peak 2 in alarm rule \"G-1\", lower than orange in " +
        there + "; expected orange or higher"}},
      {"disabled",
       "    detector",
       "    enabled: false\n    detector",
       {"county/rows.yaml:4: found alarm rule \"G-1\" disabled, expected it in force as in " + there}},
      {"another detector",
       "over_limit",
       "flat_line",
       {"county/rows.yaml:4: found detector \"flat_line\" in alarm rule \"G-1\", expected \"over_limit\" as "
        "in " +
        there}},
      {"longer hold",
       "20 s",
       "30 s",
       {"county/rows.yaml:5: found parameter \"hold\" 30 s in alarm rule \"G-1\", looser than 20 s in " +
        there + "; expected smaller ones only"}},
      {"a parameter that may not change",
       "count: 2",
       "count: 1",
       {"county/rows.yaml:5: found parameter \"count\" 1 in alarm rule \"G-1\", expected 2 as in " + there +
        ": which way is tighter is not said there"}},
      {"a parameter left out",
       ", word: peak",
       "",
       {"county/rows.yaml:5: found alarm rule \"G-1\" without parameter \"word\", expected \"peak\" as in " +
        there + ", or a tighter one"}},
      {"a parameter more",
       "word: peak",
       "word: peak, more: 1",
       {"county/rows.yaml:5: found parameter \"more\" in alarm rule \"G-1\", expected only those of " +
        there}},
      {"raised again later",
       "10 min",
       "20 min",
       {"county/rows.yaml:9: found reraise_after 20 min in alarm rule \"G-1\", longer than 10 min in " +
        there + "; expected that or shorter"}},
      {"more suppressed",
       "[calibration]",
       "[calibration, late]",
       {"county/rows.yaml:10: found suppress_if late in alarm rule \"G-1\", expected only what " + there +
        " has (calibration)"}},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.why);
    EXPECT_THAT(with_county(kRule, replaced(kRule, c.from, c.to)), ElementsAreArray(c.want));
  }
}

TEST(Tighten, RulesInForceAreThoseOfTheLowestPack) {
  TempPacks packs;
  packs.write("nation/pack.yaml", kNationPack);
  packs.write("nation/words.yaml", kWords);
  packs.write("nation/rows.yaml", kRule);
  packs.write("county/pack.yaml", kCountyPack);
  packs.write("county/rows.yaml", replaced(kRule, "grade: yellow", "grade: orange"));
  const auto outcome = packs.load();
  ASSERT_TRUE(outcome.catalog);
  const Date day = *parse_date("2026-01-12");
  const auto in_county = outcome.catalog->rules_in_force("coal", "990101", day);
  ASSERT_EQ(in_county.size(), 1u);
  EXPECT_EQ(in_county[0]->grade, Grade::orange);
  const auto elsewhere = outcome.catalog->rules_in_force("coal", "990102", day);
  ASSERT_EQ(elsewhere.size(), 1u);
  EXPECT_EQ(elsewhere[0]->grade, Grade::yellow);
  EXPECT_EQ(outcome.catalog->alarm_rule("G-1")->grade, Grade::yellow);
  EXPECT_EQ(elsewhere[0]->duration("hold", Millis{0}), Millis{20000});
  EXPECT_EQ(elsewhere[0]->number("count", 0), 2);
  EXPECT_EQ(elsewhere[0]->text("word", ""), "peak");
  EXPECT_EQ(elsewhere[0]->number("absent", 7), 7);
}

TEST(Mistakes, OfAlarmRulesAndEscalation) {
  const struct {
    const char* why;
    std::string rows;
    std::vector<std::string> want;
  } cases[] = {
      {"peaks that do not rise",
       replaced(kRule, "[{at: 2.0, grade: orange}]", "[{at: 2.0, grade: orange}, {at: 1.5, grade: red}]"),
       {"nation/rows.yaml:8: found step 1.5 red after 2 orange in alarm rule \"G-1\", expected peaks and "
        "grades that rise"}},
      {"unknown mine kind",
       replaced(kRule, "    detector", "    mine_kinds: [gold]\n    detector"),
       {"nation/rows.yaml:4: found mine kind \"gold\" in alarm rule \"G-1\", expected a code of dictionary "
        "mine_kind"}},
      {"tighter without parameter",
       replaced(kRule, "{hold: smaller}", "{word: smaller}"),
       {"nation/rows.yaml:6: found \"word\" in \"tighter\" of alarm rule \"G-1\", expected a parameter of it "
        "that is a number or a duration"}},
      {"a code that is not there",
       "dictionaries:\n  - name: area_kind\n    label: {zh: 类, en: Kind}\n    entries: [{code: restricted, "
       "label: {zh: 限, en: R}}]\n" +
           replaced(kRule, "word: peak", "area_kinds: [restrict]"),
       {"nation/rows.yaml:9: found \"restrict\" in parameter \"area_kinds\" of alarm rule \"G-1\", expected "
        "a code of dictionary area_kind"}},
      {"a gas that nobody measures",
       replaced(kRule, "word: peak", "gas: [CH5]"),
       {"nation/rows.yaml:5: found \"CH5\" in parameter \"gas\" of alarm rule \"G-1\", expected the gas of a "
        "limit or of a sensor type"}},
      {"the same id twice",
       kRule + std::string(kRule).substr(13),
       {"nation/rows.yaml:12: found alarm rule \"G-1\" valid at the same time as nation/rows.yaml:2, "
        "expected validity that does not overlap"}},
      {"escalation of an unknown rule",
       "escalation:\n  - {rule: G-9, to_level: city, after: \"1 min\", source: {text: x, confidence: D}}\n",
       {"nation/rows.yaml:2: found rule \"G-9\" in the escalation to city, expected an alarm rule that a "
        "pack declares"}},
      {"escalation without confidence",
       "escalation:\n  - {to_level: city, after: \"1 min\", source: {text: x}}\n",
       {"nation/rows.yaml:2: found the escalation to city without confidence in its source, expected one of "
        "C, C-field, C-test, G, U, D"}},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.why);
    EXPECT_THAT(with_county(c.rows, ""), ElementsAreArray(c.want));
  }
}

const char kDialect[] = R"(dialects:
  - id: A
    label: {zh: 甲, en: A}
    field_separator: ";"
    record_end: "~"
    file_end: "||"
    max_bad_share: 0.2
    files:
      - type: CDSS
        label: {zh: 实时, en: Values}
        system: aqjk
        reader: sample
        headers: [["mine:code!", "time:time!"]]
        records: [["point:code!", "value:number"], ["point:code!", "text:text"], [{name: point, kind: code, required: true}]]
)";

TEST(Mistakes, OfDialects) {
  EXPECT_THAT(with_county(kDialect, ""), IsEmpty());
  const struct {
    const char* why;
    const char* from;
    const char* to;
    std::vector<std::string> want;
  } cases[] = {
      {"same separator",
       "\"~\"",
       "\";\"",
       {"nation/rows.yaml:5: found the same separator twice in dialect \"A\", expected three different "
        "ones"}},
      {"empty separator",
       "\"~\"",
       "\"\"",
       {"nation/rows.yaml:5: found an empty \"record_end\" in dialect \"A\", expected at least one "
        "character"}},
      {"share",
       "0.2",
       "20",
       {"nation/rows.yaml:7: found max_bad_share 20 in dialect \"A\", expected 0 to 1"}},
      {"column twice",
       "\"value:number\"",
       "\"point:number\"",
       {"nation/rows.yaml:14: found column \"point\" twice in \"records\" of file layout \"CDSS\", expected "
        "it once"}},
      {"layouts alike",
       "\"text:text\"",
       "\"other:number\"",
       {"nation/rows.yaml:14: found two layouts with the same columns in \"records\" of file layout "
        "\"CDSS\", expected layouts that can be told apart"}},
      {"unknown reader",
       "reader: sample",
       "reader: samples",
       {"nation/rows.yaml:12: found \"samples\" for \"reader\" of file layout \"CDSS\", expected one of "
        "sample, definition, statistic, abnormal, station_definition, "
        "station_state, switch_change, person, area, reader_definition, reader_state, position"}},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.why);
    EXPECT_THAT(with_county(replaced(kDialect, c.from, c.to), ""), ElementsAreArray(c.want));
  }
}

TEST(Mistakes, OfPacks) {
  const struct {
    const char* why;
    std::string nation, county;
    std::vector<std::string> want;
  } cases[] = {
      {"another name than its folder",
       replaced(kNationPack, "name: nation", "name: nations"),
       kCountyPack,
       {"county/pack.yaml:1: found pack \"county\" requiring \"nation\", expected that pack to be given too",
        "nation/pack.yaml:1: found pack name \"nations\" in folder \"nation\", expected both to be the "
        "same"}},
      {"a missing pack",
       kNationPack,
       replaced(kCountyPack, "[nation]", "[nation, city]"),
       {"county/pack.yaml:1: found pack \"county\" requiring \"city\", expected that pack to be given too"}},
      {"a higher pack on a lower one",
       replaced(kNationPack, "level: national", "level: national, requires: [county]"),
       replaced(kCountyPack, ", requires: [nation]", ""),
       {"nation/pack.yaml:1: found national pack \"nation\" requiring county pack \"county\", expected packs "
        "of its own or a higher level"}},
      {"a circle",
       replaced(kNationPack, "level: national", "level: national, requires: [nation]"),
       kCountyPack,
       {"nation/pack.yaml:1: found pack \"nation\" requiring itself over others, expected no circle"}},
      {"a county without jurisdiction",
       kNationPack,
       replaced(kCountyPack, "jurisdiction: \"990101\", ", ""),
       {"county/pack.yaml:1: found jurisdiction \"\" in a county pack, expected a region code of six "
        "digits"}},
      {"a nation with jurisdiction",
       replaced(kNationPack, "level: national", "level: national, jurisdiction: \"990000\""),
       kCountyPack,
       {"nation/pack.yaml:1: found jurisdiction \"990000\" in a national pack, expected none: it is in force "
        "everywhere"}},
      {"no pack key",
       "limits: []\n",
       kCountyPack,
       {"county/pack.yaml:1: found pack \"county\" requiring \"nation\", expected that pack to be given too",
        "nation/pack.yaml:1: found no \"pack\", expected pack: {name: ..., version: ..., label: ..., level: "
        "...}"}},
      {"empty",
       "",
       kCountyPack,
       {"county/pack.yaml:1: found pack \"county\" requiring \"nation\", expected that pack to be given too",
        "nation/pack.yaml:1: found an empty file, expected pack: {...}"}},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.why);
    TempPacks packs;
    packs.write("nation/pack.yaml", c.nation);
    packs.write("county/pack.yaml", c.county);
    EXPECT_THAT(packs.mistakes(), ElementsAreArray(c.want));
  }
}

TEST(Mistakes, OfFolders) {
  TempPacks packs;
  const auto found = [&](const std::string& folder) {
    const auto outcome = load_catalog(std::span(&folder, 1));
    return outcome.mistakes.size() == 1 ? outcome.mistakes[0].message : "";
  };
  EXPECT_THAT(found(packs.folder() + "/absent"), testing::StartsWith("found no readable folder ("));
  EXPECT_EQ(found(packs.folder()), "found no pack, expected a pack.yaml here or one folder down");
}

TEST(Tighten, DictionariesGrowOnlyWhenTheySaySo) {
  const std::string more =
      "dictionaries:\n  - name: mine_kind\n    label: {zh: 矿种, en: Kind}\n    extend: true\n    entries: "
      "[{code: gold, label: {zh: 金, en: Gold}}]\n";
  EXPECT_THAT(with_county("", more), IsEmpty());
  EXPECT_THAT(with_county("", replaced(more, "code: gold", "code: coal")),
              ElementsAre("county/rows.yaml:5: found code \"coal\" a second time in dictionary "
                          "\"mine_kind\", expected it once"));
  EXPECT_THAT(with_county("", replaced(more, "name: mine_kind", "name: mine_kinds")),
              ElementsAre("county/rows.yaml:2: found extend: true for dictionary \"mine_kinds\", expected a "
                          "dictionary of that name in a pack above"));
}

TEST(Tighten, TablesGrowOnlyWhenTheySaySo) {
  const std::string table =
      "tables:\n  - name: rung\n    label: {zh: 阶梯, en: Rung}\n    inputs: [{name: dead, kind: number}]\n"
      "    outputs: [{name: gives, kind: text}]\n    pick: first\n    rows:\n"
      "      - {id: A, when: {dead: \">=1\"}, gives: {gives: word}, source: {text: law, confidence: C}, "
      "valid_from: 2020-01-01}\n    examples: [{name: one, given: {dead: \"1\", on: \"2026-01-01\"}, expect: "
      "\"word A\"}]\n";
  const std::string more =
      replaced(replaced(replaced(table, "label: {", "extend: true\n    label: {"), "id: A", "id: B"),
               "\"word A\"", "\"word B\"");
  EXPECT_THAT(with_county(table, more), IsEmpty());
  EXPECT_THAT(
      with_county(table, replaced(more, "    extend: true\n", "")),
      ElementsAre("county/rows.yaml:2: found table \"rung\" a second time (first at nation/rows.yaml:2), "
                  "expected the name once, or extend: true to add rows to it"));
  EXPECT_THAT(
      with_county("", more),
      ElementsAre("county/rows.yaml:2: found extend: true for table \"rung\", expected a table of that "
                  "name in a pack above"));
  EXPECT_THAT(
      with_county(table, replaced(more, "id: B", "id: A")),
      ElementsAre("county/rows.yaml:9: found row \"A\" of table \"rung\" a second time, expected the id "
                  "once"));
  EXPECT_THAT(
      with_county(table, replaced(more, "pick: first", "pick: worst\n    order: [word]")),
      ElementsAre("county/rows.yaml:2: found table \"rung\" with other inputs, outputs, pick, order or "
                  "unknown than at nation/rows.yaml:2, expected the same"));
}

}  // namespace
}  // namespace mineward::pack
