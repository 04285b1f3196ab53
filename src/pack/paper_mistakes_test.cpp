/// Mistakes in papers and numbers: each is told with its place.
#include <gmock/gmock.h>

#include "pack/testing.h"

namespace mineward::pack {
namespace {

const char kAll[] = R"(roles:
  - {name: clerk, level: any, label: {zh: 办事员, en: Clerk}}
dictionaries:
  - name: kind
    label: {zh: 类别, en: Kind}
    columns: [short]
    entries: [{code: small, label: {zh: 小, en: Small}, extra: {short: 小}}]
workflows:
  - name: letter
    label: {zh: 信, en: Letter}
    states: [{name: open, label: {zh: 开, en: Open}, initial: true}, {name: sent, label: {zh: 发, en: Sent}, final: true}]
    transitions: [{name: send, label: {zh: 发, en: Send}, from: [open], to: sent, roles: [clerk]}]
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
  - name: letter
    label: {zh: 信, en: Letter}
    system: TST
    owner: organisation
    workflow: letter
    title: title
    list: [title]
    numbers:
      - {step: send, field: code, form: "{kind.short}〔{yyyy}〕{seq}号", per: [organisation], sequence: place}
    access: {read: ["*"], create: [clerk], update: []}
    fields:
      - {name: organisation, type: reference, target: organisation, label: {zh: 单位, en: Organisation}, required: true}
      - {name: title, type: text, label: {zh: 标题, en: Title}}
      - {name: secret_name, type: text, label: {zh: 姓名, en: Name}, protect: sealed}
      - {name: kind, type: choice, dictionary: kind, label: {zh: 类别, en: Kind}}
      - {name: code, type: text, label: {zh: 文号, en: Code}, system: true}
      - {name: place, type: integer, label: {zh: 顺序, en: Place}, system: true}
      - {name: files, type: attachments, label: {zh: 文件, en: Files}}
  - name: line
    label: {zh: 行, en: Line}
    system: TST
    owner: letter
    title: words
    list: [words]
    access: {read: ["*"], create: [clerk], update: []}
    fields:
      - {name: letter, type: reference, target: letter, label: {zh: 信, en: Letter}, required: true}
      - {name: words, type: text, label: {zh: 字, en: Words}}
papers:
  - name: letter
    label: {zh: 信, en: Letter}
    record: letter
    when: {kind: small}
    title: "关于{title}的信"
    number: "{code}"
    step: send
    in: [sent]
    keep_in: files
    body:
      - {paragraph: "{organisation.name}：{kind.short|kind:4}"}
      - {table: {of: line, by: letter, columns: [{head: 字, text: "{words}"}]}}
)";

TEST(PaperMistakes, AreToldWithTheirPlace) {
  ASSERT_THAT(mistakes_of(kAll), ::testing::IsEmpty());
  const struct {
    const char* why;
    const char* from;
    const char* to;
    const char* told;
  } cases[] = {
      {"a field that is not there", "关于{title}的信", "关于{titel}的信",
       "base/all.yaml:56: found \"{titel}\" in paper \"letter\", expected a field of record \"letter\""},
      {"a field behind a reference", "{organisation.name}", "{organisation.nam}",
       "base/all.yaml:62: found \"{organisation.nam}\" in paper \"letter\", expected a field of record "
       "\"organisation\""},
      {"a column that no code has", "{kind.short|kind:4}", "{kind.long}",
       "base/all.yaml:62: found \"{kind.long}\" in paper \"letter\", expected a reference, or a choice and a "
       "column"},
      {"a brace that does not close", "关于{title}的信", "关于{title的信",
       "base/all.yaml:56: found \"{title的信\""},
      {"a sealed field", "关于{title}的信", "关于{secret_name}的信", "expected no sealed field"},
      {"a table of what does not refer to it", "by: letter,", "by: words,",
       "base/all.yaml:63: found by: words"},
      {"a column of a table", "text: \"{words}\"", "text: \"{word}\"", "base/all.yaml:63: found \"{word}\""},
      {"a step that is not there", "    step: send\n    in", "    step: post\n    in",
       "base/all.yaml:58: found step \"post\" in paper \"letter\""},
      {"a state that is not there", "in: [sent]", "in: [gone]", "base/all.yaml:59: found state \"gone\""},
      {"a state that would end it and is not there", "in: [sent]", "void_in: [gone]",
       "base/all.yaml:59: found state \"gone\""},
      {"a code that is not there", "when: {kind: small}", "when: {kind: large}",
       "base/all.yaml:55: found \"large\" for \"kind\""},
      {"nowhere to keep it", "keep_in: files", "keep_in: title",
       "base/all.yaml:60: found \"title\" in paper \"letter\", expected attachments"},
      {"a number without sequence", "{seq}号", "号",
       "base/all.yaml:31: found \"{kind.short}〔{yyyy}〕号\" as the form of a number in record \"letter\", "
       "expected {seq} once"},
      {"a number into a field of people", "code, type: text, label: {zh: 文号, en: Code}, system: true",
       "code, type: text, label: {zh: 文号, en: Code}",
       "base/all.yaml:31: found \"code\" for \"field\" in \"numbers\" of record \"letter\", expected a text "
       "with system: true"},
      {"a number of no step", "{step: send, field", "{step: post, field",
       "base/all.yaml:31: found step \"post\" in \"numbers\""},
      {"a block of two kinds", "- {paragraph: \"{organisation.name}",
       "- {line: x, paragraph: \"{organisation.name}",
       "base/all.yaml:62: found a part of paper \"letter\" with 2 kinds"},
      {"nobody may issue it", "    step: send\n    in: [sent]\n", "", "without step and roles"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.why);
    EXPECT_THAT(mistakes_of(replaced(kAll, c.from, c.to)), ::testing::Contains(::testing::HasSubstr(c.told)));
  }
}

TEST(PaperTexts, ArePlacesAndWords) {
  std::string mistake;
  const PaperText text = parse_paper_text("（{a|b.c:12;date}）{:8}完", mistake);
  EXPECT_EQ(mistake, "");
  ASSERT_EQ(text.pieces.size(), 5u);
  EXPECT_EQ(text.pieces[0].words, "（");
  EXPECT_EQ(text.pieces[1].slot->paths, (std::vector<std::string>{"a", "b.c"}));
  EXPECT_EQ(text.pieces[1].slot->width, 12);
  EXPECT_EQ(text.pieces[1].slot->form, "date");
  EXPECT_TRUE(text.pieces[3].slot->paths.empty());
  EXPECT_EQ(text.pieces[4].words, "完");
  for (const char* wrong :
       {"{", "{}", "{a", "{A}", "{a;roman}", "{a:0}", "{a:99}", "{a..b}", "{a|}", "{@nobody}"}) {
    mistake.clear();
    parse_paper_text(wrong, mistake);
    EXPECT_THAT(mistake, ::testing::StartsWith("found")) << wrong;
  }
}

}  // namespace
}  // namespace mineward::pack
