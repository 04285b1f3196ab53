// How long a page of 50 of a million hazards takes, for every filter, order and scope that the hazards page
// can ask.
//
//   list_bench [--rows 1000000] [--runs 5] [--only TEXT] [--keep FOLDER] [--detail] [sqlite|URL]
//
// `sqlite` (default) makes a database in a temporary folder, or in FOLDER, where it is kept and used again. A
// URL (postgresql://...) is filled when it has no mines yet; tools/with-postgres gives one in
// MW_TEST_POSTGRES, which is taken for the word `postgres`. Every call is Store::list as GET
// /api/v1/records/hazard makes it: the first page with its total, and a page behind 1,000 rows. One line of
// JSON a row on stdout: a row is a scope and a filter; its samples are all orders, both directions, both
// pages, `runs` times each. Exit status 1 when a row's p99 is 30 ms or more.
#include <filesystem>
#include <map>

#include "base/log.h"
#include "base/text.h"
#include "bench/million.h"

namespace {

using namespace mineward;
using namespace mineward::bench;
using record::Actor;
using record::Filter;
using Op = Filter::Op;

constexpr double kLimitMs = 30;

struct Options {
  int rows = 1'000'000, runs = 5;
  std::string only, keep, database = "sqlite";
  bool detail = false;
};

Options read_options(int argc, char** argv) {
  Options out;
  for (int i = 1; i < argc; ++i) {
    const std::string word = argv[i];
    const auto value = [&]() -> std::string { return i + 1 < argc ? argv[++i] : ""; };
    if (word == "--rows") {
      out.rows = std::atoi(value().c_str());
    } else if (word == "--runs") {
      out.runs = std::max(1, std::atoi(value().c_str()));
    } else if (word == "--only") {
      out.only = value();
    } else if (word == "--keep") {
      out.keep = value();
    } else if (word == "--detail") {
      out.detail = true;
    } else if (word.starts_with("--")) {
      std::cerr << "usage: list_bench [--rows N] [--runs N] [--only TEXT] [--keep FOLDER] [--detail] "
                   "[sqlite|postgres|URL]\n";
      std::exit(word == "--help" ? 0 : 2);
    } else {
      out.database = word;
    }
  }
  return out;
}

struct Case {
  std::string name;
  std::vector<Filter> filters;
  std::string words;
};

/// What the page can filter by, by name: its tabs, and its five filters with common and rare values.
std::map<std::string, std::vector<Filter>> filters_of(const Million& data) {
  const auto is = [](const char* field, std::string value) {
    return Filter{field, Op::eq, {std::move(value)}};
  };
  const auto state_in = [](std::vector<std::string> states) {
    return Filter{"state", Op::in, std::move(states)};
  };
  const auto until = [](const char* day) { return Filter{"deadline", Op::le, {day}}; };
  const Filter from{"deadline", Op::ge, {"2026-01-01"}}, late{"deadline", Op::lt, {"2026-11-27"}};
  return {{"all", {}},
          {"open", {state_in({"found", "graded", "rectifying", "accepting"})}},
          {"overdue", {state_in({"found", "graded", "rectifying"}), late}},
          {"closed or withdrawn", {state_in({"closed", "withdrawn"})}},
          {"accepting", {is("state", "accepting")}},
          {"found", {is("state", "found")}},
          {"closed", {is("state", "closed")}},
          {"withdrawn", {is("state", "withdrawn")}},
          {"major", {is("level", "major")}},
          {"larger", {is("level", "larger")}},
          {"ordinary", {is("level", "ordinary")}},
          {"tip_off", {is("origin", "tip_off")}},
          {"inspection", {is("origin", "inspection")}},
          {"self_check", {is("origin", "self_check")}},
          {"mining", {is("discipline", "mining")}},
          {"management", {is("discipline", "management")}},
          {"big mine", {is("mine", data.mines().front().text())}},
          {"small mine", {is("mine", data.mines().back().text())}},
          {"one person", {is("responsible", data.people().at(1).text())}},
          {"one week", {from, until("2026-01-07")}},
          {"one year", {from, until("2026-12-31")}},
          {"until 2024-01", {until("2024-01-31")}}};
}

/// Filters alone, pairs of them, words, words with a filter.
std::vector<Case> cases_of(const Million& data) {
  const char* const names[] = {"all",
                               "open",
                               "open, one person",
                               "accepting",
                               "overdue",
                               "closed or withdrawn",
                               "found",
                               "closed",
                               "withdrawn",
                               "major",
                               "larger",
                               "ordinary",
                               "tip_off",
                               "self_check",
                               "mining",
                               "management",
                               "big mine",
                               "small mine",
                               "one week",
                               "one year",
                               "until 2024-01",
                               "open, major",
                               "open, larger",
                               "open, ordinary",
                               "open, tip_off",
                               "open, management",
                               "open, big mine",
                               "open, one week",
                               "overdue, major",
                               "closed or withdrawn, major",
                               "closed or withdrawn, larger",
                               "closed or withdrawn, tip_off",
                               "withdrawn, major",
                               "withdrawn, tip_off",
                               "major, tip_off",
                               "larger, tip_off",
                               "larger, inspection",
                               "ordinary, management",
                               "inspection, management",
                               "mining, inspection",
                               "larger, big mine",
                               "larger, one week",
                               "larger, one year",
                               "tip_off, one week",
                               "closed or withdrawn, larger, inspection, mining",
                               "words 皮带机",  // common
                               "words 风门漏风",
                               "words 记录不全",
                               "words 钻孔窥视仪",  // rare
                               "words 量子纠缠",    // none
                               "open, words 皮带机",
                               "major, words 皮带机",
                               "closed or withdrawn, words 记录不全",
                               "tip_off, words 记录不全",
                               "larger, words 钻孔窥视仪"};
  const auto filters = filters_of(data);
  const std::string_view of_words = "words ";
  std::vector<Case> out;
  for (const char* name : names) {
    Case& made = out.emplace_back(Case{name, {}, {}});
    for (std::string_view part : split(name, ',')) {
      part = trim(part);
      if (part.starts_with(of_words)) {
        made.words = part.substr(of_words.size());
      } else {
        const auto& found = filters.at(std::string(part));
        made.filters.insert(made.filters.end(), found.begin(), found.end());
      }
    }
  }
  return out;
}

/// Orders of the page's columns (references have none there, but the interface takes them), and of plain
/// lists.
const std::vector<std::string> kSorts = {"number",   "level",       "title", "mine", "place",     "found_at",
                                         "deadline", "responsible", "state", "id",   "updated_at"};

/// Of this thread: what SQLite itself takes, however busy the machine is (PostgreSQL works in another
/// process).
double cpu_ms() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) / 1e6;
}

