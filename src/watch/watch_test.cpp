// Stories about one county with a real store and a real history, on both databases.
#include "watch/watch.h"

#include <gtest/gtest.h>

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <tuple>

#include "db/testing.h"
#include "record/template_testing.h"
#include "watch/catalog_testing.h"

namespace mineward::watch {
namespace {

using record::Actor;
using record::Fields;
using record::Record;
using testing::national;

template <class T>
T must(Result<T> r) {
  if (!r) throw std::runtime_error(r.error().text());
  return *std::move(r);
}
template <class T>
T must(record::Outcome<T> o) {
  if (auto* refused = std::get_if<record::Refusal>(&o)) {
    std::string text = refused->error.text();
    for (const auto& f : refused->faults) text += "; " + f.field + " " + f.code + " " + f.message;
    throw std::runtime_error(text);
  }
  return std::get<T>(std::move(o));
}
void must(const Status& s) {
  if (!s) throw std::runtime_error(s.error().text());
}

constexpr EventTime kMorning = kScenarioStart;

/// A county, a mine with a methane, a CO and a fan point, and somebody for each role. Uploads go the way the
/// intake sends them.
class WatchStory : public db::OnBothEngines {
 protected:
  void SetUp() override {
    OnBothEngines::SetUp();
    if (IsSkipped()) return;
    database = std::make_unique<db::TestDatabase>(GetParam(), record::template_file(national(), 2000));
    store = must(record::open_store(national(), **database, *files, clock, ids,
                                    {database->folder().path() + "/files", 4096, 2000}));
    history::Options options;
    options.folder = database->folder().path() + "/history";
    samples = must(history::open_history(*files, options));
    const RecordId region = make("region", {{"code", "520523"}, {"name", "金沙县"}, {"level", "county"}});
    county = make(
        "organisation",
        {{"code", "c"}, {"name", "县局"}, {"kind", "regulator"}, {"level", "county"}, {"region", region}});
    const RecordId other = make(
        "organisation",
        {{"code", "d"}, {"name", "邻县"}, {"kind", "regulator"}, {"level", "county"}, {"region", region}});
    organisation = make("organisation", {{"code", "m"},
                                         {"name", "示例一矿公司"},
                                         {"kind", "mine"},
                                         {"level", "mine"},
                                         {"region", region},
                                         {"parent", county}});
    mine = make("mine", {{"code", "520523015641"},
                         {"name", "示例一矿"},
                         {"organisation", organisation},
                         {"kind", "coal"},
                         {"status", "producing"},
                         {"headcount_quota", std::int64_t{2}}});
    gas =
        point("MN0001A01", "0001", "MN", "回风隅角", "T0",
              {{"alarm_high", 1.0}, {"cut_high", 1.5}, {"alarm_high_clear", 1.0}, {"cut_high_restore", 1.0}});
    co = point("MN0004A01", "0004", "MN", "回风", "", {});
    fan = point("KG1001A01", "1001", "KG", "局扇", "", {});
    make("area", {{"organisation", organisation},
                  {"mine", mine},
                  {"code", "A1"},
                  {"name", "816工作面"},
                  {"kind", "key"},
                  {"quota", std::int64_t{9}}});
    dispatcher = actor("ddy", organisation, "dispatcher");
    officer = actor("county", county, "county_officer");
    foreign = actor("foreign", other, "county_officer");
    watch = open();
  }

  std::unique_ptr<Watch> open() {
    auto w = must(open_watch(national(), *store, *samples, clock));
    w->set_listener([this](const LiveEvent& e) { live.push_back(e); });
    return w;
  }

  RecordId make(std::string_view type, Fields fields) { return must(store->create(root, type, fields)).id; }
  history::PointKey point(const std::string& code, const char* type, const char* value_type,
                          const char* place, const std::string& role, Fields more) {
    more.insert({{"organisation", organisation},
                 {"mine", mine},
                 {"code", code},
                 {"sensor_type", std::string(type)},
                 {"value_type", std::string(value_type)},
                 {"unit", std::string("%CH4")},
                 {"place", place + std::string("&816&标准名")},
                 {"working_area", std::string("816")}});
    if (!role.empty()) more["role"] = role;
    ids_of[code] = make("point", more);
    return must(samples->point("520523015641", code));
  }
  Actor actor(const std::string& name, RecordId where, const char* role) {
    Actor a;
    a.name = name;
    a.roles = {role};
    a.organisation = where;
    a.scope.root = where;
    a.account = make("account", {{"name", name},
                                 {"display_name", name},
                                 {"organisation", where},
                                 {"roles", std::vector<std::string>{role}}});
    return a;
  }

