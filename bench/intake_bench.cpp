// How fast the intake is: decode, deduplicate, judge and store durably together, from CDSS files.
//
// A region of its own (40 mines of 500 points) in a data folder of its own, the national packs, the real node
// with its timers; files are made and written before the clock is started. Every mine sends one file a
// period, as a mine does; files of one mine go in order, mines in parallel. The values are two-decimal random
// walks that mostly stand still; now and then one crosses a limit, so that judging has something to find.
//
//   intake_bench                        the measurement, as one JSON object
//   intake_bench --write-files FOLDER   the same files under their right names, for posting or dropping
//   intake_bench --write-lines FILE     the same values as InfluxDB line protocol
//   intake_bench --prepare DATA         a data folder with the mines and an uploader, for `mineward serve`
#include <fmt/format.h>
#include <sys/resource.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>
#include <mutex>
#include <thread>

#include "api/accounts.h"
#include "app/demo_region.h"
#include "app/node.h"
#include "app/simulator_mine.h"
#include "base/json.h"
#include "base/log.h"
#include "bench/bench.h"

namespace {

using namespace mineward;
using app::PointDefinition;
using bench::must;
using record::RecordId;

constexpr Millis kPeriod = std::chrono::seconds(30);
/// No mine runs further ahead of the slowest: else the slow one's files would look late.
constexpr int kPeriodsAhead = 10;

struct Arguments {
  int mines = 40, points = 500, periods = 720, threads = 40;
  std::string keep, data, write_lines, write_files, prepare, begin = "2026-01-12 08:00:00", packs;
  bool no_listener = false;
};

/// splitmix64; the same on every machine.
class Dice {
 public:
  explicit Dice(std::uint64_t seed) : state_(seed) {}
  double roll() {
    std::uint64_t x = (state_ += 0x9E3779B97F4A7C15ull);
    x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9ull;
    x = (x ^ (x >> 27)) * 0x94D049BB133111EBull;
    return static_cast<double>((x ^ (x >> 31)) >> 11) * 0x1.0p-53;
  }

 private:
  std::uint64_t state_;
};

// ---- the region
// ------------------------------------------------------------------------------------------------------

std::string mine_code(int mine) { return fmt::format("990101{:06}", 100 + mine); }

app::Region make_region(const Arguments& a) {
  app::Region region;
  region.regions = {{"990000", "示例省", "province", ""},
                    {"990100", "示例市", "city", "990000"},
                    {"990101", "示例县", "county", "990100"}};
  region.organisations = {{"990101-YJ", "示例县应急管理局（示例）", "regulator", "county", "990101", ""}};
  for (int i = 0; i < a.mines; ++i) {
    const std::string code = mine_code(i), name = fmt::format("测速{}矿", i + 1);
    region.organisations.push_back({code, name + "有限公司", "mine", "mine", "990101", "990101-YJ"});
    app::MineRow row;
    row.code = row.organisation = code;
    row.name = name;
    row.kind = "coal";
    row.status = "producing";
    row.gas_class = "high";
    row.severe_hazard = true;
    row.capacity = 90;
    row.headcount_quota = 120;
    row.longitude = 110 + 0.01 * i;
    row.latitude = 35;
    row.remark = "模拟";
    region.mines.push_back(row);
  }
  region.accounts = {{"uploader", "上传机", "990101-YJ", {"uploader"}},
                     {"officer", "县监管员", "990101-YJ", {"county_officer"}}};
  return region;
}

// ---- points and their values
// -----------------------------------------------------------------------------------------

/// A point and its random walk, in hundredths.
struct Walk {
  PointDefinition def;
  int value = 0, low = 0, high = 0;
  bool is_switch = false, is_gas = false;
  int over_until = -1;  ///< period up to which it stands above its alarm limit
};

void replace_all(std::string& text, std::string_view from, std::string_view to) {
  for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
    text.replace(at, from.size(), to);
}

class BenchMine {
 public:
  BenchMine(int number, const Arguments& a)
      : name_{mine_code(number), fmt::format("测速{}矿", number + 1)}, dice_(1000003ull * number + 7) {
    // Several faces and headings with all that belongs to them (breakers, fans, feed sensors), the rest gas,
    // wind, temperature along the roadways: about one point in five is a switch.
    for (int set = 0; set < 6 && static_cast<int>(walks_.size()) < a.points; ++set) add_set(set);
    while (static_cast<int>(walks_.size()) < a.points) add_roadway_point();
    walks_.resize(static_cast<std::size_t>(a.points));
    for (std::size_t i = 0; i < walks_.size(); ++i)
      if (walks_[i].is_gas) gas_.push_back(i);
  }

