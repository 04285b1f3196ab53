#include "record/formats.h"

#include <algorithm>
#include <regex>

#include <fmt/format.h>

#include "base/text.h"
#include "base/time.h"

namespace mineward::record {
namespace {

bool all_digits(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

std::string credit_code_fault(std::string_view text) {
  constexpr std::string_view kCharacters = "0123456789ABCDEFGHJKLMNPQRTUWXY";
  constexpr std::size_t kLength = 18;
  if (text.size() != kLength) return fmt::format("found {} characters, expected 18 (GB 32100)", text.size());
  int sum = 0, weight = 1;
  for (std::size_t i = 0; i < kLength; ++i) {
    const auto at = kCharacters.find(text[i]);
    if (at == std::string_view::npos)
      return fmt::format(
          "found '{}' at place {}, expected a digit or a capital letter other than I, O, S, V, Z", text[i],
          i + 1);
    if (i + 1 == kLength) {
      const auto expected = static_cast<std::size_t>((31 - sum % 31) % 31);
      return at == expected ? ""
                            : fmt::format("the last character does not fit the others, expected '{}'",
                                          kCharacters[expected]);
    }
    sum += static_cast<int>(at) * weight;
    weight = weight * 3 % 31;
  }
  return "";
}

std::string id_number_fault(std::string_view text) {
  constexpr int kWeights[] = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
  constexpr std::string_view kCheck = "10X98765432";
  if (text.size() != 18) return fmt::format("found {} characters, expected 18 (GB 11643)", text.size());
  if (!all_digits(text.substr(0, 17))) return "expected 17 digits and a digit or X";
  const std::string day = fmt::format("{}-{}-{}", text.substr(6, 4), text.substr(10, 2), text.substr(12, 2));
  const auto born = parse_date(day);
  if (!born || *born < *parse_date("1900-01-01")) return "the day of birth in it is no day";
  int sum = 0;
  for (std::size_t i = 0; i < 17; ++i) sum += (text[i] - '0') * kWeights[i];
  const char expected = kCheck[static_cast<std::size_t>(sum % 11)];
  return text[17] == expected ? "" : "the last character does not fit the others";
}

std::string phone_fault(std::string_view text) {
  static const std::regex kPhone(
      R"((\+86[- ]?)?1[3-9]\d{9}|(0\d{2,3}[- ]?)?[2-9]\d{6,7}(-\d{1,6})?|[48]00-?\d{3}-?\d{4}|1\d{2,4})");
  constexpr std::size_t kLongest = 30;
  const bool fits = text.size() <= kLongest && std::regex_match(std::string(text), kPhone);
  return fits ? "" : "expected a telephone number such as 13812345678 or 0356-4221234";
}

std::string division_fault(std::string_view text) {
  constexpr std::string_view kProvinces =
      "11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65 71 81 "
      "82 ";
  if (text.size() != 6 || !all_digits(text)) return "expected six digits (GB/T 2260)";
  const bool province = kProvinces.find(std::string(text.substr(0, 2)) + " ") != std::string_view::npos;
  return province ? "" : fmt::format("no province has the code {}", text.substr(0, 2));
}

}  // namespace

std::string format_fault(std::string_view format, std::string_view text) {
  if (format == "credit_code") return credit_code_fault(text);
  if (format == "id_number") return id_number_fault(text);
  if (format == "phone") return phone_fault(text);
  if (format == "division") return division_fault(text);
  return "";
}

std::string masked(std::string_view text) {
  std::u32string points = to_code_points(text);
  const std::size_t n = points.size();
  const std::size_t head = n >= 7 ? 3 : 0;
  const std::size_t tail = n >= 15 ? 4 : n >= 7 ? 2 : n > 1 ? 1 : 0;
  std::fill(points.begin() + static_cast<std::ptrdiff_t>(head),
            points.end() - static_cast<std::ptrdiff_t>(tail), U'*');
  return to_utf8(points);
}

}  // namespace mineward::record
