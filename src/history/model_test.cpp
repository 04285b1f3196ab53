/// \file The store against a std::map: random work, and a fault at every file operation.
#include <gtest/gtest.h>
#include <sqlite3.h>

#include <random>
#include <set>

#include "history/store_testing.h"

namespace mineward::history {
namespace {

/// What the store must hold: per point, time -> value and state.
using Model = std::map<PointKey, std::map<std::int64_t, Sample>>;

void put(Model& model, const Batch& batch) {
  for (const Row& row : batch.rows) model[row.point][row.sample.at.utc_ms] = row.sample;
}

std::vector<Sample> slice(const Model& model, PointKey key, EventTime from, EventTime to,
                          std::size_t limit = 1'000'000) {
  std::vector<Sample> out;
  const auto it = model.find(key);
  if (it == model.end()) return out;
  for (const auto& [t, s] : it->second) {
    if (s.at >= from && s.at < to && out.size() < limit) out.push_back(s);
  }
  return out;
}

class ModelTest : public StoreTest {
 protected:
  EventTime some_time() { return kStart + Millis(static_cast<std::int64_t>(random() % (3 * 86400)) * 1000); }

  Batch some_batch() {
    std::vector<Row> rows;
    const std::uint64_t kind = random() % 10;
    const std::size_t count = random() % (kind < 7 ? 12 : 60);
    for (std::size_t i = 0; i < count; ++i) {
      const PointKey key = keys[random() % keys.size()];
      EventTime at = now[key];
      if (kind < 7) {
        at = now[key] = now[key] + Millis(static_cast<std::int64_t>(15 + random() % 16) * 1000);
        if (random() % 400 == 0) now[key] = now[key] + 8h;
      } else {
        at = some_time();  // late, or far ahead
        if (kind == 8 && !model[key].empty())
          at = std::next(model[key].begin(), static_cast<std::ptrdiff_t>(random() % model[key].size()))
                   ->second.at;
      }
      Sample s{at, static_cast<double>(random() % 400) / 100,
               static_cast<std::uint16_t>(random() % 9 == 0 ? 4 : 0)};
      if (random() % 11 == 0) s.value.reset();
      if (random() % 50 == 0) s.value = -0.0;
      rows.push_back({key, s});
    }
    return batch_of(std::move(rows), random() % 2 ? "f" + std::to_string(++files_made) : "");
  }

  void compare() {
    for (const PointKey key : keys) {
      SCOPED_TRACE("point " + std::to_string(key));
      const auto want = slice(model, key, EventTime{0}, kStart + 24h * 100);
      const auto got = all(key);
      ASSERT_EQ(got.size(), want.size());
      ASSERT_EQ(got, want);
      EXPECT_EQ(store->latest(key), want.empty() ? std::nullopt : std::optional(want.back()));
      const EventTime from = some_time();
      const EventTime to = some_time();
      const std::size_t limit = random() % 100;
      const auto part = store->range(key, from, to, limit);
      MW_OK(part);
      ASSERT_EQ(*part, slice(model, key, from, to, limit));
      const Millis width(static_cast<std::int64_t>(1 + random() % 7200) * 1000);
      const auto buckets = store->buckets(key, from, to, width);
      MW_OK(buckets);
      const auto slow = from < to ? slow_buckets(want, from, to, width) : std::vector<Bucket>{};
      ASSERT_EQ(buckets->size(), slow.size());
      for (std::size_t i = 0; i < slow.size(); ++i) expect_near((*buckets)[i], slow[i]);
      compare_gaps(want, key, from, to);
    }
  }

