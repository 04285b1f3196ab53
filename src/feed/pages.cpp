/// What pages ask: ledger, health, quarantine, evidence. Every query is bound by the actor's scope.
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "base/text.h"
#include "feed/intake.h"

namespace mineward::feed {
namespace {

using db::Value;

constexpr std::string_view kAcceptedVerdicts = "'accepted', 'partial', 'correction', 'stale'";
/// A silence counts when it is longer than three periods, at least five minutes (rule C-1,
/// monitoring.md 3.2).
constexpr int kSilentPeriods = 3;
constexpr Millis kShortestSilence = std::chrono::minutes(5);
constexpr int kMaxPage = 500;

/// A WHERE clause under construction; parameters are bound, never pasted.
class Where {
 public:
  void add(std::string_view condition, Value value) {
    params_.push_back(std::move(value));
    text_ += fmt::format("{}{} ${}", text_.empty() ? " WHERE " : " AND ", condition, params_.size());
  }
  void add_plain(std::string_view condition) {
    text_ += fmt::format("{}{}", text_.empty() ? " WHERE " : " AND ", condition);
  }
  const std::string& text() const { return text_; }
  const std::vector<Value>& params() const { return params_; }
  std::size_t next() const { return params_.size() + 1; }
  void bind(Value value) { params_.push_back(std::move(value)); }

