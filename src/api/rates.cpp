#include "api/rates.h"

#include <algorithm>
#include <cmath>

namespace mineward::api {

std::optional<Millis> Rates::take(std::string_view key, double cost) {
  if (rate_.per_second <= 0) return std::nullopt;
  const Millis now = clock_.monotonic();
  const std::lock_guard lock(buckets_mutex_);
  const auto found = by_key_.find(key);
  if (found == by_key_.end()) {
    if (buckets_.size() >= max_keys_) {
      by_key_.erase(buckets_.back().key);
      buckets_.pop_back();
    }
    buckets_.push_front({std::string(key), rate_.burst, now});
    by_key_.emplace(buckets_.front().key, buckets_.begin());
  } else {
    buckets_.splice(buckets_.begin(), buckets_, found->second);
  }
  Bucket& bucket = buckets_.front();
  const double elapsed = static_cast<double>((now - bucket.at).count()) / 1000.0;
  bucket.balance = std::min(rate_.burst, bucket.balance + elapsed * rate_.per_second);
  bucket.at = now;
  if (bucket.balance >= cost) {
    bucket.balance -= cost;
    return std::nullopt;
  }
  return Millis(static_cast<std::int64_t>(std::ceil((cost - bucket.balance) / rate_.per_second * 1000.0)));
}

}  // namespace mineward::api
