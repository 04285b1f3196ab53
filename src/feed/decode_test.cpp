#include "feed/decode.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "base/json.h"
#include "base/text.h"
#include "feed/testing.h"

namespace mineward::feed {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

constexpr std::string_view kMine = "620823009203";
constexpr std::string_view kHead = "620823009203;模拟煤矿;2026-09-23 08:00:00~";
const std::string kName = "620823009203_CDSS_20260923080000.txt";
constexpr std::string_view kSample =
    "52052301731101MN0002001A06;风速;一采区回风上山风速;2.1;m/s;0;2026-06-14 12:18:09~";

std::string path(const std::string& below) { return MW_SOURCE_DIR "/tests/data/uploads/" + below; }

EventTime at(std::string_view text) { return *parse_beijing_time(text); }

Result<Decoded> decode_cdss(std::string body) {
  return decode(*test_catalog(), kName, std::string(kHead) + std::move(body) + "||");
}

// ---- golden files: every file type
// -------------------------------------------------------------------------------

class Golden : public testing::TestWithParam<std::string> {};

TEST_P(Golden, DecodesToItsJsonLines) {
  const std::string name = GetParam();
  const auto decoded = decode(*test_catalog(), name, fixture("good/" + name));
  ASSERT_TRUE(decoded) << decoded.error().text();
  EXPECT_TRUE(decoded->faults.empty()) << decoded->faults[0].text(name);
  const std::string got = to_json_lines(*test_catalog(), *decoded);
  const std::string golden = path("good/" + name + ".jsonl");
  if (std::getenv("UPDATE_GOLDEN")) std::ofstream(golden) << got;
  std::ifstream in(golden);
  EXPECT_EQ(got, std::string(std::istreambuf_iterator<char>(in), {}));
}

std::vector<std::string> good_files() {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(path("good"))) {
    if (entry.path().extension() != ".jsonl") names.push_back(entry.path().filename());
  }
  std::sort(names.begin(), names.end());
  return names;
}
INSTANTIATE_TEST_SUITE_P(Files, Golden, testing::ValuesIn(good_files()), [](const auto& info) {
  std::string name = info.param;
  std::replace_if(
      name.begin(), name.end(), [](char c) { return !std::isalnum(static_cast<unsigned char>(c)); }, '_');
  return name;
});

TEST(Decode, KnowsEveryFileTypeOfTheIssue) {
  std::set<std::string> types;
  for (const auto& name : good_files()) types.insert(parse_file_name(*test_catalog(), name)->type);
  EXPECT_EQ(types, (std::set<std::string>{"CDDY", "CDSS", "TJSJ", "YCBJ", "FZDY", "FZSS", "KGBH", "RYXX",
                                          "RYQY", "RYJZ", "JZSS", "RYSS"}));
}

// ---- the negative fixtures of monitoring.md 1.14
// ------------------------------------------------------------------

struct BadCase {
  const char* why;  ///< in the words of the list, as a test name
  const char* file;
  const char* refused;  ///< start of the error's message; nullptr = the file is taken
  const char* fault;    ///< code of the only fault, when taken; nullptr = none
};

class NegativeFixtures : public testing::TestWithParam<BadCase> {};

