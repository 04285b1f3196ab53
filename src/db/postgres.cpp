/// PostgreSQL behind Connection: libpq, parameters bound with their types, statements prepared once a
/// connection.
#include <libpq-fe.h>

#include <charconv>
#include <cmath>
#include <cstring>
#include <unordered_map>

#include <fmt/format.h>

#include "base/log.h"
#include "base/text.h"
#include "db/engine.h"

namespace mineward::db {
namespace {

// Object ids of built-in types (pg_type.dat); they never change.
constexpr Oid kBool = 16, kBytea = 17, kInt8 = 20, kInt2 = 21, kInt4 = 23, kText = 25, kOid = 26,
              kFloat4 = 700, kFloat8 = 701, kNumeric = 1700;
constexpr std::size_t kKeptPrepared = 400;
constexpr std::size_t kCopyBlock = 64 * 1024;  // bytes sent at once: memory stays small however many rows

struct EndConnection {
  void operator()(PGconn* c) const { PQfinish(c); }
};
struct ClearResult {
  void operator()(PGresult* r) const { PQclear(r); }
};
struct FreeMemory {
  void operator()(unsigned char* p) const { PQfreemem(p); }
};
using ConnectionHandle = std::unique_ptr<PGconn, EndConnection>;
using ResultHandle = std::unique_ptr<PGresult, ClearResult>;

Errc code_of(std::string_view state) {
  if (state == "23505" || state == "23503" || state == "23P01") return Errc::conflict;
  const std::string_view group = state.substr(0, 2);
  if (group == "23") return Errc::bad_input;  // a value that a constraint does not allow
  if (state.empty() || group == "08" || group == "53" || group == "57" || group == "58" || group == "40" ||
      group == "55") {
    return Errc::unavailable;
  }
  return group == "XX" ? Errc::corrupt : Errc::internal;  // no such table, wrong SQL, a wrong kind
}

/// The parameters in the form that PQexecPrepared wants. Numbers go as text in the type named; blobs as
/// bytes.
class Parameters {
 public:
  explicit Parameters(std::span<const Value> params) {
    texts_.reserve(params.size());
    for (const Value& v : params) add(v);
    for (std::size_t i = 0; i < params.size(); ++i) {
      values_.push_back(is_null(params[i]) ? nullptr : texts_[i].data());
      lengths_.push_back(static_cast<int>(texts_[i].size()));
    }
  }
  int count() const { return static_cast<int>(types_.size()); }
  const Oid* types() const { return types_.data(); }
  const char* const* values() const { return values_.data(); }
  const int* lengths() const { return lengths_.data(); }
  const int* formats() const { return formats_.data(); }
  std::string type_key() const {
    std::string key;
    for (const Oid t : types_) key += std::to_string(t) + ',';
    return key;
  }

