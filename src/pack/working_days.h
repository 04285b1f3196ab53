/// Days, months and working days of China, as the calendar of the packs tells them.
#pragma once

#include <map>
#include <string_view>

#include "pack/catalog.h"

namespace mineward::pack {

struct CivilDay {
  int year = 0;
  unsigned month = 0, day = 0;
};
CivilDay civil(Date date);
Date date_of(int year, unsigned month, unsigned day);
/// The same day so many months later (or earlier); the last day of the month where it has no such day.
Date months_after(Date day, int months);
/// The first day of the "month", "quarter", "half_year" or "year" that a day lies in; the day itself for any
/// other word.
Date first_day_of(std::string_view period, Date day);
/// The last millisecond of a day.
std::int64_t end_of_day(Date day);

/// Working days by the State Council's notices, as the packs carry them. Immutable.
class Calendar {
 public:
  Calendar() = default;  ///< knows no notice: working days follow the weekday
  explicit Calendar(const Catalog& catalog);
  /// Whether a notice of that year is known; if not, working days follow the weekday.
  bool knows(int year) const { return years_.contains(year); }
  bool is_working_day(Date day) const;
  /// The n-th working day after `day`; n >= 1.
  Date working_day_after(Date day, int n) const;
  /// The n-th working day before `day`; n >= 1.
  Date working_day_before(Date day, int n) const;

 private:
  std::map<int, CalendarYear> years_;
};

}  // namespace mineward::pack
