#include "pack/decision.h"

#include <algorithm>

#include "base/text.h"
#include "pack/validity.h"

namespace mineward::pack {
namespace {

enum class Fit { yes, no, unknown };

Fit fits(const InputTest& test, const Case& known, const std::string& input) {
  const auto found = known.find(input);
  if (found == known.end()) return Fit::unknown;
  if (const auto* bounds = std::get_if<std::vector<Bound>>(&test)) {
    const auto* number = std::get_if<double>(&found->second);
    if (!number) return Fit::no;
    const bool all =
        std::all_of(bounds->begin(), bounds->end(), [&](const Bound& b) { return b.over(*number); });
    return all ? Fit::yes : Fit::no;
  }
  const auto& codes = std::get<std::vector<std::string>>(test);
  const auto* code = std::get_if<std::string>(&found->second);
  return code && std::find(codes.begin(), codes.end(), *code) != codes.end() ? Fit::yes : Fit::no;
}

/// A row that is ruled out by what is known stays ruled out, whatever else is unknown.
Fit fits(const TableRow& row, const Case& known) {
  Fit out = Fit::yes;
  for (const auto& [input, test] : row.when) {
    const Fit one = fits(test, known, input);
    if (one == Fit::no) return Fit::no;
    if (one == Fit::unknown) out = Fit::unknown;
  }
  return out;
}

/// How bad the answer of a row is; rising.
double badness(const DecisionTable& table, const TableRow& row) {
  if (table.outputs.empty()) return 0;
  const auto given = row.gives.find(table.outputs.front().name);
  if (given == row.gives.end()) return -1;
  if (table.order.empty()) return parse_number(given->second).value_or(-1);
  const auto at = std::find(table.order.begin(), table.order.end(), given->second);
  return static_cast<double>(at - table.order.begin());
}

std::size_t digits_that_count(std::string_view jurisdiction) {
  if (jurisdiction.empty()) return 0;
  return jurisdiction.ends_with("0000") ? 2 : jurisdiction.ends_with("00") ? 4 : 6;
}

}  // namespace

const TableInput* DecisionTable::input(std::string_view wanted) const {
  for (const auto& i : inputs) {
    if (i.name == wanted) return &i;
  }
  return nullptr;
}

const TableOutput* DecisionTable::output(std::string_view wanted) const {
  for (const auto& o : outputs) {
    if (o.name == wanted) return &o;
  }
  return nullptr;
}

std::optional<Decision> decide(const DecisionTable& table, const Case& known, std::string_view region,
                               Date on) {
  const TableRow* best = nullptr;
  bool open = false;  // a row that could still come to fit
  for (const auto& row : table.rows) {
    if (!in_force(row, region, on)) continue;
    const Fit fit = fits(row, known);
    open = open || fit == Fit::unknown;
    if (fit != Fit::yes) continue;
    if (!best) {
      best = &row;
      continue;
    }
    const auto here = digits_that_count(row.jurisdiction), there = digits_that_count(best->jurisdiction);
    const bool replaces =
        here != there ? here > there : table.worst && badness(table, row) > badness(table, *best);
    if (replaces) best = &row;
  }
  if (!best) return std::nullopt;
  return Decision{best, table.lower_bound && open};
}

}  // namespace mineward::pack
