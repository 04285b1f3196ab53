#include "app/simulator.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "app/simulator_mine.h"
#include "app/simulator_people.h"
#include "base/files.h"
#include "feed/decode.h"
#include "pack/load.h"

namespace mineward::app {
namespace {

using testing::HasSubstr;

constexpr EventTime kBegin{1768147200000};  // 2026-01-12 00:00:00 in Beijing
constexpr ArrivalTime kStart{kBegin.utc_ms};

std::string read_file(const std::string& path) {
  return *system_files()->read(std::string(MW_SOURCE_DIR) + "/" + path);
}

Region example_region() {
  auto region = parse_region(read_file("examples/region.yaml"));
  EXPECT_TRUE(region) << region.error().text();
  return *region;
}

SimulatorOptions options(std::uint64_t seed = 1) {
  SimulatorOptions o;
  o.seed = seed;
  o.begin = kBegin;
  o.mapping = *parse_longwall_mapping(read_file("examples/longwall/mapping.yaml"));
  o.longwall = std::make_shared<LongwallSeries>(
      *read_longwall("MM31,MM116,AS038,PG072,PD,BA13\n0.4,0.5,2.3,1.8,0,1073\n0.4,0.6,2.3,1.8,1,1073\n"));
  return o;
}

/// All packs, for reading the files with the code that a node reads them with.
const pack::Catalog& catalog() {
  static const pack::CatalogPtr loaded = [] {
    const std::vector<std::string> folders = {std::string(MW_SOURCE_DIR) + "/packs"};
    auto outcome = pack::load_catalog(folders);
    for (const auto& m : outcome.mistakes) ADD_FAILURE() << m.text();
    return outcome.catalog ? outcome.catalog : std::make_shared<const pack::Catalog>();
  }();
  return *loaded;
}

std::string mine_of(const UploadFile& f) { return f.name.substr(0, 12); }
bool is_type(const UploadFile& f, const char* type) {
  return f.name.find(std::string("_") + type + "_") != std::string::npos;
}

TEST(Region, ReadsTheExampleAndNamesFaults) {
  const Region r = example_region();
  EXPECT_EQ(r.regions.size(), 4u);
  EXPECT_EQ(r.mines.size(), 6u);
  std::set<std::string> roles;
  for (const auto& a : r.accounts) roles.insert(a.roles.begin(), a.roles.end());
  for (const auto& role : catalog().roles) {
    if (role.name != "worker") {
      EXPECT_TRUE(roles.contains(role.name)) << role.name;
    }
  }
  const struct {
    const char* why;
    const char* from;
    const char* to;
    const char* want;
  } cases[] = {
      {"unknown key", "severe_hazard: true", "sever_hazard: true",
       "unknown key `sever_hazard`, did you mean `severe_hazard`?"},
      {"region that is not there", "parent: \"990100\"}", "parent: \"990199\"}",
       "region `990199` does not stand above"},
      {"organisation that is not there", "organisation: \"990101000001\"", "organisation: \"77\"",
       "organisation `77` does not stand above"},
      {"no number", "capacity: 120", "capacity: much", "`capacity` is no number"},
      {"a section is missing", "accounts:", "account:", "`accounts` is missing"},
      {"broken YAML", "regions:", "regions: [", "line"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.why);
    std::string text = read_file("examples/region.yaml");
    text.replace(text.find(c.from), std::string(c.from).size(), c.to);
    const auto bad = parse_region(text);
    ASSERT_FALSE(bad);
    EXPECT_THAT(bad.error().text(), HasSubstr(c.want));
  }
}

TEST(Region, CodesAreThoseOfTheDictionaries) {
  const Region r = example_region();
  const auto known = [](const char* dictionary, const std::string& code) {
    const auto* d = catalog().dictionary(dictionary);
    return d != nullptr && d->entry(code) != nullptr;
  };
  for (const auto& o : r.organisations)
    EXPECT_TRUE(known("organisation_kind", o.kind) && known("level", o.level)) << o.name;
  for (const auto& m : r.mines)
    EXPECT_TRUE(known("mine_kind", m.kind) && known("mine_status", m.status) &&
                known("gas_class", m.gas_class))
        << m.name;
  const Simulator sim(r, options());
  for (const auto& p : sim.plans(kBegin, kBegin + 24h))
    EXPECT_TRUE(known("planned_work_kind", p.kind)) << p.kind;
  for (const auto& i : sim.incidents(kBegin, kBegin + 24h)) {
    EXPECT_TRUE(i.rule.empty() || catalog().alarm_rule(i.rule) != nullptr) << i.rule;
  }
}

TEST(Simulator, TheSameQuestionGivesTheSameBytesHoweverItIsAsked) {
  const Simulator sim(example_region(), options());
  const Simulator again(example_region(), options());
  const Simulator other(example_region(), options(2));
  const auto whole = sim.files(kStart, kStart + 70min);
  std::vector<UploadFile> parts;
  for (Millis at = 0s; at < 70min; at += 17s) {
    for (auto& f : again.files(kStart + at, kStart + std::min<Millis>(at + 17s, 70min)))
      parts.push_back(std::move(f));
  }
  ASSERT_EQ(whole.size(), parts.size());
  for (std::size_t i = 0; i < whole.size(); ++i) {
    ASSERT_EQ(whole[i].name, parts[i].name);
    ASSERT_EQ(whole[i].bytes, parts[i].bytes) << whole[i].name;
    ASSERT_EQ(whole[i].sent, parts[i].sent);
    if (i > 0) {
      ASSERT_LE(whole[i - 1].sent, whole[i].sent);
    }
  }
  std::size_t same = 0;
  const auto differing = other.files(kStart, kStart + 70min);
  for (std::size_t i = 0; i < std::min(whole.size(), differing.size()); ++i)
    same += whole[i].bytes == differing[i].bytes ? 1 : 0;
  EXPECT_LT(same, whole.size() / 2);
}

TEST(Simulator, EveryFileIsReadWithoutFaultExceptTheBrokenOne) {
  const Simulator sim(example_region(), options());
  std::map<std::string, std::string> marked;  // files with a reason to be odd
  for (const auto& i : sim.incidents(kBegin, kBegin + 2h)) {
    if (i.kind == "broken_file" || i.kind == "gbk_file") marked[i.subject] = i.kind;
  }
  ASSERT_EQ(marked.size(), 2u);
  std::set<std::string> types;
  std::size_t odd = 0;
  for (const UploadFile& f : sim.files(kStart, kStart + 2h)) {
    const auto decoded = feed::decode(catalog(), f.name, f.bytes);
    const auto mark = marked.find(f.name);
    odd += mark != marked.end() ? 1 : 0;
    if (mark != marked.end() && mark->second == "broken_file") {
      ASSERT_FALSE(decoded) << f.name;
      EXPECT_THAT(decoded.error().message, HasSubstr("E_FIELDS"));
      continue;
    }
    ASSERT_TRUE(decoded) << f.name << ": " << decoded.error().text();
    types.insert(decoded->name_parts.type);
    if (mark != marked.end()) {
      ASSERT_EQ(decoded->faults.size(), 1u);
      EXPECT_EQ(decoded->faults[0].code, feed::Code::w_enc_fallback);
    } else {
      ASSERT_TRUE(decoded->faults.empty()) << decoded->faults[0].text(f.name);
    }
  }
  EXPECT_EQ(odd, 2u);
  EXPECT_THAT(types, testing::ElementsAre("CDDY", "CDSS", "FZDY", "FZSS", "JZSS", "KGBH", "RYJZ", "RYQY",
                                          "RYSS", "RYXX", "TJSJ", "YCBJ"));
}

TEST(Simulator, NothingIsWrongWithoutIncidents) {
  auto o = options();
  o.incidents = false;
  const Simulator sim(example_region(), o);
  EXPECT_TRUE(sim.incidents(kBegin, kBegin + 48h).empty());
  std::map<std::string, std::size_t> samples;
  for (const UploadFile& f : sim.files(kStart + 7h, kStart + 9h)) {  // over a change of shifts
    ASSERT_FALSE(is_type(f, "YCBJ")) << f.bytes;
    if (is_type(f, "CDSS")) ++samples[mine_of(f)];
    const auto decoded = feed::decode(catalog(), f.name, f.bytes);
    ASSERT_TRUE(decoded);
    for (const auto& r : decoded->readings) ASSERT_EQ(r.state, 0) << f.name << " " << r.point;
  }
  EXPECT_EQ(samples.size(), 6u);
  for (const auto& [mine, n] : samples) EXPECT_EQ(n, 240u) << mine;
}

TEST(Simulator, GasLooksLikeGas) {
  const SimMine mine = make_sim_mine({"990101000002", "示例二矿"}, 1);
  for (const SimPoint& p : mine.points) {
    if (p.shape != Shape::methane) continue;
    double low = 9, high = 0, jump = 0, last = natural_value(mine, p, kBegin);
    for (Millis at = 0s; at < 72h; at += 30s) {
      const double v = natural_value(mine, p, kBegin + at);
      low = std::min(low, v);
      high = std::max(high, v);
      jump = std::max(jump, std::abs(v - last));
      last = v;
    }
    EXPECT_GT(low, 0.05) << p.tag;
    EXPECT_LT(high, 0.8 * *p.def.alarm_high) << p.tag;
    EXPECT_GT(high - low, 0.06) << p.tag;
    EXPECT_LT(jump, 0.1) << p.tag;
    // No stretch of four hours that a flat-line rule could take for a stuck sensor.
    for (Millis from = 0s; from < 68h; from += 1h) {
      double a = 9, b = 0;
      for (Millis at = 0s; at < 4h; at += 30s) {
        const double v = natural_value(mine, p, kBegin + from + at);
        a = std::min(a, v);
        b = std::max(b, v);
      }
      ASSERT_GT(b - a, 0.02) << p.tag << " at hour " << from.count() / 3600000;
    }
  }
}

TEST(Simulator, PeopleComeAndGoInShiftsWithinTheirQuotas) {
  const SimCrew crew = make_sim_crew({"990101000002", "示例二矿"}, 1);
  EXPECT_EQ(crew.people.size(), 90u);
  for (Millis at = 0s; at < 48h; at += 60s) {
    std::map<std::size_t, int> in_area;
    int underground = 0;
    for (const SimPerson& p : crew.people) {
      const auto where = position_of(crew, p, kBegin + at);
      if (!where || where->flag != 1) continue;
      ++underground;
      ++in_area[where->area];
      ASSERT_LE(kBegin + at - *where->entered, 9h);
      ASSERT_LE(where->area_since, kBegin + at);
    }
    ASSERT_GE(underground, 15) << at.count();
    ASSERT_LE(underground, 60) << at.count();
    for (const auto& [area, n] : in_area) ASSERT_LE(n, crew.areas[area].quota) << crew.areas[area].name;
  }
}

/// The incidents as they show in the files, read with the decoder.
class Incidents : public testing::Test {
 protected:
  Incidents() : sim(example_region(), options()) {
    for (const auto& i : sim.incidents(kBegin, kBegin + 24h))
      by_kind[i.kind + (i.grade == "blue" ? "/blue" : "")] = i;
  }
  const Incident& incident(const char* kind) { return by_kind.at(kind); }
  /// value and state of a point at the ticks of [from, to)
  std::vector<std::pair<double, int>> readings(const std::string& point, EventTime from, EventTime to) {
    std::vector<std::pair<double, int>> out;
    for (const UploadFile& f : sim.files({from.utc_ms}, {to.utc_ms + 15000})) {
      if (!is_type(f, "CDSS") || mine_of(f) != point.substr(0, 12)) continue;
      const auto decoded = feed::decode(catalog(), f.name, f.bytes);
      for (const auto& r : decoded->readings) {
        if (r.point == point && r.at >= from && r.at < to) out.emplace_back(*r.value, r.state);
      }
    }
    return out;
  }
  std::vector<feed::DecodedRecord> positions(const std::string& mine, EventTime from, EventTime to) {
    std::vector<feed::DecodedRecord> out;
    for (const UploadFile& f : sim.files({from.utc_ms}, {to.utc_ms + 15000})) {
      if (!is_type(f, "RYSS") || mine_of(f) != mine) continue;
      texts.push_back(*feed::decode(catalog(), f.name, f.bytes));
      if (texts.back().header_time < from || texts.back().header_time >= to) continue;
      for (const auto& r : texts.back().records) out.push_back(r);
    }
    return out;
  }
  Simulator sim;
  std::map<std::string, Incident> by_kind;
  std::vector<feed::Decoded> texts;  // keeps the views alive
};

TEST_F(Incidents, ASpikeIsOneSample) {
  const Incident& i = incident("spike/blue");
  const auto r = readings(i.subject, i.begin - 60s, i.end + 60s);
  ASSERT_EQ(r.size(), 5u);
  EXPECT_EQ(r[2].first, 8.0);
  for (const std::size_t k : {0u, 1u, 3u, 4u}) EXPECT_LT(r[k].first, 0.8);
}

TEST_F(Incidents, AStuckSensorShowsOneValueForFiveHours) {
  const Incident& i = incident("stuck");
  std::set<double> values;
  for (const auto& [v, state] : readings(i.subject, i.begin, i.end)) values.insert(v);
  EXPECT_EQ(values.size(), 1u);
  EXPECT_EQ(i.end - i.begin, Millis(5h));
}

TEST_F(Incidents, GasRisesWhileTheFanStands) {
  const Incident& i = incident("fan_stop");
  EXPECT_EQ(readings(i.subject, i.begin, i.begin + 30s)[0].first, 0);
  EXPECT_EQ(readings(i.subject, i.begin - 30s, i.begin)[0].first, 1);
  const SimMine mine = make_sim_mine({i.mine, ""}, 1);
  const auto gas = readings(mine.point("heading.T1")->def.code, i.begin, i.end);
  EXPECT_GT(gas[24].first, gas[0].first + 0.15);  // after 12 min, vector 5 of monitoring.md 3.3
  for (const auto& [v, state] : gas)
    EXPECT_LT(v, 0.95);  // and never over the limit, so that G-7 stands alone
}

TEST_F(Incidents, TheBreakerOpensButTheFeedStays) {
  const Incident& i = incident("no_cut");
  const SimMine mine = make_sim_mine({i.mine, ""}, 1);
  double peak = 0, breaker = 1, feed = 0;
  for (const auto& [v, state] : readings(i.subject, i.begin, i.end)) peak = std::max(peak, v);
  for (const auto& [v, state] : readings(mine.point("face.breaker")->def.code, i.begin, i.end))
    breaker = std::min(breaker, v);
  for (const auto& [v, state] : readings(mine.point("face.feed")->def.code, i.begin, i.end)) feed += v;
  EXPECT_DOUBLE_EQ(peak, 1.65);
  EXPECT_EQ(breaker, 0);
  EXPECT_EQ(feed, 10);
  EXPECT_THAT(mine.point("face.T1")->def.relation, HasSubstr("D-" + mine.point("face.breaker")->def.code));
  EXPECT_THAT(mine.point("face.breaker")->def.relation, HasSubstr("K-" + mine.point("face.feed")->def.code));
}

TEST_F(Incidents, CalibrationBitFollowsRisingGas) {
  const Incident& i = incident("disguised_calibration");
  const auto r = readings(i.subject, i.begin, i.end);
  double before = 0;
  std::size_t first = 0;
  while (first < r.size() && (r[first].second & 4) == 0) before = std::max(before, r[first++].first);
  EXPECT_GE(before, 0.8);
  EXPECT_LT(before, 1.0);
  ASSERT_LT(first, r.size());
  for (std::size_t k = first; k < r.size(); ++k) EXPECT_EQ(r[k].second, 4);
}

TEST_F(Incidents, CoIsOverForMoreThanThreeMinutesOnceWithAPlan) {
  for (const char* kind : {"co_blasting", "co_blasting/blue"}) {
    const Incident& i = incident(kind);
    int over = 0;
    for (const auto& [v, state] : readings(i.subject, i.begin, i.end)) over += v > 24 ? 1 : 0;
    EXPECT_GE(over, 14) << kind;  // 7 min
  }
  const auto plans = sim.plans(kBegin, kBegin + 24h);
  ASSERT_EQ(plans.size(), 2u);
  const Incident& planned = incident("co_blasting/blue");
  EXPECT_EQ(plans[0].kind, "blasting");
  EXPECT_LT(plans[0].begin, planned.begin);
  EXPECT_GT(plans[0].end, planned.end);
  const Incident& bare = incident("co_blasting");
  EXPECT_TRUE(bare.end < plans[0].begin || bare.begin > plans[0].end);
}

TEST_F(Incidents, ALimitIsLoosenedAndPutBack) {
  const Incident& i = incident("limit_edit");
  std::vector<std::string> limits;
  for (const UploadFile& f : sim.files(kStart, kStart + 3h)) {
    if (!is_type(f, "CDDY") || mine_of(f) != i.mine) continue;
    const auto decoded = feed::decode(catalog(), f.name, f.bytes);
    for (const auto& r : decoded->records) {
      if (r.cell("code")->text == i.subject) limits.emplace_back(r.cell("alarm_high")->text);
    }
  }
  EXPECT_THAT(limits, testing::ElementsAre("1.00", "1.50", "1.00"));
}

TEST_F(Incidents, PeopleAreWhereTheyShouldNotBe) {
  const Incident& crowd = incident("over_headcount");
  int in_heading = 0;
  for (const auto& r : positions(crowd.mine, crowd.begin + 60s, crowd.begin + 120s)) {
    in_heading += r.cell("area")->text == crowd.subject && r.cell("flag")->text == "1" ? 1 : 0;
  }
  EXPECT_EQ(in_heading, 22);
  const Incident& stray = incident("restricted_area");
  int strayed = 0;
  for (const auto& r : positions(stray.mine, stray.begin, stray.end))
    strayed += r.cell("area")->text == stray.subject ? 1 : 0;
  EXPECT_GE(strayed, 2);
  const Incident& sos = incident("sos");
  int calls = 0;
  for (const auto& r : positions(sos.mine, sos.begin, sos.end))
    calls += r.cell("work_state")->text == "求救" ? 1 : 0;
  EXPECT_GE(calls, 2);
  const Incident& nobody = incident("nobody");
  EXPECT_TRUE(positions(nobody.mine, nobody.begin, nobody.end).empty());
  EXPECT_FALSE(positions(nobody.mine, nobody.end, nobody.end + 2min).empty());
}

TEST_F(Incidents, SomebodyStaysMoreThanTwelveHours) {
  const Incident& i = incident("overtime");
  Millis longest{0};
  for (Millis at = 0s; at < i.end - i.begin; at += 10min) {
    for (const auto& r : positions(i.mine, i.begin + at, i.begin + at + 60s)) {
      if (r.cell("flag")->text == "1")
        longest = std::max(longest, i.begin + at - *r.cell("entered_at")->time);
    }
  }
  EXPECT_GT(longest, Millis(12h + 30min));
  EXPECT_LT(longest, Millis(14h));
}

TEST_F(Incidents, SilenceIsSilentAndLateFilesComeLate) {
  const Incident& silence = incident("silence");
  const Incident& late = incident("late_files");
  std::map<std::string, int> late_names;
  for (const UploadFile& f : sim.files(kStart, kStart + 2h)) {
    if (mine_of(f) != silence.mine) continue;
    const auto at = feed::parse_file_name(catalog(), f.name)->time;
    EXPECT_FALSE(at >= silence.begin && at < silence.end) << f.name;
    const bool held = at >= late.begin && at < late.end;
    EXPECT_EQ(f.sent.utc_ms - at.utc_ms > 60000, held) << f.name;
  }
}

}  // namespace
}  // namespace mineward::app
