#include "db/db.h"

#include <gmock/gmock.h>

#include <atomic>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <limits>
#include <thread>

#include "base/json.h"
#include "db/testing.h"

namespace mineward::db {
namespace {

class DatabaseTest : public OnBothEngines {
 protected:
  void SetUp() override {
    OnBothEngines::SetUp();
    if (IsSkipped()) return;
    database = std::make_unique<TestDatabase>(GetParam());
    database->raw(
        "CREATE TABLE parent (id BIGINT PRIMARY KEY);"
        "CREATE TABLE thing (id BIGINT PRIMARY KEY, name TEXT UNIQUE, size DOUBLE PRECISION, bytes " +
        std::string(GetParam() == Engine::sqlite ? "BLOB" : "BYTEA") +
        ", parent BIGINT REFERENCES parent (id), flag BIGINT CHECK (flag IN (0, 1)));");
  }
  Status write(const std::function<Status(Connection&)>& work) { return (*database)->write(work); }
  Rows rows(const std::string& sql, std::vector<Value> params = {}) {
    Rows out;
    const Status done = (*database)->read([&](Connection& c) -> Status {
      MW_ASSIGN(out, c.query(sql, params));
      return {};
    });
    EXPECT_TRUE(done.ok()) << done.error().text();
    return out;
  }
  std::unique_ptr<TestDatabase> database;
};
MW_ON_BOTH_ENGINES(DatabaseTest);

TEST_P(DatabaseTest, EveryKindOfValueComesBackAsItWent) {
  const std::string all_bytes = [] {
    std::string s;
    for (int i = 0; i < 256; ++i) s += static_cast<char>(i);
    return s;
  }();
  const struct {
    const char* why;
    std::int64_t id;
    Value name, size, bytes;
  } cases[] = {
      {"null", 1, Null{}, Null{}, Null{}},
      {"empty", 2, std::string(), 0.0, Blob{}},
      {"text with quotes, marks and Chinese", 3, std::string("O'Neil \"$1\" ?1 -- 甲烷\xF0\xA0\xAE\xB7\n"),
       0.1 + 0.2, Blob{all_bytes}},
      {"extremes", std::numeric_limits<std::int64_t>::max(), std::string("x"),
       std::numeric_limits<double>::denorm_min(), Blob{std::string(1, '\0')}},
      {"negative extremes", std::numeric_limits<std::int64_t>::min(), std::string("y"),
       -std::numeric_limits<double>::max(), Blob{"a"}},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.why);
    const Status done = write([&](Connection& w) -> Status {
      MW_ASSIGN(const auto n, w.execute("INSERT INTO thing (id, name, size, bytes) VALUES ($1, $2, $3, $4)",
                                        {c.id, c.name, c.size, c.bytes}));
      EXPECT_EQ(n, 1);
      return {};
    });
    ASSERT_TRUE(done.ok()) << done.error().text();
    const Rows back = rows("SELECT id, name, size, bytes FROM thing WHERE id = $1", {c.id});
    ASSERT_EQ(back.size(), 1u);
    EXPECT_EQ(back.rows[0], (std::vector<Value>{c.id, c.name, c.size, c.bytes}));
    EXPECT_EQ(back.columns, (std::vector<std::string>{"id", "name", "size", "bytes"}));
  }
}

TEST_P(DatabaseTest, ParametersAreBoundByNumberWhateverTheirOrder) {
  const Rows r = rows("SELECT CAST($2 AS TEXT), CAST($1 AS BIGINT), '$1 stays', CAST($2 AS TEXT)",
                      {std::int64_t{7}, std::string("seven")});
  EXPECT_EQ(r.text(0, 0), "seven");
  EXPECT_EQ(r.integer(0, 1), 7);
  EXPECT_EQ(r.text(0, 2), "$1 stays");
  EXPECT_EQ(r.text(0, 3), "seven");
}

TEST_P(DatabaseTest, ErrorsSayWhatTheyAre) {
  ASSERT_TRUE(write([](Connection& c) -> Status {
                MW_TRY(c.execute("INSERT INTO thing (id, name) VALUES (1, 'a')"));
                return {};
              }).ok());
  const struct {
    const char* why;
    const char* sql;
    std::vector<Value> params;
    Errc code;
  } cases[] = {
      {"primary key again", "INSERT INTO thing (id) VALUES (1)", {}, Errc::conflict},
      {"unique again", "INSERT INTO thing (id, name) VALUES (2, 'a')", {}, Errc::conflict},
      {"foreign key without target", "INSERT INTO thing (id, parent) VALUES (2, 99)", {}, Errc::conflict},
      {"check broken", "INSERT INTO thing (id, flag) VALUES (2, 5)", {}, Errc::bad_input},
      {"wrong SQL", "SELEC 1", {}, Errc::internal},
      {"no such table", "SELECT $1 FROM nothing", {std::string("bound-value")}, Errc::internal},
      {"no such column",
       "SELECT nothing FROM thing WHERE name = $1",
       {std::string("bound-value")},
       Errc::internal},
      {"the same key, told without it",
       "INSERT INTO thing (id, name) VALUES (3, $1), (4, $1)",
       {std::string("bound-value")},
       Errc::conflict},
      {"text with NUL", "SELECT CAST($1 AS TEXT)", {std::string("a\0b", 3)}, Errc::bad_input},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.why);
    const Status done = write([&](Connection& w) -> Status {
      MW_TRY(w.query(c.sql, c.params));
      return {};
    });
    ASSERT_FALSE(done.ok());
    EXPECT_EQ(done.error().code, c.code) << done.error().text();
    EXPECT_FALSE(done.error().message.empty());
    EXPECT_EQ(done.error().message.find("bound-value"), std::string::npos) << done.error().message;
    const bool names_sql = done.error().message.find("INSERT INTO") != std::string::npos;
    EXPECT_FALSE(names_sql) << "what a client is told holds no SQL: " << done.error().message;
  }
  EXPECT_EQ(rows("SELECT count(*) FROM thing").integer(0, 0), 1);
}