struct Sample {
  double ms, cpu;
  std::string what;
};

class Bench {
 public:
  Bench(record::Store& store, const Options& options) : store_(store), options_(options) {}

  void row(const std::string& scope, const Actor& actor, const Case& test) {
    std::vector<Sample> samples;
    std::map<std::string, double> by_what;
    for (const auto& sort : kSorts) {
      for (const bool descending : {false, true}) {
        record::ListQuery q;
        q.type = "hazard";
        q.filters = test.filters;
        q.words = test.words;
        q.sort = sort;
        q.descending = descending;
        time(actor, q, fmt::format("sort={}{} first", descending ? "-" : "", sort), samples);
        q.limit = 500;
        std::string cursor;
        for (int i = 0; i < 2; ++i) {
          const auto page = must(store_.list(actor, q));
          q.after = page.next;
          if (page.next.empty()) break;
          cursor = page.next;
        }
        if (cursor.empty()) continue;
        q.after = cursor;
        time(actor, q, fmt::format("sort={}{} deep", descending ? "-" : "", sort), samples);
      }
    }
    report(scope + "/" + test.name, samples);
  }

  bool held() const { return failed_ == 0; }
  void sum() const {
    std::cout
        << fmt::format(
               R"({{"name": "every row", "rows": {}, "over_limit": {}, "limit_ms": {}, "p50_ms": {:.2f}, "p99_ms": {:.2f}, "worst": {:.2f}, "cpu_p99_ms": {:.2f}}})",
               rows_, failed_, kLimitMs, share(all_, 0.5), share(all_, 0.99), share(all_, 1),
               share(all_cpu_, 0.99))
        << "\n";
  }

 private:
  void time(const Actor& actor, record::ListQuery q, const std::string& what, std::vector<Sample>& samples) {
    q.limit = 50;
    q.count_total = q.after.empty();
    double best = 1e9, best_cpu = 1e9;
    for (int run = 0; run <= options_.runs; ++run) {
      const auto start = std::chrono::steady_clock::now();
      const double cpu_start = cpu_ms();
      must(store_.list(actor, q));
      const double ms = seconds_since(start) * 1000, cpu = cpu_ms() - cpu_start;
      best = std::min(best, ms);
      best_cpu = std::min(best_cpu, cpu);
      if (run > 0) samples.push_back({ms, cpu, what});  // the first one prepares the statement
    }
    if (options_.detail && best >= kLimitMs / 2)
      std::cerr << fmt::format("  {:8.1f} ms {:8.1f} ms cpu  {}\n", best, best_cpu, what);
  }

