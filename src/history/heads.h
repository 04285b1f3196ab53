/// Samples that are not in synced blocks yet, and the latest sample of every point. In memory only: the
/// journal has them.
///
/// Three layers a point, each newer than the one before where times are equal: `pending` (encoded, waiting to
/// be written), `late` (times at or before what was sealed, or of another day), `open` (rising times of one
/// day, after all sealed ones).
#pragma once

#include <atomic>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <shared_mutex>
#include <span>
#include <string>
#include <vector>

#include "history/block.h"

namespace mineward::history {

constexpr std::int64_t kDayMs = 86'400'000;
/// The UTC day of an instant, counted from 1970-01-01.
inline std::int64_t day_of(std::int64_t utc_ms) {
  return utc_ms >= 0 ? utc_ms / kDayMs : -((-utc_ms + kDayMs - 1) / kDayMs);
}

/// An encoded block that is not in a file yet.
struct PendingBlock {
  BlockHead head;
  std::string bytes;
};
using PendingBlocks = std::vector<std::shared_ptr<const PendingBlock>>;

/// What is to be written of one point.
struct PointWrite {
  PointKey point = 0;
  PendingBlocks blocks;        ///< oldest first
  std::uint64_t done_seq = 0;  ///< once they are written, every row of a batch up to here is in blocks
  std::optional<Sample> latest;
  std::int64_t sealed_until_ms = std::numeric_limits<std::int64_t>::min();
};

/// What is known of a point at start.
struct PointState {
  std::optional<Sample> latest;
  std::uint64_t done_seq = 0;
  std::int64_t sealed_until_ms = std::numeric_limits<std::int64_t>::min();
};

/// Samples of later parts win over those of earlier parts at the same time. Each part has rising times; so
/// has the result.
std::vector<Sample> overlay(std::vector<std::vector<Sample>> parts);

/// Any thread.
class Heads {
 public:
  explicit Heads(std::size_t block_samples) : block_samples_(block_samples) {}

  void restore(PointKey point, const PointState& state);
  /// Takes the rows of one batch. `replayed`: rows that are in blocks already (seq <= done_seq) are skipped.
  void apply(std::uint64_t seq, std::span<const Row> rows, bool replayed = false);

  std::optional<Sample> latest(PointKey point) const;
  /// Unwritten samples with from <= at < to, as layers for overlay(), oldest layer first.
  Result<std::vector<std::vector<Sample>>> layers(PointKey point, std::int64_t from_ms,
                                                  std::int64_t to_ms) const;

  /// Everything that waits for writing. Open heads whose first row is of a batch <= `seal_until_seq` are
  /// sealed first.
  std::vector<PointWrite> collect(std::uint64_t seal_until_seq);
  /// Forgets what was written.
  void written(std::span<const PointWrite> writes);
  /// Batches up to here have all their rows in written blocks.
  std::uint64_t written_until() const;
  /// The seq that, given to collect(), seals about half of the open samples.
  std::uint64_t half_seq() const;

  std::uint64_t samples() const { return samples_.load(std::memory_order_relaxed); }  ///< unwritten
  std::uint64_t open_samples() const {
    return open_samples_.load(std::memory_order_relaxed);
  }  ///< of these, not encoded
  std::uint64_t pending_bytes() const { return pending_bytes_.load(std::memory_order_relaxed); }

 private:
  // 16 bytes, for there are millions of them.
  struct Compact {
    std::uint32_t day_ms;
    std::uint16_t state;
    std::uint16_t has_value;
    double value;
  };
  struct Point {
    std::vector<Compact> open;
    std::int64_t day_start_ms = 0;  // of `open`
    std::uint64_t open_seq = 0;     // first batch with a row in `open`
    std::uint64_t done_seq = 0;
    std::int64_t sealed_until_ms = std::numeric_limits<std::int64_t>::min();
    std::vector<Sample> late;
    PendingBlocks pending;
    std::uint64_t waiting_seq = 0;  // first batch with a row in `late` or `pending`; 0 = none
    Sample latest;
    bool has_latest = false;
  };
  void take(PointKey key, Point& point, std::uint64_t seq, const Sample& sample);
  void take_late(Point& point, std::uint64_t seq, const Sample& sample);
  void seal_open(PointKey key, Point& point);
  void seal_late(PointKey key, Point& point);
  void add_pending(PointKey key, Point& point, std::span<const Sample> samples);
  static Sample expand(const Point& point, const Compact& c);
  bool collect_some(std::uint64_t seal_until_seq, std::size_t from, std::vector<PointWrite>& out);
  /// A lock on points_mutex_, for which collect() steps back.
  template <class Lock>
  Lock wait_for() const {
    ++waiting_;
    Lock lock(points_mutex_);
    --waiting_;
    return lock;
  }

  /// Encoding a point takes some 20 microseconds; others wait no longer than for so many.
  static constexpr std::size_t kCollectedAtOnce = 64;

  const std::size_t block_samples_;
  mutable std::shared_mutex points_mutex_;  // guards points_, applied_seq_, scratch_
  std::vector<Point> points_;               // by key
  std::uint64_t applied_seq_ = 0;
  std::vector<Sample> scratch_;
  mutable std::atomic<int> waiting_{0};  // for points_mutex_
  std::atomic<std::uint64_t> samples_{0}, open_samples_{0}, pending_bytes_{0};
};

}  // namespace mineward::history