TEST_P(DatabaseTest, TransactionIsKeptOnlyByCommit) {
  ASSERT_TRUE(write([](Connection& c) -> Status {
                MW_ASSIGN(Transaction t, Transaction::begin(c));
                MW_TRY(c.execute("INSERT INTO parent (id) VALUES (1)"));
                EXPECT_TRUE(c.in_transaction());
                return t.commit();
              }).ok());
  ASSERT_TRUE(write([](Connection& c) -> Status {
                MW_ASSIGN(Transaction t, Transaction::begin(c));
                MW_TRY(c.execute("INSERT INTO parent (id) VALUES (2)"));
                return {};  // left without commit
              }).ok());
  EXPECT_FALSE(write([](Connection& c) -> Status {
                 MW_TRY(c.begin());
                 MW_TRY(c.execute("INSERT INTO parent (id) VALUES (3)"));
                 return {};  // forgot to end it: told so and rolled back
               }).ok());
  EXPECT_EQ(rows("SELECT id FROM parent ORDER BY id").rows,
            (std::vector<std::vector<Value>>{{std::int64_t{1}}}));
}

TEST_P(DatabaseTest, CommitAfterAFailedStatementNeverKeepsHalf) {
  const Status done = write([](Connection& c) -> Status {
    MW_ASSIGN(Transaction t, Transaction::begin(c));
    MW_TRY(c.execute("INSERT INTO parent (id) VALUES (1)"));
    EXPECT_FALSE(c.execute("INSERT INTO parent (id) VALUES (1)").ok());
    return t.commit();
  });
  // PostgreSQL has given up the transaction; SQLite undid the one statement. Success must mean that the row
  // is there.
  EXPECT_EQ(rows("SELECT count(*) FROM parent").integer(0, 0), done.ok() ? 1 : 0);
  EXPECT_EQ(done.ok(), GetParam() == Engine::sqlite);
}

