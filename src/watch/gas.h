/// Gas: over-limit and cut (G-1, G-2), cut not carried out (G-3), fan stop with gas (G-7), carbon monoxide
/// (G-11).
#pragma once

#include "watch/detector.h"

namespace mineward::watch {

/// G-1, G-2 and every other "beyond its limit". Params: gas (list), limit ("alarm", "alarm_low" or "cut"),
/// samples, hold, max_gap; people_grade: grade while people are at the place (G-2); late_idle: after so many
/// samples in order without a late one the late data have ended. Samples that are not newer than the newest
/// of their point are judged in a lane of their own, marked late.
struct OverLimitState {
  struct Lanes {
    Episode main, late;
    EventTime last_begin{}, last_end{};  ///< of the main lane's newest event; end 0 = still on
    std::int32_t late_idle = 0;          ///< in-order samples since the late lane's newest
    template <class A, class S>
    static void fields(A& a, S& s) {
      a(s.main, s.late, s.last_begin, s.last_end, s.late_idle);
    }
  };
  PointMap<Lanes> points;
  template <class A, class S>
  static void fields(A& a, S& s) {
    a(s.points);
  }
};
class OverLimit final : public DetectorOf<OverLimit, OverLimitState> {
 public:
  explicit OverLimit(const pack::AlarmRule& rule);
  bool wants(const MineView&, const PointInfo& p) const override;
  void on_sample(Context&, const PointInfo&, const Measured&) override;

 private:
  const EffectiveLimit* limit_of(Context&, const PointInfo&, EventTime at) const;
  void feed(Context&, const PointInfo&, const Measured&, const EffectiveLimit&, Episode&);
  void feed_late(Context&, const PointInfo&, const Measured&, const EffectiveLimit&, OverLimitState::Lanes&);
  pack::Grade grade_now(const Context&, const PointInfo&, const Episode&) const;
  void close_late(Context&, const PointInfo&, OverLimitState::Lanes&);

  const std::vector<std::string> gases_;
  const std::string which_;
  const EpisodeRule rule_of_episode_;
  const pack::Grade people_grade_;
  const int late_idle_;
};

/// G-3. Params: gas, samples, hold, max_gap (the cut run is confirmed as in G-2), delay: how long the breaker
/// has, unknown_after: without any reading of the feed sensor for so long, it counts as not cut.
struct CutFailedState {
  struct Gas {
    Episode cut;              ///< the gas is at or above its cut limit
    Episode failed;           ///< the alarm
    PointMap<double> before;  ///< breaker values when the cut run began
    template <class A, class S>
    static void fields(A& a, S& s) {
      a(s.cut, s.failed, s.before);
    }
  };
  PointMap<Gas> points;
  template <class A, class S>
  static void fields(A& a, S& s) {
    a(s.points);
  }
};
class CutFailed final : public DetectorOf<CutFailed, CutFailedState> {
 public:
  explicit CutFailed(const pack::AlarmRule& rule);
  bool wants(const MineView&, const PointInfo& p) const override;
  void on_sample(Context&, const PointInfo&, const Measured&) override;

 private:
  enum class Power { off, on, silent, unknown };
  void on_gas(Context&, const PointInfo&, const Measured&);
  void judge(Context&, const PointInfo& gas, EventTime at);
  Power power(const Context&, const PointInfo& gas, const CutFailedState::Gas&, EventTime at,
              std::string& why) const;

  const std::vector<std::string> gases_;
  const EpisodeRule cut_rule_;
  const Millis delay_, unknown_after_;
};

/// G-7, one event per working area. Params: fan_types, duct_types (sensor types), gas, window, min_rise,
/// min_samples, gas_limit. The area counts as stopped when all its fans read 0, or one of its ducts does.
struct FanGasState {
  struct Rise {
    EventTime first_at{};
    double first = 0, last = 0, n = 0, st = 0, sv = 0, stt = 0, stv = 0;  ///< least squares; time in minutes
    void add(EventTime at, double v);
    double slope() const;
    template <class A, class S>
    static void fields(A& a, S& s) {
      a(s.first_at, s.first, s.last, s.n, s.st, s.sv, s.stt, s.stv);
    }
  };
  struct Area {
    PointMap<double> fans, ducts;
    std::optional<EventTime> stopped_since;
    PointMap<Rise> gas;
    Episode episode;
    template <class A, class S>
    static void fields(A& a, S& s) {
      a(s.fans, s.ducts, s.stopped_since, s.gas, s.episode);
    }
  };
  std::map<std::string, Area> areas;
  template <class A, class S>
  static void fields(A& a, S& s) {
    a(s.areas);
  }
};
class FanGas final : public DetectorOf<FanGas, FanGasState> {
 public:
  explicit FanGas(const pack::AlarmRule& rule);
  bool wants(const MineView&, const PointInfo& p) const override;
  void on_sample(Context&, const PointInfo&, const Measured&) override;

 private:
  bool is_fan(const PointInfo& p) const;
  bool is_duct(const PointInfo& p) const;
  void on_air(Context&, const PointInfo&, const Measured&, FanGasState::Area&);
  void on_gas(Context&, const PointInfo&, const Measured&, FanGasState::Area&);
  void feed(Context&, const PointInfo&, FanGasState::Area&, EventTime, Reading, double value,
            const std::string& why);

  const std::vector<std::string> fan_types_, duct_types_;
  const std::string gas_;
  const Millis window_;
  const double min_rise_, min_samples_, gas_limit_;
};

/// G-11. Params: gas, hold, red_above, rising_for, rising_by, blasting_kinds (planned work), blasting_within:
/// must be calm again so long after it began, else blasting does not explain it.
struct CarbonMonoxideState {
  struct Point {
    Episode episode;
    std::vector<EventTime> times;  ///< of the last `rising_for`, while over
    std::vector<double> values;
    template <class A, class S>
    static void fields(A& a, S& s) {
      a(s.episode, s.times, s.values);
    }
  };
  PointMap<Point> points;
  template <class A, class S>
  static void fields(A& a, S& s) {
    a(s.points);
  }
};
class CarbonMonoxide final : public DetectorOf<CarbonMonoxide, CarbonMonoxideState> {
 public:
  explicit CarbonMonoxide(const pack::AlarmRule& rule);
  bool wants(const MineView&, const PointInfo& p) const override;
  void on_sample(Context&, const PointInfo&, const Measured&) override;

 private:
  void remember(CarbonMonoxideState::Point&, EventTime, double) const;
  bool rising(const CarbonMonoxideState::Point&) const;

  const std::vector<std::string> gases_, blasting_kinds_;
  const EpisodeRule rule_of_episode_;
  const double red_above_, rising_by_;
  const Millis rising_for_, blasting_within_;
};

}  // namespace mineward::watch
