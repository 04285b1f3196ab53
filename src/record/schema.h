/// Inside record/: makes the tables of the catalog, and grows them when packs grow.
#pragma once

#include "record/model.h"

namespace mineward::record {

struct Index {
  std::string name;
  std::vector<std::string> columns;
  bool unique = false;
};
/// The indexes of a type's table: the pack's own, and those that lists need. A small table has only those
/// that keep its values unique: hundreds of record types hold a handful of records each.
std::vector<Index> indexes_of(const TypeModel&);

/// In the caller's transaction. Only adds: tables, columns, indexes. What would lose or contradict stored
/// data is refused with `conflict`, naming type, field and number of records; all reasons at once.
Status migrate(db::Connection&, const Context&);
/// Makes the indexes of tables that have grown since. In the caller's transaction; cheap when none has.
Status widen(db::Connection&, const Context&);
/// Whether widen() has anything to do.
bool has_grown(const Context&);

}  // namespace mineward::record
