#include "duty/regulators.h"

#include "record/scope.h"

namespace mineward::duty {

Result<Regulators> Regulators::read(db::Connection& c, const record::Scope& scope) {
  Regulators out;
  MW_ASSIGN(const auto covered, record::organisations_in(c, scope));
  const std::set<RecordId> visible(covered.begin(), covered.end());
  MW_ASSIGN(const db::Rows rows,
            c.query("SELECT id, parent, kind, name, level FROM organisation ORDER BY id", {}));
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const RecordId id{rows.integer(i, 0)};
    out.parent_[id] = RecordId{rows.integer(i, 1)};
    if (rows.text(i, 2) != "regulator") continue;
    out.all_.insert(id);
    if (visible.contains(id)) out.seen_.push_back({id, rows.text(i, 3), rows.text(i, 4)});
  }
  return out;
}

RecordId Regulators::regulator_of(RecordId organisation) const {
  // No chain of parents is a circle: record/scope.h refuses one.
  RecordId id = organisation;
  while (id && !is_regulator(id)) {
    const auto above = parent_.find(id);
    id = above == parent_.end() ? RecordId{} : above->second;
  }
  return id;
}

}  // namespace mineward::duty