  static double share(std::vector<double> values, double part) {
    if (values.empty()) return 0;
    std::sort(values.begin(), values.end());
    return values[static_cast<std::size_t>(part * static_cast<double>(values.size() - 1))];
  }

  void report(const std::string& name, const std::vector<Sample>& samples) {
    std::vector<double> times, cpu;
    for (const auto& s : samples) {
      times.push_back(s.ms);
      cpu.push_back(s.cpu);
    }
    all_cpu_.insert(all_cpu_.end(), cpu.begin(), cpu.end());
    all_.insert(all_.end(), times.begin(), times.end());
    const auto worst =
        std::max_element(samples.begin(), samples.end(), [](auto& a, auto& b) { return a.ms < b.ms; });
    const double p99 = share(times, 0.99);
    ++rows_;
    failed_ += p99 >= kLimitMs ? 1 : 0;
    std::cout
        << fmt::format(
               R"({{"name": "{}", "p50_ms": {:.2f}, "p99_ms": {:.2f}, "worst": {:.2f}, "cpu_p99_ms": {:.2f}, "worst_case": "{}", "samples": {}}})",
               name, share(times, 0.5), p99, worst->ms, share(cpu, 0.99), worst->what, samples.size())
        << std::endl;
  }

  record::Store& store_;
  const Options& options_;
  std::vector<double> all_, all_cpu_;
  int rows_ = 0, failed_ = 0;
};

Actor person(RecordId organisation) {
  Actor actor = Actor::system("bench");
  actor.scope = {organisation, false};
  return actor;
}

}  // namespace

int main(int argc, char** argv) {
  const Options options = read_options(argc, argv);
  set_log_level(LogLevel::info);
  namespace fs = std::filesystem;
  const fs::path folder = options.keep.empty()
                              ? fs::temp_directory_path() / fmt::format("mw-list-bench-{}", getpid())
                              : fs::path(options.keep);
  fs::create_directories(folder);
  std::string url = options.database;
  if (url == "sqlite") url = "sqlite:" + (folder / "records.db").string();
  if (url == "postgres") {
    const char* server = std::getenv("MW_TEST_POSTGRES");
    if (!server) return std::cerr << "MW_TEST_POSTGRES is not set; run under tools/with-postgres\n", 2;
    url = server;
  }
  int code = 0;
  {
    const auto files = system_files();
    ManualClock clock{ArrivalTime{parse_time("2026-11-27T08:00:00+08:00")->utc_ms}};
    const auto database = must(db::open_database(url, 2));
    const auto opening = std::chrono::steady_clock::now();
    Million data(load_packs(), *database, *files, clock, (folder / "files").string());
    std::cerr << fmt::format("store opened in {:.1f} s\n", seconds_since(opening));
    if (!data.find_region()) {
      const auto start = std::chrono::steady_clock::now();
      data.make_region();
      std::cerr << fmt::format("region made in {:.1f} s\n", seconds_since(start));
      data.fill_hazards(options.rows);
      // What autovacuum does within the minute.
      if (database->engine() == db::Engine::postgres)
        must(database->write([](db::Connection& c) { return c.script("VACUUM (ANALYZE)"); }));
      std::cerr << fmt::format("{} hazards in {:.1f} s, indexes and words included\n", options.rows,
                               seconds_since(start));
    }
    Bench bench(data.store(), options);
    const std::pair<std::string, Actor> scopes[] = {{"everything", Actor::system("bench")},
                                                    {"province", person(data.province())},
                                                    {"city", person(data.city())},
                                                    {"county", person(data.county())},
                                                    {"mine", person(data.owners().front())}};
    for (const auto& [scope, actor] : scopes) {
      for (const auto& test : cases_of(data)) {
        if (options.only.empty() || (scope + "/" + test.name).find(options.only) != std::string::npos)
          bench.row(scope, actor, test);
      }
    }
    bench.sum();
    code = bench.held() ? 0 : 1;
  }
  if (options.keep.empty()) fs::remove_all(folder);
  return code;
}
