// Periodic forms: the page of one unit and month, its filing, the sum above, the records behind a figure,
// exports.
#include <fmt/format.h>

#include "api/application.h"
#include "api/codec.h"
#include "api/reply.h"
#include "api/schema.h"
#include "base/text.h"
#include "duty/sentence.h"
#include "report/report.h"

namespace mineward::api {

using record::Outcome;
using record::RecordId;
using record::Refusal;
using report::Figure;
using report::FormPage;
using report::Forms;
using report::Month;

namespace {

/// What the routes stand on; shared by their handlers.
struct Desk {
  Context& context;
  Forms forms;
  explicit Desk(Context& c) : context(c), forms(c.services.catalog, c.services.store, c.services.clock) {}
};
using DeskPtr = std::shared_ptr<Desk>;

// ---- what is asked
// ------------------------------------------------------------------------------------------------

Result<RecordId> unit_of(const Call& call, std::string_view text) {
  if (text.empty()) return call.caller.actor.organisation;
  const auto id = parse_record_id(text);
  if (!id)
    return bad_input(fmt::format("found '{}', expected the id of a filing unit", text.substr(0, 80)), "unit");
  return *id;
}

/// The month named; else the one before this, which is the one that is filed now.
Result<Month> month_in(Desk& desk, std::string_view text) {
  if (!text.empty()) return report::parse_month(text);
  const Month now = report::month_of(china_date(desk.context.services.clock.now().utc_ms));
  return report::month_of(Date{now.first().days - 1});
}

struct Asked {
  const pack::Form* form = nullptr;
  RecordId unit;
  Month month;
};
Result<Asked> asked(Desk& desk, const Call& call) {
  Asked out;
  MW_ASSIGN(out.form, desk.forms.form(call.path_value("name")));
  MW_ASSIGN(out.unit, unit_of(call, call.parameter("unit")));
  MW_ASSIGN(out.month, month_in(desk, call.parameter("month")));
  return out;
}

// ---- JSON
// ---------------------------------------------------------------------------------------------------------

Json date_json(const std::optional<Date>& date) { return date ? Json(format_date(*date)) : Json(); }

Json unit_json(const report::Unit& unit) {
  Json out;
  return out.set("id", unit.id.text()).set("name", unit.name).set("level", unit.level);
}

Json layout_json(const pack::Form& form, const Month& month) {
  Json::Array groups, columns, rows, footer;
  for (std::size_t i = 0; i < form.columns.size();) {
    Json::Array numbers;
    const std::string& name = form.columns[i].group;
    for (; i < form.columns.size() && form.columns[i].group == name; ++i)
      numbers.emplace_back(form.columns[i].number);
    Json group;
    groups.push_back(group.set("name", name).set("columns", std::move(numbers)));
  }
  for (const auto& column : form.columns) {
    Json j;
    j.set("number", column.number).set("name", label_json(column.name));
    j.set("sub", column.sub.zh.empty() ? Json() : label_json(column.sub)).set("unit", column.unit);
    columns.push_back(j.set("decimals", column.decimals).set("is_share", !column.indicator.has_value()));
  }
  for (const auto& row : form.rows) {
    Json j;
    rows.push_back(j.set("name", row.name).set("label", label_json(row.label)));
  }
  for (const auto& label : form.footer) footer.push_back(label_json(label));
  Json out;
  out.set("name", form.name).set("label", label_json(form.label)).set("title", report::title_of(form, month));
  out.set("clause", form.clause).set("groups", std::move(groups)).set("columns", std::move(columns));
  out.set("rows", std::move(rows)).set("narrative", label_json(form.narrative));
  return out.set("footer", std::move(footer)).set("note", form.note);
}

Json filing_json(const report::Filing& filing) {
  Json out;
  out.set("id", filing.id.text()).set("version", filing.version).set("state", filing.state);
  out.set("cases", filing.cases).set("compiler", filing.compiler).set("contact", filing.contact);
  out.set("filed_on", date_json(filing.filed_on)).set("filed_at", time_json(filing.filed_at));
  out.set("filed_late", filing.late()).set("accepted_at", time_json(filing.accepted_at));
  return out.set("return_reason", filing.return_reason.empty() ? Json() : Json(filing.return_reason));
}

Json page_json(const FormPage& page, RecordJson& names) {
  Json cells{Json::Object{}};
  for (const auto& row : page.form->rows) {
    Json line{Json::Object{}};
    for (const auto& [column, cell] : page.cells.at(row.name)) {
      Json j;
      j.set("value", report::json_of(cell.value)).set("drawn", report::json_of(cell.drawn));
      j.set("now", report::json_of(cell.now)).set("corrected", cell.corrected);
      j.set("reason", cell.corrected ? Json(cell.reason) : Json());
      j.set("corrected_by", cell.corrected ? Json(names.title("account", cell.corrected_by)) : Json());
      line.set(std::to_string(column), std::move(j));
    }
    cells.set(row.name, std::move(line));
  }
  Json::Array history;
  for (auto event = page.history.rbegin(); event != page.history.rend(); ++event) {
    Json j;
    const bool figure = event->column != 0;
    j.set("at", time_json(event->at)).set("actor", event->actor);
    j.set("action", figure ? std::string("edit") : event->action).set("reason", event->reason);
    if (figure) j.set("row", event->row).set("column", event->column);
    history.push_back(std::move(j));
  }
  Json out;
  out.set("form", layout_json(*page.form, page.month)).set("unit", unit_json(page.unit));
  out.set("month", page.month.text()).set("due_at", time_json(page.due_at));
  out.set("filing", page.filing ? filing_json(*page.filing) : Json()).set("cells", std::move(cells));
  return out.set("can", texts_json(page.can)).set("history", std::move(history));
}

Json summary_json(const report::FormSummary& summary) {
  Json cells{Json::Object{}};
  for (const auto& row : summary.form->rows) {
    Json line{Json::Object{}};
    for (const auto& [column, value] : summary.cells.at(row.name)) {
      Json j;
      line.set(std::to_string(column), j.set("value", report::json_of(value)));
    }
    cells.set(row.name, std::move(line));
  }
  Json::Array units;
  for (const auto& unit : summary.units) {
    Json j = unit_json(unit.unit);
    const auto& filing = unit.filing;
    j.set("state", filing ? filing->state : "none").set("late", unit.late);
    j.set("filed_at", filing ? time_json(filing->filed_at) : Json()).set("due_at", time_json(unit.due_at));
    units.push_back(j.set("filing", filing ? id_json(filing->id) : Json()));
  }
  Json out;
  out.set("form", layout_json(*summary.form, summary.month)).set("unit", unit_json(summary.unit));
  out.set("month", summary.month.text()).set("cells", std::move(cells)).set("units", std::move(units));
  return out.set("counted", summary.counted).set("missing", summary.missing).set("late", summary.late);
}

// ---- reading
// ------------------------------------------------------------------------------------------------------

Result<Json> list_forms(Desk& desk, const Call& call) {
  Json::Array out;
  for (const auto& form : desk.forms.catalog().forms) {
    MW_ASSIGN(const auto units, desk.forms.units(call.caller.actor, form));
    Json::Array seen;
    for (const auto& unit : units) seen.push_back(unit_json(unit));
    Json j;
    j.set("name", form.name).set("label", label_json(form.label)).set("clause", form.clause);
    j.set("filed_by", texts_json(form.filed_by)).set("pack", form.pack);
    out.push_back(j.set("units", std::move(seen)));
  }
  return Json(std::move(out));
}

Result<Json> get_form(Desk& desk, const Call& call) {
  MW_ASSIGN(const Asked wanted, asked(desk, call));
  MW_ASSIGN(const FormPage page, desk.forms.page(call.caller.actor, *wanted.form, wanted.unit, wanted.month));
  RecordJson names(desk.context.services.store, call.caller.actor);
  return page_json(page, names);
}

Result<Json> get_summary(Desk& desk, const Call& call) {
  MW_ASSIGN(const Asked wanted, asked(desk, call));
  MW_ASSIGN(const auto summary,
            desk.forms.summary(call.caller.actor, *wanted.form, wanted.unit, wanted.month));
  return summary_json(summary);
}

Result<Json> get_records(Desk& desk, const Call& call) {
  MW_ASSIGN(const Asked wanted, asked(desk, call));
  MW_ASSIGN(const auto limit, whole_parameter(call.request, "limit", 50, 1, 500));
  MW_ASSIGN(const auto number, whole_parameter(call.request, "column", 0, 0, 1000));
  const report::CellRef cell{call.parameter("row"), static_cast<int>(number)};
  MW_ASSIGN(const auto found, desk.forms.records(call.caller.actor, *wanted.form, wanted.unit, wanted.month,
                                                 cell, static_cast<int>(limit), call.parameter("after")));
  const pack::Catalog& catalog = desk.forms.catalog();
  const pack::Indicator& counted = *found.column->indicator;
  const pack::RecordType* type = catalog.record_type(counted.counts);
  RecordJson names(desk.context.services.store, call.caller.actor);
  Json::Array rows;
  for (const auto& record : found.records) {
    Json j;
    j.set("type", counted.counts).set("id", record.id.text());
    j.set("title", names.title(counted.counts, record.id)).set("at", time_json(record.at));
    j.set("owner_name", names.title("organisation", record.owner));
    if (record.adds) j.set("adds", report::json_of(record.adds));
    rows.push_back(std::move(j));
  }
  Json indicator, out;
  indicator.set("counts", counted.counts).set("label", label_json(type->label));
  indicator.set("sentence", label_json(duty::sentence_of(catalog, counted)));
  out.set("indicator", std::move(indicator)).set("records", std::move(rows));
  out.set("next", found.next.empty() ? Json() : Json(found.next)).set("total", found.total);
  out.set("hidden", found.hidden);
  return out.set("sum", counted.adds.empty() ? Json() : report::json_of(found.sum));
}

Result<report::Sheet> sheet_for(Desk& desk, const Call& call) {
  MW_ASSIGN(const Asked wanted, asked(desk, call));
  const auto& actor = call.caller.actor;
  if (call.request.parameter("summary") == "1") {
    MW_ASSIGN(const auto summary, desk.forms.summary(actor, *wanted.form, wanted.unit, wanted.month));
    return report::sheet_of(summary);
  }
  MW_ASSIGN(const FormPage page, desk.forms.page(actor, *wanted.form, wanted.unit, wanted.month));
  return report::sheet_of(page);
}

Response export_form(Desk& desk, const Call& call) {
  const auto sheet = sheet_for(desk, call);
  if (!sheet) return error_reply(sheet.error(), call.request.id);
  const std::string format(call.request.parameter("format").value_or("xlsx"));
  std::string type, body;
  if (format == "json") {
    type = "application/json; charset=utf-8";
    body = report::form_json(*sheet).dump();
  } else if (format == "csv") {
    type = "text/csv; charset=utf-8";
    body = report::form_csv(*sheet);
  } else if (format == "xlsx") {
    type = kXlsx;
    auto bytes = report::form_xlsx(*sheet);
    if (!bytes) return error_reply(bytes.error(), call.request.id);
    body = *std::move(bytes);
  } else {
    return error_reply(bad_input("expected xlsx, csv or json", "format"), call.request.id);
  }
  const std::string name =
      fmt::format("{}-{}-{}{}.{}", sheet->form->name, sheet->unit.region, sheet->month.text(),
                  sheet->state == "summary" ? "-summary" : "", format);
  return file_reply(std::move(type), name, std::move(body));
}

// ---- writing
// ------------------------------------------------------------------------------------------------------

Response page_reply(Desk& desk, const Call& call, const Outcome<FormPage>& outcome, int status = 200) {
  RecordJson names(desk.context.services.store, call.caller.actor);
  if (const auto* refusal = std::get_if<Refusal>(&outcome)) {
    return error_reply(*refusal, refusal->current ? names.of(*refusal->current) : Json(), call.request.id);
  }
  return json_reply(page_json(std::get<FormPage>(outcome), names), status);
}

Result<std::int64_t> version_of(const Call& call) {
  const std::int64_t* version = call.body["version"].integer();
  if (!version || *version < 1)
    return bad_input(fmt::format("found {}, expected the version of the filing that was changed",
                                 call.body["version"].kind()),
                     "version");
  return *version;
}

Result<report::CellRef> cell_of(const Json& json) {
  const std::int64_t* column = json["column"].integer();
  if (!json["row"].string() || !column || *column < 0 || *column > 1000)
    return bad_input("expected a row and a column", "cells");
  return report::CellRef{*json["row"].string(), static_cast<int>(*column)};
}

Result<std::optional<std::string>> words_of(const Json& body, std::string_view name) {
  if (!body.has(name)) return std::optional<std::string>();
  const Json& value = body[name];
  if (value.is_null()) return std::optional<std::string>("");
  if (!value.string())
    return bad_input(fmt::format("found {}, expected text", value.kind()), std::string(name));
  return std::optional(*value.string());
}

Result<report::FilingEdit> edit_of(const Json& body) {
  report::FilingEdit out;
  MW_ASSIGN(out.cases, words_of(body, "cases"));
  MW_ASSIGN(out.compiler, words_of(body, "compiler"));
  MW_ASSIGN(out.contact, words_of(body, "contact"));
  for (const char* list : {"cells", "clear"}) {
    if (!body[list].is_null() && !body[list].array()) return bad_input("expected a list", list);
  }
  if (const auto* cells = body["cells"].array()) {
    for (const auto& each : *cells) {
      MW_ASSIGN(const auto cell, cell_of(each));
      const auto value = each["value"].number();
      if (!value && !each["value"].is_null())
        return bad_input(fmt::format("found {}, expected a number", each["value"].kind()), "cells");
      if (!value) {
        out.clear.push_back(cell);
      } else {
        out.corrections.push_back({cell, *value, std::string(each.text("reason"))});
      }
    }
  }
  if (const auto* clear = body["clear"].array()) {
    for (const auto& each : *clear) {
      MW_ASSIGN(auto cell, cell_of(each));
      out.clear.push_back(std::move(cell));
    }
  }
  return out;
}

Response open_filing(Desk& desk, const Call& call) {
  const auto form = desk.forms.form(call.path_value("name"));
  if (!form) return error_reply(form.error(), call.request.id);
  const auto unit = unit_of(call, call.body.text("unit"));
  if (!unit) return error_reply(unit.error(), call.request.id);
  const auto month = month_in(desk, call.body.text("month"));
  if (!month) return error_reply(month.error(), call.request.id);
  return page_reply(desk, call, desk.forms.open(call.caller.actor, **form, *unit, *month), 201);
}

/// First whether it is there for this caller: a fault in the body must not tell that a foreign filing exists.
Result<RecordId> visible_filing(Desk& desk, const Call& call) {
  MW_ASSIGN(const RecordId id, id_of(call));
  MW_TRY(desk.context.services.store.get(call.caller.actor, "form_filing", id));
  return id;
}

Response edit_filing(Desk& desk, const Call& call) {
  const auto id = visible_filing(desk, call);
  if (!id) return error_reply(id.error(), call.request.id);
  const auto version = version_of(call);
  if (!version) return error_reply(version.error(), call.request.id);
  const auto edit = edit_of(call.body);
  if (!edit) return error_reply(edit.error(), call.request.id);
  return page_reply(desk, call, desk.forms.edit(call.caller.actor, *id, *version, *edit));
}

Response step_filing(Desk& desk, const Call& call, report::FilingStep step) {
  const auto id = visible_filing(desk, call);
  if (!id) return error_reply(id.error(), call.request.id);
  const auto version = version_of(call);
  if (!version) return error_reply(version.error(), call.request.id);
  return page_reply(desk, call,
                    desk.forms.step(call.caller.actor, *id, *version, step, call.body.text("reason")));
}

// ---- schemas
// ------------------------------------------------------------------------------------------------------

using namespace schema;

Json label_schema() { return object({{"zh", text()}, {"en", text()}}); }

Json unit_schema() { return object({{"id", id()}, {"name", text()}, {"level", text()}}); }

Json layout_schema() {
  return object({{"name", text()},
                 {"label", label_schema()},
                 {"title", text()},
                 {"clause", text()},
                 {"groups", list(object({{"name", text()}, {"columns", list(whole())}}))},
                 {"columns", list(object({{"number", whole()},
                                          {"name", label_schema()},
                                          {"sub", maybe(label_schema())},
                                          {"unit", text()},
                                          {"decimals", whole()},
                                          {"is_share", boolean()}}))},
                 {"rows", list(object({{"name", text()}, {"label", label_schema()}}))},
                 {"narrative", label_schema()},
                 {"footer", list(label_schema())},
                 {"note", text()}});
}

/// By row name, then by column number.
Json table_schema(Json cell) {
  Json row = of_type("object"), out = of_type("object");
  row.set("additionalProperties", std::move(cell));
  return out.set("additionalProperties", std::move(row));
}

Json page_schema() {
  const Json cell = object({{"value", maybe(number())},
                            {"drawn", maybe(number())},
                            {"now", maybe(number())},
                            {"corrected", boolean()},
                            {"reason", maybe(text())},
                            {"corrected_by", maybe(text())}});
  const Json filing = object({{"id", id()},
                              {"version", whole()},
                              {"state", text()},
                              {"cases", text()},
                              {"compiler", text()},
                              {"contact", text()},
                              {"filed_on", maybe(text())},
                              {"filed_at", maybe(time())},
                              {"filed_late", boolean()},
                              {"accepted_at", maybe(time())},
                              {"return_reason", maybe(text())}});
  return object({{"form", layout_schema()},
                 {"unit", unit_schema()},
                 {"month", text()},
                 {"due_at", maybe(time())},
                 {"filing", maybe(filing)},
                 {"cells", table_schema(cell)},
                 {"can", list(text())},
                 {"history", list(object({{"at", time()},
                                          {"actor", text()},
                                          {"action", text()},
                                          {"reason", text()},
                                          {"row?", text()},
                                          {"column?", whole()}}))}});
}

Json summary_schema() {
  return object({{"form", layout_schema()},
                 {"unit", unit_schema()},
                 {"month", text()},
                 {"cells", table_schema(object({{"value", maybe(number())}}))},
                 {"units", list(object({{"id", id()},
                                        {"name", text()},
                                        {"level", text()},
                                        {"state", text()},
                                        {"late", boolean()},
                                        {"filed_at", maybe(time())},
                                        {"due_at", maybe(time())},
                                        {"filing", maybe(id())}}))},
                 {"counted", whole()},
                 {"missing", whole()},
                 {"late", whole()}});
}

Json records_schema() {
  return object(
      {{"indicator", object({{"counts", text()}, {"label", label_schema()}, {"sentence", label_schema()}})},
       {"records", list(object({{"type", text()},
                                {"id", id()},
                                {"title", text()},
                                {"at", time()},
                                {"owner_name", text()},
                                {"adds?", number()}}))},
       {"next", maybe(text())},
       {"total", whole()},
       {"hidden", whole()},
       {"sum", maybe(number())}});
}

const std::vector<QueryParameter> kWhich = {
    {"unit", "string", "Filing unit; default: the caller's organisation", false},
    {"month", "string", "YYYY-MM; default: the month before this", false}};

std::vector<QueryParameter> which_and(std::vector<QueryParameter> more) {
  more.insert(more.begin(), kWhich.begin(), kWhich.end());
  return more;
}

void add_pages(Router& router, const DeskPtr& desk) {
  const auto page = [&](std::string pattern, std::string name, pack::Label summary,
                        std::vector<QueryParameter> query, Json response,
                        Result<Json> (*answer)(Desk&, const Call&)) {
    router.add({.method = Method::get,
                .pattern = std::move(pattern),
                .id = std::move(name),
                .tag = "forms",
                .summary = std::move(summary),
                .query = std::move(query),
                .response = std::move(response),
                .handler = [desk, answer](const Call& call) {
                  const auto json = answer(*desk, call);
                  return json ? json_reply(*json) : error_reply(json.error(), call.request.id);
                }});
  };
  page("/api/v1/forms", "listForms", {"报表及填报单位", "Forms, and the units that file them"}, {},
       list(object({{"name", text()},
                    {"label", label_schema()},
                    {"clause", text()},
                    {"filed_by", list(text())},
                    {"pack", text()},
                    {"units", list(unit_schema())}})),
       list_forms);
  page("/api/v1/forms/{name}", "getForm", {"一个单位一个月的报表", "The form of a unit and month"}, kWhich,
       page_schema(), get_form);
  page("/api/v1/forms/{name}/summary", "getFormSummary",
       {"下级报表汇总", "The accepted filings below an organisation, added up"}, kWhich, summary_schema(),
       get_summary);
  page("/api/v1/forms/{name}/records", "listFormRecords", {"一个数背后的台账", "The records behind a figure"},
       which_and({{"row", "string", "Row name", true},
                  {"column", "integer", "Column number", true},
                  {"limit", "integer", "1 to 500, default 50", false},
                  {"after", "string", "Cursor", false}}),
       records_schema(), get_records);
}

void add_writes(Router& router, const DeskPtr& desk) {
  router.add({.method = Method::post,
              .pattern = "/api/v1/forms/{name}/filings",
              .id = "openFiling",
              .tag = "forms",
              .summary = {"开始填报", "Open the draft of a month"},
              .body = BodyKind::json,
              .request = object({{"unit?", id()}, {"month?", text()}}),
              .response = page_schema(),
              .success = 201,
              .handler = [desk](const Call& call) { return open_filing(*desk, call); }});
  const Json cell = object({{"row", text()}, {"column", whole()}});
  const Json correction =
      object({{"row", text()}, {"column", whole()}, {"value", maybe(number())}, {"reason?", text()}});
  router.add({.method = Method::patch,
              .pattern = "/api/v1/forms/filings/{id}",
              .id = "editFiling",
              .tag = "forms",
              .summary = {"修改报表", "Change words and figures of a draft"},
              .body = BodyKind::json,
              .request = object({{"version", whole()},
                                 {"cases?", maybe(text())},
                                 {"compiler?", maybe(text())},
                                 {"contact?", maybe(text())},
                                 {"cells?", list(correction)},
                                 {"clear?", list(cell)}}),
              .response = page_schema(),
              .handler = [desk](const Call& call) { return edit_filing(*desk, call); }});
  const std::pair<report::FilingStep, pack::Label> steps[] = {
      {report::FilingStep::file, {"上报", "File"}},
      {report::FilingStep::return_, {"退回", "Return"}},
      {report::FilingStep::accept, {"接收", "Accept"}},
      {report::FilingStep::freeze, {"冻结", "Freeze"}}};
  for (const auto& [step, label] : steps) {
    const std::string name(report::name_of(step));
    router.add({.method = Method::post,
                .pattern = "/api/v1/forms/filings/{id}/" + name,
                .id = name + "Filing",
                .tag = "forms",
                .summary = label,
                .body = BodyKind::json,
                .request = object({{"version", whole()}, {"reason?", text()}}),
                .response = page_schema(),
                .handler = [desk, s = step](const Call& call) { return step_filing(*desk, call, s); }});
  }
}

}  // namespace

void add_form_routes(Router& router, Context& context) {
  const auto desk = std::make_shared<Desk>(context);
  add_pages(router, desk);
  router.add({.method = Method::get,
              .pattern = "/api/v1/forms/{name}/export",
              .id = "exportForm",
              .tag = "forms",
              .summary = {"导出报表", "The form as XLSX, CSV or JSON"},
              .query = which_and({{"format", "string", "xlsx, csv or json; default xlsx", false},
                                  {"summary", "string", "1 = the sum of the units below", false}}),
              .response_type = std::string(kXlsx),
              .handler = [desk](const Call& call) { return export_form(*desk, call); }});
  add_writes(router, desk);
}

}  // namespace mineward::api
