/// What goes wrong on purpose in the example region, and how it bends the readings. The schedule repeats
/// every day, counted from the begin of the simulation, with times that the seed shifts by up to two minutes.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/simulator.h"
#include "app/simulator_mine.h"

namespace mineward::app {

enum class EffectKind {
  fan_stop,
  over_limit,
  no_cut,
  spike,
  stuck,
  disguised_calibration,
  planned_calibration,
  limit_edit,
  co_blasting,
  over_headcount,
  restricted_area,
  sos,
  nobody,
  overtime,
  silence,
  late_files,
  gbk_file,
  broken_file,
};

/// One thing that happens at one mine. `tag` names the point that it touches ("heading.T1"), or is empty.
struct Effect {
  EffectKind kind{};
  std::size_t mine = 0;  ///< index into Region::mines
  std::string tag;
  EventTime begin{}, end{};
  bool planned = false;
  std::vector<Incident> incidents;
  std::optional<SimulatedPlan> plan;

  bool holds(EventTime t) const { return t >= begin && t < end; }
};

/// Everything that begins on day `day` (0 = the 24 hours from `begin`), by begin. `mines`: all of the region,
/// in order.
std::vector<Effect> effects_of_day(const std::vector<SimMine>& mines, std::uint64_t seed, EventTime begin,
                                   std::int64_t day);

/// A value and the state bits that the mine sends with it.
struct SimReading {
  double value = 0;
  int state = 0;
};
/// The natural value, bent by the effects of this mine.
SimReading reading_of(const SimMine& mine, const SimPoint& point, EventTime at,
                      const std::vector<const Effect*>& effects);

}  // namespace mineward::app
