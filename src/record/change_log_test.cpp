/// The change log: what it says, that it cannot be changed, and that a change is found.
#include "record/change_log.h"

#include "base/digest.h"
#include "record/testing.h"

namespace mineward::record::fixture {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

class ChangeLogTest : public RecordTest {
 protected:
  /// Past the triggers, as somebody with the database file in hands would.
  void tamper(const std::string& sql) {
    if (GetParam() == db::Engine::sqlite) {
      c().database.raw(
          "DROP TRIGGER IF EXISTS change_log_no_update; DROP TRIGGER IF EXISTS change_log_no_delete; " + sql);
    } else {
      c().database.raw("ALTER TABLE change_log DISABLE TRIGGER ALL; " + sql);
    }
  }
  /// Keeps what is stored, so that one database serves many forgeries.
  void keep() {
    tamper(
        "CREATE TABLE kept_log AS SELECT * FROM change_log; CREATE TABLE kept_hazard AS SELECT * FROM "
        "hazard");
  }
  void restore() {
    c().database.raw(
        "DELETE FROM change_log; INSERT INTO change_log SELECT * FROM kept_log; DELETE FROM hazard; INSERT "
        "INTO hazard SELECT * FROM kept_hazard");
    const auto report = must(store().verify());
    EXPECT_TRUE(report.ok) << report.message;
  }
  std::int64_t last_seq() { return must(store().log(c().root, 0, 1)).at(0).seq; }
};
MW_ON_BOTH_ENGINES(ChangeLogTest);

TEST_P(ChangeLogTest, TellsWhoChangedWhatFromWhere) {
  const Record made = c().hazard(c().officer, c().mine_a, "before", {{"money", std::int64_t{12345}}});
  c().clock.advance(90s);
  must(store().update(c().officer, "hazard", made.id, 1,
                      {{"title", "after"}, {"deadline", *parse_date("2026-02-01")}}, "typing error"));
  const auto changes = must(store().history(c().officer, "hazard", made.id));
  ASSERT_EQ(changes.size(), 2u);
  EXPECT_EQ(changes[0].action, "create");
  EXPECT_EQ(changes[0].diff["money"], Json(Json::Array{Json(), "123.45"}));
  EXPECT_EQ(changes[0].diff["state"], Json(Json::Array{Json(), "found"}));
  EXPECT_EQ(changes[1].diff, Json(Json::Object{{"deadline", Json::Array{Json(), "2026-02-01"}},
                                               {"title", Json::Array{"before", "after"}}}));
  EXPECT_EQ(changes[1].actor, "anna");
  EXPECT_EQ(changes[1].origin, "127.0.0.1");
  EXPECT_EQ(changes[1].reason, "typing error");
  EXPECT_EQ(changes[1].version, 2);
  EXPECT_EQ(changes[1].at, c().clock.now());
  EXPECT_EQ(changes[1].seq, changes[0].seq + 1);
  EXPECT_EQ(changes[1].prev_hash, changes[0].hash);
}

TEST_P(ChangeLogTest, HashIsTheOneOfTheDocument) {
  // The worked example of docs/formats/change_log.md, its digest computed by another program (Python's
  // hashlib).
  Change change;
  change.seq = 1;
  change.type = "region";
  change.id = RecordId{42};
  change.version = 1;
  change.action = "create";
  change.actor = "system:demo";
  change.origin = "cli";
  change.at = ArrivalTime{1768176000000};
  const std::string diff = R"({"code":[null,"140000"],"name":[null,"山西省"]})";
  EXPECT_EQ(sha256_hex(canonical_bytes(change, RecordId{}, diff)),
            "07302f7820acc9d44a55e5501b7a11cb055c3671dffff22faa89ab3ab38c075f");
}

TEST_P(ChangeLogTest, ShowsARecordAsItWas) {
  const ArrivalTime t0 = c().clock.now();
  c().clock.advance(1min);
  const Record made = c().hazard(c().officer, c().mine_a, "one", {{"people", std::int64_t{3}}});
  const ArrivalTime t1 = c().clock.now();
  c().clock.advance(1min);
  const Record changed =
      must(store().update(c().officer, "hazard", made.id, 1, {{"title", "two"}, {"people", FieldValue()}}));
  c().clock.advance(1min);
  const Record moved =
      must(store().step(c().officer, "hazard", made.id, 2, "plan",
                        {{"responsible", c().worker.account}, {"deadline", *parse_date("2026-02-01")}}));
  EXPECT_EQ(store().get_as_of(c().officer, "hazard", made.id, t0).error().code, Errc::not_found);
  const auto same = [](const Record& a, const Record& b) {
    EXPECT_EQ(a.fields, b.fields);
    EXPECT_EQ(a.version, b.version);
    EXPECT_EQ(a.state, b.state);
    EXPECT_EQ(a.owner, b.owner);
    EXPECT_EQ(a.updated_at, b.updated_at);
    EXPECT_EQ(a.created_by, b.created_by);
  };
  same(must(store().get_as_of(c().officer, "hazard", made.id, t1)), made);
  same(must(store().get_as_of(c().officer, "hazard", made.id, t1 + Millis(59999))), made);
  same(must(store().get_as_of(c().officer, "hazard", made.id, t1 + 60s)), changed);
  same(must(store().get_as_of(c().officer, "hazard", made.id, t1 + 24h)), moved);
}

TEST_P(ChangeLogTest, IsForAuditorsOfTheScope) {
  const Actor auditor = c().actor("aude", c().county, {"auditor"});
  EXPECT_EQ(store().log(c().officer, 0, 10).error().code, Errc::forbidden);
  const Record mine = c().hazard(c().officer, c().mine_a, "mine");
  c().hazard(c().foreign, c().mine_x, "theirs");
  must(store().write([&](Writer& w) {
    return w.note(c().officer, "sign_in", "account", c().officer.account, Json(Json::Object{{"ok", true}}));
  }));
  const auto lines = must(store().log(auditor, 0, 2));
  ASSERT_EQ(lines.size(), 2u);
  EXPECT_EQ(lines[0].action, "sign_in");
  EXPECT_EQ(lines[0].version, 0);
  EXPECT_EQ(lines[0].diff["ok"], Json(true));
  EXPECT_EQ(lines[1].id, mine.id);
  const auto older = must(store().log(auditor, lines[1].seq, 500));
  for (const auto& line : older) EXPECT_LT(line.seq, lines[1].seq);
  // Every line, in pages, each once.
  std::vector<std::int64_t> seqs;
  for (std::int64_t before = 0;;) {
    const auto page = must(store().log(c().root, before, 7));
    if (page.empty()) break;
    for (const auto& line : page) seqs.push_back(line.seq);
    before = page.back().seq;
  }
  ASSERT_EQ(static_cast<std::int64_t>(seqs.size()), last_seq());
  for (std::size_t i = 0; i < seqs.size(); ++i) EXPECT_EQ(seqs[i], last_seq() - static_cast<std::int64_t>(i));
}

TEST_P(ChangeLogTest, RefusesToBeChanged) {
  for (const char* sql : {"UPDATE change_log SET actor = 'nobody' WHERE seq = 1",
                          "DELETE FROM change_log WHERE seq = 1", "DELETE FROM change_log"}) {
    const Status done = c().database->write([&](db::Connection& conn) { return conn.script(sql); });
    ASSERT_FALSE(done.ok()) << sql;
    EXPECT_THAT(done.error().message, HasSubstr("cannot be changed"));
  }
  if (GetParam() == db::Engine::postgres) {
    EXPECT_FALSE(
        c().database->write([](db::Connection& conn) { return conn.script("TRUNCATE change_log"); }).ok());
  }
  EXPECT_TRUE(must(store().verify()).ok);
}

TEST_P(ChangeLogTest, VerifyPassesOverAllThatWasWritten) {
  const Record made =
      c().hazard(c().officer, c().mine_a, "x", {{"tags", std::vector<std::string>{"gas"}}, {"depth", 0.1}});
  must(store().update(c().officer, "hazard", made.id, 1, {{"title", "y"}}));
  c().photo();
  must(store().update(c().root, "account", c().officer.account, 1, {{"password_hash", "secret"}}));
  const auto report = must(store().verify());
  EXPECT_TRUE(report.ok) << report.message;
  EXPECT_EQ(report.entries, last_seq());
  EXPECT_EQ(report.first_bad_seq, 0);
}

TEST_P(ChangeLogTest, OneAlteredByteInAnyColumnIsFoundAndNamed) {
  const Record made = c().hazard(c().officer, c().mine_a, "x");
  must(store().update(c().officer, "hazard", made.id, 1, {{"title", "y"}}, "because"));
  must(store().update(c().officer, "hazard", made.id, 2, {{"title", "z"}}, "because"));
  const std::int64_t seq = must(store().history(c().officer, "hazard", made.id)).at(1).seq;
  keep();
  for (const char* column : {"type", "action", "actor", "origin", "reason", "diff", "prev_hash", "hash"}) {
    SCOPED_TRACE(column);
    c().database.raw(
        fmt::format("UPDATE change_log SET {0} = 'X' || substr({0}, 2) WHERE seq = {1}", column, seq));
    const auto report = must(store().verify());
    EXPECT_FALSE(report.ok);
    EXPECT_EQ(report.first_bad_seq, seq);
    EXPECT_THAT(report.message, HasSubstr(std::to_string(seq)));
    restore();
  }
}

TEST_P(ChangeLogTest, EveryCharacterOfALineIsFound) {
  const Record made = c().hazard(c().officer, c().mine_a, "x");
  must(store().update(c().officer, "hazard", made.id, 1, {{"title", "y"}}, "because"));
  must(store().update(c().officer, "hazard", made.id, 2, {{"title", "z"}}, "because"));
  const std::int64_t seq = must(store().history(c().officer, "hazard", made.id)).at(1).seq;
  keep();
  int altered = 0;
  const auto expect_found = [&](const std::string& change, std::int64_t first) {
    c().database.raw(fmt::format("UPDATE change_log SET {} WHERE seq = {}", change, seq));
    const auto report = must(store().verify());
    ASSERT_FALSE(report.ok) << change;
    ASSERT_EQ(report.first_bad_seq, first) << change;
    restore();
    ++altered;
  };
  for (const char* column : {"type", "action", "actor", "origin", "reason", "diff", "prev_hash", "hash"}) {
    std::int64_t length = 0;
    must(c().database->read([&](db::Connection& connection) -> Status {
      MW_ASSIGN(const auto rows, connection.query(fmt::format(
                                     "SELECT length({}) FROM change_log WHERE seq = {}", column, seq)));
      length = rows.integer(0, 0);
      return {};
    }));
    for (std::int64_t at = 1; at <= length; ++at) {
      expect_found(
          fmt::format("{0} = substr({0}, 1, {1}) || CASE substr({0}, {2}, 1) WHEN 'X' THEN 'Y' ELSE 'X' END "
                      "|| substr({0}, {3})",
                      column, at - 1, at, at + 1),
          seq);
      if (HasFatalFailure()) return;
    }
    expect_found(fmt::format("{0} = {0} || 'X'", column), seq);
  }
  for (const char* column : {"id", "version", "owner", "at"}) {
    for (int bit = 0; bit < 62; ++bit) {
      const std::int64_t power = std::int64_t{1} << bit;
      expect_found(
          fmt::format("{0} = CASE WHEN ({0} / {1}) % 2 = 0 THEN {0} + {1} ELSE {0} - {1} END", column, power),
          seq);
      if (HasFatalFailure()) return;
    }
  }
  std::printf("flips: %d characters and bits of a change log line, all found and named\n", altered);
}

TEST_P(ChangeLogTest, OtherForgeriesAreFoundToo) {
  for (const char* title : {"x", "y", "z"}) c().hazard(c().officer, c().mine_a, title);
  const std::int64_t last = last_seq();
  keep();
  const struct {
    const char* why;
    const char* sql;
    std::int64_t at, named;
  } cases[] = {
      {"a number", "UPDATE change_log SET at = at + 1 WHERE seq = {}", last - 2, last - 2},
      {"the record", "UPDATE change_log SET id = id + 1 WHERE seq = {}", last - 2, last - 2},
      {"the owner", "UPDATE change_log SET owner = owner + 1 WHERE seq = {}", last - 2, last - 2},
      {"a line is gone", "DELETE FROM change_log WHERE seq = {}", last - 2, last - 2},
      {"the last line is gone", "DELETE FROM change_log WHERE seq = {}", last, last},
      {"a line in front",
       "INSERT INTO change_log SELECT 0, type, id, version, owner, action, actor, origin, at, reason, diff, "
       "prev_hash, hash FROM change_log WHERE seq = {}",
       last, 1},
  };
  for (const auto& test : cases) {
    SCOPED_TRACE(test.why);
    c().database.raw(fmt::format(fmt::runtime(test.sql), test.at));
    const auto report = must(store().verify());
    EXPECT_FALSE(report.ok);
    EXPECT_EQ(report.first_bad_seq, test.named) << report.message;
    restore();
  }
}

TEST_P(ChangeLogTest, AnAlteredRecordIsFoundToo) {
  c().hazard(c().officer, c().mine_a, "before");
  const Record made = c().hazard(c().officer, c().mine_a, "x", {{"level", "major"}});
  c().hazard(c().officer, c().mine_a, "after");
  const std::int64_t seq = must(store().history(c().officer, "hazard", made.id)).at(0).seq;
  keep();
  const struct {
    const char* why;
    const char* sql;
    const char* message;
  } cases[] = {
      {"a field", "UPDATE hazard SET level = 'ordinary' WHERE id = {}", "field level differs"},
      {"a field emptied", "UPDATE hazard SET level = NULL WHERE id = {}", "field level differs"},
      {"a field filled", "UPDATE hazard SET money = 1 WHERE id = {}", "field money differs"},
      {"the state", "UPDATE hazard SET state = 'closed' WHERE id = {}", "state"},
      {"the owner", "UPDATE hazard SET owner = 1 WHERE id = {}", "owner"},
      {"back-dating", "UPDATE hazard SET created_at = created_at - 1 WHERE id = {}", "created_at"},
      {"the version", "UPDATE hazard SET version = 7 WHERE id = {}", "version"},
      {"the record is gone", "DELETE FROM hazard WHERE id = {}", "not stored"},
  };
  for (const auto& test : cases) {
    SCOPED_TRACE(test.why);
    c().database.raw(fmt::format(fmt::runtime(test.sql), made.id.value));
    const auto report = must(store().verify());
    EXPECT_FALSE(report.ok);
    EXPECT_EQ(report.first_bad_seq, seq);
    EXPECT_THAT(report.message, HasSubstr(test.message));
    restore();
  }
  c().database.raw(
      "INSERT INTO region (id, version, state, owner, created_at, updated_at, created_by, updated_by, code, "
      "name) "
      "VALUES (9, 1, '', 0, 1, 1, 'x', 'x', '1', 'slipped in')");
  const auto report = must(store().verify());
  EXPECT_FALSE(report.ok);
  EXPECT_THAT(report.message, HasSubstr("no entry"));
}

TEST_P(ChangeLogTest, SurvivesAReopen) {
  const Record made = c().hazard(c().officer, c().mine_a, "x");
  const std::int64_t seq = last_seq();
  c().open();
  must(store().update(c().officer, "hazard", made.id, 1, {{"title", "y"}}));
  EXPECT_EQ(last_seq(), seq + 1);
  EXPECT_TRUE(must(store().verify()).ok);
}

}  // namespace
}  // namespace mineward::record::fixture
