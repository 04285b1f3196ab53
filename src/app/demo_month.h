/// Plays the story of a month (month_story.h) into a node, as the people and the mines of the region would
/// have lived it: each record entered and each step taken by an account that may, at its time; each trip
/// underground told by upload files through the intake. Nothing is written past the doors that people and
/// mines use.
#pragma once

#include "app/month_story.h"
#include "app/node.h"
#include "app/replay_clock.h"

namespace mineward::app {

/// Plays what happens in [from, to). The region must be there (make_region) and the clock must stand at
/// `from` or before; it stands at the last event afterwards. Timers are not run: between the few position
/// files the watch would take the mines for silent. The same seed gives the same month. The error of a
/// refused record or file names the line of the story.
Status play_month(Node&, ReplayClock&, const Region&, const MonthStory&, ArrivalTime from, ArrivalTime to,
                  std::uint64_t seed);

/// The beginning of the calendar month before that of `now`: a story from there has one whole month and what
/// has passed of the present one.
ArrivalTime month_before(ArrivalTime now);

}  // namespace mineward::app
