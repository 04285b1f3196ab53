#include "feed/tables.h"

#include <fmt/format.h>

#include "base/text.h"

namespace mineward::feed {
namespace {

using db::Value;

// 0001: everything feed keeps beside records and samples. Runs on SQLite 3.40+ and PostgreSQL 15+; only makes
// what is missing, so the previous binary is not disturbed. Times are UTC ms; ids come from the program.
constexpr std::string_view kTables = R"sql(
CREATE TABLE IF NOT EXISTS upload (
  id BIGINT PRIMARY KEY, seq BIGINT, mine BIGINT NOT NULL, organisation BIGINT NOT NULL, mine_code TEXT NOT NULL,
  file_name TEXT NOT NULL, file_type TEXT NOT NULL, system TEXT NOT NULL, verdict TEXT NOT NULL, code TEXT NOT NULL,
  message TEXT NOT NULL, sha256 TEXT NOT NULL, origin TEXT NOT NULL, header_time BIGINT, arrived BIGINT NOT NULL,
  stale BIGINT NOT NULL, records BIGINT NOT NULL, bad_records BIGINT NOT NULL, quarantined BIGINT NOT NULL,
  faults TEXT NOT NULL);
CREATE UNIQUE INDEX IF NOT EXISTS upload_seq ON upload (seq);
CREATE INDEX IF NOT EXISTS upload_mine ON upload (mine, id);
CREATE INDEX IF NOT EXISTS upload_organisation ON upload (organisation, id);
CREATE INDEX IF NOT EXISTS upload_name ON upload (mine, file_name);
CREATE INDEX IF NOT EXISTS upload_arrived ON upload (arrived);
CREATE INDEX IF NOT EXISTS upload_system ON upload (mine, system, arrived);
CREATE TABLE IF NOT EXISTS upload_newest (
  mine BIGINT NOT NULL, file_type TEXT NOT NULL, organisation BIGINT NOT NULL, system TEXT NOT NULL,
  header_time BIGINT NOT NULL, last_file TEXT NOT NULL, last_header BIGINT NOT NULL, last_arrived BIGINT NOT NULL,
  PRIMARY KEY (mine, file_type));
CREATE TABLE IF NOT EXISTS upload_quarantine (
  mine BIGINT NOT NULL, point_code TEXT NOT NULL, at BIGINT NOT NULL, organisation BIGINT NOT NULL,
  mine_code TEXT NOT NULL, value DOUBLE PRECISION, state BIGINT NOT NULL, file_type TEXT NOT NULL, arrived BIGINT NOT NULL,
  PRIMARY KEY (mine, point_code, at));
CREATE INDEX IF NOT EXISTS upload_quarantine_arrived ON upload_quarantine (arrived);
CREATE TABLE IF NOT EXISTS upload_statistic (
  mine BIGINT NOT NULL, point_code TEXT NOT NULL, begin_at BIGINT NOT NULL, organisation BIGINT NOT NULL, end_at BIGINT,
  max_value DOUBLE PRECISION, max_at BIGINT, min_value DOUBLE PRECISION, min_at BIGINT, mean_value DOUBLE PRECISION,
  data_at BIGINT NOT NULL, PRIMARY KEY (mine, point_code, begin_at));
CREATE TABLE IF NOT EXISTS upload_abnormal (
  mine BIGINT NOT NULL, point_code TEXT NOT NULL, kind TEXT NOT NULL, begin_at BIGINT NOT NULL,
  organisation BIGINT NOT NULL, type_name TEXT NOT NULL, place TEXT NOT NULL, unit TEXT NOT NULL, end_at BIGINT,
  max_value DOUBLE PRECISION, max_at BIGINT, min_value DOUBLE PRECISION, min_at BIGINT, mean_value DOUBLE PRECISION,
  cause TEXT NOT NULL, measures TEXT NOT NULL, entered_at BIGINT, entered_by TEXT NOT NULL, data_at BIGINT NOT NULL,
  PRIMARY KEY (mine, point_code, kind, begin_at));
CREATE INDEX IF NOT EXISTS upload_abnormal_begin ON upload_abnormal (mine, begin_at);
)sql";

constexpr std::string_view kAddUpload =
    "INSERT INTO upload (id, seq, mine, organisation, mine_code, file_name, file_type, system, verdict, "
    "code, message, "
    "sha256, origin, header_time, arrived, stale, records, bad_records, quarantined, faults) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20)";

constexpr std::string_view kSetNewest =
    "INSERT INTO upload_newest (mine, file_type, organisation, system, header_time, last_file, last_header, "
    "last_arrived) "
    "VALUES ($1, $2, $3, $4, $5, $6, $5, $7) ON CONFLICT (mine, file_type) DO UPDATE SET "
    "header_time = CASE WHEN excluded.header_time > upload_newest.header_time THEN excluded.header_time "
    "ELSE upload_newest.header_time END, last_file = excluded.last_file, last_header = excluded.last_header, "
    "last_arrived = excluded.last_arrived, organisation = excluded.organisation";

constexpr std::string_view kQuarantine =
    "INSERT INTO upload_quarantine (mine, point_code, at, organisation, mine_code, value, state, file_type, "
    "arrived) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (mine, point_code, at) DO UPDATE SET "
    "value = excluded.value, state = excluded.state, file_type = excluded.file_type, arrived = "
    "excluded.arrived";

constexpr std::string_view kKeepStatistic =
    "INSERT INTO upload_statistic (mine, point_code, begin_at, organisation, end_at, max_value, max_at, "
    "min_value, min_at, "
    "mean_value, data_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) "
    "ON CONFLICT (mine, point_code, begin_at) DO UPDATE SET end_at = excluded.end_at, max_value = "
    "excluded.max_value, "
    "max_at = excluded.max_at, min_value = excluded.min_value, min_at = excluded.min_at, "
    "mean_value = excluded.mean_value, data_at = excluded.data_at WHERE excluded.data_at >= "
    "upload_statistic.data_at";

constexpr std::string_view kKeepAbnormal =
    "INSERT INTO upload_abnormal (mine, point_code, kind, begin_at, organisation, type_name, place, unit, "
    "end_at, max_value, "
    "max_at, min_value, min_at, mean_value, cause, measures, entered_at, entered_by, data_at) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19) "
    "ON CONFLICT (mine, point_code, kind, begin_at) DO UPDATE SET type_name = excluded.type_name, place = "
    "excluded.place, "
    "unit = excluded.unit, end_at = excluded.end_at, max_value = excluded.max_value, max_at = "
    "excluded.max_at, "
    "min_value = excluded.min_value, min_at = excluded.min_at, mean_value = excluded.mean_value, cause = "
    "excluded.cause, "
    "measures = excluded.measures, entered_at = excluded.entered_at, entered_by = excluded.entered_by, "
    "data_at = excluded.data_at WHERE excluded.data_at >= upload_abnormal.data_at";

constexpr std::size_t kShownFaults = 100;

std::int64_t flag(bool b) { return b ? 1 : 0; }

std::string text_of(const DecodedRecord& record, std::string_view column) {
  const Cell* cell = record.cell(column);
  return cell ? std::string(cell->text) : std::string();
}
std::optional<EventTime> time_of(const DecodedRecord& record, std::string_view column) {
  const Cell* cell = record.cell(column);
  return cell ? cell->time : std::nullopt;
}
std::optional<double> number_of(const DecodedRecord& record, std::string_view column) {
  const Cell* cell = record.cell(column);
  return cell ? cell->number : std::nullopt;
}

Status keep_statistic(db::Connection& c, record::RecordId mine, record::RecordId organisation,
                      const DecodedRecord& r, EventTime data_at) {
  const auto done = c.execute(
      kKeepStatistic, {mine.value, text_of(r, "point"), time_of(r, "begin")->utc_ms, organisation.value,
                       nullable(time_of(r, "end")), nullable(number_of(r, "max")),
                       nullable(time_of(r, "max_at")), nullable(number_of(r, "min")),
                       nullable(time_of(r, "min_at")), nullable(number_of(r, "mean")), data_at.utc_ms});
  return done ? Status{} : Status(done.error());
}

Status keep_abnormal(db::Connection& c, record::RecordId mine, record::RecordId organisation,
                     const DecodedRecord& r, EventTime data_at) {
  const auto done = c.execute(
      kKeepAbnormal,
      {mine.value, text_of(r, "point"), text_of(r, "kind"), time_of(r, "begin")->utc_ms, organisation.value,
       text_of(r, "type"), text_of(r, "place"), text_of(r, "unit"), nullable(time_of(r, "end")),
       nullable(number_of(r, "max")), nullable(time_of(r, "max_at")), nullable(number_of(r, "min")),
       nullable(time_of(r, "min_at")), nullable(number_of(r, "mean")), text_of(r, "cause"),
       text_of(r, "measures"), nullable(time_of(r, "entered_at")), text_of(r, "entered_by"), data_at.utc_ms});
  return done ? Status{} : Status(done.error());
}

}  // namespace

