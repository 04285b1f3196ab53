#include "api/sessions.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/digest.h"
#include "base/log.h"

namespace mineward::api {

using record::Actor;
using record::Fields;
using record::Record;
using record::RecordId;
using record::Writer;
using Why = SignInRefusal::Why;

namespace {

constexpr std::size_t kUnknownNames = 1000;
/// A session's use is written at most this often.
constexpr Millis kTouchEvery{60'000};

constexpr std::string_view kAddSession =
    "INSERT INTO session (token_hash, account, created_at, last_seen, expires_at, origin) VALUES ($1, $2, "
    "$3, $3, $4, $5)";
constexpr std::string_view kFindSession =
    "SELECT account, last_seen, expires_at FROM session WHERE token_hash = $1";
constexpr std::string_view kTouchSession = "UPDATE session SET last_seen = $2 WHERE token_hash = $1";
constexpr std::string_view kEndSession = "DELETE FROM session WHERE token_hash = $1";
constexpr std::string_view kForgetSessions = "DELETE FROM session WHERE expires_at <= $1 OR last_seen <= $2";
constexpr std::string_view kFindToken = "SELECT account FROM api_token WHERE token_hash = $1";

/// `organisation`: whose auditors see the log entry.
Actor keeper(const std::string& origin, RecordId organisation = {}) {
  Actor actor = Actor::system("system:sessions");
  actor.origin = origin;
  actor.organisation = organisation;
  return actor;
}

Error signed_out() { return Error{Errc::unauthenticated, "sign in first", {}}; }

std::int64_t locked_until(const Record& account) {
  const auto until = account.time("locked_until");
  return until ? until->utc_ms : 0;
}

Status updated(Writer& writer, const Actor& actor, RecordId account, const Fields& fields) {
  auto outcome = writer.update(actor, "account", account, 0, fields);
  if (auto* refusal = std::get_if<record::Refusal>(&outcome)) return std::move(refusal->error);
  return {};
}

SignInRefusal bad_credentials() { return {Why::bad_credentials, {}, {}}; }
SignInRefusal locked(std::int64_t until, std::int64_t now) { return {Why::locked, Millis(until - now), {}}; }

}  // namespace

Sessions::Sessions(record::Store& store, Clock& clock, Random& random, SessionOptions options)
    : store_(store), clock_(clock), random_(random), options_(options) {
  if (auto hash = hash_password("no account has this password", options_.cost)) decoy_hash_ = *hash;
}

std::string Sessions::csrf_of(std::string_view token) {
  return sha256_hex(fmt::format("mineward csrf {}", token)).substr(0, 43);
}

/// A lock that would last longer than locks do was set by a clock that has been set back since.
bool Sessions::is_locked(std::int64_t until, std::int64_t now) const {
  return until > now && until - now <= options_.lock_for.count();
}

std::optional<Millis> Sessions::count_unknown(std::string_view name) {
  const std::int64_t now = clock_.now().utc_ms;
  const std::lock_guard lock(unknown_mutex_);
  auto found = unknown_.find(name);
  if (found == unknown_.end()) {
    if (unknown_.size() >= kUnknownNames) unknown_.erase(unknown_.begin());
    found = unknown_.emplace(std::string(name), Failures{}).first;
  }
  Failures& failures = found->second;
  if (is_locked(failures.locked_until, now)) return Millis(failures.locked_until - now);
  if (++failures.count >= options_.failures_before_lock) {
    failures = {0, now + options_.lock_for.count()};
  }
  return std::nullopt;
}

std::variant<SignedIn, SignInRefusal> Sessions::sign_in(std::string_view name, std::string_view password,
                                                        const std::string& address) {
  const auto found = find_account(store_, name);
  if (!found) return SignInRefusal{Why::unavailable, {}, found.error()};
  const std::int64_t now = clock_.now().utc_ms;
  if (!*found) {
    if (const auto wait = count_unknown(name)) return SignInRefusal{Why::locked, *wait, {}};
    (void)password_matches(decoy_hash_, password);
    // The name is not noted: people type passwords into the wrong box.
    const Status noted = store_.write([&](Writer& writer) {
      return writer.note(keeper(address), "sign_in_failed", "account", {}, Json(Json::Object{}));
    });
    if (!noted) return SignInRefusal{Why::unavailable, {}, noted.error()};
    return bad_credentials();
  }
  const RecordId id = (*found)->id;
  if (const auto until = locked_until(**found); is_locked(until, now)) return locked(until, now);
  const std::string hash = (*found)->text("password_hash");
  const bool matches = password_matches(hash.empty() ? decoy_hash_ : hash, password) && !hash.empty();

  const std::string token = random_hex(random_, 32);
  std::variant<SignedIn, SignInRefusal> result = bad_credentials();
  const Status written = store_.write([&](Writer& writer) -> Status {
    // Read again: another attempt may have counted, locked or disabled it while we were hashing.
    MW_ASSIGN(const auto account, writer.get(keeper(address), "account", id));
    if (const auto until = locked_until(account); is_locked(until, now)) {
      result = locked(until, now);
      return {};
    }
    if (!matches || account.flag("disabled") || account.text("password_hash") != hash) {
      const auto failures = static_cast<int>(account.number("failed_sign_ins").value_or(0)) + 1;
      Fields fields{{"failed_sign_ins", std::int64_t{failures}}};
      if (failures >= options_.failures_before_lock) {
        fields["failed_sign_ins"] = std::int64_t{0};
        fields["locked_until"] = EventTime{now + options_.lock_for.count()};
      }
      MW_TRY(updated(writer, keeper(address), id, fields));
      return writer.note(keeper(address, account.reference("organisation")), "sign_in_failed", "account", id,
                         Json(Json::Object{}));
    }
    MW_TRY(updated(writer, keeper(address), id,
                   {{"failed_sign_ins", std::int64_t{0}},
                    {"locked_until", std::monostate{}},
                    {"last_sign_in", EventTime{now}}}));
    const auto added = writer.connection().execute(
        kAddSession, {db::Value(sha256_hex(token)), db::Value(id.value), db::Value(now),
                      db::Value(now + options_.longest.count()), db::Value(address)});
    if (!added) return added.error();
    Actor actor;
    actor.account = id;
    actor.name = account.text("name");
    actor.organisation = account.reference("organisation");
    actor.origin = address;
    MW_TRY(writer.note(actor, "sign_in", "account", id, Json(Json::Object{})));
    result = SignedIn{token, csrf_of(token), {}};
    return {};
  });
  if (!written) return SignInRefusal{Why::unavailable, {}, written.error()};
  if (auto* done = std::get_if<SignedIn>(&result)) {
    auto caller = caller_of(id, address);
    if (!caller) return SignInRefusal{Why::unavailable, {}, caller.error()};
    done->caller = *std::move(caller);
    done->caller.session = sha256_hex(token);
  }
  return result;
}

void Sessions::sign_out(const Caller& caller) {
  if (caller.session.empty()) return;
  const Status written = store_.write([&](Writer& writer) -> Status {
    const auto ended = writer.connection().execute(kEndSession, {db::Value(caller.session)});
    if (!ended) return ended.error();
    return writer.note(caller.actor, "sign_out", "account", caller.actor.account, Json(Json::Object{}));
  });
  if (!written) log_error("sign_out_failed", {{"error", written.error().text()}});
}

Status Sessions::change_password(const Caller& caller, std::string_view old_password,
                                 std::string_view new_password) {
  MW_TRY(check_password(caller.actor.name, new_password));
  if (old_password == new_password) return bad_input("the new password is the old one");
  auto checked = sign_in(caller.actor.name, old_password, caller.actor.origin);
  if (const auto* refusal = std::get_if<SignInRefusal>(&checked)) {
    if (refusal->why == Why::unavailable) return refusal->error;
    return Error{Errc::unauthenticated, "the old password is wrong", {}};
  }
  MW_TRY(set_password(store_, caller.actor, caller.actor.account, new_password, false, options_.cost));
  // set_password ended all sessions; this browser's goes on.
  const std::int64_t now = clock_.now().utc_ms;
  return store_.database().write([&](db::Connection& connection) -> Status {
    const auto added = connection.execute(
        kAddSession, {db::Value(caller.session), db::Value(caller.actor.account.value), db::Value(now),
                      db::Value(now + options_.longest.count()), db::Value(caller.actor.origin)});
    if (!added) return added.error();
    return {};
  });
}

Result<Caller> Sessions::by_cookie(std::string_view token, const std::string& address) {
  if (token.size() != 64) return signed_out();
  return by_hash(sha256_hex(token), address);
}

Result<Caller> Sessions::by_hash(const std::string& session, const std::string& address) {
  RecordId account;
  std::int64_t last_seen = 0, expires_at = 0;
  MW_TRY(store_.database().read([&](db::Connection& connection) -> Status {
    MW_ASSIGN(const auto rows, connection.query(kFindSession, {db::Value(session)}));
    if (rows.empty()) return signed_out();
    account.value = rows.integer(0, 0);
    last_seen = rows.integer(0, 1);
    expires_at = rows.integer(0, 2);
    return {};
  }));
  const std::int64_t now = clock_.now().utc_ms;
  if (now >= expires_at || now - last_seen >= options_.idle.count()) return signed_out();
  // Also when the clock was set back: else the session would not grow idle for so long.
  if (std::abs(now - last_seen) >= kTouchEvery.count()) {
    const Status touched = store_.database().write([&](db::Connection& connection) -> Status {
      const auto done = connection.execute(kTouchSession, {db::Value(session), db::Value(now)});
      if (!done) return done.error();
      return {};
    });
    // A full disk must not keep people from reading.
    if (!touched) log_warning("session_not_touched", {{"error", touched.error().text()}});
  }
  MW_ASSIGN(auto caller, caller_of(account, address));
  caller.session = session;
  return caller;
}

Result<Caller> Sessions::by_bearer(std::string_view token, const std::string& address) {
  RecordId account;
  MW_TRY(store_.database().read([&](db::Connection& connection) -> Status {
    MW_ASSIGN(const auto rows, connection.query(kFindToken, {db::Value(sha256_hex(token))}));
    if (rows.empty()) return signed_out();
    account.value = rows.integer(0, 0);
    return {};
  }));
  MW_ASSIGN(auto caller, caller_of(account, address));
  caller.must_change_password = false;  // a token is no password
  return caller;
}

Result<Caller> Sessions::caller_of(RecordId account, const std::string& address) {
  auto found = store_.get(keeper(address), "account", account);
  if (!found) return found.error().code == Errc::not_found ? signed_out() : found.error();
  if (found->flag("disabled")) return signed_out();
  Caller caller;
  caller.actor.account = account;
  caller.actor.name = found->text("name");
  caller.actor.organisation = found->reference("organisation");
  caller.actor.scope.root = caller.actor.organisation;
  caller.actor.origin = address;
  if (const auto roles = found->fields.find("roles"); roles != found->fields.end()) {
    if (const auto* list = std::get_if<std::vector<std::string>>(&roles->second)) {
      caller.actor.roles = {list->begin(), list->end()};
    }
  }
  caller.must_change_password = found->flag("must_change_password");
  caller.display_name = found->text("display_name");
  return caller;
}

Status Sessions::forget_expired() {
  const std::int64_t now = clock_.now().utc_ms;
  return store_.database().write([&](db::Connection& connection) -> Status {
    const auto gone =
        connection.execute(kForgetSessions, {db::Value(now), db::Value(now - options_.idle.count())});
    if (!gone) return gone.error();
    return {};
  });
}

}  // namespace mineward::api
