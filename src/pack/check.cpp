#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "base/time.h"
#include "pack/bounds.h"
#include "pack/schema.h"

namespace mineward::pack {
namespace {

std::string listed(std::span<const std::string_view> names) {
  std::string out;
  for (const auto name : names) out += (out.empty() ? "" : ", ") + std::string(name);
  return out;
}

/// `record "hazard"`: the object with its name, when it has one.
std::string who(const Node& node, const Shape& shape) {
  for (const auto key : {"name", "id", "code", "type"}) {
    if (!shape.key(key)) continue;
    if (const Node* name = node.get(key); name && name->is_scalar())
      return fmt::format("{} {}", shape.title, quoted(name->text));
  }
  return std::string(shape.title);
}

bool is_id(std::string_view text) {
  if (text.empty() || text.size() > 60) return false;
  return std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-' || c == '.' || c == ':';
  });
}

/// "012" is ten for some readers of YAML and twelve for others: refused.
bool has_leading_zero(std::string_view text) {
  if (text.starts_with('-') || text.starts_with('+')) text.remove_prefix(1);
  return text.size() > 1 && text[0] == '0' && text[1] != '.' && text[1] != 'e' && text[1] != 'E';
}

class Checker {
 public:
  Checker(const std::string& file, Report& report) : file_(file), report_(report) {}

  void object(const Node& node, const Shape& shape) {
    if (!node.is_map()) {
      add(node.line,
          fmt::format("found {}, expected a {} with keys ({})", describe(node), shape.title, keys_of(shape)));
      return;
    }
    const std::string name = who(node, shape);
    keys(node, shape, name);
    for (const auto& key : shape.keys) {
      const Node* value = node.get(key.name);
      if (value) {
        this->value(*value, key, name, node.line_of(key.name));
      } else if (key.required) {
        add(node.line, fmt::format("found {} without \"{}\", expected {}: {}", name, key.name, key.name,
                                   expectation(key)));
      }
    }
  }

 private:
  void add(int line, std::string message) { report_.add(file_, line, std::move(message)); }

  static std::string keys_of(const Shape& shape) {
    std::vector<std::string_view> names;
    for (const auto& key : shape.keys) names.push_back(key.name);
    return listed(names);
  }

  void keys(const Node& node, const Shape& shape, const std::string& name) {
    for (std::size_t i = 0; i < node.entries.size(); ++i) {
      const auto& entry = node.entries[i];
      if (!shape.key(entry.key)) unknown(entry, shape, name);
      duplicate(node, i, name);
    }
  }
  void unknown(const Entry& entry, const Shape& shape, const std::string& name) {
    std::vector<std::string> known;
    for (const auto& key : shape.keys) known.emplace_back(key.name);
    const std::string near = entry.key.size() > 60 ? "" : nearest(entry.key, known);
    add(entry.line, near.empty() ? fmt::format("found unknown key {} in {}, expected one of {}",
                                               quoted(entry.key), name, keys_of(shape))
                                 : fmt::format("found unknown key {} in {}, expected \"{}\"",
                                               quoted(entry.key), name, near));
  }
  void duplicate(const Node& node, std::size_t index, const std::string& name) {
    const auto& entry = node.entries[index];
    for (std::size_t i = 0; i < index; ++i) {
      if (node.entries[i].key != entry.key) continue;
      add(entry.line, fmt::format("found key {} a second time in {} (first at line {}), expected it once",
                                  quoted(entry.key), name, node.entries[i].line));
      return;
    }
  }

  void wrong(const Node& node, const Key& key, const std::string& owner, int line) {
    add(line, fmt::format("found {} for \"{}\" of {}, expected {}", describe(node), key.name, owner,
                          expectation(key)));
  }

