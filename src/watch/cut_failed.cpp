#include <fmt/format.h>

#include <algorithm>

#include "watch/gas.h"

namespace mineward::watch {

CutFailed::CutFailed(const pack::AlarmRule& rule)
    : DetectorOf(rule),
      gases_(list("gas")),
      cut_rule_(episode_rule()),
      delay_(rule.duration("delay", Millis(0))),
      unknown_after_(rule.duration("unknown_after", Millis(0))) {}

bool CutFailed::wants(const MineView& view, const PointInfo& p) const {
  if (!p.is_switch) return (!p.feeds.empty() || !p.breakers.empty()) && lists("gas", p.gas);
  for (const auto& [key, g] : view.points) {
    const auto has = [&](const std::vector<PointKey>& v) {
      return std::find(v.begin(), v.end(), p.key) != v.end();
    };
    if (has(g.feeds) || has(g.breakers)) return true;
  }
  return false;
}

void CutFailed::on_sample(Context& ctx, const PointInfo& p, const Measured& m) {
  if (!m.in_order) return;
  if (!p.is_switch) return on_gas(ctx, p, m);
  for (PointKey key : state_.points.keys()) {
    const CutFailedState::Gas& state = *state_.points.find(key);
    if (!state.cut.active && !state.failed.active) continue;
    if (const PointInfo* gas = ctx.view.point(key)) judge(ctx, *gas, m.at);
  }
}

void CutFailed::on_gas(Context& ctx, const PointInfo& p, const Measured& m) {
  const auto& limit = ctx.limits.limits(p, m.at).cut;
  if (!m.value || !limit) return;
  auto& state = state_.points[p.key];
  if (m.calibrating && suppressed_by("calibration")) return interrupt(state.cut);
  const Reading r = limit->raise.over(*m.value)   ? Reading::over
                    : limit->clear.over(*m.value) ? Reading::calm
                                                  : Reading::between;
  if (r == Reading::over && !state.cut.active && state.cut.run == 0) {
    state.before.clear();
    for (PointKey b : p.breakers)
      if (const auto* f = ctx.facts.of(b); f && f->value) state.before[b] = *f->value;
  }
  EpisodeRule cut_rule = cut_rule_;
  cut_rule.clear_after = Millis(0);  // power may return at once below the restore limit
  step(cut_rule, state.cut, m.at, r, *m.value);
  if (state.cut.active && m.late) state.cut.late = true;
  if (state.cut.active || state.failed.active) judge(ctx, p, m.at);
}

/// What the load side of the breakers says, by readings taken after the breaker had its time.
CutFailed::Power CutFailed::power(const Context& ctx, const PointInfo& gas, const CutFailedState::Gas& state,
                                  EventTime at, std::string& why) const {
  const EventTime due = state.cut.begin + delay_;
  bool silent = false;
  bool off = false;
  const bool by_feed = !gas.feeds.empty();
  for (PointKey key : by_feed ? gas.feeds : gas.breakers) {
    const auto* f = ctx.facts.of(key);
    const PointInfo* other = ctx.view.point(key);
    const std::string& code = other ? other->code : gas.code;
    if (!f || !f->value || f->value_at < due) {
      silent = true;
      why = wording::no_reading(code, state.cut.begin).text();
      continue;
    }
    const double* before = state.before.find(key);
    const bool on = *f->value != 0 && (by_feed || (before && *before == *f->value));
    if (on) {
      why = wording::still_on(by_feed, code, *f->value, f->value_at, f->value_at - state.cut.begin).text();
      return Power::on;
    }
    off = true;
  }
  if (silent)
    return unknown_after_ > Millis(0) && at - state.cut.begin >= unknown_after_ ? Power::silent
                                                                                : Power::unknown;
  return off ? Power::off : Power::unknown;
}

void CutFailed::judge(Context& ctx, const PointInfo& gas, EventTime at) {
  auto& state = state_.points[gas.key];
  std::string why;
  const Power p = state.cut.active ? power(ctx, gas, state, at, why) : Power::off;
  if (p == Power::unknown) return;
  EpisodeRule rule;
  rule.clear_after = this->rule().reraise_after;
  settle_episode(ctx, rule, state.failed, at, gas.code, &gas);
  const bool failed = p == Power::on || p == Power::silent;
  const double value =
      ctx.facts.of(gas.key) ? ctx.facts.of(gas.key)->value.value_or(state.cut.peak) : state.cut.peak;
  const Step s = step(rule, state.failed, at, failed ? Reading::over : Reading::calm, value);
  if (s == Step::none) return tell_peak(ctx, gas.code, state.failed, at);
  if (s == Step::raised) {
    state.failed.grade = this->rule().grade;
    state.failed.late = state.cut.late;
  }
  AlarmChange c = change(s == Step::raised ? AlarmChange::Kind::raise : AlarmChange::Kind::clear, ctx,
                         gas.code, state.failed, at);
  about_point(c, gas);
  if (const auto& limit = ctx.limits.limits(gas, state.cut.begin).cut) about_limit(c, *limit);
  c.evidence = why;
  ctx.out.push_back(std::move(c));
}

}  // namespace mineward::watch
