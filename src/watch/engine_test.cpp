// What must hold for the engine whatever the readings: cutting into uploads and saving changes nothing.
#include "watch/engine.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <fmt/format.h>

#include "watch/catalog_testing.h"
#include "watch/gas.h"
#include "watch/graded_items.h"

namespace mineward::watch {
namespace {

using testing::national;
using testing::told;

/// A mine with every kind of point that a detector looks at.
std::shared_ptr<const MineView> small_mine() {
  const auto s = Scenario::parse(
      *national(), {{"mine", "quota=3"},
                    {"point_g", "0001 T0 area=816 alarm=1.0 clear=0.95 cut=1.5 relation=D-b&K-k"},
                    {"point_h", "0001 T1 area=816 alarm=0.8"},
                    {"point_c", "0004 area=816"},
                    {"point_f", "1001 area=816"},
                    {"point_b", "1009"},
                    {"point_k", "1011"}});
  return s ? s->view : nullptr;
}

std::string text_of(const std::vector<AlarmChange>& changes) {
  std::string out;
  for (const auto& c : changes) {
    if (c.kind == AlarmChange::Kind::peak) continue;  // one an upload: depends on the cut by design
    out += fmt::format("{} {} {} {} {} {} {} {} {}\n", static_cast<int>(c.kind), c.key,
                       pack::name_of(c.grade), c.at.utc_ms, c.end ? c.end->utc_ms : 0, c.peak.value_or(-1),
                       c.mean.value_or(-1), c.samples, c.evidence);
  }
  return out;
}

/// Random readings in order of time, dense around the limits, with nulls and states.
std::vector<history::Row> random_series() {
  const auto view = small_mine();
  std::vector<PointKey> keys;
  for (const auto& [key, p] : view->points) keys.push_back(key);
  const auto n = *rc::gen::inRange(0, 150);
  std::vector<history::Row> rows;
  EventTime at = kScenarioStart;
  double gas = 0.9;
  for (int i = 0; i < n; ++i) {
    at = at + Millis(1000 * *rc::gen::element(1, 10, 30, 30, 30, 700));
    for (PointKey key : keys) {
      const auto& p = *view->point(key);
      history::Sample s{at, std::nullopt, 0};
      if (p.is_switch) {
        s.value = *rc::gen::inRange(0, 2);
      } else if (p.gas == "CO") {
        s.value = *rc::gen::element(10.0, 24.0, 30.0, 101.0);
      } else {
        gas = *rc::gen::element(gas, gas, 0.3, 0.95, 1.0, 1.2, 1.5, 1.6, 2.5, 8.0);
        s.value = gas;
      }
      if (*rc::gen::inRange(0, 20) == 0) s.value.reset();
      s.state = *rc::gen::element<std::uint16_t>(0, 0, 0, 0, 0, 4, 5, 128);
      rows.push_back({key, s});
    }
  }
  return rows;
}

std::vector<AlarmChange> feed(Engine& engine, std::span<const history::Row> rows, std::uint64_t seq) {
  EngineInput in;
  in.seq = seq;
  in.system = "aqjk";
  in.rows = rows;
  in.arrived = ArrivalTime{kScenarioStart.utc_ms};
  return engine.apply(in);
}

/// Cuts the series at random points; `between` may do something to the engine after each part.
std::string in_parts(const std::vector<history::Row>& rows,
                     const std::function<void(std::unique_ptr<Engine>&)>& between) {
  auto engine = std::make_unique<Engine>(national(), small_mine());
  std::vector<AlarmChange> all;
  std::size_t from = 0;
  std::uint64_t seq = 0;
  while (from < rows.size()) {
    const auto n =
        std::min<std::size_t>(rows.size() - from, static_cast<std::size_t>(*rc::gen::inRange(1, 200)));
    auto some = feed(*engine, std::span(rows).subspan(from, n), ++seq);
    std::move(some.begin(), some.end(), std::back_inserter(all));
    from += n;
    between(engine);
  }
  return text_of(all);
}

std::string at_once(const std::vector<history::Row>& rows) {
  Engine engine(national(), small_mine());
  return text_of(feed(engine, rows, 1));
}

RC_GTEST_PROP(Engine, TheSameEventsHoweverTheSeriesIsCut, ()) {
  const auto rows = random_series();
  RC_ASSERT(in_parts(rows, [](auto&) {}) == at_once(rows));
}

RC_GTEST_PROP(Engine, ASavedAndLoadedEngineGoesOnAsIfNothingHadBeen, ()) {
  const auto rows = random_series();
  RC_ASSERT(in_parts(rows, [](std::unique_ptr<Engine>& engine) {
              const std::string bytes = engine->save();
              auto next = std::make_unique<Engine>(national(), small_mine());
              RC_ASSERT(next->load(bytes).ok());
              RC_ASSERT(next->save() == bytes);
              engine = std::move(next);
            }) == at_once(rows));
}

RC_GTEST_PROP(Engine, AnAssignedEngineIsACopy, ()) {
  const auto rows = random_series();
  RC_ASSERT(in_parts(rows, [](std::unique_ptr<Engine>& engine) {
              auto next = std::make_unique<Engine>(national(), small_mine());
              next->assign(*engine);
              engine = std::move(next);
            }) == at_once(rows));
}

// As an upload does whose transaction failed: taken back, and applied again.
RC_GTEST_PROP(Engine, WhatIsTakenBackLeavesNoTrace, ()) {
  const auto rows = random_series();
  Engine engine(national(), small_mine()), before(national(), small_mine());
  std::vector<AlarmChange> all;
  std::uint64_t seq = 0;
  for (std::size_t from = 0; from < rows.size();) {
    const auto n =
        std::min<std::size_t>(rows.size() - from, static_cast<std::size_t>(*rc::gen::inRange(1, 200)));
    const auto part = std::span(rows).subspan(from, n);
    before.assign(engine);
    const std::string saved = engine.save();
    ++seq;
    for (int failures = *rc::gen::inRange(0, 3); failures > 0; --failures) {
      feed(engine, part, seq);
      engine.assign(before);
      RC_ASSERT(engine.save() == saved);
    }
    auto some = feed(engine, part, seq);
    std::move(some.begin(), some.end(), std::back_inserter(all));
    from += n;
  }
  RC_ASSERT(text_of(all) == at_once(rows));
}

RC_GTEST_PROP(Engine, EventsOfASubjectAlternateAndOnlyRise, ()) {
  Engine engine(national(), small_mine());
  const auto rows = random_series();
  std::map<std::string, std::pair<std::string, pack::Grade>> on;  // rule and subject -> key, grade
  std::map<std::string, EventTime> ended;
  std::set<std::string> keys;
  for (const AlarmChange& c : feed(engine, rows, 1)) {
    const std::string who = c.rule->id + "|" + c.subject;
    if (c.kind == AlarmChange::Kind::raise) {
      RC_ASSERT(!on.contains(who));
      RC_ASSERT(keys.insert(c.key).second);
      if (ended.contains(who)) RC_ASSERT(c.begin - ended[who] > c.rule->reraise_after);
      on[who] = {c.key, c.grade};
      continue;
    }
    RC_ASSERT(on.contains(who) && on[who].first == c.key);
    RC_ASSERT(c.grade >= on[who].second);
    on[who].second = c.grade;
    if (c.kind == AlarmChange::Kind::clear) {
      on.erase(who);
      ended[who] = *c.end;
    }
  }
}

TEST(Engine, APeakThatRisesIsToldOnceAnUpload) {
  const struct {
    const char* why;
    std::vector<std::vector<double>> uploads;  ///< 30 s apart, in percent of methane
    const char* want;                          ///< what G-1 says: + raise, ^ regrade, * peak, - clear
  } cases[] = {
      {"rises", {{1.1, 1.1}, {1.3}, {1.5}}, "+1.1 *1.3 *1.5"},
      {"stays, falls, rises", {{1.1, 1.2}, {1.2}, {1.1}, {1.25}}, "+1.2 *1.25"},
      {"twice in one upload", {{1.1, 1.1}, {1.2, 1.3, 1.2}}, "+1.1 *1.3"},
      {"in the upload that raised it", {{1.1, 1.1, 1.4}}, "+1.1 *1.4"},
      {"a new grade carries it", {{1.1, 1.1}, {1.5, 2.1}}, "+1.1 ^2.1"},
      {"a new grade and then more", {{1.1, 1.1}, {2.1, 2.2}}, "+1.1 ^2.1 *2.2"},
      {"after a calm that did not last", {{1.1, 1.1}, {0.3}, {1.2}}, "+1.1 *1.2"},
      {"not yet an event", {{1.1}, {0.3}, {1.2}}, ""},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.why);
    Engine engine(national(),
                  Scenario::parse(*national(), {{"point", "0001 T0 alarm=1.0 clear=1.0 cut=5"}})->view);
    std::string found;
    std::uint64_t seq = 0;
    EventTime at = kScenarioStart;
    for (const auto& values : c.uploads) {
      std::vector<history::Row> rows;
      for (double v : values) rows.push_back({1, {at = at + 30s, v, 0}});
      for (const auto& change : feed(engine, rows, ++seq))
        if (change.rule->id == "G-1")
          found += fmt::format("{}{}{}", found.empty() ? "" : " ", "+^*-"[static_cast<int>(change.kind)],
                               change.peak.value_or(0));
    }
    EXPECT_EQ(found, c.want);
  }
}

TEST(Engine, StateThatIsCutShortOrOfAnotherVersionIsRefused) {
  Engine engine(national(), small_mine());
  const std::string bytes = engine.save();
  Engine other(national(), small_mine());
  EXPECT_FALSE(other.load(bytes.substr(0, bytes.size() - 1)).ok());
  std::string wrong = bytes;
  wrong[0] = 99;
  const Status s = other.load(wrong);
  ASSERT_FALSE(s.ok());
  EXPECT_NE(s.error().message.find("found version 99"), std::string::npos) << s.error().message;
}

TEST(Engine, AnUploadThatItContainsIsNotAppliedAgain) {
  Engine engine(national(), small_mine());
  const std::vector<history::Row> rows = {{1, {kScenarioStart, 1.2, 0}}, {1, {kScenarioStart + 30s, 1.2, 0}}};
  EXPECT_TRUE(feed(engine, rows, 5).empty()) << "point 1 is the breaker";
  PointKey gas = 0;
  for (const auto& [key, p] : engine.view().points)
    if (p.code == "g") gas = key;
  const std::vector<history::Row> over = {{gas, {kScenarioStart, 1.2, 0}},
                                          {gas, {kScenarioStart + 30s, 1.2, 0}}};
  EXPECT_TRUE(feed(engine, over, 5).empty());
  EXPECT_FALSE(feed(engine, over, 6).empty());
}

// ---- late data
// ----------------------------------------------------------------------------------------------------

struct LateCase {
  const char* why;
  std::vector<std::pair<int, double>> first, then;  ///< seconds, value
  const char* want;
};

TEST(Engine, SamplesBehindTheNewestAreJudgedAsLate) {
  const LateCase cases[] = {
      {"far behind: an event of its own, marked late",
       {{7200, 0.3}},
       {{0, 1.2}, {30, 1.2}, {60, 0.3}, {700, 0.3}},
       "G-1:30+yellow/late G-1:60-"},
      {"a little behind: in its own lane as well",
       {{7200, 0.3}},
       {{7100, 1.2}, {7130, 1.2}},
       "G-1:7130+yellow/late"},
      {"inside a known event: nothing new",
       {{0, 1.2}, {60, 1.2}, {120, 1.2}},
       {{30, 1.2}, {40, 1.2}},
       "G-1:60+yellow"},
      {"within ten minutes after a known event: the same",
       {{0, 1.2}, {60, 1.2}, {90, 0.3}, {2000, 0.3}},
       {{300, 1.2}, {330, 1.2}},
       "G-1:60+yellow G-1:90-"},
      {"a repeat of the newest says nothing", {{0, 1.2}}, {{0, 1.2}, {0, 1.2}}, ""},
      {"late data that stop coming end with their last sample",
       {{7200, 0.3}},
       {{0, 1.2},    {30, 1.2},   {7210, 0.3}, {7220, 0.3}, {7230, 0.3}, {7240, 0.3},
        {7250, 0.3}, {7260, 0.3}, {7270, 0.3}, {7280, 0.3}, {7290, 0.3}, {7300, 0.3},
        {7310, 0.3}, {7320, 0.3}, {7330, 0.3}, {7340, 0.3}, {7350, 0.3}, {7360, 0.3},
        {7370, 0.3}, {7380, 0.3}, {7390, 0.3}, {7400, 0.3}, {7410, 0.3}},
       "G-1:30+yellow/late G-1:30-"},
      {"one late sample is not enough", {{7200, 0.3}}, {{0, 1.2}}, ""},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.why);
    const auto view = Scenario::parse(*national(), {{"point", "0001 T2 alarm=1.0 clear=1.0 cut=5"}})->view;
    // G-2 has the same floor in T2, so only G-1 is looked at.
    Engine engine(national(), view);
    std::vector<AlarmChange> all;
    std::uint64_t seq = 0;
    for (const auto* part : {&c.first, &c.then})
      for (const auto& [at, v] : *part) {
        const std::vector<history::Row> row = {{1, {kScenarioStart + Millis(1000 * at), v, 0}}};
        EngineInput in;
        in.seq = ++seq;
        in.rows = row;
        in.arrived = ArrivalTime{kScenarioStart.utc_ms};
        for (auto& change : engine.apply(in))
          if (change.rule->id == "G-1") all.push_back(std::move(change));
      }
    std::string text = changes_text(all, "");
    EXPECT_EQ(text, c.want);
  }
}