db::Value nullable(const std::optional<EventTime>& time) {
  return time ? Value(time->utc_ms) : Value(db::Null{});
}
db::Value nullable(const std::optional<double>& number) {
  return number ? Value(*number) : Value(db::Null{});
}

Status make_tables(db::Database& database) {
  return database.write([](db::Connection& c) { return c.script(kTables); });
}

Status add_to_ledger(db::Connection& c, const LedgerEntry& e) {
  MW_ASSIGN(const auto newest, c.query("SELECT COALESCE(MAX(id), 0) FROM upload"));
  std::string faults;
  for (std::size_t i = 0; i < e.faults.size() && i < kShownFaults; ++i)
    faults += (i ? "\n" : "") + e.faults[i];
  MW_TRY(c.execute(kAddUpload, {newest.integer(0, 0) + 1,
                                e.seq ? Value(static_cast<std::int64_t>(e.seq)) : Value(db::Null{}),
                                e.mine.value,
                                e.organisation.value,
                                e.mine_code,
                                e.file_name,
                                e.file_type,
                                e.system,
                                e.verdict,
                                e.code,
                                e.message,
                                e.sha256,
                                e.origin,
                                nullable(e.header_time),
                                e.arrived.utc_ms,
                                flag(e.stale),
                                std::int64_t{e.records},
                                std::int64_t{e.bad_records},
                                std::int64_t{e.quarantined},
                                faults}));
  if (e.seq == 0 || !e.header_time) return {};
  MW_TRY(c.execute(kSetNewest, {e.mine.value, e.file_type, e.organisation.value, e.system,
                                e.header_time->utc_ms, e.file_name, e.arrived.utc_ms}));
  return {};
}

