#include "watch/board.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace mineward::watch {
namespace {

constexpr const char* kNamesSql =
    "SELECT card, name FROM person WHERE organisation = $1 AND card IS NOT NULL";
constexpr const char* kAlarmsSql =
    "SELECT mine, grade, state, COUNT(*), MIN(begin_at) FROM alarm WHERE state <> 'closed' GROUP BY mine, "
    "grade, state";
constexpr const char* kHazardsSql =
    "SELECT mine, COUNT(*), SUM(CASE WHEN deadline IS NOT NULL AND deadline < $1 THEN 1 ELSE 0 END) FROM "
    "hazard "
    "WHERE state NOT IN ('closed', 'withdrawn') GROUP BY mine";

using ByMine = std::map<std::int64_t, Concern*>;

Status add_alarms(db::Connection& c, const ByMine& mines) {
  MW_ASSIGN(const db::Rows rows, c.query(kAlarmsSql));
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const auto it = mines.find(rows.integer(i, 0));
    if (it == mines.end()) continue;
    Concern& m = *it->second;
    const int n = static_cast<int>(rows.integer(i, 3));
    const auto grade = pack::parse_grade(rows.text(i, 1)).value_or(pack::Grade::blue);
    (grade == pack::Grade::red      ? m.red
     : grade == pack::Grade::orange ? m.orange
     : grade == pack::Grade::yellow ? m.yellow
                                    : m.blue) += n;
    if (rows.text(i, 2) != "raised") continue;
    m.unanswered += n;
    const EventTime oldest{rows.integer(i, 4)};
    if (!m.oldest_unanswered || oldest < *m.oldest_unanswered) m.oldest_unanswered = oldest;
  }
  return {};
}

Status add_hazards(db::Connection& c, const ByMine& mines, Date today) {
  MW_ASSIGN(const db::Rows rows, c.query(kHazardsSql, {static_cast<std::int64_t>(today.days)}));
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const auto it = mines.find(rows.integer(i, 0));
    if (it == mines.end()) continue;
    it->second->open_hazards = static_cast<int>(rows.integer(i, 1));
    it->second->overdue_hazards = static_cast<int>(rows.integer(i, 2));
  }
  return {};
}

std::optional<pack::Bound> raise_of(const std::optional<EffectiveLimit>& l) {
  return l ? std::optional(l->raise) : std::nullopt;
}

std::string shown(const std::optional<double>& high, const std::optional<double>& low) {
  std::string out;
  if (high) out = fmt::format(">={}", *high);
  if (low) out += fmt::format("{}<={}", out.empty() ? "" : ", ", *low);
  return out;
}

}  // namespace

Status read_names(db::Connection& c, RecordId organisation, std::map<std::string, std::string>& names) {
  MW_ASSIGN(const db::Rows rows, c.query(kNamesSql, {organisation.value}));
  for (std::size_t i = 0; i < rows.size(); ++i) names[rows.text(i, 0)] = rows.text(i, 1);
  return {};
}

Underground count_underground(const MineView& view, const People& people,
                              const std::map<std::string, std::string>& names) {
  Underground out;
  out.mine = view.mine;
  if (people.seen) out.as_of = people.at;
  out.quota = view.headcount_quota;
  std::map<std::string, AreaCount> areas;
  for (const auto& [code, a] : view.areas) areas[code] = {a.id, a.code, a.name, a.kind, 0, a.quota};
  for (const auto& p : people.underground) {
    ++out.people;
    if (p.is_leader) ++out.leaders;
    auto [it, fresh] = areas.try_emplace(p.area);
    if (fresh) it->second.code = p.area;
    ++it->second.people;
    const auto name = names.find(p.card);
    out.persons.push_back({p.card, name == names.end() ? "" : name->second, it->second.name, it->second.area,
                           p.entered, p.is_leader, p.sos});
  }
  for (auto& [code, a] : areas) out.areas.push_back(std::move(a));
  return out;
}

PointLimits limits_for_drawing(const EffectiveLimits& e, const OwnLimits& own) {
  PointLimits out;
  out.alarm = raise_of(e.alarm);
  out.alarm_low = raise_of(e.alarm_low);
  out.cut = raise_of(e.cut);
  if (e.cut) out.restore = e.cut->clear;
  out.source = e.alarm ? e.alarm->source : e.alarm_low ? e.alarm_low->source : e.cut ? e.cut->source : "";
  out.mine_alarm = shown(own.alarm_high, own.alarm_low);
  out.mine_cut = shown(own.cut_high, std::nullopt);
  return out;
}

Result<std::vector<Concern>> read_concerns(record::Store& store, const record::Actor& actor,
                                           ArrivalTime now) {
  std::vector<Concern> out;
  record::ListQuery q;
  q.type = "mine";
  q.sort = "id";
  q.limit = 500;
  do {
    MW_ASSIGN(const record::Page page, store.list(actor, q));
    for (const auto& r : page.records) {
      Concern& c = out.emplace_back();
      c.mine = r.id;
      c.organisation = r.owner;
      c.code = r.text("code");
      c.name = r.text("name");
      c.status = r.text("status");
      c.simulated = r.flag("simulated");
      if (const auto n = r.number("headcount_quota")) c.quota = static_cast<int>(*n);
    }
    q.after = page.next;
  } while (!q.after.empty());
  ByMine by_mine;
  for (Concern& c : out) by_mine[c.mine.value] = &c;
  MW_TRY(store.database().read([&](db::Connection& c) -> Status {
    MW_TRY(add_alarms(c, by_mine));
    return add_hazards(c, by_mine, china_date(now.utc_ms));
  }));
  return out;
}

void rank_concerns(const pack::Catalog& catalog, std::vector<Concern>& mines) {
  const pack::AlarmRule none;
  const pack::AlarmRule* rule = &none;
  for (const auto& r : catalog.alarm_rules)
    if (r.detector == "concern" && r.enabled) rule = &r;
  const double most = rule->number("most_hours_of_silence", 0);
  for (Concern& c : mines) {
    const double hours = c.silence ? static_cast<double>(c.silence->count()) / 3.6e6 : 0;
    const int over = c.quota && c.people > *c.quota ? c.people - *c.quota : 0;
    const std::pair<const char*, double> parts[] = {{"red", c.red},
                                                    {"orange", c.orange},
                                                    {"yellow", c.yellow},
                                                    {"blue", c.blue},
                                                    {"unanswered", c.unanswered},
                                                    {"overdue_hazards", c.overdue_hazards},
                                                    {"open_hazards", c.open_hazards},
                                                    {"people_over_quota", over},
                                                    {"hours_of_silence", std::floor(std::min(hours, most))}};
    for (const auto& [name, count] : parts) {
      const int points = static_cast<int>(std::lround(count * rule->number(name, 0)));
      if (points <= 0) continue;
      c.parts.emplace_back(name, points);
      c.score += points;
    }
    std::stable_sort(c.parts.begin(), c.parts.end(),
                     [](const auto& a, const auto& b) { return a.second > b.second; });
  }
  std::stable_sort(mines.begin(), mines.end(), [](const Concern& a, const Concern& b) {
    return a.score != b.score ? a.score > b.score : a.code < b.code;
  });
}

}  // namespace mineward::watch
