/// Limits: rows must be told apart, carry their source, and a lower pack may only tighten.
#include <fmt/format.h>

#include <algorithm>

#include "pack/bounds.h"
#include "pack/resolve.h"

namespace mineward::pack {
namespace {

template <class T>
bool overlap(const T& a, const T& b) {
  return (!a.valid_to || b.valid_from <= *a.valid_to) && (!b.valid_to || a.valid_from <= *b.valid_to);
}
/// Could both rows be in force for one mine?
template <class T>
bool meet(const T& a, const T& b) {
  return overlap(a, b) &&
         (covers_region(a.jurisdiction, b.jurisdiction) || covers_region(b.jurisdiction, a.jurisdiction));
}

std::string cite(const LimitRow& row) {
  return fmt::format("{}:{} [{}] {}", row.place.file, row.place.line, row.source.confidence,
                     row.source.clause.empty() ? quoted(row.source.text) : row.source.clause);
}

class LimitCheck {
 public:
  LimitCheck(const Draft& draft, const Catalog& catalog, Report& report)
      : draft_(draft), catalog_(catalog), report_(report) {}

  void run() {
    for (std::size_t i = 0; i < draft_.limits.size(); ++i) {
      const auto& row = draft_.limits[i];
      if (row.value.id.empty()) continue;
      alone(row);
      for (std::size_t j = 0; j < i; ++j) against(draft_.limits[j], row);
    }
  }

 private:
  template <class... Args>
  void add(const Row<LimitRow>& row, std::string_view key, fmt::format_string<Args...> form, Args&&... args) {
    report_.add(row.at(key), fmt::format(form, std::forward<Args>(args)...));
  }

  void alone(const Row<LimitRow>& row) {
    const LimitRow& limit = row.value;
    for (const std::string key : {"alarm", "cut", "restore"}) {
      if (row.node->get(key) && row.node->get(key + "_words")) {
        add(row, key + "_words", "found \"{0}\" and \"{0}_words\" in limit \"{1}\", expected one of the two",
            key, limit.id);
      }
    }
    if (limit.alarm_text.empty())
      add(row, "id", "found limit \"{}\" without \"alarm\", expected alarm or alarm_words", limit.id);
    for (const std::string_view key : {"cut", "restore"}) {
      const Node* node = row.node->get(key);
      if (node && node->text.find(" or ") != std::string::npos) {
        add(row, key, "found two sides in \"{}\" of limit \"{}\", expected a single bound such as \">=1.0\"",
            key, limit.id);
      }
    }
    if (limit.floor && !limit.alarm)
      add(row, "floor", "found floor: true in limit \"{}\" without a number, expected a bound in \"alarm\"",
          limit.id);
    sourced(row, limit.source, "limit", limit.id);
    if (limit.valid_to && *limit.valid_to < limit.valid_from) {
      add(row, "valid_to", "found valid_to {} before valid_from {} in limit \"{}\", expected a day after it",
          format_date(*limit.valid_to), format_date(limit.valid_from), limit.id);
    }
    order(row);
    references(row);
    for (std::string_view words : limit.keywords) {
      if (words.starts_with('~')) words.remove_prefix(1);
      if (words.empty() || words.front() == '+' || words.back() == '+' ||
          words.find("++") != std::string::npos) {
        add(row, "keywords", "found {} in \"keywords\" of limit \"{}\", expected words joined by single +",
            quoted(words), limit.id);
      }
    }
  }

  void sourced(const Row<LimitRow>& row, const Source& source, std::string_view what, const std::string& id) {
    if (!row.node->get("source")) return;  // said already
    if (source.clause.empty() && source.text.empty()) {
      add(row, "source", "found {} \"{}\" with an empty source, expected a clause or a text", what, id);
    }
    if (source.confidence.empty()) {
      add(row, "source",
          "found {} \"{}\" without confidence in its source, expected one of C, C-field, C-test, G, U, D",
          what, id);
    }
  }

  /// Power is cut at the alarm or later, and returns only where it would not be cut.
  void order(const Row<LimitRow>& row) {
    const LimitRow& limit = row.value;
    if (limit.alarm && limit.cut && looser(*limit.cut, *limit.alarm, false)) {
      add(row, "cut", "found cut {} that comes before alarm {} in limit \"{}\", expected the alarm first",
          limit.cut->text(), limit.alarm->text(), limit.id);
    }
    if (limit.cut && limit.restore && limit.restore->over(limit.cut->value) &&
        limit.cut->over(limit.cut->value)) {
      add(row, "restore", "found restore {} where power is cut ({}) in limit \"{}\", expected it outside",
          limit.restore->text(), limit.cut->text(), limit.id);
    }
  }

