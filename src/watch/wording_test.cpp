#include "watch/wording.h"

#include <gtest/gtest.h>

#include "watch/catalog_testing.h"

namespace mineward::watch {
namespace {

TEST(Wording, PlacesAreShort) {
  const struct {
    const char *place, *area, *want;
  } cases[] = {{"1101采煤工作面甲烷T1&1101采煤工作面&采煤工作面T1", "1101采煤工作面", "1101采煤工作面甲烷T1"},
               {"回风隅角", "816", "回风隅角"},
               {"&816工作面&T0", "816工作面", "816工作面"},
               {"  &816工作面&T0", "816工作面", "816工作面"},
               {"", "816", "816"},
               {"&&", "", ""}};
  for (const auto& c : cases) EXPECT_EQ(short_place(c.place, c.area), c.want) << c.place;
}

TEST(Wording, DurationsInChinese) {
  const struct {
    Millis d;
    const char* want;
  } cases[] = {{5min, "5 分钟"}, {2h, "2 小时"}, {48h, "2 天"}, {90s, "90 秒"}, {250ms, "250 毫秒"}};
  for (const auto& c : cases) EXPECT_EQ(duration_zh(c.d), c.want);
}

TEST(Wording, SentencesAreChineseThenEnglish) {
  using namespace wording;
  const struct {
    Said said;
    const char* want;
  } cases[] = {
      {unanswered(5min, "county", {"", "the mine confirms", "D"}),
       "5 分钟内无人确认，升级至县级 / nobody acknowledged it for 5 min: to the county (the mine confirms)"},
      {unanswered(20min, "province", {"第3条", "x", "C"}),
       "20 分钟内无人确认，升级至省级（依据：第3条） / nobody acknowledged it for 20 min: to the province "
       "(x)"},
      {regraded(pack::Grade::yellow, pack::Grade::red), "级别由黄色升为红色 / regraded from yellow to red"},
      {regraded(pack::Grade::blue, pack::Grade::blue),
       "不再属于计划作业，级别不变 / no longer planned work; the grade stays"},
      {cleared(), "报警已解除 / cleared"},
      {made_of_alarm("BJ-1"), "由报警 BJ-1 转为隐患 / made of alarm BJ-1"},
      {calibration_longer(30min).and_also(calibration_of_month(3)),
       "超过 30 分钟；本月第 3 次标校 / longer than 30 min; number 3 of this month"},
      {looser_than_floor(Limit::cut, std::nullopt, ">=1.5"),
       "断电值：矿方为 无，底线为 >=1.5 / cut: the mine has none, the floor is >=1.5"},
      {Said{}.and_also(Said{}), ""},
  };
  for (const auto& c : cases) EXPECT_EQ(c.said.text(), c.want);
}

bool has_chinese(std::string_view text) {
  for (unsigned char c : text)
    if (c >= 0xe4 && c <= 0xe9) return true;
  return false;
}

// Whatever an example of the packs makes a detector say.
TEST(Wording, NoEvidenceIsEnglishOnly) {
  int seen = 0;
  for (const auto& rule : testing::national()->alarm_rules)
    for (const auto& example : rule.examples) {
      const auto story = Scenario::parse(*testing::national(), example.given);
      ASSERT_TRUE(story) << example.name;
      for (const auto& c : story->run(testing::national())) {
        if (c.evidence.empty()) continue;
        ++seen;
        const auto slash = c.evidence.find(" / ");
        ASSERT_NE(slash, std::string::npos) << c.rule->id << ": " << c.evidence;
        EXPECT_TRUE(has_chinese(c.evidence.substr(0, slash))) << c.rule->id << ": " << c.evidence;
      }
    }
  EXPECT_GT(seen, 50);
}

}  // namespace
}  // namespace mineward::watch
