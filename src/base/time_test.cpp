#include "base/time.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cstdio>
#include <ctime>

namespace mineward {
namespace {

constexpr std::int64_t kBad = INT64_MIN;

template <class T>
std::int64_t ms_of(const Result<T>& r) {
  return r ? r->utc_ms : kBad;
}

TEST(Time, ReadsBeijingTimes) {
  const struct {
    const char* why;
    const char* text;
    std::int64_t want;
  } cases[] = {
      {"the epoch is 08:00 in Beijing", "1970-01-01 08:00:00", 0},
      {"before 1970", "1969-12-31 23:59:59", -28801000},
      {"long before 1970", "1900-02-28 08:00:00", -2203977600000},
      {"with T", "2026-01-12T08:00:00", 1768176000000},
      {"last second of a leap day", "2024-02-29 23:59:59", 1709222399000},
      {"2000 was a leap year", "2000-02-29 08:00:00", 951782400000},
      {"the year 9999", "9999-12-31 23:59:59", 253402271999000},
      {"no leap day in 2026", "2026-02-29 00:00:00", kBad},
      {"no leap day in 1900", "1900-02-29 00:00:00", kBad},
      {"April has 30 days", "2026-04-31 00:00:00", kBad},
      {"month 0", "2026-00-10 00:00:00", kBad},
      {"month 13", "2026-13-10 00:00:00", kBad},
      {"day 0", "2026-01-00 00:00:00", kBad},
      {"hour 24", "2026-01-12 24:00:00", kBad},
      {"minute 60", "2026-01-12 08:60:00", kBad},
      {"second 60", "2026-01-12 08:00:60", kBad},
      {"trailing text", "2026-01-12 08:00:00 ", kBad},
      {"trailing fraction", "2026-01-12 08:00:00.5", kBad},
      {"short day", "2026-1-12 08:00:00", kBad},
      {"other separators", "2026/01/12 08:00:00", kBad},
      {"a sign in a field", "2026-01-12 08:00:-1", kBad},
      {"a blank in a field", "2026-01-12 08: 0:00", kBad},
      {"empty-time sentinel", "xxxx-xx-xx xx:xx:xx", kBad},
      {"empty", "", kBad},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.why);
    EXPECT_EQ(ms_of(parse_beijing_time(c.text)), c.want);
  }
}

TEST(Time, ReadsCompactTimesOfFileNames) {
  const struct {
    const char* text;
    std::int64_t want;
  } cases[] = {
      {"19700101080000", 0},
      {"20260112080000", 1768176000000},
      {"20240229235959", 1709222399000},
      {"20260229000000", kBad},
      {"2026011208000", kBad},
      {"202601120800000", kBad},
      {"2026011208000x", kBad},
      {"", kBad},
  };
  for (const auto& c : cases) EXPECT_EQ(ms_of(parse_compact_time(c.text)), c.want) << c.text;
}

TEST(Time, ReadsOffsetsAndFractions) {
  const struct {
    const char* why;
    const char* text;
    std::int64_t want;
  } cases[] = {
      {"Z", "1970-01-01T00:00:00Z", 0},
      {"small z", "1970-01-01T00:00:00z", 0},
      {"Beijing", "1970-01-01T08:00:00+08:00", 0},
      {"half-hour offset", "1970-01-01T05:30:00+05:30", 0},
      {"west", "1969-12-31T19:00:00-05:00", 0},
      {"no offset means Beijing", "1970-01-01T08:00:00", 0},
      {"milliseconds", "1970-01-01T00:00:00.123Z", 123},
      {"a tenth", "1970-01-01T00:00:00.1Z", 100},
      {"microseconds are cut", "1970-01-01T00:00:00.123999Z", 123},
      {"a fraction without offset", "1970-01-01 08:00:00.250", 250},
      {"a date begins at midnight in Beijing", "1970-01-01", -28800000},
      {"point without digits", "1970-01-01T00:00:00.Z", kBad},
      {"offset without colon", "1970-01-01T00:00:00+0800", kBad},
      {"offset too far", "1970-01-01T00:00:00+15:00", kBad},
      {"offset minutes", "1970-01-01T00:00:00+08:60", kBad},
      {"offset cut short", "1970-01-01T00:00:00+08:0", kBad},
      {"text after the offset", "1970-01-01T00:00:00+08:00 ", kBad},
      {"impossible date with offset", "2026-02-30T00:00:00Z", kBad},
      {"hour only", "2026-01-12T08", kBad},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.why);
    EXPECT_EQ(ms_of(parse_time(c.text)), c.want);
  }
}

