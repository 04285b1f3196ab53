/// Divisions by date. A county is renamed, merged or given a new code: the old code stays in the register
/// with its last day and its successor, and what happened before that day is told with the name of then.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "db/db.h"
#include "pack/catalog.h"
#include "record/record.h"

namespace mineward::record {

struct Division {
  RecordId id;
  std::string code;  ///< GB/T 2260, six digits
  std::string name;
  friend bool operator==(const Division&, const Division&) = default;
};

struct DivisionAnswer {
  Division then;  ///< as it was on the day; where the register does not tell, as it is asked for
  std::vector<Division> above;  ///< of then, the highest first
  bool certain = true;  ///< false: several old divisions became this one, or it began later and has none
};

/// The division that `region` was, or became, on a day. Follows `replaced_by` to later days and back to
/// earlier ones where a single predecessor was in use. A register without validity answers the region itself.
/// not_found when there is no such region.
Result<DivisionAnswer> division_on(db::Connection&, const pack::Catalog&, RecordId region, Date on);
/// The region with a code; nullopt when the register has none. Codes are unique, old ones included.
Result<std::optional<RecordId>> region_of_code(db::Connection&, const pack::Catalog&, std::string_view code);

}  // namespace mineward::record