TEST_P(NegativeFixtures, HasItsCode) {
  const BadCase& c = GetParam();
  std::vector<Fault> refused;
  const auto got = decode(*test_catalog(), c.file, fixture(std::string("bad/") + c.file), {}, &refused);
  ASSERT_EQ(got.ok(), c.refused == nullptr) << (got ? "" : got.error().text());
  if (!got) {
    EXPECT_THAT(got.error().message, StartsWith(std::string(c.refused) + " found "));
    EXPECT_THAT(got.error().message, HasSubstr(", expected "));
    EXPECT_THAT(got.error().where, StartsWith(std::string(c.file) + ":"));
    EXPECT_FALSE(refused.empty());
    return;
  }
  ASSERT_EQ(got->faults.size(), c.fault ? 1u : 0u);
  if (c.fault) {
    EXPECT_EQ(name_of(got->faults[0].code), c.fault);
  }
}
// Time in the future, wrong mine code and duplicate file need the clock, the aliases and the journal:
// intake_test.
INSTANTIATE_TEST_SUITE_P(
    Section114, NegativeFixtures,
    testing::Values(
        BadCase{"NoTerminator_E_TERM", "620823009203_CDSS_20260923080100.txt", "E_TERM", nullptr},
        BadCase{"ByteOrderMark_W_BOM", "620823009203_CDSS_20260923080200.txt", nullptr, "W_BOM"},
        BadCase{"GbkBytes_W_ENC_FALLBACK", "620823009203_CDSS_20260923080300.txt", nullptr, "W_ENC_FALLBACK"},
        BadCase{"FullWidthSemicolon_E_FIELDS", "620823009203_CDSS_20260923080400.txt", "E_FIELDS", nullptr},
        BadCase{"SixFieldCdss_E_FIELDS", "620823009203_CDSS_20260923080500.txt", "E_FIELDS", nullptr},
        BadCase{"EmptyRyssBody_taken", "620823009203_RYSS_20260923080700.txt", nullptr, nullptr},
        BadCase{"EightDigitBinaryState_taken", "620823009203_CDSS_20260923080800.txt", nullptr, nullptr},
        BadCase{"Minus999999_taken_as_null", "620823009203_CDSS_20260923080900.txt", nullptr, nullptr},
        BadCase{"EmptyTime_taken_as_null", "620823009203_YCBJ_20260923081000.txt", nullptr, nullptr},
        BadCase{"LooserLimitInCddy_taken", "620823009203_CDDY_20260923081100.txt", nullptr, nullptr}),
    [](const auto& info) { return std::string(info.param.why); });

TEST(Decode, SaysWhatIsWrongWithTheFixtures) {
  const auto text = [](const char* file) {
    return decode(*test_catalog(), file, fixture(std::string("bad/") + file)).error().text();
  };
  EXPECT_EQ(text("620823009203_CDSS_20260923080400.txt"),
            "620823009203_CDSS_20260923080400.txt:1:0: E_FIELDS found a full-width ；, expected \";\" (1 of "
            "1 records are "
            "bad, the file is refused)");
  EXPECT_EQ(text("620823009203_CDSS_20260923080500.txt"),
            "620823009203_CDSS_20260923080500.txt:1:0: E_FIELDS found 6 fields, expected 7 fields (1 of 1 "
            "records are bad, "
            "the file is refused)");
  EXPECT_EQ(text("620823009203_CDSS_20260923080100.txt"),
            "620823009203_CDSS_20260923080100.txt:0:0: E_TERM found no file end, expected \"||\" at the end "
            "of the file");
}

TEST(Decode, FixtureValues) {
  const auto only = [](const char* file) {
    auto got = decode(*test_catalog(), file, fixture(std::string("bad/") + file));
    EXPECT_TRUE(got.ok());
    return *std::move(got);
  };
  const auto gbk = only("620823009203_CDSS_20260923080300.txt");
  EXPECT_EQ(gbk.readings.at(0).place, "一采区回风上山风速");
  const auto bom = only("620823009203_CDSS_20260923080200.txt");
  EXPECT_EQ(bom.mine, kMine);
  EXPECT_EQ(only("620823009203_CDSS_20260923080800.txt").readings.at(0).state, 5);
  EXPECT_EQ(only("620823009203_CDSS_20260923080900.txt").readings.at(0).value, std::nullopt);
  const auto open = only("620823009203_YCBJ_20260923081000.txt");
  EXPECT_EQ(open.records.at(0).cell("end")->time, std::nullopt);
  const auto nobody = only("620823009203_RYSS_20260923080700.txt");
  EXPECT_EQ(nobody.total_records, 0);
  const auto looser = only("620823009203_CDDY_20260923081100.txt");
  EXPECT_EQ(looser.records.at(0).cell("alarm_high")->number, 1.5);
}