  void references(const Row<LimitRow>& row) {
    const LimitRow& limit = row.value;
    const auto has = [&](std::string_view dictionary, const std::string& code) {
      const Dictionary* known = catalog_.dictionary(dictionary);
      return known && known->entry(code);
    };
    if (!limit.role.empty() && !has("location_role", limit.role) && !has("limit_case", limit.role)) {
      add(row, "role",
          "found role \"{}\" in limit \"{}\", expected a code of dictionary location_role or limit_case",
          limit.role, limit.id);
    }
    if (!limit.mine_kind.empty() && !has("mine_kind", limit.mine_kind)) {
      add(row, "mine_kind", "found mine kind \"{}\" in limit \"{}\", expected a code of dictionary mine_kind",
          limit.mine_kind, limit.id);
    }
  }

  int rank(const Row<LimitRow>& row) const { return rank_of(draft_.pack_of(row.pack).level); }

  /// `first` stands before `second`: same or higher level.
  void against(const Row<LimitRow>& first, const Row<LimitRow>& second) {
    if (!meet(first.value, second.value)) return;
    const bool lower = rank(second) > rank(first);
    if (first.value.id == second.value.id) {
      if (lower)
        tightens(first, second);
      else if (first.value.jurisdiction == second.value.jurisdiction) {
        add(second, "valid_from",
            "found limit \"{}\" valid at the same time as {}, expected validity that does not overlap",
            second.value.id, fmt::format("{}:{}", first.value.place.file, first.value.place.line));
      }
    } else if (lower && first.value.gas == second.value.gas && !first.value.role.empty() &&
               first.value.role == second.value.role && first.value.unit == second.value.unit &&
               first.value.alarm && second.value.alarm &&
               is_upper(*first.value.alarm) == is_upper(*second.value.alarm)) {
      compare(first, second, "alarm", first.value.alarm, second.value.alarm, false);
      compare(first, second, "cut", first.value.cut, second.value.cut, false);
    }
  }

  void tightens(const Row<LimitRow>& higher, const Row<LimitRow>& lower) {
    const LimitRow &h = higher.value, &l = lower.value;
    for (const auto& [key, a, b] : {std::tuple("gas", h.gas, l.gas), std::tuple("role", h.role, l.role),
                                    std::tuple("unit", h.unit, l.unit)}) {
      if (a == b) continue;
      add(lower, key, "found {} \"{}\" in limit \"{}\", expected \"{}\" as in {}", key, b, l.id, a, cite(h));
    }
    if (h.unit != l.unit || h.gas != l.gas) return;
    compare(higher, lower, "alarm", h.alarm, l.alarm, false);
    compare(higher, lower, "alarm", h.alarm_low, l.alarm_low, false);
    compare(higher, lower, "cut", h.cut, l.cut, false);
    compare(higher, lower, "restore", h.restore, l.restore, true);
    words(higher, lower, "alarm", h.alarm.has_value(), h.alarm_text, l.alarm_text);
    words(higher, lower, "cut", h.cut.has_value(), h.cut_text, l.cut_text);
    words(higher, lower, "restore", h.restore.has_value(), h.restore_text, l.restore_text);
    if (h.floor && !l.floor)
      add(lower, "floor", "found limit \"{}\" without floor: true, expected it as in {}", l.id, cite(h));
  }

  void compare(const Row<LimitRow>& higher, const Row<LimitRow>& lower, std::string_view key,
               const std::optional<Bound>& h, const std::optional<Bound>& l, bool restore) {
    if (!h) return;
    if (!l) {
      add(lower, key, "found limit \"{}\" without {} {}, expected it or a tighter one, as in {}; here {}",
          lower.value.id, key, h->text(), cite(higher.value), cite(lower.value));
    } else if (looser(*h, *l, restore)) {
      add(lower, key, "found {} {} in limit \"{}\", looser than {} in {}; expected {} or tighter; here {}",
          key, l->text(), lower.value.id, h->text(), cite(higher.value), h->text(), cite(lower.value));
    }
  }

  /// Words cannot be compared: they stay as they are.
  void words(const Row<LimitRow>& higher, const Row<LimitRow>& lower, std::string_view key, bool number,
             const std::string& h, const std::string& l) {
    if (number || h.empty() || h == l) return;
    const std::string words_key = std::string(key) + "_words";
    add(lower, lower.node->get(words_key) ? std::string_view(words_key) : key,
        "found {} {} in limit \"{}\", expected {} as in {}: words cannot be compared", key, quoted(l),
        lower.value.id, quoted(h), cite(higher.value));
  }

  const Draft& draft_;
  const Catalog& catalog_;
  Report& report_;
};

}  // namespace

void check_limits(const Draft& draft, const Catalog& catalog, Report& report) {
  LimitCheck(draft, catalog, report).run();
}

}  // namespace mineward::pack
