/// Records: every name that a record type says must be there, and every value must be possible.
#include <fmt/format.h>

#include <algorithm>
#include <regex>
#include <set>

#include "base/text.h"
#include "base/time.h"
#include "pack/resolve.h"

namespace mineward::pack {
namespace {

/// Columns that every record has.
constexpr std::string_view kBuiltIn[] = {"id",         "version",    "state",      "owner",
                                         "created_at", "created_by", "updated_at", "updated_by"};
/// Longer patterns could exhaust the stack of the regular-expression library.
constexpr std::size_t kLongestPattern = 500;

bool is_built_in(std::string_view name) {
  return std::find(std::begin(kBuiltIn), std::end(kBuiltIn), name) != std::end(kBuiltIn);
}
bool is_number(FieldType type) {
  return type == FieldType::integer || type == FieldType::decimal || type == FieldType::money;
}
bool is_text(FieldType type) { return type == FieldType::text || type == FieldType::long_text; }

class FieldCheck {
 public:
  FieldCheck(const RecordType& type, const Field& field, const Node& node, const std::string& file,
             const Catalog& catalog, Report& report)
      : type_(type), field_(field), node_(node), file_(file), catalog_(catalog), report_(report) {}

  void run() {
    if (is_built_in(field_.name))
      add("name", "found field {}, expected another name: every record has that column", who());
    fits_type();
    references();
    numbers();
    pattern();
    if (!field_.default_value.empty()) default_value();
  }

 private:
  std::string who() const { return fmt::format("\"{}\" of record \"{}\"", field_.name, type_.name); }
  template <class... Args>
  void add(std::string_view key, fmt::format_string<Args...> form, Args&&... args) {
    report_.add({file_, node_.line_of(key)}, fmt::format(form, std::forward<Args>(args)...));
  }
  bool has(std::string_view key) const { return node_.get(key) != nullptr; }

  void only_for(std::string_view key, bool fits, std::string_view types) {
    if (has(key) && !fits)
      add(key, "found \"{}\" in field {}, expected it only in fields of type {}", key, who(), types);
  }
  void needed_for(std::string_view key, bool needed) {
    if (needed && !has(key))
      add("type", "found field {} without \"{}\", expected it for its type", who(), key);
  }

  void fits_type() {
    const FieldType t = field_.type;
    const bool choice = t == FieldType::choice || t == FieldType::choices;
    only_for("dictionary", choice, "choice, choices");
    needed_for("dictionary", choice);
    only_for("target", t == FieldType::reference, "reference");
    needed_for("target", t == FieldType::reference);
    only_for("min", is_number(t), "integer, decimal, money");
    only_for("max", is_number(t), "integer, decimal, money");
    only_for("scale", t == FieldType::decimal, "decimal");
    only_for("max_length", is_text(t), "text, long_text");
    only_for("pattern", t == FieldType::text, "text");
    only_for("searchable", is_text(t), "text, long_text");
    only_for("file_kinds", t == FieldType::attachments, "attachments");
  }

  void references() {
    if (!field_.dictionary.empty() && !catalog_.dictionary(field_.dictionary)) {
      add("dictionary", "found dictionary \"{}\" in field {}, expected one that a pack declares{}",
          field_.dictionary, who(), meant(field_.dictionary, catalog_.dictionaries, &Dictionary::name));
    }
    if (!field_.target.empty() && !catalog_.record_type(field_.target)) {
      add("target", "found target \"{}\" in field {}, expected a record that a pack declares{}",
          field_.target, who(), meant(field_.target, catalog_.record_types, &RecordType::name));
    }
  }
  template <class T>
  static std::string meant(const std::string& name, const std::vector<T>& known, std::string T::*member) {
    std::vector<std::string> names;
    names.reserve(known.size());
    for (const auto& k : known) names.push_back(k.*member);
    const std::string near = nearest(name, names);
    return near.empty() ? "" : fmt::format(" (\"{}\"?)", near);
  }

  void numbers() {
    if (field_.min && field_.max && *field_.min > *field_.max) {
      add("min", "found min {} above max {} in field {}, expected min <= max", *field_.min, *field_.max,
          who());
    }
    if (field_.scale < 0 || field_.scale > 9)
      add("scale", "found scale {} in field {}, expected 0 to 9", field_.scale, who());
    if (field_.max_length && *field_.max_length < 1) {
      add("max_length", "found max_length {} in field {}, expected 1 or more", *field_.max_length, who());
    }
  }

