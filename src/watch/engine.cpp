#include "watch/engine.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <set>

#include "base/digest.h"
#include "base/log.h"
#include "watch/gas.h"
#include "watch/graded_items.h"
#include "watch/integrity.h"
#include "watch/people.h"
#include "watch/silence.h"

namespace mineward::watch {
namespace {

/// Layout of saved state; a state of another version is not read.
constexpr std::uint32_t kStateVersion = 1;
/// Limit versions kept for a point; older data than the oldest is judged by the oldest.
constexpr std::size_t kLimitVersions = 16;

template <class D>
std::unique_ptr<Detector> make(const pack::AlarmRule& rule) {
  return std::make_unique<D>(rule);
}

/// "410000" covers "410181": trailing pairs of zeros stand for everything below.
std::string_view region_prefix(std::string_view code) {
  while (code.size() > 2 && code.ends_with("00")) code.remove_suffix(2);
  return code;
}

bool applies(const pack::AlarmRule& rule, const MineView& view) {
  if (!rule.enabled) return false;
  if (!rule.mine_kinds.empty() &&
      std::find(rule.mine_kinds.begin(), rule.mine_kinds.end(), view.kind) == rule.mine_kinds.end())
    return false;
  return view.jurisdiction.starts_with(region_prefix(rule.jurisdiction));
}

bool in_force(const pack::AlarmRule& rule, EventTime at) {
  const Date day = china_date(at.utc_ms);
  return day >= rule.valid_from && (!rule.valid_to || day <= *rule.valid_to);
}

/// One upload writes the peak of an event at most once: a later change of the event carries it as well.
void keep_last_peaks(std::vector<AlarmChange>& changes) {
  std::set<std::string> told;
  std::vector<AlarmChange> kept;
  for (auto c = changes.rbegin(); c != changes.rend(); ++c)
    if (told.insert(c->key).second || c->kind != AlarmChange::Kind::peak) kept.push_back(std::move(*c));
  changes.assign(std::make_move_iterator(kept.rbegin()), std::make_move_iterator(kept.rend()));
}

}  // namespace

std::unique_ptr<Detector> make_detector(const pack::AlarmRule& rule) {
  static const std::map<std::string, std::unique_ptr<Detector> (*)(const pack::AlarmRule&), std::less<>>
      kinds = {
          {"over_limit", make<OverLimit>},
          {"cut_failed", make<CutFailed>},
          {"fan_gas", make<FanGas>},
          {"carbon_monoxide", make<CarbonMonoxide>},
          {"flat_line", make<FlatLine>},
          {"calibration", make<Calibration>},
          {"limit_edit", make<LimitEdit>},
          {"limit_floor", make<LimitFloor>},
          {"pulse", make<Pulse>},
          {"silence", make<Silence>},
          {"overtime", make<Overtime>},
          {"over_staff", make<OverStaff>},
          {"restricted_area", make<RestrictedArea>},
          {"sos", make<Sos>},
          {"stopped_mine", make<StoppedMine>},
          {"count_mismatch", make<CountMismatch>},
          {"graded_items", make<GradedItems>},
      };
  const auto it = kinds.find(rule.detector);
  return it == kinds.end() ? nullptr : it->second(rule);
}

Engine::Engine(pack::CatalogPtr catalog, std::shared_ptr<const MineView> view)
    : catalog_(std::move(catalog)), late_window_(0), late_arrival_(0) {
  // Of several rules with one id the one of the smallest jurisdiction stands in for the others.
  std::map<std::string, const pack::AlarmRule*> chosen;
  for (const auto& rule : catalog_->alarm_rules) {
    if (!applies(rule, *view)) continue;
    auto& slot = chosen[rule.id];
    if (!slot || region_prefix(rule.jurisdiction).size() > region_prefix(slot->jurisdiction).size())
      slot = &rule;
  }
  for (const auto& [id, rule] : chosen) {
    if (rule->detector == "quality_gate") {
      ignore_states_ = static_cast<unsigned>(rule->number("ignore_states", 0));
      calibration_states_ = static_cast<unsigned>(rule->number("calibration_states", 0));
      late_window_ = rule->duration("late_window", Millis(0));
      late_arrival_ = rule->duration("late_arrival", Millis(0));
      range_slack_ = rule->number("range_slack", 0);
    } else if (auto detector = make_detector(*rule)) {
      detectors_.push_back(std::move(detector));
    }
  }
  set_view(std::move(view), EventTime{});
}

Engine::~Engine() = default;

void Engine::set_view(std::shared_ptr<const MineView> view, EventTime since) {
  view_ = std::move(view);
  forget_points();
  auto all = std::make_shared<Versions>(*versions_);
  for (const auto& [key, p] : view_->points) {
    auto& versions = (*all)[key];
    if (!versions.empty() && versions.back().same_numbers(p.own)) continue;
    OwnLimits next = p.own;
    next.from = versions.empty()
                    ? EventTime{}
                    : std::max(since.utc_ms ? since : p.own.from, versions.back().from + Millis(1));
    versions.push_back(next);
    if (versions.size() > kLimitVersions) versions.erase(versions.begin());
  }
  versions_ = std::move(all);
}

OwnLimits Engine::own(const PointInfo& p, EventTime at) {
  const auto it = versions_->find(p.key);
  if (it == versions_->end() || it->second.empty()) return p.own;
  const auto& v = it->second;
  for (auto i = v.rbegin(); i != v.rend(); ++i)
    if (i->from <= at) return *i;
  return v.front();
}

const EffectiveLimits& Engine::limits(const PointInfo& p, EventTime at) {
  if (newest_limits_.slot && newest_limits_.point == p.key && newest_limits_.at == at)
    return newest_limits_.slot->limits;
  look_up_points();
  Slot& slot = slots_[p.key];
  newest_limits_ = {p.key, at, &slot};
  const Date on = china_date(at.utc_ms);
  const bool one_version = slot.versions && slot.versions->size() == 1;
  const EventTime version = one_version ? slot.versions->front().from : own(p, at).from;
  if (!slot.limits_known || slot.limits_on != on || slot.limits_version != version) {
    slot.limits_known = true;
    slot.limits_on = on;
    slot.limits_version = version;
    slot.limits = effective_limits(*catalog_, *view_, p, own(p, at), on);
  }
  return slot.limits;
}

EffectiveLimits Engine::limits_at(const PointInfo& p, EventTime at) { return limits(p, at); }

void Engine::forget_points() {
  slots_.clear();
  newest_limits_ = {};
}

void Engine::look_up_points() {
  if (slots_.size() > 0) return;
  for (const auto& [key, p] : view_->points) {
    Slot& slot = slots_[key];
    slot.point = &p;
    if (const auto it = versions_->find(key); it != versions_->end()) slot.versions = &it->second;
    for (const auto& d : detectors_)
      if (d->wants(*view_, p)) slot.listeners.push_back(d.get());
  }
}

Context Engine::context(std::vector<AlarmChange>& out) { return {*catalog_, *view_, facts_, *this, out}; }

Measured Engine::measure(const PointInfo& p, const history::Sample& s, const Facts::Latest* newest,
                         ArrivalTime arrived) const {
  Measured m;
  m.at = s.at;
  m.state = s.state;
  m.calibrating = (s.state & calibration_states_) != 0;
  if ((s.state & ignore_states_) == 0) m.value = s.value;
  // Far below the range is no measurement; above it is: too much gas is never thrown away.
  if (m.value && p.range_low && p.range_high && *p.range_high > *p.range_low) {
    const double slack = range_slack_ * (*p.range_high - *p.range_low);
    if (*m.value < *p.range_low - slack) m.value.reset();
  }
  m.in_order = !newest || s.at > newest->at;
  m.late = (!m.in_order && newest->at - s.at > late_window_) ||
           (late_arrival_ > Millis(0) && arrived.utc_ms - s.at.utc_ms > late_arrival_.count());
  return m;
}

void Engine::apply_row(Context& ctx, const history::Row& row, ArrivalTime arrived) {
  const Slot* slot = slots_.find(row.point);
  if (!slot || !slot->point) return;
  const PointInfo* p = slot->point;
  Facts::Latest* newest = facts_.latest.find(row.point);
  const Measured m = measure(*p, row.sample, newest, arrived);
  if (newest && row.sample.at == newest->at) return;  // a repeat; the history keeps corrections
  if (m.in_order) {
    Facts::Latest& latest = newest ? *newest : facts_.latest[row.point];
    latest.at = m.at;
    if (m.value) {
      latest.value = m.value;
      latest.value_at = m.at;
    }
  }
  for (Detector* listener : slot->listeners) {
    listener->touched = true;
    listener->on_sample(ctx, *p, m);
  }
}

void Engine::apply_positions(Context& ctx, const EngineInput& in) {
  if (in.stale || (facts_.people.seen && in.header_time <= facts_.people.at)) return;
  People now;
  now.seen = true;
  now.at = in.header_time;
  std::map<std::string, const feed::Position*> newest;  // a card named twice: the last one counts
  for (const feed::Position& p : in.positions) newest[p.card] = &p;
  for (const auto& [card, p] : newest)
    if (p->flag == 1) now.underground.push_back({card, p->area, p->entered, p->is_leader, p->sos});
  facts_.people = std::move(now);
  for (auto& d : detectors_) {
    d->touched = true;
    d->on_people(ctx, facts_.people);
  }
}

std::vector<AlarmChange> Engine::apply(const EngineInput& in) {
  std::vector<AlarmChange> out;
  if (in.seq != 0 && in.seq <= seq_) return out;  // applied before the checkpoint that was loaded
  Context ctx = context(out);
  if (!in.system.empty()) {
    auto& last = arrivals_[in.system];
    last = std::max(last, in.arrived);
    for (auto& d : detectors_) {
      if (!d->wants_arrivals()) continue;
      d->touched = true;
      d->on_arrival(ctx, in.system, in.arrived);
    }
  }
  if (!in.stale && (in.is_definition || !in.changes.empty()))
    for (auto& d : detectors_) {
      d->touched = true;
      d->on_definitions(ctx, in.changes, in.header_time);
    }
  look_up_points();
  const auto earlier = [](const history::Row& a, const history::Row& b) {
    return a.sample.at != b.sample.at ? a.sample.at < b.sample.at : a.point < b.point;
  };
  std::span<const history::Row> rows = in.rows;
  std::vector<history::Row> sorted;
  if (!std::is_sorted(rows.begin(), rows.end(), earlier)) {
    sorted.assign(rows.begin(), rows.end());
    std::stable_sort(sorted.begin(), sorted.end(), earlier);
    rows = sorted;
  }
  for (const auto& row : rows) apply_row(ctx, row, in.arrived);
  if (in.is_positions) apply_positions(ctx, in);
  if (in.seq != 0) seq_ = in.seq;
  keep_last_peaks(out);
  std::erase_if(out, [](const AlarmChange& c) { return !in_force(*c.rule, c.begin); });
  return out;
}

std::vector<AlarmChange> Engine::tick(ArrivalTime now, ArrivalTime counted_from) {
  std::vector<AlarmChange> out;
  Context ctx = context(out);
  for (auto& d : detectors_) d->on_tick(ctx, now, counted_from);
  std::erase_if(out, [](const AlarmChange& c) { return !in_force(*c.rule, c.begin); });
  return out;
}

void Engine::adopt(std::string_view rule, const std::string& subject, EventTime begin, pack::Grade grade) {
  for (auto& d : detectors_)
    if (d->rule().id == rule) {
      d->touched = true;
      d->adopt(subject, begin, grade);
    }
}

std::optional<ArrivalTime> Engine::last_arrival(const std::string& system) const {
  const auto it = arrivals_.find(system);
  return it == arrivals_.end() ? std::nullopt : std::optional(it->second);
}

std::string Engine::save() const {
  Saver a;
  a(kStateVersion, seq_, facts_.latest, facts_.people, *versions_, arrivals_);
  a(static_cast<std::uint32_t>(detectors_.size()));
  for (const auto& d : detectors_) {
    Saver one;
    d->save(one);
    a(d->rule().id, d->rule().detector, one.bytes());
  }
  return a.take();
}

Status Engine::load(std::string_view bytes) {
  Loader a(bytes);
  std::uint32_t version = 0, count = 0;
  a(version);
  if (!a.ok() || version != kStateVersion)
    return corrupt(fmt::format("rule state of mine {}: found version {}, expected {}", view_->code, version,
                               kStateVersion));
  auto versions = std::make_shared<Versions>();
  a(seq_, facts_.latest, facts_.people, *versions, arrivals_, count);
  versions_ = std::move(versions);
  for (std::uint32_t i = 0; i < count && a.ok(); ++i) {
    std::string id, kind, state;
    a(id, kind, state);
    for (auto& d : detectors_) {
      if (d->rule().id != id || d->rule().detector != kind) continue;
      d->touched = true;
      Loader one(state);
      if (!d->load(one))
        return corrupt(fmt::format("rule state of mine {}: {} does not read back", view_->code, id));
    }
  }
  if (!a.ok()) return corrupt(fmt::format("rule state of mine {}: cut short", view_->code));
  set_view(view_, EventTime{});
  return {};
}

void Engine::assign(Engine& o) {
  assert(detectors_.size() == o.detectors_.size() && "engines of the same mine and catalog");
  view_ = o.view_;
  seq_ = o.seq_;
  facts_ = o.facts_;
  versions_ = o.versions_;
  arrivals_ = o.arrivals_;
  for (std::size_t i = 0; i < detectors_.size(); ++i) {
    Detector &mine = *detectors_[i], &theirs = *o.detectors_[i];
    if (mine.touched || theirs.touched) mine.assign(theirs);
    mine.touched = theirs.touched = false;
  }
  forget_points();
}

}  // namespace mineward::watch
