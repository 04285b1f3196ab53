/// Inside record/: makes the tables of the catalog, and grows them when packs grow.
#pragma once

#include "record/model.h"

namespace mineward::record {

struct Index {
  std::string name;
  std::vector<std::string> columns;
  bool unique = false;
};
/// The indexes of a type's table: the pack's own, and those that lists need.
std::vector<Index> indexes_of(const TypeModel&);

/// In the caller's transaction. Only adds: tables, columns, indexes. What would lose or contradict stored
/// data is refused with `conflict`, naming type, field and number of records; all reasons at once.
Status migrate(db::Connection&, const Context&);

}  // namespace mineward::record
