#include "ledger/workbook.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <map>
#include <optional>
#include <set>

#include "ledger/book.h"
#include "ledger/trouble.h"
#include "ledger/xml.h"

namespace mineward::ledger {
namespace {

int whole(std::string_view text, int otherwise = 0) {
  int out = otherwise;
  std::from_chars(text.data(), text.data() + text.size(), out);
  return out;
}

bool is_true(std::string_view text) { return text == "1" || text == "true"; }

/// "AB17" -> (27, 17); nullopt for anything else.
std::optional<std::pair<int, int>> parse_cell(std::string_view name) {
  int column = 0;
  std::size_t i = 0;
  for (; i < name.size() && name[i] >= 'A' && name[i] <= 'Z' && i < 4; ++i)
    column = column * 26 + (name[i] - 'A' + 1);
  int row = 0;
  const auto [end, fault] = std::from_chars(name.data() + i, name.data() + name.size(), row);
  if (column == 0 || fault != std::errc{} || end != name.data() + name.size() || row < 1) return std::nullopt;
  return std::pair(column - 1, row);
}

std::optional<Range> parse_range(std::string_view text) {
  const auto colon = text.find(':');
  const auto from = parse_cell(text.substr(0, colon));
  const auto to = colon == std::string_view::npos ? from : parse_cell(text.substr(colon + 1));
  if (!from || !to) return std::nullopt;
  return Range{from->second, to->second, from->first, to->first};
}

/// Relationships of a part: id or type -> target.
class Relations final : public XmlHandler {
 public:
  explicit Relations(std::string folder) : folder_(std::move(folder)) {}
  void start(std::string_view name, const Attributes& a) override {
    if (name != "Relationship" || a["TargetMode"] == "External") return;
    std::string target(a["Target"]);
    target = target.starts_with('/') ? target.substr(1) : folder_ + target;
    by_id[std::string(a["Id"])] = target;
    const std::string_view type = a["Type"];
    by_type[std::string(type.substr(type.rfind('/') + 1))] = target;
  }
  void end(std::string_view) override {}

  std::map<std::string, std::string, std::less<>> by_id, by_type;

 private:
  std::string folder_;
};

class Contents final : public XmlHandler {
 public:
  void start(std::string_view name, const Attributes& a) override {
    if (name == "workbookPr") from_1904 = is_true(a["date1904"]);
    if (name != "sheet") return;
    const std::string_view state = a["state"];
    sheets.push_back(
        {std::string(a["name"]), state == "hidden" || state == "veryHidden", std::string(a["id"])});
  }
  void end(std::string_view) override {}

  bool from_1904 = false;
  std::vector<SheetName> sheets;  ///< `part` holds the id of the relation
};

/// Number formats that come without a code and show a date: ECMA-376 part 1, 18.8.30, with those of Chinese
/// Excel.
bool built_in_date(int id) {
  return (id >= 14 && id <= 22) || (id >= 27 && id <= 36) || (id >= 45 && id <= 47) || (id >= 50 && id <= 58);
}

class Styles final : public XmlHandler {
 public:
  void start(std::string_view name, const Attributes& a) override {
    if (name == "numFmt" && shows_date(a["formatCode"])) custom_.insert(whole(a["numFmtId"], -1));
    if (name == "cellXfs") inside_ = true;
    if (name != "xf" || !inside_) return;
    const int id = whole(a["numFmtId"]);
    dates.push_back(built_in_date(id) || custom_.contains(id));
  }
  void end(std::string_view name) override {
    if (name == "cellXfs") inside_ = false;
  }

  std::vector<bool> dates;

 private:
  std::set<int> custom_;
  bool inside_ = false;
};

class SharedStrings final : public XmlHandler {
 public:
  SharedStrings(std::vector<std::string>& out, std::size_t most) : out_(out), most_(most) {}
  void start(std::string_view name, const Attributes&) override {
    if (name == "si") out_.emplace_back();
    if (name == "rPh") in_reading_ = true;  // how a word is pronounced: not part of it
    in_text_ = name == "t" && !in_reading_;
  }
  void end(std::string_view name) override {
    if (name == "rPh") in_reading_ = false;
    if (name == "si" && !out_.empty()) out_.back() = without_escapes(std::move(out_.back()));
    in_text_ = false;
  }
  void text(std::string_view text) override {
    if (!in_text_ || out_.empty()) return;
    size_ += text.size();
    if (size_ <= most_) out_.back() += text;
  }
  Status state() const override {
    if (size_ + out_.size() * sizeof(std::string) <= most_) return {};
    return trouble("工作簿中的文字过多", "the texts of the workbook are too large", Errc::too_large);
  }

