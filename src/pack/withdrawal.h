/// What stays when a record is withdrawn: how types say it, and what the reader gives to those that do not.
#pragma once

#include "pack/catalog.h"

namespace mineward::pack {

/// Whether a record in this state counts as if it had never been entered: a final state withdrawn, cancelled
/// or void.
bool is_gone_state(const Workflow& flow, std::string_view state);
/// The boolean field that says the same of types without such a state: withdrawn, removed or disabled.
/// nullptr: there is none.
const Field* gone_field(const RecordType& type);

/// Gives every type that people make and whose pack has no withdrawal the field or the step (Withdrawal), and
/// ends the clocks of what is withdrawn. The last part of resolve(), so that no pack can name what it gives.
void give_withdrawal(Catalog& catalog);

}  // namespace mineward::pack
