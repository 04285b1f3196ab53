// An examination over the wire: what a candidate and an officer are told before and after the end.
#include <gtest/gtest.h>

#include <vector>

#include "api/world_testing.h"

namespace mineward::api {
namespace {

using record::Fields;
using record::Record;
using record::RecordId;
using testing::Answer;
using testing::Session;
using testing::World;

class ExamApi : public ::testing::Test {
 protected:
  void SetUp() override {
    world_.add_account("ksa", world_.here.organisation, {"exam_officer"});
    world_.add_account("ksb", world_.there.organisation, {"exam_officer"});
    worker_ = world_.add_account("gong", world_.here.mine_organisation, {"worker"});
    for (int i = 0; i < 3; ++i) question(i);
    exam_ = made(world_.store->create(system_, "exam",
                                      {{"organisation", world_.here.mine_organisation},
                                       {"mine", world_.here.mine},
                                       {"authority", world_.here.organisation},
                                       {"examiner", worker_},
                                       {"title", std::string("逢查必考")},
                                       {"kind", std::string("inspection")},
                                       {"trade", std::string("general")},
                                       {"held_at", EventTime{world_.clock.now().utc_ms}},
                                       {"single_count", std::int64_t{3}},
                                       {"multiple_count", std::int64_t{0}},
                                       {"judge_count", std::int64_t{0}}}));
    made(world_.store->step(system_, "exam", exam_, 0, "open", {}));
    officer_ = world_.sign_in("ksa");
  }
  static RecordId made(record::Outcome<Record> outcome) {
    if (auto* refusal = std::get_if<record::Refusal>(&outcome)) {
      std::string text = refusal->error.text();
      for (const auto& fault : refusal->faults) text += "; " + fault.field + ": " + fault.message;
      throw std::runtime_error(text);
    }
    return std::get<Record>(outcome).id;
  }
  void question(int i) {
    const RecordId id = made(world_.store->create(system_, "question",
                                                  {{"edition", std::string("1")},
                                                   {"authority", world_.here.organisation},
                                                   {"trade", std::string("general")},
                                                   {"topic", std::string("law")},
                                                   {"kind", std::string("single")},
                                                   {"stem", "题目" + std::to_string(i)},
                                                   {"option_a", std::string("RIGHT")},
                                                   {"option_b", std::string("WRONG")},
                                                   {"answer", std::string("A")},
                                                   {"basis", std::string("BASIS")},
                                                   {"explanation", std::string("EXPLAINED")}}));
    made(world_.store->step(system_, "question", id, 0, "approve", {}));
  }
  std::string add(RecordId person) {
    const Json answer = world_.json("POST", "/api/v1/exams/" + exam_.text() + "/candidates", officer_,
                                    R"({"persons":[")" + person.text() + R"("]})");
    const auto* papers = answer["papers"].array();
    if (!papers || papers->empty()) throw std::runtime_error(answer.dump());
    return std::string(papers->front().text("id"));
  }
  /// Asks and keeps what came back.
  Json told(const std::string& method, const std::string& path, const Session& who,
            const std::string& body = {}) {
    const Answer answer = world_.ask(method, path, who, body);
    bodies_.push_back(method + " " + path + "\n" + answer.body);
    auto parsed = parse_json(answer.body);
    return parsed ? *parsed : Json();
  }
  static std::string letter_of(const Json& question, std::string_view text) {
    const auto& options = *question["options"].array();
    for (std::size_t i = 0; i < options.size(); ++i) {
      if (*options[i].string() == text) return std::string(1, static_cast<char>('A' + i));
    }
    return "";
  }

