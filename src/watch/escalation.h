/// Alarms that nobody acknowledged climb: mine, county, city, province, on the pack's timers.
#pragma once

#include <map>
#include <mutex>
#include <span>
#include <vector>

#include "record/store.h"
#include "watch/watch.h"

namespace mineward::watch {

/// Keeps the unanswered alarms in memory and touches the records only when one is due. Safe from any thread.
/// Late alarms and planned ones are not kept: they do not climb by timer.
class Escalation {
 public:
  Escalation(pack::CatalogPtr catalog, record::Store& store) : catalog_(std::move(catalog)), store_(store) {}

  /// Reads the alarms that are still `raised`. Once, at start.
  Status load();
  /// An alarm was made or changed (after the commit).
  void follow(const record::Record& alarm);
  /// Raises what is due. Each level passed is a step of its own in the change log. Gives the alarms that
  /// climbed. An alarm that cannot be written keeps none of the others from climbing; it is tried again at
  /// the next tick.
  Result<std::vector<record::Record>> tick(ArrivalTime now);
  /// The clock was set back by so much: what has waited goes on waiting from where it was.
  void clock_went_back(Millis by);

 private:
  struct Waiting {
    std::string rule;
    pack::Grade grade{};
    ArrivalTime raised{};
    int level = 0;  ///< reached so far: 0 none, 1 mine ... 4 province
  };
  /// The steps of an alarm that are due and lie above its level, lowest first.
  std::vector<const pack::EscalationStep*> due(const Waiting&, ArrivalTime now) const;
  using Ready = std::pair<RecordId, Waiting>;
  /// In the writer's transaction; gives the alarm as it is then, unchanged when somebody has answered
  /// meanwhile.
  Result<record::Record> climb(record::Writer&, const Ready&, ArrivalTime now) const;
  /// In one transaction: all or none.
  Result<std::vector<record::Record>> climb_together(std::span<const Ready>, ArrivalTime now);
  /// Together, and when that fails each alone; an error when none can.
  Result<std::vector<record::Record>> climb_all(std::span<const Ready>, ArrivalTime now);

  pack::CatalogPtr catalog_;
  record::Store& store_;
  std::mutex waiting_mutex_;  // guards waiting_
  std::map<RecordId, Waiting> waiting_;
};

}  // namespace mineward::watch
