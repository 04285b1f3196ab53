// Marking, worked out by hand.
#include "exam/mark.h"

#include <gtest/gtest.h>

namespace mineward::exam {
namespace {

std::vector<MarkedAnswer> answers(std::initializer_list<std::tuple<int, int, double>> rows) {
  std::vector<MarkedAnswer> out;
  for (const auto& [right, wrong, worth] : rows) {
    for (int i = 0; i < right; ++i) out.push_back({worth, true});
    for (int i = 0; i < wrong; ++i) out.push_back({worth, false});
  }
  return out;
}

TEST(Mark, IsWhatAHandWouldCount) {
  const struct {
    const char* why;
    std::vector<MarkedAnswer> answers;
    double pass_mark, points, total, score;
    bool passed;
  } cases[] = {
      // 30 x 1 + 6 x 2 + 18 x 2 = 78 of 40 + 20 + 40 = 100
      {"78 of 100 fails at 80", answers({{30, 10, 1}, {6, 4, 2}, {18, 2, 2}}), 80, 78, 100, 78, false},
      {"80 of 100 passes at 80", answers({{30, 10, 1}, {6, 4, 2}, {19, 1, 2}}), 80, 80, 100, 80, true},
      // 2 of 3 is 66.66...: cut off it is 66.6
      {"two thirds reach 66.6", answers({{2, 1, 1}}), 66.6, 2, 3, 66.6, true},
      {"two thirds do not reach 66.7", answers({{2, 1, 1}}), 66.7, 2, 3, 66.6, false},
      // 0.7 x 8 = 5.6 of 7.0 is 80 exactly, though 0.7 is no binary number
      {"tenths add up exactly", answers({{8, 2, 0.7}}), 80, 5.6, 7, 80, true},
      // 1599 of 2000 is 79.95: shown as 79.9, and not passed
      {"just below is never shown as reached", answers({{1599, 401, 0.1}}), 80, 159.9, 200, 79.9, false},
      {"nothing right", answers({{0, 5, 1}}), 80, 0, 5, 0, false},
      {"no questions", {}, 0, 0, 0, 0, false},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.why);
    const Mark mark = mark_of(c.answers, c.pass_mark);
    EXPECT_DOUBLE_EQ(mark.points, c.points);
    EXPECT_DOUBLE_EQ(mark.total, c.total);
    EXPECT_DOUBLE_EQ(mark.score, c.score);
    EXPECT_EQ(mark.passed, c.passed);
  }
}

TEST(Mark, AnAnswerIsRightWhenAllOfItIs) {
  EXPECT_TRUE(is_right("AC", "AC"));
  EXPECT_FALSE(is_right("A", "AC")) << "part of a multiple choice";
  EXPECT_FALSE(is_right("ABC", "AC"));
  EXPECT_FALSE(is_right("", ""));
}

TEST(Mark, LettersAreTidiedOrRefused) {
  EXPECT_EQ(tidy_letters("CAC", "multiple", 4), "AC");
  EXPECT_EQ(tidy_letters("", "single", 4), "");
  EXPECT_EQ(tidy_letters("AB", "single", 4), std::nullopt) << "two for a single choice";
  EXPECT_EQ(tidy_letters("AB", "judge", 2), std::nullopt);
  EXPECT_EQ(tidy_letters("E", "single", 4), std::nullopt);
  EXPECT_EQ(tidy_letters("a", "single", 4), std::nullopt);
}

TEST(Mark, LettersOfTheCandidateAndOfTheBank) {
  // Before him stand C, A, D, B of the bank as A, B, C, D.
  EXPECT_EQ(to_bank("A", "CADB"), "C");
  EXPECT_EQ(to_bank("BD", "CADB"), "AB");
  EXPECT_EQ(to_shown("AB", "CADB"), "BD");
  EXPECT_EQ(to_shown("", "CADB"), "");
}

TEST(Mark, FiguresOfAQuestion) {
  const RecordId easy{1}, hard{2};
  const std::vector<CountedAnswer> given = {
      {easy, "single", "e", "A", "A", true},      {easy, "single", "e", "A", "A", true},
      {easy, "single", "e", "A", "", false},      {hard, "multiple", "h", "AB", "A", false},
      {hard, "multiple", "h", "AB", "CD", false}, {hard, "multiple", "h", "AB", "CD", false}};
  const auto rows = figures_of(given);
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_EQ(rows[0].question, hard) << "the least known first";
  EXPECT_EQ(rows[0].correct, 0);
  ASSERT_EQ(rows[0].given.size(), 2u);
  EXPECT_EQ(rows[0].given[0], (std::pair<std::string, int>{"CD", 2}));
  EXPECT_EQ(rows[1].asked, 3);
  EXPECT_EQ(rows[1].answered, 2);
  EXPECT_EQ(rows[1].correct, 2);
}

}  // namespace
}  // namespace mineward::exam
