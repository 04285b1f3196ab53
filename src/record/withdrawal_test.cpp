/// What the reader gives to types that have no withdrawal of their own: the record stays with its reason,
/// counts nowhere, frees its keys, and is not taken from under what stands on it. On both engines.
#include "record/withdrawal.h"

#include "pack/withdrawal.h"
#include "record/selection.h"
#include "record/testing.h"

namespace mineward::record::fixture {
namespace {

using ::testing::Contains;
using ::testing::Not;

std::shared_ptr<Catalog> catalog_with_mistakes() {
  auto catalog = small_catalog();
  const auto owner = [] {
    return with_default(required(field("organisation", FieldType::reference, "organisation")),
                        "my_organisation");
  };
  auto visit =
      record_type("visit", "organisation", "code", {owner(), required(field("code", FieldType::text))});
  auto answer =
      record_type("answer", "organisation", "code",
                  {owner(), required(field("code", FieldType::text)),
                   required(field("visit", FieldType::reference, "visit")), field("due", FieldType::date)});
  answer.workflow = "answer";
  pack::Workflow flow;
  flow.name = "answer";
  flow.states = {{"open", {}, true, false}, {"done", {}, false, true}};
  flow.transitions = {transition("finish", {"open"}, "done", {"officer"})};
  pack::ClockRule clock;
  clock.name = "answer";
  clock.starts = "created_at";
  clock.limit = *pack::parse_time_limit("7 days");
  clock.ends_in = {"done"};
  flow.clocks = {clock};
  auto machine = record_type("machine", "organisation", "code", {owner(), field("code", FieldType::text)});
  for (auto* t : {&visit, &answer}) {
    t->unique = {{"code"}};
    t->access.create = {"officer"};
    t->access.update = {"officer"};
  }
  for (auto* t : {&visit, &answer, &machine}) {
    t->list_fields = {"code"};
    catalog->record_types.push_back(*t);
  }
  catalog->workflows.push_back(flow);
  for (auto& role : catalog->roles) role.withdraws = role.name == "county_officer";
  pack::give_withdrawal(*catalog);
  return catalog;
}

class WithdrawalTest : public db::OnBothEngines {
 protected:
  void SetUp() override {
    OnBothEngines::SetUp();
    if (!IsSkipped()) country = std::make_unique<Country>(GetParam(), catalog_with_mistakes());
  }
  Country& c() { return *country; }
  Store& store() { return *country->store; }
  Record visit(const char* code) {
    return must(store().create(c().officer, "visit", {{"code", std::string(code)}}));
  }
  Record answer(const char* code, const Record& of) {
    return must(store().create(c().officer, "answer", {{"code", std::string(code)}, {"visit", of.id}}));
  }
  Outcome<Record> withdraw(const Actor& who, const Record& r, std::string_view reason = "entered twice") {
    return store().step(who, r.type, r.id, must(store().get(c().root, r.type, r.id)).version, "withdraw", {},
                        reason);
  }
  std::int64_t counted(const char* type) {
    std::int64_t n = -1;
    must(store().database().read([&](db::Connection& connection) -> Status {
      MW_ASSIGN(const Selection all, Selection::make(store().catalog(), type, {}));
      std::vector<db::Value> params;
      const std::string where = all.where(params);
      MW_ASSIGN(const db::Rows rows,
                connection.query("SELECT count(*) FROM " + all.from() + " WHERE " + where, params));
      n = rows.integer(0, 0);
      return {};
    }));
    return n;
  }
  std::unique_ptr<Country> country;
};
MW_ON_BOTH_ENGINES(WithdrawalTest);

TEST_P(WithdrawalTest, ARecordWithoutStatesStaysWithItsReasonAndCountsNoMore) {
  const Record wrong = visit("V1");
  EXPECT_THAT(store().possible_steps(c().officer, wrong), Contains("withdraw"));
  EXPECT_THAT(store().possible_steps(c().worker, wrong), Not(Contains("withdraw")));
  EXPECT_EQ(faults(refused(withdraw(c().officer, wrong, " "))), "reason required");
  EXPECT_EQ(refused(withdraw(c().worker, wrong)).error.code, Errc::forbidden);
  EXPECT_EQ(refused(withdraw(c().foreign, wrong)).error.code, Errc::not_found);
  EXPECT_EQ(counted("visit"), 1);
  const Record gone = must(withdraw(c().county_officer, wrong));  // the superior may
  EXPECT_EQ(std::get<bool>(gone.fields.at("withdrawn")), true);
  EXPECT_EQ(gone.text("code"), "V1") << "nothing of it is lost";
  EXPECT_EQ(counted("visit"), 0);
  const Change last = must(store().history(c().officer, "visit", wrong.id)).back();
  EXPECT_EQ(last.action + " " + last.reason + " " + last.actor, "step:withdraw entered twice carl");
  EXPECT_EQ(refused(withdraw(c().officer, gone)).error.code, Errc::conflict);
  EXPECT_EQ(
      refused(store().update(c().officer, "visit", gone.id, gone.version, {{"code", std::string("V2")}}))
          .error.code,
      Errc::conflict);
  visit("V1");  // its key is free
  EXPECT_EQ(faults(refused(store().create(c().officer, "visit", {{"code", std::string("V1")}}))),
            "code not_unique");
  EXPECT_TRUE(must(store().verify()).ok);
}

TEST_P(WithdrawalTest, WhatOthersStandOnIsNotTakenAway) {
  const Record v = visit("V1");
  const Record a = answer("A1", v);
  const Refusal no = refused(withdraw(c().officer, v));
  EXPECT_EQ(faults(no), "reason built_on");
  EXPECT_FALSE(no.faults[0].words.zh.empty());
  ASSERT_EQ(must(store().clocks(c().officer, "answer", a.id)).at(0).state, "running");
  EXPECT_EQ(must(withdraw(c().officer, a)).state, "withdrawn");
  EXPECT_EQ(must(store().clocks(c().officer, "answer", a.id)).at(0).state, "over")
      << "nobody owes it any more";
  EXPECT_EQ(counted("answer"), 0);
  must(withdraw(c().officer, v));
  const Record again = answer("A1", visit("V1"));
  const Record done = must(store().step(c().officer, "answer", again.id, again.version, "finish", {}));
  EXPECT_EQ(refused(withdraw(c().officer, done)).error.code, Errc::conflict) << "a settled matter is history";
}

TEST_P(WithdrawalTest, OnlyWhatPeopleEnterAndHasNoWayOfItsOwnIsGivenOne) {
  const auto& catalog = store().catalog();
  const auto of = [&](const char* type) { return catalog.record_type(type)->withdrawal; };
  EXPECT_EQ(of("visit"), pack::Withdrawal::flag);
  EXPECT_EQ(of("answer"), pack::Withdrawal::step);
  EXPECT_EQ(of("machine"), pack::Withdrawal::none) << "nobody enters it";
  EXPECT_EQ(of("account"), catalog.record_type("account")->field("disabled") ? pack::Withdrawal::declared
                                                                             : pack::Withdrawal::flag);
  EXPECT_THAT(catalog.record_type("visit")->withdrawn_by,
              ::testing::ElementsAre("officer", "county_officer"));
}

}  // namespace
}  // namespace mineward::record::fixture
