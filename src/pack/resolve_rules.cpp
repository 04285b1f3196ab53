/// Alarm rules, escalation and dialects: references, and that a lower pack only tightens an alarm rule.
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "pack/resolve.h"

namespace mineward::pack {
namespace {

std::string text_of(const Param& param) {
  struct Text {
    std::string operator()(double x) const { return fmt::format("{}", x); }
    std::string operator()(Millis x) const { return format_duration(x); }
    std::string operator()(const std::string& x) const { return quoted(x); }
    std::string operator()(const std::vector<std::string>& x) const {
      return fmt::format("[{}]", fmt::join(x, ", "));
    }
  };
  return std::visit(Text{}, param);
}

/// For numbers and durations; nullopt for what has no order.
std::optional<double> size_of(const Param& param) {
  if (const auto* number = std::get_if<double>(&param)) return *number;
  if (const auto* duration = std::get_if<Millis>(&param)) return static_cast<double>(duration->count());
  return std::nullopt;
}

Grade grade_at(const AlarmRule& rule, double peak) {
  Grade grade = rule.grade;
  for (const auto& [at, step] : rule.grade_by_peak) {
    if (peak >= at) grade = step;
  }
  return grade;
}

bool contains(const std::vector<std::string>& list, const std::string& text) {
  return std::find(list.begin(), list.end(), text) != list.end();
}

/// Parameters that hold codes, by the end of their name. A code that is not there would silently never match.
constexpr std::pair<std::string_view, std::string_view> kCodeParams[] = {
    {"statuses", "mine_status"},         {"area_kinds", "area_kind"},
    {"plan_kinds", "planned_work_kind"}, {"blasting_kinds", "planned_work_kind"},
    {"_types", "sensor_type"},           {"grade", "grade"}};

std::vector<std::string> texts_of(const Param& param) {
  if (const auto* list = std::get_if<std::vector<std::string>>(&param)) return *list;
  if (const auto* text = std::get_if<std::string>(&param)) return {*text};
  return {};
}

class RuleCheck {
 public:
  RuleCheck(const Draft& draft, const Catalog& catalog, Report& report)
      : draft_(draft), catalog_(catalog), report_(report) {}

  void run() {
    for (std::size_t i = 0; i < draft_.alarm_rules.size(); ++i) {
      const auto& row = draft_.alarm_rules[i];
      if (row.value.id.empty()) continue;
      alone(row);
      for (std::size_t j = 0; j < i; ++j) against(draft_.alarm_rules[j], row);
    }
    for (const auto& row : draft_.escalation) escalation(row);
  }

 private:
  template <class T, class... Args>
  void add(const Row<T>& row, std::string_view key, fmt::format_string<Args...> form, Args&&... args) {
    report_.add(row.at(key), fmt::format(form, std::forward<Args>(args)...));
  }
  template <class T>
  void sourced(const Row<T>& row, const std::string& what) {
    if (!row.node->get("source")) return;  // said already
    const Source& source = row.value.source;
    if (source.clause.empty() && source.text.empty())
      add(row, "source", "found {} with an empty source, expected a clause or a text", what);
    if (source.confidence.empty())
      add(row, "source",
          "found {} without confidence in its source, expected one of C, C-field, C-test, G, U, D", what);
  }

