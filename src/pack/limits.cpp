/// Choosing the limit that applies to a sensor, and running the examples of the limits.
#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "base/text.h"
#include "pack/draft.h"
#include "pack/load.h"

namespace mineward::pack {
namespace {

bool is_upper(const Bound& bound) { return bound.op == Bound::Op::ge || bound.op == Bound::Op::gt; }

std::size_t code_points(std::string_view utf8) {
  return static_cast<std::size_t>(std::count_if(utf8.begin(), utf8.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

/// How many characters of the place the best item of the row's words explains; 0 = no item fits. "a+b" needs both.
std::size_t words_matched(const LimitRow& row, std::string_view where) {
  std::size_t best = 0;
  for (const auto& item : row.keywords) {
    std::size_t length = 0;
    bool all = true;
    for (const auto word : split(item, '+')) {
      all = all && !word.empty() && where.find(word) != std::string_view::npos;
      length += code_points(word);
    }
    if (all) best = std::max(best, length);
  }
  return best;
}

bool in_force(const LimitRow& row, std::string_view gas, std::string_view mine_kind, std::string_view jurisdiction, Date on) {
  return row.gas == gas && (row.mine_kind.empty() || mine_kind.empty() || row.mine_kind == mine_kind) &&
         covers_region(row.jurisdiction, jurisdiction) && row.valid_from <= on && (!row.valid_to || on <= *row.valid_to);
}

/// How well a row fits: the role decides, then the words, then a row for any place. 0 = not at all.
std::size_t fit(const LimitRow& row, std::string_view role, std::string_view where) {
  constexpr std::size_t kByRole = 1'000'000;
  const std::size_t words = words_matched(row, where);
  if (!row.role.empty() && row.role == role) return kByRole + words;
  if (words > 0) return 1 + words;
  return row.role.empty() && row.keywords.empty() ? 1 : 0;
}

/// Is the alarm of `a` reached earlier than that of `b`? Rows with opposite directions can't be compared: no.
bool stricter(const LimitRow& a, const LimitRow& b) {
  if (!a.alarm || !b.alarm) return a.alarm.has_value() && !b.alarm.has_value();
  if (is_upper(*a.alarm) != is_upper(*b.alarm)) return false;
  if (a.alarm->value != b.alarm->value) return is_upper(*a.alarm) == (a.alarm->value < b.alarm->value);
  const auto inclusive = [](const Bound& x) { return x.op == Bound::Op::ge || x.op == Bound::Op::le; };
  return inclusive(*a.alarm) && !inclusive(*b.alarm);
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

const LimitRow* Catalog::limit_for(std::string_view gas, std::string_view role, std::string_view where, std::string_view mine_kind,
                                   std::string_view jurisdiction, Date on) const {
  // The best row of each pack, then the strictest of these: a row of a lower pack that fits better than the national
  // one never loosens it.
  struct Best {
    const LimitRow* row;
    std::size_t fit;
  };
  std::vector<Best> best;
  for (const auto& row : limits) {
    if (!in_force(row, gas, mine_kind, jurisdiction, on)) continue;
    const std::size_t fits = fit(row, role, where);
    if (fits == 0) continue;
    const auto same = std::find_if(best.begin(), best.end(), [&](const Best& b) { return b.row->pack == row.pack; });
    if (same == best.end()) best.push_back({&row, fits});
    else if (fits > same->fit || (fits == same->fit && stricter(row, *same->row))) *same = {&row, fits};
  }
  const LimitRow* chosen = nullptr;
  for (const auto& candidate : best) {
    if (!chosen || stricter(*candidate.row, *chosen)) chosen = candidate.row;
  }
  return chosen;
}

ExampleOutcome run_limit_examples(const Catalog& catalog) {
  constexpr std::string_view kKnown[] = {"gas", "role", "place", "mine_kind", "jurisdiction", "on", "value"};
  ExampleOutcome outcome;
  for (const auto& example : catalog.limit_examples) {
    const auto fail = [&](std::string message) { outcome.failed.push_back({example.place, std::move(message)}); };
    const auto unknown = std::find_if(example.given.begin(), example.given.end(), [&](const auto& pair) {
      return std::find(std::begin(kKnown), std::end(kKnown), pair.first) == std::end(kKnown);
    });
    if (unknown != example.given.end()) {
      fail(fmt::format("found \"{}\" given in example \"{}\", expected only {}", unknown->first, example.name, fmt::join(kKnown, ", ")));
      continue;
    }
    const std::string day = given(example, "on");
    auto on = parse_date(day.empty() ? "2026-01-12" : day);
    if (!on) {
      fail(fmt::format("found on: \"{}\" in example \"{}\", expected a date", day, example.name));
      continue;
    }
    const std::string found = answer(catalog.limit_for(given(example, "gas"), given(example, "role"), given(example, "place"),
                                                       given(example, "mine_kind"), given(example, "jurisdiction"), *on),
                                     given(example, "value"));
    if (found == example.expect) ++outcome.passed;
    else fail(fmt::format("found \"{}\" for example \"{}\", expected \"{}\"", found, example.name, example.expect));
  }
  return outcome;
}

}  // namespace mineward::pack
