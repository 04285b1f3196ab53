// Home pages: open work, boards of flows, the time line of a mine, and what regulators let slip. What is
// counted is compared with lists, histories and records read one by one.
#include <gmock/gmock.h>

#include <set>

#include "api/world_testing.h"
#include "base/text.h"
#include "duty/supervision.h"
#include "record/mine_events.h"
#include "record/open_work.h"

namespace mineward::api {
namespace {

using record::Actor;
using record::Fields;
using record::Record;
using record::RecordId;
using testing::Answer;
using testing::County;
using testing::Session;
using testing::World;

constexpr std::int64_t kDay = 86'400'000;
const Actor& maker() {
  static const Actor actor = Actor::system("system:test");
  return actor;
}
Date day_of(World& world, int plus) { return china_date(world.clock.now().utc_ms + plus * kDay); }

/// Not over: some step leaves the state that is no exception with a reason.
bool is_open(const pack::Workflow& flow, const pack::State& state) {
  if (state.final) return false;
  for (const auto& step : flow.transitions) {
    if (!step.reason_required && std::count(step.from.begin(), step.from.end(), state.name) > 0) return true;
  }
  return false;
}

class Home : public ::testing::Test {
 protected:
  Home() {
    world.options.per_address = world.options.per_account = world.options.sign_in_per_address = {0, 0};
    world.restart();
  }

  RecordId add(const std::string& type, Fields fields, const Actor& by = maker()) {
    auto made = world.store->create(by, type, fields);
    if (auto* refusal = std::get_if<record::Refusal>(&made)) {
      std::string text = refusal->error.text();
      for (const auto& fault : refusal->faults) text += "; " + fault.field + ": " + fault.message;
      ADD_FAILURE() << type << ": " << text;
      return {};
    }
    return std::get<Record>(made).id;
  }
  /// A recheck of a mine's county, due so many days from now.
  RecordId recheck(const County& county, int days, const Actor& by = maker()) {
    return add("recheck",
               {{"organisation", county.mine_organisation},
                {"mine", county.mine},
                {"authority", county.organisation},
                {"matter", std::string("复查顶板")},
                {"due_on", day_of(world, days)}},
               by);
  }
  RecordId hazard(const County& county, const std::string& title) {
    return add("hazard", {{"organisation", county.mine_organisation},
                          {"mine", county.mine},
                          {"title", title},
                          {"level", std::string("ordinary")},
                          {"origin", std::string("self_check")}});
  }
  /// How many records of a type stand in these states, as its list counts them.
  std::int64_t listed(const Session& session, const std::string& type, const std::string& states) {
    const Json page =
        world.json("GET", "/api/v1/records/" + type + "?total=1&limit=1&f.state=" + states, session);
    const auto* total = page["total"].integer();
    return total ? *total : -1;
  }
  static const Json* row(const Json& rows, const std::string& member, const std::string& value) {
    for (const auto& r : *rows.array()) {
      if (r.text(member) == value) return &r;
    }
    return nullptr;
  }