TEST_P(DatabaseTest, EachStreamsAndStopsWhenTold) {
  ASSERT_TRUE(write([](Connection& c) -> Status {
                for (std::int64_t i = 1; i <= 100; ++i)
                  MW_TRY(c.execute("INSERT INTO parent (id) VALUES ($1)", {i}));
                return {};
              }).ok());
  ASSERT_TRUE((*database)
                  ->read([](Connection& c) -> Status {
                    std::int64_t sum = 0;
                    MW_TRY(c.each("SELECT id FROM parent WHERE id > $1 ORDER BY id",
                                  std::vector<Value>{std::int64_t{10}}, [&](std::span<const Value> row) {
                                    sum += std::get<std::int64_t>(row[0]);
                                    return std::get<std::int64_t>(row[0]) < 12;
                                  }));
                    EXPECT_EQ(sum, 11 + 12);
                    MW_ASSIGN(const Rows after,
                              c.query("SELECT count(*) FROM parent"));  // the connection is usable again
                    EXPECT_EQ(after.integer(0, 0), 100);
                    EXPECT_FALSE(
                        c.each("SELECT nonsense", {}, [](std::span<const Value>) { return true; }).ok());
                    return {};
                  })
                  .ok());
}

TEST_P(DatabaseTest, ReadersCannotWriteAndSeeWhatWasCommitted) {
  EXPECT_FALSE((*database)
                   ->read([](Connection& c) -> Status {
                     MW_TRY(c.execute("INSERT INTO parent (id) VALUES (1)"));
                     return {};
                   })
                   .ok());
  for (std::int64_t i = 1; i <= 20; ++i) {
    ASSERT_TRUE(write([&](Connection& c) -> Status {
                  MW_TRY(c.execute("INSERT INTO parent (id) VALUES ($1)", {i}));
                  return {};
                }).ok());
    ASSERT_EQ(rows("SELECT count(*) FROM parent").integer(0, 0), i);
  }
}

TEST_P(DatabaseTest, ManyThreadsShareOneWriterAndTwoReaders) {
  std::atomic<int> failures{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < 25; ++i) {
        const std::int64_t id = t * 1000 + i;
        const Status w = write([&](Connection& c) -> Status {
          MW_TRY(c.execute("INSERT INTO parent (id) VALUES ($1)", {id}));
          return {};
        });
        // a read inside a read must not wait for itself, however many do so at once
        const Status r = (*database)->read([&](Connection& c) -> Status {
          MW_TRY(c.query("SELECT count(*) FROM parent"));
          return (*database)->read([&](Connection& inner) -> Status {
            MW_TRY(inner.query("SELECT 1"));
            return {};
          });
        });
        if (!w || !r) ++failures;
      }
    });
  }
  for (auto& t : threads) t.join();
  EXPECT_EQ(failures, 0);
  EXPECT_EQ(rows("SELECT count(*) FROM parent").integer(0, 0), 100);
}

TEST_P(DatabaseTest, WriteInsideWriteIsRefusedInsteadOfWaitingForEver) {
  ASSERT_TRUE(write([&](Connection&) -> Status {
                EXPECT_FALSE(write([](Connection&) -> Status { return {}; }).ok());
                return {};
              }).ok());
}

TEST_P(DatabaseTest, InspectsTables) {
  ASSERT_TRUE(write([](Connection& c) -> Status {
                MW_ASSIGN(const auto columns, c.table_columns("thing"));
                EXPECT_EQ(columns.size(), 6u);
                EXPECT_EQ(columns[0].first, "id");
                EXPECT_EQ(columns[5].first, "flag");
                MW_ASSIGN(const auto none, c.table_columns("nothing"));
                EXPECT_TRUE(none.empty());
                return {};
              }).ok());
}

TEST_P(DatabaseTest, BackupIsAWholeDatabaseWhileWritesGoOn) {
  ASSERT_TRUE(write([](Connection& c) -> Status {
                MW_TRY(c.execute("INSERT INTO parent (id) VALUES (1)"));
                return {};
              }).ok());
  const std::string copy = database->folder().path() + "/copy.db";
  const Status done = (*database)->backup_to(copy);
  if (GetParam() == Engine::postgres) {
    ASSERT_FALSE(done.ok());
    EXPECT_EQ(done.error().code, Errc::unavailable);
    return;
  }
  ASSERT_TRUE(done.ok()) << done.error().text();
  ASSERT_TRUE(write([](Connection& c) -> Status {
                MW_TRY(c.execute("INSERT INTO parent (id) VALUES (2)"));
                return {};
              }).ok());
  auto opened = open_database("sqlite:" + copy, 1);
  ASSERT_TRUE(opened.ok());
  ASSERT_TRUE((*opened)
                  ->read([](Connection& c) -> Status {
                    MW_ASSIGN(const Rows r, c.query("SELECT count(*) FROM parent"));
                    EXPECT_EQ(r.integer(0, 0), 1);
                    return {};
                  })
                  .ok());
}

