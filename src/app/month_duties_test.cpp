// The example county's October 2026: duties of the first mine worked by hand from examples/month.yaml and the
// documents, against what the engine says. Nothing here was copied from the program's output.
#include <gmock/gmock.h>

#include <fmt/format.h>

#include <map>
#include <set>

#include "app/demo_month_testing.h"

namespace mineward::app {
namespace {

using duty::Duty;
using duty::Level;
using duty::State;

std::int64_t at(const char* beijing) { return parse_beijing_time(beijing)->utc_ms; }

/// "missed 0/1 level city", as the examples of packs say it.
std::string text(const Duty& d) {
  std::string out = fmt::format("{} {}/{}", name_of(d.verdict.state), d.verdict.progress, d.needed);
  if (d.unconfirmed > 0) out += fmt::format(" unconfirmed {}", d.unconfirmed);
  if (d.verdict.level != Level::none) out += fmt::format(" level {}", name_of(d.verdict.level));
  return out;
}

/// Duties of an organisation whose period begins in October, by "rule period".
std::map<std::string, Duty> october(const PlayedMonth& month, const char* organisation) {
  duty::Filter filter;
  filter.owner = month.one("organisation", "name", organisation).id;
  std::map<std::string, Duty> out;
  std::string after;
  do {
    const auto page = month.node->duties().list(record::Actor::system("test"), filter, 500, after, false);
    if (!page) {
      ADD_FAILURE() << page.error().text();
      return out;
    }
    for (const Duty& d : page->duties) {
      if (d.period.from >= at("2026-10-01 00:00:00") && d.period.from < at("2026-11-01 00:00:00"))
        out.emplace(d.rule->id + " " + format_beijing(d.period.from).substr(5, 11), d);
    }
    after = page->next;
  } while (!after.empty());
  return out;
}

TEST(MonthDuties, OfTheFirstMineAsWorkedByHand) {
  const auto month = play_example("2026-10-01 00:00:00", "2026-11-15 00:00:00");
  ASSERT_TRUE(month && month->node);
  std::map<std::string, std::string> want;
  std::map<std::string, std::string> why;
  const auto expect = [&](const std::string& duty, const std::string& answer, const char* reason) {
    want[duty] = answer;
    why[duty] = reason;
  };
  for (int day = 1; day <= 31; ++day) {
    const std::string midnight = fmt::format("10-{:02} 00:00", day);
    expect("self-check-team " + midnight, "met 1/1", "checked 07:40, confirmed 16:40");
    expect("hazard-report-daily " + midnight, "met 1/1", "entered 17:30, confirmed 19:30");
    for (const char* shift : {"00:00", "08:00", "16:00"}) {
      expect(fmt::format("hours-at-face 10-{:02} {}", day, shift), "met 0/0", "nobody over eight hours");
      expect(fmt::format("hours-underground 10-{:02} {}", day, shift), "met 0/0", "nobody over ten hours");
    }
  }
  expect("self-check-team 10-08 00:00", "met_late 1/1",
         "entered on the 9th at 09:40, confirmed 18:40: late, but within the day that it may be late; 1 d "
         "for the county not over");
  expect("hazard-report-daily 10-15 00:00", "missed 0/1 level city",
         "nobody reported; county after 1 d, city after 3 d");
  expect("hours-at-face 10-14 00:00", "missed 1/0 level county", "entered the face at 07:50 for 8.5 h");
  expect("hours-underground 10-14 00:00", "missed 1/0 level county", "went down at 07:10 for 10.5 h");
  // On the 17th somebody is exactly 8 h at the face and 10 h underground: the text says not more than.
  for (const char* monday : {"10-05", "10-12", "10-19", "10-26"}) {
    expect(fmt::format("self-check-section {} 00:00", monday), "met 1/1", "every Friday, confirmed at 15:00");
    expect(fmt::format("hazard-dispatch-weekly {} 00:00", monday), "met 1/1",
           "every Monday, confirmed at 17:30");
  }
  expect("self-check-mine 10-01 00:00", "met_late 1/1 level county",
         "of the 20th; confirmed, re-opened on the 28th, confirmed again on 6 November: due 31 October, 7 d "
         "late allowed; the "
         "county heard of it after 3 d, the city would after 7 d");
  expect("self-check-group 10-01 00:00", "met 1/1",
         "of the 12th, confirmed on the 13th; the quarter runs to December");
  expect("trips-director 10-01 00:00", "met 10/10 unconfirmed 2",
         "ten by positions; the log's 24th and 28th have none");
  expect("trips-group-leader 10-01 00:00", "met 5/5",
         "five by positions, each within half an hour of its log entry");

  const auto found = october(*month, "示例一矿有限公司");
  for (const auto& [duty, answer] : want) {
    SCOPED_TRACE(duty + ": " + why[duty]);
    const auto it = found.find(duty);
    if (it == found.end()) {
      ADD_FAILURE() << "the engine has no such duty";
    } else {
      EXPECT_EQ(text(it->second), answer);
    }
  }
  for (const auto& [duty, d] : found)
    EXPECT_TRUE(want.contains(duty)) << duty << " is not owed, but the engine says " << text(d);
  EXPECT_EQ(found.at("trips-director 10-01 00:00").verdict.met_at, at("2026-10-27 08:30:00"));
  EXPECT_EQ(found.at("self-check-mine 10-01 00:00").verdict.met_at, at("2026-11-06 11:00:00"));
}

TEST(MonthDuties, TurnOnTheWay) {
  const struct {
    const char* until;
    const char* duty;
    const char* want;
    const char* why;
  } cases[] = {
      {"2026-10-09 09:00:00", "self-check-team 10-08 00:00", "late 0/1",
       "nothing entered yet, the day is over"},
      {"2026-10-09 12:00:00", "self-check-team 10-08 00:00", "late 0/1", "entered at 09:40, not confirmed"},
      {"2026-10-14 15:50:00", "hours-at-face 10-14 00:00", "upcoming 0/0", "eight hours to the second"},
      {"2026-10-16 00:00:00", "hazard-report-daily 10-15 00:00", "late 0/1", "the day is over"},
      {"2026-10-21 12:00:00", "self-check-mine 10-01 00:00", "met 1/1", "confirmed on the 21st at 11:00"},
      {"2026-10-29 00:00:00", "self-check-mine 10-01 00:00", "upcoming 0/1",
       "the county re-opened it on the 28th"},
      {"2026-11-01 12:00:00", "self-check-mine 10-01 00:00", "late 0/1", "October is over"},
      {"2026-11-04 12:00:00", "self-check-mine 10-01 00:00", "late 0/1 level county", "three days late"},
      {"2026-10-26 12:00:00", "trips-director 10-01 00:00", "upcoming 9/10 unconfirmed 1",
       "nine by positions, the log's 24th has none"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(std::string(c.until) + " " + c.duty + ": " + c.why);
    const auto month = play_example("2026-10-01 00:00:00", c.until);
    ASSERT_TRUE(month && month->node);
    const auto found = october(*month, "示例一矿有限公司");
    const auto it = found.find(c.duty);
    ASSERT_NE(it, found.end());
    EXPECT_EQ(text(it->second), c.want);
  }
}

TEST(MonthDuties, TheCountyOwesItsFormByTheFifthWorkingDay) {
  const auto month = play_example("2026-10-01 00:00:00", "2026-11-15 00:00:00");
  ASSERT_TRUE(month && month->node);
  const auto found = october(*month, "示例县应急管理局（示例）");
  // 2 to 6 November are the first five working days; a day later the city is told, five days later the
  // province.
  const auto form = found.find("file-annex2 10-01 00:00");
  ASSERT_NE(form, found.end());
  EXPECT_EQ(form->second.due, at("2026-11-07 00:00:00") - 1);
  EXPECT_EQ(text(form->second), "late 0/1 level province");
  // Its committee met on 15 October; the minutes were filed on the 18th.
  EXPECT_EQ(text(found.at("committee-quarterly 10-01 00:00")), "met 1/1");
  // The neighbour's met too, but its minutes are not filed.
  EXPECT_EQ(text(october(*month, "邻县应急管理局（示例）").at("committee-quarterly 10-01 00:00")),
            "upcoming 0/1");
}

}  // namespace
}  // namespace mineward::app
