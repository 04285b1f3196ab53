/// Bounded tables of who did how much lately.
#pragma once

#include <cstddef>
#include <list>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "api/options.h"
#include "base/clock.h"

namespace mineward::api {

/// Token buckets by key. At most `max_keys`: a new key pushes out the one unused for longest (which then
/// starts full again: under such a flood the limits of all addresses together are the connection and queue
/// bounds). Any thread.
class Rates {
 public:
  Rates(Rate rate, std::size_t max_keys, Clock& clock) : rate_(rate), max_keys_(max_keys), clock_(clock) {}
  /// Nullopt = go on; else how long to wait until `cost` would be there.
  std::optional<Millis> take(std::string_view key, double cost = 1);

 private:
  struct Bucket {
    std::string key;
    double balance = 0;
    Millis at{};
  };
  const Rate rate_;
  const std::size_t max_keys_;
  Clock& clock_;
  std::mutex buckets_mutex_;   // guards buckets_, by_key_
  std::list<Bucket> buckets_;  ///< most recently used first
  std::unordered_map<std::string_view, std::list<Bucket>::iterator> by_key_;
};

}  // namespace mineward::api
