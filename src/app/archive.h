/// One file holding many: a tar compressed with zstd, with a manifest of SHA-256 sums as its last member.
#pragma once

#include <map>
#include <string>

#include "base/files.h"

namespace mineward::app {

/// Writes every file below `folder` into `archive` (which must not exist) through a temporary name; synced
/// before the name appears. `info` goes into the manifest.
Status write_archive(Files&, const std::string& folder, const std::string& archive,
                     const std::map<std::string, std::string>& info);

/// Unpacks into `folder` (which must not exist or be empty). Checks every sum; on any fault nothing is left
/// behind under that name. Members with unsafe names ("..", absolute) are a fault.
Status read_archive(Files&, const std::string& archive, const std::string& folder);

}  // namespace mineward::app
