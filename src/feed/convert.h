/// Cells: from the text of one field to a number, a time, a state. No allocation; safe from any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "feed/decode.h"

namespace mineward::feed {

/// What a dialect writes when it has no value, ready for comparison. Numbers compare as numbers: "-9999.00"
/// is "-9999".
struct Sentinels {
  explicit Sentinels(const pack::Dialect& dialect);
  bool is_number(double value) const;
  /// Of a limit column: also what means "no limit configured".
  bool is_limit(double value) const;
  bool is_time(std::string_view text) const;

 private:
  std::vector<double> numbers_, limits_;
  std::vector<std::string_view> times_;
};

/// Remembers the last day, because the records of a file nearly always share it.
class TimeReader {
 public:
  /// As parse_beijing_time, without an error text.
  std::optional<EventTime> read(std::string_view text);

 private:
  char day_[10] = {};
  std::int64_t day_ms_ = 0;
};

/// As parse_number; exact, and fast for the short plain decimals that sensors send.
std::optional<double> read_number(std::string_view text);
/// A mask 0..255 as a decimal number, or 8 binary digits.
std::optional<std::uint16_t> read_state(std::string_view text);
/// ASCII letters, digits, '-', '_' and '.', at most 40.
bool is_code(std::string_view text);

/// Fills `cell` from `text` (trimmed already). nullptr when fine, else what was expected there.
const char* convert(const pack::Column& column, std::string_view text, const Sentinels& sentinels,
                    TimeReader& times, Cell& cell);

}  // namespace mineward::feed
