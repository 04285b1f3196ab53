/// Where a text stops being JSON, for the message of a refusal. Slow and plain beside the reader of json.h,
/// and only asked after that one has refused.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace mineward {

struct JsonFault {
  std::size_t at = 0;  ///< offset of the first byte that cannot stand there; the size = something is missing
  std::string_view expected;  ///< what could
};

/// The first fault of RFC 8259 (UTF-8, no byte order mark, at most `most_levels` deep, whole numbers of 64
/// bits, others that a double can hold, no half of a surrogate pair); nullopt when there is none. The reader
/// of json.h refuses the same texts.
std::optional<JsonFault> find_json_fault(std::string_view text, std::size_t most_levels);

/// "line 2, column 7: found ']', expected a value". Columns count bytes, from 1.
std::string json_fault_text(std::string_view text, const JsonFault& fault);

}  // namespace mineward
