// What goes wrong outside the program: full, locked, damaged and foreign files; a server that goes away. Each
// has its code, because callers decide by it whether to try again.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sqlite3.h>

#include <filesystem>
#include <fstream>

#include "db/testing.h"

namespace mineward::db {
namespace {

using testing::HasSubstr;

class SqliteFailures : public testing::Test {
 protected:
  void SetUp() override {
    open();
    must([](Connection& c) { return c.script("CREATE TABLE t (id BIGINT PRIMARY KEY, body TEXT)"); });
  }
  void open() {
    database.reset();
    auto opened = open_database(url(), 1);
    ASSERT_TRUE(opened.ok()) << opened.error().text();
    database = *std::move(opened);
  }
  std::string path() const { return folder.path() + "/x.db"; }
  std::string url() const { return "sqlite:" + path(); }
  void must(const std::function<Status(Connection&)>& work) {
    const Status done = database->write(work);
    ASSERT_TRUE(done.ok()) << done.error().text();
  }
  Status insert(std::int64_t id, const std::string& body) {
    return database->write([&](Connection& c) -> Status {
      MW_TRY(c.execute("INSERT INTO t VALUES ($1, $2)", {id, body}));
      return {};
    });
  }
  std::int64_t count() {
    std::int64_t n = -1;
    const Status done = database->read([&](Connection& c) -> Status {
      MW_ASSIGN(const Rows rows, c.query("SELECT count(*) FROM t"));
      n = rows.integer(0, 0);
      return {};
    });
    EXPECT_TRUE(done.ok()) << done.error().text();
    return n;
  }

