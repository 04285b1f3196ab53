/// What the watch holds in memory for one mine, and the uploads that its saved states contain.
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <vector>

#include "watch/engine.h"
#include "watch/watch.h"

namespace mineward::watch {

struct MineState {
  std::mutex mutex;                // guards everything below
  std::unique_ptr<Engine> engine;  ///< null until loaded
  std::unique_ptr<Engine> before;  ///< the engine before the upload in flight, for reset()
  bool in_flight = false;          ///< applied, not yet known to be committed
  bool view_stale = false;         ///< registers changed since the view was built
  int unsaved = 0;                 ///< uploads since the saved state
  std::optional<std::uint64_t> first_unsaved;
  bool checkpointed = false;  ///< the upload in flight writes a checkpoint
  std::uint64_t flight_seq = 0;
  bool flight_replayed = false;  ///< committed() does not follow
  std::optional<std::vector<AlarmChange>>
      judged;                           ///< what the engine said of the upload in flight, not written yet
  std::set<PointKey> unknown;           ///< points of samples that no register has
  std::vector<record::Record> changed;  ///< alarms written by the upload in flight
};

/// Up to which upload everything has been applied. Uploads of several mines finish out of order; the journal
/// may only be cut below the oldest that is still missing.
class AppliedUploads {
 public:
  /// Everything up to `seq` is replayed before new uploads come.
  void start_after(std::uint64_t seq) { floor_ = seq; }
  void done(std::uint64_t seq) {
    if (seq <= floor_) return;
    above_.insert(seq);
    while (!above_.empty() && *above_.begin() == floor_ + 1) {
      ++floor_;
      above_.erase(above_.begin());
    }
  }
  std::uint64_t complete_to() const { return floor_; }

 private:
  std::uint64_t floor_ = 0;
  std::set<std::uint64_t> above_;
};

}  // namespace mineward::watch
