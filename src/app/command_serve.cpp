#include "app/command_support.h"
#include "base/log.h"

namespace mineward::app {

int serve(const ServeOptions& options) {
  const DataFolder data{options.data};
  auto config = read_config_or_report(data, options.config);
  if (!config) return kFaults;
  if (!options.listen.empty()) {
    if (const auto listen = parse_host_port(options.listen); !listen) return fail(listen.error(), kWrongUse);
    config->listen = options.listen;
  }
  std::unique_ptr<Clock> clock = system_clock();
  if (!options.now.empty()) {
    const auto start = parse_time(options.now);
    if (!start) return fail(start.error(), kWrongUse);
    clock = shifted_clock(ArrivalTime{start->utc_ms});
  }
  set_log_level(config->log_level == "debug"     ? LogLevel::debug
                : config->log_level == "warning" ? LogLevel::warning
                : config->log_level == "error"   ? LogLevel::error
                                                 : LogLevel::info);
  const pack::CatalogPtr catalog = load_packs_or_report(pack_folders(*config));
  if (!catalog) return kFaults;
  prepare_signals();
  auto node = open_node(data, *config, catalog, *clock);
  if (!node) return fail(node.error());
  if (const Status started = (*node)->start(); !started) return fail(started.error());
  std::cerr << "Mineward answers at " << (*node)->address() << "\n";
  wait_for_stop_signal();
  if (const Status stopped = (*node)->stop(); !stopped) return fail(stopped.error());
  return kDone;
}

int config_check(const std::string& file) {
  const ConfigOutcome outcome = load_config(file);
  for (const auto& mistake : outcome.mistakes) std::cerr << mistake << "\n";
  if (!outcome.mistakes.empty()) return kFaults;
  std::cerr << file << ": no mistakes\n";
  return kDone;
}

}  // namespace mineward::app