  void alone(const Row<AlarmRule>& row) {
    const AlarmRule& rule = row.value;
    sourced(row, fmt::format("alarm rule \"{}\"", rule.id));
    if (rule.valid_to && *rule.valid_to < rule.valid_from) {
      add(row, "valid_to",
          "found valid_to {} before valid_from {} in alarm rule \"{}\", expected a day after it",
          format_date(*rule.valid_to), format_date(rule.valid_from), rule.id);
    }
    for (std::size_t i = 1; i < rule.grade_by_peak.size(); ++i) {
      const auto& [before, lower] = rule.grade_by_peak[i - 1];
      const auto& [at, grade] = rule.grade_by_peak[i];
      if (at <= before || grade < lower) {
        add(row, "grade_by_peak",
            "found step {} {} after {} {} in alarm rule \"{}\", expected peaks and grades that rise", at,
            name_of(grade), before, name_of(lower), rule.id);
      }
    }
    const Dictionary* kinds = catalog_.dictionary("mine_kind");
    for (const auto& kind : rule.mine_kinds) {
      if (!kinds || !kinds->entry(kind))
        add(row, "mine_kinds",
            "found mine kind \"{}\" in alarm rule \"{}\", expected a code of dictionary mine_kind", kind,
            rule.id);
    }
    codes(row);
    if (const Node* tighter = row.node->get("tighter")) {
      for (const auto& entry : tighter->entries) {
        const auto it = rule.params.find(entry.key);
        if (it == rule.params.end() || !size_of(it->second)) {
          add(row, "tighter",
              "found \"{}\" in \"tighter\" of alarm rule \"{}\", expected a parameter of it that is a number "
              "or a duration",
              entry.key, rule.id);
        }
      }
    }
  }

  void codes(const Row<AlarmRule>& row) {
    for (const auto& [name, value] : row.value.params) {
      for (const auto& [suffix, dictionary] : kCodeParams) {
        const Dictionary* known = name.ends_with(suffix) ? catalog_.dictionary(dictionary) : nullptr;
        if (!known) continue;
        for (const auto& code : texts_of(value)) {
          if (!known->entry(code))
            unknown(row, name, code, fmt::format("a code of dictionary {}", dictionary));
        }
      }
      if (name != "gas" && !name.ends_with("_gas")) continue;
      for (const auto& gas : texts_of(value)) {
        if (!measured(gas)) unknown(row, name, gas, "the gas of a limit or of a sensor type");
      }
    }
  }
  void unknown(const Row<AlarmRule>& row, const std::string& name, const std::string& code,
               const std::string& expected) {
    const Node* params = row.node->get("params");
    report_.add({row.place.file, params->line_of(name)},
                fmt::format("found \"{}\" in parameter \"{}\" of alarm rule \"{}\", expected {}", code, name,
                            row.value.id, expected));
  }
  bool measured(const std::string& gas) const {
    if (std::any_of(catalog_.limits.begin(), catalog_.limits.end(),
                    [&](const auto& row) { return row.gas == gas; }))
      return true;
    const Dictionary* types = catalog_.dictionary("sensor_type");
    return types && std::any_of(types->entries.begin(), types->entries.end(), [&](const auto& entry) {
             const auto it = entry.extra.find("gas");
             return it != entry.extra.end() && it->second == gas;
           });
  }

  static std::string cite(const AlarmRule& rule) {
    return fmt::format("{}:{} [{}] {}", rule.place.file, rule.place.line, rule.source.confidence,
                       rule.source.clause.empty() ? quoted(rule.source.text) : rule.source.clause);
  }

  void against(const Row<AlarmRule>& first, const Row<AlarmRule>& second) {
    const AlarmRule &a = first.value, &b = second.value;
    if (a.id != b.id) return;
    const bool time =
        (!a.valid_to || b.valid_from <= *a.valid_to) && (!b.valid_to || a.valid_from <= *b.valid_to);
    const bool place =
        covers_region(a.jurisdiction, b.jurisdiction) || covers_region(b.jurisdiction, a.jurisdiction);
    const auto overlap = [&] {
      if (a.mine_kinds.empty() || b.mine_kinds.empty()) return true;
      return std::any_of(a.mine_kinds.begin(), a.mine_kinds.end(),
                         [&](const auto& kind) { return contains(b.mine_kinds, kind); });
    };
    if (!time || !place || !overlap()) return;
    if (rank_of(draft_.pack_of(second.pack).level) > rank_of(draft_.pack_of(first.pack).level)) {
      tightens(first, second);
    } else if (a.jurisdiction == b.jurisdiction) {
      add(second, "id",
          "found alarm rule \"{}\" valid at the same time as {}:{}, expected validity that does not overlap",
          b.id, a.place.file, a.place.line);
    }
  }

