#include "app/config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

namespace mineward::app {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

TEST(Config, EmptyFileMeansDefaults) {
  const auto out = parse_config("", "c.yaml");
  EXPECT_TRUE(out.mistakes.empty());
  EXPECT_EQ(out.config.listen, "127.0.0.1:8080");
}

TEST(Config, ReadsEveryKind) {
  const auto out = parse_config(
      "server: {listen: \"[::1]:9000\", workers: 4}\nhistory: {raw_retention: 120 d}\npacks: {folders: [a, "
      "b]}\n"
      "log: {level: debug}\n",
      "c.yaml");
  EXPECT_THAT(out.mistakes, ElementsAre());
  EXPECT_EQ(out.config.listen, "[::1]:9000");
  EXPECT_EQ(out.config.workers, 4);
  EXPECT_EQ(out.config.raw_retention, std::chrono::hours(24 * 120));
  EXPECT_THAT(out.config.packs, ElementsAre("a", "b"));
  EXPECT_EQ(out.config.log_level, "debug");
}

TEST(Config, NamesEveryMistakeWithItsLine) {
  const struct {
    const char* why;
    const char* yaml;
    const char* want;
  } cases[] = {
      {"unknown key names the nearest", "server:\n  lisen: a:1\n",
       "c.yaml:2: found the unknown key \"server.lisen\", did you mean \"server.listen\"?"},
      {"not a number", "server: {workers: many}\n",
       "c.yaml:1: server.workers: found \"many\", expected a whole number from 1 to 256"},
      {"just below the range", "server: {workers: 0}\n", "expected a whole number from 1 to 256"},
      {"retention below three months", "history: {raw_retention: 10 d}\n", "expected from 90 d"},
      {"no such level", "log: {level: loud}\n",
       "found \"loud\", expected one of: debug, info, warning, error"},
      {"key twice", "server:\n  workers: 1\n  workers: 2\n",
       "c.yaml:3: found the key \"server.workers\" twice"},
      {"bad port", "server: {listen: \"a:70000\"}\n", "expected HOST:PORT"},
      {"half of TLS", "server: {tls_key: k.pem}\n", "expected both or none"},
      {"broken YAML", "server: [\n", "not valid YAML"},
      {"a list at the top", "- a\n", "found no map"},
      {"not UTF-8", "\xff", "byte 0 is not UTF-8"},
      {"an escape that the library writes as a single byte", "node: {name: \"a\\_b\"}\n",
       "c.yaml:1: node.name: found the escape \\_ or \\N, expected \\u00a0 or \\u0085"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.why);
    const auto out = parse_config(c.yaml, "c.yaml");
    ASSERT_EQ(out.mistakes.size(), 1u);
    EXPECT_THAT(out.mistakes[0], HasSubstr(c.want));
  }
}

TEST(Config, ReportsAllMistakesAtOnce) {
  EXPECT_EQ(parse_config("server: {workers: x, lissten: y}\nlog: {level: z}\n", "c").mistakes.size(), 3u);
}

TEST(Config, HostPort) {
  EXPECT_EQ(parse_host_port(":80")->host, "0.0.0.0");
  EXPECT_EQ(parse_host_port("[::1]:0")->host, "::1");
  EXPECT_EQ(parse_host_port("h:65535")->port, 65535);
  EXPECT_FALSE(parse_host_port("h:65536"));
  EXPECT_FALSE(parse_host_port("h"));
  EXPECT_FALSE(parse_host_port("h:"));
}

TEST(Config, DocumentationNamesEveryKey) {
  std::ifstream in(std::string(MW_SOURCE_DIR) + "/docs/config.md");
  std::stringstream text;
  text << in.rdbuf();
  for (const auto& key : config_keys()) EXPECT_THAT(text.str(), HasSubstr("`" + key.name + "`"));
}

}  // namespace
}  // namespace mineward::app