  void compare_gaps(const std::vector<Sample>& samples, PointKey key, EventTime from, EventTime to) {
    std::vector<std::pair<std::int64_t, std::int64_t>> want;
    EventTime last = from;
    for (const Sample& s : samples) {
      if (s.at < from || s.at >= to) continue;
      if (s.at - last > 20min) want.emplace_back(last.utc_ms, s.at.utc_ms);
      last = s.at;
    }
    if (from < to && to - last > 20min) want.emplace_back(last.utc_ms, to.utc_ms);
    const auto gaps = store->gaps(key, from, to, 20min);
    MW_OK(gaps);
    std::vector<std::pair<std::int64_t, std::int64_t>> got;
    for (const Gap& gap : *gaps) got.emplace_back(gap.from.utc_ms, gap.to.utc_ms);
    EXPECT_EQ(got, want);
  }

  void compare_replay() {
    std::map<std::uint64_t, std::string> got;
    std::uint64_t before = released;
    MW_OK(store->replay(0, [&](const Batch& batch) {
      EXPECT_EQ(batch.seq, ++before);
      EXPECT_EQ(batch.file_name, acknowledged[batch.seq].file_name);
      EXPECT_EQ(batch.rows.size(), acknowledged[batch.seq].rows.size());
      return Status{};
    }));
    EXPECT_EQ(before, acknowledged.empty() ? 0 : acknowledged.rbegin()->first);
    for (const auto& [seq, batch] : acknowledged) {
      if (batch.file_name.empty()) continue;
      EXPECT_EQ(store->accepted_hash("1401", batch.file_name), batch.sha256);
    }
  }

  void work(std::uint64_t seed) {
    random.seed(seed);
    options.folder = folder / std::to_string(seed);
    options.block_samples = 8 + random() % 40;
    options.head_samples_limit = 200;
    options.journal_segment_bytes = 3000;
    model.clear();
    acknowledged.clear();
    released = 0;
    open();
    keys.clear();
    now.clear();
    for (int p = 0; p < 3; ++p) keys.push_back(point("P" + std::to_string(p)));
    for (const PointKey key : keys) now[key] = kStart;
    for (int step = 0; step < 120; ++step) {
      const std::uint64_t what = random() % 30;
      if (what == 0) {
        open();
        if (released > 0) MW_OK(store->release(released));
        for (std::size_t p = 0; p < keys.size(); ++p) ASSERT_EQ(point("P" + std::to_string(p)), keys[p]);
      }
      if (what == 1) MW_OK(store->flush());
      if (what <= 4) MW_OK(store->maintain(some_time()));
      if (what == 5 && !acknowledged.empty()) {
        released = std::max(released, 1 + random() % acknowledged.rbegin()->first);
        MW_OK(store->release(released));
      }
      if (what == 6 && keys.size() < 8) {
        keys.push_back(point("P" + std::to_string(keys.size())));
        now[keys.back()] = kStart;
      }
      Batch batch = some_batch();
      MW_OK(store->append(batch));
      put(model, batch);
      acknowledged[batch.seq] = batch;
      if (what == 7) compare();
      if (HasFatalFailure()) return;
    }
    compare();
    compare_replay();
    MW_OK(store->verify());
    open();
    if (released > 0) MW_OK(store->release(released));
    compare();
    compare_replay();
    MW_OK(store->flush());
    compare();
    std::size_t samples = 0;
    for (const auto& [key, times] : model) samples += times.size();
    EXPECT_EQ(store->size().samples, samples);
    MW_OK(store->verify());
  }

  std::mt19937_64 random;
  Model model;
  std::vector<PointKey> keys;
  std::map<PointKey, EventTime> now;
  std::map<std::uint64_t, Batch> acknowledged;
  std::uint64_t released = 0;
  int files_made = 0;
};

TEST_F(ModelTest, RandomWorkEqualsAMap) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    work(seed);
    if (HasFailure()) return;
  }
}

/// Fails one operation, or all from one on.
enum class Fault { io_error, disk_full, short_write, disk_full_for_good };

class FaultTest : public StoreTest {
 protected:
  /// Batch n: three rows of its own times, so that one can see whether all of it is there. Every fourth
  /// corrects an old value.
  Batch batch_number(int n, std::span<const PointKey> keys) {
    std::vector<Row> rows;
    for (std::size_t i = 0; i < 3; ++i) {
      rows.push_back({keys[static_cast<std::size_t>(n) % keys.size()],
                      {kStart + n * 1h + static_cast<int>(i) * 30s, n * 0.25, 0}});
    }
    return batch_of(rows, "f" + std::to_string(n));
  }