TEST_P(DatabaseTest, SqliteIsDurable) {
  if (GetParam() != Engine::sqlite) return;
  ASSERT_TRUE(write([](Connection& c) -> Status {
                MW_ASSIGN(const Rows mode, c.query("PRAGMA journal_mode"));
                EXPECT_EQ(mode.text(0, 0), "wal");
                MW_ASSIGN(const Rows sync, c.query("PRAGMA synchronous"));
                EXPECT_EQ(sync.integer(0, 0), 2);  // FULL
                MW_ASSIGN(const Rows keys, c.query("PRAGMA foreign_keys"));
                EXPECT_EQ(keys.integer(0, 0), 1);
                return {};
              }).ok());
}

TEST_P(DatabaseTest, ALostConnectionIsToldOnceAndReplaced) {
  if (GetParam() != Engine::postgres) return;
  const auto kill_writer = [&](std::int64_t pid) {
    auto other = open_database(database->url(), 1);
    ASSERT_TRUE(other.ok());
    ASSERT_TRUE((*other)
                    ->write([&](Connection& c) -> Status {
                      MW_TRY(c.query("SELECT pg_terminate_backend(CAST($1 AS INT))", {pid}));
                      return {};
                    })
                    .ok());
  };
  ASSERT_TRUE(write([&](Connection& c) -> Status {
                MW_ASSIGN(const Rows pid, c.query("SELECT pg_backend_pid()"));
                kill_writer(pid.integer(0, 0));
                MW_TRY(c.query("SELECT 1"));  // outside a transaction: connects again by itself
                return {};
              }).ok());
  const Status lost = write([&](Connection& c) -> Status {
    MW_ASSIGN(Transaction t, Transaction::begin(c));
    MW_TRY(c.execute("INSERT INTO parent (id) VALUES (1)"));
    MW_ASSIGN(const Rows pid, c.query("SELECT pg_backend_pid()"));
    kill_writer(pid.integer(0, 0));
    MW_TRY(c.execute("INSERT INTO parent (id) VALUES (2)"));
    return t.commit();
  });
  ASSERT_FALSE(lost.ok());
  EXPECT_EQ(lost.error().code, Errc::unavailable);
  ASSERT_TRUE(write([](Connection& c) -> Status {
                MW_TRY(c.execute("INSERT INTO parent (id) VALUES (3)"));
                return {};
              }).ok());
  EXPECT_EQ(rows("SELECT id FROM parent").rows, (std::vector<std::vector<Value>>{{std::int64_t{3}}}));
}

// ---- append ----

using Row = std::vector<Value>;
const std::vector<std::string> kThing = {"id", "name", "size", "bytes"};

std::vector<std::string> naughty_strings() {
  std::ifstream in(std::string(MW_SOURCE_DIR) + "/tests/data/naughty-strings/blns.json");
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  const auto parsed = parse_json(text);
  std::vector<std::string> out;
  if (!parsed || !parsed->array()) return out;
  for (const Json& one : *parsed->array()) out.push_back(*one.string());
  return out;
}