TEST(Engine, DataThatComeLongAfterTheyHappenedAreLateToo) {
  for (const auto delay : {Millis(1h), Millis(1h + 1ms)}) {
    Engine engine(national(), Scenario::parse(*national(), {{"point", "0001 T0 alarm=1.0"}})->view);
    const std::vector<history::Row> rows = {{1, {kScenarioStart, 1.2, 0}},
                                            {1, {kScenarioStart + 30s, 1.2, 0}}};
    EngineInput in;
    in.seq = 1;
    in.rows = rows;
    in.arrived = ArrivalTime{(kScenarioStart + 30s + delay).utc_ms};
    const auto out = engine.apply(in);
    ASSERT_EQ(out.size(), 1u);
    EXPECT_EQ(out[0].late, delay > Millis(1h));
  }
}

TEST(Engine, LimitsAreThoseOfTheTime) {
  const auto s =
      Scenario::parse(*national(), {{"point", "0001 T0 alarm=0.8"}, {"define_1000", "p alarm=1.0"}});
  ASSERT_TRUE(s);
  Engine engine(national(), s->view);
  engine.set_view(s->uploads.at(0).view, s->uploads.at(0).at);
  const PointInfo& p = engine.view().points.at(1);
  EXPECT_EQ(engine.limits_at(p, kScenarioStart).alarm->raise.value, 0.8);
  EXPECT_EQ(engine.limits_at(p, kScenarioStart + 999s).alarm->raise.value, 0.8);
  EXPECT_EQ(engine.limits_at(p, kScenarioStart + 1000s).alarm->raise.value, 1.0);
  Engine again(national(), s->view);
  ASSERT_TRUE(again.load(engine.save()).ok());
  EXPECT_EQ(again.limits_at(p, kScenarioStart + 999s).alarm->raise.value, 0.8)
      << "versions are part of the state";
}

