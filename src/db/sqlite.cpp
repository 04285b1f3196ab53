/// SQLite behind Connection: WAL, synchronous=FULL, foreign keys on, statements prepared once.
#include <sqlite3.h>

#include <array>
#include <cerrno>
#include <unordered_map>

#include <fmt/format.h>

#include "base/files.h"
#include "db/engine.h"

namespace mineward::db {
namespace {

constexpr int kBusyMillis = 10000;  // another process (backup, sqlite3 shell) may hold the lock for a while
constexpr std::size_t kKeptStatements = 400;  // more distinct texts than that: the cache starts anew

struct CloseDatabase {
  void operator()(sqlite3* db) const { sqlite3_close_v2(db); }
};
struct EndStatement {
  void operator()(sqlite3_stmt* s) const { sqlite3_finalize(s); }
};
using DatabaseHandle = std::unique_ptr<sqlite3, CloseDatabase>;
using StatementHandle = std::unique_ptr<sqlite3_stmt, EndStatement>;

Errc code_of(int extended) {
  switch (extended) {
    case SQLITE_CONSTRAINT_UNIQUE:
    case SQLITE_CONSTRAINT_PRIMARYKEY:
    case SQLITE_CONSTRAINT_ROWID:
    case SQLITE_CONSTRAINT_FOREIGNKEY: return Errc::conflict;
    default: break;
  }
  switch (extended & 0xFF) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_FULL:
    case SQLITE_IOERR:
    case SQLITE_CANTOPEN:
    case SQLITE_READONLY:
    case SQLITE_NOMEM:
    case SQLITE_INTERRUPT:
    case SQLITE_PROTOCOL: return Errc::unavailable;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB: return Errc::corrupt;
    case SQLITE_CONSTRAINT: return Errc::bad_input;
    default: return Errc::internal;  // no such table, wrong SQL, a wrong kind: the statement is at fault
  }
}

/// What SQLite says, but for messages of the full-text index, which quote the words that were bound.
std::string_view told(const char* message) {
  const std::string_view text(message);
  const bool quotes = text.starts_with("fts5:") || text.starts_with("malformed MATCH") ||
                      text.starts_with("unknown special query") || text.starts_with("unterminated string");
  return quotes ? "the words of a full-text search were not understood" : text;
}

Error error_of(sqlite3* db, std::string_view sql) {
  const int extended = sqlite3_extended_errcode(db);
  Error error{code_of(extended), fmt::format("SQLite error {}: {}", extended, told(sqlite3_errmsg(db))), {}};
  if (is_own_fault(error.code)) error.message += fmt::format(" in {}", sql.substr(0, 200));
  if ((extended & 0xFF) == SQLITE_FULL ||
      ((extended & 0xFF) == SQLITE_IOERR && sqlite3_system_errno(db) == ENOSPC)) {
    error.message = disk_full({}).message + "; " + error.message;
  }
  return error;
}

/// Something was to be written and may not be on disk although SQLite asked for it.
bool is_lost_write(int extended) {
  switch (extended) {
    case SQLITE_IOERR_WRITE:
    case SQLITE_IOERR_FSYNC:
    case SQLITE_IOERR_DIR_FSYNC:
    case SQLITE_IOERR_TRUNCATE: return true;
    default: return false;
  }
}

/// `$1` -> `?1`: SQLite would number `$1` by first use. Text in quotes and comments stays as it is.
std::string translate(std::string_view sql) {
  std::string out;
  out.reserve(sql.size());
  char quote = 0;
  for (std::size_t i = 0; i < sql.size(); ++i) {
    const char c = sql[i];
    if (quote) {
      if (c == quote) quote = 0;
    } else if (c == '\'' || c == '"') {
      quote = c;
    } else if (c == '-' && i + 1 < sql.size() && sql[i + 1] == '-') {
      quote = '\n';
    } else if (c == '$' && i + 1 < sql.size() && sql[i + 1] >= '0' && sql[i + 1] <= '9') {
      out += '?';
      continue;
    }
    out += c;
  }
  return out;
}

int bind(sqlite3_stmt* s, int at, const Value& value) {
  struct Visitor {
    sqlite3_stmt* s;
    int at;
    int operator()(Null) const { return sqlite3_bind_null(s, at); }
    int operator()(std::int64_t v) const { return sqlite3_bind_int64(s, at, v); }
    int operator()(double v) const { return sqlite3_bind_double(s, at, v); }
    // SQLITE_STATIC: the parameters outlive the statement's run.
    int operator()(const std::string& v) const {
      return sqlite3_bind_text64(s, at, v.data(), v.size(), nullptr, SQLITE_UTF8);
    }
    int operator()(const Blob& v) const {
      return sqlite3_bind_blob64(s, at, v.bytes.data(), v.bytes.size(), nullptr);
    }
  };
  return std::visit(Visitor{s, at}, value);
}

Value cell(sqlite3_stmt* s, int column) {
  switch (sqlite3_column_type(s, column)) {
    case SQLITE_INTEGER: return static_cast<std::int64_t>(sqlite3_column_int64(s, column));
    case SQLITE_FLOAT: return sqlite3_column_double(s, column);
    case SQLITE_TEXT: {
      const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(s, column));
      return std::string(text, static_cast<std::size_t>(sqlite3_column_bytes(s, column)));
    }
    case SQLITE_BLOB: {
      const auto* bytes = static_cast<const char*>(sqlite3_column_blob(s, column));
      const auto size = static_cast<std::size_t>(sqlite3_column_bytes(s, column));
      return Blob{bytes ? std::string(bytes, size) : std::string()};
    }
    default: return Null{};
  }
}

