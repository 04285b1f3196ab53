// Every business object goes through these routes: list, read, create, update, workflow step, history, CSV,
// search.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <string>

#include "api/application.h"
#include "api/codec.h"
#include "api/list_query.h"
#include "api/reply.h"
#include "api/schema.h"
#include "api/write_once.h"
#include "base/text.h"
#include "pack/working_days.h"

namespace mineward::api {

using record::Fields;
using record::Filter;
using record::ListQuery;
using record::Outcome;
using record::Record;
using record::Refusal;
using Op = Filter::Op;

namespace {

const pack::RecordType* type_of(const Context& context, const Call& call) {
  return context.services.store.catalog().record_type(call.path_value("type"));
}

Response no_type(const Call& call) {
  return error_reply(not_found(fmt::format("there is no record type '{}'", call.path_value("type"))),
                     call.request.id);
}

Result<ListQuery> query_of(const Call& call) {
  return list_query_of(call.request, std::string(call.path_value("type")));
}

Response list_records(Context& context, const Call& call) {
  if (!type_of(context, call)) return no_type(call);
  auto query = query_of(call);
  if (!query) return error_reply(query.error(), call.request.id);
  auto page = context.services.store.list(call.caller.actor, *query);
  if (!page) return error_reply(page.error(), call.request.id);
  RecordJson json(context.services.store, call.caller.actor);
  Json::Array records;
  for (const auto& record : page->records) records.push_back(json.of(record));
  Json out;
  out.set("records", std::move(records)).set("next", page->next.empty() ? Json() : Json(page->next));
  out.set("total", page->total ? Json(*page->total) : Json());
  out.set("total_exact", page->total ? Json(page->total_exact) : Json());
  return json_reply(out);
}

Response get_record(Context& context, const Call& call) {
  if (!type_of(context, call)) return no_type(call);
  auto id = id_of(call);
  if (!id) return error_reply(id.error(), call.request.id);
  auto& store = context.services.store;
  RecordJson json(store, call.caller.actor);
  const auto as_of = call.request.parameter("as_of");
  if (!as_of || as_of->empty()) {
    auto record = store.get(call.caller.actor, call.path_value("type"), *id);
    if (!record) return error_reply(record.error(), call.request.id);
    return json_reply(json.of(*record, true));
  }
  auto time = parse_time(*as_of);
  if (!time) return error_reply(std::move(time).error().in("as_of"), call.request.id);
  auto record = store.get_as_of(call.caller.actor, call.path_value("type"), *id, ArrivalTime{time->utc_ms});
  if (!record) return error_reply(record.error(), call.request.id);
  return json_reply(json.of(*record));
}

Outcome<Fields> fields_of(Context& context, const pack::RecordType& type, const Call& call) {
  const Json& fields = call.body["fields"];
  if (fields.is_null()) return Fields{};
  return record::fields_from_json(context.services.store.catalog(), type, fields);
}

Result<std::int64_t> version_of(const Call& call) {
  const std::int64_t* version = call.body["version"].integer();
  if (!version || *version < 1) {
    return bad_input(fmt::format("found {}, expected the version of the record that was changed",
                                 call.body["version"].kind()),
                     "version");
  }
  return *version;
}

Response create_record(Context& context, const Call& call) {
  const auto* type = type_of(context, call);
  if (!type) return no_type(call);
  auto fields = fields_of(context, *type, call);
  if (const auto* refusal = std::get_if<Refusal>(&fields)) return error_reply(*refusal, {}, call.request.id);
  return write_once(context, call, 201, [&](record::Writer& writer) {
    return writer.create(call.caller.actor, type->name, std::get<Fields>(fields), call.body.text("reason"));
  });
}

/// PATCH and steps: both take an id, a version, fields and a reason.
Response change_record(Context& context, const Call& call, std::string_view step) {
  const auto* type = type_of(context, call);
  if (!type) return no_type(call);
  auto id = id_of(call);
  if (!id) return error_reply(id.error(), call.request.id);
  auto& store = context.services.store;
  // First whether it is there for this caller: a fault in the fields must not tell that a foreign record
  // exists.
  const auto current = store.get(call.caller.actor, type->name, *id);
  if (!current) return error_reply(current.error(), call.request.id);
  auto version = version_of(call);
  if (!version) return error_reply(version.error(), call.request.id);
  auto fields = fields_of(context, *type, call);
  if (const auto* refusal = std::get_if<Refusal>(&fields)) return error_reply(*refusal, {}, call.request.id);
  const Fields& given = std::get<Fields>(fields);
  const std::string_view reason = call.body.text("reason");
  return write_once(context, call, 200, [&](record::Writer& writer) {
    return step.empty() ? writer.update(call.caller.actor, type->name, *id, *version, given, reason)
                        : context.papers.step(writer, call.caller.actor, type->name, *id, *version, step,
                                              given, reason);
  });
}

Response record_history(Context& context, const Call& call) {
  if (!type_of(context, call)) return no_type(call);
  auto id = id_of(call);
  if (!id) return error_reply(id.error(), call.request.id);
  auto changes = context.services.store.history(call.caller.actor, call.path_value("type"), *id);
  if (!changes) return error_reply(changes.error(), call.request.id);
  Json::Array rows;
  for (const auto& change : *changes) rows.push_back(change_json(change));
  Json out;
  return json_reply(out.set("changes", std::move(rows)));
}

Response export_csv(Context& context, const Call& call) {
  if (!type_of(context, call)) return no_type(call);
  auto query = query_of(call);
  if (!query) return error_reply(query.error(), call.request.id);
  auto csv = context.services.store.export_csv(call.caller.actor, *query);
  if (!csv) return error_reply(csv.error(), call.request.id);
  return file_reply("text/csv; charset=utf-8", query->type + ".csv", *std::move(csv));
}

Response import_csv(Context& context, const Call& call) {
  if (!type_of(context, call)) return no_type(call);
  auto report =
      context.services.store.import_csv(call.caller.actor, call.path_value("type"), call.request.body,
                                        call.request.parameter("keep_good") == "1");
  if (!report) return error_reply(report.error(), call.request.id);
  Json::Array faults;
  for (const auto& fault : report->faults) {
    Json row;
    row.set("row", fault.row).set("column", fault.column).set("message", fault.message);
    faults.push_back(std::move(row));
  }
  Json out;
  out.set("created", report->created).set("updated", report->updated).set("unchanged", report->unchanged);
  return json_reply(out.set("faults", std::move(faults)));
}

/// Choices of a reference field. Accounts are open to everybody here, by name only and within the scope.
/// The bodies that the caller stands under, nearest first: a matter is handed up to them, so they can be
/// chosen although their own records are out of sight.
std::vector<record::Record> bodies_above(Context& context, const record::Actor& actor,
                                         std::string_view words) {
  constexpr int kMostLevels = 8;
  std::vector<record::Record> out;
  const record::Actor program = record::Actor::system("system:api");
  record::RecordId at = actor.scope.root;
  for (int i = 0; i < kMostLevels && at; ++i) {
    const auto body = context.services.store.get(program, "organisation", at);
    if (!body) break;
    if (i > 0 && body->text("name").find(words) != std::string::npos) out.push_back(*body);
    at = body->reference("parent");
  }
  return out;
}

/// "2026", "2026-03", "2026-03-01": the days from the first to the last of it.
std::vector<Filter> day_filters(const std::string& field, std::string_view words) {
  for (const std::string_view rest : {"", "-01", "-01-01"}) {
    const auto first = parse_date(std::string(words) + std::string(rest));
    if (!first) continue;
    if (rest.empty())
      return {{field, Op::ge, {format_date(*first)}}, {field, Op::lt, {format_date({first->days + 1})}}};
    const Date next = pack::months_after(*first, rest == "-01" ? 1 : 12);
    return {{field, Op::ge, {format_date(*first)}}, {field, Op::lt, {format_date(next)}}};
  }
  return {};
}

/// What finds the records whose title, as it is shown, holds the words; nullopt: none does. A title that is a
/// reference is looked for in what it refers to, whoever may list that: the name is shown to him anyway.
Result<std::optional<std::vector<Filter>>> title_filters(Context& context, record::Actor actor,
                                                         const pack::RecordType& type, std::string_view words,
                                                         int depth = 0) {
  constexpr int kDeepest = 4, kMostNamed = 200;
  using Found = std::optional<std::vector<Filter>>;
  const auto& catalog = context.services.store.catalog();
  const pack::Field* title = type.field(type.title_field);
  if (!title || depth > kDeepest) return Found();
  switch (title->type) {
    case pack::FieldType::text:
    case pack::FieldType::long_text: return Found({{title->name, Op::contains, {std::string(words)}}});
    case pack::FieldType::choice: {
      std::vector<std::string> codes;
      const pack::Dictionary* dictionary = catalog.dictionary(title->dictionary);
      for (const auto& entry : dictionary ? dictionary->entries : std::vector<pack::DictionaryEntry>()) {
        const bool named = entry.label.zh.find(words) != std::string::npos ||
                           lower_ascii(entry.label.en).find(lower_ascii(words)) != std::string::npos;
        if (named) codes.push_back(entry.code);
      }
      return codes.empty() ? Found() : Found({{title->name, Op::in, std::move(codes)}});
    }
    case pack::FieldType::date:
    case pack::FieldType::instant: {
      auto days = day_filters(title->name, words);
      return days.empty() ? Found() : Found(std::move(days));
    }
    case pack::FieldType::integer:
      return parse_integer(words) ? Found({{title->name, Op::eq, {std::string(words)}}}) : Found();
    case pack::FieldType::reference: break;
    default: return Found();
  }
  const pack::RecordType* target = catalog.record_type(title->target);
  if (!target) return Found();
  MW_ASSIGN(auto inner, title_filters(context, actor, *target, words, depth + 1));
  if (!inner) return Found();
  ListQuery query;
  query.type = target->name;
  query.limit = kMostNamed;
  query.filters = *std::move(inner);
  actor.is_system = true;  // its scope stays as it is
  MW_ASSIGN(const auto page, context.services.store.list(actor, query));
  std::vector<std::string> ids;
  for (const auto& record : page.records) ids.push_back(record.id.text());
  return ids.empty() ? Found() : Found({{title->name, Op::in, std::move(ids)}});
}

/// What tells records of one title apart: the other texts of the list, of persons none that are personal.
std::string apart(const pack::RecordType& type, const Record& record) {
  std::string out;
  for (const auto& name : type.list_fields) {
    const pack::Field* field = type.field(name);
    const bool open = field && field->type == pack::FieldType::text && !field->personal && !field->secret &&
                      field->protect.empty() && name != type.title_field;
    if (!open || record.text(name).empty()) continue;
    out += (out.empty() ? "" : " ") + record.text(name);
  }
  return out;
}

/// `rows`: {id, title} of `records`; those whose title another one has get a `note`.
void tell_apart(Json::Array& rows, const std::vector<Record>& records, const pack::RecordType& type) {
  std::map<std::string, int, std::less<>> times;
  for (const auto& row : rows) ++times[std::string(row.text("title"))];
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (times[std::string(rows[i].text("title"))] > 1) rows[i].set("note", apart(type, records[i]));
  }
}

Response options(Context& context, const Call& call) {
  const auto* type = type_of(context, call);
  if (!type) return no_type(call);
  auto limit = whole_parameter(call.request, "limit", 20, 1, 100);
  if (!limit) return error_reply(limit.error(), call.request.id);
  ListQuery query;
  query.type = type->name;
  query.limit = static_cast<int>(*limit);
  const pack::Field* title = type->field(type->title_field);
  const bool by_text =
      title && (title->type == pack::FieldType::text || title->type == pack::FieldType::long_text);
  if (by_text) {
    query.sort = title->name;
    query.descending = false;
  }
  bool none = false;
  if (const auto words = call.request.parameter("q"); words && !words->empty()) {
    auto filters = title_filters(context, call.caller.actor, *type, *words);
    if (!filters) return error_reply(filters.error(), call.request.id);
    none = !*filters;
    if (!none) query.filters = **std::move(filters);
  }
  for (const char* gone : {"disabled", "removed", "withdrawn"}) {
    const pack::Field* field = type->field(gone);
    if (field && field->type == pack::FieldType::boolean) query.filters.push_back({gone, Op::ne, {"true"}});
  }
  if (type->withdrawal == pack::Withdrawal::step)
    query.filters.push_back({"state", Op::ne, {std::string(pack::kWithdrawn)}});
  record::Actor actor = call.caller.actor;
  if (type->name == "account") actor.is_system = true;  // its scope stays as it is
  query.limit = none ? 1 : query.limit;                 // who may not read the type is told so even then
  auto page = context.services.store.list(actor, query);
  if (!page) return error_reply(page.error(), call.request.id);
  if (none) page->records.clear();
  if (type->name == "organisation") {
    for (auto& body : bodies_above(context, actor, call.request.parameter("q").value_or("")))
      page->records.push_back(std::move(body));
  }
  RecordJson json(context.services.store, actor);
  Json::Array rows;
  for (const auto& record : page->records) {
    Json row;
    rows.push_back(row.set("id", record.id.text()).set("title", json.title(type->name, record.id)));
  }
  if (type->name != "account")
    tell_apart(rows, page->records, *type);  // of accounts the name is all that is told
  Json out;
  return json_reply(out.set("options", std::move(rows)));
}

Response search(Context& context, const Call& call) {
  auto limit = whole_parameter(call.request, "limit", 20, 1, 100);
  if (!limit) return error_reply(limit.error(), call.request.id);
  auto hits = context.services.store.search(call.caller.actor, call.request.parameter("q").value_or(""),
                                            static_cast<int>(*limit));
  if (!hits) return error_reply(hits.error(), call.request.id);
  RecordJson json(context.services.store, call.caller.actor);
  Json::Array rows;
  for (const auto& hit : *hits) {
    Json row;
    row.set("type", hit.type).set("id", hit.id.text()).set("title", hit.title);
    const auto record = context.services.store.get(call.caller.actor, hit.type, hit.id);
    const record::RecordId mine = record ? record->reference("mine") : record::RecordId{};
    row.set("state", record ? record->state : "").set("mine", mine ? json.title("mine", mine) : "");
    rows.push_back(row.set("at", record ? Json(format_rfc3339(record->updated_at)) : Json()));
  }
  Json out;
  return json_reply(out.set("hits", std::move(rows)));
}

}  // namespace

