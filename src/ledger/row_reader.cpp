#include "ledger/row_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "ledger/trouble.h"

namespace mineward::ledger {

using Use = Column::Use;

namespace {

constexpr int kMostRows = 100'000;
/// The header stands among so many first rows.
constexpr std::size_t kLooked = 20;
constexpr std::size_t kNamed = 50;
constexpr std::size_t kMostMerged = 10'000;

bool is_own_sheet(std::string_view name) { return name == kMarkSheet || name == kListSheet; }

/// The record type that our own hidden sheet names; empty when the file is not made from our template.
Result<std::string> marked_type(const Workbook& workbook) {
  std::string mark, type;
  for (std::size_t i = 0; i < workbook.sheets().size(); ++i) {
    if (workbook.sheets()[i].name != kMarkSheet) continue;
    MW_ASSIGN(const SheetFacts facts, workbook.rows(i, [&](Row& row) -> Status {
      const Cell* cell = row.at(0);
      if (cell && row.number == 1) mark = cell->text;
      if (cell && row.number == 2) type = cell->text;
      return {};
    }));
    (void)facts;
  }
  return mark == kMarkText ? type : std::string();
}

Status choose_sheet(const Workbook& workbook, const std::string& wanted, bool marked, Survey& out) {
  std::optional<std::size_t> chosen;
  const auto& sheets = workbook.sheets();
  for (std::size_t i = 0; i < sheets.size(); ++i) {
    const std::string& name = sheets[i].name;
    const bool about = marked && (name == kAboutZh || name == kAboutEn);
    const bool wished = !wanted.empty() && name == wanted;
    if (!chosen && (wished || (wanted.empty() && !sheets[i].hidden && !about && !is_own_sheet(name)))) {
      chosen = i;
    } else if (sheets[i].hidden && !is_own_sheet(name)) {
      out.hidden_sheets.push_back(name);
    } else if (!sheets[i].hidden && !about) {
      out.other_sheets.push_back(name);
    }
  }
  if (!chosen) {
    return wanted.empty() ? trouble("工作簿的所有工作表都被隐藏", "every sheet of the workbook is hidden")
                          : trouble(fmt::format("工作簿中没有工作表“{}”", clipped(wanted)),
                                    fmt::format("the workbook has no sheet \"{}\"", clipped(wanted)));
  }
  out.sheet = *chosen;
  return {};
}

bool is_example(const Row& row, const Layout& layout) {
  for (const Cell& cell : row.cells) {
    const Column* column = layout.at(cell.column);
    if (!column || column->use != Use::row_number) continue;
    const std::string text = narrow(cell.text);
    return text == kExampleZh || lower_ascii(text) == lower_ascii(kExampleEn);
  }
  return false;
}

/// Whether anything but the count of rows is filled.
bool says_something(const Row& row, const Layout& layout) {
  return std::any_of(row.cells.begin(), row.cells.end(), [&](const Cell& cell) {
    const Column* column = layout.at(cell.column);
    return !column || column->use != Use::row_number;
  });
}

/// Counts what a sheet holds below its header.
class Surveyor {
 public:
  explicit Surveyor(Survey& out) : out_(out) {}

  Status look(const Row& row) {
    const Layout& layout = out_.layout;
    if (row.number < layout.first_row || !says_something(row, layout)) return {};
    if (is_example(row, layout)) {
      ++out_.examples;
      return {};
    }
    for (const Cell& cell : row.cells) {
      if (!layout.at(cell.column)) stray_.insert(cell.column);
      out_.formulas += cell.formula;
    }
    if (row.hidden) {
      ++out_.hidden_rows;
      if (out_.hidden.size() < kNamed) out_.hidden.push_back(row.number);
    }
    if (++out_.rows <= kMostRows) return {};
    return trouble(fmt::format("数据超过 {} 行：一个文件最多 {} 行，请拆分", kMostRows, kMostRows),
                   fmt::format("found more than {} rows, at most {} are taken from one file: divide it",
                               kMostRows, kMostRows),
                   Errc::too_large);
  }

  Status finish(const SheetFacts& facts) {
    out_.stray_columns.assign(stray_.begin(), stray_.end());
    for (const Range& range : facts.merged) {
      if (range.last_row >= out_.layout.first_row) out_.merged.push_back(range);
    }
    if (out_.merged.size() > kMostMerged)
      return trouble(fmt::format("合并单元格超过 {} 处", kMostMerged),
                     fmt::format("found more than {} merged cells", kMostMerged), Errc::too_large);
    for (const auto& [first, last] : facts.hidden_columns) {
      for (const Column& column : out_.layout.columns) {
        if (column.column >= first && column.column <= last && column.use != Use::identity)
          out_.hidden_columns.push_back(column.column);
      }
    }
    return {};
  }

