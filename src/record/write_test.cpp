/// Create, read, update: values, faults, versions, numbers, owners.
#include "record/testing.h"

namespace mineward::record::fixture {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

class WriteTest : public RecordTest {};
MW_ON_BOTH_ENGINES(WriteTest);

TEST_P(WriteTest, WhatWasCreatedIsReadBack) {
  const Fields given = {{"mine", c().mine_a},
                        {"title", "皮带机头 甲烷超限 T0"},
                        {"description", "第一行\n第二行 'quoted' \"$1\" %s"},
                        {"level", "major"},
                        {"tags", std::vector<std::string>{"gas", "fire"}},
                        {"found_at", EventTime{1768176000123}},
                        {"responsible", c().officer.account},
                        {"deadline", *parse_date("2026-02-01")},
                        {"money", std::int64_t{123450}},
                        {"depth", 0.1 + 0.2},
                        {"people", std::int64_t{12}},
                        {"urgent", true},
                        {"photos", std::vector<std::string>{c().photo()}}};
  const Record made = must(store().create(c().officer, "hazard", given));
  EXPECT_EQ(made.version, 1);
  EXPECT_EQ(made.state, "found");
  EXPECT_EQ(made.owner, c().mine_a_organisation);
  EXPECT_EQ(made.created_by, "anna");
  EXPECT_EQ(made.created_at, c().clock.now());
  const Record back = must(store().get(c().officer, "hazard", made.id));
  for (const auto& [name, value] : given) EXPECT_EQ(back.fields.at(name), value) << name;
  EXPECT_EQ(back.fields, made.fields);
  EXPECT_EQ(back.reference("found_by"), c().officer.account);          // default: me
  EXPECT_EQ(back.reference("organisation"), c().mine_a_organisation);  // default: my_organisation
  EXPECT_EQ(back.text("number"), "YH-202601-00001");
}

TEST_P(WriteTest, EveryFaultNamesItsField) {
  const std::string photo = c().photo();
  const std::string note = must(store().attach(c().officer, "note.txt", "plain words")).sha256;
  const std::string strange = must(store().attach(c().foreign, "x.jpg", "\xFF\xD8\xFF other")).sha256;
  const struct {
    const char* why;
    Fields fields;
    const char* faults;
  } cases[] = {
      {"title is missing", {{"title", FieldValue()}}, "title required"},
      {"empty text is missing too", {{"title", std::string()}}, "title required"},
      {"too long by code points", {{"title", std::string(200, 'x') + "长"}}, "title too_long"},
      {"200 Chinese characters are 200",
       {{"title",
         [] {
           std::string s;
           for (int i = 0; i < 200; ++i) s += "长";
           return s;
         }()}},
       ""},
      {"below the least", {{"people", std::int64_t{-1}}}, "people out_of_range"},
      {"above the greatest", {{"depth", 2000.5}}, "depth out_of_range"},
      {"money counts in yuan", {{"money", std::int64_t{100000001}}}, "money out_of_range"},
      {"the greatest money is allowed", {{"money", std::int64_t{100000000}}}, ""},
      {"not finite", {{"depth", std::numeric_limits<double>::infinity()}}, "depth bad_format"},
      {"value of another kind", {{"people", std::string("12")}}, "people bad_format"},
      {"line break in a line", {{"title", "a\nb"}}, "title bad_format"},
      {"no UTF-8", {{"title", "a\xFF"}}, "title bad_format"},
      {"NUL", {{"description", std::string("a\0b", 3)}}, "description bad_format"},
      {"unknown code", {{"level", "huge"}}, "level unknown_code"},
      {"unknown code in a list", {{"tags", std::vector<std::string>{"gas", "dust"}}}, "tags unknown_code"},
      {"no such record", {{"responsible", RecordId{77}}}, "responsible not_found"},
      {"a record of strangers is no record", {{"responsible", c().foreign.account}}, "responsible not_found"},
      {"system field", {{"rectified_at", EventTime{1}}}, "rectified_at read_only"},
      {"field that is not there", {{"colour", "red"}}, "colour unknown_field"},
      {"file of the wrong kind", {{"photos", std::vector<std::string>{note}}}, "photos bad_file"},
      {"file that is not stored",
       {{"photos", std::vector<std::string>{std::string(64, 'a')}}},
       "photos not_found"},
      {"file of strangers", {{"photos", std::vector<std::string>{strange}}}, "photos not_found"},
      {"day that cannot be", {{"deadline", Date{1000000}}}, "deadline out_of_range"},
      {"owner beside the mine", {{"organisation", c().mine_b_organisation}}, "organisation out_of_range"},
      {"several at once",
       {{"title", FieldValue()}, {"people", std::int64_t{-1}}, {"colour", "x"}},
       "colour unknown_field, people out_of_range, title required"},
  };
  for (const auto& test : cases) {
    SCOPED_TRACE(test.why);
    Fields fields = {{"mine", c().mine_a}, {"title", "fine"}, {"photos", std::vector<std::string>{photo}}};
    for (const auto& [name, value] : test.fields) fields[name] = value;
    Outcome<Record> outcome = store().create(c().officer, "hazard", fields);
    if (std::string_view(test.faults).empty()) {
      must(std::move(outcome));
      continue;
    }
    const Refusal refusal = refused(std::move(outcome));
    EXPECT_EQ(faults(refusal), test.faults);
    EXPECT_EQ(refusal.error.code, Errc::bad_input);
    for (const auto& f : refusal.faults) EXPECT_FALSE(f.message.empty());
  }
}

TEST_P(WriteTest, TheReasonIsCheckedToo) {
  const Record made = c().hazard(c().officer, c().mine_a, "x");
  const auto update = [&](std::string reason) {
    return store().update(c().officer, "hazard", made.id, 1, {{"title", "y"}}, reason);
  };
  EXPECT_EQ(faults(refused(update(std::string("a\0b", 3)))), "reason bad_format");
  EXPECT_EQ(faults(refused(update("\xFF"))), "reason bad_format");
  EXPECT_EQ(faults(refused(update(std::string(4001, 'x')))), "reason too_long");
  must(update(std::string(4000, 'x')));
}

TEST_P(WriteTest, UniqueIsAConflictThatNamesTheField) {
  const Refusal again = refused(store().create(
      c().root, "mine", {{"code", "A"}, {"name", "again"}, {"organisation", c().mine_b_organisation}}));
  EXPECT_EQ(faults(again), "code not_unique");
  EXPECT_EQ(again.error.code, Errc::conflict);
  const Refusal renamed = refused(store().update(c().root, "mine", c().mine_b, 1, {{"code", "A"}}));
  EXPECT_EQ(faults(renamed), "code not_unique");
  must(store().update(c().root, "mine", c().mine_b, 1, {{"code", "B"}}));  // its own value is no conflict
}

TEST_P(WriteTest, PatternMustMatchTheWholeText) {
  const struct {
    const char* name;
    bool fine;
  } cases[] = {{"ab", true},   {"a.b-c_9", true}, {"a", false},  {"Ab", false},
               {"ab!", false}, {" ab", false},    {"9ab", false}};
  for (const auto& test : cases) {
    SCOPED_TRACE(test.name);
    const auto outcome = store().create(
        c().root, "account",
        {{"name", test.name}, {"organisation", c().county}, {"roles", std::vector<std::string>{"worker"}}});
    EXPECT_EQ(std::holds_alternative<Record>(outcome), test.fine);
    if (!test.fine) {
      EXPECT_EQ(faults(std::get<Refusal>(outcome)), "name bad_format");
    }
  }
}

TEST_P(WriteTest, UpdateChangesWhatIsGivenAndNothingElse) {
  const Record made =
      c().hazard(c().officer, c().mine_a, "before", {{"level", "major"}, {"people", std::int64_t{3}}});
  c().clock.advance(1min);
  const Record changed = must(store().update(c().officer, "hazard", made.id, 1,
                                             {{"title", "after"}, {"people", FieldValue()}}, "typing error"));
  EXPECT_EQ(changed.version, 2);
  EXPECT_EQ(changed.text("title"), "after");
  EXPECT_EQ(changed.text("level"), "major");
  EXPECT_FALSE(changed.fields.contains("people"));
  EXPECT_EQ(changed.updated_at - changed.created_at, 1min);
  EXPECT_EQ(must(store().get(c().officer, "hazard", made.id)).fields, changed.fields);
  EXPECT_EQ(faults(refused(store().update(c().officer, "hazard", made.id, 2, {{"title", FieldValue()}}))),
            "title required");
  EXPECT_EQ(must(store().get(c().officer, "hazard", made.id)).text("title"), "after");
}

TEST_P(WriteTest, AnUpdateThatChangesNothingLeavesNoTrace) {
  const Record made = c().hazard(c().officer, c().mine_a, "same", {{"people", std::int64_t{3}}});
  const auto lines = must(store().history(c().officer, "hazard", made.id)).size();
  // A form sends back what it showed, with the fields of the program among it.
  const Record same = must(store().update(c().officer, "hazard", made.id, 1, made.fields));
  EXPECT_EQ(same.version, 1);
  EXPECT_EQ(must(store().history(c().officer, "hazard", made.id)).size(), lines);
}

TEST_P(WriteTest, AStaleVersionIsRefusedAndShowsBoth) {
  const Record made = c().hazard(c().officer, c().mine_a, "first");
  must(store().update(c().officer, "hazard", made.id, 1, {{"title", "second"}}));
  const Refusal stale = refused(store().update(c().officer, "hazard", made.id, 1, {{"title", "third"}}));
  EXPECT_EQ(stale.error.code, Errc::conflict);
  EXPECT_THAT(stale.error.message, HasSubstr("version 2"));
  EXPECT_THAT(stale.error.message, HasSubstr("version 1"));
  ASSERT_TRUE(stale.current);
  EXPECT_EQ(stale.current->text("title"), "second");
  EXPECT_EQ(stale.current->version, 2);
  // A step on a stale version too; version 0 is for the program only.
  EXPECT_EQ(refused(store().step(c().officer, "hazard", made.id, 1, "plan", {})).error.code, Errc::conflict);
  EXPECT_EQ(refused(store().update(c().officer, "hazard", made.id, 0, {{"title", "x"}})).error.code,
            Errc::bad_input);
  EXPECT_EQ(must(store().update(c().root, "hazard", made.id, 0, {{"title", "by the program"}})).version, 3);
}

TEST_P(WriteTest, RolesDecideWhoMayCreateChangeAndRead) {
  EXPECT_EQ(
      refused(store().create(c().reviewer, "hazard", {{"mine", c().mine_a}, {"title", "x"}})).error.code,
      Errc::forbidden);
  const Record made = c().hazard(c().worker, c().mine_a, "seen by a worker");
  EXPECT_EQ(refused(store().update(c().worker, "hazard", made.id, 1, {{"title", "y"}})).error.code,
            Errc::forbidden);
  EXPECT_EQ(store().get(c().worker, "account", c().worker.account).error().code, Errc::forbidden);
  ListQuery accounts;
  accounts.type = "account";
  EXPECT_EQ(store().list(c().worker, accounts).error().code, Errc::forbidden);
  EXPECT_EQ(refused(store().create(c().worker, "spaceship", {})).error.code, Errc::not_found);
}

TEST_P(WriteTest, NumbersHaveNoGapsAndBeginAnewEachPeriod) {
  std::vector<std::string> numbers;
  const auto make = [&] { numbers.push_back(c().hazard(c().officer, c().mine_a, "x").text("number")); };
  make();
  refused(store().create(c().officer, "hazard", {{"mine", c().mine_a}}));  // refused: takes no number
  must(store().write([&](Writer& w) -> Status {  // one good, one refused in one transaction
    numbers.push_back(
        must(w.create(c().officer, "hazard", {{"mine", c().mine_a}, {"title", "x"}})).text("number"));
    refused(w.create(c().officer, "hazard", {{"mine", c().mine_a}}));
    return {};
  }));
  EXPECT_FALSE(store()
                   .write([&](Writer& w) -> Status {
                     must(w.create(c().officer, "hazard", {{"mine", c().mine_a}, {"title", "rolled back"}}));
                     return conflict("no");
                   })
                   .ok());
  make();
  c().clock.set(
      ArrivalTime{start_of_day_ms(*parse_date("2026-02-01"))});  // midnight in China is still January in UTC
  make();
  c().hazard(c().root, c().mine_a, "entered with a number", {{"number", "YH-202602-00002"}});
  make();
  EXPECT_THAT(numbers, ElementsAre("YH-202601-00001", "YH-202601-00002", "YH-202601-00003", "YH-202602-00001",
                                   "YH-202602-00003"));
}

/// A month that could be named by any of its days would have thirty plans.
TEST_P(WriteTest, ADateThatNamesAPeriodIsItsFirstDay) {
  const struct {
    const char* period;
    std::vector<const char*> first, other;
  } cases[] = {{"month", {"2026-01-01", "2026-02-01"}, {"2026-01-02", "2026-01-31"}},
               {"quarter", {"2026-01-01", "2026-10-01"}, {"2026-02-01", "2026-01-15"}},
               {"half_year", {"2026-01-01", "2026-07-01"}, {"2026-04-01", "2026-07-02"}},
               {"year", {"2026-01-01"}, {"2026-07-01", "2025-12-31"}}};
  for (const auto& test : cases) {
    auto catalog = std::make_shared<Catalog>(*small_catalog());
    for (auto& type : catalog->record_types) {
      for (auto& f : type.fields) {
        if (type.name == "hazard" && f.name == "deadline") f.first_of = test.period;
      }
    }
    must(c().reopen(catalog));
    for (const char* day : test.first)
      c().hazard(c().officer, c().mine_a, day, {{"deadline", *parse_date(day)}});
    for (const char* day : test.other) {
      const Fields fields{{"mine", c().mine_a}, {"title", std::string(day)}, {"deadline", *parse_date(day)}};
      EXPECT_EQ(faults(refused(store().create(c().officer, "hazard", fields))),
                fmt::format("deadline not_first_of_{}", test.period))
          << day;
    }
  }
}

/// What the register of mines says is not typed again: 150 (10,000 t) a year are 1,500,000 t. Unknown stays
/// unknown, and what was stored stays until it is written anew.
TEST_P(WriteTest, AProductReachesOverReferences) {
  auto catalog = std::make_shared<Catalog>(*small_catalog());
  for (auto& type : catalog->record_types) {
    if (type.name == "mine") type.fields.push_back(field("capacity", FieldType::decimal));
    if (type.name != "hazard") continue;
    type.fields.push_back(system(field("yearly", FieldType::decimal)));
    pack::Compute product{};
    product.rule = pack::Compute::Rule::product;
    product.of = {"mine.capacity"};
    product.times = 10'000;
    product.into = "yearly";
    type.computes = {product};
  }
  must(c().reopen(catalog));
  must(store().update(c().root, "mine", c().mine_a, 1, {{"capacity", 150.0}}));
  const Record known = c().hazard(c().officer, c().mine_a, "x");
  EXPECT_EQ(known.number("yearly"), 1'500'000);
  EXPECT_FALSE(c().hazard(c().root, c().mine_b, "x").fields.contains("yearly"));
  must(store().update(c().root, "mine", c().mine_a, 2, {{"capacity", 200.0}}));
  EXPECT_EQ(must(store().get(c().officer, "hazard", known.id)).number("yearly"), 1'500'000);
  EXPECT_EQ(must(store().update(c().officer, "hazard", known.id, 1, {{"title", "y"}})).number("yearly"),
            2'000'000);
  EXPECT_EQ(faults(refused(store().update(c().officer, "hazard", known.id, 2, {{"yearly", 9.0}}))),
            "yearly read_only");
}

TEST_P(WriteTest, TheOwnerFollowsTheMine) {
  // The county officer's own organisation is the default, but the record belongs to the mine.
  auto actor = c().county_officer;
  actor.roles.insert("officer");
  EXPECT_EQ(c().hazard(actor, c().mine_b, "x").owner, c().mine_b_organisation);
  const Record made = c().hazard(actor, c().mine_a, "y");
  const Record moved = must(store().update(actor, "hazard", made.id, 1, {{"mine", c().mine_b}}));
  EXPECT_EQ(moved.owner, c().mine_b_organisation);
  EXPECT_EQ(moved.reference("organisation"), c().mine_b_organisation);
  // Through another record.
  const Record remark = must(store().create(actor, "remark", {{"hazard", made.id}, {"text", "t"}}));
  EXPECT_EQ(remark.owner, c().mine_b_organisation);
}

TEST_P(WriteTest, TheThreeAdministratorsNeverMeet) {
  const struct {
    std::vector<std::string> roles;
    bool fine;
  } cases[] = {{{"admin", "worker"}, true},
               {{"admin", "security_admin"}, false},
               {{"security_admin", "auditor"}, false},
               {{"admin", "auditor"}, false},
               {{"auditor"}, true}};
  int n = 0;
  for (const auto& test : cases) {
    const auto outcome = store().create(
        c().root, "account",
        {{"name", "name" + std::to_string(++n)}, {"organisation", c().county}, {"roles", test.roles}});
    EXPECT_EQ(std::holds_alternative<Record>(outcome), test.fine) << n;
    if (!test.fine) {
      EXPECT_EQ(faults(std::get<Refusal>(outcome)), "roles same_person");
    }
  }
  const Refusal later = refused(store().update(c().root, "account", c().officer.account, 1,
                                               {{"roles", std::vector<std::string>{"admin", "auditor"}}}));
  EXPECT_EQ(faults(later), "roles same_person");
}

TEST_P(WriteTest, SecretsAreForTheProgramOnly) {
  auto admin = c().actor("adam", c().province, {"admin"});
  const Record set = must(
      store().update(c().root, "account", c().officer.account, 1, {{"password_hash", "$argon2id$secret"}}));
  EXPECT_EQ(set.text("password_hash"), "$argon2id$secret");
  EXPECT_EQ(must(store().get(c().root, "account", c().officer.account)).text("password_hash"),
            "$argon2id$secret");
  const Record seen = must(store().get(admin, "account", c().officer.account));
  EXPECT_FALSE(seen.fields.contains("password_hash"));
  ListQuery query;
  query.type = "account";
  for (const auto& r : must(store().list(admin, query)).records)
    EXPECT_FALSE(r.fields.contains("password_hash"));
  EXPECT_THAT(to_json(store().catalog(), *store().catalog().record_type("account"), set).dump(),
              ::testing::Not(HasSubstr("argon")));
  query.filters = {{"password_hash", Filter::Op::eq, {"$argon2id$secret"}}};
  EXPECT_EQ(store().list(admin, query).error().code, Errc::bad_input);
  query.filters.clear();
  query.sort = "password_hash";
  EXPECT_EQ(store().list(admin, query).error().code, Errc::bad_input);
  for (const auto& change : must(store().history(admin, "account", c().officer.account)))
    EXPECT_THAT(change.diff.dump(), ::testing::Not(HasSubstr("argon")));
  EXPECT_EQ(must(store().history(admin, "account", c().officer.account)).back().diff["password_hash"],
            Json("changed"));
  const Refusal stale =
      refused(store().update(admin, "account", c().officer.account, 1, {{"display_name", "x"}}));
  EXPECT_FALSE(stale.current->fields.contains("password_hash"));
  EXPECT_THAT(must(store().export_csv(admin,
                                      [] {
                                        ListQuery q;
                                        q.type = "account";
                                        return q;
                                      }())),
              ::testing::Not(HasSubstr("argon")));
  EXPECT_EQ(
      faults(refused(store().update(admin, "account", c().officer.account, 2, {{"password_hash", "mine"}}))),
      "password_hash read_only");
}

TEST_P(WriteTest, OneTransactionIsAllOrNothing) {
  RecordId first;
  const Status done = store().write([&](Writer& w) -> Status {
    first = must(w.create(c().officer, "hazard", {{"mine", c().mine_a}, {"title", "one"}})).id;
    EXPECT_EQ(must(w.get(c().officer, "hazard", first)).text("title"), "one");
    EXPECT_TRUE(must(w.find(c().officer, "hazard", {{"title", "one"}, {"level", FieldValue()}})));
    EXPECT_FALSE(must(w.find(c().foreign, "hazard", {{"title", "one"}})));
    must(
        w.note(c().officer, "sign_in", "account", c().officer.account, Json(Json::Object{{"from", "here"}})));
    return unavailable("something broke");
  });
  EXPECT_EQ(done.error().code, Errc::unavailable);
  EXPECT_EQ(store().get(c().officer, "hazard", first).error().code, Errc::not_found);
  EXPECT_TRUE(must(store().verify()).ok);
}

TEST_P(WriteTest, ABrokenStatementNeverCommits) {
  RecordId first;
  const Status done = store().write([&](Writer& w) -> Status {
    first = must(w.create(c().officer, "hazard", {{"mine", c().mine_a}, {"title", "one"}})).id;
    MW_TRY(w.connection().execute("DELETE FROM number_counter"));
    // The next one gets the number 1 again; the program asked for it and now ignores what came of it.
    EXPECT_TRUE(w.connection().execute("UPDATE hazard SET number = 'YH-202601-00002'").ok());
    (void)w.create(c().officer, "hazard",
                   {{"mine", c().mine_a}, {"title", "two"}, {"responsible", RecordId{1}}});
    return conflict("stop");
  });
  EXPECT_FALSE(done.ok());
  EXPECT_EQ(store().get(c().officer, "hazard", first).error().code, Errc::not_found);
}

}  // namespace
}  // namespace mineward::record::fixture
