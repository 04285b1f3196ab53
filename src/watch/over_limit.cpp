#include <fmt/format.h>

#include <algorithm>

#include "watch/gas.h"

namespace mineward::watch {
namespace {

bool named(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

EpisodeRule with_side(EpisodeRule rule, const std::string& which) {
  rule.low_is_worse = which == "alarm_low";
  return rule;
}

Reading read_against(const EffectiveLimit& limit, double value) {
  if (limit.raise.over(value)) return Reading::over;
  return limit.clear.over(value) ? Reading::calm : Reading::between;
}

}  // namespace

OverLimit::OverLimit(const pack::AlarmRule& rule)
    : DetectorOf(rule),
      gases_(list("gas")),
      which_(rule.text("limit", "alarm")),
      rule_of_episode_(with_side(episode_rule(), which_)),
      people_grade_(grade_param("people_grade", pack::Grade::none)),
      late_idle_(static_cast<int>(rule.number("late_idle", 0))) {}

bool OverLimit::wants(const MineView&, const PointInfo& p) const {
  return !p.is_switch && named(gases_, p.gas);
}

const EffectiveLimit* OverLimit::limit_of(Context& ctx, const PointInfo& p, EventTime at) const {
  const EffectiveLimits& all = ctx.limits.limits(p, at);
  const auto& one = which_ == "cut" ? all.cut : which_ == "alarm_low" ? all.alarm_low : all.alarm;
  return one ? &*one : nullptr;
}

pack::Grade OverLimit::grade_now(const Context& ctx, const PointInfo& p, const Episode& e) const {
  pack::Grade g = std::max(e.grade, grade_for(e.peak, rule_of_episode_.low_is_worse));
  if (people_grade_ > g && ctx.facts.people_at(ctx.view, p) > 0) g = people_grade_;
  return g;
}

void OverLimit::on_sample(Context& ctx, const PointInfo& p, const Measured& m) {
  if (!m.value) return;
  const EffectiveLimit* limit = limit_of(ctx, p, m.at);
  if (!limit) return;
  OverLimitState::Lanes& lanes = state_.points[p.key];
  if (!m.in_order) {
    if (!suppressed_by("late") && !m.calibrating) feed_late(ctx, p, m, *limit, lanes);
    return;
  }
  if (lanes.late.active && ++lanes.late_idle > late_idle_) close_late(ctx, p, lanes);
  const bool was_active = lanes.main.active;
  settle_episode(ctx, rule_of_episode_, lanes.main, m.at, p.code, &p);
  if (was_active && !lanes.main.active) lanes.last_end = *lanes.main.calm_since;
  if (m.calibrating && suppressed_by("calibration")) return interrupt(lanes.main);
  feed(ctx, p, m, *limit, lanes.main);
  if (lanes.main.active) {
    lanes.last_begin = lanes.main.begin;
    lanes.last_end = {};
  }
}

void OverLimit::feed(Context& ctx, const PointInfo& p, const Measured& m, const EffectiveLimit& limit,
                     Episode& e) {
  const Step s = step(rule_of_episode_, e, m.at, read_against(limit, *m.value), *m.value);
  if (s == Step::raised) {
    e.late = m.late || !m.in_order;
    mark_planned(ctx, e, p.place);
    e.grade = grade_now(ctx, p, e);
  }
  const bool rises = s == Step::none && e.active && grade_now(ctx, p, e) > e.grade;
  if (s == Step::none && !rises) return tell_peak(ctx, p.code, e, m.at);
  if (rises) e.grade = grade_now(ctx, p, e);
  using Kind = AlarmChange::Kind;
  const Kind kind = s == Step::raised ? Kind::raise : s == Step::cleared ? Kind::clear : Kind::regrade;
  AlarmChange c = change(kind, ctx, p.code, e, m.at);
  about_point(c, p);
  about_limit(c, limit);
  if (kind == Kind::raise) {
    Said why = wording::samples_over(e.count, limit.text, p.unit, e.begin);
    if (people_grade_ != pack::Grade::none)
      why.and_also(wording::people_there(ctx.facts.people_at(ctx.view, p)));
    c.evidence = why.text();
  }
  ctx.out.push_back(std::move(c));
}

void OverLimit::close_late(Context& ctx, const PointInfo& p, OverLimitState::Lanes& lanes) {
  if (lanes.late.active) {
    end_now(lanes.late, lanes.late.last);
    AlarmChange c = change(AlarmChange::Kind::clear, ctx, p.code, lanes.late, lanes.late.last);
    about_point(c, p);
    c.evidence = wording::late_data_end().text();
    ctx.out.push_back(std::move(c));
  }
  lanes.late = Episode{};
}

void OverLimit::feed_late(Context& ctx, const PointInfo& p, const Measured& m, const EffectiveLimit& limit,
                          OverLimitState::Lanes& lanes) {
  const Millis apart = rule_of_episode_.clear_after;
  const bool known = lanes.last_begin.utc_ms != 0 && m.at >= lanes.last_begin - apart &&
                     (lanes.main.active || m.at <= lanes.last_end + apart);
  if (known) return;  // the event that the main lane saw covers it
  if (lanes.late.last.utc_ms != 0 && m.at <= lanes.late.last) close_late(ctx, p, lanes);
  lanes.late_idle = 0;
  settle_episode(ctx, rule_of_episode_, lanes.late, m.at, p.code, &p);
  feed(ctx, p, m, limit, lanes.late);
}

}  // namespace mineward::watch
