// What the mines look like now and looked like before: board, live points, people underground, curves.
#include <fmt/format.h>

#include <algorithm>

#include "api/application.h"
#include "api/codec.h"
#include "api/reply.h"
#include "api/schema.h"

namespace mineward::api {

using record::Filter;
using record::ListQuery;
using record::Record;
using record::RecordId;
using Op = Filter::Op;

namespace {

constexpr std::int64_t kMostBuckets = 5000;
constexpr std::size_t kMostSamples = 50'000;
constexpr int kMostPoints = 5000;
/// A live value older than this behind the newest of its mine, or a mine silent for so long, is shown as
/// stale. For the eye only; the alarm for silence is rule C-1 of the packs.
constexpr Millis kStaleAfter{5 * 60'000};
/// State bits other than alarm and cut (monitoring.md 1.3): calibration, over range, station fault, not
/// polled, paused, sensor fault; and the intake's mark for a value outside the point's range.
constexpr std::uint16_t kDoubtfulBits = 0xFC | feed::kBadQuality;

/// Every record of a list, page by page.
Result<std::vector<Record>> list_all(record::Store& store, const record::Actor& actor, ListQuery query,
                                     int most) {
  std::vector<Record> all;
  query.limit = 500;
  for (;;) {
    MW_ASSIGN(auto page, store.list(actor, query));
    std::move(page.records.begin(), page.records.end(), std::back_inserter(all));
    if (page.next.empty() || static_cast<int>(all.size()) >= most) return all;
    query.after = page.next;
  }
}

Response mines_by_concern(Context& context, const Call& call) {
  const ArrivalTime now = context.services.clock.now();
  auto mines = context.services.watch.board(call.caller.actor, now);
  if (!mines) return error_reply(mines.error(), call.request.id);
  Json::Array rows;
  for (const auto& mine : *mines) rows.push_back(concern_json(mine));
  Json out;
  return json_reply(out.set("as_of", time_json(now)).set("mines", std::move(rows)));
}

/// The gravest open alarm of each point of a mine.
Result<std::map<RecordId, std::pair<RecordId, pack::Grade>>> open_alarms(Context& context, const Call& call,
                                                                         RecordId mine) {
  ListQuery query;
  query.type = "alarm";
  query.filters = {
      {"mine", Op::eq, {mine.text()}}, {"cleared_at", Op::is_null, {}}, {"state", Op::ne, {"closed"}}};
  MW_ASSIGN(const auto alarms, list_all(context.services.store, call.caller.actor, query, kMostPoints));
  std::map<RecordId, std::pair<RecordId, pack::Grade>> by_point;
  for (const auto& alarm : alarms) {
    const RecordId point = alarm.reference("point");
    if (!point) continue;
    const pack::Grade grade = pack::parse_grade(alarm.text("grade")).value_or(pack::Grade::none);
    const auto [slot, is_new] = by_point.try_emplace(point, alarm.id, grade);
    if (!is_new && grade > slot->second.second) slot->second = {alarm.id, grade};
  }
  return by_point;
}

/// Whether no monitoring file of the mine arrived lately.
bool is_silent(Context& context, const Call& call, RecordId mine) {
  const ArrivalTime now = context.services.clock.now();
  const auto feeds = feed::feed_health(context.services.store, call.caller.actor, now, mine);
  if (!feeds) return true;
  return std::none_of(feeds->begin(), feeds->end(), [&](const feed::FeedHealth& feed) {
    return feed.system == "aqjk" && feed.last_arrival && now - *feed.last_arrival <= kStaleAfter;
  });
}

Json field_json(const pack::RecordType& type, const Record& record, const char* name) {
  const auto found = record.fields.find(name);
  if (found == record.fields.end() || !type.field(name)) return {};
  if (const auto* text = std::get_if<std::string>(&found->second)) return *text;
  if (const auto* number = std::get_if<double>(&found->second)) return *number;
  return {};
}

Json point_json(Context& context, const Call& call, const Record& point, std::string_view mine_code) {
  const auto& catalog = *context.services.catalog;
  const pack::RecordType& type = *catalog.record_type("point");
  Json j;
  j.set("id", point.id.text());
  for (const char* name : {"code", "place", "working_area", "role", "sensor_type", "unit", "value_type",
                           "on_text", "off_text"}) {
    j.set(name, field_json(type, point, name));
  }
  Json gas;
  if (const auto* dictionary = catalog.dictionary("sensor_type")) {
    if (const auto* entry = dictionary->entry(point.text("sensor_type"))) {
      if (const auto found = entry->extra.find("gas"); found != entry->extra.end() && !found->second.empty())
        gas = found->second;
    }
  }
  j.set("gas", std::move(gas));
  const auto key = context.services.history.find_point(mine_code, point.text("code"));
  const auto latest = key ? context.services.history.latest(*key) : std::nullopt;
  j.set("value", latest && latest->value ? Json(*latest->value) : Json());
  j.set("state", latest ? Json(static_cast<std::int64_t>(latest->state)) : Json());
  j.set("at", latest ? time_json(latest->at) : Json());
  const EventTime at = latest ? latest->at : EventTime{context.services.clock.now().utc_ms};
  const auto limits = context.services.watch.limits(call.caller.actor, point.id, at);
  const watch::PointLimits none;
  const watch::PointLimits& l = limits ? *limits : none;
  j.set("alarm", bound_json(l.alarm)).set("alarm_low", bound_json(l.alarm_low)).set("cut", bound_json(l.cut));
  j.set("restore", bound_json(l.restore)).set("limit_source", l.source).set("mine_alarm", l.mine_alarm);
  return j;
}

std::string_view quality_of(const Json& point, const std::optional<history::Sample>& latest, EventTime newest,
                            bool silent) {
  if (!latest || point["value"].is_null()) return "no_value";
  if (silent || newest - latest->at > kStaleAfter) return "stale";
  return (latest->state & kDoubtfulBits) != 0 ? "doubtful" : "good";
}

Response live(Context& context, const Call& call) {
  auto id = id_of(call);
  if (!id) return error_reply(id.error(), call.request.id);
  auto& store = context.services.store;
  auto mine = store.get(call.caller.actor, "mine", *id);
  if (!mine) return error_reply(mine.error(), call.request.id);
  ListQuery query;
  query.type = "point";
  query.sort = "code";
  query.descending = false;
  query.filters = {{"mine", Op::eq, {id->text()}}, {"removed", Op::eq, {"false"}}};
  auto points = list_all(store, call.caller.actor, query, kMostPoints);
  if (!points) return error_reply(points.error(), call.request.id);
  auto alarms = open_alarms(context, call, *id);
  if (!alarms) return error_reply(alarms.error(), call.request.id);

  const std::string code = mine->text("code");
  auto& history = context.services.history;
  std::vector<std::optional<history::Sample>> latest;
  EventTime newest{};
  for (const auto& point : *points) {
    const auto key = history.find_point(code, point.text("code"));
    latest.push_back(key ? history.latest(*key) : std::nullopt);
    if (latest.back()) newest = std::max(newest, latest.back()->at);
  }
  const bool silent = is_silent(context, call, *id);
  Json::Array rows;
  for (std::size_t i = 0; i < points->size(); ++i) {
    Json row = point_json(context, call, (*points)[i], code);
    row.set("quality", quality_of(row, latest[i], newest, silent));
    const auto alarm = alarms->find((*points)[i].id);
    row.set("alarm_id", alarm == alarms->end() ? Json() : Json(alarm->second.first.text()));
    row.set("alarm_grade", alarm == alarms->end() ? Json() : Json(pack::name_of(alarm->second.second)));
    rows.push_back(std::move(row));
  }
  RecordJson json(store, call.caller.actor);
  Json out;
  out.set("mine", json.of(*mine)).set("as_of", time_json(context.services.clock.now()));
  return json_reply(out.set("points", std::move(rows)));
}

/// One row a point, `[id, value, state, at in ms]`, written as text at once: a county has tens of thousands.
void write_latest(JsonWriter& json, const history::History& history, const watch::MinePoints& mine) {
  json.begin_object().member("mine", mine.mine.text()).key("points").begin_array();
  for (const auto& [id, key] : mine.points) {
    const auto latest = history.latest(key);
    if (!latest) continue;
    json.begin_array().value(id.text()).value(latest->value);
    json.value(static_cast<int>(latest->state)).value(latest->at.utc_ms).end_array();
  }
  json.end_array().end_object();
}

Response latest(Context& context, const Call& call) {
  auto mine = mine_parameter(context, call);
  if (!mine) return error_reply(mine.error(), call.request.id);
  const auto mines = context.services.watch.points(call.caller.actor, *mine);
  if (!mines) return error_reply(mines.error(), call.request.id);
  std::string out;
  JsonWriter json(out);
  json.begin_object()
      .member("as_of", format_rfc3339(context.services.clock.now()))
      .key("mines")
      .begin_array();
  for (const auto& found : *mines) write_latest(json, context.services.history, found);
  json.end_array().end_object();
  return json_text_reply(std::move(out));
}

Response people(Context& context, const Call& call) {
  auto id = id_of(call);
  if (!id) return error_reply(id.error(), call.request.id);
  auto mine = context.services.store.get(call.caller.actor, "mine", *id);
  if (!mine) return error_reply(mine.error(), call.request.id);
  auto underground = context.services.watch.underground(call.caller.actor, *id);
  if (!underground) return error_reply(underground.error(), call.request.id);
  return json_reply(underground_json(*underground));
}

struct Span {
  EventTime from, to;
  Millis width;
};

Result<Span> span_of(Context& context, const Call& call) {
  const auto time = [&](std::string_view name, EventTime otherwise) -> Result<EventTime> {
    const auto text = call.request.parameter(name);
    if (!text || text->empty()) return otherwise;
    auto parsed = parse_time(*text);
    if (!parsed) return std::move(parsed).error().in(name);
    return parsed;
  };
  MW_ASSIGN(const auto to, time("to", EventTime{context.services.clock.now().utc_ms}));
  MW_ASSIGN(const auto from, time("from", to - Millis(24 * 3600 * 1000)));
  Millis width{60'000};
  if (const auto text = call.request.parameter("width"); text && !text->empty()) {
    if (*text == "0") {
      width = Millis{0};
    } else {
      auto parsed = parse_duration(*text);
      if (!parsed) return std::move(parsed).error().in("width");
      width = *parsed;
    }
  }
  if (from >= to) return bad_input("expected a time before `to`", "from");
  if (width < Millis{0}) return bad_input("expected 0 or a duration such as 60s", "width");
  if (width > Millis{0} && (to - from) / width > kMostBuckets) {
    return bad_input(fmt::format("{} buckets of {} are more than {}; take a larger width",
                                 (to - from) / width, format_duration(width), kMostBuckets),
                     "width");
  }
  return Span{from, to, width};
}

/// Alarms of the point that overlap the span.
Result<Json> alarm_spans(Context& context, const Call& call, RecordId point, const Span& span) {
  ListQuery query;
  query.type = "alarm";
  query.sort = "begin_at";
  query.filters = {{"point", Op::eq, {point.text()}}, {"begin_at", Op::lt, {format_rfc3339(span.to)}}};
  query.limit = 500;
  MW_ASSIGN(const auto page, context.services.store.list(call.caller.actor, query));
  Json::Array rows;
  for (const auto& alarm : page.records) {
    const auto cleared = alarm.time("cleared_at");
    if (cleared && *cleared < span.from) continue;
    Json row;
    row.set("id", alarm.id.text()).set("rule", alarm.text("rule")).set("grade", alarm.text("grade"));
    row.set("begin_at", time_json(alarm.time("begin_at"))).set("cleared_at", time_json(cleared));
    rows.push_back(std::move(row));
  }
  return Json(std::move(rows));
}

Status add_readings(Context& context, std::string_view mine_code, std::string_view point_code,
                    const Span& span, Json& out) {
  auto& history = context.services.history;
  const auto key = history.find_point(mine_code, point_code);
  Json::Array buckets, samples;
  if (key && span.width == Millis{0}) {
    MW_ASSIGN(const auto found, history.range(*key, span.from, span.to, kMostSamples));
    for (const auto& sample : found) {
      samples.push_back(Json(Json::Array{Json(sample.at.utc_ms), sample.value ? Json(*sample.value) : Json(),
                                         Json(static_cast<std::int64_t>(sample.state))}));
    }
    out.set("cut_short", found.size() == kMostSamples);
  } else if (key) {
    MW_ASSIGN(const auto found, history.buckets(*key, span.from, span.to, span.width));
    for (const auto& b : found) {
      Json row;
      row.set("at", time_json(b.from)).set("count", static_cast<std::int64_t>(b.count));
      row.set("min", b.count ? Json(b.min) : Json()).set("max", b.count ? Json(b.max) : Json());
      row.set("mean", b.count ? Json(b.mean) : Json()).set("last", b.count ? Json(b.last) : Json());
      buckets.push_back(row.set("states", static_cast<std::int64_t>(b.states)));
    }
  }
  out.set("buckets", std::move(buckets)).set("samples", std::move(samples));
  return {};
}

Response series(Context& context, const Call& call) {
  auto id = id_of(call);
  if (!id) return error_reply(id.error(), call.request.id);
  auto& store = context.services.store;
  auto point = store.get(call.caller.actor, "point", *id);
  if (!point) return error_reply(point.error(), call.request.id);
  auto mine = store.get(call.caller.actor, "mine", point->reference("mine"));
  if (!mine) return error_reply(mine.error(), call.request.id);
  auto span = span_of(context, call);
  if (!span) return error_reply(span.error(), call.request.id);
  Json out;
  out.set("unit", point->text("unit")).set("from", time_json(span->from)).set("to", time_json(span->to));
  out.set("width_s", static_cast<double>(span->width.count()) / 1000.0);
  if (auto added = add_readings(context, mine->text("code"), point->text("code"), *span, out); !added) {
    return error_reply(added.error(), call.request.id);
  }
  auto limits = context.services.watch.limits(call.caller.actor, *id, span->to);
  if (!limits) return error_reply(limits.error(), call.request.id);
  Json bounds;
  bounds.set("alarm", bound_json(limits->alarm)).set("alarm_low", bound_json(limits->alarm_low));
  bounds.set("cut", bound_json(limits->cut)).set("restore", bound_json(limits->restore));
  auto alarms = alarm_spans(context, call, *id, *span);
  if (!alarms) return error_reply(alarms.error(), call.request.id);
  return json_reply(out.set("limits", std::move(bounds)).set("alarms", *std::move(alarms)));
}

Response hazard_of_alarm(Context& context, const Call& call) {
  auto id = id_of(call);
  if (!id) return error_reply(id.error(), call.request.id);
  auto& store = context.services.store;
  const auto alarm = store.get(call.caller.actor, "alarm", *id);
  if (!alarm) return error_reply(alarm.error(), call.request.id);
  const pack::RecordType* type = context.services.catalog->record_type("hazard");
  if (!type) return error_reply(not_found("the packs have no hazards"), call.request.id);
  record::Fields more;
  if (!call.body["fields"].is_null()) {
    auto fields = record::fields_from_json(*context.services.catalog, *type, call.body["fields"]);
    if (const auto* refusal = std::get_if<record::Refusal>(&fields))
      return error_reply(*refusal, {}, call.request.id);
    more = std::get<record::Fields>(std::move(fields));
  }
  return record_reply(context, call, watch::hazard_from_alarm(store, call.caller.actor, *id, more), 201);
}

}  // namespace

void add_monitoring_routes(Router& router, Context& context) {
  using namespace schema;
  const auto bind = [&context](Response (*handler)(Context&, const Call&)) -> Handler {
    return [&context, handler](const Call& call) { return handler(context, call); };
  };
  router.add({.method = Method::get,
              .pattern = "/api/v1/board",
              .id = "getBoard",
              .tag = "monitoring",
              .summary = {"矿山关注度排序", "Mines ranked by concern"},
              .response = object({{"as_of", time()}, {"mines", list(named("Concern"))}}),
              .handler = bind(mines_by_concern)});
  router.add({.method = Method::get,
              .pattern = "/api/v1/mines/{id}/live",
              .id = "getLive",
              .tag = "monitoring",
              .summary = {"矿山实时测点", "Points of a mine now"},
              .response = object(
                  {{"mine", named("Record")}, {"as_of", time()}, {"points", list(named("LivePoint"))}}),
              .handler = bind(live)});
  router.add({.method = Method::get,
              .pattern = "/api/v1/latest",
              .id = "getLatest",
              .tag = "monitoring",
              .summary = {"全部测点最新值", "Latest value of every point"},
              .query = {{"mine", "string", "only this mine"}},
              .response = object(
                  {{"as_of", time()},
                   {"mines", list(object({{"mine", schema::id()}, {"points", list(list(anything()))}}))}}),
              .handler = bind(latest)});
  router.add({.method = Method::get,
              .pattern = "/api/v1/mines/{id}/people",
              .id = "getPeople",
              .tag = "monitoring",
              .summary = {"井下人员", "People underground"},
              .response = named("Underground"),
              .handler = bind(people)});
  router.add({.method = Method::get,
              .pattern = "/api/v1/points/{id}/series",
              .id = "getSeries",
              .tag = "monitoring",
              .summary = {"测点曲线", "Curve of a point"},
              .query = {{"from", "string", "time; default a day before `to`"},
                        {"to", "string", "time; default now"},
                        {"width", "string", "width of a bucket such as 60s; 0 = every sample"}},
              .response = named("Series"),
              .handler = bind(series)});
  router.add({.method = Method::post,
              .pattern = "/api/v1/alarms/{id}/hazard",
              .id = "hazardOfAlarm",
              .tag = "monitoring",
              .summary = {"报警转隐患", "Make a hazard of an alarm"},
              .body = BodyKind::json,
              .request = object({{"fields?", named("Fields")}}),
              .response = named("Record"),
              .success = 201,
              .handler = bind(hazard_of_alarm)});
  router.add({.method = Method::get,
              .pattern = "/api/v1/live",
              .id = "live",
              .tag = "monitoring",
              .summary = {"实时推送（WebSocket）", "Live push (WebSocket)"},
              .success = 101,
              .live = true,
              .handler = [](const Call& call) {  // the transport turns WebSocket handshakes aside before this
                return error_reply(bad_input("expected a WebSocket handshake"), call.request.id);
              }});
}

}  // namespace mineward::api