Result<std::optional<Applied>> find_applied(db::Connection& c, std::uint64_t seq) {
  MW_ASSIGN(const auto rows,
            c.query("SELECT stale FROM upload WHERE seq = $1", {static_cast<std::int64_t>(seq)}));
  if (rows.empty()) return std::optional<Applied>{};
  return std::optional<Applied>(Applied{rows.integer(0, 0) != 0});
}

Result<std::uint64_t> last_applied(db::Connection& c) {
  MW_ASSIGN(const auto rows, c.query("SELECT max(seq) FROM upload"));
  return static_cast<std::uint64_t>(rows.integer(0, 0));
}

Result<bool> was_accepted(db::Connection& c, record::RecordId mine, std::string_view file_name,
                          std::string_view sha256) {
  MW_ASSIGN(const auto rows, c.query("SELECT 1 FROM upload WHERE mine = $1 AND file_name = $2 AND sha256 = "
                                     "$3 AND seq IS NOT NULL LIMIT 1",
                                     {mine.value, std::string(file_name), std::string(sha256)}));
  return !rows.empty();
}

Result<std::vector<NewestHeader>> newest_headers(db::Connection& c, record::RecordId mine) {
  MW_ASSIGN(const auto rows,
            c.query("SELECT file_type, header_time FROM upload_newest WHERE mine = $1", {mine.value}));
  std::vector<NewestHeader> out;
  for (std::size_t i = 0; i < rows.size(); ++i)
    out.push_back({rows.text(i, 0), EventTime{rows.integer(i, 1)}});
  return out;
}

