// `mineward demo`: the example region, replayed through the real intake, then going on live through the drop
// folder.
#include <sys/stat.h>

#include <filesystem>
#include <thread>

#include <fmt/format.h>

#include "app/command_support.h"
#include "app/demo_month.h"
#include "app/demo_region.h"
#include "app/replay_clock.h"
#include "base/log.h"
#include "base/text.h"

namespace mineward::app {
namespace {

constexpr Millis kStep = 30s;  // simulated time between two rounds of the timers while the past is replayed

/// An earlier demo's folder is replaced; anything else that is not empty is left alone.
Status fresh_folder(const DataFolder& data) {
  const auto files = system_files();
  if (files->exists(data.root)) {
    MW_ASSIGN(const auto inside, files->list(data.root));
    if (!inside.empty() && !files->exists(data.demo_mark())) {
      return conflict(data.root + " is not empty and was not made by a demo; name another --data folder");
    }
    MW_ASSIGN(const auto lock, lock_data_folder(data));  // nobody uses it
    std::error_code failed;
    std::filesystem::remove_all(data.root, failed);
    if (failed) return unavailable("cannot remove " + data.root + ": " + failed.message());
  }
  MW_TRY(files->make_folders(data.root));
  return write_atomically(*files, data.demo_mark(), "made by mineward demo; replaced by the next one\n");
}

struct Example {
  Region region;
  SimulatorOptions options;
};

Result<Example> read_example(const std::string& folder) {
  const auto files = system_files();
  if (folder.empty())
    return not_found("found no examples folder beside the program; name it with --examples");
  Example out;
  MW_ASSIGN(const std::string region, files->read(folder + "/region.yaml"));
  MW_ASSIGN(out.region, parse_region(region));
  MW_ASSIGN(const std::string mapping, files->read(folder + "/longwall/mapping.yaml"));
  MW_ASSIGN(out.options.mapping, parse_longwall_mapping(mapping));
  MW_ASSIGN(const std::string readings, files->read(folder + "/longwall/methane-train.arff"));
  MW_ASSIGN(auto series, read_longwall(readings));
  MW_TRY(check_longwall(series, out.options.mapping));
  out.options.longwall = std::make_shared<const LongwallSeries>(std::move(series));
  return out;
}

/// The story of the months before; every mistake in it is printed.
Result<MonthStory> read_month(const std::string& folder, const Region& region, const pack::Catalog& catalog) {
  const auto files = system_files();
  const std::string path = folder + "/month.yaml";
  MW_ASSIGN(const std::string yaml, files->read(path));
  StoryOutcome read = parse_month(yaml, path, region, catalog);
  for (const std::string& mistake : read.mistakes) std::cerr << mistake << "\n";
  if (!read.mistakes.empty())
    return bad_input(fmt::format("found {} mistakes in {}", read.mistakes.size(), path));
  MW_ASSIGN(read.story.photo, files->read(folder + "/month-photo.png"));
  return std::move(read.story);
}

/// How fast the past is replayed; none = as fast as it goes.
Result<std::optional<double>> parse_speed(const std::string& text) {
  if (text == "max") return std::optional<double>{};
  const auto factor = parse_number(text);
  if (!factor || *factor <= 0 || *factor > 100000) {
    return bad_input("found --speed " + text + ", expected max or a factor from 0.1 to 100000");
  }
  return factor;
}

struct Counts {
  std::size_t files = 0, rejected = 0;
};

/// Offers every file of [from, to) to the intake at its time, and runs the timers every kStep.
Result<Counts> replay(Node& node, ReplayClock& clock, const Simulator& simulator, ArrivalTime from,
                      ArrivalTime to, std::optional<double> speed) {
  Counts counts;
  const auto real = system_clock();
  const Millis began = real->monotonic();
  Progress progress("replay", static_cast<std::size_t>((to - from).count() / 1000), false);
  for (ArrivalTime t = from; t < to; t = t + kStep) {
    for (const UploadFile& file : simulator.files(t, std::min(t + kStep, to))) {
      clock.set(file.sent);
      const feed::Receipt receipt =
          node.intake().accept({file.name, file.bytes, "demo", record::Scope{{}, true}});
      ++counts.files;
      if (receipt.verdict == feed::Verdict::rejected) ++counts.rejected;
    }
    clock.set(std::min(t + kStep, to));
    MW_TRY(node.tick());
    if (speed) {
      const Millis due(static_cast<std::int64_t>(static_cast<double>((t + kStep - from).count()) / *speed));
      const Millis ahead = due - (real->monotonic() - began);
      if (ahead > 0ms) std::this_thread::sleep_for(ahead);
    }
    progress.step(
        static_cast<std::size_t>((t - from).count() / 1000),
        fmt::format("seconds of mine time, {} files, now {}", counts.files, format_beijing(t.utc_ms)));
  }
  progress.finish();
  return counts;
}

/// Replaying takes time itself: goes on until mine time is real time.
Result<ArrivalTime> catch_up(Node& node, ReplayClock& clock, const Simulator& simulator, ArrivalTime from,
                             Clock& real, Counts& counts) {
  while (real.now() - from > kStep) {
    const ArrivalTime to = real.now();
    MW_ASSIGN(const Counts more, replay(node, clock, simulator, from, to, std::nullopt));
    counts.files += more.files;
    counts.rejected += more.rejected;
    from = to;
  }
  clock.set(real.now());
  return from;
}

/// Drops the files of the running time into the drop folder until told to stop.
class LiveFeeder {
 public:
  LiveFeeder(Clock& clock, const Simulator& simulator, std::string incoming, ArrivalTime from)
      : thread_([&clock, &simulator, incoming = std::move(incoming), from](const std::stop_token& stop) {
          const auto files = system_files();
          ArrivalTime done = from;
          while (!stop.stop_requested()) {
            const ArrivalTime now = clock.now();
            for (const UploadFile& file : simulator.files(done, now)) {
              const Status written = write_atomically(*files, incoming + "/" + file.name, file.bytes);
              if (!written) log_error("demo_drop", {{"error", written.error().text()}});
            }
            done = std::max(done, now);
            std::this_thread::sleep_for(Millis(250));
          }
        }) {}

