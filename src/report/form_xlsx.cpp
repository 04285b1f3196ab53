// The form as a spreadsheet that looks like the printed paper. Headers are merged cells, so the workbook is
// written in normal mode: libxlsxwriter's constant-memory mode loses cells of merged blocks.
#include <fmt/format.h>
#include <unistd.h>
#include <xlsxwriter.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "base/text.h"
#include "report/sheet.h"

namespace mineward::report {

namespace {

constexpr const char* kFont = "宋体";
constexpr lxw_col_t kFirst = 2;  // unit, row label, then the figures
constexpr lxw_row_t kGroupLine = 1, kNameLine = 2, kSubLine = 3, kUnitLine = 4, kBody = 5;

/// Formats live as long as the workbook.
class Styles {
 public:
  explicit Styles(lxw_workbook* book) : book_(book) {}

  lxw_format* text(double size, bool bold = false) {
    lxw_format* f = workbook_add_format(book_);
    format_set_font_name(f, kFont);
    format_set_font_size(f, size);
    format_set_align(f, LXW_ALIGN_VERTICAL_CENTER);
    format_set_text_wrap(f);
    if (bold) format_set_bold(f);
    return f;
  }
  lxw_format* cell(double size, bool bold = false) {
    lxw_format* f = text(size, bold);
    format_set_align(f, LXW_ALIGN_CENTER);
    format_set_border(f, LXW_BORDER_THIN);
    return f;
  }
  lxw_format* number(int decimals) {
    lxw_format* f = cell(10);
    format_set_num_format(
        f, decimals > 0 ? ("0." + std::string(static_cast<std::size_t>(decimals), '0')).c_str() : "0");
    format_set_shrink(f);
    return f;
  }

 private:
  lxw_workbook* book_;
};

class Printer {
 public:
  Printer(lxw_workbook* book, const Sheet& sheet)
      : book_(book),
        sheet_(sheet),
        form_(*sheet.form),
        styles_(book),
        page_(workbook_add_worksheet(book, "报表")),
        last_(static_cast<lxw_col_t>(kFirst + form_.columns.size() - 1)),
        header_(styles_.cell(10)) {}

  void print() {
    paper();
    lxw_format* title = styles_.text(20, true);
    format_set_align(title, LXW_ALIGN_CENTER);
    block(0, 0, 0, last_, title_of(form_, sheet_.month), title);
    worksheet_set_row(page_, 0, 54, nullptr);
    header();
    body();
    const auto narrative = static_cast<lxw_row_t>(kBody + form_.rows.size());
    box(narrative);
    footer(narrative + 1);
    if (!form_.note.empty()) {
      block(narrative + 2, 0, narrative + 2, last_, form_.note, styles_.text(9));
      worksheet_set_row(page_, narrative + 2, 30, nullptr);
    }
    worksheet_print_area(page_, 0, 0, narrative + 2, last_);
    if (sheet_.state == "summary") units();
  }

 private:
  void paper() {
    worksheet_set_landscape(page_);
    worksheet_set_paper(page_, 9);  // A4
    worksheet_set_margins(page_, 0.4, 0.4, 0.5, 0.4);
    worksheet_center_horizontally(page_);
    worksheet_fit_to_pages(page_, 1, 1);
    worksheet_gridlines(page_, LXW_HIDE_ALL_GRIDLINES);
    // Widths and heights fill A4 at about 100 %: three characters of a heading in a line.
    worksheet_set_column(page_, 0, 0, 12, nullptr);
    worksheet_set_column(page_, 1, 1, 5.6, nullptr);
    for (std::size_t i = 0; i < form_.columns.size(); ++i) {
      const auto& column = form_.columns[i];
      worksheet_set_column(page_, at(i), at(i), column.divide_by != 1 ? 8.6 : 5.4, nullptr);
    }
  }

  /// A text over one or many cells; always a text, never a formula.
  void block(lxw_row_t top, lxw_col_t left, lxw_row_t bottom, lxw_col_t right, const std::string& words,
             lxw_format* format) {
    if (top == bottom && left == right) {
      worksheet_write_string(page_, top, left, words.c_str(), format);
      return;
    }
    // Merging writes through a function that would make a number or a formula of some texts.
    worksheet_merge_range(page_, top, left, bottom, right, "", format);
    worksheet_write_string(page_, top, left, words.c_str(), format);
  }

