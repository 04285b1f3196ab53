// Register files with records that cannot be: each is named, the good ones of the file are kept.
#include <fmt/format.h>
#include <gmock/gmock.h>

#include "base/text.h"
#include "feed/intake_testing.h"

namespace mineward::feed {
namespace {

using testing::HasSubstr;
using testing::SizeIs;

class RegisterFaults : public IntakeTest {
 protected:
  RegisterFaults() : IntakeTest(db::Engine::sqlite) {}
  /// The faults that the ledger keeps of the newest upload.
  std::string faults() {
    const auto rows = ledger();
    return rows.empty() ? "" : join(rows.front().faults, "\n");
  }
};

TEST_F(RegisterFaults, AnAreaOfAnUnknownKindIsNamedAndTheOthersKept) {
  const Receipt receipt =
      send("RYQY", "2026-09-23 07:00:00",
           "奇怪区域;6208230092030007;16;816综采工作面~限制区域;6208230092030009;0;密闭前~");
  EXPECT_EQ(receipt.verdict, Verdict::partial) << receipt.message;
  EXPECT_EQ(receipt.code, "E_TYPE");
  EXPECT_EQ(only("area", "code", "6208230092030009").text("kind"), "restricted");
  EXPECT_THAT(faults(), HasSubstr("area kind \"奇怪区域\""));
}

TEST_F(RegisterFaults, AStateOfAStationThatIsNotDefinedChangesNothing) {
  send("FZDY", "2026-09-23 07:00:00", "62082300920300001;主井底;1;2;3~");
  const Receipt receipt =
      send("FZSS", "2026-09-23 07:01:00",
           "62082300920300009;0;1;2026-09-23 07:01:00~62082300920300001;0;1;2026-09-23 07:01:00~");
  EXPECT_EQ(receipt.code, "E_UNKNOWN_POINT") << receipt.message;
  EXPECT_THAT(records("station"), SizeIs(1)) << "a state makes no station";
  EXPECT_EQ(only("station", "code", "62082300920300001").text("run_state"), "0");
  EXPECT_THAT(faults(), HasSubstr("E_UNKNOWN_POINT"));
  EXPECT_THAT(faults(), HasSubstr("62082300920300009"));
}

TEST_F(RegisterFaults, AnUnknownRunStateLeavesTheOldOne) {
  send("FZDY", "2026-09-23 07:00:00", "62082300920300001;主井底;1;2;3~");
  send("FZSS", "2026-09-23 07:01:00", "62082300920300001;0;1;2026-09-23 07:01:00~");
  const Receipt receipt = send("FZSS", "2026-09-23 07:02:00", "62082300920300001;7;1;2026-09-23 07:02:00~");
  EXPECT_NE(receipt.verdict, Verdict::accepted);
  EXPECT_THAT(faults(), HasSubstr("run state \"7\""));
  EXPECT_EQ(only("station", "code", "62082300920300001").text("run_state"), "0");
}

TEST_F(RegisterFaults, AnOlderStateFileDoesNotUndoANewerOne) {
  send("FZDY", "2026-09-23 07:00:00", "62082300920300001;主井底;1;2;3~");
  send("FZSS", "2026-09-23 07:05:00", "62082300920300001;2;1;2026-09-23 07:05:00~");
  send("FZSS", "2026-09-23 07:01:00", "62082300920300001;0;1;2026-09-23 07:01:00~");
  EXPECT_EQ(only("station", "code", "62082300920300001").text("run_state"), "2");
}

TEST_F(RegisterFaults, AFieldThatTheRecordTypeRefusesIsNamedWithoutItsValue) {
  const std::string long_name(5000, 'x');
  const Receipt receipt =
      send("RYXX", "2026-09-23 07:00:00",
           "62082300920300001;" + long_name +
               ";采煤工;班长;综采队;1985-03-04;高中;0;1~62082300920300002;模拟乙;;矿长;矿部;;;1;0~");
  EXPECT_EQ(receipt.verdict, Verdict::partial) << receipt.message;
  EXPECT_EQ(only("person", "card", "62082300920300002").text("name"), "模拟乙");
  EXPECT_THAT(faults(), testing::Not(HasSubstr("xxxxx"))) << "values of people are not for the ledger";
}

}  // namespace
}  // namespace mineward::feed
