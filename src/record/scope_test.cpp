/// Who sees what: the organisation tree, foreign accounts, names.
#include "record/scope.h"

#include <random>
#include <set>

#include "record/testing.h"

namespace mineward::record::fixture {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::UnorderedElementsAre;

class ScopeTest : public RecordTest {};
MW_ON_BOTH_ENGINES(ScopeTest);

/// A letter to a mine belongs to the mine; what a regulator notes about it, and nobody of a mine may read,
/// stays with the regulator, although both name the mine.
TEST_P(ScopeTest, WhatAnOfficeNotesAboutAMineStaysWithTheOffice) {
  auto catalog = std::make_shared<Catalog>(*small_catalog());
  for (auto& role : catalog->roles) role.level = role.name == "county_officer" ? "county" : "mine";
  for (const char* name : {"letter", "inquiry"}) {
    auto type = record_type(
        name, "authority", "text",
        {with_default(required(field("authority", FieldType::reference, "organisation")), "my_organisation"),
         field("mine", FieldType::reference, "mine"), field("text", FieldType::text)});
    type.list_fields = {"text"};
    type.access.create = {"county_officer"};
    if (type.name == "inquiry") type.access.read = {"county_officer"};
    catalog->record_types.push_back(type);
  }
  must(c().reopen(catalog));
  const auto make = [&](const char* type) {
    return must(
        store().create(c().county_officer, type, {{"mine", c().mine_a}, {"text", std::string("why")}}));
  };
  const Record letter = make("letter"), inquiry = make("inquiry");
  EXPECT_EQ(letter.owner, c().mine_a_organisation);
  EXPECT_EQ(inquiry.owner, c().county);
  must(store().get(c().officer, "letter", letter.id));
  EXPECT_EQ(store().get(c().officer, "inquiry", inquiry.id).error().code, Errc::forbidden);
  EXPECT_EQ(store().get(c().foreign, "inquiry", inquiry.id).error().code, Errc::not_found);
  Actor of_mine = c().county_officer;  // even with the role: his scope is the mine
  of_mine.scope.root = c().mine_a_organisation;
  EXPECT_EQ(store().get(of_mine, "inquiry", inquiry.id).error().code, Errc::not_found);
  must(store().get(of_mine, "letter", letter.id));
}

/// A county's warning about a mine: the mine reads and answers it, and does nothing else with it; it stays
/// the county's by name. What the mine warns of itself is its own.
TEST_P(ScopeTest, WhatAnOfficeSaysAboutAMineIsTheMinesToAnswerAndTheOfficesToChange) {
  auto catalog = std::make_shared<Catalog>(*small_catalog());
  auto type = record_type(
      "warning", "authority", "text",
      {with_default(required(field("authority", FieldType::reference, "organisation")), "my_organisation"),
       field("mine", FieldType::reference, "mine"), field("text", FieldType::text),
       field("answer", FieldType::text)});
  type.belongs_to = "mine";
  type.workflow = "warning";
  type.list_fields = {"text"};
  type.access.create = type.access.update = {"county_officer", "officer"};
  pack::Workflow flow;
  flow.name = "warning";
  flow.states = {{"draft", {}, true, false}, {"released", {}, false, false}, {"answered", {}, false, true}};
  auto answer = transition("answer", {"released"}, "answered", {"officer"});
  answer.required = {"answer"};
  answer.by_subject = true;
  flow.transitions = {transition("release", {"draft"}, "released", {"county_officer", "officer"}), answer};
  catalog->workflows.push_back(flow);
  catalog->record_types.push_back(type);
  must(c().reopen(catalog));

  const Record made = must(
      store().create(c().county_officer, "warning", {{"mine", c().mine_a}, {"text", std::string("gas")}}));
  EXPECT_EQ(made.owner, c().mine_a_organisation);
  EXPECT_EQ(made.reference("authority"), c().county);
  must(store().get(c().officer, "warning", made.id));
  EXPECT_EQ(store().get(c().foreign, "warning", made.id).error().code, Errc::not_found);
  EXPECT_TRUE(store().acts(c().county_officer, made));
  EXPECT_FALSE(store().acts(c().officer, made));
  EXPECT_THAT(store().possible_steps(c().officer, made), IsEmpty());
  EXPECT_THAT(store().possible_steps(c().county_officer, made), ElementsAre("release"));
  const Fields softer{{"text", std::string("nothing")}};
  EXPECT_EQ(refused(store().update(c().officer, "warning", made.id, 1, softer)).error.code, Errc::forbidden);
  EXPECT_EQ(refused(store().step(c().officer, "warning", made.id, 1, "release", {})).error.code,
            Errc::forbidden);
  const Record released = must(store().step(c().county_officer, "warning", made.id, 1, "release", {}));
  EXPECT_THAT(store().possible_steps(c().officer, released), ElementsAre("answer"));
  const Record answered =
      must(store().step(c().officer, "warning", made.id, 2, "answer", {{"answer", std::string("drained")}}));
  EXPECT_EQ(answered.reference("authority"), c().county);
  EXPECT_EQ(answered.owner, c().mine_a_organisation);

  const Record own = must(store().create(c().officer, "warning", {{"mine", c().mine_a}}));
  EXPECT_EQ(own.reference("authority"), c().mine_a_organisation);
  EXPECT_THAT(store().possible_steps(c().officer, own), ElementsAre("release"));
  EXPECT_TRUE(store().acts(c().county_officer, own)) << "who stands above";
  const Fields in_its_name{{"mine", c().mine_a}, {"authority", c().county}};
  EXPECT_EQ(faults(refused(store().create(c().officer, "warning", in_its_name))), "authority not_found");
  EXPECT_EQ(faults(refused(store().update(c().officer, "warning", own.id, 1, {{"authority", c().county}}))),
            "authority not_found");

  // About nobody yet, it is the office's alone; once a mine is named, that mine reads it.
  const Record open = must(store().create(c().county_officer, "warning", {}));
  EXPECT_EQ(open.owner, c().county);
  EXPECT_EQ(store().get(c().officer, "warning", open.id).error().code, Errc::not_found);
  const Record named =
      must(store().update(c().county_officer, "warning", open.id, 1, {{"mine", c().mine_a}}));
  EXPECT_EQ(named.owner, c().mine_a_organisation);
  EXPECT_EQ(named.reference("authority"), c().county);
  must(store().get(c().officer, "warning", open.id));
  EXPECT_TRUE(must(store().verify()).ok);
}

TEST_P(ScopeTest, CoversWhatStandsBelowAndNothingElse) {
  const Scope nothing{}, all{{}, true}, county{c().county, false};
  const struct {
    const char* why;
    Scope scope;
    RecordId organisation;
    bool covered;
  } cases[] = {
      {"itself", county, c().county, true},
      {"below", county, c().mine_a_organisation, true},
      {"two levels below", {c().province, false}, c().mine_b_organisation, true},
      {"above", county, c().province, false},
      {"beside", county, c().other_county, false},
      {"below the one beside", county, c().mine_x_organisation, false},
      {"one that does not exist", county, RecordId{5}, false},
      {"one that does not exist, for everything", all, RecordId{5}, false},
      {"any, for everything", all, c().mine_x_organisation, true},
      {"none is no organisation", all, RecordId{}, false},
      {"no scope", nothing, c().county, false},
  };
  for (const auto& test : cases)
    EXPECT_EQ(must(store().covers(test.scope, test.organisation)), test.covered) << test.why;
  EXPECT_THAT(must(store().organisations_in(county)),
              UnorderedElementsAre(c().county, c().mine_a_organisation, c().mine_b_organisation));
  EXPECT_EQ(must(store().organisations_in(all)).size(), 6u);
  EXPECT_THAT(must(store().organisations_in(nothing)), IsEmpty());
}

TEST_P(ScopeTest, AForeignAccountFindsNothing) {
  const std::string photo = c().photo();
  const Record made =
      c().hazard(c().officer, c().mine_a, "甲烷超限", {{"photos", std::vector<std::string>{photo}}});
  const Actor& f = c().foreign;
  EXPECT_EQ(store().get(f, "hazard", made.id).error().code, Errc::not_found);
  EXPECT_EQ(refused(store().update(f, "hazard", made.id, 1, {{"title", "x"}})).error.code, Errc::not_found);
  const Refusal stale = refused(store().update(f, "hazard", made.id, 99, {{"title", "x"}}));
  EXPECT_EQ(stale.error.code, Errc::not_found);
  EXPECT_FALSE(stale.current);
  EXPECT_EQ(refused(store().step(f, "hazard", made.id, 1, "plan", {})).error.code, Errc::not_found);
  EXPECT_EQ(refused(store().step(f, "hazard", made.id, 1, "no such step", {})).error.code, Errc::not_found);
  EXPECT_EQ(store().history(f, "hazard", made.id).error().code, Errc::not_found);
  EXPECT_EQ(store().get_as_of(f, "hazard", made.id, c().clock.now()).error().code, Errc::not_found);
  EXPECT_EQ(store().attachment(f, photo).error().code, Errc::not_found);
  EXPECT_EQ(store().title(f, "hazard", made.id).error().code, Errc::not_found);
  EXPECT_THAT(store().possible_steps(f, made), IsEmpty());
  EXPECT_THAT(c().titles(f, {}), IsEmpty());
  EXPECT_THAT(must(store().search(f, "甲烷", 10)), IsEmpty());
  ListQuery query;
  query.type = "hazard";
  query.count_total = true;
  EXPECT_EQ(must(store().list(f, query)).total, 0);
  query.filters = {{"id", Filter::Op::eq, {made.id.text()}}};
  EXPECT_THAT(must(store().list(f, query)).records, IsEmpty());
  EXPECT_THAT(must(store().export_csv(f, query)), Not(HasSubstr("甲烷")));
  EXPECT_EQ(faults(refused(store().create(f, "hazard", {{"mine", c().mine_a}, {"title", "x"}}))),
            "mine not_found");
  EXPECT_EQ(faults(refused(store().create(f, "remark", {{"hazard", made.id}, {"text", "x"}}))),
            "hazard not_found");
  EXPECT_EQ(
      faults(refused(store().create(
          f, "account",
          {{"name", "spy"}, {"organisation", c().county}, {"roles", std::vector<std::string>{"worker"}}}))),
      "organisation not_found");
  const auto import =
      must(store().import_csv(f, "hazard", "id,title\r\n" + made.id.text() + ",stolen\r\n", true));
  ASSERT_EQ(import.faults.size(), 1u);
  EXPECT_EQ(import.faults[0].column, "id");
  for (const auto& change : must(store().log(f, 0, 100))) EXPECT_NE(change.id, made.id);
  // And those it belongs to do find it.
  EXPECT_EQ(must(store().get(c().county_officer, "hazard", made.id)).text("title"), "甲烷超限");
  EXPECT_EQ(must(store().attachment(c().county_officer, photo)).first.media_type, "image/jpeg");
}

TEST_P(ScopeTest, AnOwnerCannotBeGivenAwayOutsideTheScope) {
  auto actor = c().officer;
  const Record made = c().hazard(actor, c().mine_a, "x");
  EXPECT_EQ(faults(refused(store().update(actor, "hazard", made.id, 1, {{"mine", c().mine_x}}))),
            "mine not_found");
  EXPECT_EQ(faults(refused(store().update(actor, "hazard", made.id, 1, {{"mine", c().mine_b}}))),
            "mine not_found");
}

TEST_P(ScopeTest, AnAdministratorOfACountyStaysInIt) {
  const Actor admin = c().actor("adam", c().county, {"admin"});
  must(store().create(admin, "organisation", {{"code", "new"}, {"name", "new"}, {"parent", c().county}}));
  EXPECT_EQ(faults(refused(store().create(admin, "organisation",
                                          {{"code", "n2"}, {"name", "n"}, {"parent", c().province}}))),
            "parent not_found");
  EXPECT_EQ(faults(refused(store().create(admin, "organisation", {{"code", "n2"}, {"name", "n"}}))),
            "parent not_found");
  EXPECT_EQ(faults(refused(store().create(admin, "organisation",
                                          {{"code", "n2"}, {"name", "n"}, {"parent", c().other_county}}))),
            "parent not_found");
  EXPECT_EQ(faults(refused(store().update(admin, "organisation", c().mine_a_organisation, 1,
                                          {{"parent", c().province}}))),
            "parent not_found");
}

TEST_P(ScopeTest, NamesAreSeenUpwardsButNotSideways) {
  const Record made = c().hazard(c().officer, c().mine_a, "x");
  EXPECT_EQ(must(store().title(c().worker, "account", c().county_officer.account)),
            "Name of carl");  // my supervisor
  EXPECT_EQ(must(store().title(c().worker, "organisation", c().province)), "org p");
  EXPECT_EQ(must(store().title(c().county_officer, "account", c().worker.account)),
            "Name of wang");  // my mine
  EXPECT_EQ(store().title(c().worker, "account", c().foreign.account).error().code, Errc::not_found);
  EXPECT_EQ(store().title(c().worker, "mine", c().mine_b).error().code,
            Errc::not_found);  // the mine next door
  const Record remark = must(store().create(c().officer, "remark", {{"hazard", made.id}, {"text", "t"}}));
  EXPECT_EQ(must(store().title(c().officer, "remark", remark.id)), "x");  // through the reference
}

TEST_P(ScopeTest, MovingAnOrganisationMovesItsRecordsFromSight) {
  const Record made = c().hazard(c().officer, c().mine_a, "moves");
  must(store().update(c().root, "organisation", c().mine_a_organisation, 1, {{"parent", c().other_county}}));
  EXPECT_EQ(store().get(c().county_officer, "hazard", made.id).error().code, Errc::not_found);
  EXPECT_THAT(c().titles(c().foreign, {}), ElementsAre("moves"));
  EXPECT_EQ(
      faults(refused(store().update(c().root, "organisation", c().province, 1, {{"parent", c().county}}))),
      "parent out_of_range");
  EXPECT_EQ(
      faults(refused(store().update(c().root, "organisation", c().county, 1, {{"parent", c().county}}))),
      "parent out_of_range");
}

/// The closure table against a walk up the tree, over random trees and moves.
TEST_P(ScopeTest, ClosureEqualsAWalkUpTheTree) {
  std::mt19937 random(20260112);  // fixed seed: the same tree each time
  constexpr int kCount = 25;
  std::vector<int> parent(kCount, -1);
  const auto id = [](int i) { return RecordId{i + 1}; };
  const auto above = [&](int a, int b) {  // does a stand above b, or is it b
    for (int x = b; x >= 0; x = parent[static_cast<std::size_t>(x)]) {
      if (x == a) return true;
    }
    return false;
  };
  must(c().database->write([&](db::Connection& conn) -> Status {
    MW_TRY(conn.execute("DELETE FROM org_scope"));
    for (int i = 0; i < kCount; ++i) {
      const int p = i == 0 ? -1 : static_cast<int>(random() % static_cast<unsigned>(i + 1)) - 1;
      parent[static_cast<std::size_t>(i)] = p;
      MW_TRY(enter_organisation(conn, id(i), p < 0 ? RecordId{} : id(p)));
    }
    for (int move = 0; move < 60; ++move) {
      const int x = static_cast<int>(random() % kCount);
      const int p = static_cast<int>(random() % (kCount + 1)) - 1;
      const Status moved = move_organisation(conn, id(x), p < 0 ? RecordId{} : id(p));
      const bool cycle = p >= 0 && above(x, p);
      EXPECT_EQ(moved.ok(), !cycle) << x << " under " << p;
      if (!cycle) parent[static_cast<std::size_t>(x)] = p;
    }
    std::set<std::pair<std::int64_t, std::int64_t>> want, got;
    for (int a = 0; a < kCount; ++a) {
      for (int b = 0; b < kCount; ++b) {
        if (above(a, b)) want.emplace(id(a).value, id(b).value);
      }
    }
    MW_ASSIGN(const db::Rows rows, conn.query("SELECT ancestor, organisation FROM org_scope"));
    for (std::size_t i = 0; i < rows.size(); ++i) got.emplace(rows.integer(i, 0), rows.integer(i, 1));
    EXPECT_EQ(got, want);
    return {};
  }));
}

}  // namespace
}  // namespace mineward::record::fixture
