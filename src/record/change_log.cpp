#include "record/change_log.h"

#include <fmt/format.h>

#include "base/digest.h"
#include "record/read.h"
#include "record/scope.h"
#include "record/values.h"

namespace mineward::record {
namespace {

constexpr std::string_view kLogColumns =
    "seq, type, id, version, owner, action, actor, origin, at, reason, diff, prev_hash, hash";

/// One row of change_log as stored.
struct StoredEntry {
  Change change;
  RecordId owner;
  std::string diff;
};

StoredEntry entry_of(std::span<const db::Value> row) {
  const auto integer = [&](std::size_t i) {
    const auto* v = std::get_if<std::int64_t>(&row[i]);
    return v ? *v : 0;
  };
  const auto text = [&](std::size_t i) {
    const auto* v = std::get_if<std::string>(&row[i]);
    return v ? *v : std::string();
  };
  StoredEntry e;
  e.change.seq = integer(0);
  e.change.type = text(1);
  e.change.id = RecordId{integer(2)};
  e.change.version = integer(3);
  e.owner = RecordId{integer(4)};
  e.change.action = text(5);
  e.change.actor = text(6);
  e.change.origin = text(7);
  e.change.at = ArrivalTime{integer(8)};
  e.change.reason = text(9);
  e.diff = text(10);
  e.change.prev_hash = text(11);
  e.change.hash = text(12);
  return e;
}

Result<std::vector<Change>> changes_of(const db::Rows& rows) {
  std::vector<Change> out;
  for (const auto& row : rows.rows) {
    StoredEntry e = entry_of(row);
    auto diff = parse_json(e.diff);
    if (!diff)
      return corrupt(fmt::format("diff is no JSON: {}", diff.error().message),
                     fmt::format("change_log seq {}", e.change.seq));
    e.change.diff = *std::move(diff);
    out.push_back(std::move(e.change));
  }
  return out;
}

void set_from_diff(const TypeModel& type, Record& record, const std::string& name, const Json& value) {
  if (name == "state") {
    record.state = value.string() ? *value.string() : "";
    return;
  }
  if (name == "owner") {
    record.owner = value.string() ? parse_record_id(*value.string()).value_or(RecordId{}) : RecordId{};
    return;
  }
  const pack::Field* field = type.field(name);
  if (!field || field->secret) return;
  auto read = value_from_json(field->type, value);
  if (read && is_set(*read)) {
    record.fields[name] = *std::move(read);
  } else {
    record.fields.erase(name);
  }
}

void apply(const TypeModel& type, Record& record, const Change& change) {
  if (record.version == 0) {
    record.id = change.id;
    record.type = type.name();
    record.created_at = change.at;
    record.created_by = change.actor;
  }
  record.version = change.version;
  record.updated_at = change.at;
  record.updated_by = change.actor;
  if (!change.diff.object()) return;
  for (const auto& [name, pair] : *change.diff.object()) {
    if (pair.array() && pair.array()->size() == 2) set_from_diff(type, record, name, (*pair.array())[1]);
  }
}

}  // namespace

std::string canonical_bytes(const Change& c, RecordId owner, std::string_view diff_text) {
  std::string out = "mineward change log 1\n";
  const auto add = [&out](std::string_view part) {
    out += std::to_string(part.size());
    out += ':';
    out += part;
    out += '\n';
  };
  add(std::to_string(c.seq));
  add(c.type);
  add(c.id.text());
  add(std::to_string(c.version));
  add(owner.text());
  add(c.action);
  add(c.actor);
  add(c.origin);
  add(std::to_string(c.at.utc_ms));
  add(c.reason);
  add(diff_text);
  add(c.prev_hash);
  return out;
}

Status create_change_log(db::Connection& c) {
  MW_TRY(
      c.script("CREATE TABLE IF NOT EXISTS change_log (seq BIGINT PRIMARY KEY, type TEXT NOT NULL, id BIGINT "
               "NOT NULL, "
               "version BIGINT NOT NULL, owner BIGINT NOT NULL, action TEXT NOT NULL, actor TEXT NOT NULL, "
               "origin TEXT NOT NULL, "
               "at BIGINT NOT NULL, reason TEXT NOT NULL, diff TEXT NOT NULL, prev_hash TEXT NOT NULL, hash "
               "TEXT NOT NULL);"
               "CREATE INDEX IF NOT EXISTS change_log_record ON change_log (type, id, seq);"
               "CREATE INDEX IF NOT EXISTS change_log_owner ON change_log (owner, seq);"
               "CREATE TABLE IF NOT EXISTS log_head (one BIGINT PRIMARY KEY CHECK (one = 1), seq BIGINT NOT "
               "NULL, hash TEXT NOT NULL);"
               "INSERT INTO log_head (one, seq, hash) VALUES (1, 0, '') ON CONFLICT (one) DO NOTHING;"));
  if (c.engine() == db::Engine::sqlite) {
    return c.script(
        "CREATE TRIGGER IF NOT EXISTS change_log_no_update BEFORE UPDATE ON change_log "
        "BEGIN SELECT RAISE(ABORT, 'the change log cannot be changed'); END;"
        "CREATE TRIGGER IF NOT EXISTS change_log_no_delete BEFORE DELETE ON change_log "
        "BEGIN SELECT RAISE(ABORT, 'the change log cannot be changed'); END;");
  }
  return c.script(
      "CREATE OR REPLACE FUNCTION change_log_refuse() RETURNS trigger LANGUAGE plpgsql AS "
      "$body$ BEGIN RAISE EXCEPTION 'the change log cannot be changed'; END $body$;"
      "CREATE OR REPLACE TRIGGER change_log_no_update BEFORE UPDATE OR DELETE ON change_log "
      "FOR EACH ROW EXECUTE FUNCTION change_log_refuse();"
      "CREATE OR REPLACE TRIGGER change_log_no_truncate BEFORE TRUNCATE ON change_log "
      "FOR EACH STATEMENT EXECUTE FUNCTION change_log_refuse();");
}

Status lock_log(db::Connection& c) {
  if (c.engine() == db::Engine::sqlite) return {};
  MW_TRY(c.query("SELECT pg_advisory_xact_lock(7465, hashtext(current_schema()::text))"));
  return {};
}

Status LogWriter::read_head() {
  if (place_.head_known) return {};
  MW_ASSIGN(const db::Rows rows,
            connection_.query("SELECT seq, hash FROM change_log ORDER BY seq DESC LIMIT 1"));
  if (!rows.empty()) {
    place_.seq = rows.integer(0, 0);
    place_.hash = rows.text(0, 1);
  }
  place_.head_known = true;
  return {};
}

Status LogWriter::append(const Actor& actor, const LogEntry& entry) {
  MW_TRY(read_head());
  Change c;
  c.seq = place_.seq + 1;
  c.type = entry.type;
  c.id = entry.id;
  c.version = entry.version;
  c.action = entry.action;
  c.actor = actor.name;
  c.origin = actor.origin;
  c.at = entry.at;
  c.reason = entry.reason;
  c.prev_hash = place_.hash;
  c.hash = sha256_hex(canonical_bytes(c, entry.owner, entry.diff));
  MW_TRY(connection_.execute(
      fmt::format("INSERT INTO change_log ({}) VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13)",
                  kLogColumns),
      {c.seq, c.type, c.id.value, c.version, entry.owner.value, c.action, c.actor, c.origin, c.at.utc_ms,
       c.reason, entry.diff, c.prev_hash, c.hash}));
  place_.seq = c.seq;
  place_.hash = c.hash;
  place_.grown = true;
  return {};
}

Status LogWriter::finish() {
  if (!place_.grown) return {};
  MW_TRY(connection_.execute("UPDATE log_head SET seq = $1, hash = $2 WHERE one = 1",
                             {place_.seq, place_.hash}));
  place_.grown = false;
  return {};
}

Result<std::vector<Change>> record_history(db::Connection& c, std::string_view type, RecordId id) {
  MW_ASSIGN(
      const db::Rows rows,
      c.query(fmt::format("SELECT {} FROM change_log WHERE type = $1 AND id = $2 ORDER BY seq", kLogColumns),
              {std::string(type), id.value}));
  return changes_of(rows);
}

Result<std::vector<Change>> read_log(db::Connection& c, const Scope& scope, std::int64_t before, int limit) {
  std::vector<db::Value> params = {before > 0 ? before : INT64_MAX, static_cast<std::int64_t>(limit)};
  std::string sql = fmt::format("SELECT {} FROM change_log l WHERE seq < $1", kLogColumns);
  if (!scope.everything) {
    params.emplace_back(scope.root.value);
    sql += " AND " + scope_condition("l.owner", "$3");
  }
  sql += " ORDER BY seq DESC LIMIT $2";
  MW_ASSIGN(const db::Rows rows, c.query(sql, params));
  return changes_of(rows);
}

std::optional<Record> rebuild(const TypeModel& type, const std::vector<Change>& history, ArrivalTime until) {
  Record record;
  for (const Change& change : history) {
    if (change.at > until) break;
    if (change.version > 0) apply(type, record, change);
  }
  if (record.version == 0) return std::nullopt;
  return record;
}

// ---- verifying
// -----------------------------------------------------------------------------------------------------

namespace {

VerifyReport bad(std::int64_t entries, std::int64_t seq, std::string message) {
  return {entries, false, seq, std::move(message)};
}

/// Walks the chain; `report` says where it broke.
Status walk_chain(db::Connection& c, VerifyReport& report) {
  std::string previous;
  std::int64_t expected = 1;
  MW_TRY(c.each(
      fmt::format("SELECT {} FROM change_log ORDER BY seq", kLogColumns), {},
      [&](std::span<const db::Value> row) {
        const StoredEntry e = entry_of(row);
        if (e.change.seq != expected) {
          report = bad(report.entries, expected,
                       fmt::format("entry {} is missing: the next one is {}", expected, e.change.seq));
        } else if (e.change.prev_hash != previous) {
          report = bad(report.entries, expected,
                       fmt::format("entry {} does not continue the entry before it", expected));
        } else if (e.change.hash != sha256_hex(canonical_bytes(e.change, e.owner, e.diff))) {
          report = bad(report.entries, expected,
                       fmt::format("entry {} was altered: its content does not give its hash", expected));
        }
        if (!report.ok) return false;
        previous = e.change.hash;
        ++expected;
        ++report.entries;
        return true;
      }));
  if (!report.ok) return {};
  MW_ASSIGN(const db::Rows head, c.query("SELECT seq, hash FROM log_head WHERE one = 1"));
  if (head.empty() || head.integer(0, 0) != expected - 1 || head.text(0, 1) != previous) {
    const std::int64_t noted = head.empty() ? 0 : head.integer(0, 0);
    report = bad(report.entries, expected,
                 fmt::format("the log ends at entry {} but its head names entry {}", expected - 1, noted));
  }
  return {};
}

std::string first_difference(const TypeModel& type, const Record& stored, const Record& logged) {
  if (stored.version != logged.version)
    return fmt::format("version {} is stored, {} logged", stored.version, logged.version);
  if (stored.state != logged.state)
    return fmt::format("state \"{}\" is stored, \"{}\" logged", stored.state, logged.state);
  if (stored.owner != logged.owner)
    return fmt::format("owner {} is stored, {} logged", stored.owner.value, logged.owner.value);
  if (stored.created_at != logged.created_at || stored.created_by != logged.created_by)
    return "created_at or created_by differ";
  if (stored.updated_at != logged.updated_at || stored.updated_by != logged.updated_by)
    return "updated_at or updated_by differ";
  for (const auto& field : type.type->fields) {
    if (field.secret) continue;
    const auto a = stored.fields.find(field.name);
    const auto b = logged.fields.find(field.name);
    const bool same = (a == stored.fields.end()) == (b == logged.fields.end()) &&
                      (a == stored.fields.end() || a->second == b->second);
    if (!same) return fmt::format("field {} differs", field.name);
  }
  return {};
}

/// Compares the records with from < id <= to with their log entries.
class RecordComparison {
 public:
  RecordComparison(db::Connection& c, const TypeModel& type, VerifyReport& report)
      : c_(c), type_(type), report_(report) {}

