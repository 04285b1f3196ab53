/// Which regulator stands above an organisation.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "db/db.h"
#include "record/store.h"

namespace mineward::duty {

using record::RecordId;

struct Regulator {
  RecordId id;
  std::string name, level;
};

/// All organisations as they stand now, read at once. Immutable.
class Regulators {
 public:
  /// `scope` bounds only what seen() tells.
  static Result<Regulators> read(db::Connection&, const record::Scope& scope);

  bool is_regulator(RecordId id) const { return all_.contains(id); }
  /// Itself, or the nearest one above; 0 = none.
  RecordId regulator_of(RecordId organisation) const;
  /// The regulators of the scope, in the order in which they were entered.
  const std::vector<Regulator>& seen() const { return seen_; }

 private:
  std::map<RecordId, RecordId> parent_;
  std::set<RecordId> all_;
  std::vector<Regulator> seen_;
};

}  // namespace mineward::duty
