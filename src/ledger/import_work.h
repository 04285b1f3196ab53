/// Inside ledger/: the work of one import, done on the thread of the imports. Each function leaves the view
/// as it shall be stored, and returns an error only of the database or the program.
#pragma once

#include <atomic>
#include <functional>

#include "ledger/imports.h"

namespace mineward::ledger {

/// What the work needs, and how it tells how far it is. Borrowed.
struct WorkSite {
  record::Store& store;
  Clock& clock;
  const ImportLimits& limits;
  const record::Actor& actor;
  std::atomic<std::int64_t>& done;
  std::atomic<std::int64_t>& total;
  const std::atomic<bool>& stop;  ///< end behind the running batch
};

/// Reads and judges the file; `checked` with a preview, or `refused`.
Status check_file(const WorkSite&, const std::string& bytes, ImportView& view);
/// Writes the rows that are not written yet; `applied` or `stopped`.
Status apply_file(const WorkSite&, const std::string& bytes, bool skip_faulty, ImportView& view);
/// Takes back, last row first; `undone`, or `interrupted` when stopped.
Status undo_rows(const WorkSite&, ImportView& view);

}  // namespace mineward::ledger
