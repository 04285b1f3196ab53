/// \file Everything that writes, run together while the N-th file operation fails: journal, blocks, records,
/// rule state, drop folder, attachments. The operations of SQLite and those of the Files seam are counted as
/// one row.
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <optional>
#include <set>

#include <fmt/format.h>

#include "base/digest.h"
#include "base/faulty_sqlite_testing.h"
#include "base/log.h"
#include "record/template_testing.h"
#include "watch/catalog_testing.h"

namespace mineward::watch {
namespace {

using record::Actor;
using record::Fields;
using record::Record;
using testing::national;

constexpr const char* kPosting = "620823009203";   ///< its files come by HTTP
constexpr const char* kDropping = "140121020031";  ///< its files come by the drop folder
constexpr int kFiles = 16;                         ///< of each mine, the definitions first
const EventTime kFirstFile = *parse_beijing_time("2026-09-23 08:00:00");

/// One upload file, written without code of the decoder, and what it says.
struct File {
  std::string name, bytes, point;
  EventTime at{};
  std::optional<double> value;
};

/// Methane over its limit in files 3 to 6 and 10 to 12. The definition is looser than the national floor, so
/// that it raises THR_LOOSE: in the run that takes it as in a run that replays it.
File file_number(int n, const std::string& mine) {
  File out;
  out.at = kFirstFile + n * Millis(30'000);
  const std::string time = format_beijing(out.at.utc_ms);
  const std::string head = fmt::format("{};模拟煤矿;{}~", mine, time);
  const std::string compact = format_compact(out.at.utc_ms);
  out.point = mine + "MN0001";
  if (n == 0) {
    out.name = fmt::format("{}_CDDY_{}.txt", mine, compact);
    out.bytes =
        head +
        fmt::format(
            "{};01;{}00001;0001;MN;%CH4;4;0;1.2;1.1;;;1.5;1.0;;;;;816回风&816工作面&回风流T2;;;;;{}~||",
            out.point, mine, time);
    return out;
  }
  const bool over = (n >= 3 && n <= 6) || (n >= 10 && n <= 12);
  out.value = over ? 1.2 + n * 0.1 : 0.3 + n * 0.01;
  out.name = fmt::format("{}_CDSS_{}.txt", mine, compact);
  out.bytes = head + fmt::format("{};环境瓦斯;816;{:.2f};%CH4;0;{}~||", out.point, *out.value, time);
  return out;
}

/// What people do; ids of a template that every run copies.
struct Cast {
  RecordId region, county, organisation, mine, dropping_mine;
  Actor dispatcher;
};

/// The parts of one node.
struct Parts {
  std::unique_ptr<db::Database> database;
  std::unique_ptr<record::Store> store;
  std::unique_ptr<history::History> history;
  std::unique_ptr<Watch> watch;
  std::unique_ptr<feed::Intake> intake;
  std::unique_ptr<feed::DropFolder> drop;

  static Result<std::unique_ptr<Parts>> open(Files& files, Clock& clock, IdMaker& ids,
                                             const std::string& folder) {
    auto p = std::make_unique<Parts>();
    record::copy_template(national(), folder + "/records.db");
    MW_ASSIGN(p->database, db::open_database("sqlite:" + folder + "/records.db", 1));
    MW_ASSIGN(p->store, record::open_store(national(), *p->database, files, clock, ids,
                                           {folder + "/attachments", 4096, 2000}));
    history::Options options;
    options.folder = folder + "/history";
    options.block_samples = 4;
    options.journal_segment_bytes = 900;
    MW_ASSIGN(p->history, history::open_history(files, options));
    MW_ASSIGN(p->watch, open_watch(national(), *p->store, *p->history, clock));
    MW_ASSIGN(p->intake, feed::open_intake(national(), *p->store, *p->history, clock, *p->watch, {}));
    MW_TRY(p->intake->recover());
    MW_ASSIGN(p->drop, feed::open_drop_folder(files, clock, *p->intake, folder + "/drop"));
    return p;
  }
};

/// What an outside client was told.
struct Book {
  std::set<std::string> posted;
  std::map<std::string, std::string> attached;  ///< sha-256 to content
  std::map<RecordId, std::string> hazards;      ///< id to title
  std::set<RecordId> acknowledged;              ///< alarms
  std::size_t size() const { return posted.size() + attached.size() + hazards.size() + acknowledged.size(); }
};

enum class Kind { io_error, disk_full, short_write, full_for_a_while, dead_from_then_on };
constexpr std::pair<Kind, const char*> kKinds[] = {{Kind::io_error, "EIO once"},
                                                   {Kind::disk_full, "ENOSPC once"},
                                                   {Kind::short_write, "short write once"},
                                                   {Kind::full_for_a_while, "ENOSPC for 25 operations"},
                                                   {Kind::dead_from_then_on, "EIO from then on"}};

/// Counts every operation of both seams and fails those that it was told to.
struct Faults {
  Kind kind = Kind::io_error;
  int at = 0;  ///< 0 = never
  int count = 0;
  bool reached = false;

  bool next() {
    ++count;
    const int length = kind == Kind::full_for_a_while ? 25 : kind == Kind::dead_from_then_on ? 1 << 30 : 1;
    const bool fails = at > 0 && count >= at && count - at < length;
    reached |= fails;
    return fails;
  }
  bool is_full() const { return kind == Kind::disk_full || kind == Kind::full_for_a_while; }

  Status of_files(const std::string& path, std::size_t* bytes) {
    if (!next()) return {};
    if (bytes) *bytes = kind == Kind::short_write ? *bytes / 2 : 0;
    if (is_full()) return disk_full(path);
    return Error{Errc::unavailable, "cannot do it: Input/output error", path};
  }
  int of_sqlite(std::string_view operation) {
    if (!next()) return SQLITE_OK;
    if (operation == "open") return SQLITE_CANTOPEN;
    if (is_full() && operation != "delete") return SQLITE_FULL;
    return operation == "write"  ? SQLITE_IOERR_WRITE
           : operation == "sync" ? SQLITE_IOERR_FSYNC
                                 : SQLITE_IOERR_DELETE;
  }
};

class NthFailure : public ::testing::Test {
 protected:
  void SetUp() override {
    const std::filesystem::path memory = "/dev/shm";
    std::string pattern =
        ((access(memory.c_str(), W_OK) == 0 ? memory : std::filesystem::temp_directory_path()) /
         "mw_nth_XXXXXX")
            .string();
    root = mkdtemp(pattern.data());
    set_log_level(LogLevel::off);
    make_template();
  }
  void TearDown() override {
    set_log_level(LogLevel::info);
    std::filesystem::remove_all(root);
  }

  std::unique_ptr<Parts> must_open(Files& with, const std::string& folder) {
    auto opened = Parts::open(with, clock, ids, folder);
    if (!opened) {
      ADD_FAILURE() << opened.error().text();
      return nullptr;
    }
    return *std::move(opened);
  }

  void make_template() {
    const std::string folder = root + "/template";
    std::filesystem::create_directories(folder);
    const auto p = must_open(*files, folder);
    ASSERT_TRUE(p);
    const auto make = [&](const char* type, const Fields& fields) {
      auto made = p->store->create(Actor::system("system:test"), type, fields);
      const auto* refusal = std::get_if<record::Refusal>(&made);
      if (refusal) throw std::runtime_error(refusal->error.text());
      return std::get<Record>(made).id;
    };
    cast.region = make(
        "region",
        {{"code", std::string("620823")}, {"name", std::string("某县")}, {"level", std::string("county")}});
    const auto organisation = [&](const char* code, const char* kind, const char* level, RecordId parent) {
      Fields fields{{"code", std::string(code)},
                    {"name", std::string(code)},
                    {"kind", std::string(kind)},
                    {"level", std::string(level)},
                    {"region", cast.region}};
      if (parent) fields["parent"] = parent;
      return make("organisation", fields);
    };
    cast.county = organisation("C1", "regulator", "county", {});
    cast.organisation = organisation("M1", "mine", "mine", cast.county);
    const auto mine = [&](const char* code, RecordId owner) {
      return make("mine", {{"code", std::string(code)},
                           {"name", std::string("模拟煤矿")},
                           {"organisation", owner},
                           {"kind", std::string("coal")},
                           {"status", std::string("producing")}});
    };
    cast.mine = mine(kPosting, cast.organisation);
    cast.dropping_mine = mine(kDropping, organisation("M2", "mine", "mine", cast.county));
    cast.dispatcher.name = "ddy";
    cast.dispatcher.roles = {"dispatcher"};
    cast.dispatcher.organisation = cast.organisation;
    cast.dispatcher.scope.root = cast.organisation;
    cast.dispatcher.account = make("account", {{"name", std::string("ddy")},
                                               {"display_name", std::string("调度员")},
                                               {"organisation", cast.organisation},
                                               {"roles", std::vector<std::string>{"dispatcher"}}});
    ASSERT_TRUE(p->history->flush().ok());
  }

  std::string fresh_copy() {
    const std::string folder = root + "/run";
    std::filesystem::remove_all(folder);
    std::filesystem::copy(root + "/template", folder, std::filesystem::copy_options::recursive);
    next_post = next_drop = 0;
    clock.set(ArrivalTime{(kFirstFile + Millis(20 * 60'000)).utc_ms});
    return folder;
  }

  // ---- the work

  /// As a mine does: in order, again when it was not taken, and no further while one is not taken.
  bool post(Parts& p, Book& book) {
    if (next_post >= kFiles) return true;
    const File file = file_number(next_post, kPosting);
    for (int attempt = 0; attempt < 2; ++attempt) {
      feed::Upload upload;
      upload.name = file.name;
      upload.bytes = file.bytes;
      upload.origin = "http:test";
      upload.scope.everything = true;
      const feed::Receipt receipt = p.intake->accept(upload);
      EXPECT_NE(receipt.verdict, feed::Verdict::rejected) << receipt.message;
      if (receipt.verdict == feed::Verdict::waiting) continue;
      book.posted.insert(file.name);
      ++next_post;
      return true;
    }
    return false;
  }
  /// The sender's own disk does not fail.
  void put_into_drop_folder(const std::string& folder, int count) {
    std::filesystem::create_directories(folder + "/drop/incoming");
    for (int i = 0; i < count && next_drop < kFiles; ++i, ++next_drop) {
      const File file = file_number(next_drop, kDropping);
      std::ofstream(folder + "/drop/incoming/" + file.name) << file.bytes;
    }
  }
  void act_as_people(Parts& p, Book& book, int n) {
    const std::string text = fmt::format("note {}", n);
    if (auto stored = p.store->attach(cast.dispatcher, "note.txt", text))
      book.attached[stored->sha256] = text;
    auto made =
        p.store->create(cast.dispatcher, "hazard",
                        {{"mine", cast.mine}, {"title", text}, {"origin", std::string("self_check")}});
    if (const auto* hazard = std::get_if<Record>(&made)) book.hazards[hazard->id] = text;
    record::ListQuery raised;
    raised.type = "alarm";
    raised.filters = {{"state", record::Filter::Op::eq, {"raised"}}};
    const auto page = p.store->list(cast.dispatcher, raised);
    if (!page || page->records.empty()) return;
    const Record& alarm = page->records.front();
    const auto stepped = p.store->step(cast.dispatcher, "alarm", alarm.id, alarm.version, "acknowledge", {});
    if (std::holds_alternative<Record>(stepped)) book.acknowledged.insert(alarm.id);
  }
  void run_timers(Parts& p) {
    clock.advance(Millis(31'000));
    (void)p.intake->tick();
    (void)p.watch->tick(clock.now());
    (void)p.watch->save();
    (void)p.history->maintain(EventTime{clock.now().utc_ms});
  }
  /// Three lives of a node. Goes on after errors.
  void script(Files& with, const std::string& folder, Book& book) {
    for (int life = 0; life < 3; ++life) {
      put_into_drop_folder(folder, 5);
      auto opened = Parts::open(with, clock, ids, folder);
      if (!opened) continue;
      if (life == 0) opened_after = faults.count;
      Parts& p = **opened;
      bool going = true;
      for (int i = 0; i < 5; ++i) {
        going = going && post(p, book);
        if (i % 2 == 0) (void)p.drop->scan();
        if (i == 3) act_as_people(p, book, life);
        if (i == 2 || i == 4) run_timers(p);
      }
      if (life == 1) {
        (void)p.history->release(p.watch->saved_seq());
        (void)p.history->flush();
      }
    }
  }
  /// What a mine and its drop folder do when all is well again.
  void send_the_rest(Parts& p, const std::string& folder, Book& book) {
    while (next_post < kFiles) ASSERT_TRUE(post(p, book));
    put_into_drop_folder(folder, kFiles);
    for (int i = 0; i < 3; ++i) ASSERT_TRUE(p.drop->scan().ok());
    EXPECT_TRUE(std::filesystem::is_empty(folder + "/drop/incoming"));
    EXPECT_TRUE(std::filesystem::is_empty(folder + "/drop/rejected"));
  }

  // ---- what must hold afterwards

  static std::vector<std::string> texts(Parts& p, const std::string& sql) {
    std::vector<std::string> out;
    EXPECT_TRUE(p.database->read([&](db::Connection& c) -> Status {
      MW_ASSIGN(const auto rows, c.query(sql));
      for (std::size_t i = 0; i < rows.size(); ++i) out.push_back(rows.text(i, 0));
      return {};
    }));
    return out;
  }
  void expect_uploads_once(Parts& p, const Book& book) {
    const auto taken = texts(p, "SELECT file_name FROM upload WHERE seq IS NOT NULL ORDER BY file_name");
    const std::set<std::string> names(taken.begin(), taken.end());
    EXPECT_EQ(names.size(), taken.size()) << "a file was applied twice";
    for (const std::string& name : book.posted)
      EXPECT_TRUE(names.contains(name)) << name << " was acknowledged";
    for (const std::string& verdict : texts(p, "SELECT DISTINCT verdict FROM upload WHERE seq IS NOT NULL"))
      EXPECT_TRUE(verdict == "accepted" || verdict == "partial") << "a file became " << verdict;
  }
  void expect_samples(Parts& p, const std::string& mine, int files) {
    const auto key = p.history->find_point(mine, mine + "MN0001");
    std::vector<history::Sample> found;
    if (key) {
      auto range = p.history->range(*key, EventTime{0}, EventTime{4'000'000'000'000}, 1000);
      ASSERT_TRUE(range) << range.error().text();
      found = *std::move(range);
    }
    std::map<std::int64_t, double> by_time;
    for (const auto& s : found) EXPECT_TRUE(by_time.emplace(s.at.utc_ms, s.value.value_or(-1)).second);
    for (int n = 1; n < files; ++n) {
      const File file = file_number(n, mine);
      ASSERT_TRUE(by_time.contains(file.at.utc_ms)) << file.name << " was acknowledged, its reading is lost";
      EXPECT_NEAR(by_time[file.at.utc_ms], *file.value, 1e-9);
    }
  }
  void expect_people(Parts& p, const Book& book) {
    for (const auto& [sha256, text] : book.attached) {
      const auto file = p.store->attachment(cast.dispatcher, sha256);
      ASSERT_TRUE(file) << "attachment was acknowledged: " << file.error().text();
      EXPECT_EQ(file->second, text);
    }
    for (const auto& [id, title] : book.hazards) {
      const auto hazard = p.store->get(cast.dispatcher, "hazard", id);
      ASSERT_TRUE(hazard) << "hazard was acknowledged: " << hazard.error().text();
      EXPECT_EQ(hazard->text("title"), title);
    }
    for (const RecordId id : book.acknowledged) {
      const auto alarm = p.store->get(cast.dispatcher, "alarm", id);
      ASSERT_TRUE(alarm) << "alarm was acknowledged: " << alarm.error().text();
      EXPECT_NE(alarm->state, "raised");
    }
  }
  /// The events themselves, not who handled them; silence (C-1) is counted by arrival and left out.
  static std::vector<std::string> alarms(Parts& p) {
    return texts(p,
                 "SELECT p.code || ' ' || a.rule || ' ' || a.grade || ' ' || a.begin_at || ' ' || "
                 "coalesce(a.cleared_at, 0) || ' ' || coalesce(a.peak, 0) || ' ' || coalesce(a.samples, 0) "
                 "FROM alarm a JOIN point p ON p.id = a.point WHERE a.rule <> 'C-1' ORDER BY 1");
  }
  void check(const std::string& folder, Book& book) {
    const auto p = must_open(*files, folder);
    if (!p) return;
    expect_people(*p, book);
    expect_samples(*p, kPosting, static_cast<int>(book.posted.size()));
    send_the_rest(*p, folder, book);
    if (HasFatalFailure()) return;
    run_timers(*p);
    expect_uploads_once(*p, book);
    EXPECT_EQ(texts(*p, "SELECT file_name FROM upload WHERE seq IS NOT NULL").size(), 2u * kFiles);
    expect_samples(*p, kPosting, kFiles);
    expect_samples(*p, kDropping, kFiles);
    EXPECT_EQ(p->history->size().samples, 2u * (kFiles - 1)) << "nothing is stored twice";
    expect_people(*p, book);
    found_alarms = alarms(*p);
    const auto log = p->store->verify();
    ASSERT_TRUE(log) << log.error().text();
    EXPECT_TRUE(log->ok) << log->message;
    const Status blocks = p->history->verify();
    EXPECT_TRUE(blocks.ok()) << blocks.error().text();
  }

  /// One run with one fault; tells how many operations there were.
  Faults run(Kind kind, int at) {
    faults = {kind, at, 0, false};
    const std::string folder = fresh_copy();
    Book book;
    {
      const FaultySqlite sqlite([this](std::string_view operation) { return faults.of_sqlite(operation); });
      const auto faulty =
          faulty_files(*files, [this](std::string_view, const std::string& path, std::size_t* bytes) {
            return faults.of_files(path, bytes);
          });
      script(*faulty, folder, book);
    }
    acknowledged += book.size();
    check(folder, book);
    return faults;
  }

  std::string root;
  std::unique_ptr<Files> files = system_files();
  ManualClock clock{ArrivalTime{kFirstFile.utc_ms}};
  IdMaker ids{clock, 1};
  Cast cast;
  Faults faults;
  int next_post = 0, next_drop = 0;
  int opened_after = 0;  ///< operations of the first opening
  std::size_t acknowledged = 0;
  std::vector<std::string> found_alarms;
};

int number_of(const char* variable, int otherwise) {
  const char* text = std::getenv(variable);
  return text ? std::atoi(text) : otherwise;
}

// MW_FAULT_DENSE: so many operations after the first opening are each failed, and those of the opening.
// MW_FAULT_EVERY: how dense the rest is. MW_FAULT_KIND: one kind only. tests/long/nth_failure sets them; the
// ordinary set fails a sample.
TEST_F(NthFailure, NothingAcknowledgedIsLostAndNoAlarmDiffersWhicheverOperationFails) {
  const int every = std::max(1, number_of("MW_FAULT_EVERY", 397));
  const int dense = number_of("MW_FAULT_DENSE", -1);
  const int only = number_of("MW_FAULT_KIND", -1);
  const Faults calm = run(Kind::io_error, 0);
  ASSERT_FALSE(HasFailure());
  const std::vector<std::string> undisturbed = found_alarms;
  ASSERT_EQ(undisturbed.size(), 6u) << "two stretches over the limit and a loose definition at either mine";
  const int opening = opened_after;
  const int last_dense = dense < 0 ? 0 : std::min(calm.count, opening + dense);
  ASSERT_GE(calm.count - opening, 200);
  for (const auto& [kind, name] : kKinds) {
    if (only >= 0 && static_cast<int>(kind) != only) continue;
    int runs = 0;
    acknowledged = 0;
    const int offset = static_cast<int>(kind) * every / 5;  // so that the kinds hit different operations
    for (int n = 1; n <= calm.count; ++n) {
      if (n > last_dense && (n - 1 - offset) % every != 0) continue;
      SCOPED_TRACE(fmt::format("{} at operation {}", name, n));
      const Faults done = run(kind, n);
      ASSERT_TRUE(done.reached);
      EXPECT_EQ(found_alarms, undisturbed);
      ++runs;
      if (HasFailure()) return;
    }
    std::printf("nth failure: %s: %d runs over %d operations, each of the first %d (%d after the opening), ",
                name, runs, calm.count, last_dense, std::max(0, last_dense - opening));
    std::printf("%zu acknowledgements kept\n", acknowledged);
  }
}

}  // namespace
}  // namespace mineward::watch
