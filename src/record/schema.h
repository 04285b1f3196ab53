/// Inside record/: makes the tables of the catalog, and grows them when packs grow.
#pragma once

#include "record/model.h"

namespace mineward::record {

/// In the caller's transaction. Only adds: tables, columns, indexes. What would lose or contradict stored data is
/// refused with `conflict`, naming type, field and number of records; all reasons at once.
Status migrate(db::Connection&, const Context&);

}  // namespace mineward::record
