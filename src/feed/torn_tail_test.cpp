/// \file A journal of real uploads, cut at every byte as a power loss may leave it, opened by history and
/// intake together.
#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "base/log.h"
#include "feed/intake_testing.h"

namespace mineward::feed {
namespace {

class TornTail : public IntakeTest {
 protected:
  static constexpr int kUploads = 8;
  const std::string point = "620823009203MN0001";

  /// Number 1 defines the point, the others measure; number 5 also measures a point that nobody defined.
  Receipt upload_number(int n) {
    const std::string time =
        format_beijing(parse_beijing_time("2026-09-23 08:00:00")->utc_ms + (n - 8) * 30'000);
    if (n == 1) return send("CDDY", time, point_line(point));
    const std::string unknown = n == 5 ? sample_line(point + "9", "0.40", time) : "";
    return send("CDSS", time, sample_line(point, "0." + std::to_string(n) + "1", time) + unknown);
  }
  static std::size_t samples_after(int uploads) {
    return uploads > 1 ? static_cast<std::size_t>(uploads) - 1 : 0;
  }

  std::string journal_of(const std::string& where) {
    return where + "/history/journal/00000000000000000001.journal";
  }
  std::string snapshot(int uploads) const { return whole + "/records." + std::to_string(uploads); }

  std::string whole;
};

TEST_F(TornTail, CutAtAnyByteLeavesExactlyTheWholeUploads) {
  const char* text = std::getenv("MW_CUT_EVERY");
  const std::size_t every = text ? static_cast<std::size_t>(std::max(1, std::atoi(text))) : 23;
  whole = folder;
  std::vector<std::size_t> ends{std::filesystem::file_size(journal_of(whole))};
  ASSERT_TRUE(database->backup_to(snapshot(0)).ok());
  for (int n = 1; n <= kUploads; ++n) {
    const Receipt receipt = upload_number(n);
    ASSERT_TRUE(receipt.verdict == Verdict::accepted) << receipt.message;
    ends.push_back(std::filesystem::file_size(journal_of(whole)));
    ASSERT_TRUE(database->backup_to(snapshot(n)).ok());
  }
  intake.reset();
  history.reset();
  store.reset();
  database.reset();
  set_log_level(LogLevel::off);
  int cuts = 0;
  for (std::size_t size = 0; size <= ends.back(); size += every) {
    int kept = 0;
    while (kept < kUploads && ends[static_cast<std::size_t>(kept) + 1] <= size) ++kept;
    // The records may know all of what is whole, or less: they are written after the journal.
    for (const int behind : {0, 3}) {
      SCOPED_TRACE(testing::Message() << "cut at " << size << ", records " << behind << " uploads behind");
      folder = whole + "/run";
      std::filesystem::remove_all(folder);
      std::filesystem::create_directories(folder);
      std::filesystem::copy(whole + "/history", folder + "/history",
                            std::filesystem::copy_options::recursive);
      std::filesystem::resize_file(journal_of(folder), size);
      std::filesystem::copy(snapshot(std::max(0, kept - behind)), folder + "/records.db");
      reopen();
      ASSERT_EQ(ledger().size(), static_cast<std::size_t>(kept));
      ASSERT_EQ(samples(point).size(), samples_after(kept));
      ASSERT_EQ(scalar("SELECT count(*) FROM upload_quarantine"), kept >= 5 ? 1 : 0);
      // The mine sends again what was never acknowledged, and all is as if nothing had been.
      for (int n = kept + 1; n <= kUploads; ++n) {
        const Receipt again = upload_number(n);
        ASSERT_TRUE(again.verdict == Verdict::accepted) << again.message;
        ASSERT_EQ(again.seq, static_cast<std::uint64_t>(n));
      }
      ASSERT_EQ(upload_number(kUploads).verdict, Verdict::duplicate);
      ASSERT_EQ(samples(point).size(), samples_after(kUploads));
      ASSERT_TRUE(history->verify().ok());
      ++cuts;
      intake.reset();
      history.reset();
      store.reset();
      database.reset();
    }
  }
  folder = whole;
  set_log_level(LogLevel::info);
  std::printf("torn tails: %d cuts of a journal of %d uploads (%zu bytes), opened by history and intake\n",
              cuts, kUploads, ends.back());
}

// A disk that lied about a sync, or records and samples of different backups: numbers would be given twice.
TEST_F(TornTail, RecordsThatKnowMoreThanTheJournalStopTheStart) {
  for (int n = 1; n <= 4; ++n) ASSERT_TRUE(upload_number(n).verdict == Verdict::accepted);
  intake.reset();
  history.reset();
  const std::string path = journal_of(folder);
  std::filesystem::resize_file(path, std::filesystem::file_size(path) - 1);
  set_log_level(LogLevel::off);
  history = *history::open_history(*files, {.folder = folder + "/history"});
  intake = *open_intake(test_catalog(), *store, *history, clock, sink, {});
  const Status recovered = intake->recover();
  set_log_level(LogLevel::info);
  ASSERT_FALSE(recovered.ok());
  EXPECT_EQ(recovered.error().code, Errc::corrupt);
  EXPECT_NE(recovered.error().message.find("records know upload 4"), std::string::npos)
      << recovered.error().text();
}

// While one file of a mine is not taken, its later files wait too: overtaken it would be stale and raise
// nothing.
class RefusingIntake final : public Intake {
 public:
  Receipt accept(const Upload& upload) override {
    offered.push_back(upload.name);
    Receipt receipt;
    receipt.verdict = refused.contains(upload.name) ? Verdict::waiting : Verdict::accepted;
    if (receipt.verdict == Verdict::waiting) receipt.code = code;
    return receipt;
  }
  Status recover() override { return {}; }
  Status tick() override { return {}; }
  std::set<std::string> refused;
  std::string code;
  std::vector<std::string> offered;
};

TEST_F(TornTail, InTheDropFolderNoFileOvertakesOneOfItsMineThatWaits) {
  RefusingIntake refusing;
  const auto drop = *open_drop_folder(*files, clock, refusing, folder + "/drop");
  const std::vector<std::string> names = {"1_CDSS_20260112080000.txt", "1_CDSS_20260112080030.txt",
                                          "2_CDSS_20260112080000.txt"};
  for (const std::string& name : names) std::ofstream(folder + "/drop/incoming/" + name) << "x";
  refusing.refused = {names[0]};
  ASSERT_TRUE(drop->scan().ok());
  ASSERT_TRUE(drop->scan().ok());
  EXPECT_EQ(refusing.offered, (std::vector<std::string>{names[0], names[2]}));
  refusing.offered.clear();
  refusing.refused.clear();
  EXPECT_EQ(*drop->scan(), 2);
  EXPECT_EQ(refusing.offered, (std::vector<std::string>{names[0], names[1]}));

  for (const std::string& name : names) std::ofstream(folder + "/drop/incoming/" + name) << "y";
  refusing.offered.clear();
  refusing.refused = {names[0]};
  refusing.code = "E_TERM";  // not finished yet: it holds up nobody
  ASSERT_TRUE(drop->scan().ok());
  ASSERT_TRUE(drop->scan().ok());
  EXPECT_EQ(refusing.offered, names);
}

}  // namespace
}  // namespace mineward::feed
