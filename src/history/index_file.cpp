#include "history/index_file.h"

#include <bit>

#include <fmt/format.h>

#include "base/log.h"

namespace mineward::history {
namespace {

// sealed_until and done_seq: see PointState. last_*: the latest sample when the point was last
// written; last_value holds the bits of the double, because SQLite would make 0.0 of -0.0.
constexpr const char* kIndexSchema =
    "CREATE TABLE IF NOT EXISTS point(key INTEGER PRIMARY KEY, mine TEXT NOT NULL, code TEXT NOT NULL,"
    " sealed_until INTEGER, done_seq INTEGER NOT NULL DEFAULT 0,"
    " last_at INTEGER, last_value INTEGER, last_state INTEGER NOT NULL DEFAULT 0, UNIQUE(mine, code)) STRICT;"
    "CREATE TABLE IF NOT EXISTS file(mine TEXT NOT NULL, name TEXT NOT NULL, sha256 TEXT NOT NULL, arrived "
    "INTEGER NOT NULL,"
    " PRIMARY KEY(mine, name)) STRICT, WITHOUT ROWID;"
    "CREATE INDEX IF NOT EXISTS file_arrived ON file(arrived);"
    "CREATE TABLE IF NOT EXISTS mark(name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT, WITHOUT ROWID;"
    "INSERT OR IGNORE INTO mark VALUES ('format', 1), ('released_seq', 0);";
constexpr std::string_view kLoad =
    "SELECT key, mine, code, sealed_until, done_seq, last_at, last_value, last_state FROM point";
constexpr std::string_view kPutName = "INSERT OR IGNORE INTO point(key, mine, code) VALUES (?1, ?2, ?3)";
constexpr std::string_view kPutFile =
    "INSERT INTO file(mine, name, sha256, arrived) VALUES (?1, ?2, ?3, ?4)"
    " ON CONFLICT(mine, name) DO UPDATE SET sha256 = excluded.sha256, arrived = excluded.arrived";
constexpr std::string_view kPutPoint =
    "UPDATE point SET sealed_until = ?2, done_seq = ?3, last_at = ?4, last_value = ?5, last_state = ?6 WHERE "
    "key = ?1";
constexpr std::string_view kPutMark = "UPDATE mark SET value = ?2 WHERE name = ?1";
constexpr std::string_view kFindFile = "SELECT sha256 FROM file WHERE mine = ?1 AND name = ?2";
constexpr std::string_view kDropFiles = "DELETE FROM file WHERE arrived < ?1";
constexpr std::string_view kMark = "SELECT value FROM mark WHERE name = ?1";

}  // namespace

Result<std::unique_ptr<IndexFile>> IndexFile::open(const std::string& path) {
  auto out = std::make_unique<IndexFile>();
  MW_ASSIGN(out->db_, Database::open(path, kIndexSchema));
  MW_ASSIGN(Statement mark, out->db_.prepare(kMark));
  mark.bind_text(1, "format");
  MW_ASSIGN(const bool row, mark.step());
  if (!row || mark.integer(0) != 1) {
    return corrupt(fmt::format("index format {}, this program knows 1", row ? mark.integer(0) : 0), path);
  }
  MW_ASSIGN(out->put_name_, out->db_.prepare(kPutName));
  MW_ASSIGN(out->put_file_, out->db_.prepare(kPutFile));
  MW_ASSIGN(out->put_point_, out->db_.prepare(kPutPoint));
  MW_ASSIGN(out->put_mark_, out->db_.prepare(kPutMark));
  MW_ASSIGN(out->reader_, Database::open(path, ""));
  MW_ASSIGN(out->find_file_, out->reader_.prepare(kFindFile));
  return out;
}

Status IndexFile::load(const std::function<void(PointName, const PointState&)>& each) {
  MW_ASSIGN(Statement rows, db_.prepare(kLoad));
  for (;;) {
    MW_ASSIGN(const bool row, rows.step());
    if (!row) return {};
    if (rows.integer(0) < 1 || rows.integer(0) > kMaxPointKey)
      return corrupt(fmt::format("point with the impossible key {}", rows.integer(0)), db_.path());
    PointState state;
    if (!rows.is_null(3)) state.sealed_until_ms = rows.integer(3);
    state.done_seq = static_cast<std::uint64_t>(rows.integer(4));
    if (!rows.is_null(5)) {
      state.latest = Sample{{rows.integer(5)}, {}, static_cast<std::uint16_t>(rows.integer(7))};
      if (!rows.is_null(6)) state.latest->value = std::bit_cast<double>(rows.integer(6));
    }
    each({static_cast<PointKey>(rows.integer(0)), std::string(rows.text(1)), std::string(rows.text(2))},
         state);
  }
}

Status IndexFile::store(const Update& update) {
  return db_.transaction([&]() -> Status {
    for (const PointName& name : update.names) {
      MW_TRY(put_name_.bind(1, name.key).bind_text(2, name.mine).bind_text(3, name.code).run());
    }
    for (const FileKey& file : update.files) {
      MW_TRY(put_file_.bind_text(1, file.mine)
                 .bind_text(2, file.name)
                 .bind_text(3, file.sha256)
                 .bind(4, file.arrived_ms)
                 .run());
    }
    MW_TRY(store_points(update.points));
    return put_mark_.bind_text(1, "released_seq")
        .bind(2, static_cast<std::int64_t>(update.released_seq))
        .run();
  });
}

Status IndexFile::store_points(std::span<const PointWrite> points) {
  for (const PointWrite& point : points) {
    put_point_.bind(1, point.point)
        .bind(2, point.sealed_until_ms)
        .bind(3, static_cast<std::int64_t>(point.done_seq));
    if (point.latest) {
      put_point_.bind(4, point.latest->at.utc_ms).bind(6, point.latest->state);
    } else {
      put_point_.bind_null(4).bind(6, 0);
    }
    if (point.latest && point.latest->value) {
      put_point_.bind(5, std::bit_cast<std::int64_t>(*point.latest->value));
    } else {
      put_point_.bind_null(5);
    }
    MW_TRY(put_point_.run());
  }
  return {};
}

Result<std::uint64_t> IndexFile::released_seq() {
  MW_ASSIGN(Statement mark, db_.prepare(kMark));
  mark.bind_text(1, "released_seq");
  MW_ASSIGN(const bool row, mark.step());
  return row ? static_cast<std::uint64_t>(mark.integer(0)) : 0;
}

std::optional<std::string> IndexFile::hash_of(std::string_view mine, std::string_view name) const {
  const std::lock_guard lock(reader_mutex_);
  find_file_.bind_text(1, mine).bind_text(2, name);
  const auto row = find_file_.step();
  if (!row) log_error("history_index_unreadable", {{"why", row.error().text()}});
  if (!row || !*row) return std::nullopt;
  std::string hash(find_file_.text(0));
  find_file_.reset();
  return hash;
}

Status IndexFile::drop_files_before(std::int64_t arrived_ms) {
  MW_ASSIGN(Statement drop, db_.prepare(kDropFiles));
  return drop.bind(1, arrived_ms).run();
}

}  // namespace mineward::history
