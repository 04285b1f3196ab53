#include "watch/graded_items.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"

namespace mineward::watch {
namespace {

using pack::Grade;

std::vector<double> numbers(const std::vector<std::string>& texts) {
  std::vector<double> out;
  for (const auto& t : texts)
    if (const auto n = parse_number(t)) out.push_back(*n);
  return out;
}

}  // namespace

Grade combine(const GradeCounting& counting, std::array<int, 4> n) {
  const std::array<int, 3> needed = {counting.blue, counting.yellow, counting.orange};
  for (std::size_t i = 0; i < 3; ++i)
    if (needed[i] > 0) n[i + 1] += n[i] / needed[i];
  for (int i = 3; i >= 0; --i)
    if (n[static_cast<std::size_t>(i)] > 0) return static_cast<Grade>(i + 1);
  return Grade::none;
}

GradedItems::GradedItems(const pack::AlarmRule& rule)
    : DetectorOf(rule),
      items_(list("items")),
      names_(list("names")),
      counting_{static_cast<int>(rule.number("count_blue", 0)),
                static_cast<int>(rule.number("count_yellow", 0)),
                static_cast<int>(rule.number("count_orange", 0))} {}

bool GradedItems::wants(const MineView&, const PointInfo& p) const {
  return std::find(items_.begin(), items_.end(), p.sensor_type) != items_.end();
}

Grade GradedItems::level(const PointInfo& p, double value) const {
  const auto levels = p.levels.empty() ? numbers(list("levels_" + p.sensor_type)) : p.levels;
  const bool low = lists("low_items", p.sensor_type);
  Grade g = Grade::none;
  for (std::size_t i = 0; i < levels.size() && i < 4; ++i)
    if (low ? value <= levels[i] : value >= levels[i]) g = static_cast<Grade>(i + 1);
  return g;
}

void GradedItems::report(Context& ctx, const std::string& item, Grade grade, EventTime at, const PointInfo* p,
                         const std::string& why) {
  Episode& e = state_.episodes[item];
  settle_episode(ctx, episode_rule(), e, at, item);
  const Step s = step(episode_rule(), e, at, grade > Grade::none ? Reading::over : Reading::calm,
                      static_cast<double>(grade));
  if (s == Step::raised) e.grade = Grade::none;
  const Grade before = e.grade;
  if (e.active) e.grade = std::max(e.grade, grade);
  if (s == Step::none && !(e.active && e.grade > before)) return;
  using Kind = AlarmChange::Kind;
  AlarmChange c = change(s == Step::raised    ? Kind::raise
                         : s == Step::cleared ? Kind::clear
                                              : Kind::regrade,
                         ctx, item, e, at);
  c.peak.reset();
  c.mean.reset();
  if (p) c.place = short_place(p->place, p->working_area);
  c.evidence = why;
  ctx.out.push_back(std::move(c));
}

void GradedItems::on_sample(Context& ctx, const PointInfo& p, const Measured& m) {
  if (!m.value || !m.in_order || (m.calibrating && suppressed_by("calibration"))) return;
  state_.points[p.key] = level(p, *m.value);
  std::map<std::string, std::array<int, 4>> by_item;
  for (std::size_t i = 0; i < state_.points.size(); ++i) {
    const PointInfo* q = ctx.view.point(state_.points.keys()[i]);
    const Grade grade = state_.points.values()[i];
    if (!q || grade == Grade::none) continue;
    ++by_item[q->sensor_type][static_cast<std::size_t>(grade) - 1];
  }
  std::array<int, 4> all{};
  Grade highest = Grade::none;
  for (const auto& [item, counts] : by_item) {
    const Grade g = combine(counting_, counts);
    ++all[static_cast<std::size_t>(g) - 1];
    highest = std::max(highest, g);
  }
  const auto at = std::find(items_.begin(), items_.end(), p.sensor_type) - items_.begin();
  const auto i = static_cast<std::size_t>(at);
  const std::string name = i < names_.size() ? names_[i] : p.sensor_type;
  const auto own = by_item.find(p.sensor_type);
  report(ctx, name, own == by_item.end() ? Grade::none : combine(counting_, own->second), m.at, &p,
         own == by_item.end() ? "" : wording::counts(false, own->second).text());
  const Grade whole = combine(counting_, all);
  report(ctx, "all", whole > highest ? whole : Grade::none, m.at, nullptr, wording::counts(true, all).text());
}

}  // namespace mineward::watch
