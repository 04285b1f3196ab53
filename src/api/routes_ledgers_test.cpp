// The routes of ledgers: an import as a browser drives it, and that nobody else sees anything of it.
#include <gtest/gtest.h>

#include "api/world_testing.h"
#include "ledger/testing.h"

namespace mineward::api {
namespace {

using ledger::fixture::row;
using ledger::fixture::t;
using testing::Answer;
using testing::Session;
using testing::World;

class LedgersApi : public ::testing::Test {
 protected:
  void SetUp() override {
    officer = world.sign_in("aqya");
    neighbour = world.sign_in("aqyb");
  }
  static Json parsed(const Answer& answer) {
    auto json = parse_json(answer.body);
    return json ? *json : Json(answer.body);
  }
  Answer send(const Session& who, const std::string& bytes) {
    return world.ask("POST", "/api/v1/records/hazard/imports?name=a.xlsx", who, bytes,
                     "application/octet-stream");
  }
  /// Asks until the work is done; the server's own limits end it when it never is.
  Json settled(const Session& who, const std::string& id) {
    for (int tries = 0; tries < 5000; ++tries) {
      Json view = world.json("GET", "/api/v1/imports/" + id, who);
      const std::string_view state = view.text("state");
      if (state != "checking" && state != "applying" && state != "undoing") return view;
    }
    ADD_FAILURE() << "import " << id << " does not end";
    return {};
  }
  std::string file() const {
    return ledger::fixture::workbook(row(1, t("A1", "矿山") + t("B1", "隐患简述") + t("C1", "来源")) +
                                     row(2, t("A2", "煤矿a") + t("B2", "顶板离层") + t("C2", "企业自查")) +
                                     row(3, t("A3", "煤矿b") + t("B3", "邻县的矿") + t("C3", "企业自查")));
  }

  World world{[] {
    ServerOptions options;
    options.per_address = options.per_account = {0, 0};
    return options;
  }()};
  Session officer, neighbour;
};

TEST_F(LedgersApi, AnImportFromTheFileToItsUndo) {
  const Answer begun = send(officer, file());
  ASSERT_EQ(begun.status, 201) << begun.body;
  const std::string id(parsed(begun).text("id"));
  Json view = settled(officer, id);
  EXPECT_EQ(view.text("state"), "checked") << view.dump();
  EXPECT_EQ(*view["preview"]["counts"]["new"].integer(), 1) << view.dump();
  EXPECT_EQ(view["preview"]["faults"].array()->at(0).text("cell"), "A3");
  EXPECT_EQ(world.ask("POST", "/api/v1/imports/" + id + "/apply", officer, "{}").status, 409);
  EXPECT_EQ(world.ask("POST", "/api/v1/imports/" + id + "/apply", officer, R"({"skip_faulty":true})").status,
            200);
  view = settled(officer, id);
  EXPECT_EQ(view.text("state"), "applied") << view.dump();
  EXPECT_EQ(*view["counts"]["created"].integer(), 1);
  const Json rows = world.json("GET", "/api/v1/imports/" + id + "/rows?limit=1", officer);
  EXPECT_EQ(*rows["next"].integer(), 2);
  const std::string record(rows["rows"].array()->at(0).text("record"));
  EXPECT_EQ(world.json("GET", "/api/v1/records/hazard/" + record, officer).text("state"), "found");
  // A neighbour sees neither the import nor that there is one.
  for (const char* path : {"", "/rows"})
    EXPECT_EQ(world.ask("GET", "/api/v1/imports/" + id + path, neighbour).status, 404);
  for (const char* order : {"check", "apply", "undo", "discard"})
    EXPECT_EQ(world.ask("POST", "/api/v1/imports/" + id + "/" + order, neighbour, "{}").status, 404) << order;
  EXPECT_EQ(world.json("GET", "/api/v1/imports", neighbour)["imports"].array()->size(), 0u);
  EXPECT_EQ(world.json("GET", "/api/v1/imports?type=hazard", officer)["imports"].array()->size(), 1u);
  EXPECT_EQ(world.ask("POST", "/api/v1/imports/" + id + "/undo", officer).status, 200);
  view = settled(officer, id);
  EXPECT_EQ(view.text("state"), "undone") << view.dump();
  EXPECT_EQ(world.json("GET", "/api/v1/records/hazard/" + record, officer).text("state"), "withdrawn");
}

TEST_F(LedgersApi, AWrongFileIsRefusedInWords) {
  const Answer answer = send(officer, "编号,名称");
  EXPECT_EQ(answer.status, 400);
  const Json error = parsed(answer)["error"];
  EXPECT_EQ(error["faults"].array()->at(0).text("field"), "file");
  EXPECT_EQ(error["faults"].array()->at(0)["words"].text("zh"), "这是文本文件，应为 XLSX 工作簿");
  EXPECT_EQ(send(world.sign_in("audita"), file()).status, 403);
}

TEST_F(LedgersApi, TheListAndItsTemplateAreWorkbooks) {
  for (const char* path : {"export.xlsx?f.state=found&columns=title,mine,state", "template.xlsx?lang=en"}) {
    const Answer answer = world.ask("GET", std::string("/api/v1/records/hazard/") + path, officer);
    EXPECT_EQ(answer.status, 200) << answer.body;
    EXPECT_EQ(answer.body.substr(0, 2), "PK");
    EXPECT_NE(answer.header("content-disposition").find("filename*=UTF-8''"), std::string::npos);
  }
  EXPECT_EQ(
      world.ask("GET", "/api/v1/records/hazard/template.xlsx?lang=en", officer).header("content-disposition"),
      "attachment; filename=\"hazard-template.xlsx\"; filename*=UTF-8''Hazard%20template.xlsx");
  EXPECT_EQ(world.ask("GET", "/api/v1/records/hazard/export.xlsx?columns=password", officer).status, 400);
  EXPECT_EQ(world.ask("GET", "/api/v1/records/hazard/template.xlsx", world.sign_in("audita")).status, 403);
}

}  // namespace
}  // namespace mineward::api
