#include "app/simulator_effects.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "app/simulator_people.h"

namespace mineward::app {
namespace {

constexpr int kAlarmBit = 1, kCutBit = 2, kCalibrationBit = 4;
constexpr Millis kTick = 30s;

/// One row of the daily schedule. `mine` counts simulated mines in the order of the region; 4 is the
/// neighbouring county.
struct Planned {
  EffectKind kind;
  std::size_t mine;
  const char* tag;
  Millis after, lasts;
  bool planned;
  std::vector<std::pair<const char*, const char*>> expected;  ///< rule, grade
  const char* note;
};

std::vector<Planned> schedule() {
  using K = EffectKind;
  return {
      {K::spike,
       2,
       "face.T1",
       6min,
       30s,
       false,
       {{"T-7", "blue"}},
       "one sample of 8 %CH4 between ordinary ones"},
      {K::sos, 3, "", 9min, 3min, false, {{"P-4", "red"}}, "somebody presses the emergency button"},
      {K::fan_stop,
       1,
       "heading.T1",
       12min,
       25min,
       false,
       {{"G-7", "red"}},
       "the local fan stops and gas rises in the heading"},
      {K::over_limit,
       3,
       "face.T0",
       18min,
       6min,
       false,
       {{"G-1", "yellow"}},
       "return corner reaches 1.15 %CH4"},
      {K::gbk_file, 4, "", 20min, 30s, false, {{"", ""}}, "a CDSS file in GB18030: accepted, with a warning"},
      {K::broken_file,
       4,
       "",
       22min,
       30s,
       false,
       {{"", ""}},
       "a CDSS file whose records lack a field: rejected"},
      {K::restricted_area, 3, "", 22min, 150s, false, {{"P-3", "orange"}}, "a card is seen in a sealed goaf"},
      {K::late_files, 4, "", 25min, 3min, false, {{"", ""}}, "files held back and sent 40 min late"},
      {K::over_headcount, 3, "", 28min, 10min, false, {{"P-2", "orange"}}, "22 people in a heading for 18"},
      {K::limit_edit,
       2,
       "face.T0",
       30min,
       30min,
       false,
       {{"T-6", "orange"}},
       "alarm limit 1.0 is loosened to 1.5"},
      {K::silence, 4, "", 35min, 12min, false, {{"C-1", ""}}, "nothing arrives from the mine"},
      {K::no_cut,
       1,
       "face.T1",
       50min,
       5min,
       false,
       {{"G-1", "yellow"}, {"G-2", ""}, {"G-3", "red"}},
       "1.6 %CH4 and the power stays on"},
      {K::co_blasting,
       4,
       "heading.CO",
       55min,
       510s,
       false,
       {{"G-11", "yellow"}},
       "blasting fumes, blasting not reported"},
      {K::nobody, 5, "", 65min, 10min, false, {{"P-9", "orange"}}, "nobody underground while the mine runs"},
      {K::disguised_calibration,
       2,
       "face.T1",
       70min,
       14min,
       false,
       {{"T-5", "orange"}},
       "calibration bit set as soon as gas rises"},
      {K::co_blasting,
       4,
       "heading.CO",
       80min,
       510s,
       true,
       {{"G-11", "blue"}},
       "blasting fumes, blasting reported"},
      {K::planned_calibration,
       2,
       "face.T2",
       100min,
       12min,
       true,
       {{"", ""}},
       "an honest calibration with test gas"},
      {K::stuck,
       2,
       "heading.T2",
       130min,
       300min,
       false,
       {{"T-1", "yellow"}},
       "the sensor shows one value for five hours"},
      {K::overtime,
       4,
       "",
       180min,
       330min,
       false,
       {{"P-1", "yellow"}},
       "somebody does not come up after the shift"},
  };
}

bool touches_people(EffectKind k) {
  return k == EffectKind::over_headcount || k == EffectKind::restricted_area || k == EffectKind::sos;
}

/// Moves to where a shift is at its place of work, away from the change of shifts.
EventTime settled(EventTime t) {
  const Millis into_shift((t.utc_ms - start_of_day_ms(china_date(t.utc_ms))) % (8 * 3600000));
  if (into_shift < 25min) return t + (25min - into_shift);
  if (into_shift > 7h) return t + (8h - into_shift) + 25min;
  return t;
}

/// Overtime begins just before the shift that is underground at `t` starts to come up.
EventTime end_of_shift(EventTime t) {
  const std::int64_t day = start_of_day_ms(china_date(t.utc_ms));
  const std::int64_t shift = (t.utc_ms - day) / (8 * 3600000);
  return EventTime{day + (shift + 1) * 8 * 3600000} - 10min;
}

EventTime begin_of(const Planned& p, std::uint64_t seed, EventTime day_begin) {
  const double unit = hash_unit(seed, static_cast<std::uint64_t>(day_begin.utc_ms), hash_text(p.note));
  const EventTime t = day_begin + p.after + kTick * static_cast<std::int64_t>(unit * 4);
  if (p.kind == EffectKind::overtime) return end_of_shift(t);
  return touches_people(p.kind) ? settled(t) : t;
}

std::string subject_of(const Planned& p, const SimMine& mine, EventTime begin) {
  if (p.kind == EffectKind::fan_stop) return mine.point("heading.fan")->def.code;
  if (*p.tag != '\0') return mine.point(p.tag)->def.code;
  if (p.kind == EffectKind::over_headcount) return fmt::format("{}{:04}", mine.name.code, kHeadingArea + 1);
  if (p.kind == EffectKind::restricted_area) return fmt::format("{}{:04}", mine.name.code, kGoaf + 1);
  if (p.kind == EffectKind::gbk_file || p.kind == EffectKind::broken_file)
    return upload_name(mine.name.code, "CDSS", begin);
  return {};
}

const char* kind_name(EffectKind k) {
  switch (k) {
    case EffectKind::fan_stop: return "fan_stop";
    case EffectKind::over_limit: return "over_limit";
    case EffectKind::no_cut: return "no_cut";
    case EffectKind::spike: return "spike";
    case EffectKind::stuck: return "stuck";
    case EffectKind::disguised_calibration: return "disguised_calibration";
    case EffectKind::planned_calibration: return "planned_calibration";
    case EffectKind::limit_edit: return "limit_edit";
    case EffectKind::co_blasting: return "co_blasting";
    case EffectKind::over_headcount: return "over_headcount";
    case EffectKind::restricted_area: return "restricted_area";
    case EffectKind::sos: return "sos";
    case EffectKind::nobody: return "nobody";
    case EffectKind::overtime: return "overtime";
    case EffectKind::silence: return "silence";
    case EffectKind::late_files: return "late_files";
    case EffectKind::gbk_file: return "gbk_file";
    case EffectKind::broken_file: return "broken_file";
  }
  return "";
}

SimulatedPlan plan_of(const Planned& p, const SimMine& mine, const Effect& e) {
  const bool blasting = p.kind == EffectKind::co_blasting;
  return {mine.name.code,
          blasting ? "blasting" : "calibration",
          blasting ? "1102掘进工作面爆破" : "回风巷甲烷T2标校",
          blasting ? kHeadingName : kFaceName,
          e.begin - 5min,
          e.end + 25min};
}

/// 0 before begin and after end, 1 in the middle, straight lines of `ramp` between.
double trapezoid(const Effect& e, EventTime t, Millis ramp) {
  if (!e.holds(t)) return 0;
  const double rise = static_cast<double>((t - e.begin + kTick).count()) / static_cast<double>(ramp.count());
  const double fall = static_cast<double>((e.end - t).count()) / static_cast<double>(ramp.count());
  return std::min({1.0, rise, fall});
}

/// Gas in a heading without fan: rises by 0.018 % a minute, thins out within minutes once the fan runs again.
double gas_without_fan(const Effect& e, EventTime t) {
  if (t < e.begin) return 0;
  const double minutes = static_cast<double>((std::min(t, e.end) - e.begin).count()) / 60000.0;
  const double since = static_cast<double>(std::max<std::int64_t>((t - e.end).count(), 0)) / 60000.0;
  return since > 60 ? 0 : 0.018 * minutes / ((1 + since / 5) * (1 + since / 5));
}

double co_fumes(const Effect& e, EventTime t) { return 82 * trapezoid(e, t, 90s); }

/// The value of a point that stands still: what it showed when it froze.
double frozen(const SimMine& mine, const SimPoint& point, const Effect& e) {
  return natural_value(mine, point, e.begin);
}

void calibrate_in_disguise(const Effect& e, EventTime t, SimReading& r) {
  if (!e.holds(t)) return;
  const double minutes = static_cast<double>((t - e.begin).count()) / 60000.0;
  if (minutes < 4) {  // gas comes up to 0.9, which is more than 80 % of the alarm limit
    r.value = std::max(r.value, std::min(0.9, 0.5 + 0.15 * (minutes + 0.5)));
    return;
  }
  r.state |= kCalibrationBit;
  r.value = 0.02;
}

void calibrate_with_gas(const Effect& e, EventTime t, SimReading& r) {
  if (!e.holds(t)) return;
  const double minutes = static_cast<double>((t - e.begin).count()) / 60000.0;
  r.state |= kCalibrationBit;
  r.value = minutes < 3 || minutes >= 9 ? 0.0 : 2.0;
}

/// Effects that bend the very point they are tied to.
void bend_own_point(const SimMine& mine, const SimPoint& point, const Effect& e, EventTime t, SimReading& r) {
  switch (e.kind) {
    case EffectKind::over_limit:
      r.value = std::max(r.value, r.value + (1.15 - r.value) * trapezoid(e, t, 90s));
      break;
    case EffectKind::no_cut:
      r.value = std::max(r.value, r.value + (1.65 - r.value) * trapezoid(e, t, 60s));
      break;
    case EffectKind::spike:
      if (e.holds(t)) r.value = 8.0;
      break;
    case EffectKind::stuck:
      if (e.holds(t)) r.value = frozen(mine, point, e);
      break;
    case EffectKind::co_blasting: r.value += co_fumes(e, t); break;
    case EffectKind::disguised_calibration: calibrate_in_disguise(e, t, r); break;
    case EffectKind::planned_calibration: calibrate_with_gas(e, t, r); break;
    default: break;
  }
}

/// Effects that reach other points of the same area.
void bend_neighbours(const SimPoint& point, const Effect& e, EventTime t, SimReading& r) {
  if (e.kind == EffectKind::fan_stop) {
    const bool stopped = e.holds(t);
    if (stopped &&
        (point.tag == "heading.fan" || point.tag == "heading.duct" || point.tag == "heading.machine" ||
         point.tag == "heading.breaker" || point.tag == "heading.feed")) {
      r.value = 0;
    }
    if (stopped && point.tag == "heading.wind") r.value = 0.3;
    if (point.tag == "heading.T1") r.value += gas_without_fan(e, t);
    if (point.tag == "heading.T2") r.value += 0.6 * gas_without_fan(e, t);
  }
  if (e.kind == EffectKind::no_cut) {
    // The breaker reports that it opened; the feed sensor behind it still sees voltage, and the machine runs
    // on.
    const double part = trapezoid(e, t, 60s);
    if (part == 1.0 && point.tag == "face.breaker") r.value = 0;
    if (e.holds(t) && point.tag == "face.machine") r.value = 1;
    if (point.tag == "face.T0" || point.tag == "face.T2") r.value += 0.2 * part;
  }
}

}  // namespace

std::vector<Effect> effects_of_day(const std::vector<SimMine>& mines, std::uint64_t seed, EventTime begin,
                                   std::int64_t day) {
  std::vector<Effect> out;
  const EventTime day_begin = begin + Millis(24h) * day;
  for (const Planned& p : schedule()) {
    if (p.mine >= mines.size()) continue;
    const SimMine& mine = mines[p.mine];
    Effect e;
    e.kind = p.kind;
    e.mine = p.mine;
    e.tag = p.tag;
    e.begin = begin_of(p, seed, day_begin);
    e.end = e.begin + p.lasts;
    e.planned = p.planned;
    if (p.planned) e.plan = plan_of(p, mine, e);
    for (const auto& [rule, grade] : p.expected) {
      e.incidents.push_back({rule, kind_name(p.kind), mine.name.code, subject_of(p, mine, e.begin), e.begin,
                             e.end, grade, p.note});
    }
    out.push_back(std::move(e));
  }
  std::stable_sort(out.begin(), out.end(),
                   [](const Effect& a, const Effect& b) { return a.begin < b.begin; });
  return out;
}

SimReading reading_of(const SimMine& mine, const SimPoint& point, EventTime at,
                      const std::vector<const Effect*>& effects) {
  SimReading r{natural_value(mine, point, at), 0};
  for (const Effect* e : effects) {
    if (e->tag == point.tag) bend_own_point(mine, point, *e, at, r);
    bend_neighbours(point, *e, at, r);
  }
  const double scale = point.def.decimals == 0 ? 1 : point.def.decimals == 1 ? 10 : 100;
  r.value = std::round(r.value * scale) / scale;
  if (point.def.alarm_high && r.value >= *point.def.alarm_high) r.state |= kAlarmBit;
  if (point.def.cut && r.value >= *point.def.cut) r.state |= kCutBit;
  return r;
}

}  // namespace mineward::app
