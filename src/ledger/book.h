/// Inside ledger/: an XLSX being written. Wraps libxlsxwriter: what it holds is freed, and a text can never
/// become a formula.
#pragma once

#include <xlsxwriter.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace mineward::ledger {

/// A workbook that becomes the bytes of a file. One thread.
class Book {
 public:
  /// `in_order`: rows are written from top to bottom and forgotten, so that their number costs no memory;
  /// what is merged must stand in one row.
  static Result<Book> make(bool in_order);
  Book(Book&& other) noexcept;
  Book& operator=(Book&&) = delete;
  ~Book();

  /// A name that Excel takes: at most 31 characters, without []:*?/\ .
  lxw_worksheet* sheet(std::string_view name);

  struct Look {
    bool bold = false, head = false, wrap = false, centre = false;
    double size = 11;
    std::string number = {};   ///< number format
    bool locked_grey = false;  ///< what the program sets: grey
  };
  lxw_format* format(const Look& look);

  /// Closes, reads and removes the file.
  Result<std::string> finish();

 private:
  Book() = default;
  lxw_workbook* book_ = nullptr;
  std::string path_;
};

/// Writes a text cell, whatever the text begins with. Cut at what a cell holds (32,767 characters); control
/// characters are written as Excel does (_x000D_).
void write_text(lxw_worksheet*, lxw_row_t, lxw_col_t, std::string_view text, lxw_format*);
/// A moment as a date cell in China's time; as text before 1900-03-01, which spreadsheets count differently.
void write_moment(lxw_worksheet*, lxw_row_t, lxw_col_t, std::int64_t utc_ms, bool with_time, lxw_format*);
/// One cell, or several of one row made one.
void write_span(lxw_worksheet*, lxw_row_t, lxw_col_t first, lxw_col_t last, std::string_view text,
                lxw_format*);

/// How wide texts are in a spreadsheet's units: a Chinese character takes two.
double shown_width(std::string_view text);

/// "_x000D_" and its like in a read text are the characters that they stand for.
std::string without_escapes(std::string text);

}  // namespace mineward::ledger
