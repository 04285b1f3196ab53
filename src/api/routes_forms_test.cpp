// The routes of forms: the story of one filing as a browser tells it, and that a neighbour sees nothing of
// it.
#include <gtest/gtest.h>

#include "api/world_testing.h"

namespace mineward::api {
namespace {

using testing::Answer;
using testing::Session;
using testing::World;

class FormsApi : public ::testing::Test {
 protected:
  void SetUp() override {
    world.clock.set(ArrivalTime{parse_time("2026-02-03T09:00:00+08:00")->utc_ms});
    county = world.sign_in("xiana");
    neighbour = world.sign_in("xianb");
    province = world.sign_in("pro");
  }
  std::string query(const std::string& more = {}) const {
    return "?unit=" + world.here.organisation.text() + "&month=2026-01" + more;
  }
  Answer step(const Session& who, const std::string& name, std::int64_t version,
              const std::string& reason = {}) {
    Json body;
    body.set("version", version).set("reason", reason);
    return world.ask("POST", "/api/v1/forms/filings/" + filing + "/" + name, who, body.dump());
  }
  static std::int64_t version_of(const Json& page) { return *page["filing"]["version"].integer(); }
  static Json parsed(const Answer& answer) {
    auto json = parse_json(answer.body);
    return json ? *json : Json(answer.body);
  }
  Json open() {
    Json body;
    body.set("unit", world.here.organisation.text()).set("month", "2026-01");
    const Answer answer = world.ask("POST", "/api/v1/forms/annex2/filings", county, body.dump());
    EXPECT_EQ(answer.status, 201) << answer.body;
    const Json page = parsed(answer);
    filing = std::string(page["filing"].text("id"));
    return page;
  }

