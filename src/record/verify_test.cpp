/// What stands beside the records and is none of their fields is held against the log as well: signatures,
/// links, clocks. And clocks follow the rules in force. On both engines.
#include "record/testing.h"

#include "pack/working_days.h"

namespace mineward::record::fixture {
namespace {

using ::testing::HasSubstr;

pack::Workflow permit_flow(const char* limit) {
  pack::Workflow w;
  w.name = "permit";
  w.states = {{"asked", {}, true, false}, {"granted", {}, false, true}};
  auto grant = transition("grant", {"asked"}, "granted", {"officer"});
  grant.sets = {{"granted_on", "today"}};
  grant.sign_off = {{"legal", {"legal", "legal"}, {"reviewer"}, 1},
                    {"board", {"board", "board"}, {"county_officer"}, 1}};
  grant.return_to = "asked";
  w.transitions = {grant};
  pack::ClockRule clock;
  clock.name = "grant";
  clock.starts = "asked_on";
  clock.limit = *pack::parse_time_limit(limit);
  clock.ends = "granted_on";
  clock.owed_by = {"officer"};
  w.clocks = {clock};
  return w;
}

/// With a notice of the State Council or without.
pack::CatalogPtr catalog_with_permits(const char* limit = "5 working days", std::vector<Date> off = {}) {
  auto catalog = std::make_shared<Catalog>(*small_catalog());
  auto type = record_type(
      "permit", "organisation", "title",
      {with_default(required(field("organisation", FieldType::reference, "organisation")), "my_organisation"),
       required(field("title", FieldType::text)), with_default(field("asked_on", FieldType::date), "today"),
       system(field("granted_on", FieldType::date))});
  type.workflow = "permit";
  type.list_fields = {"title"};
  type.access.create = type.access.update = {"officer"};
  pack::Raise raise;
  raise.name = "hazard";
  raise.record = "hazard";
  raise.sets = {{"title", "title"}};
  type.raises = {raise};
  catalog->record_types.push_back(type);
  catalog->workflows.push_back(permit_flow(limit));
  if (!off.empty()) catalog->calendar.push_back({2026, std::move(off), {}, {}, {}, {}});
  return catalog;
}

class VerifyTest : public db::OnBothEngines {
 protected:
  void SetUp() override {
    OnBothEngines::SetUp();
    if (!IsSkipped()) country = std::make_unique<Country>(GetParam(), catalog_with_permits());
  }
  Country& c() { return *country; }
  Store& store() { return *country->store; }

  Record permit() {
    return must(store().create(c().officer, "permit", {{"title", std::string("blasting")}}));
  }
  Record begun() {
    const Record made = permit();
    return must(store().step(c().officer, "permit", made.id, made.version, "grant", {}));
  }
  Record sign(const Actor& who, const Record& r, bool agrees, std::string_view opinion) {
    c().clock.advance(std::chrono::minutes(1));
    return must(store().sign(who, "permit", r.id, r.version, agrees, opinion));
  }

  struct Forgery {
    const char* why;
    std::string sql, undo;
    const char* message;
  };
  void expect_found(const std::vector<Forgery>& forgeries) {
    for (const Forgery& f : forgeries) {
      SCOPED_TRACE(f.why);
      ASSERT_TRUE(must(store().verify()).ok);
      c().database.raw(f.sql);
      const VerifyReport report = must(store().verify());
      EXPECT_FALSE(report.ok);
      EXPECT_GT(report.first_bad_seq, 0);
      EXPECT_THAT(report.message, HasSubstr(f.message));
      c().database.raw(f.undo);
    }
    const VerifyReport whole = must(store().verify());
    EXPECT_TRUE(whole.ok) << whole.message;
  }

