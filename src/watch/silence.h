/// C-1: no upload. By arrival time, because silence has no event time.
#pragma once

#include "watch/detector.h"

namespace mineward::watch {

/// Params: periods, blue_after, yellow_after, orange_after, red_after, skip_statuses. One event per upload
/// system; it begins with the arrival after which nothing came and ends with the next arrival. Blue comes
/// after max(periods × rhythm of the system, blue_after).
struct SilenceState {
  struct System {
    ArrivalTime last{};
    bool active = false;
    EventTime begin{};
    pack::Grade grade{};
    template <class A, class S>
    static void fields(A& a, S& s) {
      a(s.last, s.active, s.begin, s.grade);
    }
  };
  std::map<std::string, System> systems;
  template <class A, class S>
  static void fields(A& a, S& s) {
    a(s.systems);
  }
};
class Silence final : public DetectorOf<Silence, SilenceState> {
 public:
  using DetectorOf::DetectorOf;
  bool wants_arrivals() const override { return true; }
  void on_arrival(Context&, const std::string& system, ArrivalTime) override;
  void on_tick(Context&, ArrivalTime now, ArrivalTime counted_from) const override;
  void adopt(const std::string& subject, EventTime begin, pack::Grade grade) override;

 private:
  pack::Grade grade_after(const Context&, const std::string& system, Millis silence) const;
  AlarmChange make(AlarmChange::Kind, const Context&, const std::string& system, const SilenceState::System&,
                   ArrivalTime now) const;
};

}  // namespace mineward::watch
