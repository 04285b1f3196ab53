/// \file Faults below SQLite, which does not go through the Files seam: its N-th write or sync fails.
#include <gtest/gtest.h>

#include <optional>
#include <set>

#include "base/faulty_sqlite_testing.h"
#include "history/store_testing.h"

namespace mineward::history {
namespace {

/// Counts writes and syncs of SQLite in this process, and fails from the n-th on, `times` times.
struct Faults {
  int fail_at = 0;  ///< 0 = never
  int times = 1;
  int code = SQLITE_IOERR_WRITE;
  int count = 0;
  bool reached = false;
  bool next() {
    ++count;
    const bool fail = fail_at > 0 && count >= fail_at && count < fail_at + times;
    reached = reached || fail;
    return fail;
  }
};
Faults faults;

class SqliteFaultTest : public StoreTest {
 protected:
  void SetUp() override {
    sqlite.emplace([](std::string_view operation) {
      if ((operation != "write" && operation != "sync") || !faults.next()) return SQLITE_OK;
      return operation == "sync" && faults.code != SQLITE_FULL ? SQLITE_IOERR_FSYNC : faults.code;
    });
    options.folder = folder / "history";
    options.block_samples = 4;
    options.journal_segment_bytes = 300;
    set_log_level(LogLevel::off);
  }
  void TearDown() override {
    store.reset();
    faults = {};
    set_log_level(LogLevel::info);
    sqlite.reset();
  }
  std::vector<Row> rows_of(PointKey key, int n) {
    std::vector<Row> rows;
    for (int i = 0; i < 3; ++i) rows.push_back({key, {kStart + n * 1h + i * 30s, n * 0.25, 0}});
    if (n % 4 == 3)
      rows.push_back({key, {kStart + (n - 3) * 1h + 15s, 9.0, 1}});  // late, into a written block
    return rows;
  }
  // Goes on after errors; tells which batches were acknowledged.
  std::set<int> script() {
    std::set<int> done;
    auto opened = open_history(*files, options);
    if (!opened) return done;
    History& h = **opened;
    const auto key = h.point("1401", "A");
    if (!key) return done;
    for (int n = 0; n < 30; ++n) {
      Batch batch = batch_of(rows_of(*key, n), "f" + std::to_string(n));
      if (h.append(batch).ok()) done.insert(n);
      if (n % 3 == 2 && h.last_seq() > 0) {
        (void)h.release(h.last_seq());
        (void)h.maintain(kStart + n * 1h);
      }
      if (n == 20) (void)h.flush();
    }
    return done;
  }
  void check(const std::set<int>& done) {
    open();
    ASSERT_TRUE(store);
    const PointKey key = point("A");
    std::map<std::int64_t, Sample> want;
    for (const int n : done) {
      for (const Row& row : rows_of(key, n)) want[row.sample.at.utc_ms] = row.sample;
      EXPECT_TRUE(store->accepted_hash("1401", "f" + std::to_string(n))) << "batch " << n;
    }
    std::vector<Sample> expected;
    for (const auto& [t, s] : want) expected.push_back(s);
    EXPECT_EQ(all(key), expected);
    MW_OK(store->verify());
    MW_OK(store->flush());
    EXPECT_EQ(all(key), expected);
    store.reset();
  }

  std::optional<FaultySqlite> sqlite;
};

TEST_F(SqliteFaultTest, NothingAcknowledgedIsLostWhicheverWriteOrSyncFails) {
  const struct {
    const char* why;
    int code;
    int times;
    int step;
  } cases[] = {{"one write or sync fails", SQLITE_IOERR_WRITE, 1, 3},
               {"all fail from one on", SQLITE_IOERR_WRITE, 1 << 30, 5},
               {"the disk is full for a while", SQLITE_FULL, 10, 5}};
  for (const auto& c : cases) {
    std::size_t most = 0;
    int operations = 0;
    bool reached = true;
    for (int n = 1; reached; n += c.step) {
      SCOPED_TRACE(std::string(c.why) + ", from operation " + std::to_string(n));
      std::filesystem::remove_all(options.folder);
      faults = {n, c.times, c.code, 0, false};
      const auto done = script();
      reached = faults.reached;
      operations = std::max(operations, faults.count);
      faults = {};
      most = std::max(most, done.size());
      const bool opened = n > 60;  // while the store is made, nothing can go on
      EXPECT_TRUE(c.code != SQLITE_FULL || !opened || done.size() == 30u)
          << "a full disk for blocks stops no append";
      check(done);
      if (HasFailure()) return;
      ASSERT_LT(n, 5000);
    }
    EXPECT_EQ(most, 30u);
    EXPECT_GT(operations, 100) << "the faults do reach SQLite";
  }
}

}  // namespace
}  // namespace mineward::history
