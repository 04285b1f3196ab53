/// People: overtime (P-1), over-staff (P-2), restricted area (P-3), SOS (P-4), stopped mine (P-8), count
/// mismatch (P-9). The newest position file says who is underground: a card that is not in it, or not with
/// flag 1, is not.
#pragma once

#include <cmath>

#include "watch/detector.h"

namespace mineward::watch {

/// Episodes by card, area code or "mine".
struct NamedEpisodes {
  std::map<std::string, Episode> by_name;
  template <class A, class S>
  static void fields(A& a, S& s) {
    a(s.by_name);
  }
};

/// A detector that judges names (cards, areas) at every position file. Derived classes say who is over.
class ByName : public DetectorOf<ByName, NamedEpisodes> {
 public:
  using DetectorOf::DetectorOf;
  struct Finding {
    std::string place, evidence;
    RecordId area;
    double value = 0;
    pack::Grade grade{};
    std::string limit_text, limit_source, unit;
    std::optional<double> limit_value;
    bool planned = false;
  };
  void on_people(Context&, const People&) final;

 protected:
  /// Everybody and everything that is over now, by name.
  virtual std::map<std::string, Finding> find(Context&, const People&) const = 0;
  /// Whether a peak that rose is worth a change of the record.
  virtual bool told_again(double /*before*/, double /*now*/) const { return true; }
  void report(Context&, const std::string& name, const Finding*, EventTime);
};

/// Params: limit_hours (when the mine has no own limit), orange_hours.
class Overtime final : public ByName {
 public:
  using ByName::ByName;
  std::map<std::string, Finding> find(Context&, const People&) const override;

 private:
  /// A stay grows with every file: its record follows at full hours.
  bool told_again(double before, double now) const override { return std::floor(now) > std::floor(before); }
};
/// Params: hold, orange_share, area_excludes_leaders (1 = yes), gas: key of the national quota rows.
class OverStaff final : public ByName {
 public:
  using ByName::ByName;
  std::map<std::string, Finding> find(Context&, const People&) const override;
};
/// Params: area_kinds.
class RestrictedArea final : public ByName {
 public:
  using ByName::ByName;
  std::map<std::string, Finding> find(Context&, const People&) const override;
};
class Sos final : public ByName {
 public:
  using ByName::ByName;
  std::map<std::string, Finding> find(Context&, const People&) const override;
};

/// P-8. Params: statuses (of the mine), plan_kinds, load_types (sensor types), load_words (of their place).
class StoppedMine final : public DetectorOf<StoppedMine, NamedEpisodes> {
 public:
  using DetectorOf::DetectorOf;
  bool wants(const MineView&, const PointInfo& p) const override;
  void on_sample(Context&, const PointInfo&, const Measured&) override;
  void on_people(Context&, const People&) override;

 private:
  void feed(Context&, const std::string& subject, EventTime, bool over, double value, const PointInfo*,
            std::string why);
};

/// P-9. Params: statuses (that mean producing), fan_types, load_types, load_words, gas, varies_by,
/// varies_within, min_signs: how many of (fan on, load on, gas varies) contradict an empty mine.
struct CountMismatchState {
  struct Swing {
    EventTime since{};
    double min = 0, max = 0, before = 0;  ///< `before`: swing of the window before this one
    bool seen = false;
    template <class A, class S>
    static void fields(A& a, S& s) {
      a(s.since, s.min, s.max, s.before, s.seen);
    }
  };
  PointMap<Swing> gas;
  Episode episode;
  template <class A, class S>
  static void fields(A& a, S& s) {
    a(s.gas, s.episode);
  }
};
class CountMismatch final : public DetectorOf<CountMismatch, CountMismatchState> {
 public:
  explicit CountMismatch(const pack::AlarmRule& rule);
  bool wants(const MineView&, const PointInfo& p) const override;
  void on_sample(Context&, const PointInfo&, const Measured&) override;
  void on_people(Context&, const People&) override;

 private:
  std::vector<Said> signs(const Context&, EventTime at) const;

  const Millis varies_within_;
};

/// Subject of alarms about the whole mine.
inline constexpr const char* kWholeMine = "mine";

}  // namespace mineward::watch
