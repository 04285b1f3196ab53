#include "record/search.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "base/text.h"

namespace mineward::record {
namespace {

/// What the index holds of some texts, asked the way it is asked: every word of the question among theirs.
bool index_says(const std::vector<db::Value>& texts, const std::string& question) {
  std::vector<std::string> held;
  for (const auto& text : texts) {
    if (!std::holds_alternative<std::string>(text)) continue;
    for (auto& word : search_words(std::get<std::string>(text))) held.push_back(std::move(word));
  }
  const auto wanted = query_words(question);
  return std::all_of(wanted.begin(), wanted.end(), [&](const std::string& word) {
    return std::find(held.begin(), held.end(), word) != held.end();
  });
}

TEST(WordsTest, SaysOfOneRowWhatTheIndexWouldSay) {
  const std::vector<std::string> pieces = {"皮", "带",   "机",  "皮带机", "护罩", "T0", "t",
                                           "0",  "Ｔ０", "é",   " ",      "，",   "-",  "〇",
                                           "𠀀", "😀",    "a带", "CH4",    "ch",   "4"};
  std::mt19937 dice(20261128);
  const auto some = [&](int most) {
    std::string out;
    for (auto n = dice() % (static_cast<unsigned>(most) + 1); n > 0; --n)
      out += pieces[dice() % pieces.size()];
    return out;
  };
  int yes = 0, no = 0;
  for (int i = 0; i < 20'000; ++i) {
    const std::vector<db::Value> texts = {some(6), db::Null{}, some(3)};
    const std::string question = some(3);
    if (query_words(question).empty()) continue;  // asks for nothing: words_condition() refuses it before
    const bool expected = index_says(texts, question);
    ASSERT_EQ(WordsTest(question)(texts), expected)
        << question << " in " << std::get<std::string>(texts[0]) << " | " << std::get<std::string>(texts[2]);
    ++(expected ? yes : no);
  }
  EXPECT_GT(yes, 500);
  EXPECT_GT(no, 5000);
}

TEST(WordsTest, FindsPairsAndWholeLatinWordsOnly) {
  const std::vector<db::Value> texts = {std::string("1121 回风巷 CH4 超限"), std::string("皮带机护罩缺失")};
  EXPECT_TRUE(WordsTest("护罩 回风")(texts)) << "each in another field";
  EXPECT_TRUE(WordsTest("ch4")(texts));
  EXPECT_TRUE(WordsTest("ＣＨ４")(texts)) << "full width";
  EXPECT_FALSE(WordsTest("ch")(texts)) << "part of a Latin word";
  EXPECT_FALSE(WordsTest("112")(texts));
  EXPECT_FALSE(WordsTest("风护")(texts)) << "no neighbours";
  EXPECT_TRUE(WordsTest("带")(texts)) << "one character stands anywhere";
}

}  // namespace
}  // namespace mineward::record
