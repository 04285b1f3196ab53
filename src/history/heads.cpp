#include "history/heads.h"

#include <algorithm>
#include <mutex>
#include <thread>

namespace mineward::history {
namespace {

bool earlier(const Sample& a, const Sample& b) { return a.at < b.at; }

// Where a sample of this time is or belongs.
template <class Samples, class Time>
auto place_of(Samples& samples, Time time, auto time_of) {
  return std::lower_bound(samples.begin(), samples.end(), time,
                          [&](const auto& s, Time t) { return time_of(s) < t; });
}

}  // namespace

std::vector<Sample> overlay(std::vector<std::vector<Sample>> parts) {
  std::erase_if(parts, [](const auto& part) { return part.empty(); });
  if (parts.empty()) return {};
  std::vector<Sample> all = std::move(parts[0]);
  bool rising = true;
  for (std::size_t i = 1; i < parts.size(); ++i) {
    rising = rising && all.back().at < parts[i].front().at;
    all.insert(all.end(), parts[i].begin(), parts[i].end());
  }
  if (rising) return all;
  std::stable_sort(all.begin(), all.end(), earlier);
  std::size_t kept = 0;
  for (std::size_t i = 1; i < all.size(); ++i) {
    if (all[i].at != all[kept].at) ++kept;
    all[kept] = all[i];  // the later part wins
  }
  all.resize(kept + 1);
  return all;
}

void Heads::restore(PointKey point, const PointState& state) {
  const std::lock_guard lock(points_mutex_);
  if (point >= points_.size()) points_.resize(point + 1);
  Point& p = points_[point];
  p.has_latest = state.latest.has_value();
  if (state.latest) p.latest = *state.latest;
  p.done_seq = state.done_seq;
  p.sealed_until_ms = state.sealed_until_ms;
}

void Heads::apply(std::uint64_t seq, std::span<const Row> rows, bool replayed) {
  const auto lock = wait_for<std::unique_lock<std::shared_mutex>>();
  for (const Row& row : rows) {
    if (row.point >= points_.size()) points_.resize(row.point + 1);
    Point& point = points_[row.point];
    if (replayed && seq <= point.done_seq) continue;
    take(row.point, point, seq, row.sample);
  }
  applied_seq_ = seq;
}

void Heads::take(PointKey key, Point& point, std::uint64_t seq, const Sample& sample) {
  if (!point.has_latest || sample.at >= point.latest.at) {
    point.latest = sample;
    point.has_latest = true;
  }
  const std::int64_t at = sample.at.utc_ms;
  if (at <= point.sealed_until_ms) return take_late(point, seq, sample);
  const bool same_day = !point.open.empty() && at >= point.day_start_ms && at - point.day_start_ms < kDayMs;
  if (!point.open.empty() && !same_day) {
    if (at < point.day_start_ms) return take_late(point, seq, sample);
    seal_open(key, point);
  }
  if (point.open.empty()) {
    point.day_start_ms = day_of(at) * kDayMs;
    point.open_seq = seq;
  }
  const Compact c{static_cast<std::uint32_t>(at - point.day_start_ms), sample.state,
                  static_cast<std::uint16_t>(sample.value ? 1 : 0), sample.value.value_or(0)};
  if (point.open.empty() || point.open.back().day_ms < c.day_ms) {
    if (point.open.size() == point.open.capacity())
      point.open.reserve(std::min(std::max<std::size_t>(2 * point.open.size(), 30), block_samples_));
    point.open.push_back(c);
  } else {
    const auto it = place_of(point.open, c.day_ms, [](const Compact& s) { return s.day_ms; });
    if (it->day_ms == c.day_ms) {
      *it = c;
      return;
    }
    point.open.insert(it, c);
  }
  samples_.fetch_add(1, std::memory_order_relaxed);
  open_samples_.fetch_add(1, std::memory_order_relaxed);
  if (point.open.size() >= block_samples_) seal_open(key, point);
}

void Heads::take_late(Point& point, std::uint64_t seq, const Sample& sample) {
  if (point.waiting_seq == 0) point.waiting_seq = seq;
  const auto it = place_of(point.late, sample.at.utc_ms, [](const Sample& s) { return s.at.utc_ms; });
  if (it != point.late.end() && it->at == sample.at) {
    *it = sample;
    return;
  }
  point.late.insert(it, sample);
  samples_.fetch_add(1, std::memory_order_relaxed);
  open_samples_.fetch_add(1, std::memory_order_relaxed);
}

Sample Heads::expand(const Point& point, const Compact& c) {
  Sample s{{point.day_start_ms + c.day_ms}, {}, c.state};
  if (c.has_value != 0) s.value = c.value;
  return s;
}

void Heads::add_pending(PointKey key, Point& point, std::span<const Sample> samples) {
  auto block = std::make_shared<PendingBlock>();
  block->bytes = encode_block(key, samples);
  block->head.point = key;
  block->head.count = static_cast<std::uint32_t>(samples.size());
  block->head.first = samples.front().at;
  block->head.last = samples.back().at;
  pending_bytes_.fetch_add(block->bytes.size(), std::memory_order_relaxed);
  open_samples_.fetch_sub(samples.size(), std::memory_order_relaxed);
  point.pending.push_back(std::move(block));
}

void Heads::seal_open(PointKey key, Point& point) {
  if (point.open.empty()) return;
  scratch_.clear();
  for (const Compact& c : point.open) scratch_.push_back(expand(point, c));
  add_pending(key, point, scratch_);
  if (point.waiting_seq == 0) point.waiting_seq = point.open_seq;
  point.waiting_seq = std::min(point.waiting_seq, point.open_seq);
  point.sealed_until_ms = scratch_.back().at.utc_ms;
  point.open.clear();
  point.open_seq = 0;
}

void Heads::seal_late(PointKey key, Point& point) {
  for (std::size_t i = 0; i < point.late.size();) {
    std::size_t end = i;
    const std::int64_t day = day_of(point.late[i].at.utc_ms);
    while (end < point.late.size() && end - i < block_samples_ && day_of(point.late[end].at.utc_ms) == day)
      ++end;
    add_pending(key, point, std::span(point.late).subspan(i, end - i));
    i = end;
  }
  point.late.clear();
  point.late.shrink_to_fit();
}

std::optional<Sample> Heads::latest(PointKey point) const {
  const auto lock = wait_for<std::shared_lock<std::shared_mutex>>();
  if (point >= points_.size() || !points_[point].has_latest) return std::nullopt;
  return points_[point].latest;
}

Result<std::vector<std::vector<Sample>>> Heads::layers(PointKey key, std::int64_t from_ms,
                                                       std::int64_t to_ms) const {
  const auto inside = [&](const Sample& s) { return s.at.utc_ms >= from_ms && s.at.utc_ms < to_ms; };
  PendingBlocks pending;
  std::vector<Sample> late;
  std::vector<Sample> open;
  {
    const auto lock = wait_for<std::shared_lock<std::shared_mutex>>();
    if (key >= points_.size()) return std::vector<std::vector<Sample>>{};
    const Point& point = points_[key];
    for (const auto& block : point.pending) {
      if (block->head.first.utc_ms < to_ms && block->head.last.utc_ms >= from_ms) pending.push_back(block);
    }
    std::copy_if(point.late.begin(), point.late.end(), std::back_inserter(late), inside);
    for (const Compact& c : point.open) {
      const Sample s = expand(point, c);
      if (inside(s)) open.push_back(s);
    }
  }
  std::vector<std::vector<Sample>> out;
  for (const auto& block : pending) {
    std::vector<Sample> samples;
    MW_ASSIGN(const BlockHead head, decode_block(block->bytes, samples));
    (void)head;
    std::erase_if(samples, [&](const Sample& s) { return !inside(s); });
    out.push_back(std::move(samples));
  }
  out.push_back(std::move(late));
  out.push_back(std::move(open));
  return out;
}

std::vector<PointWrite> Heads::collect(std::uint64_t seal_until_seq) {
  std::vector<PointWrite> out;
  for (std::size_t from = 0; collect_some(seal_until_seq, from, out); from += kCollectedAtOnce) {
    while (waiting_.load() > 0)
      std::this_thread::yield();  // else this thread would have the lock again first
  }
  return out;
}

/// False when no points are left.
bool Heads::collect_some(std::uint64_t seal_until_seq, std::size_t from, std::vector<PointWrite>& out) {
  const std::lock_guard lock(points_mutex_);
  const std::size_t end = std::min(points_.size(), from + kCollectedAtOnce);
  for (std::size_t key = from; key < end; ++key) {
    Point& point = points_[key];
    const auto k = static_cast<PointKey>(key);
    if (!point.open.empty() && point.open_seq <= seal_until_seq) seal_open(k, point);
    seal_late(k, point);
    if (point.pending.empty()) continue;
    PointWrite write;
    write.point = k;
    write.blocks = point.pending;
    write.done_seq = point.open.empty() ? applied_seq_ : point.open_seq - 1;
    if (point.has_latest) write.latest = point.latest;
    write.sealed_until_ms = point.sealed_until_ms;
    out.push_back(std::move(write));
  }
  return end < points_.size();
}

void Heads::written(std::span<const PointWrite> writes) {
  const std::lock_guard lock(points_mutex_);
  for (const PointWrite& write : writes) {
    Point& point = points_[write.point];
    for (std::size_t i = 0; i < write.blocks.size(); ++i) {
      samples_.fetch_sub(point.pending[i]->head.count, std::memory_order_relaxed);
      pending_bytes_.fetch_sub(point.pending[i]->bytes.size(), std::memory_order_relaxed);
    }
    point.pending.erase(point.pending.begin(),
                        point.pending.begin() + static_cast<std::ptrdiff_t>(write.blocks.size()));
    point.done_seq = write.done_seq;
    // What came meanwhile is of batches after done_seq.
    point.waiting_seq = point.pending.empty() && point.late.empty() ? 0 : write.done_seq + 1;
  }
}

std::uint64_t Heads::written_until() const {
  const std::shared_lock lock(points_mutex_);
  std::uint64_t first_needed = applied_seq_ + 1;
  for (const Point& point : points_) {
    if (!point.open.empty()) first_needed = std::min(first_needed, point.open_seq);
    if (point.waiting_seq != 0) first_needed = std::min(first_needed, point.waiting_seq);
  }
  return first_needed - 1;
}

std::uint64_t Heads::half_seq() const {
  const std::shared_lock lock(points_mutex_);
  std::vector<std::pair<std::uint64_t, std::size_t>> sizes;
  for (const Point& point : points_) {
    if (!point.open.empty()) sizes.emplace_back(point.open_seq, point.open.size());
  }
  std::sort(sizes.begin(), sizes.end());
  std::size_t total = 0;
  for (const auto& [seq, size] : sizes) total += size;
  std::size_t sum = 0;
  for (const auto& [seq, size] : sizes) {
    sum += size;
    if (sum * 2 >= total) return seq;
  }
  return applied_seq_;
}

}  // namespace mineward::history
