/// Answers for pages: people underground, limits for drawing, the county board.
#pragma once

#include "watch/engine.h"
#include "watch/watch.h"

namespace mineward::watch {

/// Names by card of an organisation's people.
Status read_names(db::Connection&, RecordId organisation, std::map<std::string, std::string>& names);
Underground count_underground(const MineView&, const People&,
                              const std::map<std::string, std::string>& names);

PointLimits limits_for_drawing(const EffectiveLimits&, const OwnLimits&);

/// Mines in the actor's scope with their open alarms and hazards; people and silence are the caller's to fill
/// in.
Result<std::vector<Concern>> read_concerns(record::Store&, const record::Actor&, ArrivalTime now);
/// Scores by the pack's rule of detector "concern" and sorts, most worrying first. The parts add up to the
/// score.
void rank_concerns(const pack::Catalog&, std::vector<Concern>&);

}  // namespace mineward::watch
