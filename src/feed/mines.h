/// Which mine a code means: mine records by code and alias, kept in memory and refreshed.
#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <variant>

#include "record/store.h"

namespace mineward::feed {

struct Mine {
  record::RecordId id, organisation;
  std::string code;  ///< the code that samples are kept under
  std::string kind;
};

/// Safe from any thread. A code that is not known asks the store once more, so a new mine needs no restart.
class MineDirectory {
 public:
  explicit MineDirectory(record::Store& store) : store_(store) {}
  Status refresh();
  /// none: nobody has this code, or it is an alias of two mines.
  Result<std::optional<Mine>> find(const std::string& code);

 private:
  std::optional<Mine> look_up(const std::string& code);
  record::Store& store_;
  std::mutex mines_mutex_;  // guards the two maps
  std::map<std::string, Mine, std::less<>> by_code_;
  std::map<std::string, std::optional<Mine>, std::less<>> by_alias_;  // nullopt: ambiguous
};

}  // namespace mineward::feed
