// The engine against a recomputation from nothing, on both databases, with the packs of the repository.
#include <gtest/gtest.h>

#include <random>

#include "duty/region_testing.h"

namespace mineward::duty {
namespace {

using fixture::at;
using fixture::packs;
using fixture::Region;
using record::Fields;
using record::Record;
using record::fixture::must;

class EngineTest : public db::OnBothEngines {
 protected:
  void SetUp() override {
    OnBothEngines::SetUp();
    if (!IsSkipped()) region = std::make_unique<Region>(GetParam());
  }
  Region& r() { return *region; }
  std::unique_ptr<Region> region;
};

TEST_P(EngineTest, ADutyTurnsWithRecordsAndTheClock) {
  const std::int64_t day = at("2026-09-03 00:00:00");
  r().clock.set({at("2026-09-03 12:00:00")});
  EXPECT_EQ(r().one("hazard-report-daily", r().mines[0], day), "upcoming 0/1");
  r().clock.set({at("2026-09-04 00:00:00")});
  EXPECT_EQ(r().one("hazard-report-daily", r().mines[0], day), "late 0/1");
  const RecordId report = r().add("hazard_report", {{"organisation", r().mine_organisations[0]},
                                                    {"mine", r().mines[0]},
                                                    {"reported_on", *parse_date("2026-09-03")},
                                                    {"found", std::int64_t{1}},
                                                    {"rectified", std::int64_t{0}},
                                                    {"open", std::int64_t{1}}});
  EXPECT_EQ(r().one("hazard-report-daily", r().mines[0], day), "late 0/1");  // entered, not confirmed
  EXPECT_TRUE(r().step("hazard_report", report, "confirm"));
  EXPECT_EQ(r().one("hazard-report-daily", r().mines[0], day), "met_late 1/1");
  EXPECT_TRUE(r().step("hazard_report", report, "reopen"));
  EXPECT_EQ(r().one("hazard-report-daily", r().mines[0], day), "late 0/1");
  // It belongs to another day, and to another mine.
  r().update("hazard_report", report,
             {{"reported_on", *parse_date("2026-09-04")},
              {"mine", r().mines[1]},
              {"organisation", r().mine_organisations[1]}});
  EXPECT_TRUE(r().step("hazard_report", report, "confirm"));
  EXPECT_EQ(r().one("hazard-report-daily", r().mines[0], day), "late 0/1");
  EXPECT_EQ(r().one("hazard-report-daily", r().mines[1], at("2026-09-04 00:00:00")), "met 1/1");
  r().clock.set({at("2026-10-01 00:00:00")});
  EXPECT_EQ(r().one("hazard-report-daily", r().mines[0], day).substr(0, 10), "missed 0/1");
}

TEST_P(EngineTest, TripsCountAndClaimsDoNot) {
  r().clock.set({at("2026-09-30 20:00:00")});
  const std::int64_t month = at("2026-09-01 00:00:00");
  for (int i = 1; i <= 9; ++i) {
    const std::string day = "2026-09-0" + std::to_string(i);
    r().add("trip", {{"organisation", r().mine_organisations[0]},
                     {"mine", r().mines[0]},
                     {"person", r().directors[0]},
                     {"card", "00"},
                     {"entered_at", EventTime{at((day + " 08:00:00").c_str())}},
                     {"left_at", EventTime{at((day + " 12:00:00").c_str())}}});
  }
  const auto claim = [&](const char* when) {
    return r().add("leader_visit", {{"organisation", r().mine_organisations[0]},
                                    {"mine", r().mines[0]},
                                    {"person", r().directors[0]},
                                    {"entered_at", EventTime{at(when)}}});
  };
  claim("2026-09-05 08:30:00");  // half an hour from the trip: confirmed
  EXPECT_EQ(r().one("trips-director", r().directors[0], month), "upcoming 9/10");
  const RecordId lie = claim("2026-09-20 08:00:00");
  EXPECT_EQ(r().one("trips-director", r().directors[0], month), "upcoming 9/10 unconfirmed 1");
  r().update("leader_visit", lie, {{"entered_at", EventTime{at("2026-09-05 07:29:59")}}});
  EXPECT_EQ(r().one("trips-director", r().directors[0], month), "upcoming 9/10 unconfirmed 1");
  r().update("leader_visit", lie, {{"entered_at", EventTime{at("2026-09-05 07:30:00")}}});
  EXPECT_EQ(r().one("trips-director", r().directors[0], month), "upcoming 9/10");
  r().add("trip", {{"organisation", r().mine_organisations[0]},
                   {"mine", r().mines[0]},
                   {"person", r().directors[0]},
                   {"card", "00"},
                   {"entered_at", EventTime{at("2026-09-30 19:00:00")}}});
  EXPECT_EQ(r().one("trips-director", r().directors[0], month), "met 10/10");
}

TEST_P(EngineTest, AnOpenStayBreaksTheLimitByItself) {
  r().clock.set({at("2026-09-02 10:00:00")});
  const std::int64_t shift = at("2026-09-02 08:00:00");
  const RecordId trip = r().add("trip", {{"organisation", r().mine_organisations[0]},
                                         {"mine", r().mines[0]},
                                         {"card", "77"},
                                         {"entered_at", EventTime{at("2026-09-02 09:00:00")}}});
  EXPECT_EQ(r().one("hours-underground", r().mines[0], shift), "upcoming 0/0");
  r().clock.set({at("2026-09-02 19:00:00")});  // ten hours to the millisecond
  EXPECT_EQ(r().one("hours-underground", r().mines[0], shift), "upcoming 0/0");
  r().clock.set({at("2026-09-02 19:00:00") + 1});
  EXPECT_EQ(r().one("hours-underground", r().mines[0], shift).substr(0, 10), "missed 1/0");
  r().update("trip", trip,
             {{"left_at", EventTime{at("2026-09-02 19:00:00")}}});  // the file with his leaving comes late
  EXPECT_EQ(r().one("hours-underground", r().mines[0], shift), "upcoming 0/0");
  r().clock.set({at("2026-09-03 02:00:00")});
  EXPECT_EQ(r().one("hours-underground", r().mines[0], shift), "met 0/0");
}

TEST_P(EngineTest, AStoppedMineOwesNothingFromThenOn) {
  r().clock.set({at("2026-09-05 12:00:00")});
  EXPECT_EQ(r().one("self-check-team", r().mines[0], at("2026-09-05 00:00:00")), "upcoming 0/1");
  r().update("mine", r().mines[0], {{"status", "stopped_production"}});
  EXPECT_THAT(r().one("self-check-team", r().mines[0], at("2026-09-05 00:00:00")),
              testing::HasSubstr("no duty"));
  // What was missed while it produced stays.
  EXPECT_EQ(r().one("self-check-team", r().mines[0], at("2026-09-02 00:00:00")).substr(0, 10), "missed 0/1");
}

TEST_P(EngineTest, WhoWasEnteredWithinAPeriodDoesNotOweIt) {
  r().clock.set({at("2026-09-10 09:00:00")});
  const RecordId owner = r().organisation("NEW", "mine", "mine", r().county);
  const RecordId mine = r().add("mine", {{"code", "520523999"},
                                         {"name", "新矿"},
                                         {"organisation", owner},
                                         {"kind", "coal"},
                                         {"status", "producing"}});
  r().clock.set({at("2026-09-12 09:00:00")});
  EXPECT_THAT(r().one("self-check-team", mine, at("2026-09-10 00:00:00")), testing::HasSubstr("no duty"));
  EXPECT_EQ(r().one("self-check-team", mine, at("2026-09-11 00:00:00")), "late 0/1");
  EXPECT_THAT(r().one("self-check-mine", mine, at("2026-09-01 00:00:00")), testing::HasSubstr("no duty"));
}

TEST_P(EngineTest, AClockSetBackComputesAllAgain) {
  r().clock.set({at("2026-10-10 12:00:00")});
  EXPECT_EQ(r().one("hazard-report-daily", r().mines[0], at("2026-09-03 00:00:00")).substr(0, 10),
            "missed 0/1");
  r().clock.set({at("2026-09-03 12:00:00")});  // `serve --now` on a campaign of the past
  r().duties = must(open_duties(packs(), *r().store, r().clock));
  EXPECT_EQ(r().one("hazard-report-daily", r().mines[0], at("2026-09-03 00:00:00")), "upcoming 0/1");
}

TEST_P(EngineTest, AClockSetForwardADayAndBackWhileRunningLeavesNothingMissed) {
  const auto daily = [&] { return r().one("hazard-report-daily", r().mines[0], at("2026-09-03 00:00:00")); };
  r().clock.set({at("2026-09-03 12:00:00")});
  EXPECT_EQ(daily(), "upcoming 0/1");
  r().clock.set({at("2026-09-04 12:00:00")});
  EXPECT_EQ(daily(), "late 0/1");
  r().clock.set({at("2026-09-03 12:00:00")});
  EXPECT_EQ(daily(), "upcoming 0/1");
  r().clock.set({at("2026-09-03 11:00:00")});
  EXPECT_EQ(daily(), "upcoming 0/1");
}

TEST_P(EngineTest, AForeignCountySeesNothing) {
  r().clock.set({at("2026-09-05 12:00:00")});
  const RecordId other = r().organisation("OTHER", "regulator", "county", {});
  Actor stranger;
  stranger.scope.root = other;
  EXPECT_EQ(must(r().duties->list(stranger, {}, 500, "", false)).total,
            must(r().duties->list(stranger, {std::vector<State>{}, "", "", std::nullopt, other, {}, {}, {}},
                                  500, "", false))
                .total);
  Actor own;
  own.scope.root = r().mine_organisations[0];
  for (const Duty& duty : must(r().duties->list(own, {}, 500, "", false)).duties)
    EXPECT_EQ(duty.owner, r().mine_organisations[0]);
  EXPECT_FALSE(r().duties->detail(stranger, "self-check-team", r().mines[0], at("2026-09-05 00:00:00")).ok());
}

TEST_P(EngineTest, PagesMeetWithoutGapOrRepeat) {
  r().clock.set({at("2026-09-20 12:00:00")});
  std::vector<std::string> seen;
  std::string after;
  do {
    const Page page = must(r().duties->list(r().root, {}, 37, after, false));
    for (const Duty& d : page.duties)
      seen.push_back(d.rule->id + "/" + d.subject.text() + "/" + std::to_string(d.period.from));
    after = page.next;
  } while (!after.empty());
  const std::size_t all = seen.size();
  EXPECT_EQ(static_cast<std::int64_t>(all), must(r().duties->list(r().root, {}, 1, "", false)).total);
  std::sort(seen.begin(), seen.end());
  EXPECT_EQ(std::unique(seen.begin(), seen.end()) - seen.begin(), static_cast<std::ptrdiff_t>(all));
}

TEST_P(EngineTest, APreviewSaysWhatComesTrue) {
  r().clock.set({at("2026-10-10 12:00:00")});
  const std::int64_t before = must(r().duties->list(r().root, {}, 1, "", false)).total;
  Setting off{
      {}, "yangcheng_2024", "switch_off", "", "520523", *parse_date("2026-09-10"), *parse_date("2026-09-20")};
  const Preview preview = must(r().duties->preview(off, *parse_date("2026-10-24")));
  EXPECT_GT(preview.vanish.count, 0);
  EXPECT_EQ(preview.appear.count, 0);
  EXPECT_EQ(must(r().duties->list(r().root, {}, 1, "", false)).total,
            before);  // nothing is changed by looking
  const RecordId id = r().add("pack_setting", {{"pack", "yangcheng_2024"},
                                               {"action", "switch_off"},
                                               {"region", r().region},
                                               {"first_day", off.first},
                                               {"last_day", *off.last},
                                               {"reason", "试"}});
  EXPECT_TRUE(r().step("pack_setting", id, "put_in_force"));
  EXPECT_EQ(must(r().duties->list(r().root, {}, 1, "", false)).total, before - preview.vanish.count);
  EXPECT_TRUE(r().step("pack_setting", id, "withdraw"));
  EXPECT_EQ(must(r().duties->list(r().root, {}, 1, "", false)).total, before);
  Setting fixed{{}, "national", "switch_off", "", "520523", off.first, std::nullopt};
  EXPECT_FALSE(r().duties->preview(fixed, off.first).ok());
}

/// Random changes of everything that duties look at. MW_DUTY_CHANGES=10000 for the long run.
TEST_P(EngineTest, IncrementalEqualsFull) {
  const char* wanted = std::getenv("MW_DUTY_CHANGES");
  const int changes = wanted ? std::atoi(wanted) : 10000;
  const unsigned seed = 20260901;
  SCOPED_TRACE(seed);
  std::mt19937 random(seed);
  const auto pick = [&](int n) { return static_cast<int>(random() % static_cast<unsigned>(n)); };
  std::vector<std::pair<std::string, RecordId>> made;
  const auto mine = [&] { return static_cast<std::size_t>(pick(3)); };
  const auto some_time = [&] {
    return EventTime{r().clock.now().utc_ms - static_cast<std::int64_t>(pick(20)) * 43'200'000 -
                     pick(86'400'000)};
  };
  const auto some_day = [&] { return china_date(some_time().utc_ms); };
  int compared = 0;
  std::int64_t done = 0;
  for (int i = 0; i < changes; ++i) {
    const std::size_t m = mine();
    const Fields base{{"organisation", r().mine_organisations[m]}, {"mine", r().mines[m]}};
    const auto with = [&](Fields more) {
      more.insert(base.begin(), base.end());
      return more;
    };
    const auto create = [&](const std::string& type, const Fields& fields) {
      auto outcome = r().store->create(r().root, type, fields);
      if (auto* record = std::get_if<Record>(&outcome)) made.emplace_back(type, record->id), ++done;
    };
    static const char* const kTiers[] = {"team", "section", "mine", "group"};
    static const char* const kStatus[] = {"producing", "producing", "building", "stopped_production",
                                          "closed"};
    switch (pick(13)) {
      case 0:
      case 1:
        create("self_check", with({{"tier", kTiers[pick(4)]},
                                   {"title", "查"},
                                   {"checked_at", some_time()},
                                   {"findings", std::int64_t{1}}}));
        break;
      case 2:
        create("hazard_report", with({{"reported_on", some_day()},
                                      {"found", std::int64_t{0}},
                                      {"rectified", std::int64_t{0}},
                                      {"open", std::int64_t{0}}}));
        break;
      case 3:
        create("hazard_dispatch",
               with({{"held_at", some_time()}, {"chaired_by", "某"}, {"decisions", "事"}}));
        break;
      case 4: {
        const EventTime from = some_time();
        Fields trip = with(
            {{"person", r().directors[m]}, {"card", "0" + std::to_string(pick(4))}, {"entered_at", from}});
        if (pick(4)) trip["left_at"] = from + Millis(pick(14 * 3'600'000));
        create("trip", trip);
        break;
      }
      case 5:
        create("leader_visit", with({{"person", r().directors[m]}, {"entered_at", some_time()}}));
        break;
      case 6: {
        const EventTime from = some_time();
        Fields stay = with({{"card", "0" + std::to_string(pick(4))},
                            {"area_kind", pick(3) ? "key" : "other"},
                            {"entered_at", from}});
        if (pick(4)) stay["left_at"] = from + Millis(pick(12 * 3'600'000));
        create("area_stay", stay);
        break;
      }
      case 7:
        create("committee_meeting", {{"organisation", r().county},
                                     {"held_at", some_time()},
                                     {"topic", "题"},
                                     {"chaired_by", "某"},
                                     {"minutes", "要"}});
        break;
      case 8:
        r().update("mine", r().mines[m], {{"status", kStatus[pick(5)]}});
        ++done;
        break;
      case 9:
        if (pick(40) == 0)
          r().update("person", r().directors[m],
                     {{"post", pick(2) ? "矿长" : "集团领导"}, {"withdrawn", pick(4) == 0}}),
              ++done;
        break;
      default: {
        if (made.empty()) break;
        const auto& [type, id] = made[static_cast<std::size_t>(pick(static_cast<int>(made.size())))];
        if (type == "trip" || type == "area_stay") {
          r().update(type, id, {{"left_at", some_time()}});
        } else if (type == "leader_visit") {
          r().update(type, id, {{"entered_at", some_time()}, {"person", r().directors[m]}});
        } else if (type == "committee_meeting") {
          r().step(type, id, pick(3) ? "file_minutes" : "reopen");
        } else {
          static const char* const kSteps[] = {"confirm", "confirm", "reopen", "withdraw"};
          r().step(type, id, kSteps[pick(4)]);
        }
        ++done;
      }
    }
    if (pick(400) == 0) r().switch_on("guizhou_2020", "2026-01-01", "2026-12-31"), ++done;
    if (pick(20) == 0) r().clock.advance(Millis(pick(6 * 3'600'000)));
    if (pick(7) == 0) must(r().duties->catch_up());
    if (i % (changes / 5) == changes / 5 - 1) {
      must(r().duties->catch_up());
      const std::string incremental = must(r().duties->dump());
      must(r().duties->recompute());
      const std::string full = must(r().duties->dump());
      ASSERT_EQ(incremental, full) << "after " << i + 1 << " changes";
      EXPECT_GT(std::count(full.begin(), full.end(), '\n'), 100);
      ++compared;
    }
  }
  EXPECT_EQ(compared, 5);
  EXPECT_GT(done, changes / 2);
  RecordProperty("changes", static_cast<int>(done));
}

MW_ON_BOTH_ENGINES(EngineTest);

}  // namespace
}  // namespace mineward::duty
