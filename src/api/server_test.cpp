// The whole server over real sockets: sign-in, sessions, records, uploads, operation.
#include <gtest/gtest.h>

#include <future>
#include <set>

#include "api/gzip.h"
#include "api/openapi.h"
#include "api/world_testing.h"

namespace mineward::api {
namespace {

using record::RecordId;
using testing::Answer;
using testing::Session;
using testing::World;

std::string code_of(const Answer& answer) {
  const auto body = parse_json(answer.body);
  return body ? std::string((*body)["error"].text("code")) : "no JSON: " + answer.body;
}

std::string sign_in_body(const std::string& name, const std::string& password) {
  Json body;
  body.set("name", name).set("password", password);
  return body.dump();
}

// ---- sign-in
// -----------------------------------------------------------------------------------------------------

TEST(SignIn, GivesACookieThatScriptsAndOtherSitesCannotUse) {
  World world;
  const Answer answer = world.ask("POST", "/api/v1/session", {}, sign_in_body("ddya", World::kPassword));
  ASSERT_EQ(answer.status, 200) << answer.body;
  const std::string cookie = answer.header("set-cookie");
  EXPECT_NE(cookie.find("; HttpOnly"), std::string::npos);
  EXPECT_NE(cookie.find("; SameSite=Strict"), std::string::npos);
  EXPECT_NE(cookie.find("; Path=/"), std::string::npos);
  EXPECT_EQ(cookie.find("Secure"), std::string::npos) << "plain HTTP would lose a Secure cookie";
  const auto body = *parse_json(answer.body);
  EXPECT_EQ(body["account"].text("name"), "ddya");
  EXPECT_EQ(body["account"].text("home"), "live");
  EXPECT_EQ(body["account"].text("level"), "mine");
  EXPECT_EQ(body["account"]["organisation"].text("name"), "矿业a");
  EXPECT_EQ(answer.body.find("argon2"), std::string::npos);
}

TEST(SignIn, MarksTheCookieSecureBehindATlsProxy) {
  ServerOptions options;
  options.behind_proxy = true;
  World world(options);
  const Answer answer =
      world.ask("POST", "/api/v1/session", {}, sign_in_body("ddya", World::kPassword), "application/json",
                "X-Forwarded-Proto: https\r\nX-Forwarded-For: 10.0.0.1, 192.0.2.9\r\n");
  EXPECT_NE(answer.header("set-cookie").find("; Secure"), std::string::npos);
  EXPECT_FALSE(answer.header("strict-transport-security").empty());
}

TEST(SignIn, WrongUnknownAndDisabledLookTheSame) {
  World world;
  const auto gone = world.add_account("gone", world.here.mine_organisation, {"worker"});
  ASSERT_TRUE(disable_account(*world.store, record::Actor::system("system:test"), gone));
  for (const char* name : {"ddya", "nobody", "gone"}) {
    const Answer answer =
        world.ask("POST", "/api/v1/session", {},
                  sign_in_body(name, name == std::string("gone") ? World::kPassword : "wrong password"));
    EXPECT_EQ(answer.status, 401) << name;
    EXPECT_EQ(code_of(answer), "bad_credentials") << name;
    EXPECT_EQ(answer.header("set-cookie"), "") << name;
  }
}

TEST(SignIn, LocksAfterFiveFailuresForAQuarterOfAnHour) {
  World world;
  for (const char* name : {"ddya", "nobody"}) {
    SCOPED_TRACE(name);
    for (int i = 0; i < 5; ++i) {
      EXPECT_EQ(world.ask("POST", "/api/v1/session", {}, sign_in_body(name, "wrong password")).status, 401);
    }
    const Answer locked = world.ask("POST", "/api/v1/session", {}, sign_in_body(name, World::kPassword));
    EXPECT_EQ(locked.status, 429);
    EXPECT_EQ(code_of(locked), "locked");
    EXPECT_EQ(locked.header("retry-after"), "900");
  }
  world.clock.advance(Millis(15 * 60'000));
  EXPECT_EQ(world.ask("POST", "/api/v1/session", {}, sign_in_body("ddya", World::kPassword)).status, 200);
  EXPECT_EQ(world.ask("POST", "/api/v1/session", {}, sign_in_body("ddya", "wrong password")).status, 401)
      << "counts from nought again";
}

TEST(SignIn, LimitsTheRateOfOneAddress) {
  ServerOptions options;
  options.sign_in_per_address = {1, 2};
  World world(options);
  EXPECT_EQ(world.ask("POST", "/api/v1/session", {}, sign_in_body("x", "y")).status, 401);
  EXPECT_EQ(world.ask("POST", "/api/v1/session", {}, sign_in_body("x", "y")).status, 401);
  EXPECT_EQ(world.ask("POST", "/api/v1/session", {}, sign_in_body("x", "y")).status, 429);
}

TEST(SignIn, IsNotedInTheLog) {
  World world;
  world.ask("POST", "/api/v1/session", {}, sign_in_body("ddya", "wrong password"));
  const Session session = world.sign_in("ddya");
  EXPECT_EQ(world.ask("DELETE", "/api/v1/session", session).status, 204);
  const auto changes = *world.store->log(record::Actor::system("system:test"), 0, 50);
  std::set<std::string> actions;
  for (const auto& change : changes) {
    if (change.id == world.here.dispatcher) actions.insert(change.action + " by " + change.actor);
  }
  EXPECT_TRUE(actions.contains("sign_in_failed by system:sessions"));
  EXPECT_TRUE(actions.contains("sign_in by ddya"));
  EXPECT_TRUE(actions.contains("sign_out by ddya"));
}

// ---- sessions
// ----------------------------------------------------------------------------------------------------

TEST(SessionLife, EndsBySignOutIdlenessAndAge) {
  World world;
  const Session session = world.sign_in("ddya");
  EXPECT_EQ(world.ask("GET", "/api/v1/session", session).status, 200);
  EXPECT_EQ(world.ask("GET", "/api/v1/session").status, 401);
  EXPECT_EQ(world.ask("GET", "/api/v1/session", {"mw_session=" + std::string(64, '0'), {}, {}}).status, 401);
  EXPECT_EQ(world.ask("DELETE", "/api/v1/session", session).status, 204);
  EXPECT_EQ(world.ask("GET", "/api/v1/session", session).status, 401);

  const Session idle = world.sign_in("ddya");
  world.clock.advance(Millis(3600'000));
  EXPECT_EQ(world.ask("GET", "/api/v1/session", idle).status, 200);
  world.clock.advance(Millis(7199'000));
  EXPECT_EQ(world.ask("GET", "/api/v1/session", idle).status, 200) << "used an hour and something ago";
  world.clock.advance(Millis(7200'000));
  EXPECT_EQ(world.ask("GET", "/api/v1/session", idle).status, 401);

  const Session old = world.sign_in("ddya");
  for (int hour = 0; hour < 71; ++hour) {
    world.clock.advance(Millis(3600'000));
    ASSERT_EQ(world.ask("GET", "/api/v1/session", old).status, 200) << hour;
  }
  world.clock.advance(Millis(3600'000));
  EXPECT_EQ(world.ask("GET", "/api/v1/session", old).status, 401);
}

TEST(SessionLife, GoesOnWhenTheClockIsSetBackAndGrowsIdleFromThere) {
  World world;
  const Session session = world.sign_in("ddya");
  const auto set_back = [&] { world.clock.set(world.clock.now() - Millis(3600'000)); };
  set_back();
  EXPECT_EQ(world.ask("GET", "/api/v1/session", session).status, 200);
  world.clock.advance(Millis(7199'000));
  EXPECT_EQ(world.ask("GET", "/api/v1/session", session).status, 200);
  set_back();
  EXPECT_EQ(world.ask("GET", "/api/v1/session", session).status, 200);
  world.clock.advance(Millis(7200'000));
  EXPECT_EQ(world.ask("GET", "/api/v1/session", session).status, 401) << "two hours without a request";

  for (int i = 0; i < 5; ++i)
    world.ask("POST", "/api/v1/session", {}, sign_in_body("ddya", "wrong password"));
  EXPECT_EQ(world.ask("POST", "/api/v1/session", {}, sign_in_body("ddya", World::kPassword)).status, 429);
  set_back();
  EXPECT_EQ(world.ask("POST", "/api/v1/session", {}, sign_in_body("ddya", World::kPassword)).status, 200)
      << "nobody is locked out for longer than a lock lasts";
}

TEST(SessionLife, LetsPeopleReadWhenNothingCanBeWritten) {
  World world;
  const Session session = world.sign_in("ddya");
  ASSERT_TRUE(world.store->database().write([](db::Connection& c) {
    return c.script(
        "CREATE TRIGGER full BEFORE UPDATE ON session BEGIN SELECT RAISE(ABORT, 'the disk is full'); END");
  }));
  world.clock.advance(Millis(3600'000));
  EXPECT_EQ(world.ask("GET", "/api/v1/records/hazard", session).status, 200);
}

TEST(SessionLife, SurvivesARestartAndEndsWithTheAccount) {
  World world;
  const Session session = world.sign_in("ddya");
  world.restart();
  EXPECT_EQ(world.ask("GET", "/api/v1/session", session).status, 200);
  ASSERT_TRUE(disable_account(*world.store, record::Actor::system("system:test"), world.here.dispatcher));
  EXPECT_EQ(world.ask("GET", "/api/v1/session", session).status, 401);
}

TEST(SessionLife, NeedsTheCsrfTokenToChangeAnything) {
  World world;
  Session session = world.sign_in("ddya");
  const std::string right = session.csrf;
  for (const std::string& wrong : {std::string(), std::string("x"), right.substr(1)}) {
    session.csrf = wrong;
    const Answer answer = world.ask("POST", "/api/v1/records/hazard", session, "{}");
    EXPECT_EQ(answer.status, 403);
    EXPECT_EQ(code_of(answer), "csrf");
  }
  session.csrf = right;
  EXPECT_EQ(world.ask("POST", "/api/v1/records/hazard", session, "{}").status, 400)
      << "now the fields are looked at";
}

TEST(SessionLife, ChangesThePasswordAndUntilThenNothingElse) {
  World world;
  world.add_account("fresh", world.here.mine_organisation, {"dispatcher"}, true);
  const Session session = world.sign_in("fresh");
  const Session other = world.sign_in("fresh");
  EXPECT_EQ(world.json("GET", "/api/v1/session", session)["must_change_password"], Json(true));
  const Answer blocked = world.ask("GET", "/api/v1/board", session);
  EXPECT_EQ(blocked.status, 403);
  EXPECT_EQ(code_of(blocked), "must_change_password");
  const auto change = [&](const std::string& from, const std::string& to) {
    Json body;
    body.set("old", from).set("new", to);
    return world.ask("POST", "/api/v1/session/password", session, body.dump());
  };
  EXPECT_EQ(code_of(change("not the old one", "another long phrase")), "bad_credentials");
  EXPECT_EQ(change(World::kPassword, "short").status, 400);
  EXPECT_EQ(change(World::kPassword, World::kPassword).status, 400);
  EXPECT_EQ(change(World::kPassword, "another long phrase").status, 200);
  EXPECT_EQ(world.ask("GET", "/api/v1/board", session).status, 200) << "this browser stays signed in";
  EXPECT_EQ(world.ask("GET", "/api/v1/session", other).status, 401) << "others do not";
  EXPECT_EQ(world.ask("POST", "/api/v1/session", {}, sign_in_body("fresh", World::kPassword)).status, 401);
  EXPECT_EQ(world.ask("POST", "/api/v1/session", {}, sign_in_body("fresh", "another long phrase")).status,
            200);
}

TEST(Administration, ResetsPasswordsAndIssuesTokens) {
  World world;
  const Session admin = world.sign_in("admina");
  const Session dispatcher = world.sign_in("ddya");
  const std::string account = "/api/v1/accounts/" + world.here.dispatcher.text();
  EXPECT_EQ(world.ask("POST", account + "/password", dispatcher, "{}").status, 403);
  const Json reset = world.json("POST", account + "/password", admin, "{}");
  ASSERT_GE(reset.text("password").size(), 10u);
  EXPECT_EQ(world.ask("GET", "/api/v1/session", dispatcher).status, 401) << "a reset ends the sessions";
  const Session again = world.sign_in("ddya", std::string(reset.text("password")));
  EXPECT_EQ(world.json("GET", "/api/v1/session", again)["must_change_password"], Json(true));

  const std::string token(world.json("POST", account + "/token", admin, "{}").text("token"));
  const Session machine{{}, {}, token};
  EXPECT_EQ(world.ask("GET", "/api/v1/records/mine", machine).status, 200);
  const std::string second(world.json("POST", account + "/token", admin, "{}").text("token"));
  EXPECT_EQ(world.ask("GET", "/api/v1/records/mine", machine).status, 401) << "the old token ended";
  EXPECT_EQ(world.ask("GET", "/api/v1/records/mine", {{}, {}, second}).status, 200);
}

// ---- records
// -----------------------------------------------------------------------------------------------------

TEST(Records, AreMadeChangedAndSteppedThroughTheirWorkflow) {
  World world;
  const Session session = world.sign_in("aqya");
  Json fields, body;
  fields.set("title", "巷道底鼓")
      .set("mine", world.here.mine.text())
      .set("origin", "self_check")
      .set("money", "1234.50");
  const Answer made = world.ask("POST", "/api/v1/records/hazard", session,
                                body.set("fields", fields).set("reason", "巡查").dump());
  ASSERT_EQ(made.status, 201) << made.body;
  const Json hazard = *parse_json(made.body);
  const std::string one = "/api/v1/records/hazard/" + std::string(hazard.text("id"));
  EXPECT_EQ(hazard["fields"].text("money"), "1234.50");
  EXPECT_EQ(hazard["labels"].text("mine"), "煤矿a");
  EXPECT_EQ(hazard.text("title"), "巷道底鼓");
  EXPECT_EQ(hazard.text("created_by"), "aqya");

  world.clock.advance(Millis(1000));
  const Json changed = world.json("PATCH", one, session, R"({"version":1,"fields":{"place":"南翼"}})");
  EXPECT_EQ(changed["version"], Json(2)) << changed.dump();
  const Answer stale = world.ask("PATCH", one, session, R"({"version":1,"fields":{"place":"北翼"}})");
  EXPECT_EQ(stale.status, 409);
  EXPECT_EQ((*parse_json(stale.body))["error"]["current"]["fields"].text("place"), "南翼");
  EXPECT_EQ(world.ask("PATCH", one, session, R"({"fields":{"place":"北翼"}})").status, 400) << "no version";

  const Answer refused =
      world.ask("POST", one + "/steps/plan", session, R"({"version":2,"fields":{"level":"ordinary"}})");
  EXPECT_EQ(refused.status, 400);
  EXPECT_FALSE((*parse_json(refused.body))["error"]["faults"].array()->empty()) << refused.body;
  const Json graded =
      world.json("POST", one + "/steps/grade", session, R"({"version":2,"fields":{"level":"ordinary"}})");
  EXPECT_EQ(graded.text("state"), "graded") << graded.dump();
  EXPECT_EQ(graded["steps"], Json(Json::Array{Json("plan"), Json("fix_on_spot")})) << graded["steps"].dump();

  const Json history = world.json("GET", one + "/history", session);
  EXPECT_EQ(history["changes"].array()->size(), 3u);
  const Json then = world.json("GET", one + "?as_of=2026-01-12T08:00:00%2B08:00", session);
  EXPECT_EQ(then["version"], Json(1)) << then.dump();
  EXPECT_EQ(world.ask("GET", one + "?as_of=yesterday", session).status, 400);
}

TEST(Records, AreListedFilteredPagedSearchedAndExported) {
  World world;
  const Session session = world.sign_in("aqya");
  for (int i = 0; i < 5; ++i) {
    Json fields, body;
    fields.set("title", "隐患" + std::to_string(i))
        .set("mine", world.here.mine.text())
        .set("origin", "self_check")
        .set("level", i < 2 ? "major" : "ordinary");
    ASSERT_EQ(world.ask("POST", "/api/v1/records/hazard", session, body.set("fields", fields).dump()).status,
              201);
  }
  const std::string list = "/api/v1/records/hazard";
  const Json page = world.json("GET", list + "?limit=2&total=1&f.level=major,ordinary&sort=-title", session);
  EXPECT_EQ(page["records"].array()->size(), 2u) << page.dump();
  EXPECT_EQ(page["total"], Json(6));
  const Json rest = world.json(
      "GET", list + "?limit=50&f.level=major,ordinary&sort=-title&after=" + std::string(page.text("next")),
      session);
  EXPECT_EQ(rest["records"].array()->size(), 4u) << rest.dump();
  EXPECT_TRUE(rest["next"].is_null());
  EXPECT_EQ(world.json("GET", list + "?f.level=major", session)["records"].array()->size(), 2u);
  EXPECT_EQ(world.json("GET", list + "?f.title.contains=%E6%82%A33", session)["records"].array()->size(), 1u);
  EXPECT_EQ(world.json("GET", list + "?f.deadline.null=1", session)["records"].array()->size(), 6u);
  EXPECT_EQ(world.json("GET", list + "?q=%E9%9A%90%E6%82%A3", session)["records"].array()->size(), 5u);
  EXPECT_EQ(world.json("GET", "/api/v1/search?q=%E9%9A%90%E6%82%A3", session)["hits"].array()->size(), 5u);
  for (const char* bad : {"?limit=0", "?limit=501", "?limit=x", "?f.nonsense=1", "?f.level.like=1",
                          "?f.level.null=2", "?lmit=5", "?sort=nonsense", "?after=nonsense"}) {
    const Answer answer = world.ask("GET", list + bad, session);
    EXPECT_EQ(answer.status, 400) << bad << " " << answer.body;
  }
  const Answer csv = world.ask("GET", list + "/export.csv?f.level=major", session);
  EXPECT_EQ(csv.status, 200);
  EXPECT_EQ(std::count(csv.body.begin(), csv.body.end(), '\n'), 3);
  EXPECT_EQ(world.ask("GET", "/api/v1/records/nonsense", session).status, 404);
  EXPECT_EQ(world.ask("GET", list + "/abc", session).status, 404);
}

TEST(Records, AreImportedFromCsv) {
  World world;
  const Session session = world.sign_in("aqya");
  const std::string csv = "title,mine,level,origin\r\n一,示例,ordinary,self_check\r\n二," +
                          world.here.mine.text() + ",major,self_check\r\n";
  const Answer both =
      world.ask("POST", "/api/v1/records/hazard/import?keep_good=1", session, csv, "text/csv");
  ASSERT_EQ(both.status, 200) << both.body;
  const Json report = *parse_json(both.body);
  EXPECT_EQ(report["created"], Json(1)) << both.body;
  EXPECT_EQ(report["faults"].array()->size(), 1u) << both.body;
  EXPECT_EQ(world.ask("POST", "/api/v1/records/hazard/import", session, csv, "application/json").status, 415);
}

TEST(Records, OfferChoicesByTheTitleThatIsShown) {
  World world;
  const Session session = world.sign_in("aqya"), other = world.sign_in("aqyb");
  const auto found = [&](const std::string& query, const Session& who) {
    std::string out;
    const Answer answer = world.ask("GET", "/api/v1/options/" + query, who);
    EXPECT_EQ(answer.status, 200) << answer.body;
    const auto body = parse_json(answer.body);
    if (!body || !(*body)["options"].array()) return answer.body;
    for (const Json& option : *(*body)["options"].array()) out += std::string(option.text("title")) + ";";
    return out;
  };
  const auto visit = [&](const std::string& name) {
    Json fields, body;
    fields.set("mine", world.here.mine.text()).set("name", name);
    fields.set("organisation", world.here.mine_organisation.text());
    const Json person =
        world.json("POST", "/api/v1/records/person", session, body.set("fields", fields).dump());
    Json visit;
    visit.set("mine", world.here.mine.text())
        .set("person", person["id"])
        .set("entered_at", "2026-01-12T00:00:00Z");
    const Answer noted = world.ask("POST", "/api/v1/records/leader_visit", session,
                                   Json(Json::Object{{"fields", visit}}).dump());
    ASSERT_EQ(noted.status, 201) << noted.body;
  };
  visit("欧阳带班");
  visit("司马带班");
  EXPECT_EQ(found("leader_visit?q=%E6%AC%A7%E9%98%B3", session), "欧阳带班;")
      << "a title that is a reference";
  EXPECT_EQ(found("leader_visit?q=%E8%AF%B8%E8%91%9B", session), "") << "nobody of that name";
  EXPECT_EQ(found("leader_visit?q=%E6%AC%A7%E9%98%B3", other), "") << "of the other county";
}

TEST(Records, OfferChoicesWithNamesOnly) {
  World world;
  const Session session = world.sign_in("aqya");
  const auto gone = world.add_account("gone", world.here.mine_organisation, {"worker"});
  ASSERT_TRUE(disable_account(*world.store, record::Actor::system("system:test"), gone));
  EXPECT_EQ(world.ask("GET", "/api/v1/records/account", session).status, 403)
      << "the list of accounts is for administrators";
  const Json options = world.json("GET", "/api/v1/options/account?limit=50", session);
  std::string names;
  for (const auto& option : *options["options"].array()) names += std::string(option.text("title")) + ";";
  EXPECT_EQ(names, "显示名 aqya;显示名 ddya;显示名 upa;") << options.dump();
  EXPECT_EQ(options.dump().find("argon2"), std::string::npos);
  EXPECT_EQ(world.json("GET", "/api/v1/options/account?q=ddy", session)["options"].array()->size(), 1u);
  EXPECT_EQ(world.json("GET", "/api/v1/options/mine", session)["options"].array()->size(), 1u);
  // Two persons of one name are told apart; whose name is alone needs no more.
  for (const char* more : {R"("name":"李四","post":"瓦检员","card":"A7")", R"("name":"李四","post":"电工")",
                           R"("name":"王五","post":"电工")"})
    world.json("POST", "/api/v1/records/person", session,
               R"({"fields":{"organisation":")" + world.here.mine_organisation.text() + "\"," + more + "}}");
  std::set<std::string> notes;
  const Json persons = world.json("GET", "/api/v1/options/person?q=%E5%9B%9B", session);
  for (const auto& option : *persons["options"].array()) notes.insert(std::string(option.text("note")));
  EXPECT_EQ(notes, (std::set<std::string>{"A7 瓦检员", "电工"}));
  EXPECT_FALSE(
      (*world.json("GET", "/api/v1/options/person?q=%E7%8E%8B", session)["options"].array())[0].has("note"));
}

TEST(Records, RefuseBodiesThatAreNotWhatTheyShouldBe) {
  World world;
  const Session session = world.sign_in("aqya");
  const std::string path = "/api/v1/records/hazard";
  EXPECT_EQ(world.ask("POST", path, session, "{\"fields\":", "application/json").status, 400);
  EXPECT_EQ(world.ask("POST", path, session, "[1]", "application/json").status, 400);
  EXPECT_EQ(world.ask("POST", path, session, "{}", "text/plain").status, 415);
  EXPECT_EQ(world.ask("POST", path, session, "{}", "application/json", "Content-Encoding: gzip\r\n").status,
            415);
  const Answer unknown = world.ask("POST", path, session, R"({"fields":{"titel":"x"}})");
  EXPECT_EQ(unknown.status, 400);
  EXPECT_EQ((*(*parse_json(unknown.body))["error"]["faults"].array())[0].text("code"), "unknown_field");
  const Answer large = world.ask("POST", path, session, std::string((1u << 20) + 1, ' '));
  EXPECT_EQ(large.status, 413);
}

// ---- uploads and files
// -------------------------------------------------------------------------------------------

TEST(Uploads, PassTheIntakeWithTheScopeOfTheSender) {
  World world;
  const Session admin = world.sign_in("admina");
  const auto uploader = *find_account(*world.store, "upa");
  const std::string token(
      world.json("POST", "/api/v1/accounts/" + uploader->id.text() + "/token", admin, "{}").text("token"));
  const Session machine{{}, {}, token};
  const std::string target = "/api/v1/upload?name=140100000001_CDSS_20260112080000.txt";
  const Answer raw = world.ask("POST", target, machine, "raw bytes", "text/plain");
  EXPECT_EQ(raw.status, 200) << raw.body;
  EXPECT_EQ((*parse_json(raw.body)).text("verdict"), "accepted");
  EXPECT_EQ(world.intake.last.name, "140100000001_CDSS_20260112080000.txt");
  EXPECT_EQ(world.intake.last.bytes, "raw bytes");
  EXPECT_EQ(world.intake.last.origin, "http:upa");
  EXPECT_EQ(world.intake.last.scope.root, world.here.mine_organisation);
  const Answer packed =
      world.ask("POST", target, machine, gzip("packed bytes", 6), "text/plain", "Content-Encoding: gzip\r\n");
  EXPECT_EQ(packed.status, 200);
  EXPECT_EQ(world.intake.last.bytes, "packed bytes");
  world.intake.verdict = feed::Verdict::rejected;
  EXPECT_EQ(world.ask("POST", target, machine, "x", "text/plain").status, 422);
  world.intake.verdict = feed::Verdict::waiting;
  const Answer later = world.ask("POST", target, machine, "x", "text/plain");
  EXPECT_EQ(later.status, 503) << "not on disk: the sender must keep the file";
  EXPECT_FALSE(later.header("retry-after").empty());
}

TEST(Uploads, RefuseBombsDamageFoldersAndTheWrongPeople) {
  ServerOptions options;
  options.upload_limit = 2u << 20;
  World world(options);
  const Session session = world.sign_in("ddya");
  const std::string target = "/api/v1/upload?name=x.txt";
  const auto packed = [&](const std::string& body) {
    return world.ask("POST", target, session, body, "text/plain", "Content-Encoding: gzip\r\n").status;
  };
  EXPECT_EQ(packed(gzip(std::string(40u << 20, '\0'), 9)), 413);
  EXPECT_EQ(packed("no gzip"), 400);
  EXPECT_EQ(world.ask("POST", target, session, "x", "text/plain", "Content-Encoding: br\r\n").status, 400);
  EXPECT_EQ(world.ask("POST", "/api/v1/upload?name=..%2Fx.txt", session, "x").status, 400);
  EXPECT_EQ(world.ask("POST", "/api/v1/upload", session, "x").status, 400);
  EXPECT_EQ(world.ask("POST", target, {}, "x").status, 401);
  EXPECT_EQ(world.ask("POST", target, world.sign_in("audita"), "x").status, 403) << "before the body is read";
  EXPECT_EQ(world.intake.uploads, 0);
}

TEST(Uploads, WaitingForDiskDoNotKeepPagesWaiting) {
  ServerOptions options;
  options.upload_threads = 1;
  options.upload_queue = 1;
  World world(options);
  const Session session = world.sign_in("ddya");
  world.intake.held = true;
  const auto send = [&] {
    const Answer answer = world.ask("POST", "/api/v1/upload?name=x.txt", session, "x");
    if (answer.status == 429) {
      EXPECT_EQ(answer.header("retry-after"), "2");
      EXPECT_NE(answer.body.find("\"retry_after\":2,"), std::string::npos) << answer.body;
    }
    return answer.status;
  };
  auto first = std::async(std::launch::async, send);
  {
    std::unique_lock lock(world.intake.mutex);
    world.intake.changed.wait(lock, [&] { return world.intake.uploads == 1; });
  }
  // One in the intake; of two more, one waits in the queue and one is refused.
  auto second = std::async(std::launch::async, send);
  auto third = std::async(std::launch::async, send);
  EXPECT_EQ(world.ask("GET", "/api/v1/records/alarm", session).status, 200) << "an alarm can still be read";
  const std::string step = "/api/v1/records/alarm/" + world.here.alarm.text() + "/steps/acknowledge";
  EXPECT_EQ(world.ask("POST", step, session, R"({"version":1})").status, 200) << "and acknowledged";
  std::future_status ready2, ready3;
  do {
    ready2 = second.wait_for(Millis(1));
    ready3 = third.wait_for(Millis(1));
  } while (ready2 != std::future_status::ready && ready3 != std::future_status::ready);
  {
    const std::lock_guard lock(world.intake.mutex);
    world.intake.held = false;
  }
  world.intake.changed.notify_all();
  std::multiset<int> statuses{first.get(), second.get(), third.get()};
  EXPECT_EQ(statuses, (std::multiset<int>{200, 200, 429}));
}

TEST(Attachments, AreStoredAndServedSafely) {
  World world;
  const Session session = world.sign_in("aqya");
  const std::string png = testing::png_like("and more");
  const Answer stored =
      world.ask("POST", "/api/v1/attachments?name=%E7%85%A7%E7%89%87.png", session, png, "image/png");
  ASSERT_EQ(stored.status, 200) << stored.body;
  const Answer file = world.ask(
      "GET", "/api/v1/attachments/" + std::string(parse_json(stored.body)->text("sha256")), session);
  EXPECT_EQ(file.body, png);
  EXPECT_EQ(file.header("content-type"), "image/png");
  EXPECT_EQ(file.header("x-content-type-options"), "nosniff");
  EXPECT_EQ(file.header("content-security-policy"), "default-src 'none'; sandbox");
  EXPECT_EQ(world.ask("POST", "/api/v1/attachments?name=x.exe", session, std::string("MZ\x90\0\3", 5)).status,
            400);
  EXPECT_EQ(world.ask("GET", "/api/v1/attachments/" + std::string(64, '0'), session).status, 404);
}

// ---- monitoring
// --------------------------------------------------------------------------------------------------

TEST(Monitoring, ShowsPointsWithValueLimitAndAlarm) {
  World world;
  const auto key = *world.history->point("140100000001", "P1a");
  history::Batch batch;
  batch.mine = "140100000001";
  batch.file_name = "x";
  for (int i = 0; i < 10; ++i) {
    batch.rows.push_back({key, {EventTime{world.clock.now().utc_ms - 600'000 + i * 30'000}, 0.1 * i, 0}});
  }
  ASSERT_TRUE(world.history->append(batch));
  const Session session = world.sign_in("ddya");
  const Json live = world.json("GET", "/api/v1/mines/" + world.here.mine.text() + "/live", session);
  ASSERT_TRUE(live["points"].array()) << live.dump();
  const Json& point = live["points"].array()->at(0);
  EXPECT_EQ(point.text("code"), "P1a");
  EXPECT_EQ(point.text("gas"), "CH4");
  EXPECT_NEAR(*point["value"].number(), 0.9, 1e-9);
  EXPECT_EQ(point["alarm"].text("op"), ">=");
  EXPECT_EQ(point.text("alarm_grade"), "orange");
  EXPECT_EQ(point.text("alarm_id"), world.here.alarm.text());
  EXPECT_EQ(point.text("quality"), "stale") << "no upload was ever entered in the ledger";

  const std::string series = "/api/v1/points/" + world.here.point.text() + "/series";
  const Json buckets = world.json("GET", series + "?width=60s", session);
  ASSERT_EQ(buckets["buckets"].array()->size(), 5u) << buckets.dump();
  EXPECT_EQ(buckets["buckets"].array()->at(0)["count"], Json(2));
  EXPECT_EQ(buckets["alarms"].array()->size(), 1u);
  EXPECT_EQ(buckets["limits"]["alarm"]["value"].number(), 1.0);
  const Json samples = world.json("GET", series + "?width=0", session);
  EXPECT_EQ(samples["samples"].array()->size(), 10u);
  for (const char* bad :
       {"?width=nonsense", "?width=-5s", "?width=1ms", "?from=x", "?from=2026-02-01&to=2026-01-01"}) {
    EXPECT_EQ(world.ask("GET", series + bad, session).status, 400) << bad;
  }
  EXPECT_EQ(world.json("GET", "/api/v1/mines/" + world.here.mine.text() + "/people", session)["people"],
            Json(7));
  EXPECT_EQ(world.json("GET", "/api/v1/board", session)["mines"].array()->size(), 1u);
}

TEST(Monitoring, GivesTheLatestReadingOfEveryPointInTheScope) {
  World world;
  const Session own = world.sign_in("ddya"), neighbour = world.sign_in("ddyb"),
                province = world.sign_in("pro");
  const std::string path = "/api/v1/latest";
  EXPECT_EQ(world.json("GET", path, own)["mines"].dump(), "[]") << "the point never sent a reading";
  const auto key = *world.history->point("140100000001", "P1a");
  history::Batch batch;
  batch.mine = "140100000001";
  batch.file_name = "x";
  batch.rows = {{key, {EventTime{1'768'176'000'000}, 0.5, 0}},
                {key, {EventTime{1'768'176'030'000}, 0.62, 5}}};
  ASSERT_TRUE(world.history->append(batch));

  const std::string want = R"([{"mine":")" + world.here.mine.text() + R"(","points":[[")" +
                           world.here.point.text() + R"(",0.62,5,1768176030000]]}])";
  EXPECT_EQ(world.json("GET", path, own)["mines"].dump(), want);
  EXPECT_EQ(world.json("GET", path, province)["mines"].dump(), want);
  EXPECT_EQ(world.json("GET", path + "?mine=" + world.here.mine.text(), own)["mines"].dump(), want);
  EXPECT_EQ(world.json("GET", path, neighbour)["mines"].dump(), "[]");
  EXPECT_EQ(world.ask("GET", path + "?mine=" + world.here.mine.text(), neighbour).status, 404);
}

// ---- the frame
// ---------------------------------------------------------------------------------------------------

TEST(Frame, AnswersUnknownPathsAndMethodsInJson) {
  World world;
  const Answer unknown = world.ask("GET", "/api/v1/nonsense");
  EXPECT_EQ(unknown.status, 404);
  EXPECT_EQ(code_of(unknown), "not_found");
  const Answer wrong = world.ask("PUT", "/api/v1/records/hazard");
  EXPECT_EQ(wrong.status, 405);
  EXPECT_EQ(wrong.header("allow"), "GET, HEAD, POST");
  EXPECT_EQ(world.ask("POST", "/index.html").status, 405);
  EXPECT_EQ(world.ask("HEAD", "/healthz").status, 200);
  EXPECT_EQ(world.ask("GET", "/nothing").status, 404) << "no web folder";
}

TEST(Frame, CarriesSecurityHeadersAndPacksLargeAnswers) {
  World world;
  const Session session = world.sign_in("ddya");
  const Answer answer = world.ask("GET", "/api/v1/catalog", session, {}, {}, "Accept-Encoding: gzip\r\n");
  EXPECT_EQ(answer.header("content-encoding"), "gzip");
  const auto text = gunzip(answer.body, 10u << 20);
  ASSERT_TRUE(text);
  const auto catalog = parse_json(*text);
  ASSERT_TRUE(catalog);
  EXPECT_EQ((*catalog)["record_types"].array()->size(), world.catalog->record_types.size());
  EXPECT_EQ(text->find("password_hash"), std::string::npos);
  EXPECT_EQ(answer.header("x-content-type-options"), "nosniff");
  const std::string policy = answer.header("content-security-policy");
  EXPECT_NE(policy.find("frame-ancestors 'none'"), std::string::npos);
  EXPECT_EQ(policy.find("unsafe-eval"), std::string::npos);
  EXPECT_FALSE(answer.header("x-request-id").empty());
  const Answer rules = world.ask("GET", "/api/v1/packs/rules", session, {}, {}, "Accept-Encoding: gzip\r\n");
  EXPECT_EQ(rules.header("content-encoding"), "gzip");
  EXPECT_EQ(rules.header("cache-control"), "no-store");
}

// The catalogue is 3.5 MB and every page load asks for it.
TEST(Frame, TheCatalogIsSentOnceAndThenOnlyAskedWhetherItIsTheSame) {
  World world;
  const Session session = world.sign_in("ddya");
  const Answer first = world.ask("GET", "/api/v1/catalog", session);
  EXPECT_EQ(first.status, 200);
  EXPECT_EQ(first.header("cache-control"), "private, no-cache");
  EXPECT_EQ(first.header("vary"), "Accept-Encoding");
  EXPECT_EQ(first.header("content-encoding"), "") << "not asked for";
  const std::string tag = first.header("etag");
  ASSERT_FALSE(tag.empty());
  const std::string known = "Accept-Encoding: gzip\r\nIf-None-Match: " + tag + "\r\n";
  const Answer again = world.ask("GET", "/api/v1/catalog", session, {}, {}, known);
  EXPECT_EQ(again.status, 304);
  EXPECT_EQ(again.body, "");
  EXPECT_EQ(again.header("etag"), tag);
  EXPECT_EQ(world.ask("GET", "/api/v1/catalog", session, {}, {}, "If-None-Match: \"other\"\r\n").body,
            first.body);
  EXPECT_EQ(world.ask("GET", "/api/v1/catalog", {}, {}, {}, known).status, 401)
      << "only who is signed in learns that";
}

TEST(Frame, LimitsTheRateOfAnAddressAndOfAnAccount) {
  ServerOptions options;
  options.per_address = {1, 30};
  options.per_account = {1, 3};
  World world(options);
  const Session session = world.sign_in("ddya");
  std::multiset<int> statuses;
  for (int i = 0; i < 5; ++i) statuses.insert(world.ask("GET", "/api/v1/session", session).status);
  EXPECT_EQ(statuses, (std::multiset<int>{200, 200, 200, 429, 429}));
  int last = 0;
  for (int i = 0; i < 30; ++i) last = world.ask("GET", "/healthz").status;
  EXPECT_EQ(last, 429);
}

// A page is some eighty files: a handful of people who open it at once must not be told to wait.
TEST(Frame, FilesOfTheInterfaceAreCountedApart) {
  ServerOptions options;
  options.per_address = {1, 5};
  options.files_per_address = {1, 100};
  World world(options);
  const auto count_of = [&](const char* path, int times) {
    std::map<int, int> statuses;
    for (int i = 0; i < times; ++i) ++statuses[world.ask("GET", path).status];
    return statuses;
  };
  EXPECT_EQ(count_of("/assets/none.js", 90), (std::map<int, int>{{404, 90}}));
  EXPECT_EQ(count_of("/healthz", 5), (std::map<int, int>{{200, 5}}));
  EXPECT_EQ(count_of("/healthz", 1), (std::map<int, int>{{429, 1}}));
  EXPECT_EQ(count_of("/assets/none.js", 20)[429], 10) << "but they are counted";
}

TEST(Frame, TellsOperatorsHowItIs) {
  World world;
  EXPECT_EQ(world.ask("GET", "/healthz").body, R"({"alive":true})");
  const Answer ready = world.ask("GET", "/readyz");
  EXPECT_EQ(ready.status, 200) << ready.body;
  const Answer metrics = world.ask("GET", "/metrics");
  EXPECT_NE(metrics.body.find("http_responses_total{class=\"2xx\"}"), std::string::npos);
}

TEST(Frame, DescribesEveryRouteInOpenApi) {
  World world;
  const Answer answer = world.ask("GET", "/api/v1/openapi.json");
  const auto document = parse_json(answer.body);
  ASSERT_TRUE(document);
  EXPECT_EQ(document->text("openapi"), "3.1.0");
  Context context(world.options, world.services());
  const Router router = make_router(context);
  EXPECT_GT(router.routes().size(), 35u);
  std::set<std::string> ids;
  for (const auto& route : router.routes()) {
    const Json& operation = (*document)["paths"][route.pattern][lower_ascii(name_of(route.method))];
    EXPECT_EQ(operation.text("operationId"), route.id);
    EXPECT_FALSE(route.summary.zh.empty() || route.summary.en.empty()) << route.id;
    EXPECT_TRUE(ids.insert(route.id).second) << route.id << " is there twice";
  }
  const std::string prefix = "\"$ref\":\"#/components/schemas/";
  for (auto at = answer.body.find(prefix); at != std::string::npos; at = answer.body.find(prefix, at + 1)) {
    const auto begin = at + prefix.size();
    const std::string name = answer.body.substr(begin, answer.body.find('"', begin) - begin);
    EXPECT_TRUE((*document)["components"]["schemas"].has(name)) << name;
  }
  for (const auto& type : world.catalog->record_types) {
    EXPECT_TRUE((*document)["components"]["schemas"].has("Fields." + type.name)) << type.name;
  }
}

}  // namespace
}  // namespace mineward::api
