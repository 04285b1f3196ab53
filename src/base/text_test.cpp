#include "base/text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace mineward {
namespace {

using testing::ElementsAre;

/// Says whether `s` is UTF-8 by the grammar of RFC 3629 section 4, spelled out; slow and obvious.
bool utf8_by_grammar(std::string_view s) {
  const auto in = [&](std::size_t i, int low, int high) {
    return i < s.size() && static_cast<unsigned char>(s[i]) >= low &&
           static_cast<unsigned char>(s[i]) <= high;
  };
  const auto tail = [&](std::size_t i) { return in(i, 0x80, 0xBF); };
  std::size_t i = 0;
  while (i < s.size()) {
    if (in(i, 0, 0x7F))
      i += 1;
    else if (in(i, 0xC2, 0xDF) && tail(i + 1))
      i += 2;
    else if (in(i, 0xE0, 0xE0) && in(i + 1, 0xA0, 0xBF) && tail(i + 2))
      i += 3;
    else if (in(i, 0xE1, 0xEC) && tail(i + 1) && tail(i + 2))
      i += 3;
    else if (in(i, 0xED, 0xED) && in(i + 1, 0x80, 0x9F) && tail(i + 2))
      i += 3;
    else if (in(i, 0xEE, 0xEF) && tail(i + 1) && tail(i + 2))
      i += 3;
    else if (in(i, 0xF0, 0xF0) && in(i + 1, 0x90, 0xBF) && tail(i + 2) && tail(i + 3))
      i += 4;
    else if (in(i, 0xF1, 0xF3) && tail(i + 1) && tail(i + 2) && tail(i + 3))
      i += 4;
    else if (in(i, 0xF4, 0xF4) && in(i + 1, 0x80, 0x8F) && tail(i + 2) && tail(i + 3))
      i += 4;
    else
      return false;
  }
  return true;
}

TEST(Utf8, EdgesOfRfc3629) {
  const struct {
    const char* why;
    std::string text;
    bool good;
  } cases[] = {
      {"empty", "", true},
      {"NUL", std::string("\0", 1), true},
      {"U+007F", "\x7F", true},
      {"U+0080", "\xC2\x80", true},
      {"U+07FF", "\xDF\xBF", true},
      {"U+0800", "\xE0\xA0\x80", true},
      {"U+D7FF, last before the surrogates", "\xED\x9F\xBF", true},
      {"U+E000, first after the surrogates", "\xEE\x80\x80", true},
      {"U+FFFF", "\xEF\xBF\xBF", true},
      {"U+10000", "\xF0\x90\x80\x80", true},
      {"U+10FFFF", "\xF4\x8F\xBF\xBF", true},
      {"overlong NUL", "\xC0\x80", false},
      {"overlong U+007F", "\xC1\xBF", false},
      {"overlong U+07FF", "\xE0\x9F\xBF", false},
      {"overlong U+FFFF", "\xF0\x8F\xBF\xBF", false},
      {"U+D800", "\xED\xA0\x80", false},
      {"U+DFFF", "\xED\xBF\xBF", false},
      {"U+110000", "\xF4\x90\x80\x80", false},
      {"F5", "\xF5\x80\x80\x80", false},
      {"five bytes", "\xF8\x88\x80\x80\x80", false},
      {"FE", "\xFE", false},
      {"FF", "\xFF", false},
      {"lone tail", "\x80", false},
      {"cut after one of two", "\xC2", false},
      {"cut after two of three", "\xE7\x94", false},
      {"cut after three of four", "\xF0\x9F\x98", false},
      {"head instead of tail", "\xC2\xC2", false},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.why);
    EXPECT_EQ(is_utf8(c.text), c.good);
    EXPECT_EQ(utf8_by_grammar(c.text), c.good);
  }
}

TEST(Utf8, NamesTheFirstBadByteWhereverItStands) {
  for (std::size_t at = 0; at < 40; ++at) {
    std::string text(40, 'a');
    text[at] = '\xFF';
    EXPECT_EQ(first_invalid_utf8(text), at);
  }
  EXPECT_EQ(first_invalid_utf8("甲烷\xC2"), 6u);
}

TEST(Utf8, AllPairsOfBytesAgreeWithTheGrammar) {
  for (int a = 0; a < 256; ++a) {
    for (int b = 0; b < 256; ++b) {
      const char text[] = {static_cast<char>(a), static_cast<char>(b)};
      ASSERT_EQ(is_utf8({text, 2}), utf8_by_grammar({text, 2})) << a << " " << b;
    }
  }
}

