#include <fmt/format.h>

#include <algorithm>

#include "watch/integrity.h"

namespace mineward::watch {
namespace {

bool names_breaker(const std::string& relation, const std::string& code) {
  for (const Relation& r : parse_relation(relation))
    if (r.kind == 'D' && r.code == code) return true;
  return false;
}

/// What is wrong with a change; empty = nothing.
Said loosening(const pack::Catalog& catalog, const feed::PointChange& c) {
  if (c.kind == "removed") return wording::point_removed();
  if (c.kind == "relation") {
    for (const Relation& r : parse_relation(c.old_value))
      if (r.kind == 'D' && !names_breaker(c.new_value, r.code)) return wording::breaker_removed(r.code);
    return {};
  }
  if (!c.looser) return {};
  const auto* type = catalog.record_type("point");
  const auto* field = type ? type->field(c.field) : nullptr;
  return wording::limit_loosened(field ? field->label : pack::Label{c.field, c.field}, c.old_value,
                                 c.new_value);
}

Said loose_against_floor(const pack::LimitRow& row, const OwnLimits& own) {
  using wording::Limit;
  Said why;
  const auto check = [&](Limit what, const std::optional<pack::Bound>& floor, std::optional<double> mine) {
    if (!floor) return;
    const bool upper = floor->op == pack::Bound::Op::ge || floor->op == pack::Bound::Op::gt;
    if (mine && (upper ? *mine <= floor->value : *mine >= floor->value)) return;
    why.and_also(wording::looser_than_floor(what, mine, floor->text()));
  };
  const auto upper = [](const std::optional<pack::Bound>& b) {
    return b && (b->op == pack::Bound::Op::ge || b->op == pack::Bound::Op::gt);
  };
  if (row.alarm) check(Limit::alarm, row.alarm, upper(row.alarm) ? own.alarm_high : own.alarm_low);
  check(Limit::low_alarm, row.alarm_low, own.alarm_low);
  if (row.cut) check(Limit::cut, row.cut, own.cut_high);
  // Power returns below this number: a larger one is looser, whatever the operator says.
  if (row.restore && row.cut) {
    pack::Bound restore = *row.restore;
    restore.op = pack::Bound::Op::ge;
    if (!own.cut_restore || *own.cut_restore > restore.value)
      why.and_also(wording::looser_than_floor(Limit::restore, own.cut_restore, row.restore->text()));
  }
  return why;
}

}  // namespace

void LimitEdit::on_definitions(Context& ctx, std::span<const feed::PointChange> changes, EventTime at) {
  std::map<std::string, std::pair<Said, RecordId>> by_point;
  for (const feed::PointChange& c : changes) {
    const Said why = loosening(ctx.catalog, c);
    if (why.empty()) continue;
    auto& [text, id] = by_point[c.point_code];
    text.and_also(why);
    id = c.point;
  }
  for (const auto& [code, found] : by_point) {
    Episode e;
    e.begin = at;
    e.grade = rule().grade;
    AlarmChange c = change(AlarmChange::Kind::raise, ctx, code, e, at);
    c.point = found.second;
    c.evidence = found.first.text();
    for (const auto& [key, p] : ctx.view.points)
      if (p.code == code) about_point(c, p);
    ctx.out.push_back(c);
    c.kind = AlarmChange::Kind::clear;
    c.end = at;
    ctx.out.push_back(std::move(c));
  }
}

void LimitFloor::on_definitions(Context& ctx, std::span<const feed::PointChange>, EventTime at) {
  EpisodeRule at_once;
  std::set<std::string> living;
  for (const auto& [key, p] : ctx.view.points) {
    if (p.is_switch || p.gas.empty()) continue;
    living.insert(p.code);
    const pack::LimitRow* row = ctx.limits.limits(p, at).row;
    const bool concerned = row && row->floor;
    if (!concerned && !state_.points.contains(p.code)) continue;
    const Said why = concerned ? loose_against_floor(*row, ctx.limits.own(p, at)) : Said{};
    Episode& e = state_.points[p.code];
    const Step s = step(at_once, e, at, why.empty() ? Reading::calm : Reading::over, 0);
    if (s == Step::none) continue;
    if (s == Step::raised)
      e.grade = lists("strict_gas", p.gas) ? grade_param("strict_grade", rule().grade) : rule().grade;
    AlarmChange c =
        change(s == Step::raised ? AlarmChange::Kind::raise : AlarmChange::Kind::clear, ctx, p.code, e, at);
    about_point(c, p);
    c.peak.reset();
    c.mean.reset();
    c.evidence = why.text();
    if (row) c.limit_source = row->id + " " + row->source.text;
    ctx.out.push_back(std::move(c));
  }
  for (auto& [code, e] : state_.points) {  // the point was removed, or lost its gas: T-6 speaks of that
    if (!e.active || living.contains(code)) continue;
    end_now(e, at);
    AlarmChange c = change(AlarmChange::Kind::clear, ctx, code, e, at);
    c.evidence = wording::point_removed().text();
    ctx.out.push_back(std::move(c));
  }
  std::erase_if(state_.points, [&](const auto& x) { return !x.second.active; });
}

}  // namespace mineward::watch
