// Checking: reads the whole file once for what it holds, once more for what each row would do.
#include <fmt/format.h>

#include "base/text.h"
#include "ledger/import_work.h"
#include "ledger/judge.h"
#include "ledger/trouble.h"

namespace mineward::ledger {
namespace {

constexpr int kShown = 50;
constexpr std::size_t kListed = 1000, kNamed = 50;

Json letters(const std::vector<int>& columns) {
  Json::Array out;
  for (const int column : columns) out.emplace_back(column_letters(column));
  return Json(std::move(out));
}

Json texts(const std::vector<std::string>& items) {
  Json::Array out;
  for (const auto& item : items) out.emplace_back(item);
  return Json(std::move(out));
}

Json columns_json(const Layout& layout) {
  Json::Array out;
  for (const Column& column : layout.columns) {
    Json one;
    one.set("column", column_letters(column.column)).set("header", column.header);
    one.set("field", column.field ? Json(column.field->name) : Json()).set("use", name_of(column.use));
    out.push_back(std::move(one));
  }
  return Json(std::move(out));
}

Json merged_json(const std::vector<Range>& merged) {
  Json::Array out;
  for (const Range& range : merged) {
    if (out.size() == kNamed) break;
    out.emplace_back(fmt::format("{}:{}", cell_name(range.first_column, range.first_row),
                                 cell_name(range.last_column, range.last_row)));
  }
  return Json(std::move(out));
}

/// What is on the sheet, before any row is judged.
Json survey_json(const Workbook& workbook, const Survey& survey) {
  Json::Array hidden;
  for (const int row : survey.hidden) hidden.emplace_back(row);
  Json out;
  out.set("sheet", workbook.sheets()[survey.sheet].name).set("header_row", survey.layout.header_row);
  out.set("columns", columns_json(survey.layout)).set("rows", survey.rows).set("examples", survey.examples);
  out.set("formulas", survey.formulas)
      .set("hidden_rows", survey.hidden_rows)
      .set("hidden", std::move(hidden));
  out.set("hidden_columns", letters(survey.hidden_columns)).set("merged", merged_json(survey.merged));
  out.set("stray_columns", letters(survey.stray_columns)).set("other_sheets", texts(survey.other_sheets));
  return out.set("hidden_sheets", texts(survey.hidden_sheets)).set("macros", workbook.has_macros());
}

Json undecided(const Survey& survey, const Options& options) {
  Json::Array out;
  bool unknown = !survey.stray_columns.empty();
  for (const Column& column : survey.layout.columns)
    unknown = unknown || (column.use == Column::Use::unknown && !column.header.empty());
  if (unknown && !options.ignore_unknown_columns) out.emplace_back("unknown_columns");
  if (survey.hidden_rows > 0 && options.hidden_rows == HiddenRows::ask) out.emplace_back("hidden_rows");
  return Json(std::move(out));
}

/// Counts fates, and keeps the first rows and faults to be shown.
class Tally {
 public:
  void add(const ParsedRow& row, const Judged& judged) {
    ++counts_[static_cast<std::size_t>(judged.fate)];
    faults_ += static_cast<std::int64_t>(judged.faults.size());
    for (const Fault& fault : judged.faults) {
      if (listed_.size() < kListed) listed_.push_back(json_of(fault));
    }
    if (sample_.size() < static_cast<std::size_t>(kShown)) sample_.push_back(row_json(row, judged));
  }
  void write(Json& out) {
    Json counts;
    for (std::size_t i = 0; i < std::size(counts_); ++i)
      counts.set(std::string(name_of(static_cast<Fate>(i))), counts_[i]);
    out.set("counts", std::move(counts)).set("fault_count", faults_).set("faults", std::move(listed_));
    out.set("sample", std::move(sample_));
  }

 private:
  static Json row_json(const ParsedRow& row, const Judged& judged) {
    Json cells = Json::Object{};
    for (const auto& [field, text] : row.shown) cells.set(field, clipped(text, 200));
    Json::Array faults;
    for (const Fault& fault : judged.faults) faults.push_back(json_of(fault));
    Json out;
    out.set("row", row.number).set("fate", name_of(judged.fate)).set("cells", std::move(cells));
    return out.set("faults", std::move(faults));
  }

  std::int64_t counts_[4] = {};
  std::int64_t faults_ = 0;
  Json::Array listed_, sample_;
};

/// Of the file itself, and not of the machine.
bool is_of_file(const Error& error) { return error.code == Errc::bad_input || error.code == Errc::too_large; }

Result<Json> preview(const WorkSite& site, const std::string& bytes, const ImportView& view) {
  const pack::RecordType* type = site.store.catalog().record_type(view.type);
  if (!type) return trouble("已没有这类台账", "there is no such record type any more");
  MW_ASSIGN(const Workbook workbook, Workbook::open(bytes));
  MW_ASSIGN(const Survey found, survey(workbook, *type, view.options));
  site.total = found.rows;
  CellReader cells(site.store, site.actor, workbook, view.options.kept_values);
  Judge judge(site.store, site.actor, *type, found, view.options);
  RowReader reader(workbook, found, view.options, cells);
  Tally tally;
  MW_TRY(reader.read(kShown, [&](ParsedRow& row) -> Status {
    if (site.stop) return unavailable("the node is being stopped");
    MW_ASSIGN(const Judged judged, judge.judge(row, true));
    tally.add(row, judged);
    ++site.done;
    return {};
  }));
  Json out = survey_json(workbook, found);
  out.set("undecided", undecided(found, view.options)).set("way_back", way_back(site.store.catalog(), *type));
  tally.write(out);
  return out;
}

}  // namespace

Status check_file(const WorkSite& site, const std::string& bytes, ImportView& view) {
  auto found = preview(site, bytes, view);
  if (!found && !is_of_file(found.error())) return std::move(found).error();
  view.preview = found ? *std::move(found) : Json();
  view.state = view.preview.is_null() ? "refused" : "checked";
  view.trouble = found ? pack::Label{} : words_of(found.error());
  return {};
}

}  // namespace mineward::ledger
