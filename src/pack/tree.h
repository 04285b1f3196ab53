/// A YAML file as a plain tree with line numbers. Scalars stay text: nothing here turns `yes` into true or
/// `012` into 10, and a key that stands twice is kept twice, so that the check can name it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "pack/report.h"

namespace mineward::pack {

struct Entry;

struct Node {
  enum class Kind { null, scalar, list, map };
  Kind kind = Kind::null;
  int line = 0;         ///< 1-based
  bool quoted = false;  ///< a scalar in quotes
  std::string text;     ///< of a scalar
  std::vector<Node> items;
  std::vector<Entry> entries;

  bool is_map() const { return kind == Kind::map; }
  bool is_list() const { return kind == Kind::list; }
  bool is_scalar() const { return kind == Kind::scalar; }
  /// The first value under a key; nullptr if there is none or this is no mapping.
  const Node* get(std::string_view key) const;
  /// Line of a key, or of this node when it has no such key.
  int line_of(std::string_view key) const;
};

struct Entry {
  std::string key;
  int line = 0;
  Node value;
};

/// Reads one YAML document. Whatever the bytes are, it returns; what it cannot read becomes a mistake in
/// `report` and the rest of the file is left out. Refused: bytes that are not UTF-8, control characters,
/// anchors and aliases (they could blow up a small file), tags, a second document, nesting deeper than the
/// YAML library takes.
Node parse_yaml(std::string_view bytes, const std::string& file, Report& report);

/// For messages: `"abc"`, a list, a mapping, nothing.
std::string describe(const Node& node);
/// A text in quotes, cut to a readable length on a character border.
std::string quoted(std::string_view text);

}  // namespace mineward::pack
