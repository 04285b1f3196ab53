#include <fmt/format.h>

#include <algorithm>

#include "watch/integrity.h"

namespace mineward::watch {

Pulse::Pulse(const pack::AlarmRule& rule)
    : DetectorOf(rule),
      gases_(list("gas")),
      at_least_(rule.number("at_least", 0)),
      ratio_(rule.number("ratio", 0)),
      returns_within_(static_cast<int>(rule.number("returns_within", 0))),
      max_gap_(rule.duration("max_gap", Millis(0))) {}

bool Pulse::wants(const MineView&, const PointInfo& p) const {
  return !p.is_switch && std::find(gases_.begin(), gases_.end(), p.gas) != gases_.end();
}

void Pulse::on_sample(Context& ctx, const PointInfo& p, const Measured& m) {
  if (!m.value || !m.in_order || (m.calibrating && suppressed_by("calibration"))) return;
  auto& s = state_.points[p.key];
  const double v = *m.value;
  if (s.spike_at && max_gap_ > Millis(0) && m.at - *s.spike_at > max_gap_) s.spike_at.reset();

  EpisodeRule rule;
  rule.clear_after = this->rule().reraise_after;
  settle_episode(ctx, rule, s.episode, s.spike_at.value_or(m.at), p.code, &p);
  Step change_now = Step::none;
  if (s.spike_at) {
    ++s.after;
    if (v * ratio_ < s.spike) {  // it fell back at once: no gas does that
      change_now = step(rule, s.episode, *s.spike_at, Reading::over, s.spike);
      if (change_now == Step::raised) s.episode.late = m.late;
      if (change_now == Step::none) tell_peak(ctx, p.code, s.episode, *s.spike_at);
      s.spike_at.reset();
    } else if (s.after >= returns_within_) {
      s.before = v;
      s.spike_at.reset();  // it stays high, or falls like gas: G-1 has it
    }
  }
  const bool candidate = !s.spike_at && v >= at_least_ && (!s.before || v > ratio_ * *s.before);
  if (candidate) {
    s.spike_at = m.at;
    s.spike = v;
    s.after = 0;
  } else if (!s.spike_at) {
    s.before = v;
  }
  if (change_now != Step::raised) {
    if (!s.spike_at) step(rule, s.episode, m.at, Reading::calm, v);
    return;
  }
  s.episode.grade = this->rule().grade;
  AlarmChange c = change(AlarmChange::Kind::raise, ctx, p.code, s.episode, m.at);
  about_point(c, p);
  c.evidence = wording::pulse(s.spike, p.unit, s.episode.begin, v).text();
  ctx.out.push_back(std::move(c));
  if (!s.spike_at) step(rule, s.episode, m.at, Reading::calm, v);
}

}  // namespace mineward::watch