  struct Sent {
    feed::AcceptedUpload upload;
    feed::Decoded decoded;
  };
  feed::AcceptedUpload upload(const char* type, EventTime at, std::vector<history::Row> rows) {
    auto& sent = *sents.emplace_back(std::make_unique<Sent>());
    sent.decoded.layout = national()->dialect("A")->file(type);
    sent.decoded.header_time = at;
    feed::AcceptedUpload u;
    u.seq = ++seq;
    u.mine_code = "520523015641";
    u.mine = mine;
    u.organisation = organisation;
    u.decoded = &sent.decoded;
    u.rows = std::move(rows);
    u.arrived = ArrivalTime{at.utc_ms};
    return u;
  }
  /// Applies in a transaction as the intake does; `fail` rolls back and resets.
  void send(Watch& w, const feed::AcceptedUpload& u, bool fail = false) {
    if (!u.replayed && !u.rows.empty()) w.prepare(u);
    const Status done = store->write([&](record::Writer& writer) -> Status {
      MW_TRY(w.apply(writer, u));
      return fail ? Status(unavailable("the disk is full")) : Status();
    });
    EXPECT_EQ(done.ok(), !fail) << (done.ok() ? "" : done.error().text());
    if (!done) return w.reset(mine);
    if (!u.replayed)
      w.committed(u, {feed::Verdict::accepted, "f", "520523015641", "CDSS", u.seq, 1, 0, 0, {}, "", ""});
  }
  void send(const feed::AcceptedUpload& u) { send(*watch, u); }
  void gas_at(int seconds, double value, int state = 0) {
    const EventTime at = kMorning + Millis(1000 * seconds);
    clock.set(ArrivalTime{at.utc_ms});
    send(upload("CDSS", at, {{gas, {at, value, static_cast<std::uint16_t>(state)}}}));
  }
  feed::AcceptedUpload people_at(int seconds, std::vector<feed::Position> positions) {
    auto u = upload("RYSS", kMorning + Millis(1000 * seconds), {});
    for (auto& p : positions) p.flag = 1;
    u.positions = std::move(positions);
    u.is_positions = true;
    return u;
  }
  /// The timer runs on to that time.
  void tick_at(Millis after) {
    const ArrivalTime end{(kMorning + after).utc_ms};
    while (end - clock.now() > 1min) {
      clock.set(clock.now() + 1min);
      must(watch->tick(clock.now()));
    }
    clock.set(end);
    must(watch->tick(clock.now()));
  }

  std::vector<Record> alarms(const Actor& who) {
    record::ListQuery q;
    q.type = "alarm";
    q.descending = false;
    q.limit = 500;
    return must(store->list(who, q)).records;
  }
  std::vector<Record> alarms() { return alarms(root); }
  Record only_alarm() {
    auto all = alarms();
    EXPECT_EQ(all.size(), 1u);
    return all.at(0);
  }
  /// Everything about the events, but not who handled them.
  std::string alarm_text() {
    std::string out;
    for (const auto& r : alarms())
      out += fmt::format("{} {} peak {} at {} mean {:.6f} n {} cleared {}\n", r.text("event_key"),
                         r.text("grade"), r.number("peak").value_or(-1),
                         r.time("peak_at").value_or(EventTime{}).utc_ms, r.number("mean").value_or(-1),
                         r.number("samples").value_or(-1), r.time("cleared_at").value_or(EventTime{}).utc_ms);
    return out;
  }
  int seen(LiveEvent::Kind kind) {
    int n = 0;
    for (const auto& e : live) n += e.kind == kind;
    return n;
  }