Response record_reply(Context& context, const Call& call, const Outcome<Record>& outcome, int status) {
  RecordJson json(context.services.store, call.caller.actor);
  if (const auto* refusal = std::get_if<Refusal>(&outcome)) {
    return error_reply(*refusal, refusal->current ? json.of(*refusal->current, true) : Json(),
                       call.request.id);
  }
  return json_reply(json.of(std::get<Record>(outcome), true), status);
}

void add_record_routes(Router& router, Context& context) {
  using namespace schema;
  const std::vector<QueryParameter> list_query = {
      {"limit", "integer", "rows of a page, 1 to 500; default 50"},
      {"after", "string", "cursor: `next` of the page before"},
      {"sort", "string", "field, with - for descending; default -id"},
      {"q", "string", "words that must occur"},
      {"total", "string", "1 = count: exactly up to 10,000, where that is quick"},
      {"f.<field>", "string",
       "filter, as docs/api.md says: f.<field>, f.<field>.ge, .gt, .le, .lt, .ne, .contains, .null"}};
  const std::string base = "/api/v1/records/{type}";
  const auto bind = [&context](Response (*handler)(Context&, const Call&)) -> Handler {
    return [&context, handler](const Call& call) { return handler(context, call); };
  };
  router.add({.method = Method::get,
              .pattern = base,
              .id = "listRecords",
              .tag = "records",
              .summary = {"台账列表", "List records"},
              .query = list_query,
              .response = named("RecordPage"),
              .handler = bind(list_records)});
  router.add({.method = Method::post,
              .pattern = base,
              .id = "createRecord",
              .tag = "records",
              .summary = {"新建", "Create a record"},
              .body = BodyKind::json,
              .request = object({{"fields", named("Fields")}, {"reason?", text()}}),
              .response = named("Record"),
              .success = 201,
              .once = true,
              .handler = bind(create_record)});
  router.add({.method = Method::get,
              .pattern = base + "/{id}",
              .id = "getRecord",
              .tag = "records",
              .summary = {"查看", "Read a record"},
              .query = {{"as_of", "string", "time: as it was then, from the change log"}},
              .response = named("Record"),
              .handler = bind(get_record)});
  router.add({.method = Method::patch,
              .pattern = base + "/{id}",
              .id = "updateRecord",
              .tag = "records",
              .summary = {"修改", "Change a record"},
              .body = BodyKind::json,
              .request = object({{"version", whole()}, {"fields", named("Fields")}, {"reason?", text()}}),
              .response = named("Record"),
              .once = true,
              .handler = [&context](const Call& call) { return change_record(context, call, {}); }});
  router.add({.method = Method::post,
              .pattern = base + "/{id}/steps/{step}",
              .id = "stepRecord",
              .tag = "records",
              .summary = {"流程操作", "Take a workflow step"},
              .body = BodyKind::json,
              .request = object({{"version", whole()}, {"fields?", named("Fields")}, {"reason?", text()}}),
              .response = named("Record"),
              .once = true,
              .handler = [&context](const Call& call) {
                return change_record(context, call, call.path_value("step"));
              }});
  router.add({.method = Method::get,
              .pattern = base + "/{id}/history",
              .id = "recordHistory",
              .tag = "records",
              .summary = {"变更记录", "Change log of a record"},
              .response = object({{"changes", list(named("Change"))}}),
              .handler = bind(record_history)});
  router.add({.method = Method::get,
              .pattern = base + "/export.csv",
              .id = "exportRecords",
              .tag = "records",
              .summary = {"导出 CSV", "Export as CSV"},
              .query = list_query,
              .response_type = "text/csv",
              .handler = bind(export_csv)});
  router.add({.method = Method::post,
              .pattern = base + "/import",
              .id = "importRecords",
              .tag = "records",
              .summary = {"导入 CSV", "Import CSV"},
              .body = BodyKind::csv,
              .query = {{"keep_good", "string", "1 = write the good rows although others are bad"}},
              .response = object(
                  {{"created", whole()},
                   {"updated", whole()},
                   {"unchanged", whole()},
                   {"faults", list(object({{"row", whole()}, {"column", text()}, {"message", text()}}))}}),
              .handler = bind(import_csv)});
  router.add(
      {.method = Method::get,
       .pattern = "/api/v1/options/{type}",
       .id = "listOptions",
       .tag = "records",
       .summary = {"可选项", "Choices of a reference field"},
       .query = {{"q", "string", "part of the title"}, {"limit", "integer", "1 to 100; default 20"}},
       .response = object(
           {{"options", list(object({{"id", schema::id()}, {"title", text()}, {"note", maybe(text())}}))}}),
       .handler = bind(options)});
  router.add({.method = Method::get,
              .pattern = "/api/v1/search",
              .id = "search",
              .tag = "records",
              .summary = {"全文检索", "Full-text search"},
              .query = {{"q", "string", "words", true}, {"limit", "integer", "1 to 100; default 20"}},
              .response = object({{"hits", list(object({{"type", text()},
                                                        {"id", schema::id()},
                                                        {"title", text()},
                                                        {"state", text()},
                                                        {"mine", text()},
                                                        {"at", maybe(time())}}))}}),
              .handler = bind(search)});
}

}  // namespace mineward::api
