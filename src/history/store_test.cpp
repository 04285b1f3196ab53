#include <gtest/gtest.h>
#include <sqlite3.h>

#include <cmath>
#include <thread>

#include "history/store_testing.h"

namespace mineward::history {
namespace {

TEST_F(StoreTest, KeepsWhatWasAppendedOverAReopen) {
  const PointKey a = point("A");
  const PointKey b = point("B");
  EXPECT_NE(a, b);
  append({{a, {kStart, 0.5, 0}}, {b, {kStart, {}, 8}}}, "f1");
  append({{a, {kStart + 30s, 0.6, 1}}}, "f2");
  for (int round = 0; round < 2; ++round) {
    SCOPED_TRACE(round == 0 ? "as appended" : "after a reopen");
    EXPECT_EQ(store->find_point("1401", "A"), a);
    EXPECT_EQ(store->find_point("1401", "C"), std::nullopt);
    EXPECT_EQ(store->last_seq(), 2u);
    EXPECT_EQ(all(a), (std::vector<Sample>{{kStart, 0.5, 0}, {kStart + 30s, 0.6, 1}}));
    EXPECT_EQ(all(b), (std::vector<Sample>{{kStart, {}, 8}}));
    EXPECT_EQ(store->latest(a), (Sample{kStart + 30s, 0.6, 1}));
    EXPECT_EQ(store->accepted_hash("1401", "f1"), sha256_hex("f1"));
    EXPECT_EQ(store->accepted_hash("1402", "f1"), std::nullopt);
    std::vector<std::uint64_t> seqs;
    MW_OK(store->replay(0, [&](const Batch& batch) {
      seqs.push_back(batch.seq);
      return Status{};
    }));
    EXPECT_EQ(seqs, (std::vector<std::uint64_t>{1, 2}));
    if (round == 0) open();
  }
}

TEST_F(StoreTest, LaterArrivalWinsInEveryLayer) {
  const PointKey a = point("A");
  std::vector<Row> rows;
  for (int i = 0; i < 1000; ++i) rows.push_back({a, {kStart + i * 30s, i * 0.01, 0}});
  append(rows);
  MW_OK(store->flush());
  append({{a, {kStart + 30s, 7.0, 0}}});  // inside a written block
  append({{a, {kStart + 15s, 8.0, 0}}});  // between two samples of a written block
  append({{a, {kStart + 30s, 9.0, 2}}});  // corrected again
  append({{a, {kStart + 45s, {}, 8}}});
  const auto expect = [&] {
    const auto got = all(a);
    ASSERT_EQ(got.size(), 1002u);
    EXPECT_EQ(got[0], (Sample{kStart, 0.0, 0}));
    EXPECT_EQ(got[1], (Sample{kStart + 15s, 8.0, 0}));
    EXPECT_EQ(got[2], (Sample{kStart + 30s, 9.0, 2}));
    EXPECT_EQ(got[3], (Sample{kStart + 45s, {}, 8}));
    EXPECT_EQ(got[4], (Sample{kStart + 60s, 0.02, 0}));
  };
  expect();
  MW_OK(store->maintain(kStart));
  expect();
  open();
  expect();
  MW_OK(store->flush());
  expect();
  MW_OK(store->verify());
  EXPECT_EQ(store->size().samples, 1002u);
}

TEST_F(StoreTest, RefusesRowsItCannotKeep) {
  const PointKey a = point("A");
  const struct {
    const char* why;
    Row row;
  } cases[] = {
      {"NaN", {a, {kStart, std::nan(""), 0}}},
      {"infinity", {a, {kStart, INFINITY, 0}}},
      {"no point", {0, {kStart, 1.0, 0}}},
      {"a point that was not given", {a + 1, {kStart, 1.0, 0}}},
      {"a time out of this world", {a, {{std::numeric_limits<std::int64_t>::min()}, 1.0, 0}}},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.why);
    Batch batch = batch_of({{a, {kStart, 0.5, 0}}, c.row}, "f1");
    const auto refused = store->append(batch);
    ASSERT_FALSE(refused.ok());
    EXPECT_EQ(refused.error().code, Errc::bad_input);
    EXPECT_EQ(refused.error().where, "f1");
  }
  EXPECT_TRUE(all(a).empty());
  EXPECT_EQ(store->accepted_hash("1401", "f1"), std::nullopt);
  EXPECT_FALSE(store->point("", "A").ok());
}

TEST_F(StoreTest, SecondProcessIsRefused) {
  const auto second = open_history(*files, options);
  ASSERT_FALSE(second.ok());
  EXPECT_EQ(second.error().code, Errc::conflict);
}

TEST_F(StoreTest, DocumentsAndKeysOutliveTheJournal) {
  Batch document = batch_of({}, "1401_FZDY_1.txt");
  document.document = "1401;矿;~||";
  MW_OK(store->append(document));
  MW_OK(store->release(1));
  MW_OK(store->flush());
  open();
  EXPECT_EQ(store->accepted_hash("1401", "1401_FZDY_1.txt"), document.sha256);
  EXPECT_EQ(store->last_seq(), 1u);
  int replayed = 0;
  MW_OK(store->replay(0, [&](const Batch&) {
    ++replayed;
    return Status{};
  }));
  EXPECT_EQ(replayed, 0) << "released";
  EXPECT_EQ(store->release(2).error().code, Errc::bad_input);
}

TEST_F(StoreTest, ReplayGivesWholeBatchesUntilReleased) {
  const PointKey a = point("A");
  for (int n = 0; n < 5; ++n) append({{a, {kStart + n * 30s, n * 0.1, 0}}}, "f" + std::to_string(n));
  MW_OK(store->flush());  // in blocks, but not released: stays in the journal
  open();
  MW_OK(store->release(2));
  std::vector<std::uint64_t> seqs;
  MW_OK(store->replay(0, [&](const Batch& batch) {
    seqs.push_back(batch.seq);
    EXPECT_EQ(batch.rows.size(), 1u);
    EXPECT_EQ(batch.sha256, sha256_hex(batch.file_name));
    return Status{};
  }));
  EXPECT_EQ(seqs, (std::vector<std::uint64_t>{3, 4, 5}));
  const Status stopped = store->replay(3, [](const Batch&) { return Status(conflict("enough")); });
  EXPECT_EQ(stopped.error().message, "enough");
}

std::uint64_t journal_bytes(Files& files, const std::string& folder) {
  std::uint64_t bytes = 0;
  const auto entries = files.list(folder + "/journal");
  if (!entries) return 0;
  for (const FileStat& file : *entries) bytes += file.size;
  return bytes;
}

TEST_F(StoreTest, JournalIsCutWhenReleasedAndOld) {
  options.journal_segment_bytes = 500;
  open();
  const PointKey a = point("A");
  for (int n = 0; n < 100; ++n) append({{a, {kStart + n * 30s, n * 0.1, 0}}}, "f" + std::to_string(n));
  const std::uint64_t full = journal_bytes(*files, options.folder);
  MW_OK(store->release(100));
  MW_OK(store->maintain(kStart + 1h));
  EXPECT_EQ(journal_bytes(*files, options.folder), full) << "the head is neither full nor old";
  MW_OK(store->maintain(kStart + 7h));
  EXPECT_LT(journal_bytes(*files, options.folder), 50u) << "old heads are sealed";
  open();
  EXPECT_EQ(all(a).size(), 100u);
  EXPECT_EQ(store->last_seq(), 100u);
}

TEST_F(StoreTest, RetentionDropsDaysAndKeepsStatistics) {
  options.raw_retention = 48h;
  options.statistics_retention = 24h * 400;
  open();
  const PointKey a = point("A");
  std::vector<Row> rows;
  for (int i = 0; i < 4 * 2880; ++i) {
    Row row{a,
            {kStart + i * 30s, std::round(100 * std::sin(i * 0.01)) / 100,
             static_cast<std::uint16_t>(i % 977 == 0 ? 4 : 0)}};
    if (i % 50 == 49) row.sample.value.reset();
    rows.push_back(row);
  }
  append(rows, "old");
  MW_OK(store->flush());
  const auto whole = store->buckets(a, kStart, kStart + 96h, 5min);
  MW_OK(whole);
  ASSERT_EQ(whole->size(), 4 * 288u);
  const auto before = all(a);

  MW_OK(store->maintain(kStart + 96h));
  const auto kept = all(a);
  ASSERT_EQ(kept.size(), 2 * 2880u) << "two days are left";
  EXPECT_EQ(kept.front().at, kStart + 48h);
  EXPECT_EQ(store->latest(a), before.back());
  const auto after = store->buckets(a, kStart, kStart + 96h, 5min);
  MW_OK(after);
  ASSERT_EQ(after->size(), whole->size());
  for (std::size_t i = 0; i < whole->size(); ++i) {
    const Bucket& x = (*whole)[i];
    const Bucket& y = (*after)[i];
    ASSERT_EQ(x.from, y.from);
    ASSERT_EQ(std::tie(x.count, x.min, x.max, x.last, x.states),
              std::tie(y.count, y.min, y.max, y.last, y.states))
        << i;
    ASSERT_NEAR(x.mean, y.mean, 1e-9);
  }
  const auto gaps = store->gaps(a, kStart - 1h, kStart + 96h, 10min);
  MW_OK(gaps);
  ASSERT_EQ(gaps->size(), 1u);
  EXPECT_EQ((*gaps)[0].to, kStart);
  MW_OK(store->verify());
  open();
  EXPECT_EQ(all(a).size(), 2 * 2880u);
  MW_OK(store->maintain(kStart + 24h * 500));
  EXPECT_EQ(store->buckets(a, kStart, kStart + 96h, 5min)->size(), 0u)
      << "statistics go after their own time";
  EXPECT_EQ(store->accepted_hash("1401", "old"), std::nullopt) << "so do file keys";
  EXPECT_EQ(store->latest(a), before.back());
}

TEST_F(StoreTest, BucketsOfRealReadingsEqualASlowComputation) {
  const auto values = longwall("MM116");
  const PointKey a = point("MM116");
  std::vector<Sample> samples;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const auto state = static_cast<std::uint16_t>(i >= 1587 && i <= 1600 ? 4 : 0);
    samples.push_back({kStart + static_cast<int>(i) * 30s, values[i], state});
  }
  for (std::size_t i = 0; i < samples.size(); i += 1000) {
    std::vector<Row> rows;
    for (std::size_t k = i; k < std::min(i + 1000, samples.size()); ++k) rows.push_back({a, samples[k]});
    append(rows);
    if (i == 9000) MW_OK(store->flush());  // so that both files and memory answer
  }
  append({{a, {samples[5].at, 2.5, 1}}});  // a late correction, still in memory
  samples[5].value = 2.5;
  samples[5].state = 1;
  const Millis widths[] = {1min, 5min, 1h, 4h, 8h, 24h, 7min};
  for (const Millis width : widths) {
    for (const EventTime from : {kStart, kStart + 3h + 17min}) {
      const EventTime to = kStart + 100h;
      SCOPED_TRACE(format_duration(width));
      const auto got = store->buckets(a, from, to, width);
      MW_OK(got);
      const auto want = slow_buckets(samples, from, to, width);
      ASSERT_EQ(got->size(), want.size());
      for (std::size_t i = 0; i < want.size(); ++i) expect_near((*got)[i], want[i]);
    }
  }
  EXPECT_FALSE(store->buckets(a, kStart, kStart + 1h, 0ms).ok());
}

