#include "base/json_fault.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <vector>

#include "base/text.h"

namespace mineward {
namespace {

enum class Want { value, value_or_end, name, name_or_end, colon, comma_or_end };

bool is_digit(char c) { return c >= '0' && c <= '9'; }
template <class Number>
bool fits(std::string_view digits) {
  Number value{};
  return std::from_chars(digits.data(), digits.data() + digits.size(), value).ec == std::errc{};
}

/// Too large for a double.
bool is_infinite(std::string_view number) {
  return std::isinf(std::strtod(std::string(number).c_str(), nullptr));
}

bool is_hex(char c) { return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }

class Scan {
 public:
  Scan(std::string_view text, std::size_t most_levels) : text_(text), most_levels_(most_levels) {}

  std::optional<JsonFault> run() {
    for (;;) {
      while (at_ < text_.size() && std::string_view(" \t\r\n").find(text_[at_]) != std::string_view::npos)
        ++at_;
      if (is_whole()) {
        if (at_ == text_.size()) return std::nullopt;
        return fault("the end of the text");
      }
      if (at_ == text_.size()) return fault(expected());
      if (auto wrong = take()) return wrong;
    }
  }

 private:
  bool is_whole() const { return open_.empty() && want_ == Want::comma_or_end; }
  JsonFault fault(std::string_view expected) const { return {at_, expected}; }
  char here() const { return at_ < text_.size() ? text_[at_] : '\0'; }

  std::string_view expected() const {
    switch (want_) {
      case Want::value: return "a value";
      case Want::value_or_end: return "a value or ]";
      case Want::name: return "a name in double quotes";
      case Want::name_or_end: return "a name in double quotes or }";
      case Want::colon: return ":";
      case Want::comma_or_end: return open_.back() == '[' ? ", or ]" : ", or }";
    }
    return {};
  }

  std::optional<JsonFault> take() {
    const char c = here();
    switch (want_) {
      case Want::value_or_end:
        if (c == ']') return close();
        [[fallthrough]];
      case Want::value: return value(c);
      case Want::name_or_end:
        if (c == '}') return close();
        [[fallthrough]];
      case Want::name:
        if (c != '"') return fault(expected());
        want_ = Want::colon;
        return string();
      case Want::colon:
        if (c != ':') return fault(expected());
        ++at_;
        want_ = Want::value;
        return std::nullopt;
      case Want::comma_or_end: return next(c);
    }
    return std::nullopt;
  }

  std::optional<JsonFault> close() {
    ++at_;
    open_.pop_back();
    want_ = Want::comma_or_end;
    return std::nullopt;
  }

  std::optional<JsonFault> next(char c) {
    const bool is_list = open_.back() == '[';
    if (c == (is_list ? ']' : '}')) return close();
    if (c != ',') return fault(expected());
    ++at_;
    want_ = is_list ? Want::value : Want::name;
    return std::nullopt;
  }

  std::optional<JsonFault> value(char c) {
    if (c == '[' || c == '{') {
      if (open_.size() >= most_levels_) return fault("fewer levels");
      open_.push_back(c);
      ++at_;
      want_ = c == '[' ? Want::value_or_end : Want::name_or_end;
      return std::nullopt;
    }
    const std::string_view wanted = expected();
    want_ = Want::comma_or_end;
    if (c == '"') return string();
    if (c == '-' || is_digit(c)) return number();
    for (const std::string_view word : {"true", "false", "null"}) {
      if (c == word[0]) return literal(word);
    }
    return fault(wanted);
  }

  std::optional<JsonFault> literal(std::string_view word) {
    for (const char c : word) {
      if (here() != c) return fault(word);
      ++at_;
    }
    return std::nullopt;
  }

  bool digits() {
    const std::size_t begin = at_;
    while (is_digit(here())) ++at_;
    return at_ > begin;
  }

  std::optional<JsonFault> number() {
    const std::size_t begin = at_;
    if (here() == '-') ++at_;
    if (here() == '0') {
      ++at_;
    } else if (!digits()) {
      return fault("a digit");
    }
    if (here() == '.') {
      ++at_;
      if (!digits()) return fault("a digit");
    }
    if (here() == 'e' || here() == 'E') {
      ++at_;
      if (here() == '+' || here() == '-') ++at_;
      if (!digits()) return fault("a digit");
    }
    return size_of_number(begin);
  }

