/// The few calls of SQLite that the sample store needs. A handle is used by one thread at a time.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/files.h"

struct sqlite3;
struct sqlite3_stmt;

namespace mineward::history {

/// A prepared statement. Bound numbers count from 1, columns from 0. Text and blobs must live until the next
/// reset().
class Statement {
 public:
  Statement() = default;
  Statement& bind(int index, std::int64_t value);
  Statement& bind_text(int index, std::string_view value);
  Statement& bind_blob(int index, std::string_view value);
  Statement& bind_null(int index);
  /// True: a row is there. False: done, and reset for the next use.
  Result<bool> step();
  /// For statements that give no rows.
  Status run();
  void reset();
  std::int64_t integer(int column) const;
  bool is_null(int column) const;
  std::string_view text(int column) const;  ///< valid until the next step() or reset()
  std::string_view blob(int column) const;

 private:
  friend class Database;
  struct Finalize {
    void operator()(sqlite3_stmt* s) const;
  };
  std::unique_ptr<sqlite3_stmt, Finalize> stmt_;
};

class Database {
 public:
  /// Opens, or makes, with a write-ahead log and synchronous = FULL. A new or older file is brought to
  /// `schema`, which must be statements of the form CREATE ... IF NOT EXISTS.
  static Result<Database> open(const std::string& path, const char* schema);

  Status exec(const char* sql);
  Result<Statement> prepare(std::string_view sql);
  /// Runs `work` between BEGIN IMMEDIATE and COMMIT; rolls back on an error.
  template <class Work>
  Status transaction(Work work) {
    MW_TRY(exec("BEGIN IMMEDIATE"));
    Status result = work();
    if (result) result = exec("COMMIT");
    if (!result) (void)exec("ROLLBACK");
    return result;
  }
  /// Copies a consistent state into a new file and syncs it.
  Status copy_to(Files& files, const std::string& path);
  const std::string& path() const { return path_; }

 private:
  struct Close {
    void operator()(sqlite3* db) const;
  };
  std::unique_ptr<sqlite3, Close> db_;
  std::string path_;
};

/// Whether an error of this wrapper means that the storage failed (not: full, busy, damaged): writing must
/// stop.
bool is_storage_failure(const Error& error);

}  // namespace mineward::history
