#include "duty/clause_search.h"

#include <gmock/gmock.h>

namespace mineward::duty {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(ClauseSearch, WordsStandBetweenBlanks) {
  EXPECT_THAT(words_of("  Weekly  隐患 "), ElementsAre("weekly", "隐患"));
  EXPECT_THAT(words_of("班组　日查"), ElementsAre("班组", "日查")) << "the blank of a Chinese keyboard";
  EXPECT_THAT(words_of(" 　 "), IsEmpty());
}

TEST(ClauseSearch, EveryWordMustOccurSomewhere) {
  pack::Clause clause;
  clause.id = "YC2024-3.2.3-02";
  clause.article = "三（二）3";
  clause.text = {"集团季、矿月、队周、班日四级排查", "Hazard checks run on four tiers."};
  clause.original = "班组日查";
  clause.binds = {"科队长 (section head)"};
  clause.quantities = {"section: weekly"};
  const struct {
    const char* why;
    const char* words;
    bool want;
  } cases[] = {
      {"nothing asked", "", true},
      {"Chinese text", "四级排查", true},
      {"English text, any case", "HAZARD tiers", true},
      {"both languages at once", "四级 tiers", true},
      {"the id, in small letters", "yc2024-3.2.3-02", true},
      {"part of an id", "YC2024", true},
      {"the article", "三（二）3", true},
      {"the original wording", "班组日查", true},
      {"who it binds", "科队长", true},
      {"a number of it", "weekly", true},
      {"one word of two is missing", "四级 通风", false},
      {"another clause", "YC2024-3.2.3-03", false},
  };
  for (const auto& c : cases) EXPECT_EQ(matches(clause, words_of(c.words)), c.want) << c.why;
}

}  // namespace
}  // namespace mineward::duty
