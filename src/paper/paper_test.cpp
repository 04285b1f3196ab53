/// Papers end to end: records of examples/papers.yaml to PDF, and the text of the PDF back by pdftotext,
/// which is not ours.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <set>
#include <thread>

#include "base/digest.h"
#include "base/text.h"
#include "db/testing.h"
#include "paper/chinese.h"
#include "paper/example_testing.h"
#include "paper/papers.h"

namespace mineward::paper {
namespace {

using record::Actor;
using record::Fields;
using record::Outcome;
using record::Record;
using record::RecordId;
using record::Refusal;
using ::testing::HasSubstr;
using ::testing::Not;

const std::set<std::string> kHead = {"department_head", "inspectorate_officer"};

std::string output_of(const std::string& command) {
  std::string out;
  FILE* pipe = popen(command.c_str(), "r");
  std::array<char, 4096> buffer{};
  while (const auto got = fread(buffer.data(), 1, buffer.size(), pipe)) out.append(buffer.data(), got);
  EXPECT_EQ(pclose(pipe), 0) << command;
  return out;
}

/// Without blanks and ends of lines: a text wraps where the page ends.
std::string squeezed(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text.substr(i, 3) == "　") {
      i += 2;
    } else if (!std::isspace(static_cast<unsigned char>(text[i]))) {
      out += text[i];
    }
  }
  return out;
}

class Papered : public ::testing::Test {
 protected:
  void SetUp() override { open({}); }
  void open(const std::string& url) {
    // The example records are made once a process; each test works on a copy.
    static db::TestFolder first;
    static const auto made = Examples::open(MW_SOURCE_DIR, first.path());
    ASSERT_TRUE(made.ok()) << made.error().text();
    auto opened =
        url.empty() ? (*made)->copy(folder.path()) : Examples::open(MW_SOURCE_DIR, folder.path(), url);
    ASSERT_TRUE(opened.ok()) << opened.error().text();
    examples = *std::move(opened);
    papers = std::make_unique<Papers>(examples->store(), examples->clock(), *random,
                                      Settings{{}, "https://aq.example.gov.cn"});
  }
  std::string text_of(const std::string& pdf) {
    const std::string file = folder.path() + "/p.pdf";
    std::ofstream(file, std::ios::binary) << pdf;
    return output_of("pdftotext -raw -enc UTF-8 " + file + " -");  // in the order in which it was drawn
  }
  Record record(const std::string& as) {
    for (const auto& one : examples->records()) {
      if (one.as == as) return *examples->store().get(examples->all(), one.type, one.id);
    }
    throw std::runtime_error(as);
  }
  Issued issue(const Actor& actor, const Record& r, const std::string& paper) {
    auto outcome = papers->issue(actor, r.type, r.id, r.version, paper);
    if (const auto* refusal = std::get_if<Refusal>(&outcome)) {
      ADD_FAILURE() << refusal->error.text();
      return {};
    }
    return std::get<Issued>(outcome);
  }
  Refusal refused(const Actor& actor, const Record& r, const std::string& paper) {
    auto outcome = papers->issue(actor, r.type, r.id, r.version, paper);
    if (auto* refusal = std::get_if<Refusal>(&outcome)) return *refusal;
    ADD_FAILURE() << "was not refused";
    return {};
  }
  Actor head() { return examples->person("head", kHead, "county"); }
  /// A document that waits for its issue.
  Record checked(const std::string& like, Fields more = {}) {
    Record r = record(like);
    Fields fields;
    for (const auto& [name, value] : r.fields) fields.emplace(name, value);
    for (auto& [name, value] : more) fields[name] = value;
    auto made = examples->store().create(examples->all(), r.type, fields);
    Record document = std::get<Record>(made);
    const Actor first = examples->person("officer", {"enforcement_officer"}, "county");
    auto begun = examples->store().step(first, r.type, document.id, document.version, "check", {});
    if (const auto* refusal = std::get_if<Refusal>(&begun)) throw std::runtime_error(refusal->error.text());
    const Actor second = examples->person("second", {"enforcement_officer"}, "county");
    auto signed_by =
        examples->store().sign(second, r.type, document.id, std::get<Record>(begun).version, true, "");
    if (const auto* refusal = std::get_if<Refusal>(&signed_by))
      throw std::runtime_error(refusal->error.text());
    return std::get<Record>(signed_by);
  }

