// Walks every route of the table with accounts of a neighbouring county: nothing of the first county may come
// back.
#include <gtest/gtest.h>

#include <set>

#include "api/openapi.h"
#include "api/world_testing.h"
#include "base/text.h"

namespace mineward::api {
namespace {

using testing::Answer;
using testing::County;
using testing::Session;
using testing::World;

std::string replaced(std::string text, const std::string& what, const std::string& with) {
  for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + with.size()))
    text.replace(at, what.size(), with);
  return text;
}

/// Every concrete path of a pattern that aims at things of `county`.
std::vector<std::string> paths_of(const Route& route, const County& county, const pack::Catalog& catalog) {
  const std::map<std::string, std::string> ids = {{"organisation", county.mine_organisation.text()},
                                                  {"mine", county.mine.text()},
                                                  {"point", county.point.text()},
                                                  {"alarm", county.alarm.text()},
                                                  {"hazard", county.hazard.text()},
                                                  {"person", county.person.text()},
                                                  {"account", county.dispatcher.text()}};
  const std::string& p = route.pattern;
  const auto with_id = [&](const std::string& type) {
    return std::vector<std::string>{replaced(p, "{id}", ids.at(type))};
  };
  if (p.find("{sha256}") != std::string::npos) return {replaced(p, "{sha256}", county.attachment)};
  if (p.starts_with("/api/v1/mines/")) return with_id("mine");
  if (p.starts_with("/api/v1/points/")) return with_id("point");
  if (p.starts_with("/api/v1/alarms/")) return with_id("alarm");
  if (p.starts_with("/api/v1/accounts/")) return with_id("account");
  if (p.find("{clause}") != std::string::npos) return {replaced(p, "{clause}", "YC2024-3.2.3-02")};
  if (p.find("{type}") == std::string::npos) return {p};
  std::vector<std::string> out;
  for (const auto& type : catalog.record_types) {
    const std::string typed = replaced(p, "{type}", type.name);
    if (typed.find("{id}") == std::string::npos) {
      out.push_back(typed);
    } else if (ids.contains(type.name)) {
      out.push_back(replaced(replaced(typed, "{id}", ids.at(type.name)), "{step}", "acknowledge"));
    }
  }
  return out;
}

/// What only the first county may see, in an answer.
std::vector<std::string> traces_of(const County& c) {
  return {c.organisation.text(),
          c.mine_organisation.text(),
          c.mine.text(),
          c.point.text(),
          c.alarm.text(),
          c.hazard.text(),
          c.person.text(),
          c.dispatcher.text(),
          "煤矿a",
          "矿业a",
          "甲烷超限a",
          "顶板开裂a",
          "张三a",
          "回风隅角a",
          "显示名 ddya"};
}

TEST(Scope, NoRouteShowsANeighbourAnything) {
  World world;
  world.options.per_address = world.options.per_account = world.options.sign_in_per_address = {0, 0};
  world.restart();
  // Both counties owe duties.
  const auto setting = world.store->create(record::Actor::system("system:test"), "pack_setting",
                                           {{"pack", "yangcheng_2024"},
                                            {"action", "switch_on"},
                                            {"region", world.region},
                                            {"first_day", Date{0}},
                                            {"reason", "试"}});
  ASSERT_TRUE(std::holds_alternative<record::Record>(setting));
  ASSERT_TRUE(std::holds_alternative<record::Record>(
      world.store->step(record::Actor::system("system:test"), "pack_setting",
                        std::get<record::Record>(setting).id, 0, "put_in_force", {})));
  history::Batch reading;
  reading.mine = "140100000001";
  reading.file_name = "x";
  reading.rows = {
      {*world.history->point("140100000001", "P1a"), {EventTime{world.clock.now().utc_ms}, 0.5, 0}}};
  ASSERT_TRUE(world.history->append(reading));
  Context context(world.options, world.services());
  const Router router = make_router(context);
  const auto traces = traces_of(world.here);
  // The same walk with the first county's own accounts must find traces, else this test could not fail.
  std::set<std::string> seen_by_own;
  int asked = 0;
  // The walk writes into the log what it exports: ask for what was there before.
  const Json newest = world.json("GET", "/api/v1/log?limit=1", world.sign_in("audita"));
  const std::string log_query =
      "?limit=500&before=" + std::to_string(*newest["changes"].array()->front()["seq"].integer() + 1);
  for (const char letter : {'b', 'a'}) {
    const bool neighbour = letter == 'b';
    for (const char* name : {"xian", "admin", "audit", "aqy", "ddy"}) {
      const Session session = world.sign_in(name + std::string(1, letter));
      for (const Route& route : router.routes()) {
        if (route.id == "signOut" || route.id == "signIn" || route.live || route.auth == Auth::open) continue;
        // Packed, so that no trace could be seen in it: ledger_test.cpp opens what it gets.
        // Papers likewise: routes_papers_test.cpp reads theirs.
        if (route.response_type.find("pdf") != std::string::npos) continue;
        if (route.response_type.find("spreadsheet") != std::string::npos && route.id != "exportForm")
          continue;
        for (const auto& path : paths_of(route, world.here, *world.catalog)) {
          if (!neighbour && route.method != Method::get) continue;  // leave the first county as it is
          const std::string query =
              route.id == "search"      ? "?q=%E9%A1%B6%E6%9D%BF"
              : route.id == "changeLog" ? log_query
              : route.id == "getDuty"
                  ? "?rule=self-check-team&period=" +
                        std::to_string(start_of_day_ms(china_date(world.clock.now().utc_ms))) +
                        "&subject=" + world.here.mine.text()
              : route.pattern.find("uploads") != std::string::npos ? "?mine=" + world.here.mine.text()
                                                                   : "";
          Json given{Json::Object{}};  // what the route knows of it: an unknown member is refused before the
                                       // id is read
          if (route.request["properties"].has("version")) given.set("version", 1);
          if (route.request["properties"].has("fields")) given.set("fields", Json(Json::Object{}));
          const std::string body = route.method == Method::get ? "" : given.dump();
          const Answer answer = world.ask(std::string(name_of(route.method)), path + query, session, body,
                                          route.body == BodyKind::csv ? "text/csv" : "application/json");
          ++asked;
          bool found = false;
          for (const auto& trace : traces) {
            // The path that we sent comes back in "no such ..." messages; that tells nothing.
            if (answer.status != 404 && answer.body.find(trace) != std::string::npos) found = true;
            if (neighbour && answer.status != 404) {
              EXPECT_EQ(answer.body.find(trace), std::string::npos)
                  << name << letter << " " << name_of(route.method) << " " << path << " shows " << trace
                  << "\n"
                  << answer.body.substr(0, 500);
            }
          }
          if (!neighbour && found) seen_by_own.insert(route.id);
          const bool by_id = path != route.pattern && (route.pattern.find("{id}") != std::string::npos ||
                                                       route.pattern.find("{sha256}") != std::string::npos);
          if (neighbour && by_id) {
            // A role that the route does not have is told so before any look at the record: 403 says nothing
            // of it.
            const bool closed_to_role =
                answer.status == 403 && (!route.roles.empty() || path.find("/account/") != std::string::npos);
            EXPECT_TRUE(answer.status == 404 || closed_to_role)
                << name << letter << " " << name_of(route.method) << " " << path << " gave " << answer.status
                << "\n"
                << answer.body;
          }
          if (neighbour && !query.empty() && query[1] == 'm') {
            EXPECT_EQ(answer.status, 404) << path;
          }
        }
      }
    }
  }
  EXPECT_GT(asked, 500);
  for (const char* id :
       {"listRecords", "getRecord", "recordHistory", "exportRecords", "listOptions", "search", "getBoard",
        "getLatest", "getLive", "getPeople", "getSeries", "changeLog", "listClocks", "listDuties",
        "dutySummary", "dutyMatrix", "exportDuties", "getClause"}) {
    EXPECT_TRUE(seen_by_own.contains(id))
        << id << " showed the first county nothing of its own: the walk proves nothing there";
  }
}

