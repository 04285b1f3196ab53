// Whichever SQL statement fails while an upload is taken in: what was acknowledged has its effect once, what
// was not has none; and the sender may simply send again.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "db/faulty_testing.h"
#include "feed/intake_testing.h"

namespace mineward::feed {
namespace {

const std::string kA = "62082300920301MN00010001A01";
const std::string kB = "62082300920301MN00010001A02";

class FaultyIntake : public IntakeTest {
 protected:
  explicit FaultyIntake(db::Engine chosen = db::Engine::sqlite) : IntakeTest(chosen) {}
  void SetUp() override {
    IntakeTest::SetUp();
    if (IsSkipped()) return;
    send("CDDY", "2026-09-23 07:00:00", point_line(kA));
  }

  /// Lets the N-th statement of the upload fail, for every N, each time with another minute's file.
  void fail_each(const std::string& type,
                 const std::function<std::string(const std::string& time, int n)>& body,
                 const std::function<void(int sent)>& check) {
    const std::string count =
        fmt::format("SELECT COUNT(*) FROM upload WHERE verdict = 'accepted' AND file_type = '{}'", type);
    const std::int64_t before = scalar(count);
    int acknowledged = 0, waited = 0;
    for (int failing = 0;; ++failing) {
      ASSERT_LT(failing, 500);
      const std::string time = fmt::format("2026-09-23 {:02}:{:02}:00", 8 + failing / 60, failing % 60);
      clock.set({parse_beijing_time(time)->utc_ms + 1000});
      int seen = 0;
      std::string failed;
      wrapped->hook = [&](std::string_view sql) -> Status {
        if (seen++ != failing) return {};
        failed = sql;
        return unavailable("told to fail");
      };
      Receipt receipt = send(type, time, body(time, failing));
      wrapped->hook = nullptr;
      SCOPED_TRACE(fmt::format("statement {}: {}", failing, failed.substr(0, 120)));
      if (receipt.verdict == Verdict::accepted) {
        ++acknowledged;
      } else {
        ASSERT_EQ(receipt.verdict, Verdict::waiting) << receipt.code << " " << receipt.message;
        ++waited;
        receipt = send(type, time, body(time, failing));
        ASSERT_EQ(receipt.verdict, Verdict::accepted) << receipt.code << " " << receipt.message;
      }
      EXPECT_EQ(send(type, time, body(time, failing)).verdict, Verdict::duplicate) << "sent once more";
      EXPECT_EQ(scalar(count), before + failing + 1);
      check(failing + 1);
      if (failed.empty()) break;
    }
    EXPECT_GT(acknowledged, 1);
    // Each upload came to the sink once, in its transaction; the definition file makes one more.
    EXPECT_EQ(scalar("SELECT COUNT(DISTINCT seq) FROM sink_seen"), scalar("SELECT COUNT(*) FROM sink_seen"));
    EXPECT_EQ(scalar("SELECT COUNT(*) FROM sink_seen"), acknowledged + waited + 1);
    reopen();
    EXPECT_EQ(scalar("SELECT COUNT(*) FROM sink_seen"), acknowledged + waited + 1) << "after a restart";
    EXPECT_TRUE(store->verify()->ok);
  }
};

TEST_F(FaultyIntake, SamplesAreThereOnce) {
  fail_each(
      "CDSS",
      [](const std::string& time, int n) { return sample_line(kA, fmt::format("{:.2f}", n * 0.01), time); },
      [&](int sent) { EXPECT_EQ(samples(kA).size(), static_cast<std::size_t>(sent)); });
}

TEST_F(FaultyIntake, SamplesOfAnUnknownPointWaitOnce) {
  fail_each(
      "CDSS",
      [](const std::string& time, int n) { return sample_line(kB, fmt::format("{:.2f}", n * 0.01), time); },
      [&](int sent) { EXPECT_EQ(scalar("SELECT COUNT(*) FROM upload_quarantine"), sent); });
}

TEST_F(FaultyIntake, DefinitionsAreAllOrNothing) {
  fail_each(
      "CDDY",
      [](const std::string&, int n) {
        return point_line(kA) + point_line(kB, fmt::format("1.0;0.9;;;1.{};1.0;;", n));
      },
      [&](int sent) {
        EXPECT_EQ(records("point").size(), 2u);
        EXPECT_NEAR(only("point", "code", kB).number("cut_high").value_or(-1),
                    std::stod(fmt::format("1.{}", sent - 1)), 1e-9);
      });
}

TEST_F(FaultyIntake, ARegisterIsAFullListEveryTime) {
  fail_each(
      "RYXX",
      [](const std::string&, int n) {
        return fmt::format("62082300920300001;模拟甲;采煤工;班长;综采队{};1985-03-04;高中;0;1~{}", n,
                           n % 2 ? "62082300920300002;模拟乙;;矿长;矿部;;;1;0~" : "");
      },
      [&](int sent) {
        EXPECT_EQ(only("person", "card", "62082300920300001").text("team"),
                  fmt::format("综采队{}", sent - 1));
        if (sent < 2) return;
        EXPECT_EQ(only("person", "card", "62082300920300002").fields.at("withdrawn"),
                  record::FieldValue(sent % 2 == 1));
      });
}

TEST_F(FaultyIntake, ARefusedFileIsRefusedWhateverFails) {
  for (int failing = 0; failing < 10; ++failing) {
    int seen = 0;
    wrapped->hook = [&](std::string_view) -> Status {
      return seen++ == failing ? Status(unavailable("told to fail")) : Status();
    };
    const Receipt receipt = send("CDSS", "2026-09-23 08:00:00", "no record at all~");
    wrapped->hook = nullptr;
    EXPECT_NE(receipt.verdict, Verdict::accepted);
    EXPECT_TRUE(samples(kA).empty());
  }
}

}  // namespace
}  // namespace mineward::feed
