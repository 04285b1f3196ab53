/// Mistakes in what a record type says beyond its columns, and in decision tables: each is told with its
/// place.
#include <gmock/gmock.h>

#include "pack/testing.h"

namespace mineward::pack {
namespace {

const char kAll[] = R"(roles:
  - {name: clerk, level: any, label: {zh: 办事员, en: Clerk}}
dictionaries:
  - name: kind
    label: {zh: 类别, en: Kind}
    columns: [value]
    entries: [{code: small, label: {zh: 小, en: Small}, extra: {value: "1"}}, {code: large, label: {zh: 大, en: Large}, extra: {value: "3"}}]
tables:
  - name: fine
    label: {zh: 罚款, en: Fine}
    inputs: [{name: kind, kind: code, dictionary: kind}, {name: days, kind: number}]
    outputs: [{name: least, kind: number}, {name: most, kind: number}]
    pick: first
    rows:
      - {id: F1, when: {kind: large, days: [">=3", "<10"]}, gives: {least: "1", most: "5"}, source: {text: law, confidence: C}, valid_from: 2020-01-01}
    examples:
      - {name: large, given: {kind: large, days: "3", on: "2026-01-01"}, expect: "1 5 F1"}
records:
  - name: organisation
    label: {zh: 机构, en: Organisation}
    system: REG
    owner: self
    title: name
    list: [name]
    access: {read: ["*"], create: [clerk], update: []}
    fields:
      - {name: name, type: text, label: {zh: 名称, en: Name}}
  - name: matter
    label: {zh: 案件, en: Matter}
    system: TST
    owner: organisation
    workflow: matter
    title: title
    list: [title]
    raises:
      - {name: again, record: matter, label: {zh: 再立, en: Again}, sets: {title: title, kind: "=small"}, in: [open]}
    checks:
      - {rule: order, fields: [begun_on, done_on], label: {zh: 先后, en: Order}}
      - {rule: within, field: amount, table: fine, on: begun_on, from: {kind: kind, days: days}, least: least, most: most, label: {zh: 幅度, en: Band}}
    computes:
      - {rule: decide, table: fine, on: begun_on, from: {kind: kind, days: days}, gives: {least: lowest}, row: row}
      - {rule: total, record: note, match: {matter: id}, when: {kind: small}, at: noted_on, since: begun_on, add: points, into: points}
    access: {read: ["*"], create: [clerk], update: []}
    fields:
      - {name: organisation, type: reference, target: organisation, label: {zh: 单位, en: Organisation}, required: true}
      - {name: title, type: text, label: {zh: 标题, en: Title}}
      - {name: phone, type: text, label: {zh: 电话, en: Phone}, format: phone, protect: masked, reveal: [clerk]}
      - {name: kind, type: choice, dictionary: kind, label: {zh: 类别, en: Kind}}
      - {name: days, type: integer, label: {zh: 天数, en: Days}}
      - {name: amount, type: integer, label: {zh: 金额, en: Amount}}
      - {name: begun_on, type: date, label: {zh: 开始, en: Begun}}
      - {name: done_on, type: date, label: {zh: 结束, en: Done}}
      - {name: lowest, type: integer, label: {zh: 下限, en: Lowest}, system: true}
      - {name: row, type: text, label: {zh: 行, en: Row}, system: true}
      - {name: points, type: integer, label: {zh: 分, en: Points}, system: true}
  - name: note
    label: {zh: 记录, en: Note}
    system: TST
    owner: matter
    title: title
    list: [title]
    access: {read: ["*"], create: [clerk], update: []}
    fields:
      - {name: matter, type: reference, target: matter, label: {zh: 案件, en: Matter}, required: true}
      - {name: title, type: text, label: {zh: 标题, en: Title}}
      - {name: kind, type: choice, dictionary: kind, label: {zh: 类别, en: Kind}}
      - {name: noted_on, type: date, label: {zh: 日期, en: Day}}
      - {name: points, type: integer, label: {zh: 分, en: Points}}
workflows:
  - name: matter
    label: {zh: 流程, en: Flow}
    states: [{name: open, label: {zh: 办, en: Open}, initial: true}, {name: done, label: {zh: 结, en: Done}, final: true}]
    transitions:
      - {name: finish, label: {zh: 办结, en: Finish}, from: [open], to: done, roles: [clerk], when: {kind: large}, sign_off: [{name: head, label: {zh: 签, en: Sign}, roles: [clerk]}], return_to: open}
    clocks:
      - {name: finish, label: {zh: 期限, en: Limit}, starts: begun_on, limit: "7 working days", ends: done_on, pauses_in: [open], owed_by: [clerk]}
)";

TEST(FlowMistakes, TheBaseHasNone) { EXPECT_THAT(mistakes_of(kAll), testing::IsEmpty()); }

TEST(FlowMistakes, AreToldWithWhatWasExpected) {
  const struct {
    const char *from, *to, *told;
  } cases[] = {
      // tables
      {"{kind: large, days:", "{kind: huge, days:",
       "found \"huge\" for input \"kind\" of row \"F1\", expected a code of dictionary \"kind\""},
      {"[\">=3\", \"<10\"]", "[\"three\"]", "for input \"days\" of row \"F1\", expected a bound"},
      {"when: {kind: large, days", "when: {sort: large, days",
       "found input \"sort\" in row \"F1\", expected one that table \"fine\" asks for"},
      {"{least: \"1\", most: \"5\"}", "{least: \"1\"}", "found row \"F1\" without output \"most\""},
      {"{least: \"1\", most", "{least: one, most",
       "found \"one\" for output \"least\" of row \"F1\", expected a number"},
      {"text: law, confidence: C", "text: law", "found row \"F1\" without confidence"},
      {"on: \"2026-01-01\"}, expect", "day: \"2026-01-01\"}, expect",
       "without on, expected the day of the fact"},
      {"pick: first", "pick: worst\n    order: [a]",
       "expected order: for codes and texts, and none for numbers"},
      // fields
      {"reveal: [clerk]", "reveal: [boss]", "found role \"boss\" in \"reveal\""},
      {"list: [title]", "list: [title, phone]",
       "found protected field \"phone\" in title, list, unique or indexes"},
      {"{zh: 天数, en: Days}}", "{zh: 天数, en: Days}, format: phone}", "found format in field \"days\""},
      // raises, checks, computes
      {"record: matter, label: {zh: 再", "record: nothing, label: {zh: 再",
       "found record \"nothing\" in a raise of record \"matter\""},
      {"sets: {title: title,", "sets: {title: days,",
       "found \"title: days\" in \"sets\" of record \"matter\", expected a field of the same kind"},
      {"in: [open]}", "in: [gone]}", "found state \"gone\" in a raise of record \"matter\""},
      {"fields: [begun_on, done_on]", "fields: [begun_on, title]",
       "found field \"title\" in \"fields\" of record \"matter\", expected dates or times"},
      {"fields: [begun_on, done_on]", "fields: [begun_on]",
       "found 1 fields in a check of record \"matter\", expected two or more"},
      {"amount, table: fine", "amount, table: penalty",
       "found table \"penalty\" in a rule of record \"matter\""},
      {"most: most, label", "most: highest, label",
       "found output \"highest\" in \"most\" of record \"matter\""},
      {"gives: {least: lowest}", "gives: {least: days}",
       "found field \"days\" of record \"matter\" that is worked out, expected it with system: true"},
      {"gives: {least: lowest}, row: row", "gives: {least: lowest}, row: lowest",
       "found field \"lowest\" in \"row\", expected a text"},
      {"in: [open]}", "in: [open], each: title}",
       "found \"title\" in \"each\" of record \"matter\", expected a reference field of \"matter\""},
      {"in: [open]}", "in: [open], each_when: {kind: small}}",
       "found each_when in a raise of record \"matter\" without each"},
      {"in: [open]}", "in: [open], each: organisation, each_when: {size: small}}",
       "found field \"size\" in \"each_when\" of a rule of record \"matter\", expected one of "
       "\"organisation\""},
      {"rule: order, fields: [begun_on, done_on]", "rule: not_future, fields: [title]",
       "found field \"title\" in \"fields\" of record \"matter\", expected dates or times"},
      {"rule: order, fields: [begun_on, done_on]",
       "rule: needs, field: title, record: nothing, match: {title: title}",
       "found a check needs of record \"matter\" without field, match or a record that a pack declares"},
      {"rule: order, fields: [begun_on, done_on]",
       "rule: needs, field: title, record: matter, match: {title: days}",
       "found \"title: days\" in \"match\" of record \"matter\""},
      {"rule: order, fields: [begun_on, done_on]",
       "rule: needs, field: title, record: matter, match: {title: title}, alike: {kind: huge}",
       "found \"huge\" for \"kind\" in \"alike\" of record \"matter\", expected a code of dictionary "
       "\"kind\""},
      {"rule: order, fields: [begun_on, done_on]",
       "rule: needs, field: title, record: matter, match: {title: title}, alike: {state: gone}, until: title",
       "found state \"gone\" in \"alike\" of a rule of record \"matter\", expected one of \"matter\""},
      {"rule: order, fields: [begun_on, done_on]",
       "rule: needs, field: title, record: matter, match: {title: title}, until: title",
       "found \"title\" in \"until\" of record \"matter\", expected a date of \"matter\""},
      {"    workflow: matter\n",
       "    workflow: matter\n    closed: {when: {kind: huge}, label: {zh: 关, en: Shut}}\n",
       "found \"huge\" for \"kind\" in \"when\" of record \"matter\""},
      {"rule: order, fields: [begun_on, done_on]", "rule: same, paths: [title]",
       "found 1 paths in a check of record \"matter\", expected two or more"},
      {"rule: order, fields: [begun_on, done_on]", "rule: same, paths: [id, organisation.boss]",
       "found \"organisation.boss\" in \"paths\" of a rule of record \"matter\""},
      // totals
      {"record: note, match", "record: letter, match",
       "found a total of record \"matter\" without match or a record"},
      {"match: {matter: id}, when", "match: {matter: title}, when",
       "found \"matter: title\" in \"match\" of record \"matter\""},
      {"match: {matter: id}, when", "match: {id: title}, when",
       "found \"id: title\" in \"match\" of record \"matter\""},
      {"when: {kind: small}, at", "when: {kind: huge}, at",
       "found \"huge\" for \"kind\" in \"when\" of record \"matter\""},
      {"add: points, into", "add: title, into",
       "found \"title\" in \"add\" of record \"matter\", expected a number of \"note\""},
      {"at: noted_on, since: begun_on, add", "since: begun_on, add",
       "found \"\" in \"at\" of record \"matter\", expected a date or time of \"note\" with since or until"},
      {"since: begun_on, add", "since: days, add",
       "found field \"days\" in \"since\" of record \"matter\", expected a date or time"},
      {"into: points}", "into: days}", "found field \"days\" of record \"matter\" that is worked out"},
      {"record: note, match: {matter: id}, when: {kind: small}, at: noted_on",
       "record: matter, match: {title: title}, at: begun_on",
       "found a total of record \"matter\" that sums itself"},
      // effects of steps
      {"when: {kind: large}", "changes: [{of: title, sets: {title: title}}]",
       "found \"title\" in \"changes\" of step \"finish\", expected a reference field of record \"matter\""},
      {"when: {kind: large}", "changes: [{of: organisation, sets: {name: days}}]",
       "found \"name: days\" in \"changes\" of step \"finish\", expected a field of record \"organisation\""},
      // signatures and clocks
      {"en: Sign}, roles: [clerk]}]", "en: Sign}, roles: [boss]}]",
       "found role \"boss\" in \"sign_off\" of workflow \"matter\""},
      {"return_to: open", "return_to: nowhere",
       "found state \"nowhere\" in \"return_to\" of step \"finish\""},
      {"return_to: open", "return_to: open, return_sets: {days: soon}",
       "found \"soon\" for field \"days\" in \"return_sets\" of step \"finish\""},
      {"sign_off: [{name: head, label: {zh: 签, en: Sign}, roles: [clerk]}], return_to: open",
       "return_sets: {days: unset}", "found return_sets in step \"finish\" without return_to"},
      {"when: {kind: large}", "when: {size: large}", "found field \"size\" in \"when\" of step \"finish\""},
      {"starts: begun_on", "starts: title",
       "found \"title\" in \"starts\" of a clock of workflow \"matter\", expected a date or time"},
      {"\"7 working days\"", "\"7 workdays\"", "for \"limit\" of clock \"finish\", expected \"24 hours\""},
      {"pauses_in: [open]", "pauses_in: [shut]", "found state \"shut\" in \"pauses_in\" of clock \"finish\""},
      {"ends: done_on, ", "", "found clock \"finish\" that never ends"}};
  for (const auto& c : cases) {
    SCOPED_TRACE(c.told);
    EXPECT_THAT(mistakes_of(replaced(kAll, c.from, c.to)), testing::Contains(testing::HasSubstr(c.told)));
  }
}

}  // namespace
}  // namespace mineward::pack
