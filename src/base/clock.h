/// The clock seam. Nothing below app/ asks the operating system for the time in another way.
#pragma once

#include <atomic>
#include <memory>

#include "base/time.h"

namespace mineward {

class Clock {
 public:
  virtual ~Clock() = default;
  /// Our wall clock; may jump in either direction.
  virtual ArrivalTime now() = 0;
  /// Never goes back; only differences mean something.
  virtual Millis monotonic() = 0;
};

/// The machine's clock, shifted so that it read `start` when it was made (`serve --now`); safe from any
/// thread.
std::unique_ptr<Clock> system_clock();
std::unique_ptr<Clock> shifted_clock(ArrivalTime start);

/// A clock that stands still until told otherwise; for tests and replay; safe from any thread.
class ManualClock final : public Clock {
 public:
  explicit ManualClock(ArrivalTime start) : ms_(start.utc_ms) {}
  ArrivalTime now() override { return {ms_.load()}; }
  Millis monotonic() override { return Millis(monotonic_.load()); }
  void advance(Millis d) {
    ms_ += d.count();
    monotonic_ += d.count();
  }
  /// A jump of the wall clock; the monotonic clock does not follow.
  void set(ArrivalTime t) { ms_ = t.utc_ms; }

 private:
  std::atomic<std::int64_t> ms_;
  std::atomic<std::int64_t> monotonic_{0};
};

}  // namespace mineward
