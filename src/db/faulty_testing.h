/// For tests only: a database whose statements fail when they are told to, on either engine. Wraps a real
/// one: what is refused does not reach it, everything else does.
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <string>

#include "db/db.h"

namespace mineward::db {

/// Called before each statement, begin and commit, with its SQL ("BEGIN", "COMMIT"); its error is the
/// statement's. Never before a rollback: an engine that cannot roll back has lost its connection, which rolls
/// back too.
using StatementHook = std::function<Status(std::string_view sql)>;

/// Called before each query with the connection below, to look there how it would run.
using QueryWatch = std::function<void(Connection&, std::string_view sql, std::span<const Value> params)>;

class FaultyConnection final : public Connection {
 public:
  FaultyConnection(Connection& inner, const StatementHook& hook, const QueryWatch& watch)
      : inner_(inner), hook_(hook), watch_(watch) {}
  using Connection::execute;
  using Connection::query;
  Engine engine() const override { return inner_.engine(); }
  Result<Rows> query(std::string_view sql, std::span<const Value> params) override {
    MW_TRY(may(sql));
    if (watch_) watch_(inner_, sql, params);
    return inner_.query(sql, params);
  }
  Result<std::int64_t> execute(std::string_view sql, std::span<const Value> params) override {
    MW_TRY(may(sql));
    return inner_.execute(sql, params);
  }
  Result<std::int64_t> append(std::string_view table, std::span<const std::string> columns,
                              std::span<const std::vector<Value>> rows) override {
    MW_TRY(may("COPY"));
    return inner_.append(table, columns, rows);
  }
  Status script(std::string_view sql) override {
    MW_TRY(may(sql));
    return inner_.script(sql);
  }
  Status each(std::string_view sql, std::span<const Value> params,
              const std::function<bool(std::span<const Value>)>& row) override {
    MW_TRY(may(sql));
    if (watch_) watch_(inner_, sql, params);
    return inner_.each(sql, params, row);
  }
  Status begin() override {
    MW_TRY(may("BEGIN"));
    return inner_.begin();
  }
  Status commit() override {
    MW_TRY(may("COMMIT"));
    return inner_.commit();
  }
  Status rollback() override { return inner_.rollback(); }
  bool in_transaction() const override { return inner_.in_transaction(); }
  Result<std::vector<std::pair<std::string, std::string>>> table_columns(std::string_view table) override {
    MW_TRY(may("table_columns"));
    return inner_.table_columns(table);
  }

 private:
  Status may(std::string_view sql) { return hook_ ? hook_(sql) : Status(); }

  Connection& inner_;
  const StatementHook& hook_;
  const QueryWatch& watch_;
};

/// Borrows the database. `hook` and `watch` may be changed between calls; empty = nothing fails.
class FaultyDatabase final : public Database {
 public:
  explicit FaultyDatabase(Database& inner) : inner_(inner) {}
  Engine engine() const override { return inner_.engine(); }
  Status write(const std::function<Status(Connection&)>& work) override {
    return inner_.write([&](Connection& c) { return through(c, work); });
  }
  Status read(const std::function<Status(Connection&)>& work) override {
    return inner_.read([&](Connection& c) { return through(c, work); });
  }
  Status backup_to(const std::string& path) override { return inner_.backup_to(path); }

  StatementHook hook;
  QueryWatch watch;

 private:
  Status through(Connection& c, const std::function<Status(Connection&)>& work) {
    if (!hook && !watch) return work(c);
    FaultyConnection faulty(c, hook, watch);
    return work(faulty);
  }
  Database& inner_;
};

/// Lets the N-th statement fail, for N from 0 upwards, until `work` ends without a statement having failed.
/// After each failure `work` must have given an error, and `check` looks at what is there. Gives the number
/// of statements that failed.
inline int fail_each_statement(FaultyDatabase& database, const std::function<Status()>& work,
                               const std::function<void(const std::string& sql)>& check) {
  for (int failing = 0; failing < 2000; ++failing) {
    int seen = 0;
    std::string failed;
    database.hook = [&](std::string_view sql) -> Status {
      if (seen++ != failing) return {};
      failed = sql;
      return unavailable("told to fail");
    };
    const Status done = work();
    database.hook = nullptr;
    if (failed.empty()) {
      EXPECT_TRUE(done.ok()) << done.error().text();
      return failing;
    }
    SCOPED_TRACE("statement " + std::to_string(failing) + ": " + failed.substr(0, 160));
    EXPECT_FALSE(done.ok()) << "a statement failed, but the work says that it succeeded";
    check(failed);
    if (::testing::Test::HasFailure()) return failing;
  }
  ADD_FAILURE() << "more than 2000 statements";
  return 0;
}

}  // namespace mineward::db
