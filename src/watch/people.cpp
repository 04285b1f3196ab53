#include "watch/people.h"

#include <fmt/format.h>

#include <algorithm>

namespace mineward::watch {

void ByName::report(Context& ctx, const std::string& name, const Finding* f, EventTime at) {
  Episode& e = state_.by_name[name];
  settle_episode(ctx, episode_rule(), e, at, name);
  const double peak_before = e.peak;
  const Step s = step(episode_rule(), e, at, f ? Reading::over : Reading::calm, f ? f->value : 0);
  if (s == Step::raised) {
    e.grade = pack::Grade::none;
    e.planned = f->planned;
  }
  const pack::Grade before = e.grade;
  if (f && e.active) e.grade = std::max(e.grade, f->grade);
  const bool regrade = s == Step::none && e.active && e.grade > before;
  if (s == Step::none && !regrade) {
    if (told_again(peak_before, e.peak)) tell_peak(ctx, name, e, at);
    return;
  }
  using Kind = AlarmChange::Kind;
  AlarmChange c = change(s == Step::raised    ? Kind::raise
                         : s == Step::cleared ? Kind::clear
                                              : Kind::regrade,
                         ctx, name, e, at);
  if (f) {
    c.place = f->place;
    c.area = f->area;
    c.evidence = f->evidence;
    c.limit_text = f->limit_text;
    c.limit_source = f->limit_source;
    c.limit_value = f->limit_value;
    c.unit = f->unit;
  }
  ctx.out.push_back(std::move(c));
}

void ByName::on_people(Context& ctx, const People& people) {
  auto over = find(ctx, people);
  for (const auto& [name, finding] : over) state_.by_name.try_emplace(name);
  for (auto& [name, episode] : state_.by_name) {
    const auto it = over.find(name);
    report(ctx, name, it == over.end() ? nullptr : &it->second, people.at);
  }
  std::erase_if(state_.by_name, [](const auto& x) { return !x.second.active && x.second.run == 0; });
}

namespace {

double hours(Millis d) { return static_cast<double>(d.count()) / 3.6e6; }

void at_area(ByName::Finding& f, const Context& ctx, const std::string& code) {
  const AreaInfo* a = ctx.view.area(code);
  f.place = a ? a->name : code;
  if (a) f.area = a->id;
}

}  // namespace

std::map<std::string, ByName::Finding> Overtime::find(Context& ctx, const People& people) const {
  std::map<std::string, Finding> out;
  const double limit = ctx.view.stay_limit_hours.value_or(rule().number("limit_hours", 0));
  const double orange = std::max(rule().number("orange_hours", 0), limit);
  for (const auto& p : people.underground) {
    if (!p.entered) continue;
    const double stay = hours(people.at - *p.entered);
    if (stay <= limit) continue;
    Finding f;
    at_area(f, ctx, p.area);
    f.value = stay;
    f.unit = "h";
    f.grade =
        stay > orange ? std::max(rule().grade, grade_param("orange_grade", rule().grade)) : rule().grade;
    f.limit_value = limit;
    f.limit_text = fmt::format(">{} h", limit);
    f.limit_source = ctx.view.stay_limit_hours ? wording::own_stay_limit().text() : rule().source.text;
    f.evidence = wording::underground_since(*p.entered).text();
    out[p.card] = std::move(f);
  }
  return out;
}

std::map<std::string, ByName::Finding> OverStaff::find(Context& ctx, const People& people) const {
  std::map<std::string, Finding> out;
  const bool skip_leaders = rule().number("area_excludes_leaders", 0) != 0;
  std::map<std::string, int> in_area;
  for (const auto& p : people.underground)
    if (!(skip_leaders && p.is_leader)) ++in_area[p.area];
  const auto judge = [&](const std::string& name, int count, int quota,
                         const std::string& source) -> Finding* {
    if (count <= quota) return nullptr;
    Finding& f = out[name];
    f.value = count;
    f.unit = "人";
    f.limit_value = quota;
    f.limit_text = fmt::format(">{}", quota);
    f.limit_source = source;
    const bool far = quota == 0 || static_cast<double>(count) / quota > rule().number("orange_share", 1e9);
    f.grade = far ? std::max(rule().grade, grade_param("orange_grade", rule().grade)) : rule().grade;
    f.evidence = wording::people_over_quota(count, quota).text();
    return &f;
  };
  if (ctx.view.headcount_quota)
    judge(kWholeMine, static_cast<int>(people.underground.size()), *ctx.view.headcount_quota,
          wording::mine_quota().text());
  for (const auto& [code, count] : in_area) {
    const AreaInfo* a = ctx.view.area(code);
    if (!a || !a->quota) continue;
    if (Finding* f = judge(code, count, *a->quota, wording::area_quota().text())) at_area(*f, ctx, code);
  }
  return out;
}

std::map<std::string, ByName::Finding> RestrictedArea::find(Context& ctx, const People& people) const {
  std::map<std::string, Finding> out;
  for (const auto& p : people.underground) {
    const AreaInfo* a = ctx.view.area(p.area);
    if (!a || !lists("area_kinds", a->kind)) continue;
    Finding f;
    at_area(f, ctx, p.area);
    f.grade = rule().grade;
    f.value = 1;
    f.planned =
        suppressed_by("planned_work") && ctx.view.planned_work(list("plan_kinds"), a->name, people.at);
    f.evidence = wording::in_restricted_area(p.card, a->name).text();
    out[p.card] = std::move(f);
  }
  return out;
}

std::map<std::string, ByName::Finding> Sos::find(Context& ctx, const People& people) const {
  std::map<std::string, Finding> out;
  for (const auto& p : people.underground) {
    if (!p.sos) continue;
    Finding f;
    at_area(f, ctx, p.area);
    f.grade = rule().grade;
    f.value = 1;
    f.evidence = wording::calls_for_help(p.card).text();
    out[p.card] = std::move(f);
  }
  return out;
}

namespace {

bool speaks_of(const std::string& place, const std::vector<std::string>& words) {
  return std::any_of(words.begin(), words.end(),
                     [&](const std::string& w) { return place.find(w) != std::string::npos; });
}
/// The mine's status as people call it.
pack::Label status_of(const Context& ctx) {
  const auto* all = ctx.catalog.dictionary("mine_status");
  const auto* entry = all ? all->entry(ctx.view.status) : nullptr;
  return entry ? entry->label : pack::Label{ctx.view.status, ctx.view.status};
}
bool has(const std::vector<std::string>& all, const std::string& one) {
  return std::find(all.begin(), all.end(), one) != all.end();
}

}  // namespace

bool StoppedMine::wants(const MineView&, const PointInfo& p) const {
  return p.is_switch && lists("load_types", p.sensor_type) && speaks_of(p.place, list("load_words"));
}

void StoppedMine::feed(Context& ctx, const std::string& subject, EventTime at, bool over, double value,
                       const PointInfo* point, std::string why) {
  const auto known = state_.by_name.find(subject);
  if (!over && known == state_.by_name.end()) return;
  Episode& e = state_.by_name[subject];
  settle_episode(ctx, episode_rule(), e, at, subject, point);
  const Step s = step(episode_rule(), e, at, over ? Reading::over : Reading::calm, value);
  if (s == Step::raised) e.grade = rule().grade;
  if (s == Step::none) tell_peak(ctx, subject, e, at);
  if (s != Step::none) {
    AlarmChange c =
        change(s == Step::raised ? AlarmChange::Kind::raise : AlarmChange::Kind::clear, ctx, subject, e, at);
    if (point) about_point(c, *point);
    c.evidence = std::move(why);
    ctx.out.push_back(std::move(c));
  }
  if (!e.active && e.run == 0) state_.by_name.erase(subject);
}

void StoppedMine::on_sample(Context& ctx, const PointInfo& p, const Measured& m) {
  if (!m.value || !m.in_order) return;
  const bool over = lists("statuses", ctx.view.status) && *m.value != 0 &&
                    !ctx.view.planned_work(list("plan_kinds"), p.place, m.at);
  feed(ctx, p.code, m.at, over, *m.value, &p,
       wording::runs_while(short_place(p.place, p.working_area), status_of(ctx)).text());
}

void StoppedMine::on_people(Context& ctx, const People& people) {
  const bool over = lists("statuses", ctx.view.status) && !people.underground.empty() &&
                    !ctx.view.planned_work(list("plan_kinds"), "", people.at);
  const auto n = people.underground.size();
  feed(ctx, kWholeMine, people.at, over, static_cast<double>(n), nullptr,
       wording::people_while(n, status_of(ctx)).text());
}

CountMismatch::CountMismatch(const pack::AlarmRule& rule)
    : DetectorOf(rule), varies_within_(rule.duration("varies_within", Millis(0))) {}

bool CountMismatch::wants(const MineView&, const PointInfo& p) const {
  return !p.is_switch && !p.gas.empty() && lists("gas", p.gas);
}

void CountMismatch::on_sample(Context&, const PointInfo& p, const Measured& m) {
  if (!m.value || !m.in_order || m.calibrating) return;
  auto& s = state_.gas[p.key];
  if (!s.seen || m.at - s.since > varies_within_) {
    s.before = s.seen ? s.max - s.min : 0;
    s.since = m.at;
    s.min = s.max = *m.value;
    s.seen = true;
  }
  s.min = std::min(s.min, *m.value);
  s.max = std::max(s.max, *m.value);
}

/// What speaks against an empty mine. Only readings of the last window count.
std::vector<Said> CountMismatch::signs(const Context& ctx, EventTime at) const {
  const auto fans = list("fan_types"), loads = list("load_types"), words = list("load_words");
  std::string fan, load, gas;
  for (const auto& [key, p] : ctx.view.points) {
    const auto* f = ctx.facts.of(key);
    if (!f || !f->value || at - f->value_at > varies_within_) continue;
    if (p.is_switch && *f->value != 0 && has(fans, p.sensor_type)) fan = short_place(p.place, p.working_area);
    if (p.is_switch && *f->value != 0 && has(loads, p.sensor_type) && speaks_of(p.place, words))
      load = short_place(p.place, p.working_area);
    const CountMismatchState::Swing* s = state_.gas.find(key);
    if (s && std::max(s->max - s->min, s->before) >= rule().number("varies_by", 0) - 1e-9)
      gas = short_place(p.place, p.working_area);
  }
  std::vector<Said> out;
  if (!fan.empty()) out.push_back(wording::fan_on(fan));
  if (!load.empty()) out.push_back(wording::load_on(load));
  if (!gas.empty()) out.push_back(wording::gas_varies(gas));
  return out;
}

void CountMismatch::on_people(Context& ctx, const People& people) {
  const bool empty = people.underground.empty() && lists("statuses", ctx.view.status);
  const auto found = empty ? signs(ctx, people.at) : std::vector<Said>{};
  const bool over = empty && static_cast<double>(found.size()) >= rule().number("min_signs", 1);
  Episode& e = state_.episode;
  settle_episode(ctx, episode_rule(), e, people.at, kWholeMine);
  const Step s = step(episode_rule(), e, people.at, over ? Reading::over : Reading::calm,
                      static_cast<double>(people.underground.size()));
  if (s == Step::none) return;
  if (s == Step::raised) e.grade = rule().grade;
  AlarmChange c = change(s == Step::raised ? AlarmChange::Kind::raise : AlarmChange::Kind::clear, ctx,
                         kWholeMine, e, people.at);
  Said why = wording::nobody_by_file();
  for (const Said& sign : found) why.and_also(sign);
  if (s != Step::cleared) c.evidence = why.text();
  ctx.out.push_back(std::move(c));
}

}  // namespace mineward::watch