TEST(Utf8, EveryCodePointComesBack) {
  for (char32_t c = 0; c <= 0x10FFFF; ++c) {
    if (c >= 0xD800 && c <= 0xDFFF) continue;
    const std::u32string one(1, c);
    const std::string text = to_utf8(one);
    ASSERT_TRUE(is_utf8(text)) << std::hex << static_cast<std::uint32_t>(c);
    ASSERT_EQ(to_code_points(text), one) << std::hex << static_cast<std::uint32_t>(c);
  }
}

RC_GTEST_PROP(Utf8Property, AgreesWithTheGrammar, ()) {
  const auto bytes = *rc::gen::container<std::string>(
      rc::gen::oneOf(rc::gen::arbitrary<char>(),
                     rc::gen::elementOf(std::string("\xC2\xE0\xED\xF0\xF4\x80\x8F\x90\x9F\xA0\xBF\xEF"))));
  RC_ASSERT(is_utf8(bytes) == utf8_by_grammar(bytes));
  RC_ASSERT(is_utf8(to_utf8(to_code_points(bytes))));  // whatever comes in, valid text goes out
}

/// Expected bytes are those of Python 3's codec gb18030.
TEST(Gb18030, ReadsOneTwoAndFourBytes) {
  const struct {
    const char* utf8;
    std::string bytes;
  } cases[] = {
      {"", ""},
      {"CDSS;1.2~||", "CDSS;1.2~||"},
      {"甲烷", "\xBC\xD7\xCD\xE9"},
      {"矿安卫T0", "\xBF\xF3\xB0\xB2\xCE\xC0T0"},
      {"é", "\xA8\xA6"},
      {"㐀", "\x81\x39\xEE\x39"},
      {"𠮷", "\x95\x34\xB2\x35"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.utf8);
    const auto text = gb18030_to_utf8(c.bytes);
    const auto bytes = utf8_to_gb18030(c.utf8);
    ASSERT_TRUE(bytes) << bytes.error().text();
    EXPECT_EQ(*bytes, c.bytes);
    ASSERT_TRUE(text) << text.error().text();
    EXPECT_EQ(*text, c.utf8);
  }
}

TEST(Gb18030, NamesTheByteThatCannotBeRead) {
  const struct {
    const char* why;
    std::string bytes;
    const char* want;
  } cases[] = {
      {"FF is never a first byte", "ab\xFF", "byte 2 "},
      {"cut after one of two", "ab\xBC", "byte 2 "},
      {"cut after three of four", std::string("\xBC\xD7\x95\x34\xB2"), "byte 2 "},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.why);
    const auto text = gb18030_to_utf8(c.bytes);
    ASSERT_FALSE(text);
    EXPECT_THAT(text.error().message, testing::HasSubstr(c.want));
  }
  EXPECT_TRUE(gb18030_to_utf8("\xBC\xD7"));  // the converter is usable after a failure
}

RC_GTEST_PROP(Gb18030Property, EveryTextComesBack, ()) {
  const auto points = *rc::gen::container<std::u32string>(
      rc::gen::map(rc::gen::inRange<std::uint32_t>(1, 0x30000), [](std::uint32_t c) {
        const bool usable =
            !(c >= 0xD800 && c <= 0xF8FF) && c != 0xFFFE && c != 0xFFFF;  // no surrogates, nothing private
        return static_cast<char32_t>(usable ? c : U'矿');
      }));
  const std::string text = to_utf8(points);
  const auto bytes = utf8_to_gb18030(text);
  RC_PRE(bytes.ok());
  RC_ASSERT(*gb18030_to_utf8(*bytes) == text);
}

TEST(Text, Trims) {
  const struct {
    const char* text;
    const char* want;
  } cases[] = {
      {"", ""},       {" \t\r\n", ""}, {"a", "a"}, {" a b \r\n", "a b"},
      {"　a", "　a"},  // the ideographic space stays
  };
  for (const auto& c : cases) EXPECT_EQ(trim(c.text), c.want);
}

