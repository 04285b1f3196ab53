/// duty/: duties from clauses: who owes what by when, and whether it was done.
///
/// Is for: periods and due times, judging evidence, turning by the clock, climbing the levels, which pack
/// binds whom, what switching a pack would change, which clauses are carried. Never: writes a record, is
/// written by a person, keeps a fact that cannot be computed again from records, packs and the clock, knows a
/// number of a regulation. Start reading at: judge.h (the state of one duty), then engine.h (how all of them
/// are kept true).
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/clock.h"
#include "duty/calendar.h"
#include "duty/judge.h"
#include "duty/regime.h"
#include "pack/load.h"
#include "record/store.h"

namespace mineward::duty {

using record::Actor;
using record::RecordId;

/// One duty: a rule, a subject, a period. Times are UTC milliseconds.
struct Duty {
  const pack::DutyRule* rule = nullptr;  ///< borrowed from the catalog
  RecordId subject;
  Span period;
  std::int64_t due = 0;
  RecordId owner;       ///< organisation of the subject
  int needed = 0;       ///< at_least, or at_most of a limit
  int unconfirmed = 0;  ///< claims without a counted record near them
  Verdict verdict;
};

struct Counts {
  std::int64_t of[5] = {};  ///< by State
  std::int64_t& operator[](State s) { return of[static_cast<std::size_t>(s)]; }
  std::int64_t operator[](State s) const { return of[static_cast<std::size_t>(s)]; }
};

struct Filter {
  std::vector<State> states;
  std::string rule;    ///< id; empty = any
  std::string clause;  ///< id; empty = any
  std::optional<RecordId> subject, owner;
  std::optional<Level> level;            ///< climbed at least so far
  std::optional<std::int64_t> from, to;  ///< due in [from, to)
};
struct Page {
  std::vector<Duty> duties;
  std::string next;  ///< cursor; empty = the last page
  std::int64_t total = 0;
};

/// A record that counts for a duty, or would.
struct Evidence {
  std::string type;
  RecordId id;
  std::int64_t at = 0, done = 0;
  bool counted = false;
  pack::Label why;  ///< why (not)
};
struct Claim {
  std::string type;
  RecordId id;
  std::int64_t at = 0;
  bool confirmed = false;
};
struct Detail {
  Duty duty;
  std::vector<Evidence> evidence;
  std::vector<Claim> claims;
  std::vector<const pack::DutyRule*> also_bound_by;  ///< looser duties that this one replaces
};

struct MatrixCell {
  Counts counts;
  std::optional<Duty> latest;  ///< the one with the latest due time
};
struct Matrix {
  std::vector<const pack::DutyRule*> rules;
  struct Row {
    std::string type;
    RecordId subject, owner;
    std::vector<std::optional<MatrixCell>> cells;  ///< by rule
  };
  std::vector<Row> rows;
};

/// How one subject stands on a clause.
struct Standing {
  std::string type;
  RecordId subject, owner;
  Counts counts;
  std::optional<Duty> last;
};

/// What a pack setting would change.
struct Preview {
  struct Change {
    Duty duty;
    std::optional<State> was;
  };
  struct Part {
    std::int64_t count = 0;
    std::map<std::string, std::int64_t> by_rule;                ///< duty id -> how many
    std::map<std::pair<State, State>, std::int64_t> by_change;  ///< for turn
    std::vector<Change> sample;                                 ///< the first kSample by due time
  };
  static constexpr std::size_t kSample = 50;
  std::vector<const pack::DutyRule*> rules;  ///< of the packs concerned
  Part appear, vanish, turn;
  std::int64_t unchanged = 0;
  std::vector<pack::Label> warnings;
};

/// Everything about duties of a node. Safe from any thread; reads see every record write that was committed
/// before the call.
class Duties {
 public:
  virtual ~Duties() = default;
  virtual const Calendar& calendar() const = 0;

  /// Takes in what changed since, and what the clock turned. About once a second, and before every answer.
  virtual Status catch_up() = 0;
  /// Throws all away and computes it again; the result must be the same.
  virtual Status recompute() = 0;
  /// A text of the whole state, for comparing: one line a duty, in order. Large; for tests and `verify`.
  virtual Result<std::string> dump() = 0;

  virtual Result<Page> list(const Actor&, const Filter&, int limit, const std::string& after,
                            bool descending) = 0;
  /// Counts of the filter by organisation, and how many climbed to each level.
  struct Summary {
    Counts counts;
    std::map<RecordId, Counts> by_owner;
    std::map<Level, std::int64_t> climbed;
  };
  virtual Result<Summary> summary(const Actor&, const Filter&) = 0;
  /// Counts by the day (Beijing) on which duties are due.
  virtual Result<std::map<Date, Counts>> by_day(const Actor&, const Filter&) = 0;
  virtual Result<Matrix> matrix(const Actor&, const Filter&) = 0;
  /// not_found when there is no such duty in the scope.
  virtual Result<Detail> detail(const Actor&, std::string_view rule, RecordId subject,
                                std::int64_t period) = 0;
  /// How every subject in the scope stands on a clause, over all time.
  virtual Result<std::vector<Standing>> standing(const Actor&, std::string_view clause) = 0;
  /// When a subject's duty of a rule is due for the period that holds an instant; nullopt when it does not
  /// bind it then.
  virtual Result<std::optional<std::int64_t>> due(std::string_view rule, RecordId subject,
                                                  std::int64_t in_period) = 0;

  /// What the setting would change from its first day until `until` (a day; the past and what is to come).
  virtual Result<Preview> preview(const Setting&, Date until) = 0;
};

/// Makes the tables, computes what is missing or was computed by other packs. All are borrowed.
Result<std::unique_ptr<Duties>> open_duties(pack::CatalogPtr, record::Store&, Clock&);

/// Runs the examples of every duty through judge().
pack::ExampleOutcome run_duty_examples(const pack::Catalog&);

}  // namespace mineward::duty
