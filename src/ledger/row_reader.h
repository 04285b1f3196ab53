/// Inside ledger/: the rows of a sheet as the values of records.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "ledger/cell_reader.h"
#include "ledger/layout.h"
#include "ledger/options.h"
#include "record/values.h"

namespace mineward::ledger {

/// What a row says.
struct ParsedRow {
  int number = 0;
  record::Fields fields;  ///< of columns that are taken; a field with an empty cell is unset
  record::Fields keys;    ///< of columns that only tell which record is meant, such as a number
  std::optional<record::RecordId> id;
  std::vector<std::pair<std::string, std::string>>
      shown;  ///< field and text, for the preview; only on request
  std::vector<Fault> faults;
};

/// What is on a sheet, found out by reading it once.
struct Survey {
  std::size_t sheet = 0;
  Layout layout;
  int rows = 0;  ///< with something in them, below the header; without examples
  int examples = 0, formulas = 0, hidden_rows = 0;
  std::vector<int> hidden;                ///< the first of the hidden rows
  std::vector<int> hidden_columns;        ///< that have a header
  std::vector<Range> merged;              ///< below the header
  std::vector<int> stray_columns;         ///< with values and without a header
  std::vector<std::string> other_sheets;  ///< visible, not read
  std::vector<std::string> hidden_sheets;
};

/// Chooses the sheet and looks at all of it. The error says what is missing, or which limit is passed.
Result<Survey> survey(const Workbook& workbook, const pack::RecordType& type, const Options& options);

/// Reads the rows that can be records, in their order: no examples, no empty rows, and hidden ones only when
/// the options say so.
class RowReader {
 public:
  RowReader(const Workbook& workbook, const Survey& survey, const Options& options, CellReader& cells)
      : workbook_(workbook), survey_(survey), options_(options), cells_(cells) {}

  /// `show` many rows carry their texts.
  Status read(int show, const std::function<Status(ParsedRow&)>& take);

 private:
  Result<ParsedRow> parse(const Row& row, bool show);
  Status read_cell(const Row& row, const Column& column, ParsedRow& out);
  void name_merged(int row, ParsedRow& out);

  const Workbook& workbook_;
  const Survey& survey_;
  const Options& options_;
  CellReader& cells_;
  std::vector<Range> waiting_,
      active_;  ///< merged ranges: not reached yet (last first), and reaching the row
};

}  // namespace mineward::ledger
