/// Inside db/ only: what the two engines offer to open_database().
#pragma once

#include <memory>
#include <mutex>
#include <string>

#include "db/db.h"

namespace mineward::db {

enum class Use { write, read };

/// The first failure after which no more may be written. After a write or a sync that failed below SQLite
/// nobody knows what is on disk: the kernel may have dropped the pages, and a later sync would succeed
/// without them. From then on write() of that database refuses (`unavailable`) until it is opened again. A
/// full disk is no such failure: with room again writes go on. PostgreSQL stops itself (it ends with a panic
/// when it cannot sync); here that is a broken connection. Any thread.
class StorageHealth {
 public:
  void fail(const Error& why);
  Status status() const;

 private:
  mutable std::mutex status_mutex_;  // guards status_
  Status status_;
};

/// `health` (borrowed, or none) learns of failed writes and syncs.
Result<std::unique_ptr<Connection>> open_sqlite(const std::string& path, Use use, StorageHealth* health);
Result<std::unique_ptr<Connection>> open_postgres(const std::string& url, Use use);
/// Copies one consistent state of the database at `from` into `to` with SQLite's online backup.
Status backup_sqlite(const std::string& from, const std::string& to);

/// PostgreSQL cannot hold U+0000 in text and SQLite cuts it in some functions: refused on both.
Status refuse_nul(std::span<const Value> params);
/// What append() refuses on both engines before it begins: no columns, a row of another width, U+0000.
Status check_rows(std::span<const std::string> columns, std::span<const std::vector<Value>> rows);
/// The names between quotes, separated by commas.
std::string identifiers(std::span<const std::string> names);

}  // namespace mineward::db