 private:
  void add(const Value& v) {
    struct Visitor {
      Parameters& p;
      void operator()(Null) const { p.push(0, {}, 0); }
      void operator()(std::int64_t x) const { p.push(kInt8, std::to_string(x), 0); }
      void operator()(double x) const {
        char buffer[32];
        const auto end = std::to_chars(buffer, buffer + sizeof buffer, x).ptr;
        p.push(kFloat8, std::string(buffer, end), 0);
      }
      void operator()(const std::string& x) const { p.push(kText, x, 0); }
      void operator()(const Blob& x) const { p.push(kBytea, x.bytes, 1); }
    };
    std::visit(Visitor{*this}, v);
  }
  void push(Oid type, std::string text, int format) {
    types_.push_back(type);
    texts_.push_back(std::move(text));
    formats_.push_back(format);
  }
  std::vector<Oid> types_;
  std::vector<std::string> texts_;
  std::vector<const char*> values_;
  std::vector<int> lengths_;
  std::vector<int> formats_;
};

Value numeric(std::string_view text) {
  if (const auto whole = parse_integer(text)) return *whole;
  if (const auto number = parse_number(text)) return *number;
  return std::string(text);
}

Value cell(const PGresult* r, int row, int column) {
  if (PQgetisnull(r, row, column)) return Null{};
  const char* raw = PQgetvalue(r, row, column);
  const std::string_view text(raw, static_cast<std::size_t>(PQgetlength(r, row, column)));
  switch (PQftype(r, column)) {
    case kBool: return static_cast<std::int64_t>(text == "t");
    case kInt2:
    case kInt4:
    case kInt8:
    case kOid:
    case kNumeric: return numeric(text);
    case kFloat4:
    case kFloat8: {
      double v = 0;
      std::from_chars(text.data(), text.data() + text.size(), v);
      return v;
    }
    case kBytea: {
      std::size_t size = 0;
      const std::unique_ptr<unsigned char, FreeMemory> bytes(
          PQunescapeBytea(reinterpret_cast<const unsigned char*>(raw), &size));
      return Blob{std::string(reinterpret_cast<const char*>(bytes.get()), size)};
    }
    default: return std::string(text);
  }
}

/// Appends one value in COPY's text format (PostgreSQL 15 manual, COPY, "Text Format").
void append_copy(std::string& out, const Value& v) {
  struct Visitor {
    std::string& out;
    void operator()(Null) const { out += "\\N"; }
    void operator()(std::int64_t x) const { out += std::to_string(x); }
    void operator()(double x) const {
      if (std::isnan(x)) {  // to_chars may write "-nan"
        out += "NaN";
        return;
      }
      char buffer[32];
      out.append(buffer, std::to_chars(buffer, buffer + sizeof buffer, x).ptr);
    }
    void operator()(const std::string& x) const {
      for (const char c : x) {
        switch (c) {
          case '\\': out += "\\\\"; break;
          case '\t': out += "\\t"; break;
          case '\n': out += "\\n"; break;
          case '\r': out += "\\r"; break;
          default: out += c;
        }
      }
    }
    void operator()(const Blob& x) const {
      constexpr char kHex[] = "0123456789abcdef";
      out += "\\\\x";  // the backslash of bytea's "\x" is escaped for COPY
      for (const char c : x.bytes) {
        const auto byte = static_cast<unsigned char>(c);
        out += kHex[byte >> 4];
        out += kHex[byte & 15];
      }
    }
  };
  std::visit(Visitor{out}, v);
}

void ignore_notice(void*, const PGresult*) {}

class PostgresConnection final : public Connection {
 public:
  PostgresConnection(ConnectionHandle c, Use use) : connection_(std::move(c)), use_(use) {}

  Engine engine() const override { return Engine::postgres; }

  Status prepare_session() {
    PQsetNoticeReceiver(connection_.get(), ignore_notice, nullptr);
    // Text must mean the same bytes on both ends whatever the client's locale; doubles must read back
    // exactly.
    MW_TRY(script(
        "SET client_encoding = 'UTF8'; SET extra_float_digits = 1; SET standard_conforming_strings = on;"
        "SET default_transaction_isolation = 'read committed'"));
    if (use_ == Use::read) MW_TRY(script("SET default_transaction_read_only = on"));
    return {};
  }

  Result<Rows> query(std::string_view sql, std::span<const Value> params) override {
    MW_ASSIGN(const ResultHandle r, run(sql, params));
    Rows out;
    const int columns = PQnfields(r.get());
    for (int c = 0; c < columns; ++c) out.columns.emplace_back(PQfname(r.get(), c));
    out.rows.reserve(static_cast<std::size_t>(PQntuples(r.get())));
    for (int i = 0; i < PQntuples(r.get()); ++i) {
      auto& row = out.rows.emplace_back();
      for (int c = 0; c < columns; ++c) row.push_back(cell(r.get(), i, c));
    }
    return out;
  }

  Result<std::int64_t> execute(std::string_view sql, std::span<const Value> params) override {
    MW_ASSIGN(const ResultHandle r, run(sql, params));
    return parse_integer(PQcmdTuples(r.get())).value_or(0);
  }

  Result<std::int64_t> append(std::string_view table, std::span<const std::string> columns,
                              std::span<const std::vector<Value>> rows) override {
    MW_TRY(check_rows(columns, rows));
    if (rows.empty()) return std::int64_t{0};
    MW_TRY(revive());
    const std::string sql = fmt::format("COPY {} ({}) FROM STDIN", identifier(table), identifiers(columns));
    const ResultHandle ready(PQexec(connection_.get(), sql.c_str()));
    if (PQresultStatus(ready.get()) != PGRES_COPY_IN) {
      MW_TRY(check(ready.get(), sql));
      return broken(sql);
    }
    const Status sent = send_rows(rows, sql);
    // What the server has to say comes after the end of the data, be it that the first row was bad.
    if (PQputCopyEnd(connection_.get(), sent ? nullptr : "cannot send") < 0) return broken(sql);
    Status done = sent;
    std::int64_t copied = 0;
    while (const ResultHandle r{PQgetResult(connection_.get())}) {
      if (Status fine = check(r.get(), sql); !fine && done) done = std::move(fine);
      copied += parse_integer(PQcmdTuples(r.get())).value_or(0);
    }
    MW_TRY(done);
    return copied;
  }

