// Makes the data folder of a busy province for bench/start_bench: records of mixed types, and samples.
//
//   start_bench FOLDER [--records 1000000] [--samples 1000000000] [--journal]
//
// Regions, organisations, mines and accounts are made through the store; alarms, self-checks and hazards are
// put straight into their tables, and the store makes indexes and search words itself. Samples go through
// History::append, a batch of one mine at a time, are released and flushed: the state after a clean stop.
// With
// --journal they stay in the journal instead, as after kill -9 just before it is cut. Prints what it made.
#include <filesystem>

#include "base/log.h"
#include "bench/million.h"
#include "history/history.h"

namespace {

using namespace mineward;
using namespace mineward::bench;
using V = db::Value;

constexpr int kPointsOfMine = 50, kTimesOfBatch = 120;
constexpr std::int64_t kStepMs = 30'000;

std::vector<V> alarm(Million& data, int i, int rows) {
  const std::size_t m = data.pick_mine();
  const std::int64_t at = data.instant((i + 0.5) / rows);
  const std::string closed = i + 300 < rows ? "closed" : "raised";
  return {((at - Million::kEpoch) << 22) + (1 << 20) + i % (1 << 20),
          std::int64_t{4},
          closed,
          data.owners()[m].value,
          at,
          at,
          std::string("bench"),
          std::string("bench"),
          fmt::format("BJ-{:08}", i),
          fmt::format("bench/{}", i),
          fmt::format("{}煤矿 甲烷超限", m),
          data.owners()[m].value,
          data.mines()[m].value,
          std::string("ch4_over"),
          std::string(i % 50 == 0  ? "red"
                      : i % 5 == 0 ? "orange"
                                   : "yellow"),
          at,
          at,
          closed == "closed" ? V(at + 600'000) : V(db::Null{})};
}

std::vector<V> self_check(Million& data, int i, int rows) {
  const std::size_t m = data.pick_mine();
  const std::int64_t at = data.instant((i + 0.5) / rows);
  return {((at - Million::kEpoch) << 22) + (2 << 20) + i % (1 << 20),
          std::int64_t{2},
          std::string("confirmed"),
          data.owners()[m].value,
          at,
          at,
          std::string("bench"),
          std::string("bench"),
          fmt::format("ZC-{:08}", i),
          data.owners()[m].value,
          data.mines()[m].value,
          std::string(i % 20 == 0  ? "mine"
                      : i % 4 == 0 ? "section"
                                   : "team"),
          fmt::format("班组岗位自查 {}", i % 37),
          at,
          std::int64_t{i % 3}};
}

template <class Make>
void fill(Million& data, const std::string& type, std::vector<std::string> more, int rows, const Make& make) {
  std::vector<std::string> columns = {"id",         "version",    "state",      "owner",
                                      "created_at", "updated_at", "created_by", "updated_by"};
  columns.insert(columns.end(), more.begin(), more.end());
  data.without_indexes(type, [&] {
    std::vector<std::vector<V>> block;
    for (int i = 0; i < rows; ++i) {
      block.push_back(make(data, i, rows));
      if (block.size() < 20'000 && i + 1 < rows) continue;
      data.append(type, columns, block);
      block.clear();
    }
  });
}

void make_records(const std::string& folder, Files& files, ManualClock& clock, int records) {
  const auto database = must(db::open_database("sqlite:" + folder + "/records.db", 2));
  Million data(load_packs(), *database, files, clock, folder + "/attachments");
  data.make_region();
  fill(data, "alarm",
       {"number", "event_key", "title", "organisation", "mine", "rule", "grade", "begin_at", "raised_at",
        "cleared_at"},
       records / 4, alarm);
  fill(data, "self_check", {"number", "organisation", "mine", "tier", "title", "checked_at", "findings"},
       records / 4, self_check);
  data.fill_hazards(records - 2 * (records / 4));
  std::cout << fmt::format(R"({{"made": "records", "hazards": {}, "alarms": {}, "self_checks": {}}})",
                           data.count("hazard"), data.count("alarm"), data.count("self_check"))
            << std::endl;
}

/// Two-decimal walks of 400 mines with 50 points each.
void make_samples(const std::string& folder, Files& files, std::int64_t end_ms, std::int64_t samples,
                  bool journal) {
  history::Options options;
  options.folder = folder + "/history";
  const auto history = must(history::open_history(files, options));
  std::mt19937_64 random(3);
  std::vector<int> hundredths(static_cast<std::size_t>(Million::kMines) * kPointsOfMine, 50);
  std::vector<history::PointKey> keys;
  for (int m = 0; m < Million::kMines; ++m) {
    for (int p = 0; p < kPointsOfMine; ++p)
      keys.push_back(must(history->point(fmt::format("{:09}", 520000000 + m), fmt::format("P{:03}", p))));
  }
  const std::int64_t of_round = std::int64_t{Million::kMines} * kPointsOfMine * kTimesOfBatch;
  const std::int64_t rounds = std::max<std::int64_t>(1, (samples + of_round - 1) / of_round);
  std::int64_t made = 0;
  std::int64_t begin = end_ms - rounds * kTimesOfBatch * kStepMs;
  if (journal) begin = end_ms;
  history::Batch batch;
  for (std::int64_t r = 0; r < rounds && made < samples; ++r) {
    for (int m = 0; m < Million::kMines && made < samples; ++m) {
      batch.mine = fmt::format("{:09}", 520000000 + m);
      batch.file_name = journal ? fmt::format("{}_CDSS_j{}.txt", batch.mine, r)
                                : fmt::format("{}_CDSS_{}.txt", batch.mine, r);
      batch.sha256 = std::string(64, 'a');
      batch.file_type = "CDSS";
      batch.rows.clear();
      for (int t = 0; t < kTimesOfBatch; ++t) {
        const EventTime at{begin + (r * kTimesOfBatch + t) * kStepMs};
        for (int p = 0; p < kPointsOfMine; ++p) {
          const auto i = static_cast<std::size_t>(m) * kPointsOfMine + static_cast<std::size_t>(p);
          const std::uint64_t dice = random() % 100;
          const int step = dice < 55 ? 0 : dice < 85 ? 1 : 2;
          hundredths[i] = std::max(0, hundredths[i] + (dice % 2 ? step : -step));
          batch.rows.push_back({keys[i], {at, hundredths[i] / 100.0, 0}});
        }
      }
      batch.header_time = batch.rows.back().sample.at;
      batch.arrived = ArrivalTime{batch.header_time.utc_ms};
      made += static_cast<std::int64_t>(batch.rows.size());
      must(history->append(batch));
    }
    if (journal) continue;
    must(history->release(history->last_seq()));
    must(history->maintain(batch.header_time));
  }
  if (!journal) must(history->flush());
  std::cout << fmt::format(R"({{"made": "samples", "samples": {}, "bytes": {}}})", made,
                           history->size().bytes)
            << std::endl;
}

}  // namespace

int main(int argc, char** argv) {
  std::string folder;
  std::int64_t samples = 1'000'000'000;
  int records = 1'000'000;
  bool journal = false;
  for (int i = 1; i < argc; ++i) {
    const std::string word = argv[i];
    if (word == "--records" && i + 1 < argc) {
      records = std::atoi(argv[++i]);
    } else if (word == "--samples" && i + 1 < argc) {
      samples = std::atoll(argv[++i]);
    } else if (word == "--journal") {
      journal = true;
    } else if (!word.starts_with("--") && folder.empty()) {
      folder = word;
    } else {
      std::cerr << "usage: start_bench FOLDER [--records N] [--samples N] [--journal]\n";
      return word == "--help" ? 0 : 2;
    }
  }
  if (folder.empty())
    return std::cerr << "usage: start_bench FOLDER [--records N] [--samples N] [--journal]\n", 2;
  std::filesystem::create_directories(folder);
  set_log_level(LogLevel::error);
  const auto files = system_files();
  const std::int64_t now = parse_time("2026-11-27T08:00:00+08:00")->utc_ms;
  ManualClock clock{ArrivalTime{now}};
  if (records > 0) make_records(folder, *files, clock, records);
  if (samples > 0) make_samples(folder, *files, now, samples, journal);
  return 0;
}
