#include "duty/compute.h"

#include <algorithm>
#include <unordered_map>

#include <fmt/format.h>

namespace mineward::duty {
namespace {

using pack::DutyRule;

/// When a record belongs to a period, and when it counted (or broke the limit).
struct Moment {
  std::int64_t at = 0, moment = 0;
};
using Moments = std::unordered_map<std::int64_t, std::vector<Moment>>;  // by subject

/// One period of a rule, the same for all of its subjects.
struct Slot {
  Span period;
  std::int64_t due = 0;
  Date day;  ///< last day: the day whose rules are asked
};

std::int64_t integer(const db::Value& cell) {
  const auto* v = std::get_if<std::int64_t>(&cell);
  return v ? *v : 0;
}

class Computation {
 public:
  Computation(db::Connection& c, const World& world, const CompiledRule& compiled, const Part& part)
      : c_(c), world_(world), compiled_(compiled), rule_(*compiled.rule), part_(part) {}

  Status run(const std::function<Status(Duty&&)>& take) {
    if (!make_slots()) return {};
    MW_TRY(read_counted());
    MW_TRY(read_claims());
    if (part_.subject) {
      const Subject* subject = world_.ground.find(rule_.owed_by, *part_.subject);
      return subject ? duties_of(*subject, take) : Status();
    }
    for (const auto& [id, subject] : world_.ground.of(rule_.owed_by)) MW_TRY(duties_of(subject, take));
    return {};
  }

 private:
  /// False when there is none: nobody is bound, or not in that time.
  bool make_slots() {
    std::int64_t from = INT64_MAX;
    const auto look = [&](const Subject& subject) {
      const DaySet& days = world_.regime.days(compiled_.index, world_.ground.region(subject.owner()));
      if (days.empty()) return;
      from = std::min(from, std::max(start_of_day_ms({days.ranges().front().from}), subject.since()));
    };
    if (part_.subject) {
      if (const Subject* subject = world_.ground.find(rule_.owed_by, *part_.subject)) look(*subject);
    } else {
      for (const auto& [id, subject] : world_.ground.of(rule_.owed_by)) look(subject);
    }
    if (from == INT64_MAX) return false;
    std::int64_t until = world_.horizon;
    if (part_.begins) {
      from = std::max(from, part_.begins->from);
      until = std::min(until, part_.begins->to - 1);
    }
    Span period = period_at(rule_.every, rule_.shifts, from);
    if (part_.begins && period.from < part_.begins->from)
      period = period_at(rule_.every, rule_.shifts, period.to);
    for (; period.from <= until; period = period_at(rule_.every, rule_.shifts, period.to)) {
      slots_.push_back({period, due_of(rule_, period, world_.calendar), last_day(period)});
    }
    return !slots_.empty();
  }

  Span covered() const { return {slots_.front().period.from, slots_.back().period.to}; }

  Status collect(const std::string& sql, std::span<const db::Value> params, Moments& out) {
    return c_.each(sql, params, [&](std::span<const db::Value> row) {
      out[integer(row[0])].push_back({integer(row[1]), integer(row[2])});
      return true;
    });
  }

  Status read_counted() {
    std::vector<db::Value> params;
    const auto& counted = compiled_.counted;
    std::string where = counted.where(params);
    MW_ASSIGN(const std::string at, counted.instant(rule_.at));
    MW_ASSIGN(const std::string within, counted.within(rule_.at, covered().from, covered().to, params));
    where += " AND " + within;
    std::string moment;
    if (rule_.is_limit()) {
      MW_ASSIGN(const std::string from, counted.instant(rule_.from));
      MW_ASSIGN(const std::string to, counted.instant(rule_.to));
      params.emplace_back(rule_.longer_than->count());
      const std::size_t limit = params.size();
      where +=
          fmt::format(" AND {} IS NOT NULL AND ({} IS NULL OR {} - {} > ${})", from, to, to, from, limit);
      moment = fmt::format("{} + ${} + 1", from, limit);
    } else {
      MW_ASSIGN(const std::string done, counted.instant(rule_.done));
      moment = fmt::format("COALESCE({}, t.created_at)", done);
    }
    if (part_.subject) {
      params.emplace_back(part_.subject->value);
      where += fmt::format(" AND {} = ${}", compiled_.link, params.size());
    }
    return collect(fmt::format("SELECT {}, {}, {} FROM {} WHERE {} AND {} IS NOT NULL", compiled_.link, at,
                               moment, counted.from(), where, compiled_.link),
                   params, moments_);
  }

  /// Claims that no counted record confirms.
  Status read_claims() {
    if (!compiled_.claimed) return {};
    const auto& claimed = *compiled_.claimed;
    std::vector<db::Value> params;
    MW_ASSIGN(const std::string link, claimed.column(rule_.claims.of));
    MW_ASSIGN(const std::string at, claimed.instant(rule_.claims.at));
    MW_ASSIGN(const std::string within,
              claimed.within(rule_.claims.at, covered().from, covered().to, params));
    std::string where = within;
    if (part_.subject) {
      params.emplace_back(part_.subject->value);
      where += fmt::format(" AND {} = ${}", link, params.size());
    }
    MW_ASSIGN(const std::string near, confirmation(params));
    return collect(fmt::format("SELECT {0}, {1}, {1} FROM {2} WHERE {0} IS NOT NULL AND {3} AND NOT {4}",
                               link, at, claimed.from(), where, near),
                   params, unconfirmed_);
  }

