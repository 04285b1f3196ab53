// Clauses over HTTP: search, counts, and the page of one with its rules and standing.
#include <map>
#include <set>

#include "api/regulation_testing.h"

namespace mineward::api {
namespace {

using ::testing::Contains;
using testing::counts_text;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::line;
using ::testing::Not;
using testing::RegulationApi;
using testing::rows;
using testing::S;
using testing::Session;
using ::testing::SizeIs;
using testing::texts;

TEST_F(RegulationApi, ClausesAreFoundByWords) {
  const Session aqy = world.sign_in("aqya");
  const struct {
    const char* why;
    const char* query;
    std::vector<S> want;
  } cases[] = {
      {"Chinese: 四级排查", "words=%E5%9B%9B%E7%BA%A7%E6%8E%92%E6%9F%A5", {"YC2024-3.2.3-02"}},
      {"English, any case", "words=FOUR+tiers+section+each+week", {"YC2024-3.2.3-02"}},
      {"both, and a wide blank: 四级排查　班日",
       "words=%E5%9B%9B%E7%BA%A7%E6%8E%92%E6%9F%A5%E3%80%80Hazard",
       {"YC2024-3.2.3-02"}},
      {"an id", "words=gz2020-5.1.4-03", {"GZ2020-5.1.4-03"}},
      {"in the document that has it", "words=GZ2020-5.1.4-03&document=GZ2020", {"GZ2020-5.1.4-03"}},
      {"in another", "words=GZ2020-5.1.4-03&document=YC2024", {}},
      {"its system", "words=GZ2020-5.1.4-03&system=HAZ", {"GZ2020-5.1.4-03"}},
      {"a system that it touches", "words=GZ2020-5.1.4-03&system=RPT", {"GZ2020-5.1.4-03"}},
      {"another system", "words=GZ2020-5.1.4-03&system=LDR", {}},
      {"its kind", "words=GZ2020-5.1.4-03&kind=obligation-periodic", {"GZ2020-5.1.4-03"}},
      {"another kind", "words=GZ2020-5.1.4-03&kind=workflow", {}},
      {"carried", "words=GZ2020-5.1.4-03&carried=1", {"GZ2020-5.1.4-03"}},
      {"not carried", "words=GZ2020-5.1.4-03&carried=0", {}},
      {"no clause speaks of it", "words=submarine", {}},
  };
  for (const auto& c : cases)
    EXPECT_EQ(texts(get(aqy, S("/clauses?") + c.query), "clauses", "id"), c.want) << c.why;
}

TEST_F(RegulationApi, ClausesAreCountedByDocumentAndSystem) {
  const Session aqy = world.sign_in("aqya");
  const Json all = get(aqy, "/clauses?limit=5");
  EXPECT_EQ(all["total"], Json(772)) << "the catalogue of requirements";
  EXPECT_THAT(rows(all, "clauses"), SizeIs(5));
  std::map<S, std::int64_t> documents;
  std::int64_t carried = 0;
  for (const auto& row : rows(all, "documents")) {
    documents[S(row.text("id"))] = *row["clauses"].integer();
    carried += *row["carried"].integer();
  }
  // Counted in the catalogue by `grep -c`.
  EXPECT_EQ(documents, (std::map<S, std::int64_t>{{"BT2014A", 44},
                                                  {"BT2014C", 101},
                                                  {"BT2014L", 38},
                                                  {"GZ2020", 231},
                                                  {"HN2017", 70},
                                                  {"NAT2007", 34},
                                                  {"SN2014", 46},
                                                  {"SX2014", 34},
                                                  {"XJ2014", 7},
                                                  {"YC2024", 66},
                                                  {"YN2014", 46},
                                                  {"ZJ2014", 55}}));
  std::int64_t of_systems = 0;
  for (const auto& row : rows(all, "systems")) of_systems += *row["clauses"].integer();
  EXPECT_EQ(of_systems, 772);
  EXPECT_EQ(get(aqy, "/clauses?carried=1")["total"], Json(carried));
  EXPECT_EQ(get(aqy, "/clauses?carried=0")["total"], Json(772 - carried));
  const auto ids = texts(get(aqy, "/clauses?carried=1&limit=500"), "clauses", "id");
  for (const char* named : {"YC2024-3.2.3-02", "GZ2020-5.1.4-03", "BT2014C-13-11", "BT2014C-13-12",
                            "YC2024-3.3.3-01", "YC2024-3.3.3-02", "SX2014-2.2-01", "GZ2020-10.6-02"})
    EXPECT_THAT(ids, Contains(named));
  EXPECT_THAT(ids, Not(Contains("GZ2020-8.1-01")));  // the network itself: no record says that it is there
  // Paging by offset goes over all of them, once each.
  std::set<S> seen;
  for (const char* offset : {"0", "300", "600"}) {
    for (const auto& id : texts(get(aqy, S("/clauses?limit=300&offset=") + offset), "clauses", "id"))
      EXPECT_TRUE(seen.insert(id).second) << id;
  }
  EXPECT_EQ(seen.size(), 772u);
}

TEST_F(RegulationApi, AClausePageTellsRulesAndStanding) {
  play_week();
  const Json clause = get(world.sign_in("pro"), "/clauses/YC2024-3.2.3-02");
  EXPECT_EQ(clause.text("article"), "三（二）3");
  EXPECT_EQ(clause["text"].text("en"),
            "Hazard checks run on four tiers: group each quarter, mine each month, section each week, team "
            "each day.");
  EXPECT_THAT(S(clause.text("original")), HasSubstr("集团公司季查、企业月查、科队周查、班组日查"));
  EXPECT_EQ(clause.text("jurisdiction"), "140522");
  EXPECT_EQ(clause.text("valid_from"), "2024-10-28");
  EXPECT_EQ(clause.text("valid_to"), "2025-01-28");
  EXPECT_EQ(clause["carried"], Json(true));
  EXPECT_THAT(rows(clause, "binds"), SizeIs(4));
  std::set<S> duties;
  for (const auto& carrier : rows(clause, "carried_by")) {
    if (carrier.text("what") == "duty") duties.emplace(carrier.text("name"));
  }
  const std::set<S> tiers = {"self-check-team", "self-check-section", "self-check-mine", "self-check-group"};
  EXPECT_EQ(duties, tiers);
  std::map<S, Json> rules;
  for (const auto& rule : rows(clause, "rules")) rules[S(rule.text("id"))] = rule;
  ASSERT_EQ(rules.size(), 4u);
  const Json& sentence = rules["self-check-team"]["sentence"];
  for (const char* part : {"矿山", "每天", "不少于 1 条自查", "班组", "已审核", "逾期 1 天", "县级"})
    EXPECT_THAT(S(sentence.text("zh")), HasSubstr(part));
  for (const char* part : {"every day", "at least 1", "late for", "the county"})
    EXPECT_THAT(S(sentence.text("en")), HasSubstr(part));
  EXPECT_EQ(rules["self-check-team"]["at_least"], Json(1));
  EXPECT_TRUE(rules["self-check-team"]["at_most"].is_null());
  EXPECT_EQ(rules["self-check-section"].text("every"), "week");

  std::map<S, S> standing;
  for (const auto& row : rows(clause, "standing"))
    standing[S(row.text("name"))] = counts_text(row["counts"]) + "; " + line(row["last"]);
  // The newest that has begun is the day of the 16th.
  EXPECT_EQ(
      standing,
      (std::map<S, S>{{"煤矿a", "upcoming 17, met 1, late 1, met_late 1; self-check-team 煤矿a upcoming 0/1"},
                      {"煤矿b", "upcoming 17, late 1, missed 2; self-check-team 煤矿b upcoming 0/1"}}));
  // Of one family: the daily report of another province, and others; never itself.
  const auto siblings = texts(clause, "siblings", "id");
  EXPECT_THAT(siblings, Contains("GZ2020-5.1.4-03"));
  EXPECT_THAT(siblings, Not(Contains("YC2024-3.2.3-02")));

  const Json own = get(world.sign_in("aqyb"), "/clauses/YC2024-3.2.3-02");
  EXPECT_THAT(texts(own, "standing", "name"), ElementsAre("煤矿b")) << "nobody outside the scope";
  const Json idle = get(world.sign_in("pro"), "/clauses/GZ2020-8.1-01");
  EXPECT_EQ(idle["carried"], Json(false));
  EXPECT_THAT(rows(idle, "rules"), IsEmpty());
  EXPECT_THAT(rows(idle, "standing"), IsEmpty());
  EXPECT_EQ(world.ask("GET", "/api/v1/clauses/YC2024-9", world.sign_in("pro")).status, 404);
}

}  // namespace
}  // namespace mineward::api
