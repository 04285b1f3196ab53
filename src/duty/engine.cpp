#include "duty/engine.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/digest.h"
#include "base/text.h"

namespace mineward::duty {
namespace {

/// Log entries taken in by one transaction: short enough that nobody waits for the writer.
constexpr int kEntriesAtOnce = 500;
constexpr std::int64_t kTurnsAtOnce = 2000;
/// More rules or subjects than this are computed by rule rather than one by one.
constexpr std::size_t kManySubjects = 200;
constexpr Span kAlways{INT64_MIN / 4, INT64_MAX / 4};

std::string fingerprint(const pack::Catalog& catalog) {
  std::string all = "duty 1\n";
  for (const auto& pack : catalog.packs) all += pack.name + " " + pack.sha256 + "\n";
  return sha256_hex(all);
}

/// Both values of a field in a diff, or nothing when it did not change.
std::vector<const Json*> values_of(const record::Change& change, std::string_view field) {
  std::vector<const Json*> out;
  const Json& pair = change.diff[field];
  if (pair.array()) {
    for (const Json& value : *pair.array()) out.push_back(&value);
  }
  return out;
}

std::optional<RecordId> id_of(const Json& value) {
  return value.string() ? parse_record_id(*value.string()) : std::nullopt;
}

std::optional<std::int64_t> instant_of(const Json& value) {
  if (!value.string()) return std::nullopt;
  const auto time = parse_time(*value.string());
  return time ? std::optional(time->utc_ms) : std::nullopt;
}

bool touches(const record::Change& change, const std::set<std::string, std::less<>>& fields) {
  if (change.version == 1) return true;
  const auto* pairs = change.diff.object();
  return pairs && std::any_of(pairs->begin(), pairs->end(),
                              [&](const auto& pair) { return fields.contains(pair.first); });
}

}  // namespace

Engine::Engine(pack::CatalogPtr catalog, record::Store& store, Clock& clock)
    : catalog_(std::move(catalog)), store_(store), clock_(clock), calendar_(*catalog_), ground_(*catalog_) {}

std::int64_t Engine::horizon_of(std::int64_t now) {
  return start_of_day_ms({china_date(now + kLookAhead.count()).days + 1}) - 1;
}

Status Engine::open() {
  for (std::size_t i = 0; i < catalog_->duties.size(); ++i) {
    MW_ASSIGN(CompiledRule rule, CompiledRule::make(*catalog_, i));
    by_counted_[rule.rule->counts].push_back(i);
    if (rule.claimed) by_claimed_[rule.rule->claims.record].push_back(i);
    by_subject_[rule.rule->owed_by].push_back(i);
    rules_.push_back(std::move(rule));
  }
  MW_TRY(store_.database().write([&](db::Connection& c) -> Status {
    MW_TRY(create_duty_tables(c));
    MW_ASSIGN(stand_, read_stand(c));
    MW_TRY(ground_.load(c));
    MW_TRY(load_settings(c));
    return read_next_turn(c);
  }));
  if (stand_.packs != fingerprint(*catalog_)) return recompute();
  return catch_up();
}

Status Engine::load_settings(db::Connection& c) {
  MW_ASSIGN(auto settings, read_settings(c, *catalog_));
  regime_ = std::make_unique<Regime>(*catalog_, std::move(settings));
  return {};
}

Status Engine::recompute() {
  return store_.database().write([&](db::Connection& c) -> Status {
    MW_ASSIGN(db::Transaction transaction, db::Transaction::begin(c));
    stale_ = true;
    const std::int64_t at = now();
    MW_ASSIGN(const std::int64_t seq, record::last_change(c));
    MW_TRY(ground_.load(c));
    MW_TRY(load_settings(c));
    MW_TRY(clear_duties(c));
    MW_TRY(fill(c, at));
    MW_TRY(restore_indexes(c));
    stand_ = {fingerprint(*catalog_), seq, at, horizon_of(at)};
    MW_TRY(write_stand(c, stand_));
    MW_TRY(read_next_turn(c));
    MW_TRY(transaction.commit());
    stale_ = false;
    return {};
  });
}

Status Engine::fill(db::Connection& c, std::int64_t at) {
  DutyLoader loader(c, *catalog_);
  const World world = this->world(*regime_, at, horizon_of(at));
  for (const auto& rule : rules_) {
    MW_TRY(compute(c, world, rule, {}, [&](Duty&& duty) { return loader.add(duty); }));
  }
  return loader.finish();
}

Status Engine::read_next_turn(db::Connection& c) {
  MW_ASSIGN(const db::Rows rows, c.query("SELECT MIN(next_turn) FROM duty WHERE next_turn IS NOT NULL"));
  next_turn_ =
      rows.empty() || db::is_null(rows.rows[0][0]) ? std::nullopt : std::optional(rows.integer(0, 0));
  return {};
}

Status Engine::catch_up() {
  // A clock set back makes what was computed too late; a minute is no more than a clock being set.
  const bool clock_went_back = now() + 60'000 < stand_.computed_at;
  if (stale_ || clock_went_back) return recompute();
  for (bool more = true; more;) {
    const std::int64_t at = now();
    std::int64_t head = 0;
    MW_TRY(store_.database().read([&](db::Connection& c) -> Status {
      MW_ASSIGN(head, record::last_change(c));
      return {};
    }));
    const bool turns = next_turn_ && *next_turn_ <= at;
    if (head == stand_.seq && !turns && horizon_of(at) <= stand_.horizon) return {};
    const Status done = store_.database().write([&](db::Connection& c) -> Status {
      MW_ASSIGN(db::Transaction transaction, db::Transaction::begin(c));
      MW_TRY(round(c, at, more));
      return transaction.commit();
    });
    if (!done) {
      stale_ = true;
      return done;
    }
  }
  return {};
}

Status Engine::round(db::Connection& c, std::int64_t at, bool& more) {
  MW_TRY(extend(c, at));
  Affected affected;
  std::int64_t seen = stand_.seq;
  MW_ASSIGN(const auto changes, record::changes_after(c, stand_.seq, kEntriesAtOnce, seen));
  for (const auto& change : changes) MW_TRY(take_change(c, change, affected));
  MW_ASSIGN(
      const db::Rows turning,
      c.query("SELECT rule, subject, period FROM duty WHERE next_turn <= $1 ORDER BY next_turn LIMIT $2",
              {at, kTurnsAtOnce}));
  for (std::size_t i = 0; i < turning.size(); ++i) {
    affected.periods[{static_cast<std::size_t>(turning.integer(i, 0)), RecordId{turning.integer(i, 1)}}]
        .insert(turning.integer(i, 2));
  }
  MW_TRY(apply(c, affected, at));
  MW_ASSIGN(const std::int64_t head, record::last_change(c));
  more = seen < head || static_cast<std::int64_t>(turning.size()) == kTurnsAtOnce;
  stand_.seq = seen;
  stand_.computed_at = at;
  MW_TRY(write_stand(c, stand_));
  return read_next_turn(c);
}

/// Duties of periods that have come into view.
Status Engine::extend(db::Connection& c, std::int64_t at) {
  const std::int64_t horizon = horizon_of(at);
  if (horizon <= stand_.horizon) return {};
  const Part part{std::nullopt, Span{stand_.horizon + 1, horizon + 1}};
  const World world = this->world(*regime_, at, horizon);
  DutyLoader loader(c, *catalog_);
  for (const auto& rule : rules_) {
    MW_TRY(compute(c, world, rule, part, [&](Duty&& duty) { return loader.add(duty); }));
  }
  stand_.horizon = horizon;
  return loader.finish();
}

// ---- what a change touches
// -----------------------------------------------------------------------------------------------------

Status Engine::take_change(db::Connection& c, const record::Change& change, Affected& affected) {
  if (change.type == "pack_setting" && (change.version == 1 || !change.diff["state"].is_null())) {
    const std::vector<Setting> before = regime_->settings();
    MW_TRY(load_settings(c));
    std::set<std::string> packs;
    for (const auto* settings : {&before, &regime_->settings()}) {
      for (const auto& setting : *settings) {
        if (setting.id == change.id) packs.insert(setting.pack), packs.insert(setting.replaced_by);
      }
    }
    if (packs.empty()) return {};
    std::set<std::string> families, ids;
    for (const auto& rule : catalog_->duties) {
      if (packs.contains(rule.pack)) families.insert(rule.family), ids.insert(rule.id);
    }
    for (std::size_t i = 0; i < catalog_->duties.size(); ++i) {
      const auto& rule = catalog_->duties[i];
      if (ids.contains(rule.id) || (!rule.family.empty() && families.contains(rule.family)))
        affected.rules.insert(i);
    }
    return {};
  }
  if (change.type == "region" ||
      (change.type == "organisation" && (change.version == 1 || !change.diff["region"].is_null()))) {
    MW_TRY(ground_.reload_regions(c));
    const bool moved =
        change.type == "region" ? change.version > 1 && !change.diff["code"].is_null() : change.version > 1;
    if (moved) {
      for (std::size_t i = 0; i < rules_.size(); ++i) affected.rules.insert(i);
    }
  }
  if (by_subject_.contains(change.type)) MW_TRY(take_subject(c, change, affected));
  if (const auto rules = by_counted_.find(change.type); rules != by_counted_.end()) {
    for (const std::size_t rule : rules->second) {
      if (touches(change, rules_[rule].interests)) MW_TRY(take_counted(c, change, rule, affected));
    }
  }
  if (const auto rules = by_claimed_.find(change.type); rules != by_claimed_.end()) {
    for (const std::size_t rule : rules->second) MW_TRY(take_claim(change, rule, affected));
  }
  return {};
}

Status Engine::take_subject(db::Connection& c, const record::Change& change, Affected& affected) {
  const auto& fields = ground_.fields(change.type);
  const bool matters =
      change.version == 1 || !change.diff["state"].is_null() || !change.diff["owner"].is_null() ||
      std::any_of(fields.begin(), fields.end(), [&](const auto& f) { return change.diff.has(f); });
  if (!matters) return {};
  MW_TRY(ground_.reload(c, change.type, change.id));
  for (const std::size_t rule : by_subject_[change.type]) affected.whole.insert({rule, change.id});
  return {};
}

void Engine::add_period(std::size_t rule, RecordId subject, std::int64_t at, Affected& affected) {
  const auto& r = *rules_[rule].rule;
  affected.periods[{rule, subject}].insert(period_at(r.every, r.shifts, at).from);
}

Status Engine::take_counted(db::Connection& c, const record::Change& change, std::size_t rule,
                            Affected& affected) {
  const CompiledRule& compiled = rules_[rule];
  const pack::DutyRule& r = *compiled.rule;
  std::set<RecordId> subjects;
  std::set<std::int64_t> moments;
  if (r.of == "id") subjects.insert(change.id);
  for (const Json* value : values_of(change, r.of)) {
    if (const auto id = id_of(*value)) subjects.insert(*id);
  }
  for (const Json* value : values_of(change, r.at)) {
    if (const auto at = instant_of(*value)) moments.insert(*at);
  }
  // What did not change in this entry is as it is now, or is named by a later entry that changed it.
  MW_ASSIGN(const std::string at, compiled.counted.instant(r.at));
  MW_ASSIGN(const db::Rows rows, c.query(fmt::format("SELECT {}, {} FROM {} WHERE t.id = $1", compiled.link,
                                                     at, compiled.counted.from()),
                                         {change.id.value}));
  if (!rows.empty()) {
    if (!db::is_null(rows.rows[0][0])) subjects.insert(RecordId{rows.integer(0, 0)});
    if (!db::is_null(rows.rows[0][1])) moments.insert(rows.integer(0, 1));
  }
  for (const RecordId subject : subjects) {
    for (const std::int64_t moment : moments) {
      add_period(rule, subject, moment, affected);
      if (r.claims.record.empty()) continue;
      // It may confirm a claim near it that stands in a neighbouring period.
      add_period(rule, subject, moment - r.claims.within.count(), affected);
      add_period(rule, subject, moment + r.claims.within.count(), affected);
    }
  }
  return {};
}

Status Engine::take_claim(const record::Change& change, std::size_t rule, Affected& affected) {
  const pack::DutyRule& r = *rules_[rule].rule;
  if (!touches(change, {r.claims.of, r.claims.at})) return {};
  const record::Actor system = record::Actor::system("system:duty");
  std::set<RecordId> subjects;
  std::set<std::int64_t> moments;
  for (const Json* value : values_of(change, r.claims.of)) {
    if (const auto id = id_of(*value)) subjects.insert(*id);
  }
  for (const Json* value : values_of(change, r.claims.at)) {
    if (const auto at = instant_of(*value)) moments.insert(*at);
  }
  const auto claim = store_.get(system, change.type, change.id);
  if (!claim) return claim.error();
  if (const RecordId subject = claim->reference(r.claims.of)) subjects.insert(subject);
  if (const auto at = claim->time(r.claims.at)) moments.insert(at->utc_ms);
  for (const RecordId subject : subjects) {
    for (const std::int64_t moment : moments) add_period(rule, subject, moment, affected);
  }
  return {};
}

// ---- computing it again
// ---------------------------------------------------------------------------------------------------------

Status Engine::apply(db::Connection& c, const Affected& affected, std::int64_t at) {
  std::set<std::size_t> rules = affected.rules;
  std::map<std::size_t, std::size_t> whole_by_rule;
  for (const auto& [rule, subject] : affected.whole) {
    if (++whole_by_rule[rule] > kManySubjects) rules.insert(rule);
  }
  for (const std::size_t rule : rules) MW_TRY(recompute_rule(c, rule, at));
  for (const auto& [rule, subject] : affected.whole) {
    if (!rules.contains(rule)) MW_TRY(refresh(c, rule, subject, kAlways, at));
  }
  for (const auto& [key, periods] : affected.periods) {
    if (rules.contains(key.first) || affected.whole.contains(key)) continue;
    for (const std::int64_t from : periods) MW_TRY(refresh(c, key.first, key.second, {from, from + 1}, at));
  }
  return {};
}

Status Engine::refresh(db::Connection& c, std::size_t rule, RecordId subject, const Span& begins,
                       std::int64_t at) {
  std::vector<Duty> duties;
  MW_TRY(compute(c, world(*regime_, at, stand_.horizon), rules_[rule], {subject, begins},
                 [&](Duty&& duty) -> Status {
                   duties.push_back(std::move(duty));
                   return {};
                 }));
  return replace_duties(c, *catalog_, rule, subject, begins, duties);
}

Status Engine::recompute_rule(db::Connection& c, std::size_t rule, std::int64_t at) {
  MW_TRY(delete_rule(c, rule));
  DutyLoader loader(c, *catalog_);
  MW_TRY(compute(c, world(*regime_, at, stand_.horizon), rules_[rule], {},
                 [&](Duty&& duty) { return loader.add(duty); }));
  return loader.finish();
}

}  // namespace mineward::duty
