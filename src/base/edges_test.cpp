// What the operating system refuses, and what a log line must not let through.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>

#include "base/files.h"
#include "base/json.h"
#include "base/log.h"
#include "base/text.h"

namespace mineward {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(Errors, EachCodeHasAName) {
  const struct {
    Errc code;
    const char* name;
  } cases[] = {{Errc::bad_input, "bad_input"},
               {Errc::not_found, "not_found"},
               {Errc::conflict, "conflict"},
               {Errc::forbidden, "forbidden"},
               {Errc::unauthenticated, "unauthenticated"},
               {Errc::unavailable, "unavailable"},
               {Errc::corrupt, "corrupt"},
               {Errc::too_large, "too_large"}};
  for (const auto& c : cases) EXPECT_EQ(name_of(c.code), c.name);
}

/// What arrives from outside (file names, notes) must not be able to write a log line of its own.
TEST(Log, AValueCannotForgeALineOrAField) {
  testing::internal::CaptureStderr();
  log(LogLevel::warning, "upload.refused",
      {{"name", "a.txt\n2026-01-12T00:00:00 E forged=1"},
       {"note", "x\r\"y\\ z"},
       {"empty", ""},
       {"plain", "ab.c"}});
  const std::string out = testing::internal::GetCapturedStderr();
  EXPECT_EQ(std::count(out.begin(), out.end(), '\n'), 1) << out;
  EXPECT_THAT(out, HasSubstr(R"(W upload.refused name="a.txt\n2026-01-12T00:00:00 E forged=1")"));
  EXPECT_THAT(out, HasSubstr(R"(note="x\r\"y\\ z" empty="" plain=ab.c)"));
}

TEST(Log, SaysNothingBelowItsLevel) {
  const auto said = [](LogLevel level) {
    set_log_level(level);
    testing::internal::CaptureStderr();
    log(LogLevel::debug, "d");
    log(LogLevel::info, "i");
    log(LogLevel::warning, "w");
    log(LogLevel::error, "e");
    const std::string out = testing::internal::GetCapturedStderr();
    std::string events;
    for (const auto line : split(out, '\n'))
      if (!line.empty()) events += line.back();
    return events;
  };
  EXPECT_EQ(said(LogLevel::debug), "diwe");
  EXPECT_EQ(said(LogLevel::error), "e");
  EXPECT_EQ(said(LogLevel::off), "");
  EXPECT_EQ(said(LogLevel::warning), "we");
  EXPECT_EQ(said(LogLevel::info), "iwe");
}

class EdgesTest : public testing::Test {
 protected:
  EdgesTest() {
    std::string pattern = testing::TempDir() + "mw-edges.XXXXXX";
    folder = ::mkdtemp(pattern.data());
  }
  ~EdgesTest() override { std::filesystem::remove_all(folder); }
  std::string folder;
  std::unique_ptr<Files> files = system_files();
};

TEST_F(EdgesTest, AFullDiskIsToldApartFromABrokenOne) {
  if (access("/dev/full", W_OK) != 0) GTEST_SKIP() << "no /dev/full";
  const auto file = files->open_append("/dev/full");
  ASSERT_TRUE(file.ok());
  const Status full = (*file)->append("x");
  ASSERT_FALSE(full.ok());
  EXPECT_TRUE(is_disk_full(full.error())) << full.error().text();
  EXPECT_EQ(full.error().where, "/dev/full");
  EXPECT_TRUE(is_disk_full(disk_full("a")));
  EXPECT_FALSE(is_disk_full(unavailable("cannot write: Input/output error")));
  EXPECT_FALSE(is_disk_full(bad_input("disk full: no, this is about the input")));
}

/// A file that may not grow further: the kernel takes a part of the write and then refuses the rest.
TEST_F(EdgesTest, AWriteThatIsCutShortIsAnErrorAndTheLengthIsKnown) {
  const auto file = files->create(folder + "/x");
  ASSERT_TRUE(file.ok());
  rlimit before{};
  ASSERT_EQ(getrlimit(RLIMIT_FSIZE, &before), 0);
  const auto old_handler = std::signal(SIGXFSZ, SIG_IGN);
  rlimit small = before;
  small.rlim_cur = 10;
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &small), 0);
  const Status cut = (*file)->append("0123456789abcdef");
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &before), 0);
  std::signal(SIGXFSZ, old_handler);
  ASSERT_FALSE(cut.ok());
  EXPECT_EQ(cut.error().code, Errc::unavailable);
  EXPECT_EQ(*files->read(folder + "/x"), "0123456789");
  EXPECT_EQ((*file)->size(), 10u);
}

