#include "record/meta.h"

namespace mineward::record {

Result<std::optional<std::string>> read_meta(db::Connection& c, const std::string& key) {
  MW_ASSIGN(const db::Rows rows, c.query("SELECT value FROM record_meta WHERE key = $1", {key}));
  return rows.empty() ? std::optional<std::string>() : std::optional(rows.text(0, 0));
}

Status write_meta(db::Connection& c, const std::string& key, const std::string& value) {
  MW_TRY(
      c.execute("INSERT INTO record_meta (key, value) VALUES ($1, $2) ON CONFLICT (key) DO UPDATE SET value "
                "= excluded.value",
                {key, value}));
  return {};
}

}  // namespace mineward::record
