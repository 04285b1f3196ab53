// Pack settings over HTTP: what a switch would do, who may do it, and what it then does.
#include <map>

#include "api/regulation_testing.h"

namespace mineward::api {
namespace {

using ::testing::AllOf;
using testing::Answer;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::RegulationApi;
using testing::rows;
using testing::S;
using testing::Session;
using ::testing::SizeIs;
using testing::texts;

Json wanted(const char* pack, const char* action, const char* first) {
  Json body;
  body.set("pack", pack).set("action", action).set("region", "140000").set("first_day", first);
  return body.set("reason", "省安委会决定");
}

/// Duties per rule of a part of a preview.
std::map<S, std::int64_t> by_rule(const Json& part) {
  std::map<S, std::int64_t> out;
  for (const auto& row : rows(part, "by_rule")) out[S(row.text("rule"))] = *row["count"].integer();
  return out;
}

// Monday the 12th, 08:00: 14 days until the 26th. Each mine: 14 days from the 13th, the weeks of the 19th and
// the 26th, shifts 2 + 3 x 14 for each limit.
TEST_F(RegulationApi, APreviewTellsWhatThenHappens) {
  const Session sec = world.sign_in("sec"), pro = world.sign_in("pro");
  Json body = wanted("yangcheng_2024", "switch_on", "2026-01-12");
  body.set("until", "2026-01-26");
  const Answer previewed = post(sec, "/packs/preview", body);
  ASSERT_EQ(previewed.status, 200) << previewed.body;
  const Json preview = parsed(previewed);
  const std::map<S, std::int64_t> expected = {
      {"self-check-team", 28}, {"self-check-section", 4}, {"hours-at-face", 88}, {"hours-underground", 88}};
  EXPECT_EQ(by_rule(preview["appear"]), expected);
  EXPECT_EQ(preview["appear"]["count"], Json(208));
  EXPECT_THAT(rows(preview["appear"], "sample"), SizeIs(50));
  EXPECT_TRUE(rows(preview["appear"], "sample")[0]["was"].is_null());
  EXPECT_EQ(preview["vanish"]["count"], Json(0));
  EXPECT_EQ(preview["turn"]["count"], Json(0));
  EXPECT_EQ(preview["unchanged"], Json(0));
  EXPECT_EQ(preview.text("until"), "2026-01-26");
  EXPECT_THAT(rows(preview, "rules"), SizeIs(6));
  std::vector<S> warnings;
  for (const auto& warning : rows(preview, "warnings")) warnings.emplace_back(warning.text("zh"));
  EXPECT_THAT(warnings, ElementsAre(AllOf(HasSubstr("工作面作业不超过 8 小时"), HasSubstr("可信度 U"))));
  EXPECT_EQ(total(pro), 0) << "a preview changes nothing";

  const Answer prepared = post(sec, "/packs/settings", body);
  ASSERT_EQ(prepared.status, 201) << prepared.body;
  const Json setting = parsed(prepared);
  EXPECT_EQ(setting.text("state"), "prepared");
  EXPECT_EQ(setting.text("region"), "140000");
  EXPECT_EQ(setting.text("region_name"), "示例省");
  EXPECT_EQ(setting.text("first_day"), "2026-01-12");
  EXPECT_TRUE(setting["last_day"].is_null());
  EXPECT_TRUE(setting["put_in_force_at"].is_null());
  EXPECT_THAT(setting.dump(), HasSubstr("put_in_force\""));
  EXPECT_EQ(total(pro), 0) << "nothing is in force yet";

  const S path = "/packs/settings/" + S(setting.text("id"));
  Json step;
  step.set("version", *setting["version"].integer());
  const Answer forced = post(sec, path + "/put_in_force", step);
  ASSERT_EQ(forced.status, 200) << forced.body;
  EXPECT_EQ(parsed(forced).text("state"), "in_force");
  EXPECT_EQ(parsed(forced).text("put_in_force_at"), "2026-01-12T08:00:00.000+08:00");
  for (const auto& [rule, count] : expected) EXPECT_EQ(total(pro, "&rule=" + rule), count) << rule;
  EXPECT_EQ(total(pro), 208);
  EXPECT_EQ(texts(get(pro, "/packs/settings"), "settings", "state"), (std::vector<S>{"in_force"}));
  // The log names the person, not the program.
  const auto record = world.store->get(maker, "pack_setting", *parse_record_id(setting.text("id")));
  ASSERT_TRUE(record);
  EXPECT_EQ(record->updated_by, "sec");

  step.set("version", *parsed(forced)["version"].integer());
  EXPECT_EQ(post(sec, path + "/withdraw", step).status, 400) << "a reason is needed";
  EXPECT_EQ(total(pro), 208);
  step.set("reason", "提前结束");
  const Answer withdrawn = post(sec, path + "/withdraw", step);
  ASSERT_EQ(withdrawn.status, 200) << withdrawn.body;
  EXPECT_EQ(parsed(withdrawn).text("state"), "withdrawn");
  EXPECT_THAT(rows(parsed(withdrawn), "steps"), IsEmpty());
  EXPECT_EQ(total(pro), 0);
}

// From Tuesday the 20th on: the days 20th to 26th, their shifts, and both weeks, whose last days come after.
TEST_F(RegulationApi, SwitchingOffTakesWhatEndsAfterwards) {
  switch_on("yangcheng_2024");
  const Session sec = world.sign_in("sec"), pro = world.sign_in("pro");
  ASSERT_EQ(total(pro), 208);
  Json body = wanted("yangcheng_2024", "switch_off", "2026-01-20");
  body.set("until", "2026-01-26");
  const Json preview = parsed(post(sec, "/packs/preview", body));
  EXPECT_EQ(by_rule(preview["vanish"]), (std::map<S, std::int64_t>{{"self-check-team", 14},
                                                                   {"self-check-section", 4},
                                                                   {"hours-at-face", 42},
                                                                   {"hours-underground", 42}}));
  EXPECT_EQ(preview["vanish"]["count"], Json(102));
  EXPECT_EQ(preview["appear"]["count"], Json(0));
  const Json setting = parsed(post(sec, "/packs/settings", body));
  Json step;
  step.set("version", *setting["version"].integer());
  ASSERT_EQ(post(sec, "/packs/settings/" + S(setting.text("id")) + "/put_in_force", step).status, 200);
  EXPECT_EQ(total(pro), 106);
  EXPECT_EQ(total(pro, "&rule=self-check-section"), 0);
}

TEST_F(RegulationApi, ReplacingBringsTheOtherPack) {
  const Session sec = world.sign_in("sec");
  Json body = wanted("guizhou_2020", "replace", "2026-01-12");
  body.set("replaced_by", "yangcheng_2024").set("until", "2026-01-26");
  EXPECT_EQ(parsed(post(sec, "/packs/preview", body))["appear"]["count"], Json(208));
  const Json setting = parsed(post(sec, "/packs/settings", body));
  EXPECT_EQ(setting.text("replaced_by"), "yangcheng_2024");
}

TEST_F(RegulationApi, WhatCannotBeSwitchedIsRefused) {
  const Session sec = world.sign_in("sec");
  const struct {
    const char* why;
    const char* member;
    Json value;
    const char* named;
  } cases[] = {
      {"always in force", "pack", "national", "cannot be switched"},
      {"unknown pack", "pack", "mars_2030", "mars_2030"},
      {"no pack", "pack", Json(), "pack"},
      {"unknown action", "action", "explode", "action"},
      {"unknown region", "region", "999999", "region"},
      {"no first day", "first_day", Json(), "first_day"},
      {"no date", "first_day", "2026-02-30", "first_day"},
      {"ends before it begins", "last_day", "2026-01-11", "last_day"},
      {"replaced_by without replace", "replaced_by", "guizhou_2020", "replaced_by"},
      {"replace without replaced_by", "action", "replace", "replaced_by"},
  };
  for (const auto& c : cases) {
    Json body = wanted("yangcheng_2024", "switch_on", "2026-01-12");
    body.set(c.member, c.value);
    for (const char* path : {"/packs/preview", "/packs/settings"}) {
      const Answer answer = post(sec, path, body);
      EXPECT_EQ(answer.status, 400) << c.why << " " << path << " " << answer.body;
      EXPECT_THAT(S(parsed(answer)["error"].text("message")) + answer.body, HasSubstr(c.named)) << c.why;
    }
  }
  Json body = wanted("yangcheng_2024", "replace", "2026-01-12");
  EXPECT_EQ(post(sec, "/packs/preview", Json(body).set("replaced_by", "yangcheng_2024")).status, 400)
      << "by itself";
  body = wanted("yangcheng_2024", "switch_on", "2026-01-12");
  EXPECT_EQ(post(sec, "/packs/settings", Json(body).set("reason", "")).status, 400) << "without a reason";
  EXPECT_EQ(post(sec, "/packs/preview", Json(body).set("until", "tomorrow")).status, 400);
  EXPECT_EQ(post(sec, "/packs/preview", Json(body).set("until", "9999-12-31")).status, 400);
  EXPECT_EQ(post(sec, "/packs/preview", Json(body).set("until", "2027-01-13")).status, 200) << "366 days";
  EXPECT_EQ(post(sec, "/packs/preview", Json(body).set("until", "2027-01-14")).status, 400);
  EXPECT_THAT(rows(get(sec, "/packs/settings"), "settings"), IsEmpty());
}

TEST_F(RegulationApi, OnlyTheSecurityAdministratorSwitchesAndOnlyHere) {
  const Session sec = world.sign_in("sec"), pro = world.sign_in("pro");
  const Json body = wanted("yangcheng_2024", "switch_on", "2026-01-12");
  for (const char* name : {"pro", "xiana", "aqya", "admina", "audita"}) {
    const Session other = world.sign_in(name);
    EXPECT_EQ(post(other, "/packs/preview", body).status, 403) << name;
    EXPECT_EQ(post(other, "/packs/settings", body).status, 403) << name;
  }
  const Json setting = parsed(post(sec, "/packs/settings", body));
  const S id(setting.text("id")), path = "/packs/settings/" + id;
  const std::int64_t version = *setting["version"].integer();
  Json step, stale;
  step.set("version", version).set("reason", "试");
  stale.set("version", version + 1).set("reason", "试");
  EXPECT_EQ(post(pro, path + "/put_in_force", step).status, 403);
  EXPECT_EQ(post(pro, path + "/withdraw", step).status, 403);
  EXPECT_EQ(post(sec, path + "/put_in_force", Json(Json::Object{})).status, 400) << "no version";
  const Answer conflict = post(sec, path + "/put_in_force", stale);
  EXPECT_EQ(conflict.status, 409) << conflict.body;
  EXPECT_EQ(parsed(conflict)["error"]["current"].text("state"), "prepared");
  EXPECT_EQ(post(sec, "/packs/settings/1/put_in_force", step).status, 404);

  // Not by the routes of all records: neither the step, nor a change of what is in force.
  const S generic = "/records/pack_setting/" + id;
  for (const Session* who : {&sec, &pro})
    EXPECT_EQ(post(*who, generic + "/steps/put_in_force", step).status, 403);
  EXPECT_EQ(get(sec, generic)["state"], Json("prepared"));
  const Answer forced = post(sec, path + "/put_in_force", step);
  ASSERT_EQ(forced.status, 200) << forced.body;
  step.set("version", *parsed(forced)["version"].integer());
  EXPECT_EQ(post(sec, path + "/put_in_force", step).status, 409) << "twice";
  Json change = step, fields;
  change.set("fields", fields.set("first_day", "2026-01-20"));
  EXPECT_EQ(world.ask("PATCH", "/api/v1" + generic, sec, change.dump()).status, 403);
  EXPECT_EQ(total(pro), 208);
}

// A setting entered as a plain record went past the checks of the preview; it meets them before it binds.
TEST_F(RegulationApi, APlainRecordIsCheckedBeforeItBinds) {
  const Session sec = world.sign_in("sec");
  for (const auto& [pack, last] : {std::pair{"national", "2026-02-01"}, std::pair{"mars_2030", "2026-02-01"},
                                   std::pair{"yangcheng_2024", "2026-01-01"}}) {
    Json fields, body, step;
    fields.set("pack", pack).set("action", "switch_off").set("region", world.region.text());
    fields.set("first_day", "2026-01-12").set("last_day", last).set("reason", "试");
    const Answer created = post(sec, "/records/pack_setting", body.set("fields", fields));
    ASSERT_EQ(created.status, 201) << created.body;
    step.set("version", *parsed(created)["version"].integer());
    const S path = "/packs/settings/" + S(parsed(created).text("id")) + "/put_in_force";
    EXPECT_EQ(post(sec, path, step).status, 400) << pack;
  }
}

}  // namespace
}  // namespace mineward::api
