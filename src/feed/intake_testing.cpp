#include "feed/intake_testing.h"

#include <fmt/format.h>

#include <unistd.h>

#include <cstdlib>
#include <filesystem>

#include "feed/registers.h"
#include "record/template_testing.h"

namespace mineward::feed {

Status RecordingSink::apply(record::Writer& writer, const AcceptedUpload& upload) {
  if (failures > 0) {
    --failures;
    return unavailable("the sink was told to fail");
  }
  if (before_apply) MW_TRY(before_apply(upload));
  seen.push_back({upload.seq, upload.decoded ? upload.decoded->layout->type : "", upload.rows, upload.changes,
                  upload.positions, upload.is_positions, upload.stale, upload.replayed});
  if (upload.replayed) return {};
  MW_TRY(writer.connection().execute("INSERT INTO sink_seen (seq) VALUES ($1)",
                                     {static_cast<std::int64_t>(upload.seq)}));
  return {};
}

void RecordingSink::committed(const AcceptedUpload&, const Receipt& receipt) {
  const std::lock_guard lock(receipts_mutex_);
  receipts.push_back(receipt);
}

IntakeTest::IntakeTest(db::Engine chosen)
    : engine(chosen), clock(ArrivalTime{parse_beijing_time("2026-09-23 08:00:30")->utc_ms}) {
  // In memory where there is such a place: these tests are about what is written, not about the disk.
  const std::filesystem::path memory = "/dev/shm";
  const bool fast = access(memory.c_str(), W_OK) == 0;
  std::string pattern = (fast ? memory : std::filesystem::temp_directory_path()) / "mw_feed_XXXXXX";
  folder = mkdtemp(pattern.data());
}

void IntakeTest::SetUp() {
  if (!db::TestDatabase::available(engine))
    GTEST_SKIP() << "engine postgres SKIPPED: MW_TEST_POSTGRES is not set (tools/with-postgres sets it)";
  if (engine == db::Engine::postgres) server = std::make_unique<db::TestDatabase>(engine);
  open();
  make_mines();
}

IntakeTest::~IntakeTest() {
  intake.reset();
  history.reset();
  store.reset();
  wrapped.reset();
  database.reset();
  std::filesystem::remove_all(folder);
}

void IntakeTest::open() {
  const auto must = [](auto result) {
    if (!result) ADD_FAILURE() << result.error().text();
    return *std::move(result);
  };
  files = system_files();
  if (!server) record::copy_template(test_catalog(), folder + "/records.db");
  database = must(db::open_database(server ? server->url() : "sqlite:" + folder + "/records.db"));
  EXPECT_TRUE(database->write(
      [](db::Connection& c) { return c.script("CREATE TABLE IF NOT EXISTS sink_seen (seq BIGINT)"); }));
  ids = std::make_unique<IdMaker>(clock, std::uint16_t{1});
  wrapped = std::make_unique<db::FaultyDatabase>(*database);
  store = must(record::open_store(test_catalog(), *wrapped, *files, clock, *ids,
                                  {.attachment_folder = folder + "/files", .index_from = 2000}));
  history::Options options;
  options.folder = folder + "/history";
  history = must(history::open_history(*files, options));
  intake = must(open_intake(test_catalog(), *store, *history, clock, sink, {}));
}

void IntakeTest::reopen(bool recover) {
  intake.reset();
  history.reset();
  store.reset();
  wrapped.reset();
  database.reset();
  sink.seen.clear();
  sink.failures = 0;
  open();
  if (recover) {
    const auto done = intake->recover();
    EXPECT_TRUE(done) << done.error().text();
  }
}

void IntakeTest::make_mines() {
  const auto make = [&](const char* type, const record::Fields& fields) {
    auto made = taken(store->create(intake_actor(), type, fields));
    if (!made) ADD_FAILURE() << type << ": " << made.error().text();
    return made->id;
  };
  const auto region = make(
      "region",
      {{"code", std::string("620823")}, {"name", std::string("某县")}, {"level", std::string("county")}});
  const auto organisation = [&](const char* code, const char* kind, const char* level,
                                record::RecordId parent) {
    record::Fields fields{{"code", std::string(code)},
                          {"name", std::string(code)},
                          {"kind", std::string(kind)},
                          {"level", std::string(level)},
                          {"region", region}};
    if (parent) fields["parent"] = parent;
    return make("organisation", fields);
  };
  const auto county = organisation("C1", "regulator", "county", {});
  mine_organisation = organisation("M1", "mine", "mine", county);
  foreign_organisation = organisation("M2", "mine", "mine", organisation("C2", "regulator", "county", {}));
  spare_organisation = organisation("M3", "mine", "mine", county);
  const auto mine_of = [&](const char* code, const char* alias, record::RecordId owner) {
    record::Fields fields{{"code", std::string(code)},
                          {"name", std::string("模拟煤矿")},
                          {"organisation", owner},
                          {"kind", std::string("coal")},
                          {"status", std::string("producing")}};
    if (*alias) fields["aliases"] = std::string(alias);
    return make("mine", fields);
  };
  mine = mine_of(kMine, "610631015, 610632007274", mine_organisation);
  mine_of(kForeign, "", foreign_organisation);
  mine_scope.root = mine_organisation;
}

Receipt IntakeTest::upload(const std::string& name, const std::string& bytes) {
  return upload(name, bytes, mine_scope);
}
Receipt IntakeTest::upload(const std::string& name, const std::string& bytes, record::Scope scope) {
  Upload u;
  u.name = name;
  u.bytes = bytes;
  u.origin = "test";
  u.scope = scope;
  return intake->accept(u);
}

std::string IntakeTest::name_for(const std::string& type, std::string_view time, const std::string& mine) {
  return fmt::format("{}_{}_{}.txt", mine, type, format_compact(parse_beijing_time(time)->utc_ms));
}
std::string IntakeTest::head(std::string_view time, const std::string& mine) {
  return fmt::format("{};模拟煤矿;{}~", mine, time);
}
Receipt IntakeTest::send(const std::string& type, std::string_view time, const std::string& body) {
  return upload(name_for(type, time), head(time) + body + "||");
}

std::string IntakeTest::point_line(const std::string& code, const std::string& limits,
                                   const std::string& place, const std::string& relation) {
  return fmt::format("{};01;{}00001;0001;MN;%CH4;4;0;{};;;{};;;;{};2026-09-23 07:00:00~", code, kMine, limits,
                     place, relation);
}
std::string IntakeTest::sample_line(const std::string& code, const std::string& value, std::string_view time,
                                    const std::string& state) {
  return fmt::format("{};环境瓦斯;816;{};%CH4;{};{}~", code, value, state, time);
}

std::vector<record::Record> IntakeTest::records(const std::string& type) {
  auto got = records_of(*store, type, mine);
  EXPECT_TRUE(got) << (got ? "" : got.error().text());
  return got ? *std::move(got) : std::vector<record::Record>{};
}
record::Record IntakeTest::only(const std::string& type, const std::string& field, const std::string& value) {
  std::vector<record::Record> found;
  for (auto& r : records(type)) {
    if (r.text(field) == value) found.push_back(std::move(r));
  }
  EXPECT_EQ(found.size(), 1u) << type << " with " << field << " = " << value;
  return found.empty() ? record::Record{} : found[0];
}
std::vector<history::Sample> IntakeTest::samples(const std::string& code) {
  const auto key = history->find_point(kMine, code);
  if (!key) return {};
  const auto got = history->range(*key, EventTime{0}, EventTime{4'000'000'000'000}, 100000);
  EXPECT_TRUE(got);
  return got ? *got : std::vector<history::Sample>{};
}
std::vector<LedgerRow> IntakeTest::ledger() {
  auto got = list_uploads(*store, record::Actor::system("test"), {});
  EXPECT_TRUE(got) << (got ? "" : got.error().text());
  return got ? *std::move(got) : std::vector<LedgerRow>{};
}
std::int64_t IntakeTest::scalar(const std::string& sql) {
  std::int64_t out = -1;
  const auto done = database->read([&](db::Connection& c) -> Status {
    MW_ASSIGN(const auto rows, c.query(sql));
    out = rows.integer(0, 0);
    return {};
  });
  EXPECT_TRUE(done) << (done ? "" : done.error().text());
  return out;
}

}  // namespace mineward::feed
