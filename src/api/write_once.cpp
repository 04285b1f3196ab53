#include "api/write_once.h"

#include <fmt/format.h>

#include <algorithm>

#include "api/reply.h"
#include "base/digest.h"
#include "base/text.h"

namespace mineward::api {

using record::Outcome;
using record::Record;
using record::RecordId;
using record::Refusal;
using record::Writer;

namespace {

constexpr std::int64_t kKeptMs = std::int64_t{180} * 24 * 3600 * 1000;

constexpr const char* kTable = R"(
CREATE TABLE IF NOT EXISTS write_key (
  account BIGINT NOT NULL, key TEXT NOT NULL, request_hash TEXT NOT NULL, type TEXT NOT NULL, id BIGINT NOT NULL,
  at BIGINT NOT NULL, PRIMARY KEY (account, key));
)";
constexpr std::string_view kFind =
    "SELECT request_hash, type, id FROM write_key WHERE account = $1 AND key = $2";
constexpr std::string_view kKeep =
    "INSERT INTO write_key (account, key, request_hash, type, id, at) VALUES ($1, $2, $3, $4, $5, $6)";
constexpr std::string_view kForget = "DELETE FROM write_key WHERE at < $1";

bool is_key(std::string_view key) {
  const auto fits = [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
  };
  return key.size() >= 8 && key.size() <= 80 && std::all_of(key.begin(), key.end(), fits);
}

Refusal bad_key(std::string message) {
  Refusal refusal{bad_input(message, "Idempotency-Key"), {}, {}};
  refusal.faults.push_back({"Idempotency-Key", "bad_format", std::move(message)});
  return refusal;
}

/// What the key did before; nullopt when it is new.
Result<std::optional<Outcome<Record>>> done_before(Writer& writer, const Call& call, std::string_view key,
                                                   const std::string& request_hash) {
  const record::Actor& actor = call.caller.actor;
  MW_ASSIGN(const db::Rows rows,
            writer.connection().query(kFind, {db::Value(actor.account.value), std::string(key)}));
  if (rows.empty()) return std::optional<Outcome<Record>>();
  if (rows.text(0, 0) != request_hash)
    return std::optional<Outcome<Record>>(bad_key("the key was used for another request"));
  auto record = writer.get(actor, rows.text(0, 1), RecordId{rows.integer(0, 2)});
  if (!record) return std::optional<Outcome<Record>>(Refusal{std::move(record).error(), {}, {}});
  return std::optional<Outcome<Record>>(*std::move(record));
}

}  // namespace

Response write_once(Context& context, const Call& call, int status, const WriteWork& work) {
  const std::string_view key = call.request.header("idempotency-key");
  if (!key.empty() && !is_key(key))
    return record_reply(
        context, call,
        bad_key(fmt::format("found {} characters, expected 8 to 80 of A-Z a-z 0-9 _ -", key.size())));
  const std::string request_hash = key.empty()
                                       ? std::string{}
                                       : sha256_hex(fmt::format("{} {}\n{}", name_of(call.request.method),
                                                                call.request.target, call.request.body));
  std::optional<Outcome<Record>> outcome;
  bool replayed = false;
  const Status done = context.services.store.write([&](Writer& writer) -> Status {
    if (!key.empty()) {
      MW_ASSIGN(outcome, done_before(writer, call, key, request_hash));
      replayed = outcome.has_value();
    }
    if (!replayed) outcome = work(writer);
    if (const auto* refusal = std::get_if<Refusal>(&*outcome)) return refusal->error;
    if (key.empty() || replayed) return {};
    const Record& record = std::get<Record>(*outcome);
    MW_TRY(writer.connection().execute(
        kKeep, {db::Value(call.caller.actor.account.value), std::string(key), request_hash, record.type,
                record.id.value, context.services.clock.now().utc_ms}));
    return {};
  });
  const bool refused = outcome && std::holds_alternative<Refusal>(*outcome);
  if (!done && !refused) return error_reply(done.error(), call.request.id);
  Response response = record_reply(context, call, *outcome, status);
  if (replayed && !refused) response.headers.emplace_back("Idempotency-Replayed", "true");
  return response;
}

Status prepare_write_keys(db::Database& database, ArrivalTime now) {
  return database.write([&](db::Connection& connection) -> Status {
    MW_TRY(connection.script(kTable));
    MW_TRY(connection.execute(kForget, {db::Value(now.utc_ms - kKeptMs)}));
    return {};
  });
}

}  // namespace mineward::api
