// The register seen over time and as a whole: divisions by date, mines without a daily supervisor.
#include <fmt/format.h>

#include "api/application.h"
#include "api/codec.h"
#include "api/reply.h"
#include "api/schema.h"
#include "record/division.h"

namespace mineward::api {
namespace {

using record::DivisionAnswer;
using record::Record;
using record::RecordId;

Json division_json(const record::Division& d) {
  Json out;
  return out.set("id", d.id.text()).set("code", d.code).set("name", d.name);
}

/// What a region was on `on`, and what it is today.
Result<Json> divisions_json(Context& context, RecordId region, Date on) {
  Json out;
  MW_TRY(context.services.store.database().read([&](db::Connection& c) -> Status {
    const auto& catalog = context.services.store.catalog();
    MW_ASSIGN(const DivisionAnswer then, record::division_on(c, catalog, region, on));
    const Date today = china_date(context.services.clock.now().utc_ms);
    MW_ASSIGN(const DivisionAnswer now, record::division_on(c, catalog, then.then.id, today));
    Json::Array above;
    for (const auto& d : then.above) above.push_back(division_json(d));
    out.set("on", format_date(on)).set("then", division_json(then.then)).set("above", std::move(above));
    out.set("now", division_json(now.then)).set("certain", then.certain);
    return {};
  }));
  return out;
}

Response division(Context& context, const Call& call) {
  Date on = china_date(context.services.clock.now().utc_ms);
  if (const auto given = call.request.parameter("on"); given && !given->empty()) {
    const auto day = parse_date(*given);
    if (!day) return error_reply(Error(day.error()).in("on"), call.request.id);
    on = *day;
  }
  std::optional<RecordId> region;
  const Status looked = context.services.store.database().read([&](db::Connection& c) -> Status {
    MW_ASSIGN(region, record::region_of_code(c, context.services.store.catalog(), call.path_value("code")));
    return {};
  });
  if (!looked) return error_reply(looked.error(), call.request.id);
  if (!region)
    return error_reply(not_found(fmt::format("no division {}", call.path_value("code"))), call.request.id);
  const auto out = divisions_json(context, *region, on);
  if (!out) return error_reply(out.error(), call.request.id);
  return json_reply(*out);
}

/// The day that a record speaks of: the first date or time of its list, else that of its entry. A record
/// whose list shows no date (a mine, a person) speaks of today.
Date day_of(const pack::RecordType& type, const Record& record, ArrivalTime now) {
  for (const auto& name : type.list_fields) {
    const pack::Field* field = type.field(name);
    const bool instant = field && field->type == pack::FieldType::instant;
    if (!field || (!instant && field->type != pack::FieldType::date)) continue;
    const auto found = record.fields.find(name);
    if (found == record.fields.end()) return china_date(record.created_at.utc_ms);
    if (const auto* day = std::get_if<Date>(&found->second)) return *day;
    if (const auto* at = std::get_if<EventTime>(&found->second)) return china_date(at->utc_ms);
  }
  return china_date(now.utc_ms);
}

Response record_division(Context& context, const Call& call) {
  auto& store = context.services.store;
  const auto* type = store.catalog().record_type(call.path_value("type"));
  if (!type)
    return error_reply(not_found(fmt::format("there is no record type '{}'", call.path_value("type"))),
                       call.request.id);
  const auto id = id_of(call);
  if (!id) return error_reply(id.error(), call.request.id);
  const auto found = store.get(call.caller.actor, type->name, *id);
  if (!found) return error_reply(found.error(), call.request.id);
  const auto organisation = found->owner
                                ? store.get(record::Actor::system("system:api"), "organisation", found->owner)
                                : Result<Record>(not_found("nobody's"));
  const RecordId region = organisation ? organisation->reference("region") : RecordId{};
  if (!region) return json_reply(Json(Json::Object{{"on", Json()}, {"then", Json()}}));
  const auto out = divisions_json(context, region, day_of(*type, *found, context.services.clock.now()));
  if (!out) return error_reply(out.error(), call.request.id);
  return json_reply(*out);
}

/// Mines of the scope that fit a condition on `m`, named, at most `limit`, with their number.
Result<Json> mines_where(Context& context, const Call& call, const std::string& condition, int limit) {
  const auto& scope = call.caller.actor.scope;
  std::vector<db::Value> params;
  std::string where = condition;
  if (!scope.everything) {
    params.emplace_back(scope.root.value);
    where += " AND EXISTS (SELECT 1 FROM org_scope s WHERE s.ancestor = $1 AND s.organisation = m.owner)";
  }
  Json out;
  MW_TRY(context.services.store.database().read([&](db::Connection& c) -> Status {
    MW_ASSIGN(const db::Rows count,
              c.query(fmt::format("SELECT COUNT(*) FROM mine m WHERE {}", where), params));
    MW_ASSIGN(
        const db::Rows rows,
        c.query(
            fmt::format("SELECT m.id, m.code, m.name, m.status FROM mine m WHERE {} ORDER BY m.code LIMIT {}",
                        where, limit),
            params));
    Json::Array mines;
    for (std::size_t i = 0; i < rows.size(); ++i) {
      Json mine;
      mine.set("id", std::to_string(rows.integer(i, 0))).set("code", rows.text(i, 1));
      mines.push_back(mine.set("name", rows.text(i, 2)).set("status", rows.text(i, 3)));
    }
    out.set("total", count.integer(0, 0)).set("mines", std::move(mines));
    return {};
  }));
  return out;
}

/// Every mine has exactly one body that supervises it daily; here are those that have none, and mines of
/// central enterprises whose supervisor stands too low.
Response supervision(Context& context, const Call& call) {
  constexpr int kShown = 100;
  const std::string in_force =
      "EXISTS (SELECT 1 FROM supervision_assignment a WHERE a.mine = m.id AND a.state = 'in_force'";
  const auto without = mines_where(context, call, "m.status <> 'closed' AND NOT " + in_force + ")", kShown);
  if (!without) return error_reply(without.error(), call.request.id);
  const auto low = mines_where(context, call,
                               "m.status <> 'closed' AND " + in_force + " AND a.verdict = 'barred')", kShown);
  if (!low) return error_reply(low.error(), call.request.id);
  Json out;
  return json_reply(out.set("without", *without).set("too_low", *low));
}

}  // namespace

void add_register_routes(Router& router, Context& context) {
  using namespace schema;
  const auto bind = [&context](Response (*handler)(Context&, const Call&)) -> Handler {
    return [&context, handler](const Call& call) { return handler(context, call); };
  };
  const Json division_schema = object({{"id", id()}, {"code", text()}, {"name", text()}});
  router.add({.method = Method::get,
              .pattern = "/api/v1/divisions/{code}",
              .id = "getDivision",
              .tag = "records",
              .summary = {"按日期解析区划代码", "A division as it was on a day, old codes included"},
              .query = {{"on", "string", "yyyy-MM-dd; default today"}},
              .response = object({{"on", text()},
                                  {"then", division_schema},
                                  {"above", list(division_schema)},
                                  {"now", division_schema},
                                  {"certain", boolean()}}),
              .handler = bind(division)});
  router.add({.method = Method::get,
              .pattern = "/api/v1/records/{type}/{id}/division",
              .id = "recordDivision",
              .tag = "records",
              .summary = {"台账所在区划", "The division of a record, on the day that it speaks of"},
              .response = object({{"on", maybe(text())},
                                  {"then", maybe(division_schema)},
                                  {"above?", list(division_schema)},
                                  {"now?", division_schema},
                                  {"certain?", boolean()}}),
              .handler = bind(record_division)});
  const Json mines = object(
      {{"total", whole()},
       {"mines", list(object({{"id", id()}, {"code", text()}, {"name", text()}, {"status", text()}}))}});
  router.add({.method = Method::get,
              .pattern = "/api/v1/supervision",
              .id = "listSupervision",
              .tag = "records",
              .summary = {"日常监管主体缺失", "Mines without a daily supervisor, or with one too low"},
              .response = object({{"without", mines}, {"too_low", mines}}),
              .handler = bind(supervision)});
}

}  // namespace mineward::api
