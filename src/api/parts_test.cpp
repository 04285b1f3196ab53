// The parts that know no socket: grammar, router, gzip, rates, static files, live queues.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>
#include <stdlib.h>

#include <future>

#include "api/gzip.h"
#include "api/http.h"
#include "api/live.h"
#include "api/rates.h"
#include "api/router.h"
#include "api/static_files.h"
#include "api/workers.h"
#include "base/text.h"

namespace mineward::api {
namespace {

using record::RecordId;

// ---- http
// --------------------------------------------------------------------------------------------------------

TEST(Http, SplitsTargets) {
  Request request;
  request.target = "/a%20b//c?x=1&y=%E7%94%B2+%2B&x=2&z";
  ASSERT_TRUE(parse_target(request));
  EXPECT_EQ(request.segments, (std::vector<std::string>{"a b", "", "c"}));
  EXPECT_EQ(request.parameter("x"), "1");
  EXPECT_EQ(request.parameter("y"), "甲 +");
  EXPECT_EQ(request.parameter("z"), "");
  EXPECT_EQ(request.parameter("w"), std::nullopt);
  for (const char* bad : {"", "a", "/%", "/%4", "/%g0", "/%00", "/?a=%ff", "*"}) {
    request.target = bad;
    EXPECT_FALSE(parse_target(request)) << bad;
  }
}

TEST(Http, FindsCookiesAndHeaders) {
  Request request;
  request.headers = {{"Cookie", "a=1; mw_session=xyz ;b=2"}, {"ACCEPT", "x"}};
  EXPECT_EQ(request.cookie("mw_session"), "xyz");
  EXPECT_EQ(request.cookie("session"), "");
  EXPECT_EQ(request.header("accept"), "x");
}

TEST(Http, ReadsAcceptEncoding) {
  const struct {
    const char* field;
    bool want;
  } cases[] = {{"gzip", true}, {"br, gzip;q=0.5", true},  {"gzip;q=0", false}, {"", false},
               {"br", false},  {"identity, x-gzip", true}};
  for (const auto& c : cases) EXPECT_EQ(accepts_gzip(c.field), c.want) << c.field;
}

TEST(Http, WritesDates) { EXPECT_EQ(http_date(784'111'777'000), "Sun, 06 Nov 1994 08:49:37 GMT"); }

RC_GTEST_PROP(Http, DecodesWhatIsEncoded, (const std::string& text)) {
  std::string encoded;
  for (const char c : text) {
    static constexpr char kHex[] = "0123456789ABCDEF";
    const auto byte = static_cast<unsigned char>(c);
    encoded += {'%', kHex[byte >> 4], kHex[byte & 15]};
  }
  RC_ASSERT(percent_decode(encoded) == text);
}

// ---- router
// ------------------------------------------------------------------------------------------------------

TEST(Router, PrefersLiteralsAndNamesWhatIsAllowed) {
  Router router;
  const auto add = [&](Method method, const char* pattern) {
    Route route;
    route.method = method;
    route.pattern = pattern;
    route.id = std::string(name_of(method)) + " " + pattern;
    router.add(std::move(route));
  };
  add(Method::get, "/r/{type}/{id}");
  add(Method::get, "/r/{type}/export.csv");
  add(Method::post, "/r/{type}/import");
  add(Method::patch, "/r/{type}/{id}");
  const auto found = [&](Method method, std::vector<std::string> path) {
    const auto match = router.match(method, path);
    std::string out = match.route ? match.route->id : "none:";
    for (const auto& [name, value] : match.path) out += " " + name + "=" + value;
    for (const Method m : match.allowed) out += " " + std::string(name_of(m));
    return out;
  };
  EXPECT_EQ(found(Method::get, {"r", "hazard", "7"}), "GET /r/{type}/{id} type=hazard id=7");
  EXPECT_EQ(found(Method::head, {"r", "hazard", "7"}), "GET /r/{type}/{id} type=hazard id=7");
  EXPECT_EQ(found(Method::get, {"r", "hazard", "export.csv"}), "GET /r/{type}/export.csv type=hazard");
  EXPECT_EQ(found(Method::del, {"r", "hazard", "7"}), "none: GET PATCH");
  EXPECT_EQ(found(Method::get, {"r", "hazard"}), "none:");
  EXPECT_EQ(found(Method::get, {"r", "", "7"}), "none:") << "an empty value is no value";
}

// ---- gzip
// --------------------------------------------------------------------------------------------------------

RC_GTEST_PROP(Gzip, ComesBack, (const std::string& text)) {
  const auto back = gunzip(gzip(text, 1), text.size());
  RC_ASSERT(back.ok());
  RC_ASSERT(*back == text);
}

TEST(Gzip, StopsABombAtTheLimit) {
  const std::string bomb = gzip(std::string(50u << 20, '\0'), 9);
  ASSERT_LT(bomb.size(), 100'000u);
  const auto result = gunzip(bomb, 1u << 20);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, Errc::too_large);
}

TEST(Gzip, RefusesDamage) {
  const std::string good = gzip("some text that is long enough to be cut", 6);
  EXPECT_EQ(gunzip(good.substr(0, good.size() - 3), 1000).error().code, Errc::bad_input) << "cut";
  EXPECT_EQ(gunzip("hello", 1000).error().code, Errc::bad_input) << "no gzip";
  EXPECT_EQ(gunzip("", 1000).error().code, Errc::bad_input) << "empty";
  std::string flipped = good;
  flipped[good.size() - 6] = static_cast<char>(flipped[good.size() - 6] ^ 1);
  EXPECT_EQ(gunzip(flipped, 1000).error().code, Errc::bad_input) << "wrong sum";
  EXPECT_EQ(*gunzip(good + good, 1000),
            "some text that is long enough to be cutsome text that is long enough to be cut")
      << "two members";
}

// ---- rates
// -------------------------------------------------------------------------------------------------------

TEST(Rates, RefillsAndForgetsTheOldest) {
  ManualClock clock(ArrivalTime{0});
  Rates rates({1, 2}, 2, clock);
  EXPECT_FALSE(rates.take("a"));
  EXPECT_FALSE(rates.take("a"));
  EXPECT_EQ(rates.take("a"), Millis(1000));
  EXPECT_FALSE(rates.take("b")) << "others have their own";
  clock.advance(Millis(1000));
  EXPECT_FALSE(rates.take("a"));
  EXPECT_TRUE(rates.take("a"));
  EXPECT_FALSE(rates.take("c")) << "pushes out b, used longest ago";
  EXPECT_TRUE(rates.take("a")) << "still remembered";
  Rates none({0, 0}, 2, clock);
  EXPECT_FALSE(none.take("x"));
}

// ---- static files
// ------------------------------------------------------------------------------------------------

TEST(StaticFiles, ServesWhatTheFolderHeldAndNothingElse) {
  std::string root = "/tmp/mw_static_XXXXXX";
  ASSERT_TRUE(mkdtemp(root.data()));
  auto files = system_files();
  const std::string script = "console.log('" + std::string(3000, 'a') + "')";
  ASSERT_TRUE(files->make_folders(root + "/web/assets"));
  ASSERT_TRUE(write_atomically(*files, root + "/web/index.html", "<p>hi"));
  ASSERT_TRUE(write_atomically(*files, root + "/web/assets/index-DiwrgTda.js", script));
  ASSERT_TRUE(write_atomically(*files, root + "/web/.secret", "x"));
  ASSERT_TRUE(write_atomically(*files, root + "/outside.txt", "x"));
  auto web = StaticFiles::load(*files, root + "/web");
  ASSERT_TRUE(web) << web.error().text();
  const auto get = [&](const std::string& target, Headers headers = {}) {
    Request request;
    request.method = Method::get;
    request.target = target;
    request.headers = std::move(headers);
    EXPECT_TRUE(parse_target(request));
    return web->serve(request);
  };
  EXPECT_EQ(get("/").content(), "<p>hi");
  EXPECT_EQ(get("/").content_type, "text/html; charset=utf-8");
  EXPECT_EQ(find_header(get("/").headers, "cache-control"), "no-cache");
  EXPECT_EQ(get("/mines/12/live").content(), "<p>hi") << "a path of the client-side router";
  EXPECT_EQ(get("/clauses/YC2024-3.2.3-02").content(), "<p>hi") << "a number behind a dot is no file ending";
  for (const char* gone : {"/assets/none.js", "/.secret", "/../outside.txt", "/%2e%2e/outside.txt",
                           "/..%2foutside.txt", "//outside.txt"}) {
    EXPECT_EQ(get(gone).status, 404) << gone;
  }
  const auto plain = get("/assets/index-DiwrgTda.js");
  EXPECT_EQ(plain.content(), script);
  EXPECT_EQ(find_header(plain.headers, "cache-control"), "public, max-age=31536000, immutable");
  const auto packed = get("/assets/index-DiwrgTda.js", {{"Accept-Encoding", "gzip"}});
  EXPECT_EQ(find_header(packed.headers, "content-encoding"), "gzip");
  EXPECT_EQ(*gunzip(packed.content(), 1u << 20), script);
  const std::string tag(find_header(plain.headers, "etag"));
  EXPECT_EQ(get("/assets/index-DiwrgTda.js", {{"If-None-Match", "\"x\", W/" + tag}}).status, 304);
  std::system(("rm -rf " + root).c_str());
}

// ---- live
// --------------------------------------------------------------------------------------------------------

watch::LiveEvent event(watch::LiveEvent::Kind kind, std::int64_t mine, std::int64_t organisation,
                       std::string json) {
  return {kind, RecordId{mine}, RecordId{organisation}, std::move(json)};
}
using Kind = watch::LiveEvent::Kind;

std::vector<std::string> drain(LiveClient& client) {
  std::vector<std::string> out;
  while (const auto message = client.next()) out.push_back(*message);
  return out;
}

TEST(Live, SendsWhatIsInScopeAndWatchedAlarmsFirst) {
  LiveHub hub;
  const auto client = hub.join("s", {}, {RecordId{10}}, 5);
  client->watch_mines({RecordId{1}, RecordId{2}});
  hub.publish(event(Kind::values, 1, 10, "v1"));
  hub.publish(event(Kind::values, 1, 10, "v1 newer"));
  hub.publish(event(Kind::values, 2, 99, "foreign"));
  hub.publish(event(Kind::values, 3, 10, "not watched"));
  hub.publish(event(Kind::people, 3, 10, "p3"));
  hub.publish(event(Kind::alarm, 3, 10, "a1"));
  hub.publish(event(Kind::alarm, 1, 99, "foreign alarm"));
  hub.publish(event(Kind::alarm, 1, 10, "a2"));
  EXPECT_EQ(drain(*client), (std::vector<std::string>{"a1", "a2", "p3", "v1 newer"}));
  hub.leave(client);
  hub.publish(event(Kind::alarm, 1, 10, "late"));
  EXPECT_EQ(client->next(), nullptr);
}

TEST(Live, LosesValuesAndUploadsButClosesRatherThanLoseAnAlarm) {
  LiveHub hub(LiveLimits{3, 2});
  const auto client = hub.join("s", {}, {RecordId{10}}, 5);
  client->watch_mines({RecordId{1}});
  for (int i = 0; i < 1000; ++i) hub.publish(event(Kind::values, 1, 10, "v" + std::to_string(i)));
  for (int i = 0; i < 5; ++i) hub.publish(event(Kind::upload, 1, 10, "u" + std::to_string(i)));
  EXPECT_EQ(drain(*client), (std::vector<std::string>{"u3", "u4", "v999"}));
  for (int i = 0; i < 3; ++i) hub.publish(event(Kind::alarm, 1, 10, "a"));
  EXPECT_FALSE(client->lost());
  int woken = 0;
  client->on_wake([&] { ++woken; });
  hub.publish(event(Kind::alarm, 1, 10, "one too many"));
  EXPECT_TRUE(client->lost());
  EXPECT_EQ(client->close_code(), 1013);
  EXPECT_EQ(woken, 1);
}

TEST(Live, TakesNoMoreClientsThanAllowedAndNoneAfterTheEnd) {
  LiveHub hub;
  const auto first = hub.join("s", {}, {}, 1);
  EXPECT_FALSE(hub.join("t", {}, {}, 1));
  hub.end_session("other", 4401);
  EXPECT_EQ(first->close_code(), 0);
  hub.end_session("s", 4401);
  EXPECT_EQ(first->close_code(), 4401);
  hub.close(1001);
  EXPECT_FALSE(hub.join("u", {}, {}, 5));
}

// ---- workers
// -----------------------------------------------------------------------------------------------------

TEST(Workers, FinishWhatIsQueuedBeforeTheyStop) {
  Workers workers(2, 100);
  std::atomic<int> done{0};
  for (int i = 0; i < 50; ++i) EXPECT_TRUE(workers.run([&] { ++done; }));
  workers.stop();
  EXPECT_EQ(done, 50);
  EXPECT_FALSE(workers.run([&] { ++done; }));
}

/// Holds the jobs of a pool until let go.
struct Held {
  std::promise<void> go;
  std::shared_future<void> gone = go.get_future().share();
  std::mutex order_mutex;  // guards order
  std::string order;
  std::function<void()> job(char who) {
    return [this, who] {
      gone.wait();
      const std::lock_guard lock(order_mutex);
      order += who;
    };
  }
};

TEST(Workers, LetSendersTakeTurnsSoThatNoneStarvesTheOthers) {
  Held held;
  {
    Workers workers(1, 40);
    while (!workers.run(held.job('a'), "a")) continue;
    int flooded = 0;
    while (workers.run(held.job('a'), "a")) ++flooded;
    EXPECT_LE(flooded, 11) << "a quarter of the queue, and one that may be running";
    EXPECT_TRUE(workers.run(held.job('b'), "b"));
    EXPECT_TRUE(workers.run(held.job('c'), "c"));
    EXPECT_TRUE(workers.run(held.job('b'), "b"));
    held.go.set_value();
    workers.stop();
  }
  const auto place = [&](char who) { return held.order.find(who); };
  EXPECT_LE(place('b'), 3u) << held.order << ": b waits for one job of each other, not for all of a's";
  EXPECT_LE(place('c'), 4u) << held.order;
  EXPECT_LE(held.order.find_last_of('b'), 6u) << held.order;
}

TEST(Workers, KeepAThreadFreeOfOneSenderForTheOthers) {
  Held held;
  Workers workers(2, 40);
  for (int i = 0; i < 5; ++i) EXPECT_TRUE(workers.run(held.job('a'), "a"));
  std::promise<void> other;
  EXPECT_TRUE(workers.run([&] { other.set_value(); }, "b"));
  EXPECT_EQ(other.get_future().wait_for(std::chrono::seconds(10)), std::future_status::ready)
      << "two jobs of one mine would wait for each other anyway";
  held.go.set_value();
}

TEST(Workers, GiveANewSenderAPlaceAlthoughTheQueueIsFull) {
  Held held;
  Workers workers(1, 4);
  for (const char* sender : {"a", "b", "c", "d", "e"}) EXPECT_TRUE(workers.run(held.job(*sender), sender));
  EXPECT_FALSE(workers.run(held.job('b'), "b"));
  int taken = 0;
  for (int i = 0; i < 100; ++i) taken += workers.run(held.job('x'), "x" + std::to_string(i)) ? 1 : 0;
  EXPECT_GE(taken, 5);
  EXPECT_LE(taken, 16) << "but it never grows without end";
  EXPECT_FALSE(workers.run(held.job('y'))) << "without a sender the limit is the limit";
  held.go.set_value();
}

}  // namespace
}  // namespace mineward::api
