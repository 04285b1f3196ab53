/// The tables of feed that are no records: ledger, newest header per file type, quarantine, the mines' own
/// evidence.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "feed/intake.h"

namespace mineward::feed {

/// Makes missing tables. Safe to run at every start.
Status make_tables(db::Database& database);

/// One row of the ledger as the intake writes it. `seq` 0 = nothing was journalled.
struct LedgerEntry {
  std::uint64_t seq = 0;
  record::RecordId mine, organisation;
  std::string mine_code, file_name, file_type, system, verdict, code, message, sha256, origin;
  std::optional<EventTime> header_time;
  ArrivalTime arrived{};
  bool stale = false;
  int records = 0, bad_records = 0, quarantined = 0;
  std::vector<std::string> faults;
};
Status add_to_ledger(db::Connection& connection, const LedgerEntry& entry);
/// Whether the upload with this seq was applied, and if so whether it was stale.
struct Applied {
  bool stale = false;
};
Result<std::optional<Applied>> find_applied(db::Connection& connection, std::uint64_t seq);
/// The highest journal number among the applied uploads; 0 = none.
Result<std::uint64_t> last_applied(db::Connection& connection);
/// Whether this very content was accepted before under this name (also before a correction).
Result<bool> was_accepted(db::Connection& connection, record::RecordId mine, std::string_view file_name,
                          std::string_view sha256);

/// Newest accepted header of a file type.
struct NewestHeader {
  std::string file_type;
  EventTime header_time{};
};
Result<std::vector<NewestHeader>> newest_headers(db::Connection& connection, record::RecordId mine);

/// A reading whose point is not defined yet.
struct QuarantinedReading {
  std::string point_code;
  history::Sample sample;
};
Status quarantine(db::Connection& connection, const LedgerEntry& entry,
                  const std::vector<QuarantinedReading>& readings);
Result<std::vector<QuarantinedReading>> quarantined(db::Connection& connection, record::RecordId mine,
                                                    const std::string& point_code);
Status release_quarantine(db::Connection& connection, record::RecordId mine, const std::string& point_code);
/// Drops what arrived before `before`, with a ledger entry for each mine. Gives the number of readings.
Result<std::int64_t> expire_quarantine(db::Connection& connection, ArrivalTime before, ArrivalTime now);

/// Keeps TJSJ and YCBJ records; a record that is sent again replaces the older one.
Status keep_evidence(db::Connection& connection, record::RecordId mine, record::RecordId organisation,
                     const Decoded& decoded);

// Values for optional cells.
db::Value nullable(const std::optional<EventTime>& time);
db::Value nullable(const std::optional<double>& number);

}  // namespace mineward::feed
