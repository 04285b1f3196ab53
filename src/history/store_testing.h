/// A store in a temporary folder, and slow, obvious computations to compare with.
#pragma once

#include <algorithm>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "history/testing.h"

namespace mineward::history {

constexpr EventTime kStart{1768176000000};  // 2026-01-12 00:00:00 UTC

inline std::vector<Bucket> slow_buckets(const std::vector<Sample>& samples, EventTime from, EventTime to,
                                        Millis width) {
  const auto start_of = [&](std::int64_t t) {
    std::int64_t start = t / width.count() * width.count();
    return start > t ? start - width.count() : start;
  };
  std::map<std::int64_t, Bucket> buckets;
  std::map<std::int64_t, double> sums;
  for (const Sample& s : samples) {
    if (s.at.utc_ms < start_of(from.utc_ms) || s.at >= to) continue;
    const std::int64_t start = start_of(s.at.utc_ms);
    Bucket& b = buckets[start];
    b.from = {start};
    b.states |= s.state;
    if (!s.value) continue;
    b.min = b.count == 0 ? *s.value : std::min(b.min, *s.value);
    b.max = b.count == 0 ? *s.value : std::max(b.max, *s.value);
    b.last = *s.value;
    sums[start] += *s.value;
    ++b.count;
  }
  std::vector<Bucket> out;
  for (auto& [start, b] : buckets) {
    if (b.count > 0) b.mean = sums[start] / b.count;
    out.push_back(b);
  }
  return out;
}

inline void expect_near(const Bucket& got, const Bucket& want) {
  EXPECT_EQ(got.from, want.from);
  EXPECT_EQ(got.count, want.count);
  EXPECT_EQ(got.min, want.min);
  EXPECT_EQ(got.max, want.max);
  EXPECT_EQ(got.last, want.last);
  EXPECT_EQ(got.states, want.states);
  EXPECT_NEAR(got.mean, want.mean, 1e-9);
}

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
  static Batch batch_of(std::vector<Row> rows, const std::string& name) {
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

}  // namespace mineward::history
