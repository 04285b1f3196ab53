// A write sent twice is made once, whatever was lost on the way.
#include <gtest/gtest.h>

#include <fmt/format.h>

#include "api/world_testing.h"

namespace mineward::api {
namespace {

using testing::Answer;
using testing::Session;
using testing::World;

constexpr const char* kTasks = "/api/v1/records/inspection_task";

class WriteOnce : public ::testing::Test {
 protected:
  Answer send(const std::string& method, const std::string& target, const std::string& key,
              const std::string& body, const Session* as = nullptr) {
    const std::string header = key.empty() ? "" : "Idempotency-Key: " + key + "\r\n";
    return world.ask(method, target, as ? *as : officer, body, "application/json", header);
  }
  std::string task(const std::string& scheme, bool with_kind = true) {
    return fmt::format(R"({{"fields": {{"organisation": "{}", "mine": "{}", {} "manner": "unannounced",)"
                       R"( "reason": "grade", "planned_on": "2026-01-12", "scheme": "{}"}}}})",
                       world.here.mine_organisation.text(), world.here.mine.text(),
                       with_kind ? R"("kind": "planned",)" : "", scheme);
  }
  static Json of(const Answer& answer) {
    auto parsed = parse_json(answer.body);
    return parsed ? *std::move(parsed) : Json(answer.body);
  }
  std::int64_t tasks() {
    return static_cast<std::int64_t>(world.json("GET", kTasks, officer)["records"].array()->size());
  }
  static std::string fault(const Answer& answer) {
    const Json body = of(answer);
    const auto* faults = body["error"]["faults"].array();
    return faults && !faults->empty() ? std::string(faults->front().text("field")) : "none";
  }

  World world;
  Session officer = world.sign_in("xiana");
};

TEST_F(WriteOnce, AResendAfterALostAnswerChangesNothing) {
  const Answer first = send("POST", kTasks, "visit-0001", task("one"));
  ASSERT_EQ(first.status, 201) << first.body;
  EXPECT_EQ(first.header("idempotency-replayed"), "");
  const std::string id(of(first).text("id"));
  const std::int64_t entries = world.store->verify()->entries;
  for (const bool after_restart : {false, true}) {
    if (after_restart) world.restart();
    const Answer again = send("POST", kTasks, "visit-0001", task("one"));
    EXPECT_EQ(again.status, 201) << again.body;
    EXPECT_EQ(of(again).text("id"), id);
    EXPECT_EQ(again.header("idempotency-replayed"), "true");
  }
  EXPECT_EQ(tasks(), 1);
  EXPECT_EQ(world.store->verify()->entries, entries) << "nothing was logged either";

  // A step: its version is no longer that of the record, and still the answer is what it was.
  const std::string step = std::string(kTasks) + "/" + id + "/steps/withdraw";
  const std::string body = R"({"version": 1, "reason": "mine closed that day"})";
  ASSERT_EQ(send("POST", step, "visit-0002", body).status, 200);
  const Answer again = send("POST", step, "visit-0002", body);
  EXPECT_EQ(again.status, 200) << again.body;
  EXPECT_EQ(of(again).text("state"), "withdrawn");
  EXPECT_EQ(send("POST", step, "", body).status, 409) << "without a key it is a stale version";
}

TEST_F(WriteOnce, AKeyStandsForOneRequestOfOneAccount) {
  ASSERT_EQ(send("POST", kTasks, "visit-0003", task("one")).status, 201);
  const Answer other = send("POST", kTasks, "visit-0003", task("two"));
  EXPECT_EQ(other.status, 400);
  EXPECT_EQ(fault(other), "Idempotency-Key");
  world.add_account("second", world.here.organisation, {"county_officer"});
  const Session second = world.sign_in("second");
  const Answer theirs = send("POST", kTasks, "visit-0003", task("two"), &second);
  EXPECT_EQ(theirs.status, 201) << theirs.body;
  EXPECT_EQ(theirs.header("idempotency-replayed"), "");
  EXPECT_EQ(tasks(), 2);
  for (const char* bad : {"short", "with a blank", "slash/slash"}) {
    const Answer answer = send("POST", kTasks, bad, task("three"));
    EXPECT_EQ(answer.status, 400) << bad;
    EXPECT_EQ(fault(answer), "Idempotency-Key") << bad;
  }
  EXPECT_EQ(tasks(), 2);
}

TEST_F(WriteOnce, ARefusedWriteKeepsNothing) {
  const Answer refused = send("POST", kTasks, "visit-0004", task("one", false));
  EXPECT_EQ(refused.status, 400);
  EXPECT_EQ(fault(refused), "kind");
  EXPECT_EQ(tasks(), 0);
  const Answer mended = send("POST", kTasks, "visit-0004", task("one"));
  EXPECT_EQ(mended.status, 201) << mended.body;
  EXPECT_EQ(mended.header("idempotency-replayed"), "");
  EXPECT_EQ(tasks(), 1);
}

}  // namespace
}  // namespace mineward::api
