#include "report/filing.h"

#include <fmt/format.h>

#include <cmath>

#include "base/text.h"

namespace mineward::report {

using record::Fields;
using record::FieldValue;
using record::Record;
using record::Refusal;

namespace {

constexpr int kExactDigits = 6;  // of what is stored (packs/core/records/regulation.yaml: form_figure)

std::optional<EventTime> time_at(const db::Rows& rows, std::size_t column) {
  if (db::is_null(rows.rows[0][column])) return std::nullopt;
  return EventTime{rows.integer(0, column)};
}

Result<std::optional<Filing>> filing_from(db::Connection& c, const db::Rows& rows) {
  if (rows.empty()) return std::optional<Filing>();
  Filing f;
  f.id = RecordId{rows.integer(0, 0)};
  f.state = rows.text(0, 2);
  f.form = rows.text(0, 3);
  f.unit = RecordId{rows.integer(0, 4)};
  f.month = month_of(Date{static_cast<std::int32_t>(rows.integer(0, 5))});
  f.cases = rows.text(0, 6);
  f.compiler = rows.text(0, 7);
  f.contact = rows.text(0, 8);
  if (!db::is_null(rows.rows[0][9])) f.filed_on = Date{static_cast<std::int32_t>(rows.integer(0, 9))};
  f.filed_at = time_at(rows, 10);
  f.due_at = time_at(rows, 11);
  f.accepted_at = time_at(rows, 12);
  MW_ASSIGN(const db::Rows figures,
            c.query("SELECT CAST(COALESCE(SUM(version), 0) AS BIGINT) FROM form_figure WHERE filing = $1",
                    {f.id.value}));
  f.version = rows.integer(0, 1) + figures.integer(0, 0);
  return std::optional(std::move(f));
}

constexpr std::string_view kFilingColumns =
    "id, version, state, form, unit, month, cases, compiler, contact, filed_on, filed_at, due_at, "
    "accepted_at";

FieldValue stored(const std::optional<Figure>& figure) {
  return figure ? FieldValue(number_of(*figure)) : FieldValue();
}

std::optional<Figure> figure_at(const db::Rows& rows, std::size_t row, std::size_t column) {
  if (db::is_null(rows.rows[row][column])) return std::nullopt;
  return figure_of(rows.number(row, column));
}

Refused outcome_of(record::Outcome<Record> outcome) {
  if (auto* refusal = std::get_if<Refusal>(&outcome)) return std::move(*refusal);
  return std::nullopt;
}

/// What a figure becomes.
struct Wanted {
  std::optional<Figure> drawn, value;
  bool corrected = false;
  std::string reason;
  RecordId by;
};

Refused put_figure(Desk& desk, const std::string& row, int column, const Wanted& wanted) {
  const auto account = wanted.corrected && wanted.by ? FieldValue(wanted.by) : FieldValue();
  Fields fields{{"drawn", stored(wanted.drawn)},
                {"value", stored(wanted.value)},
                {"corrected", wanted.corrected},
                {"reason", wanted.corrected ? FieldValue(wanted.reason) : FieldValue()},
                {"corrected_by", account}};
  const auto found = desk.figures.find({row, column});
  if (found != desk.figures.end()) {
    return outcome_of(
        desk.writer.update(desk.program, "form_figure", found->second.id, 0, fields, wanted.reason));
  }
  fields["filing"] = desk.filing.id;
  fields["row"] = row;
  fields["column"] = static_cast<std::int64_t>(column);
  return outcome_of(desk.writer.create(desk.program, "form_figure", fields, wanted.reason));
}

// ---- corrections
// --------------------------------------------------------------------------------------------------

class Corrector {
 public:
  Corrector(Desk& desk, const FilingEdit& edit) : desk_(desk), edit_(edit) {}

  Refused run() {
    for (const auto& correction : edit_.corrections) check(correction);
    for (const auto& cell : edit_.clear) known(cell);
    if (!faults_.empty()) return refuse();
    for (const auto& cell : edit_.clear) {
      if (auto refused = take_back(cell)) return refused;
    }
    for (const auto& correction : edit_.corrections) {
      if (auto refused = write(correction)) return refused;
    }
    return std::nullopt;
  }

 private:
  static std::string name_of(const CellRef& cell) {
    return fmt::format("cells.{}.{}", cell.row, cell.column);
  }
  void fault(const CellRef& cell, std::string_view code, std::string message) {
    faults_.push_back({name_of(cell), std::string(code), std::move(message)});
  }
  Refused refuse() {
    return Refusal{bad_input(fmt::format("{} figures refused", faults_.size())), faults_, std::nullopt};
  }

  /// The column of a cell that can be corrected; nullptr after a fault.
  const pack::FormColumn* known(const CellRef& cell) {
    const auto row = desk_.now.find(cell.row);
    const pack::FormColumn* column = desk_.form.column(cell.column);
    if (row == desk_.now.end() || !column) {
      fault(cell, "not_found", "the form has no such row or column");
      return nullptr;
    }
    if (!column->indicator) {
      fault(cell, "read_only", "a share follows its columns");
      return nullptr;
    }
    return column;
  }

  std::optional<Figure> now(const CellRef& cell) const {
    return desk_.now.find(cell.row)->second.at(cell.column);
  }