  /// EXISTS a counted record near the claim `t`. Both selections call their table `t`, so the claim stands
  /// once more as `t2`.
  Result<std::string> confirmation(std::vector<db::Value>& params) {
    const auto& counted = compiled_.counted;
    std::string where = counted.where(params);
    MW_ASSIGN(const std::string at, counted.column(rule_.at));
    params.emplace_back(rule_.claims.within.count());
    const std::size_t within = params.size();
    return fmt::format(
        "EXISTS (SELECT 1 FROM {} t2 WHERE t2.id = t.id AND EXISTS (SELECT 1 FROM {} WHERE {} = t2.{} AND {} "
        "AND {} >= t2.{} - "
        "${} AND {} <= t2.{} + ${}))",
        compiled_.claimed->from().substr(0, compiled_.claimed->from().size() - 2), counted.from(),
        compiled_.link, db::identifier(rule_.claims.of), where, at, db::identifier(rule_.claims.at), within,
        at, db::identifier(rule_.claims.at), within);
  }

  Status duties_of(const Subject& subject, const std::function<Status(Duty&&)>& take) {
    const RecordId owner = subject.owner();
    const DaySet& days = world_.regime.days(compiled_.index, world_.ground.region(owner));
    if (days.empty()) return {};
    std::vector<Moment>& counted = sorted(moments_, subject.id);
    std::vector<Moment>& claims = sorted(unconfirmed_, subject.id);
    // Who was entered in the middle of a period does not owe it: on the day of an installation nobody has
    // missed anything.
    auto first = std::partition_point(slots_.begin(), slots_.end(),
                                      [&](const Slot& s) { return s.period.from < subject.since(); });
    std::size_t next = 0, next_claim = 0;
    std::vector<std::int64_t> moments;
    for (auto slot = first; slot != slots_.end(); ++slot) {
      moments.clear();
      skip_to(counted, next, slot->period.from);
      while (next < counted.size() && counted[next].at < slot->period.to)
        moments.push_back(counted[next++].moment);
      skip_to(claims, next_claim, slot->period.from);
      int unconfirmed = 0;
      while (next_claim < claims.size() && claims[next_claim].at < slot->period.to)
        ++unconfirmed, ++next_claim;
      if (!days.contains(slot->day)) continue;
      const record::Record* then = subject.at(std::min(world_.now, slot->period.to - 1));
      if (!then || !record::fits(*compiled_.owed_by, rule_.owed_when, *then)) continue;
      std::sort(moments.begin(), moments.end());
      Duty duty{&rule_, subject.id, slot->period, slot->due,
                owner,  0,          unconfirmed,  judge(rule_, slot->due, moments, world_.now)};
      duty.needed = rule_.is_limit() ? rule_.at_most.value_or(0) : rule_.at_least.value_or(1);
      MW_TRY(take(std::move(duty)));
    }
    return {};
  }

  static void skip_to(const std::vector<Moment>& moments, std::size_t& next, std::int64_t from) {
    while (next < moments.size() && moments[next].at < from) ++next;
  }

  static std::vector<Moment>& sorted(Moments& all, RecordId subject) {
    std::vector<Moment>& out = all[subject.value];
    std::sort(out.begin(), out.end(), [](const Moment& a, const Moment& b) { return a.at < b.at; });
    return out;
  }

  db::Connection& c_;
  const World& world_;
  const CompiledRule& compiled_;
  const DutyRule& rule_;
  const Part& part_;
  std::vector<Slot> slots_;
  Moments moments_, unconfirmed_;
};

}  // namespace

Result<CompiledRule> CompiledRule::make(const pack::Catalog& catalog, std::size_t index) {
  const DutyRule& rule = catalog.duties[index];
  const auto where = [&](Error error) { return std::move(error).in(fmt::format("duty {}", rule.id)); };
  auto counted = record::Selection::make(catalog, rule.counts, rule.when);
  if (!counted) return where(std::move(counted).error());
  CompiledRule out{index, &rule, catalog.record_type(rule.owed_by), *std::move(counted), std::nullopt,
                   {},    {}};
  auto link = out.counted.column(rule.of);
  if (!link) return where(std::move(link).error());
  out.link = *std::move(link);
  if (!rule.claims.record.empty()) {
    auto claimed = record::Selection::make(catalog, rule.claims.record, {});
    if (!claimed) return where(std::move(claimed).error());
    out.claimed = *std::move(claimed);
  }
  out.interests = {rule.of, rule.at, rule.done};
  if (rule.is_limit()) out.interests.insert({rule.from, rule.to});
  for (const auto& field : out.counted.fields()) out.interests.insert(field);
  return out;
}

Status compute(db::Connection& c, const World& world, const CompiledRule& rule, const Part& part,
               const std::function<Status(Duty&&)>& take) {
  return Computation(c, world, rule, part).run(take);
}

}  // namespace mineward::duty
