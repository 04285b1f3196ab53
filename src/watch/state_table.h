/// Table watch_state: the saved rule state of each mine, with the newest upload it contains and a checksum.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/ids.h"
#include "db/db.h"

namespace mineward::watch {

struct SavedState {
  std::uint64_t seq = 0;
  std::string bytes;
};

Status create_state_table(db::Connection&);
Status write_state(db::Connection&, RecordId mine, const SavedState&);
/// None when nothing was saved. A wrong checksum is `corrupt`.
Result<std::optional<SavedState>> read_state(db::Connection&, RecordId mine);

/// The mines that have a saved state.
Status saved_mines(db::Connection&, std::vector<RecordId>& mines);

}  // namespace mineward::watch
