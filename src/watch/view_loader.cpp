#include "watch/view_loader.h"

#include <fmt/format.h>

namespace mineward::watch {
namespace {

constexpr const char* kMineSql =
    "SELECT m.code, m.name, m.kind, m.status, m.organisation, m.headcount_quota, m.stay_limit, r.code "
    "FROM mine m LEFT JOIN organisation o ON o.id = m.organisation LEFT JOIN region r ON r.id = o.region "
    "WHERE m.id = $1";
constexpr const char* kPointsSql =
    "SELECT id, code, place, working_area, role, sensor_type, unit, value_type, range_low, range_high, "
    "relation, "
    "alarm_high, alarm_high_clear, alarm_low, alarm_low_clear, cut_high, cut_high_restore, removed "
    "FROM point WHERE mine = $1";
constexpr const char* kChangesSql =
    "SELECT point, MAX(changed_at) FROM point_change WHERE mine = $1 AND kind = 'limit' GROUP BY point";
constexpr const char* kAreasSql = "SELECT id, code, name, kind, quota FROM area WHERE mine = $1";
constexpr const char* kPlannedSql =
    "SELECT kind, place, begins_at, ends_at FROM planned_work WHERE mine = $1 AND state = 'approved' ORDER "
    "BY begins_at";

std::optional<double> number(const db::Rows& r, std::size_t row, std::size_t column) {
  if (db::is_null(r.rows[row][column])) return std::nullopt;
  return r.number(row, column);
}

/// A limit as uploaded; a negative one means "not configured" (-0.01 is seen in the field).
std::optional<double> limit(const db::Rows& r, std::size_t row, std::size_t column) {
  const auto n = number(r, row, column);
  return n && *n < 0 ? std::nullopt : n;
}

std::string column_of(const pack::DictionaryEntry* entry, const char* name) {
  if (!entry) return {};
  const auto it = entry->extra.find(name);
  return it == entry->extra.end() ? std::string() : it->second;
}

PointInfo point_of(const pack::Catalog& catalog, const db::Rows& r, std::size_t i) {
  PointInfo p;
  p.id = RecordId{r.integer(i, 0)};
  p.code = r.text(i, 1);
  p.place = r.text(i, 2);
  p.working_area = r.text(i, 3);
  p.role = r.text(i, 4);
  p.sensor_type = r.text(i, 5);
  p.unit = r.text(i, 6);
  p.is_switch = r.text(i, 7) == "KG";
  p.range_low = number(r, i, 8);
  p.range_high = number(r, i, 9);
  p.relation = r.text(i, 10);
  const auto* types = catalog.dictionary("sensor_type");
  p.gas = column_of(types ? types->entry(p.sensor_type) : nullptr, "gas");
  p.own.alarm_high = limit(r, i, 11);
  p.own.alarm_high_clear = limit(r, i, 12);
  p.own.alarm_low = limit(r, i, 13);
  p.own.alarm_low_clear = limit(r, i, 14);
  p.own.cut_high = limit(r, i, 15);
  p.own.cut_restore = limit(r, i, 16);
  return p;
}

Status load_points(db::Connection& c, const pack::Catalog& catalog, const history::History& history,
                   MineView& view) {
  std::map<std::int64_t, std::int64_t> changed;
  MW_ASSIGN(const db::Rows changes, c.query(kChangesSql, {view.mine.value}));
  for (std::size_t i = 0; i < changes.size(); ++i) changed[changes.integer(i, 0)] = changes.integer(i, 1);
  MW_ASSIGN(const db::Rows rows, c.query(kPointsSql, {view.mine.value}));
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (rows.integer(i, 17) != 0) continue;
    PointInfo p = point_of(catalog, rows, i);
    const auto key = history.find_point(view.code, p.code);
    if (!key) continue;
    p.key = *key;
    if (const auto it = changed.find(p.id.value); it != changed.end()) p.own.from = EventTime{it->second};
    view.points.emplace(p.key, std::move(p));
  }
  link_points(view);
  return {};
}

Status load_areas(db::Connection& c, MineView& view) {
  MW_ASSIGN(const db::Rows rows, c.query(kAreasSql, {view.mine.value}));
  for (std::size_t i = 0; i < rows.size(); ++i) {
    AreaInfo a{RecordId{rows.integer(i, 0)}, rows.text(i, 1), rows.text(i, 2), rows.text(i, 3), {}};
    if (const auto n = number(rows, i, 4)) a.quota = static_cast<int>(*n);
    view.areas[a.code] = std::move(a);
  }
  return {};
}

Status load_planned(db::Connection& c, MineView& view) {
  MW_ASSIGN(const db::Rows rows, c.query(kPlannedSql, {view.mine.value}));
  for (std::size_t i = 0; i < rows.size(); ++i)
    view.planned.push_back(
        {rows.text(i, 0), rows.text(i, 1), EventTime{rows.integer(i, 2)}, EventTime{rows.integer(i, 3)}});
  return {};
}

}  // namespace

Result<std::shared_ptr<const MineView>> load_view(db::Connection& c, const pack::Catalog& catalog,
                                                  const history::History& history, RecordId mine) {
  auto view = std::make_shared<MineView>();
  view->mine = mine;
  MW_ASSIGN(const db::Rows rows, c.query(kMineSql, {mine.value}));
  if (rows.empty()) return not_found(fmt::format("no mine with id {}", mine.value));
  view->code = rows.text(0, 0);
  view->name = rows.text(0, 1);
  view->kind = rows.text(0, 2);
  view->status = rows.text(0, 3);
  view->organisation = RecordId{rows.integer(0, 4)};
  if (const auto n = number(rows, 0, 5)) view->headcount_quota = static_cast<int>(*n);
  view->stay_limit_hours = number(rows, 0, 6);
  view->jurisdiction = rows.text(0, 7);
  MW_TRY(load_points(c, catalog, history, *view));
  MW_TRY(load_areas(c, *view));
  MW_TRY(load_planned(c, *view));
  return std::shared_ptr<const MineView>(std::move(view));
}

}  // namespace mineward::watch
