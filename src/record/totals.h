/// Inside record/: sums over the records of another type (`rule: total`), kept in the transaction that writes
/// one of them, so that lists, checks and forms see them as any other field.
#pragma once

#include "record/model.h"
#include "record/write.h"

namespace mineward::record {

/// The total as the stored records give it, with `times`; nullopt when a field that it matches by is not set.
Result<std::optional<double>> total_of(db::Connection&, const pack::Catalog&, const pack::Compute&,
                                       const Record&);
/// The records of the feed's type whose total the draft's record enters, or entered before.
Result<std::vector<RecordId>> fed_by(db::Connection&, const TypeModel& fed, const Feed&, const Draft&);
/// Reckons the totals of records that were stored before a pack asked for them, or asked for others; once for
/// each change of the packs. What a check refuses is logged and left.
Status bring_totals(db::Connection&, const Context&);

}  // namespace mineward::record
