// Damage of the files that a person did not look at for months: it is found, named, and does not spread.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sqlite3.h>

#include "history/block_files.h"
#include "history/bytes.h"
#include "history/statistics.h"
#include "history/store_testing.h"

namespace mineward::history {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

/// Runs SQL past the store, as a disk or a person may change its files.
void change(const std::string& path, const std::string& sql) {
  sqlite3* db = nullptr;
  ASSERT_EQ(sqlite3_open(path.c_str(), &db), SQLITE_OK);
  char* message = nullptr;
  EXPECT_EQ(sqlite3_exec(db, sql.c_str(), nullptr, nullptr, &message), SQLITE_OK) << (message ? message : "");
  EXPECT_GT(sqlite3_total_changes(db), 0) << sql;
  sqlite3_close(db);
}

class DamageTest : public StoreTest {
 protected:
  /// Four days of two points at 5 min, written out; the first two days are statistics only.
  void SetUp() override {
    options.raw_retention = 48h;
    StoreTest::SetUp();
    a = point("A");
    b = point("B");
    std::vector<Row> rows;
    for (int i = 0; i < 4 * 288; ++i) {
      rows.push_back({a, {kStart + i * 300s, i * 0.01, 0}});
      rows.push_back({b, {kStart + i * 300s, 1.5, 0}});
    }
    append(rows);
    MW_OK(store->flush());
  }
  std::string statistics() const { return options.folder + "/statistics/2026-01.sqlite"; }
  std::size_t buckets(PointKey key) {
    const auto got = store->buckets(key, kStart, kStart + 48h, 5min);
    return got ? got->size() : 0;
  }
  PointKey a = 0, b = 0;
};

TEST_F(DamageTest, OfStatisticsIsNamedAndOtherPointsStayReadable) {
  MW_OK(store->maintain(kStart + 96h));
  ASSERT_EQ(buckets(a), 576u);
  const std::string first_day = "WHERE point = 1 AND day = (SELECT min(day) FROM stat)";
  const struct {
    const char* why;
    std::string sql;
    const char* message;
  } cases[] = {
      {"a byte of the figures",
       "UPDATE stat SET body = CAST(substr(body, 1, 30) || x'55' || substr(body, 32) AS BLOB) " + first_day,
       "statistics sum is wrong"},
      {"cut short", "UPDATE stat SET body = substr(body, 1, 20) " + first_day, "statistics sum is wrong"},
      {"nothing left", "UPDATE stat SET body = x'' " + first_day, "statistics version"},
      {"of a later program", "UPDATE stat SET body = CAST(x'07' || substr(body, 2) AS BLOB) " + first_day,
       "statistics version 7, this program knows 1"},
      {"another point's row",
       "UPDATE stat SET body = (SELECT body FROM stat WHERE point = 2 LIMIT 1) " + first_day,
       "their row says point 1"},
  };
  const std::string good = read_text(statistics());
  for (const auto& c : cases) {
    SCOPED_TRACE(c.why);
    change(statistics(), c.sql);
    const auto damaged = store->buckets(a, kStart, kStart + 48h, 5min);
    ASSERT_FALSE(damaged.ok());
    EXPECT_EQ(damaged.error().code, Errc::corrupt);
    EXPECT_THAT(damaged.error().text(), HasSubstr(c.message));
    EXPECT_THAT(damaged.error().where, HasSubstr("point 1, day 2026-01-12 < "));
    EXPECT_EQ(buckets(b), 576u) << "the other point";
    const Status found = store->verify();
    ASSERT_FALSE(found.ok());
    EXPECT_THAT(found.error().text(), HasSubstr(c.message));
    MW_OK(write_atomically(*files, statistics(), good));
    MW_OK(store->verify());
  }
}

/// A right checksum over columns that cannot be: written by a faulty program, not by a disk.
TEST(StatisticsBytes, NonsenseWithARightSumIsRefused) {
  const std::vector<Sample> samples = {{kStart, 1.0, 0}, {kStart + 600s, 2.0, 4}};
  const std::int64_t day = kStart.utc_ms / 86'400'000;
  const std::string good = encode_statistics(3, day, slots_of(day, samples));
  MW_OK(decode_statistics(good, 3, day));
  int refused = 0;
  for (std::size_t at = 5; at < good.size(); ++at) {
    for (const char byte : {'\0', '\x01', '\x7f', '\xff'}) {
      std::string bad = good;
      bad[at] = byte;
      const std::uint32_t crc =
          crc32c(std::string_view(bad).substr(5), crc32c(std::string_view(bad).substr(0, 1)));
      std::memcpy(bad.data() + 1, &crc, sizeof crc);
      const auto slots = decode_statistics(bad, 3, day);  // an error or other figures, never a crash
      refused += slots.ok() ? 0 : 1;
    }
  }
  EXPECT_GT(refused, 50);
  for (std::size_t length = 0; length < good.size(); ++length) {
    std::string cut = good.substr(0, length);
    if (length >= 5) {
      const std::uint32_t crc =
          crc32c(std::string_view(cut).substr(5), crc32c(std::string_view(cut).substr(0, 1)));
      std::memcpy(cut.data() + 1, &crc, sizeof crc);
    }
    EXPECT_FALSE(decode_statistics(cut, 3, day).ok()) << length;
  }
}

/// A crash after the statistics were kept and before the day was dropped, and then late samples of that day.
TEST_F(DamageTest, StatisticsKeptTwiceTakeTheFullerSlot) {
  const auto opened = Statistics::open(*files, folder / "twice");
  MW_OK(opened);
  Statistics& kept = **opened;
  const std::int64_t day = kStart.utc_ms / 86'400'000;
  const auto slots = [&](std::vector<Sample> samples) { return slots_of(day, samples); };
  const std::vector<Sample> full = {{kStart, 1.0, 0}, {kStart + 10s, 2.0, 0}, {kStart + 20s, 3.0, 0}};
  const std::vector<Sample> later = {{kStart + 600s, 9.0, 0}};
  const std::vector<Sample> one = {{kStart + 10s, 7.0, 0}};
  const auto put = [&](std::vector<Slot> s) {
    const std::vector<Statistics::PointDay> days = {{5, std::move(s)}};
    return kept.store(day, days);
  };
  MW_OK(put(slots(full)));
  MW_OK(put(slots(one)));    // fewer samples of a slot that is there: stays as it was
  MW_OK(put(slots(later)));  // another slot: added
  std::vector<Slot> want = slots(full);
  want.push_back(slots(later)[0]);
  int days = 0;
  MW_OK(kept.read(5, day, day, [&](std::int64_t found_day, std::span<const Slot> found) {
    EXPECT_EQ(found_day, day);
    EXPECT_EQ(std::vector<Slot>(found.begin(), found.end()), want);
    ++days;
    return Status();
  }));
  EXPECT_EQ(days, 1);
}

TEST_F(DamageTest, ADayPastRetentionWhoseFileIsBrokenIsSetAsideAndTheRestGoesOn) {
  store.reset();
  const std::string path = options.folder + "/blocks/2026-01-12.sqlite";
  std::string bytes = read_text(path);
  for (std::size_t at = 4096; at < bytes.size(); ++at) bytes[at] = '\x5A';  // every page but the first
  open();
  {
    std::ofstream out(path, std::ios::binary);
    out << bytes;
  }
  MW_OK(store->maintain(kStart + 96h));
  EXPECT_FALSE(files->exists(path));
  EXPECT_EQ(read_text(path + ".damaged").size(), bytes.size()) << "kept for whoever wants to look";
  EXPECT_EQ(all(a).size(), 576u) << "the two days that are left";
  EXPECT_EQ(buckets(a), 288u) << "statistics of the day that was well";
  MW_OK(store->verify());
  open();
  EXPECT_EQ(all(a).size(), 576u);
}

TEST_F(DamageTest, ABlockFiledUnderAnotherTimeIsFoundByVerify) {
  store.reset();
  const std::string path = options.folder + "/blocks/2026-01-13.sqlite";
  change(path, "UPDATE block SET first = first + 1 WHERE point = 1");
  open();
  const Status found = store->verify();
  ASSERT_FALSE(found.ok());
  EXPECT_EQ(found.error().code, Errc::corrupt);
  EXPECT_THAT(found.error().text(), HasSubstr("block head says point 1 from 2026-01-13T"));
}

TEST_F(DamageTest, FilesOfALaterProgramAreNotOpened) {
  store.reset();
  const std::string blocks = options.folder + "/blocks/2026-01-13.sqlite";
  change(blocks, "UPDATE meta SET value = 2 WHERE name = 'format'");
  auto opened = open_history(*files, options);
  ASSERT_FALSE(opened.ok());
  EXPECT_EQ(opened.error().code, Errc::corrupt);
  EXPECT_THAT(opened.error().text(), HasSubstr("block file format 2, this program knows 1"));
  EXPECT_THAT(opened.error().where, HasSubstr("2026-01-13.sqlite"));
  change(blocks, "UPDATE meta SET value = 1 WHERE name = 'format'");
  change(options.folder + "/index.sqlite", "UPDATE mark SET value = 9 WHERE name = 'format'");
  opened = open_history(*files, options);
  ASSERT_FALSE(opened.ok());
  EXPECT_EQ(opened.error().code, Errc::corrupt);
  EXPECT_THAT(opened.error().text(), HasSubstr("index format 9, this program knows 1"));
}

TEST_F(DamageTest, ABatchOfAPointWithoutNameStopsTheStart) {
  MW_OK(store->release(store->last_seq()));
  MW_OK(store->flush());  // cuts the journal: the index alone has the name now
  append({{a, {kStart + 100h, 1.0, 0}}});
  store.reset();
  change(options.folder + "/index.sqlite", "DELETE FROM point");
  const auto opened = open_history(*files, options);
  ASSERT_FALSE(opened.ok());
  EXPECT_EQ(opened.error().code, Errc::corrupt);
  EXPECT_THAT(opened.error().text(), HasSubstr("has point 1, which has no name"));
}

/// docs/formats/journal.md: keys end at 2^22 - 1. The store opens with the last one, makes none behind it,
/// and does not open with one behind it.
TEST_F(DamageTest, PointKeysEndWhereTheFormatSays) {
  point("C");
  append({{a, {kStart + 100h, 1.0, 0}}});
  MW_OK(store->release(store->last_seq()));
  MW_OK(store->flush());  // cuts the journal: the index alone has the names now
  store.reset();
  change(options.folder + "/index.sqlite", "UPDATE point SET key = 4194303 WHERE code = 'C'");
  open();
  ASSERT_TRUE(store);
  EXPECT_EQ(point("C"), 4194303u);
  const auto more = store->point("1401", "D");
  ASSERT_FALSE(more.ok()) << *more;
  EXPECT_EQ(more.error().code, Errc::too_large);
  EXPECT_EQ(more.error().message, "mine 1401 point D is one point too many: a store holds 4194303");
  store.reset();
  change(options.folder + "/index.sqlite", "UPDATE point SET key = 4194304 WHERE code = 'C'");
  const auto opened = open_history(*files, options);
  ASSERT_FALSE(opened.ok());
  EXPECT_EQ(opened.error().code, Errc::corrupt);
  EXPECT_THAT(opened.error().text(), HasSubstr("impossible key 4194304"));
}

TEST_F(DamageTest, OptionsOutOfBoundsAreRefused) {
  store.reset();
  for (const std::size_t size : {std::size_t{0}, std::size_t{1}, std::size_t{1} << 40}) {
    options.block_samples = size;
    const auto opened = open_history(*files, options);
    ASSERT_FALSE(opened.ok()) << size;
    EXPECT_EQ(opened.error().code, Errc::bad_input);
    EXPECT_THAT(opened.error().text(), HasSubstr("block_samples"));
  }
}

/// More days than files are held open: the one that was used longest ago is closed and read again.
TEST_F(DamageTest, ManyDaysAreReadThroughFewOpenFiles) {
  options.raw_retention = 24h * 400;
  open();
  std::vector<Row> rows;
  for (int day = 0; day < 90; ++day) rows.push_back({a, {kStart + day * 24h + 1s, day * 1.0, 0}});
  append(rows, "many days");
  MW_OK(store->flush());
  for (int round = 0; round < 2; ++round) {
    for (int day = 5; day < 90; ++day) {
      const auto got = store->range(a, kStart + day * 24h, kStart + (day + 1) * 24h, 10);
      MW_OK(got);
      ASSERT_EQ(got->size(), 1u) << day;
      EXPECT_EQ(got->front().value, day * 1.0);
    }
  }
}

}  // namespace
}  // namespace mineward::history