TEST_F(StoreTest, GapsAreSpansWithoutASample) {
  const PointKey a = point("A");
  append({{a, {kStart, 1.0, 0}},
          {a, {kStart + 30s, {}, 8}},
          {a, {kStart + 10min, 1.0, 0}},
          {a, {kStart + 26h, 1.0, 0}}});
  for (const bool flushed : {false, true}) {
    if (flushed) MW_OK(store->flush());
    const auto gaps = store->gaps(a, kStart - 5min, kStart + 27h, 2min);
    MW_OK(gaps);
    ASSERT_EQ(gaps->size(), 4u);
    EXPECT_EQ((*gaps)[0].from, kStart - 5min);
    EXPECT_EQ((*gaps)[0].to, kStart);
    EXPECT_EQ((*gaps)[1].from, kStart + 30s) << "a null sample is no silence";
    EXPECT_EQ((*gaps)[1].to, kStart + 10min);
    EXPECT_EQ((*gaps)[2].to, kStart + 26h);
    EXPECT_EQ((*gaps)[3].to, kStart + 27h);
    EXPECT_EQ(store->gaps(a, kStart, kStart + 30s, 30s)->size(), 0u) << "longer than, not as long as";
  }
  EXPECT_EQ(store->gaps(999, kStart, kStart + 1h, 1min)->size(), 1u) << "a point never heard of is silent";
}