  std::unique_ptr<Country> country;
};
MW_ON_BOTH_ENGINES(VerifyTest);

TEST_P(VerifyTest, SignaturesAreThoseOfTheLog) {
  Record r = begun();
  r = sign(c().reviewer, r, false, "证据不足");
  r = must(store().step(c().officer, "permit", r.id, r.version, "grant", {}));
  r = sign(c().reviewer, r, true, "合法");
  r = sign(c().county_officer, r, true, "");
  EXPECT_EQ(r.state, "granted");
  const Record waiting = sign(c().reviewer, begun(), true, "");
  const Record unsigned_one = permit();
  const std::string of = fmt::format(" WHERE type = 'permit' AND id = {} AND round = 2", r.id.value);
  const auto signature = [&](const char* why, const char* set, const char* back) {
    return Forgery{why, fmt::format("UPDATE record_signature SET {}{} AND stage <> 'board'", set, of),
                   fmt::format("UPDATE record_signature SET {}{} AND place <> 1", back, of),
                   "signatures of permit"};
  };
  const auto round = [&](const char* why, const char* set, const char* back) {
    return Forgery{why, fmt::format("UPDATE record_signing SET {}{}", set, of),
                   fmt::format("UPDATE record_signing SET {}{}", back, of), "signatures of permit"};
  };
  const std::string other = std::to_string(unsigned_one.id.value), second = std::to_string(waiting.id.value);
  expect_found({
      signature("another hand", "name = 'wang'", "name = 'rita'"),
      signature("he refused", "agrees = 0", "agrees = 1"),
      signature("what he said", "opinion = ''", "opinion = '合法'"),
      signature("for what", "stage = 'first'", "stage = 'legal'"),
      signature("when", "at = at - 1", "at = at + 1"),
      signature("in what order", "place = 7", "place = 0"),
      round("who asked for it", "name = 'wang'", "name = 'anna'"),
      round("when it was asked for", "begun_at = begun_at - 1", "begun_at = begun_at + 1"),
      round("what was signed", "step = 'other'", "step = 'grant'"),
      round("what came of it", "outcome = 'returned'", "outcome = 'made'"),
      {"it still waits", "UPDATE record_signing SET outcome = 'made' WHERE id = " + second,
       "UPDATE record_signing SET outcome = '' WHERE id = " + second, "signatures of permit"},
      {"a signature is gone",
       "CREATE TABLE kept AS SELECT * FROM record_signature WHERE id = " + second +
           "; DELETE FROM record_signature WHERE id = " + second,
       "INSERT INTO record_signature SELECT * FROM kept; DROP TABLE kept", "signatures of permit"},
      {"a round is gone",
       "CREATE TABLE kept AS SELECT * FROM record_signing WHERE id = " + second +
           "; DELETE FROM record_signing WHERE id = " + second,
       "INSERT INTO record_signing SELECT * FROM kept; DROP TABLE kept", "signatures of permit"},
      {"a signature that nobody gave",
       "INSERT INTO record_signature SELECT type, " + other +
           ", round, place, stage, account, name, at, agrees, opinion FROM record_signature WHERE id = " +
           second,
       "DELETE FROM record_signature WHERE id = " + other, "5 signatures are stored, the log tells of 4"},
      {"a round that nobody began",
       "INSERT INTO record_signing SELECT type, " + other +
           ", round, step, account, name, begun_at, outcome FROM record_signing WHERE id = " + second,
       "DELETE FROM record_signing WHERE id = " + other, "4 rounds of signatures are stored"},
  });
}

TEST_P(VerifyTest, LinksAreThoseOfTheLog) {
  const Record from = permit();
  const auto raised =
      must(store().raise(c().officer, "permit", from.id, "hazard", Fields{{"mine", c().mine_a}}));
  const std::string of = fmt::format(" WHERE from_id = {}", from.id.value);
  expect_found({
      {"the link is gone", "CREATE TABLE kept AS SELECT * FROM record_link; DELETE FROM record_link",
       "INSERT INTO record_link SELECT * FROM kept; DROP TABLE kept", "the link is missing"},
      {"it leads elsewhere", "UPDATE record_link SET to_id = to_id + 1" + of,
       "UPDATE record_link SET to_id = to_id - 1" + of, "the link is missing"},
      {"by another hand", "UPDATE record_link SET by_name = 'wang'" + of,
       "UPDATE record_link SET by_name = 'anna'" + of, "by anna, the link says wang"},
      {"a link too many",
       "INSERT INTO record_link SELECT to_type, to_id, from_type, from_id, kind, at, by_name FROM "
       "record_link",
       fmt::format("DELETE FROM record_link WHERE from_id = {}", raised.id.value),
       "2 links are stored, the log tells of 1"},
  });
}

TEST_P(VerifyTest, ClocksAreThoseThatTheRecordsGive) {
  const Record running = permit();
  const std::string of = fmt::format(" WHERE type = 'permit' AND id = {}", running.id.value);
  const auto clock = [&](const char* why, const char* set, const char* back) {
    return Forgery{why, fmt::format("UPDATE record_clock SET {}{}", set, of),
                   fmt::format("UPDATE record_clock SET {}{}", back, of), "clocks of permit"};
  };
  expect_found({
      clock("a day more", "due = due + 86400000", "due = due - 86400000"),
      clock("a later start", "started = started + 1", "started = started - 1"),
      clock("it is done", "state = 'done'", "state = 'running'"),
      clock("somebody else's", "owner = owner + 1", "owner = owner - 1"),
      {"nothing runs", "CREATE TABLE kept AS SELECT * FROM record_clock; DELETE FROM record_clock" + of,
       "DELETE FROM record_clock; INSERT INTO record_clock SELECT * FROM kept; DROP TABLE kept",
       "clocks of permit"},
  });
}

/// Monday, 12 January 2026; five working days are 13, 14, 15, 16 and 19 January. With the 16th off they are
/// 13, 14, 15, 19 and 20; three are 13, 14 and 15.
TEST_P(VerifyTest, ClocksThatRunFollowTheRulesInForce) {
  const Record running = permit();
  Record granted = begun();
  granted = sign(c().reviewer, granted, true, "");
  granted = sign(c().county_officer, granted, true, "");
  const auto due = [&](const Record& r) {
    const auto clocks = must(store().clocks(c().officer, "permit", r.id));
    return clocks.size() == 1 ? clocks[0].due.value_or(0) : -1;
  };
  const auto end_of = [](const char* day) { return pack::end_of_day(*parse_date(day)); };
  EXPECT_EQ(due(running), end_of("2026-01-19"));
  const std::int64_t when_granted = due(granted);
  must(c().reopen(catalog_with_permits("5 working days", {*parse_date("2026-01-16")})));
  EXPECT_EQ(due(running), end_of("2026-01-20"));
  must(c().reopen(catalog_with_permits("3 working days")));
  EXPECT_EQ(due(running), end_of("2026-01-15"));
  EXPECT_EQ(due(granted), when_granted) << "what is over stays as it was judged";
  const VerifyReport report = must(store().verify());
  EXPECT_TRUE(report.ok) << report.message;
  // Untouched by a start with the same rules: the row keeps what a forger wrote, and verify tells of it.
  c().database.raw(fmt::format("UPDATE record_clock SET due = due + 1 WHERE id = {}", running.id.value));
  must(c().reopen(catalog_with_permits("3 working days")));
  EXPECT_FALSE(must(store().verify()).ok);
}

}  // namespace
}  // namespace mineward::record::fixture
