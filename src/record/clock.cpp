#include "record/clock.h"

#include <algorithm>

namespace mineward::record {

using pack::Calendar;
using pack::ClockRule;
using Unit = pack::TimeLimit::Unit;
using State = ClockReading::State;

namespace {

constexpr std::int64_t kHour = 3'600'000;
constexpr std::int64_t kDay = 24 * kHour;

bool paused_on(const std::vector<Pause>& pauses, Date day) {
  return std::any_of(pauses.begin(), pauses.end(), [&](const Pause& p) {
    return p.to && china_date(p.from) <= day && day < china_date(*p.to);
  });
}

/// Days on which it stood still; the day of the event itself does not count anyway.
int paused_days(const std::vector<Pause>& pauses, Date event) {
  int out = 0;
  for (const auto& p : pauses) {
    if (p.to) out += std::max(0, china_date(*p.to).days - std::max(china_date(p.from).days, event.days + 1));
  }
  return out;
}

/// The n-th day after `day` that counts.
Date counted_day(const Calendar& calendar, const std::vector<Pause>& pauses, Date day, int n, bool working) {
  while (n > 0) {
    ++day.days;
    if ((!working || calendar.is_working_day(day)) && !paused_on(pauses, day)) --n;
  }
  return day;
}

std::int64_t due_before(const ClockRule& rule, const Calendar& calendar, std::int64_t event, int count) {
  const Date day = china_date(event);
  switch (rule.limit.unit) {
    case Unit::hours: return event - count * kHour;
    case Unit::working_days: return pack::end_of_day(calendar.working_day_before(day, count));
    case Unit::days: return pack::end_of_day({day.days - count});
    case Unit::months: return pack::end_of_day(pack::months_after(day, -count));
    case Unit::years: return pack::end_of_day(pack::months_after(day, -12 * count));
  }
  return event;
}

std::int64_t due_after(const ClockRule& rule, const Calendar& calendar, const ClockFacts& facts, int count) {
  const Date day = china_date(*facts.started);
  Date last = day;
  switch (rule.limit.unit) {
    case Unit::hours: {
      std::int64_t still = 0;
      for (const auto& p : facts.pauses) still += p.to ? *p.to - std::max(p.from, *facts.started) : 0;
      return *facts.started + count * kHour + still;
    }
    case Unit::working_days: return pack::end_of_day(counted_day(calendar, facts.pauses, day, count, true));
    case Unit::days: last = counted_day(calendar, facts.pauses, day, count, false); break;
    case Unit::months:
    case Unit::years:
      last = pack::months_after(day, count * (rule.limit.unit == Unit::years ? 12 : 1));
      last.days += paused_days(facts.pauses, day);
      break;
  }
  if (rule.last_day_moves && !calendar.is_working_day(last)) last = calendar.working_day_after(last, 1);
  return pack::end_of_day(last);
}

}  // namespace

std::string_view name_of(State state) {
  switch (state) {
    case State::waiting: return "waiting";
    case State::running: return "running";
    case State::paused: return "paused";
    case State::overdue: return "overdue";
    case State::met: return "met";
    case State::met_late: return "met_late";
    case State::over: return "over";
  }
  return "";
}

ClockReading read_clock(const ClockRule& rule, const Calendar& calendar, const ClockFacts& facts,
                        std::int64_t now) {
  ClockReading out;
  if (!facts.started) {
    if (facts.over) out.state = State::over;
    return out;
  }
  const bool still = !facts.pauses.empty() && !facts.pauses.back().to && !facts.ended;
  if (!still || rule.before) {
    const int count = rule.limit.count + facts.extended;
    out.due = rule.before ? due_before(rule, calendar, *facts.started, count)
                          : due_after(rule, calendar, facts, count);
    if (!rule.before) {
      const std::int64_t whole = *out.due - *facts.started;
      out.half = *facts.started + whole / 2;
      out.fifths = *facts.started + whole / 5 * 4;
    } else {
      out.half = *out.due - 5 * kDay;  // what is due before a day has no beginning: a working week ahead
      out.fifths = *out.due - kDay;
    }
  }
  if (facts.ended) {
    const bool in_time = !out.due || *facts.ended <= *out.due;
    out.state = in_time ? State::met : rule.reminder ? State::over : State::met_late;
  } else if (facts.over) {
    out.state = State::over;
  } else if (still && !rule.before) {
    out.state = State::paused;
  } else if (now > *out.due) {
    out.state = rule.reminder ? State::over : State::overdue;
  } else {
    out.state = State::running;
  }
  return out;
}

}  // namespace mineward::record
