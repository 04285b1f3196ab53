/// Inside ledger/: what is wrong with a file as a whole, for people, in both languages.
#pragma once

#include <string>

#include "base/result.h"
#include "base/text.h"
#include "pack/catalog.h"

namespace mineward::ledger {

/// The error has its English words as the message and its Chinese ones as the place.
inline Error trouble(std::string zh, std::string en, Errc code = Errc::bad_input) {
  return {code, std::move(en), std::move(zh)};
}
/// The words of an error that trouble() made; of another one its text in both languages.
inline pack::Label words_of(const Error& error) {
  return {error.where.empty() ? error.message : error.where, error.message};
}
/// At most `longest` characters of what was found in a file.
inline std::string clipped(std::string_view text, std::size_t longest = 40) {
  const std::u32string points = to_code_points(as_utf8(text));
  if (points.size() <= longest) return to_utf8(points);
  return to_utf8(std::u32string_view(points).substr(0, longest)) + "…";
}

}  // namespace mineward::ledger