 private:
  Survey& out_;
  std::set<int> stray_;
};

}  // namespace

Result<Survey> survey(const Workbook& workbook, const pack::RecordType& type, const Options& options) {
  Survey out;
  MW_ASSIGN(const std::string marked, marked_type(workbook));
  if (!marked.empty() && marked != type.name)
    return trouble(
        fmt::format("这是另一种台账（{}）的文件，应为“{}”", clipped(marked), type.label.zh),
        fmt::format("found a file of another ledger ({}), expected \"{}\"", clipped(marked), type.label.en));
  MW_TRY(choose_sheet(workbook, options.sheet, !marked.empty(), out));
  std::vector<Row> first;
  Surveyor surveyor(out);
  const auto begin = [&]() -> Status {
    MW_ASSIGN(out.layout, find_layout(type, first));
    for (const Row& row : first) MW_TRY(surveyor.look(row));
    return {};
  };
  MW_ASSIGN(const SheetFacts facts, workbook.rows(out.sheet, [&](Row& row) -> Status {
    if (first.size() == kLooked) return surveyor.look(row);
    first.push_back(row);
    return first.size() == kLooked ? begin() : Status();
  }));
  if (first.size() < kLooked) MW_TRY(begin());
  MW_TRY(surveyor.finish(facts));
  return out;
}

Status RowReader::read(int show, const std::function<Status(ParsedRow&)>& take) {
  waiting_ = survey_.merged;
  active_.clear();
  std::sort(waiting_.begin(), waiting_.end(),
            [](const Range& a, const Range& b) { return a.first_row > b.first_row; });
  MW_ASSIGN(const SheetFacts facts, workbook_.rows(survey_.sheet, [&](Row& row) -> Status {
    const Layout& layout = survey_.layout;
    if (row.number < layout.first_row || !says_something(row, layout) || is_example(row, layout)) return {};
    if (row.hidden && options_.hidden_rows == HiddenRows::skip) return {};
    MW_ASSIGN(ParsedRow parsed, parse(row, show > 0));
    --show;
    return take(parsed);
  }));
  (void)facts;
  return {};
}

void RowReader::name_merged(int row, ParsedRow& out) {
  while (!waiting_.empty() && waiting_.back().first_row <= row) {
    active_.push_back(waiting_.back());
    waiting_.pop_back();
  }
  std::erase_if(active_, [&](const Range& range) { return range.last_row < row; });
  for (const Range& range : active_) {
    const std::string name = fmt::format("{}:{}", cell_name(range.first_column, range.first_row),
                                         cell_name(range.last_column, range.last_row));
    out.faults.push_back(
        {row,
         cell_name(range.first_column, row),
         {},
         "merged",
         {fmt::format("在合并单元格 {} 内，应为独立的单元格：请取消合并后逐行填写", name),
          fmt::format("is part of the merged cells {}, expected cells of their own", name)}});
  }
}

Result<ParsedRow> RowReader::parse(const Row& row, bool show) {
  ParsedRow out;
  out.number = row.number;
  if (!waiting_.empty() || !active_.empty()) name_merged(row.number, out);
  for (const Column& column : survey_.layout.columns) {
    if (column.use == Use::value) out.fields[column.field->name] = record::FieldValue();
  }
  for (const Column& column : survey_.layout.columns) {
    const Cell* cell = row.at(column.column);
    if (!cell) continue;
    if (show && column.field) {
      out.shown.emplace_back(column.field->name,
                             column.field->protect.empty() ? cells_.text_of(*cell) : "***");
    }
    MW_TRY(read_cell(row, column, out));
  }
  return out;
}

Status RowReader::read_cell(const Row& row, const Column& column, ParsedRow& out) {
  const Cell& cell = *row.at(column.column);
  if (column.use == Use::identity) {
    const std::string text(trim(cells_.text_of(cell)));
    out.id = parse_record_id(text);
    if (!out.id)
      out.faults.push_back({row.number,
                            cell_name(column.column, row.number),
                            "id",
                            "bad_format",
                            {fmt::format("填写的是“{}”，应为记录号或空白", clipped(text)),
                             fmt::format("found \"{}\", expected a record id or nothing", clipped(text))}});
    return {};
  }
  if (column.use != Use::value && column.use != Use::key) return {};
  MW_ASSIGN(auto reading, cells_.read(*column.field, cell));
  if (auto* fault = std::get_if<CellFault>(&reading)) {
    out.faults.push_back({row.number, cell_name(column.column, row.number), column.field->name,
                          std::move(fault->code), std::move(fault->words)});
    return {};
  }
  auto& into = column.use == Use::value ? out.fields : out.keys;
  into[column.field->name] = record::normalised(std::get<record::FieldValue>(std::move(reading)));
  return {};
}

}  // namespace mineward::ledger
