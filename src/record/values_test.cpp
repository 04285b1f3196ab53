/// Values in their notations, and JSON of records.
#include "record/values.h"

#include <gtest/gtest.h>
// after gtest.h, which it uses
#include <rapidcheck/gtest.h>

#include <cmath>

#include "record/testing.h"

namespace mineward::record::fixture {
namespace {

using ::testing::HasSubstr;

TEST(Values, MoneyIsFenAndShowsYuan) {
  const struct {
    const char* text;
    std::optional<std::int64_t> fen;
  } cases[] = {{"0", 0},
               {"1234.50", 123450},
               {"1234.5", 123450},
               {"-0.01", -1},
               {"92233720368547758.07", INT64_MAX},
               {"92233720368547758.08", std::nullopt},
               {"1.234", std::nullopt},
               {"1.", std::nullopt},
               {".5", std::nullopt},
               {"", std::nullopt},
               {"-", std::nullopt},
               {"1e3", std::nullopt},
               {"1,000", std::nullopt},
               {" 1", std::nullopt},
               {"--1", std::nullopt}};
  for (const auto& test : cases) {
    const auto fen = parse_money(test.text);
    EXPECT_EQ(fen.ok(), test.fen.has_value()) << test.text;
    if (fen && test.fen) {
      EXPECT_EQ(*fen, *test.fen) << test.text;
    }
  }
}

RC_GTEST_PROP(Values, MoneyReadsBack, (std::int64_t fen)) {
  RC_ASSERT(*parse_money(format_money(fen)) == fen);
}

RC_GTEST_PROP(Values, EveryNotationReadsBack, (std::int64_t i, double d, bool b, std::string s)) {
  if (!std::isfinite(d)) d = 0.5;
  for (char& ch : s) ch = static_cast<char>(32 + static_cast<unsigned char>(ch) % 90);
  const std::pair<FieldType, FieldValue> values[] = {
      {FieldType::integer, i},
      {FieldType::money, i},
      {FieldType::decimal, d},
      {FieldType::boolean, b},
      {FieldType::date, Date{static_cast<std::int32_t>(i % 60000)}},
      {FieldType::instant, EventTime{i % 4000000000000}},
      {FieldType::text, "x" + s},
      {FieldType::reference, RecordId{(i & INT64_MAX) | 1}},
      {FieldType::choices, std::vector<std::string>{"a", "b"}}};
  for (const auto& [type, value] : values) {
    RC_ASSERT(*value_from_json(type, value_to_json(type, value)) == value);
    RC_ASSERT(*value_from_text(type, value_to_text(type, value)) == value);
    RC_ASSERT(from_db(type, to_db(value)) == value);
  }
}

TEST(Values, JsonOfAForm) {
  const auto catalog = small_catalog();
  const RecordType& type = *catalog->record_type("hazard");
  const auto read = [&](std::string_view json) {
    return fields_from_json(*catalog, type, must(parse_json(json)));
  };
  const Fields fields = must(read(
      R"({"title": "x", "money": "12.50", "people": 3, "depth": 2, "deadline": "2026-02-01", "urgent": true,
      "found_at": "2026-01-12T08:00:00+08:00", "mine": "77", "tags": ["gas"], "level": null})"));
  EXPECT_EQ(fields.at("money"), FieldValue(std::int64_t{1250}));
  EXPECT_EQ(fields.at("people"), FieldValue(std::int64_t{3}));
  EXPECT_EQ(fields.at("depth"), FieldValue(2.0));
  EXPECT_EQ(fields.at("found_at"), FieldValue(EventTime{1768176000000}));
  EXPECT_EQ(fields.at("mine"), FieldValue(RecordId{77}));
  EXPECT_FALSE(is_set(fields.at("level")));
  const struct {
    const char* json;
    const char* faults;
    const char* message;
  } cases[] = {
      {R"({"titel": "x"})", "titel unknown_field", "nearest is title"},
      {R"({"title": 5})", "title bad_format", "found whole number, expected text"},
      {R"({"people": 1.5})", "people bad_format", "expected a whole number"},
      {R"({"people": "x"})", "people bad_format", "expected a whole number"},
      {R"({"urgent": "maybe"})", "urgent bad_format", "true or false"},
      {R"({"deadline": "2026-02-30"})", "deadline bad_format", "expected a date"},
      {R"({"found_at": "soon"})", "found_at bad_format", "expected a time"},
      {R"({"mine": "-1"})", "mine bad_format", "id of a record"},
      {R"({"money": 0.001})", "money bad_format", "two decimals"},
      {R"({"tags": "gas"})", "tags bad_format", "a list of texts"},
      {R"({"tags": [1]})", "tags bad_format", "texts only"},
      {R"({"people": "x", "colour": 1})", "people bad_format, colour unknown_field", ""},
      {R"([])", "", ""},
  };
  for (const auto& test : cases) {
    SCOPED_TRACE(test.json);
    const Refusal refusal = refused(read(test.json));
    EXPECT_EQ(faults(refusal), test.faults);
    EXPECT_EQ(refusal.error.code, Errc::bad_input);
    if (!refusal.faults.empty()) {
      EXPECT_THAT(refusal.faults[0].message, HasSubstr(test.message));
    }
  }
  Record record;
  record.id = RecordId{71};
  record.type = "hazard";
  record.version = 2;
  record.fields = fields;
  const Json json = to_json(*catalog, type, record);
  EXPECT_EQ(json["id"], Json("71"));
  EXPECT_EQ(json["fields"]["money"], Json("12.50"));
  EXPECT_EQ(json["fields"]["deadline"], Json("2026-02-01"));
  EXPECT_TRUE(json["fields"].has("level"));
  EXPECT_TRUE(json["fields"]["level"].is_null());
}

}  // namespace
}  // namespace mineward::record::fixture
