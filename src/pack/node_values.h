/// Inside pack/: the scalars, lists and small words of a node as C++ values, for the readers of rows. Kinds
/// were checked before; what is missing or of another kind gives an empty value.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "pack/catalog.h"
#include "pack/tree.h"

namespace mineward::pack::node_values {

std::string text(const Node& node, std::string_view key);
bool flag(const Node& node, std::string_view key, bool otherwise = false);
std::optional<double> number(const Node& node, std::string_view key);
std::optional<int> integer(const Node& node, std::string_view key);
std::optional<Date> date(const Node& node, std::string_view key);
std::optional<Millis> duration(const Node& node, std::string_view key);
std::vector<std::string> texts(const Node& list);
std::vector<std::string> texts(const Node& node, std::string_view key);
std::vector<std::vector<std::string>> lists(const Node& node, std::string_view key);
std::map<std::string, std::string> text_map(const Node& node, std::string_view key);
Label label(const Node& node, std::string_view key);
Source source(const Node& node);
Grade grade(const Node& node);
Conditions conditions(const Node& node, std::string_view key);
/// As printed, with its places; a mistake is told by the check of papers.
PaperText paper_text(std::string_view source);
Numbering read_numbering(const Node& node, const std::string& file);

/// Every item gives a value, so that value i belongs to item i; an item that is no mapping gives one without
/// a name.
template <class T, class Read>
std::vector<T> items(const Node& node, std::string_view key, Read read) {
  std::vector<T> out;
  if (const Node* value = node.get(key)) {
    for (const auto& item : value->items) out.push_back(read(item));
  }
  return out;
}

/// What a name stands for; `otherwise` for one that is not in the list (check.cpp told it).
template <class T, std::size_t N>
T named(const std::pair<std::string_view, T> (&list)[N], std::string_view name, T otherwise) {
  for (const auto& [word, value] : list) {
    if (word == name) return value;
  }
  return otherwise;
}

}  // namespace mineward::pack::node_values
