#include "watch/limit.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <fmt/format.h>

#include <cmath>

#include "watch/archive.h"

namespace mineward::watch {
namespace {

struct Bounds {
  double raise = 1.0, clear = 1.0;
};

/// "20+ 60-": raised by the sample at 20 s, ended at 60 s. Samples are one every 10 s; '.' is calibration.
std::string run(const EpisodeRule& rule, const std::vector<double>& values, Bounds b = {},
                Episode* last = nullptr) {
  Episode e;
  std::string out;
  EventTime at{0};
  for (double v : values) {
    at = at + 10s;
    if (settle(rule, e, at)) out += fmt::format("{}- ", e.calm_since->utc_ms / 1000);
    if (std::isnan(v)) {
      interrupt(e);
      continue;
    }
    const Step s = step(rule, e, at,
                        v >= b.raise  ? Reading::over
                        : v < b.clear ? Reading::calm
                                      : Reading::between,
                        v);
    if (s == Step::raised) out += fmt::format("{}+ ", at.utc_ms / 1000);
    if (s == Step::cleared) out += fmt::format("{}- ", e.calm_since->utc_ms / 1000);
  }
  if (last) *last = e;
  if (!out.empty()) out.pop_back();
  return out;
}

TEST(Limit, RaisesHoldsAndClears) {
  const double cal = std::nan("");
  const EpisodeRule at_once{};
  EpisodeRule two{.samples = 2};
  const EpisodeRule held{.hold = 20s};
  const EpisodeRule either{.samples = 3, .hold = 10s};
  const EpisodeRule slow{.samples = 2, .clear_after = 20s};
  const EpisodeRule patchy{.samples = 2, .max_gap = 5s};
  const struct {
    const char* why;
    EpisodeRule rule;
    std::vector<double> samples;
    Bounds bounds;
    const char* want;
  } cases[] = {
      {"equal to the limit is over", at_once, {0.99, 1.0}, {}, "20+"},
      {"one sample short", two, {1.0, 0.99, 1.0, 0.99}, {}, ""},
      {"two in a row", two, {0.9, 1.0, 1.0}, {}, "30+"},
      {"a spike shorter than hold is silent", held, {1.2, 1.2, 0.3}, {}, ""},
      {"as long as hold", held, {1.2, 1.2, 1.2}, {}, "30+"},
      {"samples or time, whichever comes first", either, {1.2, 1.2}, {}, "20+"},
      {"calibration breaks a run", two, {1.2, cal, 1.2, 0.3}, {}, ""},
      {"calibration keeps an active event", two, {1.2, 1.2, cal, cal, 1.2}, {}, "20+"},
      {"inside the deadband stays raised", two, {1.2, 1.2, 0.95, 0.95, 0.89}, {1.0, 0.9}, "20+ 50-"},
      {"the deadband breaks a run", two, {1.2, 0.95, 1.2}, {1.0, 0.9}, ""},
      {"calm as long as clear_after does not end it", slow, {1.2, 1.2, 0.3, 0.3, 0.3}, {}, "20+"},
      {"calm for longer does, at its first sample", slow, {1.2, 1.2, 0.3, 0.3, 0.3, 0.3}, {}, "20+ 30-"},
      {"back in time is the same event", slow, {1.2, 1.2, 0.3, 1.2, 0.3, 0.3, 0.3, 0.3}, {}, "20+ 50-"},
      {"the deadband interrupts the calm",
       slow,
       {1.2, 1.2, 0.3, 0.95, 0.3, 0.3, 0.3, 0.3},
       {1.0, 0.9},
       "20+ 50-"},
      {"over again later than clear_after is a new event",
       slow,
       {1.2, 1.2, 0.3, 0.3, 0.3, 1.2, 1.2},
       {},
       "20+ 30- 70+"},
      {"a run with a gap starts again", patchy, {1.2, 1.2, 1.2}, {}, ""},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.why);
    EXPECT_EQ(run(c.rule, c.samples, c.bounds), c.want);
  }
}

TEST(Limit, FiguresAreThoseFromBeginToEnd) {
  Episode e;
  run({.samples = 2, .clear_after = 20s}, {0.5, 1.2, 1.6, 0.4, 1.1, 0.2, 0.2, 0.2, 0.2}, {}, &e);
  EXPECT_FALSE(e.active);
  EXPECT_EQ(e.begin.utc_ms, 20000);
  EXPECT_EQ(e.calm_since->utc_ms, 60000);
  EXPECT_EQ(e.count, 4) << "1.2 1.6 0.4 1.1: the calm that did not last belongs to it";
  EXPECT_DOUBLE_EQ(e.mean(), (1.2 + 1.6 + 0.4 + 1.1) / 4);
  EXPECT_EQ(e.peak, 1.6);
  EXPECT_EQ(e.peak_at.utc_ms, 30000);
}

TEST(Limit, LowSideKeepsTheSmallest) {
  Episode e;
  run({.samples = 1, .low_is_worse = true}, {1.5, 1.2, 1.9}, {1.0, 1.0}, &e);
  EXPECT_EQ(e.peak, 1.2);
}

RC_GTEST_PROP(Limit, AlternatesWhateverTheSamples,
              (const std::vector<unsigned char>& bytes, unsigned char n, bool slow)) {
  const EpisodeRule rule{.samples = n % 4, .clear_after = slow ? Millis(30s) : Millis(0)};
  Episode e;
  bool on = false;
  EventTime at{0};
  std::optional<EventTime> ended;
  for (unsigned char b : bytes) {
    at = at + 10s;
    if (settle(rule, e, at)) {
      RC_ASSERT(on);
      on = false;
      ended = e.calm_since;
    }
    const Step s = step(rule, e, at, static_cast<Reading>(b % 3), b);
    RC_ASSERT(s != Step::raised || !on);
    RC_ASSERT(s != Step::cleared || on);
    if (s == Step::raised) {
      if (ended) RC_ASSERT(e.begin - *ended > rule.clear_after || rule.clear_after == Millis(0));
      on = true;
    }
    if (s == Step::cleared) on = false;
    RC_ASSERT(on == e.active);
  }
}

RC_GTEST_PROP(Archive, ReadsBackWhatWasWrittenAndNeverMore,
              (const std::map<std::string, std::vector<double>>& lists, unsigned cut)) {
  Saver saver;
  Episode e;
  e.calm_since = EventTime{7};
  e.run = 3;
  const std::optional<double> none;
  saver(lists, e, none);
  std::map<std::string, std::vector<double>> back;
  Episode f;
  std::optional<double> o = 1.0;
  Loader loader(saver.bytes());
  loader(back, f, o);
  RC_ASSERT(loader.ok() && loader.at_end());
  RC_ASSERT(back.size() == lists.size() && f.calm_since == e.calm_since && f.run == 3 && !o);
  Loader shorter(std::string_view(saver.bytes()).substr(0, cut % saver.bytes().size()));
  shorter(back, f, o);
  RC_ASSERT(!shorter.ok());
}

}  // namespace
}  // namespace mineward::watch
