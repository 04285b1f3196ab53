#include <fmt/format.h>

#include <algorithm>

#include "watch/gas.h"

namespace mineward::watch {

CarbonMonoxide::CarbonMonoxide(const pack::AlarmRule& rule)
    : DetectorOf(rule),
      gases_(list("gas")),
      blasting_kinds_(list("blasting_kinds")),
      rule_of_episode_(episode_rule()),
      red_above_(rule.number("red_above", 0)),
      rising_by_(rule.number("rising_by", 0)),
      rising_for_(rule.duration("rising_for", Millis(0))),
      blasting_within_(rule.duration("blasting_within", Millis(0))) {}

bool CarbonMonoxide::wants(const MineView&, const PointInfo& p) const {
  return !p.is_switch && std::find(gases_.begin(), gases_.end(), p.gas) != gases_.end();
}

void CarbonMonoxide::remember(CarbonMonoxideState::Point& s, EventTime at, double v) const {
  s.times.push_back(at);
  s.values.push_back(v);
  // Keeps one sample at or before the start of the window, so that a full window can be told from a short
  // one.
  std::size_t drop = 0;
  while (drop + 1 < s.times.size() && s.times[drop + 1] <= at - rising_for_) ++drop;
  s.times.erase(s.times.begin(), s.times.begin() + static_cast<std::ptrdiff_t>(drop));
  s.values.erase(s.values.begin(), s.values.begin() + static_cast<std::ptrdiff_t>(drop));
}

bool CarbonMonoxide::rising(const CarbonMonoxideState::Point& s) const {
  if (rising_for_ <= Millis(0) || s.times.size() < 3 || s.times.back() - s.times.front() < rising_for_)
    return false;
  FanGasState::Rise line;
  for (std::size_t i = 0; i < s.times.size(); ++i) line.add(s.times[i], s.values[i]);
  return line.slope() > 0 && line.last - line.first >= rising_by_ - 1e-9;
}

void CarbonMonoxide::on_sample(Context& ctx, const PointInfo& p, const Measured& m) {
  if (!m.value || !m.in_order) return;
  const auto& limit = ctx.limits.limits(p, m.at).alarm;
  if (!limit) return;
  auto& state = state_.points[p.key];
  Episode& e = state.episode;
  settle_episode(ctx, rule_of_episode_, e, m.at, p.code, &p);
  if (m.calibrating && suppressed_by("calibration")) return interrupt(e);
  const Reading r = limit->raise.over(*m.value)   ? Reading::over
                    : limit->clear.over(*m.value) ? Reading::calm
                                                  : Reading::between;
  if (r == Reading::over) {
    remember(state, m.at, *m.value);
  } else if (r == Reading::calm) {
    state.times.clear();
    state.values.clear();
  }
  const Step s = step(rule_of_episode_, e, m.at, r, *m.value);
  if (s == Step::none && !(e.active && r == Reading::over)) return;

  const pack::Grade before = e.grade;
  const bool was_planned = e.planned;
  if (s == Step::raised) {
    e.late = m.late;
    e.planned = suppressed_by("blasting_plan") && ctx.view.planned_work(blasting_kinds_, p.place, e.begin);
  }
  const bool dangerous = (red_above_ > 0 && e.peak > red_above_) || rising(state);
  if (dangerous || (r == Reading::over && m.at - e.begin > blasting_within_)) e.planned = false;
  const pack::Grade now = dangerous ? pack::Grade::red : e.planned ? pack::Grade::blue : rule().grade;
  e.grade = std::max(e.grade, now);
  const bool regrade = s == Step::none && (e.grade > before || e.planned != was_planned);
  if (s == Step::none && !regrade) return tell_peak(ctx, p.code, e, m.at);

  using Kind = AlarmChange::Kind;
  AlarmChange c = change(s == Step::raised    ? Kind::raise
                         : s == Step::cleared ? Kind::clear
                                              : Kind::regrade,
                         ctx, p.code, e, m.at);
  about_point(c, p);
  about_limit(c, *limit);
  if (e.planned) c.evidence = wording::by_blasting().text();
  if (regrade && !dangerous) c.evidence = wording::not_by_blasting().text();
  if (dangerous)
    c.evidence = (rising(state) ? wording::keeps_rising() : wording::above(red_above_, p.unit)).text();
  ctx.out.push_back(std::move(c));
}

}  // namespace mineward::watch