 private:
  std::string text_;
  std::vector<Value> params_;
};

/// Binds the query to the scope. False = the scope is empty and so is the answer.
Result<bool> bind_scope(record::Store& store, const record::Actor& actor, Where& where) {
  if (actor.scope.everything) return true;
  MW_ASSIGN(const auto organisations, store.organisations_in(actor.scope));
  if (organisations.empty()) return false;
  std::string list;
  for (const auto id : organisations) {
    list += fmt::format("{}${}", list.empty() ? "" : ", ", where.next());
    where.bind(id.value);
  }
  where.add_plain("organisation IN (" + list + ")");
  return true;
}

Result<db::Rows> run(record::Store& store, const std::string& sql, const Where& where) {
  db::Rows rows;
  MW_TRY(store.database().read([&](db::Connection& c) -> Status {
    MW_ASSIGN(rows, c.query(sql, where.params()));
    return {};
  }));
  return rows;
}

std::optional<EventTime> event_time(const db::Rows& rows, std::size_t row, std::size_t column) {
  if (db::is_null(rows.rows[row][column])) return std::nullopt;
  return EventTime{rows.integer(row, column)};
}
std::optional<double> number(const db::Rows& rows, std::size_t row, std::size_t column) {
  if (db::is_null(rows.rows[row][column])) return std::nullopt;
  return rows.number(row, column);
}

int page_size(int limit) { return std::clamp(limit, 1, kMaxPage); }

using SystemKey = std::pair<std::int64_t, std::string>;  // mine, system
using HealthMap = std::map<SystemKey, FeedHealth>;

Millis longest_quiet(const pack::Catalog& catalog, std::string_view system) {
  Millis period{0};
  for (const auto& dialect : catalog.dialects) {
    for (const auto& file : dialect.files) {
      if (file.system != system || file.period.count() == 0) continue;
      period = period.count() == 0 ? file.period : std::min(period, file.period);
    }
  }
  return std::max(period * kSilentPeriods, kShortestSilence);
}

Status add_last_files(record::Store& store, const Where& where, HealthMap& out) {
  MW_ASSIGN(const auto rows,
            run(store,
                "SELECT mine, system, last_file, last_arrived, last_header FROM upload_newest" +
                    where.text() + " ORDER BY last_arrived",
                where));
  for (std::size_t i = 0; i < rows.size(); ++i) {  // of several file types the latest arrival stands
    FeedHealth& health = out[{rows.integer(i, 0), rows.text(i, 1)}];
    health.mine = {rows.integer(i, 0)};
    health.system = rows.text(i, 1);
    health.last_file = rows.text(i, 2);
    health.last_arrival = ArrivalTime{rows.integer(i, 3)};
    health.last_event = EventTime{rows.integer(i, 4)};
    health.lag = Millis(rows.integer(i, 3) - rows.integer(i, 4));
  }
  return {};
}

Status add_counts(record::Store& store, Where where, ArrivalTime from, HealthMap& out) {
  where.add("arrived >=", from.utc_ms);
  where.add_plain("mine <> 0 AND system <> ''");
  MW_ASSIGN(const auto rows, run(store,
                                 "SELECT mine, system, verdict, COUNT(*) FROM upload" + where.text() +
                                     " GROUP BY mine, system, verdict",
                                 where));
  for (std::size_t i = 0; i < rows.size(); ++i) {
    FeedHealth& health = out[{rows.integer(i, 0), rows.text(i, 1)}];
    health.mine = {rows.integer(i, 0)};
    health.system = rows.text(i, 1);
    const std::string verdict = rows.text(i, 2);
    const std::int64_t count = rows.integer(i, 3);
    if (verdict == name_of(Verdict::rejected)) {
      health.rejected_today += count;
    } else if (verdict != name_of(Verdict::duplicate)) {
      health.accepted_today += count;
    }
  }
  return {};
}

/// Silences that end today, or that last.
Status add_gaps(record::Store& store, Where where, ArrivalTime day, ArrivalTime now, HealthMap& out) {
  // The last arrival before today of each feed that ever came: one look into an index for each.
  Where before = where;
  before.bind(day.utc_ms);
  const std::string earlier_sql = fmt::format(
      "SELECT n.mine, n.system, (SELECT u.arrived FROM upload u WHERE u.mine = n.mine AND u.system = "
      "n.system "
      "AND u.arrived < ${} AND u.verdict IN ({}) ORDER BY u.arrived DESC LIMIT 1) FROM (SELECT DISTINCT "
      "mine, "
      "system FROM upload_newest{}) n",
      before.params().size(), kAcceptedVerdicts, before.text());
  MW_ASSIGN(const auto earlier, run(store, earlier_sql, before));
  where.add("arrived >=", day.utc_ms);
  where.add_plain(fmt::format("mine <> 0 AND verdict IN ({})", kAcceptedVerdicts));
  MW_ASSIGN(
      const auto today,
      run(store, "SELECT mine, system, arrived FROM upload" + where.text() + " ORDER BY arrived", where));
  std::map<SystemKey, std::int64_t> last;
  for (std::size_t i = 0; i < earlier.size(); ++i) {
    if (!db::is_null(earlier.rows[i][2]))
      last[{earlier.integer(i, 0), earlier.text(i, 1)}] = earlier.integer(i, 2);
  }
  const auto quiet = [&](const SystemKey& key, std::int64_t until) {
    const auto since = last.find(key);
    if (since == last.end()) return;
    if (Millis(until - since->second) > longest_quiet(store.catalog(), key.second)) ++out[key].gaps_today;
  };
  for (std::size_t i = 0; i < today.size(); ++i) {
    const SystemKey key{today.integer(i, 0), today.text(i, 1)};
    quiet(key, today.integer(i, 2));
    last[key] = today.integer(i, 2);
  }
  for (const auto& [key, since] : last) quiet(key, now.utc_ms);
  return {};
}

/// Quarantined readings count for the system of the file that brought them.
Status add_quarantine(record::Store& store, const Where& where, HealthMap& out) {
  MW_ASSIGN(const auto rows, run(store,
                                 "SELECT mine, file_type, COUNT(*) FROM upload_quarantine" + where.text() +
                                     " GROUP BY mine, file_type",
                                 where));
  for (std::size_t i = 0; i < rows.size(); ++i) {
    for (const auto& dialect : store.catalog().dialects) {
      const auto* file = dialect.file(rows.text(i, 1));
      if (!file) continue;
      out[{rows.integer(i, 0), file->system}].quarantined += rows.integer(i, 2);
      break;
    }
  }
  return {};
}

}  // namespace

std::string_view name_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::accepted: return "accepted";
    case Verdict::partial: return "partial";
    case Verdict::duplicate: return "duplicate";
    case Verdict::correction: return "correction";
    case Verdict::stale: return "stale";
    case Verdict::rejected: return "rejected";
    case Verdict::waiting: return "waiting";
  }
  return "rejected";
}