  Status run() {
    constexpr std::int64_t kChunk = 500;
    std::int64_t from = 0;
    while (report_.ok) {
      MW_ASSIGN(const db::Rows rows,
                c_.query(fmt::format("SELECT {} FROM {} WHERE id > $1 ORDER BY id LIMIT $2", type_.columns,
                                     type_.table),
                         {from, kChunk}));
      const bool last = static_cast<std::int64_t>(rows.size()) < kChunk;
      const std::int64_t to = last ? INT64_MAX : rows.integer(rows.size() - 1, 0);
      MW_TRY(compare(rows, from, to));
      if (last) return {};
      from = to;
    }
    return {};
  }

 private:
  Status compare(const db::Rows& rows, std::int64_t from, std::int64_t to) {
    std::size_t next = 0;
    std::vector<Change> history;
    std::optional<Error> broken;
    const auto settle = [&] {
      if (history.empty()) return;
      check(rows, next, history);
      history.clear();
    };
    MW_TRY(c_.each(fmt::format("SELECT {} FROM change_log WHERE type = $1 AND id > $2 AND id <= $3 AND "
                               "version > 0 ORDER BY id, seq",
                               kLogColumns),
                   std::vector<db::Value>{type_.name(), from, to}, [&](std::span<const db::Value> row) {
                     StoredEntry e = entry_of(row);
                     if (!history.empty() && history.back().id != e.change.id) settle();
                     auto diff = parse_json(e.diff);
                     if (!diff)
                       broken = corrupt("diff is no JSON", fmt::format("change_log seq {}", e.change.seq));
                     if (broken || !report_.ok) return false;
                     e.change.diff = *std::move(diff);
                     history.push_back(std::move(e.change));
                     return true;
                   }));
    if (broken) return *broken;
    if (report_.ok) settle();
    if (report_.ok && next < rows.size()) unlogged(rows.integer(next, 0));
    return {};
  }

