/// Inside record/: makes the tables of the catalog, and grows them when packs grow.
#pragma once

#include "record/model.h"

namespace mineward::record {

struct Index {
  std::string name;
  std::vector<std::string> columns;
  bool unique = false;
  std::string
      where;  ///< only rows like this; empty: all. What is withdrawn keeps no key from a corrected one.
};
/// The indexes of a type's table: the pack's own, and those that lists need. A small table has only those
/// that keep its values unique and find its numbers: hundreds of record types hold a handful of records each.
std::vector<Index> indexes_of(const TypeModel&);

/// In the caller's transaction. Only adds: tables, columns, indexes. What would lose or contradict stored
/// data is refused with `conflict`, naming type, field and number of records; all reasons at once.
Status migrate(db::Connection&, const Context&);
/// Whether a table has grown enough to need the indexes of lists, and is not growing so fast (an import) that
/// they are better made afterwards, all at once.
bool has_grown(const Context&, const TypeModel&);
/// Makes the index that is `next` of these, in the caller's transaction; true when there was none left.
Result<bool> widen(db::Connection&, const TypeModel&, std::size_t next);

}  // namespace mineward::record