  void value(const Node& node, const Key& key, const std::string& owner, int key_line) {
    const int line = node.line > 0 ? std::max(node.line, key_line) : key_line;
    switch (key.kind) {
      case Kind::object:
        if (node.is_map())
          object(node, *key.shape);
        else
          wrong(node, key, owner, line);
        return;
      case Kind::objects:
        if (!node.is_list()) return wrong(node, key, owner, line);
        for (const auto& item : node.items) object(item, *key.shape);
        return;
      case Kind::names:
      case Kind::texts:
      case Kind::dates:
      case Kind::many_of: return list(node, key, owner, line);
      case Kind::name_lists:
        if (!node.is_list()) return wrong(node, key, owner, line);
        for (const auto& item : node.items) list(item, key, owner, line);
        return;
      case Kind::text_lists:
        if (!node.is_list()) return wrong(node, key, owner, line);
        for (const auto& item : node.items) {
          const bool fits = item.is_list() && std::all_of(item.items.begin(), item.items.end(),
                                                          [](const Node& n) { return n.is_scalar(); });
          if (!fits) wrong(item, key, owner, std::max(line, item.line));
        }
        return;
      case Kind::text_map:
      case Kind::way_map:
      case Kind::conditions:
      case Kind::params: return mapping(node, key, owner, line);
      case Kind::columns: return layouts(node, key, owner, line);
      case Kind::name_or_names:
        if (node.is_list()) return list(node, key, owner, line);
        if (!scalar_fits(node, key)) wrong(node, key, owner, line);
        return;
      case Kind::name_or_map:
        if (node.is_map()) return mapping(node, key, owner, line);
        if (!scalar_fits(node, key)) wrong(node, key, owner, line);
        return;
      default:
        if (!scalar_fits(node, key)) wrong(node, key, owner, line);
    }
  }

  static bool scalar_fits(const Node& node, const Key& key) {
    if (!node.is_scalar()) return false;
    const std::string& text = node.text;
    switch (key.kind) {
      case Kind::name:
      case Kind::names:
      case Kind::name_or_map:
      case Kind::name_lists: return is_name(text);
      case Kind::name_or_names: {
        const auto parts = split(text, '.');
        return std::all_of(parts.begin(), parts.end(), [](const auto& part) { return is_name(part); });
      }
      case Kind::time_limit: return parse_time_limit(text).has_value();
      case Kind::id: return is_id(text);
      case Kind::flag: return !node.quoted && (text == "true" || text == "false");
      case Kind::integer: return !has_leading_zero(text) && parse_integer(text).has_value();
      case Kind::number: return !has_leading_zero(text) && parse_number(text).has_value();
      case Kind::date:
      case Kind::dates: return parse_date(text).ok();
      case Kind::period: return parse_period(text).has_value();
      case Kind::due: return parse_due(text).has_value();
      case Kind::duration: return parse_duration(text).ok();
      case Kind::one_of:
      case Kind::many_of: return std::find(key.choices.begin(), key.choices.end(), text) != key.choices.end();
      case Kind::bound: return parse_bound(text).first.has_value();
      case Kind::way_map: return text == "smaller" || text == "larger";
      default: return true;
    }
  }

  void list(const Node& node, const Key& key, const std::string& owner, int line) {
    if (!node.is_list()) return wrong(node, key, owner, line);
    for (std::size_t i = 0; i < node.items.size(); ++i) {
      const Node& item = node.items[i];
      if (!scalar_fits(item, key)) {
        wrong(item, key, owner, std::max(line, item.line));
        continue;
      }
      const auto same = [&](const Node& other) { return other.is_scalar() && other.text == item.text; };
      if (std::any_of(node.items.begin(), node.items.begin() + static_cast<std::ptrdiff_t>(i), same)) {
        add(item.line, fmt::format("found {} twice in \"{}\" of {}, expected it once", quoted(item.text),
                                   key.name, owner));
      }
    }
  }

  void mapping(const Node& node, const Key& key, const std::string& owner, int line) {
    if (!node.is_map()) return wrong(node, key, owner, line);
    for (std::size_t i = 0; i < node.entries.size(); ++i) {
      const auto& entry = node.entries[i];
      duplicate(node, i, fmt::format("\"{}\" of {}", key.name, owner));
      if (!is_name(entry.key)) {
        add(entry.line, fmt::format("found key {} in \"{}\" of {}, expected a name ([a-z][a-z0-9_]*)",
                                    quoted(entry.key), key.name, owner));
      }
      const bool fits = key.kind == Kind::params       ? parameter_fits(entry.value)
                        : key.kind == Kind::conditions ? condition_fits(entry.value)
                                                       : scalar_fits(entry.value, key);
      if (!fits) {
        wrong(entry.value, key, owner, std::max(entry.line, entry.value.line));
      }
    }
  }

