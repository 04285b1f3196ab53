/// The simulator: the upload files of the example region, and what is wrong on purpose in them.
///
/// A pure function of a region, a seed and a time range: the same question gives the same bytes, on any
/// machine, in any order, so that a demo may stop, go on at another speed, or ask for a stretch again. It
/// makes what a mine would send, nothing else: it knows no rule of the watch, and the watch does not know it.
/// Everything but the longwall readings is made up; people carry （模拟） in their names and the mines carry
/// `simulated`.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/longwall.h"
#include "app/simulator_format.h"
#include "app/simulator_region.h"
#include "base/time.h"

namespace mineward::app {

/// Something done on purpose. A test compares the alarms that came with these.
struct Incident {
  std::string rule;     ///< the alarm rule that must raise because of it, "G-7"; empty = none may
  std::string kind;     ///< "fan_stop", "spike", "late_files" ...
  std::string mine;     ///< mine code
  std::string subject;  ///< point, area or card code, or file name; empty = the mine
  EventTime begin{}, end{};
  std::string grade;  ///< the highest grade that the alarm must reach; empty = any
  std::string note;   ///< one English line for people
};

/// Work that the mine must have filed for its incident to count as planned; the demo creates and approves it.
struct SimulatedPlan {
  std::string mine;
  std::string kind;  ///< dictionary planned_work_kind: "blasting", "calibration"
  std::string title;
  std::string place;  ///< working area
  EventTime begin{}, end{};
};

struct SimulatorOptions {
  std::uint64_t seed = 1;
  EventTime begin{};  ///< definition files are sent here; incidents count from here, day by day
  bool incidents = true;
  Millis sample_period = 30s;    ///< CDSS; of mines with a longwall the period of its series counts
  Millis position_period = 60s;  ///< RYSS; a multiple of sample_period
  /// For mines whose profile is "longwall"; such a mine without it is simulated like the others. Begins again
  /// when its rows run out.
  std::shared_ptr<const LongwallSeries> longwall;
  LongwallMapping mapping;
};

class Simulator {
 public:
  Simulator(Region region, SimulatorOptions options);
  ~Simulator();
  Simulator(Simulator&&) noexcept;

  /// All files that arrive in [from, to), in order of arrival. Asking for one tick or one day at a time gives
  /// the same.
  std::vector<UploadFile> files(ArrivalTime from, ArrivalTime to) const;
  /// Incidents that begin in [from, to), by begin. Those of one rule are at least two hours apart at one
  /// subject.
  std::vector<Incident> incidents(EventTime from, EventTime to) const;
  std::vector<SimulatedPlan> plans(EventTime from, EventTime to) const;

 private:
  struct Impl;
  std::unique_ptr<const Impl> impl_;
};

}  // namespace mineward::app
