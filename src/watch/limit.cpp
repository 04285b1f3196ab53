#include "watch/limit.h"

namespace mineward::watch {
namespace {

void add(const EpisodeRule& rule, Episode& e, EventTime at, double value) {
  const bool worse = rule.low_is_worse ? value < e.peak : value > e.peak;
  if (e.count == 0 || worse) {
    e.peak = value;
    e.peak_at = at;
  }
  e.sum += value;
  ++e.count;
}

void start_run(Episode& e, EventTime at) {
  e = Episode{};
  e.begin = at;
}

bool confirmed(const EpisodeRule& rule, const Episode& e, EventTime at) {
  if (rule.samples <= 0 && rule.hold <= Millis(0)) return true;
  if (rule.samples > 0 && e.run >= rule.samples) return true;
  return rule.hold > Millis(0) && at - e.begin >= rule.hold;
}

Step step_inactive(const EpisodeRule& rule, Episode& e, EventTime at, Reading reading, double value) {
  if (reading != Reading::over) {
    e.run = 0;
    return Step::none;
  }
  if (e.run == 0 || at - e.last > rule.max_gap) start_run(e, at);
  ++e.run;
  add(rule, e, at, value);
  if (!confirmed(rule, e, at)) return Step::none;
  e.active = true;
  return Step::raised;
}

/// The calm stretch was no end: its samples belong to the event.
void absorb_calm(Episode& e) {
  e.sum += e.calm_sum;
  e.count += e.calm_count;
  e.calm_sum = 0;
  e.calm_count = 0;
  e.calm_since.reset();
}

Step step_active(const EpisodeRule& rule, Episode& e, EventTime at, Reading reading, double value) {
  if (reading != Reading::calm) {
    absorb_calm(e);
    add(rule, e, at, value);
    return Step::none;
  }
  if (!e.calm_since) e.calm_since = at;
  e.calm_sum += value;
  ++e.calm_count;
  if (rule.clear_after > Millis(0)) return Step::none;
  end_now(e, *e.calm_since);
  return Step::cleared;
}

}  // namespace

bool settle(const EpisodeRule& rule, Episode& e, EventTime at) {
  if (!e.active || !e.calm_since || at - *e.calm_since <= rule.clear_after) return false;
  end_now(e, *e.calm_since);
  return true;
}

Step step(const EpisodeRule& rule, Episode& e, EventTime at, Reading reading, double value) {
  const Step result =
      e.active ? step_active(rule, e, at, reading, value) : step_inactive(rule, e, at, reading, value);
  e.last = at;
  return result;
}

void interrupt(Episode& e) {
  if (!e.active) e.run = 0;
}

void end_now(Episode& e, EventTime end) {
  e.active = false;
  e.run = 0;
  e.calm_since = end;
  e.calm_sum = 0;
  e.calm_count = 0;
}

}  // namespace mineward::watch
