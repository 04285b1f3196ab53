#include "app/control.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>

namespace mineward::app {
namespace {

class Control : public testing::Test {
 protected:
  void SetUp() override {
    char pattern[] = "/tmp/mw-control-XXXXXX";
    root_ = mkdtemp(pattern);
  }
  void TearDown() override { std::filesystem::remove_all(root_); }
  std::string root_;
};

TEST_F(Control, AnswersAndHandsErrorsBack) {
  std::string heard;
  const auto socket = open_control_socket(root_ + "/s", [&](const std::string& request) -> Status {
    heard = request;
    if (request == "fail") return corrupt("line one\nline two", "block 7");
    return {};
  });
  ASSERT_TRUE(socket.ok());
  struct stat info {};
  ASSERT_EQ(stat((root_ + "/s").c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0600u) << "only the owner may ask";
  const auto good = ask_node(root_ + "/s", "backup /a b");
  ASSERT_TRUE(good && good->ok());
  EXPECT_EQ(heard, "backup /a b");
  const auto bad = ask_node(root_ + "/s", "fail");
  ASSERT_TRUE(bad && !bad->ok());
  EXPECT_EQ(bad->error().code, Errc::corrupt);
  EXPECT_EQ(bad->error().message, "block 7: line one line two");
}

TEST_F(Control, NobodyListens) {
  EXPECT_FALSE(ask_node(root_ + "/none", "x").has_value());
  {
    const auto socket = open_control_socket(root_ + "/s", [](const std::string&) -> Status { return {}; });
  }
  EXPECT_FALSE(ask_node(root_ + "/s", "x").has_value());
}

}  // namespace
}  // namespace mineward::app
