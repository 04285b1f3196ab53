#include "duty/calendar.h"

namespace mineward::duty {

using pack::Due;
using pack::end_of_day;
using pack::Period;

namespace {

constexpr std::int64_t kMinute = 60'000, kHour = 60 * kMinute;

Span days(Date from, Date to) { return {start_of_day_ms(from), start_of_day_ms(to)}; }

/// The multiple of `step` at or below `n`, also before year 0.
constexpr int floor_to(int n, int step) { return n - (n % step + step) % step; }

Span months_at(Date day, int months) {
  const CivilDay c = civil(day);
  const int index = floor_to(c.year * 12 + static_cast<int>(c.month) - 1, months);
  const auto first = [](int month) {
    const int january = floor_to(month, 12);
    return date_of(january / 12, static_cast<unsigned>(month - january) + 1, 1);
  };
  return days(first(index), first(index + months));
}

Span shift_at(const std::vector<int>& shifts, std::int64_t utc_ms) {
  const Date day = china_date(utc_ms);
  const auto begins = [&](std::size_t i, int day_offset) {
    return start_of_day_ms({day.days + day_offset}) + shifts[i] * kMinute;
  };
  std::size_t next = 0;
  while (next < shifts.size() && begins(next, 0) <= utc_ms) ++next;
  const std::int64_t from = next > 0 ? begins(next - 1, 0) : begins(shifts.size() - 1, -1);
  const std::int64_t to = next < shifts.size() ? begins(next, 0) : begins(0, 1);
  return {from, to};
}

}  // namespace

Span period_at(Period period, const std::vector<int>& shifts, std::int64_t utc_ms) {
  const Date day = china_date(utc_ms);
  switch (period) {
    case Period::shift:
      if (shifts.empty()) break;  // the loader demands them
      return shift_at(shifts, utc_ms);
    case Period::day: break;
    case Period::week: {
      const int since_monday = ((day.days + 3) % 7 + 7) % 7;  // 1970-01-01 was a Thursday
      return days({day.days - since_monday}, {day.days - since_monday + 7});
    }
    case Period::month: return months_at(day, 1);
    case Period::quarter: return months_at(day, 3);
    case Period::half_year: return months_at(day, 6);
    case Period::year: return months_at(day, 12);
  }
  return days(day, {day.days + 1});
}

Date last_day(const Span& span) { return china_date(span.to - 1); }

std::int64_t due_of(const pack::DutyRule& rule, const Span& period, const Calendar& calendar) {
  const std::int64_t last = period.to - 1;
  if (rule.is_limit()) return last + rule.longer_than->count();
  const Due& due = rule.due;
  switch (due.unit) {
    case Due::Unit::at_end: break;
    case Due::Unit::working_days: return end_of_day(calendar.working_day_after(last_day(period), due.count));
    case Due::Unit::days: return end_of_day({last_day(period).days + due.count});
    case Due::Unit::hours: return last + (due.before ? -1 : 1) * due.count * kHour;
    case Due::Unit::minutes: return last + (due.before ? -1 : 1) * due.count * kMinute;
  }
  return last;
}

}  // namespace mineward::duty