  Status script(std::string_view sql) override {
    MW_TRY(revive());
    const ResultHandle r(PQexec(connection_.get(), std::string(sql).c_str()));
    return check(r.get(), sql);
  }

  Status each(std::string_view sql, std::span<const Value> params,
              const std::function<bool(std::span<const Value>)>& row) override {
    MW_TRY(refuse_nul(params));
    MW_TRY(revive());
    const Parameters p(params);
    MW_ASSIGN(const std::string name, prepared(sql, p));
    if (!PQsendQueryPrepared(connection_.get(), name.c_str(), p.count(), p.values(), p.lengths(), p.formats(),
                             0)) {
      return broken(sql);
    }
    PQsetSingleRowMode(connection_.get());
    return stream(sql, row);
  }

  Status begin() override {
    Status done = script("BEGIN ISOLATION LEVEL READ COMMITTED");
    if (!done && PQstatus(connection_.get()) == CONNECTION_BAD) {  // nothing was done yet: once more is safe
      done = script("BEGIN ISOLATION LEVEL READ COMMITTED");
    }
    if (done) in_transaction_ = true;
    return done;
  }

  Status commit() override {
    const ResultHandle r(PQexec(connection_.get(), "COMMIT"));
    MW_TRY(check(r.get(), "COMMIT"));
    in_transaction_ = false;
    // After a failed statement PostgreSQL answers COMMIT with success and the tag ROLLBACK.
    if (std::string_view(PQcmdStatus(r.get())) != "COMMIT") {
      return conflict("the transaction had failed before COMMIT: rolled back");
    }
    return {};
  }

  Status rollback() override {
    in_transaction_ = false;
    if (PQstatus(connection_.get()) == CONNECTION_BAD) return {};  // the server rolls back what it lost
    const ResultHandle r(PQexec(connection_.get(), "ROLLBACK"));
    return check(r.get(), "ROLLBACK");
  }

  bool in_transaction() const override {
    const auto status = PQtransactionStatus(connection_.get());
    return status == PQTRANS_UNKNOWN ? in_transaction_ : status != PQTRANS_IDLE;
  }

  Result<std::vector<std::pair<std::string, std::string>>> table_columns(std::string_view table) override {
    const Value params[] = {std::string(table)};
    MW_ASSIGN(const Rows rows,
              query("SELECT column_name::text, data_type::text FROM information_schema.columns "
                    "WHERE table_schema = current_schema() AND table_name = $1 ORDER BY ordinal_position",
                    params));
    std::vector<std::pair<std::string, std::string>> out;
    for (std::size_t i = 0; i < rows.size(); ++i) out.emplace_back(rows.text(i, 0), rows.text(i, 1));
    return out;
  }

 private:
  /// Connects again when the connection broke earlier; inside a transaction that would hide a loss, so it is
  /// refused.
  Status revive() {
    if (PQstatus(connection_.get()) == CONNECTION_OK) return {};
    if (in_transaction_) return unavailable("the connection to PostgreSQL broke inside a transaction");
    prepared_.clear();
    PQreset(connection_.get());
    if (PQstatus(connection_.get()) != CONNECTION_OK) {
      return unavailable(fmt::format("PostgreSQL: {}", trim(PQerrorMessage(connection_.get()))));
    }
    log_warning("db.reconnected");
    return prepare_session();
  }

  Result<ResultHandle> run(std::string_view sql, std::span<const Value> params) {
    MW_TRY(refuse_nul(params));
    const Parameters p(params);
    auto done = run_once(sql, p);
    const bool may_repeat = !in_transaction_ && (sql.starts_with("SELECT") || sql.starts_with("WITH"));
    if (!done && may_repeat && PQstatus(connection_.get()) == CONNECTION_BAD) return run_once(sql, p);
    return done;
  }

  Result<ResultHandle> run_once(std::string_view sql, const Parameters& p) {
    MW_TRY(revive());
    MW_ASSIGN(const std::string name, prepared(sql, p));
    ResultHandle r(
        PQexecPrepared(connection_.get(), name.c_str(), p.count(), p.values(), p.lengths(), p.formats(), 0));
    MW_TRY(check(r.get(), sql));
    return r;
  }

