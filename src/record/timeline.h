/// The change log read by the program: what changed since, and what records were like before. System level:
/// no scope.
#pragma once

#include <functional>
#include <optional>
#include <string_view>
#include <vector>

#include "db/db.h"
#include "record/record.h"

namespace mineward::record {

/// One version of a record: from when (entry time) and what it was like.
struct Version {
  ArrivalTime from{};
  Record record;
};

/// Calls `take` with every record of the type (or only `id`), its versions oldest first. Secret fields stay
/// unset; only the fields named in `wanted` are filled in, and versions in which none of them, nor state nor
/// owner, changed are left out.
Status each_timeline(db::Connection&, const pack::RecordType&, const std::vector<std::string>& wanted,
                     std::optional<RecordId> id,
                     const std::function<void(RecordId, std::vector<Version>)>& take);

/// Sequence number of the newest log entry; 0 = none.
Result<std::int64_t> last_change(db::Connection&);
/// Entries after `seq` that changed a record, oldest first, at most `limit`. `seen` becomes the last sequence
/// number looked at.
Result<std::vector<Change>> changes_after(db::Connection&, std::int64_t seq, int limit, std::int64_t& seen);

}  // namespace mineward::record