 private:
  std::vector<std::string>& out_;
  const std::size_t most_;
  std::size_t size_ = 0;
  bool in_text_ = false, in_reading_ = false;
};

class SheetRows final : public XmlHandler {
 public:
  SheetRows(const std::vector<std::string>& shared, const std::vector<bool>& dates,
            const Workbook::Limits& limits, const std::function<Status(Row&)>& take)
      : shared_(shared), dates_(dates), limits_(limits), take_(take) {}

  void start(std::string_view name, const Attributes& a) override {
    if (name == "c") return start_cell(a);
    if (name == "v" || (name == "t" && in_inline_)) return collect();
    if (name == "row") return start_row(a);
    if (name == "f") cell_.formula = true;
    if (name == "is") in_inline_ = true;
    if (name == "rPh") in_inline_ = false;
    if (name == "mergeCell") {
      if (const auto range = parse_range(a["ref"])) facts.merged.push_back(*range);
    }
    if (name == "col" && is_true(a["hidden"]))
      facts.hidden_columns.emplace_back(whole(a["min"]) - 1, whole(a["max"]) - 1);
  }
  void end(std::string_view name) override {
    collecting_ = false;
    if (name == "c") return end_cell();
    if (name == "is") in_inline_ = false;
    if (name == "row" && state_.ok() && !row_.cells.empty()) state_ = take_(row_);
  }
  void text(std::string_view text) override {
    if (!collecting_) return;
    value_ += text;
    if (value_.size() > limits_.cell_bytes)
      fail(here("内容过长"), here("holds too much text"), Errc::too_large);
  }
  Status state() const override { return state_; }

  SheetFacts facts;

 private:
  void fail(std::string zh, std::string en, Errc code = Errc::bad_input) {
    collecting_ = false;
    if (state_.ok()) state_ = trouble(std::move(zh), std::move(en), code);
  }
  std::string here(std::string_view what) const {
    return fmt::format("{}: {}", cell_name(cell_.column, row_.number), what);
  }

  void start_row(const Attributes& a) {
    const int number = whole(a["r"], row_.number + 1);
    if (number <= row_.number)
      fail(fmt::format("第 {} 行排在第 {} 行之后", number, row_.number),
           fmt::format("row {} stands behind row {}", number, row_.number));
    row_ = Row{number, is_true(a["hidden"]), {}};
    next_column_ = 0;
  }

  void start_cell(const Attributes& a) {
    cell_ = Cell{};
    type_ = a["t"];
    style_ = static_cast<std::size_t>(std::max(0, whole(a["s"])));
    value_.clear();
    has_value_ = false;
    const auto place = parse_cell(a["r"]);
    cell_.column = place ? place->first : next_column_;
    if (cell_.column < next_column_) fail(here("单元格顺序错乱"), here("stands behind a later cell"));
    next_column_ = cell_.column + 1;
  }

  void collect() {
    collecting_ = true;
    has_value_ = true;
  }

  void end_cell() {
    in_inline_ = false;
    if (!state_.ok() || (!has_value_ && !cell_.formula)) return;
    settle();
    const bool blank = cell_.kind == Cell::Kind::text && trim(cell_.text).empty() && !cell_.formula;
    if (blank) return;
    if (cell_.column >= limits_.columns)
      return fail(here(fmt::format("最多读取 {} 列", limits_.columns)),
                  here(fmt::format("at most {} columns are read", limits_.columns)), Errc::too_large);
    row_.cells.push_back(std::move(cell_));
  }

  /// Kind and value from what stands in the file: ECMA-376 part 1, 18.18.11 (types of cells).
  void settle() {
    if (type_ == "s") {
      const auto index = static_cast<std::size_t>(std::max(0, whole(value_, -1)));
      if (whole(value_, -1) < 0 || index >= shared_.size())
        return fail(here("所引用的文字不存在"), here("names a text that the workbook lacks"));
      cell_.text = shared_[index];
    } else if (type_ == "str" || type_ == "inlineStr" || type_ == "d") {
      cell_.text = without_escapes(std::move(value_));
    } else if (type_ == "e") {
      cell_.kind = Cell::Kind::error;
      cell_.text = std::move(value_);
    } else if (!has_value_) {
      return;  // a formula without a kept value
    } else if (const auto number = parse_number(value_)) {
      cell_.number = *number;
      cell_.kind = type_ == "b"                               ? Cell::Kind::boolean
                   : style_ < dates_.size() && dates_[style_] ? Cell::Kind::date
                                                              : Cell::Kind::number;
    } else {
      cell_.text = std::move(value_);
    }
  }

