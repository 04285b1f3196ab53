/// Inside duty/: reading table `duty` within a scope.
#pragma once

#include "duty/engine.h"

namespace mineward::duty {

Result<Page> list_duties(db::Connection&, const pack::Catalog&, const Actor&, const Filter&, int limit,
                         const std::string& after, bool descending);
/// Calls `take` with every duty of the filter, by due time; stops when it returns false.
Status each_duty(db::Connection&, const pack::Catalog&, const Actor&, const Filter&,
                 const std::function<bool(const Duty&)>& take);
Result<Duties::Summary> summarise(db::Connection&, const pack::Catalog&, const Actor&, const Filter&);
Result<std::map<Date, Counts>> count_by_day(db::Connection&, const pack::Catalog&, const Actor&,
                                            const Filter&);
/// Evidence and claims of one duty.
Status read_evidence(db::Connection&, const CompiledRule&, std::int64_t now, Detail&);

}  // namespace mineward::duty
