/// For tests only: workbooks written by hand, so that a test can say what no library writes.
#pragma once

#include <archive.h>
#include <archive_entry.h>
#include <fmt/format.h>

#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace mineward::ledger::fixture {

using Parts = std::vector<std::pair<std::string, std::string>>;

inline std::string zip(const Parts& parts) {
  std::string out(64u << 20, '\0');
  std::size_t used = 0;
  archive* a = archive_write_new();
  archive_write_set_format_zip(a);
  archive_write_open_memory(a, out.data(), out.size(), &used);
  for (const auto& [name, text] : parts) {
    archive_entry* entry = archive_entry_new();
    archive_entry_set_pathname(entry, name.c_str());
    archive_entry_set_size(entry, static_cast<la_int64_t>(text.size()));
    archive_entry_set_filetype(entry, AE_IFREG);
    archive_entry_set_perm(entry, 0644);
    archive_write_header(a, entry);
    archive_write_data(a, text.data(), text.size());
    archive_entry_free(entry);
  }
  if (archive_write_close(a) != ARCHIVE_OK) throw std::runtime_error("zip");
  archive_write_free(a);
  out.resize(used);
  return out;
}

inline std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) out += c == '&' ? "&amp;" : c == '<' ? "&lt;" : std::string(1, c);
  return out;
}
/// A cell with a text, a number in a style, or a formula with the value that was kept.
inline std::string t(std::string_view at, std::string_view text) {
  return fmt::format(R"(<c r="{}" t="inlineStr"><is><t xml:space="preserve">{}</t></is></c>)", at,
                     escaped(text));
}
inline std::string n(std::string_view at, std::string_view number, int style = 0) {
  return fmt::format(R"(<c r="{}" s="{}"><v>{}</v></c>)", at, style, number);
}
inline std::string f(std::string_view at, std::string_view formula, std::string_view kept) {
  return fmt::format(R"(<c r="{}" t="str"><f>{}</f><v>{}</v></c>)", at, formula, kept);
}
inline std::string row(int number, std::string_view cells, bool hidden = false) {
  return fmt::format(R"(<row r="{}"{}>{}</row>)", number, hidden ? R"( hidden="1")" : "", cells);
}

struct Sheet {
  std::string name;
  std::string rows;
  bool hidden = false;
  std::string before = {}, after = {};  ///< beside sheetData: columns; merged cells
};

/// Styles: 0 general, 1 a date (built-in 14), 2 a time by a code of its own, 3 a number whose code has
/// letters in quotes.
inline Parts parts_of(const std::vector<Sheet>& sheets, bool from_1904 = false) {
  const std::string head = R"(<?xml version="1.0" encoding="UTF-8" standalone="yes"?>)";
  const std::string main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
  const std::string rel = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
  std::string list, relations;
  Parts out = {
      {"_rels/.rels",
       head +
           fmt::format(
               R"(<Relationships><Relationship Id="r" Type="{}/officeDocument" Target="xl/workbook.xml"/></Relationships>)",
               rel)},
      {"xl/styles.xml",
       head +
           fmt::format(
               R"(<styleSheet xmlns="{}"><numFmts count="2"><numFmt numFmtId="170" formatCode="yyyy&quot;年&quot;m&quot;月&quot; h:mm"/><numFmt numFmtId="171" formatCode="0.0&quot; days&quot;"/></numFmts><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="170"/><xf numFmtId="171"/></cellXfs></styleSheet>)",
               main)}};
  for (std::size_t i = 0; i < sheets.size(); ++i) {
    list += fmt::format(R"(<sheet name="{}" sheetId="{}" r:id="rId{}"{}/>)", sheets[i].name, i + 1, i + 1,
                        sheets[i].hidden ? R"( state="hidden")" : "");
    relations +=
        fmt::format(R"(<Relationship Id="rId{}" Type="{}/worksheet" Target="worksheets/sheet{}.xml"/>)",
                    i + 1, rel, i + 1);
    out.emplace_back(fmt::format("xl/worksheets/sheet{}.xml", i + 1),
                     head + fmt::format(R"(<worksheet xmlns="{}">{}<sheetData>{}</sheetData>{}</worksheet>)",
                                        main, sheets[i].before, sheets[i].rows, sheets[i].after));
  }
  relations += fmt::format(R"(<Relationship Id="rIdS" Type="{}/styles" Target="styles.xml"/>)", rel);
  out.emplace_back(
      "xl/workbook.xml",
      head + fmt::format(R"(<workbook xmlns="{}" xmlns:r="{}"><workbookPr{}/><sheets>{}</sheets></workbook>)",
                         main, rel, from_1904 ? R"( date1904="1")" : "", list));
  out.emplace_back("xl/_rels/workbook.xml.rels", head + "<Relationships>" + relations + "</Relationships>");
  return out;
}
inline std::string workbook(const std::vector<Sheet>& sheets, bool from_1904 = false) {
  return zip(parts_of(sheets, from_1904));
}
inline std::string workbook(const std::string& rows) { return workbook({{"台账", rows}}); }

}  // namespace mineward::ledger::fixture
