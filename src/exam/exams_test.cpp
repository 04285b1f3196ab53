// Examinations as they are taken, on both databases, with the packs of the repository.
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "exam/exam.h"
#include "pack/load.h"
#include "record/template_testing.h"
#include "record/testing.h"

namespace mineward::exam {
namespace {

using record::Fields;
using record::Refusal;
using record::fixture::must;
using record::fixture::refused;

/// The record types of examinations and all that their references lead to.
const pack::CatalogPtr& packs() {
  static const pack::CatalogPtr catalog = [] {
    const std::string folder = std::string(MW_SOURCE_DIR) + "/packs";
    auto outcome = pack::load_catalog(std::span(&folder, 1));
    for (const auto& mistake : outcome.mistakes) throw std::runtime_error(mistake.text());
    auto out = std::make_shared<pack::Catalog>(*outcome.catalog);
    std::set<std::string> kept;
    std::vector<std::string> open = {"exam_answer", "training_attendance"};
    while (!open.empty()) {
      const auto* type = out->record_type(open.back());
      open.pop_back();
      if (!type || !kept.insert(type->name).second) continue;
      for (const auto& field : type->fields) {
        if (!field.target.empty()) open.push_back(field.target);
      }
    }
    std::erase_if(out->record_types, [&](const auto& type) { return !kept.contains(type.name); });
    return pack::CatalogPtr(out);
  }();
  return catalog;
}

constexpr const char* kBegin = "2026-03-02 09:00:00";

/// A county with a mine of four people, an examination officer, and a bank of 12 single, 4 multiple choices
/// and 8 judgements, whose right answers begin with the letter R of their option's text.
class Hall {
 public:
  explicit Hall(db::Engine engine)
      : database(engine,
                 engine == db::Engine::sqlite ? record::template_file(packs(), 2000) : std::string()) {
    store = must(record::open_store(packs(), *database, *files, clock, ids,
                                    {database.folder().path() + "/files", 4096, 2000}));
    exams = std::make_unique<Exams>(*store, clock, *random);
    const RecordId region = add("region", {{"code", "520523"}, {"name", "县"}, {"level", "county"}});
    county = organisation("YJ", "regulator", "county", region, {});
    mine_organisation = organisation("M", "mine", "mine", region, county);
    elsewhere = organisation("E", "regulator", "county", region, {});
    mine = add("mine", {{"code", "520523000001"},
                        {"name", "一矿"},
                        {"organisation", mine_organisation},
                        {"kind", "coal"},
                        {"status", "producing"}});
    for (int i = 0; i < 4; ++i)
      persons.push_back(add("person", {{"organisation", mine_organisation},
                                       {"mine", mine},
                                       {"card", std::to_string(i)},
                                       {"name", "职工" + std::to_string(i)}}));
    officer = account("ksgl", county, "exam_officer", {});
    other_officer = account("other", county, "exam_officer", {});
    neighbour = account("linxian", elsewhere, "exam_officer", {});
    worker = account("zhigong", mine_organisation, "worker", persons[0]);
    colleague = account("colleague", mine_organisation, "worker", persons[1]);
    fill_bank();
  }

