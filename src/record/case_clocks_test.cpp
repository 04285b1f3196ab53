/// The clocks of the packs' penalty cases against three cases worked by hand with the calendar of 2026
/// (Qingming 4 to 6 April, Mid-Autumn 25 to 27 September, National Day 1 to 7 October off; Saturday 10
/// October worked).
#include <gtest/gtest.h>

#include <array>

#include "pack/load.h"
#include "record/clock.h"

namespace mineward::record {
namespace {

using State = ClockReading::State;

pack::CatalogPtr packs() {
  static const pack::CatalogPtr loaded = [] {
    const std::array<std::string, 2> folders = {std::string(MW_SOURCE_DIR) + "/packs/core",
                                                std::string(MW_SOURCE_DIR) + "/packs/national"};
    const auto outcome = pack::load_catalog(folders);
    for (const auto& mistake : outcome.mistakes) ADD_FAILURE() << mistake.text();
    return outcome.catalog;
  }();
  return loaded;
}

ClockReading reading(const char* workflow, const char* clock, const char* started, const char* ended = "",
                     int extended = 0) {
  const pack::Workflow* flow = packs()->workflow(workflow);
  for (const auto& rule : flow->clocks) {
    if (rule.name != clock) continue;
    ClockFacts facts;
    facts.started = start_of_day_ms(*parse_date(started));
    if (*ended) facts.ended = start_of_day_ms(*parse_date(ended));
    facts.extended = extended;
    return read_clock(rule, pack::Calendar(*packs()), facts, 0);
  }
  ADD_FAILURE() << workflow << " has no clock " << clock;
  return {};
}
std::string last_day(const ClockReading& r) { return r.due ? format_date(china_date(*r.due)) : "none"; }

TEST(CaseClocks, ACaseWithAHearing) {
  // Filed on 2 March: 29 days of March, 30 of April, 31 of May are ninety.
  EXPECT_EQ(last_day(reading("penalty_case", "decide", "2026-03-02")), "2026-05-31");
  // Told on Friday 20 March: 23, 24, 25, 26, 27.
  EXPECT_EQ(last_day(reading("penalty_case", "ask_hearing", "2026-03-20")), "2026-03-27");
  EXPECT_EQ(reading("penalty_case", "ask_hearing", "2026-03-20", "2026-03-27").state, State::met);
  EXPECT_EQ(reading("penalty_case", "ask_hearing", "2026-03-20", "2026-03-28").state, State::met_late);
  // Heard on Monday 20 April: 17, 16, 15, 14, 13, 10, 9 April.
  EXPECT_EQ(last_day(reading("hearing", "notice", "2026-04-20")), "2026-04-09");
  // Heard on Thursday 9 April: 8, 7, 3, 2, 1 April, 31, 30 March; the 4th to the 6th are off.
  EXPECT_EQ(last_day(reading("hearing", "notice", "2026-04-09")), "2026-03-30");
  // Decided on Wednesday 20 May: 21, 22, 25, 26, 27, 28, 29.
  EXPECT_EQ(last_day(reading("penalty_case", "serve", "2026-05-20")), "2026-05-29");
  EXPECT_EQ(last_day(reading("penalty_case", "publish", "2026-05-20")), "2026-05-29");
  // Served on 22 May: 15 days are Saturday 6 June, so Monday the 8th; 60 days are 21 July; six months are
  // Sunday 22 November.
  EXPECT_EQ(last_day(reading("penalty_case", "pay", "2026-05-22")), "2026-06-08");
  EXPECT_EQ(last_day(reading("penalty_case", "review_period", "2026-05-22")), "2026-07-21");
  EXPECT_EQ(last_day(reading("penalty_case", "suit_period", "2026-05-22")), "2026-11-23");
}

TEST(CaseClocks, ACasePaidInInstalments) {
  // Served on 22 May, 30 days granted: 45 days, 9 of May, 30 of June, 6 of July.
  EXPECT_EQ(last_day(reading("penalty_case", "pay", "2026-05-22", "", 30)), "2026-07-06");
  EXPECT_EQ(reading("penalty_case", "pay", "2026-05-22", "2026-07-06", 30).state, State::met);
  EXPECT_EQ(reading("penalty_case", "pay", "2026-05-22", "2026-07-07", 30).state, State::met_late);
}

TEST(CaseClocks, ACaseAcrossALongHoliday) {
  // Decided on Thursday 24 September: 28, 29, 30, then 8, 9, 10 (a Saturday worked) and 12 October.
  EXPECT_EQ(last_day(reading("penalty_case", "serve", "2026-09-24")), "2026-10-12");
  EXPECT_EQ(last_day(reading("penalty_case", "publish", "2026-09-24")), "2026-10-12");
  // Served on 22 September: fifteen days end on 7 October, which is off.
  EXPECT_EQ(last_day(reading("penalty_case", "pay", "2026-09-22")), "2026-10-08");
  // Served on the 28th: 13 October.
  EXPECT_EQ(last_day(reading("penalty_case", "pay", "2026-09-28")), "2026-10-13");
  // Annulled on the 29th: 30 September, 8 and 9 October.
  EXPECT_EQ(last_day(reading("penalty_case", "withdraw_publication", "2026-09-29")), "2026-10-09");
}

}  // namespace
}  // namespace mineward::record