  std::unique_ptr<Files> files = system_files();
  ManualClock clock{ArrivalTime{kMorning.utc_ms}};
  IdMaker ids{clock, 1};
  const Actor root = Actor::system("system:test");
  std::unique_ptr<db::TestDatabase> database;
  std::unique_ptr<record::Store> store;
  std::unique_ptr<history::History> samples;
  std::unique_ptr<Watch> watch;
  RecordId county, organisation, mine;
  history::PointKey gas = 0, co = 0, fan = 0;
  std::map<std::string, RecordId> ids_of;
  Actor dispatcher, officer, foreign;
  std::vector<std::unique_ptr<Sent>> sents;
  std::vector<LiveEvent> live;
  std::uint64_t seq = 0;
};
MW_ON_BOTH_ENGINES(WatchStory);

// Methane rises over 1.0 for a minute; the dispatcher answers, handles it, and may close it once it is calm.
TEST_P(WatchStory, AnAlarmIsRaisedAcknowledgedHandledClearedAndClosed) {
  gas_at(0, 0.9);
  gas_at(30, 1.05);
  EXPECT_TRUE(alarms().empty());
  gas_at(60, 1.2);
  Record a = only_alarm();
  EXPECT_EQ(a.state, "raised");
  EXPECT_EQ(a.text("rule"), "G-1");
  EXPECT_EQ(a.text("grade"), "yellow");
  EXPECT_EQ(a.text("title"), "甲烷超限 回风隅角");
  EXPECT_EQ(a.text("limit_text"), ">=1.0");
  EXPECT_NE(a.text("limit_source").find("CH4-T0 [national"), std::string::npos) << a.text("limit_source");
  EXPECT_EQ(a.reference("point"), ids_of["MN0001A01"]);
  EXPECT_EQ(a.time("begin_at"), kMorning + 30s);
  EXPECT_EQ(a.owner, organisation);
  EXPECT_EQ(alarms(officer).size(), 1u) << "the county sees it";
  EXPECT_EQ(alarms(foreign).size(), 0u) << "the neighbour does not";
  EXPECT_EQ(seen(LiveEvent::Kind::alarm), 1);
  EXPECT_EQ(seen(LiveEvent::Kind::values), 3);

  a = must(store->step(dispatcher, "alarm", a.id, a.version, "acknowledge", {}));
  gas_at(90, 2.4);
  a = must(store->get(root, "alarm", a.id));
  EXPECT_EQ(a.text("grade"), "orange") << "the peak went over 2 %";
  EXPECT_EQ(a.state, "acknowledged") << "a regrade does not undo an answer";
  a = must(store->step(dispatcher, "alarm", a.id, a.version, "handle",
                       {{"cause", std::string("ventilation")}, {"measures", std::string("撤人，加强通风")}}));
  EXPECT_TRUE(
      std::holds_alternative<record::Refusal>(store->step(dispatcher, "alarm", a.id, a.version, "close", {})))
      << "it is not calm yet";
  gas_at(120, 0.6);
  gas_at(720, 0.5);
  EXPECT_FALSE(must(store->get(root, "alarm", a.id)).time("cleared_at"));
  gas_at(750, 0.5);
  a = must(store->get(root, "alarm", a.id));
  EXPECT_EQ(a.time("cleared_at"), kMorning + 120s);
  EXPECT_EQ(a.number("peak"), 2.4);
  EXPECT_NEAR(*a.number("mean"), (1.05 + 1.2 + 2.4) / 3, 1e-9);
  EXPECT_EQ(a.number("samples"), 3);
  a = must(store->step(dispatcher, "alarm", a.id, a.version, "close", {}));
  EXPECT_EQ(a.state, "closed");
  EXPECT_TRUE(must(store->verify()).ok);
}

// A message of values costs more than the judging of them: it is made only while somebody looks at the mine.
TEST_P(WatchStory, ValuesAreWrittenAsTextOnlyForThoseWhoLook) {
  std::set<RecordId> looked_at;
  std::vector<std::tuple<LiveEvent::Kind, RecordId, RecordId>> asked;
  watch->set_listener([this](const LiveEvent& e) { live.push_back(e); },
                      [&](LiveEvent::Kind kind, RecordId of, RecordId owner) {
                        asked.emplace_back(kind, of, owner);
                        return kind != LiveEvent::Kind::values || looked_at.contains(of);
                      });
  gas_at(0, 1.2);
  EXPECT_EQ(seen(LiveEvent::Kind::values), 0);
  EXPECT_EQ(seen(LiveEvent::Kind::upload), 1) << "which somebody wants";
  ASSERT_FALSE(asked.empty());
  EXPECT_EQ(asked.front(), std::tuple(LiveEvent::Kind::values, mine, organisation));
  looked_at = {mine};
  gas_at(30, 1.3);
  ASSERT_EQ(seen(LiveEvent::Kind::values), 1);
  const auto values = std::find_if(live.begin(), live.end(),
                                   [](const LiveEvent& e) { return e.kind == LiveEvent::Kind::values; });
  EXPECT_NE(values->json.find("\"value\":1.3"), std::string::npos) << values->json;
  EXPECT_EQ(seen(LiveEvent::Kind::alarm), 1);
  looked_at.clear();
  gas_at(60, 1.8);
  EXPECT_EQ(seen(LiveEvent::Kind::values), 1);
  EXPECT_GE(seen(LiveEvent::Kind::alarm), 2) << "alarms go out whoever looks";
}

TEST_P(WatchStory, ThePeakOfAnOpenAlarmFollowsTheCurve) {
  gas_at(0, 1.1);
  gas_at(30, 1.3);
  gas_at(60, 1.5);
  const auto g1 = [&] {
    for (const auto& r : alarms())
      if (r.text("rule") == "G-1") return r;
    throw std::runtime_error("no G-1");
  };
  Record a = g1();
  EXPECT_EQ(a.number("peak"), 1.5);
  EXPECT_EQ(a.time("peak_at"), kMorning + 60s);
  EXPECT_EQ(a.number("samples"), 3);
  EXPECT_NEAR(*a.number("mean"), 1.3, 1e-9);
  EXPECT_EQ(a.version, 2);
  gas_at(90, 1.4);
  EXPECT_EQ(g1().version, 2) << "nothing is written for less";
  int told = 0;
  for (const auto& e : live)
    told += e.kind == LiveEvent::Kind::alarm && e.json.find("\"peak\":1.5") != std::string::npos &&
            e.json.find("标准名") == std::string::npos;
  EXPECT_GE(told, 1);

  // A fresh process replays: nothing is written again.
  const auto sent = sents.size();
  ASSERT_EQ(sent, 4u);
  must((*database)->write([](db::Connection& c) { return c.script("DELETE FROM watch_state"); }));
  watch = open();
  const double values[] = {1.1, 1.3, 1.5, 1.4};
  for (int i = 0; i < 4; ++i) {
    const EventTime at = kMorning + Millis(30'000 * i);
    auto u = upload("CDSS", at, {{gas, {at, values[i], 0}}});
    u.seq = static_cast<std::uint64_t>(i + 1);
    u.replayed = true;
    send(u);
  }
  EXPECT_EQ(g1().version, 2);
  EXPECT_EQ(g1().number("peak"), 1.5);
}

// A red alarm that nobody answers: county after 5 min, city after 10, province after 20; each step in the
// log.
TEST_P(WatchStory, AnUnansweredAlarmClimbs) {
  gas_at(0, 3.2);
  gas_at(30, 3.2);
  const auto red = [&] {
    for (const auto& r : alarms())
      if (r.text("rule") == "G-1") return r;
    throw std::runtime_error("no G-1");
  };
  ASSERT_EQ(red().text("grade"), "red");
  const Millis raised = 30s;
  tick_at(raised + 5min - 1ms);
  EXPECT_EQ(red().text("escalated_to"), "");
  tick_at(raised + 5min);
  EXPECT_EQ(red().text("escalated_to"), "county");
  tick_at(raised + 10min);
  EXPECT_EQ(red().text("escalated_to"), "city");
  tick_at(raised + 20min);
  EXPECT_EQ(red().text("escalated_to"), "province");
  EXPECT_EQ(red().time("escalated_at"), kMorning + raised + 20min);
  int steps = 0;
  for (const auto& c : must(store->history(root, "alarm", red().id)))
    steps += c.reason.find("分钟内无人确认，升级至") != std::string::npos &&
             c.reason.find(" / nobody acknowledged it for") != std::string::npos;
  EXPECT_EQ(steps, 3);
}

TEST_P(WatchStory, AfterALongStandstillEachLevelIsLoggedAllTheSame) {
  gas_at(0, 3.2);
  gas_at(30, 3.2);
  watch = open();
  tick_at(2h);
  const Record a = alarms().at(0);
  EXPECT_EQ(a.text("escalated_to"), "province");
  int steps = 0;
  for (const auto& c : must(store->history(root, "alarm", a.id)))
    steps += c.reason.find("分钟内无人确认，升级至") != std::string::npos &&
             c.reason.find(" / nobody acknowledged it for") != std::string::npos;
  EXPECT_EQ(steps, 3);
}

// They share a transaction: what is wrong with one must not keep the others.
TEST_P(WatchStory, AnAlarmThatCannotBeWrittenKeepsNoOtherFromClimbing) {
  gas_at(0, 3.2);
  gas_at(30, 3.2);
  const std::vector<Record> raised = alarms();
  ASSERT_EQ(raised.size(), 2u) << "G-1 and G-2";
  const auto [first, second] = std::minmax(raised[0].id, raised[1].id);
  must((*database)->write([&](db::Connection& c) {
    return c.script(fmt::format("DELETE FROM alarm WHERE id = {}", first.value));
  }));
  tick_at(30s + 5min);  // both are due, the lost one is written first
  ASSERT_EQ(alarms().size(), 1u);
  EXPECT_EQ(alarms()[0].id, second);
  EXPECT_EQ(alarms()[0].text("escalated_to"), "county") << alarms()[0].text("rule");
}

TEST_P(WatchStory, AnAnsweredAndALateAlarmDoNotClimb) {
  gas_at(0, 1.2);
  gas_at(30, 1.2);
  const Record a = only_alarm();
  must(store->step(dispatcher, "alarm", a.id, a.version, "acknowledge", {}));
  clock.set(ArrivalTime{(kMorning + 48h).utc_ms});
  auto late =
      upload("CDSS", kMorning + 24h, {{co, {kMorning + 24h, 50, 0}}, {co, {kMorning + 24h + 3min, 50, 0}}});
  late.arrived = clock.now();
  send(late);
  ASSERT_EQ(alarms().size(), 2u);
  tick_at(72h);
  for (const auto& r : alarms()) {
    if (r.text("rule") == "C-1") continue;
    EXPECT_EQ(r.text("escalated_to"), "") << r.text("event_key");
  }
}

// Killed at every moment and started again, with or without a checkpoint: the same alarms, each once.
TEST_P(WatchStory, AReplayAfterACrashRaisesNothingTwice) {
  std::vector<feed::AcceptedUpload> day;
  const double values[] = {0.9, 1.2, 1.2, 2.1, 0.5, 0.4, 1.3, 0.3, 0.3,
                           0.3, 0.3, 1.7, 1.8, 0.2, 8.0, 0.2, 0.2};
  int i = 0;
  for (double v : values) {
    const EventTime at = kMorning + Millis(200'000 * i++);
    day.push_back(upload("CDSS", at, {{gas, {at, v, 0}}}));
  }
  for (const auto& u : day) send(u);
  const std::string want = alarm_text();
  ASSERT_NE(want.find("|G-1|"), std::string::npos);
  ASSERT_NE(want.find("|G-2|"), std::string::npos);
  ASSERT_NE(want.find("|T-7|"), std::string::npos);
  const std::size_t count = alarms().size();

  for (std::size_t saved_at : {std::size_t{0}, std::size_t{3}, day.size() - 1}) {
    // A fresh process: nothing in memory, records as they are, the state of an earlier moment.
    must((*database)->write([](db::Connection& c) { return c.script("DELETE FROM watch_state"); }));
    watch = open();
    for (std::size_t k = 0; k < day.size(); ++k) {
      auto again = day[k];
      again.replayed = true;
      send(again);
      if (k == saved_at) {
        must(watch->save());
        watch = open();
        for (std::size_t j = 0; j <= k; ++j) {
          auto old = day[j];
          old.replayed = true;
          send(old);
        }
      }
    }
    EXPECT_EQ(alarms().size(), count) << "saved after " << saved_at;
    EXPECT_EQ(alarm_text(), want);
  }
}

// Each upload fails first, in one way or the other: reset() takes the engine back, the upload comes again.
TEST_P(WatchStory, AFailedCommitLeavesNoTrace) {
  const double values[] = {0.9, 1.2, 1.2, 2.1, 0.5, 0.4, 0.3, 0.3, 1.7, 1.8, 0.2, 0.2, 0.2, 0.2};
  int i = 0;
  for (double v : values) {
    const EventTime at = kMorning + Millis(200'000 * i++);
    const auto u = upload("CDSS", at, {{gas, {at, v, 0}}});
    send(*watch, u, true);
    watch->prepare(u);  // and somebody else's work failed before its turn in the shared transaction came
    EXPECT_LT(watch->saved_seq(), u.seq) << "the journal must keep what is only prepared";
    watch->reset(mine);
    send(u);
  }
  const std::string found = alarm_text();
  must((*database)->write([](db::Connection& c) { return c.script("DELETE FROM watch_state"); }));
  EXPECT_EQ(std::count(found.begin(), found.end(), '\n'), 3) << found;  // two G-1, one G-2
  EXPECT_NE(found.find("peak 2.1 "), std::string::npos);
  EXPECT_NE(found.find("n 3 cleared"), std::string::npos) << "no sample is counted twice:\n" << found;
  EXPECT_EQ(seen(LiveEvent::Kind::values), 14) << "nothing is pushed for what was rolled back";
}

// The board shows how long a mine has been silent: what was judged already, though it is not committed.
TEST_P(WatchStory, SamplesAreJudgedWhenTheyArePrepared) {
  gas_at(0, 0.3);
  const ArrivalTime later{(kMorning + 1h).utc_ms};
  const auto silence = [&] { return must(watch->board(root, later)).at(0).silence; };
  EXPECT_EQ(silence(), Millis(1h));
  watch->prepare(upload("CDSS", kMorning + 1h, {{gas, {kMorning + 1h, 0.3, 0}}}));
  EXPECT_EQ(silence(), Millis(0));
  watch->reset(mine);
  EXPECT_EQ(silence(), Millis(1h));
}

// What is prepared is judged with the registers as they are: the same alarms as without.
TEST_P(WatchStory, WhatIsPreparedIsJudgedTheSame) {
  const double values[] = {0.9, 1.2, 1.3, 1.9, 0.4};
  std::vector<std::string> found;
  for (const bool prepared : {false, true}) {
    int i = 0;
    const EventTime begin = kMorning + Millis(prepared ? 86'400'000 : 0);
    for (double v : values) {
      const EventTime at = begin + Millis(30'000 * i++);
      const auto u = upload("CDSS", at, {{gas, {at, v, 0}}});
      if (prepared) watch->prepare(u);
      must(store->write([&](record::Writer& writer) { return watch->apply(writer, u); }));
      watch->committed(u, {feed::Verdict::accepted, "f", "520523015641", "CDSS", u.seq, 1, 0, 0, {}, "", ""});
    }
    std::string all;
    for (const Record& a : alarms(root)) {
      if ((*a.time("begin_at") >= kMorning + Millis(86'000'000)) != prepared) continue;
      all += a.text("rule") + " " + a.text("grade") + " " + std::to_string(*a.number("samples")) + " " +
             std::to_string((*a.time("begin_at") - begin).count()) + "\n";
    }
    found.push_back(all);
  }
  EXPECT_FALSE(found[0].empty());
  EXPECT_EQ(found[0], found[1]);
}

TEST_P(WatchStory, TheJournalMayBeCutOnlyBelowWhatIsNotSaved) {
  EXPECT_EQ(watch->saved_seq(), 0u) << "before anything was replayed";
  must(watch->tick(clock.now()));
  gas_at(0, 0.3);
  gas_at(30, 0.3);
  EXPECT_EQ(watch->saved_seq(), 0u);
  must(watch->save());
  EXPECT_EQ(watch->saved_seq(), 2u);
  const auto third = upload("CDSS", kMorning + 60s, {}), fourth = upload("CDSS", kMorning + 90s, {});
  send(fourth);
  must(watch->save());
  EXPECT_EQ(watch->saved_seq(), 2u) << "the third has not come through yet";
  (void)third;
}

TEST_P(WatchStory, NamesThePointsThatSentReadingsToWhoMaySeeThem) {
  const auto named = [&](const Actor& who, std::optional<RecordId> one = {}) {
    std::string out;
    for (const MinePoints& found : must(watch->points(who, one))) {
      EXPECT_EQ(found.mine, mine);
      for (const auto& [id, key] : found.points)
        out += must(store->get(root, "point", id)).text("code") + (key == gas ? "=gas " : " ");
    }
    return out;
  };
  EXPECT_EQ(named(dispatcher), "MN0001A01=gas MN0004A01 KG1001A01 ") << "those with a key";
  EXPECT_EQ(named(dispatcher, mine), "MN0001A01=gas MN0004A01 KG1001A01 ");
  EXPECT_EQ(named(foreign), "");
  EXPECT_EQ(named(foreign, mine), "");
}

TEST_P(WatchStory, ADamagedStateIsRefused) {
  gas_at(0, 0.3);
  must(watch->save());
  must(
      (*database)->write([](db::Connection& c) { return c.script("UPDATE watch_state SET crc = crc + 1"); }));
  watch = open();
  const auto u = upload("CDSS", kMorning + 60s, {});
  const Status s = store->write([&](record::Writer& w) { return watch->apply(w, u); });
  ASSERT_FALSE(s.ok());
  EXPECT_NE(s.error().text().find("checksum"), std::string::npos) << s.error().text();
}

// Blasting is reported and approved after the start of the program; CO within the window is blue and planned.
TEST_P(WatchStory, ApprovedBlastingIsTakenUpWhileRunning) {
  gas_at(0, 0.3);
  tick_at(1s);
  const Actor manager = actor("kz", organisation, "mine_manager");
  const Record plan = must(store->create(dispatcher, "planned_work",
                                         {{"mine", mine},
                                          {"kind", std::string("blasting")},
                                          {"title", std::string("816 爆破")},
                                          {"begins_at", kMorning},
                                          {"ends_at", kMorning + 30min}}));
  must(store->step(manager, "planned_work", plan.id, plan.version, "approve", {}));
  tick_at(20s);
  std::vector<history::Row> rows;
  for (int t = 60; t <= 300; t += 30) rows.push_back({co, {kMorning + Millis(1000 * t), 87, 0}});
  send(upload("CDSS", kMorning + 300s, rows));
  const Record a = only_alarm();
  EXPECT_EQ(a.text("grade"), "blue");
  EXPECT_TRUE(std::get<bool>(a.fields.at("planned")));
  tick_at(20min);
  EXPECT_EQ(must(store->get(root, "alarm", a.id)).text("escalated_to"), "") << "planned work does not climb";
}

TEST_P(WatchStory, SilenceIsRaisedByTheTimerAndEndsWithTheNextFileEvenAfterARestart) {
  gas_at(0, 0.3);
  must(watch->save());
  tick_at(5min);
  EXPECT_TRUE(alarms().empty());
  tick_at(6min);
  Record a = only_alarm();
  EXPECT_EQ(a.text("rule"), "C-1");
  EXPECT_EQ(a.text("grade"), "blue");
  tick_at(31min);
  EXPECT_EQ(only_alarm().text("grade"), "yellow");
  watch = open();
  tick_at(32min);
  EXPECT_EQ(alarms().size(), 1u);
  gas_at(2400, 0.3);
  a = only_alarm();
  EXPECT_EQ(a.time("cleared_at"), kMorning + 2400s);
}

TEST_P(WatchStory, AClockSetForwardADayRaisesNoStormOfSilence) {
  gas_at(0, 0.3);
  tick_at(1min);
  clock.set(clock.now() + 24h);
  must(watch->tick(clock.now()));
  EXPECT_TRUE(alarms().empty()) << "a day has passed by the clock, a second in the mine";
  tick_at(24h + 5min);
  EXPECT_TRUE(alarms().empty());
  tick_at(24h + 7min);
  EXPECT_EQ(only_alarm().text("grade"), "blue") << "true silence is seen, counted from the jump";
}

TEST_P(WatchStory, AClockSetBackAnHourHidesNoSilence) {
  gas_at(0, 0.3);
  tick_at(1min);
  clock.set(clock.now() - 1h);
  must(watch->tick(clock.now()));
  for (int seconds = -3500; seconds <= -3200; seconds += 30) {
    gas_at(seconds, 0.3);  // files go on
    must(watch->tick(clock.now()));
  }
  EXPECT_TRUE(alarms().empty());
  tick_at(-3200s + 6min);
  EXPECT_EQ(only_alarm().text("rule"), "C-1") << "not an hour later";
}

TEST_P(WatchStory, SilenceIsSeenAlthoughNothingCameSinceTheClockWasSetBack) {
  gas_at(0, 0.3);
  tick_at(1min);
  clock.set(clock.now() - 1h);
  must(watch->tick(clock.now()));
  tick_at(-1h + 7min);
  EXPECT_EQ(only_alarm().text("rule"), "C-1");
}

TEST_P(WatchStory, AnUnansweredAlarmClimbsInTimeAlthoughTheClockWasSetBack) {
  gas_at(0, 3.2);
  gas_at(30, 3.2);
  const auto climbed = [&] {
    for (const auto& r : alarms())
      if (r.text("rule") == "G-1") return r.text("escalated_to");
    return std::string("no G-1");
  };
  tick_at(3min);
  EXPECT_EQ(climbed(), "");
  clock.set(clock.now() - 1h);
  must(watch->tick(clock.now()));
  tick_at(-1h + 5min + 29s);
  EXPECT_EQ(climbed(), "");
  tick_at(-1h + 5min + 30s);
  EXPECT_EQ(climbed(), "county") << "after the five minutes that it waited in all";
}

TEST_P(WatchStory, WhoIsUndergroundAndWhereAndWhoMayKnow) {
  make("person", {{"organisation", organisation}, {"mine", mine}, {"card", "c1"}, {"name", "张三"}});
  feed::Position leader;
  leader.card = "c2";
  leader.area = "A1";
  leader.is_leader = true;
  feed::Position worker;
  worker.card = "c1";
  worker.area = "A1";
  send(people_at(60, {worker, leader}));
  const Underground u = must(watch->underground(officer, mine));
  EXPECT_EQ(u.people, 2);
  EXPECT_EQ(u.leaders, 1);
  EXPECT_EQ(u.quota, 2);
  EXPECT_EQ(u.as_of, kMorning + 60s);
  ASSERT_EQ(u.areas.size(), 1u);
  EXPECT_EQ(u.areas[0].people, 2);
  EXPECT_EQ(u.areas[0].quota, 9);
  ASSERT_EQ(u.persons.size(), 2u);
  EXPECT_EQ(u.persons[0].name, "张三");
  EXPECT_EQ(watch->underground(foreign, mine).error().code, Errc::not_found);
  EXPECT_EQ(seen(LiveEvent::Kind::people), 1);
  send(people_at(120, {}));
  EXPECT_EQ(must(watch->underground(officer, mine)).people, 0);
}

TEST_P(WatchStory, LimitsForDrawing) {
  gas_at(0, 0.3);
  const PointLimits l = must(watch->limits(officer, ids_of["MN0001A01"], kMorning));
  ASSERT_TRUE(l.alarm && l.cut && l.restore);
  EXPECT_EQ(l.alarm->value, 1.0);
  EXPECT_EQ(l.cut->value, 1.5);
  EXPECT_EQ(l.restore->text(), "<1.0");
  EXPECT_EQ(l.mine_cut, ">=1.5");
  EXPECT_EQ(watch->limits(foreign, ids_of["MN0001A01"], kMorning).error().code, Errc::not_found);
}

TEST_P(WatchStory, TheBoardRanksAndExplains) {
  const RecordId quiet =
      make("organisation", {{"code", "q"},
                            {"name", "安静公司"},
                            {"kind", "mine"},
                            {"level", "mine"},
                            {"region", must(store->get(root, "organisation", county)).reference("region")},
                            {"parent", county}});
  make("mine", {{"code", "520523015642"},
                {"name", "安静矿"},
                {"organisation", quiet},
                {"kind", "coal"},
                {"status", "producing"}});
  gas_at(0, 3.2);
  gas_at(30, 3.2);
  const auto board = must(watch->board(officer, clock.now()));
  ASSERT_EQ(board.size(), 2u);
  EXPECT_EQ(board[0].name, "示例一矿");
  EXPECT_EQ(board[0].red, 1);
  EXPECT_EQ(board[0].orange, 1) << "G-2";
  EXPECT_EQ(board[0].unanswered, 2);
  EXPECT_EQ(board[0].oldest_unanswered, kMorning);
  EXPECT_EQ(board[0].silence, Millis(0));
  int sum = 0;
  for (const auto& [name, points] : board[0].parts) sum += points;
  EXPECT_EQ(sum, board[0].score);
  EXPECT_EQ(board[0].score, 40 + 20 + 2 * 10);
  EXPECT_EQ(board[1].score, 0);
  EXPECT_FALSE(board[1].silence);
  EXPECT_TRUE(must(watch->board(foreign, clock.now())).empty());
}

TEST_P(WatchStory, AHazardIsMadeOfAnAlarmOnce) {
  gas_at(0, 1.2);
  gas_at(30, 1.2);
  const Record a = only_alarm();
  const Actor worker = actor("gong", organisation, "worker");
  EXPECT_EQ(std::get<record::Refusal>(hazard_from_alarm(*store, worker, a.id, {})).error.code,
            Errc::forbidden);
  EXPECT_EQ(std::get<record::Refusal>(hazard_from_alarm(*store, foreign, a.id, {})).error.code,
            Errc::not_found);
  const Record h = must(hazard_from_alarm(*store, dispatcher, a.id, {}));
  EXPECT_EQ(h.text("title"), "甲烷超限 回风隅角") << "the number is in the link, not in the title";
  EXPECT_EQ(h.text("place"), "回风隅角");
  EXPECT_EQ(h.text("description").find("峰值 1.2 %CH4，限值 >=1.0 / peak 1.2 %CH4, limit >=1.0\n自 "), 0u)
      << h.text("description");
  EXPECT_EQ(must(store->history(root, "hazard", h.id)).at(0).reason,
            fmt::format("由报警 {0} 转为隐患 / made of alarm {0}", a.text("number")));
  EXPECT_EQ(h.text("origin"), "alarm");
  EXPECT_EQ(h.reference("alarm"), a.id);
  EXPECT_EQ(h.reference("found_by"), dispatcher.account);
  EXPECT_EQ(must(store->get(root, "alarm", a.id)).reference("hazard"), h.id);
  const auto again = hazard_from_alarm(*store, dispatcher, a.id, {});
  EXPECT_EQ(std::get<record::Refusal>(again).error.code, Errc::conflict);
  record::ListQuery q;
  q.type = "hazard";
  EXPECT_EQ(must(store->list(root, q)).records.size(), 1u);
}

}  // namespace
}  // namespace mineward::watch
