#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "watch/integrity.h"

namespace mineward::watch {
namespace {
/// Readings are decimal fractions; their differences carry rounding of this order.
constexpr double kRounding = 1e-9;
}  // namespace

FlatLine::FlatLine(const pack::AlarmRule& rule)
    : DetectorOf(rule),
      gases_(list("gas")),
      for_(rule.duration("for", Millis(0))),
      max_gap_(rule.duration("max_gap", Millis(0))),
      orange_after_(rule.duration("orange_after", Millis(0))),
      max_range_(rule.number("max_range", 0)),
      max_sigma_(rule.number("max_sigma", 0)),
      neighbours_move_(rule.number("neighbours_move", 0)),
      min_samples_(rule.number("min_samples", 2)) {}

bool FlatLine::wants(const MineView&, const PointInfo& p) const {
  return !p.is_switch && !p.neighbours.empty() &&
         std::find(gases_.begin(), gases_.end(), p.gas) != gases_.end();
}

void FlatLine::extend(FlatLineState::Point& s, EventTime at, double v) const {
  const double lo = std::min(s.range.min, v), hi = std::max(s.range.max, v);
  const bool gap = max_gap_ > Millis(0) && at - s.last > max_gap_;
  if (s.n == 0 || gap || hi - lo > max_range_ + kRounding) {
    s.since = at;
    s.range = {v, v};
    s.n = s.mean = s.m2 = 0;
    s.neighbours.clear();
  } else {
    s.range = {lo, hi};
  }
  s.last = at;
  s.n += 1;
  const double d = v - s.mean;
  s.mean += d / s.n;
  s.m2 += d * (v - s.mean);
}

bool FlatLine::flat(const FlatLineState::Point& s, EventTime at) const {
  if (at - s.since < for_ || s.n < min_samples_) return false;
  if (std::sqrt(s.m2 / s.n) >= max_sigma_) return false;
  const auto& seen = s.neighbours.values();
  return std::any_of(seen.begin(), seen.end(), [&](const FlatLineState::Range& r) {
    return r.max - r.min >= neighbours_move_ - kRounding;
  });
}

void FlatLine::on_sample(Context& ctx, const PointInfo& p, const Measured& m) {
  if (!m.value || !m.in_order || (m.calibrating && suppressed_by("calibration"))) return;
  for (PointKey other : p.neighbours) {
    FlatLineState::Point* beside = state_.points.find(other);
    if (!beside || beside->n == 0) continue;
    if (!beside->neighbours.find(p.key)) beside->neighbours[p.key] = {*m.value, *m.value};
    FlatLineState::Range& range = beside->neighbours[p.key];
    range.min = std::min(range.min, *m.value);
    range.max = std::max(range.max, *m.value);
  }
  auto& s = state_.points[p.key];
  extend(s, m.at, *m.value);
  EpisodeRule rule;
  rule.clear_after = this->rule().reraise_after;
  settle_episode(ctx, rule, s.episode, m.at, p.code, &p);
  const bool is_flat = flat(s, m.at);
  // While raised, a stretch that stays flat keeps the event even if the neighbours fall silent.
  const bool unbroken = s.episode.active && s.since == s.episode.begin;
  const Step change_now =
      step(rule, s.episode, m.at, is_flat || unbroken ? Reading::over : Reading::calm, *m.value);
  if (change_now == Step::none && !s.episode.active) return;
  if (change_now == Step::raised) {
    s.episode.begin = s.since;
    s.episode.late = m.late;
    mark_planned(ctx, s.episode, p.place);
  }
  const pack::Grade before = s.episode.grade;
  const bool is_long =
      orange_after_ > Millis(0) && s.episode.active && is_flat && m.at - s.since >= orange_after_;
  if (s.episode.active)
    s.episode.grade =
        std::max({before, this->rule().grade, is_long ? pack::Grade::orange : pack::Grade::none});
  const bool regrade = change_now == Step::none && s.episode.grade > before;
  if (change_now == Step::none && !regrade) return tell_peak(ctx, p.code, s.episode, m.at);
  using Kind = AlarmChange::Kind;
  AlarmChange c = change(change_now == Step::raised    ? Kind::raise
                         : change_now == Step::cleared ? Kind::clear
                                                       : Kind::regrade,
                         ctx, p.code, s.episode, m.at);
  about_point(c, p);
  if (change_now != Step::cleared)
    c.evidence = wording::flat(s.range.min, s.range.max, p.unit, s.since, s.n).text();
  else
    c.evidence = wording::moves_again().text();
  ctx.out.push_back(std::move(c));
}

}  // namespace mineward::watch
