#include "watch/mine_view.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "watch/wording.h"

namespace mineward::watch {
namespace {

using pack::Bound;

bool is_upper(const Bound& b) { return b.op == Bound::Op::ge || b.op == Bound::Op::gt; }

/// The calm side of an upper limit: below the smallest of the numbers given.
Bound calm_below(double raise, std::initializer_list<std::optional<double>> others) {
  double c = raise;
  for (const auto& o : others)
    if (o) c = std::min(c, *o);
  return {Bound::Op::lt, c};
}
Bound calm_above(double raise, std::optional<double> other) {
  return {Bound::Op::gt, other ? std::max(raise, *other) : raise};
}

std::string row_source(const pack::Catalog& catalog, const pack::LimitRow& row) {
  std::string version;
  for (const auto& p : catalog.packs)
    if (p.name == row.pack) version = p.version;
  return fmt::format("{} [{} {}] {} {}", row.id, row.pack, version, row.source.clause, row.source.text);
}
std::string own_source(const OwnLimits& own) { return wording::own_definition(own.from).text(); }

/// Chooses between the row's bound and the mine's own number; both sides look the same way.
std::optional<EffectiveLimit> stricter(const std::optional<Bound>& row, std::optional<double> own, bool upper,
                                       const std::string& row_text, const std::string& own_text) {
  const bool own_wins = own && (!row || (upper ? *own < row->value : *own > row->value));
  if (own_wins) {
    const Bound b{upper ? Bound::Op::ge : Bound::Op::le, *own};
    return EffectiveLimit{b, {}, b.text(), own_text};
  }
  if (!row) return std::nullopt;
  return EffectiveLimit{*row, {}, row->text(), row_text};
}

}  // namespace

bool OwnLimits::same_numbers(const OwnLimits& o) const {
  return alarm_high == o.alarm_high && alarm_high_clear == o.alarm_high_clear && alarm_low == o.alarm_low &&
         alarm_low_clear == o.alarm_low_clear && cut_high == o.cut_high && cut_restore == o.cut_restore;
}

const PointInfo* MineView::point(PointKey key) const {
  const auto it = points.find(key);
  return it == points.end() ? nullptr : &it->second;
}

const AreaInfo* MineView::area(const std::string& area_code) const {
  const auto it = areas.find(area_code);
  return it == areas.end() ? nullptr : &it->second;
}

const PlannedWork* MineView::planned_work(const std::vector<std::string>& kinds, const std::string& place,
                                          EventTime at) const {
  for (const PlannedWork& w : planned) {
    if (at < w.begins || at > w.ends) continue;
    if (!kinds.empty() && std::find(kinds.begin(), kinds.end(), w.kind) == kinds.end()) continue;
    if (w.place.empty() || same_place(w.place, place)) return &w;
  }
  return nullptr;
}

std::vector<Relation> parse_relation(std::string_view text) {
  std::vector<Relation> out;
  std::string normal(text);
  for (char& c : normal)
    if (c == ',' || c == '&' || c == '|' || c == '\t') c = ' ';
  for (std::string_view part : split(normal, ' ')) {
    part = trim(part);
    if (part.size() < 3 || part[1] != '-' || part[0] < 'A' || part[0] > 'Z') continue;
    const auto code = split(part.substr(2), '-').front();
    if (!code.empty()) out.push_back({part[0], std::string(code)});
  }
  return out;
}

void link_points(MineView& view) {
  const auto find = [&](const std::string& code) -> std::optional<PointKey> {
    std::optional<PointKey> by_end;
    int ends = 0;
    for (const auto& [key, p] : view.points) {
      if (p.code == code) return key;
      if (p.code.ends_with(code)) {
        by_end = key;
        ++ends;
      }
    }
    return ends == 1 ? by_end : std::nullopt;
  };
  const auto add = [](std::vector<PointKey>& to, PointKey key) {
    if (std::find(to.begin(), to.end(), key) == to.end()) to.push_back(key);
  };
  for (auto& [key, p] : view.points) {
    p.breakers.clear();
    p.feeds.clear();
    p.neighbours.clear();
    for (const Relation& r : parse_relation(p.relation)) {
      const auto other = find(r.code);
      if (!other) continue;
      if (r.kind == 'D') add(p.breakers, *other);
      if (r.kind == 'K') add(p.feeds, *other);
    }
  }
  for (auto& [key, p] : view.points) {
    for (PointKey b : std::vector<PointKey>(p.breakers))
      for (PointKey f : view.points.at(b).feeds) add(p.feeds, f);
    if (p.is_switch || p.working_area.empty() || p.gas.empty()) continue;
    for (const auto& [other_key, o] : view.points)
      if (other_key != key && o.working_area == p.working_area && o.gas == p.gas)
        p.neighbours.push_back(other_key);
  }
}

bool same_place(std::string_view a, std::string_view b) {
  if (a.empty() || b.empty()) return false;
  return a.find(b) != std::string_view::npos || b.find(a) != std::string_view::npos;
}

EffectiveLimits effective_limits(const pack::Catalog& catalog, const MineView& view, const PointInfo& p,
                                 const OwnLimits& own, Date on) {
  EffectiveLimits out;
  if (!p.gas.empty()) out.row = catalog.limit_for(p.gas, p.role, p.place, view.kind, view.jurisdiction, on);
  const pack::LimitRow* row = out.row;
  const std::string row_text = row ? row_source(catalog, *row) : "";
  const std::string own_text = own_source(own);
  const auto side = [](const std::optional<Bound>& b, bool upper) {
    return b && is_upper(*b) == upper ? b : std::optional<Bound>{};
  };
  const auto row_alarm = row ? row->alarm : std::nullopt;
  auto row_low = row ? row->alarm_low : std::nullopt;
  if (!row_low) row_low = side(row_alarm, false);

  out.alarm = stricter(side(row_alarm, true), own.alarm_high, true, row_text, own_text);
  if (out.alarm) out.alarm->clear = calm_below(out.alarm->raise.value, {own.alarm_high_clear});
  if (out.alarm && out.alarm->raise.op == Bound::Op::gt && out.alarm->clear.value == out.alarm->raise.value)
    out.alarm->clear.op = Bound::Op::le;  // "over" is > x, so x itself is calm

  out.alarm_low = stricter(row_low, own.alarm_low, false, row_text, own_text);
  if (out.alarm_low) out.alarm_low->clear = calm_above(out.alarm_low->raise.value, own.alarm_low_clear);
  if (out.alarm_low && out.alarm_low->raise.op == Bound::Op::lt &&
      out.alarm_low->clear.value == out.alarm_low->raise.value)
    out.alarm_low->clear.op = Bound::Op::ge;

  out.cut = stricter(side(row ? row->cut : std::nullopt, true), own.cut_high, true, row_text, own_text);
  const auto row_restore = row && row->restore ? std::optional(row->restore->value) : std::nullopt;
  if (out.cut) out.cut->clear = calm_below(out.cut->raise.value, {own.cut_restore, row_restore});
  return out;
}

}  // namespace mineward::watch
