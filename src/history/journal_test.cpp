#include "history/journal.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <atomic>
#include <bit>
#include <cstring>
#include <random>
#include <thread>

#include "history/testing.h"

namespace mineward::history {
namespace {

constexpr EventTime kStart{1768176000000};  // 2026-01-12 00:00:00 UTC
constexpr const char* kFirst = "00000000000000000001.journal";

bool same(const Batch& a, const Batch& b) {
  return a.seq == b.seq && a.mine == b.mine && a.file_name == b.file_name && a.sha256 == b.sha256 &&
         a.file_type == b.file_type && a.arrived == b.arrived && a.header_time == b.header_time &&
         a.document == b.document &&
         std::equal(
             a.rows.begin(), a.rows.end(), b.rows.begin(), b.rows.end(), [](const Row& x, const Row& y) {
               return x.point == y.point && x.sample.at == y.sample.at && x.sample.state == y.sample.state &&
                      x.sample.value.has_value() == y.sample.value.has_value() &&
                      std::bit_cast<std::uint64_t>(x.sample.value.value_or(0)) ==
                          std::bit_cast<std::uint64_t>(y.sample.value.value_or(0));
             });
}

Batch some_batch(int n, std::size_t rows = 3) {
  Batch batch;
  batch.mine = "1401";
  batch.file_name = "1401_CDSS_" + std::to_string(n) + ".txt";
  batch.sha256 = sha256_hex(batch.file_name);
  batch.file_type = "CDSS";
  batch.arrived = {kStart.utc_ms + n * 1000 + 500};
  batch.header_time = kStart + Millis(n * 1000);
  for (std::size_t i = 0; i < rows; ++i) {
    batch.rows.push_back(
        {static_cast<PointKey>(1 + i), {batch.header_time, static_cast<double>(n) / 100, 0}});
  }
  return batch;
}

/// A journal whose hooks only write down what they see.
struct Bench {
  explicit Bench(Files& f, std::string where, std::uint64_t segment = kSegmentBytes)
      : files(f), folder(std::move(where)), segment_bytes(segment) {}
  Status open() {
    journal.reset();
    read.clear();
    names.clear();
    auto opened =
        Journal::open(files, folder,
                      {[this](std::vector<PointName> n) {
                         names.insert(names.end(), n.begin(), n.end());
                         return Status{};
                       },
                       [this](Batch b) {
                         read.push_back(std::move(b));
                         return Status{};
                       }},
                      {[this] { return pending; }, [this](std::span<const PointName>) { pending.clear(); },
                       [this](const Batch& b) { applied.push_back(b.seq); }},
                      segment_bytes);
    if (!opened) return std::move(opened).error();
    journal = *std::move(opened);
    return {};
  }
  Files& files;
  std::string folder;
  std::uint64_t segment_bytes;
  std::unique_ptr<Journal> journal;
  std::vector<Batch> read;       // at open
  std::vector<PointName> names;  // at open
  std::vector<PointName> pending;
  std::vector<std::uint64_t> applied;
};

RC_GTEST_PROP(BatchCodec, GivesBackWhatWasPut, (std::uint64_t seed, const std::string& text)) {
  std::mt19937_64 random(seed);
  Batch batch = some_batch(static_cast<int>(random() % 1000), 0);
  batch.file_name = text;
  if (random() % 2) batch.document = text + text;
  for (std::uint64_t n = random() % 200; n > 0; --n) {
    Row row{static_cast<PointKey>(random() & kMaxPointKey),
            {{static_cast<std::int64_t>(random() >> 12)}, {}, static_cast<std::uint16_t>(random() % 3)}};
    if (random() % 4)
      row.sample.value = random() % 2 ? static_cast<double>(random() % 1000) / 100
                                      : std::bit_cast<double>(std::uint64_t{random()});
    batch.rows.push_back(row);
  }
  std::string bytes;
  put_batch(bytes, batch);
  const auto back = get_batch(bytes);
  RC_ASSERT(back.ok());
  RC_ASSERT(same(*back, batch));
  RC_ASSERT(!get_batch(std::string_view(bytes).substr(0, bytes.size() - 1)).ok());
}

TEST(BatchCodec, AnyTwoInstantsStandSideBySide) {
  Batch batch;
  batch.mine = "140522001";
  batch.header_time.utc_ms = INT64_MIN;
  for (const std::int64_t at : {INT64_MAX, std::int64_t{0}, INT64_MIN, std::int64_t{-1}})
    batch.rows.push_back({1, {EventTime{at}, 0.5, 0}});
  std::string body;
  put_batch(body, batch);
  const auto back = get_batch(body);
  ASSERT_TRUE(back.ok());
  ASSERT_EQ(back->rows.size(), batch.rows.size());
  for (std::size_t i = 0; i < batch.rows.size(); ++i)
    EXPECT_EQ(back->rows[i].sample.at.utc_ms, batch.rows[i].sample.at.utc_ms) << i;
}

TEST(Journal, GivesBackBatchesAndNamesInOrder) {
  TempFolder folder;
  const auto files = system_files();
  Bench bench(*files, folder.path());
  MW_OK(bench.open());
  bench.pending = {{1, "1401", "A"}, {2, "1401", "B"}};
  std::vector<Batch> put;
  for (int n = 1; n <= 5; ++n) {
    Batch batch = some_batch(n, n == 3 ? 2000 : 2);
    if (n == 4) batch.document = std::string(5000, 'x');
    MW_OK(bench.journal->append(batch));
    EXPECT_EQ(batch.seq, static_cast<std::uint64_t>(n));
    put.push_back(batch);
  }
  EXPECT_EQ(bench.applied, (std::vector<std::uint64_t>{1, 2, 3, 4, 5}));
  const std::uint64_t bytes = bench.journal->segments().back().bytes;
  EXPECT_LT(bytes, 12000u) << "bodies are compressed";
  MW_OK(bench.open());
  ASSERT_EQ(bench.read.size(), put.size());
  for (std::size_t i = 0; i < put.size(); ++i) EXPECT_TRUE(same(bench.read[i], put[i])) << i;
  EXPECT_EQ(bench.names, (std::vector<PointName>{{1, "1401", "A"}, {2, "1401", "B"}}));
  EXPECT_EQ(bench.journal->last_seq(), 5u);
}

TEST(Journal, DocumentExampleIsTrue) {
  TempFolder folder;
  const auto files = system_files();
  const std::string bytes = hex_section("docs/formats/journal.md", "journal-example");
  const std::string path = folder / "00000000000000000007.journal";
  MW_OK(write_atomically(*files, path, bytes));
  Bench bench(*files, folder.path());
  MW_OK(bench.open());
  EXPECT_EQ(bench.names, (std::vector<PointName>{{1, "1401", "01MN0001"}}));
  EXPECT_EQ(bench.read.size(), 1u);
  Batch want;
  want.seq = 7;
  want.mine = "1401";
  want.file_name = "f";
  want.sha256 = "ab";
  want.file_type = "CDSS";
  want.arrived = {kStart.utc_ms + 1000};
  want.header_time = kStart;
  want.rows = {{1, {kStart, 0.52, 0}}, {1, {kStart + 30s, {}, 8}}};
  EXPECT_TRUE(!bench.read.empty() && same(bench.read[0], want));

  TempFolder other;  // and writing the same gives the same bytes
  MW_OK(write_atomically(*files, other / "00000000000000000007.journal", bytes.substr(0, 8)));
  Bench writer(*files, other.path());
  MW_OK(writer.open());
  writer.pending = {{1, "1401", "01MN0001"}};
  MW_OK(writer.journal->append(want));
  EXPECT_EQ(hex_of(read_text(other / "00000000000000000007.journal")), hex_of(bytes));
}

// The machine may stop in the middle of a write: whatever part of the last entries is there, all before it
// stays.
TEST(Journal, TornTailIsCutAtEveryByte) {
  TempFolder folder;
  const auto files = system_files();
  std::vector<std::int64_t> ends;
  {
    Bench bench(*files, folder / "whole");
    MW_OK(bench.open());
    ends.push_back(static_cast<std::int64_t>(bench.journal->segments().back().bytes));
    for (int n = 1; n <= 3; ++n) {
      Batch batch = some_batch(n);
      MW_OK(bench.journal->append(batch));
      ends.push_back(static_cast<std::int64_t>(bench.journal->segments().back().bytes));
    }
  }
  const std::string whole = read_text(folder / (std::string("whole/") + kFirst));
  ASSERT_EQ(static_cast<std::int64_t>(whole.size()), ends.back());
  set_log_level(LogLevel::error);
  for (std::size_t size = 0; size <= whole.size(); ++size) {
    for (const bool zeros : {false, true}) {  // the file may be longer than what reached the disk
      SCOPED_TRACE("cut at " + std::to_string(size) + (zeros ? ", then zeros" : ""));
      const std::string torn = whole.substr(0, size) + std::string(zeros && size >= 8 ? 37 : 0, '\0');
      const auto right =
          std::mismatch(torn.begin(), torn.end(), whole.begin(), whole.end()).first - torn.begin();
      const auto kept =
          static_cast<std::size_t>(std::upper_bound(ends.begin(), ends.end(), right) - ends.begin());
      std::filesystem::remove_all(folder / "torn");
      Bench bench(*files, folder / "torn");
      MW_OK(files->make_folders(bench.folder));
      MW_OK(write_atomically(*files, bench.folder + "/" + kFirst, torn));
      MW_OK(bench.open());
      ASSERT_EQ(bench.read.size(), kept == 0 ? 0 : kept - 1);
      Batch next = some_batch(9);
      MW_OK(bench.journal->append(next));
      EXPECT_EQ(next.seq, bench.read.size() + 1);
      const std::size_t before = bench.read.size();
      MW_OK(bench.open());
      EXPECT_EQ(bench.read.size(), before + 1);
    }
  }
  std::printf("torn tails: %zu cuts of a journal alone, with and without zeros behind\n",
              2 * (whole.size() + 1));
  set_log_level(LogLevel::info);
}

TEST(Journal, DamageThatIsNoTornTailIsNamedAndNothingIsCut) {
  TempFolder folder;
  const auto files = system_files();
  std::vector<std::uint64_t> ends;
  {
    Bench bench(*files, folder / "whole");
    MW_OK(bench.open());
    ends.push_back(bench.journal->segments().back().bytes);
    for (int n = 1; n <= 3; ++n) {
      Batch batch = some_batch(n);
      MW_OK(bench.journal->append(batch));
      ends.push_back(bench.journal->segments().back().bytes);
    }
  }
  const std::string whole = read_text(folder / (std::string("whole/") + kFirst));
  for (std::size_t bit = 0; bit < ends[2] * 8; ++bit) {  // all but the last entry
    const std::size_t byte = bit / 8;
    SCOPED_TRACE("bit " + std::to_string(bit % 8) + " of byte " + std::to_string(byte));
    Bench bench(*files, folder / "bad");
    MW_OK(files->make_folders(bench.folder));
    std::string bad = whole;
    bad[byte] = static_cast<char>(bad[byte] ^ (1 << (bit % 8)));
    const std::string path = bench.folder + "/" + kFirst;
    MW_OK(write_atomically(*files, path, bad));
    const Status opened = bench.open();
    ASSERT_FALSE(opened.ok());
    EXPECT_EQ(opened.error().code, Errc::corrupt);
    EXPECT_NE(opened.error().where.find(path), std::string::npos) << opened.error().text();
    if (byte >= 8) {
      const std::uint64_t start = *(std::upper_bound(ends.begin(), ends.end(), byte) - 1);
      EXPECT_NE(opened.error().where.find("offset " + std::to_string(start)), std::string::npos)
          << opened.error().text();
    }
    EXPECT_EQ(read_text(path), bad) << "nothing was cut";
  }
  // The last entry cannot be told from a torn one: it is left out, never served altered.
  set_log_level(LogLevel::error);
  for (std::size_t bit = ends[2] * 8; bit < whole.size() * 8; ++bit) {
    SCOPED_TRACE("bit " + std::to_string(bit % 8) + " of byte " + std::to_string(bit / 8));
    std::string bad = whole;
    bad[bit / 8] = static_cast<char>(bad[bit / 8] ^ (1 << (bit % 8)));
    Bench bench(*files, folder / "bad");
    MW_OK(write_atomically(*files, bench.folder + "/" + kFirst, bad));
    MW_OK(bench.open());
    ASSERT_EQ(bench.read.size(), 2u);
    for (int n = 0; n < 2; ++n) {
      Batch want = some_batch(n + 1);
      want.seq = static_cast<std::uint64_t>(n) + 1;
      ASSERT_TRUE(same(bench.read[static_cast<std::size_t>(n)], want));
    }
  }
  set_log_level(LogLevel::info);
  std::printf("flips: %zu bits of a journal of 3 entries, none served\n", whole.size() * 8);
}

TEST(Journal, WhatANewerProgramWroteIsNotCut) {
  TempFolder folder;
  const auto files = system_files();
  Bench bench(*files, folder.path());
  MW_OK(bench.open());
  Batch batch = some_batch(1);
  MW_OK(bench.journal->append(batch));
  bench.journal.reset();
  const std::string path = folder / kFirst;
  std::string bytes = read_text(path);
  for (const std::size_t at : {std::size_t{20}, std::size_t{21}}) {  // version and kind of the entry at 8
    std::string newer = bytes;
    newer[at] = 9;
    const std::string_view entry = std::string_view(newer).substr(8);
    const std::uint32_t crc = crc32c(entry.substr(12), crc32c(entry.substr(4, 4)));
    std::memcpy(newer.data() + 16, &crc, 4);
    MW_OK(write_atomically(*files, path, newer));
    const Status opened = bench.open();
    ASSERT_FALSE(opened.ok());
    EXPECT_NE(opened.error().message.find("this program knows"), std::string::npos);
    EXPECT_EQ(read_text(path), newer);
  }
  bytes[6] = 2;
  MW_OK(write_atomically(*files, path, bytes));
  EXPECT_EQ(bench.open().error().message, "journal segment version 2, this program knows 1");
}

TEST(Journal, MissingSegmentIsNoticed) {
  TempFolder folder;
  const auto files = system_files();
  Bench bench(*files, folder.path(), 100);  // a segment per batch or two
  MW_OK(bench.open());
  for (int n = 1; n <= 6; ++n) {
    Batch batch = some_batch(n);
    MW_OK(bench.journal->append(batch));
  }
  const auto segments = bench.journal->segments();
  ASSERT_GE(segments.size(), 4u);
  MW_OK(files->remove(segments[1].path));
  const Status opened = bench.open();
  ASSERT_FALSE(opened.ok());
  EXPECT_NE(opened.error().message.find("one is missing"), std::string::npos);
}

TEST(Journal, DropsOnlyWholeSegmentsFromTheFront) {
  TempFolder folder;
  const auto files = system_files();
  Bench bench(*files, folder.path(), 100);
  MW_OK(bench.open());
  for (int n = 1; n <= 10; ++n) {
    Batch batch = some_batch(n);
    MW_OK(bench.journal->append(batch));
  }
  const auto before = bench.journal->segments();
  MW_OK(bench.journal->drop_until(before[1].last_seq));
  EXPECT_EQ(bench.journal->segments().front().first_seq, before[2].first_seq);
  MW_OK(bench.journal->drop_until(100));
  EXPECT_EQ(bench.journal->segments().size(), 1u) << "the active segment stays";
  MW_OK(bench.open());
  EXPECT_EQ(bench.journal->last_seq(), 10u) << "numbers go on after everything was dropped";
}

// Whichever operation fails while segments are dropped, once: dropping goes on later, and no start finds a
// hole.
TEST(Journal, ASegmentThatCouldNotBeRemovedLeavesNoHole) {
  const auto real = system_files();
  for (int nth = 1;; ++nth) {
    SCOPED_TRACE(nth);
    TempFolder folder;
    int left = 0;
    const auto files = faulty_files(*real, [&](std::string_view, const std::string& path, std::size_t*) {
      return left > 0 && --left == 0 ? Status(Error{Errc::unavailable, "Input/output error", path})
                                     : Status{};
    });
    Bench bench(*files, folder.path(), 100);
    MW_OK(bench.open());
    for (int n = 1; n <= 10; ++n) {
      Batch batch = some_batch(n);
      MW_OK(bench.journal->append(batch));
    }
    const auto before = bench.journal->segments();
    ASSERT_GE(before.size(), 5u);
    left = nth;
    const bool failed = !bench.journal->drop_until(before[1].last_seq).ok();
    left = 0;
    MW_OK(bench.journal->drop_until(before[2].last_seq));
    MW_OK(bench.open());
    EXPECT_EQ(bench.journal->segments().front().first_seq, before[3].first_seq);
    EXPECT_EQ(bench.journal->last_seq(), 10u);
    if (!failed) {
      EXPECT_EQ(nth, 5) << "two removals and two syncs";
      break;
    }
  }
}

TEST(Journal, FourThreadsShareSyncs) {
  TempFolder folder;
  const auto real = system_files();
  std::atomic<int> syncs{0};
  const auto files = faulty_files(*real, [&](std::string_view op, const std::string&, std::size_t*) {
    if (op == "sync") ++syncs;
    for (int i = 0; op == "sync" && i < 20; ++i) std::this_thread::yield();  // a disk takes its time too
    return Status{};
  });
  Bench bench(*files, folder.path());
  MW_OK(bench.open());
  syncs = 0;
  constexpr int kEach = 200;
  std::vector<std::thread> threads;
  std::atomic<int> failed{0};
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&, t] {
      std::uint64_t last = 0;
      for (int n = 0; n < kEach; ++n) {
        Batch batch = some_batch(t * 1000 + n);
        if (!bench.journal->append(batch).ok() || batch.seq <= last) ++failed;
        last = batch.seq;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(failed, 0);
  ASSERT_EQ(bench.applied.size(), 4u * kEach);
  for (std::size_t i = 0; i < bench.applied.size(); ++i)
    ASSERT_EQ(bench.applied[i], i + 1) << "applied in order";
  EXPECT_LT(syncs.load(), 4 * kEach) << "no sync was shared";
  MW_OK(bench.open());
  EXPECT_EQ(bench.read.size(), 4u * kEach);
}

TEST(Journal, FailedSyncStopsAllWritesAndIsNotTriedAgain) {
  TempFolder folder;
  const auto real = system_files();
  int syncs = 0;
  bool fail = false;
  const auto files =
      faulty_files(*real, [&](std::string_view op, const std::string& path, std::size_t*) -> Status {
        if (op != "sync") return {};
        ++syncs;
        if (fail) return Error{Errc::unavailable, "cannot sync: Input/output error", path};
        return {};
      });
  Bench bench(*files, folder.path());
  MW_OK(bench.open());
  Batch first = some_batch(1);
  MW_OK(bench.journal->append(first));
  fail = true;
  Batch second = some_batch(2);
  set_log_level(LogLevel::off);
  EXPECT_FALSE(bench.journal->append(second).ok());
  set_log_level(LogLevel::info);
  fail = false;
  const int so_far = syncs;
  Batch third = some_batch(3);
  EXPECT_FALSE(bench.journal->append(third).ok());
  EXPECT_EQ(syncs, so_far);
  ASSERT_FALSE(bench.journal->healthy().ok());
  EXPECT_NE(bench.journal->healthy().error().message.find("until restarted"), std::string::npos);
  EXPECT_EQ(bench.applied, (std::vector<std::uint64_t>{1}));
  MW_OK(bench.open());
  ASSERT_GE(bench.read.size(), 1u);
  EXPECT_TRUE(same(bench.read[0], first));
}

TEST(Journal, GoesOnWhenAFullDiskHasRoomAgain) {
  TempFolder folder;
  const auto real = system_files();
  std::size_t room = 1'000'000;
  const auto files =
      faulty_files(*real, [&](std::string_view op, const std::string& path, std::size_t* bytes) -> Status {
        if (op != "append" || *bytes <= room) return {};
        *bytes = room;  // a part of it is written
        return disk_full(path);
      });
  for (std::size_t part = 0; part < 60; part += 7) {
    SCOPED_TRACE("room for " + std::to_string(part));
    Bench bench(*files, folder / std::to_string(part));
    MW_OK(bench.open());
    bench.pending = {{1, "1401", "A"}};
    room = part;
    Batch batch = some_batch(1);
    const Status full = bench.journal->append(batch);
    ASSERT_FALSE(full.ok());
    EXPECT_TRUE(is_disk_full(full.error()));
    MW_OK(bench.journal->healthy());
    EXPECT_EQ(bench.journal->last_seq(), 0u);
    EXPECT_EQ(bench.pending.size(), 1u) << "the name is still to be written";
    room = 1'000'000;
    MW_OK(bench.journal->append(batch));
    EXPECT_EQ(batch.seq, 1u);
    MW_OK(bench.open());
    ASSERT_EQ(bench.read.size(), 1u);
    EXPECT_EQ(bench.names.size(), 1u);
  }
}

}  // namespace
}  // namespace mineward::history