  const app::MineName& name() const { return name_; }
  const std::vector<Walk>& walks() const { return walks_; }

  std::string definitions(EventTime at) const {
    std::vector<std::string> records;
    for (const Walk& w : walks_) records.push_back(app::cddy_record(w.def, at));
    return app::upload_text(app::cddy_header(name_, at), records);
  }

  /// Moves every point on by one period.
  void step(int period) {
    for (Walk& w : walks_) {
      if (w.is_switch) continue;
      const double roll = dice_.roll();
      const int move = roll < 0.7 ? 0 : roll < 0.82 ? 1 : roll < 0.94 ? -1 : roll < 0.97 ? 3 : -3;
      w.value = std::clamp(w.value + move, w.low, w.high);
    }
    // Every half hour a sensor of the mine goes above its limit for two minutes.
    if (!gas_.empty() && (period + static_cast<int>(name_.code.back() - '0') * 6) % 60 == 59)
      walks_[gas_[static_cast<std::size_t>(dice_.roll() * static_cast<double>(gas_.size()))]].over_until =
          period + 3;
  }
  static int shown(const Walk& w, int period) { return period <= w.over_until ? 125 : w.value; }

  std::string readings(EventTime at, int period) const {
    std::vector<std::string> records;
    records.reserve(walks_.size());
    for (const Walk& w : walks_) records.push_back(app::cdss_record(w.def, shown(w, period) / 100.0, 0, at));
    return app::upload_text(app::plain_header(name_, at), records);
  }

 private:
  /// What the simulator gives a mine, under numbers and names of its own.
  void add_set(int set) {
    app::SimMine mine = app::make_sim_mine(name_, 1);
    std::map<std::string, std::string> codes;
    for (const auto& p : mine.points)
      codes[p.def.code] =
          p.def.code.substr(0, p.def.code.size() - 3) +
          fmt::format("{:03}", std::stoi(p.def.code.substr(p.def.code.size() - 3)) + 40 * set);
    for (const auto& p : mine.points) {
      PointDefinition def = p.def;
      def.code = codes[def.code];
      for (const auto& [before, now] : codes) replace_all(def.relation, before, now);
      replace_all(def.place, "1101", fmt::format("{}101", set + 1));
      replace_all(def.place, "1102", fmt::format("{}102", set + 1));
      const bool on = p.shape != app::Shape::always_off;
      add(std::move(def), p.base, p.swing, on);
    }
  }

  void add_roadway_point() {
    const int number = static_cast<int>(walks_.size());
    PointDefinition def;
    const int kind = number % 4;
    def.code = fmt::format("{}01MN{}{:03}", name_.code,
                           kind == 0   ? "0003"
                           : kind == 1 ? "0002"
                                       : "0001",
                           300 + number);
    def.station = name_.code + "00003";
    def.value_type = "MN";
    def.place = fmt::format("{0}号运输巷测点{1}&{0}号运输巷&", number / 20, number % 20);
    def.range_low = 0;
    if (kind == 0) {
      def.sensor_type = "0003", def.type_name = "温度", def.unit = "℃";
      def.range_high = 100, def.alarm_high = def.alarm_clear = 30.0;
      add(std::move(def), 21, 2, true);
    } else if (kind == 1) {
      def.sensor_type = "0002", def.type_name = "风速", def.unit = "m/s";
      def.range_high = 15, def.alarm_high = def.alarm_clear = 8.0;
      add(std::move(def), 3, 0.6, true);
    } else {
      def.sensor_type = "0001", def.type_name = "环境瓦斯", def.unit = "%CH4";
      def.range_high = 4, def.alarm_high = def.alarm_clear = 1.0;
      add(std::move(def), 0.3, 0.2, true);
    }
  }

