// `mineward crash-points`: where a test may kill the program.
#include <fmt/format.h>

#include "app/command_support.h"
#include "base/crash_point.h"

namespace mineward::app {

int list_crash_points() {
  for (const CrashPointName& point : crash_points())
    std::cout << fmt::format("{}\t{}\n", point.name, point.where);
  return kDone;
}

}  // namespace mineward::app