TEST_P(DatabaseTest, AppendedRowsComeBackAsTheyWent) {
  std::string all_bytes, all_but_nul;
  for (int i = 0; i < 256; ++i) all_bytes += static_cast<char>(i);
  for (int i = 1; i < 128; ++i) all_but_nul += static_cast<char>(i);
  using Whole = std::numeric_limits<std::int64_t>;
  using Number = std::numeric_limits<double>;
  std::vector<Row> sent = {
      {std::int64_t{0}, Null{}, Null{}, Null{}},
      {Whole::max(), std::string(), 0.0, Blob{}},
      {Whole::min(), all_but_nul, 0.1 + 0.2, Blob{all_bytes}},
      {std::int64_t{-1}, std::string("\\N"), Number::denorm_min(), Blob{std::string(3, '\0')}},
      {std::int64_t{-2}, std::string("\\."), -Number::max(), Blob{"\\x41"}},
      {std::int64_t{-3}, std::string("\\\\N\t\r\n\\t\\"), Number::infinity(), Blob{"\t\n\\"}},
      {std::int64_t{-4}, std::string("x\n\\.\ny"), -Number::infinity(), Blob{"'"}},
      {std::int64_t{-5}, std::string("甲烷\xF0\xA0\xAE\xB7\xE2\x80\xA8"), 1e-5, Null{}},
  };
  const std::vector<std::string> naughty = naughty_strings();
  ASSERT_GT(naughty.size(), 400u);
  for (const std::string& text : naughty) {
    const auto id = static_cast<std::int64_t>(sent.size());
    sent.push_back({id, std::to_string(id) + text, Null{}, Blob{text}});  // numbered: names are unique
  }
  const Status done = write([&](Connection& c) -> Status {
    MW_ASSIGN(const auto n, c.append("thing", kThing, sent));
    EXPECT_EQ(n, static_cast<std::int64_t>(sent.size()));
    return {};
  });
  ASSERT_TRUE(done.ok()) << done.error().text();
  for (const Row& row : sent) {
    const Rows back = rows("SELECT id, name, size, bytes FROM thing WHERE id = $1", {row[0]});
    ASSERT_EQ(back.size(), 1u);
    EXPECT_EQ(back.rows[0], row);
  }
  EXPECT_EQ(rows("SELECT count(*) FROM thing").integer(0, 0), static_cast<std::int64_t>(sent.size()));
}

TEST_P(DatabaseTest, AppendedNaNIsTheSameAsABoundOne) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  ASSERT_TRUE(write([&](Connection& c) -> Status {
                MW_TRY(c.execute("INSERT INTO thing (id, size) VALUES (1, $1)", {nan}));
                const std::vector<std::string> columns = {"id", "size"};
                const std::vector<Row> two = {{std::int64_t{2}, nan}, {std::int64_t{3}, -nan}};
                MW_TRY(c.append("thing", columns, two));
                return {};
              }).ok());
  const Rows back = rows("SELECT size FROM thing ORDER BY id");
  ASSERT_EQ(back.size(), 3u);
  for (const Row& row : back.rows) {
    if (GetParam() == Engine::sqlite) {
      EXPECT_TRUE(is_null(row[0]));  // SQLite has no NaN
    } else {
      ASSERT_TRUE(std::holds_alternative<double>(row[0]));
      EXPECT_TRUE(std::isnan(std::get<double>(row[0])));
    }
  }
}

TEST_P(DatabaseTest, AppendKeepsAllRowsOrNone) {
  ASSERT_TRUE(write([](Connection& c) -> Status {
                MW_TRY(c.execute("INSERT INTO thing (id, name) VALUES (1, 'a')"));
                return {};
              }).ok());
  const std::vector<std::string> columns = {"id", "name", "parent", "flag"};
  const Row good = {std::int64_t{5}, std::string("good"), Null{}, Null{}};
  const struct {
    const char* why;
    const char* table;
    Row bad;
    Errc code;
  } cases[] = {
      {"primary key again", "thing", {std::int64_t{1}, Null{}, Null{}, Null{}}, Errc::conflict},
      {"unique again", "thing", {std::int64_t{2}, std::string("a"), Null{}, Null{}}, Errc::conflict},
      {"twice in one call", "thing", {std::int64_t{5}, Null{}, Null{}, Null{}}, Errc::conflict},
      {"foreign key without target",
       "thing",
       {std::int64_t{2}, Null{}, std::int64_t{9}, Null{}},
       Errc::conflict},
      {"check broken", "thing", {std::int64_t{2}, Null{}, Null{}, std::int64_t{7}}, Errc::bad_input},
      {"text with NUL", "thing", {std::int64_t{2}, std::string("a\0b", 3), Null{}, Null{}}, Errc::bad_input},
      {"a value too few", "thing", {std::int64_t{2}, Null{}, Null{}}, Errc::bad_input},
      {"no such table", "nothing", {std::int64_t{2}, Null{}, Null{}, Null{}}, Errc::internal},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.why);
    const std::vector<Row> sent = {good, c.bad};
    const Status alone = write([&](Connection& w) -> Status {
      MW_TRY(w.append(c.table, columns, sent));
      return {};
    });
    ASSERT_FALSE(alone.ok());
    EXPECT_EQ(alone.error().code, c.code) << alone.error().text();
    const Status inside = write([&](Connection& w) -> Status {
      MW_ASSIGN(Transaction t, Transaction::begin(w));
      MW_TRY(w.execute("INSERT INTO thing (id) VALUES (3)"));
      MW_TRY(w.append(c.table, columns, sent));
      return t.commit();
    });
    ASSERT_FALSE(inside.ok());
    EXPECT_EQ(inside.error().code, c.code) << inside.error().text();
    EXPECT_EQ(rows("SELECT id FROM thing").rows, (std::vector<Row>{{std::int64_t{1}}}));
  }
}

