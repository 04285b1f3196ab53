#include <gtest/gtest.h>

#include "base/power_loss_testing.h"

namespace mineward {
namespace {

// The model of the disk itself: what was synced stays, the rest depends.
TEST(PowerLoss, TakesWhatWasNotSynced) {
  const auto left = [](bool sync, bool sync_name, Leaves leaves) -> std::string {
    PowerLossFiles disk;
    auto file = disk.create("d/f");
    EXPECT_TRUE(file && (*file)->append("1234").ok());
    const bool done = (!sync || (*file)->sync().ok()) && (!sync_name || disk.sync_folder("d").ok());
    EXPECT_TRUE(done);
    EXPECT_TRUE((*file)->append("5678").ok());
    disk.lose_power(leaves);
    const auto found = disk.read("d/f");
    return found ? *found : "(no file)";
  };
  EXPECT_EQ(left(true, true, Leaves::nothing), "1234");
  EXPECT_EQ(left(true, false, Leaves::nothing), "(no file)");
  EXPECT_EQ(left(false, true, Leaves::nothing), "");
  EXPECT_EQ(left(true, false, Leaves::names_only), "1234");
  EXPECT_EQ(left(false, false, Leaves::names_only), "");
  EXPECT_EQ(left(true, true, Leaves::half), "123456");
  EXPECT_EQ(left(true, false, Leaves::half_no_names), "(no file)");
  EXPECT_EQ(left(true, false, Leaves::zeros), std::string("1234\0\0\0\0", 8));
}

// Whenever the power goes, a reader finds the old content or the new one, and the new one once the call
// returned.
TEST(PowerLoss, AtomicWritesAreOldOrNewWheneverThePowerGoes) {
  int cases = 0;
  for (const Leaves leaves : kAllLeaves) {
    bool through = false;
    for (int operations = 0; !through; ++operations) {
      PowerLossFiles disk;
      ASSERT_TRUE(write_atomically(disk, "d/f", "the old content").ok());
      disk.fail_after(disk.operations() + operations);
      through = write_atomically(disk, "d/f", "what is new").ok();
      disk.lose_power(leaves);
      const auto found = disk.read("d/f");
      ASSERT_TRUE(found) << "after " << operations << " operations";
      if (through) {
        EXPECT_EQ(*found, "what is new");
      } else {
        EXPECT_TRUE(*found == "the old content" || *found == "what is new") << *found;
      }
      ASSERT_TRUE(write_atomically(disk, "d/f", "and on").ok());
      ++cases;
      ASSERT_LT(operations, 20);
    }
  }
  std::printf("power losses: %d of atomic writes, old or new each time\n", cases);
  EXPECT_EQ(cases, 30) << "create, append, sync, rename, sync of the folder; and none";
}

}  // namespace
}  // namespace mineward