TEST(Text, SplitsKeepingEmptyPartsAndJoins) {
  EXPECT_THAT(split("", ';'), ElementsAre(""));
  EXPECT_THAT(split(";", ';'), ElementsAre("", ""));
  EXPECT_THAT(split("a;;b;", ';'), ElementsAre("a", "", "b", ""));
  const std::vector<std::string> parts = {"a", "", "b"};
  EXPECT_EQ(join(parts, ", "), "a, , b");
  EXPECT_EQ(join({}, ","), "");
}

TEST(Text, ReadsWholeNumbers) {
  const struct {
    const char* text;
    std::optional<std::int64_t> want;
  } cases[] = {
      {"0", 0},
      {"-7", -7},
      {"007", 7},
      {"9223372036854775807", INT64_MAX},
      {"-9223372036854775808", INT64_MIN},
      {"9223372036854775808", {}},
      {"", {}},
      {"-", {}},
      {" 1", {}},
      {"1 ", {}},
      {"1.0", {}},
      {"0x10", {}},
      {"+1", {}},
      {"１", {}},
  };
  for (const auto& c : cases) EXPECT_EQ(parse_integer(c.text), c.want) << c.text;
}

TEST(Text, ReadsNumbers) {
  const struct {
    const char* text;
    std::optional<double> want;
  } cases[] = {
      {"0", 0},      {"1.05", 1.05}, {"-0.01", -0.01},     {"+1.5", 1.5}, {"1e3", 1000}, {"1E-3", 0.001},
      {".5", 0.5},   {"5.", 5},      {"-999999", -999999}, {"", {}},      {"-", {}},     {".", {}},
      {"e5", {}},    {"+-5", {}},    {"--5", {}},          {"1,5", {}},   {" 1", {}},    {"1 ", {}},
      {"1e", {}},    {"inf", {}},    {"nan", {}},          {"-inf", {}},  {"0x1p3", {}}, {"1e999", {}},
      {"1.2.3", {}}, {"１", {}},
  };
  for (const auto& c : cases) EXPECT_EQ(parse_number(c.text), c.want) << c.text;
}

TEST(Text, FindsTheNearestName) {
  const std::vector<std::string> names = {"listen", "data_folder", "retention_days", "retention"};
  const struct {
    const char* text;
    const char* want;
  } cases[] = {
      {"listen", "listen"},
      {"lisen", "listen"},
      {"data_folders", "data_folder"},
      {"retention_dyas", "retention_days"},
      {"retentoin", "retention"},
      {"something else", ""},
      {"", ""},
  };
  for (const auto& c : cases) EXPECT_EQ(nearest(c.text, names), c.want) << c.text;
  EXPECT_EQ(nearest("x", {}), "");
}

TEST(SearchWords, ChineseByCharactersAndPairsLatinByRuns) {
  EXPECT_THAT(search_words("甲烷超限 T0"), ElementsAre("甲", "甲烷", "烷", "烷超", "超", "超限", "限", "t0"));
  EXPECT_THAT(search_words("CO-24ppm"), ElementsAre("co", "24ppm"));
  EXPECT_THAT(search_words("Ｔ０，瓦斯"), ElementsAre("t0", "瓦", "瓦斯", "斯"));  // full-width letters
  EXPECT_THAT(search_words("１１０１面"), ElementsAre("1101", "面"));
  EXPECT_TRUE(search_words("，。！ ;~").empty());
  EXPECT_TRUE(search_words("").empty());
}

TEST(SearchWords, AQueryUsesPairsWhereItCan) {
  EXPECT_THAT(query_words("甲烷超限"), ElementsAre("甲烷", "烷超", "超限"));
  EXPECT_THAT(query_words("烷"), ElementsAre("烷"));
  EXPECT_THAT(query_words("T0 甲"), ElementsAre("t0", "甲"));
}

/// What a query finds must be what a reader finds: a piece of a text, cut anywhere, is found in it.
RC_GTEST_PROP(SearchWordsProperty, EveryPieceOfAChineseTextIsFound, ()) {
  const auto text = *rc::gen::nonEmpty(
      rc::gen::container<std::u32string>(rc::gen::elementOf(std::u32string(U"甲烷超限矿安卫"))));
  const auto from = *rc::gen::inRange<std::size_t>(0, text.size());
  const auto count = *rc::gen::inRange<std::size_t>(1, text.size() - from + 1);
  const auto words = search_words(to_utf8(text));
  for (const auto& word : query_words(to_utf8(text.substr(from, count)))) {
    RC_ASSERT(std::find(words.begin(), words.end(), word) != words.end());
  }
}

}  // namespace
}  // namespace mineward
