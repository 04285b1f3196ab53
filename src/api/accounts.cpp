#include "api/accounts.h"

#include <fmt/format.h>
#include <sodium.h>

#include <array>

#include "base/digest.h"
#include "base/text.h"

namespace mineward::api {

using record::Actor;
using record::Fields;
using record::Outcome;
using record::Record;
using record::RecordId;
using record::Refusal;
using record::Writer;

namespace {

constexpr std::size_t kShortestPassword = 10;
constexpr std::size_t kLongestPassword = 200;

constexpr const char* kTables = R"(
CREATE TABLE IF NOT EXISTS session (
  token_hash TEXT PRIMARY KEY, account BIGINT NOT NULL, created_at BIGINT NOT NULL, last_seen BIGINT NOT NULL,
  expires_at BIGINT NOT NULL, origin TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS session_account ON session (account);
CREATE TABLE IF NOT EXISTS api_token (
  token_hash TEXT PRIMARY KEY, account BIGINT NOT NULL, created_at BIGINT NOT NULL);
CREATE INDEX IF NOT EXISTS api_token_account ON api_token (account);
)";
constexpr std::string_view kEndSessions = "DELETE FROM session WHERE account = $1";
constexpr std::string_view kEndTokens = "DELETE FROM api_token WHERE account = $1";
constexpr std::string_view kAddToken =
    "INSERT INTO api_token (token_hash, account, created_at) VALUES ($1, $2, $3)";

Status from(Outcome<Record> outcome) {
  if (auto* refusal = std::get_if<Refusal>(&outcome)) {
    std::string faults;
    for (const auto& f : refusal->faults) faults += fmt::format("; {}: {}", f.field, f.message);
    refusal->error.message += faults;
    return std::move(refusal->error);
  }
  return {};
}

Status end_sign_ins(Writer& writer, RecordId account, bool tokens) {
  const auto sessions = writer.connection().execute(kEndSessions, {db::Value(account.value)});
  if (!sessions) return sessions.error();
  if (!tokens) return {};
  const auto ended = writer.connection().execute(kEndTokens, {db::Value(account.value)});
  if (!ended) return ended.error();
  return {};
}

Actor keeper() { return Actor::system("system:accounts"); }

}  // namespace

Result<std::string> hash_password(std::string_view password, PasswordCost cost) {
  if (sodium_init() < 0) return unavailable("libsodium cannot start");
  std::array<char, crypto_pwhash_STRBYTES> out{};
  if (crypto_pwhash_str(out.data(), password.data(), password.size(), cost.passes, cost.memory) != 0) {
    return unavailable("not enough memory to hash a password");
  }
  return std::string(out.data());
}

bool password_matches(const std::string& hash, std::string_view password) {
  if (sodium_init() < 0) return false;
  return crypto_pwhash_str_verify(hash.c_str(), password.data(), password.size()) == 0;
}

Status check_password(std::string_view account_name, std::string_view password) {
  if (!is_utf8(password)) return bad_input("the password is not UTF-8");
  const std::size_t length = to_code_points(password).size();
  if (length < kShortestPassword) {
    return bad_input(
        fmt::format("the password has {} characters, expected at least {}", length, kShortestPassword));
  }
  if (password.size() > kLongestPassword) {
    return bad_input(fmt::format("the password has more than {} bytes", kLongestPassword));
  }
  if (!account_name.empty() && lower_ascii(password).find(lower_ascii(account_name)) != std::string::npos) {
    return bad_input("the password contains the account name");
  }
  if (password.find_first_not_of(password.front()) == std::string_view::npos) {
    return bad_input("the password repeats one character");
  }
  return {};
}

std::string make_password(Random& random) {
  static constexpr std::string_view kAlphabet = "abcdefghjkmnpqrstuvwxyz23456789";  // 31, without i l o 0 1
  std::string out;
  while (out.size() < 16) {
    std::uint8_t byte = 0;
    random.fill({&byte, 1});
    if (byte < 31 * 8) out += kAlphabet[byte % 31];  // 248..255 would favour some letters
  }
  return out;
}

Outcome<Record> create_account(record::Store& store, const Actor& actor, const NewAccount& wanted,
                               PasswordCost cost) {
  std::string hash;
  if (!wanted.password.empty()) {
    if (auto rule = check_password(wanted.name, wanted.password); !rule) {
      return Refusal{rule.error(), {{"password", "bad_format", rule.error().message}}, {}};
    }
    auto hashed = hash_password(wanted.password, cost);
    if (!hashed) return Refusal{hashed.error(), {}, {}};
    hash = *hashed;
  }
  Outcome<Record> made = Refusal{unavailable("not written"), {}, {}};
  const Status written = store.write([&](Writer& writer) -> Status {
    Fields fields{{"name", wanted.name},
                  {"display_name", wanted.display_name},
                  {"organisation", wanted.organisation},
                  {"roles", wanted.roles}};
    made = writer.create(actor, "account", fields);
    if (auto* refusal = std::get_if<Refusal>(&made)) return refusal->error;
    const RecordId id = std::get<Record>(made).id;
    Fields secret{{"must_change_password", wanted.must_change_password}};
    if (!hash.empty()) secret["password_hash"] = hash;
    made = writer.update(keeper(), "account", id, 0, secret);
    if (auto* refusal = std::get_if<Refusal>(&made)) return refusal->error;
    return {};
  });
  if (!written && std::holds_alternative<Record>(made)) return Refusal{written.error(), {}, {}};
  return made;
}

Result<std::optional<Record>> find_account(record::Store& store, std::string_view name) {
  record::ListQuery query;
  query.type = "account";
  query.filters.push_back({"name", record::Filter::Op::eq, {std::string(name)}});
  query.limit = 1;
  MW_ASSIGN(auto page, store.list(keeper(), query));
  if (page.records.empty()) return std::optional<Record>{};
  return std::optional<Record>(std::move(page.records.front()));
}

Status set_password(record::Store& store, const Actor& actor, RecordId account, std::string_view password,
                    bool must_change_password, PasswordCost cost) {
  MW_ASSIGN(const auto current, store.get(keeper(), "account", account));
  MW_TRY(check_password(current.text("name"), password));
  MW_ASSIGN(const auto hash, hash_password(password, cost));
  return store.write([&](Writer& writer) -> Status {
    Fields fields{{"password_hash", hash},
                  {"must_change_password", must_change_password},
                  {"failed_sign_ins", std::int64_t{0}},
                  {"locked_until", std::monostate{}}};
    MW_TRY(from(writer.update(keeper(), "account", account, 0, fields)));
    MW_TRY(end_sign_ins(writer, account, false));
    return writer.note(actor, "set_password", "account", account, Json(Json::Object{}));
  });
}

Status disable_account(record::Store& store, const Actor& actor, RecordId account) {
  return store.write([&](Writer& writer) -> Status {
    MW_ASSIGN(const auto current, writer.get(actor, "account", account));
    MW_TRY(from(writer.update(actor, "account", account, current.version, {{"disabled", true}})));
    return end_sign_ins(writer, account, true);
  });
}

Result<std::string> issue_token(record::Store& store, const Actor& actor, RecordId account, Random& random,
                                ArrivalTime now) {
  const std::string token = "mw_" + random_hex(random, 32);
  const Status written = store.write([&](Writer& writer) -> Status {
    const auto ended = writer.connection().execute(kEndTokens, {db::Value(account.value)});
    if (!ended) return ended.error();
    const auto added = writer.connection().execute(
        kAddToken, {db::Value(sha256_hex(token)), db::Value(account.value), db::Value(now.utc_ms)});
    if (!added) return added.error();
    return writer.note(actor, "issue_token", "account", account, Json(Json::Object{}));
  });
  if (!written) return written.error();
  return token;
}

Status prepare_account_tables(db::Database& database) {
  return database.write([](db::Connection& connection) { return connection.script(kTables); });
}

}  // namespace mineward::api
