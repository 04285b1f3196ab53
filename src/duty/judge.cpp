#include "duty/judge.h"

#include <algorithm>
#include <array>

namespace mineward::duty {
namespace {

constexpr std::array<std::string_view, 5> kStateNames = {"upcoming", "met", "late", "missed", "met_late"};
constexpr std::array<std::string_view, 5> kLevelNames = {"", "mine", "county", "city", "province"};

void sooner(std::optional<std::int64_t>& next, std::int64_t moment, std::int64_t now) {
  if (moment > now && (!next || moment < *next)) next = moment;
}

/// Climbs since `bad_since` as they stood at `until`, and the next one to come unless the matter is settled.
void climb(const pack::DutyRule& rule, std::int64_t bad_since, std::int64_t until, bool goes_on,
           Verdict& verdict) {
  for (const auto& step : rule.climbs) {
    const std::int64_t at = bad_since + step.after.count();
    if (at <= until) {
      verdict.level = std::max(verdict.level, parse_level(step.to_level).value_or(Level::none));
    } else if (goes_on) {
      sooner(verdict.next_turn, at, until);
    }
  }
}

Verdict judge_limit(const pack::DutyRule& rule, std::int64_t due, std::span<const std::int64_t> moments,
                    std::int64_t now) {
  Verdict verdict;
  verdict.progress =
      static_cast<int>(std::upper_bound(moments.begin(), moments.end(), now) - moments.begin());
  const auto allowed = static_cast<std::size_t>(rule.at_most.value_or(0));
  if (verdict.progress > static_cast<int>(allowed)) {
    verdict.state = State::missed;
    climb(rule, moments[allowed], now, true, verdict);
  } else if (now > due) {
    verdict.state = State::met;
    verdict.met_at = due;
  } else {
    sooner(verdict.next_turn, due + 1, now);
  }
  for (const std::int64_t moment : moments) sooner(verdict.next_turn, moment, now);
  return verdict;
}

}  // namespace

std::string_view name_of(State state) { return kStateNames[static_cast<std::size_t>(state)]; }
std::string_view name_of(Level level) { return kLevelNames[static_cast<std::size_t>(level)]; }

std::optional<State> parse_state(std::string_view text) {
  for (const State state : kStates) {
    if (name_of(state) == text) return state;
  }
  return std::nullopt;
}

std::optional<Level> parse_level(std::string_view text) {
  for (const Level level : {Level::none, Level::mine, Level::county, Level::city, Level::province}) {
    if (name_of(level) == text) return level;
  }
  return std::nullopt;
}

Verdict judge(const pack::DutyRule& rule, std::int64_t due, std::span<const std::int64_t> moments,
              std::int64_t now) {
  if (rule.is_limit()) return judge_limit(rule, due, moments, now);
  Verdict verdict;
  verdict.progress =
      static_cast<int>(std::upper_bound(moments.begin(), moments.end(), now) - moments.begin());
  for (const std::int64_t moment : moments) sooner(verdict.next_turn, moment, now);
  const int needed = rule.at_least.value_or(1);
  const std::int64_t missed_after = due + rule.late_for.count();
  if (verdict.progress >= needed) {
    const std::int64_t done = moments[static_cast<std::size_t>(needed) - 1];
    verdict.state = done <= due ? State::met : done <= missed_after ? State::met_late : State::missed;
    if (verdict.state != State::missed) verdict.met_at = done;
  } else if (now <= due) {
    verdict.state = State::upcoming;
    sooner(verdict.next_turn, due + 1, now);
  } else {
    verdict.state = now <= missed_after ? State::late : State::missed;
    sooner(verdict.next_turn, missed_after + 1, now);
  }
  switch (verdict.state) {
    case State::met_late: climb(rule, due, *verdict.met_at, false, verdict); break;
    case State::late:
    case State::missed: climb(rule, due, now, true, verdict); break;
    default: break;
  }
  return verdict;
}

}  // namespace mineward::duty
