/// Log lines: `event key=value`, one per fact, on standard error. No personal data, no secrets, no line per
/// sample.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

namespace mineward {

enum class LogLevel { debug, info, warning, error, off };
/// Lines below the level are not written; `off` is for tests that break things on purpose. Default: info.
void set_log_level(LogLevel level);

using LogField = std::pair<std::string_view, std::string>;
/// Values with blanks or quotes are quoted; line breaks are escaped, so that one fact is one line. Any
/// thread.
void log(LogLevel level, std::string_view event, std::initializer_list<LogField> fields = {});
inline void log_info(std::string_view event, std::initializer_list<LogField> fields = {}) {
  log(LogLevel::info, event, fields);
}
inline void log_warning(std::string_view event, std::initializer_list<LogField> fields = {}) {
  log(LogLevel::warning, event, fields);
}
inline void log_error(std::string_view event, std::initializer_list<LogField> fields = {}) {
  log(LogLevel::error, event, fields);
}

}  // namespace mineward
