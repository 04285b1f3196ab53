/// \file Faults below SQLite, which does not go through the Files seam: a virtual file system that fails its
/// N-th write or sync.
#include <gtest/gtest.h>
#include <sqlite3.h>

#include <cstring>
#include <set>

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

// The methods of the real file, with write and sync put before them.
struct Wrapped {
  sqlite3_io_methods methods;
  const sqlite3_io_methods* real;
};
std::map<const sqlite3_io_methods*, std::unique_ptr<Wrapped>> wrapped_by_real;

const sqlite3_io_methods* real_of(sqlite3_file* file) {
  return reinterpret_cast<const Wrapped*>(file->pMethods)->real;
}

int faulty_write(sqlite3_file* file, const void* bytes, int count, sqlite3_int64 offset) {
  if (!faults.next()) return real_of(file)->xWrite(file, bytes, count, offset);
  (void)real_of(file)->xWrite(file, bytes, count / 2, offset);  // torn
  return faults.code;
}
int faulty_sync(sqlite3_file* file, int flags) {
  if (faults.next()) return faults.code == SQLITE_FULL ? SQLITE_FULL : SQLITE_IOERR_FSYNC;
  return real_of(file)->xSync(file, flags);
}

sqlite3_vfs* real_vfs = nullptr;
sqlite3_vfs faulty_vfs;

int faulty_open(sqlite3_vfs*, const char* name, sqlite3_file* file, int flags, int* out_flags) {
  const int code = real_vfs->xOpen(real_vfs, name, file, flags, out_flags);
  if (file->pMethods == nullptr) return code;
  auto& wrapped = wrapped_by_real[file->pMethods];
  if (!wrapped) {
    wrapped = std::make_unique<Wrapped>(Wrapped{*file->pMethods, file->pMethods});
    wrapped->methods.xWrite = faulty_write;
    wrapped->methods.xSync = faulty_sync;
  }
  file->pMethods = &wrapped->methods;
  return code;
}

class SqliteFaultTest : public StoreTest {
 protected:
  void SetUp() override {
    real_vfs = sqlite3_vfs_find(nullptr);
    faulty_vfs = *real_vfs;
    faulty_vfs.zName = "mineward-faulty";
    faulty_vfs.pNext = nullptr;
    faulty_vfs.xOpen = faulty_open;
    ASSERT_EQ(sqlite3_vfs_register(&faulty_vfs, 1), SQLITE_OK);
    options.folder = folder / "history";
    options.block_samples = 4;
    options.journal_segment_bytes = 300;
    set_log_level(LogLevel::off);
  }
  void TearDown() override {
    store.reset();
    faults = {};
    set_log_level(LogLevel::info);
    sqlite3_vfs_register(real_vfs, 1);
    sqlite3_vfs_unregister(&faulty_vfs);
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
