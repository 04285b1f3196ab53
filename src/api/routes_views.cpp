// What a list offers beside its rows: named filters, and one step for many rows.
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "api/application.h"
#include "api/codec.h"
#include "api/list_query.h"
#include "api/reply.h"
#include "api/schema.h"
#include "base/text.h"
#include "paper/papers.h"
#include "record/saved_views.h"

namespace mineward::api {
namespace {

using record::Fields;
using record::ListQuery;
using record::Outcome;
using record::Record;
using record::Refusal;
using record::ViewChange;

/// Rows that one selection may hold: what a person can answer for. The screen says so when there are more.
constexpr std::size_t kMostSelected = 2000;
/// Rows of one request of a bulk step, so that each answers within a second or two and the screen shows
/// progress.
constexpr std::size_t kMostAtOnce = 100;

const pack::RecordType* type_of(const Context& context, const Call& call) {
  return context.services.store.catalog().record_type(call.path_value("type"));
}
Response no_type(const Call& call) {
  return error_reply(not_found(fmt::format("there is no record type '{}'", call.path_value("type"))),
                     call.request.id);
}

// ---- named filters
// ------------------------------------------------------------------------------------------------

/// {"sort": "-id", "f.state": "open"} as it would stand in an address.
Result<Request> as_request(const Json& query) {
  Request request;
  if (query.is_null()) return request;
  if (!query.object())
    return bad_input("found " + std::string(query.kind()) + ", expected an object", "query");
  for (const auto& [name, value] : *query.object()) {
    const bool known = name == "sort" || name == "q" || name.starts_with("f.");
    if (!known || !value.string())
      return bad_input(
          fmt::format("found \"{}\", expected sort, q or f.<field> with a text", name.substr(0, 80)),
          "query");
    request.query.emplace_back(name, *value.string());
  }
  return request;
}

/// The filter must be one that the list takes, now and for this caller.
Status try_out(Context& context, const Call& call, const Json& query) {
  MW_ASSIGN(const Request request, as_request(query));
  auto parsed = list_query_of(request, std::string(call.path_value("type")));
  if (!parsed) return Error(parsed.error()).in("query");
  parsed->limit = 1;
  const auto page = context.services.store.list(call.caller.actor, *parsed);
  if (!page) return Error(page.error()).in("query");
  return {};
}

Result<ViewChange> change_of(Context& context, const Call& call) {
  ViewChange out;
  const Json& body = call.body;
  if (const auto* name = body["name"].string()) out.name = std::string(trim(*name));
  if (body.has("query")) {
    MW_TRY(try_out(context, call, body["query"]));
    out.query = body["query"].dump();
  }
  if (const auto* columns = body["columns"].array()) {
    for (const auto& column : *columns) {
      if (!column.string()) return bad_input("found no text, expected names of fields", "columns");
    }
    out.columns = body["columns"].dump();
  }
  if (const auto* shared = body["shared"].boolean()) out.shared = *shared;
  return out;
}

Json parsed_or(const std::string& text, Json otherwise) {
  auto parsed = parse_json(text);
  return parsed ? *std::move(parsed) : std::move(otherwise);
}

Json view_json(record::Store& store, const record::SavedView& view) {
  const auto by = store.title(record::Actor::system("system:views"), "account", view.account);
  Json out;
  out.set("id", view.id.text()).set("version", view.version).set("name", view.name);
  out.set("query", parsed_or(view.query, Json(Json::Object{})));
  out.set("columns", parsed_or(view.columns, Json(Json::Array{})));
  out.set("shared", view.shared).set("mine", view.mine).set("default", view.is_default);
  return out.set("by", by ? *by : "");
}

Response list_views(Context& context, const Call& call) {
  if (!type_of(context, call)) return no_type(call);
  auto& store = context.services.store;
  const auto views = record::views_of(store, call.caller.actor, call.path_value("type"));
  if (!views) return error_reply(views.error(), call.request.id);
  Json::Array rows;
  for (const auto& view : *views) rows.push_back(view_json(store, view));
  Json out;
  return json_reply(out.set("views", std::move(rows)));
}

/// The views as they are now, or why it was refused.
Response views_reply(Context& context, const Call& call, const Outcome<Record>& outcome) {
  if (const auto* refusal = std::get_if<Refusal>(&outcome)) return error_reply(*refusal, {}, call.request.id);
  return list_views(context, call);
}

Response create_view(Context& context, const Call& call) {
  if (!type_of(context, call)) return no_type(call);
  auto change = change_of(context, call);
  if (!change) return error_reply(change.error(), call.request.id);
  if (!change->name) change->name = "";  // refused as required, at its field
  return views_reply(
      context, call,
      record::add_view(context.services.store, call.caller.actor, call.path_value("type"), *change));
}

Response alter_view(Context& context, const Call& call, const ViewChange& change) {
  const auto id = id_of(call);
  if (!id) return error_reply(id.error(), call.request.id);
  const std::int64_t* version = call.body["version"].integer();
  return views_reply(context, call,
                     record::change_view(context.services.store, call.caller.actor, call.path_value("type"),
                                         *id, version ? *version : 0, change));
}

Response update_view(Context& context, const Call& call) {
  if (!type_of(context, call)) return no_type(call);
  const auto change = change_of(context, call);
  if (!change) return error_reply(change.error(), call.request.id);
  return alter_view(context, call, *change);
}

Response choose_view(Context& context, const Call& call) {
  if (!type_of(context, call)) return no_type(call);
  const auto id =
      call.body["id"].is_null() ? std::optional(record::RecordId{}) : parse_record_id(call.body.text("id"));
  if (!id)
    return error_reply(bad_input("found no id, expected the id of a saved filter or null", "id"),
                       call.request.id);
  return views_reply(
      context, call,
      record::choose_view(context.services.store, call.caller.actor, call.path_value("type"), *id));
}

// ---- many rows
// ----------------------------------------------------------------------------------------------------

/// Every row that the filter matches, with the steps that could be taken of how many of them.
Response selection(Context& context, const Call& call) {
  if (!type_of(context, call)) return no_type(call);
  auto query = list_query_of(call.request, std::string(call.path_value("type")));
  if (!query) return error_reply(query.error(), call.request.id);
  query->limit = 500;
  query->count_total = false;
  auto& store = context.services.store;
  Json::Array rows;
  std::map<std::string, int> steps;
  bool more = false;
  while (!more) {
    auto page = store.list(call.caller.actor, *query);
    if (!page) return error_reply(page.error(), call.request.id);
    for (const auto& record : page->records) {
      if (rows.size() == kMostSelected) {
        more = true;
        break;
      }
      Json row;
      rows.push_back(row.set("id", record.id.text()).set("version", record.version));
      for (const auto& step : store.possible_steps(call.caller.actor, record)) ++steps[step];
    }
    if (page->next.empty()) break;
    query->after = page->next;
  }
  Json::Array possible;
  for (const auto& [name, count] : steps) {
    Json step;
    possible.push_back(step.set("name", name).set("count", count));
  }
  Json out;
  return json_reply(out.set("rows", std::move(rows)).set("steps", std::move(possible)).set("more", more));
}

Json fault_json(const record::FieldFault& fault) {
  Json out;
  out.set("field", fault.field).set("code", fault.code).set("message", fault.message);
  if (!fault.words.zh.empty()) out.set("words", label_json(fault.words));
  return out;
}

std::string code_of(const Error& error) {
  // The client reads it like the code of an error answer.
  return std::string(name_of(error.code));
}

Json refused_json(const Refusal& refusal) {
  Json::Array faults;
  for (const auto& fault : refusal.faults) faults.push_back(fault_json(fault));
  Json out;
  const bool ours = is_own_fault(refusal.error.code);
  out.set("code", code_of(refusal.error))
      .set("message", ours ? "the server could not" : refusal.error.message);
  return out.set("faults", std::move(faults));
}

/// The step, with the papers that it issues: all or nothing.
Outcome<Record> stepped(Context& context, const Call& call, const std::string& type, record::RecordId id,
                        std::int64_t version, const Fields& fields) {
  Outcome<Record> out = Refusal{unavailable("nothing was done"), {}, std::nullopt};
  const Status done = context.services.store.write([&](record::Writer& writer) -> Status {
    out = context.papers.step(writer, call.caller.actor, type, id, version, call.body.text("step"), fields,
                              call.body.text("reason"));
    const auto* refusal = std::get_if<Refusal>(&out);
    return refusal ? Status(refusal->error) : Status();
  });
  if (!done && std::holds_alternative<Record>(out)) out = Refusal{done.error(), {}, std::nullopt};
  return out;
}

/// One row, judged and written as if it were alone.
Json step_one(Context& context, const Call& call, const pack::RecordType& type, const Json& row,
              const Fields& fields) {
  auto& store = context.services.store;
  const auto id = parse_record_id(row.text("id"));
  const std::int64_t* version = row["version"].integer();
  Json out;
  out.set("id", row.text("id"));
  if (!id || !version || *version < 1) {
    return out.set("done", false)
        .set("refused", refused_json({bad_input("expected id and version of a row"), {}, {}}));
  }
  const auto current = store.get(call.caller.actor, type.name, *id);
  if (!current) return out.set("done", false).set("refused", refused_json({current.error(), {}, {}}));
  out.set("title", RecordJson(store, call.caller.actor).title(type.name, *id));
  const auto outcome = stepped(context, call, type.name, *id, *version, fields);
  if (const auto* refusal = std::get_if<Refusal>(&outcome))
    return out.set("done", false).set("refused", refused_json(*refusal));
  const Record& record = std::get<Record>(outcome);
  const auto& papers = store.catalog().papers;
  if (std::any_of(papers.begin(), papers.end(), [&](const pack::Paper& paper) {
        return paper.record == type.name && paper.step == call.body.text("step");
      })) {
    if (const auto issued = context.papers.issued(record))
      out.set("papers", static_cast<std::int64_t>(issued->size()));
  }
  return out.set("done", true).set("state", record.state).set("version", record.version);
}

Response bulk_step(Context& context, const Call& call) {
  const auto* type = type_of(context, call);
  if (!type) return no_type(call);
  const auto* rows = call.body["rows"].array();
  if (!rows || rows->empty() || rows->size() > kMostAtOnce)
    return error_reply(bad_input(fmt::format("expected 1 to {} rows", kMostAtOnce), "rows"), call.request.id);
  if (call.body.text("step").empty())
    return error_reply(bad_input("expected a step", "step"), call.request.id);
  Outcome<Fields> fields = Fields{};
  if (!call.body["fields"].is_null())
    fields = record::fields_from_json(context.services.store.catalog(), *type, call.body["fields"]);
  if (const auto* refusal = std::get_if<Refusal>(&fields)) return error_reply(*refusal, {}, call.request.id);
  Json::Array results;
  for (const auto& row : *rows)
    results.push_back(step_one(context, call, *type, row, std::get<Fields>(fields)));
  Json out;
  return json_reply(out.set("results", std::move(results)));
}

void add_bulk_routes(Router& router, Context& context) {
  using namespace schema;
  const std::string base = "/api/v1/records/{type}";
  router.add({.method = Method::get,
              .pattern = base + "/selection",
              .id = "selectRecords",
              .tag = "records",
              .summary = {"选择全部符合条件的记录",
                          "All rows that a filter matches, at most 2000, with the steps they allow"},
              .query = {{"sort", "string", "as in the list"},
                        {"q", "string", "words that must occur"},
                        {"f.<field>", "string", "filter, as in the list; f.id=1,2,3 selects rows"}},
              .response = object({{"rows", list(object({{"id", id()}, {"version", whole()}}))},
                                  {"steps", list(object({{"name", text()}, {"count", whole()}}))},
                                  {"more", boolean()}}),
              .handler = [&context](const Call& call) { return selection(context, call); }});
  router.add({.method = Method::post,
              .pattern = base + "/bulk",
              .id = "bulkStep",
              .tag = "records",
              .summary = {"批量办理", "One step for up to 100 rows, each judged as if alone"},
              .body = BodyKind::json,
              .request = object({{"step", text()},
                                 {"rows", list(object({{"id", id()}, {"version", whole()}}))},
                                 {"fields?", named("Fields")},
                                 {"reason?", text()}}),
              .response = object({{"results", list(object({{"id", text()},
                                                           {"title?", text()},
                                                           {"done", boolean()},
                                                           {"state?", text()},
                                                           {"version?", whole()},
                                                           {"papers?", whole()},
                                                           {"refused?", of_type("object")}}))}}),
              .handler = [&context](const Call& call) { return bulk_step(context, call); }});
}

}  // namespace

void add_view_routes(Router& router, Context& context) {
  using namespace schema;
  add_bulk_routes(router, context);
  const std::string base = "/api/v1/views/{type}";
  const Json views = object({{"views", list(object({{"id", id()},
                                                    {"version", whole()},
                                                    {"name", text()},
                                                    {"query", of_type("object")},
                                                    {"columns", list(text())},
                                                    {"shared", boolean()},
                                                    {"mine", boolean()},
                                                    {"default", boolean()},
                                                    {"by", text()}}))}});
  const auto add = [&](Method method, const std::string& end, std::string id, pack::Label summary,
                       Json request, Handler handler) {
    router.add({.method = method,
                .pattern = base + end,
                .id = std::move(id),
                .tag = "records",
                .summary = std::move(summary),
                .body = request.is_null() ? BodyKind::none : BodyKind::json,
                .request = std::move(request),
                .response = views,
                .handler = std::move(handler)});
  };
  add(Method::get, "", "listViews", {"已存筛选", "Saved filters: one's own and those of one's organisation"},
      {}, [&context](const Call& call) { return list_views(context, call); });
  add(Method::post, "", "saveView", {"保存筛选", "Save a filter"},
      object({{"name", text()},
              {"query?", of_type("object")},
              {"columns?", list(text())},
              {"shared?", boolean()}}),
      [&context](const Call& call) { return create_view(context, call); });
  add(Method::patch, "/{id}", "changeView", {"修改筛选", "Rename or change a saved filter of one's own"},
      object({{"version", whole()},
              {"name?", text()},
              {"query?", of_type("object")},
              {"columns?", list(text())},
              {"shared?", boolean()}}),
      [&context](const Call& call) { return update_view(context, call); });
  const auto removing = [&context](bool removed) -> Handler {
    return [&context, removed](const Call& call) {
      if (!type_of(context, call)) return no_type(call);
      ViewChange change;
      change.removed = removed;
      return alter_view(context, call, change);
    };
  };
  add(Method::post, "/{id}/remove", "removeView", {"删除筛选", "Remove a saved filter of one's own"},
      object({}), removing(true));
  add(Method::post, "/{id}/restore", "restoreView", {"恢复筛选", "Bring a removed filter back"}, object({}),
      removing(false));
  add(Method::post, "/default", "chooseView", {"设为默认", "The filter that a list begins with; null = none"},
      object({{"id?", maybe(id())}}), [&context](const Call& call) { return choose_view(context, call); });
}

}  // namespace mineward::api
