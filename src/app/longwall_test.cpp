#include "app/longwall.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/files.h"

namespace mineward::app {
namespace {

using testing::HasSubstr;

constexpr const char* kMapping = R"(
mine_code: "990101000001"
mine_name: 示例一矿
start: 2026-01-12 08:00:00
period: 30 s
columns:
  - {column: A, point: A01, sensor_type: "0001", type_name: 环境瓦斯, value_type: MN, unit: "%CH4", decimals: 1, alarm: 1.0, cut: 1.5, place: 甲&乙&丙}
  - {column: D, point: C01, sensor_type: "1004", type_name: 设备开停, value_type: KG, place: 煤机}
)";

std::string read_file(const std::string& path) {
  return *system_files()->read(std::string(MW_SOURCE_DIR) + "/" + path);
}

TEST(Longwall, ReadsArffAndCsvAlike) {
  const char* arff =
      "% a remark\n@RELATION r\n\n@attribute 'A' real\n@ATTRIBUTE D {0,1}\n@DATA\n1.0,0\r\n?,1\n";
  const char* csv = "\"A\",D\n1.0,0\n,1\n";
  for (const char* text : {arff, csv}) {
    const auto series = read_longwall(text);
    ASSERT_TRUE(series) << series.error().text();
    EXPECT_THAT(series->columns, testing::ElementsAre("A", "D"));
    ASSERT_EQ(series->rows.size(), 2u);
    EXPECT_EQ(series->rows[0][0], 1.0);
    EXPECT_EQ(series->rows[1][0], std::nullopt);
    EXPECT_EQ(series->rows[1][1], 1.0);
  }
}

TEST(Longwall, NamesTheLineOfABadTable) {
  const struct {
    const char* why;
    const char* text;
    const char* want;
  } cases[] = {
      {"too few fields", "A,D\n1.0,0\n1.0\n", "line 3: found 1 fields, expected 2"},
      {"text for a number", "A,D\n1.0,x\n", "line 2: column D: found `x`, expected a number"},
      {"ARFF without data", "@RELATION r\n@ATTRIBUTE A real\n", "no @DATA line"},
      {"ARFF with a stray line", "@RELATION r\nhello\n@DATA\n1\n", "line 2: found `hello`"},
      {"nothing", "", "no rows"},
      {"only a head", "A,D\n", "no rows"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.why);
    const auto series = read_longwall(c.text);
    ASSERT_FALSE(series);
    EXPECT_THAT(series.error().text(), HasSubstr(c.want));
  }
}

TEST(Longwall, RefusesABadMapping) {
  const struct {
    const char* why;
    const char* from;
    const char* to;
    const char* want;
  } cases[] = {
      {"unknown key",
       "mine_name:", "mine_nam:", "line 3: mapping: unknown key `mine_nam`, did you mean `mine_name`?"},
      {"impossible day", "2026-01-12", "2026-02-30", "2026-02-30"},
      {"no period", "period: 30 s", "period: 0 s", "expected more than 0 s"},
      {"value type", "value_type: KG", "value_type: XX", "found `XX`, expected MN or KG"},
      {"number", "alarm: 1.0", "alarm: high", "`alarm` is no number"},
  };
  ASSERT_TRUE(parse_longwall_mapping(kMapping)) << parse_longwall_mapping(kMapping).error().text();
  for (const auto& c : cases) {
    SCOPED_TRACE(c.why);
    std::string text = kMapping;
    text.replace(text.find(c.from), std::string(c.from).size(), c.to);
    const auto mapping = parse_longwall_mapping(text);
    ASSERT_FALSE(mapping);
    EXPECT_THAT(mapping.error().text(), HasSubstr(c.want));
  }
}

TEST(Longwall, WritesWhatTheMineWouldSend) {
  const auto mapping = parse_longwall_mapping(kMapping);
  ASSERT_TRUE(mapping);
  const auto series = read_longwall("A,D\n0.9,0\n1.6,1\n1.6,1\n,0\n");
  ASSERT_TRUE(series);
  ASSERT_TRUE(check_longwall(*series, *mapping));
  const auto files = longwall_files(*series, *mapping, {.calibration = {{"A", 2, 2}}, .rows_per_file = 1});
  std::vector<std::string> texts;
  for (const auto& f : files) texts.push_back(f.name + " " + f.bytes);
  const char* mine = "990101000001;示例一矿;";
  EXPECT_THAT(
      texts, testing::ElementsAre(
                 HasSubstr("CDDY"),
                 std::string("990101000001_CDSS_20260112080000.txt ") + mine +
                     "2026-01-12 08:00:00~99010100000101MN0001A01;环境瓦斯;甲;0.9;%CH4;0;2026-01-12 08:00:00~"
                     "99010100000101KG1004C01;设备开停;煤机;0;;0;2026-01-12 08:00:00~||",
                 HasSubstr(";1.6;%CH4;3;2026-01-12 08:00:30~"),
                 std::string("990101000001_KGBH_20260112080030.txt ") + mine +
                     "2026-01-12 08:00:30~99010100000101KG1004C01;1;2026-01-12 08:00:30~||",
                 HasSubstr(";1.6;%CH4;7;2026-01-12 08:01:00~"),  // calibration 4 + cut 2 + alarm 1
                 HasSubstr(";甲;;%CH4;0;2026-01-12 08:01:30~"),  // no value, no number
                 HasSubstr("99010100000101KG1004C01;0;2026-01-12 08:01:30~")));
}

TEST(Longwall, FewerFilesCarryTheSameReadings) {
  const auto mapping = parse_longwall_mapping(read_file("examples/longwall/mapping.yaml"));
  ASSERT_TRUE(mapping) << mapping.error().text();
  std::string csv = "MM31,MM116,AS038,PG072,PD,BA13\n";
  for (int i = 0; i < 25; ++i) csv += std::to_string(i) + ",1,2,3," + std::to_string(i % 3 == 0) + ",1000\n";
  const auto series = read_longwall(csv);
  ASSERT_TRUE(series);
  const auto records = [&](std::size_t rows_per_file, const char* type) {
    std::string all;
    for (const auto& f :
         longwall_files(*series, *mapping, {.calibration = {}, .rows_per_file = rows_per_file})) {
      if (f.name.find(type) == std::string::npos) continue;
      const auto body = f.bytes.find('~') + 1;
      all += f.bytes.substr(body, f.bytes.size() - body - 2);
    }
    return all;
  };
  for (const char* type : {"_CDSS_", "_KGBH_"}) {
    EXPECT_FALSE(records(1, type).empty());
    EXPECT_EQ(records(1, type), records(7, type));
    EXPECT_EQ(records(1, type), records(1000, type));
  }
}

TEST(Longwall, TheRealTableFitsItsMapping) {
  const auto mapping = parse_longwall_mapping(read_file("examples/longwall/mapping.yaml"));
  ASSERT_TRUE(mapping) << mapping.error().text();
  const auto series = read_longwall(read_file("examples/longwall/methane-train.arff"));
  ASSERT_TRUE(series) << series.error().text();
  EXPECT_TRUE(check_longwall(*series, *mapping));
  EXPECT_EQ(series->rows.size(), 13368u);  // SOURCE.md
  std::size_t over = 0;
  for (const auto& row : series->rows) over += row[*series->column("MM116")] >= 1.0 ? 1 : 0;
  EXPECT_EQ(over, 3440u);  // SOURCE.md
  EXPECT_FALSE(check_longwall(*read_longwall("X\n1\n"), *mapping));
}

}  // namespace
}  // namespace mineward::app
