/// Random writes against a small model in memory, on both engines; and strings that break programs.
#include <gtest/gtest.h>
// after gtest.h, which it uses
#include <rapidcheck/gtest.h>

#include "pack/load.h"
#include "record/testing.h"

namespace mineward::record::fixture {
namespace {

class ModelTest : public RecordTest {};
MW_ON_BOTH_ENGINES(ModelTest);

/// What the model knows of one hazard.
struct Expected {
  RecordId id;
  std::int64_t version = 0;
  std::string state, title;
  std::optional<std::int64_t> people;
  std::vector<std::pair<ArrivalTime, std::string>> titles;  ///< as of
};

/// One run: a hundred or so random commands; the model says what each must do.
class Walk {
 public:
  explicit Walk(Country& country) : c_(country) {}

  void command() {
    c_.clock.advance(Millis(*rc::gen::inRange(1, 5000)));
    switch (*rc::gen::inRange(0, 7)) {
      case 0: return create(true);
      case 1: return create(false);
      case 2:
      case 3: return update(true);
      case 4: return update(false);
      case 5: return step();
      default: return read();
    }
  }

  void finish() {
    for (const auto& e : all_) check(must(c_.store->get(c_.officer, "hazard", e.id)), e);
    ListQuery q;
    q.limit = 500;
    RC_ASSERT(c_.titles(c_.officer, q).size() == all_.size());
    for (const auto& e : all_) {
      for (const auto& [at, title] : e.titles)
        RC_ASSERT(must(c_.store->get_as_of(c_.officer, "hazard", e.id, at)).text("title") == title);
    }
  }

 private:
  static std::string some_title() {
    return *rc::gen::element<std::string>("甲烷超限", "a", "=1+1", "O'Neil", "水 水", "\xF0\x9F\x92\xA9");
  }

  void create(bool good) {
    Fields fields = {{"mine", c_.mine_a}};
    const std::string title = some_title();
    if (good) fields["title"] = title;
    const auto outcome = c_.store->create(c_.officer, "hazard", fields);
    RC_ASSERT(std::holds_alternative<Record>(outcome) == good);
    if (!good) return;
    const Record& r = std::get<Record>(outcome);
    all_.push_back({r.id, 1, "found", title, std::nullopt, {{c_.clock.now(), title}}});
    RC_ASSERT(r.text("number").substr(10) == fmt::format("{:05}", all_.size()));
  }

  Expected* some() { return all_.empty() ? nullptr : &all_[*rc::gen::inRange<std::size_t>(0, all_.size())]; }

  void update(bool fresh) {
    Expected* e = some();
    if (!e) return;
    const std::string title = some_title();
    const std::optional<std::int64_t> people =
        *rc::gen::inRange(0, 2) ? std::optional<std::int64_t>(*rc::gen::inRange<std::int64_t>(0, 600))
                                : std::nullopt;
    const auto outcome =
        c_.store->update(c_.officer, "hazard", e->id, fresh ? e->version : e->version + 1,
                         {{"title", title}, {"people", people ? FieldValue(*people) : FieldValue()}});
    const bool fits = !people || *people <= 500;
    const bool good = fresh && fits && e->state != "closed";
    RC_ASSERT(std::holds_alternative<Record>(outcome) == good);
    if (!good) return;
    if (title != e->title || people != e->people) ++e->version;
    if (title != e->title) e->titles.emplace_back(c_.clock.now(), title);
    e->title = title;
    e->people = people;
    check(std::get<Record>(outcome), *e);
  }

  void step() {
    Expected* e = some();
    if (!e) return;
    const std::string step = *rc::gen::element<std::string>("plan", "send_back", "accept");
    const Actor& actor =
        *rc::gen::element(&c_.officer, &c_.reviewer) == &c_.officer ? c_.officer : c_.reviewer;
    Fields fields;
    if (step == "plan") fields = {{"responsible", c_.worker.account}, {"deadline", Date{20600}}};
    const auto outcome = c_.store->step(actor, "hazard", e->id, e->version, step, fields, "reason");
    // Without claim_fixed nothing ever awaits acceptance: only `plan` from `found` by the officer can
    // succeed.
    const bool good = step == "plan" && e->state == "found" && &actor == &c_.officer;
    RC_ASSERT(std::holds_alternative<Record>(outcome) == good);
    if (!good) return;
    ++e->version;
    e->state = "rectifying";
    check(std::get<Record>(outcome), *e);
  }

  void read() {
    if (const Expected* e = some()) check(must(c_.store->get(c_.officer, "hazard", e->id)), *e);
  }

  static void check(const Record& r, const Expected& e) {
    RC_ASSERT(r.version == e.version);
    RC_ASSERT(r.state == e.state);
    RC_ASSERT(r.text("title") == e.title);
    const auto people = r.number("people");
    RC_ASSERT(people.has_value() == e.people.has_value());
    if (people) RC_ASSERT(static_cast<std::int64_t>(*people) == *e.people);
  }

