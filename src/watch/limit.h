/// The smallest detector: when one thing goes into and out of alarm. Every other detector stands on it.
///
/// An *episode* is one alarm event of one subject. It begins with the first sample of a run that is confirmed
/// (enough samples in a row, or long enough), and ends with the first sample of a calm stretch that lasts
/// longer than `clear_after`. What comes back sooner belongs to the same episode: so "over again more than
/// ten minutes after it cleared is a new event" holds by construction, and raise and clear alternate whatever
/// the samples.
#pragma once

#include <cstdint>
#include <optional>

#include "base/time.h"
#include "pack/catalog.h"

namespace mineward::watch {

/// Made from a rule's params; the numbers are the pack's.
struct EpisodeRule {
  int samples = 0;                        ///< confirmed by so many in a row; 0 = does not count samples
  Millis hold{0};                         ///< or by lasting so long; 0 = does not count time. Both 0: at once
  Millis clear_after{0};                  ///< calm longer than this ends it; 0 = the first calm sample does
  Millis max_gap{std::int64_t{1} << 52};  ///< an unconfirmed run starts again after a longer silence
  bool low_is_worse = false;              ///< the peak is the smallest value
};

/// What one sample says about its subject.
enum class Reading { over, between, calm };

/// State of one episode: plain, copyable, saved with the engine. After `cleared` the figures of the event
/// that ended stay until the next one begins.
struct Episode {
  bool active = false;
  pack::Grade grade = pack::Grade::none;  ///< kept by the detector: it only rises within an episode
  bool late = false, planned = false;     ///< kept by the detector
  std::int32_t run = 0;                   ///< samples of the unconfirmed run
  EventTime begin{};                      ///< of the event, or of the unconfirmed run
  EventTime last{};                       ///< newest sample seen
  std::optional<EventTime> calm_since;    ///< of the present calm stretch while active; the end once cleared
  double peak = 0;
  EventTime peak_at{};
  double sum = 0;  ///< from begin up to the calm stretch
  std::int64_t count = 0;
  double calm_sum = 0;
  std::int64_t calm_count = 0;

  double mean() const { return count ? sum / static_cast<double>(count) : 0; }
  template <class A, class S>
  static void fields(A& a, S& s) {
    a(s.active, s.grade, s.late, s.planned, s.run, s.begin, s.last, s.calm_since, s.peak, s.peak_at, s.sum,
      s.count, s.calm_sum, s.calm_count);
  }
};

enum class Step { none, raised, cleared };

/// Before each sample: ends an active episode that has been calm for longer than `clear_after`; true if it
/// did.
bool settle(const EpisodeRule& rule, Episode& episode, EventTime at);
/// Feeds one sample, in event-time order, after settle(). No clock, no I/O, cannot fail. `cleared` only comes
/// from rules without `clear_after`.
Step step(const EpisodeRule& rule, Episode& episode, EventTime at, Reading reading, double value);
/// A sample that must not count either way (calibration): an unconfirmed run ends, an active episode stays.
void interrupt(Episode& episode);
/// Ends an active episode at `end` without a calm sample (its source went away).
void end_now(Episode& episode, EventTime end);

}  // namespace mineward::watch
