/// The small words that every row of a pack is written in: labels, places, sources, bounds, conditions.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"

namespace mineward::pack {

struct Label {
  std::string zh;
  std::string en;
};

/// Where a row of a pack stands: for messages "packs/core/records/hazard.yaml:12".
struct Place {
  std::string file;
  int line = 0;
};

/// Why a row says what it says. Every number with a rule behind it carries one.
struct Source {
  std::string
      clause;  ///< clause id or article ("GZ2020-5.1.4-02", "煤矿安全规程 art.498"); empty = our design
  std::string text;        ///< citation or remark, free
  std::string confidence;  ///< "C", "C-field", "C-test", "G", "U" or "D" as monitoring.md defines them

  /// Whether the official text must be read before anybody relies on the row.
  bool unverified() const { return confidence == "G" || confidence == "U"; }
};

/// One side of a limit. `x op value` true means: over.
struct Bound {
  enum class Op { ge, gt, le, lt };
  Op op = Op::ge;
  double value = 0;
  bool over(double x) const;
  std::string text() const;  ///< ">=1.0"
};

/// "field is one of values", "field is none of values", "field is set", "field is not set".
struct Condition {
  enum class Op { is, is_not, set, unset };
  std::string field;  ///< field name or "state"
  Op op = Op::is;
  std::vector<std::string> values;  ///< as text, in the notation of the API
  friend bool operator==(const Condition&, const Condition&) = default;
};
using Conditions = std::vector<Condition>;

/// One `given ... expect ...`. Values are text in a small notation that the folder which runs it defines.
struct Example {
  std::string name;
  std::map<std::string, std::string> given;
  std::string expect;
  Place place;
};

}  // namespace mineward::pack
