#include "watch/silence.h"

#include <fmt/format.h>

#include <algorithm>

namespace mineward::watch {

AlarmChange Silence::make(AlarmChange::Kind kind, const Context& ctx, const std::string& system,
                          const SilenceState::System& s, ArrivalTime now) const {
  Episode e;
  e.begin = s.begin;
  e.grade = s.grade;
  e.calm_since = EventTime{now.utc_ms};
  AlarmChange c = change(kind, ctx, system, e, EventTime{now.utc_ms});
  c.limit_source = rule().source.text;
  if (kind != AlarmChange::Kind::clear) c.evidence = wording::no_file(system, s.last).text();
  return c;
}

void Silence::on_arrival(Context& ctx, const std::string& system, ArrivalTime at) {
  auto& s = state_.systems[system];
  s.last = at;  // not the larger of both: when the clock was set back, what came last came last
  if (!s.active) return;
  s.active = false;
  ctx.out.push_back(make(AlarmChange::Kind::clear, ctx, system, s, at));
}

pack::Grade Silence::grade_after(const Context& ctx, const std::string& system, Millis silence) const {
  Millis period{0};
  for (const auto& d : ctx.catalog.dialects)
    for (const auto& f : d.files)
      if (f.system == system && f.period > Millis(0) && (period == Millis(0) || f.period < period))
        period = f.period;
  const auto rhythm =
      Millis(static_cast<std::int64_t>(rule().number("periods", 0) * static_cast<double>(period.count())));
  const struct {
    const char* param;
    pack::Grade grade;
  } ladder[] = {{"red_after", pack::Grade::red},
                {"orange_after", pack::Grade::orange},
                {"yellow_after", pack::Grade::yellow},
                {"blue_after", pack::Grade::blue}};
  if (silence <= rhythm) return pack::Grade::none;
  for (const auto& l : ladder) {
    const Millis after = rule().duration(l.param, Millis(0));
    if (after > Millis(0) && silence > after) return l.grade;
  }
  return pack::Grade::none;
}

void Silence::on_tick(Context& ctx, ArrivalTime now, ArrivalTime counted_from) const {
  if (lists("skip_statuses", ctx.view.status)) return;
  for (const auto& [system, s] : state_.systems) {
    // An arrival later than now is from before the clock was set back.
    const ArrivalTime since = s.last > now ? counted_from : std::max(s.last, counted_from);
    const pack::Grade g = grade_after(ctx, system, now - since);
    if (g == pack::Grade::none || (s.active && g <= s.grade)) continue;
    SilenceState::System next = s;
    if (!s.active) next.begin = EventTime{s.last.utc_ms};
    next.grade = g;
    ctx.out.push_back(
        make(s.active ? AlarmChange::Kind::regrade : AlarmChange::Kind::raise, ctx, system, next, now));
  }
}

void Silence::adopt(const std::string& subject, EventTime begin, pack::Grade grade) {
  auto& s = state_.systems[subject];
  s.active = true;
  s.begin = begin;
  s.grade = grade;
  if (s.last.utc_ms == 0) s.last = ArrivalTime{begin.utc_ms};
}

}  // namespace mineward::watch
