#include "base/json.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>
#include <limits>

#include "base/files.h"
#include "base/text.h"

namespace mineward {
namespace {

/// tests/data/json-test-suite: y_ must be accepted, n_ refused, i_ may be either but must not crash.
TEST(Json, PassesTheJsonTestSuite) {
  const auto files = system_files();
  const std::string folder = std::string(MW_SOURCE_DIR) + "/tests/data/json-test-suite/test_parsing";
  const auto list = files->list(folder);
  ASSERT_TRUE(list) << list.error().text();
  int good = 0, bad = 0, either = 0;
  for (const FileStat& f : *list) {
    const auto text = files->read(folder + "/" + f.name);
    ASSERT_TRUE(text);
    const auto json = parse_json(*text);
    if (f.name.starts_with("y_")) {
      ++good;
      ASSERT_TRUE(json) << f.name << ": " << json.error().text();
      const auto again = parse_json(json->dump());  // what we accept, we can write and read
      ASSERT_TRUE(again) << f.name << ": " << again.error().text();
      EXPECT_EQ(again->dump(), json->dump()) << f.name;
    } else if (f.name.starts_with("n_")) {
      ++bad;
      EXPECT_FALSE(json) << f.name << " was accepted as " << json->dump();
    } else {
      ++either;
    }
  }
  EXPECT_EQ(good, 95);
  EXPECT_EQ(bad, 188);
  EXPECT_EQ(either, 35);
}

TEST(Json, NothingIsNoJson) {  // the fuzz targets found that an empty view that points nowhere was handed on
  EXPECT_FALSE(parse_json(std::string_view()).ok());
  EXPECT_FALSE(parse_json("").ok());
}

TEST(Json, KeepsWhatTheNumberWas) {
  const auto j =
      parse_json(R"([1, 1.0, -0, 9223372036854775807, -9223372036854775808, 9223372036854775808, 1e2])");
  ASSERT_TRUE(j);
  const auto& a = *j->array();
  EXPECT_NE(a[0].integer(), nullptr);
  EXPECT_EQ(a[1].integer(), nullptr);
  EXPECT_EQ(a[1].number(), 1.0);
  EXPECT_EQ(*a[3].integer(), INT64_MAX);
  EXPECT_EQ(*a[4].integer(), INT64_MIN);
  EXPECT_EQ(a[5].integer(), nullptr);
  EXPECT_EQ(a[5].number(), 9223372036854775808.0);
  EXPECT_EQ(a[6].number(), 100.0);
}

TEST(Json, MembersAreFoundAndTheLastOfARepeatedKeyCounts) {
  const auto j = parse_json(R"({"a": 1, "b": "x", "a": 2})");
  ASSERT_TRUE(j);
  EXPECT_EQ(*(*j)["a"].integer(), 2);
  EXPECT_EQ(j->object()->size(), 2u);
  EXPECT_EQ(j->text("b"), "x");
  EXPECT_EQ(j->text("a", "other"), "other");
  EXPECT_TRUE((*j)["none"].is_null());
  EXPECT_FALSE(j->has("none"));
  EXPECT_TRUE(Json(1)["a"].is_null());
  EXPECT_EQ(parse_json("null")->kind(), "null");
  EXPECT_EQ(parse_json("[]")->kind(), "list");
}

TEST(Json, NestsToADepthAndNoFurther) {
  const auto nested = [](std::size_t n) { return std::string(n, '[') + std::string(n, ']'); };
  EXPECT_TRUE(parse_json(nested(500)));
  EXPECT_FALSE(parse_json(nested(2000)));
  EXPECT_FALSE(parse_json(std::string(1000000, '[')));
  EXPECT_TRUE(parse_json(nested(500)));  // and works after that
}

TEST(Json, WritesStringsSafely) {
  const struct {
    std::string text;
    const char* want;
  } cases[] = {
      {"", R"("")"},
      {"a\"b\\", R"("a\"b\\")"},
      {"\n\r\t", R"("\n\r\t")"},
      {std::string("\0\x1f\x7f", 3), R"("\u0000\u001f\u007f")"},
      {"</script>&", R"("\u003c/script\u003e\u0026")"},
      {"瓦斯<1.0% \"T1\" ok", R"("瓦斯\u003c1.0% \"T1\" ok")"},
      {"矿安卫", R"("矿安卫")"},
      {"a\xFF"
       "b",
       "\"a\xEF\xBF\xBD"
       "b\""},
  };
  for (const auto& c : cases) {
    std::string out;
    append_json_string(out, c.text);
    EXPECT_EQ(out, c.want);
  }
}

TEST(Json, WritesNumbersShortAndExact) {
  const struct {
    double value;
    const char* want;
  } cases[] = {
      {0, "0"},
      {0.1, "0.1"},
      {1.05, "1.05"},
      {1e300, "1e+300"},
      {1e20, "1e+20"},  // as whole digits it would be too large for our own reader
      {-18446744073709551616.0, "-1.8446744073709552e+19"},
      {-0.0, "-0.0"},  // "-0" is read as the whole number 0
      {std::nan(""), "null"},
      {std::numeric_limits<double>::infinity(), "null"},
      {100, "100"},
  };
  for (const auto& c : cases) {
    std::string out;
    append_json_number(out, c.value);
    EXPECT_EQ(out, c.want);
  }
}

TEST(Json, WriterPlacesCommas) {
  std::string out;
  JsonWriter w(out);
  w.begin_object().member("a", 1).key("b").begin_array().value(true).null().value("x").end_array();
  w.member("c", std::optional<double>{})
      .key("d")
      .begin_object()
      .end_object()
      .key("e")
      .begin_array()
      .end_array()
      .end_object();
  EXPECT_EQ(out, R"({"a":1,"b":[true,null,"x"],"c":null,"d":{},"e":[]})");
  EXPECT_TRUE(parse_json(out));
}

TEST(Json, SetReplacesOrAdds) {
  Json j;
  j.set("a", 1).set("b", Json::Array{1, "x"}).set("a", 2);
  EXPECT_EQ(j.dump(), R"({"a":2,"b":[1,"x"]})");
}

RC_GTEST_PROP(JsonProperty, AnyTextAndNumberComesBack,
              (const std::string& bytes, double number, std::int64_t whole)) {
  RC_PRE(std::isfinite(number));
  Json j;
  j.set("text", bytes).set("number", number).set("whole", whole);
  const auto again = parse_json(j.dump());
  RC_ASSERT(again.ok());
  RC_ASSERT(*(*again)["text"].string() == to_utf8(to_code_points(bytes)));
  RC_ASSERT((*again)["number"].number() == number);
  RC_ASSERT(*(*again)["whole"].integer() == whole);
}

}  // namespace
}  // namespace mineward