class SqliteConnection final : public Connection {
 public:
  SqliteConnection(DatabaseHandle db, StorageHealth* health) : db_(std::move(db)), health_(health) {}

  Engine engine() const override { return Engine::sqlite; }

  Result<Rows> query(std::string_view sql, std::span<const Value> params) override {
    Rows out;
    MW_TRY(run(sql, params, &out.columns, [&](std::span<const Value> row) {
      out.rows.emplace_back(row.begin(), row.end());
      return true;
    }));
    return out;
  }

  Result<std::int64_t> execute(std::string_view sql, std::span<const Value> params) override {
    const std::int64_t before = sqlite3_total_changes64(db_.get());
    MW_TRY(run(sql, params, nullptr, [](std::span<const Value>) { return true; }));
    const bool changed = sqlite3_total_changes64(db_.get()) != before;
    return changed ? static_cast<std::int64_t>(sqlite3_changes64(db_.get())) : 0;
  }

  Result<std::int64_t> append(std::string_view table, std::span<const std::string> columns,
                              std::span<const std::vector<Value>> rows) override {
    MW_TRY(check_rows(columns, rows));
    std::string marks;
    for (std::size_t i = 1; i <= columns.size(); ++i) marks += fmt::format("{}${}", i == 1 ? "" : ", ", i);
    const std::string sql =
        fmt::format("INSERT INTO {} ({}) VALUES ({})", identifier(table), identifiers(columns), marks);
    // A savepoint: all or none, inside the caller's transaction or alone.
    MW_TRY(plain("SAVEPOINT append"));
    for (const std::vector<Value>& row : rows) {
      Status done = run(sql, row, nullptr, [](std::span<const Value>) { return true; });
      if (done) continue;
      if (in_transaction()) {  // SQLite ends it by itself on a full disk
        MW_TRY(plain("ROLLBACK TO append"));
        MW_TRY(plain("RELEASE append"));
      }
      return std::move(done).error();
    }
    if (Status done = plain("RELEASE append"); !done) {  // outside a transaction this is the commit
      if (in_transaction() && plain("ROLLBACK TO append")) MW_TRY(plain("RELEASE append"));
      return std::move(done).error();
    }
    return static_cast<std::int64_t>(rows.size());
  }

  Status script(std::string_view sql) override { return plain(std::string(sql).c_str()); }

  Status each(std::string_view sql, std::span<const Value> params,
              const std::function<bool(std::span<const Value>)>& row) override {
    return run(sql, params, nullptr, row);
  }

