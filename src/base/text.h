/// Text: encodings, splitting, nearest names, words for search.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace mineward {

/// Byte offset of the first byte that is not valid UTF-8 (RFC 3629: no overlong forms, no surrogates);
/// nullopt if all is.
std::optional<std::size_t> first_invalid_utf8(std::string_view text);
inline bool is_utf8(std::string_view text) { return !first_invalid_utf8(text); }

/// GB18030 (and so GBK and GB2312) to UTF-8. An error names the byte offset. Safe from any thread.
Result<std::string> gb18030_to_utf8(std::string_view bytes);
Result<std::string> utf8_to_gb18030(std::string_view text);

/// Without leading and trailing ASCII blanks, tabs, CR and LF.
std::string_view trim(std::string_view text);
/// Always at least one part; keeps empty parts.
std::vector<std::string_view> split(std::string_view text, char separator);
std::string join(std::span<const std::string> parts, std::string_view separator);
std::string lower_ascii(std::string_view text);

/// A whole number, with nothing around it.
std::optional<std::int64_t> parse_integer(std::string_view text);
/// A finite decimal number in plain or exponent form, with nothing around it; no "inf", "nan", hexadecimal.
std::optional<double> parse_number(std::string_view text);

/// The candidate with the smallest edit distance, if that is at most a third (rounded up) of the longer text;
/// for "unknown key x, did you mean y". Empty if none is near.
std::string nearest(std::string_view text, std::span<const std::string> candidates);

/// Code points of a valid UTF-8 text.
std::u32string to_code_points(std::string_view utf8);
std::string to_utf8(std::u32string_view code_points);
/// The same text with U+FFFD in place of what is no UTF-8: for messages and logs that quote foreign bytes.
std::string as_utf8(std::string_view bytes);

/// Words for full-text search that works for Chinese: runs of Latin letters and digits as one lower-case word
/// each, every Han character and every pair of neighbouring Han characters as words of their own
/// ("甲烷超限 T0" -> 甲 甲烷 烷 烷超 超 超限 限 t0). Punctuation separates.
std::vector<std::string> search_words(std::string_view utf8);
/// The words that must all occur for a text to match `query`: pairs where there are pairs, single characters
/// else.
std::vector<std::string> query_words(std::string_view utf8);
/// Whether one of these words is of Han characters. Such a word is among the words of a text exactly where
/// its bytes stand in it, so that a search for bytes tells.
bool is_han_word(std::string_view word);

}  // namespace mineward
