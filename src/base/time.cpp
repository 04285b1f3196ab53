#include "base/time.h"

#include <fmt/format.h>

#include <array>
#include <cmath>

#include "base/text.h"

namespace mineward {
namespace {

constexpr std::int64_t kDay = std::int64_t{24} * 3600 * 1000;

std::optional<int> digits(std::string_view text, std::size_t at, std::size_t count) {
  if (at + count > text.size()) return std::nullopt;
  int value = 0;
  for (std::size_t i = at; i < at + count; ++i) {
    if (text[i] < '0' || text[i] > '9') return std::nullopt;
    value = value * 10 + (text[i] - '0');
  }
  return value;
}

std::optional<std::int32_t> days_of(std::optional<int> y, std::optional<int> m, std::optional<int> d) {
  if (!y || !m || !d) return std::nullopt;
  const std::chrono::year_month_day ymd{std::chrono::year(*y), std::chrono::month(static_cast<unsigned>(*m)),
                                        std::chrono::day(static_cast<unsigned>(*d))};
  if (!ymd.ok()) return std::nullopt;
  return static_cast<std::int32_t>(std::chrono::sys_days(ymd).time_since_epoch().count());
}

std::optional<std::int64_t> civil(std::optional<std::int32_t> days, std::optional<int> h,
                                  std::optional<int> min, std::optional<int> s) {
  if (!days || !h || !min || !s || *h > 23 || *min > 59 || *s > 59) return std::nullopt;
  return *days * kDay + ((*h * 60 + *min) * 60 + *s) * std::int64_t{1000};
}

Error bad_time(std::string_view text, std::string_view expected) {
  // A command line or a file name may be no UTF-8.
  const std::string shown = as_utf8(text);
  return bad_input(fmt::format("found \"{}\", expected {}", shown, expected));
}

struct Civil {
  int year;
  unsigned month, day;
  int hour, minute, second, millis;
};

Civil split(std::int64_t utc_ms) {
  const std::int64_t local = utc_ms + kBeijingOffset;
  std::int64_t days = local / kDay;
  std::int64_t rest = local % kDay;
  if (rest < 0) {
    rest += kDay;
    --days;
  }
  const std::chrono::year_month_day ymd{std::chrono::sys_days(std::chrono::days(days))};
  return {int(ymd.year()),
          unsigned(ymd.month()),
          unsigned(ymd.day()),
          static_cast<int>(rest / 3600000),
          static_cast<int>(rest / 60000 % 60),
          static_cast<int>(rest / 1000 % 60),
          static_cast<int>(rest % 1000)};
}

}  // namespace

namespace {

/// What an offset moves out of the years that can be written in four digits is no time.
Result<EventTime> in_four_digits(EventTime t, std::string_view text) {
  const int year = split(t.utc_ms).year;
  if (year < 0 || year > 9999) return bad_time(text, "a time in the years 0000 to 9999, in China");
  return t;
}

}  // namespace

Result<EventTime> parse_beijing_time(std::string_view text) {
  const bool shape = text.size() == 19 && text[4] == '-' && text[7] == '-' &&
                     (text[10] == ' ' || text[10] == 'T') && text[13] == ':' && text[16] == ':';
  const auto ms = shape ? civil(days_of(digits(text, 0, 4), digits(text, 5, 2), digits(text, 8, 2)),
                                digits(text, 11, 2), digits(text, 14, 2), digits(text, 17, 2))
                        : std::nullopt;
  if (!ms) return bad_time(text, "a time yyyy-MM-dd HH:mm:ss");
  return EventTime{*ms - kBeijingOffset};
}

Result<EventTime> parse_compact_time(std::string_view text) {
  const auto ms = text.size() == 14
                      ? civil(days_of(digits(text, 0, 4), digits(text, 4, 2), digits(text, 6, 2)),
                              digits(text, 8, 2), digits(text, 10, 2), digits(text, 12, 2))
                      : std::nullopt;
  if (!ms) return bad_time(text, "a time yyyyMMddHHmmss");
  return EventTime{*ms - kBeijingOffset};
}

Result<EventTime> parse_time(std::string_view text) {
  if (text.size() == 10) {
    MW_ASSIGN(const Date date, parse_date(text));
    return EventTime{start_of_day_ms(date)};
  }
  if (text.size() < 19) return bad_time(text, "a time yyyy-MM-ddTHH:mm:ss+08:00");
  const auto civil_time = parse_beijing_time(text.substr(0, 19));
  // All of it: the 19 bytes may end inside a character.
  if (!civil_time) return bad_time(text, "a time yyyy-MM-dd HH:mm:ss");
  EventTime t = *civil_time;
  std::string_view rest = text.substr(19);
  if (!rest.empty() && rest[0] == '.') {
    std::int64_t scale = 100;
    std::size_t i = 1;
    for (; i < rest.size() && rest[i] >= '0' && rest[i] <= '9'; ++i, scale /= 10)
      t.utc_ms += (rest[i] - '0') * scale;
    if (i == 1) return bad_time(text, "digits after the decimal point of the seconds");
    rest.remove_prefix(i);
  }
  if (rest.empty()) return t;
  if (rest == "Z" || rest == "z") return in_four_digits(t + Millis(kBeijingOffset), text);
  const auto h = digits(rest, 1, 2);
  const auto m = digits(rest, 4, 2);
  if (rest.size() != 6 || (rest[0] != '+' && rest[0] != '-') || rest[3] != ':' || !h || !m || *h > 14 ||
      *m > 59) {
    return bad_time(text, "an offset +08:00 or Z after the time");
  }
  const std::int64_t offset = (*h * 60 + *m) * std::int64_t{60000} * (rest[0] == '+' ? 1 : -1);
  return in_four_digits(t + Millis(kBeijingOffset - offset), text);
}

Result<Date> parse_date(std::string_view text) {
  const bool shape = text.size() == 10 && text[4] == '-' && text[7] == '-';
  const auto days = shape ? days_of(digits(text, 0, 4), digits(text, 5, 2), digits(text, 8, 2))
                          : std::optional<std::int32_t>{};
  if (!days) return bad_time(text, "a date yyyy-MM-dd");
  return Date{*days};
}

std::string format_date(Date date) {
  const std::chrono::year_month_day ymd{std::chrono::sys_days(std::chrono::days(date.days))};
  return fmt::format("{:04}-{:02}-{:02}", int(ymd.year()), unsigned(ymd.month()), unsigned(ymd.day()));
}

std::string format_beijing(std::int64_t utc_ms) {
  const Civil c = split(utc_ms);
  return fmt::format("{:04}-{:02}-{:02} {:02}:{:02}:{:02}", c.year, c.month, c.day, c.hour, c.minute,
                     c.second);
}

std::string format_compact(std::int64_t utc_ms) {
  const Civil c = split(utc_ms);
  return fmt::format("{:04}{:02}{:02}{:02}{:02}{:02}", c.year, c.month, c.day, c.hour, c.minute, c.second);
}

std::string format_rfc3339(std::int64_t utc_ms) {
  const Civil c = split(utc_ms);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}+08:00", c.year, c.month, c.day, c.hour,
                     c.minute, c.second, c.millis);
}