// ---- tables
// -------------------------------------------------------------------------------------------------------

TEST(Decode, FileNames) {
  const struct {
    const char *name, *mine, *type, *error;
  } cases[] = {
      {"620823009203_CDSS_20260923080000.txt", "620823009203", "CDSS", nullptr},
      {"620823009203_CDSS_20260923080000.TXT", "620823009203", "CDSS", nullptr},
      {"620823009203CDSS20260923080000.txt", "620823009203", "CDSS", nullptr},
      {"620823009203CDSS_20260923080000.txt", "620823009203", "CDSS", nullptr},
      {"150622B0012000200092_RYSS_20260923082000.txt", "150622B0012000200092", "RYSS", nullptr},
      {"a/b/620823009203_cdss_20260923080000.txt", "620823009203", "CDSS", nullptr},
      {"620823009203_CDSS_20260923080000.csv", "", "", "E_NAME"},
      {"620823009203_CDSS_20261323080000.txt", "", "", "E_NAME"},
      {"12345_CDSS_20260923080000.txt", "", "", "E_NAME"},
      {"../../etc_CDSS_20260923080000.txt", "", "", "E_NAME"},
      {"620823009203_ZZZZ_20260923080000.txt", "", "", "E_TYPE"},
      {"62082300920320260923080000.txt", "", "", "E_TYPE"},
      {"", "", "", "E_NAME"},
      {".txt", "", "", "E_NAME"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.name);
    const auto got = parse_file_name(*test_catalog(), c.name);
    ASSERT_EQ(got.ok(), c.error == nullptr) << (got ? "" : got.error().text());
    if (!got) {
      EXPECT_THAT(got.error().message, StartsWith(c.error));
      continue;
    }
    EXPECT_EQ(got->mine, c.mine);
    EXPECT_EQ(got->type, c.type);
  }
}

TEST(Decode, RefusedFiles) {
  const std::string s(kSample), h(kHead);
  const struct {
    const char* why;
    std::string bytes;
    const char* error;
  } cases[] = {
      {"empty file", "", "E_TERM"},
      {"only the end", "||", "E_HEAD"},
      {"JSON", R"({"send_time":"2026-09-23 08:00:00","data":[]})", "E_TYPE"},
      {"base64 body of a key-wrapped file", std::string(128, 'Q'), "E_DECRYPT"},
      {"cut inside a character", (h + s).substr(0, 16), "E_TERM"},
      {"UTF-16",
       std::string("\xFF\xFE"
                   "6\0"
                   ";\0"
                   "|\0"
                   "|\0",
                   10) +
           "||",
       "E_ENC"},
      {"no encoding at all", h + "\xFF\xFF\xFF~||", "E_ENC"},
      {"NUL byte", h + s + std::string(1, '\0') + "||", "E_ENC"},
      {"end twice", h + s + "||" + h + s + "||", "E_TERM"},
      {"end twice at once", h + "||||", "E_TERM"},
      {"end right after a header with mine code, records follow", h + "||" + s + "||", "E_TERM"},
      {"no header", s + s + "||", "E_HEAD"},
      {"header time missing", "620823009203;模拟煤矿;~" + s + "||", "E_HEAD"},
      {"header time impossible", "620823009203;模拟煤矿;2026-02-30 08:00:00~" + s + "||", "E_HEAD"},
      {"header of four fields", "620823009203;模拟煤矿;x;2026-02-20 08:00:00~" + s + "||", "E_HEAD"},
      {"full-width in the header", "620823009203；模拟煤矿；2026-09-23 08:00:00~" + s + "||", "E_HEAD"},
      {"no record", h + "||", "E_FIELDS"},
      {"two of nine bad", h + s + s + s + s + s + s + s + "a~b~||", "E_FIELDS"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.why);
    const auto got = decode(*test_catalog(), kName, c.bytes);
    ASSERT_FALSE(got);
    EXPECT_THAT(got.error().message, StartsWith(c.error));
  }
}

