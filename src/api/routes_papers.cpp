// Records as papers: which there are, their PDF, issuing; ledgers; whether a paper is genuine.
#include <fmt/format.h>

#include "api/application.h"
#include "api/codec.h"
#include "api/list_query.h"
#include "api/reply.h"
#include "api/schema.h"
#include "paper/papers.h"

namespace mineward::api {

using record::Outcome;
using record::Record;
using record::Refusal;

namespace {

/// Records of one ZIP: as many ids as fit into an address.
constexpr int kMostBundled = 200;

Result<Record> record_of(Context& context, const Call& call) {
  MW_ASSIGN(const record::RecordId id, id_of(call));
  return context.services.store.get(call.caller.actor, call.path_value("type"), id);
}

Json issued_json(const paper::Issued& issued, RecordJson& names) {
  Json out;
  out.set("id", issued.id.text()).set("paper", issued.paper).set("title", issued.title);
  out.set("number", issued.number).set("office", issued.office).set("code", issued.code);
  out.set("sha256", issued.sha256).set("pages", issued.pages);
  out.set("issued_on", format_date(issued.issued_on)).set("issued_at", time_json(issued.issued_at));
  return out.set("issued_by", names.title("account", issued.issued_by));
}

Result<Json> papers_of(Context& context, const Call& call) {
  MW_ASSIGN(const Record record, record_of(context, call));
  MW_ASSIGN(const auto offers, context.papers.offers(call.caller.actor, record));
  MW_ASSIGN(const auto issued, context.papers.issued(record));
  Json::Array offered, done;
  for (const auto& offer : offers) {
    Json j;
    j.set("name", offer.paper->name).set("label", label_json(offer.paper->label));
    j.set("can_issue", offer.bar == paper::Bar::none).set("bar", paper::name_of(offer.bar));
    const pack::Workflow* flow =
        context.services.catalog->workflow(context.services.catalog->record_type(record.type)->workflow);
    const pack::Transition* step =
        flow && !offer.paper->step.empty() ? flow->transition(offer.paper->step) : nullptr;
    offered.push_back(j.set("step", step ? label_json(step->label) : Json()));
  }
  RecordJson names(context.services.store, call.caller.actor);
  for (const auto& one : issued) done.push_back(issued_json(one, names));
  Json out;
  out.set("version", record.version).set("papers", std::move(offered));
  return out.set("issued", std::move(done));
}

Response pdf_reply(const std::string& bytes, const std::string& name) {
  return file_reply("application/pdf", name + ".pdf", bytes, {}, FileUse::show);
}

Response paper_pdf(Context& context, const Call& call) {
  const auto record = record_of(context, call);
  if (!record) return error_reply(record.error(), call.request.id);
  const std::string name(call.path_value("paper"));
  const auto printed = context.papers.pdf(call.caller.actor, *record, name);
  if (!printed) return error_reply(printed.error(), call.request.id);
  return pdf_reply(printed->pdf, name);
}

Response issue_paper(Context& context, const Call& call) {
  const auto record = record_of(context, call);  // first whether it is there for this caller
  if (!record) return error_reply(record.error(), call.request.id);
  const std::int64_t* version = call.body["version"].integer();
  if (!version || *version < 1)
    return error_reply(bad_input("expected the version of the record that you saw", "version"),
                       call.request.id);
  const auto outcome =
      context.papers.issue(call.caller.actor, record->type, record->id, *version, call.path_value("paper"));
  RecordJson names(context.services.store, call.caller.actor);
  if (const auto* refusal = std::get_if<Refusal>(&outcome))
    return error_reply(*refusal, refusal->current ? names.of(*refusal->current) : Json(), call.request.id);
  return json_reply(issued_json(std::get<paper::Issued>(outcome), names), 201);
}

Response ledger_pdf(Context& context, const Call& call) {
  auto query = list_query_of(call.request, std::string(call.path_value("type")));
  if (!query) return error_reply(query.error(), call.request.id);
  const std::string name = query->type + "-ledger";
  const auto printed = context.papers.ledger(call.caller.actor, *std::move(query));
  if (!printed) return error_reply(printed.error(), call.request.id);
  return pdf_reply(printed->pdf, name);
}

/// What was issued of the first records of a list.
Response papers_zip(Context& context, const Call& call) {
  auto query = list_query_of(call.request, std::string(call.path_value("type")));
  if (!query) return error_reply(query.error(), call.request.id);
  query->limit = kMostBundled;
  query->count_total = false;
  const auto page = context.services.store.list(call.caller.actor, *query);
  if (!page) return error_reply(page.error(), call.request.id);
  auto zip = context.papers.issued_zip(call.caller.actor, page->records);
  if (!zip) return error_reply(zip.error(), call.request.id);
  return file_reply("application/zip", query->type + "-papers.zip", *std::move(zip));
}

/// Anybody may ask, so slowly: a code cannot be found by trying.
Response check_paper(Context& context, const Call& call) {
  if (const auto wait = context.verify_rates.take(call.request.address)) {
    ErrorBody slow{429,  "too_many_requests", "too many codes were asked for from this address", {}, {},
                   *wait};
    return error_reply(slow, call.request.id);
  }
  const bool shows_file = call.request.method == Method::post;
  const auto found =
      context.papers.check(call.path_value("code"),
                           shows_file ? std::optional<std::string_view>(call.request.body) : std::nullopt);
  if (!found) return error_reply(found.error(), call.request.id);
  if (!*found) return error_reply(not_found("no paper was issued with this code"), call.request.id);
  const paper::Genuine& genuine = **found;
  Json out;
  out.set("office", genuine.office).set("title", genuine.title).set("number", genuine.number);
  out.set("issued_on", format_date(genuine.issued_on)).set("state", genuine.void_since ? "void" : "valid");
  out.set("void_since", genuine.void_since ? Json(format_date(*genuine.void_since)) : Json());
  return json_reply(out.set("same_file", genuine.same_file ? Json(*genuine.same_file) : Json()));
}

Json issued_schema() {
  using namespace schema;
  return object({{"id", schema::id()},
                 {"paper", text()},
                 {"title", text()},
                 {"number", text()},
                 {"office", text()},
                 {"code", text()},
                 {"sha256", text()},
                 {"pages", whole()},
                 {"issued_on", text()},
                 {"issued_at", time()},
                 {"issued_by", text()}});
}

void add_papers_of_records(Router& router, Context& context) {
  using namespace schema;
  const std::string base = "/api/v1/records/{type}/{id}/papers";
  router.add({.method = Method::get,
              .pattern = base,
              .id = "listPapers",
              .tag = "papers",
              .summary = {"可制作和已签发的文书", "Papers that a record may become, and those issued"},
              .response = object({{"version", whole()},
                                  {"papers", list(object({{"name", text()},
                                                          {"label", anything()},
                                                          {"can_issue", boolean()},
                                                          {"bar", text()},
                                                          {"step", maybe(anything())}}))},
                                  {"issued", list(issued_schema())}}),
              .handler = [&context](const Call& call) {
                const auto json = papers_of(context, call);
                return json ? json_reply(*json) : error_reply(json.error(), call.request.id);
              }});
  router.add({.method = Method::get,
              .pattern = base + "/{paper}",
              .id = "getPaper",
              .tag = "papers",
              .summary = {"文书 PDF", "The PDF that was issued, else a draft"},
              .response_type = "application/pdf",
              .handler = [&context](const Call& call) { return paper_pdf(context, call); }});
  router.add({.method = Method::post,
              .pattern = base + "/{paper}",
              .id = "issuePaper",
              .tag = "papers",
              .summary = {"签发文书", "Issue a paper: once, with its number and code"},
              .body = BodyKind::json,
              .request = object({{"version", whole()}}),
              .response = issued_schema(),
              .success = 201,
              .handler = [&context](const Call& call) { return issue_paper(context, call); }});
  router.add({.method = Method::get,
              .pattern = "/api/v1/records/{type}/ledger.pdf",
              .id = "ledgerPdf",
              .tag = "papers",
              .summary = {"台账 PDF", "The list as a printed ledger, at most 2000 rows"},
              .query = {{"sort", "string", "as listRecords"},
                        {"q", "string", "words that must occur"},
                        {"f.<field>", "string", "filter, as listRecords"}},
              .response_type = "application/pdf",
              .handler = [&context](const Call& call) { return ledger_pdf(context, call); }});
  router.add(
      {.method = Method::get,
       .pattern = "/api/v1/records/{type}/papers.zip",
       .id = "zipPapers",
       .tag = "papers",
       .summary = {"已签发文书打包", "What was issued of the first 200 records of the list, as one ZIP"},
       .query = {{"sort", "string", "as listRecords"},
                 {"q", "string", "words that must occur"},
                 {"f.<field>", "string", "filter, as listRecords; f.id=1,2,3 selects rows"}},
       .response_type = "application/zip",
       .handler = [&context](const Call& call) { return papers_zip(context, call); }});
}

}  // namespace

void add_paper_routes(Router& router, Context& context) {
  using namespace schema;
  add_papers_of_records(router, context);
  const Json genuine = object({{"office", text()},
                               {"title", text()},
                               {"number", text()},
                               {"issued_on", text()},
                               {"state", text()},
                               {"void_since", maybe(text())},
                               {"same_file", maybe(boolean())}});
  const auto handler = [&context](const Call& call) { return check_paper(context, call); };
  router.add(
      {.method = Method::get,
       .pattern = "/api/v1/verify/{code}",
       .id = "verifyPaper",
       .tag = "papers",
       .summary =
           {"查验文书真伪",
            "Whether a code was given: office, title, number and day of its paper, and whether it holds"},
       .auth = Auth::open,
       .response = genuine,
       .handler = handler});
  router.add({.method = Method::post,
              .pattern = "/api/v1/verify/{code}",
              .id = "verifyPaperFile",
              .tag = "papers",
              .summary = {"比对文书文件", "The same, and whether a file is the one that was issued"},
              .auth = Auth::open,
              .body = BodyKind::raw,
              .body_limit = context.options.attachment_limit,
              .response = genuine,
              .handler = handler});
}

}  // namespace mineward::api
