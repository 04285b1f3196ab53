/// Periods and working days, in Asia/Shanghai.
#pragma once

#include <map>
#include <vector>

#include "pack/catalog.h"

namespace mineward::duty {

/// A stretch of time, UTC milliseconds, `to` excluded.
struct Span {
  std::int64_t from = 0, to = 0;
  friend auto operator<=>(const Span&, const Span&) = default;
};

struct CivilDay {
  int year = 0;
  unsigned month = 0, day = 0;
};
CivilDay civil(Date date);
Date date_of(int year, unsigned month, unsigned day);

/// The period that holds an instant. Weeks begin on Monday. `shifts` (minutes after midnight, rising) only
/// for shifts: a shift lasts until the next one begins, over midnight if need be.
Span period_at(pack::Period period, const std::vector<int>& shifts, std::int64_t utc_ms);
/// The last day that the span touches.
Date last_day(const Span& span);

/// Working days by the State Council's notices, as the packs carry them. Immutable.
class Calendar {
 public:
  explicit Calendar(const pack::Catalog& catalog);
  /// Whether a notice of that year is known; if not, working days follow the weekday.
  bool knows(int year) const { return years_.contains(year); }
  bool is_working_day(Date day) const;
  /// The n-th working day after `day`; n >= 1.
  Date working_day_after(Date day, int n) const;

 private:
  std::map<int, pack::CalendarYear> years_;
};

/// The last instant at which a duty of that period is done in time. For a limit the period's last record may
/// still run: its end plus the limit.
std::int64_t due_of(const pack::DutyRule& rule, const Span& period, const Calendar& calendar);

}  // namespace mineward::duty
