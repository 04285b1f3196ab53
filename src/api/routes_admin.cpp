// For administrators and auditors: passwords and tokens of others, the change log.
#include <fmt/format.h>

#include "api/application.h"
#include "api/codec.h"
#include "api/reply.h"
#include "api/schema.h"

namespace mineward::api {

namespace {

/// Log lines looked through for one page when it is filtered.
constexpr int kMostScanned = 20'000;

/// The account, if the caller may see it; administrators see those of their scope.
Result<record::Record> account_of(Context& context, const Call& call) {
  MW_ASSIGN(const auto id, id_of(call));
  return context.services.store.get(call.caller.actor, "account", id);
}

Response reset_password(Context& context, const Call& call) {
  auto account = account_of(context, call);
  if (!account) return error_reply(account.error(), call.request.id);
  const std::string password = make_password(context.services.random);
  const Status done = set_password(context.services.store, call.caller.actor, account->id, password, true,
                                   context.options.sessions.cost);
  if (!done) return error_reply(done.error(), call.request.id);
  Json out;
  return json_reply(out.set("password", password));
}

Response new_token(Context& context, const Call& call) {
  auto account = account_of(context, call);
  if (!account) return error_reply(account.error(), call.request.id);
  auto token = issue_token(context.services.store, call.caller.actor, account->id, context.services.random,
                           context.services.clock.now());
  if (!token) return error_reply(token.error(), call.request.id);
  Json out;
  return json_reply(out.set("token", *token));
}

Response change_log(Context& context, const Call& call) {
  auto limit = whole_parameter(call.request, "limit", 50, 1, 500);
  if (!limit) return error_reply(limit.error(), call.request.id);
  auto before = whole_parameter(call.request, "before", 0, 0, INT64_MAX);
  if (!before) return error_reply(before.error(), call.request.id);
  const auto type = call.request.parameter("type").value_or("");
  const auto actor = call.request.parameter("actor").value_or("");
  RecordJson names(context.services.store, call.caller.actor);
  Json::Array rows;
  std::int64_t at = *before;
  bool more = true;
  for (int scanned = 0; more && static_cast<std::int64_t>(rows.size()) < *limit && scanned < kMostScanned;) {
    constexpr int kPage = 500;
    auto page = context.services.store.log(call.caller.actor, at, kPage);
    if (!page) return error_reply(page.error(), call.request.id);
    more = static_cast<int>(page->size()) == kPage;
    for (const auto& change : *page) {
      ++scanned;
      at = change.seq;
      if ((!type.empty() && change.type != type) || (!actor.empty() && change.actor != actor)) continue;
      rows.push_back(change_json(change).set("title", names.title(change.type, change.id)));
      if (static_cast<std::int64_t>(rows.size()) == *limit) {
        more = at > 1;
        break;
      }
    }
    if (page->empty()) more = false;
  }
  Json out;
  out.set("changes", std::move(rows));
  return json_reply(out.set("next", more ? Json(at) : Json()));
}

Response verify_log(Context& context, const Call& call) {
  auto report = context.services.store.verify();
  if (!report) return error_reply(report.error(), call.request.id);
  Json out;
  out.set("ok", report->ok).set("entries", report->entries).set("first_bad_seq", report->first_bad_seq);
  return json_reply(out.set("message", report->message));
}

}  // namespace

void add_admin_routes(Router& router, Context& context) {
  using namespace schema;
  const auto bind = [&context](Response (*handler)(Context&, const Call&)) -> Handler {
    return [&context, handler](const Call& call) { return handler(context, call); };
  };
  router.add({.method = Method::post,
              .pattern = "/api/v1/accounts/{id}/password",
              .id = "resetPassword",
              .tag = "administration",
              .summary = {"重置口令", "Reset a password"},
              .roles = {"system_admin"},
              .body = BodyKind::json,
              .lane = Lane::sign_in,
              .response = object({{"password", text()}}),
              .handler = bind(reset_password)});
  router.add({.method = Method::post,
              .pattern = "/api/v1/accounts/{id}/token",
              .id = "newToken",
              .tag = "administration",
              .summary = {"签发令牌", "Issue a bearer token"},
              .roles = {"system_admin"},
              .body = BodyKind::json,
              .response = object({{"token", text()}}),
              .handler = bind(new_token)});
  router.add({.method = Method::get,
              .pattern = "/api/v1/log",
              .id = "changeLog",
              .tag = "administration",
              .summary = {"变更日志", "Change log"},
              .roles = {"auditor"},
              .query = {{"before", "integer", "`next` of the page before"},
                        {"limit", "integer", "1 to 500; default 50"},
                        {"type", "string", "only this record type"},
                        {"actor", "string", "only this account name"}},
              .response = object({{"changes", list(named("Change"))}, {"next", maybe(whole())}}),
              .handler = bind(change_log)});
  router.add({.method = Method::get,
              .pattern = "/api/v1/log/verify",
              .id = "verifyLog",
              .tag = "administration",
              .summary = {"校验日志链", "Verify the change log"},
              .roles = {"auditor"},
              .response = object(
                  {{"ok", boolean()}, {"entries", whole()}, {"first_bad_seq", whole()}, {"message", text()}}),
              .handler = bind(verify_log)});
}

}  // namespace mineward::api
