#include "app/archive.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

#include "base/random.h"

namespace mineward::app {
namespace {

using testing::HasSubstr;

class Archive : public testing::Test {
 protected:
  void SetUp() override {
    char pattern[] = "/tmp/mw-archive-XXXXXX";
    root_ = mkdtemp(pattern);
    ASSERT_TRUE(files_->make_folders(root_ + "/in/deep").ok());
  }
  void TearDown() override { std::filesystem::remove_all(root_); }
  void put(const std::string& name, const std::string& bytes) {
    ASSERT_TRUE(write_atomically(*files_, root_ + "/in/" + name, bytes).ok());
  }
  Status pack() { return write_archive(*files_, root_ + "/in", root_ + "/a.mwb", {{"node", "test"}}); }
  Status unpack() { return read_archive(*files_, root_ + "/a.mwb", root_ + "/out"); }

  std::unique_ptr<Files> files_ = system_files();
  std::string root_;
};

TEST_F(Archive, GivesBackEveryByte) {
  std::string large(9u << 20, '\0');
  seeded_random(7)->fill({reinterpret_cast<std::uint8_t*>(large.data()), large.size()});
  put("large", large);
  put("deep/small", "x");
  put("empty", "");
  ASSERT_TRUE(pack().ok());
  const Status back = unpack();
  ASSERT_TRUE(back.ok()) << back.error().text();
  EXPECT_EQ(*files_->read(root_ + "/out/large"), large);
  EXPECT_EQ(*files_->read(root_ + "/out/deep/small"), "x");
  EXPECT_EQ(*files_->read(root_ + "/out/empty"), "");
  EXPECT_FALSE(files_->exists(root_ + "/out/manifest.json"));
}

TEST_F(Archive, RefusesToOverwrite) {
  put("a", "1");
  ASSERT_TRUE(pack().ok());
  EXPECT_EQ(pack().error().code, Errc::conflict);
  ASSERT_TRUE(unpack().ok());
  EXPECT_EQ(unpack().error().code, Errc::conflict);
}

TEST_F(Archive, FindsACutFileAndLeavesNothingUnderTheName) {
  std::string noise(300000, '\0');
  seeded_random(8)->fill({reinterpret_cast<std::uint8_t*>(noise.data()), noise.size()});
  put("a", noise);
  ASSERT_TRUE(pack().ok());
  const std::string whole = *files_->read(root_ + "/a.mwb");
  for (const std::size_t keep : {std::size_t{0}, std::size_t{10}, whole.size() / 2, whole.size() - 40}) {
    SCOPED_TRACE(keep);
    ASSERT_TRUE(write_atomically(*files_, root_ + "/a.mwb", whole.substr(0, keep)).ok());
    EXPECT_FALSE(unpack().ok());
    EXPECT_FALSE(files_->exists(root_ + "/out"));
    std::filesystem::remove_all(root_ + "/out.restoring");
  }
}

TEST_F(Archive, FindsAFlippedByte) {
  std::string noise(300000, '\0');
  seeded_random(9)->fill({reinterpret_cast<std::uint8_t*>(noise.data()), noise.size()});
  put("a", noise);
  ASSERT_TRUE(pack().ok());
  std::string bytes = *files_->read(root_ + "/a.mwb");
  bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 1);
  ASSERT_TRUE(write_atomically(*files_, root_ + "/a.mwb", bytes).ok());
  EXPECT_FALSE(unpack().ok());
}

}  // namespace
}  // namespace mineward::app
