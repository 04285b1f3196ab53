/// Inside ledger/: what a cell says, as the value of a field.
#pragma once

#include <map>
#include <string>
#include <unordered_map>
#include <variant>

#include "ledger/workbook.h"
#include "record/store.h"

namespace mineward::ledger {

/// What is wrong with one cell, without its place: for people, in both languages.
struct CellFault {
  std::string code;  ///< as record::FieldFault, and "formula", "merged", "error"
  pack::Label words;
};

/// Reads cells for one actor: what a reference may name is bound by the scope. Remembers references, so one
/// reader serves one file. One thread.
class CellReader {
 public:
  /// `kept_values`: of a formula the value is taken that the spreadsheet kept; else a formula is a fault.
  CellReader(record::Store& store, const record::Actor& actor, const Workbook& workbook, bool kept_values)
      : store_(store), actor_(actor), workbook_(workbook), kept_values_(kept_values) {}

  /// An error is one of the database.
  using Reading = Result<std::variant<record::FieldValue, CellFault>>;
  Reading read(const pack::Field& field, const Cell& cell);
  /// The cell as a text, for previews and messages; dates as 2026-03-01 or 2026-03-01 08:30:00.
  std::string text_of(const Cell& cell) const;

 private:
  Reading read_text(const pack::Field&, const Cell&);
  Reading read_number(const pack::Field&, const Cell&);
  Reading read_boolean(const Cell&);
  Reading read_moment(const pack::Field&, const Cell&);
  Reading read_code(const pack::Field&, const Cell&);
  Reading read_codes(const pack::Field&, const Cell&);
  Reading read_reference(const pack::Field&, const Cell&);
  Result<std::variant<record::FieldValue, CellFault>> look_up(const pack::Field&, const std::string& text);
  CellFault wrong(std::string code, const Cell&, std::string_view zh, std::string_view en) const;
  std::string quoted(const Cell&) const;

  record::Store& store_;
  const record::Actor& actor_;
  const Workbook& workbook_;
  const bool kept_values_;
  std::string hidden_;  ///< instead of what was found, while a protected field is read
  std::map<std::string, std::unordered_map<std::string, std::variant<record::FieldValue, CellFault>>,
           std::less<>>
      known_;  ///< by target, then by text
};

/// The code that a text names by itself or by a label; nullptr when none or when two have that label.
const pack::DictionaryEntry* entry_of(const pack::Dictionary&, std::string_view text);
/// Wide digits, letters and signs as ASCII ones, trimmed.
std::string narrow(std::string_view text);

}  // namespace mineward::ledger