  void add(PointDefinition def, double base, double swing, bool on) {
    Walk w;
    w.is_switch = def.value_type == "KG";
    w.is_gas = def.sensor_type == "0001" && def.alarm_high && *def.alarm_high == 1.0;
    def.decimals = 2;
    w.def = std::move(def);
    if (w.is_switch) {
      w.value = on ? 100 : 0;
    } else {
      w.low = std::max(1, static_cast<int>((base - swing) * 100));
      w.high = static_cast<int>((base + swing) * 100);
      w.value = w.low + static_cast<int>(dice_.roll() * (w.high - w.low));
    }
    walks_.push_back(std::move(w));
  }

  app::MineName name_;
  Dice dice_;
  std::vector<Walk> walks_;
  std::vector<std::size_t> gas_;
};

// ---- the files
// -------------------------------------------------------------------------------------------------------

struct MineFiles {
  std::string code;
  std::vector<std::string> names;  ///< the definition file first
  std::vector<EventTime> times;
};

void write_file(const std::string& path, std::string_view bytes) {
  std::ofstream out(path, std::ios::binary);
  out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  if (!out.flush()) must(Status(unavailable("cannot write " + path)));
}

/// One mine's files into `folder`. What it would take a mine six hours to send.
MineFiles make_files(int number, const Arguments& a, EventTime begin, const std::string& folder) {
  BenchMine mine(number, a);
  MineFiles out{mine.name().code, {}, {}};
  const auto put = [&](const char* type, EventTime at, const std::string& text) {
    out.names.push_back(app::upload_name(out.code, type, at));
    out.times.push_back(at);
    write_file(folder + "/" + out.names.back(), text);
  };
  put("CDDY", begin, mine.definitions(begin));
  for (int period = 0; period < a.periods; ++period) {
    const EventTime at = begin + kPeriod * (period + 1);
    mine.step(period);
    put("CDSS", at, mine.readings(at, period));
  }
  return out;
}

std::vector<MineFiles> make_all_files(const Arguments& a, EventTime begin, const std::string& folder) {
  std::filesystem::create_directories(folder);
  std::vector<MineFiles> all(static_cast<std::size_t>(a.mines));
  std::atomic<int> next{0};
  std::vector<std::jthread> makers;
  for (unsigned i = 0; i < std::max(1u, std::thread::hardware_concurrency()); ++i)
    makers.emplace_back([&] {
      for (int m = next++; m < a.mines; m = next++)
        all[static_cast<std::size_t>(m)] = make_files(m, a, begin, folder);
    });
  makers.clear();
  sync();  // the files must not be on their way to the disk while the intake waits for it
  return all;
}

/// Period by period, as they would arrive.
void write_lines(const Arguments& a, EventTime begin) {
  std::vector<BenchMine> mines;
  for (int m = 0; m < a.mines; ++m) mines.emplace_back(m, a);
  std::ofstream out(a.write_lines, std::ios::binary);
  std::string text;
  for (int period = 0; period < a.periods; ++period) {
    const std::int64_t ns = (begin + kPeriod * (period + 1)).utc_ms * 1'000'000;
    text.clear();
    for (BenchMine& mine : mines) {
      mine.step(period);
      for (const Walk& w : mine.walks()) {
        const int value = BenchMine::shown(w, period);
        fmt::format_to(std::back_inserter(text), "m,mine={},point={} v={}.{:02} {}\n", mine.name().code,
                       w.def.code, value / 100, value % 100, ns);
      }
    }
    out << text;
  }
  if (!out.flush()) must(Status(unavailable("cannot write " + a.write_lines)));
}

// ---- the run
// ---------------------------------------------------------------------------------------------------------

/// Event time of the newest file that was sent; the monotonic clock is the machine's, so timers run as in
/// service.
class BenchClock final : public Clock {
 public:
  explicit BenchClock(ArrivalTime start) : real_(system_clock()), ms_(start.utc_ms) {}
  ArrivalTime now() override { return {ms_.load()}; }
  Millis monotonic() override { return real_->monotonic(); }
  void reach(EventTime t) {
    std::int64_t was = ms_.load();
    while (was < t.utc_ms && !ms_.compare_exchange_weak(was, t.utc_ms)) {
    }
  }

