/// What `mineward clause` says: clauses found by words, how they are carried, and how a mine stands on them.
#pragma once

#include <string>

#include "app/commands.h"
#include "app/node.h"

namespace mineward::app {

struct ClauseAnswer {
  int found = 0;     ///< clauses
  std::string text;  ///< one block of lines a clause
};

/// bad_input for a date that is none, not_found for a mine that is not on record. With a mine, a line for
/// each duty of its organisation, itself and its people; with a day and no mine, for everybody's.
Result<ClauseAnswer> answer_clauses(Node& node, const ClauseOptions& options);

}  // namespace mineward::app