  /// The regular-expression library throws; here is the one place that catches.
  std::optional<std::regex> compiled() {
    if (field_.pattern.empty() || field_.pattern.size() > kLongestPattern) return std::nullopt;
    try {
      return std::regex(field_.pattern, std::regex::ECMAScript);
    } catch (const std::exception&) {
      return std::nullopt;
    }
  }
  void pattern() {
    if (!field_.pattern.empty() && !compiled()) {
      add("pattern",
          "found pattern {} in field {}, expected an ECMAScript regular expression of at most {} bytes",
          quoted(field_.pattern), who(), kLongestPattern);
    }
  }

  void default_value() {
    const std::string why = refused(field_.default_value);
    if (!why.empty())
      add("default", "found default {} in field {}, expected {}", quoted(field_.default_value), who(), why);
  }
  /// What was expected instead; empty when the text is a possible value.
  std::string refused(const std::string& text) {
    switch (field_.type) {
      case FieldType::text:
      case FieldType::long_text: return refused_text(text);
      case FieldType::integer:
      case FieldType::decimal:
      case FieldType::money: return refused_number(text);
      case FieldType::boolean: return text == "true" || text == "false" ? "" : "true or false";
      case FieldType::date:
        return text == "today" || parse_date(text).ok() ? "" : "today or a date such as 2026-01-12";
      case FieldType::instant:
        return text == "now" || parse_time(text).ok() ? "" : "now or a time such as 2026-01-12 08:00:00";
      case FieldType::choice: return refused_code(text);
      case FieldType::choices:
        for (const auto code : split(text, ',')) {
          if (auto why = refused_code(trim(code)); !why.empty()) return why;
        }
        return "";
      case FieldType::reference:
        if (field_.target == "account" && text == "me") return "";
        if (field_.target == "organisation" && text == "my_organisation") return "";
        return "me for an account, my_organisation for an organisation, or none";
      case FieldType::attachments: return "no default for attachments";
    }
    return "";
  }
  std::string refused_text(const std::string& text) {
    if (static_cast<int>(to_code_points(text).size()) > field_.max_length.value_or(0)) {
      return fmt::format("at most {} characters", field_.max_length.value_or(0));
    }
    const auto pattern = compiled();
    if (!pattern || text.size() > 1000) return "";
    try {
      return std::regex_match(text, *pattern) ? ""
                                              : fmt::format("a text that fits {}", quoted(field_.pattern));
    } catch (const std::exception&) {
      return "a pattern that can be applied";
    }
  }
  std::string refused_number(const std::string& text) const {
    const auto value = parse_number(text);
    if (!value) return "a number";
    if (field_.type != FieldType::decimal && !parse_integer(text)) return "a whole number";
    if (field_.min && *value < *field_.min) return fmt::format("{} or more", *field_.min);
    if (field_.max && *value > *field_.max) return fmt::format("{} or less", *field_.max);
    return "";
  }
  std::string refused_code(std::string_view text) const {
    const Dictionary* dictionary = catalog_.dictionary(field_.dictionary);
    return !dictionary || dictionary->entry(text)
               ? ""
               : fmt::format("a code of dictionary \"{}\"", field_.dictionary);
  }

  const RecordType& type_;
  const Field& field_;
  const Node& node_;
  const std::string& file_;
  const Catalog& catalog_;
  Report& report_;
};

class RecordCheck {
 public:
  RecordCheck(const Row<RecordType>& row, const Catalog& catalog, Report& report)
      : row_(row), type_(row.value), catalog_(catalog), report_(report) {}

  void run() {
    fields();
    owner();
    belongs_to();
    if (!type_.title_field.empty()) known_field("title", type_.title_field);
    for (const auto& name : type_.list_fields) known_column("list", name);
    for (const auto& set : type_.unique) {
      for (const auto& name : set) known_column("unique", name);
    }
    for (const auto& set : type_.indexes) {
      for (const auto& name : set) known_column("indexes", name);
    }
    if (!type_.workflow.empty() && !catalog_.workflow(type_.workflow)) {
      add("workflow", "found workflow \"{}\" in record \"{}\", expected one that a pack declares",
          type_.workflow, type_.name);
    }
    number();
    access("read", type_.access.read);
    access("create", type_.access.create);
    access("update", type_.access.update);
  }

 private:
  template <class... Args>
  void add(std::string_view key, fmt::format_string<Args...> form, Args&&... args) {
    report_.add(row_.at(key), fmt::format(form, std::forward<Args>(args)...));
  }

  void fields() {
    const Node* nodes = row_.node->get("fields");
    std::map<std::string, int> seen;
    for (std::size_t i = 0; i < type_.fields.size(); ++i) {
      const Field& field = type_.fields[i];
      const Node& node = nodes->items[i];
      if (field.name.empty() || !node.is_map()) continue;
      const auto [it, fresh] = seen.emplace(field.name, node.line);
      if (!fresh) {
        report_.add({row_.place.file, node.line},
                    fmt::format("found field \"{}\" a second time in record \"{}\" (first at line {}), "
                                "expected the name once",
                                field.name, type_.name, it->second));
      }
      FieldCheck(type_, field, node, row_.place.file, catalog_, report_).run();
    }
  }

