// The words of duties: periods, due times, and which of two duties is stricter.
#include <fmt/format.h>

#include <array>

#include "base/text.h"
#include "pack/catalog.h"

namespace mineward::pack {
namespace {

constexpr std::pair<Period, std::string_view> kPeriods[] = {
    {Period::shift, "shift"}, {Period::day, "day"},         {Period::week, "week"},
    {Period::month, "month"}, {Period::quarter, "quarter"}, {Period::half_year, "half_year"},
    {Period::year, "year"}};

constexpr std::pair<Due::Unit, std::string_view> kUnits[] = {{Due::Unit::working_days, "working days"},
                                                             {Due::Unit::days, "days"},
                                                             {Due::Unit::hours, "h"},
                                                             {Due::Unit::minutes, "min"}};

/// How many whole periods of `fine` make one of `coarse`; 0 when they do not fit into each other. A shift is
/// taken as a third of a day, which only says that more often is stricter.
int parts_of(Period fine, Period coarse) {
  if (fine == coarse) return 1;
  constexpr auto months = [](Period p) {
    switch (p) {
      case Period::month: return 1;
      case Period::quarter: return 3;
      case Period::half_year: return 6;
      case Period::year: return 12;
      default: return 0;
    }
  };
  if (months(fine) && months(coarse) && months(fine) < months(coarse)) return months(coarse) / months(fine);
  if (fine == Period::shift && coarse == Period::day) return 3;
  if (fine == Period::shift && coarse == Period::week) return 21;
  if (fine == Period::day && coarse == Period::week) return 7;
  // Every month has at least so many days: enough to say that as many a day are no fewer a month.
  if (fine == Period::day && months(coarse)) return 28 * months(coarse);
  if (fine == Period::shift && months(coarse)) return 3 * 28 * months(coarse);
  return 0;
}

Millis offset(const Due& due) {
  constexpr std::int64_t kDay = 86400000;
  const Millis size(due.unit == Due::Unit::at_end         ? 0
                    : due.unit == Due::Unit::hours        ? due.count * 3600000LL
                    : due.unit == Due::Unit::minutes      ? due.count * 60000LL
                    : due.unit == Due::Unit::working_days ? due.count * kDay * 7 / 5
                                                          : due.count * kDay);
  return due.before ? -size : size;
}

Strictness by_order(bool a_at_least_as_strict, bool b_at_least_as_strict) {
  if (a_at_least_as_strict && b_at_least_as_strict) return Strictness::same;
  if (a_at_least_as_strict) return Strictness::stricter;
  if (b_at_least_as_strict) return Strictness::looser;
  return Strictness::incomparable;
}

/// Whether who keeps `a` keeps `b` too, as far as the numbers go.
bool implies(const DutyRule& a, const DutyRule& b) {
  if (a.is_limit()) {
    return *a.longer_than <= *b.longer_than && a.at_most.value_or(0) <= b.at_most.value_or(0) &&
           parts_of(b.every, a.every) > 0;
  }
  const int parts = parts_of(a.every, b.every);
  return parts > 0 && a.at_least.value_or(0) * parts >= b.at_least.value_or(0);
}

}  // namespace

std::string_view name_of(Period period) {
  for (const auto& [known, name] : kPeriods) {
    if (known == period) return name;
  }
  return "";
}

std::optional<Period> parse_period(std::string_view text) {
  for (const auto& [period, name] : kPeriods) {
    if (name == text) return period;
  }
  return std::nullopt;
}

std::optional<Due> parse_due(std::string_view text) {
  if (text == "at the end") return Due{};
  Due due;
  constexpr std::string_view kAfter = " after the end", kBefore = " before the end";
  due.before = text.ends_with(kBefore);
  if (!due.before && !text.ends_with(kAfter)) return std::nullopt;
  text.remove_suffix(due.before ? kBefore.size() : kAfter.size());
  const auto space = text.find(' ');
  if (space == std::string_view::npos) return std::nullopt;
  const auto count = parse_integer(text.substr(0, space));
  if (!count || *count < 1 || *count > 366) return std::nullopt;
  due.count = static_cast<int>(*count);
  for (const auto& [unit, name] : kUnits) {
    const bool singular =
        due.count == 1 && name.ends_with("days") && text.substr(space + 1) == name.substr(0, name.size() - 1);
    if (text.substr(space + 1) != name && !singular) continue;
    due.unit = unit;
    const bool whole_days = unit == Due::Unit::days || unit == Due::Unit::working_days;
    if (due.before && whole_days) return std::nullopt;
    return due;
  }
  return std::nullopt;
}

std::string text_of(const Due& due) {
  for (const auto& [unit, name] : kUnits) {
    if (unit != due.unit) continue;
    const bool singular = due.count == 1 && name.ends_with("days");
    return fmt::format("{} {} {} the end", due.count, singular ? name.substr(0, name.size() - 1) : name,
                       due.before ? "before" : "after");
  }
  return "at the end";
}

Strictness compare(const DutyRule& a, const DutyRule& b) {
  const bool comparable = a.owed_by == b.owed_by && a.owed_when == b.owed_when && a.counts == b.counts &&
                          a.of == b.of && a.when == b.when && a.at == b.at && a.is_limit() == b.is_limit() &&
                          a.from == b.from && a.to == b.to;
  if (!comparable) return Strictness::incomparable;
  const Strictness numbers = by_order(implies(a, b), implies(b, a));
  if (numbers != Strictness::same) return numbers;
  return by_order(offset(a.due) <= offset(b.due), offset(b.due) <= offset(a.due));
}

}  // namespace mineward::pack
