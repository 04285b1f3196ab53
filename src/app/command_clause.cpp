// `mineward clause`: finds clauses by words, and tells how a mine stands on them.
#include "app/clause_answer.h"
#include "app/command_support.h"

namespace mineward::app {

int clause(const ClauseOptions& options) {
  if (!options.on.empty()) {
    if (const auto day = parse_date(options.on); !day) return fail(day.error(), kWrongUse);
  }
  const auto clock = system_clock();
  const auto node = open_existing_or_report(options.data, *clock);
  if (!node) return kFaults;
  const auto answer = answer_clauses(*node, options);
  if (!answer) return fail(answer.error(), answer.error().code == Errc::not_found ? kWrongUse : kFaults);
  if (answer->found == 0) std::cerr << "mineward: no clause has all of these words\n";
  std::cout << answer->text << std::flush;
  return std::cout ? kDone : kFaults;
}

}  // namespace mineward::app
