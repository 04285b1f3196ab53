// Work of several threads in one transaction: all of it or none, and each caller is told.
#include "feed/shared_transaction.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <set>
#include <thread>

#include "feed/intake_testing.h"
#include "feed/registers.h"

namespace mineward::feed {
namespace {

using ::testing::SizeIs;

class Together : public IntakeTest {
 protected:
  SharedTransaction::Work insert(int number) {
    return [number](record::Writer& writer) -> Status {
      MW_TRY(writer.connection().execute("INSERT INTO sink_seen (seq) VALUES ($1)",
                                         {static_cast<std::int64_t>(number)}));
      return {};
    };
  }
  /// Runs the first alone, and while its transaction is open lets the others queue up behind it, so that they
  /// share the next one.
  std::vector<Status> run_behind(const std::vector<SharedTransaction::Work>& others) {
    SharedTransaction together(*store);
    std::vector<Status> results(others.size());
    std::vector<std::thread> threads;
    EXPECT_TRUE(together.run([&](record::Writer&) -> Status {
      for (std::size_t i = 0; i < others.size(); ++i)
        threads.emplace_back([&, i] { results[i] = together.run(others[i]); });
      while (together.waiting() < others.size()) std::this_thread::yield();
      return {};
    }));
    for (auto& thread : threads) thread.join();
    return results;
  }
};

TEST_F(Together, WhatWaitsSharesOneCommit) {
  const std::thread::id here = std::this_thread::get_id();
  std::set<std::thread::id> ran_in;  // one writer at a time
  std::vector<SharedTransaction::Work> works;
  for (int n = 1; n <= 3; ++n) {
    works.push_back([&, n](record::Writer& writer) {
      ran_in.insert(std::this_thread::get_id());
      return insert(n)(writer);
    });
  }
  for (const Status& result : run_behind(works)) EXPECT_TRUE(result);
  EXPECT_EQ(scalar("SELECT COUNT(*) FROM sink_seen"), 3);
  EXPECT_THAT(ran_in, SizeIs(1)) << "one of the three worked for all";
  EXPECT_FALSE(ran_in.contains(here)) << "whose work is done is not kept for others";
}

TEST_F(Together, WhoIsOnTheWayIsWaitedFor) {
  SharedTransaction together(*store, std::chrono::hours(1));
  std::set<std::thread::id> ran_in;
  const auto noted = [&](int n) -> SharedTransaction::Work {
    return [&, n](record::Writer& writer) {
      ran_in.insert(std::this_thread::get_id());
      return insert(n)(writer);
    };
  };
  const SharedTransaction::Work first = noted(1), second = noted(2);
  SharedTransaction::Coming coming(together);
  std::thread waits([&] { EXPECT_TRUE(together.run(first)); });
  while (together.waiting() < 1) std::this_thread::yield();
  EXPECT_TRUE(together.run(second, &coming));
  waits.join();
  EXPECT_EQ(scalar("SELECT COUNT(*) FROM sink_seen"), 2);
  EXPECT_THAT(ran_in, SizeIs(1)) << "one commit for both";
  EXPECT_FALSE(ran_in.contains(std::this_thread::get_id())) << "by the one that waited";
}

TEST_F(Together, WhoDoesNotComeIsNotWaitedForLong) {
  SharedTransaction together(*store);
  const SharedTransaction::Coming never(together), also_never(together);
  EXPECT_TRUE(together.run(insert(1)));
  EXPECT_EQ(scalar("SELECT COUNT(*) FROM sink_seen"), 1);
}

TEST_F(Together, OneThatFailsTakesTheOthersAlongAndAllAreTold) {
  const auto fails = [](record::Writer&) { return Status(unavailable("told to fail")); };
  for (const Status& result : run_behind({insert(1), fails, insert(2)})) {
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().message, "told to fail");
  }
  EXPECT_EQ(scalar("SELECT COUNT(*) FROM sink_seen"), 0);
}

TEST_F(Together, MoreThanFitGoOnAfterwards) {
  std::vector<SharedTransaction::Work> works;
  for (int n = 0; n < 70; ++n) works.push_back(insert(n));
  for (const Status& result : run_behind(works)) EXPECT_TRUE(result);
  EXPECT_EQ(scalar("SELECT COUNT(*) FROM sink_seen"), 70);
}

/// Three mines send at once. While the first is written the others come to wait, and then share a
/// transaction; whoever is applied in another mine's thread fails there.
class ThreeMines : public IntakeTest {
 protected:
  void SetUp() override {
    IntakeTest::SetUp();
    everywhere.everything = true;
    const auto third = taken(store->create(intake_actor(), "mine",
                                           {{"code", std::string("140121020032")},
                                            {"name", std::string("第三煤矿")},
                                            {"organisation", spare_organisation},
                                            {"kind", std::string("coal")},
                                            {"status", std::string("producing")}}));
    ASSERT_TRUE(third) << third.error().text();
    ASSERT_TRUE(intake->tick()) << "reads the mines anew";
    for (const std::string& code : mines) {
      const auto defined = upload(name_for("CDDY", kBegin, code),
                                  head(kBegin, code) + point_line(point_of(code)) + "||", everywhere);
      ASSERT_EQ(defined.verdict, Verdict::accepted) << defined.message;
    }
  }
  static std::string point_of(const std::string& mine_code) { return mine_code + "01MN00010001A01"; }
  void send_at_once(const std::string& time) {
    std::vector<std::thread> threads;
    for (const std::string& code : mines) {
      threads.emplace_back([&, code] {
        my_mine = code;
        const auto sent =
            upload(name_for("CDSS", time, code),
                   head(time, code) + sample_line(point_of(code), "0.42", time) + "||", everywhere);
        EXPECT_EQ(sent.verdict, Verdict::accepted) << sent.message;
      });
    }
    for (auto& thread : threads) thread.join();
  }
  static constexpr const char* kBegin = "2026-09-23 07:00:00";
  static thread_local std::string my_mine;
  const std::vector<std::string> mines = {kMine, kForeign, "140121020032"};
  record::Scope everywhere;
};
thread_local std::string ThreeMines::my_mine;

TEST_F(ThreeMines, AnUploadIsNoneTheWorseForOneThatFailedBesideIt) {
  int beside = 0, rounds = 0;  // one writer at a time
  std::uint64_t all_journalled = 0;
  sink.before_apply = [&](const AcceptedUpload& u) -> Status {
    if (u.mine_code != my_mine) {
      ++beside;
      return unavailable("told to fail beside another");
    }
    for (int i = 0; history->last_seq() < all_journalled && i < 100'000; ++i) std::this_thread::yield();
    return {};
  };
  for (; beside < 5 && rounds < 2000; ++rounds) {
    all_journalled = history->last_seq() + mines.size();
    send_at_once(format_beijing(parse_beijing_time(kBegin)->utc_ms + 1000 * (rounds + 1)));
  }
  ASSERT_GE(beside, 5) << "uploads never shared a transaction";
  EXPECT_GE(sink.resets, 2 * beside) << "all in it are rolled back";
  EXPECT_EQ(scalar("SELECT COUNT(*) FROM upload WHERE file_type = 'CDSS'"), 3 * rounds);
  EXPECT_EQ(scalar("SELECT COUNT(*) FROM sink_seen"), 3 * rounds + 3) << "every effect is there";
  EXPECT_EQ(scalar("SELECT COUNT(DISTINCT seq) FROM sink_seen"), 3 * rounds + 3) << "and once";
}

}  // namespace
}  // namespace mineward::feed