  void tightens(const Row<AlarmRule>& higher, const Row<AlarmRule>& lower) {
    const AlarmRule &h = higher.value, &l = lower.value;
    const std::string where = cite(h);
    if (h.detector != l.detector)
      add(lower, "detector", "found detector \"{}\" in alarm rule \"{}\", expected \"{}\" as in {}",
          l.detector, l.id, h.detector, where);
    if (h.enabled && !l.enabled)
      add(lower, "enabled", "found alarm rule \"{}\" disabled, expected it in force as in {}", l.id, where);
    if (l.grade < h.grade) {
      add(lower, "grade", "found grade {} in alarm rule \"{}\", lower than {} in {}; expected {} or higher",
          name_of(l.grade), l.id, name_of(h.grade), where, name_of(h.grade));
    }
    for (const auto& [at, grade] : h.grade_by_peak) {
      if (grade_at(l, at) < grade) {
        add(lower, "grade_by_peak",
            "found grade {} at peak {} in alarm rule \"{}\", lower than {} in {}; expected {} or higher",
            name_of(grade_at(l, at)), at, l.id, name_of(grade), where, name_of(grade));
      }
    }
    if (l.reraise_after > h.reraise_after) {
      add(lower, "reraise_after",
          "found reraise_after {} in alarm rule \"{}\", longer than {} in {}; expected that or shorter",
          format_duration(l.reraise_after), l.id, format_duration(h.reraise_after), where);
    }
    for (const auto& reason : l.suppress_if) {
      if (!contains(h.suppress_if, reason)) {
        add(lower, "suppress_if", "found suppress_if {} in alarm rule \"{}\", expected only what {} has ({})",
            reason, l.id, where, fmt::join(h.suppress_if, ", "));
      }
    }
    params(higher, lower, where);
  }

  void params(const Row<AlarmRule>& higher, const Row<AlarmRule>& lower, const std::string& where) {
    const AlarmRule &h = higher.value, &l = lower.value;
    const Node* tighter = higher.node->get("tighter");
    for (const auto& [name, value] : h.params) {
      const auto it = l.params.find(name);
      if (it == l.params.end()) {
        add(lower, "params",
            "found alarm rule \"{}\" without parameter \"{}\", expected {} as in {}, or a tighter one", l.id,
            name, text_of(value), where);
        continue;
      }
      if (it->second == value) continue;
      const Node* way = tighter ? tighter->get(name) : nullptr;
      const auto was = size_of(value), is = size_of(it->second);
      if (!way || !was || !is || value.index() != it->second.index()) {
        add(lower, "params",
            "found parameter \"{}\" {} in alarm rule \"{}\", expected {} as in {}: which way is tighter is "
            "not said there",
            name, text_of(it->second), l.id, text_of(value), where);
      } else if ((way->text == "smaller") != (*is < *was)) {
        add(lower, "params",
            "found parameter \"{}\" {} in alarm rule \"{}\", looser than {} in {}; expected {} ones only",
            name, text_of(it->second), l.id, text_of(value), where, way->text);
      }
    }
    for (const auto& [name, value] : l.params) {
      if (!h.params.contains(name)) {
        add(lower, "params", "found parameter \"{}\" in alarm rule \"{}\", expected only those of {}", name,
            l.id, where);
      }
    }
  }

  void escalation(const Row<EscalationStep>& row) {
    const EscalationStep& step = row.value;
    sourced(row, fmt::format("the escalation to {}", step.to_level));
    if (!step.rule.empty() && !catalog_.alarm_rule(step.rule)) {
      add(row, "rule",
          "found rule \"{}\" in the escalation to {}, expected an alarm rule that a pack declares", step.rule,
          step.to_level);
    }
  }

