/// Inside record/: the one place that knows who sees whose records.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "db/db.h"
#include "record/record.h"

namespace mineward::record {

/// Table org_scope(ancestor, organisation): every organisation with itself and all above it.
/// Kept in the transaction that writes the organisation.
Result<bool> covers(db::Connection&, const Scope&, RecordId organisation);
/// At most `limit`, ascending; limit 0 = all.
Result<std::vector<RecordId>> organisations_in(db::Connection&, const Scope&, int limit = 0);

/// Whether the actor may see the name of a record of this owner: his own scope, and what stands above him
/// (the county officer who accepted my hazard), never beside him. Owner 0 = everybody's.
Result<bool> may_name(db::Connection&, const Actor&, RecordId owner);

/// SQL that is true when `column` holds an organisation of the scope; `parameter` is "$n" bound to the
/// scope's root. Only for scopes that do not cover everything.
std::string scope_condition(std::string_view column, std::string_view parameter);

/// Enters a new organisation under `parent` (0 = top).
Status enter_organisation(db::Connection&, RecordId organisation, RecordId parent);
/// Moves one with all below it. A parent that stands below is refused with `conflict`.
Status move_organisation(db::Connection&, RecordId organisation, RecordId parent);

/// Table org_scope from nothing: who stands above whom, and who supervises whom without standing above
/// (`supervises` of an organisation). Needed once a supervision is given, changed or ended.
Status rebuild_scope(db::Connection&);

}  // namespace mineward::record
