// Times, durations, due times, bounds, columns, and the calendar of periods and working days.
#include <cmath>

#include "base/text.h"
#include "base/time.h"
#include "duty/calendar.h"
#include "pack/schema.h"
#include "target.h"

namespace mineward::fuzz {
namespace {

constexpr pack::Period kPeriods[] = {pack::Period::shift, pack::Period::day,     pack::Period::week,
                                     pack::Period::month, pack::Period::quarter, pack::Period::half_year,
                                     pack::Period::year};

void check_calendar(std::int64_t at) {
  static const std::vector<int> shifts = {0, 8 * 60, 16 * 60};
  static const duty::Calendar calendar{pack::Catalog{}};
  for (const auto period : kPeriods) {
    const duty::Span span = duty::period_at(period, shifts, at);
    MW_FUZZ_CHECK(span.from <= at && at < span.to, std::to_string(at));
    MW_FUZZ_CHECK(duty::period_at(period, shifts, span.to).from == span.to);
    MW_FUZZ_CHECK(duty::period_at(period, shifts, span.from) == span);
    MW_FUZZ_CHECK(duty::period_at(period, shifts, span.from - 1).to == span.from);
  }
  const Date day = china_date(at);
  MW_FUZZ_CHECK(start_of_day_ms(day) <= at && at < start_of_day_ms({day.days + 1}));
  const duty::CivilDay civil = duty::civil(day);
  MW_FUZZ_CHECK(duty::date_of(civil.year, civil.month, civil.day) == day);
  const Date next = calendar.working_day_after(day, 1);
  MW_FUZZ_CHECK(next > day && next.days - day.days <= 3 && calendar.is_working_day(next));
}

template <class T>
void check_failure(const Result<T>& result) {
  if (!result) check_error(result.error());
}

void check_times(std::string_view text) {
  const auto beijing = parse_beijing_time(text);
  const auto compact = parse_compact_time(text);
  const auto any = parse_time(text);
  const auto date = parse_date(text);
  check_failure(beijing);
  check_failure(compact);
  check_failure(any);
  check_failure(date);
  if (beijing) {
    std::string want(text);
    want[10] = ' ';
    MW_FUZZ_CHECK(format_beijing(beijing->utc_ms) == want);
    MW_FUZZ_CHECK(any.ok() && *any == *beijing);
  }
  if (compact) MW_FUZZ_CHECK(format_compact(compact->utc_ms) == text);
  if (date) MW_FUZZ_CHECK(format_date(*date) == text);
  if (!any) return;
  check_calendar(any->utc_ms);
  const auto again = parse_time(format_rfc3339(*any));
  MW_FUZZ_CHECK(again.ok() && *again == *any, format_rfc3339(*any));
}

void check_duration(std::string_view text) {
  const auto duration = parse_duration(text);
  check_failure(duration);
  if (!duration) return;
  MW_FUZZ_CHECK(duration->count() >= 0);
  const auto again = parse_duration(format_duration(*duration));
  MW_FUZZ_CHECK(again.ok() && *again == *duration, format_duration(*duration));
}

void check_pack_terms(std::string_view text) {
  if (const auto due = pack::parse_due(text)) {
    MW_FUZZ_CHECK(pack::parse_due(pack::text_of(*due)) == due, pack::text_of(*due));
    pack::DutyRule rule;
    rule.due = *due;
    const duty::Span span = duty::period_at(pack::Period::month, {}, 1'768'176'000'000);
    static const duty::Calendar calendar{pack::Catalog{}};
    const std::int64_t at = duty::due_of(rule, span, calendar);
    MW_FUZZ_CHECK(due->before ? at < span.to : at >= span.to - 1);
  }
  if (const auto period = pack::parse_period(text)) MW_FUZZ_CHECK(pack::name_of(*period) == text);
  if (const auto bound = pack::parse_bound(text); bound.low) MW_FUZZ_CHECK(bound.first.has_value());
  if (const auto column = pack::parse_column(text)) {
    MW_FUZZ_CHECK(!column->name.empty() && text.starts_with(column->name));
  }
}

}  // namespace

MW_FUZZ_TARGET(terms) {
  check_times(input);
  check_duration(input);
  check_pack_terms(input);
}

}  // namespace mineward::fuzz
