/// Inside duty/: table `duty`, one row a duty, and `duty_state`, what it was computed from. Derived data:
/// everything in here can be thrown away and computed again.
#pragma once

#include <string>
#include <vector>

#include "duty/duty.h"

namespace mineward::duty {

Status create_duty_tables(db::Connection&);

/// What the table was computed from.
struct Stand {
  std::string packs;             ///< fingerprint of the packs
  std::int64_t seq = 0;          ///< change log taken in up to here
  std::int64_t computed_at = 0;  ///< the clock then
  std::int64_t horizon = 0;
};
Result<Stand> read_stand(db::Connection&);
Status write_stand(db::Connection&, const Stand&);

/// Rows on their way into an emptied table, many at a time.
class DutyLoader {
 public:
  DutyLoader(db::Connection& connection, const pack::Catalog& catalog) : c_(connection), catalog_(catalog) {}
  Status add(const Duty&);
  Status finish();

 private:
  db::Connection& c_;
  const pack::Catalog& catalog_;
  std::vector<std::vector<db::Value>> rows_;
};

/// All rows away. Indexes but the key are dropped too; restore_indexes() makes them again.
Status clear_duties(db::Connection&);
Status restore_indexes(db::Connection&);

/// Puts `duties` in the place of all rows of the rule and subject whose period begins in `begins`.
Status replace_duties(db::Connection&, const pack::Catalog&, std::size_t rule, RecordId subject,
                      const Span& begins, const std::vector<Duty>& duties);
Status delete_rule(db::Connection&, std::size_t rule);

/// Columns as read by duty_from_row().
inline constexpr std::string_view kDutyColumns =
    "d.rule, d.subject, d.period, d.period_end, d.due, d.state, d.progress, d.needed, d.unconfirmed, "
    "d.level, d.met_at, "
    "d.next_turn, d.owner";
/// nullopt when the catalog has no such rule (a row of other packs).
std::optional<Duty> duty_from_row(const pack::Catalog&, std::span<const db::Value> row);

}  // namespace mineward::duty
