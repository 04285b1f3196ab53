/// Clocks of records against cases worked by hand with the calendar of 2026: Mid-Autumn 25 September,
/// National Day 1 to 7 October off, Sunday 20 September and Saturday 10 October worked.
#include "record/clock.h"

#include <gtest/gtest.h>

namespace mineward::record {
namespace {

using State = ClockReading::State;

std::int64_t at(const char* text) { return parse_time(text)->utc_ms; }
Date day(const char* text) { return *parse_date(text); }

pack::Calendar calendar() {
  pack::Catalog catalog;
  pack::CalendarYear year;
  year.year = 2026;
  year.off = {day("2026-09-25")};
  for (int i = 0; i < 7; ++i) year.off.push_back({day("2026-10-01").days + i});
  year.worked = {day("2026-09-20"), day("2026-10-10")};
  catalog.calendar = {year};
  return pack::Calendar(catalog);
}

pack::ClockRule rule(const char* limit) {
  pack::ClockRule r;
  r.limit = *pack::parse_time_limit(limit);
  return r;
}

std::string due(const pack::ClockRule& r, const ClockFacts& facts) {
  const auto reading = read_clock(r, calendar(), facts, 0);
  return reading.due ? format_beijing(*reading.due) : "none";
}
ClockFacts started(const char* when) {
  ClockFacts f;
  f.started = at(when);
  return f;
}

TEST(Clock, WorkingDaysGoRoundALongHoliday) {
  // 29, 30 September, 8, 9, 10 (a Saturday worked), 12, 13 October.
  EXPECT_EQ(due(rule("7 working days"), started("2026-09-28")), "2026-10-13 23:59:59");
  EXPECT_EQ(due(rule("1 working days"), started("2026-09-30")), "2026-10-08 23:59:59");
}

TEST(Clock, ALastDayOffMovesWhereTheRuleSaysSo) {
  auto r = rule("90 days");  // 28 days of July, 31 of August, 30 of September, 1 of October
  EXPECT_EQ(due(r, started("2026-07-03")), "2026-10-01 23:59:59");
  r.last_day_moves = true;
  EXPECT_EQ(due(r, started("2026-07-03")), "2026-10-08 23:59:59");
}

TEST(Clock, MonthsEndOnTheSameDayOrTheLastOfTheMonth) {
  EXPECT_EQ(due(rule("3 months"), started("2026-11-30")), "2027-02-28 23:59:59");
  EXPECT_EQ(due(rule("6 months"), started("2026-03-31")), "2026-09-30 23:59:59");
  EXPECT_EQ(due(rule("1 years"), started("2024-02-29")), "2025-02-28 23:59:59");
}

TEST(Clock, HoursRunFromTheMinute) {
  auto facts = started("2026-01-12 08:00:00");
  EXPECT_EQ(due(rule("24 hours"), facts), "2026-01-13 08:00:00");
  facts.ended = at("2026-01-13 08:00:00");
  EXPECT_EQ(read_clock(rule("24 hours"), calendar(), facts, 0).state, State::met);
  ++*facts.ended;
  EXPECT_EQ(read_clock(rule("24 hours"), calendar(), facts, 0).state, State::met_late);
}

TEST(Clock, CountsBackFromADay) {
  auto r = rule("15 working days");
  r.before = true;
  // 19, 16, 15, 14, 13, 12, 10, 9, 8 October, 30, 29, 28, 24, 23, 22 September.
  EXPECT_EQ(due(r, started("2026-10-20")), "2026-09-22 23:59:59");
}

TEST(Clock, StandsStillWhileItPauses) {
  auto facts = started("2026-03-02");  // 90 days: 31 May
  EXPECT_EQ(due(rule("90 days"), facts), "2026-05-31 23:59:59");
  facts.pauses = {{at("2026-03-12 10:00:00"), at("2026-03-22 09:00:00")}};  // ten days: 12 to 21
  EXPECT_EQ(due(rule("90 days"), facts), "2026-06-10 23:59:59");
  EXPECT_EQ(due(rule("3 months"), facts), "2026-06-12 23:59:59");
  auto from_the_first = started("2026-03-02 09:00:00");
  from_the_first.pauses = {{at("2026-03-02 10:00:00"), at("2026-03-05 10:00:00")}};  // the 3rd and the 4th
  EXPECT_EQ(due(rule("3 months"), from_the_first), "2026-06-04 23:59:59");
  EXPECT_EQ(due(rule("90 days"), from_the_first), "2026-06-02 23:59:59");
  facts.pauses.push_back({at("2026-04-01 08:00:00"), std::nullopt});
  const auto reading = read_clock(rule("90 days"), calendar(), facts, at("2030-01-01"));
  EXPECT_EQ(reading.state, State::paused);
  EXPECT_FALSE(reading.due);
  facts.pauses = {{at("2026-03-02 10:00:00"), at("2026-03-02 11:30:00")}};
  facts.started = at("2026-03-02 09:00:00");
  EXPECT_EQ(due(rule("24 hours"), facts), "2026-03-03 10:30:00");
}

TEST(Clock, AnExtensionIsInTheUnitOfTheLimit) {
  auto facts = started("2026-09-28");
  facts.extended = 3;  // 14, 15, 16 October
  EXPECT_EQ(due(rule("7 working days"), facts), "2026-10-16 23:59:59");
}

TEST(Clock, TurnsOverdueAfterTheLastInstantAndRemindsBefore) {
  const auto facts = started("2026-01-12 00:00:00");
  const auto r = rule("9 days");  // ends with 21 January: ten days with the first
  const auto now = [&](const char* t) { return read_clock(r, calendar(), facts, at(t)).state; };
  EXPECT_EQ(now("2026-01-21 23:59:59"), State::running);
  EXPECT_EQ(now("2026-01-22 00:00:00"), State::overdue);
  const auto reading = read_clock(r, calendar(), facts, 0);
  EXPECT_EQ(format_beijing(*reading.half), "2026-01-16 23:59:59");
  EXPECT_EQ(format_beijing(*reading.fifths), "2026-01-19 23:59:59");
}

TEST(Clock, AReminderIsNeverLate) {
  auto r = rule("15 working days");
  r.before = r.reminder = true;
  auto facts = started("2026-10-20");  // due 22 September
  const auto now = [&](const char* t) { return read_clock(r, calendar(), facts, at(t)).state; };
  EXPECT_EQ(now("2026-09-22 23:59:59"), State::running);
  EXPECT_EQ(now("2026-09-23 00:00:00"), State::over);
  facts.ended = at("2026-09-22 10:00:00");
  EXPECT_EQ(now("2026-12-01"), State::met);
  facts.ended = at("2026-09-24 10:00:00");
  EXPECT_EQ(now("2026-12-01"), State::over);
}

TEST(Clock, WaitsUntilItsEventAndIsOverWhenTheMatterIs) {
  ClockFacts facts;
  EXPECT_EQ(read_clock(rule("90 days"), calendar(), facts, at("2026-01-01")).state, State::waiting);
  facts.over = true;
  EXPECT_EQ(read_clock(rule("90 days"), calendar(), facts, at("2026-01-01")).state, State::over);
  facts.started = at("2020-01-01");
  EXPECT_EQ(read_clock(rule("90 days"), calendar(), facts, at("2026-01-01")).state, State::over);
}

TEST(TimeLimit, IsReadLetterByLetter) {
  for (const char* good : {"24 hours", "7 working days", "90 days", "3 months", "1 years"})
    EXPECT_EQ(pack::text_of(*pack::parse_time_limit(good)), good);
  for (const char* bad : {"", "90", "days", " days", "0 hours", "00 days", "-1 days", "07 days", "90  days",
                          "90days", "1.5 days", "10001 days", "7 workdays", "90 Days"})
    EXPECT_FALSE(pack::parse_time_limit(bad)) << bad;
}

}  // namespace
}  // namespace mineward::record