  /// Does the work on `f`, going on after errors. Tells what was acknowledged.
  std::set<int> script(Files& f) {
    std::set<int> done;
    for (int session = 0; session < 2; ++session) {
      auto opened = open_history(f, options);
      if (!opened) return done;
      History& h = **opened;
      std::vector<PointKey> keys;
      for (int p = 0; p < 3; ++p) {
        const auto key = h.point("1401", "P" + std::to_string(p));
        if (!key) return done;
        keys.push_back(*key);
      }
      for (int n = session * 12; n < session * 12 + 12; ++n) {
        Batch batch = batch_number(n, keys);
        if (h.append(batch).ok()) done.insert(n);
        if (n % 5 == 4) (void)h.maintain(kStart + n * 1h);
        if (n % 7 == 6 && h.last_seq() > 1) (void)h.release(h.last_seq() - 1);
        if (n == 10) (void)h.flush();
      }
    }
    return done;
  }

  void check(const std::set<int>& done) {
    auto opened = open_history(*files, options);
    MW_OK(opened);
    store = *std::move(opened);
    std::vector<PointKey> keys;
    for (int p = 0; p < 3; ++p) keys.push_back(point("P" + std::to_string(p)));
    for (int n = 0; n < 24; ++n) {
      const Batch batch = batch_number(n, keys);
      const auto got = store->range(batch.rows[0].point, kStart + n * 1h, kStart + (n + 1) * 1h, 100);
      MW_OK(got);
      const bool known = store->accepted_hash("1401", batch.file_name).has_value();
      EXPECT_TRUE(known || !done.contains(n)) << "batch " << n << " was acknowledged, its key is lost";
      ASSERT_EQ(got->size(), known ? 3u : 0u)
          << "batch " << n << (done.contains(n) ? " was acknowledged" : "");
      for (std::size_t i = 0; i < got->size(); ++i) EXPECT_EQ((*got)[i], batch.rows[i].sample);
    }
    MW_OK(store->verify());
    Batch next = batch_number(30, keys);
    MW_OK(store->append(next));
    store.reset();
  }
};

TEST_F(FaultTest, NothingAcknowledgedIsLostWhicheverFileOperationFails) {
  options.journal_segment_bytes = 400;
  options.block_samples = 4;
  store.reset();
  set_log_level(LogLevel::off);
  for (const Fault fault :
       {Fault::io_error, Fault::disk_full, Fault::short_write, Fault::disk_full_for_good}) {
    bool reached = true;
    int most = 0;
    for (int n = 1; reached; ++n) {
      SCOPED_TRACE("fault " + std::to_string(static_cast<int>(fault)) + " at operation " + std::to_string(n));
      options.folder = folder / "run";
      std::filesystem::remove_all(options.folder);
      int count = 0;
      reached = false;
      const auto faulty = faulty_files(
          *files, [&](std::string_view op, const std::string& path, std::size_t* bytes) -> Status {
            ++count;
            const bool writes = op == "append" || op == "create" || op == "open";
            if (count < n || (count > n && (fault != Fault::disk_full_for_good || !writes))) return {};
            reached = true;
            if (bytes && fault != Fault::io_error) *bytes /= 2;
            if (fault == Fault::disk_full || fault == Fault::disk_full_for_good) return disk_full(path);
            return Error{Errc::unavailable, "cannot do it: Input/output error", path};
          });
      const auto done = script(*faulty);
      most = std::max(most, static_cast<int>(done.size()));
      check(done);
      if (HasFailure()) break;
      ASSERT_LT(n, 2000);
    }
    if (HasFailure()) break;
    EXPECT_EQ(most, 24) << "without a fault all are acknowledged";
  }
  set_log_level(LogLevel::info);
}

}  // namespace
}  // namespace mineward::history
