#include <gmock/gmock.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "feed/intake_testing.h"

namespace mineward::feed {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::UnorderedElementsAre;

class Drop : public IntakeTest {
 protected:
  void SetUp() override {
    IntakeTest::SetUp();
    root = folder + "/drop";
    auto made = open_drop_folder(*files, clock, *intake, root);
    EXPECT_TRUE(made);
    drop = *std::move(made);
  }
  void put(const std::string& name, const std::string& text) {
    fs::create_directories(fs::path(root + "/incoming/" + name).parent_path());
    std::ofstream(root + "/incoming/" + name) << text;
  }
  int scan() {
    const auto taken = drop->scan();
    EXPECT_TRUE(taken) << (taken ? "" : taken.error().text());
    return taken ? *taken : -1;
  }
  std::vector<std::string> names(const std::string& below) {
    std::vector<std::string> out;
    for (const auto& entry : fs::directory_iterator(root + "/" + below))
      out.push_back(entry.path().filename());
    return out;
  }
  std::string content(const std::string& path) {
    std::ifstream in(root + "/" + path);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  const std::string name = name_for("CDSS", "2026-09-23 08:00:00");
  const std::string good = head("2026-09-23 08:00:00") +
                           sample_line("62082300920301MN00010001A01", "0.4", "2026-09-23 08:00:00") + "||";
  std::string root;
  std::unique_ptr<DropFolder> drop;
};

TEST_F(Drop, AStableFileGoesToDone) {
  put(name, good);
  EXPECT_EQ(scan(), 0) << "seen once is not stable";
  EXPECT_EQ(scan(), 1);
  EXPECT_THAT(names("done"), UnorderedElementsAre(name));
  EXPECT_THAT(names("incoming"), UnorderedElementsAre());
  EXPECT_EQ(ledger().at(0).origin, "drop");
  EXPECT_EQ(scan(), 0);
}

TEST_F(Drop, AFileThatGrowsIsLeftAlone) {
  put(name, good.substr(0, 20));
  scan();
  put(name, good.substr(0, 40));
  EXPECT_EQ(scan(), 0);
  put(name, good);
  EXPECT_EQ(scan(), 0);
  EXPECT_EQ(scan(), 1);
  EXPECT_THAT(names("done"), UnorderedElementsAre(name));
}

TEST_F(Drop, WithoutTerminatorItWaitsTenMinutes) {
  put(name, good.substr(0, good.size() - 2));
  scan();
  EXPECT_EQ(scan(), 0);
  clock.advance(std::chrono::seconds(599));
  EXPECT_EQ(scan(), 0);
  EXPECT_TRUE(ledger().empty()) << "waiting is no event";
  clock.set(clock.now() + std::chrono::hours(24));
  EXPECT_EQ(scan(), 0) << "ten minutes of waiting, not of a clock that was set";
  clock.set(clock.now() - std::chrono::hours(25));
  clock.advance(std::chrono::seconds(1));
  EXPECT_EQ(scan(), 1);
  EXPECT_THAT(names("rejected"), UnorderedElementsAre(name, name + ".reason.txt"));
  EXPECT_THAT(content("rejected/" + name + ".reason.txt"),
              HasSubstr(name + ":0:0: E_TERM found no file end"));
}

TEST_F(Drop, NamesThatExistGetANumber) {
  for (int i = 0; i < 3; ++i) {
    put(name, good);
    scan();
    scan();
  }
  const std::string stem = name.substr(0, name.size() - 4);
  EXPECT_THAT(names("done"), UnorderedElementsAre(name, stem + ".2.txt", stem + ".3.txt"));
  EXPECT_EQ(ledger().at(0).verdict, "duplicate");
}

TEST_F(Drop, FoldersAreWalkedLinksAndOtherFilesIgnored) {
  put("aqjk/" + name, good);
  put("readme.md", "x");
  std::ofstream(root + "/secret") << good;
  fs::create_symlink(root + "/secret", root + "/incoming/" + name_for("CDSS", "2026-09-23 08:00:01"));
  fs::create_symlink(root, root + "/incoming/loop");
  scan();
  EXPECT_EQ(scan(), 1);
  EXPECT_THAT(names("done"), UnorderedElementsAre(name));
  EXPECT_THAT(names("incoming"),
              UnorderedElementsAre("aqjk", "readme.md", "loop", name_for("CDSS", "2026-09-23 08:00:01")));
}

TEST_F(Drop, AFileThatCannotBeMovedIsTakenOnce) {
  bool stuck = true;
  auto faulty =
      faulty_files(*files, [&](std::string_view operation, const std::string&, std::size_t*) -> Status {
        if (stuck && operation == "rename") return unavailable("read-only");
        return {};
      });
  drop = *open_drop_folder(*faulty, clock, *intake, root);
  put(name, good);
  scan();
  EXPECT_EQ(scan(), 1);
  EXPECT_EQ(scan(), 0);
  EXPECT_EQ(scan(), 0);
  EXPECT_EQ(ledger().size(), 1u);
  EXPECT_THAT(names("incoming"), UnorderedElementsAre(name));
  stuck = false;
  EXPECT_EQ(scan(), 0);
  EXPECT_THAT(names("done"), UnorderedElementsAre(name));
  drop.reset();
}

TEST_F(Drop, AnUnknownMineIsRejectedWithAReason) {
  const std::string other = name_for("CDSS", "2026-09-23 08:00:00", "999999999999");
  put(other, head("2026-09-23 08:00:00", "999999999999") + "A;a;b;1;u;0;2026-09-23 08:00:00~||");
  scan();
  EXPECT_EQ(scan(), 1);
  EXPECT_THAT(content("rejected/" + other + ".reason.txt"), HasSubstr("E_MINE"));
}

}  // namespace
}  // namespace mineward::feed
