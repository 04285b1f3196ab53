// Every kind of mistake, with its exact message. A case changes one spot of a pack that is right.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "pack/testing.h"

namespace mineward::pack {
namespace {

const char kAll[] = R"(roles:
  - {name: officer, level: mine, label: {zh: 安全员, en: Officer}}
dictionaries:
  - name: colour
    label: {zh: 颜色, en: Colour}
    columns: [shade]
    entries:
      - {code: red, label: {zh: 红, en: Red}, extra: {shade: dark}}
      - {code: blue, label: {zh: 蓝, en: Blue}}
  - name: location_role
    label: {zh: 角色, en: Role}
    entries: [{code: T0, label: {zh: 隅角, en: Corner}}]
  - name: mine_kind
    label: {zh: 矿种, en: Kind}
    entries: [{code: coal, label: {zh: 煤矿, en: Coal}}]
records:
  - name: organisation
    label: {zh: 单位, en: Organisation}
    system: REG
    owner: self
    title: name
    list: [name]
    access: {read: ["*"], create: [], update: []}
    fields:
      - {name: name, type: text, label: {zh: 名称, en: Name}}
  - name: account
    label: {zh: 账号, en: Account}
    system: REG
    owner: organisation
    title: name
    list: [name]
    access: {read: ["*"], create: [], update: []}
    fields:
      - {name: name, type: text, label: {zh: 名称, en: Name}}
      - {name: organisation, type: reference, target: organisation, label: {zh: 单位, en: Organisation}, required: true}
  - name: thing
    label: {zh: 事项, en: Thing}
    system: TST
    owner: organisation
    workflow: flow
    title: title
    list: [number, title, state]
    unique: [[number]]
    indexes: [[organisation, due]]
    number: "TH-{yyyy}{MM}-{seq:5}"
    access: {read: ["*"], create: [officer], update: [officer]}
    fields:
      - {name: number, type: text, label: {zh: 编号, en: Number}, system: true}
      - {name: organisation, type: reference, target: organisation, label: {zh: 单位, en: Organisation}, required: true, default: my_organisation}
      - {name: title, type: text, label: {zh: 标题, en: Title}, pattern: "[a-z]+", max_length: 10, default: abc}
      - {name: amount, type: integer, label: {zh: 数量, en: Amount}, min: 1, max: 9, default: 5}
      - {name: colour, type: choice, dictionary: colour, label: {zh: 颜色, en: Colour}, default: red}
      - {name: due, type: date, label: {zh: 期限, en: Due}, default: today}
      - {name: photos, type: attachments, file_kinds: [image], label: {zh: 照片, en: Photos}}
      - {name: by, type: reference, target: account, label: {zh: 办理人, en: By}, system: true}
workflows:
  - name: flow
    label: {zh: 流程, en: Flow}
    states:
      - {name: open, label: {zh: 开, en: Open}, initial: true}
      - {name: done, label: {zh: 完成, en: Done}, final: true}
    transitions:
      - name: finish
        label: {zh: 完成, en: Finish}
        from: [open]
        to: done
        roles: [officer]
        required: [due]
        editable: [colour]
        evidence: [photos]
        distinct_from: [by]
        sets: {by: me}
limits:
  - id: CH4-T0
    gas: CH4
    role: T0
    where: {zh: 隅角, en: corner}
    keywords: [上隅角, 回风+隅角]
    alarm: ">=1.0"
    cut: ">=1.5"
    restore: "<1.0"
    unit: "%CH4"
    floor: true
    mine_kind: coal
    source: {clause: art.498, confidence: C}
    valid_from: 2020-01-01
alarm_rules:
  - id: G-1
    label: {zh: 超限, en: Over}
    detector: over_limit
    params: {hold: "20 s", count: 2, word: peak, list: [a, b]}
    tighter: {hold: smaller}
    grade: yellow
    grade_by_peak: [{at: 2.0, grade: orange}, {at: 3.0, grade: red}]
    suppress_if: [calibration]
    source: {text: monitoring.md, confidence: D}
escalation:
  - {grade: red, rule: G-1, to_level: city, after: "10 min", source: {text: ours, confidence: D}}
dialects:
  - id: A
    label: {zh: 甲, en: A}
    field_separator: ";"
    record_end: "~"
    file_end: "||"
    files:
      - type: CDSS
        label: {zh: 实时, en: Values}
        system: aqjk
        reader: sample
        headers: [["mine:code!", "time:time!"]]
        records: [["point:code!", "value:number"]]
        period: "60 s"
)";

TEST(Mistakes, TheBaseHasNone) { EXPECT_THAT(mistakes_of(kAll), testing::IsEmpty()); }

struct Case {
  const char* why;
  const char* from;
  const char* to;
  std::vector<std::string> want;  ///< "LINE: message"; the line is the one of base/all.yaml
};

void run(const std::vector<Case>& cases) {
  for (const auto& c : cases) {
    SCOPED_TRACE(c.why);
    std::vector<std::string> want;
    for (const auto& text : c.want) want.push_back("base/all.yaml:" + text);
    EXPECT_THAT(mistakes_of(replaced(kAll, c.from, c.to)), testing::ElementsAreArray(want));
  }
}

TEST(Mistakes, OfShape) {
  run({
      {"unknown key, near one",
       "system: TST",
       "sistem: TST",
       {"36: found record \"thing\" without \"system\", expected system: a text",
        "38: found unknown key \"sistem\" in record \"thing\", expected \"system\""}},
      {"unknown key at the top",
       "escalation:",
       "eskalation_of_all:",
       {"97: found unknown key \"eskalation_of_all\" in pack file, expected one of pack, records, workflows, "
        "dictionaries, roles, limits, limit_examples, "
        "alarm_rules, escalation, dialects, documents, clauses, duties, calendar, forms, tables, papers"}},
      {"wrong kind: a list for a text",
       "system: TST",
       "system: [TST]",
       {"38: found a list for \"system\" of record \"thing\", expected a text"}},
      {"wrong kind: a text for a list",
       "list: [number, title, state]",
       "list: number",
       {"42: found \"number\" for \"list\" of record \"thing\", expected a list of names ([a-z][a-z0-9_]*)"}},
      {"missing key",
       "    title: title\n",
       "",
       {"36: found record \"thing\" without \"title\", expected title: a name ([a-z][a-z0-9_]*, at most 48 "
        "characters)"}},
      {"duplicate key",
       "system: TST",
       "system: TST\n    system: TST",
       {"39: found key \"system\" a second time in record \"thing\" (first at line 38), expected it once"}},
      {"bad identifier",
       "name: thing",
       "name: Thing",
       {"36: found \"Thing\" for \"name\" of record \"Thing\", expected a name ([a-z][a-z0-9_]*, at most 48 "
        "characters)"}},
      {"label without English",
       "{zh: 事项, en: Thing}",
       "{zh: 事项}",
       {"37: found label without \"en\", expected en: a text"}},
      {"label without Chinese",
       "{zh: 事项, en: Thing}",
       "{en: Thing}",
       {"37: found label without \"zh\", expected zh: a text"}},
      {"yes is no truth",
       "required: true, default",
       "required: yes, default",
       {"39: found owner \"organisation\" in record \"thing\", expected a field that is required",
        "49: found \"yes\" for \"required\" of field \"organisation\", expected true or false"}},
      {"a leading zero is no number",
       "min: 1",
       "min: 01",
       {"51: found \"01\" for \"min\" of field \"amount\", expected a number without leading zero"}},
      {"not one of",
       "type: date",
       "type: day",
       {"53: found \"day\" for \"type\" of field \"due\", expected one of text, long_text, integer, decimal, "
        "money, boolean, date, instant, choice, choices, "
        "reference, attachments"}},
      {"no date",
       "valid_from: 2020-01-01",
       "valid_from: 2020-02-30",
       {"86: found \"2020-02-30\" for \"valid_from\" of limit \"CH4-T0\", expected a date such as "
        "2026-01-12"}},
      {"no duration",
       "after: \"10 min\"",
       "after: \"10 minutes\"",
       {"98: found \"10 minutes\" for \"after\" of escalation step, expected a duration such as \"20 s\", "
        "\"10 min\", \"4 h\""}},
      {"a duration that would be a text",
       "hold: \"20 s\"",
       "hold: \"20 m\"",
       {"91: found \"20 m\" for \"params\" of alarm rule \"G-1\", expected a mapping of names to a number, a "
        "duration such as \"20 s\", a text or a list of texts",
        "92: found \"hold\" in \"tighter\" of alarm rule \"G-1\", expected a parameter of it that is a "
        "number or a duration"}},
      {"no bound",
       "alarm: \">=1.0\"",
       "alarm: \">=1.O\"",
       {"79: found \">=1.O\" for \"alarm\" of limit \"CH4-T0\", expected a bound such as \">=1.0\" or "
        "\"<0.25 or >6\"",
        "83: found floor: true in limit \"CH4-T0\" without a number, expected a bound in \"alarm\""}},
      {"no column",
       "value:number",
       "value:numbers",
       {"111: found \"value:numbers\" as a column in \"records\" of file layout \"CDSS\", expected "
        "\"name:kind\" or \"name:kind!\" with kind one of text, code, "
        "number, integer, time, state, flag, track, limit"}},
      {"twice in a list",
       "list: [number, title, state]",
       "list: [number, number]",
       {"42: found \"number\" twice in \"list\" of record \"thing\", expected it once"}},
      {"an item that is no mapping",
       "  - {name: officer, level: mine, label: {zh: 安全员, en: Officer}}",
       "  - {name: officer, level: mine, label: {zh: 安全员, en: Officer}}\n  - boss",
       {"3: found \"boss\", expected a role with keys (name, label, level, administers, withdraws)"}},
      {"a tag",
       "system: TST",
       "system: !!str TST",
       {"38: found the tag \"tag:yaml.org,2002:str\", expected plain YAML without tags"}},
      {"an anchor",
       "system: TST",
       "system: &a TST",
       {"38: found an anchor (&name), expected plain YAML without anchors"}},
      {"pack in another file",
       "roles:",
       "pack: {name: base, version: x, label: {zh: 基, en: B}, level: core}\nroles:",
       {"1: found \"pack\" here, expected it in pack.yaml only"}},
  });
}

TEST(Mistakes, OfRecords) {
  run({
      {"unknown dictionary",
       "dictionary: colour,",
       "dictionary: color,",
       {"52: found dictionary \"color\" in field \"colour\" of record \"thing\", expected one that a pack "
        "declares (\"colour\"?)"}},
      {"unknown target",
       "target: account",
       "target: acount",
       {"55: found target \"acount\" in field \"by\" of record \"thing\", expected a record that a pack "
        "declares (\"account\"?)",
        "71: found field \"by\" in \"distinct_from\" of step \"finish\", expected a reference to account",
        "72: found \"me\" for field \"by\" in \"sets\" of step \"finish\", expected a value that the field "
        "can hold"}},
      {"unknown workflow",
       "workflow: flow",
       "workflow: flown",
       {"40: found workflow \"flown\" in record \"thing\", expected one that a pack declares",
        "57: found workflow \"flow\" that no record follows, expected a record with workflow: flow"}},
      {"unknown title",
       "title: title",
       "title: titel",
       {"41: found field \"titel\" in \"title\" of record \"thing\", expected one of its fields "
        "(\"title\"?)"}},
      {"unknown column of the list",
       "list: [number, title, state]",
       "list: [number, nothing]",
       {"42: found field \"nothing\" in \"list\" of record \"thing\", expected one of its fields"}},
      {"unknown field of a unique set",
       "unique: [[number]]",
       "unique: [[numbr]]",
       {"43: found field \"numbr\" in \"unique\" of record \"thing\", expected one of its fields "
        "(\"number\"?)"}},
      {"unknown field of an index",
       "indexes: [[organisation, due]]",
       "indexes: [[organisation, dew]]",
       {"44: found field \"dew\" in \"indexes\" of record \"thing\", expected one of its fields"}},
      {"unknown role of an access",
       "create: [officer]",
       "create: [boss]",
       {"46: found role \"boss\" in \"create\" of record \"thing\", expected a role that a pack declares, or "
        "\"*\""}},
      {"unknown owner",
       "owner: organisation\n    workflow",
       "owner: title\n    workflow",
       {"39: found owner \"title\" in record \"thing\", expected a reference to organisation or to a record "
        "with an owner, self or none"}},
      {"first day of a text",
       "pattern: \"[a-z]+\", max_length: 10",
       "first_of: month, max_length: 10",
       {"50: found first_of in field \"title\" of record \"thing\", expected it only in fields of type "
        "date"}},
      {"belongs to a text",
       "owner: organisation\n    workflow",
       "owner: organisation\n    belongs_to: title\n    workflow",
       {"40: found \"title\" in record \"thing\", expected a reference to a record with an owner"}},
      {"owner self elsewhere",
       "owner: organisation\n    workflow",
       "owner: self\n    workflow",
       {"39: found owner self in record \"thing\", expected it in organisation only"}},
      {"state without workflow",
       "list: [name]\n    access: {read: [\"*\"], create: [], update: []}\n    fields:\n      - {name: name, "
       "type: text, label: {zh: 名称, en: Name}}\n  - name: account",
       "list: [name, state]\n    access: {read: [\"*\"], create: [], update: []}\n    fields:\n      - "
       "{name: name, type: text, label: {zh: 名称, en: Name}}\n  - name: account",
       {"22: found \"state\" in \"list\" of record \"organisation\", expected it only in records with a "
        "workflow"}},
      {"duplicate field",
       "{name: due, type: date",
       "{name: amount, type: date",
       {"44: found field \"due\" in \"indexes\" of record \"thing\", expected one of its fields",
        "53: found field \"amount\" a second time in record \"thing\" (first at line 51), expected the name "
        "once",
        "68: found field \"due\" in \"required\" of step \"finish\", expected a field of record \"thing\""}},
      {"duplicate record",
       "name: account\n",
       "name: organisation\n",
       {"26: found record \"organisation\" a second time (first at base/all.yaml:17), expected the name once",
        "55: found target \"account\" in field \"by\" of record \"thing\", expected a record that a pack "
        "declares"}},
      {"reserved field name",
       "{name: amount,",
       "{name: state,",
       {"51: found field \"state\" of record \"thing\", expected another name: every record has that "
        "column"}},
      {"min above max",
       "min: 1, max: 9, default: 5",
       "min: 9, max: 1",
       {"51: found min 9 above max 1 in field \"amount\" of record \"thing\", expected min <= max"}},
      {"default out of range",
       "default: 5",
       "default: 10",
       {"51: found default \"10\" in field \"amount\" of record \"thing\", expected 9 or less"}},
      {"default of the wrong kind",
       "default: 5",
       "default: five",
       {"51: found default \"five\" in field \"amount\" of record \"thing\", expected a number"}},
      {"default no whole number",
       "default: 5",
       "default: 5.5",
       {"51: found default \"5.5\" in field \"amount\" of record \"thing\", expected a whole number"}},
      {"default no code",
       "default: red",
       "default: green",
       {"52: found default \"green\" in field \"colour\" of record \"thing\", expected a code of dictionary "
        "\"colour\""}},
      {"default no date",
       "default: today",
       "default: now",
       {"53: found default \"now\" in field \"due\" of record \"thing\", expected today or a date such as "
        "2026-01-12"}},
      {"default against the pattern",
       "default: abc",
       "default: ABC",
       {"50: found default \"ABC\" in field \"title\" of record \"thing\", expected a text that fits "
        "\"[a-z]+\""}},
      {"default too long",
       "default: abc",
       "default: abcdefghijkl",
       {"50: found default \"abcdefghijkl\" in field \"title\" of record \"thing\", expected at most 10 "
        "characters"}},
      {"default of a reference",
       "default: my_organisation",
       "default: me",
       {"49: found default \"me\" in field \"organisation\" of record \"thing\", expected me for an account, "
        "my_organisation for an organisation, or none"}},
      {"pattern that is none",
       "pattern: \"[a-z]+\"",
       "pattern: \"[a-z\"",
       {"50: found pattern \"[a-z\" in field \"title\" of record \"thing\", expected an ECMAScript regular "
        "expression of at most 500 bytes"}},
      {"key of another type",
       "type: date,",
       "type: date, min: 1,",
       {"53: found \"min\" in field \"due\" of record \"thing\", expected it only in fields of type integer, "
        "decimal, money"}},
      {"choice without dictionary",
       "dictionary: colour, ",
       "",
       {"52: found field \"colour\" of record \"thing\" without \"dictionary\", expected it for its type"}},
      {"number form",
       "TH-{yyyy}{MM}-{seq:5}",
       "TH-{yyyy}{MM}",
       {"45: found number form \"TH-{yyyy}{MM}\" in record \"thing\", expected a form such as "
        "\"YH-{yyyy}{MM}-{seq:5}\""}},
      {"duplicate role",
       "  - {name: officer, level: mine, label: {zh: 安全员, en: Officer}}",
       "  - {name: officer, level: mine, label: {zh: 安全员, en: Officer}}\n  - {name: officer, level: mine, "
       "label: {zh: 安全员, en: Officer}}",
       {"3: found role \"officer\" a second time (first at base/all.yaml:2), expected the name once"}},
      {"duplicate code",
       "{code: blue,",
       "{code: red,",
       {"9: found code \"red\" a second time in dictionary \"colour\", expected it once"}},
      {"unknown column of a dictionary",
       "{shade: dark}",
       "{shad: dark}",
       {"8: found column \"shad\" in code \"red\" of dictionary \"colour\", expected one of its columns "
        "(shade)"}},
      {"duplicate dictionary",
       "name: location_role",
       "name: colour",
       {"10: found dictionary \"colour\" a second time, expected it once, or extend: true to add to it",
        "76: found role \"T0\" in limit \"CH4-T0\", expected a code of dictionary location_role or "
        "limit_case"}},
      {"dictionary of the roles",
       "name: location_role",
       "name: role",
       {"10: found dictionary \"role\", expected none: it is made of the roles",
        "76: found role \"T0\" in limit \"CH4-T0\", expected a code of dictionary location_role or "
        "limit_case"}},
  });
}

TEST(Mistakes, OfWorkflows) {
  run({
      {"no initial state",
       ", initial: true",
       "",
       {"59: found no initial states in workflow \"flow\", expected exactly one with initial: true"}},
      {"two initial states",
       "final: true",
       "final: true, initial: true",
       {"59: found 2 initial states in workflow \"flow\", expected exactly one with initial: true"}},
      {"unreachable state",
       "to: done",
       "to: open",
       {"60: found state \"open\" of workflow \"flow\" that no step leaves, expected a step from it, or "
        "final: true",
        "61: found state \"done\" of workflow \"flow\" that no step leads to, expected a way from the "
        "initial state"}},
      {"a dead end",
       ", final: true",
       "",
       {"61: found state \"done\" of workflow \"flow\" that no step leaves, expected a step from it, or "
        "final: true"}},
      {"unknown state",
       "from: [open]",
       "from: [opened]",
       {"60: found state \"open\" of workflow \"flow\" that no step leaves, expected a step from it, or "
        "final: true",
        "61: found state \"done\" of workflow \"flow\" that no step leads to, expected a way from the "
        "initial state",
        "65: found state \"opened\" in \"from\" of step \"finish\", expected one of open, done"}},
      {"nobody can take it",
       "        roles: [officer]\n",
       "",
       {"63: found step \"finish\" that nobody can take, expected roles, or program: true"}},
      {"the program's", "roles: [officer]", "program: true", {}},
      {"both",
       "roles: [officer]",
       "roles: [officer]\n        program: true",
       {"68: found roles and program: true in step \"finish\", expected one of the two"}},
      {"unknown role",
       "roles: [officer]\n",
       "roles: [boss]\n",
       {"67: found role \"boss\" in step \"finish\", expected a role that a pack declares"}},
      {"unknown required field",
       "required: [due]",
       "required: [dew]",
       {"68: found field \"dew\" in \"required\" of step \"finish\", expected a field of record \"thing\""}},
      {"unknown editable field",
       "editable: [colour]",
       "editable: [color]",
       {"69: found field \"color\" in \"editable\" of step \"finish\", expected a field of record \"thing\" "
        "(\"colour\"?)"}},
      {"a field of the program as editable",
       "editable: [colour]",
       "editable: [by]",
       {"69: found field \"by\" in \"editable\" of step \"finish\", expected a field of \"thing\" without "
        "system: true"}},
      {"evidence that is no file",
       "evidence: [photos]",
       "evidence: [title]",
       {"70: found field \"title\" in \"evidence\" of step \"finish\", expected a field of type "
        "attachments"}},
      {"distinct from no account",
       "distinct_from: [by]",
       "distinct_from: [organisation]",
       {"71: found field \"organisation\" in \"distinct_from\" of step \"finish\", expected a reference to "
        "account"}},
      {"unknown field set",
       "sets: {by: me}",
       "sets: {bye: me}",
       {"72: found field \"bye\" in \"sets\" of step \"finish\", expected a field of record \"thing\" "
        "(\"by\"?)"}},
      {"a value that the field cannot hold",
       "sets: {by: me}",
       "sets: {due: me}",
       {"72: found \"me\" for field \"due\" in \"sets\" of step \"finish\", expected a value that the field "
        "can hold"}},
  });
}

}  // namespace
}  // namespace mineward::pack
