/// Inside ledger/: the zip file that an XLSX is, read part by part with limits.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace mineward::ledger {

struct PackageLimits {
  std::uint64_t part_bytes = 512u << 20;  ///< unpacked, of one part
  std::uint64_t ratio = 300;              ///< unpacked to packed; below `free_bytes` nobody asks
  std::uint64_t free_bytes = 32u << 20;
  std::size_t parts = 2000;
};

/// A zip archive in memory. One thread at a time.
class Package {
 public:
  /// The error says what the bytes are instead, as far as it can be told: an old XLS, a text, damaged.
  static Result<Package> open(std::string bytes, PackageLimits limits = {});

  bool has(std::string_view name) const;
  /// Streams one part; `take` may be called many times. not_found without such a part, too_large beyond a
  /// limit.
  Status read(std::string_view name, const std::function<Status(std::string_view)>& take) const;

 private:
  Package(std::string bytes, PackageLimits limits) : bytes_(std::move(bytes)), limits_(limits) {}

  std::string bytes_;
  PackageLimits limits_;
  std::vector<std::string> names_;
};

}  // namespace mineward::ledger
