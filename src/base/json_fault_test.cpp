#include "base/json_fault.h"

#include <gtest/gtest.h>

#include "base/files.h"
#include "base/json.h"

namespace mineward {
namespace {

TEST(JsonFault, NamesThePlaceAndWhatCouldStandThere) {
  const struct {
    const char* text;
    const char* want;
  } cases[] = {
      {"", "line 1, column 1: found the end of the text, expected a value"},
      {"[1,]", "line 1, column 4: found ']', expected a value"},
      {"{\"a\":1,\n \"b\" 2}", "line 2, column 6: found '2', expected :"},
      {"{\"a\":1,}", "line 1, column 8: found '}', expected a name in double quotes"},
      {"{a:1}", "line 1, column 2: found 'a', expected a name in double quotes or }"},
      {"[1 2]", "line 1, column 4: found '2', expected , or ]"},
      {"{\"a\":1 2}", "line 1, column 8: found '2', expected , or }"},
      {"[", "line 1, column 2: found the end of the text, expected a value or ]"},
      {"{}x", "line 1, column 3: found 'x', expected the end of the text"},
      {"[truth]", "line 1, column 5: found 't', expected true"},
      {"[-]", "line 1, column 3: found ']', expected a digit"},
      {"[1.]", "line 1, column 4: found ']', expected a digit"},
      {"[1e+]", "line 1, column 5: found ']', expected a digit"},
      {"[01]", "line 1, column 3: found '1', expected , or ]"},
      {"[\"a\tb\"]", "line 1, column 4: found byte 0x09, expected an escape instead of a control character"},
      {"[\"\\x\"]", "line 1, column 4: found 'x', expected one of \" \\ / b f n r t u after \\"},
      {"[\"\\u00g0\"]", "line 1, column 7: found 'g', expected four hexadecimal digits after \\u"},
      {"[\"a",
       "line 1, column 4: found the end of the text, expected a double quote at the end of the text in "
       "quotes"},
      {"[\"\xFF\"]", "line 1, column 3: found byte 0xFF, expected UTF-8"},
      {"\xEF\xBB\xBF{}", "line 1, column 1: found byte 0xEF, expected a value"},
      {"[\"\\uD83D\"]",
       "line 1, column 3: found '\\', expected both halves of a surrogate pair, first D800 to DBFF, then "
       "DC00 to "
       "DFFF"},
      {"[\"\\uDE00\\uD83D\"]",
       "line 1, column 3: found '\\', expected both halves of a surrogate pair, first D800 to DBFF, then "
       "DC00 to "
       "DFFF"},
      {"[\"\\uD83D\\u0041\"]",
       "line 1, column 3: found '\\', expected both halves of a surrogate pair, first D800 to DBFF, then "
       "DC00 to "
       "DFFF"},
      {"[1,\n18446744073709551616]",
       "line 2, column 1: found '1', expected a whole number below 2^64, or one with an exponent"},
      {"[-9223372036854775809]",
       "line 1, column 2: found '-', expected a whole number from -2^63 on, or one with an exponent"},
      {"[1e999]", "line 1, column 2: found '1', expected a number between -1.8e308 and 1.8e308"},
      {"[[[[1]]]]", "line 1, column 4: found '[', expected fewer levels"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.text);
    const auto fault = find_json_fault(c.text, 3);
    ASSERT_TRUE(fault);
    EXPECT_EQ(json_fault_text(c.text, *fault), c.want);
  }
}

/// What the suite says is good has no fault, what it says is bad has one; the judge is the name of the file.
TEST(JsonFault, AgreesWithTheJsonTestSuite) {
  const auto files = system_files();
  const std::string folder = std::string(MW_SOURCE_DIR) + "/tests/data/json-test-suite/test_parsing";
  const auto list = files->list(folder);
  ASSERT_TRUE(list) << list.error().text();
  int seen = 0;
  for (const FileStat& f : *list) {
    const auto text = files->read(folder + "/" + f.name);
    ASSERT_TRUE(text);
    const auto fault = find_json_fault(*text, 512);
    if (f.name.starts_with("y_")) {
      EXPECT_FALSE(fault) << f.name << ": " << json_fault_text(*text, *fault);
    } else if (f.name.starts_with("n_")) {
      EXPECT_TRUE(fault) << f.name;
    }
    const auto json = parse_json(*text);
    EXPECT_EQ(json.ok(), !fault) << f.name;
    if (!json) {
      EXPECT_NE(json.error().message.find("line "), std::string::npos) << f.name;
    }
    ++seen;
  }
  EXPECT_EQ(seen, 318);
}

TEST(JsonFault, NoneAtTheEdgesOfWhatIsRead) {
  for (const char* text : {"18446744073709551615", "-9223372036854775808", "18446744073709551616.0", "-1e19",
                           "1.7976931348623157e308", "1e-999", "0e999", "\"\\uD83D\\uDE00\"",
                           "\"\\ud800\\udfff\"", "\"\\uE000\""}) {
    EXPECT_TRUE(parse_json(text)) << text;
    EXPECT_FALSE(find_json_fault(text, 3)) << text;
  }
}

}  // namespace
}  // namespace mineward
