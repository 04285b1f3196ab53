/// Inside record/: the conditions of a list as SQL over `t`, put together by the column that they look at.
#pragma once

#include <string>
#include <vector>

#include "record/model.h"

namespace mineward::record {

/// All conditions on one column.
struct Group {
  std::string column;               ///< plain name
  std::vector<std::string> parts;   ///< SQL; all must hold
  std::vector<std::string> equals;  ///< marks; not empty: the column must equal one of these, and that is all
  bool indexable =
      true;            ///< every part is a range or an equality that an index over the column can begin with
  bool scope = false;  ///< tells whose rows may be seen

  std::string sql() const;
};

/// Every value is bound; names come from the catalog.
class Conditions {
 public:
  Conditions(const TypeModel& type, bool sqlite) : type_(type), sqlite_(sqlite) {}

  std::string bind(db::Value value) {
    params.push_back(std::move(value));
    return "$" + std::to_string(params.size());
  }
  Group& group(std::string_view column);
  Status add_filter(const Filter&);

  std::vector<Group> groups;
  std::vector<db::Value> params;

 private:
  using Op = Filter::Op;
  Status add_checked(const ColumnType&, const Filter&);
  Status add_contains(const ColumnType&, const std::string& text);
  Status add_list(const ColumnType&, const Filter&);
  std::string find_text(const std::string& haystack, const std::string& needle) const;

  const TypeModel& type_;
  const bool sqlite_;
};

bool is_list_type(pack::FieldType);

}  // namespace mineward::record
