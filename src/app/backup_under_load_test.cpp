// A backup taken while uploads stream in, records are made and the journal is cut, restored elsewhere and
// compared.
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <map>
#include <thread>

#include "app/archive.h"
#include "app/demo_month_testing.h"
#include "app/demo_region.h"
#include "app/simulator.h"
#include "base/log.h"

namespace mineward::app {
namespace {

using record::Actor;
using record::Record;

/// What is told apart by the test: a head of the change log, uploads, hazards, samples.
struct Content {
  std::int64_t log_seq = 0;
  std::string log_hash;
  std::vector<std::string> uploads;                             ///< names in the order of the journal
  std::map<std::string, std::string> hazards;                   ///< id to title
  std::map<std::string, std::vector<history::Sample>> samples;  ///< by point
};

std::vector<std::string> texts(Node& node, const std::string& sql) {
  std::vector<std::string> out;
  EXPECT_TRUE(node.store().database().read([&](db::Connection& c) -> Status {
    MW_ASSIGN(const auto rows, c.query(sql));
    for (std::size_t i = 0; i < rows.size(); ++i) out.push_back(rows.text(i, 0));
    return {};
  }));
  return out;
}

Content content_of(Node& node) {
  Content out;
  const auto newest = node.store().log(Actor::system("test"), 0, 1);
  EXPECT_TRUE(newest && !newest->empty());
  out.log_seq = newest->front().seq;
  out.log_hash = newest->front().hash;
  out.uploads = texts(node, "SELECT file_name FROM upload WHERE seq IS NOT NULL ORDER BY seq");
  const auto ids = texts(node, "SELECT CAST(id AS TEXT) FROM hazard ORDER BY id");
  const auto titles = texts(node, "SELECT title FROM hazard ORDER BY id");
  for (std::size_t i = 0; i < ids.size(); ++i) out.hazards[ids[i]] = titles[i];
  const auto codes = texts(node, "SELECT m.code || ' ' || p.code FROM point p JOIN mine m ON m.id = p.mine");
  for (const std::string& both : codes) {
    const auto blank = both.find(' ');
    const auto key = node.history().find_point(both.substr(0, blank), both.substr(blank + 1));
    if (!key) continue;
    auto range = node.history().range(*key, EventTime{0}, EventTime{4'000'000'000'000}, 1'000'000);
    EXPECT_TRUE(range.ok());
    if (range) out.samples[both] = *std::move(range);
  }
  return out;
}

/// Both in time order: files come late in the example, so a part need not be a beginning.
bool holds(const std::vector<history::Sample>& all, const std::vector<history::Sample>& part) {
  return std::all_of(part.begin(), part.end(),
                     [&](const auto& s) { return std::find(all.begin(), all.end(), s) != all.end(); });
}

class BackupUnderLoad : public testing::Test {
 protected:
  void SetUp() override {
    set_log_level(LogLevel::error);
    const Region region = example_region();
    const EventTime from = *parse_time("2026-01-12 08:00:00");
    SimulatorOptions options;
    options.begin = from;
    files =
        Simulator(region, options).files(ArrivalTime{from.utc_ms}, ArrivalTime{from.utc_ms + 12 * 60'000});
    clock = std::make_unique<ManualClock>(ArrivalTime{from.utc_ms + 15 * 60'000});
    node = open("/live");
    ASSERT_TRUE(node);
    ASSERT_TRUE(make_region(*node, region));
    mine = texts(*node, "SELECT CAST(id AS TEXT) FROM mine ORDER BY code").front();
  }
  void TearDown() override {
    node.reset();
    set_log_level(LogLevel::info);
  }

  std::unique_ptr<Node> open(const std::string& name) {
    auto opened = open_node(DataFolder{folder.path() + name}, Config{}, example_catalog(), *clock);
    if (!opened) ADD_FAILURE() << opened.error().text();
    return opened ? *std::move(opened) : nullptr;
  }
  feed::Verdict upload(const UploadFile& file) {
    feed::Upload upload;
    upload.name = file.name;
    upload.bytes = file.bytes;
    upload.origin = "test";
    upload.scope.everything = true;
    return node->intake().accept(upload).verdict;
  }
  void make_hazard(int n) {
    const auto made = node->store().create(
        Actor::system("test"), "hazard",
        {{"mine", *parse_record_id(mine)},
         {"organisation",
          *parse_record_id(
              texts(*node, "SELECT CAST(organisation AS TEXT) FROM mine WHERE id = " + mine).front())},
         {"title", "hazard " + std::to_string(n)},
         {"origin", std::string("self_check")}});
    EXPECT_TRUE(std::holds_alternative<Record>(made));
  }

  db::TestFolder folder;
  std::unique_ptr<Files> real_files = system_files();
  std::vector<UploadFile> files;
  std::unique_ptr<ManualClock> clock;
  std::unique_ptr<Node> node;
  std::string mine;
};

TEST_F(BackupUnderLoad, HoldsAllThatWasAcknowledgedBeforeAndAgreesWithTheLiveNode) {
  ASSERT_GT(files.size(), 60u);
  std::atomic<std::size_t> sent{0};
  std::atomic<bool> over{false};
  std::thread sender([&] {
    for (; sent < files.size() && !over; ++sent) {
      (void)upload(files[sent]);
      if (sent % 5 == 0) make_hazard(static_cast<int>(sent));
    }
  });
  // The timers of a node whose clock runs fast: rule state is saved, the journal is released, closed and cut.
  // Not past the retention of raw samples (92 days), however quick the machine is.
  std::thread timers([&] {
    for (int round = 0; !over; ++round) {
      if (round < 250) clock->advance(std::chrono::hours(7));
      EXPECT_TRUE(node->tick().ok());
    }
  });
  std::vector<std::pair<Content, std::string>> backups;
  for (int n = 0; n < 3; ++n) {
    while (sent < files.size() * static_cast<std::size_t>(n + 1) / 5) std::this_thread::yield();
    const Content before = content_of(*node);
    const std::string name = folder.path() + "/backup" + std::to_string(n);
    const Status copied = node->copy_to(name + ".staging");
    ASSERT_TRUE(copied.ok()) << copied.error().text();
    const Status written = write_archive(*real_files, name + ".staging", name, {});
    ASSERT_TRUE(written.ok()) << written.error().text();
    backups.emplace_back(before, name);
  }
  over = sent >= files.size();
  sender.join();
  over = true;
  timers.join();
  const Content live = content_of(*node);
  for (const auto& [before, name] : backups) {
    SCOPED_TRACE(name);
    ASSERT_TRUE(read_archive(*real_files, name, name + ".data").ok());
    std::int64_t head = 0;
    std::string hash;
    {  // before anything is applied again
      const auto database = *db::open_database("sqlite:" + name + ".data/records.db");
      ASSERT_TRUE(database->read([&](db::Connection& c) -> Status {
        MW_ASSIGN(const auto rows, c.query("SELECT seq, hash FROM change_log ORDER BY seq DESC LIMIT 1"));
        head = rows.integer(0, 0);
        hash = rows.text(0, 1);
        return {};
      }));
    }
    EXPECT_GE(head, before.log_seq);
    EXPECT_EQ(texts(*node, "SELECT hash FROM change_log WHERE seq = " + std::to_string(head)).at(0), hash);

    const auto there = open(name.substr(folder.path().size()) + ".data");
    ASSERT_TRUE(there);
    const Content found = content_of(*there);
    EXPECT_EQ(found.uploads.size(), there->history().last_seq())
        << "every batch of the journal is in the ledger";
    ASSERT_GE(found.uploads.size(), before.uploads.size());
    EXPECT_TRUE(std::equal(found.uploads.begin(), found.uploads.end(), live.uploads.begin()));
    for (const auto& [id, title] : before.hazards) EXPECT_EQ(found.hazards.at(id), title);
    for (const auto& [point, samples] : before.samples)
      EXPECT_TRUE(holds(found.samples.at(point), samples)) << point;
    for (const auto& [point, samples] : found.samples)
      EXPECT_TRUE(holds(live.samples.at(point), samples)) << point;
    const auto log = there->store().verify();
    ASSERT_TRUE(log);
    EXPECT_TRUE(log->ok) << log->message;
    EXPECT_TRUE(there->history().verify().ok());
  }
}

}  // namespace
}  // namespace mineward::app
