/// An empty ledger to be filled: what is required, which choices there are, what a column means, an example.
#pragma once

#include <string>

#include "base/clock.h"
#include "record/store.h"

namespace mineward::ledger {

/// The bytes of the template of a record type, for one account: of mines, people and the like it offers those
/// that he may name. forbidden when none of his roles may create or change the type.
Result<std::string> ledger_template(record::Store&, const record::Actor&, Clock&, std::string_view type,
                                    bool english);

}  // namespace mineward::ledger
