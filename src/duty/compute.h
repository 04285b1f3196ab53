/// Inside duty/: the duties of one rule from records: one way for all of them and for a single one.
#pragma once

#include <functional>
#include <set>
#include <string>

#include "duty/ground.h"
#include "record/selection.h"

namespace mineward::duty {

/// A rule with its SQL. Immutable.
struct CompiledRule {
  std::size_t index = 0;  ///< in Catalog::duties
  const pack::DutyRule* rule = nullptr;
  const pack::RecordType* owed_by = nullptr;
  record::Selection counted;
  std::optional<record::Selection> claimed;
  std::string link;                              ///< column of the counted record that leads to the subject
  std::set<std::string, std::less<>> interests;  ///< fields of the counted record whose change matters

  static Result<CompiledRule> make(const pack::Catalog&, std::size_t index);
};

/// What the duties stand on. All borrowed.
struct World {
  const pack::Catalog& catalog;
  const Ground& ground;
  const Regime& regime;
  const Calendar& calendar;
  std::int64_t now = 0;
  std::int64_t horizon = 0;  ///< periods that begin by then are made
};

/// Only these duties; unset = all.
struct Part {
  std::optional<RecordId> subject;
  std::optional<Span> begins;  ///< periods that begin in here
};

/// Calls `take` with every duty of the rule in the part, by subject and period.
Status compute(db::Connection&, const World&, const CompiledRule&, const Part&,
               const std::function<Status(Duty&&)>& take);

}  // namespace mineward::duty
