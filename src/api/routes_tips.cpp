// What officers do about tip-offs beside the flows: sealed fields opened by two persons, a code for who
// called, a reward paid by a word, and the poster with the QR code of the public page.
#include <fmt/format.h>

#include <algorithm>

#include "api/application.h"
#include "api/codec.h"
#include "api/qr_code.h"
#include "api/reply.h"
#include "api/schema.h"
#include "api/tip_door.h"
#include "record/unsealing.h"

namespace mineward::api {
namespace {

using record::Fields;
using record::Outcome;
using record::Record;
using record::RecordId;
using record::Refusal;

struct Subject {
  const pack::RecordType* type = nullptr;
  RecordId id;
};

Result<Subject> subject_of(Context& context, const Call& call) {
  const auto* type = context.services.store.catalog().record_type(call.path_value("type"));
  if (!type) return not_found(fmt::format("there is no record type '{}'", call.path_value("type")));
  MW_ASSIGN(const auto id, id_of(call));
  MW_TRY(context.services.store.get(call.caller.actor, type->name, id));
  return Subject{type, id};
}

TipDoor door_of(Context& context) {
  return {context.services.store, context.services.clock, context.services.random,
          context.options.sessions.cost};
}

// ---- sealed fields

Response ask(Context& context, const Call& call) {
  const auto subject = subject_of(context, call);
  if (!subject) return error_reply(subject.error(), call.request.id);
  std::vector<std::string> fields;
  if (const auto* names = call.body["names"].array()) {
    for (const auto& name : *names) fields.emplace_back(name.string() ? *name.string() : "");
  }
  Outcome<Record> made = Refusal{unavailable("not written"), {}, {}};
  const Status written = context.services.store.write([&](record::Writer& writer) -> Status {
    made = writer.ask_to_unseal(call.caller.actor, subject->type->name, subject->id, fields,
                                call.body.text("reason"));
    if (const auto* refused = std::get_if<Refusal>(&made)) return refused->error;
    return {};
  });
  if (!written && std::holds_alternative<Record>(made)) return error_reply(written.error(), call.request.id);
  return record_reply(context, call, made, 201);
}

Json opening_json(Context& context, const Call& call, const Record& opening) {
  RecordJson json(context.services.store, call.caller.actor);
  Json out = json.of(opening, true);
  const auto until = record::open_until(opening);
  const std::int64_t now = context.services.clock.now().utc_ms;
  const bool is_open = opening.state == record::kOpenState && until && now < until->utc_ms;
  out.set("until", until ? Json(format_rfc3339(until->utc_ms)) : Json()).set("open", is_open);
  return out.set("may_look", is_open && opening.reference("asked_by") == call.caller.actor.account);
}

Response openings(Context& context, const Call& call) {
  const auto subject = subject_of(context, call);
  if (!subject) return error_reply(subject.error(), call.request.id);
  using Op = record::Filter::Op;
  record::ListQuery query;
  query.type = record::kOpeningType;
  query.filters = {{"record_id", Op::eq, {subject->id.text()}},
                   {"record_type", Op::eq, {subject->type->name}}};
  auto page = context.services.store.list(call.caller.actor, query);
  if (!page) return error_reply(page.error(), call.request.id);
  Json::Array rows;
  for (const auto& opening : page->records) rows.push_back(opening_json(context, call, opening));
  Json out;
  return json_reply(out.set("openings", std::move(rows)));
}

Response look(Context& context, const Call& call) {
  const auto subject = subject_of(context, call);
  if (!subject) return error_reply(subject.error(), call.request.id);
  const auto opening = id_of(call, "opening");
  if (!opening) return error_reply(opening.error(), call.request.id);
  Outcome<Fields> clear = Refusal{unavailable("not written"), {}, {}};
  const Status written = context.services.store.write([&](record::Writer& writer) -> Status {
    clear = writer.unseal(call.caller.actor, subject->type->name, subject->id, *opening);
    if (const auto* refused = std::get_if<Refusal>(&clear)) return refused->error;
    return {};
  });
  if (const auto* refused = std::get_if<Refusal>(&clear)) return error_reply(*refused, {}, call.request.id);
  if (!written) return error_reply(written.error(), call.request.id);  // no look that is not in the log
  Json fields{Json::Object{}};
  for (const auto& [name, value] : std::get<Fields>(clear)) {
    if (const auto* text = std::get_if<std::string>(&value)) fields.set(name, *text);
  }
  Json out;
  return json_reply(out.set("fields", std::move(fields)));
}

// ---- code, reward

Response give_code(Context& context, const Call& call) {
  const auto id = id_of(call);
  if (!id) return error_reply(id.error(), call.request.id);
  const auto made = door_of(context).give_code(call.caller.actor, *id);
  if (const auto* refused = std::get_if<Refusal>(&made)) return error_reply(*refused, {}, call.request.id);
  const auto& receipt = std::get<TipReceipt>(made);
  Json out;
  return json_reply(out.set("number", receipt.number).set("code", receipt.code), 201);
}

Response pay(Context& context, const Call& call) {
  const auto id = id_of(call);
  if (!id) return error_reply(id.error(), call.request.id);
  auto& store = context.services.store;
  const auto* type = store.catalog().record_type("tip_reward");
  if (!type) return error_reply(not_found("no pack has rewards"), call.request.id);
  Json given{Json::Object{}};
  given.set("paid_on", call.body["paid_on"]).set("receipt_number", call.body["receipt_number"]);
  auto fields = record::fields_from_json(store.catalog(), *type, given);
  if (const auto* refused = std::get_if<Refusal>(&fields)) return error_reply(*refused, {}, call.request.id);
  const std::int64_t* version = call.body["version"].integer();
  return record_reply(context, call,
                      door_of(context).pay(call.caller.actor, *id, version ? *version : 0,
                                           call.body.text("word"), std::get<Fields>(fields)));
}

// ---- poster

/// Where the public reaches us, as the configuration says or as the browser that asks does.
std::string public_address(const Context& context, const Request& request) {
  if (!context.options.papers.public_url.empty()) return context.options.papers.public_url;
  const std::string_view host = request.header("host");
  const bool plain =
      host.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-:[]") ==
      std::string_view::npos;
  const bool secure = request.tls || !context.options.tls_certificate.empty();
  return fmt::format("{}://{}", secure ? "https" : "http", plain && !host.empty() ? host : "localhost");
}

Response poster(Context& context, const Call& call) {
  auto& store = context.services.store;
  const auto mine = mine_parameter(context, call);
  if (!mine) return error_reply(mine.error(), call.request.id);
  std::string query, about;
  TipDoor door = door_of(context);
  const auto bodies = door.authorities(*mine);
  if (!bodies) return error_reply(bodies.error(), call.request.id);
  const Record* body = bodies->empty() ? nullptr : &bodies->front();
  if (*mine) {
    query = "?m=" + (*mine)->text();
    const auto found = store.get(call.caller.actor, "mine", **mine);
    if (!found) return error_reply(found.error(), call.request.id);
    about = found->text("name");
  } else {
    const auto own = parse_record_id(call.request.parameter("authority").value_or(""));
    if (!own)
      return error_reply(bad_input("expected the id of a mine or of a regulator", "authority"),
                         call.request.id);
    const auto seen = store.get(call.caller.actor, "organisation", *own);
    if (!seen) return error_reply(seen.error(), call.request.id);
    const auto found =
        std::find_if(bodies->begin(), bodies->end(), [&](const auto& b) { return b.id == *own; });
    if (found == bodies->end())
      return error_reply(bad_input("expected a regulator", "authority"), call.request.id);
    body = &*found;
    query = "?a=" + own->text();
  }
  const std::string address = public_address(context, call.request) + "/tip";
  const auto svg = qr_svg(address + query);
  if (!svg) return error_reply(svg.error(), call.request.id);
  Json out;
  out.set("address", address).set("link", address + query).set("svg", *svg);
  out.set("mine", about.empty() ? Json() : Json(about));
  return json_reply(out.set("authority", body ? Json(body->text("name")) : Json()));
}

}  // namespace

void add_tip_routes(Router& router, Context& context) {
  using namespace schema;
  const std::string record = "/api/v1/records/{type}/{id}";
  const auto bind = [&context](Response (*handler)(Context&, const Call&)) -> Handler {
    return [&context, handler](const Call& call) { return handler(context, call); };
  };
  router.add({.method = Method::get,
              .pattern = record + "/openings",
              .id = "listOpenings",
              .tag = "records",
              .summary = {"拆封记录", "Openings of the sealed fields of a record"},
              .response = object({{"openings", list(named("Record"))}}),
              .handler = bind(openings)});
  router.add({.method = Method::post,
              .pattern = record + "/openings",
              .id = "askOpening",
              .tag = "records",
              .summary = {"申请拆封", "Ask that sealed fields be opened"},
              .body = BodyKind::json,
              .request = object({{"reason", text()}, {"names?", list(text())}}),
              .response = named("Record"),
              .success = 201,
              .handler = bind(ask)});
  router.add({.method = Method::post,
              .pattern = record + "/openings/{opening}/look",
              .id = "lookSealed",
              .tag = "records",
              .summary = {"查看拆封内容",
                          "The sealed fields in clear, while an agreed opening lasts; noted in the log"},
              .body = BodyKind::json,
              .response = object({{"fields", anything()}}),
              .handler = bind(look)});
  router.add({.method = Method::post,
              .pattern = "/api/v1/records/tip/{id}/follow-code",
              .id = "giveTipCode",
              .tag = "records",
              .summary = {"生成查询码",
                          "A follow-up code for a tip-off that came by telephone, letter or in person"},
              .roles = {"tip_officer"},
              .body = BodyKind::json,
              .response = object({{"number", text()}, {"code", text()}}),
              .success = 201,
              .handler = bind(give_code)});
  router.add({.method = Method::post,
              .pattern = "/api/v1/records/tip_reward/{id}/claim",
              .id = "payTipReward",
              .tag = "records",
              .summary = {"凭口令兑付", "Pay a reward to whom knows the word"},
              .roles = {"finance_officer"},
              .body = BodyKind::json,
              .request = object(
                  {{"version", whole()}, {"word", text()}, {"paid_on", text()}, {"receipt_number", text()}}),
              .response = named("Record"),
              .handler = bind(pay)});
  router.add(
      {.method = Method::get,
       .pattern = "/api/v1/tip-poster",
       .id = "getTipPoster",
       .tag = "records",
       .summary = {"举报二维码", "The QR code of the public page for a mine or a regulator"},
       .query = {{"mine", "string", "the mine where it hangs"}, {"authority", "string", "or the regulator"}},
       .response = object({{"address", text()},
                           {"link", text()},
                           {"svg", text()},
                           {"mine", maybe(text())},
                           {"authority", maybe(text())}}),
       .handler = bind(poster)});
}

}  // namespace mineward::api
