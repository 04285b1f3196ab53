/// Inside ledger/: what is kept of imports: the jobs, the rows they wrote, the digests of imported rows.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "db/db.h"
#include "ledger/imports.h"

namespace mineward::ledger {

/// One job as stored; ImportView and what others must not see.
struct StoredImport {
  ImportView view;
  record::RecordId account;
};

Status create_import_tables(db::Connection&);
/// Jobs that were running when the node ended become `interrupted`; files nobody came back for are forgotten.
Status recover_imports(db::Connection&, ArrivalTime now);

/// Gives the id.
Result<record::RecordId> insert_import(db::Connection&, const StoredImport&, const std::string& file);
/// nullopt when there is none of this account.
Result<std::optional<StoredImport>> find_import(db::Connection&, record::RecordId id,
                                                record::RecordId account);
Result<std::vector<StoredImport>> list_imports(db::Connection&, record::RecordId account,
                                               std::string_view type, int limit);
Result<std::string> import_file(db::Connection&, record::RecordId id);
/// Writes state, phase, options, trouble, preview, counts, done, total and finished_at.
Status save_import(db::Connection&, const ImportView&);
Status forget_file(db::Connection&, record::RecordId id);

/// A row as stored: with the version that the import made.
struct StoredRow {
  ImportRow row;
  std::int64_t version = 0;
};
/// Replaces a row of that number.
Status save_row(db::Connection&, record::RecordId import, const StoredRow&);
Result<std::vector<StoredRow>> list_rows(db::Connection&, record::RecordId import, int after, int limit,
                                         std::string_view outcome);
/// Written rows above `below` in the sheet that no undo has looked at yet, last first.
Result<std::vector<StoredRow>> rows_to_undo(db::Connection&, record::RecordId import, int below, int limit);
/// {created, updated, refused, withdrawn, restored, kept}.
Result<Json> count_rows(db::Connection&, record::RecordId import);
/// Numbers of the rows that are written.
Result<std::vector<int>> written_rows(db::Connection&, record::RecordId import);

/// The record that an import made of a row of this digest; 0 for none.
Result<record::RecordId> imported_before(db::Database&, std::string_view type, std::string_view digest);
Status remember_row(db::Connection&, std::string_view type, std::string_view digest, record::RecordId record);
Status forget_row(db::Connection&, std::string_view type, record::RecordId record);

}  // namespace mineward::ledger
