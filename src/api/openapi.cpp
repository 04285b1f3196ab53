#include "api/openapi.h"

#include <algorithm>
#include <map>
#include <set>

#include <fmt/format.h>

#include "api/schema.h"
#include "base/text.h"

namespace mineward::api {

namespace {

using namespace schema;

Json described(Json schema, const pack::Label& label) {
  if (!label.zh.empty() || !label.en.empty()) schema.set("description", label.zh + " / " + label.en);
  return schema;
}

Json codes_of(const pack::Catalog& catalog, const std::string& dictionary) {
  Json out = text();
  const auto* found = catalog.dictionary(dictionary);
  if (!found || found->entries.empty()) return out;
  Json::Array codes;
  for (const auto& entry : found->entries) codes.emplace_back(entry.code);
  return out.set("enum", std::move(codes));
}

Json field_schema(const pack::Catalog& catalog, const pack::Field& field) {
  using T = pack::FieldType;
  Json out;
  switch (field.type) {
    case T::text:
    case T::long_text:
      out = text();
      if (field.max_length) out.set("maxLength", *field.max_length);
      if (!field.pattern.empty()) out.set("pattern", "^(?:" + field.pattern + ")$");
      break;
    case T::integer: out = whole(); break;
    case T::decimal: out = number(); break;
    case T::money:
      out = Json(Json::Object{{"type", "string"}, {"pattern", R"(^-?[0-9]+\.[0-9]{2}$)"}});
      break;
    case T::boolean: out = boolean(); break;
    case T::date: out = Json(Json::Object{{"type", "string"}, {"format", "date"}}); break;
    case T::instant: out = time(); break;
    case T::choice: out = codes_of(catalog, field.dictionary); break;
    case T::choices: out = list(codes_of(catalog, field.dictionary)); break;
    case T::reference: out = id(); break;
    case T::attachments: out = list(text()); break;
  }
  if (field.type == T::integer || field.type == T::decimal) {
    if (field.min) out.set("minimum", *field.min);
    if (field.max) out.set("maximum", *field.max);
  }
  out = described(maybe(std::move(out)), field.label);
  if (field.system) out.set("readOnly", true);
  return out;
}

Json fields_schema(const pack::Catalog& catalog, const pack::RecordType& type) {
  Json properties{Json::Object{}};
  for (const auto& field : type.fields) {
    if (!field.secret) properties.set(field.name, field_schema(catalog, field));
  }
  Json out = of_type("object");
  out.set("properties", std::move(properties)).set("additionalProperties", false);
  return described(std::move(out), type.label);
}

Json texts(const std::vector<std::string>& names) {
  Json::Array out;
  for (const auto& name : names) out.emplace_back(name);
  return Json(std::move(out));
}

/// Which roles may do what with records of the type, and whether a scope binds them; "*" = every role.
Json access_of(const pack::Catalog& catalog, const pack::RecordType& type) {
  Json out, steps{Json::Object{}}, raises{Json::Object{}};
  out.set("read", texts(type.access.read)).set("create", texts(type.access.create));
  out.set("update", texts(type.access.update));
  out.set("scoped", !type.owner_field.empty() && type.owner_field != "none");
  if (const auto* flow = catalog.workflow(type.workflow))
    for (const auto& step : flow->transitions) steps.set(step.name, texts(step.roles));
  if (type.withdrawal == pack::Withdrawal::flag)
    steps.set(std::string(pack::kWithdraw), texts(type.withdrawn_by));
  for (const auto& raise : type.raises) {
    const auto* made = catalog.record_type(raise.record);
    raises.set(raise.name, texts(raise.roles.empty() && made ? made->access.create : raise.roles));
  }
  return out.set("steps", std::move(steps)).set("raises", std::move(raises));
}

/// One record type's fields inside the common frame of every record.
Json record_schema(const pack::Catalog& catalog, const pack::RecordType& type) {
  Json name = text();
  name.set("const", type.name);
  Json frame = object({{"type", std::move(name)}, {"fields", named("Fields." + type.name)}});
  Json out(Json::Object{{"allOf", Json(Json::Array{named("RecordFrame"), std::move(frame)})}});
  return out.set("x-access", access_of(catalog, type));
}

Json any_of(std::vector<Json> schemas) {
  return Json(Json::Object{{"anyOf", Json(Json::Array(std::move(schemas)))}});
}

Json components(const pack::Catalog& catalog) {
  Json schemas;
  schemas.set("Words", object({{"zh", text()}, {"en", text()}}));
  schemas.set(
      "Signature",
      object(
          {{"stage", text()}, {"name", text()}, {"at", time()}, {"agrees", boolean()}, {"opinion", text()}}));
  schemas.set("Clock", object({{"type", text()},
                               {"id", id()},
                               {"title?", text()},
                               {"clock", text()},
                               {"state", text()},
                               {"started", maybe(time())},
                               {"due", maybe(time())},
                               {"half", maybe(time())},
                               {"fifths", maybe(time())},
                               {"ended", maybe(time())}}));
  schemas.set("Error", object({{"error", object({{"code", text()},
                                                 {"message", text()},
                                                 {"faults", list(object({{"field", text()},
                                                                         {"code", text()},
                                                                         {"message", text()},
                                                                         {"words?", named("Words")}}))},
                                                 {"current?", named("RecordFrame")},
                                                 {"retry_after?", whole()},
                                                 {"request", text()}})}}));
  schemas.set("RecordFrame", object({{"id", id()},
                                     {"type", text()},
                                     {"version", whole()},
                                     {"state", text()},
                                     {"owner", maybe(id())},
                                     {"title", text()},
                                     {"created_at", time()},
                                     {"updated_at", time()},
                                     {"created_by", text()},
                                     {"updated_by", text()},
                                     {"fields", of_type("object")},
                                     {"labels", of_type("object")},
                                     {"steps?", list(text())},
                                     {"blocked?", of_type("object")},
                                     {"raises?", list(text())},
                                     {"acts?", boolean()},
                                     {"clocks?", list(named("Clock"))},
                                     {"signing?", maybe(object({{"step", text()},
                                                                {"begun_by", text()},
                                                                {"begun_at", time()},
                                                                {"signatures", list(named("Signature"))},
                                                                {"may_sign", boolean()},
                                                                {"may_withdraw", boolean()}}))}}));
  std::vector<Json> records, fields;
  for (const auto& type : catalog.record_types) {
    schemas.set("Fields." + type.name, fields_schema(catalog, type));
    schemas.set("Record." + type.name, record_schema(catalog, type));
    records.push_back(named("Record." + type.name));
    fields.push_back(named("Fields." + type.name));
  }
  schemas.set("Record", records.empty() ? named("RecordFrame") : any_of(std::move(records)));
  schemas.set("Fields", fields.empty() ? of_type("object") : any_of(std::move(fields)));
  schemas.set("RecordPage", object({{"records", list(named("Record"))},
                                    {"next", maybe(text())},
                                    {"total", maybe(whole())},
                                    {"total_exact", maybe(boolean())}}));
  schemas.set("Change", object({{"seq", whole()},
                                {"type", text()},
                                {"id", maybe(id())},
                                {"version", whole()},
                                {"action", text()},
                                {"actor", text()},
                                {"origin", text()},
                                {"at", time()},
                                {"reason", text()},
                                {"diff", anything()},
                                {"hash", text()}}));
  schemas.set("SessionAccount", object({{"id", id()},
                                        {"name", text()},
                                        {"display_name", text()},
                                        {"roles", list(text())},
                                        {"level", text()},
                                        {"organisation", object({{"id", id()}, {"name", text()}})},
                                        {"home", text()}}));
  schemas.set("Catalog", object({{"record_types", list(anything())},
                                 {"workflows", list(anything())},
                                 {"dictionaries", list(anything())},
                                 {"roles", list(anything())},
                                 {"rules", list(anything())}}));
  const Json bound = maybe(object({{"op", text()}, {"value", number()}}));
  schemas.set("LivePoint", object({{"id", id()},
                                   {"code", text()},
                                   {"place", maybe(text())},
                                   {"working_area", maybe(text())},
                                   {"role", maybe(text())},
                                   {"sensor_type", maybe(text())},
                                   {"gas", maybe(text())},
                                   {"unit", maybe(text())},
                                   {"value_type", maybe(text())},
                                   {"value", maybe(number())},
                                   {"state", maybe(whole())},
                                   {"at", maybe(time())},
                                   {"quality", text()},
                                   {"alarm", bound},
                                   {"alarm_low", bound},
                                   {"cut", bound},
                                   {"restore", bound},
                                   {"limit_source", text()},
                                   {"mine_alarm", text()},
                                   {"on_text", maybe(text())},
                                   {"off_text", maybe(text())},
                                   {"alarm_id", maybe(id())},
                                   {"alarm_grade", maybe(text())}}));
  schemas.set("Underground", object({{"mine", id()},
                                     {"as_of", maybe(time())},
                                     {"people", whole()},
                                     {"leaders", whole()},
                                     {"quota", maybe(whole())},
                                     {"areas", list(object({{"area", maybe(id())},
                                                            {"code", text()},
                                                            {"name", text()},
                                                            {"kind", text()},
                                                            {"people", whole()},
                                                            {"quota", maybe(whole())}}))},
                                     {"persons", list(object({{"card", text()},
                                                              {"name", text()},
                                                              {"area", text()},
                                                              {"area_id", maybe(id())},
                                                              {"entered", maybe(time())},
                                                              {"is_leader", boolean()},
                                                              {"sos", boolean()}}))}}));
  schemas.set("Series",
              object({{"unit", text()},
                      {"from", time()},
                      {"to", time()},
                      {"width_s", number()},
                      {"buckets", list(anything())},
                      {"samples", list(list(maybe(number())))},
                      {"limits",
                       object({{"alarm", bound}, {"alarm_low", bound}, {"cut", bound}, {"restore", bound}})},
                      {"alarms", list(anything())},
                      {"cut_short?", boolean()}}));
  schemas.set("Concern", object({{"mine", id()},
                                 {"organisation", id()},
                                 {"code", text()},
                                 {"name", text()},
                                 {"status", text()},
                                 {"simulated", boolean()},
                                 {"score", whole()},
                                 {"red", whole()},
                                 {"orange", whole()},
                                 {"yellow", whole()},
                                 {"blue", whole()},
                                 {"unanswered", whole()},
                                 {"oldest_unanswered", maybe(time())},
                                 {"overdue_hazards", whole()},
                                 {"open_hazards", whole()},
                                 {"people", whole()},
                                 {"quota", maybe(whole())},
                                 {"silence_s", maybe(whole())},
                                 {"parts", list(object({{"name", text()}, {"points", whole()}}))}}));
  schemas.set("Receipt", object({{"verdict", text()},
                                 {"file_name", text()},
                                 {"mine", text()},
                                 {"file_type", text()},
                                 {"seq", whole()},
                                 {"records", whole()},
                                 {"bad_records", whole()},
                                 {"quarantined", whole()},
                                 {"code", text()},
                                 {"message", text()},
                                 {"faults", list(text())}}));
  Json cookie(Json::Object{{"type", "apiKey"}, {"in", "cookie"}, {"name", "mw_session"}});
  Json bearer(Json::Object{{"type", "http"}, {"scheme", "bearer"}});
  Json out;
  out.set("schemas", std::move(schemas));
  return out.set("securitySchemes",
                 Json(Json::Object{{"session", std::move(cookie)}, {"token", std::move(bearer)}}));
}

Json parameters(const Route& route, const pack::Catalog& catalog) {
  Json::Array out;
  for (std::string_view part : split(std::string_view(route.pattern).substr(1), '/')) {
    if (!part.starts_with('{')) continue;
    const std::string name(part.substr(1, part.size() - 2));
    Json schema = name == "id" ? id() : text();
    if (name == "type") {
      Json::Array names;
      for (const auto& type : catalog.record_types) names.emplace_back(type.name);
      if (!names.empty()) schema.set("enum", std::move(names));
    }
    Json parameter;
    parameter.set("name", name).set("in", "path").set("required", true).set("schema", std::move(schema));
    out.push_back(std::move(parameter));
  }
  for (const auto& query : route.query) {
    Json parameter;
    parameter.set("name", query.name).set("in", "query").set("required", query.required);
    parameter.set("description", query.meaning).set("schema", of_type(query.schema));
    out.push_back(std::move(parameter));
  }
  if (route.auth == Auth::signed_in && route.method != Method::get) {
    Json parameter;
    parameter.set("name", "X-CSRF-Token").set("in", "header").set("required", false).set("schema", text());
    out.push_back(parameter.set("description", "with a session cookie: the value from GET /api/v1/session"));
  }
  if (route.once) {
    Json parameter;
    parameter.set("name", "Idempotency-Key").set("in", "header").set("required", false).set("schema", text());
    out.push_back(
        parameter.set("description", "8 to 80 letters, digits, - and _: sent twice, it is done once"));
  }
  return Json(std::move(out));
}

Json content(std::string_view type, Json schema) {
  Json media;
  media.set("schema", std::move(schema));
  return Json(Json::Object{{std::string(type), std::move(media)}});
}

Json responses(const Route& route) {
  Json good;
  good.set("description", "done");
  if (route.response_type != "application/json") {
    good.set("content", content(route.response_type, text()));
  } else if (!route.response.is_null()) {
    good.set("content", content("application/json", route.response));
  }
  Json error;
  error.set("description", "refused, or failed").set("content", content("application/json", named("Error")));
  Json out;
  return out.set(std::to_string(route.success), std::move(good)).set("default", std::move(error));
}

Json operation(const Route& route, const pack::Catalog& catalog) {
  Json out;
  out.set("operationId", route.id).set("tags", Json(Json::Array{Json(route.tag)}));
  out.set("summary", route.summary.en).set("x-summary-zh", route.summary.zh);
  if (!route.roles.empty()) {
    out.set("description", fmt::format("Needs one of the roles {}.", fmt::join(route.roles, ", ")));
    out.set("x-roles", texts(route.roles));
  }
  if (auto list = parameters(route, catalog); !list.array()->empty()) out.set("parameters", std::move(list));
  if (route.body != BodyKind::none) {
    const std::string_view type = route.body == BodyKind::json  ? "application/json"
                                  : route.body == BodyKind::csv ? "text/csv"
                                                                : "application/octet-stream";
    Json body;
    body.set("required", !route.request.is_null() || route.body != BodyKind::json);
    out.set(
        "requestBody",
        body.set("content", content(type, route.request.is_null()
                                              ? (route.body == BodyKind::json ? of_type("object") : text())
                                              : route.request)));
  }
  Json::Array security;
  if (route.auth == Auth::signed_in) {
    security.emplace_back(Json::Object{{"session", Json(Json::Array{})}});
    security.emplace_back(Json::Object{{"token", Json(Json::Array{})}});
  }
  out.set("security", std::move(security));
  return out.set("responses", responses(route));
}

}  // namespace

Json openapi_document(const Router& router, const pack::Catalog& catalog, const std::string& node_name) {
  Json info, paths{Json::Object{}};
  info.set("title", "Mineward (矿安卫) " + node_name).set("version", "1");
  info.set("description",
           "Made from the server's route table. docs/api.md says what is common to all routes.");
  std::map<std::string, Json> by_pattern;
  std::vector<std::string> order;
  for (const auto& route : router.routes()) {
    if (!by_pattern.contains(route.pattern)) order.push_back(route.pattern);
    by_pattern[route.pattern].set(lower_ascii(name_of(route.method)), operation(route, catalog));
  }
  for (const auto& pattern : order) paths.set(pattern, by_pattern[pattern]);
  Json out;
  out.set("openapi", "3.1.0").set("info", std::move(info)).set("paths", std::move(paths));
  return out.set("components", components(catalog));
}

}  // namespace mineward::api
