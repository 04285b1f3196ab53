#include "ledger/book.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <fstream>

#include "base/text.h"
#include "base/time.h"

namespace mineward::ledger {
namespace {

constexpr std::size_t kCellHolds = 32'767;

/// Whether "_x" with four digits and "_" stands at `at`.
bool is_escape(std::string_view text, std::size_t at) {
  if (text.substr(at, 2) != "_x" || at + 7 > text.size() || text[at + 6] != '_') return false;
  return text.substr(at + 2, 4).find_first_not_of("0123456789abcdefABCDEF") == std::string_view::npos;
}

/// What would be read as an escape is written as one; the library escapes control characters itself.
std::string escaped(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (is_escape(text, i)) out += "_x005F";
    out += text[i];
  }
  return out;
}

Error failed(std::string_view why) {
  return unavailable(fmt::format("cannot write the spreadsheet: {}", why));
}

}  // namespace

Result<Book> Book::make(bool in_order) {
  std::error_code fault;
  const auto folder = std::filesystem::temp_directory_path(fault);
  std::string path = (folder / "mineward-ledger-XXXXXX").string();
  const int fd = ::mkstemp(path.data());
  if (fd < 0) return failed("no temporary file");
  ::close(fd);
  Book out;
  out.path_ = path;
  lxw_workbook_options options = {};
  options.constant_memory = in_order;
  std::string temporary = folder.string();
  options.tmpdir = temporary.data();
  out.book_ = workbook_new_opt(path.c_str(), &options);
  if (!out.book_) return failed("no workbook");
  return out;
}

Book::Book(Book&& other) noexcept
    : book_(std::exchange(other.book_, nullptr)), path_(std::exchange(other.path_, {})) {}

Book::~Book() {
  if (book_) workbook_close(book_);
  if (!path_.empty()) ::unlink(path_.c_str());
}

lxw_worksheet* Book::sheet(std::string_view name) {
  std::u32string points = to_code_points(name);
  for (auto& c : points) {
    if (std::u32string_view(U"[]:*?/\\'").find(c) != std::u32string_view::npos) c = U' ';
  }
  if (points.size() > 31) points.resize(31);
  const std::string safe(trim(to_utf8(points)));
  return workbook_add_worksheet(book_, safe.empty() ? nullptr : safe.c_str());
}

lxw_format* Book::format(const Look& look) {
  lxw_format* out = workbook_add_format(book_);
  format_set_font_size(out, look.size);
  format_set_align(out, LXW_ALIGN_VERTICAL_CENTER);
  if (look.bold) format_set_bold(out);
  if (look.wrap) format_set_text_wrap(out);
  if (look.centre) format_set_align(out, LXW_ALIGN_CENTER);
  if (look.head) {
    format_set_bg_color(out, look.locked_grey ? 0xE3E6EA : 0xDCE6F1);
    format_set_border(out, LXW_BORDER_THIN);
    format_set_border_color(out, 0x9AA5B1);
  }
  if (!look.number.empty()) format_set_num_format(out, look.number.c_str());
  return out;
}

Result<std::string> Book::finish() {
  const lxw_error fault = workbook_close(std::exchange(book_, nullptr));
  if (fault != LXW_NO_ERROR) return failed(lxw_strerror(fault));
  std::ifstream in(path_, std::ios::binary);
  std::string bytes{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  if (!in || bytes.empty()) return failed("it is empty");
  return bytes;
}

void write_text(lxw_worksheet* sheet, lxw_row_t row, lxw_col_t column, std::string_view text,
                lxw_format* format) {
  std::string safe = escaped(text);
  if (safe.size() > kCellHolds) {
    const std::u32string points = to_code_points(safe);
    if (points.size() > kCellHolds)
      safe = to_utf8(std::u32string_view(points).substr(0, kCellHolds - 1)) + "…";
  }
  worksheet_write_string(sheet, row, column, safe.c_str(), format);
}

void write_moment(lxw_worksheet* sheet, lxw_row_t row, lxw_col_t column, std::int64_t utc_ms, bool with_time,
                  lxw_format* format) {
  const double days = static_cast<double>(utc_ms + kBeijingOffset) / 86'400'000.0 + 25569;
  if (days >= 61) {
    worksheet_write_number(sheet, row, column, days, format);
    return;
  }
  const std::string text = format_beijing(utc_ms);
  write_text(sheet, row, column, with_time ? text : text.substr(0, 10), format);
}

void write_span(lxw_worksheet* sheet, lxw_row_t row, lxw_col_t first, lxw_col_t last, std::string_view text,
                lxw_format* format) {
  if (last > first) {
    worksheet_merge_range(sheet, row, first, row, last, escaped(text).c_str(), format);
  } else {
    write_text(sheet, row, first, text, format);
  }
}

double shown_width(std::string_view text) {
  double widest = 0, line = 0;
  for (const char32_t c : to_code_points(text)) {
    if (c == '\n') {
      line = 0;
      continue;
    }
    line += c < 0x2E80 ? 1.05 : 2.1;
    widest = std::max(widest, line);
  }
  return widest;
}

std::string without_escapes(std::string text) {
  if (text.find("_x") == std::string::npos) return text;
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (!is_escape(text, i)) {
      out += text[i];
      continue;
    }
    unsigned code = 0;
    std::from_chars(text.data() + i + 2, text.data() + i + 6, code, 16);
    if (code != 0 && (code < 0xD800 || code > 0xDFFF))
      out += to_utf8(std::u32string(1, static_cast<char32_t>(code)));
    i += 6;
  }
  return out;
}

}  // namespace mineward::ledger