  void owner() {
    const std::string& owner = type_.owner_field;
    if (owner.empty() || owner == "none") return;
    if (owner == "self") {
      if (type_.name != "organisation")
        add("owner", "found owner self in record \"{}\", expected it in organisation only", type_.name);
      return;
    }
    const Field* field = type_.field(owner);
    const RecordType* target =
        field && field->type == FieldType::reference ? catalog_.record_type(field->target) : nullptr;
    if (!target || target->owner_field == "none") {
      add("owner",
          "found owner \"{}\" in record \"{}\", expected a reference to organisation or to a record with an "
          "owner, self or none",
          owner, type_.name);
    } else if (target->name != "organisation" && circle(*target)) {
      add("owner",
          "found owner \"{}\" in record \"{}\", expected a chain of owners that ends at organisation", owner,
          type_.name);
    } else if (!field->required) {
      add("owner", "found owner \"{}\" in record \"{}\", expected a field that is required", owner,
          type_.name);
    }
  }
  void belongs_to() {
    if (type_.belongs_to.empty()) return;
    const auto target_of = [&](const std::string& name) {
      const Field* field = type_.field(name);
      return field && field->type == FieldType::reference ? catalog_.record_type(field->target) : nullptr;
    };
    const RecordType *target = target_of(type_.belongs_to), *owner = target_of(type_.owner_field);
    if (!target || target->owner_field == "none") {
      add("belongs_to", "found \"{}\" in record \"{}\", expected a reference to a record with an owner",
          type_.belongs_to, type_.name);
    } else if (!owner || owner->name != "organisation") {
      add("belongs_to",
          "found belongs_to in record \"{}\" with owner \"{}\", expected a reference to organisation as "
          "owner",
          type_.name, type_.owner_field);
    }
  }
  bool circle(const RecordType& start) const {
    std::set<std::string> seen{type_.name};
    const RecordType* at = &start;
    while (at && at->name != "organisation") {
      if (!seen.insert(at->name).second) return true;
      const Field* field = at->field(at->owner_field);
      at = field ? catalog_.record_type(field->target) : nullptr;
    }
    return false;
  }

  std::string near_field(const std::string& name) const {
    std::vector<std::string> names;
    for (const auto& field : type_.fields) names.push_back(field.name);
    const std::string near = nearest(name, names);
    return near.empty() ? "" : fmt::format(" (\"{}\"?)", near);
  }
  void known_field(std::string_view key, const std::string& name) {
    if (!type_.field(name))
      add(key, "found field \"{}\" in \"{}\" of record \"{}\", expected one of its fields{}", name, key,
          type_.name, near_field(name));
  }
  void known_column(std::string_view key, const std::string& name) {
    if (name == "state" && type_.workflow.empty()) {
      add(key, "found \"state\" in \"{}\" of record \"{}\", expected it only in records with a workflow", key,
          type_.name);
    } else if (!is_built_in(name)) {
      known_field(key, name);
    }
  }

  void number() {
    if (type_.number_format.empty()) return;
    const Field* field = type_.field("number");
    if (!field || field->type != FieldType::text || !field->system) {
      add("number",
          "found a number form in record \"{}\", expected a field number of type text with system: true",
          type_.name);
    }
    static const std::regex kForm(R"([A-Za-z0-9-]*(\{(yyyy|MM|dd)\}-?)*\{seq:[1-9]\})");
    if (type_.number_format.size() > 100 || !std::regex_match(type_.number_format, kForm)) {
      add("number",
          "found number form {} in record \"{}\", expected a form such as \"YH-{{yyyy}}{{MM}}-{{seq:5}}\"",
          quoted(type_.number_format), type_.name);
    }
  }

  void access(std::string_view key, const std::vector<std::string>& roles) {
    const Node* node = row_.node->get("access");
    for (const auto& role : roles) {
      if (role == "*" || catalog_.role(role)) continue;
      report_.add(
          {row_.place.file, node->line_of(key)},
          fmt::format(
              "found role \"{}\" in \"{}\" of record \"{}\", expected a role that a pack declares, or \"*\"",
              role, key, type_.name));
    }
  }

  const Row<RecordType>& row_;
  const RecordType& type_;
  const Catalog& catalog_;
  Report& report_;
};

}  // namespace

void check_records(const Draft& draft, const Catalog& catalog, Report& report) {
  for (const auto& row : draft.records) RecordCheck(row, catalog, report).run();
}

}  // namespace mineward::pack