TEST(Decode, Values) {
  const struct {
    const char* text;
    std::optional<double> want;
    bool bad;
  } cases[] = {
      {"2.1", 2.1, false},
      {" 2.1 ", 2.1, false},
      {"-0.01", -0.01, false},
      {"0", 0.0, false},
      {"1e-3", 0.001, false},
      {"+3.5", 3.5, false},
      {".5", 0.5, false},
      {"5.", 5.0, false},
      {"", std::nullopt, false},
      {"  ", std::nullopt, false},
      {"-9999", std::nullopt, false},
      {"-9999.00", std::nullopt, false},
      {"-999999", std::nullopt, false},
      {"-999999.0", std::nullopt, false},
      {"-9998", -9998.0, false},
      {"123456789012345678901234567890", 1.2345678901234568e29, false},
      {"0.1000000000000000055511151231257827", 0.1, false},
      {"inf", {}, true},
      {"nan", {}, true},
      {"0x10", {}, true},
      {"1,5", {}, true},
      {"1.2.3", {}, true},
      {"--1", {}, true},
      {"-", {}, true},
      {".", {}, true},
      {"1e999", {}, true},
      {"1 2", {}, true},
      {"２", {}, true},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.text);
    std::string body;
    for (int i = 0; i < 9; ++i) body += fmt::format("P{};a;b;1;u;0;2026-09-23 08:00:00~", i);
    const auto got = decode_cdss(body + fmt::format("P;a;b;{};u;0;2026-09-23 08:00:00~", c.text));
    ASSERT_TRUE(got) << got.error().text();
    if (c.bad) {
      ASSERT_EQ(got->faults.size(), 1u);
      EXPECT_EQ(got->faults[0].code, Code::e_type);
      EXPECT_EQ(got->faults[0].record, 10);
      EXPECT_EQ(got->faults[0].field, 4);
    } else {
      ASSERT_EQ(got->readings.size(), 10u);
      EXPECT_EQ(got->readings.back().value, c.want);
    }
  }
}

TEST(Decode, States) {
  const struct {
    const char* text;
    int want;  ///< -1 = a fault
  } cases[] = {{"0", 0},        {"5", 5},          {"255", 255},    {"00000000", 0}, {"10000000", 128},
               {"00000101", 5}, {"11111111", 255}, {"", 0},         {"256", -1},     {"-1", -1},
               {"1000", -1},    {"00000102", -1},  {"0000001", -1}, {"ok", -1},      {"1.0", -1}};
  for (const auto& c : cases) {
    SCOPED_TRACE(c.text);
    const auto got =
        decode_cdss(fmt::format("P;a;b;1;u;{};2026-09-23 08:00:00~Q;a;b;1;u;0;2026-09-23 08:00:00~"
                                "R;a;b;1;u;0;2026-09-23 08:00:00~S;a;b;1;u;0;2026-09-23 08:00:00~"
                                "T;a;b;1;u;0;2026-09-23 08:00:00~",
                                c.text));
    ASSERT_TRUE(got) << got.error().text();
    EXPECT_EQ(got->readings.size(), c.want < 0 ? 4u : 5u);
    if (c.want >= 0) {
      EXPECT_EQ(got->readings[0].state, c.want);
    }
  }
}

