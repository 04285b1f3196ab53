#include "app/simulator_yaml.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"

namespace mineward::app {
namespace {

std::string place_of(const YAML::Node& node) { return fmt::format("line {}", node.Mark().line + 1); }

}  // namespace

YamlRow::YamlRow(YAML::Node node, std::string_view what, std::initializer_list<std::string_view> known)
    : node_(std::move(node)), what_(what) {
  if (!node_.IsMap()) {
    fault(node_, fmt::format("{}: expected `key: value` pairs", what));
    return;
  }
  for (const auto& entry : node_) {
    const std::string& key = entry.first.Scalar();
    if (std::find(known.begin(), known.end(), key) != known.end()) continue;
    const std::vector<std::string> names(known.begin(), known.end());
    const std::string near = nearest(key, names);
    fault(entry.first, fmt::format("{}: unknown key `{}`{}", what, key,
                                   near.empty() ? "" : ", did you mean `" + near + "`?"));
  }
}

void YamlRow::fault(const YAML::Node& where, const std::string& message) {
  if (fault_.ok()) fault_ = bad_input(message, place_of(where));
}

YAML::Node YamlRow::at(const char* key) {
  return node_.IsMap() ? node_[key] : YAML::Node(YAML::NodeType::Undefined);
}

std::string YamlRow::text(const char* key) {
  const YAML::Node n = at(key);
  if (n.IsDefined() && n.IsScalar()) return n.Scalar();
  fault(node_, fmt::format("{}: `{}` is missing, expected a text", what_, key));
  return {};
}

std::string YamlRow::text(const char* key, std::string otherwise) {
  return at(key).IsDefined() ? text(key) : std::move(otherwise);
}

std::optional<double> YamlRow::number(const char* key) {
  const YAML::Node n = at(key);
  if (!n.IsDefined()) return std::nullopt;
  const auto value = n.IsScalar() ? parse_number(n.Scalar()) : std::nullopt;
  if (!value) fault(n, fmt::format("{}: `{}` is no number", what_, key));
  return value;
}

bool YamlRow::flag(const char* key, bool otherwise) {
  const YAML::Node n = at(key);
  if (!n.IsDefined()) return otherwise;
  if (n.IsScalar() && (n.Scalar() == "true" || n.Scalar() == "false")) return n.Scalar() == "true";
  fault(n, fmt::format("{}: `{}` is neither true nor false", what_, key));
  return otherwise;
}

std::vector<std::string> YamlRow::texts(const char* key) {
  std::vector<std::string> out;
  const YAML::Node n = at(key);
  if (!n.IsDefined() || !n.IsSequence()) {
    fault(node_, fmt::format("{}: `{}` must be a list", what_, key));
    return out;
  }
  for (const auto& item : n) out.push_back(item.Scalar());
  return out;
}

Result<YAML::Node> load_yaml(std::string_view text) {
  try {
    return YAML::Load(std::string(text));
  } catch (const YAML::Exception& e) {
    return bad_input(e.msg, fmt::format("line {}", e.mark.line + 1));
  }
}

Result<std::vector<YAML::Node>> yaml_rows(const YAML::Node& document, const char* key) {
  const YAML::Node list = document.IsMap() ? document[key] : YAML::Node(YAML::NodeType::Undefined);
  if (!list.IsDefined() || !list.IsSequence())
    return bad_input(fmt::format("`{}` is missing, expected a list", key));
  std::vector<YAML::Node> out;
  for (const auto& item : list) out.push_back(item);
  return out;
}

}  // namespace mineward::app