TEST(Engine, TheRuleOfTheSmallestRegionCounts) {
  auto catalog = std::make_shared<pack::Catalog>(*national());
  const pack::AlarmRule g1 = *catalog->alarm_rule("G-1");
  for (const auto& [region, grade] : {std::pair{"410000", pack::Grade::orange},
                                      {"410181", pack::Grade::red},
                                      {"520000", pack::Grade::blue}}) {
    pack::AlarmRule local = g1;
    local.jurisdiction = region;
    local.grade = grade;
    catalog->alarm_rules.push_back(local);
  }
  for (const auto& [region, want] :
       {std::pair{"410181", "30+red"}, {"410182", "30+orange"}, {"330000", "30+yellow"}}) {
    const auto s = Scenario::parse(*catalog, {{"mine", std::string("region=") + region},
                                              {"point", "0001 T0 alarm=1.0"},
                                              {"samples", "0=1.2 30=1.2"}});
    EXPECT_EQ(changes_text(s->run(catalog), "G-1"), want) << region;
  }
}

TEST(Counting, OfGb39496) {
  const GradeCounting national_rule{4, 3, 2};
  using G = pack::Grade;
  const struct {
    std::array<int, 4> counts;
    G want;
  } cases[] = {{{0, 0, 0, 0}, G::none},   {{3, 0, 0, 0}, G::blue},   {{4, 0, 0, 0}, G::yellow},
               {{0, 2, 0, 0}, G::yellow}, {{0, 3, 0, 0}, G::orange}, {{4, 2, 0, 0}, G::orange},
               {{0, 0, 2, 0}, G::red},    {{0, 0, 0, 1}, G::red},    {{12, 0, 0, 0}, G::orange},
               {{24, 0, 0, 0}, G::red},   {{11, 0, 0, 0}, G::yellow}};
  for (const auto& c : cases)
    EXPECT_EQ(combine(national_rule, c.counts), c.want)
        << c.counts[0] << c.counts[1] << c.counts[2] << c.counts[3];
}

TEST(Relation, IsReadAsWritten) {
  const auto r = parse_relation("D-6205201009A01-断电器&K-6205201011A02-馈电,Z-77");
  ASSERT_EQ(r.size(), 3u);
  EXPECT_EQ(r[0].kind, 'D');
  EXPECT_EQ(r[0].code, "6205201009A01");
  EXPECT_EQ(r[1].kind, 'K');
  EXPECT_EQ(r[2].kind, 'Z');
  EXPECT_TRUE(parse_relation("").empty());
  EXPECT_TRUE(parse_relation("D-").empty());
  EXPECT_TRUE(parse_relation("断电").empty());
}

TEST(Story, MistakesInTheNotationAreNamed) {
  EXPECT_NE(told({{"points", "0001"}}).find("found 'points', expected mine, point"), std::string::npos);
  EXPECT_NE(told({{"point", "9999"}}).find("found sensor type '9999'"), std::string::npos);
  EXPECT_NE(told({{"point", "0001"}, {"samples", "x=1"}}).find("found 'x', expected a time"),
            std::string::npos);
}

}  // namespace
}  // namespace mineward::watch
