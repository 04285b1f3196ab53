/// A list as an XLSX: its filters, order and scope; a merged title and grouped header, frozen and with a
/// filter; dates as dates, numbers as numbers, every text as a text; a second sheet says who took it out,
/// when and how.
#pragma once

#include <string>
#include <vector>

#include "base/clock.h"
#include "record/store.h"

namespace mineward::ledger {

struct ExportRequest {
  record::ListQuery query;           ///< limit and cursor are not looked at
  std::vector<std::string> columns;  ///< fields and "state"; empty: all
  bool english = false;
  std::string who;  ///< who exports, as he is called
};

/// The bytes of the file. Reads one state of the records, row by row; what the actor may not see in the open
/// is shortened as in lists and CSV. The change log says that it was done. `too_large` beyond 200,000 rows.
Result<std::string> export_ledger(record::Store&, const record::Actor&, Clock&, const ExportRequest&);

}  // namespace mineward::ledger
