/// What several commands share.
#pragma once

#include <iostream>
#include <memory>
#include <optional>
#include <string>

#include "app/commands.h"
#include "app/node.h"

namespace mineward::app {

/// Prints the error on stderr and gives the exit code for it.
inline int fail(const Error& error, int code = kFaults) {
  std::cerr << "mineward: " << error.text() << "\n";
  return code;
}

/// The configuration of a data folder, or of the file named. Mistakes are printed; nullopt after any.
std::optional<Config> read_config_or_report(const DataFolder&, const std::string& file);

/// Opens a node over a data folder that exists, without starting a server. Prints why not.
std::unique_ptr<Node> open_existing_or_report(const std::string& data, Clock&);

/// Prints to stderr "label: done/total (percent)" on one line, at most a few times a second.
class Progress {
 public:
  Progress(std::string label, std::size_t total, bool quiet);
  void step(std::size_t done, const std::string& note = {});
  void finish();

 private:
  std::string label_;
  std::size_t total_;
  bool quiet_;
  bool terminal_;
  Millis last_{-1000};
  std::unique_ptr<Clock> clock_;
};

}  // namespace mineward::app
