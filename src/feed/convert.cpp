#include "feed/convert.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "base/text.h"

namespace mineward::feed {
namespace {

/// Two digits, or a number ≥ 100 when they are none.
unsigned two_digits(const char* p) {
  const unsigned tens = static_cast<unsigned char>(p[0]) - unsigned{'0'};
  const unsigned ones = static_cast<unsigned char>(p[1]) - unsigned{'0'};
  return tens > 9 || ones > 9 ? 100 : tens * 10 + ones;
}

/// Powers of ten that a double holds exactly; a quotient of two exact doubles is rounded correctly.
constexpr std::array<double, 16> kPowers = {1e0, 1e1, 1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                            1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15};
constexpr std::size_t kExactDigits = 15;

std::optional<bool> read_flag(std::string_view text) {
  if (text == "1" || text == "是") return true;
  if (text == "0" || text == "否") return false;
  return std::nullopt;
}

const char* convert_number(std::string_view text, const Sentinels& sentinels, Cell& cell) {
  const auto number = read_number(text);
  if (!number) return "a number";
  if (!sentinels.is_number(*number)) cell.number = number;
  return nullptr;
}

const char* convert_integer(std::string_view text, const Sentinels& sentinels, Cell& cell) {
  const auto number = parse_integer(text);
  if (!number || *number > (std::int64_t{1} << 53) || *number < -(std::int64_t{1} << 53))
    return "a whole number";
  if (!sentinels.is_number(static_cast<double>(*number))) cell.number = static_cast<double>(*number);
  return nullptr;
}

const char* convert_time(std::string_view text, const Sentinels& sentinels, TimeReader& times, Cell& cell) {
  if (sentinels.is_time(text)) return nullptr;
  cell.time = times.read(text);
  return cell.time ? nullptr : "a time yyyy-MM-dd HH:mm:ss";
}

bool is_missing(pack::ColumnKind kind, const Cell& cell) {
  switch (kind) {
    case pack::ColumnKind::time: return !cell.time;
    case pack::ColumnKind::number:
    case pack::ColumnKind::limit:
    case pack::ColumnKind::integer:
    case pack::ColumnKind::state:
    case pack::ColumnKind::flag: return !cell.number;
    default: return cell.text.empty();
  }
}

const char* convert_filled(const pack::Column& column, std::string_view text, const Sentinels& sentinels,
                           TimeReader& times, Cell& cell) {
  switch (column.kind) {
    case pack::ColumnKind::text:
    case pack::ColumnKind::track: return nullptr;
    case pack::ColumnKind::code:
      return is_code(text) ? nullptr : "a code of at most 40 letters, digits, '-', '_' and '.'";
    case pack::ColumnKind::number: return convert_number(text, sentinels, cell);
    case pack::ColumnKind::limit: {
      const char* expected = convert_number(text, sentinels, cell);
      if (cell.number && sentinels.is_limit(*cell.number)) cell.number.reset();
      return expected;
    }
    case pack::ColumnKind::integer: return convert_integer(text, sentinels, cell);
    case pack::ColumnKind::time: return convert_time(text, sentinels, times, cell);
    case pack::ColumnKind::state:
      if (const auto state = read_state(text)) {
        cell.number = *state;
        return nullptr;
      }
      return "a state 0..255 or 8 binary digits";
    case pack::ColumnKind::flag:
      if (const auto flag = read_flag(text)) {
        cell.number = *flag ? 1 : 0;
        return nullptr;
      }
      return "0, 1, 是 or 否";
  }
  return nullptr;
}

}  // namespace

Sentinels::Sentinels(const pack::Dialect& dialect) {
  const auto add = [](const std::vector<std::string>& texts, std::vector<double>& out) {
    for (const auto& text : texts) {
      if (const auto number = parse_number(text)) out.push_back(*number);
    }
  };
  add(dialect.number_sentinels, numbers_);
  add(dialect.limit_sentinels, limits_);
  for (const auto& text : dialect.time_sentinels) times_.push_back(text);
}

bool Sentinels::is_number(double value) const {
  // A sentinel is a literal that the mine wrote, not a measured value: exact comparison is meant.
  return std::find(numbers_.begin(), numbers_.end(), value) != numbers_.end();
}

bool Sentinels::is_limit(double value) const {
  return std::find(limits_.begin(), limits_.end(), value) != limits_.end();
}

bool Sentinels::is_time(std::string_view text) const {
  return std::find(times_.begin(), times_.end(), text) != times_.end();
}

std::optional<EventTime> TimeReader::read(std::string_view text) {
  if (text.size() != 19) return std::nullopt;
  if (std::memcmp(text.data(), day_, sizeof day_) != 0) {
    const auto whole = parse_beijing_time(text);
    if (!whole) return std::nullopt;
    const std::int64_t in_day =
        ((two_digits(&text[11]) * 60 + two_digits(&text[14])) * 60 + two_digits(&text[17])) *
        std::int64_t{1000};
    day_ms_ = whole->utc_ms - in_day;
    std::memcpy(day_, text.data(), sizeof day_);
    return *whole;
  }
  const unsigned h = two_digits(&text[11]), m = two_digits(&text[14]), s = two_digits(&text[17]);
  const bool shape = (text[10] == ' ' || text[10] == 'T') && text[13] == ':' && text[16] == ':';
  if (!shape || h > 23 || m > 59 || s > 59) return std::nullopt;
  return EventTime{day_ms_ + ((h * 60 + m) * 60 + s) * std::int64_t{1000}};
}

std::optional<double> read_number(std::string_view text) {
  std::size_t i = !text.empty() && text[0] == '-' ? 1 : 0;
  const bool negative = i == 1;
  std::int64_t digits = 0;
  std::size_t count = 0, decimals = 0;
  bool point = false;
  for (; i < text.size(); ++i) {
    const unsigned digit = static_cast<unsigned char>(text[i]) - unsigned{'0'};
    if (digit <= 9) {
      digits = digits * 10 + digit;
      decimals += point;
      if (++count > kExactDigits) return parse_number(text);
    } else if (text[i] == '.' && !point) {
      point = true;
    } else {
      return parse_number(text);
    }
  }
  if (count == 0) return std::nullopt;
  const double value = static_cast<double>(digits) / kPowers[decimals];
  return negative ? -value : value;
}

std::optional<std::uint16_t> read_state(std::string_view text) {
  if (text.empty() || text.size() > 8) return std::nullopt;
  unsigned value = 0;
  if (text.size() == 8) {
    for (const char c : text) {
      if (c != '0' && c != '1') return std::nullopt;
      value = value * 2 + static_cast<unsigned>(c - '0');
    }
    return static_cast<std::uint16_t>(value);
  }
  if (text.size() > 3) return std::nullopt;
  for (const char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + static_cast<unsigned>(c - '0');
  }
  if (value > 255) return std::nullopt;
  return static_cast<std::uint16_t>(value);
}

bool is_code(std::string_view text) {
  if (text.empty() || text.size() > 40) return false;
  for (const char c : text) {
    const bool fits = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
                      c == '-' || c == '_' || c == '.';
    if (!fits) return false;
  }
  return true;
}

const char* convert(const pack::Column& column, std::string_view text, const Sentinels& sentinels,
                    TimeReader& times, Cell& cell) {
  cell.text = text;
  cell.number.reset();
  cell.time.reset();
  if (!text.empty()) {
    if (const char* expected = convert_filled(column, text, sentinels, times, cell)) return expected;
  }
  return column.required && is_missing(column.kind, cell) ? "a value" : nullptr;
}

}  // namespace mineward::feed