  /// Where the run of equal columns ends that begins at `i`.
  template <class Same>
  std::size_t run_end(std::size_t i, Same same) const {
    std::size_t end = i + 1;
    while (end < form_.columns.size() && same(form_.columns[i], form_.columns[end])) ++end;
    return end;
  }
  static lxw_col_t at(std::size_t i) { return static_cast<lxw_col_t>(kFirst + i); }

  void header() {
    block(kGroupLine, 0, kUnitLine, 1, "单位", styles_.cell(11, true));
    const auto same_group = [](const auto& a, const auto& b) { return a.group == b.group; };
    const auto same_name = [](const auto& a, const auto& b) {
      return a.group == b.group && a.name.zh == b.name.zh && !a.sub.zh.empty() && !b.sub.zh.empty();
    };
    lxw_format* bold = styles_.cell(11, true);
    for (std::size_t i = 0; i < form_.columns.size(); i = run_end(i, same_group))
      block(kGroupLine, at(i), kGroupLine, at(run_end(i, same_group) - 1), form_.columns[i].group, bold);
    for (std::size_t i = 0; i < form_.columns.size(); i = run_end(i, same_name)) {
      const auto& column = form_.columns[i];
      const lxw_row_t bottom = column.sub.zh.empty() ? kSubLine : kNameLine;
      block(kNameLine, at(i), bottom, at(run_end(i, same_name) - 1), column.name.zh, header_);
    }
    for (std::size_t i = 0; i < form_.columns.size(); ++i) {
      const auto& column = form_.columns[i];
      if (!column.sub.zh.empty()) block(kSubLine, at(i), kSubLine, at(i), column.sub.zh, header_);
      block(kUnitLine, at(i), kUnitLine, at(i), column.unit, header_);
    }
    worksheet_set_row(page_, kGroupLine, 28, nullptr);
    worksheet_set_row(page_, kNameLine, 56, nullptr);
    worksheet_set_row(page_, kSubLine, 40, nullptr);
    worksheet_set_row(page_, kUnitLine, 26, nullptr);
  }

  void body() {
    block(kBody, 0, static_cast<lxw_row_t>(kBody + form_.rows.size() - 1), 0, sheet_.unit.name,
          styles_.cell(10));
    std::vector<lxw_format*> formats;
    for (const auto& column : form_.columns) formats.push_back(styles_.number(column.decimals));
    lxw_format* label = styles_.cell(10);
    for (std::size_t r = 0; r < form_.rows.size(); ++r) {
      const auto line = static_cast<lxw_row_t>(kBody + r);
      worksheet_set_row(page_, line, 58, nullptr);
      block(line, 1, line, 1, form_.rows[r].label.zh, label);
      const Cells& values = sheet_.values.at(form_.rows[r].name);
      for (std::size_t i = 0; i < form_.columns.size(); ++i) {
        const auto& figure = values.at(form_.columns[i].number);
        if (figure) {
          worksheet_write_number(page_, line, at(i), number_of(*figure), formats[i]);
        } else {
          worksheet_write_blank(page_, line, at(i), formats[i]);
        }
      }
    }
  }

  void box(lxw_row_t line) {
    block(line, 0, line, 1, form_.narrative.zh, styles_.cell(11));
    lxw_format* words = styles_.text(11);
    format_set_border(words, LXW_BORDER_THIN);
    format_set_align(words, LXW_ALIGN_VERTICAL_TOP);
    format_set_align(words, LXW_ALIGN_LEFT);
    format_set_indent(words, 1);
    block(line, kFirst, line, last_, sheet_.cases, words);
    // About 65 Chinese characters stand in one line of the box.
    const auto lines = static_cast<double>(to_code_points(sheet_.cases).size()) / 65 +
                       static_cast<double>(std::count(sheet_.cases.begin(), sheet_.cases.end(), '\n')) + 1;
    worksheet_set_row(page_, line, std::clamp(lines * 17, 270.0, 400.0), nullptr);
  }

