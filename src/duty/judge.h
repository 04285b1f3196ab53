/// The heart of the folder: what a duty's state is, told from the moments at which something counted. No
/// clock, no I/O.
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "pack/catalog.h"

namespace mineward::duty {

enum class State { upcoming, met, late, missed, met_late };
inline constexpr State kStates[] = {State::upcoming, State::met, State::late, State::missed, State::met_late};
std::string_view name_of(State state);
std::optional<State> parse_state(std::string_view text);

/// How far a duty has climbed.
enum class Level { none, mine, county, city, province };
std::string_view name_of(Level level);
std::optional<Level> parse_level(std::string_view text);

struct Verdict {
  State state = State::upcoming;
  int progress = 0;                    ///< how many count by now
  std::optional<std::int64_t> met_at;  ///< when the last one needed was done
  Level level = Level::none;
  std::optional<std::int64_t>
      next_turn;  ///< the first instant after `now` at which the answer changes by itself
  friend bool operator==(const Verdict&, const Verdict&) = default;
};

/// `moments`, rising: for at_least when each counting record was done; for a limit when each record began to
/// last too long. Moments after `now` are known to come (a stay that is still running will break the limit
/// then).
///
/// at_least: met if the n-th was done by `due`; met late if by due + late_for; until then upcoming, then
/// late; after that missed for good, whatever is entered later. Limit: missed from the moment at which more
/// than at_most were broken; met when `due` passes without. While late or missed a duty climbs; a duty that
/// was met late stays where it had climbed to.
Verdict judge(const pack::DutyRule& rule, std::int64_t due, std::span<const std::int64_t> moments,
              std::int64_t now);

}  // namespace mineward::duty
