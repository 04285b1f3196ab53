// Signing in and out; what everybody may ask about himself.
#include <algorithm>
#include <array>

#include "api/application.h"
#include "api/codec.h"
#include "api/reply.h"
#include "api/schema.h"

namespace mineward::api {

namespace {

/// The page that a person wants to see first, by the first of these roles that he has.
constexpr std::array<std::pair<std::string_view, std::string_view>, 12> kHomes = {
    {{"dispatcher", "live"},
     {"safety_officer", "hazards"},
     {"mine_manager", "hazards"},
     {"reviewer", "hazards"},
     {"county_officer", "board"},
     {"city_officer", "board"},
     {"province_officer", "board"},
     {"worker", "hazards"},
     {"system_admin", "accounts"},
     {"security_admin", "accounts"},
     {"auditor", "log"},
     {"uploader", "uploads"}}};

std::string_view home_of(const std::set<std::string>& roles) {
  for (const auto& [role, page] : kHomes) {
    if (roles.contains(std::string(role))) return page;
  }
  return "board";
}

Json account_json(Context& context, const Caller& caller) {
  Json organisation, account;
  std::string level;
  if (const auto found = context.services.store.get(record::Actor::system("system:sessions"), "organisation",
                                                    caller.actor.organisation)) {
    level = found->text("level");
    organisation.set("id", found->id.text()).set("name", found->text("name"));
  }
  account.set("id", caller.actor.account.text()).set("name", caller.actor.name);
  account.set("display_name", caller.display_name);
  account.set("roles", texts_json({caller.actor.roles.begin(), caller.actor.roles.end()}));
  account.set("level", level).set("organisation", std::move(organisation));
  return account.set("home", home_of(caller.actor.roles));
}

Json session_json(Context& context, const Caller& caller, const std::string& csrf) {
  Json out;
  out.set("account", account_json(context, caller)).set("csrf", csrf.empty() ? Json() : Json(csrf));
  return out.set("must_change_password", caller.must_change_password);
}

std::string cookie_of(const Context& context, const Request& request, const std::string& token,
                      std::int64_t max_age) {
  std::string cookie =
      "mw_session=" + token + "; Path=/; HttpOnly; SameSite=Strict; Max-Age=" + std::to_string(max_age);
  if (request.tls || !context.options.tls_certificate.empty()) cookie += "; Secure";
  return cookie;
}

Response waiting(int status, std::string code, Millis wait, const std::string& request) {
  return error_reply(ErrorBody{status, std::move(code), "try again later", {}, {}, std::max(wait, Millis{1})},
                     request);
}

Response sign_in(Context& context, const Call& call) {
  const std::string& address = call.request.address;
  if (const auto wait = context.sign_in_rates.take(address))
    return waiting(429, "too_many", *wait, call.request.id);
  const std::string_view name = call.body.text("name"), password = call.body.text("password");
  if (name.empty() || password.empty() || name.size() > 100 || password.size() > 1000) {
    return error_reply(bad_input("expected name and password, both as text"), call.request.id);
  }
  auto result = context.sessions.sign_in(name, password, address);
  if (const auto* refusal = std::get_if<SignInRefusal>(&result)) {
    if (refusal->why == SignInRefusal::Why::unavailable) return error_reply(refusal->error, call.request.id);
    if (refusal->why == SignInRefusal::Why::locked)
      return waiting(429, "locked", refusal->retry_after, call.request.id);
    return error_reply(ErrorBody{401, "bad_credentials", "the name or the password is wrong", {}, {}, {}},
                       call.request.id);
  }
  const auto& done = std::get<SignedIn>(result);
  Response response = json_reply(session_json(context, done.caller, done.csrf));
  response.headers.emplace_back("Set-Cookie", cookie_of(context, call.request, done.token,
                                                        context.options.sessions.longest.count() / 1000));
  return response;
}

Response sign_out(Context& context, const Call& call) {
  context.sessions.sign_out(call.caller);
  if (!call.caller.session.empty()) context.hub.end_session(call.caller.session, 4401);
  Response response;
  response.status = 204;
  response.headers.emplace_back("Cache-Control", "no-store");
  response.headers.emplace_back("Set-Cookie", cookie_of(context, call.request, "", 0));
  return response;
}

Response change_password(Context& context, const Call& call) {
  if (call.caller.session.empty()) {
    return error_reply(forbidden("a bearer token cannot change the password"), call.request.id);
  }
  const Status done =
      context.sessions.change_password(call.caller, call.body.text("old"), call.body.text("new"));
  if (done) return json_reply(Json(Json::Object{}));
  const Error& error = done.error();
  if (error.code == Errc::unauthenticated) {
    return error_reply(
        ErrorBody{403, "bad_credentials", error.message, {{"old", "bad_format", error.message}}, {}, {}},
        call.request.id);
  }
  if (error.code == Errc::bad_input) {
    return error_reply(
        ErrorBody{400, "bad_input", error.message, {{"new", "bad_format", error.message}}, {}, {}},
        call.request.id);
  }
  return error_reply(error, call.request.id);
}

}  // namespace

void add_session_routes(Router& router, Context& context) {
  using namespace schema;
  const Json session = object(
      {{"account", named("SessionAccount")}, {"csrf", maybe(text())}, {"must_change_password", boolean()}});
  router.add({.method = Method::post,
              .pattern = "/api/v1/session",
              .id = "signIn",
              .tag = "session",
              .summary = {"登录", "Sign in"},
              .auth = Auth::open,
              .body = BodyKind::json,
              .body_limit = 4096,
              .lane = Lane::sign_in,
              .request = object({{"name", text()}, {"password", text()}}),
              .response = session,
              .handler = [&context](const Call& call) { return sign_in(context, call); }});
  router.add({.method = Method::get,
              .pattern = "/api/v1/session",
              .id = "getSession",
              .tag = "session",
              .summary = {"当前会话", "Who am I"},
              .response = session,
              .while_password_expired = true,
              .handler = [&context](const Call& call) {
                const std::string csrf = call.caller.session.empty()
                                             ? std::string{}
                                             : Sessions::csrf_of(call.request.cookie("mw_session"));
                return json_reply(session_json(context, call.caller, csrf));
              }});
  router.add({.method = Method::del,
              .pattern = "/api/v1/session",
              .id = "signOut",
              .tag = "session",
              .summary = {"退出登录", "Sign out"},
              .success = 204,
              .while_password_expired = true,
              .handler = [&context](const Call& call) { return sign_out(context, call); }});
  router.add({.method = Method::post,
              .pattern = "/api/v1/session/password",
              .id = "changePassword",
              .tag = "session",
              .summary = {"修改口令", "Change own password"},
              .body = BodyKind::json,
              .body_limit = 4096,
              .lane = Lane::sign_in,
              .request = object({{"old", text()}, {"new", text()}}),
              .response = object({}),
              .while_password_expired = true,
              .handler = [&context](const Call& call) { return change_password(context, call); }});
}

}  // namespace mineward::api