TEST_F(EdgesTest, WhatIsNoFileIsRefusedWithItsPath) {
  ASSERT_TRUE(files->make_folders(folder + "/sub"));
  const std::string sub = folder + "/sub";
  const struct {
    const char* what;
    Status done;
  } cases[] = {
      {"read a folder",
       [&] {
         auto r = files->read_at(sub, 0, 10);
         return r ? Status() : Status(r.error());
       }()},
      {"open a folder",
       [&] {
         auto r = files->open_append(sub);
         return r ? Status() : Status(r.error());
       }()},
      {"create over a folder",
       [&] {
         auto r = files->create(sub);
         return r ? Status() : Status(r.error());
       }()},
      {"remove a folder", files->remove(sub)},
      {"lock a folder",
       [&] {
         auto r = files->lock(sub);
         return r ? Status() : Status(r.error());
       }()},
      {"list nothing",
       [&] {
         auto r = files->list(folder + "/none");
         return r ? Status() : Status(r.error());
       }()},
      {"sync nothing", files->sync_folder(folder + "/none")},
      {"rename nothing", files->rename(folder + "/none", folder + "/y")},
      {"make a folder below a file",
       [&] {
         EXPECT_TRUE(write_atomically(*files, folder + "/file", "x"));
         return files->make_folders(folder + "/file/below");
       }()},
  };
  for (const auto& c : cases) {
    ASSERT_FALSE(c.done.ok()) << c.what;
    EXPECT_THAT(c.done.error().where, HasSubstr(folder)) << c.what;
    EXPECT_FALSE(is_disk_full(c.done.error())) << c.what;
  }
}

TEST_F(EdgesTest, LinksAndPipesAreMarkedAsSuch) {
  ASSERT_TRUE(write_atomically(*files, folder + "/file", "x"));
  ASSERT_EQ(symlink((folder + "/file").c_str(), (folder + "/link").c_str()), 0);
  ASSERT_EQ(symlink("nowhere", (folder + "/dead").c_str()), 0);
  ASSERT_EQ(mkfifo((folder + "/pipe").c_str(), 0600), 0);
  std::string found;
  const auto list = files->list(folder);
  for (const FileStat& f : *list) found += f.name + (f.is_special ? "! " : " ");
  EXPECT_EQ(found, "file link! pipe! ");  // a dead link is no entry that anything could read
}

TEST_F(EdgesTest, ALockIsHeldByOneAndFreeAfterwards) {
  auto held = files->lock(folder + "/lock");
  ASSERT_TRUE(held.ok());
  const auto second = files->lock(folder + "/lock");
  ASSERT_FALSE(second.ok());
  EXPECT_EQ(second.error().code, Errc::conflict);
  held = Error{};  // lets go
  EXPECT_TRUE(files->lock(folder + "/lock").ok());
}

TEST(Json, ReadsAndWritesWhatIsAtTheEdgeOfANumber) {
  const auto list = parse_json(
      "[9223372036854775807, -9223372036854775808, 9223372036854775808, 18446744073709551615, 1e308, -0.0, "
      "1.0]");
  ASSERT_TRUE(list.ok());
  const auto& items = *list->array();
  EXPECT_EQ(*items[0].integer(), INT64_MAX);
  EXPECT_EQ(*items[1].integer(), INT64_MIN);
  EXPECT_EQ(items[2].integer(), nullptr) << "no whole number of 64 bits";
  EXPECT_EQ(items[2].number(), 9223372036854775808.0);
  EXPECT_EQ(items[3].number(), 18446744073709551615.0);
  EXPECT_EQ(items[6].integer(), nullptr);
  EXPECT_EQ(Json("text").number(), std::nullopt);
  std::string out;
  JsonWriter(out).value(std::numeric_limits<double>::infinity());
  EXPECT_EQ(out, "null") << "JSON has no infinity";
}

TEST(Json, AskingForWhatIsNotThereGivesNothing) {
  const Json list = *parse_json("[1]");
  EXPECT_TRUE(list["a"].is_null());
  EXPECT_FALSE(list.has("a"));
  EXPECT_EQ(list.text("a", "other"), "other");
  const Json object = *parse_json(R"({"a": null, "n": 1})");
  EXPECT_TRUE(object.has("a"));
  EXPECT_FALSE(object.has("b"));
  EXPECT_EQ(object.text("n", "other"), "other");
  EXPECT_EQ(object["n"].kind(), "whole number");
}

}  // namespace
}  // namespace mineward
