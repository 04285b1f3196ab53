/// From AlarmChanges to alarm records. An event has one record, found by its key: writing a change twice
/// writes once.
#pragma once

#include "record/store.h"
#include "watch/detector.h"

namespace mineward::watch {

/// The program as the watch.
const record::Actor& watch_actor();

/// In the caller's transaction. Gives the record as it is now when something was written, none when it was
/// there.
Result<std::optional<record::Record>> write_change(record::Writer&, const MineView&, const AlarmChange&,
                                                   ArrivalTime now);

/// {"kind": "alarm", "alarm": record}
std::string alarm_message(const pack::Catalog&, const record::Record&);

/// The first `n` code points.
std::string clipped(const std::string& text, std::size_t n);

}  // namespace mineward::watch