TEST_F(StoreTest, BackupTakenInUseOpensWithEverythingAcknowledgedBefore) {
  const PointKey a = point("A");
  for (int n = 0; n < 700; ++n) append({{a, {kStart + n * 30s, n * 0.01, 0}}}, "f" + std::to_string(n));
  MW_OK(store->maintain(kStart + 1h));
  append({{a, {kStart + 15s, 5.0, 0}}}, "late");
  const auto want = all(a);
  MW_OK(store->backup_to(folder / "copy"));
  append({{a, {kStart + 100h, 1.0, 0}}}, "after");
  EXPECT_EQ(store->backup_to(folder / "copy").error().code, Errc::conflict);
  options.folder = folder / "copy";
  open();
  EXPECT_EQ(all(a), want);
  EXPECT_EQ(store->accepted_hash("1401", "late"), sha256_hex("late"));
  EXPECT_EQ(store->accepted_hash("1401", "after"), std::nullopt);
  MW_OK(store->verify());
}

void change_blob(const std::string& path, const char* sql) {
  sqlite3* db = nullptr;
  ASSERT_EQ(sqlite3_open(path.c_str(), &db), SQLITE_OK);
  EXPECT_EQ(sqlite3_exec(db, sql, nullptr, nullptr, nullptr), SQLITE_OK) << sqlite3_errmsg(db);
  sqlite3_close(db);
}