  /// Unit with its seal, compiler, contact, date; as the pack words them.
  void footer(lxw_row_t line) {
    const std::string day = sheet_.filed_on ? format_date(*sheet_.filed_on) : std::string();
    const std::string date = day.empty() ? "    年  月  日"
                                         : fmt::format("{}年{}月{}日", day.substr(0, 4),
                                                       *parse_integer(trim_zero(day.substr(5, 2))),
                                                       *parse_integer(trim_zero(day.substr(8, 2))));
    const std::string values[] = {sheet_.unit.name, sheet_.compiler, sheet_.contact, date};
    lxw_format* words = styles_.text(11);
    // The unit's name is the longest, then the date.
    const auto weight = [](std::size_t i) { return i == 0 ? 2.0 : i == 3 ? 1.4 : 1.1; };
    double total = 0;
    for (std::size_t i = 0; i < form_.footer.size(); ++i) total += weight(i);
    double right = 0;
    lxw_col_t left = 0;
    for (std::size_t i = 0; i < form_.footer.size(); ++i) {
      right += weight(i) / total * (last_ + 1);
      const auto end = static_cast<lxw_col_t>(std::clamp<long>(std::lround(right) - 1, left, last_));
      block(line, left, line, end,
            form_.footer[i].zh + "：" + (i < std::size(values) ? values[i] : std::string()), words);
      left = static_cast<lxw_col_t>(end + 1);
    }
    worksheet_set_row(page_, line, 36, nullptr);
  }
  static std::string trim_zero(std::string two) { return two[0] == '0' ? two.substr(1) : two; }

  /// Which units the sums are of.
  void units() {
    lxw_worksheet* list = workbook_add_worksheet(book_, "报送情况");
    lxw_format* head = styles_.cell(10, true);
    lxw_format* cell = styles_.cell(10);
    const char* heads[] = {"单位", "层级", "状态", "上报时间", "截止时间", "是否逾期"};
    for (lxw_col_t i = 0; i < std::size(heads); ++i) worksheet_write_string(list, 0, i, heads[i], head);
    lxw_row_t line = 0;
    for (const auto& unit : sheet_.units) {
      const auto& f = unit.filing;
      const auto time = [](const std::optional<EventTime>& t) {
        return t ? format_beijing(t->utc_ms) : std::string();
      };
      const std::string texts[] = {unit.unit.name,
                                   level_of(unit.unit.level),
                                   state_of(f ? f->state : "none"),
                                   time(f ? f->filed_at : std::nullopt),
                                   time(unit.due_at),
                                   unit.late ? "逾期" : ""};
      ++line;
      for (lxw_col_t i = 0; i < std::size(texts); ++i)
        worksheet_write_string(list, line, i, texts[i].c_str(), cell);
    }
    worksheet_set_column(list, 0, 0, 36, nullptr);
    worksheet_set_column(list, 1, 2, 10, nullptr);
    worksheet_set_column(list, 3, 4, 22, nullptr);
    worksheet_set_column(list, 5, 5, 10, nullptr);
    worksheet_set_landscape(list);
    worksheet_set_paper(list, 9);
    worksheet_fit_to_pages(list, 1, 0);
  }
  static std::string level_of(std::string_view level) {
    return level == "county"     ? "县"
           : level == "city"     ? "市"
           : level == "province" ? "省"
                                 : std::string(level);
  }
  static std::string state_of(std::string_view state) {
    return state == "draft"      ? "填报中"
           : state == "filed"    ? "已上报"
           : state == "returned" ? "已退回"
           : state == "accepted" ? "已接收"
           : state == "frozen"   ? "已冻结"
                                 : "未填报";
  }

  lxw_workbook* book_;
  const Sheet& sheet_;
  const pack::Form& form_;
  Styles styles_;
  lxw_worksheet* page_;
  const lxw_col_t last_;
  lxw_format* header_;
};

/// A file of our own in the temporary folder; removed at the end.
class TemporaryFile {
 public:
  TemporaryFile() {
    std::error_code fault;
    std::string pattern = (std::filesystem::temp_directory_path(fault) / "mineward-form-XXXXXX").string();
    const int fd = ::mkstemp(pattern.data());
    if (fd < 0) return;
    ::close(fd);
    path_ = pattern;
  }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;
  ~TemporaryFile() {
    if (!path_.empty()) ::unlink(path_.c_str());
  }
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

}  // namespace

Result<std::string> form_xlsx(const Sheet& sheet) {
  const TemporaryFile file;
  const auto failed = [](std::string_view why) {
    return Error{Errc::unavailable, fmt::format("cannot write the spreadsheet: {}", why), {}};
  };
  if (file.path().empty()) return failed("no temporary file");
  lxw_workbook* book = workbook_new(file.path().c_str());
  if (!book) return failed("no workbook");
  Printer(book, sheet).print();
  if (const lxw_error fault = workbook_close(book); fault != LXW_NO_ERROR) return failed(lxw_strerror(fault));
  std::ifstream in(file.path(), std::ios::binary);
  std::string bytes{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  if (!in || bytes.empty()) return failed("it is empty");
  return bytes;
}

}  // namespace mineward::report
