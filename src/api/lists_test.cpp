// Named filters and one step for many rows, over the wire.
#include <gtest/gtest.h>

#include "api/world_testing.h"

namespace mineward::api {
namespace {

using testing::Answer;
using testing::Session;
using testing::World;

Json hazard_of(World& world, const Session& who, const std::string& title) {
  Json fields, body;
  fields.set("title", title).set("mine", world.here.mine.text()).set("origin", "self_check");
  return world.json("POST", "/api/v1/records/hazard", who, body.set("fields", fields).dump());
}

Json row_of(const Json& record) {
  Json row;
  return row.set("id", record.text("id")).set("version", record["version"]);
}

TEST(Bulk, EachRowIsJudgedAsIfItWereAlone) {
  World world;
  const Session officer = world.sign_in("aqya");
  const Json good = hazard_of(world, officer, "甲"), also = hazard_of(world, officer, "乙"),
             stale = hazard_of(world, officer, "丙");
  // Somebody changes the third one meanwhile.
  ASSERT_EQ(world
                .ask("PATCH", "/api/v1/records/hazard/" + std::string(stale.text("id")), officer,
                     R"({"version":1,"fields":{"description":"x"}})")
                .status,
            200);
  Json foreign;
  foreign.set("id", world.there.hazard.text()).set("version", 1);
  Json fields, body;
  fields.set("level", "ordinary");
  body.set("step", "grade").set("fields", fields);
  body.set("rows", Json(Json::Array{row_of(good), row_of(stale), foreign, row_of(also)}));
  const Json answer = world.json("POST", "/api/v1/records/hazard/bulk", officer, body.dump());
  const auto& results = *answer["results"].array();
  ASSERT_EQ(results.size(), 4u) << answer.dump();
  EXPECT_TRUE(*results[0]["done"].boolean()) << answer.dump();
  EXPECT_EQ(results[0].text("state"), "graded");
  EXPECT_FALSE(*results[1]["done"].boolean());
  EXPECT_EQ(results[1]["refused"].text("code"), "conflict");
  EXPECT_EQ(results[2]["refused"].text("code"), "not_found");
  EXPECT_FALSE(results[2].has("title")) << "the name of a foreign record";
  EXPECT_TRUE(*results[3]["done"].boolean()) << "a refused row does not hold up the others";
  EXPECT_EQ(
      world.json("GET", "/api/v1/records/hazard/" + std::string(stale.text("id")), officer).text("state"),
      "found");
  // A bad field is told before anything is done; so is an empty or too long list.
  body.set("fields", Json(Json::Object{{"level", Json(Json::Array{})}}));
  EXPECT_EQ(world.ask("POST", "/api/v1/records/hazard/bulk", officer, body.dump()).status, 400);
  EXPECT_EQ(world.ask("POST", "/api/v1/records/hazard/bulk", officer, R"({"step":"grade","rows":[]})").status,
            400);
}

TEST(Bulk, ASelectionHasWhatTheFilterMatchesAndTheStepsThatAllAllow) {
  World world;
  const Session officer = world.sign_in("aqya");
  const Json first = hazard_of(world, officer, "甲");
  hazard_of(world, officer, "乙");
  const Json both =
      world.json("GET", "/api/v1/records/hazard/selection?f.title.contains=%E7%94%B2,", officer);
  EXPECT_EQ(both["rows"].array()->size(), 0u) << "a filter is taken as in the list";
  const Json all = world.json("GET", "/api/v1/records/hazard/selection?f.state=found", officer);
  EXPECT_EQ(all["rows"].array()->size(), 3u) << "with the one that the world begins with";
  EXPECT_FALSE(*all["more"].boolean());
  const auto count_of = [](const Json& selection, std::string_view name) {
    for (const auto& step : *selection["steps"].array()) {
      if (step.text("name") == name) return *step["count"].integer();
    }
    return std::int64_t{0};
  };
  EXPECT_EQ(count_of(all, "grade"), 3);
  world.ask("POST", "/api/v1/records/hazard/" + std::string(first.text("id")) + "/steps/grade", officer,
            R"({"version":1,"fields":{"level":"ordinary"}})");
  const Json mixed = world.json("GET", "/api/v1/records/hazard/selection", officer);
  EXPECT_EQ(mixed["rows"].array()->size(), 3u);
  EXPECT_EQ(count_of(mixed, "grade"), 2) << "the graded one does not allow it";
  const Json picked =
      world.json("GET", "/api/v1/records/hazard/selection?f.id=" + std::string(first.text("id")), officer);
  EXPECT_EQ(picked["rows"].array()->size(), 1u);
  EXPECT_EQ(
      world.json("GET", "/api/v1/records/hazard/selection", world.sign_in("aqyb"))["rows"].array()->size(),
      1u)
      << "a neighbour has his own only";
}

TEST(Views, BelongToTheirOwnerOrHisOrganisation) {
  World world;
  world.add_account("aqya2", world.here.mine_organisation, {"safety_officer"});
  const Session owner = world.sign_in("aqya"), colleague = world.sign_in("aqya2"),
                county = world.sign_in("xiana");
  const auto names = [&](const Session& who) {
    std::string out;
    const Json answer = world.json("GET", "/api/v1/views/hazard", who);
    for (const auto& view : *answer["views"].array())
      out += std::string(view.text("name")) + (*view["default"].boolean() ? "* " : " ");
    return out;
  };
  const std::string own =
      R"({"name":"我的","query":{"f.state":"found","sort":"-found_at"},"columns":["title"]})";
  ASSERT_EQ(world.ask("POST", "/api/v1/views/hazard", owner, own).status, 200);
  const Json saved =
      world.json("POST", "/api/v1/views/hazard", owner, R"({"name":"共享","query":{},"shared":true})");
  EXPECT_EQ(names(owner), "共享 我的 ");
  EXPECT_EQ(names(colleague), "共享 ");
  EXPECT_EQ(names(county), "") << "shared with the organisation, not with those above it";
  const auto view_of = [&](const Session& who, std::string_view name) {
    const Json answer = world.json("GET", "/api/v1/views/hazard", who);
    for (const auto& view : *answer["views"].array()) {
      if (view.text("name") == name) return view;
    }
    return Json();
  };
  const Json mine = view_of(owner, "我的");
  EXPECT_EQ(mine["query"].text("f.state"), "found");
  const std::string path = "/api/v1/views/hazard/" + std::string(mine.text("id"));
  // Nobody else reads or changes it, by this door or by that of records.
  EXPECT_EQ(world.ask("PATCH", path, colleague, R"({"version":1,"name":"x"})").status, 404);
  EXPECT_EQ(world.ask("POST", path + "/remove", county, "{}").status, 404);
  EXPECT_EQ(world.ask("GET", "/api/v1/records/saved_view", owner).status, 403);
  // The same name twice, a filter that no list takes, a name that is none.
  EXPECT_EQ(world.ask("POST", "/api/v1/views/hazard", owner, own).status, 409);
  EXPECT_EQ(
      world.ask("POST", "/api/v1/views/hazard", owner, R"({"name":"a","query":{"f.nothing":"1"}})").status,
      400);
  EXPECT_EQ(world.ask("POST", "/api/v1/views/hazard", owner, R"({"name":" "})").status, 400);
  // Removed, it can be brought back; the log has each of it.
  ASSERT_EQ(world.ask("POST", path + "/remove", owner, "{}").status, 200);
  EXPECT_EQ(names(owner), "共享 ");
  ASSERT_EQ(world.ask("POST", path + "/restore", owner, "{}").status, 200);
  EXPECT_EQ(names(owner), "共享 我的 ");
  EXPECT_TRUE(world.store->verify()->ok);
  // A default is one's own choice.
  const std::string shared(view_of(owner, "共享").text("id"));
  ASSERT_EQ(
      world.ask("POST", "/api/v1/views/hazard/default", colleague, R"({"id":")" + shared + R"("})").status,
      200);
  EXPECT_EQ(names(colleague), "共享* ");
  EXPECT_EQ(names(owner), "共享 我的 ");
  EXPECT_EQ(world.ask("POST", "/api/v1/views/hazard/default", county, R"({"id":")" + shared + R"("})").status,
            404);
  ASSERT_EQ(world.ask("POST", "/api/v1/views/hazard/default", colleague, R"({"id":null})").status, 200);
  EXPECT_EQ(names(colleague), "共享 ");
}

TEST(Search, AHitSaysWhatItIsWhereAndHowFar) {
  World world;
  const Json answer = world.json("GET", "/api/v1/search?q=%E9%A1%B6%E6%9D%BF", world.sign_in("xiana"));
  const auto& hits = *answer["hits"].array();
  ASSERT_EQ(hits.size(), 1u) << answer.dump();
  EXPECT_EQ(hits[0].text("type"), "hazard");
  EXPECT_EQ(hits[0].text("state"), "found");
  EXPECT_EQ(hits[0].text("mine"), "煤矿a");
}

}  // namespace
}  // namespace mineward::api
