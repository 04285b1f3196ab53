/// Periods and due times, in Asia/Shanghai.
#pragma once

#include <vector>

#include "pack/catalog.h"
#include "pack/working_days.h"

namespace mineward::duty {

/// A stretch of time, UTC milliseconds, `to` excluded.
struct Span {
  std::int64_t from = 0, to = 0;
  friend auto operator<=>(const Span&, const Span&) = default;
};

using pack::Calendar;
using pack::civil;
using pack::CivilDay;
using pack::date_of;

/// The period that holds an instant. Weeks begin on Monday. `shifts` (minutes after midnight, rising) only
/// for shifts: a shift lasts until the next one begins, over midnight if need be.
Span period_at(pack::Period period, const std::vector<int>& shifts, std::int64_t utc_ms);
/// The last day that the span touches.
Date last_day(const Span& span);

/// The last instant at which a duty of that period is done in time. For a limit the period's last record may
/// still run: its end plus the limit.
std::int64_t due_of(const pack::DutyRule& rule, const Span& period, const Calendar& calendar);

}  // namespace mineward::duty