TEST(Scope, TheProvinceSeesBothCounties) {
  World world;
  const Session session = world.sign_in("pro");
  for (const auto* county : {&world.here, &world.there}) {
    EXPECT_EQ(world.ask("GET", "/api/v1/records/hazard/" + county->hazard.text(), session).status, 200);
  }
  EXPECT_EQ(world.json("GET", "/api/v1/board", session)["mines"].array()->size(), 2u);
}

TEST(Scope, ANeighbourCannotWriteOrNameAForeignRecord) {
  World world;
  const Session session = world.sign_in("aqyb");
  Json fields, body;
  fields.set("title", "x").set("mine", world.here.mine.text()).set("origin", "self_check");
  const Answer answer =
      world.ask("POST", "/api/v1/records/hazard", session, body.set("fields", fields).dump());
  EXPECT_EQ(answer.status, 400) << answer.body;
  EXPECT_EQ(answer.body.find("煤矿a"), std::string::npos);
}

/// The real packs: what the county warns of stands under the county's name; the mine reads it, and neither
/// softens nor lifts it. Its own warning is its own, and never in the county's name.
TEST(Scope, AWarningOfTheCountyIsNotTheMinesToLift) {
  World world;
  world.add_account("kza", world.here.mine_organisation, {"mine_manager"});
  const Session county = world.sign_in("xiana"), mine = world.sign_in("kza");
  const auto fields = [&](const std::string& more) {
    return R"({"fields": {"title": "暴雨", "grade": "red", "analysis": "会商", "content": "停产撤人", "mine": ")" +
           world.here.mine.text() + "\"" + more + "}}";
  };
  const std::string path = "/api/v1/records/risk_warning";
  const Json made = world.json("POST", path, county, fields(""));
  EXPECT_EQ(made["fields"].text("authority"), world.here.organisation.text()) << made.dump();
  EXPECT_EQ(made.text("owner"), world.here.mine_organisation.text());
  const std::string one = path + "/" + std::string(made.text("id"));
  const Json seen = world.json("GET", one, mine);
  EXPECT_EQ(seen["acts"], Json(false)) << seen.dump();
  EXPECT_EQ(seen["steps"], Json(Json::Array{}));
  EXPECT_EQ(world.ask("PATCH", one, mine, R"({"version": 1, "fields": {"grade": "blue"}})").status, 403);
  const std::string said = R"({"version": 1, "fields": {"analysed_on": "2026-01-12"}})";
  EXPECT_EQ(world.ask("POST", one + "/steps/discuss", mine, said).status, 403);
  EXPECT_EQ(world.ask("POST", one + "/steps/discuss", county, said).status, 200);
  EXPECT_EQ(world.ask("GET", one, world.sign_in("xianb")).status, 404);

  const Json own = world.json("POST", path, mine, fields(""));
  EXPECT_EQ(own["fields"].text("authority"), world.here.mine_organisation.text());
  const Json kept = world.json("GET", path + "/" + std::string(own.text("id")), mine);
  EXPECT_EQ(kept["acts"], Json(true));
  const auto borrowed = fields(R"(, "authority": ")" + world.here.organisation.text() + "\"");
  EXPECT_EQ(world.ask("POST", path, mine, borrowed).status, 400);
}

}  // namespace
}  // namespace mineward::api