  TestFolder folder;
  std::unique_ptr<Database> database;
};

TEST_F(SqliteFailures, AFullDatabaseIsUnavailableAndTakesWritesAgainWithRoom) {
  must([](Connection& c) { return c.script("PRAGMA max_page_count = 20"); });
  std::int64_t id = 0;
  Status full;
  while ((full = insert(++id, std::string(2000, 'x')))) ASSERT_LT(id, 1000);
  EXPECT_EQ(full.error().code, Errc::unavailable);
  EXPECT_THAT(full.error().message, HasSubstr("full"));
  EXPECT_EQ(count(), id - 1) << "what was committed before is there, the failed row is not";
  must([](Connection& c) { return c.script("PRAGMA max_page_count = 100000"); });
  EXPECT_TRUE(insert(id, "again").ok());
}

TEST_F(SqliteFailures, AWriteThatAnotherProcessLocksOutIsUnavailableNotWrong) {
  sqlite3* other = nullptr;
  ASSERT_EQ(sqlite3_open(path().c_str(), &other), SQLITE_OK);
  ASSERT_EQ(sqlite3_exec(other, "BEGIN IMMEDIATE", nullptr, nullptr, nullptr), SQLITE_OK);
  must([](Connection& c) { return c.script("PRAGMA busy_timeout = 50"); });
  const Status locked = insert(1, "x");
  sqlite3_exec(other, "ROLLBACK", nullptr, nullptr, nullptr);
  sqlite3_close(other);
  ASSERT_FALSE(locked.ok());
  EXPECT_EQ(locked.error().code, Errc::unavailable);
  EXPECT_TRUE(insert(1, "x").ok());
}

TEST_F(SqliteFailures, ADamagedFileIsCorrupt) {
  for (int i = 0; i < 200; ++i) ASSERT_TRUE(insert(i, std::string(500, 'x')).ok());
  database.reset();  // the log is written back into the file
  {
    std::fstream file(path(), std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(4096);
    file << std::string(static_cast<std::size_t>(std::filesystem::file_size(path())) - 4096, '\x5A');
  }
  auto opened = open_database(url(), 1);
  Status found = opened ? Status() : Status(opened.error());
  if (opened) {
    found = (*opened)->read([](Connection& c) -> Status {
      MW_TRY(c.query("SELECT sum(length(body)) FROM t"));
      return {};
    });
  }
  ASSERT_FALSE(found.ok());
  EXPECT_EQ(found.error().code, Errc::corrupt) << found.error().text();
}

TEST_F(SqliteFailures, ABackupThatCannotBeWrittenSaysWhere) {
  ASSERT_TRUE(insert(1, "x").ok());
  const std::string nowhere = folder.path() + "/no/such/folder/copy.db";
  const Status done = database->backup_to(nowhere);
  ASSERT_FALSE(done.ok());
  EXPECT_EQ(done.error().code, Errc::unavailable);
  EXPECT_THAT(done.error().message, HasSubstr(nowhere));
  { std::ofstream(folder.path() + "/not.db") << std::string(5000, 'x'); }
  EXPECT_FALSE(database->backup_to(folder.path() + "/not.db").ok()) << "a file that is no database";
  EXPECT_EQ(count(), 1);
}

TEST_F(SqliteFailures, OneCallRunsOneStatement) {
  for (const char* sql :
       {"", "  ", "-- only a comment", "SELECT 1; SELECT 2", "DELETE FROM t; DROP TABLE t"}) {
    const Status done = database->write([&](Connection& c) -> Status {
      MW_TRY(c.query(sql));
      return {};
    });
    ASSERT_FALSE(done.ok()) << sql;
    EXPECT_EQ(done.error().code, Errc::internal) << sql;
  }
  EXPECT_EQ(count(), 0) << "the table is there";
}

TEST_F(SqliteFailures, AMarkInQuotesOrCommentsIsNoParameter) {
  must([](Connection& c) -> Status {
    MW_ASSIGN(const Rows rows,
              c.query("SELECT '$1', \"body\", $2 /* $9 */, $1 -- $3 'x\n FROM (SELECT '$4' AS body)",
                      {std::string("one"), std::string("two")}));
    EXPECT_EQ(rows.text(0, 0), "$1");
    EXPECT_EQ(rows.text(0, 1), "$4");
    EXPECT_EQ(rows.text(0, 2), "two");
    EXPECT_EQ(rows.text(0, 3), "one");
    return {};
  });
}

class Failures : public OnBothEngines {
 protected:
  void SetUp() override {
    OnBothEngines::SetUp();
    if (!IsSkipped()) database = std::make_unique<TestDatabase>(GetParam());
  }
  std::unique_ptr<TestDatabase> database;
};
MW_ON_BOTH_ENGINES(Failures);

/// More texts than are kept prepared: the oldest go, and every one still gives its own answer.
TEST_P(Failures, AThousandStatementsAreEachRight) {
  const Status done = (*database)->write([](Connection& c) -> Status {
    for (int round = 0; round < 2; ++round) {
      for (int i = 0; i < 1000; ++i) {
        MW_ASSIGN(const Rows rows,
                  c.query(fmt::format("SELECT {} + CAST($1 AS BIGINT)", i), {std::int64_t{7}}));
        if (rows.integer(0, 0) != i + 7)
          return bad_input(fmt::format("statement {} gave another's answer", i));
      }
    }
    return {};
  });
  EXPECT_TRUE(done.ok()) << done.error().text();
}

TEST_P(Failures, ATransactionThatEndedIsNotCommittedAgain) {
  database->raw("CREATE TABLE t (id BIGINT PRIMARY KEY)");
  const Status done = (*database)->write([](Connection& c) -> Status {
    MW_ASSIGN(Transaction t, Transaction::begin(c));
    MW_TRY(c.execute("INSERT INTO t VALUES (1)"));
    MW_TRY(t.commit());
    const Status again = t.commit();
    EXPECT_FALSE(again.ok());
    EXPECT_EQ(again.error().code, Errc::bad_input);
    return {};
  });
  EXPECT_TRUE(done.ok()) << done.error().text();
}

TEST_P(Failures, AWriteLeftInsideItsTransactionIsRolledBackAndToldSo) {
  database->raw("CREATE TABLE t (id BIGINT PRIMARY KEY)");
  const Status done = (*database)->write([](Connection& c) -> Status {
    MW_TRY(c.begin());
    MW_TRY(c.execute("INSERT INTO t VALUES (1)"));
    return {};
  });
  ASSERT_FALSE(done.ok());
  EXPECT_THAT(done.error().message, HasSubstr("rolled back"));
  const Status fine = (*database)->read([](Connection& c) -> Status {
    MW_ASSIGN(const Rows rows, c.query("SELECT count(*) FROM t"));
    EXPECT_EQ(rows.integer(0, 0), 0);
    if (c.engine() == Engine::sqlite) return c.script("BEGIN");
    return c.begin();  // a reader that leaves a transaction open gives its connection back without it
  });
  EXPECT_TRUE(fine.ok());
  for (int i = 0; i < 5; ++i) {
    EXPECT_TRUE((*database)
                    ->read([](Connection& c) {
                      EXPECT_FALSE(c.in_transaction());
                      return Status();
                    })
                    .ok());
  }
}

/// Cells of another kind than asked for are the value that the caller names, never a crash.
TEST(Cells, OfAnotherKindAreWhatTheCallerSays) {
  Rows rows;
  rows.rows = {{Null{}, std::int64_t{3}, 2.5, std::string("x"), Blob{"b"}}};
  EXPECT_EQ(rows.integer(0, 0, -1), -1);
  EXPECT_EQ(rows.integer(0, 3, -1), -1);
  EXPECT_EQ(rows.number(0, 1, -1), 3.0);
  EXPECT_EQ(rows.number(0, 2, -1), 2.5);
  EXPECT_EQ(rows.number(0, 3, -1), -1.0);
  EXPECT_EQ(rows.number(0, 0, -1), -1.0);
  EXPECT_EQ(rows.text(0, 1, "none"), "none");
  EXPECT_EQ(rows.text(0, 4, "none"), "none");
  EXPECT_EQ(rows.text(0, 3), "x");
}

class PostgresFailures : public Failures {};
INSTANTIATE_TEST_SUITE_P(Engines, PostgresFailures, testing::Values(Engine::postgres), engine_name);

TEST_P(PostgresFailures, NarrowTypesComeBackAsWholeNumbersNumbersAndBytes) {
  const Status done = (*database)->read([](Connection& c) -> Status {
    MW_ASSIGN(
        const Rows rows,
        c.query(
            "SELECT CAST(-7 AS SMALLINT), CAST(8 AS INTEGER), CAST(0.5 AS REAL), TRUE, FALSE, CAST(12 AS "
            "NUMERIC), "
            "CAST(1.25 AS NUMERIC), CAST('NaN' AS NUMERIC), CAST('\\x00ff' AS BYTEA), DATE '2026-01-12'"));
    const std::vector<Value> want = {std::int64_t{-7},
                                     std::int64_t{8},
                                     0.5,
                                     std::int64_t{1},
                                     std::int64_t{0},
                                     std::int64_t{12},
                                     1.25,
                                     std::string("NaN"),
                                     Blob{std::string("\0\xFF", 2)},
                                     std::string("2026-01-12")};
    EXPECT_EQ(rows.rows.at(0), want);
    return {};
  });
  EXPECT_TRUE(done.ok()) << done.error().text();
}

TEST_P(PostgresFailures, EachKindOfServerErrorHasItsCode) {
  database->raw("CREATE TABLE t (id BIGINT PRIMARY KEY, n BIGINT CHECK (n > 0))");
  const struct {
    const char* sql;
    Errc code;
  } cases[] = {
      {"INSERT INTO t VALUES (1, 1), (1, 1)", Errc::conflict},
      {"INSERT INTO t VALUES (1, 0)", Errc::bad_input},
      {"SELECT nothing FROM t", Errc::internal},
      {"SELECT 1 / 0", Errc::internal},
      {"SELECT pg_sleep(10)", Errc::unavailable},  // cancelled: statement_timeout
  };
  for (const auto& c : cases) {
    const Status done = (*database)->write([&](Connection& w) -> Status {
      MW_TRY(w.script("SET statement_timeout = 50"));
      const auto answer = w.query(c.sql);
      MW_TRY(w.script("SET statement_timeout = 0"));
      return answer ? Status() : Status(answer.error());
    });
    ASSERT_FALSE(done.ok()) << c.sql;
    EXPECT_EQ(done.error().code, c.code) << c.sql << ": " << done.error().text();
  }
}

}  // namespace
}  // namespace mineward::db
