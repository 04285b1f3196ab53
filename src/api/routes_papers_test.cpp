/// Papers over the wire: who sees and issues them, what anybody learns from a code, how fast.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <fstream>

#include "api/world_testing.h"
#include "base/digest.h"

namespace mineward::api::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

std::string output_of(const std::string& command) {
  std::string out;
  FILE* pipe = popen(command.c_str(), "r");
  std::array<char, 4096> buffer{};
  while (const auto got = fread(buffer.data(), 1, buffer.size(), pipe)) out.append(buffer.data(), got);
  pclose(pipe);
  return out;
}

std::string text_of(const World& world, const std::string& pdf) {
  const std::string file = world.folder() + "/paper.pdf";
  std::ofstream(file, std::ios::binary) << pdf;
  return output_of("pdftotext -enc UTF-8 " + file + " - | tr -d ' \\n'");
}

std::string version_body(World& world, const Session& session, const std::string& path) {
  return R"({"version": )" + std::to_string(*world.json("GET", path, session)["version"].integer()) + "}";
}

TEST(PaperRoutes, AreForThoseWhoSeeTheRecordAndIssueOnce) {
  World world;
  const std::string record = "/api/v1/records/hazard/" + world.here.hazard.text();
  const std::string paper = record + "/papers/hazard_card";
  const Session officer = world.sign_in("aqya"), dispatcher = world.sign_in("ddya");
  const Json offers = world.json("GET", record + "/papers", officer);
  ASSERT_EQ(offers["papers"].array()->size(), 2u) << offers.dump();
  EXPECT_EQ(offers["papers"].array()->back().text("bar"), "state");  // 隐患验收销号单: it is not closed
  const Json& offer = offers["papers"].array()->front();
  EXPECT_EQ(offer.text("name"), "hazard_card");
  EXPECT_EQ(offer["can_issue"].boolean() && *offer["can_issue"].boolean(), true);
  EXPECT_EQ(world.json("GET", record + "/papers", dispatcher)["papers"].array()->front().text("bar"), "role");

  const Answer draft = world.ask("GET", paper, dispatcher);
  EXPECT_EQ(draft.status, 200);
  EXPECT_THAT(text_of(world, draft.body), HasSubstr("顶板开裂a"));
  for (const char* stranger : {"aqyb", "xianb"}) {
    const Session foreign = world.sign_in(stranger);
    EXPECT_EQ(world.ask("GET", record + "/papers", foreign).status, 404);
    EXPECT_EQ(world.ask("GET", paper, foreign).status, 404);
    EXPECT_EQ(world.ask("POST", paper, foreign, R"({"version": 1})").status, 404);
    const Answer ledger = world.ask("GET", "/api/v1/records/hazard/ledger.pdf", foreign);
    EXPECT_EQ(ledger.status, 200);
    EXPECT_THAT(text_of(world, ledger.body), Not(HasSubstr("顶板开裂a")));
  }
  EXPECT_THAT(text_of(world, world.ask("GET", "/api/v1/records/hazard/ledger.pdf", officer).body),
              HasSubstr("顶板开裂a"));

  const std::string body = version_body(world, officer, record);
  EXPECT_EQ(world.ask("POST", paper, dispatcher, body).status, 403);
  EXPECT_EQ(world.ask("POST", paper, officer, R"({"version": 0})").status, 400);
  EXPECT_EQ(world.ask("POST", paper, officer, R"({"version": 77})").status, 409);
  const Answer issued = world.ask("POST", paper, officer, body);
  ASSERT_EQ(issued.status, 201) << issued.body;
  EXPECT_EQ(world.ask("POST", paper, officer, body).status, 409);
  EXPECT_EQ(world.ask("GET", record + "/papers/nothing", officer).status, 404);
  const Answer pdf = world.ask("GET", paper, dispatcher);
  EXPECT_THAT(issued.body, HasSubstr(sha256_hex(pdf.body)));
  const std::string all = "/api/v1/records/hazard/papers.zip";
  const Answer zip = world.ask("GET", all + "?f.id=" + world.here.hazard.text(), dispatcher);
  ASSERT_EQ(zip.status, 200) << zip.body;
  EXPECT_THAT(zip.body, HasSubstr(pdf.body)) << "it is stored as it is";
  const std::string file = world.folder() + "/papers.zip";
  std::ofstream(file, std::ios::binary) << zip.body;
  EXPECT_THAT(output_of("python3 -X utf8 -c 'import sys, zipfile; z = zipfile.ZipFile(sys.argv[1]); "
                        "print(z.testzip(), len(z.namelist()), z.namelist()[0])' " +
                        file),
              ::testing::MatchesRegex("None 1 隐患整改通知单 .*\\.pdf\n"));
  EXPECT_EQ(world.ask("GET", all + "?f.state=closed", dispatcher).status, 404)
      << "nothing was issued of those";
  EXPECT_EQ(world.ask("GET", all, world.sign_in("aqyb")).status, 404) << "nor of what another mine sees";
  // The table behind it is for the program alone.
  EXPECT_EQ(world.ask("GET", "/api/v1/records/issued_paper", officer).status, 403);
}

TEST(PaperRoutes, AnybodyChecksACodeSlowly) {
  ServerOptions options;
  options.verify_per_address = {0.5, 8};
  World world(options);
  const std::string record = "/api/v1/records/hazard/" + world.here.hazard.text();
  const Session officer = world.sign_in("aqya");
  const Json issued =
      world.json("POST", record + "/papers/hazard_card", officer, version_body(world, officer, record));
  const std::string pdf = world.ask("GET", record + "/papers/hazard_card", officer).body;
  const std::string path = "/api/v1/verify/" + std::string(issued.text("code"));
  const Json found = world.json("GET", path, {});
  std::vector<std::string> members;
  for (const auto& [name, value] : *found.object()) members.push_back(name);
  EXPECT_THAT(members, ::testing::UnorderedElementsAre("office", "title", "number", "issued_on", "state",
                                                       "void_since", "same_file"));
  EXPECT_EQ(found.text("state"), "valid");
  EXPECT_EQ(found.text("title"), "隐患整改通知单");
  EXPECT_THAT(found.dump(), Not(HasSubstr("顶板开裂")));
  EXPECT_EQ(*world.json("POST", path, {}, pdf)["same_file"].boolean(), true);
  EXPECT_EQ(*world.json("POST", path, {}, pdf + "\n")["same_file"].boolean(), false);
  int unknown = 0, slow = 0;
  for (int i = 0; i < 10; ++i) {
    const int status = world.ask("GET", "/api/v1/verify/0000-0000-0000-000" + std::to_string(i)).status;
    unknown += status == 404;
    slow += status == 429;
  }
  EXPECT_EQ(unknown, 5);  // 8 at once, of which 3 are used up
  EXPECT_EQ(slow, 5);
  EXPECT_EQ(world.ask("GET", path).status, 429);
  world.clock.advance(std::chrono::seconds(4));
  EXPECT_EQ(world.ask("GET", path).status, 200);
}

}  // namespace
}  // namespace mineward::api::testing
