/// What every detector is: a small class made from one pack rule, with plain state, fed in event-time order.
///
/// A detector has no clock, does no I/O and cannot fail. What it finds goes into Context::out as
/// AlarmChanges. Add one: derive from DetectorOf<You, YourState>, name it in make_detector(), write its rule
/// and examples in a pack.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "feed/intake.h"
#include "watch/archive.h"
#include "watch/limit.h"
#include "watch/mine_view.h"
#include "watch/point_map.h"
#include "watch/wording.h"

namespace mineward::watch {

/// One change of one alarm event, ready to be written to the alarm record.
struct AlarmChange {
  enum class Kind { raise, regrade, peak, clear } kind{};  ///< peak: it goes on and only its figures rose
  std::string key;  ///< "mine|rule|subject|begin ms": the same event has the same key in every replay
  const pack::AlarmRule* rule = nullptr;
  std::string subject;  ///< point code, area code, card, item ...
  std::string place;    ///< for people: short_place()
  RecordId point, area;
  pack::Grade grade{};  ///< highest so far
  EventTime at{};       ///< of the sample that made the change
  EventTime begin{};
  std::optional<EventTime> end;  ///< for clear
  std::optional<double> peak, mean;
  EventTime peak_at{};
  std::int64_t samples = 0;
  std::string unit, limit_text, limit_source;
  std::optional<double> limit_value;
  bool late = false, planned = false;
  std::string evidence;  ///< what was seen, in both languages (wording.h)
};

/// A sample after the quality gate.
struct Measured {
  EventTime at{};
  std::optional<double> value;  ///< none: sentinel, bad state or impossible; carries no knowledge
  std::uint16_t state = 0;
  bool calibrating = false;
  bool in_order = true;  ///< false: not newer than the newest of its point
  bool late = false;     ///< further behind than the gate's window
};

/// Everybody underground, as the newest position file says.
struct People {
  EventTime at{};
  struct Person {
    std::string card, area;
    std::optional<EventTime> entered;
    bool is_leader = false, sos = false;
    template <class A, class S>
    static void fields(A& a, S& s) {
      a(s.card, s.area, s.entered, s.is_leader, s.sos);
    }
  };
  std::vector<Person> underground;
  bool seen = false;  ///< false = no position file yet
  template <class A, class S>
  static void fields(A& a, S& s) {
    a(s.at, s.underground, s.seen);
  }
};

/// What is known now, over all points; kept by the engine.
struct Facts {
  struct Latest {
    EventTime at{};  ///< of the newest sample, with or without value
    EventTime value_at{};
    std::optional<double> value;  ///< newest value that is one
    template <class A, class S>
    static void fields(A& a, S& s) {
      a(s.at, s.value_at, s.value);
    }
  };
  PointMap<Latest> latest;
  People people;

  const Latest* of(PointKey key) const { return latest.find(key); }
  /// People in areas whose name speaks of the place.
  int people_at(const MineView& view, const PointInfo& point) const;
};

/// Gives the limits of a point as they were at a time.
class LimitBook {
 public:
  virtual ~LimitBook() = default;
  virtual const EffectiveLimits& limits(const PointInfo& point, EventTime at) = 0;
  /// The mine's own, as uploaded.
  virtual OwnLimits own(const PointInfo& point, EventTime at) = 0;
};

struct Context {
  const pack::Catalog& catalog;
  const MineView& view;
  const Facts& facts;
  LimitBook& limits;
  std::vector<AlarmChange>& out;
};

class Detector {
 public:
  explicit Detector(const pack::AlarmRule& rule) : rule_(rule) {}
  virtual ~Detector() = default;
  const pack::AlarmRule& rule() const { return rule_; }

  /// Whether samples of this point concern the detector.
  virtual bool wants(const MineView&, const PointInfo&) const { return false; }
  virtual void on_sample(Context&, const PointInfo&, const Measured&) {}
  virtual void on_people(Context&, const People&) {}
  /// After a definition file; `at` is its header time.
  virtual void on_definitions(Context&, std::span<const feed::PointChange>, EventTime) {}
  virtual bool wants_arrivals() const { return false; }
  /// A file of an upload system was accepted.
  virtual void on_arrival(Context&, const std::string&, ArrivalTime) {}
  /// `counted_from`: silence before it is not the mine's (we were not running).
  /// Says what is due and changes nothing: once its records are on disk, adopt() is called for each.
  virtual void on_tick(Context&, ArrivalTime /*now*/, ArrivalTime /*counted_from*/) const {}
  /// An event that on_tick() raised or regraded is on, now or since before the program started.
  virtual void adopt(const std::string& /*subject*/, EventTime /*begin*/, pack::Grade) {}

  virtual void save(Saver&) const = 0;
  virtual bool load(Loader&) = 0;
  /// Takes over the state of a detector of the same rule.
  virtual void assign(const Detector& other) = 0;
  /// Kept by the engine: whether anything was told to the detector since its state was last copied.
  bool touched = true;

 protected:
  EpisodeRule episode_rule() const;
  std::vector<std::string> list(std::string_view param) const;
  bool lists(std::string_view param, std::string_view value) const;
  bool suppressed_by(std::string_view what) const;
  pack::Grade grade_param(std::string_view name, pack::Grade otherwise) const;
  /// By the rule's grade_by_peak; at least the rule's grade.
  pack::Grade grade_for(double peak, bool low_is_worse = false) const;

  /// Before each sample of an episode: ends one that stayed calm long enough, and says so.
  void settle_episode(Context&, const EpisodeRule&, Episode&, EventTime at, const std::string& subject,
                      const PointInfo* = nullptr) const;
  /// A change with everything that the episode knows.
  AlarmChange change(AlarmChange::Kind, const Context&, const std::string& subject, const Episode&,
                     EventTime at) const;
  /// After a sample that changed nothing else: says so when it is the worst of an event that goes on.
  void tell_peak(Context&, const std::string& subject, const Episode&, EventTime at) const;
  void about_point(AlarmChange&, const PointInfo&) const;
  void about_limit(AlarmChange&, const EffectiveLimit&) const;
  /// Marks the event as planned when the rule is suppressed by planned work and such work covers it.
  void mark_planned(const Context&, Episode&, const std::string& place) const;

 private:
  const pack::AlarmRule& rule_;
};

/// Saves, loads and copies the one member that changes.
template <class Self, class State>
class DetectorOf : public Detector {
 public:
  using Detector::Detector;
  void save(Saver& a) const final { a(state_); }
  bool load(Loader& a) final {
    a(state_);
    return a.ok();
  }
  void assign(const Detector& other) final { state_ = static_cast<const Self&>(other).state_; }

 protected:
  State state_;
};

/// Null when no detector has the rule's name, or when the rule asks for none (quality_gate).
std::unique_ptr<Detector> make_detector(const pack::AlarmRule& rule);

}  // namespace mineward::watch