  Result<std::string> prepared(std::string_view sql, const Parameters& p) {
    std::string key = p.type_key();
    key += sql;
    if (const auto found = prepared_.find(key); found != prepared_.end()) return found->second;
    if (prepared_.size() >= kKeptPrepared && !in_transaction()) {
      MW_TRY(script("DEALLOCATE ALL"));
      prepared_.clear();
    }
    std::string name = fmt::format("s{}", ++names_);
    const ResultHandle r(
        PQprepare(connection_.get(), name.c_str(), std::string(sql).c_str(), p.count(), p.types()));
    MW_TRY(check(r.get(), sql));
    prepared_.emplace(std::move(key), name);
    return name;
  }

  /// Reads all results of a query in single-row mode; a libpq connection must be read to the end before its
  /// next use.
  Status stream(std::string_view sql, const std::function<bool(std::span<const Value>)>& row) {
    bool wanted = true;
    Status done;
    std::vector<Value> cells;
    while (const ResultHandle r{PQgetResult(connection_.get())}) {
      if (!wanted || !done) continue;
      if (PQresultStatus(r.get()) != PGRES_SINGLE_TUPLE) {
        done = check(r.get(), sql);
        continue;
      }
      cells.clear();
      for (int c = 0; c < PQnfields(r.get()); ++c) cells.push_back(cell(r.get(), 0, c));
      wanted = row(cells);
      if (!wanted && !in_transaction_)
        cancel();  // inside a transaction a cancel would abort it: the rest is read away
    }
    return done;
  }

  Status send_rows(std::span<const std::vector<Value>> rows, std::string_view sql) {
    std::string block;
    for (const std::vector<Value>& row : rows) {
      for (std::size_t c = 0; c < row.size(); ++c) {
        if (c > 0) block += '\t';
        append_copy(block, row[c]);
      }
      block += '\n';
      if (block.size() < kCopyBlock && &row != &rows.back()) continue;
      if (PQputCopyData(connection_.get(), block.data(), static_cast<int>(block.size())) != 1)
        return broken(sql);
      block.clear();
    }
    return {};
  }

  void cancel() {
    char buffer[256];
    if (PGcancel* handle = PQgetCancel(connection_.get())) {
      PQcancel(handle, buffer, sizeof buffer);
      PQfreeCancel(handle);
    }
  }

  Error broken(std::string_view sql) {
    return unavailable(
        fmt::format("PostgreSQL: {} in {}", trim(PQerrorMessage(connection_.get())), sql.substr(0, 200)));
  }

  Status check(const PGresult* r, std::string_view sql) {
    const auto status = r ? PQresultStatus(r) : PGRES_FATAL_ERROR;
    if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK || status == PGRES_EMPTY_QUERY) return {};
    if (!r || PQstatus(connection_.get()) == CONNECTION_BAD) return broken(sql);
    const char* state = PQresultErrorField(r, PG_DIAG_SQLSTATE);
    const std::string_view code = state ? state : "";
    // The detail of a message quotes the row, and messages of class 22 (data exception) quote the value.
    const char* primary = PQresultErrorField(r, PG_DIAG_MESSAGE_PRIMARY);
    const std::string_view told = code.starts_with("22") ? "a value was refused" : primary ? primary : "";
    Error error{code_of(code), fmt::format("PostgreSQL {}: {}", code, told), {}};
    if (is_own_fault(error.code)) error.message += fmt::format(" in {}", sql.substr(0, 200));
    return error;
  }

  ConnectionHandle connection_;
  const Use use_;
  bool in_transaction_ = false;
  std::unordered_map<std::string, std::string> prepared_;  // types and text -> name on the server
  std::uint64_t names_ = 0;
};

}  // namespace

Result<std::unique_ptr<Connection>> open_postgres(const std::string& url, Use use) {
  ConnectionHandle raw(PQconnectdb(url.c_str()));
  if (PQstatus(raw.get()) != CONNECTION_OK) {
    return unavailable(fmt::format("cannot connect to PostgreSQL: {}", trim(PQerrorMessage(raw.get()))));
  }
  auto connection = std::make_unique<PostgresConnection>(std::move(raw), use);
  MW_TRY(connection->prepare_session());
  return std::unique_ptr<Connection>(std::move(connection));
}

}  // namespace mineward::db