TEST(Time, AnOffsetNeverLeadsOutOfFourDigits) {
  EXPECT_TRUE(parse_time("9999-12-31T23:59:59+08:00").ok());
  EXPECT_FALSE(parse_time("9999-12-31 23:59:59Z").ok());  // in China it is the year 10000
  EXPECT_TRUE(parse_time("9999-12-31 15:59:59Z").ok());
  EXPECT_FALSE(parse_time("0000-01-01T00:00:00+14:00").ok());
}

TEST(Time, WritesWhatItReads) {
  EXPECT_EQ(format_beijing(0), "1970-01-01 08:00:00");
  EXPECT_EQ(format_beijing(-1), "1970-01-01 07:59:59");  // milliseconds are cut, downwards
  EXPECT_EQ(format_beijing(-28800001), "1969-12-31 23:59:59");
  EXPECT_EQ(format_compact(1768176000999), "20260112080000");
  EXPECT_EQ(format_rfc3339(EventTime{-1}), "1970-01-01T07:59:59.999+08:00");
  EXPECT_EQ(format_date({0}), "1970-01-01");
  EXPECT_EQ(format_date({-1}), "1969-12-31");
}

TEST(Time, DaysChangeAtMidnightInBeijing) {
  const struct {
    std::int64_t ms;
    const char* day;
  } cases[] = {
      {-28800001, "1969-12-31"}, {-28800000, "1970-01-01"},     {57599999, "1970-01-01"},
      {57600000, "1970-01-02"},  {1709135999999, "2024-02-28"}, {1709136000000, "2024-02-29"},
  };
  for (const auto& c : cases) {
    EXPECT_EQ(format_date(china_date(c.ms)), c.day) << c.ms;
    const std::int64_t begin = start_of_day_ms(china_date(c.ms));
    EXPECT_LE(begin, c.ms);
    EXPECT_GT(begin + 86400000, c.ms);
  }
}

TEST(Time, ReadsDates) {
  for (const char* bad : {"2026-02-30", "2026-2-3", "20260203", "2026-02-03 ", "", "2026-13-01"}) {
    EXPECT_FALSE(parse_date(bad)) << bad;
  }
  EXPECT_EQ(parse_date("1969-12-31")->days, -1);
  EXPECT_EQ(parse_date("2024-02-29")->days, 19782);
}

TEST(Time, ReadsDurations) {
  const struct {
    const char* text;
    std::int64_t want;
  } cases[] = {
      {"20 s", 20000},    {"20s", 20000},
      {"3 min", 180000},  {"4 h", 14400000},
      {"2 d", 172800000}, {"250 ms", 250},
      {"1.5 h", 5400000}, {"0.001 s", 1},
      {"0 s", 0},         {"36500 d", 3153600000000},
      {"20", kBad},       {"s", kBad},
      {"", kBad},         {"20 m", kBad},
      {"20 s ", kBad},    {"-20 s", kBad},
      {"1.2.3 s", kBad},  {"2 D", kBad},
      {". s", kBad},      {"99999999999999999999 d", kBad},
  };
  for (const auto& c : cases) {
    const auto d = parse_duration(c.text);
    EXPECT_EQ(d ? d->count() : kBad, c.want) << c.text;
  }
}

TEST(Time, WritesDurationsInTheLargestWholeUnit) {
  const struct {
    std::int64_t ms;
    const char* want;
  } cases[] = {
      {0, "0 ms"},       {250, "250 ms"},   {1000, "1 s"},      {90000, "90 s"},
      {180000, "3 min"}, {14400000, "4 h"}, {172800000, "2 d"}, {1500, "1500 ms"},
  };
  for (const auto& c : cases) EXPECT_EQ(format_duration(Millis(c.ms)), c.want);
}

/// The C library's calendar, shifted by eight hours, as the other opinion.
RC_GTEST_PROP(TimeProperty, AgreesWithTheCLibrary, ()) {
  const auto seconds = *rc::gen::inRange<std::int64_t>(-2208988800, 4102444800);  // 1900 to 2100
  const std::time_t shifted = seconds + 8 * 3600;
  std::tm tm{};
  gmtime_r(&shifted, &tm);
  char want[32];
  std::strftime(want, sizeof want, "%Y-%m-%d %H:%M:%S", &tm);
  RC_ASSERT(format_beijing(seconds * 1000) == want);
  RC_ASSERT(ms_of(parse_beijing_time(want)) == seconds * 1000);
  RC_ASSERT(ms_of(parse_time(format_rfc3339(seconds * 1000 + 7))) == seconds * 1000 + 7);
  RC_ASSERT(ms_of(parse_compact_time(format_compact(seconds * 1000))) == seconds * 1000);
}

RC_GTEST_PROP(TimeProperty, DurationsSurviveWritingAndReading, ()) {
  const Millis d(*rc::gen::inRange<std::int64_t>(0, 100000000000));
  RC_ASSERT(*parse_duration(format_duration(d)) == d);
}

}  // namespace
}  // namespace mineward