  const Draft& draft_;
  const Catalog& catalog_;
  Report& report_;
};

class DialectCheck {
 public:
  DialectCheck(const Row<Dialect>& row, Report& report) : row_(row), report_(report) {}

  void run() {
    const Dialect& d = row_.value;
    separator("field_separator", d.field_separator);
    separator("record_end", d.record_end);
    separator("file_end", d.file_end);
    if (!d.field_separator.empty() && (d.field_separator == d.record_end || d.field_separator == d.file_end ||
                                       d.record_end == d.file_end)) {
      add(row_.at("record_end").line,
          fmt::format("found the same separator twice in dialect \"{}\", expected three different ones",
                      d.id));
    }
    if (d.max_bad_share < 0 || d.max_bad_share > 1) {
      add(row_.at("max_bad_share").line,
          fmt::format("found max_bad_share {} in dialect \"{}\", expected 0 to 1", d.max_bad_share, d.id));
    }
    if (d.future_tolerance < Millis{0}) {
      add(row_.at("future_tolerance").line,
          fmt::format("found a negative future_tolerance in dialect \"{}\", expected 0 or more", d.id));
    }
    files();
  }

 private:
  void add(int line, std::string message) { report_.add(row_.place.file, line, std::move(message)); }

  void separator(std::string_view key, const std::string& text) {
    if (row_.node->get(key) && text.empty()) {
      add(row_.at(key).line,
          fmt::format("found an empty \"{}\" in dialect \"{}\", expected at least one character", key,
                      row_.value.id));
    }
  }

  void files() {
    const Node* nodes = row_.node->get("files");
    std::set<std::string> seen;
    for (std::size_t i = 0; i < row_.value.files.size(); ++i) {
      const FileLayout& file = row_.value.files[i];
      const Node& node = nodes->items[i];
      if (!node.is_map() || file.type.empty()) continue;
      if (!seen.insert(file.type).second) {
        add(node.line,
            fmt::format("found file layout \"{}\" a second time in dialect \"{}\", expected the type once",
                        file.type, row_.value.id));
      }
      std::vector<std::vector<Column>> headers;
      for (const auto& header : file.headers) headers.push_back(header.columns);
      layouts(file, node, "headers", headers);
      layouts(file, node, "records", file.records);
    }
  }

  void layouts(const FileLayout& file, const Node& node, std::string_view key,
               const std::vector<std::vector<Column>>& all) {
    const Node* nodes = node.get(key);
    for (std::size_t i = 0; i < all.size(); ++i) {
      const int line = nodes->items[i].line;
      std::set<std::string> names;
      for (const auto& column : all[i]) {
        if (!column.name.empty() && !names.insert(column.name).second) {
          add(line, fmt::format("found column \"{}\" twice in \"{}\" of file layout \"{}\", expected it once",
                                column.name, key, file.type));
        }
      }
      for (std::size_t j = 0; j < i; ++j) {
        if (same_reading(all[i], all[j])) {
          add(line, fmt::format("found two layouts with the same columns in \"{}\" of file layout \"{}\", "
                                "expected layouts that can be told apart",
                                key, file.type));
        }
      }
    }
  }
  /// Layouts are told apart by their number of fields, then by what converts: same kinds in the same order
  /// cannot be.
  static bool same_reading(const std::vector<Column>& a, const std::vector<Column>& b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const Column& x, const Column& y) {
      return x.kind == y.kind && x.required == y.required;
    });
  }

  const Row<Dialect>& row_;
  Report& report_;
};

}  // namespace

void check_alarm_rules(const Draft& draft, const Catalog& catalog, Report& report) {
  RuleCheck(draft, catalog, report).run();
}

void check_dialects(const Draft& draft, Report& report) {
  for (const auto& row : draft.dialects) DialectCheck(row, report).run();
}

}  // namespace mineward::pack
