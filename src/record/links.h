/// Inside record/: links between records, both ways.
#pragma once

#include <vector>

#include "record/model.h"

namespace mineward::record {

Status add_link(db::Connection&, const Record& from, const Record& to, std::string_view kind, const Actor&,
                ArrivalTime now);
/// Oldest first; only to records that the actor may see.
Result<std::vector<Link>> links_of(db::Connection&, const Context&, const Actor&, const Record&);

}  // namespace mineward::record