TEST_F(StoreTest, DamagedBlockIsNamedAndNeverServed) {
  const PointKey a = point("A");
  const PointKey b = point("B");
  std::vector<Row> rows;
  for (int n = 0; n < 1500; ++n) {
    rows.push_back({a, {kStart + n * 30s, n * 0.01, 0}});
    rows.push_back({b, {kStart + n * 30s, n * 0.01, 0}});
  }
  append(rows);
  MW_OK(store->flush());
  MW_OK(store->verify());
  store.reset();
  change_blob(options.folder + "/blocks/2026-01-12.sqlite",
              "UPDATE block SET body = CAST(substr(body, 1, 99) || x'55' || substr(body, 101) AS BLOB) WHERE "
              "point = 1 AND first = "
              "(SELECT max(first) FROM block WHERE point = 1 AND first < (SELECT max(first) FROM block WHERE "
              "point = 1))");
  open();
  const auto damaged = store->range(a, kStart, kStart + 24h, 10000);
  ASSERT_FALSE(damaged.ok());
  EXPECT_EQ(damaged.error().code, Errc::corrupt);
  EXPECT_NE(damaged.error().where.find("2026-01-12.sqlite"), std::string::npos) << damaged.error().text();
  EXPECT_EQ(all(b).size(), 1500u) << "other points stay readable";
  EXPECT_EQ(store->range(a, kStart, kStart + 480 * 30s, 10000)->size(), 480u) << "other blocks stay readable";
  const Status found = store->verify();
  ASSERT_FALSE(found.ok());
  EXPECT_NE(found.error().text().find("point 1, block from 2026-01-12T"), std::string::npos)
      << found.error().text();
  append({{a, {kStart + 700 * 30s, 1.0, 0}}, {b, {kStart + 700 * 30s, 1.0, 0}}});
  MW_OK(store->maintain(kStart + 1h));  // does not stop the rest
  EXPECT_EQ(all(b).size(), 1500u);
}

TEST_F(StoreTest, OneBlockTooManyInMemoryIsWrittenByAppend) {
  options.head_samples_limit = 1000;
  open();
  std::vector<PointKey> points;
  for (int p = 0; p < 20; ++p) points.push_back(point("P" + std::to_string(p)));
  for (int n = 0; n < 200; ++n) {
    std::vector<Row> rows;
    for (const PointKey p : points) rows.push_back({p, {kStart + n * 30s, n * 0.01, 0}});
    append(rows);
  }
  EXPECT_TRUE(files->exists(options.folder + "/blocks/2026-01-12.sqlite")) << "without maintain()";
  for (const PointKey p : points) ASSERT_EQ(all(p).size(), 200u);
  EXPECT_EQ(store->size().samples, 4000u);
}

TEST_F(StoreTest, ReadersSeeEveryAcknowledgedSampleWhileWritersWrite) {
  options.block_samples = 16;
  open();
  constexpr int kThreads = 4;
  constexpr int kEach = 150;
  std::vector<PointKey> keys;
  for (int t = 0; t < kThreads; ++t) keys.push_back(point("T" + std::to_string(t)));
  std::atomic<int> wrong{0};
  std::atomic<int> running{kThreads};
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&, t] {
      for (int n = 0; n < kEach; ++n) {
        Batch batch = batch_of({{keys[static_cast<std::size_t>(t)], {kStart + n * 30s, n * 0.01, 0}}}, "");
        if (!store->append(batch).ok()) ++wrong;
        if (n % 10 != 0) continue;
        const auto got = store->range(keys[static_cast<std::size_t>(t)], kStart, kStart + 48h, 10000);
        if (!got.ok() || got->size() != static_cast<std::size_t>(n) + 1) ++wrong;
        if (store->latest(keys[static_cast<std::size_t>(t)])->at != kStart + n * 30s) ++wrong;
      }
      --running;
    });
  }
  threads.emplace_back([&] {
    while (running > 0) {
      if (!store->maintain(kStart + 1h).ok()) ++wrong;
    }
  });
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(wrong, 0);
  for (const PointKey key : keys) EXPECT_EQ(all(key).size(), static_cast<std::size_t>(kEach));
}

}  // namespace
}  // namespace mineward::history