  /// Number, duration, text, list of texts. A text that looks like a duration but is none ("10 m") is
  /// refused: it would silently become a text, and the detector would use its default.
  static bool parameter_fits(const Node& node) {
    if (node.is_list()) {
      return std::all_of(node.items.begin(), node.items.end(),
                         [](const Node& item) { return item.is_scalar(); });
    }
    if (!node.is_scalar() || node.text.empty()) return false;
    const std::string& text = node.text;
    if (!node.quoted && parse_number(text)) return !has_leading_zero(text);
    const auto unit = text.find_first_not_of("0123456789.");
    const bool measure =
        unit != 0 && unit != std::string::npos &&
        std::all_of(text.begin() + static_cast<std::ptrdiff_t>(unit), text.end(),
                    [](char c) { return c == ' ' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); });
    return !measure || parse_duration(text).ok();
  }

  /// A text or a list of texts, none of them empty.
  static bool condition_fits(const Node& node) {
    const auto filled = [](const Node& item) { return item.is_scalar() && !item.text.empty(); };
    if (node.is_list())
      return !node.items.empty() && std::all_of(node.items.begin(), node.items.end(), filled);
    return filled(node);
  }

  void layouts(const Node& node, const Key& key, const std::string& owner, int line) {
    if (!node.is_list() || node.items.empty()) return wrong(node, key, owner, line);
    for (const auto& layout : node.items) {
      if (!layout.is_list() || layout.items.empty()) {
        wrong(layout, key, owner, std::max(line, layout.line));
        continue;
      }
      for (const auto& column : layout.items) this->column(column, key, owner);
    }
  }
  void column(const Node& node, const Key& key, const std::string& owner) {
    if (node.is_map()) return object(node, column_shape());
    if (!node.is_scalar() || !parse_column(node.text)) {
      add(node.line,
          fmt::format("found {} as a column in \"{}\" of {}, expected \"name:kind\" or \"name:kind!\" with "
                      "kind one of {}",
                      describe(node), key.name, owner, listed(column_shape().key("kind")->choices)));
    }
  }

  const std::string& file_;
  Report& report_;
};

std::optional<Bound> one_bound(std::string_view text) {
  text = trim(text);
  Bound bound;
  if (text.starts_with(">="))
    bound.op = Bound::Op::ge;
  else if (text.starts_with("<="))
    bound.op = Bound::Op::le;
  else if (text.starts_with(">"))
    bound.op = Bound::Op::gt;
  else if (text.starts_with("<"))
    bound.op = Bound::Op::lt;
  else
    return std::nullopt;
  text.remove_prefix(bound.op == Bound::Op::ge || bound.op == Bound::Op::le ? 2 : 1);
  const auto value = parse_number(trim(text));
  if (!value) return std::nullopt;
  bound.value = *value;
  return bound;
}

}  // namespace

bool is_name(std::string_view text) {
  if (text.empty() || text.size() > 48 || text[0] < 'a' || text[0] > 'z') return false;
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; });
}

BoundText parse_bound(std::string_view text) {
  const auto middle = text.find(" or ");
  if (middle == std::string_view::npos) return {one_bound(text), std::nullopt};
  auto low = one_bound(text.substr(0, middle));
  auto high = one_bound(text.substr(middle + 4));
  if (!low || !high || is_upper(*low) || !is_upper(*high) || low->value >= high->value) return {};
  return {high, low};
}

std::optional<ColumnKind> parse_column_kind(std::string_view text) {
  static constexpr std::pair<std::string_view, ColumnKind> kKinds[] = {
      {"text", ColumnKind::text},       {"code", ColumnKind::code},   {"number", ColumnKind::number},
      {"integer", ColumnKind::integer}, {"time", ColumnKind::time},   {"state", ColumnKind::state},
      {"flag", ColumnKind::flag},       {"track", ColumnKind::track}, {"limit", ColumnKind::limit}};
  for (const auto& [name, kind] : kKinds) {
    if (name == text) return kind;
  }
  return std::nullopt;
}

