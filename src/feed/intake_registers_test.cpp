/// Stories of the intake: what files say of points, stations, areas, people and where they are.
#include <fmt/format.h>
#include <gmock/gmock.h>

#include <algorithm>
#include <thread>

#include "base/text.h"
#include "feed/intake_story_testing.h"
#include "feed/registers.h"
#include "feed/tables.h"

namespace mineward::feed::story {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using testing::StartsWith;
// ---- definitions
// -----------------------------------------------------------------------------------------------------

TEST_F(Story, EveryChangeOfADefinitionIsLogged) {
  send("CDDY", "2026-09-23 07:00:00",
       point_line(kA, "1.0;0.9;;;1.5;1.0;;", "816回风&816工作面&回风流T2",
                  "D-62082300920301KG1009B01-断电器") +
           point_line(kB));
  EXPECT_THAT(change_texts(), testing::ElementsAre("A01 added  ->816回风&816工作面&回风流T2",
                                                   "A02 added  ->816回风&816工作面&回风流T2"));
  const struct {
    const char* why;
    std::string record;
    std::vector<std::string> want;
  } steps[] = {
      {"nothing",
       point_line(kA, "1.0;0.9;;;1.5;1.0;;", "816回风&816工作面&回风流T2",
                  "D-62082300920301KG1009B01-断电器"),
       {}},
      {"tighter",
       point_line(kA, "0.8;0.7;;;1.5;1.0;;", "816回风&816工作面&回风流T2",
                  "D-62082300920301KG1009B01-断电器"),
       {"A01 limit alarm_high 1->0.8", "A01 limit alarm_high_clear 0.9->0.7"}},
      {"taken away",
       point_line(kA, ";;;;1.5;1.0;;", "816回风&816工作面&回风流T2", "D-62082300920301KG1009B01-断电器"),
       {"A01 limit alarm_high 0.8-> looser", "A01 limit alarm_high_clear 0.7->"}},
      {"lower limits relax downwards",
       point_line(kA, ";;0.5;;1.5;1.0;;", "816回风&816工作面&回风流T2", "D-62082300920301KG1009B01-断电器"),
       {"A01 limit alarm_low ->0.5"}},
      {"lower limit lowered",
       point_line(kA, ";;0.3;;1.5;1.0;;", "816回风&816工作面&回风流T2", "D-62082300920301KG1009B01-断电器"),
       {"A01 limit alarm_low 0.5->0.3 looser"}},
      {"breaker dropped",
       point_line(kA, ";;0.3;;1.5;1.0;;", "816回风&816工作面&回风流T2", "K-62082300920301KG1015B02-馈电"),
       {"A01 relation relation D-62082300920301KG1009B01-断电器->K-62082300920301KG1015B02-馈电 looser"}},
      {"moved",
       point_line(kA, ";;0.3;;1.5;1.0;;", "816工作面&816工作面&采煤工作面T1",
                  "K-62082300920301KG1015B02-馈电"),
       {"A01 place place 816回风&816工作面&回风流T2->816工作面&816工作面&采煤工作面T1"}},
  };
  int minute = 1;
  for (const auto& step : steps) {
    SCOPED_TRACE(step.why);
    send("CDDY", fmt::format("2026-09-23 07:{:02}:00", minute++), step.record + point_line(kB));
    EXPECT_EQ(change_texts(), step.want);
  }
  EXPECT_EQ(only("point", "code", kA).text("role"), "T1");
  EXPECT_THAT(records("point_change"), SizeIs(2 + 8));
}

TEST_F(Story, APointThatIsNoLongerDefinedIsRemovedAndMayComeBack) {
  define({kA, kB}, "2026-09-23 07:00:00");
  define({kA}, "2026-09-23 07:01:00");
  EXPECT_THAT(change_texts(), testing::ElementsAre("A02 removed  816回风&816工作面&回风流T2-> looser"));
  EXPECT_EQ(only("point", "code", kB).fields.at("removed"), record::FieldValue(true));
  EXPECT_EQ(send("CDSS", kT0, sample_line(kB, "0.4", kT0)).quarantined, 0)
      << "a removed point that still sends is still watched";
  define({kA, kB}, "2026-09-23 07:02:00");
  EXPECT_THAT(change_texts(), testing::ElementsAre("A02 added removed true->false"));
}

TEST_F(Story, APartialDefinitionRemovesNothing) {
  std::string body;
  std::vector<std::string> codes;
  for (int i = 0; i < 9; ++i) codes.push_back(fmt::format("62082300920301MN00010001B0{}", i));
  codes.push_back(kA);
  define(codes, "2026-09-23 07:00:00");
  for (int i = 0; i < 9; ++i) body += point_line(codes[static_cast<std::size_t>(i)]);
  const Receipt receipt = send("CDDY", "2026-09-23 07:01:00", body + kA + ";broken~");
  EXPECT_EQ(receipt.verdict, Verdict::partial);
  EXPECT_THAT(sink.seen.back().changes, IsEmpty());
}

TEST_F(Story, AnUnknownSensorTypeIsAFaultOfItsRecord) {
  std::string body;
  for (int i = 0; i < 9; ++i) body += point_line(fmt::format("62082300920301MN00010001B0{}", i));
  std::string odd = point_line(kA);
  odd.replace(odd.find(";0001;"), 6, ";9876;");
  const Receipt receipt = send("CDDY", kT0, body + odd);
  EXPECT_EQ(receipt.verdict, Verdict::partial);
  EXPECT_EQ(receipt.code, "E_TYPE");
  EXPECT_THAT(receipt.message,
              HasSubstr(":10:4: E_TYPE found \"9876\", expected a code of dictionary sensor_type"));
  EXPECT_THAT(records("point"), SizeIs(9));
}

TEST_F(Story, TheRoleFollowsThePlaceUntilAPersonConfirmsIt) {
  const struct {
    const char *place, *role, *area;
  } cases[] = {
      {"816辅运顺槽工作面甲烷T1&816辅运顺槽掘进工作面&掘进工作面T1", "T1", "816辅运顺槽掘进工作面"},
      {"816回风&816综采工作面&采煤工作面回风隅角T0", "T0", "816综采工作面"},
      {"816工作面上隅角", "T0", ""},
      {"东翼总回风巷", "main_return", ""},
      {"某处", "", ""},
  };
  int minute = 0;
  for (const auto& c : cases) {
    SCOPED_TRACE(c.place);
    const std::string code = fmt::format("62082300920301MN0001C{:03}", minute);
    send("CDDY", fmt::format("2026-09-23 07:{:02}:00", minute++), point_line(code, "1.0;;;;;;;", c.place));
    EXPECT_EQ(only("point", "code", code).text("role"), c.role);
    EXPECT_EQ(only("point", "code", code).text("working_area"), c.area);
  }
  send("CDDY", "2026-09-23 07:30:00", point_line(kA, "1.0;;;;;;;", "816回风&816&回风流T2"));
  const auto point = only("point", "code", kA);
  ASSERT_TRUE(taken(store->update(intake_actor(), "point", point.id, 0,
                                  {{"role", std::string("T0")}, {"role_confirmed", true}})));
  send("CDDY", "2026-09-23 07:31:00", point_line(kA, "1.0;;;;;;;", "816工作面&816&采煤工作面T1"));
  EXPECT_EQ(only("point", "code", kA).text("role"), "T0");
}

// ---- stations, areas, readers, persons
// -------------------------------------------------------------------------------

TEST_F(Story, StationsAndTheirStates) {
  send("FZDY", "2026-09-23 07:00:00", "62082300920300001;主井底;1;2;3~62082300920300002;816;;;~");
  EXPECT_THAT(records("station"), SizeIs(2));
  send("FZSS", "2026-09-23 07:01:00",
       "62082300920300001;0;1;2026-09-23 07:01:00~62082300920300002;2;0;2026-09-23 07:01:00~");
  const auto first = only("station", "code", "62082300920300001");
  EXPECT_EQ(first.text("run_state"), "0");
  EXPECT_EQ(first.time("state_at"), at("2026-09-23 07:01:00"));
  EXPECT_EQ(first.number("x"), 1.0);
  send("FZSS", "2026-09-23 07:02:00",
       "62082300920300001;0;1;2026-09-23 07:02:00~62082300920300002;2;0;2026-09-23 07:02:00~");
  EXPECT_EQ(only("station", "code", "62082300920300001").version, first.version)
      << "the same state again is no change";
  send("FZDY", "2026-09-23 07:03:00", "62082300920300001;主井底;1;2;3~");
  EXPECT_EQ(only("station", "code", "62082300920300002").fields.at("removed"), record::FieldValue(true));
}

TEST_F(Story, AreasAndReaders) {
  const Receipt areas =
      send("RYQY", "2026-09-23 07:00:00",
           "重点区域;6208230092030004;16;816综采工作面~限制区域;6208230092030009;0;密闭前~");
  EXPECT_EQ(areas.verdict, Verdict::accepted) << areas.message;
  EXPECT_EQ(only("area", "code", "6208230092030004").text("kind"), "key");
  EXPECT_EQ(only("area", "code", "6208230092030009").text("kind"), "restricted");
  EXPECT_EQ(only("area", "code", "6208230092030004").number("quota").value_or(-1), 16);
  send("RYJZ", "2026-09-23 07:00:00", "6208230092030004000010;816进风基站;1;2;3;顺槽口~");
  send("JZSS", "2026-09-23 07:01:00", "6208230092030004000010;1;0;2026-09-23 07:01:00~");
  EXPECT_EQ(only("reader", "code", "6208230092030004000010").text("run_state"), "1");
}

TEST_F(Story, PersonsAreAFullList) {
  send("RYXX", "2026-09-23 07:00:00",
       "62082300920300001;模拟甲;采煤工;班长;综采队;1985-03-04;高中;0;1~62082300920300002;模拟乙;;矿长;矿部;;"
       ";1;0~");
  const auto leader = only("person", "card", "62082300920300002");
  EXPECT_EQ(leader.text("name"), "模拟乙");
  EXPECT_EQ(leader.fields.at("is_leader"), record::FieldValue(true));
  send("RYXX", "2026-09-23 07:01:00", "62082300920300001;模拟甲;采煤工;班长;综采队;1985-03-04;高中;0;1~");
  EXPECT_EQ(only("person", "card", "62082300920300002").fields.at("withdrawn"), record::FieldValue(true));
  for (const auto& row : ledger())
    EXPECT_THAT(row.message + join(row.faults, "\n"), testing::Not(HasSubstr("模拟")));
}

TEST_F(Story, TripsOpenAtEntryAndCloseAtLeaving) {
  const std::string card = "62082300920390001";
  const auto position = [&](int flag, const char* left, const char* area, const char* work) {
    return fmt::format("{};模拟甲;{};2026-09-23 06:00:00;{};{};2026-09-23 06:30:00;;;三八制;;{};1;0;~", card,
                       flag, left, area, work);
  };
  send("RYQY", "2026-09-23 05:00:00", "重点区域;6208230092030004;16;816综采工作面~");
  send("RYXX", "2026-09-23 05:00:00", card + ";模拟甲;采煤工;班长;综采队;1985-03-04;高中;1;0~");
  EXPECT_EQ(send("RYSS", "2026-09-23 06:31:00", position(1, "", "6208230092030004", "正常")).verdict,
            Verdict::accepted);
  ASSERT_THAT(sink.seen.back().positions, SizeIs(1));
  EXPECT_TRUE(sink.seen.back().is_positions);
  EXPECT_TRUE(sink.seen.back().positions[0].is_leader);
  EXPECT_FALSE(sink.seen.back().positions[0].sos);
  ASSERT_THAT(records("trip"), SizeIs(1));
  EXPECT_EQ(records("trip")[0].time("entered_at"), at("2026-09-23 06:00:00"));
  EXPECT_EQ(records("trip")[0].reference("person"), only("person", "card", card).id);

  send("RYSS", "2026-09-23 06:32:00", position(1, "", "6208230092030004", "求救"));
  EXPECT_TRUE(sink.seen.back().positions[0].sos);
  EXPECT_THAT(records("trip"), SizeIs(1)) << "still the same trip";
  reopen();
  send("RYSS", "2026-09-23 06:33:00", position(1, "", "6208230092030004", "正常"));
  EXPECT_THAT(records("trip"), SizeIs(1)) << "also after a restart";

  send("RYSS", "2026-09-23 07:50:00", position(2, "2026-09-23 07:49:00", "", "正常"));
  const auto trip = records("trip").at(0);
  EXPECT_EQ(trip.time("left_at"), at("2026-09-23 07:49:00"));
  EXPECT_EQ(trip.reference("deepest_area"), only("area", "code", "6208230092030004").id);
  send("RYSS", "2026-09-23 07:51:00", position(2, "2026-09-23 07:49:00", "", "正常"));
  EXPECT_EQ(records("trip").at(0).version, trip.version);
}

// ---- stays in areas

constexpr const char* kFace = "6208230092030004";
constexpr const char* kSealed = "6208230092030009";
constexpr const char* kRoad = "6208230092030005";
constexpr const char* kCard = "62082300920390001";

/// Times are "HH:MM" of one day; "" = none.
struct Seen {
  int flag;
  const char* entered;
  const char* left;
  const char* area;
  const char* since;
};
class Stays : public Story {
 protected:
  void SetUp() override {
    Story::SetUp();
    send("RYQY", "2026-09-01 00:01:00",
         fmt::format("重点区域;{};16;816综采工作面~限制区域;{};0;密闭前~其它区域;{};50;运输大巷~", kFace,
                     kSealed, kRoad));
    send("RYXX", "2026-09-01 00:01:00",
         std::string(kCard) + ";模拟甲;采煤工;班长;综采队;1985-03-04;高中;0;0~");
  }
  std::string on_day(const char* hhmm) const { return *hhmm ? fmt::format("{} {}:00", day, hhmm) : ""; }
  Receipt see(const char* at, const Seen& p) {
    return send("RYSS", on_day(at),
                fmt::format("{};模拟甲;{};{};{};{};{};;;三八制;;正常;0;0;~", card, p.flag, on_day(p.entered),
                            on_day(p.left), p.area, on_day(p.since)));
  }
  /// Those of the card, as "key 06:30-07:40, restricted 07:40-" in order of entry.
  std::string stays() {
    auto all = records("area_stay");
    std::erase_if(all, [&](const auto& s) { return s.text("card") != card; });
    std::sort(all.begin(), all.end(),
              [](const auto& a, const auto& b) { return a.time("entered_at") < b.time("entered_at"); });
    std::string out;
    const auto hhmm = [](std::optional<EventTime> t) {
      return t ? format_beijing(t->utc_ms).substr(11, 5) : std::string();
    };
    for (const auto& s : all) {
      out += fmt::format("{}{} {}-{}", out.empty() ? "" : ", ", s.text("area_kind"),
                         hhmm(s.time("entered_at")), hhmm(s.time("left_at")));
    }
    return out;
  }
  std::string day = "2026-09-23";
  std::string card = kCard;
};

TEST_F(Stays, FollowThePositions) {
  const struct {
    const char* why;
    std::vector<std::pair<const char*, Seen>> files;
    const char* want;
  } cases[] = {
      {"a road is no stay", {{"06:31", {1, "06:00", "", kRoad, "06:10"}}}, ""},
      {"the mouth is no stay", {{"06:31", {0, "", "", kFace, "06:10"}}}, ""},
      {"the same area_since opens once",
       {{"06:31", {1, "06:00", "", kFace, "06:30"}}, {"06:32", {1, "06:00", "", kFace, "06:30"}}},
       "key 06:30-"},
      {"the next area ends it, at its own area_since",
       {{"06:31", {1, "06:00", "", kFace, "06:30"}}, {"07:45", {1, "06:00", "", kRoad, "07:40"}}},
       "key 06:30-07:40"},
      {"from one kept area to the other",
       {{"06:31", {1, "06:00", "", kFace, "06:30"}}, {"07:45", {1, "06:00", "", kSealed, "07:40"}}},
       "key 06:30-07:40, restricted 07:40-"},
      {"out and in again between two files",
       {{"06:31", {1, "06:00", "", kFace, "06:30"}}, {"07:45", {1, "06:00", "", kFace, "07:40"}}},
       "key 06:30-07:40, key 07:40-"},
      {"leaving the mine ends it",
       {{"06:31", {1, "06:00", "", kFace, "06:30"}}, {"07:45", {2, "06:00", "07:41", "", "07:41"}}},
       "key 06:30-07:41"},
      {"leaving without a time tells nothing",
       {{"06:31", {1, "06:00", "", kFace, "06:30"}}, {"07:45", {2, "06:00", "", "", ""}}},
       "key 06:30-"},
      {"another area with an old area_since ends it when the file says so",
       {{"06:31", {1, "06:00", "", kFace, "06:30"}}, {"07:45", {1, "06:00", "", kRoad, "06:30"}}},
       "key 06:30-07:45"},
      {"no area for once is no end",
       {{"06:31", {1, "06:00", "", kFace, "06:30"}},
        {"06:32", {1, "06:00", "", "", ""}},
        {"06:33", {1, "06:00", "", kFace, "06:30"}}},
       "key 06:30-"},
      {"a new trip: nobody told when the stay ended",
       {{"06:31", {1, "06:00", "", kFace, "06:30"}}, {"07:45", {1, "07:10", "", kFace, "07:30"}}},
       "key 06:30-, key 07:30-"},
      {"no area_since, no stay", {{"06:31", {1, "06:00", "", kFace, ""}}}, ""},
      {"an unknown area is no stay", {{"06:31", {1, "06:00", "", "6208230092039999", "06:30"}}}, ""},
  };
  int n = 0;
  for (const auto& c : cases) {
    SCOPED_TRACE(c.why);
    day = fmt::format("2026-09-{:02}", ++n);  // files come in order of time; cases share nothing but areas
    card = fmt::format("620823009203{:05}", n);
    for (const auto& [at, seen] : c.files) {
      const Receipt receipt = see(at, seen);
      EXPECT_EQ(receipt.verdict, Verdict::accepted) << receipt.message;
    }
    EXPECT_EQ(stays(), c.want);
  }
}

TEST_F(Stays, SayWhoseCardInWhichArea) {
  see("06:31", {1, "06:00", "", kFace, "06:30"});
  const auto stay = only("area_stay", "card", kCard);
  EXPECT_EQ(stay.reference("person"), only("person", "card", kCard).id);
  EXPECT_EQ(stay.reference("area"), only("area", "code", kFace).id);
  EXPECT_EQ(stay.owner, mine_organisation);
}

TEST_F(Stays, ARedeliveredFileMakesNothingTwice) {
  see("06:31", {1, "06:00", "", kFace, "06:30"});
  see("07:45", {1, "06:00", "", kRoad, "07:40"});
  const auto version = only("area_stay", "card", kCard).version;
  EXPECT_EQ(see("06:31", {1, "06:00", "", kFace, "06:30"}).verdict, Verdict::duplicate);
  EXPECT_EQ(see("07:45", {1, "06:00", "", kRoad, "07:40"}).verdict, Verdict::duplicate);
  // A correction of the newest file that puts him at the face again, as it was before.
  EXPECT_EQ(see("07:45", {1, "06:00", "", kFace, "06:30"}).verdict, Verdict::correction);
  EXPECT_EQ(stays(), "key 06:30-07:40");
  EXPECT_EQ(only("area_stay", "card", kCard).version, version);
}

TEST_F(Stays, GoOnAfterARestart) {
  see("06:31", {1, "06:00", "", kFace, "06:30"});
  reopen();
  see("06:32", {1, "06:00", "", kFace, "06:30"});
  EXPECT_EQ(stays(), "key 06:30-");
  reopen();
  see("07:45", {1, "06:00", "", kSealed, "07:40"});
  EXPECT_EQ(stays(), "key 06:30-07:40, restricted 07:40-");
  reopen();
  see("08:00", {2, "06:00", "07:59", "", "07:59"});
  EXPECT_EQ(stays(), "key 06:30-07:40, restricted 07:40-07:59");
  reopen();  // the book is empty; the store knows that the stay has ended
  see("08:00", {1, "06:00", "", kFace, "06:30"});
  EXPECT_EQ(stays(), "key 06:30-07:40, restricted 07:40-07:59");
  EXPECT_EQ(sink.resets, 0) << "no transaction failed on a stay that was there already";
}

TEST_F(Stays, ACrashBetweenJournalAndTransactionIsMadeGoodOnce) {
  see("06:31", {1, "06:00", "", kFace, "06:30"});
  sink.failures = 100;  // the transaction never commits, the journal has it
  EXPECT_EQ(see("07:45", {1, "06:00", "", kSealed, "07:40"}).verdict, Verdict::accepted);
  EXPECT_EQ(stays(), "key 06:30-");
  reopen();
  EXPECT_EQ(stays(), "key 06:30-07:40, restricted 07:40-");
  const auto versions = [&] {
    std::vector<std::int64_t> out;
    for (const auto& s : records("area_stay")) out.push_back(s.version);
    return out;
  };
  const auto before = versions();
  reopen();  // replays the whole journal once more
  EXPECT_EQ(stays(), "key 06:30-07:40, restricted 07:40-");
  EXPECT_EQ(versions(), before);
}

TEST_F(Stays, AFailedTransactionLeavesTheBookAsItWas) {
  see("06:31", {1, "06:00", "", kFace, "06:30"});
  sink.failures = 1;  // the first try is rolled back after the stay was closed in it
  see("07:45", {1, "06:00", "", kSealed, "07:40"});
  EXPECT_EQ(stays(), "key 06:30-07:40, restricted 07:40-");
}

TEST_F(Story, AnEmptyPositionFileMeansNobodyUnderground) {
  const std::string file = "620823009203_RYSS_20260923080700.txt";
  const Receipt receipt = upload(file, fixture("bad/" + file));
  EXPECT_EQ(receipt.verdict, Verdict::accepted) << receipt.message;
  ASSERT_THAT(sink.seen, SizeIs(1));
  EXPECT_TRUE(sink.seen[0].is_positions);
  EXPECT_THAT(sink.seen[0].positions, IsEmpty());
}

}  // namespace
}  // namespace mineward::feed::story