  RecordId add(const std::string& type, const Fields& fields) {
    return must(store->create(root, type, fields)).id;
  }
  void step(const Actor& who, const std::string& type, RecordId id, const std::string& name) {
    const std::int64_t version = must(store->get(root, type, id)).version;
    must(store->step(who, type, id, version, name, {}, "试"));
  }
  RecordId organisation(const std::string& code, const std::string& kind, const std::string& level,
                        RecordId region, RecordId parent) {
    Fields fields{{"code", code}, {"name", code}, {"kind", kind}, {"level", level}, {"region", region}};
    if (parent) fields["parent"] = parent;
    return add("organisation", fields);
  }
  Actor account(const std::string& name, RecordId at, const std::string& role, RecordId person) {
    Fields fields{{"name", name},
                  {"display_name", name},
                  {"organisation", at},
                  {"roles", std::vector<std::string>{role}}};
    if (person) fields["person"] = person;
    Actor actor;
    actor.account = add("account", fields);
    actor.name = name;
    actor.roles = {role};
    actor.organisation = actor.scope.root = at;
    return actor;
  }
  RecordId question(const std::string& kind, int n, std::string answer) {
    Fields fields{{"edition", "2026"},
                  {"authority", county},
                  {"trade", "gas_inspection"},
                  {"topic", "law"},
                  {"kind", kind},
                  {"stem", kind + " " + std::to_string(n)},
                  {"answer", answer},
                  {"basis", "第" + std::to_string(n) + "条"}};
    if (kind != "judge") {
      for (const char letter : {'A', 'B', 'C', 'D'}) {
        const bool right = answer.find(letter) != std::string::npos;
        fields[std::string("option_") + static_cast<char>(letter - 'A' + 'a')] =
            std::string(right ? "R" : "W") + letter;
      }
    }
    const RecordId id = add("question", fields);
    step(other_officer, "question", id, "approve");
    return id;
  }
  void fill_bank() {
    for (int i = 0; i < 12; ++i) questions.push_back(question("single", i, std::string(1, "ABCD"[i % 4])));
    for (int i = 0; i < 4; ++i) questions.push_back(question("multiple", i, "BD"));
    for (int i = 0; i < 8; ++i) questions.push_back(question("judge", i, i % 2 ? "A" : "B"));
  }
  /// 6 singles of 1 point, 2 multiples of 2, 5 judgements of 1: 15 points.
  RecordId examination(const std::string& kind, const Fields& more = {}) {
    Fields fields{{"mine", mine},
                  {"organisation", mine_organisation},
                  {"title", "瓦检员考试"},
                  {"kind", kind},
                  {"trade", "gas_inspection"},
                  {"held_at", EventTime{clock.now().utc_ms}},
                  {"single_count", std::int64_t{6}},
                  {"multiple_count", std::int64_t{2}},
                  {"multiple_points", 2.0},
                  {"judge_count", std::int64_t{5}}};
    for (const auto& [name, value] : more) fields[name] = value;
    const RecordId id = must(store->create(officer, "exam", fields)).id;
    step(officer, "exam", id, "open");
    return id;
  }
  RecordId paper_for(RecordId exam, RecordId person) {
    return must(exams->add(officer, exam, {{person}, {}, 0})).at(0).id;
  }
  Access access(const Actor& actor, RecordId paper) { return must(exams->by_account(actor, paper)); }
  Record paper(RecordId id) { return must(store->get(root, "exam_paper", id)); }

  /// Answers right, or wrong, by the texts before the candidate: he has nothing else.
  void answer(const Access& who, const ShownQuestion& q, bool rightly) {
    std::string letters;
    if (q.kind == "judge") {
      const bool truth = (q.stem.back() - '0') % 2 == 1;
      letters = truth == rightly ? "A" : "B";
    } else {
      for (std::size_t i = 0; i < q.options.size(); ++i) {
        if (q.options[i][0] == (rightly ? 'R' : 'W')) letters += static_cast<char>('A' + i);
      }
      if (q.kind == "single") letters.resize(1);
    }
    must(exams->answer(who, q.sequence, letters));
  }
  /// The first `wrong` questions wrongly, the others rightly.
  void answer_all(const Access& who, const ShownPaper& shown, int wrong) {
    for (const auto& q : shown.questions) answer(who, q, q.sequence > wrong);
  }

