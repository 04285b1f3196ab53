/// Dates, times and amounts as Chinese papers write them.
#pragma once

#include <cstdint>
#include <string>

#include "base/time.h"

namespace mineward::paper {

/// "2026年1月12日".
std::string chinese_date(Date date);
/// "2026年1月".
std::string chinese_month(Date date);
/// "2026年1月12日8时05分", Beijing time.
std::string chinese_time(std::int64_t utc_ms);
/// Yuan of fen: "50000", "1234.50", "-3.00" ("元" is left to the paper).
std::string yuan(std::int64_t fen);
/// The amount in words: "伍万元整", "壹佰零叁元伍角", "零元整"; below zero with 负. Below 10^16 fen.
std::string yuan_in_words(std::int64_t fen);

}  // namespace mineward::paper
