/// From a file to durable samples and registers, and on to whoever watches.
#pragma once

#include <functional>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "base/clock.h"
#include "feed/decode.h"
#include "history/history.h"
#include "record/store.h"

namespace mineward::feed {

struct Upload {
  std::string name;     ///< file name without folder
  std::string bytes;    ///< as it arrived, after gunzip
  std::string origin;   ///< "drop", "http:<account>", "cli"
  record::Scope scope;  ///< mines that the sender may upload for
  bool may_grow =
      false;  ///< the file may be unfinished: without a terminator the answer is `waiting`, not `rejected`
};

/// `waiting`: not taken, nothing written, offer it again later (unfinished file; journal or database not
/// writable).
enum class Verdict { accepted, partial, duplicate, correction, stale, rejected, waiting };
std::string_view name_of(Verdict verdict);

/// Code of a `waiting` receipt when there is no room on the disk.
constexpr std::string_view kDiskFullCode = "disk_full";

/// What became of an upload. Accepted, partial, correction and stale are on disk when the caller sees this.
struct Receipt {
  Verdict verdict = Verdict::rejected;
  std::string file_name, mine, file_type;
  std::uint64_t seq = 0;
  int records = 0, bad_records = 0, quarantined = 0;
  std::vector<Fault> faults;
  std::string code;  ///< the error code that decided, "E_TERM"; empty if none
  std::string message;
};

/// Set in the state of a sample, beside the bits that the mine sent, when the value lies outside
/// [low - margin, high + margin] of the point's range: stored and shown, but not to be trusted.
constexpr std::uint16_t kBadQuality = 0x100;

/// One change that a definition file made (see record type point_change).
struct PointChange {
  std::string kind;  ///< "added", "removed", "limit", "place", "relation", "other"
  std::string point_code;
  record::RecordId point;
  std::string field, old_value, new_value;
  bool looser = false;  ///< a limit was relaxed or taken away, a relation to a breaker was dropped
};

/// Who is underground, as one RYSS record says.
struct Position {
  std::string card;
  int flag = 0;  ///< 0 at the mouth, 1 underground, 2 left
  std::optional<EventTime> entered, left, area_since, reader_since;
  std::string area, reader;
  bool sos = false;
  bool is_leader = false, is_special = false;
  EventTime at{};  ///< header time
};

/// An upload on its way through: what a sink gets to see. Rows carry point keys of the history.
struct AcceptedUpload {
  std::uint64_t seq = 0;
  std::string mine_code;
  record::RecordId mine, organisation;
  const Decoded* decoded = nullptr;  ///< null when re-applied from a journal entry that holds samples only
  std::vector<history::Row> rows;    ///< samples of known points (CDSS, KGBH), including released quarantine
  std::vector<PointChange> changes;  ///< after a definition file was applied
  std::vector<Position>
      positions;  ///< RYSS: everybody in the file; empty and `is_positions` = nobody underground
  bool is_positions = false;
  bool stale = false;  ///< older than the newest of its type: history only
  ArrivalTime arrived{};
  bool replayed = false;  ///< re-applied after a restart, and its transaction had been committed before:
                          ///< effects on records and ledger are on disk and must not be repeated
};

/// What stands downstream of the intake: the watch. One call at a time per mine. apply() of several mines may
/// share one transaction, one after the other.
class Sink {
 public:
  virtual ~Sink() = default;
  /// Before the transaction, for samples that change no register: what of apply() needs no records may be
  /// done here, where other mines do not wait for it. apply() or reset() of the same upload follows.
  virtual void prepare(const AcceptedUpload&) {}
  /// In the transaction that also records the upload. On error, or when the commit fails, reset() follows and
  /// the upload is applied again.
  virtual Status apply(record::Writer&, const AcceptedUpload&) = 0;
  /// After the commit: push to browsers and the like. Must not fail or block.
  virtual void committed(const AcceptedUpload&, const Receipt&) = 0;
  /// Forget what is in memory for this mine and reload what was saved.
  virtual void reset(record::RecordId mine) = 0;
  /// Everything up to which seq is safe in the sink's own saved state, over all mines.
  virtual std::uint64_t saved_seq() const = 0;
};

struct IntakeOptions {
  Millis quarantine_keep =
      std::chrono::hours(48);  ///< readings of unknown points wait so long for their definition
  Millis point_clock_skew =
      std::chrono::seconds(60);  ///< a point may be stamped so far after the header, and after now
  double range_margin = 0.1;     ///< share of the range by which a value may leave it (monitoring.md 1.13, 8)
  std::size_t max_file_bytes = 64u << 20;
};

/// The intake. accept() may be called from any thread; uploads of one mine are serialised.
class Intake {
 public:
  virtual ~Intake() = default;
  virtual Receipt accept(const Upload&) = 0;
  /// Re-applies what the journal has and the sink or the ledger has not. Once, before the first accept().
  virtual Status recover() = 0;
  /// Timers: quarantine that ran out, journal release. Called about once a second.
  virtual Status tick() = 0;
};

Result<std::unique_ptr<Intake>> open_intake(pack::CatalogPtr, record::Store&, history::History&, Clock&,
                                            Sink&, IntakeOptions);

/// Watches a drop folder: `<folder>/incoming/**.txt` in; `done/`, `rejected/` (with <name>.reason.txt) out. A
/// file is picked up when its size and time stood still between two scans. Links and devices are left alone;
/// a name that exists in `done/` gets a number. One thread runs scan() in a loop.
class DropFolder {
 public:
  virtual ~DropFolder() = default;
  /// One pass; gives the number of files taken. A file without terminator stays until 10 minutes have passed.
  virtual Result<int> scan() = 0;
};
Result<std::unique_ptr<DropFolder>> open_drop_folder(Files&, Clock&, Intake&, const std::string& folder);

// ---- for pages
// -------------------------------------------------------------------------------------------------

/// The upload ledger: one row for every file that was offered (table `upload`), newest first.
struct LedgerRow {
  record::RecordId id;
  record::RecordId mine;  ///< 0 when the mine is not known
  std::string mine_code, file_name, file_type, system, verdict, code, message, sha256, origin;
  std::optional<EventTime> header_time;
  ArrivalTime arrived{};
  int records = 0, bad_records = 0, quarantined = 0;
  std::vector<std::string> faults;  ///< at most 100, as text
};
struct LedgerQuery {
  std::optional<record::RecordId> mine;
  std::string file_type, verdict;
  record::RecordId before;  ///< keyset; 0 = newest
  int limit = 50;
};
/// How one upload system of one mine is doing.
struct FeedHealth {
  record::RecordId mine;
  std::string system;  ///< "aqjk", "rydw"
  std::string last_file;
  std::optional<ArrivalTime> last_arrival;
  std::optional<EventTime> last_event;
  std::optional<Millis> lag;  ///< arrival minus event time of the last file
  std::int64_t accepted_today = 0, rejected_today = 0, quarantined = 0;
  std::int64_t gaps_today = 0;  ///< silences longer than max(3 periods, 5 min)
};
struct QuarantineRow {
  record::RecordId mine;
  std::string point_code, reason;
  std::int64_t readings = 0;
  EventTime first{}, last{};
  ArrivalTime arrived{};
};
/// What the mine itself counted as abnormal (YCBJ): evidence beside our own alarms, never mixed with them.
struct AbnormalRow {
  record::RecordId mine;
  std::string point_code, kind;  ///< kind: "001" over limit ... (dictionary abnormal_type)
  std::string type_name, place, unit, cause, measures, entered_by;
  EventTime begin{};
  std::optional<EventTime> end, max_at, min_at, entered_at;  ///< no end = still going on
  std::optional<double> max, min, mean;
};
/// A five-minute statistic as the mine computed it (TJSJ).
struct StatisticRow {
  record::RecordId mine;
  std::string point_code;
  EventTime begin{};
  std::optional<EventTime> end, max_at, min_at;
  std::optional<double> max, min, mean;
};
struct EvidenceQuery {
  record::RecordId mine;   ///< 0 = all in the scope
  std::string point_code;  ///< empty = all
  EventTime from{}, to{};  ///< by begin, from <= begin < to
  int limit = 500;
};
Result<std::vector<AbnormalRow>> list_abnormal(record::Store&, const record::Actor&, const EvidenceQuery&);
Result<std::vector<StatisticRow>> list_statistics(record::Store&, const record::Actor&, const EvidenceQuery&);
Result<std::vector<LedgerRow>> list_uploads(record::Store&, const record::Actor&, const LedgerQuery&);
Result<std::vector<FeedHealth>> feed_health(record::Store&, const record::Actor&, ArrivalTime now,
                                            std::optional<record::RecordId> mine);
Result<std::vector<QuarantineRow>> list_quarantine(record::Store&, const record::Actor&,
                                                   std::optional<record::RecordId> mine);

}  // namespace mineward::feed
