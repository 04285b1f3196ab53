#include "pack/node_values.h"

#include "base/text.h"

namespace mineward::pack::node_values {
namespace {

/// "not X" and a list of them is "none of", the words set and unset speak of the field itself.
Condition read_condition(const Entry& entry) {
  Condition c;
  c.field = entry.key;
  constexpr std::string_view kNot = "not ";
  const auto take = [&](const Node& item) {
    const bool negated = item.text.starts_with(kNot);
    if (negated) c.op = Condition::Op::is_not;
    c.values.push_back(negated ? item.text.substr(kNot.size()) : item.text);
  };
  if (entry.value.is_list()) {
    for (const auto& item : entry.value.items) take(item);
    return c;
  }
  if (!entry.value.quoted && (entry.value.text == "set" || entry.value.text == "unset")) {
    c.op = entry.value.text == "set" ? Condition::Op::set : Condition::Op::unset;
    return c;
  }
  take(entry.value);
  return c;
}

}  // namespace

std::string text(const Node& node, std::string_view key) {
  const Node* value = node.get(key);
  return value && value->is_scalar() ? value->text : std::string();
}
bool flag(const Node& node, std::string_view key, bool otherwise) {
  const Node* value = node.get(key);
  return value && value->is_scalar() ? value->text == "true" : otherwise;
}
std::optional<double> number(const Node& node, std::string_view key) { return parse_number(text(node, key)); }
std::optional<int> integer(const Node& node, std::string_view key) {
  const auto value = parse_integer(text(node, key));
  if (!value || *value < -2000000000 || *value > 2000000000) return std::nullopt;
  return static_cast<int>(*value);
}
std::optional<Date> date(const Node& node, std::string_view key) {
  auto value = parse_date(text(node, key));
  if (!value) return std::nullopt;
  return *value;
}
std::optional<Millis> duration(const Node& node, std::string_view key) {
  auto value = parse_duration(text(node, key));
  if (!value) return std::nullopt;
  return *value;
}
std::vector<std::string> texts(const Node& list) {
  std::vector<std::string> out;
  for (const auto& item : list.items) {
    if (item.is_scalar()) out.push_back(item.text);
  }
  return out;
}
std::vector<std::string> texts(const Node& node, std::string_view key) {
  const Node* value = node.get(key);
  return value ? texts(*value) : std::vector<std::string>();
}
std::vector<std::vector<std::string>> lists(const Node& node, std::string_view key) {
  std::vector<std::vector<std::string>> out;
  if (const Node* value = node.get(key)) {
    for (const auto& item : value->items) out.push_back(texts(item));
  }
  return out;
}
std::map<std::string, std::string> text_map(const Node& node, std::string_view key) {
  std::map<std::string, std::string> out;
  if (const Node* value = node.get(key)) {
    for (const auto& entry : value->entries) out.emplace(entry.key, entry.value.text);
  }
  return out;
}
Label label(const Node& node, std::string_view key) {
  const Node* value = node.get(key);
  return value ? Label{text(*value, "zh"), text(*value, "en")} : Label{};
}
Source source(const Node& node) {
  const Node* value = node.get("source");
  return value ? Source{text(*value, "clause"), text(*value, "text"), text(*value, "confidence")} : Source{};
}
Grade grade(const Node& node) { return parse_grade(text(node, "grade")).value_or(Grade::none); }

Conditions conditions(const Node& node, std::string_view key) {
  Conditions out;
  if (const Node* value = node.get(key)) {
    for (const auto& entry : value->entries) out.push_back(read_condition(entry));
  }
  return out;
}

PaperText paper_text(std::string_view source) {
  std::string mistake;  // told by the check of papers
  return parse_paper_text(source, mistake);
}

Numbering read_numbering(const Node& node, const std::string& file) {
  return {text(node, "step"), text(node, "field"),    paper_text(text(node, "form")),
          texts(node, "per"), text(node, "sequence"), text(node, "year"),
          {file, node.line}};
}

}  // namespace mineward::pack::node_values
