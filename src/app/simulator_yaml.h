/// Reads the small YAML files of the examples: every fault names its line.
#pragma once

#include <yaml-cpp/yaml.h>

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace mineward::app {

/// One mapping of an example file. Collects the first fault instead of throwing; take() hands it over at the
/// end.
class YamlRow {
 public:
  YamlRow(YAML::Node node, std::string_view what, std::initializer_list<std::string_view> known);

  std::string text(const char* key);  ///< must be there
  std::string text(const char* key, std::string otherwise);
  std::optional<double> number(const char* key);
  double number(const char* key, double otherwise) { return number(key).value_or(otherwise); }
  bool flag(const char* key, bool otherwise);
  std::vector<std::string> texts(const char* key);
  /// The first fault found, if any.
  Status status() const { return fault_; }

 private:
  YAML::Node at(const char* key);
  void fault(const YAML::Node& where, const std::string& message);

  YAML::Node node_;
  std::string what_;
  Status fault_;
};

/// Parses a document; an error names line and column.
Result<YAML::Node> load_yaml(std::string_view text);
/// The list under `key`; an error if it is missing or no list.
Result<std::vector<YAML::Node>> yaml_rows(const YAML::Node& document, const char* key);

}  // namespace mineward::app
