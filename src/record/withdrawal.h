/// Inside record/: what was entered by mistake and withdrawn. It stays, with the reason in the change log; it
/// counts nowhere any more, and its keys are free for the corrected one.
#pragma once

#include "record/model.h"

namespace mineward::record {

/// Whether the record counts as if it had never been entered, however its pack says so.
bool is_withdrawn(const TypeModel&, const Record&);
/// Whether the reader gave the type its withdrawal (pack/withdrawal.h).
bool given_withdrawal(const pack::RecordType&);
/// What stands on the record: a living record that refers to it or was raised from it, or a paper that was
/// issued of it. nullopt: nothing does. Its label is for people.
Result<std::optional<pack::Label>> built_on(db::Connection&, const Model&, const TypeModel&, RecordId);

}  // namespace mineward::record
