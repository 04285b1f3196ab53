/// What reaches over one record: a step that writes into another one, what is closed for good, what must
/// stand in another register, one thing for each of many, the future, and divisions by date. On both engines.
#include "record/division.h"
#include "record/testing.h"

namespace mineward::record::fixture {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using Rule = pack::RecordRule::Rule;
using Op = pack::Condition::Op;

pack::Label words(const char* en) { return {en, en}; }

pack::RecordRule rule(Rule kind, const char* told) {
  pack::RecordRule out{};
  out.rule = kind;
  out.label = words(told);
  return out;
}

/// The closure of a mine: proposed, then accepted by a signature of the county; it can be undone.
pack::Workflow closing_workflow() {
  pack::Workflow w;
  w.name = "closing";
  w.states = {{"proposed", {}, true, false}, {"accepted", {}, false, false}};
  auto accept = transition("accept", {"proposed"}, "accepted", {"officer"});
  accept.sign_off = {{"county", words("county"), {"county_officer"}, 1}};
  accept.changes = {{"mine", {{"status", "=closed"}, {"closed_on", "planned_on"}}, {}, {}},
                    {"mine", {{"remark", "reason"}}, {}, {}}};
  auto undo = transition("undo", {"accepted"}, "proposed", {"county_officer"});
  undo.changes = {{"mine", {{"status", "=open"}, {"closed_on", "unset"}}, {}, {}}};
  auto partly = transition("partly", {"proposed"}, "proposed", {"officer"});
  partly.changes = {{"mine", {{"status", "=closed"}}, {{"reason", Op::is, {"whole"}}}, {}}};
  auto too_long = transition("too_long", {"proposed"}, "proposed", {"officer"});
  too_long.changes = {{"mine", {{"remark", "=longer than the field"}}, {}, {}}};
  w.transitions = {accept, undo, partly, too_long};
  return w;
}

RecordType closing_type() {
  auto t = record_type(
      "closing", "organisation", "reason",
      {with_default(required(field("organisation", FieldType::reference, "organisation")), "my_organisation"),
       required(field("mine", FieldType::reference, "mine")), required(field("reason", FieldType::text)),
       field("planned_on", FieldType::date)});
  t.system = "CLO";
  t.workflow = "closing";
  t.list_fields = {"reason"};
  t.access.create = t.access.update = {"officer", "county_officer"};
  auto not_future = rule(Rule::not_future, "it lies in the future");
  not_future.fields = {"planned_on"};
  t.checks = {not_future};
  return t;
}

/// Passes, and posts that need one in force.
std::vector<RecordType> pass_types() {
  auto pass = record_type(
      "pass", "organisation", "trade",
      {with_default(required(field("organisation", FieldType::reference, "organisation")), "my_organisation"),
       required(field("holder", FieldType::reference, "account")), required(field("trade", FieldType::text)),
       field("valid_to", FieldType::date)});
  auto post = record_type(
      "post", "organisation", "trade",
      {with_default(required(field("organisation", FieldType::reference, "organisation")), "my_organisation"),
       required(field("person", FieldType::reference, "account")), required(field("trade", FieldType::text)),
       field("remark", FieldType::text)});
  for (auto* t : {&pass, &post}) {
    t->list_fields = {"trade"};
    t->access.create = t->access.update = {"officer"};
  }
  auto needs = rule(Rule::needs, "no pass in force");
  needs.field = "person";
  needs.record = "pass";
  needs.match = {{"holder", "person"}, {"trade", "trade"}};
  needs.until = "valid_to";
  needs.when = {{"trade", Op::is_not, {"helper"}}};
  post.checks = {needs};
  return {pass, post};
}

/// A lesson that every open mine gets a receipt for.
std::vector<RecordType> lesson_types() {
  auto lesson = record_type(
      "lesson", "organisation", "title",
      {with_default(required(field("organisation", FieldType::reference, "organisation")), "my_organisation"),
       required(field("title", FieldType::text))});
  auto receipt = record_type(
      "receipt", "organisation", "lesson",
      {with_default(required(field("organisation", FieldType::reference, "organisation")), "my_organisation"),
       required(field("mine", FieldType::reference, "mine")),
       required(field("lesson", FieldType::reference, "lesson"))});
  receipt.unique = {{"lesson", "mine"}};
  lesson.list_fields = {"title"};
  receipt.list_fields = {"lesson"};
  for (auto* t : {&lesson, &receipt}) t->access.create = {"county_officer"};
  pack::Raise each;
  each.name = "receipt";
  each.record = "receipt";
  each.sets = {{"lesson", "id"}};
  each.each = "mine";
  each.each_when = {{"status", Op::is_not, {"closed"}}};
  pack::Raise once = each;
  once.name = "once";
  once.each.clear();
  lesson.raises = {each, once};
  return {lesson, receipt};
}

pack::CatalogPtr catalog_of_life() {
  auto catalog = std::make_shared<Catalog>(*small_catalog());
  for (auto& type : catalog->record_types) {
    if (type.name == "mine") {
      auto remark = field("remark", FieldType::text);
      remark.max_length = 10;
      type.fields.push_back(field("status", FieldType::choice, "status"));
      type.fields.push_back(field("closed_on", FieldType::date));
      type.fields.push_back(remark);
      type.closed = {{{"status", Op::is, {"closed"}}}, words("the mine is closed"), {"CLO"}};
      pack::Raise close;
      close.name = "close";
      close.record = "closing";
      close.sets = {{"mine", "id"}};
      type.raises = {close};
    }
    if (type.name == "hazard") type.system = "HAZ";
    if (type.name == "region") {
      for (const char* day : {"valid_from", "valid_to"}) type.fields.push_back(field(day, FieldType::date));
      type.fields.push_back(field("parent", FieldType::reference, "region"));
      type.fields.push_back(field("replaced_by", FieldType::reference, "region"));
    }
  }
  catalog->dictionaries.push_back(dictionary("status", {{"open", "", ""}, {"closed", "", ""}}));
  catalog->record_types.push_back(closing_type());
  catalog->workflows.push_back(closing_workflow());
  for (auto& t : pass_types()) catalog->record_types.push_back(t);
  for (auto& t : lesson_types()) catalog->record_types.push_back(t);
  return catalog;
}

class EffectsTest : public db::OnBothEngines {
 protected:
  void SetUp() override {
    OnBothEngines::SetUp();
    if (!IsSkipped()) country = std::make_unique<Country>(GetParam(), catalog_of_life());
  }
  Country& c() { return *country; }
  Store& store() { return *country->store; }
  Record mine() { return must(store().get(c().root, "mine", c().mine_a)); }
  Record closing(const char* reason = "worked out") {
    return must(store().create(
        c().officer, "closing",
        {{"mine", c().mine_a}, {"reason", std::string(reason)}, {"planned_on", *parse_date("2026-01-10")}}));
  }
  Record step(const Actor& who, const Record& r, const char* name) {
    return must(store().step(who, r.type, r.id, must(store().get(c().root, r.type, r.id)).version, name, {}));
  }
  /// Closes mine A, with the county's signature.
  Record closed() {
    const Record r = step(c().officer, closing(), "accept");
    return must(store().sign(c().county_officer, "closing", r.id, r.version, true, ""));
  }
  RecordId region(const char* code, const char* name, const char* from, const char* to, RecordId after = {},
                  RecordId parent = {}) {
    Fields f = {{"code", std::string(code)}, {"name", std::string(name)}};
    if (*from) f["valid_from"] = *parse_date(from);
    if (*to) f["valid_to"] = *parse_date(to);
    if (after) f["replaced_by"] = after;
    if (parent) f["parent"] = parent;
    return must(store().create(c().root, "region", f)).id;
  }
  DivisionAnswer on(RecordId id, const char* day) {
    std::optional<DivisionAnswer> out;
    must(store().database().read([&](db::Connection& connection) -> Status {
      MW_ASSIGN(out, division_on(connection, store().catalog(), id, *parse_date(day)));
      return {};
    }));
    return *out;
  }
  std::unique_ptr<Country> country;
};
MW_ON_BOTH_ENGINES(EffectsTest);

TEST_P(EffectsTest, TheLastSignatureWritesIntoTheOtherRecordInTheNameOfWhoMadeIt) {
  const Record r = step(c().officer, closing(), "accept");
  EXPECT_EQ(mine().text("status"), "") << "not before the last signature";
  must(store().sign(c().county_officer, "closing", r.id, r.version, true, ""));
  EXPECT_EQ(mine().text("status"), "closed");
  EXPECT_EQ(std::get<Date>(mine().fields.at("closed_on")), *parse_date("2026-01-10"));
  EXPECT_EQ(mine().text("remark"), "worked out");
  const auto changes = must(store().history(c().county_officer, "mine", c().mine_a));
  EXPECT_EQ(changes.size(), 2u) << "created, and both effects in one write";
  EXPECT_EQ(changes.back().action, "by:closing.accept");
  EXPECT_EQ(changes.back().actor, "carl");
  EXPECT_TRUE(must(store().verify()).ok);
}

TEST_P(EffectsTest, AnEffectMayBeUndoneAndMayDependOnTheRecord) {
  const Record r = closed();
  step(c().county_officer, r, "undo");
  EXPECT_EQ(mine().text("status"), "open");
  EXPECT_FALSE(mine().fields.contains("closed_on"));
  step(c().officer, closing("a part"), "partly");
  EXPECT_EQ(mine().text("status"), "open");
  step(c().officer, closing("whole"), "partly");
  EXPECT_EQ(mine().text("status"), "closed");
}

TEST_P(EffectsTest, AStepWhoseEffectIsRefusedIsNotMade) {
  const Record r = closing();
  const Refusal no = refused(store().step(c().officer, "closing", r.id, r.version, "too_long", {}));
  EXPECT_EQ(faults(no), "mine too_long") << "told at the field that names the other record";
  EXPECT_EQ(must(store().get(c().root, "closing", r.id)).version, r.version);
  EXPECT_EQ(mine().text("remark"), "");
}

TEST_P(EffectsTest, NothingNewNamesWhatIsClosedButForTheSystemsThatKeepIt) {
  const Record before = c().hazard(c().officer, c().mine_a, "before");
  const auto offered = [&] {
    return store().possible_raises(c().officer, must(store().get(c().officer, "mine", c().mine_a)));
  };
  EXPECT_THAT(offered(), ElementsAre("close"));
  closed();
  EXPECT_THAT(offered(), IsEmpty()) << "its page begins nothing any more";
  const Refusal no =
      refused(store().create(c().officer, "hazard", {{"mine", c().mine_a}, {"title", std::string("after")}}));
  EXPECT_EQ(faults(no), "mine rule");
  EXPECT_EQ(no.faults[0].words.en, "the mine is closed");
  must(
      store().update(c().officer, "hazard", before.id, before.version, {{"title", std::string("finished")}}));
  closing("again");                                          // CLO keeps it
  c().hazard(c().root, c().mine_a, "what a machine sends");  // the program may
  EXPECT_EQ(faults(refused(store().create(c().county_officer, "receipt",
                                          {{"mine", c().mine_a}, {"lesson", RecordId{1}}}))),
            "mine rule, lesson not_found");
}

TEST_P(EffectsTest, APostNeedsThePassThatItsTradeAsksFor) {
  const auto take = [&](const char* trade) {
    return store().create(c().officer, "post",
                          {{"person", c().worker.account}, {"trade", std::string(trade)}});
  };
  const auto pass = [&](const char* trade, const char* until) {
    Fields f = {{"holder", c().worker.account}, {"trade", std::string(trade)}};
    if (*until) f["valid_to"] = *parse_date(until);
    must(store().create(c().officer, "pass", f));
  };
  EXPECT_EQ(refused(take("blaster")).faults[0].words.en, "no pass in force");
  must(take("helper"));
  pass("electrician", "");
  EXPECT_EQ(faults(refused(take("blaster"))), "person rule") << "of another trade";
  pass("blaster", "2026-01-11");
  EXPECT_EQ(faults(refused(take("blaster"))), "person rule") << "it ended yesterday";
  pass("blaster", "2026-01-12");
  const Record post = must(take("blaster"));  // its last day
  c().clock.advance(std::chrono::hours(48));
  must(store().update(c().officer, "post", post.id, post.version, {{"remark", std::string("night shift")}}));
  EXPECT_EQ(faults(refused(store().update(c().officer, "post", post.id, post.version + 1,
                                          {{"trade", std::string("surveyor")}}))),
            "person rule");
}

TEST_P(EffectsTest, WhatLiesInTheFutureIsToldAtItsField) {
  const auto made = [&](const char* day) {
    return store().create(
        c().officer, "closing",
        {{"mine", c().mine_a}, {"reason", std::string("r")}, {"planned_on", *parse_date(day)}});
  };
  must(made("2026-01-12"));  // today
  EXPECT_EQ(faults(refused(made("2026-01-13"))), "planned_on rule");
}

TEST_P(EffectsTest, EachOpenMineOfTheScopeGetsOneAndNobodyTwice) {
  const Record lesson = must(store().create(c().county_officer, "lesson", {{"title", std::string("gas")}}));
  const auto send = [&] {
    return store().raise_each(c().county_officer, "lesson", lesson.id, "receipt", {});
  };
  must(store().raise(c().county_officer, "lesson", lesson.id, "receipt", {{"mine", c().mine_b}}));
  RaisedEach each = must(send());
  EXPECT_EQ(each.made, 1);
  EXPECT_EQ(each.there_already, 1);
  each = must(send());
  EXPECT_EQ(each.made, 0);
  EXPECT_EQ(each.there_already, 2);
  ListQuery query;
  query.type = "receipt";
  std::vector<RecordId> mines;
  for (const auto& r : must(store().list(c().root, query)).records) {
    mines.push_back(r.reference("mine"));
    EXPECT_EQ(r.owner, mines.back() == c().mine_a ? c().mine_a_organisation : c().mine_b_organisation);
  }
  EXPECT_THAT(mines, ElementsAre(c().mine_a, c().mine_b)) << "none of the neighbouring county";
  EXPECT_EQ(must(store().links(c().county_officer, "lesson", lesson.id)).size(), 2u);
  const Record second = must(store().create(c().county_officer, "lesson", {{"title", std::string("water")}}));
  closed();
  EXPECT_EQ(must(store().raise_each(c().county_officer, "lesson", second.id, "receipt", {})).made, 1);
  EXPECT_EQ(refused(store().raise_each(c().county_officer, "lesson", second.id, "once", {})).error.code,
            Errc::bad_input);
  EXPECT_EQ(refused(store().raise_each(c().foreign, "lesson", second.id, "receipt", {})).error.code,
            Errc::not_found);
}

TEST_P(EffectsTest, ADivisionIsToldWithTheNameOfTheDay) {
  const RecordId city = region("990500", "city", "", "");
  const RecordId now = region("990507", "new district", "2005-04-01", "", {}, city);
  const RecordId between = region("990506", "district", "2003-01-01", "2005-03-31", now, city);
  const RecordId old = region("990522", "county", "", "2002-12-31", between, city);
  for (const RecordId asked : {old, between, now}) {
    EXPECT_EQ(on(asked, "2002-12-31").then.name, "county");
    EXPECT_EQ(on(asked, "2003-01-01").then.name, "district");
    EXPECT_EQ(on(asked, "2005-03-31").then.code, "990506");
    EXPECT_EQ(on(asked, "2005-04-01").then.code, "990507");
    EXPECT_TRUE(on(asked, "1990-01-01").certain);
  }
  ASSERT_EQ(on(old, "2020-01-01").above.size(), 1u);
  EXPECT_EQ(on(old, "2020-01-01").above[0].name, "city");
}

TEST_P(EffectsTest, AMergerIsToldForwardsAndIsUncertainBackwards) {
  const RecordId merged = region("990109", "merged", "2020-01-01", "");
  const RecordId left = region("990107", "left", "", "2019-12-31", merged);
  const RecordId ended = region("990106", "ended", "", "2019-12-31");
  region("990108", "right", "", "2019-12-31", merged);
  EXPECT_EQ(on(left, "2021-01-01").then.name, "merged");
  EXPECT_EQ(on(left, "2019-12-31").then.name, "left");
  EXPECT_FALSE(on(merged, "2019-12-31").certain) << "left or right";
  EXPECT_FALSE(on(ended, "2020-01-01").certain) << "nobody says what came after";
}

TEST_P(EffectsTest, ARingOfSuccessorsEnds) {
  const RecordId a = region("990107", "a", "", "2019-12-31");
  const RecordId b = region("990108", "b", "", "2019-12-31", a);
  const Record stored = must(store().get(c().root, "region", a));
  must(store().update(c().root, "region", a, stored.version, {{"replaced_by", b}}));
  EXPECT_FALSE(on(a, "2021-01-01").then.name.empty());
}

}  // namespace
}  // namespace mineward::record::fixture
