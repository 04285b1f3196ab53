/// Inside record/: table record_meta(key, value): what the store remembers about its own shape.
#pragma once

#include <optional>
#include <string>

#include "db/db.h"

namespace mineward::record {

Result<std::optional<std::string>> read_meta(db::Connection&, const std::string& key);
Status write_meta(db::Connection&, const std::string& key, const std::string& value);

}  // namespace mineward::record
