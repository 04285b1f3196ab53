#include "base/clock.h"

namespace mineward {
namespace {

std::int64_t wall_ms() {
  return std::chrono::duration_cast<Millis>(std::chrono::system_clock::now().time_since_epoch()).count();
}

class SystemClock final : public Clock {
 public:
  explicit SystemClock(std::int64_t shift) : shift_(shift) {}
  ArrivalTime now() override { return {wall_ms() + shift_}; }
  Millis monotonic() override {
    return std::chrono::duration_cast<Millis>(std::chrono::steady_clock::now().time_since_epoch());
  }

 private:
  const std::int64_t shift_;
};

}  // namespace

std::unique_ptr<Clock> system_clock() { return std::make_unique<SystemClock>(0); }
std::unique_ptr<Clock> shifted_clock(ArrivalTime start) {
  return std::make_unique<SystemClock>(start.utc_ms - wall_ms());
}

}  // namespace mineward
