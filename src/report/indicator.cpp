#include "report/indicator.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/text.h"

namespace mineward::report {

namespace {

constexpr std::int64_t kMillion = 1'000'000;
constexpr std::int64_t kBeginning = std::numeric_limits<std::int64_t>::min();
using Wide = __int128;

/// Half up, away from zero; nullopt when it does not fit.
std::optional<std::int64_t> divide(Wide value, Wide by) {
  if (by < 0) {
    value = -value;
    by = -by;
  }
  const bool negative = value < 0;
  const Wide size = ((negative ? -value : value) * 2 + by) / (by * 2);
  if (size > std::numeric_limits<std::int64_t>::max()) return std::nullopt;
  return static_cast<std::int64_t>(negative ? -size : size);
}

std::int64_t power_of_ten(int digits) {
  std::int64_t out = 1;
  while (digits-- > 0) out *= 10;
  return out;
}

/// 100 * of / in, rounded half up to so many digits.
std::optional<Figure> share(std::optional<Figure> of, std::optional<Figure> in, int decimals) {
  if (!of || !in || in->millionths == 0) return std::nullopt;
  const int digits = std::clamp(decimals, 0, 6);
  const auto rounded = divide(Wide(of->millionths) * 100 * power_of_ten(digits), in->millionths);
  if (!rounded) return std::nullopt;
  const Wide millionths = Wide(*rounded) * power_of_ten(6 - digits);
  if (millionths > std::numeric_limits<std::int64_t>::max()) return std::nullopt;
  return Figure{static_cast<std::int64_t>(millionths)};
}

/// $n of a value added to the parameters.
std::string marked(std::vector<db::Value>& params, db::Value value) {
  params.push_back(std::move(value));
  return fmt::format("${}", params.size());
}

}  // namespace

Date Month::first() const { return duty::date_of(year, month, 1); }

Span Month::span() const { return duty::period_at(pack::Period::month, {}, start_of_day_ms(first())); }

std::string Month::text() const { return fmt::format("{:04}-{:02}", year, month); }

Result<Month> parse_month(std::string_view text) {
  const auto year = text.size() == 7 && text[4] == '-' ? parse_integer(text.substr(0, 4)) : std::nullopt;
  const auto month = year ? parse_integer(text.substr(5)) : std::nullopt;
  if (!month || *year < 1900 || *year > 2199 || *month < 1 || *month > 12)
    return bad_input(fmt::format("found '{}', expected a month such as 2026-01", text), "month");
  return Month{static_cast<int>(*year), static_cast<unsigned>(*month)};
}

Month month_of(Date day) {
  const duty::CivilDay civil = duty::civil(day);
  return {civil.year, civil.month};
}

double number_of(Figure figure) { return static_cast<double>(figure.millionths) / kMillion; }

std::optional<Figure> figure_of(double number) {
  if (!std::isfinite(number) || std::abs(number) > 9e12) return std::nullopt;
  return Figure{std::llround(number * kMillion)};
}

Span span_of(const pack::FormRow& row, const Month& month) {
  Span span = month.span();
  if (row.since) span.from = start_of_day_ms(*row.since);
  if (row.since_year) span.from = start_of_day_ms(duty::date_of(month.year, 1, 1));
  return span;
}

// ---- one indicator
// ------------------------------------------------------------------------------------------------

Result<Basis> Basis::make(const pack::Catalog& catalog, const pack::Form& form,
                          const pack::Indicator& indicator, RecordId unit) {
  MW_ASSIGN(auto selection, record::Selection::make(catalog, indicator.counts, indicator.when));
  Basis out(std::move(selection));
  MW_ASSIGN(out.at_, out.selection_.instant(indicator.at));
  MW_ASSIGN(out.belongs_,
            out.selection_.column(indicator.unit_field.empty() ? "owner" : indicator.unit_field));
  out.adds_ = "1";
  if (!indicator.adds.empty()) {
    const pack::Field* field = catalog.record_type(indicator.counts)->field(indicator.adds);
    MW_ASSIGN(const std::string column, out.selection_.column(indicator.adds));
    const bool decimal = field && field->type == pack::FieldType::decimal;
    out.adds_ = decimal ? fmt::format("CAST(ROUND(COALESCE({}, 0) * 1000000) AS BIGINT)", column)
                        : fmt::format("COALESCE({}, 0)", column);
    if (decimal) out.scale_ = 1;
  }
  out.filed_by_ = form.filed_by;
  out.unit_ = unit;
  out.stock_ = indicator.stock;
  return out;
}

std::string Basis::within(const Span& span, std::vector<db::Value>& params) const {
  const std::string before = fmt::format("{} < {}", at_, marked(params, span.to));
  if (stock_ || span.from == kBeginning) return before;
  return fmt::format("{} >= {} AND {}", at_, marked(params, span.from), before);
}

std::string Basis::where(const Span& span, std::vector<db::Value>& params) const {
  std::string out = fmt::format("({}) AND {}", selection_.where(params), within(span, params));
  const std::string unit = marked(params, unit_.value);
  const std::string kind = marked(params, std::string("regulator"));
  std::string levels;
  for (const auto& level : filed_by_) levels += (levels.empty() ? "" : ", ") + marked(params, level);
  // Its subtree without the subtrees of the other filing units in it.
  out += fmt::format(
      " AND {0} IN (SELECT s.organisation FROM org_scope s WHERE s.ancestor = {1} AND NOT EXISTS ("
      "SELECT 1 FROM org_scope b JOIN org_scope a ON a.organisation = b.ancestor AND a.ancestor = {1} "
      "JOIN organisation f ON f.id = b.ancestor WHERE b.organisation = s.organisation AND b.ancestor <> {1} "
      "AND f.kind = {2} AND f.level IN ({3})))",
      belongs_, unit, kind, levels);
  return out;
}

Result<Figure> figure_of_sum(const Basis& basis, const pack::FormColumn& column, std::int64_t sum) {
  const Wide scaled = Wide(sum) * basis.scale();
  std::optional<std::int64_t> out;
  if (const auto whole = static_cast<std::int64_t>(column.divide_by);
      static_cast<double>(whole) == column.divide_by && whole != 0) {
    out = divide(scaled, whole);
  } else {
    const auto figure = figure_of(static_cast<double>(sum) * static_cast<double>(basis.scale()) /
                                  static_cast<double>(kMillion) / column.divide_by);
    if (figure) out = figure->millionths;
  }
  if (!out)
    return Error{Errc::unavailable, fmt::format("the sum of column {} is too large", column.number), {}};
  return Figure{*out};
}

namespace {

/// One column in all rows, by one statement: a sum for each row over the records of the widest span.
Status draw_column(db::Connection& c, const pack::Catalog& catalog, const pack::Form& form,
                   const pack::FormColumn& column, RecordId unit, const Month& month, Table& out) {
  MW_ASSIGN(const Basis basis, Basis::make(catalog, form, *column.indicator, unit));
  std::vector<db::Value> params;
  std::string sums;
  Span widest = month.span();
  for (const auto& row : form.rows) {
    const Span span = span_of(row, month);
    widest.from = std::min(widest.from, span.from);
    sums += fmt::format("{}CAST(COALESCE(SUM(CASE WHEN {} THEN {} ELSE 0 END), 0) AS BIGINT)",
                        sums.empty() ? "" : ", ", basis.within(span, params), basis.adds());
  }
  const std::string where = basis.where(widest, params);
  MW_ASSIGN(const db::Rows rows,
            c.query(fmt::format("SELECT {} FROM {} WHERE {}", sums, basis.from(), where), params));
  for (std::size_t i = 0; i < form.rows.size(); ++i) {
    MW_ASSIGN(const Figure figure, figure_of_sum(basis, column, rows.integer(0, i)));
    out[form.rows[i].name][column.number] = figure;
  }
  return {};
}

}  // namespace

// ---- the whole form
// -----------------------------------------------------------------------------------------------

void fill_shares(const pack::Form& form, Cells& row) {
  for (const auto& column : form.columns) {
    if (column.indicator) continue;
    row[column.number] = share(row[column.share_of], row[column.share_in], column.decimals);
  }
}

Result<Table> draw(db::Connection& c, const pack::Catalog& catalog, const pack::Form& form, RecordId unit,
                   const Month& month) {
  Table out;
  for (const auto& column : form.columns) {
    if (column.indicator) MW_TRY(draw_column(c, catalog, form, column, unit, month, out));
  }
  for (const auto& row : form.rows) fill_shares(form, out[row.name]);
  return out;
}

}  // namespace mineward::report
