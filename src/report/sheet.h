/// A form ready to be printed, and its prints: XLSX like the printed form, CSV, JSON.
#pragma once

#include <string>
#include <vector>

#include "base/json.h"
#include "report/form.h"

namespace mineward::report {

/// What stands on the paper. Of a summary: the sums, with the units that filed on a second sheet.
struct Sheet {
  const pack::Form* form = nullptr;  ///< borrowed
  Unit unit;
  Month month;
  Table values;
  std::string cases, compiler, contact;
  std::optional<Date> filed_on;
  std::string state;  ///< of the filing: "none", "draft", ...; of a summary: "summary"
  std::vector<UnitState> units;
};
Sheet sheet_of(const FormPage& page);
Sheet sheet_of(const FormSummary& summary);

/// The form's title with year and month filled in.
std::string title_of(const pack::Form& form, const Month& month);
/// A figure as it is printed: with the digits of its column; "" when blank.
std::string text_of(const pack::FormColumn& column, const std::optional<Figure>& figure);
/// Null when blank; whole numbers as such.
Json json_of(const std::optional<Figure>& figure);

/// {form, title, unit, month, state, cells: {row: {column: number|null}}, ...}
Json form_json(const Sheet& sheet);
/// UTF-8 with BOM, RFC 4180; a header, then a line for each row; texts are guarded against formulas.
std::string form_csv(const Sheet& sheet);
/// An XLSX file, A4 landscape on one page. `unavailable` when the temporary file cannot be written.
Result<std::string> form_xlsx(const Sheet& sheet);

}  // namespace mineward::report
