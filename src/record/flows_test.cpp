/// What a record type says beyond its columns: signatures, clocks, raises, checks, computed and protected
/// fields, supervision from beside. On both engines.
#include "record/testing.h"

namespace mineward::record::fixture {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

pack::Label words(const char* en) { return {en, en}; }

pack::Workflow case_workflow() {
  pack::Workflow w;
  w.name = "matter";
  w.states = {{"open", {}, true, false},
              {"hearing", {}, false, false},
              {"decided", {}, false, true},
              {"given_up", {}, false, true}};
  auto hear = transition("hear", {"open"}, "hearing", {"officer"});
  auto go_on = transition("go_on", {"hearing"}, "open", {"officer"});
  auto decide = transition("decide", {"open"}, "decided", {"officer"});
  decide.required = decide.editable = {"amount"};
  decide.sets = {{"proposed_by", "me"}, {"decided_on", "today"}};
  decide.sign_off = {{"legal", words("legal"), {"reviewer"}, 1},
                     {"board", words("board"), {"county_officer"}, 2}};
  decide.return_to = "open";
  decide.return_sets = {{"rest", "unset"}, {"share", "7"}};
  auto give_up = transition("give_up", {"open"}, "given_up", {"officer"});
  auto hand_over = transition("hand_over", {"open"}, "open", {"county_officer"});
  hand_over.editable = {"organisation"};
  hand_over.hands_over = hand_over.reason_required = true;
  w.transitions = {hear, go_on, decide, give_up, hand_over};
  pack::ClockRule clock;
  clock.name = "decide";
  clock.starts = "filed_on";
  clock.limit = *pack::parse_time_limit("90 days");
  clock.ends = "decided_on";
  clock.ends_in = {"given_up"};
  clock.pauses_in = {"hearing"};
  clock.extended_by = "extra";
  clock.owed_by = {"officer"};
  pack::ClockRule reminder;
  reminder.name = "remind";
  reminder.starts = "remind_on";
  reminder.limit = *pack::parse_time_limit("1 days");
  reminder.ends_in = {"given_up"};
  reminder.reminder = true;
  reminder.owed_by = {"officer"};
  w.clocks = {clock, reminder};
  return w;
}

pack::DecisionTable fines() {
  pack::DecisionTable t;
  t.name = "fine";
  t.inputs = {{"level", false, ""}};
  t.outputs = {{"least", pack::TableOutput::Kind::number, "", ""},
               {"most", pack::TableOutput::Kind::number, "", ""}};
  const auto row = [](const char* id, const char* least, const char* most, const char* from, const char* to) {
    pack::TableRow r;
    r.id = id;
    r.when = {{"level", std::vector<std::string>{"major"}}};
    r.gives = {{"least", least}, {"most", most}};
    r.valid_from = *parse_date(from);
    if (*to) r.valid_to = *parse_date(to);
    return r;
  };
  t.rows = {row("OLD", "1000000", "3000000", "2000-01-01", "2024-04-30"),
            row("NEW", "2000000", "5000000", "2024-05-01", "")};
  return t;
}

RecordType case_type() {
  auto secret_phone = field("phone", FieldType::text), identity = field("informer", FieldType::text);
  secret_phone.format = "phone";
  secret_phone.protect = "masked";
  secret_phone.reveal = {"officer"};
  identity.protect = "sealed";
  for (auto* f : {&secret_phone, &identity}) f->max_length = 40;
  auto t = record_type(
      "matter", "organisation", "title",
      {with_default(required(field("organisation", FieldType::reference, "organisation")), "my_organisation"),
       required(field("title", FieldType::text)),
       with_default(field("filed_on", FieldType::date), "today"),
       field("level", FieldType::choice, "level"),
       field("act_on", FieldType::date),
       field("amount", FieldType::money),
       field("extra", FieldType::integer),
       field("share", FieldType::integer),
       field("rest", FieldType::integer),
       field("remind_on", FieldType::date),
       field("other", FieldType::reference, "matter"),
       system(field("whole", FieldType::integer)),
       system(field("least", FieldType::money)),
       system(field("row", FieldType::text)),
       system(field("review_on", FieldType::date)),
       system(field("proposed_by", FieldType::reference, "account")),
       system(field("decided_on", FieldType::date)),
       secret_phone,
       identity,
       with_default(field("current", FieldType::boolean), "false")});
  t.workflow = "matter";
  t.list_fields = {"title", "filed_on"};
  t.access.create = t.access.update = {"officer", "county_officer"};
  pack::RecordRule order{};
  order.rule = pack::RecordRule::Rule::order;
  order.fields = {"act_on", "filed_on"};
  order.label = words("filed before the act");
  pack::RecordRule within{};
  within.rule = pack::RecordRule::Rule::within;
  within.field = "amount";
  within.table = "fine";
  within.on = "act_on";
  within.from = {{"level", "level"}};
  within.least = "least";
  within.most = "most";
  within.label = words("outside the band");
  pack::RecordRule single{};
  single.rule = pack::RecordRule::Rule::single;
  single.per = {"organisation"};
  single.when = {{"current", pack::Condition::Op::is, {"true"}}};
  single.label = words("one current at a time");
  pack::RecordRule same{};
  same.rule = pack::RecordRule::Rule::same;
  same.paths = {"level", "other.level"};
  same.label = words("of another level");
  t.checks = {order, within, single, same};
  pack::Compute sum{};
  sum.rule = pack::Compute::Rule::sum;
  sum.of = {"share", "rest"};
  sum.into = "whole";
  pack::Compute decide{};
  decide.table = "fine";
  decide.on = "act_on";
  decide.from = {{"level", "level"}};
  decide.gives = {{"least", "least"}};
  decide.row = "row";
  pack::Compute after{};
  after.rule = pack::Compute::Rule::date_after;
  after.of = {"filed_on"};
  after.plus_months = 36;
  after.plus_days = -60;
  after.into = "review_on";
  t.computes = {sum, decide, after};
  pack::Raise raise;
  raise.name = "hazard";
  raise.record = "hazard";
  raise.sets = {{"title", "title"}, {"found_at", "act_on"}, {"level", "=major"}};
  raise.in = {"open", "decided"};
  t.raises = {raise};
  return t;
}

pack::CatalogPtr catalog_with_matter() {
  auto catalog = std::make_shared<Catalog>(*small_catalog());
  catalog->record_types.push_back(case_type());
  catalog->workflows.push_back(case_workflow());
  catalog->tables.push_back(fines());
  for (auto& type : catalog->record_types) {
    if (type.name == "organisation")
      type.fields.push_back(field("supervises", FieldType::reference, "organisation"));
  }
  return catalog;
}

class FlowsTest : public db::OnBothEngines {
 protected:
  void SetUp() override {
    OnBothEngines::SetUp();
    if (IsSkipped()) return;
    country = std::make_unique<Country>(GetParam(), catalog_with_matter());
    must(country->reopen(catalog_with_matter(), country->database.folder().path() + "/protected.key"));
    second = c().actor("dora", c().county, {"county_officer"});
  }
  Country& c() { return *country; }
  Store& store() { return *country->store; }
  Record matter(Fields more = {}) {
    more["title"] = std::string("an act");
    return must(store().create(c().officer, "matter", more));
  }
  Fields fine() {
    return {{"level", std::string("major")},
            {"act_on", *parse_date("2025-12-01")},
            {"amount", std::int64_t{2'500'000}}};
  }
  Record begun() {
    const Record r = matter(fine());
    return must(store().step(c().officer, "matter", r.id, r.version, "decide", {}));
  }
  Outcome<Record> sign(const Actor& who, RecordId id, bool agrees = true, std::string_view opinion = {}) {
    return store().sign(who, "matter", id, must(store().get(c().root, "matter", id)).version, agrees,
                        opinion);
  }
  std::unique_ptr<Country> country;
  Actor second;
};
MW_ON_BOTH_ENGINES(FlowsTest);

// ---- signatures

TEST_P(FlowsTest, AStepIsMadeByTheLastOfItsSignatures) {
  Record r = begun();
  EXPECT_EQ(r.state, "open");
  EXPECT_EQ(r.reference("proposed_by"), c().officer.account);
  EXPECT_FALSE(r.fields.contains("decided_on"));
  EXPECT_EQ(refused(sign(c().county_officer, r.id)).error.code, Errc::forbidden);  // not his turn
  c().clock.advance(std::chrono::hours(48));
  must(sign(c().reviewer, r.id, true, "合法"));
  r = must(sign(c().county_officer, r.id));
  EXPECT_EQ(r.state, "open");
  EXPECT_EQ(faults(refused(sign(c().county_officer, r.id))), "signature same_person");
  r = must(sign(second, r.id));
  EXPECT_EQ(r.state, "decided");
  EXPECT_EQ(std::get<Date>(r.fields.at("decided_on")), *parse_date("2026-01-14"))
      << "the day of the last signature";
  std::vector<std::string> actions;
  for (const auto& change : must(store().history(c().officer, "matter", r.id)))
    actions.push_back(change.action);
  EXPECT_THAT(actions, ElementsAre("create", "begin:decide", "sign:decide", "sign:decide", "step:decide"));
  EXPECT_EQ(must(store().signatures(c().officer, "matter", r.id)).size(), 3u);
  EXPECT_TRUE(must(store().verify()).ok);
}

TEST_P(FlowsTest, WhileItWaitsForSignaturesNothingElseMoves) {
  const Record r = begun();
  EXPECT_THAT(store().possible_steps(c().officer, r), IsEmpty());
  EXPECT_EQ(refused(store().step(c().officer, "matter", r.id, r.version, "give_up", {})).error.code,
            Errc::conflict);
  EXPECT_EQ(refused(store().update(c().officer, "matter", r.id, r.version, {{"title", std::string("other")}}))
                .error.code,
            Errc::conflict);
  EXPECT_EQ(refused(store().sign(c().reviewer, "matter", r.id, r.version - 1, true, {})).error.code,
            Errc::conflict);
  const auto signing = must(store().signing(c().officer, "matter", r.id));
  ASSERT_TRUE(signing);
  EXPECT_EQ(signing->step, "decide");
  EXPECT_TRUE(must(store().may_sign(c().reviewer, "matter", r.id)));
  EXPECT_FALSE(must(store().may_sign(c().county_officer, "matter", r.id)));
}

TEST_P(FlowsTest, ASignerSendsItBackWithAReasonAndItBeginsAnew) {
  Record r = begun();
  EXPECT_EQ(faults(refused(sign(c().reviewer, r.id, false))), "reason required");
  r = must(sign(c().reviewer, r.id, false, "证据不足"));
  EXPECT_EQ(r.state, "open");
  EXPECT_FALSE(must(store().signing(c().officer, "matter", r.id)));
  r = must(store().step(c().officer, "matter", r.id, r.version, "decide", {}));
  must(sign(c().reviewer, r.id));  // he may sign the new round
  EXPECT_EQ(must(store().signatures(c().officer, "matter", r.id)).size(), 2u);
}

TEST_P(FlowsTest, WhatIsSentBackSetsWhatItsPackSays) {
  Fields fields = fine();
  fields["rest"] = std::int64_t{4};
  Record r = matter(fields);
  r = must(store().step(c().officer, "matter", r.id, r.version, "decide", {}));
  r = must(sign(c().reviewer, r.id, false, "证据不足"));
  EXPECT_FALSE(r.fields.contains("rest"));
  EXPECT_EQ(r.number("share"), 7);
  const auto last = must(store().history(c().officer, "matter", r.id)).back();
  EXPECT_EQ(last.diff["rest"].dump(), "[4,null]") << "the log has it";
  EXPECT_TRUE(must(store().verify()).ok);
}

TEST_P(FlowsTest, WhoBeganMayWithdrawButNotSign) {
  auto both = c().officer;
  both.roles.insert("reviewer");
  const Record r = begun();
  EXPECT_EQ(faults(refused(sign(both, r.id))), "signature same_person");
  EXPECT_EQ(must(sign(both, r.id, false, "撤回")).state, "open");
  EXPECT_EQ(refused(sign(c().reviewer, r.id)).error.code, Errc::conflict);
  EXPECT_EQ(must(store().signatures(c().officer, "matter", r.id)).at(0).stage, "") << "he signed for nobody";
}

TEST_P(FlowsTest, ARefusedSignatureLeavesNothingEvenInsideAnotherWrite) {
  const Record r = begun();
  must(store().write([&](Writer& writer) -> Status {
    (void)writer.sign(c().reviewer, "matter", r.id, r.version, false, "");  // refused: no reason
    return {};
  }));
  EXPECT_THAT(must(store().signatures(c().officer, "matter", r.id)), IsEmpty());
  EXPECT_TRUE(must(store().signing(c().officer, "matter", r.id)));
}

// ---- clocks

TEST_P(FlowsTest, AClockRunsPausesIsExtendedAndEnds) {
  Record r = matter();
  const auto one = [&] { return must(store().clocks(c().officer, "matter", r.id)).at(0); };
  EXPECT_EQ(one().state, "running");
  EXPECT_EQ(format_beijing(*one().due), "2026-04-12 23:59:59");  // 19 + 28 + 31 + 12 days after 12 January
  r = must(store().step(c().officer, "matter", r.id, r.version, "hear", {}));
  EXPECT_EQ(one().state, "paused");
  EXPECT_FALSE(one().due);
  c().clock.advance(std::chrono::hours(24 * 10));
  r = must(store().step(c().officer, "matter", r.id, r.version, "go_on", {}));
  // Nine days: the 13th to the 21st. The 12th, the day of the event, does not count anyway.
  EXPECT_EQ(format_beijing(*one().due), "2026-04-21 23:59:59");
  r = must(store().update(c().officer, "matter", r.id, r.version, {{"extra", std::int64_t{5}}}));
  EXPECT_EQ(format_beijing(*one().due), "2026-04-26 23:59:59");
  c().clock.advance(std::chrono::hours(24 * 100));
  EXPECT_EQ(one().state, "overdue");
  must(store().step(c().officer, "matter", r.id, r.version, "give_up", {}));
  EXPECT_EQ(one().state, "over");
}

TEST_P(FlowsTest, RunningClocksAreListedBySoonestInTheScopeAndByWhoIsReminded) {
  const Record late = matter({{"filed_on", *parse_date("2025-01-01")}}), young = matter();
  const auto list = [&](const Actor& who, bool mine) {
    std::vector<RecordId> out;
    ClockQuery query;
    query.mine = mine;
    for (const auto& view : must(store().clocks(who, query))) out.push_back(view.id);
    return out;
  };
  EXPECT_THAT(list(c().county_officer, false), ElementsAre(late.id, young.id));
  EXPECT_THAT(list(c().county_officer, true), IsEmpty());
  EXPECT_THAT(list(c().officer, true), ElementsAre(late.id, young.id));
  EXPECT_THAT(list(c().foreign, false), IsEmpty());
}

TEST_P(FlowsTest, AReminderThatIsPastIsOverAndAsksNobody) {
  const Record r = matter({{"remind_on", *parse_date("2026-01-12")}});
  const auto asked = [&] {
    std::vector<std::string> out;
    for (const auto& view : must(store().clocks(c().officer, ClockQuery{}))) out.push_back(view.clock);
    return out;
  };
  const auto state = [&] {
    for (const auto& view : must(store().clocks(c().officer, "matter", r.id))) {
      if (view.clock == "remind") return view.state;
    }
    return std::string("none");
  };
  EXPECT_THAT(asked(), ElementsAre("remind", "decide"));
  EXPECT_EQ(state(), "running");
  c().clock.advance(std::chrono::hours(48));
  EXPECT_THAT(asked(), ElementsAre("decide"));
  EXPECT_EQ(state(), "over");
  EXPECT_TRUE(must(store().verify()).ok);
}

// ---- raises and links

TEST_P(FlowsTest, AHazardIsRaisedFromARecordAndBothKnowIt) {
  const Record r = matter({{"act_on", *parse_date("2026-01-02")}});
  EXPECT_THAT(store().possible_raises(c().officer, r), ElementsAre("hazard"));
  const Record hazard = must(store().raise(c().officer, "matter", r.id, "hazard", {{"mine", c().mine_a}}));
  EXPECT_EQ(hazard.text("title"), "an act");
  EXPECT_EQ(hazard.text("level"), "major");
  EXPECT_EQ(hazard.time("found_at"), EventTime{start_of_day_ms(*parse_date("2026-01-02"))});
  const auto there = must(store().links(c().officer, "matter", r.id)),
             back = must(store().links(c().officer, "hazard", hazard.id));
  ASSERT_EQ(there.size(), 1u);
  EXPECT_EQ(there[0].id, hazard.id);
  EXPECT_TRUE(there[0].outward);
  ASSERT_EQ(back.size(), 1u);
  EXPECT_EQ(back[0].id, r.id);
  EXPECT_FALSE(back[0].outward);
  EXPECT_TRUE(must(store().verify()).ok);
}

TEST_P(FlowsTest, ARaiseIsRefusedWholeWhenTheNewRecordIs) {
  const Record r = matter();
  EXPECT_EQ(faults(refused(store().raise(c().officer, "matter", r.id, "hazard", {}))), "mine required");
  EXPECT_THAT(must(store().links(c().officer, "matter", r.id)), IsEmpty());
  EXPECT_EQ(refused(store().raise(c().foreign, "matter", r.id, "hazard", {})).error.code, Errc::not_found);
  EXPECT_EQ(refused(store().raise(c().reviewer, "matter", r.id, "hazard", {{"mine", c().mine_a}})).error.code,
            Errc::forbidden);
  EXPECT_EQ(refused(store().raise(c().officer, "matter", r.id, "nothing", {})).error.code, Errc::bad_input);
  must(store().step(c().officer, "matter", r.id, r.version, "hear", {}));
  EXPECT_EQ(refused(store().raise(c().officer, "matter", r.id, "hazard", {{"mine", c().mine_a}})).error.code,
            Errc::conflict);
}

// ---- checks and computed fields

TEST_P(FlowsTest, AnAmountOutsideTheBandOfItsDayIsRefusedAtTheField) {
  const auto create = [&](const char* act_on, std::int64_t fen) {
    return store().create(c().officer, "matter",
                          {{"title", std::string("x")},
                           {"level", std::string("major")},
                           {"act_on", *parse_date(act_on)},
                           {"amount", fen}});
  };
  EXPECT_EQ(must(create("2024-04-30", 1'000'000)).text("row"), "OLD");  // the edge belongs to the band
  EXPECT_EQ(must(create("2024-05-01", 5'000'000)).text("row"), "NEW");
  const Refusal low = refused(create("2024-05-01", 1'999'999));
  EXPECT_EQ(faults(low), "amount rule");
  EXPECT_EQ(low.faults[0].words.en, "outside the band");
  EXPECT_THAT(low.faults[0].message, HasSubstr("expected 20000 to 50000"));
  EXPECT_EQ(faults(refused(create("2024-05-01", 5'000'001))), "amount rule");
  EXPECT_EQ(faults(refused(create("1999-12-31", 1'000'000))), "amount rule");  // no text in force
}

TEST_P(FlowsTest, DatesDoNotFallAndOnlyOneIsCurrent) {
  EXPECT_EQ(
      faults(refused(store().create(c().officer, "matter",
                                    {{"title", std::string("x")}, {"act_on", *parse_date("2026-01-13")}}))),
      "filed_on rule");
  const Record first = matter({{"current", true}});
  EXPECT_EQ(faults(refused(
                store().create(c().officer, "matter", {{"title", std::string("y")}, {"current", true}}))),
            "organisation rule");
  must(store().update(c().officer, "matter", first.id, 1, {{"title", std::string("itself may change")}}));
  must(store().update(c().officer, "matter", first.id, 2, {{"current", false}}));
  matter({{"current", true}});
}

TEST_P(FlowsTest, WaysOverReferencesMustLeadToTheSame) {
  const Record major = matter({{"level", std::string("major")}}), open = matter();
  const auto create = [&](Fields fields) {
    fields["title"] = std::string("x");
    return store().create(c().officer, "matter", fields);
  };
  must(create({{"level", std::string("major")}, {"other", major.id}}));
  must(create({{"level", std::string("major")}, {"other", open.id}}));  // what is unset says nothing
  must(create({{"other", major.id}}));
  const Refusal refusal = refused(create({{"level", std::string("ordinary")}, {"other", major.id}}));
  EXPECT_EQ(faults(refusal), "other rule");
  EXPECT_EQ(refusal.faults[0].words.en, "of another level");
}

TEST_P(FlowsTest, WhatIsWorkedOutFollowsItsFieldsAndUnknownStaysUnknown) {
  Record r = matter({{"share", std::int64_t{3}}});
  EXPECT_FALSE(r.fields.contains("whole"));
  EXPECT_EQ(std::get<Date>(r.fields.at("review_on")),
            *parse_date("2028-11-13"));  // 60 days before 12 January 2029
  r = must(store().update(c().officer, "matter", r.id, 1, {{"rest", std::int64_t{4}}}));
  EXPECT_EQ(r.number("whole"), 7);
  EXPECT_EQ(faults(refused(store().update(c().officer, "matter", r.id, 2, {{"whole", std::int64_t{9}}}))),
            "whole read_only");
}

// ---- protected fields

TEST_P(FlowsTest, AProtectedFieldIsStoredSealedAndShownInPart) {
  const Record made = matter({{"phone", std::string("13812345678")}, {"informer", std::string("李四")}});
  const auto shown = [&](const Actor& who, const char* name) {
    return must(store().get(who, "matter", made.id)).text(name);
  };
  EXPECT_EQ(shown(c().officer, "phone"), "13812345678");
  EXPECT_EQ(shown(c().county_officer, "phone"), "138******78");
  EXPECT_EQ(shown(c().officer, "informer"), "******");
  EXPECT_EQ(shown(c().root, "informer"), "******");
  std::string stored;
  must(store().database().read([&](db::Connection& connection) -> Status {
    MW_ASSIGN(const db::Rows rows, connection.query("SELECT phone || informer FROM matter", {}));
    MW_ASSIGN(const db::Rows log, connection.query("SELECT diff FROM change_log WHERE type = 'matter'", {}));
    stored = rows.text(0, 0) + log.text(0, 0);
    return {};
  }));
  EXPECT_THAT(stored, Not(HasSubstr("13812345678")));
  EXPECT_THAT(stored, Not(HasSubstr("李四")));
  const auto history = must(store().history(c().officer, "matter", made.id));
  EXPECT_EQ(history[0].diff["phone"].dump(), "[null,\"***\"]");
  EXPECT_TRUE(must(store().verify()).ok);
}

TEST_P(FlowsTest, ASealedFieldComesBackUnharmedWhenItsMaskIsPosted) {
  const Record made = matter({{"phone", std::string("13812345678")}, {"informer", std::string("李四")}});
  auto clerk = c().county_officer;
  const Record same =
      must(store().update(clerk, "matter", made.id, 1,
                          {{"phone", std::string("138******78")}, {"informer", std::string("******")}}));
  EXPECT_EQ(same.version, 1) << "nothing changed";
  EXPECT_EQ(faults(refused(store().update(clerk, "matter", made.id, 1, {{"phone", std::string("138****")}}))),
            "phone bad_format");
  must(store().update(clerk, "matter", made.id, 1, {{"phone", std::string("13912345678")}}));
  EXPECT_EQ(must(store().get(c().officer, "matter", made.id)).text("phone"), "13912345678");
}

TEST_P(FlowsTest, NobodyFindsAProtectedFieldByAskingForIt) {
  matter({{"phone", std::string("13812345678")}});
  ListQuery query;
  query.type = "matter";
  query.filters = {{"phone", Filter::Op::contains, {"138"}}};
  EXPECT_EQ(store().list(c().officer, query).error().code, Errc::bad_input);
  query.filters.clear();
  query.sort = "phone";
  EXPECT_EQ(store().list(c().officer, query).error().code, Errc::bad_input);
  query.sort = "id";
  EXPECT_THAT(must(store().export_csv(c().county_officer, query)), Not(HasSubstr("13812345678")));
}

// ---- who sees what

TEST_P(FlowsTest, ARecordIsHandedToABodyBesideAndItsHistoryGoesAlong) {
  const Record r = matter();
  EXPECT_EQ(faults(refused(store().step(c().county_officer, "matter", r.id, 1, "hand_over",
                                        {{"organisation", c().other_county}}))),
            "reason required");
  must(store().step(c().county_officer, "matter", r.id, 1, "hand_over", {{"organisation", c().other_county}},
                    "管辖权变更"));
  EXPECT_EQ(store().get(c().officer, "matter", r.id).error().code, Errc::not_found);
  EXPECT_EQ(must(store().history(c().foreign, "matter", r.id)).size(), 2u);
}

TEST_P(FlowsTest, ASupervisorFromBesideSeesWhatItSupervisesUntilThatEnds) {
  const Record r = matter();
  const RecordId office = c().organisation("office", c().province);
  const auto inspector = c().actor("ines", office, {"reviewer"});
  EXPECT_EQ(store().get(inspector, "matter", r.id).error().code, Errc::not_found);
  must(store().update(c().root, "organisation", office, 1, {{"supervises", c().county}}));
  EXPECT_EQ(must(store().get(inspector, "matter", r.id)).id, r.id);
  EXPECT_FALSE(must(store().covers(inspector.scope, c().mine_x_organisation)));
  const RecordId later = c().organisation("mc", c().county);  // a mine that opens afterwards
  EXPECT_TRUE(must(store().covers(inspector.scope, later)));
  must(store().update(c().root, "organisation", office, 2, {{"supervises", FieldValue{}}}));
  EXPECT_EQ(store().get(inspector, "matter", r.id).error().code, Errc::not_found);
  EXPECT_TRUE(must(store().covers(c().county_officer.scope, later)));
}

}  // namespace
}  // namespace mineward::record::fixture