 private:
  std::unique_ptr<Clock> real_;
  std::atomic<std::int64_t> ms_;
};

/// Keeps mines within kPeriodsAhead of each other.
class Pace {
 public:
  explicit Pace(std::size_t mines) : done_(mines, 0) {}
  void wait_for_turn(int period) {
    std::unique_lock lock(pace_mutex_);
    changed_.wait(lock, [&] { return period - slowest_ < kPeriodsAhead; });
  }
  void finished(std::size_t mine) {
    const std::lock_guard lock(pace_mutex_);
    ++done_[mine];
    const int slowest = *std::min_element(done_.begin(), done_.end());
    if (slowest == slowest_) return;
    slowest_ = slowest;
    changed_.notify_all();
  }

 private:
  std::mutex pace_mutex_;  // guards the rest
  std::condition_variable changed_;
  std::vector<int> done_;
  int slowest_ = 0;
};

struct Usage {
  double user = 0, system = 0;
};
Usage usage() {
  rusage r{};
  getrusage(RUSAGE_SELF, &r);
  const auto seconds = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) + 1e-6 * static_cast<double>(t.tv_usec);
  };
  return {seconds(r.ru_utime), seconds(r.ru_stime)};
}

double status_mib(std::string_view key) {
  std::ifstream in("/proc/self/status");
  for (std::string line; std::getline(in, line);)
    if (line.starts_with(key)) return std::stod(line.substr(key.size() + 1)) / 1024;
  return 0;
}
/// From now on VmHWM counts the run, not what was made before.
void reset_peak_memory() { std::ofstream("/proc/self/clear_refs") << "5"; }

std::uint64_t bytes_below(const std::string& folder, std::string_view without = "//") {
  std::uint64_t sum = 0;
  for (const auto& f : std::filesystem::recursive_directory_iterator(folder))
    if (f.is_regular_file() && f.path().string().find(without) == std::string::npos) sum += f.file_size();
  return sum;
}

feed::Upload upload_of(const std::string& folder, const std::string& name, Files& files) {
  feed::Upload upload;
  upload.name = name;
  upload.bytes = must(files.read(folder + "/" + name));
  upload.origin = "bench";
  upload.scope = {.root = {}, .everything = true};
  return upload;
}

void expect_accepted(const feed::Receipt& receipt) {
  if (receipt.verdict == feed::Verdict::accepted && receipt.quarantined == 0) return;
  std::cerr << "intake_bench: " << receipt.file_name << ": " << feed::name_of(receipt.verdict) << " "
            << receipt.message << "\n";
  std::exit(1);
}

std::int64_t count_rows(app::Node& node, const char* table) {
  std::int64_t n = 0;
  must(node.store().database().read([&](db::Connection& c) -> Status {
    MW_ASSIGN(const auto rows, c.query(fmt::format("SELECT COUNT(*) FROM {}", table)));
    n = rows.integer(0, 0);
    return {};
  }));
  return n;
}

struct Measured {
  double seconds = 0;
  Usage used;
  double peak_mib = 0;
  std::uint64_t samples = 0, files = 0, text_bytes = 0;
};

