/// Imports of whole ledgers: a file is read and judged in the background, looked at, applied in small
/// transactions, and taken back if it was a mistake.
///
///   checking -> checked -> applying -> applied -> undoing -> undone
///            -> refused     (the file cannot be read)
///               checked, stopped -> discarded
///   applying -> stopped     (asked to, or a row was refused that had been good)
///   a node that ends meanwhile leaves `interrupted`; the same order again goes on where it ended
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "ledger/options.h"
#include "record/store.h"

namespace mineward::ledger {

/// One import as its account sees it.
struct ImportView {
  record::RecordId id;
  std::string type;
  std::string state;  ///< as above
  std::string phase;  ///< of interrupted: what was going on
  std::string file_name, sha256;
  std::int64_t bytes = 0;
  ArrivalTime created_at{};
  std::optional<ArrivalTime> finished_at;
  Options options;
  pack::Label trouble;  ///< why the file was refused, or the import stopped
  Json preview;         ///< docs/api.md; null until it is checked
  Json counts;          ///< of what was done: created, updated, unchanged, refused, withdrawn, restored, kept
  std::int64_t done = 0, total = 0;  ///< rows of the running work; total 0: not known yet
};

/// A row that was written, refused or taken back.
struct ImportRow {
  int row = 0;
  std::string outcome;  ///< created, updated, refused
  std::string undo;     ///< withdrawn, restored, kept; empty: not taken back
  record::RecordId record;
  std::vector<Fault> faults;  ///< of refused and kept: why
};

struct ImportLimits {
  std::size_t file_bytes = 32u << 20;
  int batch = 2000;          ///< rows of one transaction: other writers wait no longer than that takes
  std::size_t waiting = 16;  ///< imports that wait for their turn
};

/// Runs imports one after the other on a thread of its own. Safe from any thread. An import is seen by the
/// account that began it, and by nobody else.
class Imports {
 public:
  virtual ~Imports() = default;  ///< lets the running batch finish

  /// Takes a file and begins to check it. A refusal names the file's fault in `faults`, at field "file".
  virtual record::Outcome<ImportView> begin(const record::Actor&, std::string_view type,
                                            std::string_view file_name, std::string bytes,
                                            const Options&) = 0;
  virtual Result<ImportView> get(const record::Actor&, record::RecordId) = 0;
  /// Newest first; `type` empty: all. At most `limit` (1..100).
  virtual Result<std::vector<ImportView>> list(const record::Actor&, std::string_view type, int limit) = 0;
  /// By row, behind `after`; `outcome` empty: all. At most `limit` (1..500).
  virtual Result<std::vector<ImportRow>> rows(const record::Actor&, record::RecordId, int after, int limit,
                                              std::string_view outcome) = 0;

  /// Reads the file again with other options. conflict in a state that does not allow it; as the next ones.
  virtual Status check(const record::Actor&, record::RecordId, const Options&) = 0;
  /// Writes the good rows. conflict while there is something to decide, and with faulty rows unless
  /// `skip_faulty`.
  virtual Status apply(const record::Actor&, record::RecordId, bool skip_faulty) = 0;
  /// Takes back what was written and nobody has changed since.
  virtual Status undo(const record::Actor&, record::RecordId) = 0;
  /// Ends an import that is checked or stopped; one that is being applied stops behind its batch.
  virtual Status discard(const record::Actor&, record::RecordId) = 0;

  /// Returns when nothing waits or runs. For tests and the command line.
  virtual void wait() = 0;
};

/// Makes the tables when missing.
Result<std::unique_ptr<Imports>> open_imports(record::Store&, Clock&, ImportLimits = {});

/// Whether one of the actor's roles may create or change records of the type.
bool may_import(const record::Actor&, const pack::RecordType&);
/// What an import of this type can take back of a new record: "step" (the flow has a withdrawal), "flag" (a
/// field says so), "none".
std::string_view way_back(const pack::Catalog&, const pack::RecordType&);

}  // namespace mineward::ledger
