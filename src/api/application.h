/// How a request passes through: plan (network thread) -> authorise -> handler (worker) -> finish.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "api/api.h"
#include "api/live.h"
#include "api/rates.h"
#include "api/router.h"
#include "api/sessions.h"
#include "api/static_files.h"
#include "api/transport.h"
#include "exam/exam.h"
#include "ledger/imports.h"
#include "paper/papers.h"

namespace mineward::api {

/// What the handlers share. Lives as long as the server.
struct Context {
  Context(ServerOptions options, Services services);
  const ServerOptions options;
  Services services;
  Sessions sessions;
  exam::Exams exams;
  paper::Papers papers;
  std::unique_ptr<ledger::Imports> imports;  ///< from the start of the server to its end
  LiveHub hub;
  Rates address_rates, file_rates, account_rates, sign_in_rates, verify_rates;
  StaticFiles web;
  std::unique_ptr<const HeldDocument> catalog, openapi;  ///< made once at start
};

// Each adds the routes of one page of docs/api.md. The context outlives the router.
void add_session_routes(Router& router, Context& context);
void add_catalog_routes(Router& router, Context& context);
void add_record_routes(Router& router, Context& context);
void add_flow_routes(Router& router, Context& context);
void add_register_routes(Router& router, Context& context);
void add_file_routes(Router& router, Context& context);
void add_monitoring_routes(Router& router, Context& context);
void add_upload_routes(Router& router, Context& context);
void add_admin_routes(Router& router, Context& context);
void add_operator_routes(Router& router, Context& context);
void add_duty_routes(Router& router, Context& context);
void add_setting_routes(Router& router, Context& context);
void add_form_routes(Router& router, Context& context);
void add_public_routes(Router& router, Context& context);
void add_tip_routes(Router& router, Context& context);
void add_exam_routes(Router& router, Context& context);
void add_view_routes(Router& router, Context& context);
void add_home_routes(Router& router, Context& context);
void add_paper_routes(Router& router, Context& context);
void add_ledger_routes(Router& router, Context& context);

/// The routes of docs/api.md.
Router make_router(Context& context);

class ApiApplication final : public Application {
 public:
  ApiApplication(Context& context, const Router& router) : context_(context), router_(router) {}
  void plan(Exchange& exchange) override;
  std::optional<Response> admit(Exchange& exchange) override;
  Response answer(Exchange& exchange) override;
  LiveStart open_live(Exchange& exchange) override;
  void live_message(LiveClient& client, std::string_view text) override;
  void live_closed(const std::shared_ptr<LiveClient>& client) override;
  Response refusal(int status, std::string_view code, std::string_view message,
                   const std::string& request) override;

  /// Looks again at who is behind each live connection: ends those whose session ended, renews their
  /// organisations. By a timer, on a thread that may wait.
  void review_live_clients();
  /// Notes the time limits that have come to half, four fifths or their end (record/reminders.h), and pushes
  /// them to the browsers of who owes them. By the same timer; one call at a time.
  Status push_reminders();

 private:
  std::optional<Response> authorise(Exchange& exchange);
  Response call(Exchange& exchange);
  Response finish(Response response, const Exchange& exchange, bool may_pack);

  Context& context_;
  const Router& router_;
  std::optional<std::int64_t> pushed_;  ///< newest reminder that was pushed
};

// ---- for handlers
// ------------------------------------------------------------------------------------------------

/// A write's outcome as an answer: `status` with the record, or the refusal.
Response record_reply(Context& context, const Call& call, const record::Outcome<record::Record>& outcome,
                      int status = 200);
/// The id of a path such as /records/{type}/{id}; not_found when it is no id.
Result<record::RecordId> id_of(const Call& call, std::string_view name = "id");
/// A mine the caller may see, from an id in the query; nullopt when the parameter is absent.
Result<std::optional<record::RecordId>> mine_parameter(Context& context, const Call& call);

}  // namespace mineward::api
