// The draw: complete, repeatable, and fair within the bounds of chance.
#include "exam/draw.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

namespace mineward::exam {
namespace {

std::vector<PoolQuestion> pool_of(int singles, int judges, int hazards = 0) {
  std::vector<PoolQuestion> pool;
  for (int i = 1; i <= singles; ++i) pool.push_back({RecordId{i}, "single", i <= hazards, 4});
  for (int i = 1; i <= judges; ++i) pool.push_back({RecordId{1000 + i}, "judge", false, 2});
  return pool;
}

TEST(Draw, GivesWhatTheBlueprintAsksForAndNothingTwice) {
  const std::vector<Part> parts = {{"single", 8, 2.5, 3}, {"multiple", 0, 1, 0}, {"judge", 4, 1, 0}};
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    const auto drawn = draw(parts, pool_of(20, 6, 5), seed);
    ASSERT_EQ(drawn.size(), 12u);
    std::set<RecordId> seen;
    int hazards = 0;
    for (std::size_t i = 0; i < drawn.size(); ++i) {
      EXPECT_TRUE(seen.insert(drawn[i].id).second) << "drawn twice with seed " << seed;
      EXPECT_EQ(drawn[i].id.value < 1000, i < 8) << "the parts follow one another";
      hazards += drawn[i].id.value <= 5 ? 1 : 0;
      EXPECT_EQ(drawn[i].points, i < 8 ? 2.5 : 1);
    }
    EXPECT_GE(hazards, 3);
  }
}

TEST(Draw, IsRepeatedByItsSeedWhateverTheOrderOfThePool) {
  const std::vector<Part> parts = {{"single", 10, 1, 2}};
  auto pool = pool_of(30, 0, 6);
  const auto first = draw(parts, pool, 42);
  std::reverse(pool.begin(), pool.end());
  const auto again = draw(parts, pool, 42);
  ASSERT_EQ(first.size(), again.size());
  bool other_order = false;
  const auto another = draw(parts, pool, 43);
  for (std::size_t i = 0; i < first.size(); ++i) {
    EXPECT_EQ(first[i].id, again[i].id);
    EXPECT_EQ(first[i].order, again[i].order);
    other_order = other_order || first[i].id != another[i].id;
  }
  EXPECT_TRUE(other_order) << "another seed gives the same paper";
}

// n draws of k out of N without replacement: a question is drawn n*p times, p = k/N, with the variance
// n*p*(1-p). The sum of the squared deviations over that variance, times (N-1)/N, follows chi-square with N-1
// degrees.
TEST(Draw, EveryQuestionOfThePoolIsEquallyLikely) {
  constexpr int kDraws = 10'000, kPool = 50, kTaken = 10;
  constexpr double kCritical49 = 85.35;  // chi-square, 49 degrees, 0.1 %
  std::map<RecordId, int> drawn, first;
  for (std::uint64_t seed = 1; seed <= kDraws; ++seed) {
    const auto paper = draw({{"single", kTaken, 1, 0}}, pool_of(kPool, 0), seed);
    for (const auto& question : paper) ++drawn[question.id];
    ++first[paper.front().id];
  }
  ASSERT_EQ(drawn.size(), static_cast<std::size_t>(kPool)) << "a question is never drawn";
  const double p = static_cast<double>(kTaken) / kPool;
  double sum = 0, sum_first = 0;
  for (const auto& [id, count] : drawn) sum += (count - kDraws * p) * (count - kDraws * p);
  EXPECT_LT(sum / (kDraws * p * (1 - p)) * (kPool - 1) / kPool, kCritical49);
  // The place on the paper is as much by chance as the choice.
  const double each = static_cast<double>(kDraws) / kPool;
  for (std::int64_t i = 1; i <= kPool; ++i) {
    const double off = first[RecordId{i}] - each;
    sum_first += off * off / each;
  }
  EXPECT_LT(sum_first, kCritical49);
}

TEST(Draw, EveryOrderOfTheOptionsIsEquallyLikelyAndTrueFalseStays) {
  constexpr int kDraws = 10'000;
  constexpr double kCritical23 = 49.73;  // 24 orders of four options: 23 degrees, 0.1 %
  std::map<std::string, int> orders;
  for (std::uint64_t seed = 1; seed <= kDraws; ++seed) {
    const auto paper = draw({{"single", 1, 1, 0}, {"judge", 1, 1, 0}}, pool_of(1, 1), seed);
    ++orders[paper[0].order];
    EXPECT_EQ(paper[1].order, "AB");
  }
  ASSERT_EQ(orders.size(), 24u);
  double sum = 0;
  const double each = kDraws / 24.0;
  for (const auto& [order, count] : orders) sum += (count - each) * (count - each) / each;
  EXPECT_LT(sum, kCritical23);
}

TEST(Draw, SaysWhatTheBankLacks) {
  const auto lacking =
      shortages({{"single", 21, 1, 6}, {"judge", 6, 1, 0}, {"multiple", 1, 1, 0}}, pool_of(20, 6, 5));
  ASSERT_EQ(lacking.size(), 3u);
  EXPECT_EQ(lacking[0].kind, "single");
  EXPECT_EQ(lacking[0].needed, 21);
  EXPECT_EQ(lacking[0].found, 20);
  EXPECT_TRUE(lacking[1].on_hazards);
  EXPECT_EQ(lacking[1].found, 5);
  EXPECT_EQ(lacking[2].kind, "multiple");
  EXPECT_TRUE(shortages({{"single", 20, 1, 5}}, pool_of(20, 6, 5)).empty());
}

}  // namespace
}  // namespace mineward::exam
