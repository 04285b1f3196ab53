/// The hot path of the sample store: append with journal and sync, block codec, range. Build with
/// -DMW_BENCH=ON.
#include <benchmark/benchmark.h>

#include <filesystem>
#include <random>

#include <fmt/format.h>

#include "base/log.h"
#include "history/block.h"

namespace mineward::history {
namespace {

constexpr std::int64_t kStart = 1768176000000;  // 2026-01-12 00:00:00 UTC

/// A county: `points` two-decimal walks, a batch holds one sample of each.
class County {
 public:
  explicit County(std::size_t points) : hundredths_(points, 50) {}
  void fill(Batch& batch, int n) {
    batch.rows.clear();
    for (std::size_t p = 0; p < hundredths_.size(); ++p) {
      const std::uint64_t r = random_() % 100;
      const int step = r < 55 ? 0 : r < 85 ? 1 : 2;
      hundredths_[p] = std::max(0, hundredths_[p] + (random_() % 2 ? step : -step));
      batch.rows.push_back({static_cast<PointKey>(p + 1), {{kStart + n * 30000}, hundredths_[p] / 100.0, 0}});
    }
    batch.header_time = {kStart + n * 30000};
    batch.arrived = {kStart + n * 30000};
  }

 private:
  std::mt19937_64 random_{1};
  std::vector<int> hundredths_;
};

void append(benchmark::State& state) {
  set_log_level(LogLevel::error);
  std::string folder = (std::filesystem::temp_directory_path() / "mw_history_bench_XXXXXX").string();
  if (mkdtemp(folder.data()) == nullptr) return state.SkipWithError("no temporary folder");
  const auto files = system_files();
  Options options;
  options.folder = folder;
  {
    auto store = open_history(*files, options);
    if (!store) return state.SkipWithError(store.error().text().c_str());
    const auto points = static_cast<std::size_t>(state.range(0));
    for (std::size_t p = 0; p < points; ++p) (void)(*store)->point("1401", fmt::format("P{}", p));
    County county(points);
    Batch batch;
    batch.mine = "1401";
    int n = 0;
    for (auto _ : state) {
      state.PauseTiming();
      county.fill(batch, n);
      batch.file_name = fmt::format("f{}", n++);
      state.ResumeTiming();
      if (!(*store)->append(batch).ok()) state.SkipWithError("append failed");
      if (n % 120 == 0 &&
          !((*store)->release((*store)->last_seq()).ok() && (*store)->maintain(batch.header_time).ok())) {
        state.SkipWithError("maintain failed");
      }
    }
    state.SetItemsProcessed(state.iterations() * state.range(0));
    (void)(*store)->flush();
    const auto size = (*store)->size();
    state.counters["bytes_per_sample"] = static_cast<double>(size.bytes) / static_cast<double>(size.samples);
  }
  std::filesystem::remove_all(folder);
}
BENCHMARK(append)->Arg(300)->Arg(5000)->Iterations(2000)->Unit(benchmark::kMillisecond);

std::vector<Sample> walk() {
  County county(1);
  Batch batch;
  std::vector<Sample> out;
  for (int n = 0; n < 480; ++n) {
    county.fill(batch, n);
    out.push_back(batch.rows[0].sample);
  }
  return out;
}

void encode(benchmark::State& state) {
  const auto samples = walk();
  for (auto _ : state) benchmark::DoNotOptimize(encode_block(1, samples));
  state.SetItemsProcessed(state.iterations() * 480);
}
BENCHMARK(encode);

void decode(benchmark::State& state) {
  const std::string block = encode_block(1, walk());
  std::vector<Sample> out;
  for (auto _ : state) {
    out.clear();
    benchmark::DoNotOptimize(decode_block(block, out));
  }
  state.SetItemsProcessed(state.iterations() * 480);
}
BENCHMARK(decode);

}  // namespace
}  // namespace mineward::history

BENCHMARK_MAIN();
