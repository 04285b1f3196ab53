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

// Names, headers, sums, the manifest, the seal: there is no byte that may change.
TEST_F(Archive, FindsAFlippedBitInEveryByte) {
  std::string noise(700, '\0');
  seeded_random(10)->fill({reinterpret_cast<std::uint8_t*>(noise.data()), noise.size()});
  put("a", noise);
  put("deep/b", "text");
  ASSERT_TRUE(pack().ok());
  const std::string whole = *files_->read(root_ + "/a.mwb");
  const std::string path = root_ + "/bad.mwb";
  int flips = 0;
  for (std::size_t at = 0; at < whole.size(); ++at) {
    for (const int bit : {0, 3, 7}) {
      std::string bad = whole;
      bad[at] = static_cast<char>(bad[at] ^ (1 << bit));
      ASSERT_TRUE((*files_->create(path))->append(bad).ok());
      ASSERT_FALSE(read_archive(*files_, path, root_ + "/out").ok()) << "byte " << at << ", bit " << bit;
      ASSERT_FALSE(files_->exists(root_ + "/out"));
      ++flips;
    }
  }
  for (std::size_t keep = 0; keep < whole.size(); ++keep) {
    ASSERT_TRUE((*files_->create(path))->append(std::string_view(whole).substr(0, keep)).ok());
    ASSERT_FALSE(read_archive(*files_, path, root_ + "/out").ok()) << "cut at " << keep;
  }
  std::printf("flips: %d in %zu bytes of a backup, all refused; %zu cuts, all refused\n", flips, whole.size(),
              whole.size());
  ASSERT_TRUE(unpack().ok()) << "the untouched one";
}

}  // namespace
}  // namespace mineward::app
