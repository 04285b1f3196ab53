/// The four-grade counting of GB 39496: several warnings of one grade make one of the next.
#pragma once

#include <array>

#include "watch/detector.h"

namespace mineward::watch {

/// How many of a grade make one of the next: blue -> yellow, yellow -> orange, orange -> red. 0 = never.
struct GradeCounting {
  int blue = 0, yellow = 0, orange = 0;
};
/// The grade that a set of warnings amounts to; counts[0] blue ... counts[3] red.
pack::Grade combine(const GradeCounting&, std::array<int, 4> counts);

/// Params: count_blue, count_yellow, count_orange; items: sensor types in the order of `names`; low_items:
/// sensor types that are worse when low; levels_<sensor type>: blue, yellow, orange, red of the designer (a
/// local pack's business; PointInfo::levels, where given, goes before). An item is all points of one sensor
/// type; the whole is all items.
struct GradedItemsState {
  PointMap<pack::Grade> points;
  std::map<std::string, Episode> episodes;  ///< by item, and "all"
  template <class A, class S>
  static void fields(A& a, S& s) {
    a(s.points, s.episodes);
  }
};
class GradedItems final : public DetectorOf<GradedItems, GradedItemsState> {
 public:
  explicit GradedItems(const pack::AlarmRule& rule);
  bool wants(const MineView&, const PointInfo& p) const override;
  void on_sample(Context&, const PointInfo&, const Measured&) override;

 private:
  pack::Grade level(const PointInfo&, double value) const;
  void report(Context&, const std::string& item, pack::Grade, EventTime, const PointInfo*,
              const std::string& why);

  const std::vector<std::string> items_, names_;
  const GradeCounting counting_;
};

}  // namespace mineward::watch
