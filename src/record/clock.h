/// Time limits that run for one record: from an event of its own, in working or calendar days, hours, months;
/// paused and extended. Pure: what a reading says follows from its arguments alone.
#pragma once

#include <optional>
#include <vector>

#include "pack/record_rules.h"
#include "pack/working_days.h"

namespace mineward::record {

/// A stretch of time in which a clock stands still. `to` unset: it still does.
struct Pause {
  std::int64_t from = 0;
  std::optional<std::int64_t> to;
};

/// What a clock is told of a record. Times are UTC milliseconds.
struct ClockFacts {
  std::optional<std::int64_t> started;  ///< of a day: its beginning
  std::optional<std::int64_t> ended;    ///< of a day: its beginning
  bool over = false;                    ///< settled without a judgement
  int extended = 0;                     ///< further units of the limit
  std::vector<Pause> pauses;            ///< rising, apart from each other
};

struct ClockReading {
  enum class State {
    waiting,  ///< has not started
    running,
    paused,
    overdue,
    met,       ///< done in time
    met_late,  ///< done, too late
    over,      ///< settled without a judgement
  };
  State state = State::waiting;
  std::optional<std::int64_t> due;           ///< last instant in time; unset while it waits or stands still
  std::optional<std::int64_t> half, fifths;  ///< when half, when four fifths of the time have gone
  friend bool operator==(const ClockReading&, const ClockReading&) = default;
};
std::string_view name_of(ClockReading::State state);

/// A reminder is never late: past its day it is over. The day of the event is not counted; days end at
/// midnight in China. Days on which the clock stands still (from the day it stops to the day before it goes
/// on) are not counted. An end on the last day is in time. Source: 行政处罚法 art. 85 and 民法典 art. 201 to
/// 203; the pause is our own reading of 中止.
ClockReading read_clock(const pack::ClockRule& rule, const pack::Calendar& calendar, const ClockFacts& facts,
                        std::int64_t now);

}  // namespace mineward::record
