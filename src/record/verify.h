/// Inside record/: what is kept beside the records and is none of their fields (rounds of signatures, links,
/// clocks), held against the change log and the records.
#pragma once

#include "record/model.h"

namespace mineward::record {

/// Leaves the report as it is when everything fits, else names the first thing that does not: rounds of
/// signatures and links must be those of the log, neither more nor fewer; the clocks of records that are
/// still on their way must be what the records give. What can be told of a signature: who, when, for which
/// stage, whether he agreed, what he said.
Status verify_beside(db::Connection&, const Context&, VerifyReport&);

}  // namespace mineward::record
