/// Inside ledger/: what the person who imports chooses, and the faults that he is shown.
#pragma once

#include <string>
#include <vector>

#include "base/json.h"
#include "pack/catalog.h"

namespace mineward::ledger {

/// One fault of a file, at its cell.
struct Fault {
  int row = 0;        ///< as the spreadsheet shows it
  std::string cell;   ///< "B17"; empty: the row as a whole
  std::string field;  ///< empty: none in particular
  std::string code;   ///< of record::FieldFault, or "formula", "merged", "error", "duplicate"
  pack::Label words;
};

enum class HiddenRows { ask, read, skip };

/// How a file is read. Every default refuses what could be read in two ways.
struct Options {
  std::string sheet;  ///< empty: the first visible one
  HiddenRows hidden_rows = HiddenRows::ask;
  bool ignore_unknown_columns = false;  ///< else they keep the import from being applied
  bool kept_values = false;             ///< of formulas
  bool clear_empty = false;  ///< an empty cell empties the field of a known record; else it is left

  static Result<Options> from_json(const Json& json);
  Json json() const;
};

Json json_of(const Fault& fault);
/// The other way round, from the text of json_of.
std::vector<Fault> faults_from(const std::string& text);
std::string text_of(const std::vector<Fault>& faults);

}  // namespace mineward::ledger
