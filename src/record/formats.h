/// Inside record/: numbers that carry a check of their own.
#pragma once

#include <string>
#include <string_view>

namespace mineward::record {

/// Why a text is no such number, in English; empty when it is one. `format` is that of pack::Field.
/// Sources: GB 32100 (credit code), GB 11643 (ID number), GB/T 2260 (division).
std::string format_fault(std::string_view format, std::string_view text);

/// "110***********1234", "138******78": what may be seen of a number. Short texts keep their last character
/// only.
std::string masked(std::string_view text);

}  // namespace mineward::record
