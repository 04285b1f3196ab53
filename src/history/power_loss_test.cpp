/// \file The journal on a disk that loses its power: what was not synced may be gone.
#include <gtest/gtest.h>

#include <cstdlib>
#include <set>

#include "base/power_loss_testing.h"
#include "history/journal.h"
#include "history/testing.h"

namespace mineward::history {
namespace {

Batch some_batch(int n) {
  Batch batch;
  batch.mine = "1401";
  batch.file_name = "f" + std::to_string(n);
  batch.sha256 = sha256_hex(batch.file_name);
  batch.file_type = "CDSS";
  batch.arrived = {1768176000000 + n * 1000};
  batch.header_time = {1768176000000 + n * 1000};
  for (int i = 0; i < 3; ++i)
    batch.rows.push_back({static_cast<PointKey>(1 + i), {batch.header_time, n + i * 0.01, 0}});
  return batch;
}

struct Found {
  std::unique_ptr<Journal> journal;
  std::vector<Batch> batches;
};
Result<Found> open(Files& files) {
  Found found;
  MW_ASSIGN(found.journal, Journal::open(files, "journal",
                                         {[](std::vector<PointName>) { return Status{}; },
                                          [&](Batch batch) {
                                            found.batches.push_back(std::move(batch));
                                            return Status{};
                                          }},
                                         {[] { return std::vector<PointName>{}; },
                                          [](std::span<const PointName>) {}, [](const Batch&) {}},
                                         300));
  return found;
}

/// Three lives of the journal, each appends and goes on after errors. Tells what was acknowledged.
std::set<std::string> script(Files& files) {
  std::set<std::string> done;
  int n = 0;
  for (int life = 0; life < 3; ++life) {
    auto opened = open(files);
    if (!opened) return done;
    for (int i = 0; i < 8; ++i) {
      Batch batch = some_batch(++n);
      if (opened->journal->append(batch).ok()) done.insert(batch.file_name);
      if (i == 5) (void)opened->journal->rotate();
    }
  }
  return done;
}

// Every operation, every way in which unsynced bytes and names may be lost, and a second loss during the
// repair.
TEST(JournalPowerLoss, NothingAcknowledgedIsLostWheneverThePowerGoes) {
  set_log_level(LogLevel::off);
  int cases = 0;
  for (const Leaves leaves : kAllLeaves) {
    bool reached = true;
    for (int operation = 1; reached; ++operation) {
      for (const int again :
           {0, 1, 2, 3, 4}) {  // the power goes once more so many operations into the next start
        SCOPED_TRACE(testing::Message() << "after operation " << operation << ", leaves "
                                        << static_cast<int>(leaves) << ", again " << again);
        PowerLossFiles disk;
        disk.fail_after(operation);
        const std::set<std::string> done = script(disk);
        reached = disk.is_off();
        disk.lose_power(leaves);
        if (again > 0) {
          disk.fail_after(again);
          (void)open(disk);
          disk.lose_power(leaves);
        }
        auto opened = open(disk);
        ASSERT_TRUE(opened) << opened.error().text();
        std::set<std::string> found;
        for (const Batch& batch : opened->batches) {
          const Batch want = some_batch(std::stoi(batch.file_name.substr(1)));
          ASSERT_EQ(batch.sha256, want.sha256);
          ASSERT_EQ(batch.rows.size(), want.rows.size());
          for (std::size_t i = 0; i < want.rows.size(); ++i)
            ASSERT_EQ(batch.rows[i].sample, want.rows[i].sample);
          EXPECT_TRUE(found.insert(batch.file_name).second) << batch.file_name << " is there twice";
        }
        for (const std::string& name : done) ASSERT_TRUE(found.contains(name)) << name << " was acknowledged";
        Batch next = some_batch(99);
        ASSERT_TRUE(opened->journal->append(next).ok());
        ++cases;
      }
      ASSERT_LT(operation, 1000);
    }
  }
  EXPECT_GT(cases, 1500);
  std::printf("power losses: %d of the journal, nothing acknowledged missing\n", cases);
  set_log_level(LogLevel::info);
}

}  // namespace
}  // namespace mineward::history
