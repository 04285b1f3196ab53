/// watch/: turns samples, positions and silence into alarms, and keeps after them until people have answered.
///
/// Is for: detectors, the alarm life cycle, people underground, escalation, the ranking of mines by concern.
/// Never: reads files, asks what time it is (event time comes with the sample, arrival time and the tick with
/// the
///        call), knows a number of a regulation (packs carry them), raises one event twice.
/// Start reading at: limit.h (the smallest detector), then engine.h (how a batch passes through all of them).
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "feed/intake.h"
#include "pack/load.h"

namespace mineward::watch {

using record::RecordId;

/// People of one area now.
struct AreaCount {
  RecordId area;  ///< 0 = area code not defined
  std::string code, name, kind;
  int people = 0;
  std::optional<int> quota;
};
struct Underground {
  RecordId mine;
  std::optional<EventTime> as_of;  ///< header time of the last position file; none = never seen
  int people = 0;
  int leaders = 0;
  std::optional<int> quota;
  std::vector<AreaCount> areas;
  struct Person {
    std::string card, name, area;
    RecordId area_id;
    std::optional<EventTime> entered;
    bool is_leader = false, sos = false;
  };
  std::vector<Person> persons;
};

/// The limits that apply to a point now, for drawing: the mine's own and the national floor.
struct PointLimits {
  std::optional<pack::Bound> alarm, alarm_low, cut, restore;
  std::string source;                ///< pack row and citation
  std::string mine_alarm, mine_cut;  ///< as the mine uploaded them
};

/// One mine on the county board.
struct Concern {
  RecordId mine, organisation;
  std::string code, name, status;
  bool simulated = false;
  int score = 0;                                  ///< higher = look here first; the parts below add up to it
  int red = 0, orange = 0, yellow = 0, blue = 0;  ///< open alarms
  int unanswered = 0;                             ///< still `raised`
  std::optional<EventTime> oldest_unanswered;
  int overdue_hazards = 0, open_hazards = 0;
  int people = 0;
  std::optional<int> quota;
  std::optional<Millis> silence;                   ///< since the last accepted monitoring file
  std::vector<std::pair<std::string, int>> parts;  ///< ("red alarms", 40) ...
};

/// Points of one mine that have sent a reading, and what their samples are filed under.
struct MinePoints {
  RecordId mine;
  std::vector<std::pair<RecordId, history::PointKey>> points;
};

/// What browsers get pushed.
struct LiveEvent {
  enum class Kind { values, alarm, upload, people, reminder } kind{};
  RecordId mine, organisation;
  std::string json;                     ///< the message, ready to send
  std::vector<std::string> roles = {};  ///< only to who has one of them; empty: to everybody in the scope
};
using LiveListener = std::function<void(const LiveEvent&)>;
/// Whether anybody would be sent such an event: values of a mine at which nobody looks are not even written
/// as text.
using LiveInterest = std::function<bool(LiveEvent::Kind, RecordId mine, RecordId organisation)>;

class Watch : public feed::Sink {
 public:
  /// Timers: silence (C-1), delays that end without a sample, escalation of unanswered alarms. About once a
  /// second.
  virtual Status tick(ArrivalTime now) = 0;
  /// Saves the rule state of all mines (a checkpoint); the journal is replayed from there after a crash.
  virtual Status save() = 0;
  /// Set once, before the first upload; called from worker threads after the commit; must not block. Without
  /// `wanted` everything is.
  virtual void set_listener(LiveListener, LiveInterest wanted = {}) = 0;

  virtual Result<Underground> underground(const record::Actor&, RecordId mine) = 0;
  virtual Result<PointLimits> limits(const record::Actor&, RecordId point, EventTime at) = 0;
  /// Of every mine in the scope, or of one. From memory once a mine has been looked at: for answers about all
  /// points at once.
  virtual Result<std::vector<MinePoints>> points(const record::Actor&, std::optional<RecordId> mine) = 0;
  /// Mines in the scope, most worrying first.
  virtual Result<std::vector<Concern>> board(const record::Actor&, ArrivalTime now) = 0;
};

Result<std::unique_ptr<Watch>> open_watch(pack::CatalogPtr, record::Store&, history::History&, Clock&);

/// Makes a hazard of an alarm: fields filled from it, linked both ways, one transaction. Needs role
/// dispatcher, safety_officer, mine_manager or county_officer. Refused (conflict) if the alarm has one
/// already.
record::Outcome<record::Record> hazard_from_alarm(record::Store&, const record::Actor&, RecordId alarm,
                                                  const record::Fields& more);

/// Runs the examples of every alarm rule through the real engine.
pack::ExampleOutcome run_rule_examples(pack::CatalogPtr);

}  // namespace mineward::watch
