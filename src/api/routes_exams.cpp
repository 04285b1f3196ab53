// Examinations: the candidate's page (with an account, or with a code and without one) and the officer's.
#include <fmt/format.h>

#include "api/application.h"
#include "api/codec.h"
#include "api/reply.h"
#include "api/schema.h"

namespace mineward::api {
namespace {

using exam::Access;
using exam::ShownPaper;
using record::Outcome;
using record::Record;
using record::Refusal;

Response refused(const Call& call, const Refusal& refusal) {
  return error_reply(refusal, {}, call.request.id);
}

// ---- JSON
// ---------------------------------------------------------------------------------------------------------

/// The named fields as the API writes them, null when unset.
Json some_fields(const pack::Catalog& catalog, const Record& record,
                 std::initializer_list<std::string_view> names) {
  const Json all = record::to_json(catalog, *catalog.record_type(record.type), record)["fields"];
  Json out;
  for (const auto name : names) out.set(std::string(name), all[name]);
  return out;
}

Json question_json(const exam::ShownQuestion& q, bool review) {
  Json out;
  Json::Array options;
  for (const auto& option : q.options) options.emplace_back(option);
  out.set("sequence", q.sequence).set("kind", q.kind).set("stem", q.stem).set("options", std::move(options));
  out.set("worth", q.worth).set("given", q.given);
  if (review) out.set("right", q.right).set("correct", q.correct).set("basis", q.basis);
  return out;
}

Json paper_json(Context& context, const ShownPaper& shown) {
  auto& store = context.services.store;
  const auto& catalog = store.catalog();
  Json paper = some_fields(
      catalog, shown.paper,
      {"attempt", "questions", "pass_mark", "score", "result", "started_at", "due_at", "submitted_at"});
  paper.set("id", shown.paper.id.text()).set("state", shown.paper.state);
  Json exam = some_fields(catalog, shown.exam,
                          {"number", "title", "kind", "trade", "minutes", "pass_mark", "resits", "held_at",
                           "place", "single_count", "multiple_count", "judge_count"});
  exam.set("id", shown.exam.id.text()).set("state", shown.exam.state);
  const auto name =
      store.title(record::Actor::system("system:exams"), "person", shown.paper.reference("person"));
  Json::Array questions;
  for (const auto& question : shown.questions) questions.push_back(question_json(question, shown.review));
  Json out;
  out.set("paper", std::move(paper)).set("exam", std::move(exam)).set("person", name ? *name : "");
  out.set("candidate", shown.candidate).set("review", shown.review).set("now", format_rfc3339(shown.now));
  return out.set("questions", std::move(questions));
}

Json bank_json(const exam::Bank& bank) {
  Json::Array parts, shortages;
  for (const auto& part : bank.parts) {
    Json row;
    row.set("kind", part.kind).set("count", part.count).set("points", part.points);
    parts.push_back(row.set("on_hazards", part.on_hazards));
  }
  for (const auto& lack : bank.shortages) {
    Json row;
    row.set("kind", lack.kind).set("on_hazards", lack.on_hazards);
    shortages.push_back(row.set("needed", lack.needed).set("found", lack.found));
  }
  Json out;
  out.set("parts", std::move(parts)).set("shortages", std::move(shortages));
  return out.set("questions", bank.questions).set("unusable", bank.unusable);
}

// ---- the candidate
// ------------------------------------------------------------------------------------------------

Response paper_reply(Context& context, const Call& call, const Outcome<ShownPaper>& outcome) {
  if (const auto* refusal = std::get_if<Refusal>(&outcome)) return refused(call, *refusal);
  return json_reply(paper_json(context, std::get<ShownPaper>(outcome)));
}

using WithPaper = Response (*)(Context&, const Call&, const Access&);

Response view_paper(Context& context, const Call& call, const Access& access) {
  return paper_reply(context, call, context.exams.view(access));
}
Response start_paper(Context& context, const Call& call, const Access& access) {
  return paper_reply(context, call, context.exams.start(access));
}
Response hand_in(Context& context, const Call& call, const Access& access) {
  return paper_reply(context, call, context.exams.hand_in(access));
}
Response answer(Context& context, const Call& call, const Access& access) {
  const std::int64_t* sequence = call.body["sequence"].integer();
  if (!sequence || *sequence < 1 || *sequence > 1000)
    return error_reply(bad_input("found no number of a question, expected 1 to 1000", "sequence"),
                       call.request.id);
  const auto outcome = context.exams.answer(access, static_cast<int>(*sequence), call.body.text("given"));
  if (const auto* refusal = std::get_if<Refusal>(&outcome)) return refused(call, *refusal);
  Json out;
  out.set("sequence", *sequence).set("given", call.body.text("given"));
  return json_reply(out.set("now", format_rfc3339(context.services.clock.now())));
}

/// With the account of a session.
Handler by_account(Context& context, WithPaper handler) {
  return [&context, handler](const Call& call) {
    const auto id = id_of(call);
    if (!id) return error_reply(id.error(), call.request.id);
    const auto access = context.exams.by_account(call.caller.actor, *id);
    if (!access) return error_reply(access.error(), call.request.id);
    return handler(context, call, *access);
  };
}

/// With a code, which is all that a person underground has. Wrong codes use up what an address may try.
Handler by_code(Context& context, WithPaper handler) {
  return [&context, handler](const Call& call) {
    const auto access = context.exams.by_code(call.body.text("code"), call.request.address);
    if (access) return handler(context, call, *access);
    if (access.error().code == Errc::not_found) {
      if (const auto wait = context.sign_in_rates.take(call.request.address))
        return error_reply(
            ErrorBody{429, "too_many", "too many wrong codes; wait and try again", {}, {}, *wait},
            call.request.id);
    }
    return error_reply(access.error(), call.request.id);
  };
}

Response my_exams(Context& context, const Call& call) {
  const auto papers = context.exams.mine(call.caller.actor);
  if (!papers) return error_reply(papers.error(), call.request.id);
  Json::Array rows;
  for (const auto& paper : *papers) rows.push_back(paper_json(context, paper));
  Json out;
  return json_reply(out.set("papers", std::move(rows)));
}

// ---- officers
// ------------------------------------------------------------------------------------------------------

Response exam_page(Context& context, const Call& call) {
  const auto id = id_of(call);
  if (!id) return error_reply(id.error(), call.request.id);
  const auto shown = context.exams.exam(call.caller.actor, *id);
  if (!shown) return error_reply(shown.error(), call.request.id);
  RecordJson json(context.services.store, call.caller.actor);
  Json::Array papers;
  for (const auto& paper : shown->papers) papers.push_back(json.of(paper));
  Json out;
  out.set("exam", json.of(shown->exam, true)).set("bank", bank_json(shown->bank));
  return json_reply(out.set("papers", std::move(papers)));
}

Result<exam::Candidates> candidates_of(const Json& body) {
  exam::Candidates out;
  if (const auto* persons = body["persons"].array()) {
    for (const auto& one : *persons) {
      const auto id = one.string() ? parse_record_id(*one.string()) : std::nullopt;
      if (!id) return bad_input("found an entry that is no id, expected ids of persons", "persons");
      out.persons.push_back(*id);
    }
  }
  const std::int64_t* count = body["at_random"].integer();
  if (!count) return out;
  const auto mine = parse_record_id(body.text("mine"));
  if (!mine) return bad_input("found no mine, expected the one whose people are drawn", "mine");
  if (*count < 1 || *count > 500)
    return bad_input(fmt::format("found {}, expected 1 to 500", *count), "at_random");
  out.mine = *mine;
  out.at_random = static_cast<int>(*count);
  return out;
}

Response add_candidates(Context& context, const Call& call) {
  const auto id = id_of(call);
  if (!id) return error_reply(id.error(), call.request.id);
  const auto wanted = candidates_of(call.body);
  if (!wanted) return error_reply(wanted.error(), call.request.id);
  const auto outcome = context.exams.add(call.caller.actor, *id, *wanted);
  if (const auto* refusal = std::get_if<Refusal>(&outcome)) return refused(call, *refusal);
  RecordJson json(context.services.store, call.caller.actor);
  Json::Array papers;
  for (const auto& paper : std::get<std::vector<Record>>(outcome)) papers.push_back(json.of(paper));
  Json out;
  return json_reply(out.set("papers", std::move(papers)), 201);
}

Response give_code(Context& context, const Call& call) {
  const auto id = id_of(call);
  if (!id) return error_reply(id.error(), call.request.id);
  const auto outcome = context.exams.issue_code(call.caller.actor, *id);
  if (const auto* refusal = std::get_if<Refusal>(&outcome)) return refused(call, *refusal);
  Json out;
  return json_reply(out.set("code", std::get<std::string>(outcome)));
}

Response close_exam(Context& context, const Call& call) {
  const auto id = id_of(call);
  if (!id) return error_reply(id.error(), call.request.id);
  return record_reply(context, call, context.exams.close(call.caller.actor, *id));
}

Response statistics(Context& context, const Call& call) {
  const auto id = id_of(call);
  if (!id) return error_reply(id.error(), call.request.id);
  const auto outcome = context.exams.statistics(call.caller.actor, *id);
  if (const auto* refusal = std::get_if<Refusal>(&outcome)) return refused(call, *refusal);
  const auto& figures = std::get<exam::Statistics>(outcome);
  Json::Array rows;
  for (const auto& q : figures.questions) {
    Json::Array given;
    for (const auto& [letters, count] : q.given) {
      Json one;
      given.push_back(one.set("letters", letters).set("count", count));
    }
    Json row;
    row.set("question", q.question.text()).set("kind", q.kind).set("stem", q.stem).set("right", q.right);
    row.set("asked", q.asked).set("answered", q.answered).set("correct", q.correct);
    rows.push_back(row.set("given", std::move(given)));
  }
  Json out;
  return json_reply(out.set("papers", figures.papers).set("questions", std::move(rows)));
}

// ---- schemas
// -------------------------------------------------------------------------------------------------------

Json paper_schema() {
  using namespace schema;
  return object({{"paper", of_type("object")},
                 {"exam", of_type("object")},
                 {"person", text()},
                 {"candidate", boolean()},
                 {"review", boolean()},
                 {"now", time()},
                 {"questions", list(object({{"sequence", whole()},
                                            {"kind", text()},
                                            {"stem", text()},
                                            {"options", list(text())},
                                            {"worth", number()},
                                            {"given", text()},
                                            {"right?", text()},
                                            {"correct?", boolean()},
                                            {"basis?", text()}}))}});
}
Json answer_schema() {
  using namespace schema;
  return object({{"sequence", whole()}, {"given", text()}, {"now", time()}});
}

void add_account_routes(Router& router, Context& context) {
  using namespace schema;
  const std::string base = "/api/v1/exam-papers/{id}";
  const auto add = [&](Method method, const std::string& end, std::string id, pack::Label summary,
                       WithPaper handler, Json request, Json response) {
    router.add({.method = method,
                .pattern = base + end,
                .id = std::move(id),
                .tag = "exams",
                .summary = std::move(summary),
                .body = request.is_null() ? BodyKind::none : BodyKind::json,
                .request = std::move(request),
                .response = std::move(response),
                .handler = by_account(context, handler)});
  };
  add(Method::get, "", "getExamPaper",
      {"试卷", "A paper: questions while it is answered, right answers once closed"}, view_paper, {},
      paper_schema());
  add(Method::post, "/start", "startExamPaper", {"开始答题", "Draw the paper and start its clock"},
      start_paper, object({}), paper_schema());
  add(Method::post, "/answers", "answerExamPaper", {"保存一题", "Keep one answer"}, answer,
      object({{"sequence", whole()}, {"given", text()}}), answer_schema());
  add(Method::post, "/hand-in", "handInExamPaper", {"交卷", "Hand in and have it marked"}, hand_in,
      object({}), paper_schema());
}

void add_code_routes(Router& router, Context& context) {
  using namespace schema;
  const auto add = [&](const std::string& end, std::string id, pack::Label summary, WithPaper handler,
                       Json request, Json response) {
    router.add({.method = Method::post,
                .pattern = "/api/v1/exam-codes/" + end,
                .id = std::move(id),
                .tag = "exams",
                .summary = std::move(summary),
                .auth = Auth::open,
                .body = BodyKind::json,
                .body_limit = 4096,
                .request = std::move(request),
                .response = std::move(response),
                .handler = by_code(context, handler)});
  };
  const Json code = object({{"code", text()}});
  add("paper", "getPaperByCode", {"凭考号查看试卷", "The paper of a code"}, view_paper, code, paper_schema());
  add("start", "startPaperByCode", {"凭考号开始答题", "Start the paper of a code"}, start_paper, code,
      paper_schema());
  add("answers", "answerPaperByCode", {"凭考号保存一题", "Keep one answer of the paper of a code"}, answer,
      object({{"code", text()}, {"sequence", whole()}, {"given", text()}}), answer_schema());
  add("hand-in", "handInPaperByCode", {"凭考号交卷", "Hand in the paper of a code"}, hand_in, code,
      paper_schema());
}

}  // namespace

void add_exam_routes(Router& router, Context& context) {
  using namespace schema;
  add_account_routes(router, context);
  add_code_routes(router, context);
  const auto bind = [&context](Response (*handler)(Context&, const Call&)) -> Handler {
    return [&context, handler](const Call& call) { return handler(context, call); };
  };
  router.add({.method = Method::get,
              .pattern = "/api/v1/my-exams",
              .id = "myExams",
              .tag = "exams",
              .summary = {"我的考试", "Papers of the caller"},
              .response = object({{"papers", list(paper_schema())}}),
              .handler = bind(my_exams)});
  router.add({.method = Method::post,
              .pattern = "/api/v1/exam-papers/{id}/code",
              .id = "giveExamCode",
              .tag = "exams",
              .summary = {"签发考号", "A code with which the paper is taken without an account"},
              .body = BodyKind::json,
              .request = object({}),
              .response = object({{"code", text()}}),
              .handler = bind(give_code)});
  const std::string base = "/api/v1/exams/{id}";
  router.add(
      {.method = Method::get,
       .pattern = base,
       .id = "getExam",
       .tag = "exams",
       .summary = {"考试", "An examination: what it asks for, what the bank has, its papers"},
       .response = object(
           {{"exam", named("Record")}, {"bank", of_type("object")}, {"papers", list(named("Record"))}}),
       .handler = bind(exam_page)});
  router.add({.method = Method::post,
              .pattern = base + "/candidates",
              .id = "addCandidates",
              .tag = "exams",
              .summary = {"添加考生", "Papers for people, named or drawn among those of a mine"},
              .body = BodyKind::json,
              .request = object({{"persons?", list(id())}, {"mine?", id()}, {"at_random?", whole()}}),
              .response = object({{"papers", list(named("Record"))}}),
              .success = 201,
              .handler = bind(add_candidates)});
  router.add({.method = Method::post,
              .pattern = base + "/close",
              .id = "closeExam",
              .tag = "exams",
              .summary = {"结束考试", "Close the examination and count it"},
              .body = BodyKind::json,
              .request = object({}),
              .response = named("Record"),
              .handler = bind(close_exam)});
  router.add({.method = Method::get,
              .pattern = base + "/statistics",
              .id = "examStatistics",
              .tag = "exams",
              .summary = {"试题统计", "Statistics by question, once closed"},
              .response = object({{"papers", whole()}, {"questions", list(of_type("object"))}}),
              .handler = bind(statistics)});
}

}  // namespace mineward::api