TEST(Decode, Times) {
  const struct {
    const char* text;
    bool good;
  } cases[] = {{"2026-09-23 08:00:59", true},
               {"2026-09-23T08:00:59", true},
               {"2024-02-29 00:00:00", true},
               {"2026-02-29 00:00:00", false},
               {"2026-09-23 24:00:00", false},
               {"2026-09-23 08:60:00", false},
               {"2026-09-23 08:00", false},
               {"2026-09-23 08:00:0x", false},
               {"2026/09/23 08:00:00", false},
               {"xxxx-xx-xx xx:xx:xx", false},
               {"X", false},
               {"", false}};
  for (const auto& c : cases) {
    SCOPED_TRACE(c.text);  // the other records warm the day cache of the reader with the same day
    const auto got =
        decode_cdss(fmt::format("A;a;b;1;u;0;2026-09-23 07:00:00~B;a;b;1;u;0;2026-09-23 07:00:01~"
                                "C;a;b;1;u;0;2026-09-23 07:00:02~D;a;b;1;u;0;2026-09-23 07:00:03~"
                                "P;a;b;1;u;0;{}~",
                                c.text));
    ASSERT_TRUE(got) << got.error().text();
    ASSERT_EQ(got->readings.size(), c.good ? 5u : 4u);
    if (c.good) {
      EXPECT_EQ(got->readings[4].at, at(c.text));
    }
  }
}

TEST(Decode, RecordVariants) {
  const std::string s(kSample);
  const std::string bare = s.substr(0, s.size() - 1);
  const struct {
    const char* why;
    std::string body;
  } cases[] = {{"record end before the file end", s},
               {"none there", bare},
               {"separator before the record end", bare + ";~"},
               {"line breaks", "\r\n" + s + "\r\n"},
               {"empty records between", "~\n~" + s + "~"},
               {"blanks around fields",
                " 52052301731101MN0002001A06 ; 风速;一采区回风上山风速 ;2.1;m/s; 0;2026-06-14 12:18:09 ~"}};
  for (const auto& c : cases) {
    SCOPED_TRACE(c.why);
    const auto got = decode_cdss(c.body);
    ASSERT_TRUE(got) << got.error().text();
    ASSERT_EQ(got->readings.size(), 1u);
    const Reading& r = got->readings[0];
    EXPECT_EQ(r.point, "52052301731101MN0002001A06");
    EXPECT_EQ(r.type_name, "风速");
    EXPECT_EQ(r.place, "一采区回风上山风速");
    EXPECT_EQ(r.unit, "m/s");
    EXPECT_EQ(r.value, 2.1);
    EXPECT_EQ(r.at, at("2026-06-14 12:18:09"));
  }
}

TEST(Decode, ABadRecordLeavesTheOthers) {
  const auto got = decode_cdss(
      "A;a;b;1;u;0;2026-09-23 07:00:00~B;a;b;2;u;0;2026-09-23 07:00:00~C;a~"
      "D;a;b;4;u;0;2026-09-23 07:00:00~E;a;b;5;u;0;2026-09-23 07:00:00~");
  ASSERT_TRUE(got);
  EXPECT_EQ(got->total_records, 5);
  ASSERT_EQ(got->readings.size(), 4u);
  EXPECT_EQ(got->readings[2].index, 4);
  ASSERT_EQ(got->faults.size(), 1u);
  EXPECT_EQ(got->faults[0].text(kName), kName + ":3:0: E_FIELDS found 2 fields, expected 7 fields");
  EXPECT_EQ(bad_records(got->faults), 1);
}

TEST(Decode, OfARepeatedKeyTheLastCounts) {
  const auto same = decode_cdss("A;a;b;1;u;0;2026-09-23 07:00:00~A;a;b;1;u;0;2026-09-23 07:00:00~");
  ASSERT_TRUE(same);
  EXPECT_EQ(same->readings.size(), 1u);
  EXPECT_TRUE(same->faults.empty());

  const auto other = decode_cdss(
      "A;a;b;1;u;0;2026-09-23 07:00:00~A;a;b;1;u;0;2026-09-23 07:00:01~A;a;b;7;u;0;2026-09-23 07:00:00~");
  ASSERT_TRUE(other);
  ASSERT_EQ(other->readings.size(), 2u);
  EXPECT_EQ(other->readings[0].value, 7.0);
  ASSERT_EQ(other->faults.size(), 1u);
  EXPECT_EQ(other->faults[0].code, Code::e_dup);
  EXPECT_EQ(other->faults[0].record, 1);
  EXPECT_EQ(bad_records(other->faults), 0);

  const auto areas = decode(*test_catalog(), "620823009203_RYQY_20260923080000.txt",
                            std::string(kHead) + "重点区域;A1;5;甲~重点区域;A2;5;乙~限制区域;A1;0;丙~||");
  ASSERT_TRUE(areas);
  ASSERT_EQ(areas->records.size(), 2u);
  EXPECT_EQ(areas->records[0].cell("name")->text, "丙");
  EXPECT_EQ(areas->records[0].index, 3);
}

