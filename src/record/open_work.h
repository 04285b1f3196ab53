/// What stands open, counted and soonest first: for a home page, the board of a flow and the card of a mine.
///
/// All of it is read within the actor's scope and only of types that he may read; each type costs a bounded
/// number of index walks, whatever the size of its table.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "record/store.h"

namespace mineward::record {

/// Which records: all conditions hold together.
struct WorkQuery {
  std::vector<std::string> types;  ///< empty: every type with a flow; unknown or forbidden ones are left out
  bool to_move = false;            ///< only states from which a role of the actor takes a step forward
  bool final_too = false;  ///< also states in which a flow ends: final ones, and those that nothing but a
                           ///< step with a reason leaves
  RecordId mine;   ///< 0 = all; else what concerns this mine: refers to it, or belongs to its organisation
  RecordId under;  ///< 0 = the whole scope; else what belongs to this organisation or one below it
  int first = 3;   ///< so many records of each state are shown, 0 to 100
};

/// One record that stands in a state, with the clock that runs out first.
struct WorkItem {
  RecordId id, owner;
  std::string clock;                ///< name in the flow; empty = none runs
  std::optional<std::int64_t> due;  ///< UTC ms
};

/// The records of one type in one state.
struct StateWork {
  std::string state;
  std::int64_t count = 0;       ///< up to kMostCounted, over all states of the type
  std::int64_t late = 0;        ///< of these, with a clock that has run out
  std::vector<WorkItem> first;  ///< soonest due first, then those without a clock, last changed first
};
struct TypeWork {
  std::string type;
  std::vector<StateWork>
      states;         ///< in the order of the flow; without the empty ones unless types were asked for
  bool exact = true;  ///< false: there are more than were counted

  std::int64_t count() const;
  std::int64_t late() const;
};

/// A count stops here.
inline constexpr std::int64_t kMostCounted = 10'000;

/// Types with nothing open are left out unless they were asked for by name. `not_found` for a mine or an
/// organisation outside the scope.
Result<std::vector<TypeWork>> open_work(Store&, const Actor&, const WorkQuery&, ArrivalTime now);

}  // namespace mineward::record
