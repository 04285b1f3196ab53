// What moves between people: signatures, what is raised from what, links, and the clocks that run.
#include <fmt/format.h>

#include "api/application.h"
#include "api/codec.h"
#include "api/reply.h"
#include "api/schema.h"
#include "api/write_once.h"
#include "record/reminders.h"

namespace mineward::api {
namespace {

using record::Fields;
using record::Refusal;

/// The record type and id of a path. An error reply when either is no such thing.
struct Subject {
  const pack::RecordType* type = nullptr;
  record::RecordId id;
};
Result<Subject> subject_of(Context& context, const Call& call) {
  const auto* type = context.services.store.catalog().record_type(call.path_value("type"));
  if (!type) return not_found(fmt::format("there is no record type '{}'", call.path_value("type")));
  MW_ASSIGN(const auto id, id_of(call));
  return Subject{type, id};
}

Response sign(Context& context, const Call& call) {
  const auto subject = subject_of(context, call);
  if (!subject) return error_reply(subject.error(), call.request.id);
  auto& store = context.services.store;
  const auto current = store.get(call.caller.actor, subject->type->name, subject->id);
  if (!current) return error_reply(current.error(), call.request.id);
  const std::int64_t* version = call.body["version"].integer();
  const bool* agrees = call.body["agrees"].boolean();
  return write_once(context, call, 200, [&](record::Writer& writer) {
    return writer.sign(call.caller.actor, subject->type->name, subject->id, version ? *version : 0,
                       agrees && *agrees, call.body.text("opinion"));
  });
}

Response raise(Context& context, const Call& call) {
  const auto subject = subject_of(context, call);
  if (!subject) return error_reply(subject.error(), call.request.id);
  auto& store = context.services.store;
  const pack::RecordType* target = nullptr;
  for (const auto& r : subject->type->raises) {
    if (r.name == call.path_value("raise")) target = store.catalog().record_type(r.record);
  }
  if (!target)
    return error_reply(not_found(fmt::format("nothing called '{}' is raised from {}",
                                             call.path_value("raise"), subject->type->name)),
                       call.request.id);
  record::Outcome<Fields> fields = Fields{};
  if (!call.body["fields"].is_null())
    fields = record::fields_from_json(store.catalog(), *target, call.body["fields"]);
  if (const auto* refusal = std::get_if<Refusal>(&fields)) return error_reply(*refusal, {}, call.request.id);
  return write_once(context, call, 201, [&](record::Writer& writer) {
    return writer.raise(call.caller.actor, subject->type->name, subject->id, call.path_value("raise"),
                        std::get<Fields>(fields));
  });
}

Response raise_each(Context& context, const Call& call) {
  const auto subject = subject_of(context, call);
  if (!subject) return error_reply(subject.error(), call.request.id);
  auto& store = context.services.store;
  const auto made =
      store.raise_each(call.caller.actor, subject->type->name, subject->id, call.path_value("raise"), {});
  if (const auto* refusal = std::get_if<Refusal>(&made)) return error_reply(*refusal, {}, call.request.id);
  const auto& each = std::get<record::RaisedEach>(made);
  Json out;
  return json_reply(out.set("made", each.made).set("there_already", each.there_already));
}

Response links(Context& context, const Call& call) {
  const auto subject = subject_of(context, call);
  if (!subject) return error_reply(subject.error(), call.request.id);
  auto& store = context.services.store;
  const auto found = store.links(call.caller.actor, subject->type->name, subject->id);
  if (!found) return error_reply(found.error(), call.request.id);
  RecordJson json(store, call.caller.actor);
  Json::Array rows;
  for (const auto& link : *found) {
    Json row;
    row.set("type", link.type).set("id", link.id.text()).set("title", json.title(link.type, link.id));
    row.set("kind", link.kind)
        .set("outward", link.outward)
        .set("at", format_rfc3339(link.at))
        .set("by", link.by);
    const auto other = store.get(call.caller.actor, link.type, link.id);
    rows.push_back(row.set("state", other ? other->state : ""));
  }
  Json out;
  return json_reply(out.set("links", std::move(rows)));
}

Response signatures(Context& context, const Call& call) {
  const auto subject = subject_of(context, call);
  if (!subject) return error_reply(subject.error(), call.request.id);
  const auto found = context.services.store.signatures(call.caller.actor, subject->type->name, subject->id);
  if (!found) return error_reply(found.error(), call.request.id);
  Json::Array rows;
  for (const auto& signature : *found) rows.push_back(signature_json(signature));
  Json out;
  return json_reply(out.set("signatures", std::move(rows)));
}

Response signings(Context& context, const Call& call) {
  const auto limit = whole_parameter(call.request, "limit", 100, 1, 500);
  if (!limit) return error_reply(limit.error(), call.request.id);
  auto& store = context.services.store;
  const auto found = store.signings(call.caller.actor, static_cast<int>(*limit));
  if (!found) return error_reply(found.error(), call.request.id);
  RecordJson json(store, call.caller.actor);
  Json::Array rows;
  for (const auto& waiting : *found) {
    Json row;
    row.set("type", waiting.type)
        .set("id", waiting.id.text())
        .set("title", json.title(waiting.type, waiting.id));
    row.set("step", waiting.signing.step).set("begun_by", waiting.signing.begun_by_name);
    rows.push_back(row.set("begun_at", format_rfc3339(waiting.signing.begun_at)));
  }
  Json out;
  return json_reply(out.set("signings", std::move(rows)));
}

Response clocks(Context& context, const Call& call) {
  const auto limit = whole_parameter(call.request, "limit", 100, 1, 500);
  if (!limit) return error_reply(limit.error(), call.request.id);
  record::ClockQuery query;
  query.limit = static_cast<int>(*limit);
  query.type = call.request.parameter("type").value_or("");
  const auto mine = call.request.parameter("mine").value_or("");
  if (!mine.empty() && mine != "0" && mine != "1")
    return error_reply(bad_input(fmt::format("found \"{}\", expected 0 or 1", mine), "mine"),
                       call.request.id);
  query.mine = mine == "1";
  if (const auto before = call.request.parameter("before"); before && !before->empty()) {
    const auto time = parse_time(*before);
    if (!time) return error_reply(Error(time.error()).in("before"), call.request.id);
    query.before = time->utc_ms;
  }
  auto& store = context.services.store;
  const auto found = store.clocks(call.caller.actor, query);
  if (!found) return error_reply(found.error(), call.request.id);
  RecordJson json(store, call.caller.actor);
  Json::Array rows;
  for (const auto& view : *found)
    rows.push_back(clock_json(view).set("title", json.title(view.type, view.id)));
  Json out;
  return json_reply(out.set("clocks", std::move(rows)));
}

/// A reminder as a browser shows it; `title` through the caller's own eyes.
Response reminders(Context& context, const Call& call) {
  const auto limit = whole_parameter(call.request, "limit", 50, 1, 200);
  if (!limit) return error_reply(limit.error(), call.request.id);
  auto& store = context.services.store;
  const auto found = record::unseen_reminders(store, call.caller.actor, static_cast<int>(*limit),
                                              context.services.clock.now());
  if (!found) return error_reply(found.error(), call.request.id);
  RecordJson json(store, call.caller.actor);
  Json::Array rows;
  for (const auto& reminder : *found)
    rows.push_back(reminder_json(reminder).set("title", json.title(reminder.type, reminder.id)));
  Json out;
  return json_reply(out.set("reminders", std::move(rows)));
}

Result<std::vector<std::int64_t>> seqs_of(const Json& body) {
  constexpr std::size_t kMostSeen = 200;
  const Json::Array* given = body["seqs"].array();
  if (!given) return bad_input(fmt::format("found {}, expected a list", body["seqs"].kind()), "seqs");
  if (given->size() > kMostSeen)
    return bad_input(fmt::format("{} at once, at most {} expected", given->size(), kMostSeen), "seqs");
  std::vector<std::int64_t> seqs;
  for (const Json& seq : *given) {
    const std::int64_t* number = seq.integer();
    if (!number) return bad_input(fmt::format("found {}, expected a whole number", seq.kind()), "seqs");
    seqs.push_back(*number);
  }
  return seqs;
}

Response see_reminders(Context& context, const Call& call) {
  const auto seqs = seqs_of(call.body);
  if (!seqs) return error_reply(seqs.error(), call.request.id);
  const Status done =
      record::see_reminders(context.services.store, call.caller.actor, *seqs, context.services.clock.now());
  if (!done) return error_reply(done.error(), call.request.id);
  return reminders(context, call);
}

}  // namespace

void add_flow_routes(Router& router, Context& context) {
  using namespace schema;
  const std::string base = "/api/v1/records/{type}/{id}";
  const auto bind = [&context](Response (*handler)(Context&, const Call&)) -> Handler {
    return [&context, handler](const Call& call) { return handler(context, call); };
  };
  router.add({.method = Method::post,
              .pattern = base + "/signatures",
              .id = "signRecord",
              .tag = "records",
              .summary = {"会签", "Sign the step that waits for signatures, or send it back"},
              .body = BodyKind::json,
              .request = object({{"version", whole()}, {"agrees", boolean()}, {"opinion?", text()}}),
              .response = named("Record"),
              .once = true,
              .handler = bind(sign)});
  router.add({.method = Method::get,
              .pattern = base + "/signatures",
              .id = "recordSignatures",
              .tag = "records",
              .summary = {"会签记录", "Every signature of a record"},
              .response = object({{"signatures", list(named("Signature"))}}),
              .handler = bind(signatures)});
  router.add({.method = Method::post,
              .pattern = base + "/raise/{raise}",
              .id = "raiseRecord",
              .tag = "records",
              .summary = {"由此生成", "Make another record of this one"},
              .body = BodyKind::json,
              .request = object({{"fields?", named("Fields")}}),
              .response = named("Record"),
              .success = 201,
              .once = true,
              .handler = bind(raise)});
  router.add({.method = Method::post,
              .pattern = base + "/raise/{raise}/each",
              .id = "raiseForEach",
              .tag = "records",
              .summary = {"逐一生成", "Make one for every mine that it can name, in the scope of the caller"},
              .body = BodyKind::json,
              .request = object({}),
              .response = object({{"made", whole()}, {"there_already", whole()}}),
              .handler = bind(raise_each)});
  router.add({.method = Method::get,
              .pattern = base + "/links",
              .id = "recordLinks",
              .tag = "records",
              .summary = {"关联台账", "Records that belong to this one"},
              .response = object({{"links", list(object({{"type", text()},
                                                         {"id", id()},
                                                         {"title", text()},
                                                         {"kind", text()},
                                                         {"outward", boolean()},
                                                         {"state", text()},
                                                         {"at", time()},
                                                         {"by", text()}}))}}),
              .handler = bind(links)});
  router.add({.method = Method::get,
              .pattern = "/api/v1/signings",
              .id = "listSignings",
              .tag = "records",
              .summary = {"等我签署", "What waits for my signature"},
              .query = {{"limit", "integer", "1 to 500; default 100"}},
              .response = object({{"signings", list(object({{"type", text()},
                                                            {"id", id()},
                                                            {"title", text()},
                                                            {"step", text()},
                                                            {"begun_by", text()},
                                                            {"begun_at", time()}}))}}),
              .handler = bind(signings)});
  router.add({.method = Method::get,
              .pattern = "/api/v1/clocks",
              .id = "listClocks",
              .tag = "records",
              .summary = {"在走的时限", "Time limits that run, soonest first"},
              .query = {{"mine", "string", "1 = only those of which my roles are reminded"},
                        {"type", "string", "record type"},
                        {"before", "string", "due before this time"},
                        {"limit", "integer", "1 to 500; default 100"}},
              .response = object({{"clocks", list(named("Clock"))}}),
              .handler = bind(clocks)});
  const Json reminder_rows = object({{"reminders", list(object({{"seq", whole()},
                                                                {"type", text()},
                                                                {"id", id()},
                                                                {"title", text()},
                                                                {"clock", text()},
                                                                {"stage", text()},
                                                                {"due", time()},
                                                                {"at", time()}}))}});
  router.add({.method = Method::get,
              .pattern = "/api/v1/reminders",
              .id = "listReminders",
              .tag = "records",
              .summary = {"时限提醒", "Reminders of my time limits that I have not seen, newest first"},
              .query = {{"limit", "integer", "1 to 200; default 50"}},
              .response = reminder_rows,
              .handler = bind(reminders)});
  router.add({.method = Method::post,
              .pattern = "/api/v1/reminders/seen",
              .id = "seeReminders",
              .tag = "records",
              .summary = {"提醒已读", "I have seen these; answers with those that are left"},
              .body = BodyKind::json,
              .request = object({{"seqs", list(whole())}}),
              .response = reminder_rows,
              .handler = bind(see_reminders)});
}

}  // namespace mineward::api
