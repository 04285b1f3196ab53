/// Comparing bounds: which one is reached earlier.
#pragma once

#include <optional>

#include "pack/catalog.h"

namespace mineward::pack {

inline bool is_upper(const Bound& bound) { return bound.op == Bound::Op::ge || bound.op == Bound::Op::gt; }
inline bool is_inclusive(const Bound& bound) {
  return bound.op == Bound::Op::ge || bound.op == Bound::Op::le;
}

/// Would `lower` trigger later than `higher`, or in the other direction? For a restore bound, which is true
/// where power may return: would it let power return earlier?
bool looser(const Bound& higher, const Bound& lower, bool restore);

/// Is no bound of `lower` looser than that of `higher`, and none of them missing?
bool no_looser(const LimitRow& higher, const LimitRow& lower);

}  // namespace mineward::pack
