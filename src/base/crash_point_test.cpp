#include "base/crash_point.h"

#include <gtest/gtest.h>

#include <set>

namespace mineward {
namespace {

TEST(CrashPoint, EveryPlaceHasANameOfItsOwn) {
  std::set<CrashPoint> points;
  std::set<std::string_view> names;
  for (const CrashPointName& known : crash_points()) {
    points.insert(known.point);
    names.insert(known.name);
    EXPECT_FALSE(known.where.empty()) << known.name;
  }
  EXPECT_EQ(points.size(), crash_points().size());
  EXPECT_EQ(names.size(), crash_points().size());
  EXPECT_EQ(points.size(), static_cast<std::size_t>(CrashPoint::restore_renamed))
      << "one is not in the table";
}

TEST(CrashPoint, NonsenseArmsNothing) {
  for (const char* text : {"journal", "journal_before_write:0", "journal_before_write:x", "none", ":1"}) {
    const Status armed = arm_crash_point(text);
    EXPECT_FALSE(armed.ok()) << text;
  }
  EXPECT_TRUE(arm_crash_point("").ok());
  for (const CrashPointName& known : crash_points()) crash_point(known.point);  // still alive
}

using CrashPointDeathTest = testing::Test;
TEST(CrashPointDeathTest, KillsAtTheNamedPassAndNotBefore) {
  EXPECT_EXIT(
      {
        if (!arm_crash_point("drop_taken_not_moved:3").ok()) _exit(1);
        crash_point(CrashPoint::drop_taken_not_moved);
        crash_point(CrashPoint::drop_moved_not_synced);
        crash_point(CrashPoint::drop_taken_not_moved);
        fprintf(stderr, "two passes are overcrash point drop_taken_not_moved: killed");
        crash_point(CrashPoint::drop_taken_not_moved);
        _exit(0);
      },
      testing::KilledBySignal(SIGKILL), "two passes are overcrash point drop_taken_not_moved: killed");
}

}  // namespace
}  // namespace mineward