  db::TestFolder folder;
  std::unique_ptr<Random> random = seeded_random(7);
  std::unique_ptr<Examples> examples;
  std::unique_ptr<Papers> papers;
};

// ---- what stands on a paper

TEST_F(Papered, EveryPaperOfThePacksIsDrawnAndSaysWhatItsRecordSays) {
  std::set<std::string> drawn;
  for (const auto& one : examples->records()) {
    const Record r = *examples->store().get(examples->all(), one.type, one.id);
    for (const auto& [name, words] : one.shows) {
      SCOPED_TRACE(one.as + " as " + name);
      const auto printed = papers->pdf(examples->all(), r, name);
      ASSERT_TRUE(printed.ok()) << printed.error().text();
      const std::string text = squeezed(text_of(printed->pdf));
      for (const auto& word : words) EXPECT_THAT(text, HasSubstr(squeezed(word)));
      EXPECT_THAT(text, HasSubstr("草稿"));
      for (const char* wrong : {"{", "}", "null", "@", "http"}) EXPECT_THAT(text, Not(HasSubstr(wrong)));
      drawn.insert(name);
    }
  }
  for (const auto& paper : examples->catalog().papers) {
    if (paper.style == pack::Paper::Style::ledger) continue;
    EXPECT_TRUE(drawn.contains(paper.name)) << "examples/papers.yaml has no record for " << paper.name;
  }
  // Every kind of official document that the packs know becomes a paper.
  for (const auto& kind : examples->catalog().dictionary("document_kind")->entries)
    EXPECT_TRUE(drawn.contains(kind.code)) << kind.code;
}

TEST_F(Papered, WhatIsNotSetStaysABlank) {
  const RecordId mine = examples->id("mine");
  auto made = examples->store().create(examples->all(), "recheck",
                                       {{"organisation", examples->id("unit")},
                                        {"mine", mine},
                                        {"authority", examples->id("county")},
                                        {"matter", std::string("复查")},
                                        {"due_on", Date{20530}}});
  const Record r = std::get<Record>(made);
  const auto printed = papers->pdf(examples->all(), r, "recheck_record");
  ASSERT_TRUE(printed.ok()) << printed.error().text();
  const std::string text = squeezed(text_of(printed->pdf));
  EXPECT_THAT(text, HasSubstr("复查结论新期限"));  // two empty cells beside each other
  for (const char* wrong : {"null", "1970", "{", "元年"}) EXPECT_THAT(text, Not(HasSubstr(wrong)));
}

TEST_F(Papered, SixtyFindingsGoOverPagesWithTheirHeadingOnEachAndPagesOfPages) {
  for (int i = 0; i < 57; ++i) {
    auto made = examples->store().create(
        examples->all(), "inspection_finding",
        {{"organisation", examples->id("unit")},
         {"mine", examples->id("mine")},
         {"inspection", examples->id("inspection")},
         {"title", fmt::format("第{}号问题：回风巷{}m处风筒破口，局部通风机供风量不足，CH₄浓度0.{}%", i + 4,
                               i * 10, i)},
         {"kind", std::string("hazard")},
         {"basis", std::string("煤矿安全规程第一百六十四条")},
         {"disposal", std::string("deadline")},
         {"deadline", Date{20550}},
         {"found_at", EventTime{1773300000000 + i * 60000}}});
    ASSERT_TRUE(std::holds_alternative<Record>(made));
  }
  const auto printed = papers->pdf(examples->all(), record("doc_rectify"), "rectify");
  ASSERT_TRUE(printed.ok());
  ASSERT_GE(printed->pages, 4);
  const std::string all = text_of(printed->pdf);
  for (int i = 0; i < 57; ++i) EXPECT_THAT(squeezed(all), HasSubstr(fmt::format("第{}号问题", i + 4)));
  const auto pages = split(all, '\f');
  ASSERT_EQ(pages.size(), static_cast<std::size_t>(printed->pages) + 1);
  for (int page = 1; page <= printed->pages; ++page) {
    const std::string text = squeezed(pages[static_cast<std::size_t>(page - 1)]);
    EXPECT_THAT(text, HasSubstr(fmt::format("第{}页共{}页", page, printed->pages)));
    const bool has_rows = text.find("号问题") != std::string::npos;
    EXPECT_TRUE(!has_rows || text.find("存在问题") != std::string::npos) << text;
  }
  EXPECT_THAT(output_of("pdffonts " + folder.path() + "/p.pdf"),
              Not(HasSubstr(" no  ")));  // every font embedded
}