TEST(Decode, SeparatorAtTheEndTellsVariantsApart) {
  // Nine fields, the last empty: the short variant of a writer that ends with ";", or a flag that is missing.
  const struct {
    const char *why, *record, *education;
    std::optional<double> leader, special;
  } cases[] = {
      {"short variant", "C1;甲;工;职;队;1980-01-01;0;1;", nullptr, 0, 1},
      {"flag missing", "C1;甲;工;职;队;1980-01-01;高中;1;", "高中", 1, std::nullopt},
      {"flag and education missing", "C1;甲;工;职;队;1980-01-01;;1;", "", 1, std::nullopt},
      {"both in full", "C1;甲;工;职;队;1980-01-01;高中;1;0", "高中", 1, 0},
      {"long variant of a writer that ends with ;", "C1;甲;工;职;队;1980-01-01;高中;1;0;", "高中", 1, 0}};
  for (const auto& c : cases) {
    SCOPED_TRACE(c.why);
    const auto got = decode(*test_catalog(), "620823009203_RYXX_20260923080000.txt",
                            std::string(kHead) + c.record + "~||");
    ASSERT_TRUE(got) << got.error().text();
    const DecodedRecord& person = got->records.at(0);
    EXPECT_EQ(person.cell("is_leader")->number, c.leader);
    EXPECT_EQ(person.cell("is_special")->number, c.special);
    ASSERT_EQ(person.cell("education") != nullptr, c.education != nullptr);
    if (c.education) {
      EXPECT_EQ(person.cell("education")->text, c.education);
    }
  }
}

TEST(Decode, FaultsOfPeopleFilesHideWhatTheyFound) {
  std::string body;
  for (int i = 0; i < 9; ++i) body += fmt::format("C{};甲;工;职;队;1980-01-01;高中;0;1~", i);
  const auto got = decode(*test_catalog(), "620823009203_RYXX_20260923080000.txt",
                          std::string(kHead) + body + "C10;x;工;职;队;1980-01-01;高中;0;张三~||");
  ASSERT_TRUE(got) << got.error().text();
  ASSERT_EQ(got->faults.size(), 1u);
  EXPECT_THAT(got->faults[0].text(""), testing::Not(HasSubstr("张三")));
}

TEST(Decode, LimitsOfMinusOneHundredthMeanNone) {
  const auto got = decode(*test_catalog(), "620823009203_CDDY_20260923080000.txt",
                          fixture("good/620823009203_CDDY_20260923080000.txt"));
  ASSERT_TRUE(got);
  EXPECT_EQ(got->records[0].cell("alarm_low")->number, std::nullopt);
  EXPECT_EQ(got->records[0].cell("alarm_high")->number, 1.0);
}

TEST(Decode, JsonLineOfASample) {
  const auto got = decode_cdss(std::string(kSample));
  ASSERT_TRUE(got);
  const auto json = parse_json(to_json_lines(*test_catalog(), *got));
  ASSERT_TRUE(json);
  EXPECT_EQ(json->text("point"), "52052301731101MN0002001A06");
  EXPECT_EQ(json->text("type"), "风速");
  EXPECT_EQ(json->text("place"), "一采区回风上山风速");
  EXPECT_EQ((*json)["value"].number(), 2.1);
  EXPECT_EQ(json->text("unit"), "m/s");
  EXPECT_EQ((*json)["state"].number(), 0.0);
  EXPECT_EQ(json->text("time"), "2026-06-14T12:18:09.000+08:00");
  EXPECT_EQ((*json)["record"].number(), 1.0);
}

