// Reading XLSX: cells and dates as ECMA-376 has them, and every kind of file that is none or is meant to
// harm.
#include "ledger/workbook.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/time.h"
#include "ledger/testing.h"
#include "ledger/trouble.h"

namespace mineward::ledger {
namespace {

using namespace fixture;
using ::testing::HasSubstr;

/// "B2=number 3.5" of every cell of the first sheet; a formula has a '!' behind it.
std::string cells_of(const std::string& bytes) {
  const auto book = Workbook::open(bytes);
  if (!book) return "no: " + book.error().message;
  std::string out;
  const auto read = book->rows(0, [&](Row& row) -> Status {
    for (const Cell& cell : row.cells) {
      static constexpr const char* kKinds[] = {"text", "number", "date", "boolean", "error"};
      out += fmt::format(
          "{}={} {}{}{} ", cell_name(cell.column, row.number), kKinds[static_cast<int>(cell.kind)],
          cell.kind == Cell::Kind::text || cell.kind == Cell::Kind::error ? cell.text
                                                                          : fmt::format("{}", cell.number),
          cell.formula ? "!" : "", row.hidden ? " hidden" : "");
    }
    return {};
  });
  if (!read) return "no: " + read.error().message;
  return out;
}

TEST(Workbook, ReadsEveryKindOfCell) {
  const struct {
    const char* why;
    std::string rows;
    const char* want;
  } cases[] = {
      {"numbers and texts", row(1, t("A1", " 甲 ") + n("C1", "3.5")), "A1=text  甲  C1=number 3.5 "},
      {"places may be left out", R"(<row><c><v>1</v></c><c><v>2</v></c></row><row><c><v>3</v></c></row>)",
       "A1=number 1 B1=number 2 A2=number 3 "},
      {"a style of a date", row(2, n("A2", "45000", 1) + n("B2", "45000.5", 2) + n("C2", "45000", 3)),
       "A2=date 45000 B2=date 45000.5 C2=number 45000 "},
      {"a formula keeps what it was worked out to, or nothing",
       row(1, f("A1", "1+1", "2") + R"(<c r="B1"><f>A1</f></c>)"), "A1=text 2! B1=text ! "},
      {"an error and a boolean", row(1, R"(<c r="A1" t="e"><v>#REF!</v></c><c r="B1" t="b"><v>1</v></c>)"),
       "A1=error #REF! B1=boolean 1 "},
      {"rich text is one text, and how it is pronounced is none of it",
       row(1,
           R"(<c r="A1" t="inlineStr"><is><r><t>瓦</t></r><r><t>斯</t></r><rPh><t>wasi</t></rPh></is></c>)"),
       "A1=text 瓦斯 "},
      {"escaped characters", row(1, t("A1", "a_x000D_b _x005F_x000D_")), "A1=text a\rb _x000D_ "},
      {"a hidden row is told", row(3, n("A3", "1"), true), "A3=number 1 hidden "},
      {"blank cells are none", row(1, t("A1", "   ") + R"(<c r="B1" s="1"/>)"), ""},
      {"AB is behind Z", row(1, n("Z1", "1") + n("AB1", "2")), "Z1=number 1 AB1=number 2 "},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.why);
    EXPECT_EQ(cells_of(workbook(c.rows)), c.want);
  }
}

TEST(Workbook, CountsDaysAsSpreadsheetsDo) {
  const auto shown = [](bool from_1904, double days) -> std::string {
    const auto book = Workbook::open(workbook({{"x", ""}}, from_1904));
    const auto moment = book->moment(days);
    return moment ? format_beijing(*moment - 8 * 3'600'000) : "none";
  };
  const struct {
    bool from_1904;
    double days;
    const char* want;
  } cases[] = {{false, 1, "1900-01-01 00:00:00"},
               {false, 59, "1900-02-28 00:00:00"},
               {false, 60, "none"},
               {false, 61, "1900-03-01 00:00:00"},
               {false, 45000, "2023-03-15 00:00:00"},
               {false, 45000.75, "2023-03-15 18:00:00"},
               {true, 0, "1904-01-01 00:00:00"},
               {true, 43538, "2023-03-15 00:00:00"},
               {false, -1, "none"},
               {false, 1e9, "none"}};
  for (const auto& c : cases) EXPECT_EQ(shown(c.from_1904, c.days), c.want) << c.days;
}

TEST(Workbook, TellsFormatsThatShowDates) {
  for (const char* code :
       {"yyyy-mm-dd", "m/d/yy", "[h]:mm", "mm:ss.0", "[$-804]yyyy\"年\"m\"月\"", "h:mm AM/PM"})
    EXPECT_TRUE(shows_date(code)) << code;
  for (const char* code : {"0.00", "#,##0", "General;[Red]-0", "0.0\" days\"", "@", "0\\d", "[Blue]0", "_d0"})
    EXPECT_FALSE(shows_date(code)) << code;
}

TEST(Workbook, RefusesWhatIsNoWorkbookInBothLanguages) {
  const auto with = [](const std::string& part, const std::string& text) {
    Parts parts = parts_of({{"x", row(1, n("A1", "1"))}});
    for (auto& [name, content] : parts) {
      if (name == part) content = text;
    }
    return zip(parts);
  };
  const std::string good = workbook(row(1, n("A1", "1")));
  Parts twice = parts_of({{"x", ""}});
  twice.push_back(twice[0]);
  const std::string entity =
      R"(<!DOCTYPE s [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><worksheet><sheetData><row><c t="inlineStr"><is><t>&b;</t></is></c></row></sheetData></worksheet>)";
  const std::string file =
      R"(<!DOCTYPE s [<!ENTITY x SYSTEM "file:///etc/passwd">]><sst><si><t>&x;</t></si></sst>)";
  const struct {
    const char* why;
    std::string bytes;
    const char* want;
    const char* zh;
  } cases[] = {
      {"nothing", "", "is empty", "空"},
      {"a CSV", "编号,名称\n1,甲\n", "a text file", "文本"},
      {"an image", "\xFF\xD8\xFF\xE0 jpeg", "another kind", "其他类型"},
      {"an XLS of 1997", "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1" + std::string(600, 'x'), "XLS of Excel 97",
       "97-2003"},
      {"cut in half", good.substr(0, good.size() / 2), "damaged or cut off", "损坏"},
      {"another archive", zip({{"a.txt", "x"}}), "no workbook", "压缩包"},
      {"a letter",
       zip({{"_rels/.rels",
             R"(<Relationships><Relationship Id="r" Type="x/officeDocument" Target="word/document.xml"/></Relationships>)"},
            {"word/document.xml", "<document/>"},
            {"word/_rels/document.xml.rels", "<Relationships/>"}}),
       "no sheet", "没有工作表"},
      {"a part that is there twice", zip(twice), "twice", "同名"},
      {"entities that grow", with("xl/worksheets/sheet1.xml", entity), "document type", "DOCTYPE"},
      {"entities that read files", with("xl/styles.xml", file), "document type", "DOCTYPE"},
      {"XML that ends early", with("xl/worksheets/sheet1.xml", "<worksheet><sheetData><row>"), "well-formed",
       "XML"},
      {"a text that is not there",
       with("xl/worksheets/sheet1.xml",
            R"(<worksheet><sheetData><row r="1"><c r="A1" t="s"><v>7</v></c></row></sheetData></worksheet>)"),
       "A1: names a text", "A1"},
      {"rows out of order",
       with("xl/worksheets/sheet1.xml",
            R"(<worksheet><sheetData><row r="5"/><row r="2"/></sheetData></worksheet>)"),
       "row 2 stands behind row 5", "第 2 行"},
      {"too many columns",
       with("xl/worksheets/sheet1.xml",
            R"(<worksheet><sheetData><row r="1"><c r="ZZ1"><v>7</v></c></row></sheetData></worksheet>)"),
       "at most 400 columns", "400 列"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.why);
    auto book = Workbook::open(c.bytes);
    Status read = book ? Status() : Status(book.error());
    if (book) {
      auto rows = book->rows(0, [](Row&) { return Status(); });
      if (!rows) read = rows.error();
    }
    ASSERT_FALSE(read.ok());
    EXPECT_THAT(read.error().message, HasSubstr(c.want));
    EXPECT_THAT(words_of(read.error()).zh, HasSubstr(c.zh));
  }
}

// 64 MB of blanks pack into 64 kB: they are never unpacked whole, and refused by their ratio.
TEST(Workbook, ABombIsRefusedBeforeItIsUnpacked) {
  Parts parts = parts_of({{"x", ""}});
  for (auto& [name, content] : parts) {
    if (name == "xl/worksheets/sheet1.xml")
      content = "<worksheet><sheetData>" + std::string(64u << 20, ' ') + "</sheetData></worksheet>";
  }
  const std::string bytes = zip(parts);
  ASSERT_LT(bytes.size(), 1u << 20);
  const auto book = Workbook::open(bytes);
  ASSERT_TRUE(book);
  const auto read = book->rows(0, [](Row&) { return Status(); });
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().code, Errc::too_large);
  EXPECT_THAT(read.error().message, HasSubstr("unpacks to more than"));
}

}  // namespace
}  // namespace mineward::ledger
