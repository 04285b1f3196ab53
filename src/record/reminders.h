/// When half, four fifths or all of a time limit have passed: a line for each, once, which those who owe it
/// find until they have seen it, or the matter is done.
///
/// Whoever calls take_reminders() every few seconds keeps them coming; several nodes on one
/// database may. What passed while no node ran is told at the next call, each clock once, with the furthest
/// it has come. What had passed already when a record was entered is not told.
#pragma once

#include <string>
#include <vector>

#include "record/store.h"

namespace mineward::record {

struct Reminder {
  std::int64_t seq = 0;  ///< rising, in the order of commits
  std::string type;
  RecordId id, owner;
  std::string clock;
  int stage = 0;                 ///< 1 half, 2 four fifths, 3 due
  std::int64_t due = 0, at = 0;  ///< UTC ms; `at`: when it was noted
};
/// "half", "fifths", "due".
std::string_view name_of_stage(int stage);

/// Notes what has passed until `now`, each with a line in the change log (`remind:half`, version 0); at most
/// `limit` in one transaction, and gives how many.
Result<int> take_reminders(Store&, ArrivalTime now, int limit = 200);
/// Newer than `seq`, oldest first, whoever owes them; at most `limit`. For pushing.
Result<std::vector<Reminder>> reminders_after(Store&, std::int64_t seq, int limit);
/// The newest `seq`; 0 when there is none.
Result<std::int64_t> newest_reminder(Store&);
/// Of clocks that still run, which the actor's roles owe and his account has not seen, of the last 60 days,
/// newest first: one a clock. `limit` 1 to 200.
Result<std::vector<Reminder>> unseen_reminders(Store&, const Actor&, int limit, ArrivalTime now);
/// The account has seen these, and what was said before of the same clocks; with a line in the change log.
/// What is not his to see, or was seen already, is passed over.
Status see_reminders(Store&, const Actor&, const std::vector<std::int64_t>& seqs, ArrivalTime now);
/// The roles that owe a clock; empty: there is no such clock any more.
std::vector<std::string> owed_by(const pack::Catalog&, const std::string& type, const std::string& clock);

}  // namespace mineward::record
