/// Choosing the limit that applies to a sensor, and running the examples of the limits.
#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "pack/bounds.h"
#include "pack/draft.h"
#include "pack/load.h"
#include "pack/validity.h"

namespace mineward::pack {
namespace {

std::size_t code_points(std::string_view utf8) {
  return static_cast<std::size_t>(std::count_if(
      utf8.begin(), utf8.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

/// How well the best item of the row's words fits the place; 0 = no item does. "a+b" needs both words; an
/// item that explains more characters fits better; one that begins with ~ (a working area) less well than any
/// other (a spot in it).
std::size_t words_matched(const LimitRow& row, std::string_view where) {
  constexpr std::size_t kSpot = 1000;
  std::size_t best = 0;
  for (std::string_view item : row.keywords) {
    std::size_t length = kSpot;
    if (item.starts_with('~')) {
      item.remove_prefix(1);
      length = 0;
    }
    bool all = true;
    for (const auto word : split(item, '+')) {
      all = all && !word.empty() && where.find(word) != std::string_view::npos;
      length += code_points(word);
    }
    if (all) best = std::max(best, length);
  }
  return best;
}

bool speaks(const LimitRow& row, std::string_view gas, std::string_view mine_kind,
            std::string_view jurisdiction, Date on) {
  return row.gas == gas && (row.mine_kind.empty() || mine_kind.empty() || row.mine_kind == mine_kind) &&
         in_force(row, jurisdiction, on);
}

/// How well a row fits: the role decides, then the words, then a row for any place. 0 = not at all.
std::size_t fit(const LimitRow& row, std::string_view role, std::string_view where) {
  constexpr std::size_t kByRole = 1'000'000;
  const std::size_t words = words_matched(row, where);
  if (!row.role.empty() && row.role == role) return kByRole + words;
  if (words > 0) return 1 + words;
  return row.role.empty() && row.keywords.empty() ? 1 : 0;
}

/// Which of two bounds is reached earlier: -1 = the first, 1 = the second, 0 = equal or opposite directions.
/// A bound is earlier than none.
int earlier(const std::optional<Bound>& a, const std::optional<Bound>& b) {
  if (!a || !b) return static_cast<int>(b.has_value()) - static_cast<int>(a.has_value());
  if (is_upper(*a) != is_upper(*b)) return 0;
  if (a->value != b->value) return is_upper(*a) == (a->value < b->value) ? -1 : 1;
  return static_cast<int>(is_inclusive(*b)) - static_cast<int>(is_inclusive(*a));
}

/// By the alarm; between equal alarms by its lower side, then by the cut.
bool stricter(const LimitRow& a, const LimitRow& b) {
  if (const int order = earlier(a.alarm, b.alarm); order != 0) return order < 0;
  if (const int order = earlier(a.alarm_low, b.alarm_low); order != 0) return order < 0;
  return earlier(a.cut, b.cut) < 0;
}

std::string given(const Example& example, const std::string& key) {
  const auto it = example.given.find(key);
  return it == example.given.end() ? std::string() : it->second;
}

/// "CH4-T0 alarm cut": the row that applies and what the value does to it.
std::string answer(const LimitRow* row, const std::string& value) {
  if (!row) return "no row";
  const auto x = parse_number(value);
  if (!x) return row->id + " empty";
  const auto over = [&](const std::optional<Bound>& bound) { return bound && bound->over(*x); };
  std::string out;
  if (over(row->alarm) || over(row->alarm_low)) out += " alarm";
  if (over(row->cut)) out += " cut";
  return row->id + (out.empty() ? " normal" : out);
}

}  // namespace

bool looser(const Bound& higher, const Bound& lower, bool restore) {
  if (is_upper(higher) != is_upper(lower)) return true;
  const bool smaller_is_tighter = restore ? !is_upper(higher) : is_upper(higher);
  if (higher.value != lower.value) return smaller_is_tighter == (lower.value > higher.value);
  return restore ? is_inclusive(lower) && !is_inclusive(higher)
                 : is_inclusive(higher) && !is_inclusive(lower);
}

bool no_looser(const LimitRow& higher, const LimitRow& lower) {
  const auto fine = [](const std::optional<Bound>& h, const std::optional<Bound>& l, bool restore) {
    return !h || (l && !looser(*h, *l, restore));
  };
  return fine(higher.alarm, lower.alarm, false) && fine(higher.alarm_low, lower.alarm_low, false) &&
         fine(higher.cut, lower.cut, false) && fine(higher.restore, lower.restore, true);
}

const LimitRow* Catalog::limit_for(std::string_view gas, std::string_view role, std::string_view where,
                                   std::string_view mine_kind, std::string_view jurisdiction, Date on) const {
  // The best row of each pack, highest level first; a row of a lower pack replaces it only if no bound of it
  // is looser. So a county row that fits the place better never takes a national alarm or cut away.
  struct Best {
    const LimitRow* row;
    std::size_t fit;
  };
  std::vector<Best> best;
  for (const auto& row : limits) {
    if (!speaks(row, gas, mine_kind, jurisdiction, on)) continue;
    const std::size_t fits = fit(row, role, where);
    if (fits == 0) continue;
    const auto same =
        std::find_if(best.begin(), best.end(), [&](const Best& b) { return b.row->pack == row.pack; });
    if (same == best.end())
      best.push_back({&row, fits});
    else if (fits > same->fit || (fits == same->fit && stricter(row, *same->row)))
      *same = {&row, fits};
  }
  const LimitRow* chosen = nullptr;
  for (const auto& candidate : best) {
    if (!chosen || no_looser(*chosen, *candidate.row)) chosen = candidate.row;
  }
  return chosen;
}

ExampleOutcome run_limit_examples(const Catalog& catalog) {
  constexpr std::string_view kKnown[] = {"gas", "role", "place", "mine_kind", "jurisdiction", "on", "value"};
  ExampleOutcome outcome;
  for (const auto& example : catalog.limit_examples) {
    const auto fail = [&](std::string message) {
      outcome.failed.push_back({example.place, std::move(message)});
    };
    const auto unknown = std::find_if(example.given.begin(), example.given.end(), [&](const auto& pair) {
      return std::find(std::begin(kKnown), std::end(kKnown), pair.first) == std::end(kKnown);
    });
    if (unknown != example.given.end()) {
      fail(fmt::format("found \"{}\" given in example \"{}\", expected only {}", unknown->first, example.name,
                       fmt::join(kKnown, ", ")));
      continue;
    }
    const std::string day = given(example, "on");
    auto on = parse_date(day.empty() ? "2026-01-12" : day);
    if (!on) {
      fail(fmt::format("found on: \"{}\" in example \"{}\", expected a date", day, example.name));
      continue;
    }
    const std::string found =
        answer(catalog.limit_for(given(example, "gas"), given(example, "role"), given(example, "place"),
                                 given(example, "mine_kind"), given(example, "jurisdiction"), *on),
               given(example, "value"));
    if (found == example.expect)
      ++outcome.passed;
    else
      fail(fmt::format("found \"{}\" for example \"{}\", expected \"{}\"", found, example.name,
                       example.expect));
  }
  return outcome;
}

}  // namespace mineward::pack
