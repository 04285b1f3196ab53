// Whole ledgers as XLSX: a list out, a template, and imports in the background.
#include <fmt/format.h>

#include <cctype>

#include "api/application.h"
#include "api/codec.h"
#include "api/list_query.h"
#include "api/reply.h"
#include "api/schema.h"
#include "base/text.h"
#include "ledger/ledger.h"

namespace mineward::api {

using ledger::ImportRow;
using ledger::ImportView;
using record::Outcome;
using record::Refusal;

namespace {

bool english(const Call& call) { return call.request.parameter("lang") == "en"; }

/// A workbook: a name in Chinese for those who can, and the type's own for the rest.
Response xlsx_reply(std::string bytes, const std::string& type, const std::string& label) {
  return file_reply(std::string(kXlsx), label + ".xlsx", std::move(bytes), type + ".xlsx");
}

Json fault_json(const ledger::Fault& fault) { return ledger::json_of(fault); }

Json import_json(const ImportView& view, bool whole) {
  Json out;
  out.set("id", view.id.text()).set("type", view.type).set("state", view.state).set("phase", view.phase);
  out.set("file_name", view.file_name).set("sha256", view.sha256).set("bytes", view.bytes);
  out.set("created_at", time_json(view.created_at)).set("finished_at", time_json(view.finished_at));
  out.set("options", view.options.json()).set("trouble", label_json(view.trouble));
  out.set("done", view.done).set("total", view.total).set("counts", view.counts);
  if (whole) out.set("preview", view.preview);
  return out;
}

Json row_json(const ImportRow& row) {
  Json::Array faults;
  for (const auto& fault : row.faults) faults.push_back(fault_json(fault));
  Json out;
  out.set("row", row.row).set("outcome", row.outcome).set("undo", row.undo);
  out.set("record", row.record ? Json(row.record.text()) : Json());
  return out.set("faults", std::move(faults));
}

Response export_ledger(Context& context, const Call& call) {
  const auto& catalog = *context.services.catalog;
  const auto* type = catalog.record_type(call.path_value("type"));
  if (!type) return error_reply(not_found("there is no such record type"), call.request.id);
  auto query = list_query_of(call.request, type->name);
  if (!query) return error_reply(query.error(), call.request.id);
  ledger::ExportRequest request;
  request.query = *std::move(query);
  request.english = english(call);
  request.who = call.caller.display_name.empty()
                    ? call.caller.actor.name
                    : fmt::format("{}（{}）", call.caller.display_name, call.caller.actor.name);
  if (const auto columns = call.request.parameter("columns"); columns && !columns->empty()) {
    for (const auto name : split(*columns, ',')) request.columns.emplace_back(name);
  }
  auto bytes =
      ledger::export_ledger(context.services.store, call.caller.actor, context.services.clock, request);
  if (!bytes) return error_reply(bytes.error(), call.request.id);
  return xlsx_reply(*std::move(bytes), type->name, english(call) ? type->label.en : type->label.zh);
}

Response ledger_template(Context& context, const Call& call) {
  const auto* type = context.services.catalog->record_type(call.path_value("type"));
  if (!type) return error_reply(not_found("there is no such record type"), call.request.id);
  auto bytes = ledger::ledger_template(context.services.store, call.caller.actor, context.services.clock,
                                       type->name, english(call));
  if (!bytes) return error_reply(bytes.error(), call.request.id);
  return xlsx_reply(*std::move(bytes), type->name + "-template",
                    english(call) ? type->label.en + " template" : type->label.zh + "导入模板");
}

Response begin_import(Context& context, const Call& call) {
  auto begun = context.imports->begin(call.caller.actor, call.path_value("type"),
                                      call.request.parameter("name").value_or(""), call.request.body, {});
  if (const auto* refusal = std::get_if<Refusal>(&begun))
    return error_reply(*refusal, Json(), call.request.id);
  return json_reply(import_json(std::get<ImportView>(begun), true), 201);
}

Response list_imports(Context& context, const Call& call) {
  auto limit = whole_parameter(call.request, "limit", 20, 1, 100);
  if (!limit) return error_reply(limit.error(), call.request.id);
  auto views = context.imports->list(call.caller.actor, call.request.parameter("type").value_or(""),
                                     static_cast<int>(*limit));
  if (!views) return error_reply(views.error(), call.request.id);
  Json::Array out;
  for (const auto& view : *views) out.push_back(import_json(view, false));
  return json_reply(Json(Json::Object{{"imports", Json(std::move(out))}}));
}

Response reply_with(Context& context, const Call& call, record::RecordId id) {
  auto view = context.imports->get(call.caller.actor, id);
  if (!view) return error_reply(view.error(), call.request.id);
  return json_reply(import_json(*view, true));
}

Response get_import(Context& context, const Call& call) {
  auto id = id_of(call);
  if (!id) return error_reply(id.error(), call.request.id);
  return reply_with(context, call, *id);
}

Response import_rows(Context& context, const Call& call) {
  auto id = id_of(call);
  if (!id) return error_reply(id.error(), call.request.id);
  auto limit = whole_parameter(call.request, "limit", 100, 1, 500);
  if (!limit) return error_reply(limit.error(), call.request.id);
  auto after = whole_parameter(call.request, "after", 0, 0, 2'000'000);
  if (!after) return error_reply(after.error(), call.request.id);
  auto rows = context.imports->rows(call.caller.actor, *id, static_cast<int>(*after),
                                    static_cast<int>(*limit), call.request.parameter("outcome").value_or(""));
  if (!rows) return error_reply(rows.error(), call.request.id);
  Json::Array out;
  for (const auto& row : *rows) out.push_back(row_json(row));
  const bool more = static_cast<std::int64_t>(rows->size()) == *limit;
  Json body;
  body.set("rows", std::move(out));
  return json_reply(body.set("next", more ? Json(rows->back().row) : Json()));
}

/// One of the orders to an import; the answer is how it stands then.
Response order(Context& context, const Call& call,
               const std::function<Status(ledger::Imports&, record::RecordId)>& give) {
  auto id = id_of(call);
  if (!id) return error_reply(id.error(), call.request.id);
  if (const Status done = give(*context.imports, *id); !done)
    return error_reply(done.error(), call.request.id);
  return reply_with(context, call, *id);
}

Response check_import(Context& context, const Call& call) {
  auto options = ledger::Options::from_json(call.body);
  if (!options) return error_reply(options.error(), call.request.id);
  return order(context, call,
               [&](auto& imports, auto id) { return imports.check(call.caller.actor, id, *options); });
}

Response apply_import(Context& context, const Call& call) {
  const bool* skip = call.body["skip_faulty"].boolean();
  return order(context, call,
               [&](auto& imports, auto id) { return imports.apply(call.caller.actor, id, skip && *skip); });
}

Response undo_import(Context& context, const Call& call) {
  return order(context, call, [&](auto& imports, auto id) { return imports.undo(call.caller.actor, id); });
}

Response discard_import(Context& context, const Call& call) {
  return order(context, call, [&](auto& imports, auto id) { return imports.discard(call.caller.actor, id); });
}

Json import_schema() {
  using namespace schema;
  return object({{"id", id()},
                 {"type", text()},
                 {"state", text()},
                 {"phase", text()},
                 {"file_name", text()},
                 {"sha256", text()},
                 {"bytes", whole()},
                 {"created_at", time()},
                 {"finished_at", maybe(time())},
                 {"options", of_type("object")},
                 {"trouble", maybe(named("Words"))},
                 {"done", whole()},
                 {"total", whole()},
                 {"counts", maybe(of_type("object"))},
                 {"preview?", maybe(of_type("object"))}});
}

void add_orders(Router& router, Context& context) {
  using namespace schema;
  const auto bind = [&context](Response (*handler)(Context&, const Call&)) -> Handler {
    return [&context, handler](const Call& call) { return handler(context, call); };
  };
  const std::string one = "/api/v1/imports/{id}";
  router.add({.method = Method::post,
              .pattern = one + "/check",
              .id = "checkImport",
              .tag = "ledgers",
              .summary = {"按新的选项重新检查", "Read the file again with other options"},
              .body = BodyKind::json,
              .request = object({{"sheet?", text()},
                                 {"hidden_rows?", text()},
                                 {"ignore_unknown_columns?", boolean()},
                                 {"kept_values?", boolean()},
                                 {"clear_empty?", boolean()}}),
              .response = import_schema(),
              .handler = bind(check_import)});
  router.add({.method = Method::post,
              .pattern = one + "/apply",
              .id = "applyImport",
              .tag = "ledgers",
              .summary = {"开始导入", "Write the good rows"},
              .body = BodyKind::json,
              .request = object({{"skip_faulty?", boolean()}}),
              .response = import_schema(),
              .handler = bind(apply_import)});
  router.add({.method = Method::post,
              .pattern = one + "/undo",
              .id = "undoImport",
              .tag = "ledgers",
              .summary = {"撤销导入", "Take an import back"},
              .body = BodyKind::json,
              .response = import_schema(),
              .handler = bind(undo_import)});
  router.add({.method = Method::post,
              .pattern = one + "/discard",
              .id = "discardImport",
              .tag = "ledgers",
              .summary = {"放弃或停止导入", "Give an import up, or stop it"},
              .body = BodyKind::json,
              .response = import_schema(),
              .handler = bind(discard_import)});
}

}  // namespace

void add_ledger_routes(Router& router, Context& context) {
  using namespace schema;
  const auto bind = [&context](Response (*handler)(Context&, const Call&)) -> Handler {
    return [&context, handler](const Call& call) { return handler(context, call); };
  };
  const std::string base = "/api/v1/records/{type}";
  const QueryParameter lang{"lang", "string", "en = headers and labels in English; else in Chinese"};
  router.add({.method = Method::get,
              .pattern = base + "/export.xlsx",
              .id = "exportLedger",
              .tag = "ledgers",
              .summary = {"导出 Excel 台账", "The list as XLSX"},
              .lane = Lane::uploads,
              .query = {{"columns", "string", "fields and \"state\", divided by commas; default all"},
                        lang,
                        {"sort", "string", "field, with - for descending; default -id"},
                        {"q", "string", "words that must occur"},
                        {"f.<field>", "string", "filter, as of the list"}},
              .response_type = std::string(kXlsx),
              .handler = bind(export_ledger)});
  router.add({.method = Method::get,
              .pattern = base + "/template.xlsx",
              .id = "ledgerTemplate",
              .tag = "ledgers",
              .summary = {"导入模板", "The template of an import"},
              .query = {lang},
              .response_type = std::string(kXlsx),
              .handler = bind(ledger_template)});
  router.add({.method = Method::post,
              .pattern = base + "/imports",
              .id = "beginImport",
              .tag = "ledgers",
              .summary = {"上传要导入的 Excel", "Take an XLSX and check it"},
              .body = BodyKind::raw,
              .body_limit = ledger::ImportLimits{}.file_bytes,
              .lane = Lane::uploads,
              .query = {{"name", "string", "name of the file"}},
              .response = import_schema(),
              .success = 201,
              .handler = bind(begin_import)});
  router.add({.method = Method::get,
              .pattern = "/api/v1/imports",
              .id = "listImports",
              .tag = "ledgers",
              .summary = {"我的导入", "The caller's imports, newest first"},
              .query = {{"type", "string", "record type; default all"},
                        {"limit", "integer", "1 to 100; default 20"}},
              .response = object({{"imports", list(import_schema())}}),
              .handler = bind(list_imports)});
  router.add({.method = Method::get,
              .pattern = "/api/v1/imports/{id}",
              .id = "getImport",
              .tag = "ledgers",
              .summary = {"导入的进度与预览", "How an import stands, with its preview"},
              .response = import_schema(),
              .handler = bind(get_import)});
  router.add({.method = Method::get,
              .pattern = "/api/v1/imports/{id}/rows",
              .id = "listImportRows",
              .tag = "ledgers",
              .summary = {"导入结果", "What became of the rows"},
              .query = {{"after", "integer", "row behind which to begin"},
                        {"limit", "integer", "1 to 500; default 100"},
                        {"outcome", "string",
                         "created, updated, refused, withdrawn, restored or kept; default all"}},
              .response = object({{"rows", list(object({{"row", whole()},
                                                        {"outcome", text()},
                                                        {"undo", text()},
                                                        {"record", maybe(schema::id())},
                                                        {"faults", list(of_type("object"))}}))},
                                  {"next", maybe(whole())}}),
              .handler = bind(import_rows)});
  add_orders(router, context);
}

}  // namespace mineward::api
