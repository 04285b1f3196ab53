/// Inside ledger/: an XLSX as sheets and rows of cells. A formula is never worked out; a date is told by its
/// number format.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/package.h"

namespace mineward::ledger {

struct Cell {
  enum class Kind { text, number, date, boolean, error };
  int column = 0;  ///< 0 = A
  Kind kind = Kind::text;
  std::string text;      ///< of text and error
  double number = 0;     ///< of number, date (days of the workbook's calendar) and boolean (0, 1)
  bool formula = false;  ///< what is here was worked out by the spreadsheet; without a kept value: empty text
};

struct Row {
  int number = 0;  ///< as the spreadsheet shows it: 1 is the first
  bool hidden = false;
  std::vector<Cell> cells;  ///< only those with something in them, in their order

  const Cell* at(int column) const;
};

struct Range {
  int first_row = 0, last_row = 0;        ///< 1-based
  int first_column = 0, last_column = 0;  ///< 0-based
};

struct SheetName {
  std::string name;
  bool hidden = false;
  std::string part;
};

/// What a sheet has besides its rows; known once all rows are read.
struct SheetFacts {
  std::vector<Range> merged;
  std::vector<std::pair<int, int>> hidden_columns;  ///< first and last, 0-based
};

class Workbook {
 public:
  struct Limits {
    PackageLimits package = {};
    int columns = 400;
    std::size_t shared_bytes = 256u << 20;
    std::size_t cell_bytes = 100'000;
  };
  /// Reads all but the sheets.
  static Result<Workbook> open(std::string bytes, Limits limits);
  static Result<Workbook> open(std::string bytes) { return open(std::move(bytes), Limits{}); }

  const std::vector<SheetName>& sheets() const { return sheets_; }
  bool has_macros() const { return has_macros_; }
  /// Streams the rows of a sheet that hold anything, in their order; ends with the error of `take`.
  Result<SheetFacts> rows(std::size_t sheet, const std::function<Status(Row&)>& take) const;

  /// The moment that a date cell shows, as milliseconds of a clock without zone since 1970; nullopt for a day
  /// that is none (1900-02-29, negative).
  std::optional<std::int64_t> moment(double days) const;

 private:
  explicit Workbook(Package package, Limits limits) : package_(std::move(package)), limits_(limits) {}
  Status read_parts();

  Package package_;
  Limits limits_;
  std::vector<SheetName> sheets_;
  std::vector<std::string> shared_;
  std::vector<bool> date_styles_;  ///< by index of a cell's format
  bool from_1904_ = false;
  bool has_macros_ = false;
};

/// "A", "AB" for 0, 27.
std::string column_letters(int column);
/// "B17" of a 0-based column and a 1-based row.
std::string cell_name(int column, int row);
/// Whether a number format shows a date or a time.
bool shows_date(std::string_view format_code);

}  // namespace mineward::ledger