TEST_F(Papered, ALongNameAndALongTextStayOnTheirPages) {
  std::string text;
  for (int i = 0; i < 3500; ++i) text += "煤";
  const Record r = record("doc_filing");
  Fields fields = r.fields;
  fields["facts"] = text + "尾。";
  fields.erase("case");
  fields["addressee"] = std::string(
      "阳城县太岳山煤业集团有限公司北沟煤矿三三零一综采工作面瓦斯治理联合项目部（晋东南分部）有限责任公司");
  const Record made = std::get<Record>(examples->store().create(examples->all(), r.type, fields));
  const auto printed = papers->pdf(examples->all(), made, "filing");
  ASSERT_TRUE(printed.ok());
  const std::string back = squeezed(text_of(printed->pdf));
  EXPECT_GT(printed->pages, 1);
  std::size_t coals = 0;
  for (std::size_t at = back.find("煤"); at != std::string::npos; at = back.find("煤", at + 3)) ++coals;
  EXPECT_GE(coals, 3500u);  // none of the cut cell is lost
  EXPECT_THAT(back, HasSubstr("尾。"));
  EXPECT_THAT(back, HasSubstr("（晋东南分部）有限责任公司"));
}

TEST_F(Papered, ALedgerHasTheRowsOfItsList) {
  record::ListQuery query;
  query.type = "hazard";
  const auto printed = papers->ledger(examples->person("officer", {"enforcement_officer"}, "county"), query);
  ASSERT_TRUE(printed.ok()) << printed.error().text();
  const std::string text = squeezed(text_of(printed->pdf));
  for (const char* word : {"事故隐患排查治理台账", "阳城县应急管理局", "3600.50", "2026年3月19日", "共2条"})
    EXPECT_THAT(text, HasSubstr(word));
  EXPECT_THAT(text, Not(HasSubstr("草稿")));
  query.type = "recheck";  // without a ledger of its own: the columns of its list page
  const auto plain = papers->ledger(examples->all(), query);
  ASSERT_TRUE(plain.ok());
  EXPECT_THAT(squeezed(text_of(plain->pdf)), HasSubstr("整改复查台账"));
}

