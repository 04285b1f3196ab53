/// The clock of the example region: told the time while history is replayed, then running on by itself.
#pragma once

#include <atomic>

#include "base/clock.h"

namespace mineward::app {

/// Stands still at what set() said, until run(). Any thread.
class ReplayClock final : public Clock {
 public:
  ReplayClock(Clock& real, ArrivalTime start) : real_(real), base_ms_(start.utc_ms) {}

  ArrivalTime now() override {
    const double rate = rate_.load();
    const auto passed = static_cast<double>((real_.monotonic() - Millis(since_.load())).count());
    return {base_ms_.load() + static_cast<std::int64_t>(rate * passed)};
  }
  Millis monotonic() override { return real_.monotonic(); }

  /// Only forward.
  void set(ArrivalTime t) {
    if (t.utc_ms > base_ms_.load()) base_ms_ = t.utc_ms;
  }
  /// From now on `rate` seconds pass in a real second.
  void run(double rate) {
    since_ = real_.monotonic().count();
    rate_ = rate;
  }

 private:
  Clock& real_;
  std::atomic<std::int64_t> base_ms_;
  std::atomic<std::int64_t> since_{0};
  std::atomic<double> rate_{0};
};

}  // namespace mineward::app
