#include "report/sheet.h"

#include <fmt/format.h>

#include <cmath>

#include "base/text.h"
#include "record/csv.h"

namespace mineward::report {

namespace {

std::string replaced(std::string text, std::string_view what, const std::string& with) {
  for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + with.size()))
    text.replace(at, what.size(), with);
  return text;
}

std::string heading(const pack::FormColumn& column) {
  std::string out = column.name.zh;
  if (!column.sub.zh.empty()) out += "-" + column.sub.zh;
  return fmt::format("{}.{}（{}）", column.number, out, column.unit);
}

}  // namespace

Sheet sheet_of(const FormPage& page) {
  Sheet out{page.form, page.unit, page.month, page.values(), {}, {}, {}, {}, "none", {}};
  if (!page.filing) return out;
  out.cases = page.filing->cases;
  out.compiler = page.filing->compiler;
  out.contact = page.filing->contact;
  out.filed_on = page.filing->filed_on;
  out.state = page.filing->state;
  return out;
}

Sheet sheet_of(const FormSummary& summary) {
  return {summary.form, summary.unit, summary.month, summary.cells, {}, {}, {}, {}, "summary", summary.units};
}

std::string title_of(const pack::Form& form, const Month& month) {
  return replaced(replaced(form.title, "{yyyy}", std::to_string(month.year)), "{M}",
                  std::to_string(month.month));
}

std::string text_of(const pack::FormColumn& column, const std::optional<Figure>& figure) {
  if (!figure) return {};
  std::int64_t step = 1;
  for (int i = column.decimals; i < 6; ++i) step *= 10;
  const bool negative = figure->millionths < 0;
  const std::int64_t rounded =
      ((negative ? -figure->millionths : figure->millionths) + step / 2) / step * step;
  const std::string fraction = fmt::format("{:06}", rounded % 1'000'000);
  return fmt::format("{}{}{}{}", negative && rounded ? "-" : "", rounded / 1'000'000,
                     column.decimals > 0 ? "." : "",
                     fraction.substr(0, static_cast<std::size_t>(std::max(0, column.decimals))));
}

Json json_of(const std::optional<Figure>& figure) {
  if (!figure) return {};
  if (figure->millionths % 1'000'000 == 0) return Json(figure->millionths / 1'000'000);
  return Json(number_of(*figure));
}

Json form_json(const Sheet& sheet) {
  Json cells{Json::Object{}}, unit, out;
  for (const auto& row : sheet.form->rows) {
    Json line{Json::Object{}};
    const Cells& values = sheet.values.at(row.name);
    for (const auto& column : sheet.form->columns)
      line.set(std::to_string(column.number), json_of(values.at(column.number)));
    cells.set(row.name, std::move(line));
  }
  unit.set("id", sheet.unit.id.text()).set("name", sheet.unit.name).set("level", sheet.unit.level);
  unit.set("region", sheet.unit.region);
  out.set("form", sheet.form->name).set("title", title_of(*sheet.form, sheet.month));
  out.set("unit", std::move(unit)).set("month", sheet.month.text()).set("state", sheet.state);
  out.set("cells", std::move(cells)).set("cases", sheet.cases).set("compiler", sheet.compiler);
  out.set("contact", sheet.contact);
  return out.set("filed_on", sheet.filed_on ? Json(format_date(*sheet.filed_on)) : Json());
}

std::string form_csv(const Sheet& sheet) {
  std::string out = "\xEF\xBB\xBF单位,月份,行";
  for (const auto& column : sheet.form->columns) out += "," + record::csv_cell(heading(column));
  out += "\r\n";
  for (const auto& row : sheet.form->rows) {
    out +=
        record::csv_cell(sheet.unit.name) + "," + sheet.month.text() + "," + record::csv_cell(row.label.zh);
    const Cells& values = sheet.values.at(row.name);
    for (const auto& column : sheet.form->columns) out += "," + text_of(column, values.at(column.number));
    out += "\r\n";
  }
  return out;
}

}  // namespace mineward::report
