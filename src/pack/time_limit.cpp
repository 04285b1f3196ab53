// The words of time limits.
#include <fmt/format.h>

#include "base/text.h"
#include "pack/record_rules.h"

namespace mineward::pack {
namespace {

constexpr std::pair<TimeLimit::Unit, std::string_view> kUnits[] = {
    {TimeLimit::Unit::working_days, "working days"},
    {TimeLimit::Unit::hours, "hours"},
    {TimeLimit::Unit::days, "days"},
    {TimeLimit::Unit::months, "months"},
    {TimeLimit::Unit::years, "years"}};
constexpr std::int64_t kMost = 10'000;

}  // namespace

std::optional<TimeLimit> parse_time_limit(std::string_view text) {
  for (const auto& [unit, word] : kUnits) {
    if (!text.ends_with(word)) continue;
    const std::string_view number = text.substr(0, text.size() - word.size());
    if (number.size() < 2 || !number.ends_with(' ')) return std::nullopt;
    if (number == "0 " && unit == TimeLimit::Unit::days) return TimeLimit{0, unit};  // due on the day itself
    if (number[0] == '0') return std::nullopt;
    const auto count = parse_integer(number.substr(0, number.size() - 1));
    if (!count || *count < 1 || *count > kMost) return std::nullopt;
    return TimeLimit{static_cast<int>(*count), unit};
  }
  return std::nullopt;
}

std::string text_of(const TimeLimit& limit) {
  for (const auto& [unit, word] : kUnits) {
    if (unit == limit.unit) return fmt::format("{} {}", limit.count, word);
  }
  return "";
}

}  // namespace mineward::pack
