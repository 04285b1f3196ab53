#include "duty/regime.h"

#include <algorithm>
#include <limits>

namespace mineward::duty {
namespace {

constexpr std::int32_t kForEver = std::numeric_limits<std::int32_t>::max() - 1;

DaySet::Range range(Date first, const std::optional<Date>& last) {
  return {first.days, last ? last->days : kForEver};
}

}  // namespace

Result<std::vector<Setting>> read_settings(db::Connection& c, const pack::Catalog& catalog) {
  std::vector<Setting> settings;
  if (catalog.record_type("pack_setting")) {
    MW_ASSIGN(const db::Rows rows,
              c.query("SELECT p.id, p.pack, p.action, p.replaced_by, r.code, p.first_day, p.last_day FROM "
                      "pack_setting p JOIN region r ON "
                      "r.id = p.region WHERE p.state = 'in_force' ORDER BY p.put_in_force_at, p.id"));
    for (std::size_t i = 0; i < rows.size(); ++i) {
      Setting s{RecordId{rows.integer(i, 0)},
                rows.text(i, 1),
                rows.text(i, 2),
                rows.text(i, 3),
                rows.text(i, 4),
                Date{static_cast<std::int32_t>(rows.integer(i, 5))},
                std::nullopt};
      if (!db::is_null(rows.rows[i][6])) s.last = Date{static_cast<std::int32_t>(rows.integer(i, 6))};
      settings.push_back(std::move(s));
    }
  }
  return settings;
}

void DaySet::add(Range range) {
  if (range.from > range.to) return;
  std::vector<Range> out;
  for (const Range& r : ranges_) {
    if (r.to < range.from - 1 || r.from > range.to + 1) {
      out.push_back(r);
    } else {
      range = {std::min(r.from, range.from), std::max(r.to, range.to)};
    }
  }
  out.push_back(range);
  std::sort(out.begin(), out.end(), [](const Range& a, const Range& b) { return a.from < b.from; });
  ranges_ = std::move(out);
}

void DaySet::remove(Range range) {
  if (range.from > range.to) return;
  std::vector<Range> out;
  for (const Range& r : ranges_) {
    if (r.to < range.from || r.from > range.to) {
      out.push_back(r);
      continue;
    }
    if (r.from < range.from) out.push_back({r.from, range.from - 1});
    if (r.to > range.to) out.push_back({range.to + 1, r.to});
  }
  ranges_ = std::move(out);
}

void DaySet::remove(const DaySet& other) {
  for (const Range& r : other.ranges_) remove(r);
}

bool DaySet::contains(Date day) const {
  const auto after = std::upper_bound(ranges_.begin(), ranges_.end(), day.days,
                                      [](std::int32_t d, const Range& r) { return d < r.from; });
  return after != ranges_.begin() && std::prev(after)->to >= day.days;
}

Regime::Regime(const pack::Catalog& catalog, std::vector<Setting> settings)
    : catalog_(catalog), settings_(std::move(settings)), rivals_(catalog.duties.size()) {
  const auto& duties = catalog_.duties;
  for (std::size_t a = 0; a < duties.size(); ++a) {
    for (std::size_t b = 0; b < duties.size(); ++b) {
      const bool related =
          duties[a].id == duties[b].id || (!duties[a].family.empty() && duties[a].family == duties[b].family);
      if (a != b && related && compare(duties[a], duties[b]) != pack::Strictness::incomparable)
        rivals_[a].push_back(b);
    }
  }
}

bool Regime::outranks(std::size_t a, std::size_t b) const {
  const auto& duties = catalog_.duties;
  switch (compare(duties[a], duties[b])) {
    case pack::Strictness::stricter: return true;
    case pack::Strictness::same:
      return duties[a].id == duties[b].id ? a > b : a < b;  // a lower pack speaks last of its own id
    default: return false;
  }
}

const DaySet& Regime::own_days(std::size_t duty, const std::string& region) const {
  const auto [slot, fresh] = own_.try_emplace({duty, region});
  if (!fresh) return slot->second;
  DaySet days;
  const pack::DutyRule& rule = catalog_.duties[duty];
  if (pack::covers_region(rule.jurisdiction, region)) days.add(range(rule.valid_from, rule.valid_to));
  for (const Setting& setting : settings_) {
    if (!pack::covers_region(setting.region, region)) continue;
    const auto span = range(setting.first, setting.last);
    if (setting.pack == rule.pack) {
      if (setting.action == "switch_on") {
        days.add(span);
      } else {
        days.remove(span);
      }
    }
    if (setting.action == "replace" && setting.replaced_by == rule.pack) days.add(span);
  }
  return slot->second = std::move(days);
}

const DaySet& Regime::days(std::size_t duty, const std::string& region) const {
  const auto found = effective_.find({duty, region});
  if (found != effective_.end()) return found->second;
  DaySet days = own_days(duty, region);
  for (const std::size_t rival : rivals(duty)) {
    if (outranks(rival, duty)) days.remove(own_days(rival, region));
  }
  return effective_[{duty, region}] = std::move(days);
}

std::vector<std::size_t> Regime::replaced(std::size_t duty, const std::string& region, Date day) const {
  std::vector<std::size_t> out;
  for (const std::size_t rival : rivals(duty)) {
    if (outranks(duty, rival) && own_days(rival, region).contains(day)) out.push_back(rival);
  }
  return out;
}

}  // namespace mineward::duty
