// Live push over real sockets.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <chrono>

#include "api/world_testing.h"

namespace mineward::api {
namespace {

using testing::Answer;
using testing::Client;
using testing::Frame;
using testing::read_frame;
using testing::Session;
using testing::text_frame;
using testing::World;
using Kind = watch::LiveEvent::Kind;

void push(World& world, Kind kind, const testing::County& county, std::string json) {
  world.watch->listener({kind, county.mine, county.mine_organisation, std::move(json)});
}

/// Opens, and waits until the server has taken the first message of this client: from then on it gets what is
/// pushed.
std::unique_ptr<Client> joined(World& world, const Session& session, int buffer = 0) {
  auto client = world.open_live(session, {}, buffer);
  EXPECT_EQ(client->receive(false).status, 101);
  client->send(text_frame(R"({"ping":1})"));
  EXPECT_EQ(read_frame(*client).payload, R"({"kind":"pong"})");
  return client;
}

TEST(LiveSocket, PushesAlarmsOfTheScopeAndValuesOfWatchedMines) {
  World world;
  const Session session = world.sign_in("xiana");
  auto client = world.open_live(session);
  const Answer upgraded = client->receive(false);
  ASSERT_EQ(upgraded.status, 101);
  EXPECT_EQ(upgraded.header("sec-websocket-accept"), "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")
      << "the example of RFC 6455";
  client->send(text_frame(R"({"watch":[")" + world.here.mine.text() + R"("],"ping":1})"));
  EXPECT_EQ(read_frame(*client).payload, R"({"kind":"pong"})");
  push(world, Kind::alarm, world.there, R"({"kind":"alarm","of":"there"})");
  push(world, Kind::values, world.there, R"({"kind":"values","of":"there"})");
  push(world, Kind::alarm, world.here, R"({"kind":"alarm","of":"here"})");
  EXPECT_EQ(read_frame(*client).payload, R"({"kind":"alarm","of":"here"})");
  push(world, Kind::values, world.here, R"({"kind":"values","of":"here"})");
  EXPECT_EQ(read_frame(*client).payload, R"({"kind":"values","of":"here"})");
}

/// The watch asks before it writes values as text; then what it writes arrives.
TEST(LiveSocket, ValuesAreWantedWhileSomebodyLooksAtTheMine) {
  World world;
  const auto wanted = [&](const testing::County& county, Kind kind = Kind::values) {
    return world.watch->wanted(kind, county.mine, county.mine_organisation);
  };
  EXPECT_FALSE(wanted(world.here));
  EXPECT_FALSE(wanted(world.here, Kind::upload)) << "nobody is there";
  const Session session = world.sign_in("xiana");
  auto client = joined(world, session);
  EXPECT_TRUE(wanted(world.here, Kind::upload));
  EXPECT_FALSE(wanted(world.there, Kind::upload)) << "not of his county";
  EXPECT_FALSE(wanted(world.here)) << "he has opened no mine";
  client->send(text_frame(
      fmt::format(R"({{"watch":["{}","{}"],"ping":1}})", world.here.mine.text(), world.there.mine.text())));
  EXPECT_EQ(read_frame(*client).payload, R"({"kind":"pong"})");
  ASSERT_TRUE(wanted(world.here));
  EXPECT_FALSE(wanted(world.there)) << "he looks, and may not";
  push(world, Kind::values, world.here, R"({"kind":"values"})");
  EXPECT_EQ(read_frame(*client).payload, R"({"kind":"values"})");
  client->send(text_frame(R"({"watch":[],"ping":1})"));
  EXPECT_EQ(read_frame(*client).payload, R"({"kind":"pong"})");
  EXPECT_FALSE(wanted(world.here)) << "he has left the page";
  client->send(text_frame(R"({"watch":[")" + world.here.mine.text() + R"("],"ping":1})"));
  EXPECT_EQ(read_frame(*client).payload, R"({"kind":"pong"})");
  ASSERT_TRUE(wanted(world.here));
  EXPECT_EQ(world.ask("DELETE", "/api/v1/session", session).status, 204);
  EXPECT_FALSE(wanted(world.here)) << "he has signed out";
}

TEST(LiveSocket, RefusesStrangersAndOtherSites) {
  World world;
  EXPECT_EQ(world.open_live({})->receive().status, 401);
  const Session session = world.sign_in("xiana");
  EXPECT_EQ(world.open_live(session, "Origin: https://evil.example\r\n")->receive().status, 403);
  EXPECT_EQ(world.open_live(session, "Origin: null\r\n")->receive().status, 403);
  EXPECT_EQ(world.open_live(session, "Origin: http://mine.example\r\n")->receive(false).status, 101);
  EXPECT_EQ(world.ask("GET", "/api/v1/live", session).status, 426) << "no handshake";
  world.options.max_live_clients = 0;
  world.restart();
  const Answer full = world.open_live(session)->receive();
  EXPECT_EQ(full.status, 503);
  EXPECT_EQ(full.header("retry-after"), "2");
}

TEST(LiveSocket, EndsWithTheSessionWithNonsenseAndWithTheServer) {
  World world;
  const Session session = world.sign_in("xiana");
  auto signed_out = joined(world, session);
  EXPECT_EQ(world.ask("DELETE", "/api/v1/session", session).status, 204);
  EXPECT_EQ(read_frame(*signed_out).close_code(), 4401);

  const Session second = world.sign_in("xiana");
  auto nonsense = joined(world, second);
  nonsense->send(text_frame("no json"));
  EXPECT_EQ(read_frame(*nonsense).close_code(), 1007);

  auto last = joined(world, second);
  world.server->stop();
  EXPECT_EQ(read_frame(*last).close_code(), 1001);
}

TEST(LiveSocket, ASlowBrowserHoldsUpNobodyAndIsClosedWith1013) {
  World world;
  const Session session = world.sign_in("xiana");
  auto slow = joined(world, session, 4096);
  auto quick = joined(world, session);
  // Nobody reads `slow`. Far more than its queue and the kernel's buffers hold:
  const std::string alarm = R"({"kind":"alarm","text":")" + std::string(20'000, 'a') + "\"}";
  int quick_alarms = 0;
  const auto begun = std::chrono::steady_clock::now();
  for (int i = 0; i < 1000; ++i) {
    push(world, Kind::alarm, world.here, alarm);
    const Frame frame = read_frame(*quick);  // keeps pace all the while
    quick_alarms += frame.payload.size() == alarm.size() ? 1 : 0;
  }
  EXPECT_LT(std::chrono::steady_clock::now() - begun, std::chrono::seconds(30));
  EXPECT_EQ(quick_alarms, 1000);
  int got = 0;
  Frame frame;
  while ((frame = read_frame(*slow)).opcode == 1) ++got;
  EXPECT_LT(got, 1000);
  EXPECT_EQ(frame.opcode, 8);
  EXPECT_EQ(frame.close_code(), 1013);
}

/// The hazard of each county was found on 12 January at 08:00; the safety officer has three days, until the
/// midnight of the 15th, to verify it. Half of these 3 days 16 hours have gone on the 14th at 04:00.
TEST(LiveSocket, PushesATimeLimitToWhoOwesItAndListsItUntilSeen) {
  World world;
  const auto half_of = [](const Json& list) {
    std::string out;
    for (const Json& row : *list["reminders"].array()) {
      if (row.text("clock") == "verify")
        out += fmt::format("{} {} {};", row.text("type"), row.text("id"), row.text("stage"));
    }
    return out;
  };
  const auto hears = [](Client& client) {  // up to the answer to a ping: whatever was pushed before it
    client.send(text_frame(R"({"ping":1})"));
    std::string heard, payload;
    while ((payload = read_frame(client).payload) != R"({"kind":"pong"})") heard += payload;
    return heard;
  };
  world.clock.set(ArrivalTime{parse_time("2026-01-14 03:59:59")->utc_ms});
  const Session owes = world.sign_in("aqya"), other_county = world.sign_in("aqyb"),
                watches = world.sign_in("xiana");
  const auto his = joined(world, owes), theirs = joined(world, other_county),
             superior = joined(world, watches);
  ASSERT_TRUE(world.server->remind());
  EXPECT_EQ(hears(*his), "");
  world.clock.set(ArrivalTime{parse_time("2026-01-14 04:00:00")->utc_ms});
  ASSERT_TRUE(world.server->remind());
  const std::string heard = hears(*his);
  EXPECT_NE(heard.find(R"("kind":"reminder")"), std::string::npos) << heard;
  EXPECT_NE(heard.find(world.here.hazard.text()), std::string::npos) << heard;
  EXPECT_EQ(hears(*theirs).find(world.here.hazard.text()), std::string::npos);
  EXPECT_EQ(hears(*superior), "") << "he owes nothing";

  const std::string mine = fmt::format("hazard {} half;", world.here.hazard.text());
  const Json list = world.json("GET", "/api/v1/reminders", owes);
  EXPECT_EQ(half_of(list), mine);
  EXPECT_EQ(half_of(world.json("GET", "/api/v1/reminders", watches)), "");
  world.restart();
  ASSERT_TRUE(world.server->remind());
  EXPECT_EQ(half_of(world.json("GET", "/api/v1/reminders", owes)), mine) << "once, also after a restart";

  Json::Array seqs;
  for (const Json& row : *list["reminders"].array()) seqs.push_back(row["seq"]);
  const std::string body = Json(Json::Object{{"seqs", Json(std::move(seqs))}}).dump();
  EXPECT_EQ(half_of(world.json("POST", "/api/v1/reminders/seen", other_county, body)),
            fmt::format("hazard {} half;", world.there.hazard.text()))
      << "nobody sees for another";
  EXPECT_EQ(half_of(world.json("GET", "/api/v1/reminders", owes)), mine);
  for (const char* bad : {"{}", R"({"seqs":null})", R"({"seqs":1})", R"({"seqs":["1"]})"})
    EXPECT_EQ(world.ask("POST", "/api/v1/reminders/seen", owes, bad).status, 400) << bad;
  EXPECT_EQ(half_of(world.json("POST", "/api/v1/reminders/seen", owes, body)), "");
  EXPECT_EQ(half_of(world.json("GET", "/api/v1/reminders", owes)), "");
}

TEST(LiveSocket, LooksAgainWhoIsThere) {
  World world;
  Context context(world.options, world.services());
  const Router router = make_router(context);
  ApiApplication application(context, router);
  const auto signed_in = context.sessions.sign_in("xiana", World::kPassword, "127.0.0.1");
  const auto& caller = std::get<SignedIn>(signed_in).caller;
  const auto client = context.hub.join(caller.session, caller.actor, {}, 10);
  context.hub.publish({Kind::alarm, world.here.mine, world.here.mine_organisation, "before"});
  EXPECT_EQ(client->next(), nullptr);
  application.review_live_clients();
  context.hub.publish({Kind::alarm, world.here.mine, world.here.mine_organisation, "after"});
  const auto message = client->next();
  ASSERT_TRUE(message) << "its organisations were renewed";
  EXPECT_EQ(*message, "after");
  context.sessions.sign_out(caller);
  application.review_live_clients();
  EXPECT_EQ(client->close_code(), 4401);
}

}  // namespace
}  // namespace mineward::api