  const std::vector<std::string>& shared_;
  const std::vector<bool>& dates_;
  const Workbook::Limits& limits_;
  const std::function<Status(Row&)>& take_;
  Status state_;
  Row row_;
  Cell cell_;
  std::string type_, value_;
  std::size_t style_ = 0;
  int next_column_ = 0;
  bool collecting_ = false, has_value_ = false, in_inline_ = false;
};

Status read_xml(const Package& package, std::string_view part, XmlHandler& handler) {
  XmlReader reader(handler);
  Status done = package.read(part, [&](std::string_view piece) { return reader.feed(piece); });
  if (done) done = reader.feed({}, true);
  return done;
}

}  // namespace

std::string column_letters(int column) {
  std::string out;
  for (int n = column + 1; n > 0; n = (n - 1) / 26)
    out.insert(out.begin(), static_cast<char>('A' + (n - 1) % 26));
  return out;
}

std::string cell_name(int column, int row) { return column_letters(column) + std::to_string(row); }

bool shows_date(std::string_view code) {
  char quote = 0;
  for (std::size_t i = 0; i < code.size(); ++i) {
    const char c = code[i];
    if (quote) {
      if (c == quote) quote = 0;
    } else if (c == '"') {
      quote = '"';
    } else if (c == '[') {
      // [h], [mm] and [ss] are durations; [Red], [$-804] and [>5] are not of the number
      if (code.substr(i + 1, 1).find_first_of("hmsHMS") == 0 &&
          code.substr(i + 2, 1).find_first_of("]hmsHMS") == 0)
        return true;
      quote = ']';
    } else if (c == '\\' || c == '_' || c == '*') {
      ++i;
    } else if (std::string_view("ymdhsYMDHS").find(c) != std::string_view::npos) {
      return true;
    }
  }
  return false;
}

const Cell* Row::at(int column) const {
  const auto found = std::lower_bound(cells.begin(), cells.end(), column,
                                      [](const Cell& cell, int wanted) { return cell.column < wanted; });
  return found != cells.end() && found->column == column ? &*found : nullptr;
}

Result<Workbook> Workbook::open(std::string bytes, Limits limits) {
  MW_ASSIGN(Package package, Package::open(std::move(bytes), limits.package));
  Workbook out(std::move(package), limits);
  MW_TRY(out.read_parts());
  return out;
}

Status Workbook::read_parts() {
  Relations root("");
  if (!package_.has("_rels/.rels"))
    return trouble("这是普通压缩包，应为 XLSX 工作簿",
                   "found a zip archive that is no workbook, expected an XLSX");
  MW_TRY(read_xml(package_, "_rels/.rels", root));
  const std::string main = root.by_type["officeDocument"];
  if (main.empty() || !package_.has(main))
    return trouble("这是其他办公文档，应为 XLSX 工作簿",
                   "found another office file, expected an XLSX workbook");
  const auto slash = main.rfind('/');
  const std::string folder = slash == std::string::npos ? "" : main.substr(0, slash + 1);
  Contents contents;
  MW_TRY(read_xml(package_, main, contents));
  Relations relations(folder);
  MW_TRY(read_xml(package_, folder + "_rels/" + main.substr(folder.size()) + ".rels", relations));
  from_1904_ = contents.from_1904;
  has_macros_ = package_.has(folder + "vbaProject.bin");
  for (SheetName sheet : contents.sheets) {
    const std::string part = relations.by_id[sheet.part];
    if (part.find("worksheets/") == std::string::npos || !package_.has(part)) continue;  // a chart sheet
    sheet.part = part;
    sheets_.push_back(std::move(sheet));
  }
  if (sheets_.empty()) return trouble("工作簿中没有工作表", "the workbook has no sheet");
  if (const std::string part = relations.by_type["styles"]; package_.has(part)) {
    Styles styles;
    MW_TRY(read_xml(package_, part, styles));
    date_styles_ = std::move(styles.dates);
  }
  if (const std::string part = relations.by_type["sharedStrings"]; package_.has(part)) {
    SharedStrings strings(shared_, limits_.shared_bytes);
    MW_TRY(read_xml(package_, part, strings));
  }
  return {};
}

Result<SheetFacts> Workbook::rows(std::size_t sheet, const std::function<Status(Row&)>& take) const {
  SheetRows reader(shared_, date_styles_, limits_, take);
  MW_TRY(read_xml(package_, sheets_.at(sheet).part, reader));
  return std::move(reader.facts);
}

std::optional<std::int64_t> Workbook::moment(double days) const {
  // Day 1 is 1900-01-01, and day 60 the 29 February 1900 that never was: ECMA-376 part 1, 18.17.4.1.
  constexpr double kUnix1900 = 25569, kUnix1904 = 24107, kLastDay = 2958466;
  if (!(days >= 0) || days >= kLastDay || (!from_1904_ && days >= 60 && days < 61)) return std::nullopt;
  const double since = from_1904_ ? days - kUnix1904 : (days < 60 ? days + 1 : days) - kUnix1900;
  return static_cast<std::int64_t>(std::llround(since * 86400.0)) * 1000;  // shown to the second
}

}  // namespace mineward::ledger
