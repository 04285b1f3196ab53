// The story of the example's month: what is wrong in a story is told, and October 2026 is as it says.
#include <gmock/gmock.h>

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "app/demo_month_testing.h"
#include "app/month_schedule.h"
#include "app/simulator_people.h"
#include "base/text.h"

namespace mineward::app {
namespace {

using record::Record;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

constexpr const char* kFirst = "示例一矿";

EventTime time(std::string_view text) { return *parse_beijing_time(text); }
std::string shown(std::optional<EventTime> t) { return t ? format_beijing(t->utc_ms).substr(5, 11) : "-"; }

// ---- reading

TEST(MonthStory, NamesEveryMistakeWithItsLine) {
  const char* routine =
      "routines:\n- {name: n, record: hazard_report, by: safety_officer, mines: all, every: day, at: "
      "\"07:00\"";
  const struct {
    const char* why;
    std::string yaml;
    const char* want;
  } cases[] = {
      {"unknown key", "routins: []",
       "m.yaml:1: found the key \"routins\" in a story, expected one of: exact, routines, trips, such as "
       "\"routines\""},
      {"no YAML", "a: [", "m.yaml:"},
      {"unknown mine", "exact: [示例九矿]", "m.yaml:1: found \"示例九矿\", expected the name of a mine"},
      {"unknown record type",
       "routines:\n- {name: n, record: hazard_rapport, by: xian, at: \"07:00\", on: [\"1-1\"]}",
       "m.yaml:2: found the record type \"hazard_rapport\", expected one of the packs, such as "
       "\"hazard_report\""},
      {"unknown account", "routines:\n- {name: n, record: hazard, by: xiang, at: \"07:00\", on: [\"1-1\"]}",
       "m.yaml:2: found \"xiang\" for \"by\", expected a role or an account of the region, such as \"xian\""},
      {"a role without mines",
       "routines:\n- {name: n, record: hazard, by: dispatcher, at: \"07:00\", on: [\"1-1\"]}",
       "m.yaml:2: found the role \"dispatcher\" without mines, expected an account"},
      {"a role that a mine does not have",
       "routines:\n- {name: n, record: hazard, by: reviewer, mines: [示例三矿], at: \"07:00\", on: "
       "[\"1-1\"]}",
       "m.yaml:2: found the role \"reviewer\", which nobody has at 示例三矿"},
      {"unknown field", std::string(routine) + ",\n  fields: {reported: x}}",
       "m.yaml:3: found the field \"reported\", expected one of record type hazard_report"},
      {"unknown step", std::string(routine) + ",\n  steps: [{step: close, by: mine_manager, after: 1 h}]}",
       "m.yaml:3: found the step \"close\", expected one of record type hazard_report: confirm, reopen, "
       "withdraw"},
      {"no time after which", std::string(routine) + ",\n  steps: [{step: confirm, by: mine_manager}]}",
       "m.yaml:3: found nothing for \"after\", expected a duration"},
      {"a share above one", std::string(routine) + ",\n  skipped_share: 1.01}",
       "m.yaml:3: found \"1.01\" for \"skipped_share\", expected a share from 0 to 1"},
      {"no such hour", "routines:\n- {name: n, record: hazard, by: xian, at: \"24:00\", on: [\"1-1\"]}",
       "m.yaml:2: found \"24:00\" for \"at\", expected a time of day"},
      {"no such weekday",
       "routines:\n- {name: n, record: hazard, by: xian, at: \"07:00\", every: week, on: [day]}",
       "m.yaml:2: found \"day\", expected a weekday"},
      {"no such day",
       "routines:\n- {name: n, record: hazard, by: xian, at: \"07:00\", every: month, on: [32]}",
       "m.yaml:2: found \"32\", expected a day of the month"},
      {"when it happens is missing",
       "routines:\n- {name: n, record: hazard, by: xian, at: \"07:00\", every: month}",
       "m.yaml:2: found no \"on\", expected the days"},
      {"a date without its month", "routines:\n- {name: n, record: hazard, by: xian, at: \"07:00\", on: [5]}",
       "m.yaml:2: found \"5\", expected month and day"},
      {"an unknown expression", std::string(routine) + ",\n  fields: {reported_on: \"{today}\"}}",
       "m.yaml:3: found \"{today}\", expected {day}"},
      {"a range that falls", std::string(routine) + ",\n  fields: {found: \"{3..2}\"}}",
       "m.yaml:3: found \"{3..2}\""},
      {"an unknown region", std::string(routine) + ",\n  fields: {remark: \"{region 110000}\"}}",
       "m.yaml:3: found \"{region 110000}\", expected the code of a region"},
      {"an exception that changes nothing",
       std::string(routine) + ",\n  exceptions: [{mine: 示例一矿, on: \"1-2\"}]}",
       "m.yaml:3: found an exception that changes nothing"},
      {"an exception elsewhere",
       "routines:\n- {name: n, record: hazard, by: dispatcher, mines: [示例二矿], at: \"07:00\", on: "
       "[\"1-1\"],\n"
       "  exceptions: [{mine: 示例一矿, on: \"1-1\", skipped: true}]}",
       "m.yaml:3: found an exception for \"示例一矿\", expected a mine of its row"},
      {"a trip of nobody knows how long",
       "trips:\n- {name: n, who: 矿长, mines: all, at: \"07:00\", every: day}",
       "m.yaml:2: found nothing for \"lasts\", expected a duration"},
      {"a stay longer than its trip",
       "trips:\n- {name: n, who: 矿长, mines: all, at: \"07:00\", every: day, lasts: 4 h, area: a, "
       "area_after: 1 h, area_lasts: 3 h}",
       "m.yaml:2: found a stay in an area that does not end before the trip"},
  };
  const Region region = example_region();
  for (const auto& c : cases) {
    SCOPED_TRACE(c.why);
    const auto read = parse_month(c.yaml, "m.yaml", region, *example_catalog());
    ASSERT_THAT(read.mistakes, testing::Not(IsEmpty()));
    EXPECT_THAT(read.mistakes.front(), HasSubstr(c.want));
  }
}

TEST(MonthStory, ReadsTheExampleWithoutAMistake) {
  const Region region = example_region();
  const MonthStory story = example_story(region, *example_catalog());
  EXPECT_THAT(story.exact, ElementsAre(kFirst));
  EXPECT_GT(story.routines.size(), 20u);
}

TEST(Staff, BelongsToAMineOfTheRegionAndGoesUndergroundByTheStoryOnly) {
  const Region region = example_region();
  ASSERT_THAT(region.people, SizeIs(7));
  const SimCrew bare = make_sim_crew({"990101000001", kFirst}, 1);
  const SimCrew crew = make_sim_crew({"990101000001", kFirst}, 1, region.people);
  ASSERT_EQ(crew.people.size(), bare.people.size() + 2);
  EXPECT_EQ(crew.people[0].card, bare.people[0].card);
  const SimPerson& director = crew.people[bare.people.size()];
  EXPECT_EQ(director.post, "矿长");
  for (EventTime t = time("2026-10-01 00:00:00"); t < time("2026-10-03 00:00:00"); t = t + 10min)
    EXPECT_FALSE(position_of(crew, director, t));
  const std::string head = "regions: []\norganisations: []\nmines: []\naccounts: []\n";
  const auto wrong = parse_region(head + "people: [{mine: \"1\", post: 矿长}]");
  ASSERT_FALSE(wrong);
  EXPECT_THAT(wrong.error().text(), HasSubstr("line 5: mine `1` does not stand above"));
}

// ---- when

TEST(Schedules, MeanTheseDays) {
  using Every = Schedule::Every;
  const auto make = [](Every every, std::vector<std::pair<int, int>> dates, std::set<int> weekdays,
                       std::set<int> days) {
    Schedule s;
    s.every = every;
    s.dates = std::move(dates);
    s.weekdays = std::move(weekdays);
    s.days = std::move(days);
    s.at = 8h;
    return s;
  };
  const struct {
    const char* why;
    Schedule schedule;
    const char* from;
    const char* to;
    const char* want;
  } cases[] = {
      {"every day; the end does not count", make(Every::day, {}, {}, {}), "2026-10-01 00:00:00",
       "2026-10-03 08:00:00", "10-01 10-02"},
      {"the first day counts from its hour", make(Every::day, {}, {}, {}), "2026-10-01 08:00:01",
       "2026-10-03 00:00:00", "10-02"},
      {"Mondays; 5 October 2026 is one", make(Every::week, {}, {1}, {}), "2026-10-01 00:00:00",
       "2026-10-20 00:00:00", "10-05 10-12 10-19"},
      {"a date of the second month, over the year's end", make(Every::once, {{2, 3}}, {}, {}),
       "2026-12-05 00:00:00", "2027-03-01 00:00:00", "01-03"},
      {"the last day of each month", make(Every::month, {}, {}, {0}), "2026-01-15 00:00:00",
       "2026-03-15 00:00:00", "01-31 02-28"},
      {"a day that a month does not have", make(Every::month, {}, {}, {30}), "2026-01-15 00:00:00",
       "2026-04-01 00:00:00", "01-30 03-30"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.why);
    std::string got;
    for (const Occasion& o : occasions(c.schedule, 1, {time(c.from).utc_ms}, {time(c.to).utc_ms}))
      got += (got.empty() ? "" : " ") + format_beijing(o.at.utc_ms).substr(5, 5);
    EXPECT_EQ(got, c.want);
  }
}

TEST(Schedules, DrawSoManyDaysAndKeepThemWhenTheEndMoves) {
  Schedule s;
  s.every = Schedule::Every::month;
  s.times_from = 3;
  s.times_to = 5;
  s.within = 4h;
  const auto first = [&](const char* to) {
    return occasions(s, 7, {time("2026-10-01 00:00:00").utc_ms}, {time(to).utc_ms});
  };
  const auto whole = first("2026-11-01 00:00:00"), half = first("2026-10-16 00:00:00");
  EXPECT_GE(whole.size(), 3u);
  EXPECT_LE(whole.size(), 5u);
  ASSERT_LE(half.size(), whole.size());
  for (std::size_t i = 0; i < half.size(); ++i) EXPECT_EQ(half[i].at, whole[i].at);
}

TEST(Schedules, AnExceptionWithoutOccasionIsTold) {
  StoryException e;
  e.mine = kFirst;
  e.month = 1;
  e.day = 6;  // 6 October 2026 is a Tuesday
  e.line = 12;
  Schedule s;
  s.every = Schedule::Every::week;
  s.weekdays = {1};
  const ArrivalTime from{time("2026-10-01 00:00:00").utc_ms}, to{time("2026-11-01 00:00:00").utc_ms};
  const Status done = exceptions_met("m.yaml", {&e, 1}, kFirst, occasions(s, 1, from, to), from, to);
  ASSERT_FALSE(done.ok());
  EXPECT_EQ(done.error().text(), "m.yaml:12: found an exception on 1-6, expected a day on which it happens");
  e.day = 5;
  EXPECT_TRUE(exceptions_met("m.yaml", {&e, 1}, kFirst, occasions(s, 1, from, to), from, to).ok());
}

TEST(Months, BeginWithTheOneBefore) {
  const struct {
    const char* now;
    const char* want;
  } cases[] = {{"2026-11-27 14:00:00", "2026-10-01 00:00:00"},
               {"2026-11-01 00:00:00", "2026-10-01 00:00:00"},
               {"2026-10-31 23:59:59", "2026-09-01 00:00:00"},
               {"2027-01-31 08:00:00", "2026-12-01 00:00:00"}};
  for (const auto& c : cases)
    EXPECT_EQ(format_beijing(month_before({time(c.now).utc_ms}).utc_ms), c.want) << c.now;
}

// ---- October 2026, played once for all tests below, and on until the middle of November

class October : public testing::Test {
 protected:
  static void SetUpTestSuite() { played_ = play_example("2026-10-01 00:00:00", "2026-11-15 00:00:00"); }
  static void TearDownTestSuite() { played_.reset(); }
  void SetUp() override { ASSERT_TRUE(played_ && played_->node); }

