/// The days and times that a schedule of a story means.
#pragma once

#include <span>
#include <vector>

#include "app/month_story.h"

namespace mineward::app {

struct Occasion {
  EventTime at{};
  int month = 0, day = 0;  ///< as exceptions name it: month 1 is that of the beginning
};
/// Those in [from, to), rising. `seed` decides what the schedule leaves open; the same gives the same, and a
/// later `to` adds without changing what came before.
std::vector<Occasion> occasions(const Schedule& schedule, std::uint64_t seed, ArrivalTime from,
                                ArrivalTime to);

/// The exception for an occasion; nullptr = none.
const StoryException* exception_of(std::span<const StoryException> exceptions, std::string_view mine,
                                   const Occasion& occasion);
/// An error when an exception names a day of [from, to) on which nothing happens at the mine: it would be
/// without effect and nobody would notice.
Status exceptions_met(const std::string& file, std::span<const StoryException> exceptions,
                      std::string_view mine, std::span<const Occasion> all, ArrivalTime from, ArrivalTime to);

}  // namespace mineward::app
