/// The JSON test suite through the door: each file is the body of a POST, byte for byte, on one connection.
#include <gtest/gtest.h>

#include "api/bad_input_testing.h"

namespace mineward::api {
namespace {

using testing::Answer;
using testing::Client;
using testing::request_text;
using testing::Session;
using testing::World;

constexpr const char* kHazards = "/api/v1/records/hazard";

/// What the server made of a body: its JSON reader, or what came after it.
enum class Seen { bad_json, no_object, no_hazard, other };

Seen seen_of(const Answer& answer) {
  if (answer.status != 400) return Seen::other;
  const auto body = parse_json(answer.body);
  if (!body) return Seen::other;
  const Json& error = (*body)["error"];
  const Json* fault = error["faults"].array() && !error["faults"].array()->empty()
                          ? &error["faults"].array()->front()
                          : nullptr;
  if (!fault) return Seen::other;
  if (error.text("code") == "bad_json" && fault->text("field") == "body" && fault->text("code") == "bad_json")
    return Seen::bad_json;
  if (error.text("code") != "bad_input") return Seen::other;
  if (fault->text("field") == "body") return Seen::no_object;
  const std::string_view code = fault->text("code");
  return code == "required" || code == "unknown_field" ? Seen::no_hazard : Seen::other;
}

TEST(BadJson, EveryFileOfTheSuiteIsTakenOrRefusedByName) {
  World world(testing::unlimited());
  const Session session = world.sign_in("aqya");
  const auto files = system_files();
  const std::string folder = std::string(MW_SOURCE_DIR) + "/tests/data/json-test-suite/test_parsing";
  const auto list = files->list(folder);
  ASSERT_TRUE(list) << list.error().text();
  Client client(world.server->port());
  int good = 0, bad = 0, either = 0;
  for (const FileStat& f : *list) {
    SCOPED_TRACE(f.name);
    const auto text = files->read(folder + "/" + f.name);
    ASSERT_TRUE(text);
    ASSERT_EQ(text->size(), f.size) << "every byte is posted";
    const Answer answer = client.ask(request_text("POST", kHazards, session, *text));
    ASSERT_EQ(answer.status, 400) << "the connection goes on; no such body is a hazard: " << answer.body;
    const Seen seen = seen_of(answer);
    ASSERT_NE(seen, Seen::other) << answer.body;
    if (f.name.starts_with("y_")) {
      ++good;
      EXPECT_NE(seen, Seen::bad_json) << answer.body;
      EXPECT_EQ(seen == Seen::no_hazard, text->find_first_of('{') == text->find_first_not_of(" \t\r\n"))
          << answer.body;
    } else if (f.name.starts_with("n_")) {
      ++bad;
      EXPECT_EQ(seen, Seen::bad_json) << answer.body;
      EXPECT_NE(answer.body.find("body: not valid JSON: line "), std::string::npos) << answer.body;
      EXPECT_NE(answer.body.find(", column "), std::string::npos) << answer.body;
    } else {
      ++either;
    }
  }
  EXPECT_EQ(good, 95);
  EXPECT_EQ(bad, 188);
  EXPECT_EQ(either, 35);
  const Answer after = client.ask(request_text(
      "POST", kHazards, session, R"({"fields":{"title":"x","level":"ordinary","origin":"self_check"}})"));
  EXPECT_NE(after.status, 0) << "and after all of them";
  EXPECT_EQ(world.json("GET", "/api/v1/records/hazard?total=1", session)["total"], Json(1))
      << "nothing was made";
}

TEST(BadJson, SaysWhereAndWhat) {
  World world;
  const Session session = world.sign_in("aqya");
  const struct {
    const char* body;
    const char* code;
    const char* message;
  } cases[] = {
      {"{\"fields\":\n {\"title\" \"x\"}}", "bad_json",
       "body: not valid JSON: line 2, column 11: found '\"', expected :"},
      {"", "bad_json", "body: not valid JSON: line 1, column 1: found the end of the text, expected a value"},
      {"[]", "bad_input", "body: found list, expected a JSON object"},
      {"\"x\"", "bad_input", "body: found text, expected a JSON object"},
      {"null", "bad_input", "body: found null, expected a JSON object"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.body);
    const auto answer = parse_json(world.ask("POST", kHazards, session, c.body).body);
    ASSERT_TRUE(answer);
    EXPECT_EQ((*answer)["error"].text("code"), c.code);
    EXPECT_EQ((*answer)["error"].text("message"), c.message);
  }
}

/// Half a pair of surrogates is no text: it must not get into a record, nor into the log by way of a reason.
TEST(BadJson, HalfASurrogatePairIsNoText) {
  World world;
  const Session session = world.sign_in("aqya");
  for (const char* half : {"\\uD800", "\\uDC00", "\\uD800x", "\\uDBFF\\uD800"}) {
    SCOPED_TRACE(half);
    const std::string text = std::string("\"") + half + "\"";
    const Answer reason = world.ask("PATCH", "/api/v1/records/hazard/" + world.here.hazard.text(), session,
                                    R"({"version":1,"fields":{"title":"changed"},"reason":)" + text + "}");
    EXPECT_EQ(reason.status, 400) << reason.body;
    const Answer title = world.ask("PATCH", "/api/v1/records/hazard/" + world.here.hazard.text(), session,
                                   R"({"version":1,"fields":{"title":)" + text + "}}");
    EXPECT_EQ(title.status, 400) << title.body;
  }
}

}  // namespace
}  // namespace mineward::api
