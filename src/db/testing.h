/// For tests only: a database of its own for each test, on either engine. A temporary file on SQLite; on
/// PostgreSQL a schema in the server that MW_TEST_POSTGRES names (tools/with-postgres starts one).
#pragma once

#include <gtest/gtest.h>
#include <stdlib.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "db/db.h"

namespace mineward::db {

/// Removed with all below it at the end of the test.
class TestFolder {
 public:
  TestFolder() {
    // In memory where there is such a place: SQLite waits for the disk at each commit, which tests need not.
    const bool memory = access("/dev/shm", W_OK) == 0;
    std::string pattern =
        ((memory ? std::filesystem::path("/dev/shm") : std::filesystem::temp_directory_path()) /
         "mw-test-XXXXXX")
            .string();
    path_ = mkdtemp(pattern.data());
  }
  TestFolder(const TestFolder&) = delete;
  TestFolder& operator=(const TestFolder&) = delete;
  ~TestFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

class TestDatabase {
 public:
  static bool available(Engine engine) {
    return engine == Engine::sqlite || getenv("MW_TEST_POSTGRES") != nullptr;
  }

  /// `begin_with`: on SQLite a file to begin with a copy of.
  explicit TestDatabase(Engine engine, const std::string& begin_with = {}) {
    if (engine == Engine::sqlite) {
      url_ = "sqlite:" + folder_.path() + "/test.db";
      if (!begin_with.empty()) std::filesystem::copy_file(begin_with, folder_.path() + "/test.db");
    } else {
      static int made = 0;
      server_ = getenv("MW_TEST_POSTGRES");
      schema_ = fmt::format("t{}_{}", getpid(), ++made);
      on_server(fmt::format("CREATE SCHEMA {}", schema_));
      url_ = fmt::format("{}{}options=-csearch_path%3D{}", server_,
                         server_.find('?') == std::string::npos ? "?" : "&", schema_);
    }
    static bool told[2] = {};
    if (!std::exchange(told[static_cast<int>(engine)], true)) {
      std::printf("[ENGINE    ] %s\n", engine == Engine::sqlite ? "sqlite" : "postgres");
    }
    reopen();
  }
  TestDatabase(const TestDatabase&) = delete;
  TestDatabase& operator=(const TestDatabase&) = delete;
  ~TestDatabase() {
    database_.reset();
    if (!schema_.empty()) on_server(fmt::format("DROP SCHEMA {} CASCADE", schema_));
  }

  void reopen() {
    database_.reset();
    auto opened = open_database(url_, 2);
    if (!opened) {
      ADD_FAILURE() << opened.error().text();
      abort();
    }
    database_ = *std::move(opened);
  }
  Database& operator*() { return *database_; }
  Database* operator->() { return database_.get(); }
  const std::string& url() const { return url_; }
  const TestFolder& folder() const { return folder_; }

  /// Runs SQL as an attacker with a shell would: past every check of ours.
  void raw(const std::string& sql) {
    const Status done = database_->write([&](Connection& c) { return c.script(sql); });
    EXPECT_TRUE(done.ok()) << done.error().text();
  }

 private:
  void on_server(const std::string& sql) {
    auto server = open_database(server_, 1);
    ASSERT_TRUE(server.ok()) << server.error().text();
    const Status done = (*server)->write([&](Connection& c) { return c.script(sql); });
    EXPECT_TRUE(done.ok()) << done.error().text();
  }

  TestFolder folder_;
  std::string url_, server_, schema_;
  std::unique_ptr<Database> database_;
};

/// A fixture of tests that run on both engines.
class OnBothEngines : public testing::TestWithParam<Engine> {
 protected:
  void SetUp() override {
    if (!TestDatabase::available(GetParam()))
      GTEST_SKIP() << "engine postgres SKIPPED: MW_TEST_POSTGRES is not set (tools/with-postgres sets it)";
  }
};

inline std::string engine_name(const testing::TestParamInfo<Engine>& info) {
  return info.param == Engine::sqlite ? "sqlite" : "postgres";
}

#define MW_ON_BOTH_ENGINES(fixture)                                                                         \
  INSTANTIATE_TEST_SUITE_P(Engines, fixture,                                                                \
                           ::testing::Values(mineward::db::Engine::sqlite, mineward::db::Engine::postgres), \
                           mineward::db::engine_name)

}  // namespace mineward::db
