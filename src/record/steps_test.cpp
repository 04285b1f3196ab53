/// Workflow steps and their guards.
#include "record/testing.h"

namespace mineward::record::fixture {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class StepsTest : public RecordTest {
 protected:
  Fields plan() { return {{"responsible", c().worker.account}, {"deadline", *parse_date("2026-02-01")}}; }
  Fields proof() { return {{"photos", std::vector<std::string>{c().photo()}}}; }
  Record planned() {
    return must(
        store().step(c().officer, "hazard", c().hazard(c().worker, c().mine_a, "x").id, 1, "plan", plan()));
  }
  Record claimed() {
    return must(store().step(c().officer, "hazard", planned().id, 2, "claim_fixed", proof()));
  }
};
MW_ON_BOTH_ENGINES(StepsTest);

TEST_P(StepsTest, AHazardGoesItsWayToTheEnd) {
  Record h = claimed();
  EXPECT_EQ(h.state, "accepting");
  EXPECT_EQ(h.reference("rectified_by"), c().officer.account);
  EXPECT_EQ(h.time("rectified_at"), EventTime{c().clock.now().utc_ms});
  h = must(store().step(c().reviewer, "hazard", h.id, h.version, "send_back", {}, "照片看不清"));
  EXPECT_EQ(h.state, "rectifying");
  h = must(store().step(c().officer, "hazard", h.id, h.version, "claim_fixed",
                        {}));  // the photo of before still counts
  h = must(store().step(c().reviewer, "hazard", h.id, h.version, "accept", {}));
  EXPECT_EQ(h.state, "closed");
  EXPECT_EQ(h.reference("reviewed_by"), c().reviewer.account);
  EXPECT_EQ(std::get<Date>(h.fields.at("reviewed_on")), *parse_date("2026-01-12"));
  EXPECT_EQ(h.text("effect"), "good");
  EXPECT_EQ(h.version, 6);
  std::vector<std::string> actions, reasons;
  for (const auto& change : must(store().history(c().officer, "hazard", h.id))) {
    actions.push_back(change.action);
    if (!change.reason.empty()) reasons.push_back(change.reason);
  }
  EXPECT_THAT(actions, ElementsAre("create", "step:plan", "step:claim_fixed", "step:send_back",
                                   "step:claim_fixed", "step:accept"));
  EXPECT_THAT(reasons, ElementsAre("照片看不清"));
}

TEST_P(StepsTest, EachGuardRefusesForItsReason) {
  const Record found = c().hazard(c().worker, c().mine_a, "x");
  const Record working = planned();
  const Record waiting = claimed();
  auto responsible = c().worker;  // holds the role, but is the one who was responsible
  responsible.roles = {"reviewer"};
  Fields half = plan();
  half.erase("deadline");
  Fields extra = plan();
  extra["title"] = "renamed on the way";
  Fields system_field = proof();
  system_field["rectified_by"] = c().reviewer.account;
  Fields bad = plan();
  bad["deadline"] = Date{9000000};
  const struct {
    const char* why;
    const Actor& actor;
    const Record& record;
    const char* step;
    Fields fields;
    const char* reason;
    Errc code;
    const char* faults;
  } cases[] = {
      {"no such step", c().officer, found, "fly", {}, "", Errc::bad_input, ""},
      {"role", c().worker, found, "plan", plan(), "", Errc::forbidden, ""},
      {"the program's own step", c().officer, found, "expire", {}, "", Errc::forbidden, ""},
      {"from another state", c().officer, found, "claim_fixed", proof(), "", Errc::conflict, ""},
      {"required fields", c().officer, found, "plan", half, "", Errc::bad_input, "deadline required"},
      {"required fields, all of them",
       c().officer,
       found,
       "plan",
       {},
       "",
       Errc::bad_input,
       "responsible required, deadline required"},
      {"a field that the step does not carry", c().officer, found, "plan", extra, "", Errc::bad_input,
       "title read_only"},
      {"an unknown field",
       c().officer,
       found,
       "plan",
       {{"colour", "red"}},
       "",
       Errc::bad_input,
       "colour unknown_field, responsible required, deadline required"},
      {"a value that is wrong", c().officer, found, "plan", bad, "", Errc::bad_input,
       "deadline out_of_range"},
      {"evidence", c().officer, working, "claim_fixed", {}, "", Errc::bad_input, "photos evidence"},
      {"a system field with the step", c().officer, working, "claim_fixed", system_field, "", Errc::bad_input,
       "rectified_by read_only"},
      {"who rectified cannot accept",
       c().officer,
       waiting,
       "accept",
       {},
       "",
       Errc::bad_input,
       "rectified_by same_person"},
      {"who is responsible cannot accept",
       responsible,
       waiting,
       "accept",
       {},
       "",
       Errc::bad_input,
       "responsible same_person"},
      {"reason", c().reviewer, waiting, "send_back", {}, "  ", Errc::bad_input, "reason required"},
  };
  for (const auto& test : cases) {
    SCOPED_TRACE(test.why);
    const Refusal refusal = refused(store().step(test.actor, "hazard", test.record.id, test.record.version,
                                                 test.step, test.fields, test.reason));
    EXPECT_EQ(refusal.error.code, test.code) << refusal.error.text();
    EXPECT_EQ(faults(refusal), test.faults);
    EXPECT_EQ(must(store().get(c().officer, "hazard", test.record.id)).version, test.record.version);
    if (test.code == Errc::conflict) {
      EXPECT_TRUE(refusal.current);
    }
  }
}

TEST_P(StepsTest, NobodySwapsTheNamesThatKeepHimOut) {
  const Record waiting = claimed();
  // `responsible` decides who may accept: an update must not change it once the flow has begun.
  EXPECT_EQ(faults(refused(store().update(c().officer, "hazard", waiting.id, waiting.version,
                                          {{"responsible", c().reviewer.account}}))),
            "responsible read_only");
  EXPECT_EQ(
      must(store().update(c().officer, "hazard", waiting.id, waiting.version, {{"description", "more"}}))
          .version,
      waiting.version + 1);
  const Record found = c().hazard(c().worker, c().mine_a, "y");
  must(store().update(c().officer, "hazard", found.id, 1,
                      {{"responsible", c().reviewer.account}}));  // before it began he may
}

TEST_P(StepsTest, WhatIsClosedStaysAsItIs) {
  Record h = claimed();
  h = must(store().step(c().reviewer, "hazard", h.id, h.version, "accept", {}));
  EXPECT_EQ(refused(store().update(c().officer, "hazard", h.id, h.version, {{"title", "x"}})).error.code,
            Errc::conflict);
}

TEST_P(StepsTest, TheProgramTakesStepsWithoutRoles) {
  const Record h = c().hazard(c().worker, c().mine_a, "x");
  EXPECT_EQ(
      must(store().step(c().root, "hazard", h.id, 0, "expire", {{"title", "set by the program"}})).state,
      "closed");
}

TEST_P(StepsTest, PossibleStepsFollowRoleAndState) {
  const Record found = c().hazard(c().worker, c().mine_a, "x");
  const Record waiting = claimed();
  EXPECT_THAT(store().possible_steps(c().officer, found), ElementsAre("plan"));
  EXPECT_THAT(store().possible_steps(c().worker, found), IsEmpty());
  EXPECT_THAT(store().possible_steps(c().officer, waiting), ElementsAre("accept", "send_back"));
  EXPECT_THAT(store().possible_steps(c().county_officer, waiting), ElementsAre("accept"));
  EXPECT_THAT(store().possible_steps(c().root, found), ElementsAre("plan", "expire"));
}

/// A step whose condition the record does not meet is told beforehand, unless what comes with the step, or is
/// worked out from it, may still meet it.
TEST_P(StepsTest, WhatTheRecordCannotMeetIsToldBeforehand) {
  auto catalog = std::make_shared<Catalog>(*small_catalog());
  auto& flow = catalog->workflows.front();
  const auto only = [](const char* name, const char* value) {
    return pack::Conditions{{name, pack::Condition::Op::is, {value}}};
  };
  flow.transitions[0].when = only("level", "major");
  flow.transitions[0].when_label = {"不是重大隐患", "Not a major hazard"};
  for (auto& type : catalog->record_types) {
    if (type.name != "hazard") continue;
    pack::Compute sum{};
    sum.rule = pack::Compute::Rule::sum;
    sum.of = {"people"};
    sum.into = "total";
    type.fields.push_back(system(field("total", FieldType::integer)));
    type.computes = {sum};
  }
  auto count = transition("count", {"found"}, "rectifying", {"officer"});  // works out what it asks for
  count.editable = {"people"};
  count.when = only("total", "3");
  auto urge = transition("urge", {"found"}, "rectifying", {"officer"});  // carries what it asks for
  urge.editable = {"urgent"};
  urge.when = only("urgent", "true");
  flow.transitions.insert(flow.transitions.end(), {count, urge});
  must(c().reopen(catalog));
  const Record ordinary = c().hazard(c().officer, c().mine_a, "x", {{"level", "ordinary"}});
  const Record major = c().hazard(c().officer, c().mine_a, "y", {{"level", "major"}});
  EXPECT_THAT(store().possible_steps(c().officer, ordinary), ElementsAre("plan", "count", "urge"));
  const auto blocked = store().blocked_steps(c().officer, ordinary);
  ASSERT_EQ(blocked.size(), 1u);
  EXPECT_EQ(blocked[0].step, "plan");
  EXPECT_EQ(blocked[0].why.en, "Not a major hazard");
  EXPECT_TRUE(store().blocked_steps(c().officer, major).empty());
  EXPECT_TRUE(store().blocked_steps(c().worker, ordinary).empty()) << "none is his to take";
  const Fields fields{{"responsible", c().officer.account}, {"deadline", *parse_date("2026-02-01")}};
  EXPECT_EQ(faults(refused(store().step(c().officer, "hazard", ordinary.id, 1, "plan", fields))),
            "level rule");
  must(store().step(c().officer, "hazard", major.id, 1, "plan", fields));
  must(store().step(c().officer, "hazard", ordinary.id, 1, "count", {{"people", std::int64_t{3}}}));
}

}  // namespace
}  // namespace mineward::record::fixture
