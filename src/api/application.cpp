#include "api/application.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "api/codec.h"
#include "api/gzip.h"
#include "api/reply.h"
#include "base/digest.h"
#include "base/log.h"
#include "base/metrics.h"
#include "base/text.h"
#include "record/reminders.h"

namespace mineward::api {

using record::RecordId;

namespace {

constexpr std::size_t kMostWatchedMines = 200;
/// A queue that is full, or an answer that took too long, is worth another try after so long.
constexpr Millis kRetryAfter{2000};

/// What this application keeps with an exchange.
struct State {
  const Route* route = nullptr;
  std::vector<std::pair<std::string, std::string>> path;
  std::optional<Caller> caller;
};

State& state_of(Exchange& exchange) { return *std::any_cast<State>(&exchange.state); }

bool changes_something(Method method) { return method != Method::get && method != Method::head; }

std::string_view bearer_of(const Request& request) {
  const std::string_view field = request.header("authorization");
  return field.size() > 7 && lower_ascii(field.substr(0, 7)) == "bearer " ? trim(field.substr(7))
                                                                          : std::string_view{};
}

/// Whose turn it is in the upload lane: the mine named by the file, as told by this account.
std::string sender_of(const Request& request) {
  const std::string_view name = request.parameter("name").value_or("");
  const std::string_view bearer = bearer_of(request);
  return fmt::format("{}/{}", bearer.empty() ? request.cookie("mw_session") : bearer,
                     name.substr(0, name.find('_')));
}

/// A parameter that the route does not know is a filter that would not be applied: better refused than
/// forgotten.
Status check_parameters(const Route& route, const Request& request) {
  const auto knows = [&route](std::string_view name) {
    return std::any_of(route.query.begin(), route.query.end(), [name](const QueryParameter& known) {
      const auto open = known.name.find('<');  // "f.<field>"
      return open == std::string::npos ? known.name == name : name.starts_with(known.name.substr(0, open));
    });
  };
  for (const auto& [name, value] : request.query) {
    if (knows(name)) continue;
    std::vector<std::string> names;
    for (const auto& known : route.query) names.push_back(known.name);
    return bad_input(
        fmt::format("found the parameter '{}', expected {}", name.substr(0, 80),
                    names.empty() ? std::string("none") : fmt::format("{}", fmt::join(names, ", "))),
        "query");
  }
  return {};
}

std::string_view media_type(const Request& request) {
  const std::string_view field = request.header("content-type");
  return trim(field.substr(0, field.find(';')));
}

std::size_t limit_of(const Route& route, const ServerOptions& options) {
  if (route.body_limit != 0) return route.body_limit;
  switch (route.body) {
    case BodyKind::none: return 0;
    case BodyKind::json: return options.json_limit;
    case BodyKind::csv: return options.csv_limit;
    case BodyKind::raw: return options.upload_limit;
  }
  return 0;
}

Response too_many(Millis wait, const std::string& request) {
  return error_reply(
      ErrorBody{429, "too_many", "too many requests; wait and try again", {}, {}, std::max(wait, Millis{1})},
      request);
}

Response plain_error(int status, std::string code, std::string message, const std::string& request) {
  return error_reply(ErrorBody{status, std::move(code), std::move(message), {}, {}, {}}, request);
}

/// A refusal of the body as a whole; the fault names it, so that it can be told from one of a field.
Response body_error(std::string code, std::string message, const std::string& request) {
  return error_reply(ErrorBody{400, code, "body: " + message, {{"body", code, message}}, {}, {}}, request);
}

bool has_type(const Json& value, std::string_view type) {
  if (type == "string") return value.string();
  if (type == "integer") return value.integer();
  if (type == "number") return value.number().has_value();
  if (type == "boolean") return value.boolean();
  if (type == "array") return value.array();
  return type != "object" || value.object();
}

/// The type that a schema of the route table asks for; empty = any. maybe() has it in its first choice.
std::string_view type_of(const Json& schema) {
  const auto* choices = schema["anyOf"].array();
  return (choices && !choices->empty() ? choices->front() : schema).text("type");
}

/// The members of a body against the schema that OpenAPI shows: what is unknown or of another type would be
/// forgotten, and is refused instead. Null stands for "not given".
std::vector<record::FieldFault> faults_of(const Json& schema, const Json& body) {
  std::vector<record::FieldFault> faults;
  const auto* known = schema["properties"].object();
  if (!known) return faults;
  for (const auto& [name, value] : *body.object()) {
    if (!schema["properties"].has(name)) {
      std::vector<std::string> names;
      for (const auto& member : *known) names.push_back(member.first);
      faults.push_back(
          {name.substr(0, 80), "unknown_field",
           fmt::format("found a member of an unknown name, expected {}", fmt::join(names, ", "))});
    } else if (const auto type = type_of(schema["properties"][name]);
               !value.is_null() && !has_type(value, type)) {
      faults.push_back({name, "bad_format", fmt::format("found {}, expected {}", value.kind(), type)});
    }
  }
  return faults;
}

bool origin_allowed(const Request& request, const ServerOptions& options) {
  const std::string_view origin = request.header("origin");
  if (origin.empty()) return true;  // no browser
  const auto& known = options.allowed_origins;
  if (std::find(known.begin(), known.end(), origin) != known.end()) return true;
  const auto scheme = origin.find("://");
  return scheme != std::string_view::npos && origin.substr(scheme + 3) == request.header("host");
}

}  // namespace

Context::Context(ServerOptions o, Services s)
    : options(std::move(o)),
      services(std::move(s)),
      sessions(services.store, services.clock, services.random, options.sessions),
      exams(services.store, services.clock, services.random),
      papers(services.store, services.clock, services.random, options.papers),
      address_rates(options.per_address, options.rate_keys, services.clock),
      file_rates(options.files_per_address, options.rate_keys, services.clock),
      account_rates(options.per_account, options.rate_keys, services.clock),
      sign_in_rates(options.sign_in_per_address, options.rate_keys, services.clock),
      verify_rates(options.verify_per_address, options.rate_keys, services.clock) {}

// ---- on a network thread
// -----------------------------------------------------------------------------------------

void ApiApplication::plan(Exchange& exchange) {
  Request& request = exchange.request;
  Plan& plan = exchange.plan;
  exchange.state = State{};
  if (context_.options.behind_proxy) {
    const auto hops = split(request.header("x-forwarded-for"), ',');
    if (const auto last = trim(hops.back()); !last.empty()) request.address = std::string(last);
    request.tls = request.header("x-forwarded-proto") == "https";
  }
  const auto answer_now = [&](Response response) {
    plan.answer = finish(std::move(response), exchange, false);
  };
  auto match = router_.match(request.method, request.segments);
  const bool is_file = !match.route && (request.segments.empty() || request.segments[0] != "api");
  if (const auto wait = (is_file ? context_.file_rates : context_.address_rates).take(request.address))
    return answer_now(too_many(*wait, request.id));
  if (!match.route) {
    if (!match.allowed.empty()) {
      Response response =
          plain_error(405, "method_not_allowed", "this path does not have that method", request.id);
      std::string allow;
      for (const Method m : match.allowed) {
        allow += (allow.empty() ? "" : ", ") + std::string(name_of(m));
        if (m == Method::get) allow += ", HEAD";
      }
      response.headers.emplace_back("Allow", std::move(allow));
      return answer_now(std::move(response));
    }
    if (!is_file) {
      return answer_now(plain_error(404, "not_found", "there is no such route", request.id));
    }
    if (changes_something(request.method)) {
      Response response = plain_error(405, "method_not_allowed", "files can only be read", request.id);
      response.headers.emplace_back("Allow", "GET, HEAD");
      return answer_now(std::move(response));
    }
    Response file = context_.web.serve(request);
    file.route = "file";
    return answer_now(std::move(file));
  }
  State& state = state_of(exchange);
  state.route = match.route;
  state.path = std::move(match.path);
  const Route& route = *match.route;
  if (route.auth == Auth::signed_in && bearer_of(request).empty() && request.cookie("mw_session").empty()) {
    return answer_now(plain_error(401, "unauthenticated", "sign in first", request.id));
  }
  plan.lane = route.lane;
  if (route.lane == Lane::uploads) plan.sender = sender_of(request);
  plan.live = route.live;
  plan.body_limit = limit_of(route, context_.options);
  plan.admit_first = plan.body_limit > context_.options.json_limit;
  if (route.lane == Lane::here) {
    const Caller nobody;
    answer_now(route.handler(Call{request, state.path, nobody, Json()}));
  }
}

Response ApiApplication::refusal(int status, std::string_view code, std::string_view message,
                                 const std::string& request) {
  const Millis retry_after = status == 429 || status == 503 ? kRetryAfter : Millis{};
  Response response =
      error_reply(ErrorBody{status, std::string(code), std::string(message), {}, {}, retry_after}, request);
  counter("http_refused_total", "Requests refused by the transport", fmt::format("status=\"{}\"", status))
      .add();
  add_security_headers(response, false);
  return response;
}

// ---- on workers
// --------------------------------------------------------------------------------------------------

std::optional<Response> ApiApplication::authorise(Exchange& exchange) {
  State& state = state_of(exchange);
  const Route& route = *state.route;
  const Request& request = exchange.request;
  if (route.auth == Auth::open) {
    state.caller.emplace();
    state.caller->actor.origin = request.address;
    return std::nullopt;
  }
  const std::string_view bearer = bearer_of(request);
  const std::string_view cookie = request.cookie("mw_session");
  auto caller = bearer.empty() ? context_.sessions.by_cookie(cookie, request.address)
                               : context_.sessions.by_bearer(bearer, request.address);
  if (!caller) return error_reply(caller.error(), request.id);
  if (const auto wait = context_.account_rates.take(caller->actor.name)) return too_many(*wait, request.id);
  if (bearer.empty() && changes_something(request.method) &&
      !equal_constant_time(request.header("x-csrf-token"), Sessions::csrf_of(cookie))) {
    return plain_error(
        403, "csrf", "expected the header X-CSRF-Token with the value from GET /api/v1/session", request.id);
  }
  if (caller->must_change_password && !route.while_password_expired) {
    return plain_error(403, "must_change_password", "change the password first", request.id);
  }
  const auto& roles = caller->actor.roles;
  if (!route.roles.empty() && std::none_of(route.roles.begin(), route.roles.end(),
                                           [&](const std::string& role) { return roles.contains(role); })) {
    return plain_error(403, "forbidden",
                       fmt::format("this needs one of the roles {}", fmt::join(route.roles, ", ")),
                       request.id);
  }
  state.caller = *std::move(caller);
  return std::nullopt;
}

std::optional<Response> ApiApplication::admit(Exchange& exchange) {
  try {
    auto refused = authorise(exchange);
    if (!refused) return std::nullopt;
    return finish(*std::move(refused), exchange, false);
  } catch (const std::exception& e) {
    log_error("request_exception", {{"request", exchange.request.id}, {"what", e.what()}});
    return finish(plain_error(500, "internal", "the server made a mistake; see its log", exchange.request.id),
                  exchange, false);
  }
}

Response ApiApplication::call(Exchange& exchange) {
  State& state = state_of(exchange);
  const Route& route = *state.route;
  const Request& request = exchange.request;
  if (!state.caller) {
    if (auto refused = authorise(exchange)) return *std::move(refused);
  }
  if (request.method == Method::get &&
      (route.auth == Auth::signed_in ||
       route.pattern.starts_with("/api/v1/"))) {  // probes may add what they like
    if (const Status known = check_parameters(route, request); !known)
      return error_reply(known.error(), request.id);
  }
  Json body;
  if (route.body == BodyKind::json || route.body == BodyKind::csv) {
    const std::string_view wanted = route.body == BodyKind::json ? "application/json" : "text/csv";
    if (!request.header("content-encoding").empty() && request.header("content-encoding") != "identity") {
      return plain_error(415, "unsupported_media_type", "this route takes no packed bodies", request.id);
    }
    if (!request.body.empty() && lower_ascii(media_type(request)) != wanted) {
      return plain_error(415, "unsupported_media_type",
                         fmt::format("found Content-Type '{}', expected {}", media_type(request), wanted),
                         request.id);
    }
  }
  if (route.body == BodyKind::json) {
    if (request.body.empty() && route.request.is_null()) {
      body = Json(Json::Object{});
    } else {
      auto parsed = parse_json(request.body);
      if (!parsed) return body_error("bad_json", std::move(parsed).error().message, request.id);
      if (!parsed->object()) {
        return body_error("bad_input", fmt::format("found {}, expected a JSON object", parsed->kind()),
                          request.id);
      }
      body = *std::move(parsed);
      if (auto faults = faults_of(route.request, body); !faults.empty()) {
        std::string message = "body: " + faults[0].field + ": " + faults[0].message;
        return error_reply(ErrorBody{400, "bad_input", std::move(message), std::move(faults), {}, {}},
                           request.id);
      }
    }
  }
  return route.handler(Call{request, state.path, *state.caller, body});
}

Response ApiApplication::answer(Exchange& exchange) {
  static Histogram& seconds =
      histogram("http_request_seconds", "Time in the handler, with its waiting for SQL and disk");
  const auto begun = std::chrono::steady_clock::now();
  Response response;
  try {
    response = call(exchange);
  } catch (const std::exception& e) {  // the boundary of a request
    log_error("request_exception", {{"request", exchange.request.id}, {"what", e.what()}});
    response = plain_error(500, "internal", "the server made a mistake; see its log", exchange.request.id);
  }
  response = finish(std::move(response), exchange, true);
  const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - begun;
  seconds.observe(taken.count());
  if (context_.options.access_log) {
    log_info("http", {{"method", std::string(name_of(exchange.request.method))},
                      {"route", state_of(exchange).route->pattern},
                      {"status", std::to_string(response.status)},
                      {"ms", fmt::format("{:.1f}", taken.count() * 1000)},
                      {"in", std::to_string(exchange.request.body.size())},
                      {"out", std::to_string(response.content().size())},
                      {"request", exchange.request.id}});
  }
  return response;
}

Response ApiApplication::finish(Response response, const Exchange& exchange, bool may_pack) {
  static const std::array<Counter*, 6> by_class = [] {
    std::array<Counter*, 6> made{};
    for (std::size_t i = 1; i < made.size(); ++i) {
      made[i] =
          &counter("http_responses_total", "Answers by class of status", fmt::format("class=\"{}xx\"", i));
    }
    return made;
  }();
  if (const auto c = static_cast<std::size_t>(response.status / 100); c >= 1 && c < by_class.size())
    by_class[c]->add();
  add_security_headers(response, exchange.request.tls);
  response.headers.emplace_back("X-Request-Id", exchange.request.id);
  if (may_pack && response.body.size() > kWorthPacking &&
      find_header(response.headers, "Content-Encoding").empty()) {
    const std::string_view type = response.content_type;
    if (type.starts_with("application/json") || type.starts_with("text/")) {
      response.headers.emplace_back("Vary", "Accept-Encoding");
      if (accepts_gzip(exchange.request.header("accept-encoding"))) {
        if (auto packed = gzip(response.body, 1); !packed.empty()) {
          response.body = std::move(packed);
          response.headers.emplace_back("Content-Encoding", "gzip");
        }
      }
    }
  }
  return response;
}

// ---- live
// --------------------------------------------------------------------------------------------------------

LiveStart ApiApplication::open_live(Exchange& exchange) {
  const auto refuse = [&](Response response) {
    return LiveStart{nullptr, finish(std::move(response), exchange, false)};
  };
  try {
    if (!origin_allowed(exchange.request, context_.options)) {
      return refuse(
          plain_error(403, "origin", "this page may not open a live connection here", exchange.request.id));
    }
    if (auto refused = authorise(exchange)) return refuse(*std::move(refused));
    const Caller& caller = *state_of(exchange).caller;
    const auto organisations = context_.services.store.organisations_in(caller.actor.scope);
    if (!organisations) return refuse(error_reply(organisations.error(), exchange.request.id));
    auto client =
        context_.hub.join(caller.session, caller.actor, {organisations->begin(), organisations->end()},
                          context_.options.max_live_clients);
    if (!client) {
      return refuse(error_reply(
          ErrorBody{503, "unavailable", "too many live connections are open", {}, {}, kRetryAfter},
          exchange.request.id));
    }
    return {std::move(client), {}};
  } catch (const std::exception& e) {
    log_error("request_exception", {{"request", exchange.request.id}, {"what", e.what()}});
    return refuse(
        plain_error(500, "internal", "the server made a mistake; see its log", exchange.request.id));
  }
}

void ApiApplication::live_message(LiveClient& client, std::string_view text) {
  const auto message = parse_json(text);
  if (!message || !message->object()) {
    client.end(1007);
    return;
  }
  if (const auto* mines = (*message)["watch"].array()) {
    std::set<RecordId> wanted;
    for (const auto& mine : *mines) {
      if (const auto id = mine.string() ? parse_record_id(*mine.string()) : std::nullopt) wanted.insert(*id);
      if (wanted.size() == kMostWatchedMines) break;
    }
    client.watch_mines(std::move(wanted));
  }
  if (message->has("ping")) {
    static const Message pong = std::make_shared<const std::string>(R"({"kind":"pong"})");
    client.reply(pong);
  }
}

void ApiApplication::live_closed(const std::shared_ptr<LiveClient>& client) { context_.hub.leave(client); }

Status ApiApplication::push_reminders() {
  constexpr int kBatch = 200, kMostBatches = 20;
  auto& store = context_.services.store;
  if (!pushed_) {
    MW_ASSIGN(pushed_, record::newest_reminder(store));
  }
  for (int i = 0; i < kMostBatches; ++i) {
    MW_ASSIGN(const int taken, record::take_reminders(store, context_.services.clock.now(), kBatch));
    // Also those that another node on the same database has noted.
    MW_ASSIGN(const auto fresh, record::reminders_after(store, *pushed_, kBatch));
    for (const auto& reminder : fresh) {
      Json message = reminder_json(reminder);
      message.set("kind", "reminder");
      context_.hub.publish({watch::LiveEvent::Kind::reminder,
                            {},
                            reminder.owner,
                            message.dump(),
                            record::owed_by(store.catalog(), reminder.type, reminder.clock)});
      pushed_ = reminder.seq;
    }
    if (taken == 0 && fresh.empty()) break;
  }
  return {};
}

void ApiApplication::review_live_clients() {
  for (const auto& client : context_.hub.clients()) {
    if (client->session().empty()) continue;  // a bearer token: checked when it connects
    const auto caller = context_.sessions.by_hash(client->session(), client->actor().origin);
    if (!caller) {
      if (caller.error().code == Errc::unauthenticated) client->end(4401);
      continue;
    }
    if (auto organisations = context_.services.store.organisations_in(caller->actor.scope)) {
      client->set_organisations({organisations->begin(), organisations->end()});
    }
  }
}

// ---- for handlers
// ------------------------------------------------------------------------------------------------

Result<RecordId> id_of(const Call& call, std::string_view name) {
  const auto id = parse_record_id(call.path_value(name));
  if (!id) return not_found(fmt::format("'{}' is no id", call.path_value(name)));
  return *id;
}

Result<std::optional<RecordId>> mine_parameter(Context& context, const Call& call) {
  const auto text = call.request.parameter("mine");
  if (!text || text->empty()) return std::optional<RecordId>{};
  const auto id = parse_record_id(*text);
  if (!id)
    return bad_input(fmt::format("found '{}', expected the id of a mine", text->substr(0, 80)), "mine");
  const auto mine = context.services.store.get(call.caller.actor, "mine", *id);
  if (!mine) return mine.error();
  return std::optional<RecordId>(*id);
}

}  // namespace mineward::api