  Status begin() override { return plain("BEGIN IMMEDIATE"); }
  Status commit() override { return plain("COMMIT"); }
  Status rollback() override {
    if (!in_transaction()) return {};  // SQLite rolled back by itself (disk full, I/O error)
    return plain("ROLLBACK");
  }
  bool in_transaction() const override { return sqlite3_get_autocommit(db_.get()) == 0; }

  Result<std::vector<std::pair<std::string, std::string>>> table_columns(std::string_view table) override {
    const Value params[] = {std::string(table)};
    MW_ASSIGN(const Rows rows, query("SELECT name, type FROM pragma_table_info($1) ORDER BY cid", params));
    std::vector<std::pair<std::string, std::string>> out;
    for (std::size_t i = 0; i < rows.size(); ++i) out.emplace_back(rows.text(i, 0), rows.text(i, 1));
    return out;
  }

 private:
  struct Kept {
    StatementHandle statement;
    bool busy = false;
  };

  Status plain(const char* sql) {
    if (sqlite3_exec(db_.get(), sql, nullptr, nullptr, nullptr) != SQLITE_OK) return failed(sql);
    return {};
  }

  Error failed(std::string_view sql) {
    Error error = error_of(db_.get(), sql);
    if (health_ && is_lost_write(sqlite3_extended_errcode(db_.get()))) health_->fail(error);
    return error;
  }

  Result<StatementHandle> prepare(std::string_view sql) {
    const std::string text = translate(sql);
    sqlite3_stmt* raw = nullptr;
    const char* tail = nullptr;
    if (sqlite3_prepare_v3(db_.get(), text.data(), static_cast<int>(text.size()), SQLITE_PREPARE_PERSISTENT,
                           &raw, &tail) != SQLITE_OK) {
      return error_of(db_.get(), sql);
    }
    StatementHandle statement(raw);
    const std::string_view rest(tail, static_cast<std::size_t>(text.data() + text.size() - tail));
    if (!raw || rest.find_first_not_of(" \t\r\n;") != std::string_view::npos) {
      return internal_error(
          fmt::format("one statement expected, found none or several: {}", sql.substr(0, 200)));
    }
    return statement;
  }

  /// The kept statement for `sql`; a private one while the kept one is running further up the stack.
  template <class Row>
  Status run(std::string_view sql, std::span<const Value> params, std::vector<std::string>* columns,
             const Row& row) {
    MW_TRY(refuse_nul(params));
    const std::string key(sql);
    auto found = kept_.find(key);
    if (found != kept_.end() && found->second.busy) {
      MW_ASSIGN(const StatementHandle own, prepare(sql));
      return step_all(own.get(), sql, params, columns, row);
    }
    if (found == kept_.end()) {
      MW_ASSIGN(StatementHandle fresh, prepare(sql));
      if (running_ == 0 && kept_.size() >= kKeptStatements) kept_.clear();
      found = kept_.emplace(key, Kept{std::move(fresh), false}).first;
    }
    Kept& kept = found->second;  // nodes of unordered_map stay where they are
    kept.busy = true;
    ++running_;
    Status done = step_all(kept.statement.get(), sql, params, columns, row);
    --running_;
    kept.busy = false;
    return done;
  }

  template <class Row>
  Status step_all(sqlite3_stmt* s, std::string_view sql, std::span<const Value> params,
                  std::vector<std::string>* columns, const Row& row) {
    const int wanted = sqlite3_bind_parameter_count(s);
    if (static_cast<std::size_t>(wanted) != params.size()) {
      return internal_error(
          fmt::format("{} parameters given, {} expected: {}", params.size(), wanted, sql.substr(0, 200)));
    }
    for (std::size_t i = 0; i < params.size(); ++i) {
      if (bind(s, static_cast<int>(i) + 1, params[i]) != SQLITE_OK) return error_of(db_.get(), sql);
    }
    const int count = sqlite3_column_count(s);
    if (columns) {
      for (int i = 0; i < count; ++i) columns->emplace_back(sqlite3_column_name(s, i));
    }
    std::vector<Value> cells(static_cast<std::size_t>(count));
    int rc = SQLITE_ROW;
    while ((rc = sqlite3_step(s)) == SQLITE_ROW) {
      for (int i = 0; i < count; ++i) cells[static_cast<std::size_t>(i)] = cell(s, i);
      if (!row(std::span<const Value>(cells))) break;
    }
    Status done;
    if (rc != SQLITE_ROW && rc != SQLITE_DONE) done = failed(sql);
    sqlite3_reset(s);
    sqlite3_clear_bindings(s);
    return done;
  }

