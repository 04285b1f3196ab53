/// Sums over the records of another type, worked by hand: kept with every write, undone with a refused one,
/// reckoned anew when packs begin to ask for them. On both engines.
#include "record/testing.h"

namespace mineward::record::fixture {
namespace {

using Op = pack::Condition::Op;
using ::testing::ElementsAre;

pack::Compute total(const char* record, std::map<std::string, std::string> match, const char* add,
                    const char* into) {
  pack::Compute c;
  c.rule = pack::Compute::Rule::total;
  c.record = record;
  c.match = std::move(match);
  c.add = add;
  c.into = into;
  return c;
}

RecordType owned(const char* name, std::vector<Field> fields) {
  fields.push_back(
      with_default(required(field("organisation", FieldType::reference, "organisation")), "my_organisation"));
  fields.push_back(field("name", FieldType::text));
  auto t = record_type(name, "organisation", "name", std::move(fields));
  t.list_fields = {"name"};
  t.access.create = t.access.update = {"officer"};
  return t;
}

/// A fund of purses; spendings of a purse count when they are paid and lie in its time.
std::shared_ptr<Catalog> catalog_of_money(bool with_totals = true) {
  auto catalog = small_catalog();
  auto fund = owned("fund", {system(field("gone", FieldType::money))});
  auto purse =
      owned("purse", {field("fund", FieldType::reference, "fund"), field("since", FieldType::date),
                      field("until", FieldType::date), field("budget", FieldType::money),
                      system(field("spent", FieldType::money)), system(field("times", FieldType::integer))});
  auto spending = owned("spending", {field("purse", FieldType::reference, "purse"),
                                     field("day", FieldType::date), field("amount", FieldType::money)});
  spending.workflow = "spending";
  pack::Workflow flow;
  flow.name = "spending";
  flow.states = {{"planned", {}, true, false}, {"paid", {}, false, false}, {"withdrawn", {}, false, true}};
  flow.transitions = {transition("pay", {"planned"}, "paid", {"officer"}),
                      transition("withdraw", {"planned", "paid"}, "withdrawn", {"officer"})};
  auto spent = total("spending", {{"purse", "id"}}, "amount", "spent");
  spent.when = {{"state", Op::is, {"paid"}}};
  spent.at = "day";
  spent.since = "since";
  spent.until = "until";
  auto times = spent;
  times.add.clear();
  times.into = "times";
  pack::RecordRule within{};
  within.rule = pack::RecordRule::Rule::sum_within;
  within.fields = {"spent"};
  within.field = "budget";
  within.label = {"超支", "more than the budget"};
  purse.checks = {within};
  if (with_totals) {
    purse.computes = {spent, times};
    fund.computes = {total("purse", {{"fund", "id"}}, "spent", "gone")};
  }
  for (auto& t : {fund, purse, spending}) catalog->record_types.push_back(t);
  catalog->workflows.push_back(flow);
  return catalog;
}

class TotalsTest : public db::OnBothEngines {
 protected:
  void SetUp() override {
    OnBothEngines::SetUp();
    if (!IsSkipped()) country = std::make_unique<Country>(GetParam(), catalog_of_money());
  }
  Country& c() { return *country; }
  Store& store() { return *country->store; }
  Record make(const char* type, Fields fields) { return must(store().create(c().officer, type, fields)); }
  Record spend(const Record& purse, const char* day, std::int64_t fen, bool pay = true) {
    const Record made = make("spending", {{"purse", purse.id}, {"day", *parse_date(day)}, {"amount", fen}});
    return pay ? must(store().step(c().officer, "spending", made.id, made.version, "pay", {})) : made;
  }
  Record now(const Record& r) { return must(store().get(c().root, r.type, r.id)); }
  std::int64_t fen(const Record& r, const char* name = "spent") {
    return static_cast<std::int64_t>(now(r).number(name).value_or(-1));
  }
  std::unique_ptr<Country> country;
};
MW_ON_BOTH_ENGINES(TotalsTest);

TEST_P(TotalsTest, CountsWhatFitsInItsTimeAndFollowsEveryChange) {
  const Record fund = make("fund", {});
  const Record purse =
      make("purse",
           {{"fund", fund.id}, {"since", *parse_date("2026-01-10")}, {"until", *parse_date("2026-01-20")}});
  EXPECT_EQ(fen(purse), 0) << "none of them is nothing, not unknown";
  spend(purse, "2026-01-09", 500);   // the day before
  spend(purse, "2026-01-10", 1025);  // its first
  const Record last = spend(purse, "2026-01-20", 2050);
  spend(purse, "2026-01-21", 4000);  // the day after
  const Record planned = spend(purse, "2026-01-15", 8000, false);
  EXPECT_EQ(fen(purse), 3075);
  EXPECT_EQ(fen(purse, "times"), 2);
  EXPECT_EQ(fen(fund, "gone"), 3075) << "a total of totals";
  must(store().step(c().officer, "spending", planned.id, planned.version, "pay", {}));
  EXPECT_EQ(fen(fund, "gone"), 11075);

  must(store().update(c().officer, "purse", purse.id, now(purse).version, {{"until", FieldValue{}}}));
  EXPECT_EQ(fen(purse), 15075) << "open at its end";
  const Record other = make("purse", {});
  must(store().update(c().officer, "spending", last.id, now(last).version, {{"purse", other.id}}));
  EXPECT_EQ(fen(purse), 13025);
  EXPECT_EQ(fen(other), 2050) << "whose time is open at both ends";
  must(store().step(c().officer, "spending", last.id, now(last).version, "withdraw", {}));
  EXPECT_EQ(fen(other), 0);
  EXPECT_EQ(fen(fund, "gone"), 13025);

  const auto history = must(store().history(c().officer, "purse", other.id));
  EXPECT_EQ(history.back().action, "total:spending");
  EXPECT_EQ(history.back().actor, "anna") << "who wrote what is summed";
  EXPECT_TRUE(must(store().verify()).ok);
}

TEST_P(TotalsTest, WhatBreaksARuleOfTheSumIsNotWrittenAndTheRestOfItsTransactionIs) {
  const Record purse = make("purse", {{"budget", std::int64_t{1000}}});
  const Record small = spend(purse, "2026-01-12", 600, false), large = spend(purse, "2026-01-12", 401, false);
  must(store().write([&](Writer& w) -> Status {
    must(w.step(c().officer, "spending", small.id, small.version, "pay", {}));
    const Refusal no = refused(w.step(c().officer, "spending", large.id, large.version, "pay", {}));
    EXPECT_EQ(faults(no), "purse rule") << "told at the field that leads to the sum";
    must(w.update(c().officer, "spending", large.id, large.version, {{"amount", std::int64_t{400}}}));
    return {};
  }));
  EXPECT_EQ(now(large).state, "planned");
  EXPECT_EQ(fen(purse), 600);
  must(store().step(c().officer, "spending", large.id, now(large).version, "pay", {}));
  EXPECT_EQ(fen(purse), 1000);
  EXPECT_TRUE(must(store().verify()).ok);
}

TEST_P(TotalsTest, RecordsFromBeforeAreReckonedWhenThePacksBeginToAsk) {
  must(c().reopen(catalog_of_money(false)));
  const Record fund = make("fund", {});
  const Record purse = make("purse", {{"fund", fund.id}});
  spend(purse, "2026-01-12", 700);
  EXPECT_EQ(fen(purse), -1) << "nothing is asked";
  const std::int64_t version = now(purse).version;
  must(c().reopen(catalog_of_money()));
  EXPECT_EQ(fen(purse), 700);
  EXPECT_EQ(fen(fund, "gone"), 700);
  must(c().reopen(catalog_of_money()));
  EXPECT_EQ(now(purse).version, version + 1) << "once";
  EXPECT_TRUE(must(store().verify()).ok);
}

}  // namespace
}  // namespace mineward::record::fixture
