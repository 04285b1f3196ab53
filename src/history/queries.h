/// Answers about stored samples: memory laid over files, one UTC day after the other, so that a long range
/// needs the memory of one day.
#pragma once

#include "history/block_files.h"
#include "history/statistics.h"

namespace mineward::history {

/// Borrows what it reads. Any thread; sees every batch applied before the call.
class Queries {
 public:
  Queries(const Heads& heads, const BlockFiles& blocks, const Statistics& statistics)
      : heads_(heads), blocks_(blocks), statistics_(statistics) {}

  Result<std::vector<Sample>> range(PointKey point, EventTime from, EventTime to, std::size_t limit) const;
  Result<std::vector<Bucket>> buckets(PointKey point, EventTime from, EventTime to, Millis width) const;
  Result<std::vector<Gap>> gaps(PointKey point, EventTime from, EventTime to, Millis longer_than) const;

 private:
  struct Span {
    std::int64_t from_ms, to_ms;
  };
  using EachDay = std::function<Status(std::int64_t day, std::span<const Sample> unwritten)>;
  Status each_day(PointKey point, Span span, const EachDay& each) const;
  Result<std::vector<Sample>> day_samples(std::int64_t day, PointKey point, Span span,
                                          std::span<const Sample> unwritten) const;

  const Heads& heads_;
  const BlockFiles& blocks_;
  const Statistics& statistics_;
};

}  // namespace mineward::history
