/// One node: everything that runs together over one data folder.
#pragma once

#include <memory>
#include <string>

#include "app/config.h"
#include "app/data_folder.h"
#include "base/clock.h"
#include "base/random.h"
#include "duty/duty.h"
#include "feed/intake.h"
#include "history/history.h"
#include "record/store.h"
#include "watch/watch.h"

namespace mineward::app {

/// Loads the packs; every mistake is printed on stderr. Null after mistakes.
pack::CatalogPtr load_packs_or_report(const std::vector<std::string>& folders);
/// The folders that a configuration means.
std::vector<std::string> pack_folders(const Config&);

class Node {
 public:
  virtual ~Node() = default;
  virtual const Config& config() const = 0;
  virtual const DataFolder& data() const = 0;
  virtual pack::CatalogPtr catalog() const = 0;
  virtual record::Store& store() = 0;
  virtual history::History& history() = 0;
  virtual watch::Watch& watch() = 0;
  virtual feed::Intake& intake() = 0;
  virtual duty::Duties& duties() = 0;
  virtual Clock& clock() = 0;
  virtual Random& random() = 0;

  /// One round of all timers at the clock's time: what the timer thread does once a second. For replay.
  virtual Status tick() = 0;
  /// Copies records and history, consistent with each other, into an empty or new folder, while in use.
  virtual Status copy_to(const std::string& folder) = 0;
  /// Starts the timer thread, the drop folder, the control socket and the server.
  virtual Status start() = 0;
  /// Where the server answers, after start().
  virtual std::string address() const = 0;
  /// Stops taking requests, finishes what runs, saves the rule state, seals the history. Idempotent.
  virtual Status stop() = 0;
};

/// Takes the lock, opens (or makes) everything, replays what a crash left behind. `clock` is borrowed.
Result<std::unique_ptr<Node>> open_node(const DataFolder&, const Config&, pack::CatalogPtr, Clock& clock);

/// Blocks until SIGINT or SIGTERM. Call prepare_signals() before any thread is started.
void prepare_signals();
void wait_for_stop_signal();

}  // namespace mineward::app