  DatabaseHandle db_;
  StorageHealth* const health_;  // of the database that has this connection; none while it is opened
  std::unordered_map<std::string, Kept> kept_;  // declared after db_: statements end before it closes
  int running_ = 0;
};

}  // namespace

Result<std::unique_ptr<Connection>> open_sqlite(const std::string& path, Use use, StorageHealth* health) {
  sqlite3* raw = nullptr;
  const int rc = sqlite3_open_v2(path.c_str(), &raw,
                                 SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, nullptr);
  DatabaseHandle db(raw);
  if (rc != SQLITE_OK) {
    return unavailable(
        fmt::format("cannot open database {}: {}", path, raw ? sqlite3_errmsg(raw) : "no memory"));
  }
  sqlite3_extended_result_codes(raw, 1);
  sqlite3_busy_timeout(raw, kBusyMillis);
  auto connection = std::make_unique<SqliteConnection>(std::move(db), health);
  // A checkpoint holds up whoever commits: every 32 MB of log, not every 4.
  MW_TRY(connection->script(
      "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA trusted_schema=OFF;"
      "PRAGMA temp_store=MEMORY; PRAGMA cache_size=-16000; PRAGMA wal_autocheckpoint=8000; PRAGMA "
      "mmap_size=268435456; PRAGMA "
      "analysis_limit=400;"));
  if (use == Use::read) MW_TRY(connection->script("PRAGMA query_only=ON;"));
  return std::unique_ptr<Connection>(std::move(connection));
}

Status backup_sqlite(const std::string& from, const std::string& to) {
  const auto open = [](const std::string& path, int flags) -> Result<DatabaseHandle> {
    sqlite3* raw = nullptr;
    const int rc = sqlite3_open_v2(path.c_str(), &raw, flags | SQLITE_OPEN_NOMUTEX, nullptr);
    DatabaseHandle db(raw);
    if (rc != SQLITE_OK)
      return unavailable(fmt::format("cannot open {}: {}", path, raw ? sqlite3_errmsg(raw) : "no memory"));
    sqlite3_busy_timeout(raw, kBusyMillis);
    return db;
  };
  MW_ASSIGN(const DatabaseHandle source, open(from, SQLITE_OPEN_READWRITE));
  MW_ASSIGN(const DatabaseHandle target, open(to, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE));
  sqlite3_backup* backup = sqlite3_backup_init(target.get(), "main", source.get(), "main");
  if (!backup)
    return unavailable(fmt::format("cannot back up into {}: {}", to, sqlite3_errmsg(target.get())));
  // All pages in one step: one read transaction, so one moment in time; in WAL mode writers go on meanwhile.
  const int rc = sqlite3_backup_step(backup, -1);
  const int end = sqlite3_backup_finish(backup);
  if (rc != SQLITE_DONE || end != SQLITE_OK) {
    return unavailable(fmt::format("backup into {} failed: {}", to, sqlite3_errmsg(target.get())));
  }
  // A copy is one file: without WAL it can be moved and checked by itself.
  char* message = nullptr;
  if (sqlite3_exec(target.get(), "PRAGMA journal_mode=DELETE", nullptr, nullptr, &message) != SQLITE_OK) {
    const std::string text = message ? message : "";
    sqlite3_free(message);
    return unavailable(fmt::format("backup {} cannot leave WAL mode: {}", to, text));
  }
  return {};
}

}  // namespace mineward::db
