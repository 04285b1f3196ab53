/// What one figure of a form counts: an indicator of the pack for a filing unit and a span of time.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "db/db.h"
#include "duty/calendar.h"
#include "duty/regime.h"
#include "record/selection.h"

namespace mineward::report {

using duty::Span;
using record::RecordId;

/// A calendar month in China.
struct Month {
  int year = 0;
  unsigned month = 0;  ///< 1..12
  Date first() const;
  Span span() const;         ///< from its first to before the next month's first millisecond
  std::string text() const;  ///< "2026-01"
  friend auto operator<=>(const Month&, const Month&) = default;
};
/// "2026-01"; years 1900 to 2199.
Result<Month> parse_month(std::string_view text);
Month month_of(Date day);

/// A figure in millionths of its unit. Counts, sums of fen shown in 万元 (fen / 1 000 000) and their sums are
/// exact; shares are rounded half up to the digits of their column.
struct Figure {
  std::int64_t millionths = 0;
  friend auto operator<=>(const Figure&, const Figure&) = default;
};
double number_of(Figure figure);
/// The nearest figure; nullopt for what is not finite or too large.
std::optional<Figure> figure_of(double number);

/// By column number; none = blank: a share of nothing.
using Cells = std::map<int, std::optional<Figure>>;
/// By row name.
using Table = std::map<std::string, Cells, std::less<>>;

/// The span that a row covers in a form of that month. One that begins after the month holds nothing (`from`
/// is after `to`).
Span span_of(const pack::FormRow& row, const Month& month);

/// The records behind one indicator for one unit, as SQL with its values bound. Both the sum and the list are
/// made of it, so that they cannot differ.
///
/// A unit's own organisations are itself and all below it, without the other filing units of the form below
/// it and what stands below those. A record belongs to the unit when the indicator's unit field (or else the
/// record's owner) is one of them.
class Basis {
 public:
  static Result<Basis> make(const pack::Catalog&, const pack::Form&, const pack::Indicator&, RecordId unit);

  const std::string& from() const { return selection_.from(); }
  const std::string& at() const { return at_; }  ///< SQL: its instant, UTC milliseconds
  const std::string& adds() const {
    return adds_;
  }  ///< SQL: what it adds, a whole number; "1" when it counts
  /// What `adds` must be multiplied by and divided by to give the figure in millionths, without divide_by.
  std::int64_t scale() const { return scale_; }
  /// Conditions, unit and time; a stock looks at the end of the span only.
  std::string where(const Span& span, std::vector<db::Value>& params) const;
  /// The condition on time alone, for sums over several spans at once.
  std::string within(const Span& span, std::vector<db::Value>& params) const;

 private:
  explicit Basis(record::Selection selection) : selection_(std::move(selection)) {}
  record::Selection selection_;
  std::string at_, adds_, belongs_;
  std::vector<std::string> filed_by_;
  std::int64_t scale_ = 1'000'000;
  RecordId unit_;
  bool stock_ = false;
};

/// A sum of `adds` as a figure: scaled first, divided once, rounded half up at the millionth. `unavailable`
/// when it is too large for a figure.
Result<Figure> figure_of_sum(const Basis&, const pack::FormColumn&, std::int64_t sum);

/// Every cell of the form for a unit and month, counted now.
Result<Table> draw(db::Connection&, const pack::Catalog&, const pack::Form&, RecordId unit, const Month&);

/// Fills in the shares of a row from its own columns.
void fill_shares(const pack::Form&, Cells& row);

}  // namespace mineward::report