// ---- properties
// -----------------------------------------------------------------------------------------------------

RC_GTEST_PROP(DecodeProperty, NeverCrashesOnBytes, (const std::string& bytes)) {
  const auto names = good_files();
  const std::string name = *rc::gen::elementOf(names);
  const auto got = decode(*test_catalog(), name, bytes);
  if (got) to_json_lines(*test_catalog(), *got);
}

RC_GTEST_PROP(DecodeProperty, NeverCrashesOnDamagedFiles, ()) {
  static const auto names = good_files();
  const std::string name = *rc::gen::elementOf(names);
  std::string bytes = fixture("good/" + name);
  for (int edits = *rc::gen::inRange(1, 6); edits > 0 && !bytes.empty(); --edits) {
    const std::size_t place = *rc::gen::inRange<std::size_t>(0, bytes.size());
    const std::size_t length = *rc::gen::inRange<std::size_t>(0, 8);
    static const std::vector<std::string> pieces = {
        "", ";", "~", "||", "；", "\xFF", "-999999", "||~", ";;;;;;;;", std::string(1, '\0')};
    bytes.replace(place, length, *rc::gen::elementOf(pieces));
  }
  const auto got = decode(*test_catalog(), name, bytes);
  if (!got) {
    RC_ASSERT(!got.error().message.empty());
    return;
  }
  // Every record is kept, replaced by a later one, or has a fault: nothing is dropped in silence.
  const std::size_t kept = got->readings.size() + got->records.size();
  RC_ASSERT(kept + static_cast<std::size_t>(bad_records(got->faults)) <=
            static_cast<std::size_t>(got->total_records));
  to_json_lines(*test_catalog(), *got);
}

RC_GTEST_PROP(DecodeProperty, WhatWasWrittenIsRead, ()) {
  const auto count = *rc::gen::inRange(1, 40);
  std::vector<Line> lines;
  std::vector<std::optional<double>> values;
  const EventTime start = at("2026-09-23 00:00:00");
  for (int i = 0; i < count; ++i) {
    const auto hundredths = *rc::gen::inRange(-100000, 100000);
    const bool empty = *rc::gen::inRange(0, 5) == 0;
    Line line{fmt::format("620823009203MN{:04}", i),
              "环境瓦斯",
              "816 工作面",
              "",
              "%CH4",
              std::to_string(*rc::gen::inRange(0, 256)),
              start + Millis(1000) * *rc::gen::inRange(0, 86400)};
    if (!empty)
      line.value = fmt::format("{}{}.{:02}", hundredths < 0 ? "-" : "", std::abs(hundredths) / 100,
                               std::abs(hundredths) % 100);
    values.push_back(empty ? std::nullopt : std::optional<double>(std::strtod(line.value.c_str(), nullptr)));
    lines.push_back(std::move(line));
  }
  const auto got = decode(*test_catalog(), kName, cdss(kMine, start, lines));
  RC_ASSERT(got.ok());
  RC_ASSERT(got->faults.empty());
  RC_ASSERT(got->readings.size() == lines.size());
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const Reading& r = got->readings[i];
    RC_ASSERT(r.point == lines[i].point);
    RC_ASSERT(r.place == lines[i].place);
    RC_ASSERT(r.value == (values[i] == -9999.0 ? std::nullopt : values[i]));
    RC_ASSERT(std::to_string(r.state) == lines[i].state);
    RC_ASSERT(r.at == lines[i].at);
  }
}

}  // namespace
}  // namespace mineward::feed
