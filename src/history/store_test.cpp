#include <gtest/gtest.h>

#include "history/history.h"
#include "history/testing.h"

namespace mineward::history {
namespace {

constexpr EventTime kStart{1768176000000};  // 2026-01-12 00:00:00 UTC

class StoreTest : public testing::Test {
 protected:
  void open() {
    store.reset();
    auto opened = open_history(*files, options);
    MW_OK(opened);
    store = *std::move(opened);
  }
  void SetUp() override {
    options.folder = folder / "history";
    open();
  }
  PointKey point(const std::string& code) {
    auto key = store->point("1401", code);
    EXPECT_TRUE(key.ok());
    return key.ok() ? *key : 0;
  }
  Batch batch_of(std::vector<Row> rows, const std::string& name = "") {
    Batch batch;
    batch.mine = "1401";
    batch.file_name = name;
    batch.sha256 = name.empty() ? "" : sha256_hex(name);
    batch.file_type = "CDSS";
    batch.arrived = {kStart.utc_ms};
    batch.header_time = kStart;
    batch.rows = std::move(rows);
    return batch;
  }
  void append(std::vector<Row> rows, const std::string& name = "") {
    Batch batch = batch_of(std::move(rows), name);
    MW_OK(store->append(batch));
  }
  std::vector<Sample> all(PointKey key) {
    auto got = store->range(key, EventTime{0}, EventTime{kStart.utc_ms * 2}, 1'000'000);
    EXPECT_TRUE(got.ok()) << got.error().text();
    return got.ok() ? *got : std::vector<Sample>{};
  }

  TempFolder folder;
  std::unique_ptr<Files> files = system_files();
  Options options;
  std::unique_ptr<History> store;
};

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
  append({{a, {kStart + 30s, 7.0, 0}}});            // inside a written block
  append({{a, {kStart + 15s, 8.0, 0}}});            // between two samples of a written block
  append({{a, {kStart + 30s, 9.0, 2}}});            // corrected again
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

}  // namespace
}  // namespace mineward::history