Result<Millis> parse_duration(std::string_view text) {
  std::size_t i = 0;
  double number = 0;
  double scale = 0;
  for (; i < text.size(); ++i) {
    if (text[i] == '.' && scale == 0) {
      scale = 1;
    } else if (text[i] >= '0' && text[i] <= '9') {
      number = number * 10 + (text[i] - '0');
      scale *= 10;
    } else {
      break;
    }
  }
  const bool has_number = i > 0 && text.substr(0, i) != ".";
  while (i < text.size() && text[i] == ' ') ++i;
  const std::string_view unit = text.substr(i);
  const double factor = unit == "ms"    ? 1.0
                        : unit == "s"   ? 1e3
                        : unit == "min" ? 60e3
                        : unit == "h"   ? 3600e3
                        : unit == "d"   ? 86400e3
                                        : 0.0;
  const double ms = number / (scale > 0 ? scale : 1) * factor;
  constexpr double kLongest = 1000.0 * 366 * 86400e3;  // a thousand years: far from any overflow
  if (!has_number || factor == 0.0 || ms > kLongest) {
    return bad_time(text, "a duration such as \"20 s\", \"3 min\", \"4 h\" or \"2 d\"");
  }
  return Millis(static_cast<std::int64_t>(std::llround(ms)));
}

std::string format_duration(Millis d) {
  const std::int64_t ms = d.count();
  const struct {
    std::int64_t size;
    const char* unit;
  } units[] = {{kDay, "d"}, {3600000, "h"}, {60000, "min"}, {1000, "s"}};
  for (const auto& u : units) {
    if (ms != 0 && ms % u.size == 0) return fmt::format("{} {}", ms / u.size, u.unit);
  }
  return fmt::format("{} ms", ms);
}

Date china_date(std::int64_t utc_ms) {
  const std::int64_t local = utc_ms + kBeijingOffset;
  return {static_cast<std::int32_t>(local >= 0 ? local / kDay : (local - kDay + 1) / kDay)};
}

std::int64_t start_of_day_ms(Date date) { return date.days * kDay - kBeijingOffset; }

}  // namespace mineward
