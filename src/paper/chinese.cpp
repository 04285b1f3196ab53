#include "paper/chinese.h"

#include <fmt/format.h>

#include <string_view>

namespace mineward::paper {
namespace {

constexpr std::string_view kDigits[] = {"零", "壹", "贰", "叁", "肆", "伍", "陆", "柒", "捌", "玖"};
constexpr std::string_view kPlaces[] = {"", "拾", "佰", "仟"};
constexpr std::string_view kGroups[] = {"", "万", "亿", "万亿"};

/// Four digits, 1 to 9999: "壹仟零叁".
std::string group_in_words(int value) {
  std::string out;
  bool gap = false;
  for (int place = 3, unit = 1000; place >= 0; --place, unit /= 10) {
    const int digit = value / unit % 10;
    if (digit == 0) {
      gap = gap || !out.empty();
      continue;
    }
    if (gap) out += kDigits[0];
    gap = false;
    out += kDigits[digit];
    out += kPlaces[place];
  }
  return out;
}

std::string whole_in_words(std::int64_t value) {
  std::string out;
  bool gap = false;
  std::int64_t unit = 1'000'000'000'000;
  for (int group = 3; group >= 0; --group, unit /= 10'000) {
    const int part = static_cast<int>(value / unit % 10'000);
    if (part == 0) {
      gap = gap || !out.empty();
      continue;
    }
    if (!out.empty() && (gap || part < 1000)) out += kDigits[0];
    gap = false;
    out += group_in_words(part);
    out += kGroups[group];
  }
  return out;
}

struct Parts {
  int year, month, day;
};
Parts parts_of(Date date) {
  const std::string text = format_date(date);
  return {std::stoi(text.substr(0, 4)), std::stoi(text.substr(5, 2)), std::stoi(text.substr(8, 2))};
}

}  // namespace

std::string chinese_date(Date date) {
  const Parts p = parts_of(date);
  return fmt::format("{}年{}月{}日", p.year, p.month, p.day);
}

std::string chinese_month(Date date) {
  const Parts p = parts_of(date);
  return fmt::format("{}年{}月", p.year, p.month);
}

std::string chinese_time(std::int64_t utc_ms) {
  const std::string text = format_beijing(utc_ms);
  return fmt::format("{}{}时{}分", chinese_date(china_date(utc_ms)), std::stoi(text.substr(11, 2)),
                     text.substr(14, 2));
}

std::string yuan(std::int64_t fen) {
  const std::uint64_t size = fen < 0 ? 0 - static_cast<std::uint64_t>(fen) : static_cast<std::uint64_t>(fen);
  const std::string sign = fen < 0 ? "-" : "";
  if (size % 100 == 0) return fmt::format("{}{}", sign, size / 100);
  return fmt::format("{}{}.{:02}", sign, size / 100, size % 100);
}

std::string yuan_in_words(std::int64_t fen) {
  if (fen < 0) return "负" + yuan_in_words(-fen);
  const std::int64_t whole = fen / 100;
  const int jiao = static_cast<int>(fen / 10 % 10), cent = static_cast<int>(fen % 10);
  std::string out = whole ? whole_in_words(whole) + "元" : "";
  if (!jiao && !cent) return (out.empty() ? "零元" : out) + "整";
  if (jiao)
    out += std::string(kDigits[jiao]) + "角";
  else if (whole)
    out += kDigits[0];
  if (cent) out += std::string(kDigits[cent]) + "分";
  return out;
}

}  // namespace mineward::paper
