#include "base/ids.h"

namespace mineward {

RecordId IdMaker::next() {
  constexpr std::int64_t kEpoch = 1577836800000;  // 2020-01-01T00:00:00Z
  const std::int64_t now = clock_.now().utc_ms - kEpoch;
  const std::scoped_lock lock(last_mutex_);
  if (now > last_ms_) {
    last_ms_ = now;
    sequence_ = 0;
  } else if (++sequence_ == 4096) {  // borrow from the next millisecond
    ++last_ms_;
    sequence_ = 0;
  }
  return {last_ms_ << 22 | node_ << 12 | sequence_};
}

}  // namespace mineward
