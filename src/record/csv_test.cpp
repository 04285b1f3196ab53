/// Export and import of lists.
#include "record/csv.h"

#include <gtest/gtest.h>
// after gtest.h, which it uses
#include <rapidcheck/gtest.h>

#include "record/testing.h"

namespace mineward::record::fixture {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

TEST(Csv, CellsAreQuotedAndGuarded) {
  const struct {
    const char* why;
    const char* text;
    const char* cell;
  } cases[] = {
      {"plain", "abc", "abc"},
      {"comma", "a,b", "\"a,b\""},
      {"quote", "a\"b", "\"a\"\"b\""},
      {"line break", "a\nb", "\"a\nb\""},
      {"formula", "=1+1", "'=1+1"},
      {"at", "@SUM(A1)", "'@SUM(A1)"},
      {"plus", "+cmd|' /C calc'!A0", "'+cmd|' /C calc'!A0"},
      {"minus", "-x", "'-x"},
      {"tab", "\tx", "'\tx"},
      {"a line break first", "\nx", "\"'\nx\""},
      {"the wide forms of a Chinese keyboard", "＝1＋1", "'＝1＋1"},
      {"a number stays a number", "-3.5", "-3.5"},
      {"its own guard is guarded", "'=1", "''=1"},
      {"formula with comma", "=A1,B1", "\"'=A1,B1\""},
      {"blank at the end", "a ", "\"a \""},
      {"empty", "", ""},
  };
  for (const auto& test : cases) {
    EXPECT_EQ(csv_cell(test.text), test.cell) << test.why;
    const auto table = parse_csv(std::string("h\r\n") + (*test.text ? test.cell : "\"\"") + "\r\n");
    ASSERT_TRUE(table.ok()) << test.why;
    ASSERT_EQ(table->rows.size(), 1u) << test.why;
    EXPECT_EQ(unguarded(table->rows[0][0]), test.text) << test.why;
  }
}

RC_GTEST_PROP(Csv, WhatIsWrittenIsReadBack, (const std::vector<std::pair<std::string, std::string>>& raw)) {
  std::vector<std::vector<std::string>> want;
  std::string csv = "a,b\r\n";
  for (const auto& [x, y] : raw) {
    std::vector<std::string> row;
    for (const auto* cell : {&x, &y}) {
      std::string text;
      for (const char ch : *cell)
        text += static_cast<char>(static_cast<unsigned char>(ch) % 128);  // ASCII with all its controls
      row.push_back(text);
    }
    csv += csv_cell(row[0]) + "," + csv_cell(row[1]) + "\r\n";
    want.push_back(row);
  }
  const auto table = parse_csv(csv);
  RC_ASSERT(table.ok());
  RC_ASSERT(table->rows.size() == want.size());
  for (std::size_t i = 0; i < want.size(); ++i) {
    RC_ASSERT(table->rows[i].size() == 2u);
    RC_ASSERT(unguarded(table->rows[i][0]) == want[i][0]);
    RC_ASSERT(unguarded(table->rows[i][1]) == want[i][1]);
  }
}

TEST(Csv, MistakesNameTheirLine) {
  const struct {
    const char* text;
    const char* error;
  } cases[] = {
      {"", "empty"},
      {"a,b\r\n1,\"2", "line 2: a quoted cell has no end"},
      {"a\n1\nx\"y\"\n", "line 3: found a quote inside"},
      {"a\n1\n\xFF\n", "line 3: found bytes that are no UTF-8"},
  };
  for (const auto& test : cases) {
    const auto table = parse_csv(test.text);
    ASSERT_FALSE(table.ok()) << test.text;
    EXPECT_THAT(table.error().text(), HasSubstr(test.error));
  }
  EXPECT_EQ(parse_csv("\xEF\xBB\xBF"
                      "a,b\n\n1,2\n")
                ->rows,
            (std::vector<std::vector<std::string>>{{"1", "2"}}));
}

class CsvTest : public RecordTest {
 protected:
  std::string export_all(const Actor& actor, const char* type = "hazard") {
    ListQuery q;
    q.type = type;
    q.descending = false;
    return must(store().export_csv(actor, q));
  }
  ImportReport import(const std::string& csv, bool keep_good = false, const char* type = "hazard") {
    return must(store().import_csv(c().officer, type, csv, keep_good));
  }
  std::vector<std::string> text(const ImportReport& report) {
    std::vector<std::string> out;
    for (const auto& f : report.faults) out.push_back(fmt::format("{} {} {}", f.row, f.column, f.message));
    return out;
  }
};
MW_ON_BOTH_ENGINES(CsvTest);

TEST_P(CsvTest, ExportThenImportChangesNothing) {
  c().hazard(c().officer, c().mine_a, "=HYPERLINK(\"x\")",
             {{"description", "-1+2, \"quoted\"\nsecond line"},
              {"level", "major"},
              {"tags", std::vector<std::string>{"gas", "fire"}},
              {"money", std::int64_t{-0}},
              {"depth", 0.1 + 0.2},
              {"deadline", *parse_date("2026-02-01")},
              {"people", std::int64_t{7}}});
  c().hazard(c().officer, c().mine_a, "'quoted already",
             {{"description", " blanks around "}, {"photos", std::vector<std::string>{c().photo()}}});
  must(store().step(c().officer, "hazard", c().hazard(c().officer, c().mine_a, "+1").id, 1, "plan",
                    {{"responsible", c().worker.account}, {"deadline", *parse_date("2026-02-01")}}));
  const std::string csv = export_all(c().officer);
  EXPECT_THAT(csv, StartsWith("\xEF\xBB\xBFid,state,number,organisation,mine,title,"));
  EXPECT_THAT(csv, HasSubstr("'=HYPERLINK"));
  const auto report = import(csv);
  EXPECT_THAT(text(report), IsEmpty());
  EXPECT_EQ(report.unchanged, 3);
  EXPECT_EQ(report.created + report.updated, 0);
  EXPECT_EQ(export_all(c().officer), csv);
}

TEST_P(CsvTest, CreatesAndUpdatesByCodeLabelAndKey) {
  const Record old = c().hazard(c().officer, c().mine_a, "old");
  const std::string csv = "id,mine,title,level,tags,urgent,money\n" + old.id.text() +
                          ",A,new title,重大,gas;火,是,12.5\n,A,second,Ordinary,,,\n";
  const auto report = import(csv);
  EXPECT_THAT(text(report), IsEmpty());
  EXPECT_EQ(report.created, 1);
  EXPECT_EQ(report.updated, 1);
  const Record now = must(store().get(c().officer, "hazard", old.id));
  EXPECT_EQ(now.text("title"), "new title");
  EXPECT_EQ(now.text("level"), "major");
  EXPECT_EQ(std::get<std::vector<std::string>>(now.fields.at("tags")),
            (std::vector<std::string>{"gas", "fire"}));
  EXPECT_EQ(now.fields.at("urgent"), FieldValue(true));
  EXPECT_EQ(now.fields.at("money"), FieldValue(std::int64_t{1250}));
  EXPECT_EQ(must(store().history(c().officer, "hazard", old.id)).back().reason, "import");
}

TEST_P(CsvTest, FaultsNameRowAndColumnAndNothingIsWritten) {
  const Record old = c().hazard(c().officer, c().mine_a, "old");
  const std::string csv =
      "id,state,mine,title,level,people,rectified_at\n"
      ",,A,good,,,\n"
      ",,Z,no such mine,,,\n"
      ",,X,a mine out of sight,,,\n"
      ",,A,,huge,many,\n"
      ",closed,A,wrong state,,,\n"
      ",,A,system field,,,2026-01-12\n"
      "12,,A,no such record,,,\n"
      "abc,,A,no id,,,\n" +
      old.id.text() + ",closed,A,old,,,\n,,A\n";
  const auto before = c().titles(c().officer, {});
  const auto report = import(csv);
  EXPECT_THAT(
      text(report),
      ElementsAre(HasSubstr("2 mine found no mine \"Z\""), HasSubstr("3 mine found no mine \"X\""),
                  HasSubstr("4 people found \"many\""), HasSubstr("5 state a new hazard begins as found"),
                  HasSubstr("6 rectified_at read_only"), HasSubstr("7 id no hazard 12"),
                  HasSubstr("8 id found \"abc\""), HasSubstr("9 state found \"closed\", stored is \"found\""),
                  HasSubstr("10  3 cells, 7 expected")));
  EXPECT_EQ(report.created, 0);
  EXPECT_EQ(c().titles(c().officer, {}), before);
  const auto kept = import(csv, true);
  EXPECT_EQ(kept.created, 1);
  EXPECT_EQ(kept.faults.size(), 9u);
  EXPECT_THAT(c().titles(c().officer, {}), ElementsAre("good", "old"));
  EXPECT_TRUE(must(store().verify()).ok);
}

TEST_P(CsvTest, TheHeaderIsChecked) {
  const struct {
    const char* csv;
    const char* error;
  } cases[] = {
      {"titel,mine\n", "column \"titel\" is no field of hazard; nearest is title"},
      {"title,title\n", "there twice"},
      {"", "empty"},
  };
  for (const auto& test : cases) {
    const auto report = store().import_csv(c().officer, "hazard", test.csv, true);
    ASSERT_FALSE(report.ok()) << test.csv;
    EXPECT_THAT(report.error().message, HasSubstr(test.error));
  }
  EXPECT_EQ(store().import_csv(c().reviewer, "hazard", "title\n", true).error().code, Errc::forbidden);
  EXPECT_FALSE(store().import_csv(c().root, "account", "password_hash\nx\n", true).ok());
}

TEST_P(CsvTest, PersonalDataAreShortenedForStrangersToTheType) {
  const Actor auditor = c().actor("aude", c().province, {"auditor"});
  const Actor admin = c().actor("adam", c().province, {"admin"});
  EXPECT_THAT(export_all(admin, "account"), HasSubstr("Name of anna"));
  EXPECT_THAT(export_all(auditor, "account"), HasSubstr(",anna,N**,"));
  EXPECT_EQ(store()
                .export_csv(c().officer,
                            [] {
                              ListQuery q;
                              q.type = "account";
                              return q;
                            }())
                .error()
                .code,
            Errc::forbidden);
  EXPECT_EQ(must(store().log(auditor, 0, 1)).at(0).action, "export");
}

}  // namespace
}  // namespace mineward::record::fixture