  void check(const Correction& correction) {
    const pack::FormColumn* column = known(correction.cell);
    if (!column) return;
    const auto figure = figure_of(correction.value);
    if (!figure || correction.value < 0 || correction.value > 1e12)
      return fault(correction.cell, "out_of_range", "a number from 0 to 1e12 expected");
    const int digits = column->divide_by == 1 ? column->decimals : kExactDigits;
    const double scaled = correction.value * std::pow(10.0, digits);
    if (std::abs(scaled - std::round(scaled)) > 1e-6 * std::max(1.0, std::abs(scaled) * 1e-6))
      return fault(correction.cell, "bad_format",
                   fmt::format("at most {} digits after the point expected", digits));
    if (figure == now(correction.cell)) return;
    if (trim(correction.reason).empty())
      fault(correction.cell, "reason_required",
            fmt::format("counted {}, found {} without a reason",
                        number_of(now(correction.cell).value_or(Figure{})), correction.value));
    else if (to_code_points(correction.reason).size() > 1000)
      fault(correction.cell, "too_long", "a reason of at most 1000 characters expected");
  }

  Refused take_back(const CellRef& cell) {
    const auto found = desk_.figures.find({cell.row, cell.column});
    if (found == desk_.figures.end() || !found->second.corrected) return std::nullopt;
    return put_figure(desk_, cell.row, cell.column, Wanted{now(cell), now(cell), false, {}, {}});
  }

  Refused write(const Correction& correction) {
    const auto figure = figure_of(correction.value);
    if (figure == now(correction.cell)) return take_back(correction.cell);
    return put_figure(desk_, correction.cell.row, correction.cell.column,
                      Wanted{now(correction.cell), figure, true, std::string(trim(correction.reason)),
                             desk_.actor.account});
  }

  Desk& desk_;
  const FilingEdit& edit_;
  std::vector<record::FieldFault> faults_;
};

}  // namespace

// ---- reading
// ------------------------------------------------------------------------------------------------------

Result<std::optional<Filing>> filing_of(db::Connection& c, std::string_view form, RecordId unit,
                                        const Month& month) {
  MW_ASSIGN(const db::Rows rows,
            c.query(fmt::format("SELECT {} FROM form_filing WHERE form = $1 AND unit = $2 AND month = $3",
                                kFilingColumns),
                    {std::string(form), unit.value, std::int64_t{month.first().days}}));
  return filing_from(c, rows);
}

Result<std::optional<Filing>> filing_by_id(db::Connection& c, RecordId id) {
  MW_ASSIGN(const db::Rows rows,
            c.query(fmt::format("SELECT {} FROM form_filing WHERE id = $1", kFilingColumns), {id.value}));
  return filing_from(c, rows);
}

Result<StoredFigures> figures_of(db::Connection& c, RecordId filing) {
  MW_ASSIGN(
      const db::Rows rows,
      c.query(
          "SELECT id, version, \"row\", \"column\", drawn, \"value\", corrected, reason, corrected_by FROM "
          "form_figure WHERE filing = $1",
          {filing.value}));
  StoredFigures out;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    StoredFigure figure{RecordId{rows.integer(i, 0)},
                        rows.integer(i, 1),
                        rows.text(i, 2),
                        static_cast<int>(rows.integer(i, 3)),
                        figure_at(rows, i, 4),
                        figure_at(rows, i, 5),
                        rows.integer(i, 6) != 0,
                        rows.text(i, 7),
                        RecordId{rows.integer(i, 8)}};
    out.emplace(std::pair(figure.row, figure.column), std::move(figure));
  }
  return out;
}

CellTable cell_table(const pack::Form& form, const std::optional<Filing>& filing,
                     const StoredFigures& figures, const Table& now) {
  const bool filed = filing && filing->filed();
  CellTable out;
  for (const auto& row : form.rows) {
    const Cells& counted = now.at(row.name);
    Cells values;
    for (const auto& column : form.columns) {
      CellView& cell = out[row.name][column.number];
      cell.now = counted.at(column.number);
      cell.value = cell.now;
      const auto found = figures.find({row.name, column.number});
      if (found != figures.end() && (filed || found->second.corrected)) {
        cell.value = found->second.value;
        cell.corrected = found->second.corrected;
        cell.reason = found->second.reason;
        cell.corrected_by = found->second.corrected_by;
      }
      cell.drawn = filed && found != figures.end() ? found->second.drawn : cell.now;
      values[column.number] = cell.value;
    }
    if (filed) continue;
    fill_shares(form, values);
    for (const auto& column : form.columns) out[row.name][column.number].value = values[column.number];
  }
  return out;
}

// ---- writing
// ------------------------------------------------------------------------------------------------------

Refused write_edit(Desk& desk, const FilingEdit& edit) {
  Fields fields;
  if (edit.cases) fields["cases"] = *edit.cases;
  if (edit.compiler) fields["compiler"] = std::string(trim(*edit.compiler));
  if (edit.contact) fields["contact"] = std::string(trim(*edit.contact));
  if (!fields.empty()) {
    if (auto refused = outcome_of(desk.writer.update(desk.program, "form_filing", desk.filing.id, 0, fields)))
      return refused;
  }
  return Corrector(desk, edit).run();
}

Refused write_figures(Desk& desk) {
  for (const auto& row : desk.form.rows) {
    const Cells& drawn = desk.now.at(row.name);
    std::map<int, Wanted> wanted;
    Cells values;
    for (const auto& column : desk.form.columns) {
      Wanted& w = wanted[column.number];
      w.drawn = w.value = drawn.at(column.number);
      const auto found = desk.figures.find({row.name, column.number});
      const bool corrected =
          found != desk.figures.end() && found->second.corrected && found->second.value != w.drawn;
      if (corrected)
        w = {w.drawn, found->second.value, true, found->second.reason, found->second.corrected_by};
      values[column.number] = w.value;
    }
    fill_shares(desk.form, values);
    for (auto& [column, w] : wanted) {
      w.value = values[column];
      if (auto refused = put_figure(desk, row.name, column, w)) return refused;
    }
  }
  return std::nullopt;
}

}  // namespace mineward::report
