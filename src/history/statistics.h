/// Five-minute figures of days whose raw samples are gone. Format: docs/formats/sample_block.md,
/// "Statistics".
#pragma once

#include <map>
#include <mutex>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "base/files.h"
#include "history/heads.h"
#include "history/sqlite.h"

namespace mineward::history {

constexpr std::int64_t kSlotMs = 300'000;
constexpr std::size_t kSlotsPerDay = 288;

/// Five minutes of one point.
struct Slot {
  std::uint32_t index = 0;    ///< in the UTC day, 0..287
  std::uint32_t samples = 0;  ///< at least 1
  std::uint32_t count = 0;    ///< with a value
  double min = 0, max = 0, last = 0, sum = 0;
  std::uint16_t states = 0;
  friend bool operator==(const Slot&, const Slot&) = default;
};

/// The slots of one day's samples (in time order, all of the UTC day `day`).
std::vector<Slot> slots_of(std::int64_t day, std::span<const Sample> samples);
/// Slots rising by index. Lossless.
std::string encode_statistics(PointKey point, std::int64_t day, std::span<const Slot> slots);
Result<std::vector<Slot>> decode_statistics(std::string_view bytes, PointKey point, std::int64_t day);

/// One file a UTC month. Reads from any thread; the rest from one thread at a time.
class Statistics {
 public:
  static Result<std::unique_ptr<Statistics>> open(Files& files, std::string folder);

  struct PointDay {
    PointKey point = 0;
    std::vector<Slot> slots;
  };
  /// Durable when it returns. Where a slot is there already, the one with more samples stays.
  Status store(std::int64_t day, std::span<const PointDay> points);
  /// Days from `from_day` to `to_day` (included) that have figures of the point, rising.
  using Each = std::function<Status(std::int64_t day, std::span<const Slot> slots)>;
  Status read(PointKey point, std::int64_t from_day, std::int64_t to_day, const Each& each) const;
  /// Drops months that end before `day`.
  Status drop_before(std::int64_t day);
  Status verify() const;
  Status copy_to(const std::string& folder) const;

 private:
  Statistics(Files& files, std::string folder) : files_(files), folder_(std::move(folder)) {}
  std::string path_of(const std::string& month) const { return folder_ + "/" + month + ".sqlite"; }
  std::vector<std::string> months() const;

  Files& files_;
  const std::string folder_;
  mutable std::mutex months_mutex_;  // guards months_
  std::set<std::string> months_;     // "2026-01"
};

}  // namespace mineward::history
