#include <fmt/format.h>

#include <algorithm>

#include "watch/gas.h"

namespace mineward::watch {

void FanGasState::Rise::add(EventTime at, double v) {
  if (n == 0) {
    first_at = at;
    first = v;
  }
  const double t = static_cast<double>((at - first_at).count()) / 60000.0;
  last = v;
  n += 1;
  st += t;
  sv += v;
  stt += t * t;
  stv += t * v;
}

double FanGasState::Rise::slope() const {
  const double d = n * stt - st * st;
  return d > 0 ? (n * stv - st * sv) / d : 0;
}

FanGas::FanGas(const pack::AlarmRule& rule)
    : DetectorOf(rule),
      fan_types_(list("fan_types")),
      duct_types_(list("duct_types")),
      gas_(rule.text("gas", "")),
      window_(rule.duration("window", Millis(0))),
      min_rise_(rule.number("min_rise", 0)),
      min_samples_(rule.number("min_samples", 2)),
      gas_limit_(rule.number("gas_limit", 0)) {}

bool FanGas::is_fan(const PointInfo& p) const {
  return std::find(fan_types_.begin(), fan_types_.end(), p.sensor_type) != fan_types_.end();
}
bool FanGas::is_duct(const PointInfo& p) const {
  return std::find(duct_types_.begin(), duct_types_.end(), p.sensor_type) != duct_types_.end();
}

bool FanGas::wants(const MineView&, const PointInfo& p) const {
  return !p.working_area.empty() && (is_fan(p) || is_duct(p) || (!p.is_switch && p.gas == gas_));
}

void FanGas::on_sample(Context& ctx, const PointInfo& p, const Measured& m) {
  if (!m.in_order || !m.value) return;
  auto& area = state_.areas[p.working_area];
  if (is_fan(p) || is_duct(p)) return on_air(ctx, p, m, area);
  if (!(m.calibrating && suppressed_by("calibration"))) on_gas(ctx, p, m, area);
}

void FanGas::on_air(Context& ctx, const PointInfo& p, const Measured& m, FanGasState::Area& area) {
  (is_fan(p) ? area.fans : area.ducts)[p.key] = *m.value;
  const auto& fans = area.fans.values();
  const auto& ducts = area.ducts.values();
  const auto zero = [](double value) { return value == 0; };
  const bool stopped = (!fans.empty() && std::all_of(fans.begin(), fans.end(), zero)) ||
                       std::any_of(ducts.begin(), ducts.end(), zero);
  if (!stopped) {
    area.stopped_since.reset();
    area.gas.clear();
    if (area.episode.active) feed(ctx, p, area, m.at, Reading::calm, 0, wording::fan_runs().text());
    return;
  }
  if (area.stopped_since) return;
  area.stopped_since = m.at;
  for (const auto& [key, other] : ctx.view.points) {
    if (other.working_area != p.working_area || other.is_switch || other.gas != gas_) continue;
    const auto* f = ctx.facts.of(key);
    if (f && f->value && m.at - f->value_at <= window_) area.gas[key].add(m.at, *f->value);
  }
}

void FanGas::on_gas(Context& ctx, const PointInfo& p, const Measured& m, FanGasState::Area& area) {
  if (!area.stopped_since) {
    if (area.episode.active) feed(ctx, p, area, m.at, Reading::calm, *m.value, wording::fan_runs().text());
    return;
  }
  if (area.episode.active) return feed(ctx, p, area, m.at, Reading::over, *m.value, "");
  auto& rise = area.gas[p.key];
  if (m.at - *area.stopped_since <= window_) rise.add(m.at, *m.value);
  const bool climbs = m.at - *area.stopped_since <= window_ && rise.n >= min_samples_ && rise.slope() > 0 &&
                      rise.last - rise.first >= min_rise_ - 1e-9;
  const bool high = *m.value >= gas_limit_;
  if (!climbs && !high) return;
  feed(ctx, p, area, m.at, Reading::over, *m.value,
       wording::fan_stopped(*area.stopped_since, p.code, rise.n > 0 ? rise.first : *m.value, *m.value, p.unit,
                            m.at - *area.stopped_since)
           .text());
}

void FanGas::feed(Context& ctx, const PointInfo& p, FanGasState::Area& area, EventTime at, Reading reading,
                  double value, const std::string& why) {
  EpisodeRule rule;
  rule.clear_after = this->rule().reraise_after;
  settle_episode(ctx, rule, area.episode, at, p.working_area);
  const Step s = step(rule, area.episode, at, reading, value);
  if (s == Step::none) return tell_peak(ctx, p.working_area, area.episode, at);
  if (s == Step::raised) {
    area.episode.grade = this->rule().grade;
    mark_planned(ctx, area.episode, p.working_area);
  }
  AlarmChange c = change(s == Step::raised ? AlarmChange::Kind::raise : AlarmChange::Kind::clear, ctx,
                         p.working_area, area.episode, at);
  about_point(c, p);
  c.place = short_place(p.working_area, "");
  c.evidence = why;
  ctx.out.push_back(std::move(c));
}

}  // namespace mineward::watch
