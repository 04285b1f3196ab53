#include "base/metrics.h"

#include <fmt/format.h>

#include <deque>
#include <map>
#include <mutex>

namespace mineward {
namespace {

template <class Metric>
struct Family {
  std::string help;
  std::map<std::string, Metric*, std::less<>> by_labels;
};

struct Registry {
  std::mutex families_mutex;  // guards everything below; values themselves are atomic
  std::map<std::string, Family<Counter>, std::less<>> counters;
  std::map<std::string, Family<Gauge>, std::less<>> gauges;
  std::map<std::string, Family<Histogram>, std::less<>> histograms;
  std::deque<Counter> counter_store;
  std::deque<Gauge> gauge_store;
  std::deque<Histogram> histogram_store;
};

Registry& registry() {
  static Registry instance;
  return instance;
}

template <class Metric>
Metric& find_or_make(std::map<std::string, Family<Metric>, std::less<>>& families, std::deque<Metric>& store,
                     std::string_view name, std::string_view help, std::string_view labels) {
  const std::scoped_lock lock(registry().families_mutex);
  auto& family = families[std::string(name)];
  family.help = help;
  auto& slot = family.by_labels[std::string(labels)];
  if (!slot) slot = &store.emplace_back();
  return *slot;
}

template <class Metric>
void write(std::string& out, const std::map<std::string, Family<Metric>, std::less<>>& families,
           std::string_view type) {
  for (const auto& [name, family] : families) {
    out += fmt::format("# HELP {} {}\n# TYPE {} {}\n", name, family.help, name, type);
    for (const auto& [labels, metric] : family.by_labels) {
      out += labels.empty() ? fmt::format("{} {}\n", name, metric->value())
                            : fmt::format("{}{{{}}} {}\n", name, labels, metric->value());
    }
  }
}

}  // namespace

void Histogram::observe(double seconds) {
  std::size_t i = 0;
  while (i < kBounds.size() && seconds > kBounds[i]) ++i;
  counts_[i].fetch_add(1, std::memory_order_relaxed);
  sum_us_.fetch_add(static_cast<std::uint64_t>(seconds * 1e6), std::memory_order_relaxed);
}

Counter& counter(std::string_view name, std::string_view help, std::string_view labels) {
  return find_or_make(registry().counters, registry().counter_store, name, help, labels);
}
Gauge& gauge(std::string_view name, std::string_view help, std::string_view labels) {
  return find_or_make(registry().gauges, registry().gauge_store, name, help, labels);
}
Histogram& histogram(std::string_view name, std::string_view help) {
  return find_or_make(registry().histograms, registry().histogram_store, name, help, {});
}

std::string metrics_text() {
  std::string out;
  const std::scoped_lock lock(registry().families_mutex);
  write(out, registry().counters, "counter");
  write(out, registry().gauges, "gauge");
  for (const auto& [name, family] : registry().histograms) {
    out += fmt::format("# HELP {} {}\n# TYPE {} histogram\n", name, family.help, name);
    for (const auto& [labels, h] : family.by_labels) {
      std::uint64_t total = 0;
      for (std::size_t i = 0; i < Histogram::kBounds.size(); ++i) {
        total += h->counts_[i].load(std::memory_order_relaxed);
        out += fmt::format("{}_bucket{{le=\"{}\"}} {}\n", name, Histogram::kBounds[i], total);
      }
      total += h->counts_[Histogram::kBounds.size()].load(std::memory_order_relaxed);
      out += fmt::format("{}_bucket{{le=\"+Inf\"}} {}\n{}_sum {}\n{}_count {}\n", name, total, name,
                         static_cast<double>(h->sum_us_.load(std::memory_order_relaxed)) / 1e6, name, total);
    }
  }
  return out;
}

}  // namespace mineward
