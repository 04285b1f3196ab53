/// One time base: UTC milliseconds. Event time (when it happened in the mine) and arrival time (when we got
/// it) are different types, so that they cannot be swapped. Civil times and periods are those of
/// Asia/Shanghai (UTC+8, no summer time since 1991), computed here and nowhere else.
#pragma once

#include <chrono>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace mineward {

using Millis = std::chrono::milliseconds;
using namespace std::chrono_literals;

template <class Tag>
struct Instant {
  std::int64_t utc_ms = 0;
  friend auto operator<=>(const Instant&, const Instant&) = default;
  friend Instant operator+(Instant t, Millis d) { return {t.utc_ms + d.count()}; }
  friend Instant operator-(Instant t, Millis d) { return {t.utc_ms - d.count()}; }
  friend Millis operator-(Instant a, Instant b) { return Millis(a.utc_ms - b.utc_ms); }
};
/// When something happened in the mine, by the mine's clock.
using EventTime = Instant<struct EventTimeTag>;
/// When we received or wrote something, by our clock.
using ArrivalTime = Instant<struct ArrivalTimeTag>;

/// Beijing time is so many milliseconds ahead of UTC, all year.
constexpr std::int64_t kBeijingOffset = std::int64_t{8} * 3600 * 1000;

/// A calendar day in China.
struct Date {
  std::int32_t days = 0;  ///< since 1970-01-01
  friend auto operator<=>(const Date&, const Date&) = default;
};

/// "2026-01-12 08:00:00" or "2026-01-12T08:00:00", Beijing time. Impossible dates are an error; no trailing
/// text.
Result<EventTime> parse_beijing_time(std::string_view text);
/// "20260112080000", Beijing time, as in upload file names.
Result<EventTime> parse_compact_time(std::string_view text);
/// RFC 3339 with offset or Z ("2026-01-12T08:00:00+08:00", optional fraction), or a Beijing time, or a date.
Result<EventTime> parse_time(std::string_view text);
/// "2026-01-12".
Result<Date> parse_date(std::string_view text);

std::string format_date(Date date);
/// "2026-01-12 08:00:00" in Beijing time; milliseconds are cut.
std::string format_beijing(std::int64_t utc_ms);
/// "20260112080000" in Beijing time.
std::string format_compact(std::int64_t utc_ms);
/// "2026-01-12T08:00:00.000+08:00".
std::string format_rfc3339(std::int64_t utc_ms);
template <class Tag>
std::string format_rfc3339(Instant<Tag> t) {
  return format_rfc3339(t.utc_ms);
}
/// "90 s", "3 min", "4 h", "2 d", "250 ms": a whole or decimal number, one space or none, a unit.
Result<Millis> parse_duration(std::string_view text);
std::string format_duration(Millis d);

/// The Chinese calendar day of an instant, and the instant at which that day begins.
Date china_date(std::int64_t utc_ms);
std::int64_t start_of_day_ms(Date date);

}  // namespace mineward
