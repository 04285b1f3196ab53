// What people look at first: what stands open and is theirs to move on, the board of a flow, what happened at
// a mine, and what regulators let slip.
#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "api/application.h"
#include "api/codec.h"
#include "api/reply.h"
#include "api/schema.h"
#include "base/text.h"
#include "duty/supervision.h"
#include "record/csv.h"
#include "record/mine_events.h"
#include "record/open_work.h"

namespace mineward::api {
namespace {

using record::RecordId;

constexpr int kMostLinesExported = 20'000;

/// An id in the query; 0 when it is not given.
Result<RecordId> id_parameter(const Call& call, std::string_view name) {
  const auto text = call.request.parameter(name);
  if (!text || text->empty()) return RecordId{};
  const auto id = parse_record_id(*text);
  if (!id)
    return bad_input(fmt::format("found '{}', an id is expected", text->substr(0, 80)), std::string(name));
  return *id;
}

Result<bool> flag_parameter(const Call& call, std::string_view name) {
  const auto text = call.request.parameter(name).value_or("");
  if (text.empty() || text == "0") return false;
  if (text == "1") return true;
  return bad_input(fmt::format("found '{}', expected 0 or 1", text.substr(0, 80)), std::string(name));
}

std::vector<std::string> list_parameter(const Call& call, std::string_view name) {
  std::vector<std::string> out;
  const std::string text(call.request.parameter(name).value_or(""));
  for (const auto part : split(text, ',')) {
    if (!part.empty()) out.emplace_back(part);
  }
  return out;
}

// ---- work
// ------------------------------------------------------------------------------------------------

Result<record::WorkQuery> work_query(const Call& call, int first) {
  record::WorkQuery query;
  MW_ASSIGN(query.mine, id_parameter(call, "mine"));
  MW_ASSIGN(query.under, id_parameter(call, "organisation"));
  MW_ASSIGN(const auto most, whole_parameter(call.request, "first", first, 0, 100));
  query.first = static_cast<int>(most);
  return query;
}

Json due_json(const std::optional<std::int64_t>& due) {
  return due ? Json(format_rfc3339(EventTime{*due})) : Json();
}

Json item_json(RecordJson& json, const std::string& type, const std::string& state,
               const record::WorkItem& item) {
  Json out;
  out.set("owner_name", item.owner ? json.title("organisation", item.owner) : std::string());
  out.set("id", item.id.text()).set("title", json.title(type, item.id)).set("state", state);
  return out.set("clock", item.clock.empty() ? Json() : Json(item.clock)).set("due", due_json(item.due));
}

/// The soonest of all states, as many as were asked for.
Json soonest_json(RecordJson& json, const record::TypeWork& work, int most) {
  std::vector<std::pair<std::string, record::WorkItem>> items;
  for (const auto& state : work.states) {
    for (const auto& item : state.first) items.emplace_back(state.state, item);
  }
  std::stable_sort(items.begin(), items.end(), [](const auto& a, const auto& b) {
    return a.second.due.value_or(INT64_MAX) < b.second.due.value_or(INT64_MAX);
  });
  if (items.size() > static_cast<std::size_t>(most)) items.resize(static_cast<std::size_t>(most));
  Json::Array rows;
  for (const auto& [state, item] : items) rows.push_back(item_json(json, work.type, state, item));
  return rows;
}

Result<Json> work(Context& context, const Call& call) {
  MW_ASSIGN(auto query, work_query(call, 3));
  MW_ASSIGN(query.to_move, flag_parameter(call, "to_move"));
  query.types = list_parameter(call, "type");
  const ArrivalTime now = context.services.clock.now();
  MW_ASSIGN(const auto found, record::open_work(context.services.store, call.caller.actor, query, now));
  RecordJson json(context.services.store, call.caller.actor);
  Json::Array rows;
  for (const auto& type : found) {
    Json row;
    row.set("type", type.type).set("count", type.count()).set("late", type.late()).set("exact", type.exact);
    Json::Array states;
    for (const auto& state : type.states) {
      Json s;
      states.push_back(s.set("state", state.state).set("count", state.count).set("late", state.late));
    }
    rows.push_back(row.set("states", std::move(states)).set("first", soonest_json(json, type, query.first)));
  }
  Json out;
  return out.set("as_of", time_json(now)).set("types", std::move(rows));
}

Result<Json> board(Context& context, const Call& call) {
  auto& store = context.services.store;
  const std::string type(call.path_value("type"));
  const auto* declared = store.catalog().record_type(type);
  if (!declared) return not_found(fmt::format("there is no record type '{}'", type));
  if (!store.catalog().workflow(declared->workflow))
    return bad_input(fmt::format("{} has no flow, so it has no board", type), "type");
  MW_ASSIGN(auto query, work_query(call, 30));
  query.types = {type};
  query.final_too = true;
  const ArrivalTime now = context.services.clock.now();
  MW_ASSIGN(const auto found, record::open_work(store, call.caller.actor, query, now));
  if (found.empty()) return forbidden(fmt::format("none of your roles may read {}", type));
  RecordJson json(store, call.caller.actor);
  Json::Array columns;
  for (const auto& state : found.front().states) {
    Json::Array cards;
    for (const auto& item : state.first) {
      const auto record = store.get(call.caller.actor, type, item.id);
      if (!record) continue;  // it left the scope meanwhile
      Json card;
      card.set("record", json.of(*record)).set("clock", item.clock.empty() ? Json() : Json(item.clock));
      cards.push_back(card.set("due", due_json(item.due)));
    }
    Json column;
    column.set("state", state.state).set("count", state.count).set("late", state.late);
    columns.push_back(column.set("cards", std::move(cards)));
  }
  Json out;
  out.set("as_of", time_json(now)).set("type", type).set("exact", found.front().exact);
  return out.set("columns", std::move(columns));
}

// ---- regions
// ------------------------------------------------------------------------------------------------

/// The mines of one regulator, added up.
struct Region {
  int mines = 0, score = 0, red = 0, orange = 0, yellow = 0, blue = 0, unanswered = 0, overdue_hazards = 0,
      people = 0;
};

Result<Json> regions(Context& context, const Call& call) {
  const ArrivalTime now = context.services.clock.now();
  MW_ASSIGN(const auto concerns, context.services.watch.board(call.caller.actor, now));
  duty::Regulators regulators;
  MW_TRY(context.services.store.database().read([&](db::Connection& c) -> Status {
    MW_ASSIGN(regulators, duty::Regulators::read(c, call.caller.actor.scope));
    return {};
  }));
  std::map<RecordId, Region> sums;
  for (const auto& mine : concerns) {
    Region& region = sums[regulators.regulator_of(mine.organisation)];
    ++region.mines;
    for (const auto& [into, n] :
         {std::pair{&region.score, mine.score}, std::pair{&region.red, mine.red},
          std::pair{&region.orange, mine.orange}, std::pair{&region.yellow, mine.yellow},
          std::pair{&region.blue, mine.blue}, std::pair{&region.unanswered, mine.unanswered},
          std::pair{&region.overdue_hazards, mine.overdue_hazards}, std::pair{&region.people, mine.people}})
      *into += n;
  }
  auto seen = regulators.seen();
  std::stable_sort(seen.begin(), seen.end(),
                   [&](const auto& a, const auto& b) { return sums[a.id].score > sums[b.id].score; });
  Json::Array rows;
  for (const auto& regulator : seen) {
    const Region& r = sums[regulator.id];
    if (r.mines == 0) continue;
    Json row;
    row.set("id", regulator.id.text()).set("name", regulator.name).set("level", regulator.level);
    row.set("mines", r.mines).set("score", r.score).set("red", r.red).set("orange", r.orange);
    row.set("yellow", r.yellow).set("blue", r.blue).set("unanswered", r.unanswered);
    rows.push_back(row.set("overdue_hazards", r.overdue_hazards).set("people", r.people));
  }
  Json out;
  return out.set("as_of", time_json(now)).set("regions", std::move(rows));
}

// ---- what happened at a mine
// ------------------------------------------------------------------------------------------------

Result<record::EventQuery> event_query(const Call& call) {
  record::EventQuery query;
  const auto id = parse_record_id(call.path_value("id"));
  if (!id) return not_found(fmt::format("'{}' is no id", call.path_value("id")));
  query.mine = *id;
  query.systems = list_parameter(call, "system");
  MW_ASSIGN(query.main_only, flag_parameter(call, "main"));
  for (const auto& [name, into] : {std::pair{"from", &query.from}, std::pair{"to", &query.to}}) {
    const auto text = call.request.parameter(name);
    if (!text || text->empty()) continue;
    const auto time = parse_time(*text);
    const auto date = parse_date(*text);
    if (!time && !date)
      return bad_input(fmt::format("found '{}', a time or a date is expected", text->substr(0, 80)), name);
    *into = time ? time->utc_ms : start_of_day_ms(*date);
  }
  MW_ASSIGN(query.before, whole_parameter(call.request, "before", 0, 0, INT64_MAX));
  MW_ASSIGN(const auto limit, whole_parameter(call.request, "limit", 50, 1, 500));
  query.limit = static_cast<int>(limit);
  return query;
}

Json event_json(RecordJson& json, const record::MineEvent& event) {
  const auto& change = event.change;
  Json out;
  out.set("seq", change.seq).set("type", change.type).set("id", change.id.text()).set("system", event.system);
  out.set("title", json.title(change.type, change.id))
      .set("action", change.action)
      .set("actor", change.actor);
  out.set("at", time_json(change.at))
      .set("happened_at", due_json(event.happened_at))
      .set("reason", change.reason);
  return out.set("state_before", event.state_before).set("state_after", event.state_after);
}

Result<Json> events(Context& context, const Call& call) {
  MW_ASSIGN(const auto query, event_query(call));
  MW_ASSIGN(const auto page, record::mine_events(context.services.store, call.caller.actor, query));
  RecordJson json(context.services.store, call.caller.actor);
  Json::Array rows;
  for (const auto& event : page.events) rows.push_back(event_json(json, event));
  Json out;
  out.set("events", std::move(rows)).set("next", page.next > 0 ? Json(page.next) : Json());
  return out.set("searched_to", due_json(page.searched_to));
}

/// What a log line did, in Chinese: the step's own name, or the kind of writing.
std::string action_words(const pack::Catalog& catalog, const record::Change& change) {
  const auto* type = catalog.record_type(change.type);
  const auto* flow = type ? catalog.workflow(type->workflow) : nullptr;
  const auto colon = change.action.find(':');
  if (colon != std::string::npos && flow) {
    if (const auto* step = flow->transition(change.action.substr(colon + 1))) return step->label.zh;
  }
  static const std::map<std::string, std::string, std::less<>> kWords = {
      {"create", "创建"}, {"update", "修改"}, {"import", "导入"}, {"escalate", "升级"}, {"clear", "解除"}};
  const auto found = kWords.find(change.action);
  return found == kWords.end() ? change.action : found->second;
}

Result<Response> export_events(Context& context, const Call& call) {
  MW_ASSIGN(auto query, event_query(call));
  query.limit = 500;
  const auto& catalog = context.services.store.catalog();
  RecordJson json(context.services.store, call.caller.actor);
  std::string body = "\xEF\xBB\xBF录入时间,发生时间,系统,台账,名称,事项,状态前,状态后,操作人,理由\r\n";
  int rows = 0;
  for (;;) {
    MW_ASSIGN(const auto page, record::mine_events(context.services.store, call.caller.actor, query));
    for (const auto& event : page.events) {
      const auto& change = event.change;
      const auto* type = catalog.record_type(change.type);
      const auto* flow = type ? catalog.workflow(type->workflow) : nullptr;
      const auto state = [&](const std::string& name) {
        const auto* found = flow ? flow->state(name) : nullptr;
        return record::csv_cell(found ? found->label.zh : name);
      };
      body += fmt::format("{},{},{},{},{},{},{},{},{},{}\r\n", format_beijing(change.at.utc_ms),
                          event.happened_at ? format_beijing(*event.happened_at) : "", event.system,
                          record::csv_cell(type ? type->label.zh : change.type),
                          record::csv_cell(json.title(change.type, change.id)),
                          record::csv_cell(action_words(catalog, change)), state(event.state_before),
                          state(event.state_after), record::csv_cell(change.actor),
                          record::csv_cell(change.reason));
    }
    rows += static_cast<int>(page.events.size());
    if (page.next == 0) break;
    if (rows >= kMostLinesExported)
      return Error{
          Errc::too_large, fmt::format("more than {} lines; narrow the time", kMostLinesExported), {}};
    query.before = page.next;
  }
  MW_TRY(context.services.store.write([&](record::Writer& w) {
    return w.note(call.caller.actor, "export", "mine", query.mine,
                  Json(Json::Object{{"rows", std::int64_t{rows}}}));
  }));
  return file_reply("text/csv; charset=utf-8", "mine-events.csv", std::move(body));
}

// ---- supervision
// ------------------------------------------------------------------------------------------------

Result<duty::Supervision> supervised(Context& context, const Call& call, bool all) {
  duty::SupervisionQuery query;
  MW_ASSIGN(query.under, id_parameter(call, "organisation"));
  if (!all) {
    query.matter = call.request.parameter("matter").value_or("");
    query.officer = call.request.parameter("officer").value_or("");
    MW_ASSIGN(query.regulator, id_parameter(call, "regulator"));
  }
  return duty::supervise(context.services.store, call.caller.actor, query, context.services.clock.now());
}

/// How often each matter occurs among the lapses that `is` takes.
template <class Is>
Json counts_json(const duty::Supervision& found, const Is& is) {
  std::map<std::string, std::int64_t> counts;
  for (const auto& lapse : found.lapses) {
    if (is(lapse)) ++counts[lapse.matter];
  }
  Json out = Json::Object{};
  for (const auto& matter : found.matters) out.set(matter, counts[matter]);
  return out;
}

/// Display names by account name. Who may see the lapses of a regulator may know the names of its officers.
std::map<std::string, std::string> officer_names(Context& context, const duty::Supervision& found) {
  std::map<std::string, std::string> names;
  const auto system = record::Actor::system("system:supervision");
  for (const auto& lapse : found.lapses) {
    const auto [slot, is_new] = names.try_emplace(lapse.officer, lapse.officer);
    if (!is_new || lapse.officer.empty()) continue;
    record::ListQuery query;
    query.type = "account";
    query.filters = {{"name", record::Filter::Op::eq, {lapse.officer}}};
    query.limit = 1;
    const auto page = context.services.store.list(system, query);
    if (page && !page->records.empty()) slot->second = page->records.front().text("display_name");
  }
  return names;
}

Result<Json> supervision(Context& context, const Call& call) {
  MW_ASSIGN(const auto found, supervised(context, call, true));
  const auto names = officer_names(context, found);
  const auto* dictionary = context.services.store.catalog().dictionary("supervision_matter");
  Json::Array matters, regulators;
  for (const auto& code : found.matters) {
    const auto* entry = dictionary ? dictionary->entry(code) : nullptr;
    Json j;
    j.set("code", code).set("label", entry ? label_json(entry->label) : Json());
    j.set("source", entry ? source_json(entry->source) : Json());
    const bool cut = std::find(found.cut_short.begin(), found.cut_short.end(), code) != found.cut_short.end();
    matters.push_back(j.set("exact", !cut));
  }
  for (const auto& regulator : found.regulators) {
    const auto own = [&](const duty::Lapse& lapse) { return lapse.regulator == regulator.id; };
    std::map<std::string, bool> officers;
    for (const auto& lapse : found.lapses) {
      if (own(lapse)) officers[lapse.officer] = true;
    }
    Json::Array rows;
    for (const auto& [officer, there] : officers) {
      Json j;
      j.set("account", officer).set("name", names.at(officer));
      rows.push_back(j.set("counts", counts_json(found, [&](const duty::Lapse& lapse) {
                             return own(lapse) && lapse.officer == officer;
                           })));
    }
    Json j;
    j.set("id", regulator.id.text()).set("name", regulator.name).set("level", regulator.level);
    regulators.push_back(j.set("counts", counts_json(found, own)).set("officers", std::move(rows)));
  }
  Json out;
  out.set("as_of", time_json(context.services.clock.now())).set("matters", std::move(matters));
  return out.set("regulators", std::move(regulators));
}

Result<Json> lapses(Context& context, const Call& call) {
  MW_ASSIGN(const auto offset, whole_parameter(call.request, "offset", 0, 0, 1'000'000));
  MW_ASSIGN(const auto limit, whole_parameter(call.request, "limit", 50, 1, 500));
  MW_ASSIGN(auto found, supervised(context, call, false));
  const auto names = officer_names(context, found);
  RecordJson json(context.services.store, call.caller.actor);
  Json::Array rows;
  for (std::size_t i = static_cast<std::size_t>(offset);
       i < found.lapses.size() && i < static_cast<std::size_t>(offset + limit); ++i) {
    const auto& lapse = found.lapses[i];
    Json row;
    row.set("matter", lapse.matter).set("type", lapse.type).set("id", lapse.id.text());
    row.set("title", json.title(lapse.type, lapse.id)).set("regulator", lapse.regulator.text());
    row.set("officer", lapse.officer).set("officer_name", names.at(lapse.officer));
    row.set("clock", lapse.clock.empty() ? Json() : Json(lapse.clock));
    rows.push_back(row.set("since", format_rfc3339(EventTime{lapse.since})));
  }
  Json out;
  return out.set("rows", std::move(rows)).set("total", static_cast<std::int64_t>(found.lapses.size()));
}

Json counts_schema() { return schema::of_type("object"); }

}  // namespace

void add_home_routes(Router& router, Context& context) {
  using namespace schema;
  const auto answer = [&context](Result<Json> (*handler)(Context&, const Call&)) -> Handler {
    return [&context, handler](const Call& call) {
      auto body = handler(context, call);
      return body ? json_reply(*body) : error_reply(body.error(), call.request.id);
    };
  };
  const Json item = object({{"id", id()},
                            {"owner_name", text()},
                            {"title", text()},
                            {"state", text()},
                            {"clock", maybe(text())},
                            {"due", maybe(time())}});
  const QueryParameter mine{"mine", "string", "id of a mine: what concerns it"};
  const QueryParameter under{"organisation", "string",
                             "id of an organisation: what belongs to it or to one below it"};
  router.add(
      {.method = Method::get,
       .pattern = "/api/v1/work",
       .id = "listWork",
       .tag = "home",
       .summary = {"未办结事项", "What stands open, counted by type and state"},
       .query = {{"to_move", "string", "1 = only in states from which one of my roles takes a step forward"},
                 mine,
                 under,
                 {"type", "string", "record types, with commas; default all"},
                 {"first", "integer",
                  "so many records of each type, soonest due first; 0 to 100, default 3"}},
       .response = object(
           {{"as_of", time()},
            {"types", list(object({{"type", text()},
                                   {"count", whole()},
                                   {"late", whole()},
                                   {"exact", boolean()},
                                   {"states",
                                    list(object({{"state", text()}, {"count", whole()}, {"late", whole()}}))},
                                   {"first", list(item)}}))}}),
       .handler = answer(work)});
  router.add(
      {.method = Method::get,
       .pattern = "/api/v1/flows/{type}/board",
       .id = "flowBoard",
       .tag = "home",
       .summary = {"流程看板", "The records of a type in columns by state"},
       .query = {mine, under, {"first", "integer", "cards of each column; 0 to 100, default 30"}},
       .response = object({{"as_of", time()},
                           {"type", text()},
                           {"exact", boolean()},
                           {"columns", list(object({{"state", text()},
                                                    {"count", whole()},
                                                    {"late", whole()},
                                                    {"cards", list(object({{"record", named("Record")},
                                                                           {"clock", maybe(text())},
                                                                           {"due", maybe(time())}}))}}))}}),
       .handler = answer(board)});
  router.add({.method = Method::get,
              .pattern = "/api/v1/board/regions",
              .id = "boardRegions",
              .tag = "home",
              .summary = {"辖区关注排序", "The mines of each regulator added up, most worrying first"},
              .response = object({{"as_of", time()},
                                  {"regions", list(object({{"id", id()},
                                                           {"name", text()},
                                                           {"level", text()},
                                                           {"mines", whole()},
                                                           {"score", whole()},
                                                           {"red", whole()},
                                                           {"orange", whole()},
                                                           {"yellow", whole()},
                                                           {"blue", whole()},
                                                           {"unanswered", whole()},
                                                           {"overdue_hazards", whole()},
                                                           {"people", whole()}}))}}),
              .handler = answer(regions)});
  const std::vector<QueryParameter> event_parameters = {
      {"system", "string", "codes of systems, with commas; default all"},
      {"main", "string", "1 = only what was made and the steps taken"},
      {"from", "string", "entered at or after this time or date"},
      {"to", "string", "entered before this time or date"},
      {"before", "integer", "`next` of the page before"},
      {"limit", "integer", "1 to 500, default 50"}};
  router.add({.method = Method::get,
              .pattern = "/api/v1/mines/{id}/events",
              .id = "mineEvents",
              .tag = "home",
              .summary = {"矿山时间轴", "What happened at a mine, newest first"},
              .query = event_parameters,
              .response = object({{"events", list(object({{"seq", whole()},
                                                          {"type", text()},
                                                          {"id", id()},
                                                          {"system", text()},
                                                          {"title", text()},
                                                          {"action", text()},
                                                          {"actor", text()},
                                                          {"at", time()},
                                                          {"happened_at", maybe(time())},
                                                          {"reason", text()},
                                                          {"state_before", text()},
                                                          {"state_after", text()}}))},
                                  {"next", maybe(whole())},
                                  {"searched_to", maybe(time())}}),
              .handler = answer(events)});
  router.add({.method = Method::get,
              .pattern = "/api/v1/mines/{id}/events/export",
              .id = "exportMineEvents",
              .tag = "home",
              .summary = {"导出矿山时间轴", "What happened at a mine, as CSV"},
              .query = event_parameters,
              .response_type = "text/csv",
              .handler = [&context](const Call& call) {
                auto made = export_events(context, call);
                return made ? *std::move(made) : error_reply(made.error(), call.request.id);
              }});
  router.add(
      {.method = Method::get,
       .pattern = "/api/v1/oversight",
       .id = "oversight",
       .tag = "home",
       .summary = {"履职监督", "What regulators let slip, by regulator and officer"},
       .query = {under},
       .response = object(
           {{"as_of", time()},
            {"matters", list(object({{"code", text()},
                                     {"label", maybe(named("Words"))},
                                     {"source", anything()},
                                     {"exact", boolean()}}))},
            {"regulators", list(object({{"id", id()},
                                        {"name", text()},
                                        {"level", text()},
                                        {"counts", counts_schema()},
                                        {"officers", list(object({{"account", text()},
                                                                  {"name", text()},
                                                                  {"counts", counts_schema()}}))}}))}}),
       .handler = answer(supervision)});
  router.add({.method = Method::get,
              .pattern = "/api/v1/oversight/records",
              .id = "oversightRecords",
              .tag = "home",
              .summary = {"履职监督明细", "The records behind a number of the supervision, longest first"},
              .query = {under,
                        {"matter", "string", "code of a matter; default all"},
                        {"regulator", "string", "id of a regulator; default all"},
                        {"officer", "string", "name of an account; - = what lies with nobody in particular"},
                        {"offset", "integer", "so many are passed over"},
                        {"limit", "integer", "1 to 500, default 50"}},
              .response = object({{"rows", list(object({{"matter", text()},
                                                        {"type", text()},
                                                        {"id", id()},
                                                        {"title", text()},
                                                        {"regulator", id()},
                                                        {"officer", text()},
                                                        {"officer_name", text()},
                                                        {"clock", maybe(text())},
                                                        {"since", time()}}))},
                                  {"total", whole()}}),
              .handler = answer(lapses)});
}

}  // namespace mineward::api
