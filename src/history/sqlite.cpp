#include "history/sqlite.h"

#include <fmt/format.h>
#include <sqlite3.h>

#include "base/text.h"

namespace mineward::history {
namespace {

constexpr int kBusyMs = 10000;
constexpr std::string_view kStorageFailed = "storage failed: ";

Error error_of(sqlite3* db, std::string_view what) {
  const int code = sqlite3_extended_errcode(db);
  const char* path = sqlite3_db_filename(db, nullptr);
  const std::string where = path ? path : "";
  // Of a damaged file the message may quote any bytes.
  const std::string why = as_utf8(sqlite3_errmsg(db));
  const std::string reason = fmt::format("{}: {} (SQLite {})", what, why, code);
  switch (code & 0xff) {
    case SQLITE_FULL: return disk_full(where);
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB: return corrupt(reason, where);
    case SQLITE_IOERR: return {Errc::unavailable, std::string(kStorageFailed) + reason, where};
    default: return {Errc::unavailable, reason, where};
  }
}

}  // namespace

bool is_storage_failure(const Error& error) { return error.message.starts_with(kStorageFailed); }

void Statement::Finalize::operator()(sqlite3_stmt* s) const { sqlite3_finalize(s); }
void Database::Close::operator()(sqlite3* db) const { sqlite3_close_v2(db); }

Statement& Statement::bind(int index, std::int64_t value) {
  sqlite3_bind_int64(stmt_.get(), index, value);
  return *this;
}
Statement& Statement::bind_text(int index, std::string_view value) {
  sqlite3_bind_text(stmt_.get(), index, value.data(), static_cast<int>(value.size()), SQLITE_STATIC);
  return *this;
}
Statement& Statement::bind_blob(int index, std::string_view value) {
  sqlite3_bind_blob(stmt_.get(), index, value.data(), static_cast<int>(value.size()), SQLITE_STATIC);
  return *this;
}
Statement& Statement::bind_null(int index) {
  sqlite3_bind_null(stmt_.get(), index);
  return *this;
}

Result<bool> Statement::step() {
  const int code = sqlite3_step(stmt_.get());
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) {
    sqlite3_reset(stmt_.get());
    return false;
  }
  Error error = error_of(sqlite3_db_handle(stmt_.get()), sqlite3_sql(stmt_.get()));
  sqlite3_reset(stmt_.get());
  return error;
}
Status Statement::run() {
  MW_ASSIGN(const bool row, step());
  if (row) reset();
  return {};
}
void Statement::reset() { sqlite3_reset(stmt_.get()); }
std::int64_t Statement::integer(int column) const { return sqlite3_column_int64(stmt_.get(), column); }
bool Statement::is_null(int column) const { return sqlite3_column_type(stmt_.get(), column) == SQLITE_NULL; }
std::string_view Statement::text(int column) const {
  const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(stmt_.get(), column));
  return text ? std::string_view(text, static_cast<std::size_t>(sqlite3_column_bytes(stmt_.get(), column)))
              : std::string_view();
}
std::string_view Statement::blob(int column) const {
  const auto* blob = static_cast<const char*>(sqlite3_column_blob(stmt_.get(), column));
  return blob ? std::string_view(blob, static_cast<std::size_t>(sqlite3_column_bytes(stmt_.get(), column)))
              : std::string_view();
}

Result<Database> Database::open(const std::string& path, const char* schema) {
  Database out;
  out.path_ = path;
  sqlite3* raw = nullptr;
  const int code = sqlite3_open_v2(path.c_str(), &raw,
                                   SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, nullptr);
  out.db_.reset(raw);
  if (!raw) return unavailable("no memory for a database handle");
  if (code != SQLITE_OK) return error_of(raw, "open").in(path);
  sqlite3_busy_timeout(raw, kBusyMs);
  MW_TRY(out.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA temp_store = MEMORY;"));
  MW_TRY(out.exec(schema));
  return out;
}

Status Database::exec(const char* sql) {
  if (sqlite3_exec(db_.get(), sql, nullptr, nullptr, nullptr) != SQLITE_OK) return error_of(db_.get(), sql);
  return {};
}

Result<Statement> Database::prepare(std::string_view sql) {
  sqlite3_stmt* raw = nullptr;
  const int code = sqlite3_prepare_v3(db_.get(), sql.data(), static_cast<int>(sql.size()),
                                      SQLITE_PREPARE_PERSISTENT, &raw, nullptr);
  if (code != SQLITE_OK) return error_of(db_.get(), sql);
  Statement out;
  out.stmt_.reset(raw);
  return out;
}

Status Database::copy_to(Files& files, const std::string& path) {
  MW_ASSIGN(auto vacuum, prepare("VACUUM INTO ?1"));
  vacuum.bind_text(1, path);
  MW_TRY(vacuum.run());  // does not sync
  MW_ASSIGN(auto copy, files.open_append(path));
  return copy->sync();
}

}  // namespace mineward::history