 private:
  std::jthread thread_;
};

Status write_sign_in(const DataFolder& data, const std::vector<DemoAccount>& accounts) {
  const std::string path = data.root + "/sign-in.json";
  MW_TRY(write_atomically(*system_files(), path, sign_in_json(accounts)));
  if (::chmod(path.c_str(), 0600) != 0) return unavailable("cannot protect " + path);
  return {};
}

Result<int> run_demo(const DemoOptions& options) {
  MW_ASSIGN(const std::optional<double> speed, parse_speed(options.speed));
  MW_ASSIGN(const std::optional<double> live_speed, parse_speed(options.live_speed));
  MW_ASSIGN(const HostPort listen, parse_host_port(options.listen));
  static_cast<void>(listen);
  const std::string examples = options.examples.empty() ? default_examples() : options.examples;
  MW_ASSIGN(Example example, read_example(examples));
  const DataFolder data{options.data};
  MW_TRY(fresh_folder(data));

  Config config;
  config.node_name = "示例县";
  config.listen = options.listen;
  // What the example county adds to the packs beside the program.
  if (const std::string own = examples + "/packs/example_county"; system_files()->exists(own))
    config.packs = {default_packs(), own};
  const pack::CatalogPtr catalog = load_packs_or_report(pack_folders(config));
  if (!catalog) return kFaults;
  MW_ASSIGN(const MonthStory story, read_month(examples, example.region, *catalog));

  const auto real = system_clock();
  const std::int64_t minute = 60000;
  const ArrivalTime end{real->now().utc_ms / minute * minute};
  const ArrivalTime begin = end - Millis(static_cast<std::int64_t>(options.hours * 3600e3));
  const ArrivalTime months_begin = month_before(begin);
  ReplayClock clock(*real, months_begin);
  prepare_signals();
  MW_ASSIGN(auto node, open_node(data, config, catalog, clock));
  MW_ASSIGN(const auto accounts, make_region(*node, example.region));
  MW_TRY(write_sign_in(data, accounts));

  example.options.seed = options.seed;
  example.options.begin = EventTime{begin.utc_ms};
  const Simulator simulator(example.region, example.options);
  const Millis told = real->monotonic();
  MW_TRY(play_month(*node, clock, example.region, story, months_begin, begin, options.seed));
  std::cerr << fmt::format("played the records since {} in {:.1f} s\n",
                           format_date(china_date(months_begin.utc_ms)),
                           static_cast<double>((real->monotonic() - told).count()) / 1000);
  clock.set(begin);
  MW_TRY(file_plans(*node, simulator.plans(EventTime{begin.utc_ms}, EventTime{end.utc_ms} + 24h)));
  const Millis started = real->monotonic();
  MW_ASSIGN(Counts counts, replay(*node, clock, simulator, begin, end, speed));
  MW_ASSIGN(const ArrivalTime caught_up, catch_up(*node, clock, simulator, end, *real, counts));
  std::cerr << fmt::format("replayed {} h of five mines: {} files, {} refused, in {:.1f} s\n", options.hours,
                           counts.files, counts.rejected,
                           static_cast<double>((real->monotonic() - started).count()) / 1000);
  std::cout << sign_in_table(accounts) << std::flush;
  if (options.no_serve) {
    MW_TRY(node->stop());
    return kDone;
  }
  clock.run(live_speed.value_or(1));
  MW_TRY(node->start());
  std::cout << "\nMineward answers at " << node->address() << "  (Ctrl-C stops it)\n" << std::flush;
  {
    const LiveFeeder feeder(clock, simulator, data.drop() + "/incoming", caught_up);
    wait_for_stop_signal();
  }
  MW_TRY(node->stop());
  return kDone;
}

}  // namespace

int demo(const DemoOptions& options) {
  set_log_level(LogLevel::warning);
  const auto code = run_demo(options);
  if (!code) return fail(code.error(), code.error().code == Errc::bad_input ? kWrongUse : kFaults);
  return *code;
}

}  // namespace mineward::app
