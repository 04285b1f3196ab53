/// Nonsense on every route, made from the server's own OpenAPI document: nothing it is asked may make it
/// fail, and nothing it refuses may leave a trace.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>

#include "api/bad_input_testing.h"

namespace mineward::api {
namespace {

using testing::Answer;
using testing::Asker;
using testing::encoded;
using ::testing::HasSubstr;
using testing::Session;
using testing::World;

/// Also of queries of 100 kB, which are for the routes to judge here, not for the transport.
ServerOptions unlimited() {
  ServerOptions options = testing::unlimited();
  options.header_limit = 256u << 10;
  return options;
}

struct Operation {
  std::string method, path;
  std::vector<std::pair<std::string, std::string>> query;  ///< name, JSON type
  std::string body;                                        ///< media type; empty = none
};

std::vector<Operation> operations(World& world) {
  const Json document = world.json("GET", "/api/v1/openapi.json", {});
  std::vector<Operation> out;
  for (const auto& [path, methods] : *document["paths"].object()) {
    for (const auto& [method, operation] : *methods.object()) {
      Operation o{method == "delete"  ? "DELETE"
                  : method == "post"  ? "POST"
                  : method == "patch" ? "PATCH"
                                      : "GET",
                  path,
                  {},
                  {}};
      if (const auto* parameters = operation["parameters"].array()) {
        for (const auto& p : *parameters) {
          if (p.text("in") == "query") o.query.emplace_back(p.text("name"), p["schema"].text("type"));
        }
      }
      if (const auto* media = operation["requestBody"]["content"].object()) o.body = media->front().first;
      out.push_back(std::move(o));
    }
  }
  return out;
}

std::string filled(std::string path, const std::map<std::string, std::string>& values,
                   const std::string& otherwise) {
  for (auto open = path.find('{'); open != std::string::npos; open = path.find('{', open)) {
    const auto close = path.find('}', open);
    const auto known = values.find(path.substr(open + 1, close - open - 1));
    path.replace(open, close - open + 1, known == values.end() ? otherwise : known->second);
    ++open;
  }
  return path;
}

/// Values that make sense, so that a route gets beyond its path.
std::map<std::string, std::string> sense(const World& world, const std::string& path) {
  std::map<std::string, std::string> values{{"type", "hazard"}, {"name", "annex2"}, {"step", "grade"}};
  values["id"] = path.find("/mines/") != std::string::npos    ? world.here.mine.text()
                 : path.find("/points/") != std::string::npos ? world.here.point.text()
                 : path.find("/alarms/") != std::string::npos ? world.here.alarm.text()
                                                              : world.here.hazard.text();
  values["sha256"] = world.here.attachment;
  return values;
}

const std::vector<std::string>& nonsense() {
  static const std::vector<std::string> values = {"-1",
                                                  "0",
                                                  "1e9",
                                                  "NaN",
                                                  "99999999999999999999",
                                                  "'",
                                                  "\"; DROP TABLE hazard; --",
                                                  "%",
                                                  "../../etc/passwd",
                                                  "\xF0\x9F\x92\xA9",
                                                  "2026-13-45",
                                                  "[]",
                                                  "{\"a\":1}",
                                                  "\x1b[31m",
                                                  ",,,",
                                                  std::string(100'000, 'q')};
  return values;
}

TEST(BadParameters, NoGetRouteFailsWhateverItIsAsked) {
  World world(unlimited());
  Asker asker(world);
  const Session session = world.sign_in("xiana");
  int routes = 0;
  for (const auto& o : operations(world)) {
    if (o.method != "GET" || o.path == "/api/v1/live") continue;
    ++routes;
    const std::string good = filled(o.path, sense(world, o.path), "1");
    for (const auto& value : nonsense()) {
      std::vector<std::string> targets = {good + "?" + encoded(value), good + "?f.title=" + encoded(value)};
      if (good != o.path) targets.push_back(filled(o.path, {}, encoded(value)));
      for (const auto& [name, type] : o.query) {
        const std::string key = name == "f.<field>" ? "f." + encoded(value) : name;
        targets.push_back(good + "?" + key + "=" + encoded(value));
      }
      for (const auto& target : targets) {
        const Answer answer = asker.ask("GET", target, session);
        EXPECT_TRUE(answer.status >= 200 && answer.status < 500)
            << answer.status << " " << target.substr(0, 200);
        if (answer.status == 400) {
          EXPECT_TRUE(parse_json(answer.body)) << target.substr(0, 200);
        }
      }
    }
  }
  std::printf("%d GET routes, %zu values, %d requests\n", routes, nonsense().size(), asker.asked);
  EXPECT_GE(routes, 40);
}

/// What each kind of parameter takes, and that everything else is refused with its name, what was found and
/// what was expected.
TEST(BadParameters, AreRefusedByName) {
  World world(unlimited());
  Asker asker(world);
  const Session session = world.sign_in("xiana"), auditor = world.sign_in("audita");
  const std::map<std::string, std::vector<std::string>> bad = {
      {"limit", {"-1", "0", "1e9", "1000000000", "NaN", "ten", "5.5", "0x10", "99999999999999999999"}},
      {"offset", {"-1", "1e9", "NaN", "99999999999999999999"}},
      {"before", {"garbage", "-1", "1e9"}},
      {"mine", {"garbage", "1e9", "'"}},
      {"subject", {"garbage", "1e9"}},
      {"unit", {"garbage", "1e9"}},
      {"month", {"2026-13", "202611", "now", "2026-1"}},
      {"from", {"yesterday", "2026-13-45", "1e9"}},
      {"to", {"yesterday", "2026-13-45", "1e9"}},
      {"as_of", {"yesterday", "2026-13-45"}},
      {"width", {"nonsense", "-5s", "1ms", "NaN"}},
      {"sort", {"garbage", "-", "--title", "title; DROP TABLE hazard"}},
      {"after", {"garbage", "%%%", "AAAA", "0"}},
      {"column", {"-1", "1e9", "NaN"}},
      {"carried", {"2", "yes"}},
      {"state", {"garbage"}},
      {"level", {"garbage"}},
      {"format", {"exe", "pdf"}},
      {"f.<field>", {"x"}},
  };
  int refused = 0;
  for (const auto& o : operations(world)) {
    if (o.method != "GET" || o.path == "/api/v1/live" || o.path.find("/api/v1/") != 0) continue;
    const bool is_log = o.path.starts_with("/api/v1/log");
    const std::string good = filled(o.path, sense(world, o.path), "1");
    for (const auto& [name, type] : o.query) {
      const auto known = bad.find(name);
      if (known == bad.end()) continue;
      if (name == "after" && o.path.ends_with("/export.csv")) continue;  // an export is the whole list
      if (o.path == "/api/v1/duties/one") continue;  // its parameters name one thing: that is 404
      for (const auto& value : known->second) {
        if (value == "0" && name == "after" && o.path.starts_with("/api/v1/imports/")) continue;
        std::string target = good + "?" + (name == "f.<field>" ? "f.nonsense" : name) + "=" + encoded(value);
        if (o.path == "/api/v1/search") target += "&q=x";
        if (o.path.ends_with("/records") && o.path.find("/forms/") != std::string::npos && name != "column")
          target += "&row=month&column=7";
        SCOPED_TRACE(target);
        const Answer answer = asker.ask("GET", target, is_log ? auditor : session);
        EXPECT_EQ(answer.status, 400) << answer.body.substr(0, 300);
        const auto body = parse_json(answer.body);
        const std::string message(body ? (*body)["error"].text("message") : std::string_view());
        // A cursor and a field of a record are refused in words of their own.
        const bool cursor =
            name == "after" && !o.path.starts_with("/api/v1/imports/");  // there a row's number
        const char* says = cursor ? "cursor" : name == "f.<field>" ? "nonsense" : name.c_str();
        EXPECT_THAT(message, HasSubstr(says));
        if (name != "after" && name != "f.<field>" && value != "1ms") {
          EXPECT_THAT(message, HasSubstr("expected"));
        }
        ++refused;
      }
    }
    if (o.path == "/api/v1/openapi.json") continue;
    SCOPED_TRACE(o.path);
    const Answer unknown = asker.ask("GET", good + "?nonsense=1", is_log ? auditor : session);
    if (unknown.status == 403 || o.path == "/api/v1/session") continue;
    EXPECT_EQ(unknown.status, 400) << unknown.body.substr(0, 300);
    EXPECT_THAT(unknown.body, HasSubstr("nonsense"));
    ++refused;
  }
  std::printf("%d refused by name\n", refused);
  EXPECT_GT(refused, 150);
}

TEST(BadParameters, TheServersOwnBoundOnAQueryIs431) {
  World world;
  const Session session = world.sign_in("xiana");
  EXPECT_EQ(world.ask("GET", "/api/v1/records/hazard?q=" + std::string(100'000, 'q'), session).status, 431);
}

/// Number of entries in the change log, past which nothing is written.
std::int64_t entries(World& world, const Session& auditor) {
  const Json found = world.json("GET", "/api/v1/log/verify", auditor);
  return found["entries"].integer() ? *found["entries"].integer() : -1;
}

TEST(BadBodies, NoRouteThatWritesFailsOrWritesWhateverItIsGiven) {
  World world(unlimited());
  world.add_account("aqgly", world.here.organisation, {"security_admin"});
  Asker asker(world);
  const std::vector<std::pair<std::string, std::string>> bodies = {
      {"nothing", ""},
      {"a list", "[]"},
      {"a number", "5"},
      {"a text", "\"x\""},
      {"a member without a name", R"({"":null})"},
      {"wrong types",
       R"({"fields":[1],"version":"x","reason":{},"name":5,"password":[],"old":1,"new":2,"unit":5,"month":[],)"
       R"("pack":1,"action":[],"region":{},"first_day":5,"cells":"x","clear":5,"cases":[]})"},
      {"wrong types inside",
       R"({"fields":{"title":5,"level":{},"photos_before":"x","mine":[]},"version":1.5,)"
       R"("cells":[5,{"row":1,"column":"x","value":"y"}],"clear":[[]]})"},
      {"numbers out of bounds",
       R"({"version":-9223372036854775808,"fields":{"money":1e308},"cells":[{"row":"","column":-1,"value":1e308,"reason":"x"}]})"},
      {"a text of a mebibyte", "{\"fields\":{\"title\":\"" + std::string((1u << 20) - 100, 'x') + "\"}}"},
      {"500 levels", "{\"fields\":" + std::string(500, '[') + std::string(500, ']') + "}"},
      {"100,000 levels", "{\"fields\":" + std::string(100'000, '[')},
      {"no JSON", "{\"fields\":"},
      {"no UTF-8", "{\"fields\":{\"title\":\"\xff\xfe\"}}"},
      {"NUL", std::string("{\"fields\":{\"title\":\"\\u0000\"}}\0", 31)},
      {"a field named like a prototype", R"({"fields":{"__proto__":{"admin":true},"constructor":1}})"},
  };
  const Session auditor = world.sign_in("audita");
  std::vector<Session> callers;
  for (const char* name : {"aqya", "ddya", "xiana", "admina", "aqgly", "pro"})
    callers.push_back(world.sign_in(name));
  callers.emplace_back();
  int routes = 0;
  for (const auto& o : operations(world)) {
    if (o.method == "GET" || o.method == "DELETE") continue;  // DELETE signs the caller out
    ++routes;
    auto values = sense(world, o.path);
    // An administrator's order for a password or a token needs no body: there the account is the nonsense.
    if (o.path.find("/accounts/") != std::string::npos) values["id"] = "1";
    const std::string path = filled(o.path, values, "1");
    for (const auto& [why, body] : bodies) {
      SCOPED_TRACE(o.method + " " + o.path + ": " + why);
      const std::int64_t before = entries(world, auditor);
      for (const auto& caller : callers) {
        const Answer answer =
            asker.ask(o.method, path, caller, body, o.body.empty() ? "application/json" : o.body);
        EXPECT_TRUE(answer.status >= 400 && answer.status < 500)
            << answer.status << " " << answer.body.substr(0, 300);
      }
      // Wrong passwords are written down; everything else leaves no trace.
      if (o.path != "/api/v1/session") {
        EXPECT_EQ(entries(world, auditor), before);
      }
    }
  }
  std::printf("%d routes that write, %zu bodies, %d requests\n", routes, bodies.size(), asker.asked);
  EXPECT_GT(routes, 15);
  EXPECT_EQ(world.json("GET", "/api/v1/records/hazard?total=1", callers.front())["total"], Json(1));
}

}  // namespace
}  // namespace mineward::api
