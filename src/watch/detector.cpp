#include "watch/detector.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"

namespace mineward::watch {

int Facts::people_at(const MineView& view, const PointInfo& point) const {
  int n = 0;
  for (const auto& p : people.underground) {
    const AreaInfo* area = view.area(p.area);
    if (area && (same_place(area->name, point.working_area) || same_place(area->name, point.place))) ++n;
  }
  return n;
}

EpisodeRule Detector::episode_rule() const {
  EpisodeRule r;
  r.samples = static_cast<int>(rule_.number("samples", 0));
  r.hold = rule_.duration("hold", Millis(0));
  r.clear_after = rule_.reraise_after;
  r.max_gap = rule_.duration("max_gap", r.max_gap);
  return r;
}

std::vector<std::string> Detector::list(std::string_view param) const {
  const auto it = rule_.params.find(std::string(param));
  if (it == rule_.params.end()) return {};
  if (const auto* many = std::get_if<std::vector<std::string>>(&it->second)) return *many;
  if (const auto* one = std::get_if<std::string>(&it->second)) return {*one};
  return {};
}

bool Detector::lists(std::string_view param, std::string_view value) const {
  const auto all = list(param);
  return std::find(all.begin(), all.end(), value) != all.end();
}

bool Detector::suppressed_by(std::string_view what) const {
  const auto& s = rule_.suppress_if;
  return std::find(s.begin(), s.end(), what) != s.end();
}

pack::Grade Detector::grade_param(std::string_view name, pack::Grade otherwise) const {
  return pack::parse_grade(rule_.text(name, "")).value_or(otherwise);
}

pack::Grade Detector::grade_for(double peak, bool low_is_worse) const {
  pack::Grade g = rule_.grade;
  for (const auto& [at, grade] : rule_.grade_by_peak)
    if (low_is_worse ? peak <= at : peak >= at) g = std::max(g, grade);
  return g;
}

void Detector::settle_episode(Context& ctx, const EpisodeRule& rule, Episode& e, EventTime at,
                              const std::string& subject, const PointInfo* p) const {
  if (!settle(rule, e, at)) return;
  AlarmChange c = change(AlarmChange::Kind::clear, ctx, subject, e, at);
  if (p) about_point(c, *p);
  ctx.out.push_back(std::move(c));
}

AlarmChange Detector::change(AlarmChange::Kind kind, const Context& ctx, const std::string& subject,
                             const Episode& e, EventTime at) const {
  AlarmChange c;
  c.kind = kind;
  c.rule = &rule_;
  c.key = fmt::format("{}|{}|{}|{}", ctx.view.code, rule_.id, subject, e.begin.utc_ms);
  c.subject = subject;
  c.grade = e.grade;
  c.at = at;
  c.begin = e.begin;
  if (kind == AlarmChange::Kind::clear) c.end = e.calm_since;
  if (e.count > 0) {
    c.peak = e.peak;
    c.mean = e.mean();
    c.peak_at = e.peak_at;
    c.samples = e.count;
  }
  c.late = e.late;
  c.planned = e.planned;
  return c;
}

void Detector::tell_peak(Context& ctx, const std::string& subject, const Episode& e, EventTime at) const {
  if (e.active && e.count > 1 && e.peak_at == at)
    ctx.out.push_back(change(AlarmChange::Kind::peak, ctx, subject, e, at));
}

void Detector::about_point(AlarmChange& c, const PointInfo& p) const {
  c.point = p.id;
  c.place = short_place(p.place, p.working_area);
  c.unit = p.unit;
}

void Detector::about_limit(AlarmChange& c, const EffectiveLimit& limit) const {
  c.limit_text = limit.text;
  c.limit_value = limit.raise.value;
  c.limit_source = limit.source;
}

void Detector::mark_planned(const Context& ctx, Episode& e, const std::string& place) const {
  if (suppressed_by("planned_work") && ctx.view.planned_work(list("plan_kinds"), place, e.begin))
    e.planned = true;
}

}  // namespace mineward::watch
