// Whichever SQL statement of a write fails, nothing of that write is there, the chain verifies, and the same
// write succeeds afterwards.
#include <gtest/gtest.h>

#include "db/faulty_testing.h"
#include "record/testing.h"

namespace mineward::record {
namespace {

using fixture::must;

class StatementFault : public fixture::RecordTest {
 protected:
  void SetUp() override {
    RecordTest::SetUp();
    if (IsSkipped()) return;
    faulty = std::make_unique<db::FaultyDatabase>(*c().database);
    store = must(open_store(fixture::small_catalog(), *faulty, *c().files, c().clock, c().ids,
                            {c().database.folder().path() + "/files", 4096}));
  }
  void TearDown() override { store.reset(); }

  static Status status_of(const Outcome<Record>& outcome) {
    if (const auto* refusal = std::get_if<Refusal>(&outcome)) return refusal->error;
    return {};
  }
  /// Every row of every table that writes touch, as text.
  std::string everything() {
    std::string out;
    must(c().database->read([&](db::Connection& connection) -> Status {
      for (const char* table :
           {"hazard", "remark", "change_log", "number_counter", "org_scope", "attachment_use"}) {
        MW_ASSIGN(const auto columns, connection.table_columns(table));
        if (columns.empty()) continue;
        out += std::string(table) + "\n";
        MW_TRY(connection.each("SELECT * FROM " + db::identifier(table) + " ORDER BY 1, 2", {},
                               [&](std::span<const db::Value> row) {
                                 for (const auto& cell : row) {
                                   if (const auto* i = std::get_if<std::int64_t>(&cell))
                                     out += std::to_string(*i);
                                   if (const auto* s = std::get_if<std::string>(&cell)) out += *s;
                                   if (const auto* d = std::get_if<double>(&cell)) out += std::to_string(*d);
                                   out += '|';
                                 }
                                 out += '\n';
                                 return true;
                               }));
      }
      return {};
    }));
    return out;
  }
  /// Fails each statement of `work` in turn; gives how many there are.
  int fail_each(const std::function<Status()>& work) {
    const std::string before = everything();
    const int statements = db::fail_each_statement(*faulty, work, [&](const std::string&) {
      EXPECT_EQ(everything(), before) << "half of a write is there";
      const VerifyReport report = must(store->verify());
      EXPECT_TRUE(report.ok) << report.message;
    });
    EXPECT_NE(everything(), before) << "the last run, in which nothing failed, wrote nothing";
    const VerifyReport report = must(store->verify());
    EXPECT_TRUE(report.ok) << report.message;
    return statements;
  }

