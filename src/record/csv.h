/// Inside record/: lists as CSV (RFC 4180, UTF-8 with BOM) and back.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "record/model.h"

namespace mineward::record {

/// One cell as it is written: quoted where needed; an apostrophe in front of what a spreadsheet would take
/// for a formula (and of what begins with one), which import takes off again.
std::string csv_cell(std::string_view text);
/// The text behind a guard.
std::string unguarded(std::string_view cell);

struct CsvTable {
  std::vector<std::string> header;
  std::vector<std::vector<std::string>> rows;
};
/// Reads a whole table; an error names the line. A BOM, CRLF and LF are fine; empty lines are skipped.
Result<CsvTable> parse_csv(std::string_view text);

Result<std::string> export_records(db::Connection&, const Context&, const Actor&, const ListQuery&,
                                   std::int64_t* rows);
Result<ImportReport> import_records(Writer&, const Context&, const Actor&, std::string_view type,
                                    std::string_view csv, bool keep_good);

}  // namespace mineward::record
