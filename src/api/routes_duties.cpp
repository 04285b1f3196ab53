// Who owes what: lists, calendar, matrix, one duty with its evidence; clauses and how everybody stands on
// them.
#include <fmt/format.h>

#include <algorithm>

#include "api/regulation.h"
#include "api/reply.h"
#include "api/schema.h"
#include "base/text.h"
#include "duty/clause_search.h"
#include "duty/sentence.h"
#include "record/csv.h"

namespace mineward::api {

using duty::Duty;
using record::RecordId;

namespace {

constexpr int kMostDutiesExported = 100'000;

Result<std::optional<std::int64_t>> moment_parameter(const Call& call, std::string_view name) {
  const std::string text = call.parameter(name);
  if (text.empty()) return std::optional<std::int64_t>{};
  auto time = parse_time(text);
  if (!time) return std::move(time).error().in(name);
  return std::optional(time->utc_ms);
}

Result<std::optional<RecordId>> owner_of_mine(Context& context, const Call& call) {
  MW_ASSIGN(const auto mine, mine_parameter(context, call));
  if (!mine) return std::optional<RecordId>{};
  MW_ASSIGN(const auto record, context.services.store.get(call.caller.actor, "mine", *mine));
  return std::optional(record.owner);
}

Result<duty::Filter> filter_of(Context& context, const Call& call) {
  duty::Filter filter;
  const std::string states = call.parameter("state");
  for (const auto part : split(states, ',')) {
    if (part.empty()) continue;
    const auto state = duty::parse_state(part);
    if (!state)
      return bad_input(fmt::format("found '{}', expected upcoming, met, late, missed or met_late", part),
                       "state");
    filter.states.push_back(*state);
  }
  filter.rule = call.parameter("rule");
  filter.clause = call.parameter("clause");
  if (const std::string level = call.parameter("level"); !level.empty()) {
    filter.level = duty::parse_level(level);
    if (!filter.level)
      return bad_input(fmt::format("found '{}', expected mine, county, city or province", level), "level");
  }
  if (const std::string subject = call.parameter("subject"); !subject.empty()) {
    filter.subject = parse_record_id(subject);
    if (!filter.subject) return bad_input(fmt::format("found '{}', expected an id", subject), "subject");
  }
  MW_ASSIGN(filter.owner, owner_of_mine(context, call));
  MW_ASSIGN(filter.from, moment_parameter(call, "from"));
  MW_ASSIGN(filter.to, moment_parameter(call, "to"));
  return filter;
}

Result<bool> newest_first(const Call& call) {
  const std::string sort = call.parameter("sort");
  if (!sort.empty() && sort != "due" && sort != "-due")
    return bad_input(fmt::format("found '{}', expected due or -due", sort), "sort");
  return sort == "-due";
}

Json as_of(Context& context) { return Json(format_rfc3339(context.services.clock.now())); }

Json duties_json(Context& context, const Call& call, const std::vector<Duty>& duties) {
  RecordJson names(context.services.store, call.caller.actor);
  Json::Array rows;
  for (const auto& duty : duties) rows.push_back(duty_json(duty, names));
  return rows;
}

Result<Json> list_duties(Context& context, const Call& call) {
  MW_ASSIGN(const duty::Filter filter, filter_of(context, call));
  MW_ASSIGN(const auto limit, whole_parameter(call.request, "limit", 50, 1, 500));
  MW_ASSIGN(const bool is_newest_first, newest_first(call));
  MW_ASSIGN(const duty::Page page,
            context.services.duties.list(call.caller.actor, filter, static_cast<int>(limit),
                                         call.parameter("after"), is_newest_first));
  Json out;
  out.set("duties", duties_json(context, call, page.duties))
      .set("next", page.next.empty() ? Json() : Json(page.next));
  return out.set("total", page.total).set("as_of", as_of(context));
}

Result<Json> sum_duties(Context& context, const Call& call) {
  MW_ASSIGN(const duty::Filter filter, filter_of(context, call));
  MW_ASSIGN(const auto summary, context.services.duties.summary(call.caller.actor, filter));
  RecordJson names(context.services.store, call.caller.actor);
  Json::Array owners, climbed;
  for (const auto& [owner, counts] : summary.by_owner) {
    Json j;
    j.set("owner", owner.text()).set("owner_name", names.title("organisation", owner));
    owners.push_back(j.set("counts", counts_json(counts)));
  }
  for (const auto& [level, count] : summary.climbed) {
    Json j;
    climbed.push_back(j.set("level", duty::name_of(level)).set("count", count));
  }
  Json out;
  out.set("as_of", as_of(context))
      .set("counts", counts_json(summary.counts))
      .set("by_owner", std::move(owners));
  return out.set("climbed", std::move(climbed));
}

/// "2026-11" as its first day.
Result<Date> month_parameter(Context& context, const Call& call) {
  std::string text = call.parameter("month");
  if (text.empty()) text = format_date(china_date(context.services.clock.now().utc_ms)).substr(0, 7);
  auto day = parse_date(text + "-01");
  if (text.size() != 7 || !day)
    return bad_input(fmt::format("found '{}', expected a month such as 2026-11", text), "month");
  return *day;
}

Result<Json> duty_calendar(Context& context, const Call& call) {
  MW_ASSIGN(duty::Filter filter, filter_of(context, call));
  MW_ASSIGN(const Date first, month_parameter(context, call));
  const duty::Span month = duty::period_at(pack::Period::month, {}, start_of_day_ms(first));
  filter.from = month.from;
  filter.to = month.to;
  MW_ASSIGN(const auto days, context.services.duties.by_day(call.caller.actor, filter));
  Json::Array rows;
  for (const auto& [day, counts] : days) {
    Json j;
    j.set("date", format_date(day)).set("counts", counts_json(counts));
    rows.push_back(j.set("working_day", context.services.duties.calendar().is_working_day(day)));
  }
  Json out;
  return out.set("month", format_date(first).substr(0, 7)).set("days", std::move(rows));
}

/// The state that deserves a look first.
duty::State worst(const duty::Counts& counts) {
  for (const auto state :
       {duty::State::missed, duty::State::late, duty::State::upcoming, duty::State::met_late}) {
    if (counts[state] > 0) return state;
  }
  return duty::State::met;
}

Result<Json> duty_matrix(Context& context, const Call& call) {
  MW_ASSIGN(duty::Filter filter, filter_of(context, call));
  const std::int64_t now = context.services.clock.now().utc_ms;
  if (!filter.from) filter.from = duty::period_at(pack::Period::month, {}, now).from;
  if (!filter.to) filter.to = duty::period_at(pack::Period::month, {}, now).to;
  MW_ASSIGN(const auto matrix, context.services.duties.matrix(call.caller.actor, filter));
  RecordJson names(context.services.store, call.caller.actor);
  Json::Array rules, subjects, cells;
  for (const auto* rule : matrix.rules) {
    Json j;
    j.set("id", rule->id).set("label", label_json(rule->label)).set("clause", rule->clause);
    rules.push_back(j.set("every", pack::name_of(rule->every)));
  }
  for (const auto& row : matrix.rows) {
    Json subject;
    subject.set("subject", row.subject.text())
        .set("subject_type", row.type)
        .set("name", names.title(row.type, row.subject));
    subjects.push_back(subject.set("owner_name", names.title("organisation", row.owner)));
    Json::Array line;
    for (const auto& cell : row.cells) {
      Json j;
      if (cell) {
        j.set("counts", counts_json(cell->counts)).set("worst", duty::name_of(worst(cell->counts)));
        j.set("progress", cell->latest->verdict.progress).set("needed", cell->latest->needed);
        j.set("period", std::to_string(cell->latest->period.from));
      }
      line.push_back(std::move(j));
    }
    cells.push_back(std::move(line));
  }
  Json out;
  out.set("rules", std::move(rules)).set("subjects", std::move(subjects)).set("cells", std::move(cells));
  return out.set("from", format_rfc3339(*filter.from)).set("to", format_rfc3339(*filter.to));
}

Result<Json> one_duty(Context& context, const Call& call) {
  const auto subject = parse_record_id(call.parameter("subject"));
  const auto period = parse_integer(call.parameter("period"));
  if (!subject || !period) return not_found("no such duty");
  MW_ASSIGN(const auto detail,
            context.services.duties.detail(call.caller.actor, call.parameter("rule"), *subject, *period));
  const auto& catalog = *context.services.catalog;
  RecordJson names(context.services.store, call.caller.actor);
  Json out = duty_json(detail.duty, names);
  out.set("rule_detail", rule_json(catalog, *detail.duty.rule));
  if (const auto* clause = catalog.clause(detail.duty.rule->clause))
    out.set("clause_detail", clause_json(catalog, duty::Coverage(catalog), *clause));
  Json::Array evidence, claims, bound;
  for (const auto& e : detail.evidence) {
    Json j;
    j.set("type", e.type)
        .set("id", e.id.text())
        .set("title", names.title(e.type, e.id))
        .set("at", format_rfc3339(e.at));
    evidence.push_back(
        j.set("done", format_rfc3339(e.done)).set("counted", e.counted).set("why", label_json(e.why)));
  }
  for (const auto& c : detail.claims) {
    Json j;
    j.set("type", c.type)
        .set("id", c.id.text())
        .set("title", names.title(c.type, c.id))
        .set("at", format_rfc3339(c.at));
    claims.push_back(j.set("confirmed", c.confirmed));
  }
  const pack::Label why{"本条的数字更严（或更早到期），以本条为准",
                        "this duty's number is stricter, or due sooner: it holds"};
  for (const auto* rule : detail.also_bound_by) {
    Json j;
    bound.push_back(j.set("rule", rule_json(catalog, *rule)).set("why", label_json(why)));
  }
  out.set("evidence", std::move(evidence)).set("claims", std::move(claims));
  return out.set("also_bound_by", std::move(bound));
}

Response export_csv(Context& context, const Call& call) {
  auto filter = filter_of(context, call);
  if (!filter) return error_reply(filter.error(), call.request.id);
  const auto is_newest_first = newest_first(call);
  if (!is_newest_first) return error_reply(is_newest_first.error(), call.request.id);
  std::string body = "\xEF\xBB\xBF条款,应办事项,责任主体,所属单位,期次,到期,状态,进度,应达,未印证,已报至\r\n";
  RecordJson names(context.services.store, call.caller.actor);
  std::string after;
  int rows = 0;
  do {
    auto page = context.services.duties.list(call.caller.actor, *filter, 500, after, *is_newest_first);
    if (!page) return error_reply(page.error(), call.request.id);
    for (const auto& duty : page->duties) {
      const Json j = duty_json(duty, names);
      body += fmt::format(
          "{},{},{},{},{},{},{},{},{},{},{}\r\n", record::csv_cell(duty.rule->clause),
          record::csv_cell(duty.rule->label.zh), record::csv_cell(std::string(j.text("subject_name"))),
          record::csv_cell(std::string(j.text("owner_name"))),
          record::csv_cell(std::string(j["period_words"].text("zh"))),
          record::csv_cell(format_beijing(duty.due)), duty::words_of(duty.verdict.state).zh,
          duty.verdict.progress, duty.needed, duty.unconfirmed, duty::words_of(duty.verdict.level).zh);
    }
    rows += static_cast<int>(page->duties.size());
    after = page->next;
  } while (!after.empty() && rows < kMostDutiesExported);
  if (!after.empty())
    return error_reply(
        Error{
            Errc::too_large, fmt::format("more than {} duties; narrow the filter", kMostDutiesExported), {}},
        call.request.id);
  return file_reply("text/csv; charset=utf-8", "duties.csv", std::move(body));
}

// ---- clauses
// --------------------------------------------------------------------------------------------------------------

Json facets(const pack::Catalog& catalog, const duty::Coverage& coverage, bool documents) {
  std::map<std::string, std::pair<std::int64_t, std::int64_t>> counts;
  for (const auto& clause : catalog.clauses) {
    auto& [all, carried] = counts[documents ? clause.document : clause.system];
    ++all;
    if (coverage.carried(clause.id)) ++carried;
  }
  Json::Array rows;
  const auto add = [&](const std::string& code, Json row) {
    row.set("clauses", counts[code].first);
    rows.push_back(row.set("carried", counts[code].second));
  };
  if (documents) {
    for (const auto& d : catalog.documents) {
      Json j;
      j.set("id", d.id)
          .set("title", label_json(d.title))
          .set("jurisdiction", d.jurisdiction)
          .set("issuer", d.issuer)
          .set("pack", d.pack);
      add(d.id, j.set("valid_from", format_date(d.valid_from))
                    .set("valid_to", d.valid_to ? Json(format_date(*d.valid_to)) : Json()));
    }
  } else if (const auto* systems = catalog.dictionary("system")) {
    for (const auto& entry : systems->entries) {
      Json j;
      add(entry.code, j.set("code", entry.code).set("label", label_json(entry.label)));
    }
  }
  return rows;
}

Result<Json> list_clauses(Context& context, const Call& call) {
  const auto& catalog = *context.services.catalog;
  const duty::Coverage coverage(catalog);
  MW_ASSIGN(const auto limit, whole_parameter(call.request, "limit", 50, 1, 500));
  MW_ASSIGN(const auto offset, whole_parameter(call.request, "offset", 0, 0, 1'000'000));
  const auto words = duty::words_of(call.parameter("words"));
  const std::string document = call.parameter("document"), system = call.parameter("system"),
                    kind = call.parameter("kind"), carried = call.parameter("carried");
  if (!carried.empty() && carried != "1" && carried != "0")
    return bad_input(fmt::format("found '{}', expected 1 or 0", carried), "carried");
  Json::Array rows;
  std::int64_t total = 0;
  for (const auto& clause : catalog.clauses) {
    const bool also = std::find(clause.also.begin(), clause.also.end(), system) != clause.also.end();
    if ((!document.empty() && clause.document != document) ||
        (!system.empty() && clause.system != system && !also) || (!kind.empty() && clause.kind != kind) ||
        (!carried.empty() && coverage.carried(clause.id) != (carried == "1")) ||
        !duty::matches(clause, words))
      continue;
    if (total >= offset && total < offset + limit) rows.push_back(clause_json(catalog, coverage, clause));
    ++total;
  }
  Json out;
  out.set("clauses", std::move(rows)).set("total", total).set("documents", facets(catalog, coverage, true));
  return out.set("systems", facets(catalog, coverage, false));
}

Result<Json> one_clause(Context& context, const Call& call) {
  const auto& catalog = *context.services.catalog;
  const std::string id(call.path_value("clause"));
  const pack::Clause* clause = catalog.clause(id);
  if (!clause) return not_found(fmt::format("no clause {}", id));
  const duty::Coverage coverage(catalog);
  MW_ASSIGN(const auto standing, context.services.duties.standing(call.caller.actor, id));
  RecordJson names(context.services.store, call.caller.actor);
  Json out = clause_json(catalog, coverage, *clause);
  Json::Array rules, subjects, siblings;
  for (const auto& rule : catalog.duties) {
    if (rule.clause == id) rules.push_back(rule_json(catalog, rule));
  }
  for (const auto& s : standing) {
    Json j;
    j.set("subject_type", s.type)
        .set("subject", s.subject.text())
        .set("name", names.title(s.type, s.subject));
    j.set("owner_name", names.title("organisation", s.owner)).set("counts", counts_json(s.counts));
    subjects.push_back(j.set("last", s.last ? duty_json(*s.last, names) : Json()));
  }
  for (const auto& other : catalog.clauses) {
    const bool related =
        other.id != id && std::any_of(other.families.begin(), other.families.end(), [&](const auto& family) {
          return std::find(clause->families.begin(), clause->families.end(), family) !=
                 clause->families.end();
        });
    if (!related) continue;
    Json j;
    const auto* document = catalog.document(other.document);
    j.set("id", other.id).set("text", label_json(other.text)).set("carried", coverage.carried(other.id));
    siblings.push_back(j.set("document_title", document ? label_json(document->title) : Json()));
  }
  out.set("rules", std::move(rules)).set("standing", std::move(subjects));
  return out.set("siblings", std::move(siblings));
}

}  // namespace

void add_duty_routes(Router& router, Context& context) {
  using namespace schema;
  const std::vector<QueryParameter> filter = {
      {"state", "string", "upcoming, met, late, missed, met_late; several by commas"},
      {"rule", "string", "id of a duty"},
      {"clause", "string", "id of a clause"},
      {"subject", "string", "id of who owes it"},
      {"mine", "string", "id of a mine: what the mine, its organisation and its people owe"},
      {"level", "string", "climbed to this level or higher"},
      {"from", "string", "due from this time on"},
      {"to", "string", "due before this time"}};
  const auto with = [&](std::vector<QueryParameter> more) {
    more.insert(more.begin(), filter.begin(), filter.end());
    return more;
  };
  const auto get = [&](std::string pattern, std::string id, pack::Label summary,
                       std::vector<QueryParameter> query, Json response, JsonHandler handler) {
    router.add({.method = Method::get,
                .pattern = std::move(pattern),
                .id = std::move(id),
                .tag = "regulation",
                .summary = std::move(summary),
                .query = std::move(query),
                .response = std::move(response),
                .handler = json_handler(context, handler)});
  };
  get("/api/v1/duties", "listDuties", {"应办事项", "Duties"},
      with({{"sort", "string", "due or -due"},
            {"limit", "integer", "1 to 500; default 50"},
            {"after", "string", "`next` of the page before"}}),
      object({{"duties", list(anything())}, {"next", maybe(text())}, {"total", whole()}, {"as_of", time()}}),
      list_duties);
  get("/api/v1/duties/summary", "dutySummary", {"应办事项汇总", "Duties in numbers"}, with({}),
      object({{"as_of", time()},
              {"counts", anything()},
              {"by_owner", list(anything())},
              {"climbed", list(anything())}}),
      sum_duties);
  get("/api/v1/duties/calendar", "dutyCalendar", {"应办事项日历", "Duties by day"},
      with({{"month", "string", "such as 2026-11; default: this month"}}),
      object({{"month", text()}, {"days", list(anything())}}), duty_calendar);
  get("/api/v1/duties/matrix", "dutyMatrix", {"应办事项矩阵", "Subjects by duties"}, with({}),
      object(
          {{"rules", list(anything())}, {"subjects", list(anything())}, {"cells", list(list(anything()))}}),
      duty_matrix);
  get("/api/v1/duties/one", "getDuty", {"应办事项详情", "One duty with its evidence"},
      {{"rule", "string", "id of the duty", true},
       {"subject", "string", "who owes it", true},
       {"period", "string", "its period", true}},
      anything(), one_duty);
  router.add({.method = Method::get,
              .pattern = "/api/v1/duties/export",
              .id = "exportDuties",
              .tag = "regulation",
              .summary = {"导出应办事项", "Duties as CSV"},
              .query = with({{"sort", "string", "due or -due"}}),
              .response_type = "text/csv",
              .handler = [&context](const Call& call) { return export_csv(context, call); }});
  get("/api/v1/clauses", "listClauses", {"条款检索", "Search clauses"},
      {{"words", "string", "all of them must occur"},
       {"document", "string", "id of a document"},
       {"system", "string", "code of a system"},
       {"kind", "string", "kind of clause"},
       {"carried", "string", "1 carried, 0 not"},
       {"limit", "integer", "1 to 500; default 50"},
       {"offset", "integer", "skip so many"}},
      object({{"clauses", list(anything())},
              {"total", whole()},
              {"documents", list(anything())},
              {"systems", list(anything())}}),
      list_clauses);
  get("/api/v1/clauses/{clause}", "getClause", {"条款", "A clause, and how everybody stands on it"}, {},
      anything(), one_clause);
}

}  // namespace mineward::api