  /// RFC 8259 section 6 lets a reader set limits; ours are the machine's.
  std::optional<JsonFault> size_of_number(std::size_t begin) {
    const std::string_view number = text_.substr(begin, at_ - begin);
    const bool is_whole = number.find_first_of(".eE") == std::string_view::npos;
    if (is_whole && number[0] == '-' && !fits<std::int64_t>(number))
      return JsonFault{begin, "a whole number from -2^63 on, or one with an exponent"};
    if (is_whole && number[0] != '-' && !fits<std::uint64_t>(number))
      return JsonFault{begin, "a whole number below 2^64, or one with an exponent"};
    if (!is_whole && is_infinite(number)) return JsonFault{begin, "a number between -1.8e308 and 1.8e308"};
    return std::nullopt;
  }

  std::optional<JsonFault> string() {
    for (++at_; at_ < text_.size(); ++at_) {
      const auto c = static_cast<unsigned char>(text_[at_]);
      if (c == '"') {
        ++at_;
        return std::nullopt;
      }
      if (c < 0x20) return fault("an escape instead of a control character");
      if (c != '\\') continue;
      ++at_;
      if (at_ == text_.size()) break;
      if (std::string_view("\"\\/bfnrtu").find(text_[at_]) == std::string_view::npos)
        return fault("one of \" \\ / b f n r t u after \\");
      if (text_[at_] != 'u') continue;
      if (auto wrong = escaped_character()) return wrong;
    }
    return fault("a double quote at the end of the text in quotes");
  }

  /// From the u of \u to the last digit. Half of a surrogate pair is no character, and no UTF-8 can hold it.
  std::optional<JsonFault> escaped_character() {
    const std::size_t begin = at_ - 1;
    unsigned unit = 0;
    if (auto wrong = four_digits(unit)) return wrong;
    if (unit < 0xD800 || unit > 0xDFFF) return std::nullopt;
    const JsonFault half{begin, "both halves of a surrogate pair, first D800 to DBFF, then DC00 to DFFF"};
    if (unit > 0xDBFF || text_.substr(at_ + 1, 2) != "\\u") return half;
    at_ += 2;
    if (auto wrong = four_digits(unit)) return wrong;
    if (unit < 0xDC00 || unit > 0xDFFF) return half;
    return std::nullopt;
  }

  std::optional<JsonFault> four_digits(unsigned& value) {
    value = 0;
    for (int i = 0; i < 4; ++i) {
      ++at_;
      if (!is_hex(here())) return fault("four hexadecimal digits after \\u");
      const char c = here();
      value = value * 16 + static_cast<unsigned>(is_digit(c) ? c - '0' : (c | 0x20) - 'a' + 10);
    }
    return std::nullopt;
  }

  const std::string_view text_;
  const std::size_t most_levels_;
  std::size_t at_ = 0;
  Want want_ = Want::value;
  std::vector<char> open_;  ///< [ and { that have no end yet
};

std::string found_text(std::string_view text, std::size_t at) {
  if (at >= text.size()) return "the end of the text";
  const auto c = static_cast<unsigned char>(text[at]);
  return c >= 0x20 && c < 0x7f ? fmt::format("'{}'", text[at]) : fmt::format("byte 0x{:02X}", c);
}

}  // namespace

std::optional<JsonFault> find_json_fault(std::string_view text, std::size_t most_levels) {
  auto fault = Scan(text, most_levels).run();
  const auto no_text = first_invalid_utf8(text);
  if (no_text && (!fault || *no_text < fault->at)) return JsonFault{*no_text, "UTF-8"};
  return fault;
}

std::string json_fault_text(std::string_view text, const JsonFault& fault) {
  const std::string_view before = text.substr(0, fault.at);
  const auto lines = std::count(before.begin(), before.end(), '\n');
  const auto line_begin = before.rfind('\n');
  const std::size_t column = fault.at - (line_begin == std::string_view::npos ? 0 : line_begin + 1);
  return fmt::format("line {}, column {}: found {}, expected {}", lines + 1, column + 1,
                     found_text(text, fault.at), fault.expected);
}

}  // namespace mineward