Measured run(app::Node& node, BenchClock& clock, const Arguments& a, const std::vector<MineFiles>& all,
             const std::string& folder) {
  const auto files = system_files();
  for (const MineFiles& mine : all)  // definitions: not what is measured
    expect_accepted(node.intake().accept(upload_of(folder, mine.names.front(), *files)));

  Measured out;
  std::atomic<std::uint64_t> samples{0}, text_bytes{0};
  std::atomic<bool> done{false};
  Pace pace(all.size());
  std::atomic<std::size_t> active{0};
  reset_peak_memory();
  const Usage before = usage();
  const auto begin = std::chrono::steady_clock::now();
  std::jthread timers([&] {
    while (!done) {
      must(node.tick());
      for (int i = 0; i < 100 && !done; ++i) std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
  });
  {
    // A thread has mines of its own: one mine's files go in order.
    std::vector<std::jthread> senders;
    const auto threads = std::min<std::size_t>(static_cast<std::size_t>(a.threads), all.size());
    for (std::size_t t = 0; t < threads; ++t)
      senders.emplace_back([&, t] {
        for (int period = 1; period <= a.periods; ++period) {
          pace.wait_for_turn(period - 1);
          for (std::size_t m = t; m < all.size(); m += threads) {
            const auto i = static_cast<std::size_t>(period);
            clock.reach(all[m].times[i]);
            const feed::Upload upload = upload_of(folder, all[m].names[i], *files);
            const feed::Receipt receipt = node.intake().accept(upload);
            expect_accepted(receipt);
            samples += static_cast<std::uint64_t>(receipt.records);
            text_bytes += upload.bytes.size();
            pace.finished(m);
          }
        }
      });
  }
  out.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  done = true;
  timers.join();
  const Usage after = usage();
  out.used = {after.user - before.user, after.system - before.system};
  out.peak_mib = status_mib("VmHWM:");
  out.samples = samples;
  out.text_bytes = text_bytes;
  out.files = static_cast<std::uint64_t>(a.periods) * all.size();
  return out;
}

std::string report(app::Node& node, const Arguments& a, const Measured& m) {
  const std::string history = node.data().history();
  const std::uint64_t with_journal = bytes_below(history);
  const std::int64_t alarms = count_rows(node, "alarm");
  const std::int64_t ledger = count_rows(node, "upload");
  must(node.stop());
  const std::uint64_t sealed = bytes_below(history, "/journal/");
  const auto samples = static_cast<double>(m.samples);
  std::string out;
  JsonWriter json(out);
  json.begin_object()
      .member("mines", static_cast<std::int64_t>(a.mines))
      .member("points", static_cast<std::int64_t>(a.mines) * a.points)
      .member("periods", static_cast<std::int64_t>(a.periods))
      .member("threads", static_cast<std::int64_t>(a.threads))
      .member("files", static_cast<std::int64_t>(m.files))
      .member("samples", static_cast<std::int64_t>(m.samples))
      .member("text_bytes", static_cast<std::int64_t>(m.text_bytes))
      .member("seconds", m.seconds)
      .member("samples_per_second", std::round(samples / m.seconds))
      .member("files_per_second", std::round(static_cast<double>(m.files) / m.seconds))
      .member("cpu_user_seconds", m.used.user)
      .member("cpu_system_seconds", m.used.system)
      .member("peak_memory_mib", std::round(m.peak_mib))
      .member("bytes_per_sample", static_cast<double>(sealed) / samples)
      .member("bytes_per_sample_with_journal", static_cast<double>(with_journal) / samples)
      .member("records_bytes", static_cast<std::int64_t>(bytes_below(node.data().root, "/history/")))
      .member("ledger_rows", ledger)
      .member("alarms", alarms)
      .end_object();
  return out;
}

std::string packs_of(const Arguments& a) { return a.packs.empty() ? app::default_packs() : a.packs; }

std::unique_ptr<app::Node> open_new_node(const Arguments& a, const std::string& folder, Clock& clock) {
  std::filesystem::create_directories(folder);
  if (!std::filesystem::is_empty(folder)) must(Status(conflict("the data folder is not empty: " + folder)));
  const auto catalog = app::load_packs_or_report({packs_of(a)});
  if (!catalog) std::exit(1);
  auto node = must(app::open_node(app::DataFolder{folder}, app::Config{}, catalog, clock));
  const auto accounts = must(app::make_region(*node, make_region(a)));
  for (const auto& account : accounts)
    if (!a.prepare.empty()) std::cout << account.name << " " << account.password << "\n";
  return node;
}

int prepare(const Arguments& a) {
  const auto clock = system_clock();
  const auto node = open_new_node(a, a.prepare, *clock);
  const auto account = must(api::find_account(node->store(), "uploader"));
  std::cout << "token "
            << must(api::issue_token(node->store(), record::Actor::system("system:bench"), account->id,
                                     node->random(), clock->now()))
            << "\n";
  must(node->stop());
  return 0;
}

int measure(const Arguments& a, EventTime begin) {
  const bool temporary = a.keep.empty();
  std::string root = a.keep;
  if (temporary) {
    std::string pattern = (std::filesystem::temp_directory_path() / "intake_bench_XXXXXX").string();
    root = mkdtemp(pattern.data());
  }
  const std::string folder = root + "/files", data = a.data.empty() ? root + "/data" : a.data;
  const auto all = make_all_files(a, begin, folder);
  std::string text;
  {
    BenchClock clock(ArrivalTime{begin.utc_ms});
    const auto node = open_new_node(a, data, clock);
    std::atomic<std::uint64_t> pushed{0};
    // In service the server listens; what it does with a message nobody reads costs nothing.
    // One page of each mine in ten is open; alarms and ledger rows go to somebody always.
    if (!a.no_listener) {
      const auto wanted = [](watch::LiveEvent::Kind kind, RecordId mine, RecordId) {
        return kind != watch::LiveEvent::Kind::values || mine.value % 10 == 0;
      };
      node->watch().set_listener([&](const watch::LiveEvent& e) { pushed += e.json.size(); }, wanted);
    }
    const Measured measured = run(*node, clock, a, all, folder);
    text = report(*node, a, measured);
  }
  std::cout << text << "\n";
  if (temporary) std::filesystem::remove_all(root);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App program("How fast the intake is: decode, deduplicate, judge and store durably, from CDSS files");
  Arguments a;
  program.add_option("--mines", a.mines, "Mines")->capture_default_str()->check(CLI::Range(1, 1000));
  program.add_option("--points", a.points, "Points of a mine")
      ->capture_default_str()
      ->check(CLI::Range(1, 699));
  program.add_option("--periods", a.periods, "Files of a mine, one every 30 s")
      ->capture_default_str()
      ->check(CLI::Range(1, 100000));
  program.add_option("--threads", a.threads, "Senders")->capture_default_str()->check(CLI::Range(1, 1000));
  program.add_option("--begin", a.begin, "Time before the first file, Beijing")->capture_default_str();
  program.add_option("--packs", a.packs, "Folder of packs; default: those beside the program");
  program.add_option("--keep", a.keep, "Work in this folder and leave everything there");
  program.add_option("--data", a.data, "Data folder of the run; must be empty");
  program.add_flag("--no-listener", a.no_listener, "Make no live messages");
  program.add_option("--write-lines", a.write_lines, "Write the values as InfluxDB line protocol and stop");
  program.add_option("--write-files", a.write_files, "Write the files into this folder and stop");
  program.add_option("--prepare", a.prepare,
                     "Make a data folder with the mines; prints accounts and a token, and stops");
  CLI11_PARSE(program, argc, argv);
  set_log_level(LogLevel::error);
  const EventTime begin = must(parse_time(a.begin));
  if (!a.prepare.empty()) return prepare(a);
  if (!a.write_lines.empty()) write_lines(a, begin);
  if (!a.write_files.empty()) make_all_files(a, begin, a.write_files);
  if (!a.write_lines.empty() || !a.write_files.empty()) return 0;
  return measure(a, begin);
}