  World world;
  Session county, neighbour, province;
  std::string filing;
};

TEST_F(FormsApi, AFilingFromDraftToSum) {
  Json page = open();
  EXPECT_EQ(page["form"].text("title"), "2026年1月煤矿安全专项整治安全风险清单隐患排查整治统计表");
  EXPECT_EQ(page["form"]["columns"].array()->size(), 21u);
  EXPECT_EQ(page["form"]["groups"].array()->size(), 3u);
  // The county's one mine and its one ordinary hazard, found on 12 January.
  EXPECT_EQ(page["cells"]["month"]["1"]["value"], Json(1));
  EXPECT_EQ(page["cells"]["month"]["7"]["value"], Json(1));
  EXPECT_EQ(page["cells"]["month"]["9"]["value"], Json(0));
  EXPECT_TRUE(page["cells"]["month"]["12"]["value"].is_null());

  const Json records =
      world.json("GET", "/api/v1/forms/annex2/records" + query("&row=month&column=7"), county);
  EXPECT_EQ(*records["total"].integer(), 1);
  EXPECT_EQ((*records["records"].array())[0].text("id"), world.here.hazard.text());
  EXPECT_EQ((*records["records"].array())[0].text("title"), "顶板开裂a");

  const auto patch = [&](const std::string& rest) {
    return world.ask("PATCH", "/api/v1/forms/filings/" + filing, county,
                     "{\"version\":" + std::to_string(version_of(page)) + "," + rest + "}");
  };
  const Answer unreasoned = patch(R"("cells":[{"row":"month","column":7,"value":3}])");
  EXPECT_EQ(unreasoned.status, 400);
  const Json fault = (*parsed(unreasoned)["error"]["faults"].array())[0];
  EXPECT_EQ(fault.text("field"), "cells.month.7");
  EXPECT_EQ(fault.text("code"), "reason_required");
  const Answer corrected = patch(
      R"("compiler":"张三","contact":"1234","cells":[{"row":"month","column":7,"value":2,"reason":"漏录一条"}])");
  ASSERT_EQ(corrected.status, 200) << corrected.body;
  const std::int64_t stale = version_of(page);
  page = parsed(corrected);
  EXPECT_EQ(page["cells"]["month"]["7"]["value"], Json(2));
  EXPECT_EQ(page["cells"]["month"]["7"].text("corrected_by"), "显示名 xiana");

  EXPECT_EQ(step(county, "file", stale).status, 409);
  const Answer filed = step(county, "file", version_of(page));
  ASSERT_EQ(filed.status, 200) << filed.body;
  page = parsed(filed);
  EXPECT_EQ(page["filing"].text("state"), "filed");
  EXPECT_EQ(step(county, "accept", version_of(page)).status, 403);

  const auto sum = [&] { return world.json("GET", "/api/v1/forms/annex2/summary?month=2026-01", province); };
  EXPECT_EQ(sum()["cells"]["month"]["7"]["value"], Json(0));
  const Answer returned = step(province, "return", version_of(page), "请核对");
  ASSERT_EQ(returned.status, 200) << returned.body;
  EXPECT_EQ(parsed(returned)["filing"].text("return_reason"), "请核对");
  const Answer again = step(county, "file", version_of(parsed(returned)));
  ASSERT_EQ(again.status, 200) << again.body;
  const Answer accepted = step(province, "accept", version_of(parsed(again)));
  ASSERT_EQ(accepted.status, 200) << accepted.body;
  EXPECT_EQ(sum()["cells"]["month"]["7"]["value"], Json(2));
  EXPECT_EQ(*sum()["counted"].integer(), 1);
  EXPECT_EQ(*sum()["missing"].integer(), 1);
}

TEST_F(FormsApi, ANeighbourSeesNothing) {
  const Json page = open();
  const std::string version = std::to_string(version_of(page));
  const struct {
    const char* method;
    std::string path, body;
  } asked[] = {
      {"GET", "/api/v1/forms/annex2" + query(), ""},
      {"GET", "/api/v1/forms/annex2/summary" + query(), ""},
      {"GET", "/api/v1/forms/annex2/records" + query("&row=month&column=7"), ""},
      {"GET", "/api/v1/forms/annex2/export" + query("&format=json"), ""},
      {"GET", "/api/v1/forms/annex2/export" + query("&format=csv&summary=1"), ""},
      {"POST", "/api/v1/forms/annex2/filings",
       "{\"unit\":\"" + world.here.organisation.text() + "\",\"month\":\"2026-01\"}"},
      {"PATCH", "/api/v1/forms/filings/" + filing, "{\"version\":" + version + "}"},
      {"POST", "/api/v1/forms/filings/" + filing + "/file", "{\"version\":" + version + "}"},
      {"POST", "/api/v1/forms/filings/" + filing + "/accept", "{\"version\":" + version + "}"},
  };
  for (const auto& a : asked) {
    SCOPED_TRACE(std::string(a.method) + " " + a.path);
    EXPECT_EQ(world.ask(a.method, a.path, neighbour, a.body).status, 404);
  }
  // A body of the wrong shape is refused before the id is read: alike for what is foreign and what is not
  // there.
  for (const auto& id : {filing, std::string("1")})
    EXPECT_EQ(world.ask("PATCH", "/api/v1/forms/filings/" + id, neighbour, R"({"version":"x"})").status, 400)
        << id;
  const std::string forms = world.ask("GET", "/api/v1/forms", neighbour).body;
  EXPECT_EQ(forms.find(world.here.organisation.text()), std::string::npos);
  EXPECT_NE(forms.find(world.there.organisation.text()), std::string::npos);
  // The same questions by the unit itself are answered, else this could not fail.
  EXPECT_EQ(world.ask("GET", asked[0].path, county).status, 200);
  EXPECT_EQ(world.ask("GET", asked[3].path, county).status, 200);
}

TEST_F(FormsApi, ExportsSayWhatTheyAre) {
  const auto kind = [&](const std::string& format) {
    const Answer answer =
        world.ask("GET", "/api/v1/forms/annex2/export" + query("&format=" + format), county);
    return std::to_string(answer.status) + " " + answer.header("content-type") + " " +
           answer.header("content-disposition");
  };
  EXPECT_EQ(kind("xlsx"),
            "200 application/vnd.openxmlformats-officedocument.spreadsheetml.sheet attachment; "
            "filename=\"annex2-140000-2026-01.xlsx\"");
  EXPECT_EQ(kind("csv"), "200 text/csv; charset=utf-8 attachment; filename=\"annex2-140000-2026-01.csv\"");
  EXPECT_EQ(kind("pdf").substr(0, 3), "400");
}

TEST_F(FormsApi, BadQuestionsAreToldSo) {
  const struct {
    const char* what;
    std::string path;
    int status;
  } cases[] = {{"no such form", "/api/v1/forms/annex9" + query(), 404},
               {"a month that is none", "/api/v1/forms/annex2?month=2026-13", 400},
               {"a unit that is no id", "/api/v1/forms/annex2?unit=x&month=2026-01", 400},
               {"a row that is none", "/api/v1/forms/annex2/records" + query("&row=x&column=7"), 400},
               {"a share", "/api/v1/forms/annex2/records" + query("&row=month&column=9"), 400},
               {"a cursor of somewhere else",
                "/api/v1/forms/annex2/records" + query("&row=month&column=7&after=x"), 400}};
  for (const auto& c : cases) EXPECT_EQ(world.ask("GET", c.path, county).status, c.status) << c.what;
  // Without unit and month: the own organisation, and the month that is filed now.
  EXPECT_EQ(world.json("GET", "/api/v1/forms/annex2", county).text("month"), "2026-01");
}

}  // namespace
}  // namespace mineward::api