  World world;
};

TEST_F(Home, OpenWorkIsWhatTheListsCount) {
  for (int i = 0; i < 4; ++i) hazard(world.here, "隐患" + std::to_string(i));
  recheck(world.here, -3);
  recheck(world.here, 5);
  recheck(world.there, -9);
  const Session officer = world.sign_in("xiana");
  const Json answer = world.json("GET", "/api/v1/work?first=2", officer);
  ASSERT_TRUE(answer["types"].array()) << answer.dump();
  std::set<std::string> told;
  for (const auto& type : *answer["types"].array()) {
    const std::string name(type.text("type"));
    std::vector<std::string> states;
    const auto* flow = world.catalog->workflow(world.catalog->record_type(name)->workflow);
    for (const auto& state : flow->states) {
      if (is_open(*flow, state)) states.push_back(state.name);
    }
    EXPECT_EQ(*type["count"].integer(), listed(officer, name, join(states, ","))) << name;
    EXPECT_GT(*type["count"].integer(), 0) << name;
    told.insert(name);
  }
  for (const auto& type : world.catalog->record_types) {
    if (told.contains(type.name) || type.workflow.empty()) continue;
    std::vector<std::string> states;
    const auto* flow = world.catalog->workflow(type.workflow);
    for (const auto& state : flow->states) {
      if (is_open(*flow, state)) states.push_back(state.name);
    }
    if (states.empty()) continue;
    EXPECT_LE(listed(officer, type.name, join(states, ",")), 0) << type.name << " was left out";
  }
  const Json* rechecks = row(answer["types"], "type", "recheck");
  ASSERT_TRUE(rechecks);
  EXPECT_EQ(*(*rechecks)["late"].integer(), 1);
  const auto& first = *(*rechecks)["first"].array();
  ASSERT_EQ(first.size(), 2u);
  EXPECT_LT(first[0].text("due"), first[1].text("due")) << "soonest first";
}

TEST_F(Home, WorkToMoveIsOnlyWhatARoleMovesOn) {
  const Json dispatcher = world.json("GET", "/api/v1/work?to_move=1", world.sign_in("ddya"));
  const Json uploader = world.json("GET", "/api/v1/work?to_move=1", world.sign_in("upa"));
  ASSERT_TRUE(row(dispatcher["types"], "type", "alarm"));
  EXPECT_FALSE(row(uploader["types"], "type", "alarm")) << "an uploader answers no alarm";
  // Every state that is told is one from which a role of the dispatcher takes a step.
  for (const auto& type : *dispatcher["types"].array()) {
    const auto* flow = world.catalog->workflow(world.catalog->record_type(type.text("type"))->workflow);
    for (const auto& state : *type["states"].array()) {
      const bool moves =
          std::any_of(flow->transitions.begin(), flow->transitions.end(), [&](const auto& step) {
            return std::count(step.from.begin(), step.from.end(), state.text("state")) > 0 &&
                   (std::count(step.roles.begin(), step.roles.end(), "dispatcher") +
                    std::count(step.roles.begin(), step.roles.end(), "*")) > 0;
          });
      EXPECT_TRUE(moves) << type.text("type") << " " << state.text("state");
    }
  }
}

TEST_F(Home, ABoardShowsEveryRecordInItsStateAndNothingOfANeighbour) {
  const RecordId late = recheck(world.here, -3), later = recheck(world.here, 4);
  const RecordId foreign = recheck(world.there, -3);
  const Session officer = world.sign_in("xiana");
  Json board = world.json("GET", "/api/v1/flows/recheck/board", officer);
  const Json* due = row(board["columns"], "state", "due");
  ASSERT_TRUE(due) << board.dump();
  EXPECT_EQ(*(*due)["count"].integer(), 2);
  EXPECT_EQ(*(*due)["late"].integer(), 1);
  const auto& cards = *(*due)["cards"].array();
  ASSERT_EQ(cards.size(), 2u);
  EXPECT_EQ(cards[0]["record"].text("id"), late.text());
  EXPECT_EQ(cards[1]["record"].text("id"), later.text());
  EXPECT_EQ(board.dump().find(foreign.text()), std::string::npos);
  // A state in which nothing stands is a column too.
  EXPECT_TRUE(row(board["columns"], "state", "closed"));

  const std::string mine = "?mine=" + world.here.mine.text();
  board = world.json("GET", "/api/v1/flows/recheck/board" + mine, officer);
  EXPECT_EQ(*(*row(board["columns"], "state", "due"))["count"].integer(), 2);
  const Session province = world.sign_in("pro");
  EXPECT_EQ(
      *(*row(world.json("GET", "/api/v1/flows/recheck/board", province)["columns"], "state", "due"))["count"]
           .integer(),
      3);
  const std::string under = "?organisation=" + world.there.organisation.text();
  EXPECT_EQ(*(*row(world.json("GET", "/api/v1/flows/recheck/board" + under, province)["columns"], "state",
                   "due"))["count"]
                 .integer(),
            1);

  EXPECT_EQ(world.ask("GET", "/api/v1/flows/recheck/board" + under, officer).status, 404);
  EXPECT_EQ(world.ask("GET", "/api/v1/flows/recheck/board" + mine, world.sign_in("xianb")).status, 404);
  EXPECT_EQ(world.ask("GET", "/api/v1/flows/nothing/board", officer).status, 404);
  EXPECT_EQ(world.ask("GET", "/api/v1/flows/mine/board", officer).status, 400) << "a mine has no flow";
  EXPECT_EQ(world.ask("GET", "/api/v1/flows/recheck/board?mine=x", officer).status, 400);
  EXPECT_EQ(world.ask("GET", "/api/v1/flows/recheck/board?first=101", officer).status, 400);
}

/// The log lines of one record, as its own history tells them.
std::set<std::int64_t> lines_of(World& world, const Session& session, const std::string& type, RecordId id) {
  std::set<std::int64_t> out;
  const Json history = world.json("GET", "/api/v1/records/" + type + "/" + id.text() + "/history", session);
  for (const auto& change : *history["changes"].array()) {
    if (*change["version"].integer() > 0) out.insert(*change["seq"].integer());
  }
  return out;
}

TEST_F(Home, ATimeLineIsTheHistoriesOfTheMinesRecordsPageByPage) {
  const RecordId found = hazard(world.here, "淋水加大");
  const RecordId visit = recheck(world.here, 2);
  // A regulator's own record that names the mine, and one that names the neighbour's.
  const auto publication = [&](const County& county) {
    return add(
        "publication_matter",
        {{"authority", world.here.organisation}, {"kind", std::string("penalty")}, {"exposed", county.mine}});
  };
  const RecordId published = publication(world.here);
  const RecordId elsewhere = publication(world.there);
  const Session officer = world.sign_in("xiana");
  std::set<std::int64_t> expected;
  for (const auto& [type, id] : {std::pair<std::string, RecordId>{"hazard", found},
                                 {"hazard", world.here.hazard},
                                 {"alarm", world.here.alarm},
                                 {"recheck", visit},
                                 {"publication_matter", published},
                                 {"point", world.here.point},
                                 {"mine", world.here.mine},
                                 {"person", world.here.person},
                                 {"organisation", world.here.mine_organisation}})
    expected.merge(lines_of(world, officer, type, id));
  const std::string path = "/api/v1/mines/" + world.here.mine.text() + "/events?limit=2";
  std::vector<std::int64_t> told;
  std::string before;
  for (int page = 0; page < 50; ++page) {
    const Json answer = world.json("GET", path + before, officer);
    ASSERT_TRUE(answer["events"].array()) << answer.dump();
    for (const auto& event : *answer["events"].array()) {
      EXPECT_NE(event.text("type"), "account") << "a county officer may not read accounts";
      told.push_back(*event["seq"].integer());
    }
    if (answer["next"].is_null()) break;
    before = "&before=" + std::to_string(*answer["next"].integer());
  }
  EXPECT_TRUE(std::is_sorted(told.rbegin(), told.rend()));
  EXPECT_EQ(std::set<std::int64_t>(told.begin(), told.end()), expected);
  EXPECT_EQ(told.size(), expected.size()) << "nothing twice";

  const Session neighbour = world.sign_in("xianb");
  EXPECT_EQ(world.ask("GET", path, neighbour).status, 404);
  EXPECT_EQ(world.ask("GET", "/api/v1/mines/" + world.here.mine.text() + "/events/export", neighbour).status,
            404);
  EXPECT_EQ(world.ask("GET", path, officer).body.find(elsewhere.text()), std::string::npos);
}

TEST_F(Home, ATimeLineIsNarrowedBySystemTimeAndKind) {
  world.clock.advance(Millis(3 * kDay));
  const Session officer = world.sign_in("xiana");
  recheck(world.here, 2);
  const std::string base = "/api/v1/mines/" + world.here.mine.text() + "/events";
  const auto types = [&](const std::string& query) {
    std::set<std::string> out;
    const Json answer = world.json("GET", base + query, officer);
    if (!answer["events"].array()) {
      ADD_FAILURE() << query << ": " << answer.dump();
      return out;
    }
    for (const auto& event : *answer["events"].array()) out.insert(std::string(event.text("type")));
    return out;
  };
  EXPECT_EQ(types("?system=ENF"), std::set<std::string>{"recheck"});
  EXPECT_EQ(types("?system=HAZ"), std::set<std::string>{"hazard"});
  const std::string today = format_date(day_of(world, 0));
  EXPECT_EQ(types("?from=" + today), std::set<std::string>{"recheck"});
  const auto old = types("?to=" + today);
  EXPECT_TRUE(old.contains("hazard") && !old.contains("recheck"));
  EXPECT_TRUE(types("?main=1").contains("recheck"));
  EXPECT_EQ(world.ask("GET", base + "?from=x", officer).status, 400);
  const Answer file = world.ask("GET", base + "/export?system=ENF", officer);
  EXPECT_EQ(file.status, 200);
  EXPECT_THAT(file.body, ::testing::HasSubstr("复查"));
  EXPECT_EQ(std::count(file.body.begin(), file.body.end(), '\n'), 2) << "a header and a line";
}

TEST_F(Home, TheTimeOfTheEventIsTheFirstThatItSetsAndNotLater) {
  const auto& hazard = *world.catalog->record_type("hazard");
  const auto at = [](const char* text) { return parse_time(text)->utc_ms; };
  const auto diff = [](const char* text) { return *parse_json(text); };
  const std::int64_t entered = at("2026-03-02T10:00:00+08:00");
  EXPECT_EQ(
      record::happened_at(
          hazard,
          diff(R"({"found_at": [null, "2026-03-01T08:00:00+08:00"], "deadline": [null, "2026-03-09"]})"),
          entered),
      at("2026-03-01T08:00:00+08:00"));
  EXPECT_EQ(record::happened_at(hazard, diff(R"({"deadline": [null, "2026-03-09"]})"), entered), std::nullopt)
      << "it lies ahead";
  EXPECT_EQ(record::happened_at(hazard, diff(R"({"title": ["a", "b"]})"), entered), std::nullopt);
}

TEST_F(Home, WhatARegulatorLetSlipIsCountedForItAndForItsOfficer) {
  recheck(world.here, -3);
  recheck(world.here, -8);
  recheck(world.here, 8);
  recheck(world.there, -1);
  // The county's officer makes one himself: he had it last.
  const Session officer = world.sign_in("xiana");
  Json fields, body;
  fields.set("organisation", world.here.mine_organisation.text()).set("mine", world.here.mine.text());
  fields.set("authority", world.here.organisation.text())
      .set("matter", "复查")
      .set("due_on", format_date(day_of(world, -2)));
  const Answer made =
      world.ask("POST", "/api/v1/records/recheck", officer, body.set("fields", fields).dump());
  ASSERT_EQ(made.status, 201) << made.body;
  // An alarm that climbed to the county and that nobody answered.
  ASSERT_TRUE(std::holds_alternative<Record>(
      world.store->update(maker(), "alarm", world.here.alarm, 0,
                          {{"escalated_to", std::string("county")},
                           {"escalated_at", EventTime{world.clock.now().utc_ms - kDay}}})));

  const Json own = world.json("GET", "/api/v1/oversight", officer);
  ASSERT_EQ(own["regulators"].array()->size(), 1u) << own.dump();
  const Json& county = own["regulators"].array()->front();
  EXPECT_EQ(county.text("id"), world.here.organisation.text());
  EXPECT_EQ(*county["counts"]["recheck"].integer(), 3);
  EXPECT_EQ(*county["counts"]["alarm"].integer(), 1);
  EXPECT_EQ(*county["counts"]["publication"].integer(), 0);
  EXPECT_FALSE(county["counts"].has("complaint")) << "this officer may not read tip-offs";
  const Json* himself = row(county["officers"], "account", "xiana");
  ASSERT_TRUE(himself);
  EXPECT_EQ(*(*himself)["counts"]["recheck"].integer(), 1);

  // The clocks that run, asked for otherwise, give the same number.
  std::int64_t overdue = 0;
  const Json clocks = world.json("GET", "/api/v1/clocks?type=recheck&limit=500", officer);
  for (const auto& clock : *clocks["clocks"].array()) overdue += clock.text("state") == "overdue" ? 1 : 0;
  EXPECT_EQ(overdue, 3);

  const Json rows = world.json(
      "GET", "/api/v1/oversight/records?matter=recheck&regulator=" + world.here.organisation.text(), officer);
  EXPECT_EQ(*rows["total"].integer(), 3);
  EXPECT_EQ(rows["rows"].array()->size(), 3u);
  EXPECT_LT(rows["rows"].array()->at(0).text("since"), rows["rows"].array()->at(2).text("since"))
      << "longest first";
  EXPECT_EQ(*world.json("GET", "/api/v1/oversight/records?matter=recheck&officer=xiana", officer)["total"]
                 .integer(),
            1);
  EXPECT_EQ(
      *world.json("GET", "/api/v1/oversight/records?matter=recheck&officer=-", officer)["total"].integer(),
      2);
  EXPECT_EQ(world.ask("GET", "/api/v1/oversight/records?matter=nothing", officer).status, 400);

  const Json above = world.json("GET", "/api/v1/oversight", world.sign_in("pro"));
  EXPECT_EQ(*(*row(above["regulators"], "id", world.here.organisation.text()))["counts"]["recheck"].integer(),
            3);
  EXPECT_EQ(
      *(*row(above["regulators"], "id", world.there.organisation.text()))["counts"]["recheck"].integer(), 1);
  const Json beside = world.json("GET", "/api/v1/oversight", world.sign_in("xianb"));
  EXPECT_FALSE(row(beside["regulators"], "id", world.here.organisation.text()));
  EXPECT_EQ(world.json("GET", "/api/v1/oversight", world.sign_in("aqya"))["regulators"].array()->size(), 0u)
      << "a mine sees no regulator";
}

TEST_F(Home, RegionsAddUpTheirMines) {
  const Json answer = world.json("GET", "/api/v1/board/regions", world.sign_in("pro"));
  const Json* county = row(answer["regions"], "id", world.here.organisation.text());
  ASSERT_TRUE(county) << answer.dump();
  EXPECT_EQ(*(*county)["mines"].integer(), 1);
  EXPECT_EQ(world.json("GET", "/api/v1/board/regions", world.sign_in("xiana"))["regions"].array()->size(),
            1u);
}

TEST_F(Home, ClocksOfAWideScopeAreThoseOfItsPartsInOrder) {
  // More organisations than are walked one by one, so that the province takes the other way than a county.
  for (int i = 0; i < 60; ++i) {
    add("organisation", {{"code", "W" + std::to_string(i)},
                         {"name", "矿业公司" + std::to_string(i)},
                         {"kind", std::string("mine")},
                         {"level", std::string("mine")},
                         {"region", world.region},
                         {"parent", world.there.organisation}});
  }
  for (int i = 0; i < 7; ++i) recheck(i % 2 == 0 ? world.here : world.there, 3 - i);
  const auto ids = [&](const char* who, const std::string& query) {
    std::vector<std::pair<std::string, std::string>> out;
    const Json answer = world.json("GET", "/api/v1/clocks" + query, world.sign_in(who));
    for (const auto& clock : *answer["clocks"].array()) out.emplace_back(clock.text("due"), clock.text("id"));
    return out;
  };
  auto parts = ids("xiana", "?mine=1&type=recheck");
  const auto there = ids("xianb", "?mine=1&type=recheck");
  EXPECT_EQ(parts.size(), 4u);
  EXPECT_EQ(there.size(), 3u);
  parts.insert(parts.end(), there.begin(), there.end());
  std::sort(parts.begin(), parts.end());
  EXPECT_EQ(ids("pro", "?mine=1&type=recheck"), parts);
  parts.resize(3);
  EXPECT_EQ(ids("pro", "?type=recheck&limit=3"), parts);
  EXPECT_EQ(ids("xiana", "?type=recheck&limit=1").size(), 1u);
  EXPECT_TRUE(ids("aqya", "?mine=1&type=recheck").empty()) << "a mine is not reminded of rechecks";
}

TEST(SupervisionMatters, NameOnlyWhatThePacksHave) {
  World world;
  const auto* matters = world.catalog->dictionary("supervision_matter");
  ASSERT_TRUE(matters);
  for (const auto& entry : matters->entries) {
    const auto words = [&](const char* column) {
      const auto found = entry.extra.find(column);
      return found == entry.extra.end() ? std::vector<std::string_view>{} : split(found->second, ' ');
    };
    for (const auto name : words("clocks")) {
      if (name == "*") continue;
      const auto dot = name.find('.');
      const auto* type = world.catalog->record_type(name.substr(0, dot));
      ASSERT_TRUE(type) << entry.code << " names " << name;
      const auto& clocks = world.catalog->workflow(type->workflow)->clocks;
      EXPECT_TRUE(std::any_of(clocks.begin(), clocks.end(), [&](const auto& c) {
        return c.name == name.substr(dot + 1);
      })) << name;
    }
    for (const auto name : words("records")) EXPECT_TRUE(world.catalog->record_type(name)) << name;
    EXPECT_FALSE(words("clocks").empty() && words("records").empty()) << entry.code;
  }
}

}  // namespace
}  // namespace mineward::api
