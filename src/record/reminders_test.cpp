/// Reminders of time limits at instants worked by hand: once each, also over a restart and with two nodes,
/// until they are seen or the matter is done. On both engines.
#include "record/reminders.h"

#include <thread>

#include "record/testing.h"

namespace mineward::record::fixture {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

pack::ClockRule clock_rule(const char* name, const char* limit) {
  pack::ClockRule r;
  r.name = name;
  r.starts = "begun_at";
  r.limit = *pack::parse_time_limit(limit);
  r.ends = "done_at";
  r.owed_by = {"officer", "county_officer"};
  return r;
}

/// A call that must be answered in 24 hours, and a report in five working days.
std::shared_ptr<Catalog> catalog_of_calls() {
  auto catalog = small_catalog();
  for (const auto& [name, limit] : {std::pair{"call", "24 hours"}, std::pair{"report", "5 working days"}}) {
    auto type =
        record_type(name, "organisation", "title",
                    {with_default(required(field("organisation", FieldType::reference, "organisation")),
                                  "my_organisation"),
                     field("title", FieldType::text), field("begun_at", FieldType::instant),
                     field("done_at", FieldType::instant), field("note", FieldType::text)});
    type.workflow = name;
    type.list_fields = {"title"};
    type.access.create = type.access.update = {"officer"};
    pack::Workflow flow;
    flow.name = name;
    flow.states = {{"open", {}, true, false}, {"done", {}, false, true}};
    flow.transitions = {transition("finish", {"open"}, "done", {"officer"})};
    flow.clocks = {clock_rule("answer", limit)};
    flow.clocks[0].ends_in = {"done"};
    catalog->record_types.push_back(type);
    catalog->workflows.push_back(flow);
  }
  pack::CalendarYear year;
  year.year = 2026;
  catalog->calendar = {year};
  return catalog;
}

class RemindersTest : public db::OnBothEngines {
 protected:
  void SetUp() override {
    OnBothEngines::SetUp();
    if (!IsSkipped()) country = std::make_unique<Country>(GetParam(), catalog_of_calls());
  }
  Country& c() { return *country; }
  Store& store() { return *country->store; }
  /// Begun at the clock's beginning, 2026-01-12 08:00 in Beijing.
  Record begin(const char* type) {
    return must(store().create(c().officer, type,
                               {{"title", std::string(type)}, {"begun_at", EventTime{begun.utc_ms}}}));
  }
  void at(const char* beijing) { c().clock.set(ArrivalTime{parse_time(beijing)->utc_ms}); }
  int take() { return must(take_reminders(store(), c().clock.now())); }
  std::vector<std::string> unseen(const Actor& who) {
    std::vector<std::string> out;
    for (const auto& r : must(unseen_reminders(store(), who, 50, c().clock.now())))
      out.push_back(r.type + " " + std::string(name_of_stage(r.stage)));
    return out;
  }
  const ArrivalTime begun{1768176000000};
  std::unique_ptr<Country> country;
};
MW_ON_BOTH_ENGINES(RemindersTest);

TEST_P(RemindersTest, HalfFourFifthsAndDueAreToldOnceToWhoOwesThem) {
  const Record call = begin("call");
  at("2026-01-12 19:59:59");
  EXPECT_EQ(take(), 0);
  at("2026-01-12 20:00:00");  // twelve of 24 hours
  EXPECT_EQ(take(), 1);
  EXPECT_EQ(take(), 0);
  EXPECT_THAT(unseen(c().officer), ElementsAre("call half"));
  EXPECT_THAT(unseen(c().county_officer), ElementsAre("call half"));
  EXPECT_THAT(unseen(c().worker), IsEmpty()) << "he owes nothing";
  EXPECT_THAT(unseen(c().foreign), IsEmpty()) << "of the other county";
  at("2026-01-13 03:11:59");
  EXPECT_EQ(take(), 0);
  at("2026-01-13 03:12:00");  // 19 h 12 min
  EXPECT_EQ(take(), 1);
  EXPECT_THAT(unseen(c().officer), ElementsAre("call fifths")) << "the last word of each clock";
  at("2026-01-13 08:00:00");
  EXPECT_EQ(take(), 1);
  at("2026-01-14 08:00:00");
  EXPECT_EQ(take(), 0);
  std::vector<std::string> told;
  for (const auto& change : must(store().history(c().officer, "call", call.id))) {
    if (change.version == 0) told.push_back(change.action + " " + change.actor);
  }
  EXPECT_THAT(told, ElementsAre("remind:half system:clocks", "remind:fifths system:clocks",
                                "remind:due system:clocks"));
  EXPECT_TRUE(must(store().verify()).ok);
}

TEST_P(RemindersTest, WorkingDaysAreThoseOfTheCalendar) {
  // Tuesday 13 to Friday 16 and Monday 19: until its midnight are 7 days and 16 hours, half of them 3 days 20
  // hours.
  begin("report");
  at("2026-01-16 03:59:59");
  EXPECT_EQ(take(), 0);
  at("2026-01-16 04:00:00");
  EXPECT_EQ(take(), 1);
  at("2026-01-20 00:00:00");
  EXPECT_EQ(take(), 1) << "four fifths and the end at once: one word";
  EXPECT_THAT(unseen(c().officer), ElementsAre("report due"));
}

TEST_P(RemindersTest, ARestartTellsWhatPassedMeanwhileAndNothingTwice) {
  const Record call = begin("call");
  at("2026-01-12 20:30:00");
  EXPECT_EQ(take(), 1);
  c().open();
  EXPECT_EQ(take(), 0);
  at("2026-01-13 04:00:00");
  c().open();
  must(store().update(c().officer, "call", call.id, call.version, {{"note", std::string("written first")}}));
  EXPECT_EQ(take(), 1) << "four fifths passed while no node ran, and a write came before the round";
  EXPECT_THAT(unseen(c().officer), ElementsAre("call fifths"));
}

TEST_P(RemindersTest, TwoNodesOnOneDatabaseTellItOnce) {
  constexpr int kCalls = 40;
  for (int i = 0; i < kCalls; ++i) begin("call");
  at("2026-01-12 21:00:00");
  IdMaker other_ids(c().clock, 2);
  const auto other_database = must(db::open_database(c().database.url(), 1));
  auto other = must(open_store(catalog_of_calls(), *other_database, *c().files, c().clock, other_ids,
                               {c().database.folder().path() + "/files", 4096}));
  const auto run = [&](Store& node) {
    while (must(take_reminders(node, c().clock.now(), 3)) > 0) {
    }
  };
  std::thread second([&] { run(*other); });
  run(store());
  second.join();
  EXPECT_EQ(must(reminders_after(store(), 0, 1000)).size(), static_cast<std::size_t>(kCalls));
  EXPECT_EQ(must(newest_reminder(*other)), kCalls) << "told in the order of their numbers, without a gap";
}

TEST_P(RemindersTest, TheyStandUntilSeenOrDone) {
  const Record call = begin("call"), other = begin("call");
  at("2026-01-12 20:00:00");
  EXPECT_EQ(take(), 2);
  at("2026-01-13 03:12:00");
  EXPECT_EQ(take(), 2);
  const auto listed = must(unseen_reminders(store(), c().officer, 50, c().clock.now()));
  ASSERT_EQ(listed.size(), 2u);
  std::int64_t mine = 0;
  for (const auto& r : listed) mine = r.id == call.id ? r.seq : mine;
  must(see_reminders(store(), c().worker, {mine}, c().clock.now()));  // not his: nothing happens
  EXPECT_EQ(unseen(c().officer).size(), 2u);
  must(see_reminders(store(), c().officer, {mine}, c().clock.now()));
  EXPECT_THAT(unseen(c().officer), ElementsAre("call fifths")) << "the half that came before is seen with it";
  EXPECT_EQ(unseen(c().county_officer).size(), 2u) << "each for himself";
  EXPECT_EQ(must(store().history(c().officer, "call", call.id)).back().action, "remind_seen:fifths");
  must(store().step(c().officer, "call", other.id, other.version, "finish", {}));
  EXPECT_THAT(unseen(c().officer), IsEmpty());
  EXPECT_EQ(unseen(c().county_officer).size(), 1u);
  at("2026-01-13 08:00:00");
  EXPECT_EQ(take(), 1) << "nothing of what is done";
  EXPECT_THAT(unseen(c().officer), ElementsAre("call due"));
}

TEST_P(RemindersTest, WhatHadPassedBeforeItWasEnteredIsNotTold) {
  at("2026-01-13 04:00:00");
  begin("call");
  EXPECT_EQ(take(), 0);
  at("2026-01-13 08:00:00");
  EXPECT_EQ(take(), 1);
  EXPECT_THAT(unseen(c().officer), ElementsAre("call due"));
}

}  // namespace
}  // namespace mineward::record::fixture