  World world_;
  const record::Actor system_ = record::Actor::system("system:test");
  RecordId worker_, exam_;
  Session officer_;
  std::vector<std::string> bodies_;
};

TEST_F(ExamApi, NoAnswerOfTheServerHoldsARightOneBeforeTheEnd) {
  const std::string paper = add(world_.here.person);
  const std::string base = "/api/v1/exam-papers/" + paper;
  const std::string code(told("POST", base + "/code", officer_, "{}").text("code"));
  const std::string with_code = R"({"code":")" + code + R"(")";
  told("POST", "/api/v1/exam-codes/paper", {}, with_code + "}");
  const Json begun = told("POST", "/api/v1/exam-codes/start", {}, with_code + "}");
  ASSERT_EQ(begun["questions"].array()->size(), 3u) << begun.dump();
  for (const auto& question : *begun["questions"].array()) {
    told("POST", "/api/v1/exam-codes/answers", {},
         with_code + R"(,"sequence":)" + std::to_string(*question["sequence"].integer()) + R"(,"given":")" +
             letter_of(question, "RIGHT") + R"("})");
  }
  const Json done = told("POST", "/api/v1/exam-codes/hand-in", {}, with_code + "}");
  EXPECT_EQ(done["paper"].text("state"), "passed") << done.dump();
  EXPECT_EQ(done["paper"]["score"].number(), 100.0);
  told("POST", "/api/v1/exam-codes/paper", {}, with_code + "}");
  // Everybody of the county looks wherever he may.
  world_.add_account("zfa", world_.here.organisation, {"enforcement_officer"});
  world_.add_account("pxa", world_.here.mine_organisation, {"training_officer"});
  for (const char* name : {"gong", "zfa", "pxa", "xiana", "aqya"}) {
    const Session who = world_.sign_in(name);
    for (const std::string& path : std::vector<std::string>{
             base, "/api/v1/exams/" + exam_.text(), "/api/v1/exams/" + exam_.text() + "/statistics",
             "/api/v1/my-exams", "/api/v1/records/exam_paper/" + paper,
             "/api/v1/records/exam_paper/" + paper + "/history", "/api/v1/records/exam_answer?limit=100",
             "/api/v1/records/exam_answer/export.csv", "/api/v1/records/question",
             "/api/v1/search?q=%E9%A2%98%E7%9B%AE", "/api/v1/options/question"})
      told("GET", path, who);
  }
  for (const auto& body : bodies_) {
    for (const char* trace :
         {"\"right\"", "right_letters\":\"", "\"answer\":\"", "\"correct\"", "BASIS", "EXPLAINED"})
      EXPECT_EQ(body.find(trace), std::string::npos) << trace << " in " << body.substr(0, 2000);
  }
  // After the end the candidate sees them, and only he and officers.
  ASSERT_EQ(world_.ask("POST", "/api/v1/exams/" + exam_.text() + "/close", officer_, "{}").status, 200);
  const Json review = world_.json("POST", "/api/v1/exam-codes/paper", {}, with_code + "}");
  ASSERT_EQ(review["questions"].array()->size(), 3u);
  for (const auto& question : *review["questions"].array()) {
    EXPECT_EQ(question.text("right"), letter_of(question, "RIGHT"));
    EXPECT_TRUE(*question["correct"].boolean());
  }
  EXPECT_EQ(world_.json("GET", "/api/v1/exams/" + exam_.text() + "/statistics", officer_)["questions"]
                .array()
                ->size(),
            3u);
  EXPECT_EQ(world_.ask("GET", base, world_.sign_in("gong")).status, 404) << "not his paper";
}

TEST_F(ExamApi, TheTimeIsTheServers) {
  const std::string paper = add(world_.here.person);
  // The account becomes that of the candidate.
  made(world_.store->update(system_, "account", worker_, 0, {{"person", world_.here.person}}));
  const Session worker = world_.sign_in("gong");
  const std::string base = "/api/v1/exam-papers/" + paper;
  const Json listed = world_.json("GET", "/api/v1/my-exams", worker);
  ASSERT_EQ(listed["papers"].array()->size(), 1u) << listed.dump();
  const Json begun = world_.json("POST", base + "/start", worker, "{}");
  EXPECT_EQ(begun.text("now"), format_rfc3339(world_.clock.now()));
  EXPECT_EQ(begun["paper"].text("due_at"), format_rfc3339(world_.clock.now() + Millis(30 * 60'000)));
  world_.clock.advance(Millis(30 * 60'000));
  EXPECT_EQ(world_.ask("POST", base + "/answers", worker, R"({"sequence":1,"given":"A"})").status, 200);
  world_.clock.advance(Millis(1));
  const Answer late = world_.ask("POST", base + "/answers", worker, R"({"sequence":2,"given":"A"})");
  EXPECT_EQ(late.status, 409);
  EXPECT_NE(late.body.find("答题时间已到"), std::string::npos) << late.body;
  const Json over = world_.json("GET", base, worker);
  EXPECT_EQ(over["paper"].text("state"), "failed") << "closed and marked when it is asked for";
  EXPECT_EQ(world_.ask("POST", base + "/answers", worker, R"({"sequence":0,"given":"A"})").status, 400);
}

TEST_F(ExamApi, ANeighbourAndAWrongCodeFindNothing) {
  const std::string paper = add(world_.here.person);
  const Session neighbour = world_.sign_in("ksb");
  for (const std::string& path :
       std::vector<std::string>{"/api/v1/exams/" + exam_.text(), "/api/v1/exam-papers/" + paper})
    EXPECT_EQ(world_.ask("GET", path, neighbour).status, 404) << path;
  EXPECT_EQ(world_.ask("POST", "/api/v1/exam-papers/" + paper + "/code", neighbour, "{}").status, 404);
  EXPECT_EQ(world_.ask("POST", "/api/v1/exams/" + exam_.text() + "/close", neighbour, "{}").status, 404);
  // The address runs out of tries; a right code is not held up by that.
  const std::string code(
      world_.json("POST", "/api/v1/exam-papers/" + paper + "/code", officer_, "{}").text("code"));
  int refused = 0, waiting = 0;
  for (int i = 0; i < 40; ++i) {
    const int status = world_.ask("POST", "/api/v1/exam-codes/paper", {}, R"({"code":"AAAAA-AAAAA"})").status;
    refused += status == 404 ? 1 : 0;
    waiting += status == 429 ? 1 : 0;
  }
  EXPECT_GT(refused, 0);
  EXPECT_GT(waiting, 0);
  EXPECT_EQ(refused + waiting, 40);
  EXPECT_EQ(world_.ask("POST", "/api/v1/exam-codes/paper", {}, R"({"code":")" + code + R"("})").status, 200);
}

}  // namespace
}  // namespace mineward::api
