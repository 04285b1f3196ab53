// `mineward clause` over the example region: texts from the documents, standings worked by hand from
// examples/month.yaml.
#include "app/clause_answer.h"

#include <gmock/gmock.h>

#include "app/demo_month_testing.h"

namespace mineward::app {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

class ClauseCommand : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    month_ = play_example("2026-10-01 00:00:00", "2026-10-16 12:00:00").release();
  }
  static void TearDownTestSuite() {
    delete month_;
    month_ = nullptr;
  }
  void SetUp() override { ASSERT_TRUE(month_ && month_->node); }

  static Result<ClauseAnswer> ask(std::vector<std::string> words, std::string mine = {},
                                  std::string on = {}) {
    ClauseOptions options;
    options.words = std::move(words);
    options.mine = std::move(mine);
    options.on = std::move(on);
    return answer_clauses(*month_->node, options);
  }

  static PlayedMonth* month_;
};
PlayedMonth* ClauseCommand::month_ = nullptr;

TEST_F(ClauseCommand, PrintsTextsCarriersAndRules) {
  const auto answer = ask({"四级排查", "Hazard"});
  ASSERT_TRUE(answer) << answer.error().text();
  EXPECT_EQ(answer->found, 1);
  EXPECT_THAT(
      answer->text,
      AllOf(StartsWith("YC2024-3.2.3-02\n"), HasSubstr("\n  document: YC2024 "),
            HasSubstr("\n  article: 三（二）3\n"), HasSubstr("\n  zh: 集团季、矿月、队周、班日四级排查\n"),
            HasSubstr("\n  en: Hazard checks run on four tiers: group each quarter, mine each month, "
                      "section each week, team each day.\n"),
            HasSubstr("\n  carried: yes\n"),
            HasSubstr("\n  by: duty self-check-team 班组日查 / Daily check by the team\n")));
  for (const char* rule : {"team", "section", "mine", "group"}) {
    EXPECT_THAT(answer->text, AllOf(HasSubstr(std::string("\n  rule self-check-") + rule + " zh: 每个矿山"),
                                    HasSubstr(std::string("\n  rule self-check-") + rule + " en: Each ")));
  }
  EXPECT_THAT(answer->text, Not(HasSubstr("standing")));
}

TEST_F(ClauseCommand, FindsNothingWithoutAFault) {
  const auto answer = ask({"submarine"});
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->found, 0);
  EXPECT_EQ(answer->text, "");
}

// Somebody came to the face of the first mine on the 14th at 07:50 and left it 8.5 h later: the night shift's
// limit is broken at 15:50, and a day later the county has it. The two other shifts of that day are clean.
TEST_F(ClauseCommand, TellsHowAMineStandsOnADay) {
  const std::string want =
      "\n  standing: 示例一矿 hours-at-face: met 2, missed 1; last 2026-10-14, shift 3: met 0/0, due "
      "2026-10-15 07:59:59\n";
  const std::string id = month_->one("mine", "code", "990101000001").id.text();
  for (const std::string& name : {std::string("990101000001"), id}) {
    const auto answer = ask({"YC2024-3.3.3-01"}, name, "2026-10-14");
    ASSERT_TRUE(answer) << answer.error().text();
    EXPECT_THAT(answer->text, HasSubstr(want));
    EXPECT_THAT(answer->text, Not(HasSubstr("示例二矿")));
  }
  const auto everybody = ask({"YC2024-3.3.3-01"}, {}, "2026-10-14");
  ASSERT_TRUE(everybody);
  EXPECT_THAT(everybody->text, AllOf(HasSubstr(want), HasSubstr("示例二矿 hours-at-face: met 3;")));
}

// From the 1st, when the packs come into force, to Friday the 16th at noon; duties are made until the 30th.
TEST_F(ClauseCommand, TellsHowAMineStandsNow) {
  const auto answer = ask({"YC2024-3.2.3-02"}, "990101000001");
  ASSERT_TRUE(answer) << answer.error().text();
  EXPECT_THAT(answer->text,
              HasSubstr("\n  standing: 示例一矿 self-check-team: upcoming 15, met 14, met_late 1; "
                        "last 2026-10-16: upcoming 0/1, due 2026-10-16 23:59:59\n"))
      << "the 1st to the 15th, that of the 8th entered a day later; the 16th to the 30th to come";
  EXPECT_THAT(answer->text,
              HasSubstr("\n  standing: 示例一矿 self-check-section: upcoming 3, met 1; last week of "
                        "2026-10-12: upcoming 0/1, due 2026-10-18 23:59:59\n"))
      << "the week of the 5th done on its Friday; that of the 12th is confirmed at 15:00 only";
  const auto idle = ask({"GZ2020-8.1-01"}, "990101000001");
  ASSERT_TRUE(idle);
  EXPECT_THAT(idle->text, AllOf(HasSubstr("\n  carried: no\n"), HasSubstr("\n  standing: no duty\n")));
}

TEST_F(ClauseCommand, RefusesAnUnknownMineAndABadDay) {
  const auto nobody = ask({"隐患"}, "123456789012");
  ASSERT_FALSE(nobody);
  EXPECT_EQ(nobody.error().code, Errc::not_found);
  const auto bad = ask({"隐患"}, {}, "2026-02-30");
  ASSERT_FALSE(bad);
  EXPECT_EQ(bad.error().code, Errc::bad_input);
}

}  // namespace
}  // namespace mineward::app