  static const PlayedMonth& month() { return *played_; }
  static record::RecordId mine(const char* name) { return month().one("mine", "name", name).id; }
  /// Records of a mine, with the time of `at` in October, in its order.
  static std::vector<Record> of(const char* type, const char* at, const char* name = kFirst) {
    const auto id = mine(name);
    auto all = month().records(type);
    std::erase_if(all, [&](const Record& r) {
      const auto t = r.time(at);
      return r.reference("mine") != id || !t || *t < time("2026-10-01 00:00:00") ||
             *t >= time("2026-11-01 00:00:00");
    });
    std::sort(all.begin(), all.end(),
              [&](const Record& a, const Record& b) { return *a.time(at) < *b.time(at); });
    return all;
  }
  static std::vector<Record> checks(const char* tier) {
    auto all = of("self_check", "checked_at");
    std::erase_if(all, [&](const Record& r) { return r.text("tier") != tier; });
    return all;
  }
  static record::RecordId person(const char* post) {
    for (const Record& p : month().records("person"))
      if (p.reference("mine") == mine(kFirst) && p.text("post") == post) return p.id;
    return {};
  }
  static std::unique_ptr<PlayedMonth> played_;
};
std::unique_ptr<PlayedMonth> October::played_;

TEST_F(October, TheDirectorIsTenTimesUndergroundAndSaysTwelve) {
  const auto director = person("矿长");
  ASSERT_TRUE(director);
  std::vector<std::string> trips, claims;
  for (const Record& t : of("trip", "entered_at"))
    if (t.reference("person") == director)
      trips.push_back(shown(t.time("entered_at")) + " " + shown(t.time("left_at")));
  for (const Record& v : of("leader_visit", "entered_at"))
    if (v.reference("person") == director) claims.push_back(shown(v.time("entered_at")).substr(0, 5));
  EXPECT_THAT(trips,
              ElementsAre("10-02 08:30 10-02 12:30", "10-05 08:30 10-05 12:30", "10-08 08:30 10-08 12:30",
                          "10-10 08:30 10-10 12:30", "10-13 08:30 10-13 12:30", "10-16 08:30 10-16 12:30",
                          "10-19 08:30 10-19 12:30", "10-22 08:30 10-22 12:30", "10-25 08:30 10-25 12:30",
                          "10-27 08:30 10-27 12:30"));
  EXPECT_THAT(claims, ElementsAre("10-02", "10-05", "10-08", "10-10", "10-13", "10-16", "10-19", "10-22",
                                  "10-24", "10-25", "10-27", "10-28"));
}

TEST_F(October, TheGroupLeaderIsFiveTimesUnderground) {
  const auto leader = person("集团领导");
  ASSERT_TRUE(leader);
  auto trips = of("trip", "entered_at");
  std::erase_if(trips, [&](const Record& t) { return t.reference("person") != leader; });
  EXPECT_THAT(trips, SizeIs(5));
}

TEST_F(October, OneTripIsOverTenHoursAndOneIsExactlyTen) {
  std::vector<std::string> long_ones, at_face;
  for (const Record& t : of("trip", "entered_at")) {
    const Millis stay = *t.time("left_at") - *t.time("entered_at");
    if (stay >= 10h) long_ones.push_back(shown(t.time("entered_at")) + " " + format_duration(stay));
  }
  for (const Record& s : of("area_stay", "entered_at")) {
    ASSERT_TRUE(s.time("left_at"));
    const Millis stay = *s.time("left_at") - *s.time("entered_at");
    if (stay >= 8h) at_face.push_back(shown(s.time("entered_at")) + " " + format_duration(stay));
  }
  EXPECT_THAT(long_ones, ElementsAre("10-14 07:10 630 min", "10-17 07:00 10 h"));
  EXPECT_THAT(at_face, ElementsAre("10-14 07:50 510 min", "10-17 07:40 8 h"));
}

TEST_F(October, EveryTripAndStayHasEnded) {
  for (const Record& t : month().records("trip"))
    EXPECT_TRUE(t.time("left_at")) << shown(t.time("entered_at"));
  for (const Record& s : month().records("area_stay"))
    EXPECT_TRUE(s.time("left_at")) << shown(s.time("entered_at"));
}

TEST_F(October, OneTeamCheckIsEnteredADayLate) {
  const auto all = checks("team");
  EXPECT_THAT(all, SizeIs(31));
  std::vector<std::string> late;
  for (const Record& c : all) {
    EXPECT_EQ(c.state, "confirmed");
    const EventTime entered{c.created_at.utc_ms};
    if (entered != *c.time("checked_at"))
      late.push_back(shown(c.time("checked_at")) + " " + shown(entered) + " " +
                     shown(c.time("confirmed_at")));
  }
  EXPECT_THAT(late, ElementsAre("10-08 07:40 10-09 09:40 10-09 18:40"));
}

TEST_F(October, WhoFoundNothingSignedBeforeItWasConfirmed) {
  int nothing = 0, something = 0;
  for (const Record& c : of("self_check", "checked_at")) {
    const bool found = c.number("findings").value_or(0) > 0;
    ++(found ? something : nothing);
    EXPECT_EQ(c.time("zero_finding_signed_at").has_value(), !found) << shown(c.time("checked_at"));
    EXPECT_EQ(c.text("zero_finding_signature").empty(), found) << shown(c.time("checked_at"));
  }
  EXPECT_GT(nothing, 5);
  EXPECT_GT(something, 5);
}

TEST_F(October, AMajorHazardIsClosedOnlyAfterItsListingIs) {
  std::map<std::string, std::string> listings;
  for (const Record& l : month().records("major_hazard")) listings[l.reference("hazard").text()] = l.state;
  EXPECT_EQ(listings.size(), 3u);
  int closed = 0;
  for (const Record& h : month().records("hazard")) {
    if (h.text("level") != "major") continue;
    ASSERT_TRUE(listings.contains(h.id.text())) << h.text("title");
    if (h.state != "closed") continue;
    ++closed;
    EXPECT_EQ(listings[h.id.text()], "delisted");
  }
  EXPECT_EQ(closed, 1);
}

TEST_F(October, TheMineCheckWasReopenedAndConfirmedAgainInNovember) {
  const auto all = checks("mine");
  ASSERT_THAT(all, SizeIs(1));
  EXPECT_EQ(all[0].state, "confirmed");
  const auto history = month().store().history(record::Actor::system("test"), "self_check", all[0].id);
  ASSERT_TRUE(history.ok());
  std::vector<std::string> steps;
  for (const auto& change : *history)
    steps.push_back(
        fmt::format("{} {} {}", change.action, change.actor, format_beijing(change.at.utc_ms).substr(5, 11)));
  std::sort(steps.begin(), steps.end(),
            [](const auto& a, const auto& b) { return a.substr(a.size() - 11) < b.substr(b.size() - 11); });
  EXPECT_THAT(steps, ElementsAre("create aqy1 10-20 09:00", "step:confirm kz1 10-21 11:00",
                                 "step:reopen xian 10-28 11:00", "step:confirm kz1 11-06 11:00"));
}

TEST_F(October, OneDailyReportIsMissing) {
  std::set<std::string> days;
  for (const Record& r : month().records("hazard_report")) {
    if (r.reference("mine") == mine(kFirst))
      days.insert(format_date(std::get<Date>(r.fields.at("reported_on"))));
  }
  for (int d = 1; d <= 31; ++d) {
    EXPECT_EQ(days.contains(fmt::format("2026-10-{:02}", d)), d != 15) << d;
  }
}

TEST_F(October, PacksAreInForceByThePersonWhoSwitchedThemOn) {
  std::vector<std::string> packs;
  for (const Record& s : month().records("pack_setting")) {
    EXPECT_EQ(s.state, "in_force");
    EXPECT_EQ(s.reference("put_in_force_by"), month().one("account", "name", "aqgly").id);
    packs.push_back(s.text("pack"));
  }
  EXPECT_THAT(packs, testing::UnorderedElementsAre("guizhou_2020", "corps_coal_2014", "shanxi_2014",
                                                   "yangcheng_2024"));
}

TEST_F(October, HazardsStandInEveryState) {
  std::map<std::string, int> states;
  int major = 0;
  for (const Record& h : month().records("hazard")) {
    ++states[h.state];
    major += h.text("level") == "major" ? 1 : 0;
  }
  EXPECT_GT(states["closed"], 30);
  EXPECT_GT(states["rectifying"], 2);
  EXPECT_GT(states["accepting"], 0);
  EXPECT_EQ(major, 3);
}

TEST_F(October, EveryKindOfPaperIsThere) {
  const struct {
    const char* type;
    std::size_t least;
  } kinds[] = {{"committee_meeting", 4},  {"hazard_dispatch", 20}, {"risk_list", 5},
               {"major_risk", 3},         {"inspection_team", 5},  {"inspection", 15},
               {"enforcement_order", 10}, {"penalty", 5},          {"joint_punishment", 1},
               {"blacklist_entry", 1},    {"publication", 5},      {"leader_visit", 50}};
  for (const auto& k : kinds) EXPECT_GE(month().records(k.type).size(), k.least) << k.type;
}

TEST_F(October, TheLogIsWhole) {
  const auto report = month().node->store().verify();
  ASSERT_TRUE(report.ok());
  EXPECT_TRUE(report->ok) << report->message;
}

TEST(Played, TheSameSeedGivesTheSameAndAnotherAnother) {
  const auto story = [](std::uint64_t seed) {
    std::string out;
    const auto played = play_example("2026-10-01 00:00:00", "2026-10-06 00:00:00", seed);
    if (!played->node) return out;
    for (const char* type : {"self_check", "hazard", "trip", "hazard_report"}) {
      for (const Record& r : played->records(type)) {
        out += fmt::format("{} {} {} ", type, r.created_at.utc_ms, r.state);
        for (const char* field : {"title", "card"}) out += r.text(field) + " ";
        out += "\n";
      }
    }
    return out;
  };
  const std::string one = story(1);
  EXPECT_GT(one.size(), 1000u);
  EXPECT_EQ(one, story(1));
  EXPECT_NE(one, story(2));
}

}  // namespace
}  // namespace mineward::app