  std::unique_ptr<db::FaultyDatabase> faulty;
  std::unique_ptr<Store> store;
};

TEST_P(StatementFault, OfACreateLeavesNothing) {
  const int n = fail_each([&] {
    return status_of(store->create(
        c().officer, "hazard",
        {{"mine", c().mine_a}, {"title", "顶板离层"}, {"tags", std::vector<std::string>{"gas", "fire"}}}));
  });
  EXPECT_GE(n, 6);  // begin, reference, number, record, log, words, commit
}

TEST_P(StatementFault, OfAnUpdateLeavesTheOldValues) {
  const Record hazard = c().hazard(c().officer, c().mine_a, "片帮");
  const int n = fail_each([&] {
    return status_of(store->update(
        c().officer, "hazard", hazard.id, hazard.version,
        {{"title", "片帮严重"}, {"level", "major"}, {"tags", std::vector<std::string>{"water"}}}));
  });
  EXPECT_GE(n, 5);
  EXPECT_EQ(must(store->get(c().officer, "hazard", hazard.id)).text("title"), "片帮严重");
}

TEST_P(StatementFault, OfAStepLeavesTheOldState) {
  const Record hazard = c().hazard(c().officer, c().mine_a, "积水");
  const int n = fail_each([&] {
    return status_of(
        store->step(c().officer, "hazard", hazard.id, hazard.version, "plan",
                    {{"responsible", c().worker.account}, {"deadline", *parse_date("2026-02-01")}}, "限期"));
  });
  EXPECT_GE(n, 5);
  EXPECT_EQ(must(store->get(c().officer, "hazard", hazard.id)).state, "rectifying");
}

TEST_P(StatementFault, OfAStepWithEvidenceLeavesNoUseOfTheFile) {
  const Record hazard = c().hazard(c().officer, c().mine_a, "风门损坏");
  const Record planned = must(
      store->step(c().officer, "hazard", hazard.id, hazard.version, "plan",
                  {{"responsible", c().worker.account}, {"deadline", *parse_date("2026-02-01")}}, "限期"));
  const std::string photo = c().photo();
  fail_each([&] {
    return status_of(store->step(c().officer, "hazard", hazard.id, planned.version, "claim_fixed",
                                 {{"photos", std::vector<std::string>{photo}}}, "已修复"));
  });
  EXPECT_EQ(must(store->attachment(c().officer, photo)).first.sha256, photo);
}

TEST_P(StatementFault, OfSeveralWritesInOneTransactionLeavesNone) {
  fail_each([&] {
    return store->write([&](Writer& writer) -> Status {
      auto hazard = writer.create(c().officer, "hazard", {{"mine", c().mine_a}, {"title", "一"}});
      if (const auto* refusal = std::get_if<Refusal>(&hazard)) return refusal->error;
      MW_TRY(status_of(
          writer.create(c().officer, "remark", {{"hazard", std::get<Record>(hazard).id}, {"text", "二"}})));
      return writer.note(c().officer, "looked", "hazard", std::get<Record>(hazard).id, Json());
    });
  });
}

/// A caller that goes on after a failed write must not get its transaction committed.
TEST_P(StatementFault, IsNotForgottenWhenTheCallerGoesOn) {
  const std::string before = everything();
  int seen = 0;
  faulty->hook = [&](std::string_view sql) -> Status {
    if (sql.starts_with("INSERT INTO \"hazard\"") || sql.starts_with("INSERT INTO hazard"))
      ++seen;
    else
      return {};
    return unavailable("told to fail");
  };
  const Status done = store->write([&](Writer& writer) -> Status {
    auto lost = writer.create(c().officer, "hazard", {{"mine", c().mine_a}, {"title", "一"}});
    EXPECT_TRUE(std::holds_alternative<Refusal>(lost));
    faulty->hook = nullptr;
    return writer.note(c().officer, "looked", "hazard", {}, Json());  // and says that all is well
  });
  EXPECT_EQ(seen, 1);
  EXPECT_FALSE(done.ok());
  EXPECT_EQ(everything(), before);
}

TEST_P(StatementFault, OfAReadIsToldAndNoAnswerIsHalf) {
  for (int i = 0; i < 3; ++i) c().hazard(c().officer, c().mine_a, "隐患" + std::to_string(i));
  ListQuery query;
  query.type = "hazard";
  const struct {
    const char* what;
    std::function<Status()> ask;
  } reads[] = {
      {"list",
       [&]() -> Status {
         MW_ASSIGN(const Page page, store->list(c().county_officer, query));
         EXPECT_EQ(page.records.size(), 3u);
         return {};
       }},
      {"export",
       [&]() -> Status {
         MW_ASSIGN(const std::string csv, store->export_csv(c().officer, query));
         EXPECT_NE(csv.find("隐患2"), std::string::npos);
         return {};
       }},
      {"search",
       [&]() -> Status {
         MW_ASSIGN(const auto hits, store->search(c().officer, "隐患", 10));
         EXPECT_EQ(hits.size(), 3u);
         return {};
       }},
      {"verify",
       [&]() -> Status {
         MW_ASSIGN(const VerifyReport report, store->verify());
         EXPECT_TRUE(report.ok);
         return {};
       }},
  };
  for (const auto& read : reads) {
    SCOPED_TRACE(read.what);
    EXPECT_GT(db::fail_each_statement(*faulty, read.ask, [](const std::string&) {}), 0);
  }
}

/// Opening makes tables; a failure on the way leaves a database that the next start opens.
TEST_P(StatementFault, OfTheFirstStartIsNoObstacleForTheNext) {
  db::TestDatabase fresh(GetParam());
  db::FaultyDatabase starting(*fresh);
  const auto open = [&]() -> Status {
    MW_ASSIGN(const auto opened, open_store(fixture::small_catalog(), starting, *c().files, c().clock,
                                            c().ids, {fresh.folder().path() + "/files", 4096}));
    return {};
  };
  int failing = 0;
  for (; failing < 1000; failing += failing < 20 ? 1 : 7) {  // the first ones all, then every seventh
    int seen = 0;
    bool failed = false;
    starting.hook = [&](std::string_view) -> Status {
      if (seen++ != failing) return {};
      failed = true;
      return unavailable("told to fail");
    };
    const Status done = open();
    starting.hook = nullptr;
    ASSERT_EQ(done.ok(), !failed);
    if (!failed) break;
  }
  EXPECT_GT(failing, 5);
  must(open());
  auto opened = must(open_store(fixture::small_catalog(), *fresh, *c().files, c().clock, c().ids,
                                {fresh.folder().path() + "/files", 4096}));
  must(opened->create(c().root, "region", {{"code", "1"}, {"name", "县"}}));
  EXPECT_TRUE(must(opened->verify()).ok);
}

MW_ON_BOTH_ENGINES(StatementFault);

}  // namespace
}  // namespace mineward::record
