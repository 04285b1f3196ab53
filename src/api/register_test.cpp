// The register over HTTP: divisions by date, mines without a daily supervisor, one thing for each mine.
#include <gmock/gmock.h>

#include <fmt/format.h>

#include "api/world_testing.h"

namespace mineward::api::testing {
namespace {

using record::Actor;
using record::Fields;
using record::RecordId;
using S = std::string;

class RegisterTest : public ::testing::Test {
 protected:
  record::Record made(const char* type, const Fields& fields) {
    auto outcome = world.store->create(Actor::system("system:test"), type, fields);
    EXPECT_TRUE(std::holds_alternative<record::Record>(outcome)) << type;
    return std::get<record::Record>(outcome);
  }
  World world;
};

TEST_F(RegisterTest, AMineWithoutADailySupervisorIsNamedToThoseWhoseItIs) {
  const Session county = world.sign_in("xiana"), province = world.sign_in("pro");
  Json answer = world.json("GET", "/api/v1/supervision", county);
  EXPECT_EQ(*answer["without"]["total"].integer(), 1);
  EXPECT_EQ((*answer["without"]["mines"].array())[0].text("id"), world.here.mine.text());
  EXPECT_EQ(*world.json("GET", "/api/v1/supervision", province)["without"]["total"].integer(), 2);

  const auto assigned = made("supervision_assignment", {{"mine", world.here.mine},
                                                        {"authority", world.province},
                                                        {"body", world.here.organisation},
                                                        {"level", S("county")},
                                                        {"from_on", *parse_date("2026-01-01")}});
  EXPECT_EQ(*world.json("GET", "/api/v1/supervision", county)["without"]["total"].integer(), 1)
      << "only proposed yet";
  auto approved = world.store->step(Actor::system("system:test"), "supervision_assignment", assigned.id,
                                    assigned.version, "approve", {{"basis", S("省局文件")}});
  ASSERT_TRUE(std::holds_alternative<record::Record>(approved));
  EXPECT_EQ(*world.json("GET", "/api/v1/supervision", county)["without"]["total"].integer(), 0);
  answer = world.json("GET", "/api/v1/supervision", province);
  EXPECT_EQ(*answer["without"]["total"].integer(), 1);
  EXPECT_EQ((*answer["without"]["mines"].array())[0].text("id"), world.there.mine.text());
}

TEST_F(RegisterTest, ARecordOfAnOldDayShowsTheNameOfThatDay) {
  const Session county = world.sign_in("xiana");
  const auto successor = made("region", {{"code", S("149900")},
                                         {"name", S("新省")},
                                         {"level", S("province")},
                                         {"valid_from", *parse_date("2026-01-11")}});
  const auto region = *world.store->get(Actor::system("system:test"), "region", world.region);
  auto changed =
      world.store->update(Actor::system("system:test"), "region", region.id, region.version,
                          {{"valid_to", *parse_date("2026-01-10")}, {"replaced_by", successor.id}});
  ASSERT_TRUE(std::holds_alternative<record::Record>(changed));
  const auto accident = [&](const char* day) {
    return made("accident", {{"mine", world.here.mine},
                             {"title", S("顶板事故")},
                             {"place", S("3201 面")},
                             {"category", S("roof")},
                             {"occurred_at", EventTime{start_of_day_ms(*parse_date(day)) + 3600'000}}});
  };
  const auto path = [](const record::Record& r) {
    return fmt::format("/api/v1/records/{}/{}/division", r.type, r.id.value);
  };
  const Json old = world.json("GET", path(accident("2026-01-10")), county);
  EXPECT_EQ(old["then"].text("name"), "示例省");
  EXPECT_EQ(old["then"].text("code"), "140000");
  EXPECT_EQ(old["now"].text("code"), "149900");
  EXPECT_EQ(old.text("on"), "2026-01-10");
  const Json later = world.json("GET", path(accident("2026-01-11")), county);
  EXPECT_EQ(later["then"].text("name"), "新省");
  EXPECT_EQ(world.ask("GET", path(accident("2026-01-11")), world.sign_in("xianb")).status, 404);

  const Json resolved = world.json("GET", "/api/v1/divisions/140000?on=2026-01-12", county);
  EXPECT_EQ(resolved["then"].text("code"), "149900") << "an old code, after its last day";
  EXPECT_EQ(world.json("GET", "/api/v1/divisions/149900?on=2020-05-01", county)["then"].text("name"),
            "示例省");
  EXPECT_EQ(world.ask("GET", "/api/v1/divisions/123456", county).status, 404);
  EXPECT_EQ(world.ask("GET", "/api/v1/divisions/140000?on=2026-02-30", county).status, 400);
}

TEST_F(RegisterTest, ALessonGoesToEachMineOfTheScopeOnce) {
  const Session county = world.sign_in("xiana");
  const auto lesson = made("accident_lesson", {{"title", S("瓦斯事故教训")},
                                               {"facts", S("经过")},
                                               {"causes", S("原因")},
                                               {"lessons", S("教训")},
                                               {"issued_on", *parse_date("2026-01-12")}});
  const S each = fmt::format("/api/v1/records/accident_lesson/{}/raise/lesson_receipt/each", lesson.id.value);
  EXPECT_EQ(world.ask("POST", each, county, "{}").status, 409) << "not issued yet";
  auto issued = world.store->step(Actor::system("system:test"), "accident_lesson", lesson.id, lesson.version,
                                  "issue", {});
  ASSERT_TRUE(std::holds_alternative<record::Record>(issued));
  EXPECT_EQ(world.ask("POST", each, world.sign_in("ddya"), "{}").status, 403);
  EXPECT_EQ(*world.json("POST", each, county, "{}")["made"].integer(), 1);
  const Json again = world.json("POST", each, county, "{}");
  EXPECT_EQ(*again["made"].integer(), 0);
  EXPECT_EQ(*again["there_already"].integer(), 1);
  const Json province = world.json("POST", each, world.sign_in("pro"), "{}");
  EXPECT_EQ(*province["made"].integer(), 1) << "the neighbouring county's";
}

TEST_F(RegisterTest, ABodyAboveCanBeChosenAndANeighbourCannot) {
  const Session county = world.sign_in("xiana");
  std::vector<S> offered;
  const Json options = world.json("GET", "/api/v1/options/organisation", county);
  for (const auto& option : *options["options"].array()) offered.emplace_back(option.text("id"));
  EXPECT_THAT(offered, ::testing::Contains(world.province.text()));
  EXPECT_THAT(offered, ::testing::Not(::testing::Contains(world.there.organisation.text())));
  EXPECT_EQ(world.ask("GET", "/api/v1/records/organisation/" + world.province.text(), county).status, 404)
      << "its record stays out of sight";
}

}  // namespace
}  // namespace mineward::api::testing
