// Packs switched on, off or replaced for a region and a time, and what that would change.
#include <fmt/format.h>

#include "api/regulation.h"
#include "api/reply.h"
#include "api/schema.h"

namespace mineward::api {

using record::Fields;
using record::Outcome;
using record::Record;
using record::Refusal;

namespace {

constexpr int kMostSettings = 500;
/// A preview computes every duty up to its last day while nobody else may ask: a year ahead is far enough.
constexpr int kFurthestPreviewDays = 366;

/// The setting that a body describes. `region` is the record of the code.
struct Wanted {
  duty::Setting setting;
  record::RecordId region;
};

Result<std::optional<Date>> date_of(const Json& body, std::string_view name) {
  const std::string_view text = body.text(name);
  if (text.empty()) return std::optional<Date>{};
  auto date = parse_date(text);
  if (!date) return std::move(date).error().in(name);
  return std::optional(*date);
}

Result<Record> region_of(Context& context, const Call& call, std::string_view code) {
  record::ListQuery query;
  query.type = "region";
  query.filters = {{"code", record::Filter::Op::eq, {std::string(code)}}};
  query.limit = 1;
  MW_ASSIGN(auto page, context.services.store.list(call.caller.actor, query));
  if (page.records.empty())
    return bad_input(fmt::format("found '{}', expected the code of a region on record", code), "region");
  return std::move(page.records.front());
}

Result<Wanted> wanted_of(Context& context, const Call& call) {
  const Json& body = call.body;
  Wanted wanted;
  wanted.setting.pack = body.text("pack");
  wanted.setting.action = body.text("action");
  wanted.setting.replaced_by = body.text("replaced_by");
  wanted.setting.region = body.text("region");
  if (wanted.setting.pack.empty()) return bad_input("expected the name of a pack", "pack");
  const auto* actions = context.services.catalog->dictionary("pack_action");
  if (!actions || !actions->entry(wanted.setting.action))
    return bad_input(
        fmt::format("found '{}', expected switch_on, switch_off or replace", wanted.setting.action),
        "action");
  MW_ASSIGN(const Record region, region_of(context, call, wanted.setting.region));
  wanted.region = region.id;
  MW_ASSIGN(const auto first, date_of(body, "first_day"));
  if (!first) return bad_input("expected the first day", "first_day");
  wanted.setting.first = *first;
  MW_ASSIGN(wanted.setting.last, date_of(body, "last_day"));
  return wanted;
}

Json part_json(const duty::Preview::Part& part, const pack::Catalog& catalog, RecordJson& names) {
  Json::Array by_rule, by_change, sample;
  for (const auto& [rule, count] : part.by_rule) {
    Json j;
    for (const auto& known : catalog.duties) {
      if (known.id == rule) j.set("label", label_json(known.label));
    }
    by_rule.push_back(j.set("rule", rule).set("count", count));
  }
  for (const auto& [change, count] : part.by_change) {
    Json j;
    by_change.push_back(j.set("from", duty::name_of(change.first))
                            .set("to", duty::name_of(change.second))
                            .set("count", count));
  }
  for (const auto& change : part.sample) {
    Json j = duty_json(change.duty, names);
    sample.push_back(j.set("was", change.was ? Json(duty::name_of(*change.was)) : Json()));
  }
  Json out;
  out.set("count", part.count).set("by_rule", std::move(by_rule)).set("by_change", std::move(by_change));
  return out.set("sample", std::move(sample));
}

Result<Json> preview(Context& context, const Call& call) {
  MW_ASSIGN(const Wanted wanted, wanted_of(context, call));
  MW_ASSIGN(const auto until, date_of(call.body, "until"));
  const Date today = china_date(context.services.clock.now().utc_ms);
  const Date last = until ? *until : today;
  if (last.days > today.days + kFurthestPreviewDays)
    return bad_input(
        fmt::format("found {}, expected at most {} days ahead", format_date(last), kFurthestPreviewDays),
        "until");
  MW_ASSIGN(const auto preview, context.services.duties.preview(wanted.setting, last));
  const auto& catalog = *context.services.catalog;
  RecordJson names(context.services.store, call.caller.actor);
  Json::Array rules, warnings;
  for (const auto* rule : preview.rules) {
    Json j;
    rules.push_back(j.set("id", rule->id).set("label", label_json(rule->label)).set("clause", rule->clause));
  }
  for (const auto& warning : preview.warnings) warnings.push_back(label_json(warning));
  Json out;
  out.set("rules", std::move(rules)).set("appear", part_json(preview.appear, catalog, names));
  out.set("vanish", part_json(preview.vanish, catalog, names))
      .set("turn", part_json(preview.turn, catalog, names));
  out.set("unchanged", preview.unchanged).set("until", format_date(last));
  return out.set("warnings", std::move(warnings));
}

std::optional<Date> date_field(const Record& record, const char* name) {
  const auto found = record.fields.find(name);
  const auto* day = found == record.fields.end() ? nullptr : std::get_if<Date>(&found->second);
  return day ? std::optional(*day) : std::nullopt;
}

Json setting_json(Context& context, const Call& call, const Record& record) {
  const auto& catalog = *context.services.catalog;
  RecordJson names(context.services.store, call.caller.actor);
  const auto text = [&](const char* field) { return record.text(field); };
  const auto date = [&](const char* field) {
    const auto day = date_field(record, field);
    return day ? Json(format_date(*day)) : Json();
  };
  const auto* pack = catalog.pack(text("pack"));
  Json out;
  out.set("id", record.id.text()).set("version", record.version).set("pack", text("pack"));
  out.set("pack_label", pack ? label_json(pack->label) : Json()).set("action", text("action"));
  out.set("replaced_by", text("replaced_by").empty() ? Json() : Json(text("replaced_by")));
  const auto region = context.services.store.get(call.caller.actor, "region", record.reference("region"));
  out.set("region", region ? Json(region->text("code")) : Json())
      .set("region_name", region ? Json(region->text("name")) : Json());
  out.set("first_day", date("first_day"))
      .set("last_day", date("last_day"))
      .set("reason", text("reason"))
      .set("state", record.state);
  out.set("put_in_force_at", time_json(record.time("put_in_force_at")));
  Json::Array steps;
  for (const auto& step : context.services.store.possible_steps(call.caller.actor, record))
    steps.emplace_back(step);
  if (record.state == "prepared" && call.caller.actor.roles.contains("security_admin"))
    steps.emplace_back("put_in_force");
  return out.set("steps", std::move(steps));
}

Result<Json> list_settings(Context& context, const Call& call) {
  record::ListQuery query;
  query.type = "pack_setting";
  query.limit = kMostSettings;
  MW_ASSIGN(const auto page, context.services.store.list(call.caller.actor, query));
  Json::Array rows;
  for (const auto& record : page.records) rows.push_back(setting_json(context, call, record));
  Json out;
  return out.set("settings", std::move(rows));
}

Response setting_reply(Context& context, const Call& call, const Outcome<Record>& outcome, int status) {
  if (const auto* record = std::get_if<Record>(&outcome))
    return json_reply(setting_json(context, call, *record), status);
  const auto& refusal = std::get<Refusal>(outcome);
  Json current = refusal.current ? setting_json(context, call, *refusal.current) : Json();
  return error_reply(refusal, std::move(current), call.request.id);
}

Response prepare(Context& context, const Call& call) {
  auto wanted = wanted_of(context, call);
  if (!wanted) return error_reply(wanted.error(), call.request.id);
  // The same checks as for a preview: a pack that cannot be switched is refused here too.
  if (const auto checked = context.services.duties.preview(wanted->setting, wanted->setting.first); !checked)
    return error_reply(checked.error(), call.request.id);
  Fields fields{{"pack", wanted->setting.pack},
                {"action", wanted->setting.action},
                {"region", wanted->region},
                {"first_day", wanted->setting.first},
                {"reason", std::string(call.body.text("reason"))}};
  if (!wanted->setting.replaced_by.empty()) fields["replaced_by"] = wanted->setting.replaced_by;
  if (wanted->setting.last) fields["last_day"] = *wanted->setting.last;
  return setting_reply(context, call,
                       context.services.store.create(call.caller.actor, "pack_setting", fields), 201);
}

/// A setting may have been entered or changed as a plain record, and packs may have changed since: it is
/// checked once more, as for a preview, before it binds anybody.
Status check_prepared(Context& context, const Call& call, record::RecordId id) {
  MW_ASSIGN(const Record record, context.services.store.get(call.caller.actor, "pack_setting", id));
  MW_ASSIGN(const Record region,
            context.services.store.get(call.caller.actor, "region", record.reference("region")));
  const duty::Setting setting{record.id,
                              record.text("pack"),
                              record.text("action"),
                              record.text("replaced_by"),
                              region.text("code"),
                              date_field(record, "first_day").value_or(Date{}),
                              date_field(record, "last_day")};
  const auto checked = context.services.duties.preview(setting, setting.first);
  return checked ? Status() : checked.error();
}

Response take_step(Context& context, const Call& call, std::string_view step) {
  auto id = id_of(call);
  if (!id) return error_reply(id.error(), call.request.id);
  const std::int64_t* version = call.body["version"].integer();
  if (!version || *version < 1)
    return error_reply(bad_input("expected the version that you saw", "version"), call.request.id);
  if (step == "put_in_force") {
    if (const Status good = check_prepared(context, call, *id); !good)
      return error_reply(good.error(), call.request.id);
  }
  record::Actor actor = call.caller.actor;
  // The step is the program's, so that it is taken here only, after the checks; the log still names the
  // person.
  if (step == "put_in_force") actor.is_system = true;
  const auto outcome = context.services.store.step(actor, "pack_setting", *id, *version, step, {},
                                                   std::string(call.body.text("reason")));
  if (const Status turned = context.services.duties.catch_up(); !turned)
    return error_reply(turned.error(), call.request.id);
  return setting_reply(context, call, outcome, 200);
}

Response put_in_force(Context& context, const Call& call) { return take_step(context, call, "put_in_force"); }
Response withdraw(Context& context, const Call& call) { return take_step(context, call, "withdraw"); }

}  // namespace

void add_setting_routes(Router& router, Context& context) {
  using namespace schema;
  const Json body = object({{"pack", text()},
                            {"action", text()},
                            {"replaced_by?", text()},
                            {"region", text()},
                            {"first_day", text()},
                            {"last_day?", text()},
                            {"reason?", text()},
                            {"until?", text()}});
  const auto post = [&](std::string pattern, std::string id, pack::Label summary, Json request, int success,
                        Handler handler) {
    router.add({.method = Method::post,
                .pattern = std::move(pattern),
                .id = std::move(id),
                .tag = "regulation",
                .summary = std::move(summary),
                .roles = {"security_admin"},
                .body = BodyKind::json,
                .request = std::move(request),
                .response = anything(),
                .success = success,
                .handler = std::move(handler)});
  };
  const auto bind = [&context](Response (*handler)(Context&, const Call&)) -> Handler {
    return [&context, handler](const Call& call) { return handler(context, call); };
  };
  router.add({.method = Method::get,
              .pattern = "/api/v1/packs/settings",
              .id = "listPackSettings",
              .tag = "regulation",
              .summary = {"规则包启停", "Pack settings"},
              .response = object({{"settings", list(anything())}}),
              .handler = json_handler(context, list_settings)});
  post("/api/v1/packs/preview", "previewPackSetting", {"预览启停影响", "What a pack setting would change"},
       body, 200, json_handler(context, preview));
  post("/api/v1/packs/settings", "preparePackSetting", {"拟定启停", "Prepare a pack setting"}, body, 201,
       bind(prepare));
  const Json step = object({{"version", whole()}, {"reason?", text()}});
  post("/api/v1/packs/settings/{id}/put_in_force", "putPackSettingInForce",
       {"生效", "Put a pack setting in force"}, step, 200, bind(put_in_force));
  post("/api/v1/packs/settings/{id}/withdraw", "withdrawPackSetting", {"撤销", "Withdraw a pack setting"},
       step, 200, bind(withdraw));
}

}  // namespace mineward::api
