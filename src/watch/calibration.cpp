#include <fmt/format.h>

#include <algorithm>

#include "watch/integrity.h"

namespace mineward::watch {
namespace {

/// Months since year 0 of the Chinese calendar day.
std::int32_t month_of(EventTime at) {
  const std::string day = format_date(china_date(at.utc_ms));  // yyyy-MM-dd
  return std::stoi(day.substr(0, 4)) * 12 + std::stoi(day.substr(5, 2)) - 1;
}

}  // namespace

Calibration::Calibration(const pack::AlarmRule& rule)
    : DetectorOf(rule),
      gases_(list("gas")),
      plan_kinds_(list("plan_kinds")),
      longest_(rule.duration("longest", Millis(0))),
      near_within_(rule.duration("near_within", Millis(0))),
      near_alarm_(rule.number("near_alarm", 0)),
      per_month_(static_cast<int>(rule.number("per_month", 0))) {}

bool Calibration::wants(const MineView&, const PointInfo& p) const {
  return !p.is_switch && std::find(gases_.begin(), gases_.end(), p.gas) != gases_.end();
}

void Calibration::begin_run(Context& ctx, const PointInfo& p, CalibrationState::Point& s,
                            EventTime at) const {
  s.calibrating = true;
  s.since = at;
  s.planned = ctx.view.planned_work(plan_kinds_, p.place, at) != nullptr;
  const std::int32_t month = month_of(at);
  if (month != s.month) s.runs = 0;
  s.month = month;
  ++s.runs;
}

/// Why the present run is no honest calibration; empty = nothing wrong so far.
Said Calibration::fault(const CalibrationState::Point& s, EventTime at) const {
  Said why;
  if (!s.planned) why.and_also(wording::calibration_not_approved());
  if (longest_ > Millis(0) && at - s.since > longest_) why.and_also(wording::calibration_longer(longest_));
  if (s.last_high && s.since - *s.last_high <= near_within_)
    why.and_also(wording::calibration_after_high(s.since - *s.last_high, near_alarm_));
  if (per_month_ > 0 && s.runs > per_month_) why.and_also(wording::calibration_of_month(s.runs));
  return why;
}

void Calibration::on_sample(Context& ctx, const PointInfo& p, const Measured& m) {
  if (!m.in_order) return;
  auto& s = state_.points[p.key];
  if (!m.calibrating) {
    s.calibrating = false;
    const auto& limit = ctx.limits.limits(p, m.at).alarm;
    if (m.value && limit && *m.value > near_alarm_ * limit->raise.value) s.last_high = m.at;
  } else if (!s.calibrating) {
    begin_run(ctx, p, s, m.at);
  }
  const Said why = s.calibrating ? fault(s, m.at) : Said{};
  EpisodeRule rule;
  rule.clear_after = this->rule().reraise_after;
  settle_episode(ctx, rule, s.episode, m.at, p.code, &p);
  const Step change_now =
      step(rule, s.episode, m.at, why.empty() ? Reading::calm : Reading::over, m.value.value_or(0));
  if (change_now == Step::none) return tell_peak(ctx, p.code, s.episode, m.at);
  if (change_now == Step::raised) {
    s.episode.begin = s.since;
    s.episode.grade = this->rule().grade;
    s.episode.late = m.late;
  }
  AlarmChange c = change(change_now == Step::raised ? AlarmChange::Kind::raise : AlarmChange::Kind::clear,
                         ctx, p.code, s.episode, m.at);
  about_point(c, p);
  c.evidence = why.text();
  ctx.out.push_back(std::move(c));
}

}  // namespace mineward::watch
