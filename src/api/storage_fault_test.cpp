// The first sync that fails ends all writing: uploads and records are answered 503, /readyz says why, pages
// go on.
#include <gtest/gtest.h>
#include <stdlib.h>
#include <unistd.h>

#include <atomic>
#include <filesystem>

#include "api/world_testing.h"
#include "base/faulty_sqlite_testing.h"
#include "base/log.h"

namespace mineward::api {
namespace {

using testing::Answer;
using testing::Session;
using testing::World;

std::string hazard_body(const World& world, const std::string& title) {
  Json fields, body;
  fields.set("title", title).set("mine", world.here.mine.text()).set("origin", "self_check");
  return body.set("fields", fields).dump();
}

std::string reasons_of(const Answer& ready) {
  const auto body = parse_json(ready.body);
  if (!body || !(*body)["reasons"].array()) return "no reasons: " + ready.body;
  std::string out;
  for (const Json& reason : *(*body)["reasons"].array())
    out += reason.string() ? *reason.string() + "\n" : "";
  return out;
}

void expect_pages_answer(World& world, const Session& session) {
  for (const char* page : {"/api/v1/records/hazard", "/api/v1/records/alarm", "/api/v1/board",
                           "/api/v1/uploads", "/api/v1/catalog", "/api/v1/session", "/healthz"}) {
    const Answer answer = world.ask("GET", page, session);
    EXPECT_EQ(answer.status, 200) << page << ": " << answer.body;
  }
}

TEST(StorageFault, AFailedSyncOfTheRecordsEndsAllWritingAndPagesGoOn) {
  std::atomic<bool> fail{false};
  const FaultySqlite sqlite([&](std::string_view operation) {
    return fail && operation == "sync" ? SQLITE_IOERR_FSYNC : SQLITE_OK;
  });
  World world;
  ASSERT_TRUE(feed::open_intake(world.catalog, *world.store, *world.history, world.clock, *world.watch, {}))
      << "makes the table of the ledger, which a page shows";
  const Session session = world.sign_in("aqya");
  set_log_level(LogLevel::off);
  ASSERT_EQ(world.ask("POST", "/api/v1/records/hazard", session, hazard_body(world, "before")).status, 201);
  ASSERT_EQ(world.ask("GET", "/readyz").status, 200);

  fail = true;
  EXPECT_EQ(world.ask("POST", "/api/v1/records/hazard", session, hazard_body(world, "lost")).status, 503);
  fail = false;  // the disk answers again; what the kernel dropped is gone all the same
  const Answer later = world.ask("POST", "/api/v1/records/hazard", session, hazard_body(world, "later"));
  EXPECT_EQ(later.status, 503) << later.body;
  EXPECT_FALSE(later.header("retry-after").empty());
  const Answer ready = world.ask("GET", "/readyz");
  EXPECT_EQ(ready.status, 503);
  EXPECT_NE(reasons_of(ready).find("数据库不能写入"), std::string::npos) << ready.body;
  EXPECT_NE(reasons_of(ready).find("takes no writes until the node is restarted"), std::string::npos)
      << ready.body;
  EXPECT_EQ(world.ask("POST", "/api/v1/attachments?name=a.txt", session, "text", "text/plain").status, 503);
  expect_pages_answer(world, session);
  const Answer list = world.ask("GET", "/api/v1/records/hazard", session);
  EXPECT_NE(list.body.find("before"), std::string::npos);
  EXPECT_EQ(list.body.find("later"), std::string::npos);
  set_log_level(LogLevel::error);
}

TEST(StorageFault, AStatementThatTheDatabaseDoesNotKnowIsOurFaultAndToldWithoutIt) {
  World world;
  const Session session = world.sign_in("aqya");
  const std::string secret = "wordlookedfor";
  ASSERT_TRUE(world.store->database().write([](db::Connection& c) { return c.script("DROP TABLE hazard"); }));
  set_log_level(LogLevel::off);
  for (const std::string& page :
       std::vector<std::string>{"/api/v1/records/hazard", "/api/v1/records/hazard?f.title.contains=" + secret,
                                "/api/v1/options/hazard?q=" + secret, "/api/v1/records/hazard/1"}) {
    const Answer answer = world.ask("GET", page, session);
    EXPECT_EQ(answer.status, 500) << page << ": " << answer.body;
    EXPECT_EQ(answer.header("content-type"), "application/json; charset=utf-8");
    for (const char* word : {"SELECT", "no such", "SQLite", "FROM"})
      EXPECT_EQ(answer.body.find(word), std::string::npos) << page << ": " << answer.body;
    EXPECT_NE(answer.body.find("\"code\":\"internal\""), std::string::npos) << answer.body;
  }
  const Answer write = world.ask("POST", "/api/v1/records/hazard", session, hazard_body(world, secret));
  EXPECT_EQ(write.status, 500) << write.body;
  EXPECT_EQ(write.body.find(secret), std::string::npos) << write.body;
  set_log_level(LogLevel::error);
}

TEST(StorageFault, AFailedSyncOfTheJournalRefusesUploadsAndPagesGoOn) {
  std::string folder = std::string(access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp") + "/mw_sync_XXXXXX";
  ASSERT_TRUE(mkdtemp(folder.data()));
  const auto real = system_files();
  std::atomic<bool> fail{false};
  std::atomic<int> syncs{0};
  const auto files =
      faulty_files(*real, [&](std::string_view operation, const std::string& path, std::size_t*) {
        if (operation != "sync") return Status{};
        ++syncs;
        return fail ? Status(Error{Errc::unavailable, "cannot sync: Input/output error", path}) : Status{};
      });
  {
    World world;
    world.server.reset();
    history::Options options;
    options.folder = folder;
    world.history = *history::open_history(*files, options);
    world.watch = std::make_unique<testing::FakeWatch>(*world.store, *world.history);
    const Services stand_ins = world.services();
    const auto intake =
        *feed::open_intake(world.catalog, *world.store, *world.history, world.clock, *world.watch, {});
    ASSERT_TRUE(intake->recover().ok());
    world.server = std::make_unique<Server>(
        world.options, Services{*world.store, *world.history, *intake, *world.watch, *world.duties,
                                world.catalog, stand_ins.files, world.clock, stand_ins.random});
    ASSERT_TRUE(world.server->start().ok());
    const Session session = world.sign_in("upa");
    const Session person = world.sign_in("aqya");
    set_log_level(LogLevel::off);
    const auto upload = [&](int n) {
      const std::string time = format_beijing(world.clock.now().utc_ms - 60'000 + n * 1000);
      std::string compact = format_compact(world.clock.now().utc_ms - 60'000 + n * 1000);
      return world.ask("POST", "/api/v1/upload?name=140100000001_CDSS_" + compact + ".txt", session,
                       "140100000001;煤矿a;" + time + "~P1a;环境瓦斯;816;0.52;%CH4;0;" + time + "~||",
                       "application/octet-stream");
    };
    const Answer first = upload(1);
    ASSERT_EQ(first.status, 200) << first.body;
    fail = true;
    EXPECT_EQ(upload(2).status, 503);
    fail = false;
    const int so_far = syncs;
    const Answer third = upload(3);
    EXPECT_EQ(third.status, 503) << third.body;
    EXPECT_FALSE(third.header("retry-after").empty());
    EXPECT_EQ(syncs, so_far) << "nothing is synced again as if nothing had been";
    const Answer ready = world.ask("GET", "/readyz");
    EXPECT_EQ(ready.status, 503);
    EXPECT_NE(reasons_of(ready).find("采样数据不能写入"), std::string::npos) << ready.body;
    EXPECT_NE(reasons_of(ready).find("takes no writes until restarted"), std::string::npos) << ready.body;
    expect_pages_answer(world, person);
    const Answer ledger = world.ask("GET", "/api/v1/uploads", person);
    EXPECT_NE(ledger.body.find("accepted"), std::string::npos) << ledger.body;
    world.server.reset();
    set_log_level(LogLevel::error);
  }
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace mineward::api
