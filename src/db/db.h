/// db/: SQL over SQLite or PostgreSQL behind one thin interface.
///
/// Is for: connections, prepared statements, transactions, schema inspection, numbered migrations.
/// Never: knows a record type, builds a value into SQL text, retries what was not rolled back, lets an
/// exception out. Start reading at: this file; sqlite.cpp and postgres.cpp implement it.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/result.h"

namespace mineward::db {

struct Null {
  friend bool operator==(Null, Null) = default;
};
struct Blob {
  std::string bytes;
  friend bool operator==(const Blob&, const Blob&) = default;
};
/// What a cell holds. Booleans are integers 0 and 1; instants are BIGINT ms; text is UTF-8 without NUL.
using Value = std::variant<Null, std::int64_t, double, std::string, Blob>;

inline bool is_null(const Value& v) { return std::holds_alternative<Null>(v); }

/// The rows of a query, by position.
class Rows {
 public:
  std::vector<std::string> columns;
  std::vector<std::vector<Value>> rows;

  std::size_t size() const { return rows.size(); }
  bool empty() const { return rows.empty(); }
  /// Cell as integer / number / text; `otherwise` for NULL or another kind.
  std::int64_t integer(std::size_t row, std::size_t column, std::int64_t otherwise = 0) const;
  double number(std::size_t row, std::size_t column, double otherwise = 0) const;
  std::string text(std::size_t row, std::size_t column, std::string otherwise = {}) const;
};

enum class Engine { sqlite, postgres };

/// One connection. One thread at a time. Parameters are written $1, $2 ... and bound, never pasted.
/// A unique or foreign key violation is Errc::conflict, another constraint Errc::bad_input; a broken
/// connection, a busy database or a full disk Errc::unavailable; what the database does not understand (no
/// such table, wrong SQL) Errc::internal. Only errors of our own (is_own_fault) name the statement; none
/// names a bound value.
class Connection {
 public:
  virtual ~Connection() = default;
  virtual Engine engine() const = 0;
  /// Runs one statement and gives its rows (empty for INSERT without RETURNING). Statements are prepared once
  /// and kept.
  virtual Result<Rows> query(std::string_view sql, std::span<const Value> params = {}) = 0;
  Result<Rows> query(std::string_view sql, std::initializer_list<Value> params) {
    return query(sql, std::span<const Value>(params.begin(), params.size()));
  }
  /// Runs one statement; gives the number of rows changed.
  virtual Result<std::int64_t> execute(std::string_view sql, std::span<const Value> params = {}) = 0;
  Result<std::int64_t> execute(std::string_view sql, std::initializer_list<Value> params) {
    return execute(sql, std::span<const Value>(params.begin(), params.size()));
  }
  /// Inserts many rows at once (PostgreSQL: COPY); gives their number. All or none: when a row fails, the
  /// call fails as execute() would and none of its rows is there. Runs inside the caller's transaction if
  /// there is one; a failure then means to PostgreSQL that the transaction is lost. `table` and `columns` are
  /// names that identifier() takes; each row has a value for each column, of the column's own type (an
  /// integer fits a number, not the other way round). As with execute(), SQLite keeps NaN as NULL.
  virtual Result<std::int64_t> append(std::string_view table, std::span<const std::string> columns,
                                      std::span<const std::vector<Value>> rows) = 0;
  /// Runs several statements separated by `;`, without parameters (migrations).
  virtual Status script(std::string_view sql) = 0;
  /// Streams rows without holding them all; stops when `row` returns false.
  virtual Status each(std::string_view sql, std::span<const Value> params,
                      const std::function<bool(std::span<const Value>)>& row) = 0;
  virtual Status begin() = 0;  ///< SQLite: BEGIN IMMEDIATE; PostgreSQL: BEGIN, READ COMMITTED
  virtual Status commit() = 0;
  virtual Status rollback() = 0;
  virtual bool in_transaction() const = 0;
  /// Column names and declared types of a table; empty if there is none.
  virtual Result<std::vector<std::pair<std::string, std::string>>> table_columns(std::string_view table) = 0;
};

/// Rolls back unless commit() was called.
class Transaction {
 public:
  static Result<Transaction> begin(Connection& connection);
  Transaction(Transaction&& other) noexcept;
  Transaction& operator=(Transaction&&) = delete;
  ~Transaction();
  Status commit();

 private:
  explicit Transaction(Connection& connection) : connection_(&connection) {}
  Connection* connection_;
};

/// A database: one writer connection, used by one thread at a time, and readers. Safe from any thread.
class Database {
 public:
  virtual ~Database() = default;
  virtual Engine engine() const = 0;
  /// Runs `work` with the writer connection, alone. Waits for its turn.
  virtual Status write(const std::function<Status(Connection&)>& work) = 0;
  /// Runs `work` with a reader connection (sees everything committed before the call).
  virtual Status read(const std::function<Status(Connection&)>& work) = 0;
  /// Copies the whole database into one SQLite file while it is in use (SQLite only; PostgreSQL:
  /// `unavailable`).
  virtual Status backup_to(const std::string& path) = 0;
};

/// `url`: "sqlite:PATH", or "postgresql://..." as libpq takes it.
/// SQLite opens in WAL mode with synchronous=FULL: a commit that returned is on disk.
Result<std::unique_ptr<Database>> open_database(const std::string& url, int readers = 4);

/// Quotes an identifier after checking it is [a-z_][a-z0-9_]*.
std::string identifier(std::string_view name);

}  // namespace mineward::db
