/// Counters, gauges and histograms in the Prometheus text format. A name carries its unit
/// ("feed_decode_seconds").
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace mineward {

class Counter {
 public:
  void add(std::uint64_t n = 1) { value_.fetch_add(n, std::memory_order_relaxed); }
  std::uint64_t value() const { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<std::uint64_t> value_{0};
};

class Gauge {
 public:
  void set(std::int64_t v) { value_.store(v, std::memory_order_relaxed); }
  std::int64_t value() const { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<std::int64_t> value_{0};
};

/// Seconds, in fixed buckets from 0.1 ms to 100 s.
class Histogram {
 public:
  static constexpr std::array<double, 13> kBounds = {0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1,
                                                     0.3,    1,      3,     10,    30,   100};
  void observe(double seconds);

 private:
  friend std::string metrics_text();
  std::array<std::atomic<std::uint64_t>, kBounds.size() + 1> counts_{};
  std::atomic<std::uint64_t> sum_us_{0};
};

/// Finds or makes the metric; the reference stays valid for the life of the process, so keep it in a static.
/// `labels` is the inside of the braces, such as `code="E_TERM"`. Any thread.
Counter& counter(std::string_view name, std::string_view help, std::string_view labels = {});
Gauge& gauge(std::string_view name, std::string_view help, std::string_view labels = {});
Histogram& histogram(std::string_view name, std::string_view help);

/// Everything, in the Prometheus text exposition format 0.0.4.
std::string metrics_text();

}  // namespace mineward
