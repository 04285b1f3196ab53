/// A small story about one mine in text, run through the real engine: for the examples in packs and for
/// tests. The notation is described in docs/watch.md.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "watch/engine.h"

namespace mineward::watch {

/// Time 0 of every scenario: a Monday morning in Beijing.
inline constexpr EventTime kScenarioStart{1772409600000};  // 2026-03-02 08:00:00 +08:00

class Scenario {
 public:
  static Result<Scenario> parse(const pack::Catalog&, const std::map<std::string, std::string>& given);

  /// All changes, in order. `each` may cut in after every upload (save and load the engine, say).
  std::vector<AlarmChange> run(pack::CatalogPtr,
                               const std::function<void(std::unique_ptr<Engine>&)>& each = {}) const;

  struct Upload {
    EventTime at{};
    std::string system;
    std::vector<history::Row> rows;
    std::vector<feed::PointChange> changes;
    std::shared_ptr<const MineView> view;  ///< set when definitions change
    std::vector<feed::Position> positions;
    bool is_positions = false;
    bool tick = false;
  };
  std::shared_ptr<const MineView> view;
  std::vector<Upload> uploads;  ///< in order of time
};

/// "40+yellow 70^red 100-": raised, regraded, ended, in seconds from the start; only one rule, or all when
/// empty (then every item begins with "G-1:").
std::string changes_text(const std::vector<AlarmChange>&, std::string_view rule);

}  // namespace mineward::watch
