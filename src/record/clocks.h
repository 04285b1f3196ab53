/// Inside record/: the clocks of records in a table of their own, so that "what runs out next" is one index
/// walk. Derived: made anew from the record and its log lines with every write, in the same transaction.
#pragma once

#include <functional>

#include "pack/working_days.h"
#include "record/model.h"

namespace mineward::record {

/// Replaces the rows of one record. Called after its log line was written.
Status keep_clocks(db::Connection&, const pack::Calendar&, const TypeModel&, const Record&, std::int64_t now);
/// The first instant after `now` at which a clock that runs reminds (reminders.h).
std::optional<std::int64_t> next_reminder(std::optional<std::int64_t> half,
                                          std::optional<std::int64_t> fifths, std::int64_t due,
                                          std::int64_t now);

/// What the rows must be, computed from the record and its log; in the order of the workflow. For verify and
/// tests.
Result<std::vector<ClockView>> compute_clocks(db::Connection&, const pack::Calendar&, const TypeModel&,
                                              const Record&, std::int64_t now);
/// Whether the stored rows of a record are what it gives.
Result<bool> clocks_fit(db::Connection&, const pack::Calendar&, const TypeModel&, const Record&);
/// Every record that is in no last state of a workflow with clocks, by id; until `take` says false.
Status each_unfinished(db::Connection&, const TypeModel&,
                       const std::function<Result<bool>(const Record&)>& take);
/// Makes the clocks of unfinished records anew where the rules of their workflow or the calendar changed
/// since they were made: a new notice of days off moves deadlines that already run. Called at the start.
Status refresh_clocks(db::Connection&, const Context&);
/// As stored, judged at `now`.
Result<std::vector<ClockView>> clocks_of(db::Connection&, const TypeModel&, RecordId, std::int64_t now);
Result<std::vector<ClockView>> list_clocks(db::Connection&, const Context&, const Actor&, const ClockQuery&,
                                           std::int64_t now);

}  // namespace mineward::record
