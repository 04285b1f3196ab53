#include "app/command_support.h"

#include <unistd.h>

#include <fmt/format.h>

namespace mineward::app {

std::optional<Config> read_config_or_report(const DataFolder& data, const std::string& file) {
  const auto files = system_files();
  std::string path = file;
  if (path.empty()) {
    if (!files->exists(data.config())) return Config{};
    path = data.config();
  }
  ConfigOutcome outcome = load_config(path);
  for (const auto& mistake : outcome.mistakes) std::cerr << mistake << "\n";
  if (!outcome.mistakes.empty()) return std::nullopt;
  return outcome.config;
}

std::unique_ptr<Node> open_existing_or_report(const std::string& data, Clock& clock) {
  const DataFolder folder{data};
  if (!system_files()->exists(data)) {
    fail(
        not_found("there is no data folder " + data + "; make one with `mineward serve` or `mineward demo`"));
    return nullptr;
  }
  const auto config = read_config_or_report(folder, {});
  if (!config) return nullptr;
  const pack::CatalogPtr catalog = load_packs_or_report(pack_folders(*config));
  if (!catalog) return nullptr;
  auto node = open_node(folder, *config, catalog, clock);
  if (!node) {
    fail(node.error());
    return nullptr;
  }
  return *std::move(node);
}

Progress::Progress(std::string label, std::size_t total, bool quiet)
    : label_(std::move(label)),
      total_(total),
      quiet_(quiet),
      terminal_(::isatty(STDERR_FILENO) == 1),
      clock_(system_clock()) {}

void Progress::step(std::size_t done, const std::string& note) {
  const Millis now = clock_->monotonic();
  if (quiet_ || now - last_ < Millis(terminal_ ? 200 : 5000)) return;
  last_ = now;
  const std::size_t percent = total_ == 0 ? 100 : done * 100 / total_;
  std::cerr << fmt::format("{}{}: {}/{} ({} %) {}{}", terminal_ ? "\r\033[K" : "", label_, done, total_,
                           percent, note, terminal_ ? "" : "\n")
            << std::flush;
}

void Progress::finish() {
  if (!quiet_ && terminal_) std::cerr << "\r\033[K" << std::flush;
}

}  // namespace mineward::app
