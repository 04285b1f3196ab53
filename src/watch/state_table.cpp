#include "watch/state_table.h"

#include <fmt/format.h>

#include "base/digest.h"

namespace mineward::watch {

Status create_state_table(db::Connection& c) {
  return c.script(
      fmt::format("CREATE TABLE IF NOT EXISTS watch_state ("
                  "mine BIGINT PRIMARY KEY, seq BIGINT NOT NULL, crc BIGINT NOT NULL, state {} NOT NULL)",
                  c.engine() == db::Engine::sqlite ? "BLOB" : "BYTEA"));
}

Status write_state(db::Connection& c, RecordId mine, const SavedState& s) {
  const auto done = c.execute(
      "INSERT INTO watch_state (mine, seq, crc, state) VALUES ($1, $2, $3, $4) "
      "ON CONFLICT (mine) DO UPDATE SET seq = excluded.seq, crc = excluded.crc, state = excluded.state",
      {mine.value, static_cast<std::int64_t>(s.seq), static_cast<std::int64_t>(crc32c(s.bytes)),
       db::Blob{s.bytes}});
  return done ? Status() : Status(done.error());
}

Result<std::optional<SavedState>> read_state(db::Connection& c, RecordId mine) {
  MW_ASSIGN(const db::Rows rows,
            c.query("SELECT seq, crc, state FROM watch_state WHERE mine = $1", {mine.value}));
  if (rows.empty()) return std::optional<SavedState>();
  const auto* blob = std::get_if<db::Blob>(&rows.rows[0][2]);
  if (!blob || static_cast<std::int64_t>(crc32c(blob->bytes)) != rows.integer(0, 1))
    return corrupt(fmt::format("watch_state of mine {}: the checksum does not fit", mine.value));
  return std::optional(SavedState{static_cast<std::uint64_t>(rows.integer(0, 0)), blob->bytes});
}

Status saved_mines(db::Connection& c, std::vector<RecordId>& mines) {
  MW_ASSIGN(const db::Rows rows, c.query("SELECT mine FROM watch_state ORDER BY mine"));
  for (std::size_t i = 0; i < rows.size(); ++i) mines.push_back(RecordId{rows.integer(i, 0)});
  return {};
}

}  // namespace mineward::watch