Result<std::vector<LedgerRow>> list_uploads(record::Store& store, const record::Actor& actor,
                                            const LedgerQuery& query) {
  Where where;
  if (query.mine) where.add("mine =", query.mine->value);
  if (!query.file_type.empty()) where.add("file_type =", query.file_type);
  if (!query.verdict.empty()) where.add("verdict =", query.verdict);
  if (query.before) where.add("id <", query.before.value);
  MW_ASSIGN(const bool any, bind_scope(store, actor, where));
  std::vector<LedgerRow> out;
  if (!any) return out;
  MW_ASSIGN(
      const auto rows,
      run(store,
          "SELECT id, mine, mine_code, file_name, file_type, system, verdict, code, message, sha256, origin, "
          "header_time, arrived, records, bad_records, quarantined, faults FROM upload" +
              where.text() + fmt::format(" ORDER BY id DESC LIMIT {}", page_size(query.limit)),
          where));
  for (std::size_t i = 0; i < rows.size(); ++i) {
    LedgerRow row;
    row.id = {rows.integer(i, 0)};
    row.mine = {rows.integer(i, 1)};
    row.mine_code = rows.text(i, 2);
    row.file_name = rows.text(i, 3);
    row.file_type = rows.text(i, 4);
    row.system = rows.text(i, 5);
    row.verdict = rows.text(i, 6);
    row.code = rows.text(i, 7);
    row.message = rows.text(i, 8);
    row.sha256 = rows.text(i, 9);
    row.origin = rows.text(i, 10);
    row.header_time = event_time(rows, i, 11);
    row.arrived = {rows.integer(i, 12)};
    row.records = static_cast<int>(rows.integer(i, 13));
    row.bad_records = static_cast<int>(rows.integer(i, 14));
    row.quarantined = static_cast<int>(rows.integer(i, 15));
    const std::string faults = rows.text(i, 16);
    if (!faults.empty()) {
      for (const auto fault : split(faults, '\n')) row.faults.emplace_back(fault);
    }
    out.push_back(std::move(row));
  }
  return out;
}

Result<std::vector<FeedHealth>> feed_health(record::Store& store, const record::Actor& actor, ArrivalTime now,
                                            std::optional<record::RecordId> mine) {
  Where where;
  if (mine) where.add("mine =", mine->value);
  MW_ASSIGN(const bool any, bind_scope(store, actor, where));
  std::vector<FeedHealth> out;
  if (!any) return out;
  const ArrivalTime day{start_of_day_ms(china_date(now.utc_ms))};
  HealthMap found;
  MW_TRY(add_last_files(store, where, found));
  MW_TRY(add_counts(store, where, day, found));
  MW_TRY(add_gaps(store, where, day, now, found));
  MW_TRY(add_quarantine(store, where, found));
  for (auto& [key, health] : found) {
    health.mine = {key.first};
    health.system = key.second;
    out.push_back(std::move(health));
  }
  return out;
}

