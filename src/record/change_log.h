/// Inside record/: the change log: appending, the canonical form, reading, verifying. Format:
/// docs/formats/change_log.md.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "record/model.h"

namespace mineward::record {

/// What one log line is about, before it has its place in the chain.
struct LogEntry {
  std::string type;
  RecordId id;
  std::int64_t version = 0;  ///< 0: changes no record
  RecordId owner;            ///< organisation that the entry belongs to, for the scope of readers
  std::string action;
  ArrivalTime at{};
  std::string reason;
  std::string diff;  ///< JSON text, kept and hashed as it is
};

/// First thing in a transaction that may append: one writer at a time, also between processes (PostgreSQL;
/// SQLite's BEGIN IMMEDIATE does it by itself). Keeps `seq` without gaps and checks before writes sound.
Status lock_log(db::Connection&);

/// The lines of one transaction. finish() must run before the commit.
class LogWriter {
 public:
  explicit LogWriter(db::Connection& connection) : connection_(connection) {}
  Status append(const Actor& actor, const LogEntry& entry);
  /// Writes the new head of the chain.
  Status finish();

  /// Where the chain stands in this transaction: to go back to when the database goes back to a savepoint.
  struct Place {
    bool head_known = false;
    bool grown = false;
    std::int64_t seq = 0;
    std::string hash;
  };
  const Place& place() const { return place_; }
  void go_back(Place place) { place_ = std::move(place); }

 private:
  Status read_head();
  db::Connection& connection_;
  Place place_;
};

/// The bytes that are hashed.
std::string canonical_bytes(const Change& change, RecordId owner, std::string_view diff_text);

/// Creates change_log and log_head with the triggers that refuse UPDATE and DELETE.
Status create_change_log(db::Connection&);

Result<std::vector<Change>> record_history(db::Connection&, std::string_view type, RecordId);
/// Newest first, from below `before` (0 = newest), bound by the scope.
Result<std::vector<Change>> read_log(db::Connection&, const Scope&, std::int64_t before, int limit);

/// The record as its log entries up to `until` say; nullopt before its first entry. Secret fields stay unset.
std::optional<Record> rebuild(const TypeModel&, const std::vector<Change>& history, ArrivalTime until);

Result<VerifyReport> verify_log(db::Connection&, const Model&);

}  // namespace mineward::record
