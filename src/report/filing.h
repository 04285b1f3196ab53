/// Inside report/: filings and their figures as they are stored, and the writes that change them.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "record/store.h"
#include "report/form.h"

namespace mineward::report {

/// One stored figure (record form_figure).
struct StoredFigure {
  RecordId id;
  std::int64_t version = 0;
  std::string row;
  int column = 0;
  std::optional<Figure> drawn, value;
  bool corrected = false;
  std::string reason;
  RecordId corrected_by;
};
using StoredFigures = std::map<std::pair<std::string, int>, StoredFigure>;

Result<std::optional<Filing>> filing_of(db::Connection&, std::string_view form, RecordId unit, const Month&);
Result<std::optional<Filing>> filing_by_id(db::Connection&, RecordId id);
Result<StoredFigures> figures_of(db::Connection&, RecordId filing);

/// What people see: filed figures as they were filed, else what is counted now with its corrections.
CellTable cell_table(const pack::Form&, const std::optional<Filing>&, const StoredFigures&, const Table& now);

/// Everything that a write needs to know, read inside its transaction.
struct Desk {
  record::Writer& writer;
  const Actor& actor;   ///< the person
  const Actor program;  ///< the same person, who may set system fields: the change log names the person
  const pack::Form& form;
  const Filing& filing;
  StoredFigures figures;
  Table now;
};
/// nullopt when all went well.
using Refused = std::optional<record::Refusal>;

Refused write_edit(Desk& desk, const FilingEdit& edit);
/// Writes down every figure of the form.
Refused write_figures(Desk& desk);

}  // namespace mineward::report
