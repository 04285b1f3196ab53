#include "pack/working_days.h"

#include <algorithm>

namespace mineward::pack {

CivilDay civil(Date date) {
  const std::chrono::year_month_day ymd{std::chrono::sys_days(std::chrono::days(date.days))};
  return {static_cast<int>(ymd.year()), static_cast<unsigned>(ymd.month()), static_cast<unsigned>(ymd.day())};
}

Date date_of(int year, unsigned month, unsigned day) {
  const std::chrono::sys_days days =
      std::chrono::year_month_day(std::chrono::year(year), std::chrono::month(month), std::chrono::day(day));
  return {static_cast<std::int32_t>(days.time_since_epoch().count())};
}

Date first_day_of(std::string_view period, Date date) {
  const CivilDay day = civil(date);
  const unsigned months = period == "month"       ? 1
                          : period == "quarter"   ? 3
                          : period == "half_year" ? 6
                          : period == "year"      ? 12
                                                  : 0;
  return months == 0 ? date : date_of(day.year, (day.month - 1) / months * months + 1, 1);
}

Date months_after(Date day, int months) {
  using namespace std::chrono;
  const year_month_day from{sys_days(std::chrono::days(day.days))};
  const year_month_day moved = from + std::chrono::months(months);
  const sys_days to = moved.ok() ? sys_days(moved) : sys_days(moved.year() / moved.month() / last);
  return {static_cast<std::int32_t>(to.time_since_epoch().count())};
}

std::int64_t end_of_day(Date day) { return start_of_day_ms({day.days + 1}) - 1; }

Calendar::Calendar(const Catalog& catalog) {
  for (const auto& year : catalog.calendar) years_.emplace(year.year, year);
}

bool Calendar::is_working_day(Date day) const {
  const auto year = years_.find(civil(day).year);
  if (year != years_.end()) {
    if (std::binary_search(year->second.worked.begin(), year->second.worked.end(), day)) return true;
    if (std::binary_search(year->second.off.begin(), year->second.off.end(), day)) return false;
  }
  return ((day.days + 3) % 7 + 7) % 7 < 5;
}

Date Calendar::working_day_after(Date day, int n) const {
  while (n > 0) {
    ++day.days;
    if (is_working_day(day)) --n;
  }
  return day;
}

Date Calendar::working_day_before(Date day, int n) const {
  while (n > 0) {
    --day.days;
    if (is_working_day(day)) --n;
  }
  return day;
}

}  // namespace mineward::pack