Result<std::vector<QuarantineRow>> list_quarantine(record::Store& store, const record::Actor& actor,
                                                   std::optional<record::RecordId> mine) {
  Where where;
  if (mine) where.add("mine =", mine->value);
  MW_ASSIGN(const bool any, bind_scope(store, actor, where));
  std::vector<QuarantineRow> out;
  if (!any) return out;
  MW_ASSIGN(const auto rows,
            run(store,
                "SELECT mine, point_code, COUNT(*), MIN(at), MAX(at), MAX(arrived), MAX(file_type) FROM "
                "upload_quarantine" +
                    where.text() + " GROUP BY mine, point_code ORDER BY mine, point_code LIMIT 2000",
                where));
  for (std::size_t i = 0; i < rows.size(); ++i) {
    out.push_back({{rows.integer(i, 0)},
                   rows.text(i, 1),
                   fmt::format("E_UNKNOWN_POINT found in {}, expected a definition (CDDY) of this point",
                               rows.text(i, 6)),
                   rows.integer(i, 2),
                   EventTime{rows.integer(i, 3)},
                   EventTime{rows.integer(i, 4)},
                   ArrivalTime{rows.integer(i, 5)}});
  }
  return out;
}

namespace {
Result<db::Rows> evidence(record::Store& store, const record::Actor& actor, const EvidenceQuery& query,
                          std::string_view columns, std::string_view table) {
  Where where;
  if (query.mine) where.add("mine =", query.mine.value);
  if (!query.point_code.empty()) where.add("point_code =", query.point_code);
  where.add("begin_at >=", query.from.utc_ms);
  where.add("begin_at <", query.to.utc_ms);
  MW_ASSIGN(const bool any, bind_scope(store, actor, where));
  if (!any) return db::Rows{};
  return run(store,
             fmt::format("SELECT {} FROM {}{} ORDER BY begin_at DESC, point_code LIMIT {}", columns, table,
                         where.text(), page_size(query.limit)),
             where);
}
}  // namespace

Result<std::vector<AbnormalRow>> list_abnormal(record::Store& store, const record::Actor& actor,
                                               const EvidenceQuery& query) {
  MW_ASSIGN(
      const auto rows,
      evidence(store, actor, query,
               "mine, point_code, kind, begin_at, end_at, max_value, max_at, min_value, min_at, mean_value, "
               "type_name, place, unit, cause, measures, entered_at, entered_by",
               "upload_abnormal"));
  std::vector<AbnormalRow> out;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    AbnormalRow r;
    r.mine = {rows.integer(i, 0)};
    r.point_code = rows.text(i, 1);
    r.kind = rows.text(i, 2);
    r.begin = EventTime{rows.integer(i, 3)};
    r.end = event_time(rows, i, 4);
    r.max = number(rows, i, 5);
    r.max_at = event_time(rows, i, 6);
    r.min = number(rows, i, 7);
    r.min_at = event_time(rows, i, 8);
    r.mean = number(rows, i, 9);
    r.type_name = rows.text(i, 10);
    r.place = rows.text(i, 11);
    r.unit = rows.text(i, 12);
    r.cause = rows.text(i, 13);
    r.measures = rows.text(i, 14);
    r.entered_at = event_time(rows, i, 15);
    r.entered_by = rows.text(i, 16);
    out.push_back(std::move(r));
  }
  return out;
}

Result<std::vector<StatisticRow>> list_statistics(record::Store& store, const record::Actor& actor,
                                                  const EvidenceQuery& query) {
  MW_ASSIGN(const auto rows,
            evidence(store, actor, query,
                     "mine, point_code, begin_at, end_at, max_value, max_at, min_value, min_at, mean_value",
                     "upload_statistic"));
  std::vector<StatisticRow> out;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    StatisticRow r;
    r.mine = {rows.integer(i, 0)};
    r.point_code = rows.text(i, 1);
    r.begin = EventTime{rows.integer(i, 2)};
    r.end = event_time(rows, i, 3);
    r.max = number(rows, i, 4);
    r.max_at = event_time(rows, i, 5);
    r.min = number(rows, i, 6);
    r.min_at = event_time(rows, i, 7);
    r.mean = number(rows, i, 8);
    out.push_back(std::move(r));
  }
  return out;
}

}  // namespace mineward::feed
