/// Is the reading honest: flat line (T-1), disguised calibration (T-5), limit edits (T-6, THR_LOOSE), pulses
/// (T-7).
#pragma once

#include "watch/detector.h"

namespace mineward::watch {

/// T-1. Params: gas, for, max_range, max_sigma, neighbours_move, min_samples, max_gap, orange_after.
/// A stretch starts again at the sample that breaks it.
struct FlatLineState {
  struct Range {
    double min = 0, max = 0;
    template <class A, class S>
    static void fields(A& a, S& s) {
      a(s.min, s.max);
    }
  };
  struct Point {
    EventTime since{}, last{};
    Range range;
    double n = 0, mean = 0, m2 = 0;  ///< Welford
    PointMap<Range> neighbours;      ///< their values since `since`
    Episode episode;
    template <class A, class S>
    static void fields(A& a, S& s) {
      a(s.since, s.last, s.range, s.n, s.mean, s.m2, s.neighbours, s.episode);
    }
  };
  PointMap<Point> points;
  template <class A, class S>
  static void fields(A& a, S& s) {
    a(s.points);
  }
};
class FlatLine final : public DetectorOf<FlatLine, FlatLineState> {
 public:
  explicit FlatLine(const pack::AlarmRule& rule);
  bool wants(const MineView&, const PointInfo& p) const override;
  void on_sample(Context&, const PointInfo&, const Measured&) override;

 private:
  void extend(FlatLineState::Point&, EventTime, double) const;
  bool flat(const FlatLineState::Point&, EventTime) const;

  const std::vector<std::string> gases_;
  const Millis for_, max_gap_, orange_after_;
  const double max_range_, max_sigma_, neighbours_move_, min_samples_;
};

/// T-5. Params: gas, plan_kinds (planned work), longest, near_alarm (share of the alarm limit), near_within,
/// per_month.
struct CalibrationState {
  struct Point {
    bool calibrating = false;
    EventTime since{};
    bool planned = false;
    std::optional<EventTime> last_high;  ///< newest reading above the share of the alarm limit
    std::int32_t month = 0, runs = 0;    ///< runs begun in the Chinese calendar month (months since year 0)
    Episode episode;
    template <class A, class S>
    static void fields(A& a, S& s) {
      a(s.calibrating, s.since, s.planned, s.last_high, s.month, s.runs, s.episode);
    }
  };
  PointMap<Point> points;
  template <class A, class S>
  static void fields(A& a, S& s) {
    a(s.points);
  }
};
class Calibration final : public DetectorOf<Calibration, CalibrationState> {
 public:
  explicit Calibration(const pack::AlarmRule& rule);
  bool wants(const MineView&, const PointInfo& p) const override;
  void on_sample(Context&, const PointInfo&, const Measured&) override;

 private:
  void begin_run(Context&, const PointInfo&, CalibrationState::Point&, EventTime) const;
  Said fault(const CalibrationState::Point&, EventTime at) const;

  const std::vector<std::string> gases_, plan_kinds_;
  const Millis longest_, near_within_;
  const double near_alarm_;
  const int per_month_;
};

/// T-6: a definition file relaxed a limit, removed a point or its breaker. An act: raised and cleared at
/// once; the alarm stays until people have handled it. No params.
struct NoState {
  bool unused = false;
  template <class A, class S>
  static void fields(A& a, S& s) {
    a(s.unused);
  }
};
class LimitEdit final : public DetectorOf<LimitEdit, NoState> {
 public:
  using DetectorOf::DetectorOf;
  void on_definitions(Context&, std::span<const feed::PointChange>, EventTime) override;
};

/// THR_LOOSE: a mine's own limit is looser than the floor row, or empty. Lasts until the definition is right.
/// Params: gas_grade: gases judged by `strict_grade`.
struct LimitFloorState {
  std::map<std::string, Episode> points;  ///< by point code, so that a removed point can still be named
  template <class A, class S>
  static void fields(A& a, S& s) {
    a(s.points);
  }
};
class LimitFloor final : public DetectorOf<LimitFloor, LimitFloorState> {
 public:
  using DetectorOf::DetectorOf;
  void on_definitions(Context&, std::span<const feed::PointChange>, EventTime) override;
};

/// T-7. Params: gas, at_least, ratio, returns_within (samples), max_gap.
struct PulseState {
  struct Point {
    std::optional<double> before;  ///< newest value that is no candidate
    std::optional<EventTime> spike_at;
    double spike = 0;
    std::int32_t after = 0;  ///< samples since the spike
    Episode episode;
    template <class A, class S>
    static void fields(A& a, S& s) {
      a(s.before, s.spike_at, s.spike, s.after, s.episode);
    }
  };
  PointMap<Point> points;
  template <class A, class S>
  static void fields(A& a, S& s) {
    a(s.points);
  }
};
class Pulse final : public DetectorOf<Pulse, PulseState> {
 public:
  explicit Pulse(const pack::AlarmRule& rule);
  bool wants(const MineView&, const PointInfo& p) const override;
  void on_sample(Context&, const PointInfo&, const Measured&) override;

 private:
  const std::vector<std::string> gases_;
  const double at_least_, ratio_;
  const int returns_within_;
  const Millis max_gap_;
};

}  // namespace mineward::watch