  void unlogged(std::int64_t id) {
    report_ = bad(report_.entries, report_.entries + 1,
                  fmt::format("{} {} is stored, but the log has no entry for it", type_.name(), id));
  }

  void check(const db::Rows& rows, std::size_t& next, const std::vector<Change>& history) {
    const std::int64_t id = history.back().id.value;
    const std::int64_t seq = history.back().seq;
    if (next < rows.size() && rows.integer(next, 0) < id) return unlogged(rows.integer(next, 0));
    if (next >= rows.size() || rows.integer(next, 0) != id) {
      report_ = bad(report_.entries, seq,
                    fmt::format("{} {} is logged (entry {}) but not stored", type_.name(), id, seq));
      return;
    }
    const auto logged = rebuild(type_, history, ArrivalTime{INT64_MAX});
    const std::string difference = first_difference(type_, record_from_row(type_, rows.rows[next]), *logged);
    if (!difference.empty()) {
      report_ = bad(report_.entries, seq,
                    fmt::format("{} {} is not what entry {} says: {}", type_.name(), id, seq, difference));
    }
    ++next;
  }

  db::Connection& c_;
  const TypeModel& type_;
  VerifyReport& report_;
};

}  // namespace

Result<VerifyReport> verify_log(db::Connection& c, const Model& model) {
  VerifyReport report;
  MW_TRY(walk_chain(c, report));
  for (const auto& [name, type] : model.types()) {
    if (!report.ok) break;
    MW_TRY(RecordComparison(c, type, report).run());
  }
  return report;
}

}  // namespace mineward::record
