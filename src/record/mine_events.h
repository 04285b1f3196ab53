/// What happened at a mine: the log lines of its records, of all types, newest first. Bound by the scope and
/// by what the actor may read.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "record/store.h"

namespace mineward::record {

struct EventQuery {
  RecordId mine;
  std::vector<std::string> systems;      ///< codes of systems; empty = all
  bool main_only = false;                ///< only what was made and the steps taken, no edits and imports
  std::optional<std::int64_t> from, to;  ///< entry time, UTC ms: [from, to)
  std::int64_t before = 0;               ///< log number of the page before; 0 = from the newest
  int limit = 50;                        ///< 1 to 500
};

/// One log line, as people read it.
struct MineEvent {
  Change change;                            ///< without its diff, which may name what the reader may not see
  std::string system;                       ///< of the record type
  std::string state_before, state_after;    ///< empty: it did not change
  std::optional<std::int64_t> happened_at;  ///< UTC ms; unset: the entry names no time of its own
};
struct EventPage {
  std::vector<MineEvent> events;            ///< newest first
  std::int64_t next = 0;                    ///< for `before` of the next page; 0 = the end
  std::optional<std::int64_t> searched_to;  ///< entry time of the oldest line looked at
};

/// The time at which it happened, as a log line of this type says: the first instant, else the first day,
/// that it sets and that does not lie after its entry. Days count from their beginning in Beijing.
std::optional<std::int64_t> happened_at(const pack::RecordType&, const Json& diff, std::int64_t entered_at);

/// At most kMostLookedAt lines of the mine are looked at for a page, so that a page may be short, or empty,
/// although there are more. `not_found` for a mine outside the scope.
Result<EventPage> mine_events(Store&, const Actor&, const EventQuery&);
inline constexpr int kMostLookedAt = 4000;

}  // namespace mineward::record