TEST(Chinese, AmountsInWords) {
  const struct {
    std::int64_t fen;
    const char* words;
  } cases[] = {{0, "零元整"},
               {1, "壹分"},
               {50, "伍角"},
               {105, "壹元零伍分"},
               {10350, "壹佰零叁元伍角"},
               {5'000'000, "伍万元整"},
               {10'000'00, "壹万元整"},
               {100'010'00, "壹拾万零壹拾元整"},
               {1'0005'0000'00, "壹亿零伍万元整"},
               {1'0000'0001'00, "壹亿零壹元整"},
               {2'500'000'00, "贰佰伍拾万元整"},
               {-30000, "负叁佰元整"},
               {1234567'89, "壹佰贰拾叁万肆仟伍佰陆拾柒元捌角玖分"}};
  for (const auto& c : cases) EXPECT_EQ(yuan_in_words(c.fen), c.words) << c.fen;
}

// ---- issuing

TEST_F(Papered, WhatWasIssuedStaysAsItWas) {
  const Record waiting = checked("doc_rectify");
  const Issued issued = issue(head(), waiting, "rectify");
  EXPECT_EQ(issued.number, "晋阳（监管一）煤安责改〔2026〕1号");
  EXPECT_EQ(issued.office, "阳城县应急管理局");
  const Record now = *examples->store().get(head(), waiting.type, waiting.id);
  EXPECT_EQ(now.state, "issued");
  EXPECT_EQ(now.text("document_number"), issued.number);
  EXPECT_EQ(now.number("sequence"), 1.0);
  const auto first = papers->pdf(head(), now, "rectify");
  ASSERT_TRUE(first.ok());
  EXPECT_EQ(sha256_hex(first->pdf), issued.sha256);
  const std::string text = squeezed(text_of(first->pdf));
  EXPECT_THAT(text, Not(HasSubstr("草稿")));
  EXPECT_THAT(text, HasSubstr(squeezed(issued.number)));
  // The record and what it refers to change; the paper does not.
  ASSERT_TRUE(std::holds_alternative<Record>(
      examples->store().update(examples->all(), now.type, now.id, 0, {{"facts", std::string("后来改了")}})));
  const Record later = *examples->store().get(head(), waiting.type, waiting.id);
  EXPECT_EQ(papers->pdf(head(), later, "rectify")->pdf, first->pdf);
  // On the record: the file and an entry of the history.
  const auto kept = std::get<std::vector<std::string>>(later.fields.at("rendered"));
  EXPECT_EQ(kept, std::vector<std::string>{issued.sha256});
  const auto history = examples->store().history(head(), later.type, later.id);
  ASSERT_TRUE(history.ok());
  EXPECT_TRUE(std::any_of(history->begin(), history->end(), [&](const auto& change) {
    return change.action == "paper" && change.diff["#paper"].text("sha256") == issued.sha256 &&
           change.actor == "head";
  }));
  EXPECT_TRUE(examples->store().verify()->ok);
}

TEST_F(Papered, TheStepThatIssuesMakesThePaperToo) {
  const Record waiting = checked("doc_rectify");
  Outcome<Record> stepped = Refusal{};
  const Status done = examples->store().write([&](record::Writer& writer) -> Status {
    stepped = papers->step(writer, head(), waiting.type, waiting.id, waiting.version, "issue", {}, "");
    if (const auto* refusal = std::get_if<Refusal>(&stepped)) return refusal->error;
    return {};
  });
  ASSERT_TRUE(done.ok()) << done.error().text();
  const auto issued = papers->issued(std::get<Record>(stepped));
  ASSERT_TRUE(issued.ok());
  ASSERT_EQ(issued->size(), 1u);
  EXPECT_EQ(issued->front().number, std::get<Record>(stepped).text("document_number"));
}

TEST_F(Papered, ASecondTimeAWrongStateAWrongRoleAndAStaleVersionAreRefused) {
  const Record draft = record("doc_rectify");
  EXPECT_EQ(refused(head(), draft, "rectify").error.code, Errc::conflict);  // not checked yet
  const Record waiting = checked("doc_rectify");
  const Actor officer = examples->person("officer", {"enforcement_officer"}, "county");
  EXPECT_EQ(refused(officer, waiting, "rectify").error.code, Errc::forbidden);
  Record stale = waiting;
  stale.version -= 1;
  EXPECT_EQ(refused(head(), stale, "rectify").error.code, Errc::conflict);
  EXPECT_EQ(refused(head(), waiting, "seizure").error.code, Errc::not_found);  // another kind
  issue(head(), waiting, "rectify");
  const Record now = *examples->store().get(head(), waiting.type, waiting.id);
  const Refusal again = refused(head(), now, "rectify");
  EXPECT_EQ(again.error.code, Errc::conflict);
  EXPECT_THAT(again.error.message, HasSubstr("issued on 2026-03-18"));
  EXPECT_EQ(papers->issued(now)->size(), 1u);
}

TEST_F(Papered, ARefusedIssueTakesNoNumber) {
  const Record waiting = checked("doc_rectify");
  const Status undone = examples->store().write([&](record::Writer& writer) -> Status {
    auto stepped = papers->step(writer, head(), waiting.type, waiting.id, waiting.version, "issue", {}, "");
    EXPECT_EQ(std::get<Record>(stepped).text("document_number"), "晋阳（监管一）煤安责改〔2026〕1号");
    return conflict("something after it fails");
  });
  EXPECT_FALSE(undone.ok());
  EXPECT_TRUE(papers->issued(waiting)->empty());
  EXPECT_EQ(issue(head(), waiting, "rectify").number, "晋阳（监管一）煤安责改〔2026〕1号");
}

TEST_F(Papered, EachOfficeKindAndYearCountsForItself) {
  EXPECT_EQ(issue(head(), checked("doc_rectify"), "rectify").number, "晋阳（监管一）煤安责改〔2026〕1号");
  EXPECT_EQ(issue(head(), checked("doc_rectify"), "rectify").number, "晋阳（监管一）煤安责改〔2026〕2号");
  EXPECT_EQ(issue(head(), checked("doc_notice"), "penalty_notice").number,
            "晋阳（监管一）煤安罚告〔2026〕1号");
  EXPECT_EQ(
      issue(head(), checked("doc_rectify", {{"office_short", std::string("监管二")}}), "rectify").number,
      "晋阳（监管二）煤安责改〔2026〕1号");
  examples->clock().advance(std::chrono::hours(24 * 300));
  EXPECT_EQ(issue(head(), checked("doc_rectify"), "rectify").number, "晋阳（监管一）煤安责改〔2027〕1号");
  // A paper with a series of its own, here of what it is the receipt of.
  const Record served = checked("doc_rectify");
  issue(head(), served, "rectify");
  for (const char* number :
       {"晋阳（监管一）煤安责改〔2027〕2号-回1", "晋阳（监管一）煤安责改〔2027〕2号-回2"}) {
    Fields fields = record("service").fields;
    fields["document"] = served.id;
    const Record receipt =
        std::get<Record>(examples->store().create(examples->all(), "service_record", fields));
    EXPECT_EQ(issue(head(), receipt, "service_receipt_one").number, number);
  }
}

TEST_F(Papered, ProtectedFieldsAreForThoseWhoSeeThem) {
  const Record r = record("certificate");
  const Actor county = examples->person("officer", {"county_officer"}, "county");
  const Actor trainer = examples->person("safety", {"training_officer"}, "unit");
  const auto seen = *examples->store().get(county, r.type, r.id);
  const auto draft = papers->pdf(county, seen, "training_certificate");
  ASSERT_TRUE(draft.ok()) << draft.error().text();
  EXPECT_THAT(squeezed(text_of(draft->pdf)), Not(HasSubstr("11010519491231002X")));
  const auto own =
      papers->pdf(trainer, *examples->store().get(trainer, r.type, r.id), "training_certificate");
  ASSERT_TRUE(own.ok());
  EXPECT_THAT(squeezed(text_of(own->pdf)), HasSubstr("11010519491231002X"));
}

// ---- genuine or not

TEST_F(Papered, ACodeTellsOfficeKindNumberAndDayAndComparesFiles) {
  const Record waiting = checked("doc_rectify");
  const Issued issued = issue(head(), waiting, "rectify");
  const auto pdf =
      papers->pdf(head(), *examples->store().get(head(), waiting.type, waiting.id), "rectify")->pdf;
  const std::string text = squeezed(text_of(pdf));
  const std::string printed = fmt::format("{}-{}-{}-{}", issued.code.substr(0, 4), issued.code.substr(4, 4),
                                          issued.code.substr(8, 4), issued.code.substr(12, 4));
  EXPECT_THAT(text, HasSubstr(printed));
  // The QR code leads to the page of the code; read by zbar, from a scan of 200 dots an inch.
  EXPECT_EQ(output_of("pdftoppm -r 200 -png -singlefile " + folder.path() + "/p.pdf " + folder.path() +
                      "/p && zbarimg --nodbus --quiet --raw " + folder.path() + "/p.png 2>/dev/null"),
            "https://aq.example.gov.cn/verify/" + issued.code + "\n");
  auto found = papers->check(lower_ascii(printed), pdf);
  ASSERT_TRUE(found.ok() && *found);
  EXPECT_EQ((*found)->title, "责令限期整改指令书");
  EXPECT_EQ((*found)->number, issued.number);
  EXPECT_EQ(format_date((*found)->issued_on), "2026-03-18");
  EXPECT_EQ((*found)->same_file, true);
  EXPECT_EQ((*papers->check(issued.code, pdf + " "))->same_file, false);
  EXPECT_FALSE((*papers->check(issued.code, std::nullopt))->same_file.has_value());
  for (const char* wrong : {"", "0000-0000-0000-0000", "x", "责令", "0000000000000000000000000000"})
    EXPECT_FALSE(papers->check(wrong, std::nullopt)->has_value()) << wrong;
}

TEST_F(Papered, ACodeTellsThatAPaperWasVoidedAndSinceWhen) {
  const Record waiting = checked("doc_rectify");
  const Issued issued = issue(head(), waiting, "rectify");
  EXPECT_FALSE((*papers->check(issued.code, std::nullopt))->void_since.has_value());
  examples->clock().advance(std::chrono::hours(72));
  const Record now = *examples->store().get(head(), waiting.type, waiting.id);
  auto voided = examples->store().step(head(), now.type, now.id, now.version, "void", {}, "文号打错");
  ASSERT_TRUE(std::holds_alternative<Record>(voided)) << std::get<Refusal>(voided).error.text();
  examples->clock().advance(std::chrono::hours(240));
  // Later changes do not move the day.
  ASSERT_TRUE(std::holds_alternative<Record>(
      examples->store().update(examples->all(), now.type, now.id, 0, {{"facts", std::string("补记")}})));
  const auto found = papers->check(issued.code, std::nullopt);
  ASSERT_TRUE(found.ok() && *found && (*found)->void_since);
  EXPECT_EQ(format_date(*(*found)->void_since), "2026-03-21");
  EXPECT_EQ(format_date((*found)->issued_on), "2026-03-18");
  EXPECT_EQ((*found)->number, issued.number);
}

TEST(Codes, AreReadAsPeopleWriteThem) {
  EXPECT_EQ(normal_code("abcd efgh-jkmn-pqrs"), "ABCDEFGHJKMNPQRS");
  EXPECT_EQ(normal_code("oOiI-lL00-1111-2222"), "0011110011112222");
  EXPECT_FALSE(normal_code("ABCD-EFGH-JKMN-PQR"));
  EXPECT_FALSE(normal_code("ABCD-EFGH-JKMN-PQRU"));
}

// ---- numbers under load, on both databases

class Numbers : public Papered, public ::testing::WithParamInterface<db::Engine> {
 protected:
  void SetUp() override {
    if (!db::TestDatabase::available(GetParam()))
      GTEST_SKIP() << "engine postgres SKIPPED: MW_TEST_POSTGRES is not set (tools/with-postgres sets it)";
    database = std::make_unique<db::TestDatabase>(GetParam());
    open(database->url());
  }
  std::unique_ptr<db::TestDatabase> database;
};

TEST_P(Numbers, ManyThreadsGetOneNumberEachWithoutGaps) {
  constexpr int kThreads = 6, kEach = 5;
  std::vector<Record> waiting;
  for (int i = 0; i < kThreads * kEach; ++i) waiting.push_back(checked("doc_rectify"));
  std::vector<std::thread> threads;
  std::atomic<int> refusals = 0;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < kEach; ++i) {
        const Record& r = waiting[static_cast<std::size_t>(t * kEach + i)];
        // Some attempts are taken back after the number was given.
        if (i % 2 == 1) {
          const Status undone = examples->store().write([&](record::Writer& writer) -> Status {
            (void)writer.step(head(), r.type, r.id, r.version, "issue", {});
            return conflict("undone");
          });
          EXPECT_FALSE(undone.ok());
        }
        auto stepped = examples->store().step(head(), r.type, r.id, r.version, "issue", {});
        if (std::holds_alternative<Refusal>(stepped)) ++refusals;
      }
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(refusals, 0);
  std::set<int> sequences;
  std::set<std::string> numbers;
  for (const auto& r : waiting) {
    const Record now = *examples->store().get(head(), r.type, r.id);
    sequences.insert(static_cast<int>(now.number("sequence").value_or(0)));
    numbers.insert(now.text("document_number"));
  }
  EXPECT_EQ(numbers.size(), waiting.size());
  EXPECT_EQ(*sequences.begin(), 1);
  EXPECT_EQ(*sequences.rbegin(), kThreads * kEach);
  EXPECT_EQ(sequences.size(), waiting.size());
}

MW_ON_BOTH_ENGINES(Numbers);

}  // namespace
}  // namespace mineward::paper