std::optional<Column> parse_column(std::string_view text) {
  Column column;
  if (text.ends_with('!')) {
    column.required = true;
    text.remove_suffix(1);
  }
  const auto colon = text.find(':');
  if (colon == std::string_view::npos || !is_name(text.substr(0, colon))) return std::nullopt;
  const auto kind = parse_column_kind(text.substr(colon + 1));
  if (!kind) return std::nullopt;
  column.name = text.substr(0, colon);
  column.kind = *kind;
  return column;
}

std::string_view name_of(Kind kind) {
  switch (kind) {
    case Kind::name: return "name";
    case Kind::id: return "id";
    case Kind::text: return "text";
    case Kind::flag: return "flag";
    case Kind::integer: return "integer";
    case Kind::number: return "number";
    case Kind::date: return "date";
    case Kind::duration: return "duration";
    case Kind::one_of: return "one of";
    case Kind::names: return "list of names";
    case Kind::texts: return "list of texts";
    case Kind::many_of: return "list of";
    case Kind::name_lists: return "list of lists of names";
    case Kind::text_lists: return "list of lists of texts";
    case Kind::object: return "mapping";
    case Kind::objects: return "list of mappings";
    case Kind::text_map: return "names to texts";
    case Kind::way_map: return "names to smaller or larger";
    case Kind::params: return "parameters";
    case Kind::bound: return "bound";
    case Kind::conditions: return "conditions";
    case Kind::period: return "period";
    case Kind::due: return "due time";
    case Kind::dates: return "list of dates";
    case Kind::time_limit: return "time limit";
    case Kind::name_or_names: return "name or list of names";
    case Kind::name_or_map: return "name or names to names";
    case Kind::columns: return "list of layouts";
  }
  return "";
}

std::string expectation(const Key& key) {
  switch (key.kind) {
    case Kind::name: return "a name ([a-z][a-z0-9_]*, at most 48 characters)";
    case Kind::id: return "an id (letters, digits, _ - . :, at most 60 characters)";
    case Kind::text: return "a text";
    case Kind::flag: return "true or false";
    case Kind::integer: return "a whole number without leading zero";
    case Kind::number: return "a number without leading zero";
    case Kind::date: return "a date such as 2026-01-12";
    case Kind::duration: return "a duration such as \"20 s\", \"10 min\", \"4 h\"";
    case Kind::one_of: return "one of " + listed(key.choices);
    case Kind::names: return "a list of names ([a-z][a-z0-9_]*)";
    case Kind::texts: return "a list of texts";
    case Kind::many_of: return "a list of " + listed(key.choices);
    case Kind::name_lists: return "a list of lists of names";
    case Kind::text_lists: return "a list of lists of texts";
    case Kind::object:
      return key.example.empty() ? "a mapping" : "a mapping such as " + std::string(key.example);
    case Kind::objects: return fmt::format("a list of mappings, one for each {}", key.shape->title);
    case Kind::text_map: return "a mapping of names to texts";
    case Kind::way_map: return "a mapping of parameter names to smaller or larger";
    case Kind::params:
      return "a mapping of names to a number, a duration such as \"20 s\", a text or a list of texts";
    case Kind::bound: return "a bound such as \">=1.0\" or \"<0.25 or >6\"";
    case Kind::conditions:
      return "a mapping of field names to a value, a list of values, \"not VALUE\", set or unset";
    case Kind::period: return "one of shift, day, week, month, quarter, half_year, year";
    case Kind::due:
      return "\"at the end\", \"5 working days after the end\", \"10 days after the end\" or \"2 h before "
             "the end\"";
    case Kind::dates: return "a list of dates such as 2026-01-12";
    case Kind::time_limit:
      return "\"24 hours\", \"7 working days\", \"90 days\", \"3 months\" or \"1 years\"";
    case Kind::name_or_names: return "a name ([a-z][a-z0-9_]*), a way over references, or a list of them";
    case Kind::name_or_map: return "a name ([a-z][a-z0-9_]*) or a mapping of names to names";
    case Kind::columns: return "a list of layouts, each a list of columns";
  }
  return "";
}

void check(const Node& node, const Shape& shape, const std::string& file, Report& report) {
  Checker(file, report).object(node, shape);
}

}  // namespace mineward::pack
