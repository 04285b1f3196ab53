// `mineward verify`: the change log chain, the sample blocks, and whether both agree.
#include <fmt/format.h>

#include "app/command_support.h"

namespace mineward::app {

int verify(const VerifyOptions& options) {
  const auto clock = system_clock();
  const auto node = open_existing_or_report(options.data, *clock);
  if (!node) return kFaults;
  int code = kDone;

  const auto log = node->store().verify();
  if (!log) return fail(log.error());
  if (log->ok) {
    std::cout << fmt::format("change log: {} entries, chain whole, records agree\n", log->entries);
  } else {
    std::cout << fmt::format("change log: entry {}: {}\n", log->first_bad_seq, log->message);
    code = kFaults;
  }

  const Status blocks = node->history().verify();
  const history::History::Size size = node->history().size();
  if (blocks.ok()) {
    std::cout << fmt::format("history: {} samples, {} bytes, every block whole\n", size.samples, size.bytes);
  } else {
    std::cout << fmt::format("history: {}\n", blocks.error().text());
    code = kFaults;
  }
  return code;
}

}  // namespace mineward::app
