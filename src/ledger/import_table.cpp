#include "ledger/import_table.h"

#include <fmt/format.h>

#include <map>

namespace mineward::ledger {

using record::RecordId;

namespace {

/// Without the file, which only the one who reads it fetches.
constexpr std::string_view kColumns =
    "id, type, account, state, phase, file_name, sha256, bytes, created_at, finished_at, options, trouble, "
    "preview, counts, done, total";
constexpr std::string_view kRowColumns = "row, outcome, undo, record, version, faults";
constexpr Millis kFileKept{7 * 86'400'000LL};

Json parsed(const std::string& text) {
  auto json = parse_json(text);
  return json ? *std::move(json) : Json();
}

StoredImport import_of(const db::Rows& rows, std::size_t r) {
  StoredImport out;
  ImportView& v = out.view;
  v.id = RecordId{rows.integer(r, 0)};
  v.type = rows.text(r, 1);
  out.account = RecordId{rows.integer(r, 2)};
  v.state = rows.text(r, 3);
  v.phase = rows.text(r, 4);
  v.file_name = rows.text(r, 5);
  v.sha256 = rows.text(r, 6);
  v.bytes = rows.integer(r, 7);
  v.created_at = ArrivalTime{rows.integer(r, 8)};
  if (const std::int64_t at = rows.integer(r, 9)) v.finished_at = ArrivalTime{at};
  if (auto options = Options::from_json(parsed(rows.text(r, 10)))) v.options = *std::move(options);
  const Json trouble = parsed(rows.text(r, 11));
  v.trouble = {std::string(trouble.text("zh")), std::string(trouble.text("en"))};
  v.preview = parsed(rows.text(r, 12));
  v.counts = parsed(rows.text(r, 13));
  v.done = rows.integer(r, 14);
  v.total = rows.integer(r, 15);
  return out;
}

std::string trouble_text(const pack::Label& words) {
  Json out;
  return out.set("zh", words.zh).set("en", words.en).dump();
}

std::vector<StoredRow> rows_of(const db::Rows& rows) {
  std::vector<StoredRow> out;
  for (std::size_t r = 0; r < rows.size(); ++r) {
    StoredRow row;
    row.row.row = static_cast<int>(rows.integer(r, 0));
    row.row.outcome = rows.text(r, 1);
    row.row.undo = rows.text(r, 2);
    row.row.record = RecordId{rows.integer(r, 3)};
    row.version = rows.integer(r, 4);
    row.row.faults = faults_from(rows.text(r, 5));
    out.push_back(std::move(row));
  }
  return out;
}

}  // namespace

Status create_import_tables(db::Connection& c) {
  return c.script(fmt::format(
      "CREATE TABLE IF NOT EXISTS ledger_import (id BIGINT PRIMARY KEY, type TEXT NOT NULL, account BIGINT "
      "NOT "
      "NULL, state TEXT NOT NULL, phase TEXT NOT NULL, file_name TEXT NOT NULL, sha256 TEXT NOT NULL, bytes "
      "BIGINT NOT NULL, created_at BIGINT NOT NULL, finished_at BIGINT NOT NULL, options TEXT NOT NULL, "
      "trouble "
      "TEXT NOT NULL, preview TEXT NOT NULL, counts TEXT NOT NULL, done BIGINT NOT NULL, total BIGINT NOT "
      "NULL, "
      "file {});"
      "CREATE INDEX IF NOT EXISTS ledger_import_account ON ledger_import (account, id);"
      "CREATE TABLE IF NOT EXISTS ledger_import_row (import BIGINT NOT NULL, row BIGINT NOT NULL, outcome "
      "TEXT "
      "NOT NULL, undo TEXT NOT NULL, record BIGINT NOT NULL, version BIGINT NOT NULL, faults TEXT NOT NULL, "
      "PRIMARY KEY (import, row));"
      "CREATE TABLE IF NOT EXISTS ledger_row (type TEXT NOT NULL, digest TEXT NOT NULL, record BIGINT NOT "
      "NULL, "
      "PRIMARY KEY (type, digest));"
      "CREATE INDEX IF NOT EXISTS ledger_row_record ON ledger_row (record);",
      c.engine() == db::Engine::sqlite ? "BLOB" : "BYTEA"));
}

Status recover_imports(db::Connection& c, ArrivalTime now) {
  MW_TRY(c.execute(
      "UPDATE ledger_import SET phase = state, state = 'interrupted' WHERE state IN ('checking', 'applying', "
      "'undoing')",
      {}));
  MW_TRY(c.execute(
      "UPDATE ledger_import SET state = 'discarded', file = NULL, finished_at = $1 WHERE created_at < "
      "$2 AND file IS NOT NULL",
      {now.utc_ms, (now - kFileKept).utc_ms}));
  return {};
}

Result<RecordId> insert_import(db::Connection& c, const StoredImport& stored, const std::string& file) {
  const ImportView& v = stored.view;
  MW_ASSIGN(const db::Rows last, c.query("SELECT COALESCE(MAX(id), 0) FROM ledger_import"));
  const RecordId id{last.integer(0, 0) + 1};
  MW_TRY(c.execute(fmt::format("INSERT INTO ledger_import ({}, file) VALUES "
                               "($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15,$16,$17)",
                               kColumns),
                   {id.value, v.type, stored.account.value, v.state, v.phase, v.file_name, v.sha256, v.bytes,
                    v.created_at.utc_ms, std::int64_t{0}, v.options.json().dump(), trouble_text(v.trouble),
                    std::string(), std::string(), std::int64_t{0}, std::int64_t{0}, db::Blob{file}}));
  return id;
}

Result<std::optional<StoredImport>> find_import(db::Connection& c, RecordId id, RecordId account) {
  MW_ASSIGN(const db::Rows rows,
            c.query(fmt::format("SELECT {} FROM ledger_import WHERE id = $1 AND account = $2", kColumns),
                    {id.value, account.value}));
  if (rows.empty()) return std::optional<StoredImport>();
  return std::optional(import_of(rows, 0));
}

Result<std::vector<StoredImport>> list_imports(db::Connection& c, RecordId account, std::string_view type,
                                               int limit) {
  MW_ASSIGN(const db::Rows rows,
            c.query(fmt::format("SELECT {} FROM ledger_import WHERE account = $1 AND ($2 = '' OR type = $2) "
                                "ORDER BY id DESC LIMIT $3",
                                kColumns),
                    {account.value, std::string(type), std::int64_t{limit}}));
  std::vector<StoredImport> out;
  for (std::size_t r = 0; r < rows.size(); ++r) out.push_back(import_of(rows, r));
  return out;
}

Result<std::string> import_file(db::Connection& c, RecordId id) {
  MW_ASSIGN(const db::Rows rows, c.query("SELECT file FROM ledger_import WHERE id = $1", {id.value}));
  const auto* file = rows.empty() ? nullptr : std::get_if<db::Blob>(&rows.rows[0][0]);
  if (!file) return conflict("the file of this import is not kept any more");
  return file->bytes;
}

Status save_import(db::Connection& c, const ImportView& v) {
  MW_TRY(c.execute(
      "UPDATE ledger_import SET state = $2, phase = $3, options = $4, trouble = $5, preview = $6, counts = "
      "$7, "
      "done = $8, total = $9, finished_at = $10 WHERE id = $1",
      {v.id.value, v.state, v.phase, v.options.json().dump(), trouble_text(v.trouble), v.preview.dump(),
       v.counts.dump(), v.done, v.total, v.finished_at ? v.finished_at->utc_ms : 0}));
  return {};
}

Status forget_file(db::Connection& c, RecordId id) {
  MW_TRY(c.execute("UPDATE ledger_import SET file = NULL WHERE id = $1", {id.value}));
  return {};
}

Status save_row(db::Connection& c, RecordId import, const StoredRow& r) {
  MW_TRY(c.execute(
      "INSERT INTO ledger_import_row (import, row, outcome, undo, record, version, faults) VALUES "
      "($1,$2,$3,$4,$5,$6,$7) ON CONFLICT (import, row) DO UPDATE SET outcome = excluded.outcome, undo = "
      "excluded.undo, record = excluded.record, version = excluded.version, faults = excluded.faults",
      {import.value, std::int64_t{r.row.row}, r.row.outcome, r.row.undo, r.row.record.value, r.version,
       r.row.faults.empty() ? std::string() : text_of(r.row.faults)}));
  return {};
}

Result<std::vector<StoredRow>> list_rows(db::Connection& c, RecordId import, int after, int limit,
                                         std::string_view outcome) {
  MW_ASSIGN(
      const db::Rows rows,
      c.query(fmt::format("SELECT {} FROM ledger_import_row WHERE import = $1 AND row > $2 AND ($3 = '' OR "
                          "outcome = $3 OR undo = $3) ORDER BY row LIMIT $4",
                          kRowColumns),
              {import.value, std::int64_t{after}, std::string(outcome), std::int64_t{limit}}));
  return rows_of(rows);
}

Result<std::vector<StoredRow>> rows_to_undo(db::Connection& c, RecordId import, int below, int limit) {
  MW_ASSIGN(
      const db::Rows rows,
      c.query(fmt::format("SELECT {} FROM ledger_import_row WHERE import = $1 AND row < $2 AND undo = '' AND "
                          "record > 0 ORDER BY row DESC LIMIT $3",
                          kRowColumns),
              {import.value, std::int64_t{below}, std::int64_t{limit}}));
  return rows_of(rows);
}

Result<Json> count_rows(db::Connection& c, RecordId import) {
  MW_ASSIGN(
      const db::Rows rows,
      c.query(
          "SELECT outcome, undo, count(*) FROM ledger_import_row WHERE import = $1 GROUP BY outcome, undo",
          {import.value}));
  std::map<std::string, std::int64_t> counts = {{"created", 0},   {"updated", 0},  {"refused", 0},
                                                {"withdrawn", 0}, {"restored", 0}, {"kept", 0}};
  for (std::size_t r = 0; r < rows.size(); ++r) {
    counts[rows.text(r, 0)] += rows.integer(r, 2);
    if (const std::string undo = rows.text(r, 1); !undo.empty()) counts[undo] += rows.integer(r, 2);
  }
  Json out;
  for (const auto& [name, count] : counts) out.set(name, count);
  return out;
}

Result<std::vector<int>> written_rows(db::Connection& c, RecordId import) {
  std::vector<int> out;
  const db::Value params[] = {import.value};
  MW_TRY(c.each("SELECT row FROM ledger_import_row WHERE import = $1 AND record > 0 ORDER BY row", params,
                [&](std::span<const db::Value> row) {
                  if (const auto* n = std::get_if<std::int64_t>(&row[0])) out.push_back(static_cast<int>(*n));
                  return true;
                }));
  return out;
}

Result<RecordId> imported_before(db::Database& database, std::string_view type, std::string_view digest) {
  RecordId out;
  MW_TRY(database.read([&](db::Connection& c) -> Status {
    MW_ASSIGN(const db::Rows rows, c.query("SELECT record FROM ledger_row WHERE type = $1 AND digest = $2",
                                           {std::string(type), std::string(digest)}));
    if (!rows.empty()) out = RecordId{rows.integer(0, 0)};
    return {};
  }));
  return out;
}

Status remember_row(db::Connection& c, std::string_view type, std::string_view digest, RecordId record) {
  MW_TRY(c.execute(
      "INSERT INTO ledger_row (type, digest, record) VALUES ($1, $2, $3) ON CONFLICT (type, digest) "
      "DO UPDATE SET record = excluded.record",
      {std::string(type), std::string(digest), record.value}));
  return {};
}

Status forget_row(db::Connection& c, std::string_view type, RecordId record) {
  MW_TRY(
      c.execute("DELETE FROM ledger_row WHERE record = $1 AND type = $2", {record.value, std::string(type)}));
  return {};
}

}  // namespace mineward::ledger