TEST_P(DatabaseTest, AppendBelongsToTheCallersTransaction) {
  const std::vector<std::string> columns = {"id"};
  const std::vector<Row> sent = {{std::int64_t{1}}, {std::int64_t{2}}};
  const auto run = [&](bool commit) {
    const Status done = write([&](Connection& c) -> Status {
      MW_ASSIGN(Transaction t, Transaction::begin(c));
      MW_TRY(c.append("parent", columns, sent));
      MW_ASSIGN(const Rows seen, c.query("SELECT count(*) FROM parent"));
      EXPECT_EQ(seen.integer(0, 0), 2);
      return commit ? t.commit() : Status();
    });
    EXPECT_TRUE(done.ok()) << done.error().text();
    return rows("SELECT count(*) FROM parent").integer(0, 0);
  };
  EXPECT_EQ(run(false), 0);
  EXPECT_EQ(run(true), 2);
}

TEST_P(DatabaseTest, AFailedAppendLeavesAnSqliteTransactionUsable) {
  if (GetParam() != Engine::sqlite) return;
  const std::vector<std::string> columns = {"id"};
  const std::vector<Row> sent = {{std::int64_t{2}}, {std::int64_t{2}}};
  ASSERT_TRUE(write([&](Connection& c) -> Status {
                MW_ASSIGN(Transaction t, Transaction::begin(c));
                MW_TRY(c.execute("INSERT INTO parent (id) VALUES (1)"));
                EXPECT_FALSE(c.append("parent", columns, sent).ok());
                return t.commit();
              }).ok());
  EXPECT_EQ(rows("SELECT id FROM parent").rows, (std::vector<Row>{{std::int64_t{1}}}));
}

TEST_P(DatabaseTest, AppendTakesNoRowsAndAHundredThousand) {
  const std::vector<std::string> columns = {"id", "name"};
  std::vector<Row> sent;
  for (std::int64_t i = 0; i < 100'000; ++i) sent.push_back({i, "名称\t" + std::to_string(i)});
  ASSERT_TRUE(write([&](Connection& c) -> Status {
                MW_ASSIGN(const auto none, c.append("thing", columns, {}));
                EXPECT_EQ(none, 0);
                MW_ASSIGN(Transaction t, Transaction::begin(c));
                MW_ASSIGN(const auto n, c.append("thing", columns, sent));
                EXPECT_EQ(n, 100'000);
                return t.commit();
              }).ok());
  const Rows back = rows("SELECT id, name FROM thing ORDER BY id");
  ASSERT_EQ(back.size(), sent.size());
  EXPECT_TRUE(back.rows == sent);
}

TEST(OpenDatabase, RefusesWhatItCannotBe) {
  for (const char* url : {"", "mysql://x", "sqlite:", "sqlite::memory:", "sqlite:/no/such/folder/x.db",
                          "postgresql://127.0.0.1:1/none?connect_timeout=1"}) {
    SCOPED_TRACE(url);
    EXPECT_FALSE(open_database(url, 1).ok());
  }
  const TestFolder folder;
  EXPECT_FALSE(open_database("sqlite:" + folder.path() + "/x.db", 0).ok());
  std::FILE* f = std::fopen((folder.path() + "/not.db").c_str(), "w");
  std::fputs(
      "this is no database at all, but long enough to look at: "
      "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
      f);
  std::fclose(f);
  const auto opened = open_database("sqlite:" + folder.path() + "/not.db", 1);
  ASSERT_FALSE(opened.ok());
  EXPECT_EQ(opened.error().code, Errc::corrupt);
}

TEST(Identifier, QuotesNames) { EXPECT_EQ(identifier("order_2"), "\"order_2\""); }

}  // namespace
}  // namespace mineward::db
