/// Open work and the time line of a mine, on both engines, against what a model of the test counts.
#include <random>

#include "record/mine_events.h"
#include "record/open_work.h"
#include "record/testing.h"

namespace mineward::record::fixture {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

/// The county's flow with a clock that runs to a hazard's deadline, and one that only reminds.
pack::CatalogPtr with_clocks() {
  auto catalog = small_catalog();
  pack::ClockRule rectify;
  rectify.name = "rectify";
  rectify.starts = "deadline";
  rectify.limit = {0, pack::TimeLimit::Unit::days};
  rectify.ends = "rectified_at";
  rectify.owed_by = {"officer"};
  pack::ClockRule reminder = rectify;
  reminder.name = "ask_in_time";
  reminder.limit = {3, pack::TimeLimit::Unit::days};
  reminder.before = true;
  reminder.reminder = true;
  catalog->workflows[0].clocks = {rectify, reminder};
  return catalog;
}

class OpenWorkTest : public RecordTest {
 protected:
  void SetUp() override {
    OnBothEngines::SetUp();
    if (!IsSkipped()) country = std::make_unique<Country>(GetParam(), with_clocks());
  }
  std::vector<TypeWork> work(const Actor& who, WorkQuery query = {}) {
    return must(open_work(store(), who, query, c().clock.now()));
  }
  std::map<std::string, std::int64_t> counts(const Actor& who, WorkQuery query = {}) {
    std::map<std::string, std::int64_t> out;
    query.types = {"hazard"};
    const auto found = work(who, query);
    for (const auto& state : found.at(0).states) out[state.state] = state.count;
    return out;
  }
  Date in_days(int n) { return china_date(c().clock.now().utc_ms + n * 86'400'000LL); }
};
MW_ON_BOTH_ENGINES(OpenWorkTest);

TEST_P(OpenWorkTest, CountsWhatAModelCounts) {
  std::mt19937 dice(7);
  std::map<std::string, std::int64_t> at_a, everywhere;
  const Actor x_officer = c().actor("xena", c().mine_x_organisation, {"officer"});
  for (int i = 0; i < 40; ++i) {
    const int where = static_cast<int>(dice() % 3);
    Record r = where == 2
                   ? c().hazard(x_officer, c().mine_x, "x")
                   : must(store().create(
                         c().root, "hazard",
                         {{"organisation", where == 0 ? c().mine_a_organisation : c().mine_b_organisation},
                          {"mine", where == 0 ? c().mine_a : c().mine_b},
                          {"title", std::string("t")}}));
    if (dice() % 2 == 0)
      r = must(store().step(
          c().root, "hazard", r.id, r.version, "plan",
          {{"responsible", c().officer.account}, {"deadline", in_days(static_cast<int>(dice() % 9) - 4)}}));
    if (dice() % 4 == 0) r = must(store().step(c().root, "hazard", r.id, r.version, "expire", {}));
    if (where == 0) ++at_a[r.state];
    if (where != 2) ++everywhere[r.state];
  }
  WorkQuery with_final;
  with_final.final_too = true;
  for (const auto& state : {"found", "rectifying", "closed"}) {
    EXPECT_EQ(counts(c().county_officer, with_final)[state], everywhere[state]) << state;
    EXPECT_EQ(counts(c().officer, with_final)[state], at_a[state]) << state;
  }
  WorkQuery query;
  query.final_too = true;
  query.mine = c().mine_a;
  EXPECT_EQ(counts(c().county_officer, query)["found"], at_a["found"]);
  query = {};
  query.under = c().mine_a_organisation;
  EXPECT_EQ(counts(c().county_officer, query)["rectifying"], at_a["rectifying"]);
  EXPECT_FALSE(counts(c().county_officer).contains("closed")) << "what is over is not open";
  query.mine = c().mine_x;
  EXPECT_EQ(open_work(store(), c().county_officer, query, c().clock.now()).error().code, Errc::not_found);
}

TEST_P(OpenWorkTest, LateIsWhatRanOutAndNotWhatOnlyReminds) {
  const auto planned = [&](int days) {
    const Record r = c().hazard(c().officer, c().mine_a, "t");
    return must(store().step(c().officer, "hazard", r.id, r.version, "plan",
                             {{"responsible", c().officer.account}, {"deadline", in_days(days)}}))
        .id;
  };
  const RecordId over = planned(-2), soon = planned(1), later = planned(20);
  const RecordId fresh = c().hazard(c().officer, c().mine_a, "no deadline").id;
  const auto states = work(c().officer).at(0).states;
  ASSERT_EQ(states.size(), 2u);
  EXPECT_EQ(states[0].state, "found");
  EXPECT_EQ(states[0].first.at(0).id, fresh);
  EXPECT_FALSE(states[0].first.at(0).due);
  EXPECT_EQ(states[1].late, 1) << "the reminder of the one due tomorrow has gone, which makes nothing late";
  std::vector<RecordId> order;
  for (const auto& item : states[1].first) order.push_back(item.id);
  EXPECT_THAT(order, ElementsAre(over, soon, later));
  EXPECT_EQ(states[1].first.at(1).clock, "rectify") << "a reminder that has gone is forgotten";
  EXPECT_EQ(states[1].first.at(2).clock, "ask_in_time");
}

TEST_P(OpenWorkTest, ToMoveIsWhatARoleMovesOn) {
  c().hazard(c().officer, c().mine_a, "t");
  WorkQuery query;
  query.to_move = true;
  EXPECT_EQ(work(c().officer, query).size(), 1u);
  EXPECT_THAT(work(c().reviewer, query), IsEmpty()) << "a reviewer takes no step from found";
  EXPECT_THAT(work(c().worker, query), IsEmpty());
}

TEST_P(OpenWorkTest, ATimeLineEndsNowhereButAtItsEnd) {
  for (int i = 0; i < 5; ++i) c().hazard(c().officer, c().mine_a, "h" + std::to_string(i));
  c().hazard(c().actor("bert", c().mine_b_organisation, {"officer"}), c().mine_b, "elsewhere");
  EventQuery query;
  query.mine = c().mine_a;
  query.limit = 2;
  std::vector<std::int64_t> seen;
  for (;;) {
    const EventPage page = must(mine_events(store(), c().county_officer, query));
    for (const auto& event : page.events) {
      EXPECT_NE(event.change.type, "account") << "an officer may not read accounts";
      EXPECT_EQ(event.change.version, 1);
      seen.push_back(event.change.seq);
    }
    if (page.next == 0) break;
    query.before = page.next;
  }
  EXPECT_TRUE(std::is_sorted(seen.rbegin(), seen.rend()));
  EXPECT_EQ(seen.size(), 7u) << "five hazards, the mine and its organisation";
  EXPECT_EQ(mine_events(store(), c().foreign, query).error().code, Errc::not_found);
}

TEST_P(OpenWorkTest, OfTwoMinesOfAnOrganisationEachHasItsOwnTimeLine) {
  const RecordId second = c().mine("A2", c().mine_a_organisation);
  c().hazard(c().officer, c().mine_a, "first");
  c().hazard(c().officer, second, "second");
  EventQuery query;
  query.mine = second;
  int hazards = 0;
  for (const auto& event : must(mine_events(store(), c().officer, query)).events) {
    if (event.change.type != "hazard") continue;
    ++hazards;
    EXPECT_EQ(must(store().get(c().officer, "hazard", event.change.id)).text("title"), "second");
  }
  EXPECT_EQ(hazards, 1);
}

}  // namespace
}  // namespace mineward::record::fixture