Status quarantine(db::Connection& c, const LedgerEntry& e, const std::vector<QuarantinedReading>& readings) {
  for (const auto& r : readings) {
    MW_TRY(c.execute(kQuarantine, {e.mine.value, r.point_code, r.sample.at.utc_ms, e.organisation.value,
                                   e.mine_code, nullable(r.sample.value), std::int64_t{r.sample.state},
                                   e.file_type, e.arrived.utc_ms}));
  }
  return {};
}

Result<std::vector<QuarantinedReading>> quarantined(db::Connection& c, record::RecordId mine,
                                                    const std::string& point_code) {
  MW_ASSIGN(
      const auto rows,
      c.query(
          "SELECT at, value, state FROM upload_quarantine WHERE mine = $1 AND point_code = $2 ORDER BY at",
          {mine.value, point_code}));
  std::vector<QuarantinedReading> out;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    history::Sample sample{.at = EventTime{rows.integer(i, 0)},
                           .value = {},
                           .state = static_cast<std::uint16_t>(rows.integer(i, 2))};
    if (!db::is_null(rows.rows[i][1])) sample.value = rows.number(i, 1);
    out.push_back({point_code, sample});
  }
  return out;
}

Status release_quarantine(db::Connection& c, record::RecordId mine, const std::string& point_code) {
  MW_TRY(c.execute("DELETE FROM upload_quarantine WHERE mine = $1 AND point_code = $2",
                   {mine.value, point_code}));
  return {};
}

Result<std::int64_t> expire_quarantine(db::Connection& c, ArrivalTime before, ArrivalTime now) {
  MW_ASSIGN(
      const auto rows,
      c.query(
          "SELECT mine, organisation, mine_code, COUNT(*), COUNT(DISTINCT point_code) FROM upload_quarantine "
          "WHERE arrived < $1 GROUP BY mine, organisation, mine_code",
          {before.utc_ms}));
  std::int64_t dropped = 0;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    LedgerEntry entry;
    entry.mine = {rows.integer(i, 0)};
    entry.organisation = {rows.integer(i, 1)};
    entry.mine_code = rows.text(i, 2);
    entry.verdict = "quarantine_dropped";
    entry.code = name_of(Code::e_unknown_point);
    entry.message = fmt::format("{} readings of {} points were dropped: no definition came in time",
                                rows.integer(i, 3), rows.integer(i, 4));
    entry.origin = "timer";
    entry.arrived = now;
    entry.quarantined = static_cast<int>(rows.integer(i, 3));
    MW_ASSIGN(const auto points,
              c.query("SELECT point_code, COUNT(*) FROM upload_quarantine WHERE mine = $1 AND arrived < $2 "
                      "GROUP BY point_code ORDER BY point_code LIMIT 100",
                      {entry.mine.value, before.utc_ms}));
    for (std::size_t k = 0; k < points.size(); ++k) {
      entry.faults.push_back(fmt::format("{}: {} readings", points.text(k, 0), points.integer(k, 1)));
    }
    MW_TRY(add_to_ledger(c, entry));
    dropped += rows.integer(i, 3);
  }
  if (dropped > 0) MW_TRY(c.execute("DELETE FROM upload_quarantine WHERE arrived < $1", {before.utc_ms}));
  return dropped;
}

Status keep_evidence(db::Connection& c, record::RecordId mine, record::RecordId organisation,
                     const Decoded& decoded) {
  const bool statistic = decoded.layout->reader == "statistic";
  for (const auto& record : decoded.records) {
    if (!time_of(record, "begin")) continue;  // the layouts require it; without it there is no key
    const EventTime data_at = time_of(record, "time").value_or(decoded.header_time);
    MW_TRY(statistic ? keep_statistic(c, mine, organisation, record, data_at)
                     : keep_abnormal(c, mine, organisation, record, data_at));
  }
  return {};
}

}  // namespace mineward::feed
