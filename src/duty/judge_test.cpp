#include "duty/judge.h"

#include <gtest/gtest.h>

#include <rapidcheck/gtest.h>

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"

namespace mineward::duty {
namespace {

/// Due at 100; late for 50; climbs to the county at due + 10, to the city at due + 30. Times are small
/// numbers.
pack::DutyRule at_least(int n) {
  pack::DutyRule rule;
  rule.at_least = n;
  rule.late_for = Millis(50);
  rule.climbs = {{"county", Millis(10), {}}, {"city", Millis(30), {}}};
  return rule;
}

pack::DutyRule limit(int most) {
  pack::DutyRule rule;
  rule.longer_than = Millis(10);
  rule.at_most = most;
  rule.climbs = {{"county", Millis(0), {}}, {"city", Millis(20), {}}};
  return rule;
}

std::vector<std::int64_t> moments_of(const std::string& text) {
  std::vector<std::int64_t> out;
  for (const auto part : split(text, ' ')) {
    if (!part.empty()) out.push_back(*parse_integer(part));
  }
  return out;
}

/// "late 0 county next 131".
std::string answer(const pack::DutyRule& rule, const std::string& moments, std::int64_t now) {
  const auto list = moments_of(moments);
  const Verdict v = judge(rule, 100, list, now);
  std::string out = fmt::format("{} {}", name_of(v.state), v.progress);
  if (v.met_at) out += fmt::format(" at {}", *v.met_at);
  if (v.level != Level::none) out += fmt::format(" {}", name_of(v.level));
  if (v.next_turn) out += fmt::format(" next {}", *v.next_turn);
  return out;
}

TEST(Judge, AtLeast) {
  const struct {
    const char* why;
    int needed;
    const char* moments;
    std::int64_t now;
    const char* want;
  } cases[] = {
      {"nothing yet, in time", 1, "", 50, "upcoming 0 next 101"},
      {"the last instant is in time", 1, "", 100, "upcoming 0 next 101"},
      {"one instant after it is late", 1, "", 101, "late 0 next 110"},
      {"at the climb it has climbed", 1, "", 110, "late 0 county next 130"},
      {"the second climb", 1, "", 130, "late 0 city next 151"},
      {"late until late_for ends", 1, "", 150, "late 0 city next 151"},
      {"then missed for good", 1, "", 151, "missed 0 city"},
      {"done at the due time is in time", 1, "100", 100, "met 1 at 100"},
      {"done one instant after is late", 1, "101", 101, "met_late 1 at 101"},
      {"done late after a climb keeps the level", 1, "115", 400, "met_late 1 at 115 county"},
      {"done at the end of late_for", 1, "150", 400, "met_late 1 at 150 city"},
      {"done after that changes nothing", 1, "151", 400, "missed 1 city"},
      {"one below the number", 3, "10 20", 100, "upcoming 2 next 101"},
      {"one below the number, late", 3, "10 20", 105, "late 2 next 110"},
      {"at the number", 3, "10 20 30", 50, "met 3 at 30"},
      {"above the number: the n-th decides", 3, "10 20 30 140", 400, "met 4 at 30"},
      {"the n-th was late though others were not", 3, "10 20 120", 400, "met_late 3 at 120 county"},
      {"what is known to come turns it then", 1, "70", 50, "upcoming 0 next 70"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.why);
    EXPECT_EQ(answer(at_least(c.needed), c.moments, c.now), c.want);
  }
}

TEST(Judge, Limit) {
  const struct {
    const char* why;
    int most;
    const char* moments;
    std::int64_t now;
    const char* want;
  } cases[] = {
      {"nothing broke it, it runs", 0, "", 50, "upcoming 0 next 101"},
      {"nothing broke it, it is over", 0, "", 101, "met 0 at 100"},
      {"broken at once", 0, "40", 40, "missed 1 county next 60"},
      {"climbs from the moment it was broken", 0, "40", 60, "missed 1 city"},
      {"a stay that will break it", 0, "40", 39, "upcoming 0 next 40"},
      {"as many as allowed", 2, "10 20", 101, "met 2 at 100"},
      {"one more than allowed", 2, "10 20 30", 50, "missed 3 city"},
      {"broken after the period closed still counts", 0, "100", 100, "missed 1 county next 120"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.why);
    EXPECT_EQ(answer(limit(c.most), c.moments, c.now), c.want);
  }
}

/// Between now and next_turn the answer does not change: what the engine relies on.
RC_GTEST_PROP(Judge, StaysUntilItsNextTurn, ()) {
  auto moments = *rc::gen::container<std::vector<std::int64_t>>(rc::gen::inRange<std::int64_t>(0, 300));
  std::sort(moments.begin(), moments.end());
  const bool is_limit = *rc::gen::arbitrary<bool>();
  const auto rule = is_limit ? limit(*rc::gen::inRange(0, 4)) : at_least(*rc::gen::inRange(1, 5));
  const std::int64_t now = *rc::gen::inRange<std::int64_t>(0, 400);
  const Verdict first = judge(rule, 100, moments, now);
  const std::int64_t until = first.next_turn.value_or(1000);
  RC_ASSERT(until > now);
  for (std::int64_t t = now; t < until; ++t) RC_ASSERT(judge(rule, 100, moments, t) == first);
}

}  // namespace
}  // namespace mineward::duty
