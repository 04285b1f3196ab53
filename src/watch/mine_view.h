/// What the detectors know about a mine besides its readings: points, areas, attributes, planned work. Plain
/// data, built from the registers by the watch (or from an example by the pack test), immutable while in use.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/ids.h"
#include "base/time.h"
#include "history/history.h"
#include "pack/catalog.h"

namespace mineward::watch {

using history::PointKey;

/// A mine's own limits of a point, as its definition file says; absent = not configured.
struct OwnLimits {
  EventTime
      from{};  ///< valid for samples from here on; the first version is valid for everything before, too
  std::optional<double> alarm_high, alarm_high_clear, alarm_low, alarm_low_clear, cut_high, cut_restore;

  bool same_numbers(const OwnLimits& o) const;
  template <class A, class S>
  static void fields(A& a, S& s) {
    a(s.from, s.alarm_high, s.alarm_high_clear, s.alarm_low, s.alarm_low_clear, s.cut_high, s.cut_restore);
  }
};

struct PointInfo {
  PointKey key = 0;
  RecordId id;
  std::string code, place, working_area, role;
  std::string sensor_type;  ///< "0001"
  std::string gas;          ///< first column of the limit table: "CH4", "CO"; empty = none
  std::string unit;
  bool is_switch = false;
  std::optional<double> range_low, range_high;
  OwnLimits own;               ///< the newest version
  std::string relation;        ///< as uploaded
  std::vector<double> levels;  ///< blue, yellow, orange, red of a graded item; empty = none
  std::vector<PointKey> breakers, feeds, neighbours;  ///< made by link_points()
};

struct AreaInfo {
  RecordId id;
  std::string code, name, kind;
  std::optional<int> quota;
};

/// An approved notice of work. Empty place = the whole mine.
struct PlannedWork {
  std::string kind, place;
  EventTime begins{}, ends{};
};

struct MineView {
  RecordId mine, organisation;
  std::string code, name;
  std::string kind, status;  ///< codes of the dictionaries mine_kind, mine_status
  std::string jurisdiction;  ///< region code
  std::optional<int> headcount_quota;
  std::optional<double> stay_limit_hours;
  std::map<PointKey, PointInfo> points;   ///< living points that have a key
  std::map<std::string, AreaInfo> areas;  ///< by code
  std::vector<PlannedWork> planned;

  const PointInfo* point(PointKey key) const;
  const AreaInfo* area(const std::string& code) const;
  /// The approved work of one of `kinds` (none named = any kind) that covers a place at a time.
  const PlannedWork* planned_work(const std::vector<std::string>& kinds, const std::string& place,
                                  EventTime at) const;
};

/// One item of a relation text: 'D' breaker, 'K' feed sensor; any other letter is kept.
struct Relation {
  char kind = 0;
  std::string code;
};
/// "D-<point>-<name>", several separated by `,` `&` `|` or blanks. Items of another shape are left out.
std::vector<Relation> parse_relation(std::string_view text);

/// Fills breakers, feeds (also through the breaker's own relation) and neighbours (same working area, same
/// gas). A relation names a point by its whole code or by its last part, if only one point of the mine ends
/// so.
void link_points(MineView& view);

/// Whether two place texts speak of the same place: one contains the other; an empty one matches nothing.
bool same_place(std::string_view a, std::string_view b);

/// The limits that bind a point: of the mine's own and the national floor (or a lower pack's tighter row) the
/// stricter.
struct EffectiveLimit {
  pack::Bound raise, clear;  ///< over when raise.over(x); calm when clear.over(x)
  std::string text;          ///< ">=1.0"
  std::string source;        ///< row, pack and citation, or the mine's own definition
};
struct EffectiveLimits {
  std::optional<EffectiveLimit> alarm, alarm_low, cut;
  const pack::LimitRow* row = nullptr;
};
/// On a tie the row is named, because it can be cited.
EffectiveLimits effective_limits(const pack::Catalog&, const MineView&, const PointInfo&, const OwnLimits&,
                                 Date on);

}  // namespace mineward::watch