  db::TestDatabase database;
  std::unique_ptr<Files> files = system_files();
  ManualClock clock{ArrivalTime{parse_time(kBegin)->utc_ms}};
  IdMaker ids{clock, 1};
  std::unique_ptr<Random> random = seeded_random(7);
  std::unique_ptr<record::Store> store;
  std::unique_ptr<Exams> exams;
  const Actor root = Actor::system("system:test");
  RecordId county, mine_organisation, elsewhere, mine;
  std::vector<RecordId> persons, questions;
  Actor officer, other_officer, neighbour, worker, colleague;
};

class ExamsTest : public db::OnBothEngines {
 protected:
  void SetUp() override {
    OnBothEngines::SetUp();
    if (!IsSkipped()) hall = std::make_unique<Hall>(GetParam());
  }
  Hall& h() { return *hall; }
  std::unique_ptr<Hall> hall;
};
MW_ON_BOTH_ENGINES(ExamsTest);

TEST_P(ExamsTest, IsMarkedAsAHandWouldAndTellsTheTrainingRecord) {
  const RecordId session = h().add("training_session", {{"organisation", h().mine_organisation},
                                                        {"mine", h().mine},
                                                        {"audience", "special_workers"},
                                                        {"kind", "first"},
                                                        {"topic", "瓦斯"},
                                                        {"topics", std::vector<std::string>{"law"}},
                                                        {"began_at", EventTime{h().clock.now().utc_ms}},
                                                        {"hours", 8.0}});
  const RecordId attended =
      h().add("training_attendance", {{"session", session}, {"person", h().persons[0]}, {"hours", 8.0}});
  const RecordId exam = h().examination("admission", {{"session", session}});
  const RecordId paper = h().paper_for(exam, h().persons[0]);
  const Access worker = h().access(h().worker, paper);
  EXPECT_TRUE(worker.candidate);
  const ShownPaper begun = must(h().exams->start(worker));
  ASSERT_EQ(begun.questions.size(), 13u);
  EXPECT_EQ(begun.paper.time("due_at")->utc_ms, h().clock.now().utc_ms + 60 * 60'000)
      << "EXM-POST gives 60 min";
  h().answer_all(worker, begun, 3);  // three singles wrong: 12 of 15 points
  const ShownPaper done = must(h().exams->hand_in(worker));
  EXPECT_EQ(done.paper.state, "passed");
  EXPECT_DOUBLE_EQ(*done.paper.number("score"), 80.0);
  const Record attendance = must(h().store->get(h().root, "training_attendance", attended));
  EXPECT_DOUBLE_EQ(*attendance.number("score"), 80.0);
  EXPECT_EQ(attendance.text("result"), "passed");
  // One more wrong: 11 of 15 is 73.33...
  const Access second = h().access(h().colleague, h().paper_for(exam, h().persons[1]));
  h().answer_all(second, must(h().exams->start(second)), 4);
  const ShownPaper failed = must(h().exams->hand_in(second));
  EXPECT_EQ(failed.paper.state, "failed");
  EXPECT_DOUBLE_EQ(*failed.paper.number("score"), 73.3);
}

TEST_P(ExamsTest, TheLastMillisecondCountsAndTheNextDoesNot) {
  const RecordId paper = h().paper_for(h().examination("inspection"), h().persons[0]);
  const Access worker = h().access(h().worker, paper);
  const ShownPaper begun = must(h().exams->start(worker));
  for (int i = 0; i < 12; ++i) h().answer(worker, begun.questions[static_cast<std::size_t>(i)], true);
  h().clock.advance(Millis(30 * 60'000));  // EXM-INSPECTION gives 30 min
  h().answer(worker, begun.questions[12], true);
  h().clock.advance(Millis(1));
  const Refusal late = refused(h().exams->answer(worker, 13, "A"));
  EXPECT_EQ(late.faults.at(0).field, "due_at");
  EXPECT_FALSE(late.faults.at(0).words.zh.empty());
  EXPECT_EQ(h().paper(paper).state, "started");
  must(h().exams->close_due());
  EXPECT_EQ(h().paper(paper).state, "passed") << "what was answered in time is marked";
  EXPECT_DOUBLE_EQ(*h().paper(paper).number("score"), 100.0);
}

TEST_P(ExamsTest, GoesOnWhereItWasLeft) {
  const RecordId paper = h().paper_for(h().examination("admission"), h().persons[0]);
  const Access phone = h().access(h().worker, paper);
  const ShownPaper begun = must(h().exams->start(phone));
  h().answer(phone, begun.questions[0], true);
  h().clock.advance(Millis(600'000));
  const ShownPaper elsewhere = must(h().exams->start(h().access(h().worker, paper)));
  ASSERT_EQ(elsewhere.questions.size(), begun.questions.size());
  for (std::size_t i = 0; i < begun.questions.size(); ++i) {
    EXPECT_EQ(elsewhere.questions[i].stem, begun.questions[i].stem);
    EXPECT_EQ(elsewhere.questions[i].options, begun.questions[i].options);
    EXPECT_EQ(elsewhere.questions[i].given.empty(), i != 0);
  }
  EXPECT_EQ(elsewhere.paper.time("due_at")->utc_ms, begun.paper.time("due_at")->utc_ms) << "no time is won";
  // Taken back is not answered.
  must(h().exams->answer(phone, 1, ""));
  EXPECT_EQ(must(h().exams->view(phone)).questions[0].given, "");
}

TEST_P(ExamsTest, APaperStaysAsItWasDrawn) {
  const RecordId paper = h().paper_for(h().examination("admission"), h().persons[0]);
  const Access worker = h().access(h().worker, paper);
  const ShownPaper begun = must(h().exams->start(worker));
  for (const RecordId id : h().questions) {
    h().step(h().other_officer, "question", id, "pause");
    h().step(h().other_officer, "question", id, "revise");
    must(h().store->update(h().root, "question", id, 0, {{"stem", "别的题"}, {"answer", "C"}}));
  }
  const ShownPaper later = must(h().exams->view(worker));
  EXPECT_EQ(later.questions[0].stem, begun.questions[0].stem);
  h().answer_all(worker, later, 0);
  EXPECT_DOUBLE_EQ(*must(h().exams->hand_in(worker)).paper.number("score"), 100.0);
}

TEST_P(ExamsTest, NoRightAnswerBeforeItIsClosed) {
  const RecordId exam = h().examination("admission");
  const RecordId paper = h().paper_for(exam, h().persons[0]);
  const Access worker = h().access(h().worker, paper);
  const ShownPaper begun = must(h().exams->start(worker));
  const auto no_answers = [](const ShownPaper& shown) {
    EXPECT_FALSE(shown.review);
    for (const auto& q : shown.questions) {
      EXPECT_EQ(q.right, "");
      EXPECT_EQ(q.basis, "");
    }
  };
  no_answers(begun);
  h().answer_all(worker, begun, 0);
  const ShownPaper handed_in = must(h().exams->hand_in(worker));
  no_answers(handed_in);
  EXPECT_TRUE(handed_in.questions.empty()) << "handed in, but others may still be sitting it";
  EXPECT_TRUE(must(h().exams->view(h().access(h().officer, paper))).questions.empty());
  EXPECT_EQ(refused(h().exams->statistics(h().officer, exam)).error.code, Errc::conflict);
  // The records beneath tell nobody either, in no form.
  record::ListQuery query;
  query.type = "exam_answer";
  query.limit = 100;
  for (const Actor* who : {&h().officer, &h().worker}) {
    EXPECT_FALSE(h().store->list(*who, query));
    EXPECT_FALSE(h().store->export_csv(*who, query));
  }
  must(h().exams->close(h().officer, exam));
  const ShownPaper review = must(h().exams->view(worker));
  EXPECT_TRUE(review.review);
  ASSERT_EQ(review.questions.size(), 13u);
  for (const auto& q : review.questions) {
    EXPECT_TRUE(q.correct);
    EXPECT_EQ(q.right, q.given);
    EXPECT_FALSE(q.basis.empty());
  }
}

TEST_P(ExamsTest, ResitsAsTheRuleAllows) {
  const RecordId exam = h().examination("admission");  // EXM-POST: one resit
  const auto fail = [&](RecordId paper) {
    const Access worker = h().access(h().worker, paper);
    must(h().exams->start(worker));
    EXPECT_EQ(must(h().exams->hand_in(worker)).paper.state, "failed");
  };
  const RecordId first = h().paper_for(exam, h().persons[0]);
  EXPECT_EQ(refused(h().exams->add(h().officer, exam, {{h().persons[0]}, {}, 0})).faults.at(0).field,
            "persons");
  fail(first);
  const RecordId second = h().paper_for(exam, h().persons[0]);
  EXPECT_EQ(*h().paper(second).number("attempt"), 2);
  fail(second);
  EXPECT_NE(
      refused(h().exams->add(h().officer, exam, {{h().persons[0]}, {}, 0})).error.message.find("retraining"),
      std::string::npos);
  // A paper made past the route is not begun either.
  const RecordId third = h().add("exam_paper", {{"exam", exam},
                                                {"person", h().persons[0]},
                                                {"account", h().worker.account},
                                                {"attempt", std::int64_t{3}}});
  EXPECT_EQ(refused(h().exams->start(h().access(h().worker, third))).faults.at(0).field, "attempt");
  // At an inspection there is none.
  const RecordId spot = h().examination("inspection");
  fail(h().paper_for(spot, h().persons[0]));
  EXPECT_EQ(refused(h().exams->add(h().officer, spot, {{h().persons[0]}, {}, 0})).error.code, Errc::conflict);
}

TEST_P(ExamsTest, OneAtATimeAndOnlyByTheCandidate) {
  const RecordId one = h().paper_for(h().examination("admission"), h().persons[0]);
  const RecordId two = h().paper_for(h().examination("yearly"), h().persons[0]);
  must(h().exams->start(h().access(h().worker, one)));
  EXPECT_EQ(refused(h().exams->start(h().access(h().worker, two))).faults.at(0).field, "person");
  EXPECT_FALSE(h().exams->by_account(h().colleague, one)) << "a colleague of the same mine";
  EXPECT_FALSE(h().exams->by_account(h().neighbour, one)) << "an officer of another county";
  const Access officer = h().access(h().officer, one);
  EXPECT_FALSE(officer.candidate);
  EXPECT_EQ(refused(h().exams->answer(officer, 1, "A")).error.code, Errc::forbidden);
  EXPECT_EQ(refused(h().exams->start(officer)).error.code, Errc::forbidden);
  EXPECT_EQ(refused(h().exams->answer(h().access(h().worker, one), 14, "A")).faults.at(0).field, "sequence");
  EXPECT_EQ(refused(h().exams->answer(h().access(h().worker, one), 1, "AB")).faults.at(0).field, "given");
}

TEST_P(ExamsTest, ACodeServesWhoHasNoAccount) {
  const RecordId exam = h().examination("inspection");
  const RecordId paper = h().paper_for(exam, h().persons[3]);
  const std::string code = must(h().exams->issue_code(h().officer, paper));
  ASSERT_EQ(code.size(), 11u);
  std::string typed = " ";
  for (const char c : code) typed += static_cast<char>(std::tolower(c == '0' ? 'o' : c == '1' ? 'l' : c));
  const Access access = must(h().exams->by_code(typed, "10.0.0.1"));
  EXPECT_EQ(access.paper, paper);
  const ShownPaper begun = must(h().exams->start(access));
  h().answer_all(access, begun, 0);
  EXPECT_EQ(must(h().exams->hand_in(access)).paper.state, "passed");
  EXPECT_FALSE(h().exams->by_code(code.substr(1) + "0", "10.0.0.1"));
  EXPECT_EQ(refused(h().exams->issue_code(h().officer, paper)).error.code, Errc::conflict)
      << "it is handed in";
  // A new code ends the one before; a worker gives none out.
  const RecordId other = h().paper_for(exam, h().persons[2]);
  const std::string before = must(h().exams->issue_code(h().officer, other));
  must(h().exams->issue_code(h().officer, other));
  EXPECT_FALSE(h().exams->by_code(before, ""));
  EXPECT_EQ(refused(h().exams->issue_code(h().worker, other)).error.code, Errc::forbidden);
  EXPECT_EQ(refused(h().exams->issue_code(h().neighbour, other)).error.code, Errc::not_found);
}

TEST_P(ExamsTest, ClosingCountsWhoCameAndWaitsForWhoStillHasTime) {
  const RecordId exam = h().examination("admission");
  const auto drawn = must(h().exams->add(h().officer, exam, {{}, h().mine, 4}));
  EXPECT_EQ(drawn.size(), 4u);
  EXPECT_EQ(refused(h().exams->add(h().officer, exam, {{}, h().mine, 1})).faults.at(0).field, "at_random")
      << "nobody is left";
  std::map<RecordId, RecordId> papers;
  for (const auto& paper : drawn) papers[paper.reference("person")] = paper.id;
  const Access passes = h().access(h().worker, papers[h().persons[0]]);
  h().answer_all(passes, must(h().exams->start(passes)), 0);
  must(h().exams->hand_in(passes));
  const Access leaves = h().access(h().colleague, papers[h().persons[1]]);
  must(h().exams->start(leaves));
  EXPECT_EQ(refused(h().exams->close(h().officer, exam)).faults.at(0).field, "papers");
  h().clock.advance(Millis(60 * 60'000 + 1));
  const Record closed = must(h().exams->close(h().officer, exam));
  EXPECT_EQ(closed.state, "marked");
  EXPECT_EQ(*closed.number("drawn"), 2) << "two did not come";
  EXPECT_EQ(*closed.number("passed"), 1);
  EXPECT_EQ(h().paper(papers[h().persons[1]]).state, "failed");
  EXPECT_EQ(h().paper(papers[h().persons[3]]).state, "absent");
  const Statistics figures = must(h().exams->statistics(h().officer, exam));
  EXPECT_EQ(figures.papers, 2);
  int asked = 0, correct = 0;
  for (const auto& q : figures.questions) {
    asked += q.asked;
    correct += q.correct;
  }
  EXPECT_EQ(asked, 26);
  EXPECT_EQ(correct, 13);
  EXPECT_EQ(refused(h().exams->close(h().worker, exam)).error.code, Errc::forbidden);
}

TEST_P(ExamsTest, ABankTooSmallIsSaidInWords) {
  const RecordId exam = h().examination("admission", {{"single_count", std::int64_t{13}}});
  const ShownExam shown = must(h().exams->exam(h().officer, exam));
  EXPECT_EQ(shown.bank.questions, 24);
  ASSERT_EQ(shown.bank.shortages.size(), 1u);
  const Access worker = h().access(h().worker, h().paper_for(exam, h().persons[0]));
  const Refusal refusal = refused(h().exams->start(worker));
  EXPECT_NE(refusal.faults.at(0).words.zh.find("单选题需 13 道、题库可用 12 道"), std::string::npos)
      << refusal.faults.at(0).words.zh;
  EXPECT_EQ(h().paper(worker.paper).state, "drawn") << "nothing half done";
}

TEST_P(ExamsTest, ADrawCanBeRepeatedFromWhatIsKept) {
  const RecordId exam = h().examination("admission");
  const Access worker = h().access(h().worker, h().paper_for(exam, h().persons[0]));
  must(h().exams->start(worker));
  record::ListQuery query;
  query.type = "exam_answer";
  query.sort = "sequence";
  query.descending = false;
  const auto kept = must(h().store->list(h().root, query)).records;
  std::vector<PoolQuestion> pool;
  for (std::size_t i = 0; i < h().questions.size(); ++i)
    pool.push_back({h().questions[i],
                    i < 12   ? "single"
                    : i < 16 ? "multiple"
                             : "judge",
                    false, i < 16 ? 4 : 2});
  const auto again = draw({{"single", 6, 1, 0}, {"multiple", 2, 2, 0}, {"judge", 5, 1, 0}}, pool,
                          std::stoull(h().paper(worker.paper).text("seed"), nullptr, 16));
  ASSERT_EQ(again.size(), kept.size());
  for (std::size_t i = 0; i < kept.size(); ++i) {
    EXPECT_EQ(kept[i].reference("question"), again[i].id);
    EXPECT_EQ(kept[i].text("option_order"), again[i].order);
  }
}

TEST_P(ExamsTest, EverythingIsInTheLog) {
  const Access worker = h().access(h().worker, h().paper_for(h().examination("admission"), h().persons[0]));
  const ShownPaper begun = must(h().exams->start(worker));
  h().answer_all(worker, begun, 0);
  must(h().exams->hand_in(worker));
  const auto report = must(h().store->verify());
  EXPECT_TRUE(report.ok) << report.message;
  const auto changes = must(h().store->history(h().root, "exam_paper", worker.paper));
  std::vector<std::string> actions;
  for (const auto& change : changes) actions.push_back(change.action + " " + change.actor);
  EXPECT_THAT(actions, ::testing::UnorderedElementsAre("create ksgl", "step:start zhigong",
                                                       "step:submit zhigong", "step:pass system:exams"));
}

}  // namespace
}  // namespace mineward::exam
