/// Filters of lists that people have named. They are records (saved_view, view_choice), so that the change
/// log has them; nobody reads them but through these functions, whatever his role.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "record/store.h"

namespace mineward::record {

/// A named filter as its reader sees it.
struct SavedView {
  RecordId id;
  std::int64_t version = 0;
  std::string name;
  std::string query;    ///< as the caller gave it
  std::string columns;  ///< as the caller gave it
  bool shared = false;  ///< with everybody of the owner's organisation, not above or below it
  bool mine = false;
  bool is_default = false;  ///< of the reader
  RecordId account;         ///< whose it is
};

/// What may be changed; unset keeps what is there.
struct ViewChange {
  std::optional<std::string> name, query, columns;
  std::optional<bool> shared, removed;
};

/// The caller's own and those shared in his organisation, by name.
Result<std::vector<SavedView>> views_of(Store&, const Actor&, std::string_view type);
/// A name that the caller has for this type already is refused.
Outcome<Record> add_view(Store&, const Actor&, std::string_view type, const ViewChange&);
/// Only the owner; to all others it is not there. `removed` false brings it back.
Outcome<Record> change_view(Store&, const Actor&, std::string_view type, RecordId, std::int64_t version,
                            const ViewChange&);
/// Which one a list begins with; 0 = none. It must be one that the caller sees.
Outcome<Record> choose_view(Store&, const Actor&, std::string_view type, RecordId view);

}  // namespace mineward::record
