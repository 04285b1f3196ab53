// `mineward verify`: the change log chain, the sample blocks, and the duties that follow from the records.
#include <algorithm>

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
  // Duties are derived: what stands in their table must be what records, packs and the clock give.
  const auto kept = node->duties().dump();
  if (!kept) return fail(kept.error());
  if (const Status computed = node->duties().recompute(); !computed) return fail(computed.error());
  const auto fresh = node->duties().dump();
  if (!fresh) return fail(fresh.error());
  const auto rows = std::count(fresh->begin(), fresh->end(), '\n');
  if (*kept == *fresh) {
    std::cout << fmt::format("duties: {}, equal to a recomputation from the records\n", rows);
  } else {
    const auto differ = std::mismatch(kept->begin(), kept->end(), fresh->begin(), fresh->end());
    std::cout << fmt::format("duties: row {} is not what the records give; all were computed again\n",
                             std::count(kept->begin(), differ.first, '\n') + 1);
    code = kFaults;
  }
  return code;
}

}  // namespace mineward::app
