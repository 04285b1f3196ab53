/// Bodies of journal entries: a batch, or names of new points. Format: docs/formats/journal.md.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "history/history.h"

namespace mineward::history {

/// The store makes no larger key, so one that is read is damage: tables indexed by key grow to its size, with
/// this one to 1 GB. Two hundred times the points of the largest region.
constexpr PointKey kMaxPointKey = (1u << 22) - 1;

/// A point's key with what it stands for.
struct PointName {
  PointKey key = 0;
  std::string mine, code;
  friend bool operator==(const PointName&, const PointName&) = default;
};

/// Without seq, which the journal gives. Times must be within ±2^61 ms.
void put_batch(std::string& out, const Batch& batch);
Result<Batch> get_batch(std::string_view body);

void put_names(std::string& out, std::span<const PointName> names);
Result<std::vector<PointName>> get_names(std::string_view body);

}  // namespace mineward::history
