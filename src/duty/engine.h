/// Inside duty/: keeps table `duty` true: all of it once, then what a change or the clock touches. Holds
/// subjects and settings in memory. One thread at a time.
#pragma once

#include <map>
#include <memory>
#include <set>

#include "duty/compute.h"
#include "duty/table.h"

namespace mineward::duty {

/// How far ahead duties are made, so that a calendar shows what is coming.
inline constexpr Millis kLookAhead = std::chrono::hours(24 * 14);

class Engine {
 public:
  Engine(pack::CatalogPtr catalog, record::Store& store, Clock& clock);
  /// Makes tables; computes all when the packs, or the direction of the clock, changed since.
  Status open();
  Status catch_up();
  Status recompute();

  const pack::Catalog& catalog() const { return *catalog_; }
  const Calendar& calendar() const { return calendar_; }
  const Ground& ground() const { return ground_; }
  const Regime& regime() const { return *regime_; }
  const std::vector<CompiledRule>& rules() const { return rules_; }
  std::int64_t now() const { return clock_.now().utc_ms; }
  World world(const Regime& regime, std::int64_t now, std::int64_t horizon) const {
    return {*catalog_, ground_, regime, calendar_, now, horizon};
  }
  static std::int64_t horizon_of(std::int64_t now);

 private:
  /// What has to be computed again: for a rule and a subject all periods (empty set), or those that begin at
  /// these instants.
  struct Affected {
    std::map<std::pair<std::size_t, RecordId>, std::set<std::int64_t>> periods;
    std::set<std::pair<std::size_t, RecordId>> whole;
    std::set<std::size_t> rules;
  };
  Status fill(db::Connection&, std::int64_t now);
  Status load_settings(db::Connection&);
  Status round(db::Connection&, std::int64_t now, bool& more);
  Status take_change(db::Connection&, const record::Change&, Affected&);
  Status take_counted(db::Connection&, const record::Change&, std::size_t rule, Affected&);
  Status take_claim(const record::Change&, std::size_t rule, Affected&);
  Status take_subject(db::Connection&, const record::Change&, Affected&);
  void add_period(std::size_t rule, RecordId subject, std::int64_t at, Affected&);
  Status apply(db::Connection&, const Affected&, std::int64_t now);
  Status refresh(db::Connection&, std::size_t rule, RecordId subject, const Span& begins, std::int64_t now);
  Status recompute_rule(db::Connection&, std::size_t rule, std::int64_t now);
  Status extend(db::Connection&, std::int64_t now);
  Status read_next_turn(db::Connection&);

  pack::CatalogPtr catalog_;
  record::Store& store_;
  Clock& clock_;
  Calendar calendar_;
  Ground ground_;
  std::unique_ptr<Regime> regime_;
  std::vector<CompiledRule> rules_;
  std::map<std::string, std::vector<std::size_t>, std::less<>> by_counted_, by_claimed_, by_subject_;
  Stand stand_;
  std::optional<std::int64_t> next_turn_;
  bool stale_ = false;  ///< a round failed half way: memory may be ahead of the table
};

}  // namespace mineward::duty
