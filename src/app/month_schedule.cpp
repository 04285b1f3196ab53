#include "app/month_schedule.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "app/simulator_mine.h"

namespace mineward::app {
namespace {

using std::chrono::year_month_day;

constexpr std::uint64_t kPickDays = 1, kPickTimes = 2, kPickDelay = 3;  // what a number is drawn for

struct Day {
  Date date;
  int month, day, length;                                  ///< length of its month
  int weekday() const { return (date.days + 3) % 7 + 1; }  // 1970-01-01 was a Thursday
};

std::vector<Day> days_between(ArrivalTime from, ArrivalTime to) {
  std::vector<Day> out;
  const auto ymd = [](Date d) { return year_month_day(std::chrono::sys_days(std::chrono::days(d.days))); };
  const Date first = china_date(from.utc_ms);
  const auto begin = ymd(first);
  for (Date d = first; start_of_day_ms(d) < to.utc_ms; ++d.days) {
    const auto day = ymd(d);
    const int month = (static_cast<int>(day.year()) - static_cast<int>(begin.year())) * 12 +
                      static_cast<int>(static_cast<unsigned>(day.month())) -
                      static_cast<int>(static_cast<unsigned>(begin.month())) + 1;
    const year_month_day last(
        std::chrono::year_month_day_last(day.year(), std::chrono::month_day_last(day.month())));
    out.push_back({d, month, static_cast<int>(static_cast<unsigned>(day.day())),
                   static_cast<int>(static_cast<unsigned>(last.day()))});
  }
  return out;
}

/// So many days of a month, drawn from all its days.
std::set<int> drawn_days(const Schedule& s, std::uint64_t seed, int month, int length) {
  const auto m = static_cast<std::uint64_t>(month);
  const auto span = static_cast<double>(s.times_to - s.times_from + 1);
  const int times = s.times_from + static_cast<int>(hash_unit(seed ^ kPickTimes, m) * span);
  std::vector<std::pair<double, int>> order;
  for (int day = 1; day <= length; ++day)
    order.emplace_back(hash_unit(seed ^ kPickDays, m, static_cast<std::uint64_t>(day)), day);
  std::sort(order.begin(), order.end());
  std::set<int> out;
  for (int i = 0; i < std::min(times, length); ++i) out.insert(order[static_cast<std::size_t>(i)].second);
  return out;
}

}  // namespace

std::vector<Occasion> occasions(const Schedule& s, std::uint64_t seed, ArrivalTime from, ArrivalTime to) {
  using Every = Schedule::Every;
  std::vector<Occasion> out;
  int drawn_for = 0;
  std::set<int> drawn;
  for (const Day& day : days_between(from, to)) {
    if (s.every == Every::month && s.times_to > 0 && drawn_for != day.month) {
      drawn = drawn_days(s, seed, day.month, day.length);
      drawn_for = day.month;
    }
    const bool today =
        s.every == Every::day ||
        (s.every == Every::once &&
         std::find(s.dates.begin(), s.dates.end(), std::pair(day.month, day.day)) != s.dates.end()) ||
        (s.every == Every::week && s.weekdays.contains(day.weekday())) ||
        (s.every == Every::month &&
         (s.days.contains(day.day) || (s.days.contains(0) && day.day == day.length) ||
          drawn.contains(day.day)));
    if (!today) continue;
    const double later = hash_unit(seed ^ kPickDelay, static_cast<std::uint64_t>(day.date.days));
    const auto minutes = static_cast<std::int64_t>(later * static_cast<double>(s.within.count()) / 60000);
    const EventTime at{start_of_day_ms(day.date) + s.at.count() + minutes * 60000};
    if (at.utc_ms >= from.utc_ms && at.utc_ms < to.utc_ms) out.push_back({at, day.month, day.day});
  }
  return out;
}

const StoryException* exception_of(std::span<const StoryException> exceptions, std::string_view mine,
                                   const Occasion& occasion) {
  for (const StoryException& e : exceptions) {
    if (e.mine == mine && e.month == occasion.month && e.day == occasion.day) return &e;
  }
  return nullptr;
}

Status exceptions_met(const std::string& file, std::span<const StoryException> exceptions,
                      std::string_view mine, std::span<const Occasion> all, ArrivalTime from,
                      ArrivalTime to) {
  for (const Day& day : days_between(from, to)) {
    for (const StoryException& e : exceptions) {
      if (e.mine != mine || e.month != day.month || e.day != day.day) continue;
      // The last day may end before its time of day comes.
      if (start_of_day_ms(day.date) + Millis(24h).count() > to.utc_ms) continue;
      if (std::none_of(all.begin(), all.end(),
                       [&](const Occasion& o) { return o.month == e.month && o.day == e.day; }))
        return bad_input(
            fmt::format("found an exception on {}-{}, expected a day on which it happens", e.month, e.day),
            fmt::format("{}:{}", file, e.line));
    }
  }
  return {};
}

}  // namespace mineward::app
