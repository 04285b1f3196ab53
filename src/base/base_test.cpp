// Digests, ids, files, metrics, randomness, errors: one small table each.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <set>
#include <thread>

#include "base/digest.h"
#include "base/files.h"
#include "base/ids.h"
#include "base/metrics.h"
#include "base/random.h"

namespace mineward {
namespace {

using testing::HasSubstr;

TEST(Digest, Crc32cOfKnownVectors) {
  std::string ascending, descending;
  for (int i = 0; i < 32; ++i) {
    ascending += static_cast<char>(i);
    descending += static_cast<char>(31 - i);
  }
  const struct {
    const char* why;
    std::string text;
    std::uint32_t want;
  } cases[] = {
      // RFC 3720 appendix B.4
      {"check value", "123456789", 0xE3069283},
      {"nothing", "", 0},
      {"32 zeroes", std::string(32, '\0'), 0x8A9136AA},
      {"32 ones", std::string(32, '\xFF'), 0x62A8AB43},
      {"ascending", ascending, 0x46DD794E},
      {"descending", descending, 0x113FDB5C},
  };
  for (const auto& c : cases) EXPECT_EQ(crc32c(c.text), c.want) << c.why;
}

RC_GTEST_PROP(DigestProperty, Crc32cContinues, (const std::string& a, const std::string& b)) {
  RC_ASSERT(crc32c(b, crc32c(a)) == crc32c(a + b));
}

TEST(Digest, Sha256OfKnownVectors) {  // FIPS 180-4 examples
  EXPECT_EQ(sha256_hex(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(sha256_hex("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(sha256_hex("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  EXPECT_EQ(sha256_hex(std::string(1000000, 'a')),
            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
  EXPECT_EQ(to_hex(sha256("abc")), sha256_hex("abc"));
}

TEST(Digest, ComparesTexts) {
  EXPECT_TRUE(equal_constant_time("", ""));
  EXPECT_TRUE(equal_constant_time("abc", "abc"));
  EXPECT_FALSE(equal_constant_time("abc", "abd"));
  EXPECT_FALSE(equal_constant_time("abc", "ab"));
}

TEST(Ids, GrowEvenWhenTheClockGoesBack) {
  ManualClock clock({1768176000000});
  IdMaker maker(clock, 5);
  RecordId last = maker.next();
  std::set<std::int64_t> seen = {last.value};
  for (int i = 0; i < 20000; ++i) {
    if (i == 5000) clock.set({1768176000000 - 3600000});  // an hour back
    if (i == 10000) clock.set({0});                       // before 2020
    if (i == 15000) clock.set({1768176000000 + 3600000});
    const RecordId id = maker.next();
    ASSERT_GT(id, last) << i;
    ASSERT_TRUE(seen.insert(id.value).second);
    ASSERT_EQ(id.value >> 12 & 1023, 5);
    last = id;
  }
}

TEST(Ids, AreNeverNoneEvenBefore2020) {
  ManualClock clock({0});
  EXPECT_TRUE(IdMaker(clock, 0).next());
}

TEST(Ids, DifferFromThreadToThread) {
  ManualClock clock({1768176000000});
  IdMaker maker(clock, 1);
  std::vector<std::vector<std::int64_t>> made(4);
  {
    std::vector<std::jthread> threads;
    for (auto& mine : made) {
      threads.emplace_back([&maker, &mine] {
        for (int i = 0; i < 5000; ++i) mine.push_back(maker.next().value);
      });
    }
  }
  std::set<std::int64_t> all;
  for (const auto& mine : made) all.insert(mine.begin(), mine.end());
  EXPECT_EQ(all.size(), 20000u);
}

TEST(Ids, AreReadFromText) {
  for (const char* bad : {"", "0", "-1", "1x", " 1", "9223372036854775808", "1.0"})
    EXPECT_FALSE(parse_record_id(bad)) << bad;
  EXPECT_EQ(parse_record_id("9223372036854775807")->value, INT64_MAX);
  EXPECT_EQ(parse_record_id(RecordId{42}.text()), RecordId{42});
}

class FilesTest : public testing::Test {
 protected:
  FilesTest() {
    std::string pattern = testing::TempDir() + "mw-files.XXXXXX";
    folder = ::mkdtemp(pattern.data());
  }
  ~FilesTest() override { std::filesystem::remove_all(folder); }
  std::string folder;
  std::unique_ptr<Files> files = system_files();
};

TEST_F(FilesTest, ReadWhatWasWritten) {
  const std::string path = folder + "/a/b/x";
  EXPECT_EQ(files->read(path).error().code, Errc::not_found);
  ASSERT_TRUE(files->make_folders(folder + "/a/b"));
  ASSERT_TRUE(files->make_folders(folder + "/a/b"));
  {
    const auto file = files->open_append(path);
    ASSERT_TRUE(file);
    ASSERT_TRUE((*file)->append("hello "));
    ASSERT_TRUE((*file)->append("world"));
    ASSERT_TRUE((*file)->sync());
    EXPECT_EQ((*file)->size(), 11u);
    ASSERT_TRUE((*file)->truncate(5));
    ASSERT_TRUE((*file)->append("!"));
  }
  EXPECT_EQ(*files->read(path), "hello!");
  EXPECT_EQ(*files->read_at(path, 4, 100), "o!");
  EXPECT_EQ(*files->read_at(path, 100, 10), "");
  EXPECT_EQ(files->stat(path)->size, 6u);
  EXPECT_FALSE(files->make_folders(path));  // a file stands there
  const auto list = files->list(folder + "/a");
  ASSERT_EQ(list->size(), 1u);
  EXPECT_TRUE(list->at(0).is_folder);
  ASSERT_TRUE(files->rename(path, folder + "/y"));
  EXPECT_FALSE(files->exists(path));
  ASSERT_TRUE(files->remove(folder + "/y"));
  EXPECT_FALSE(files->remove(folder + "/y"));
}

/// Whatever operation fails, and however short the write, the file holds the old content or the new one.
TEST_F(FilesTest, AtomicWritesAreAllOrNothingUnderEveryFault) {
  const std::string path = folder + "/config";
  ASSERT_TRUE(write_atomically(*files, path, "old content"));
  std::vector<std::string> operations;
  {
    const auto counting =
        faulty_files(*files, [&](std::string_view op, const std::string&, std::size_t*) -> Status {
          operations.emplace_back(op);
          return {};
        });
    ASSERT_TRUE(write_atomically(*counting, path, "old content"));
  }
  EXPECT_THAT(operations, testing::ElementsAre("create", "append", "sync", "rename", "sync_folder"));
  for (std::size_t failing = 0; failing < operations.size(); ++failing) {
    SCOPED_TRACE(operations[failing]);
    ASSERT_TRUE(write_atomically(*files, path, "old content"));
    std::size_t step = 0;
    const auto faulty =
        faulty_files(*files, [&](std::string_view, const std::string&, std::size_t* bytes) -> Status {
          if (step++ != failing) return {};
          if (bytes != nullptr) *bytes = 4;
          return unavailable("disk full");
        });
    const Status written = write_atomically(*faulty, path, "new content");
    ASSERT_FALSE(written);
    EXPECT_EQ(written.error().message, "disk full");
    EXPECT_EQ(*files->read(path), operations[failing] == "sync_folder" ? "new content" : "old content");
    EXPECT_EQ(step, failing + 1);  // nothing is tried after the failure
  }
  ASSERT_TRUE(write_atomically(*files, path, "new content"));  // what a failure left behind is no obstacle
  EXPECT_EQ(*files->read(path), "new content");
}

TEST_F(FilesTest, AShortWriteLeavesWhatWasWritten) {
  const auto faulty =
      faulty_files(*files, [](std::string_view op, const std::string&, std::size_t* bytes) -> Status {
        if (op != "append") return {};
        *bytes = 3;
        return unavailable("disk full");
      });
  const auto file = faulty->create(folder + "/x");
  ASSERT_TRUE(file);
  EXPECT_FALSE((*file)->append("abcdef"));
  EXPECT_EQ(*files->read(folder + "/x"), "abc");
}

TEST(Metrics, AreWrittenInThePrometheusFormat) {
  counter("test_files_total", "Files seen", R"(code="E_TERM")").add(3);
  counter("test_files_total", "Files seen", R"(code="E_HEAD")").add();
  gauge("test_people", "People underground").set(-2);
  Histogram& h = histogram("test_seconds", "Time taken");
  for (const double s : {0.00005, 0.0002, 0.5, 1000.0}) h.observe(s);
  const std::string text = metrics_text();
  EXPECT_THAT(text, HasSubstr("# HELP test_files_total Files seen\n# TYPE test_files_total counter\n"
                              "test_files_total{code=\"E_HEAD\"} 1\ntest_files_total{code=\"E_TERM\"} 3\n"));
  EXPECT_THAT(text, HasSubstr("# TYPE test_people gauge\ntest_people -2\n"));
  EXPECT_THAT(text, HasSubstr("# TYPE test_seconds histogram\ntest_seconds_bucket{le=\"0.0001\"} "
                              "1\ntest_seconds_bucket{le=\"0.0003\"} 2\n"));
  EXPECT_THAT(text, HasSubstr("test_seconds_bucket{le=\"100\"} 3\ntest_seconds_bucket{le=\"+Inf\"} 4\n"));
  EXPECT_THAT(text, HasSubstr("test_seconds_count 4\n"));
  EXPECT_EQ(&counter("test_files_total", "Files seen", R"(code="E_TERM")"),
            &counter("test_files_total", "Files seen", R"(code="E_TERM")"));
}

TEST(Random, SeededRepeatsAndSystemDoesNot) {
  EXPECT_EQ(random_hex(*seeded_random(7), 16), random_hex(*seeded_random(7), 16));
  EXPECT_NE(random_hex(*seeded_random(7), 16), random_hex(*seeded_random(8), 16));
  const auto random = system_random();
  EXPECT_NE(random_hex(*random, 16), random_hex(*random, 16));
  EXPECT_EQ(random_hex(*random, 16).size(), 32u);
}

TEST(Errors, SayWhereFromTheInsideOut) {
  EXPECT_EQ(bad_input("found x").text(), "found x");
  EXPECT_EQ(bad_input("found x", "line 7").in("a.txt").in("mine 1").text(),
            "line 7 < a.txt < mine 1: found x");
}

}  // namespace
}  // namespace mineward
