#include "duty/calendar.h"

#include <gtest/gtest.h>

#include <fmt/format.h>

#include <fstream>

#include "pack/load.h"

namespace mineward::duty {
namespace {

const pack::Catalog& packs() {
  static const pack::LoadOutcome outcome = [] {
    const std::string folder = std::string(MW_SOURCE_DIR) + "/packs";
    return pack::load_catalog(std::span(&folder, 1));
  }();
  if (!outcome.catalog) ADD_FAILURE() << outcome.mistakes.size() << " mistakes in packs/";
  return *outcome.catalog;
}

std::int64_t at(const std::string& beijing) { return parse_time(beijing)->utc_ms; }
std::string text(const Span& s) { return format_beijing(s.from) + " " + format_beijing(s.to); }

TEST(Periods, HoldTheirInstant) {
  const std::vector<int> three = {0, 480, 960}, over_midnight = {360, 840, 1320};
  const struct {
    pack::Period period;
    std::vector<int> shifts;
    const char* when;
    const char* want;
  } cases[] = {
      {pack::Period::day, {}, "2026-03-01 00:00:00", "2026-03-01 00:00:00 2026-03-02 00:00:00"},
      {pack::Period::day, {}, "2026-03-01 23:59:59", "2026-03-01 00:00:00 2026-03-02 00:00:00"},
      {pack::Period::week, {}, "2026-11-29 23:59:59", "2026-11-23 00:00:00 2026-11-30 00:00:00"},
      {pack::Period::week, {}, "2026-11-30 00:00:00", "2026-11-30 00:00:00 2026-12-07 00:00:00"},
      {pack::Period::month, {}, "2028-02-29 12:00:00", "2028-02-01 00:00:00 2028-03-01 00:00:00"},
      {pack::Period::quarter, {}, "2026-11-30 12:00:00", "2026-10-01 00:00:00 2027-01-01 00:00:00"},
      {pack::Period::half_year, {}, "2026-06-30 12:00:00", "2026-01-01 00:00:00 2026-07-01 00:00:00"},
      {pack::Period::year, {}, "2026-12-31 23:59:59", "2026-01-01 00:00:00 2027-01-01 00:00:00"},
      {pack::Period::shift, three, "2026-03-02 08:00:00", "2026-03-02 08:00:00 2026-03-02 16:00:00"},
      {pack::Period::shift, three, "2026-03-02 23:59:59", "2026-03-02 16:00:00 2026-03-03 00:00:00"},
      {pack::Period::shift, over_midnight, "2026-03-02 05:59:59", "2026-03-01 22:00:00 2026-03-02 06:00:00"},
      {pack::Period::shift, over_midnight, "2026-03-02 22:00:00", "2026-03-02 22:00:00 2026-03-03 06:00:00"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.when);
    EXPECT_EQ(text(period_at(c.period, c.shifts, at(c.when))), c.want);
  }
}

/// expected.txt is made by tests/calendar/first_working_days.py from the notices' JSON, which shares nothing
/// with this code.
TEST(Calendar, FirstFiveWorkingDaysOfEveryMonthSince2007) {
  const Calendar calendar(packs());
  std::ifstream in(std::string(MW_SOURCE_DIR) + "/tests/calendar/expected.txt");
  ASSERT_TRUE(in) << "tests/calendar/expected.txt is missing";
  std::string line;
  int months = 0;
  while (std::getline(in, line)) {
    if (line.empty()) continue;
    const std::string month = line.substr(0, 7);
    std::string ours = month;
    Date day{parse_date(month + "-01")->days - 1};
    for (int i = 0; i < 5; ++i) {
      day = calendar.working_day_after(day, 1);
      ours += fmt::format(" {}", civil(day).day);
    }
    EXPECT_EQ(ours, line);
    ++months;
  }
  EXPECT_EQ(months, 20 * 12);
}

TEST(Calendar, AYearWithoutANoticeFollowsTheWeekdayAndSaysSo) {
  const Calendar calendar(packs());
  EXPECT_TRUE(calendar.knows(2026));
  EXPECT_FALSE(calendar.knows(2027));
  EXPECT_TRUE(
      calendar.is_working_day(*parse_date("2027-10-01")));  // a Friday: nobody knows yet that it is off
  EXPECT_FALSE(calendar.is_working_day(*parse_date("2027-10-02")));
}

TEST(Calendar, DueTimesAfterTheEndOfAPeriod) {
  const Calendar calendar(packs());
  pack::DutyRule rule;
  const Span september = period_at(pack::Period::month, {}, at("2026-09-15 00:00:00"));
  const auto due = [&](const char* words) {
    rule.due = *pack::parse_due(words);
    const std::int64_t ms = due_of(rule, september, calendar);
    return fmt::format("{}.{:03}", format_beijing(ms), ms % 1000);
  };
  EXPECT_EQ(due("at the end"), "2026-09-30 23:59:59.999");
  EXPECT_EQ(due("10 days after the end"), "2026-10-10 23:59:59.999");
  EXPECT_EQ(due("2 h before the end"), "2026-09-30 21:59:59.999");
  EXPECT_EQ(due("90 min after the end"), "2026-10-01 01:29:59.999");
  // 1 to 7 October 2026 are off and 10 October is worked: the fifth working day is the 13th.
  EXPECT_EQ(due("5 working days after the end"), "2026-10-13 23:59:59.999");
  rule.longer_than = std::chrono::hours(10);
  EXPECT_EQ(due("at the end"), "2026-10-01 09:59:59.999");
}

TEST(Due, IsReadAsWritten) {
  for (const char* good : {"at the end", "1 working day after the end", "5 working days after the end",
                           "1 day after the end", "2 h before the end", "30 min after the end"}) {
    const auto due = pack::parse_due(good);
    ASSERT_TRUE(due) << good;
    EXPECT_EQ(pack::text_of(*due), good);
  }
  for (const char* bad :
       {"", "at the End", "5 workdays after the end", "0 days after the end", "-1 days after the end",
        "3 days before the end", "five days after the end", "5 days", "400 days after the end"}) {
    EXPECT_FALSE(pack::parse_due(bad)) << bad;
  }
}

}  // namespace
}  // namespace mineward::duty