  Country& c_;
  std::vector<Expected> all_;
};

TEST_P(ModelTest, RandomWritesDoWhatTheModelSays) {
  // One country for all runs (its tables take longest); each run works in a mine of its own.
  int run = 0;
  const bool fine = rc::check("random writes", [&] {
    const std::string code = "r" + std::to_string(++run);
    c().mine_a_organisation = c().organisation(code, c().county);
    c().mine_a = c().mine(code, c().mine_a_organisation);
    for (Actor* a : {&c().officer, &c().reviewer, &c().worker}) {
      const auto roles = a->roles;
      *a = c().actor(a->name.substr(0, 4) + code, c().mine_a_organisation, roles);
    }
    // A period of its own for the numbers.
    c().clock.set(ArrivalTime{start_of_day_ms(Date{20465 + 31 * run})});
    Walk walk(c());
    const int commands = *rc::gen::inRange(0, 25);
    for (int i = 0; i < commands; ++i) walk.command();
    walk.finish();
  });
  EXPECT_TRUE(fine);
  const auto report = must(store().verify());  // over all runs at once: it walks the whole log
  EXPECT_TRUE(report.ok) << report.message;
}

TEST_P(ModelTest, NaughtyStringsComeBackUnharmed) {
  const std::string text =
      must(c().files->read(std::string(MW_SOURCE_DIR) + "/tests/data/naughty-strings/blns.json"));
  const Json strings = must(parse_json(text));
  ASSERT_GT(strings.array()->size(), 500u);
  int stored = 0;
  std::vector<RecordId> ids;
  must(store().write([&](Writer& w) -> Status {
    for (const Json& item : *strings.array()) {
      const std::string& s = *item.string();
      if (s.empty()) continue;
      const auto made =
          w.create(c().officer, "hazard", {{"mine", c().mine_a}, {"title", "t"}, {"description", s}}, s);
      if (const auto* refusal = std::get_if<Refusal>(&made)) {
        ADD_FAILURE() << s << ": " << refusal->error.text();
        continue;
      }
      ids.push_back(std::get<Record>(made).id);
      ++stored;
    }
    return {};
  }));
  EXPECT_EQ(stored, 514);  // all but the empty one
  std::size_t at = 0;
  ListQuery q;
  q.type = "hazard";
  q.limit = 500;
  for (const Json& item : *strings.array()) {
    const std::string& s = *item.string();
    if (s.empty()) continue;
    const Record back = must(store().get(c().officer, "hazard", ids[at++]));
    ASSERT_EQ(back.text("description"), s);
    if (at % 4) continue;  // a quarter of them as questions too
    q.words = s;
    q.filters = {{"description", Filter::Op::eq, {s}}};
    const auto found = store().list(c().officer, q);
    ASSERT_TRUE(found.ok()) << s << ": " << found.error().text();
    q.words.clear();
    EXPECT_GE(must(store().list(c().officer, q)).records.size(), 1u) << s;
    q.filters = {{"title", Filter::Op::contains, {s}}};
    EXPECT_TRUE(store().list(c().officer, q).ok()) << s;
  }
  // Out as CSV and in again: nothing changes.
  ListQuery all;
  all.type = "hazard";
  const std::string csv = must(store().export_csv(c().officer, all));
  const auto report = must(store().import_csv(c().officer, "hazard", csv, false));
  EXPECT_TRUE(report.faults.empty()) << report.faults[0].message;
  EXPECT_EQ(report.unchanged, stored);
  EXPECT_TRUE(must(store().verify()).ok);
}

/// The packs that we ship make tables, and hold their first records.
TEST_P(ModelTest, TheShippedPacksMakeAStore) {
  const auto loaded = pack::load_catalog(std::vector<std::string>{
      std::string(MW_SOURCE_DIR) + "/packs/core", std::string(MW_SOURCE_DIR) + "/packs/national"});
  std::string mistakes;
  for (const auto& m : loaded.mistakes) mistakes += m.text() + "\n";
  ASSERT_TRUE(loaded.catalog) << mistakes;
  db::TestDatabase database(GetParam());
  auto store = must(open_store(loaded.catalog, *database, *c().files, c().clock, c().ids,
                               {database.folder().path() + "/files", 4096}));
  EXPECT_EQ(store->catalog().record_types.size(), loaded.catalog->record_types.size());
  store.reset();
  store = must(open_store(loaded.catalog, *database, *c().files, c().clock, c().ids,
                          {database.folder().path() + "/files", 4096}));
  const Record region = must(
      store->create(c().root, "region", {{"code", "140000"}, {"name", "山西省"}, {"level", "province"}}));
  EXPECT_EQ(must(store->get(c().root, "region", region.id)).text("name"), "山西省");
  EXPECT_TRUE(must(store->verify()).ok);
}

/// Every alarm of a storm takes a number: is it free is asked of an index, in a table too small for those of
/// lists, also where a withdrawn record keeps its number (its unique index leaves it out).
TEST_P(ModelTest, ANumberIsLookedForInAnIndex) {
  if (GetParam() != db::Engine::sqlite) return;  // the tables have the same indexes on both
  const auto loaded = pack::load_catalog(std::vector<std::string>{
      std::string(MW_SOURCE_DIR) + "/packs/core", std::string(MW_SOURCE_DIR) + "/packs/national"});
  ASSERT_TRUE(loaded.catalog);
  db::TestDatabase database(GetParam());
  const auto store = must(open_store(loaded.catalog, *database, *c().files, c().clock, c().ids,
                                     {database.folder().path() + "/files", 4096, 2000}));
  int numbered = 0;
  must(database->read([&](db::Connection& conn) -> Status {
    for (const auto& type : loaded.catalog->record_types) {
      std::vector<std::string> columns;
      if (!type.number_format.empty()) columns.emplace_back("number");
      for (const auto& numbering : type.numbers) columns.push_back(numbering.field);
      for (const auto& column : columns) {
        const db::Rows plan = must(conn.query(fmt::format(
            R"(EXPLAIN QUERY PLAN SELECT 1 FROM "{}" WHERE "{}" = 'X-1' LIMIT 1)", type.name, column)));
        EXPECT_THAT(plan.text(0, 3), ::testing::StartsWith("SEARCH ")) << type.name << "." << column;
        ++numbered;
      }
    }
    return {};
  }));
  EXPECT_GT(numbered, 150);
}

}  // namespace
}  // namespace mineward::record::fixture
