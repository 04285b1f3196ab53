// Encodings, numbers, and the words that are searched for.
#include "base/text.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "base/json.h"
#include "target.h"

namespace mineward::fuzz {
namespace {

void check_encodings(std::string_view input) {
  const auto utf8 = gb18030_to_utf8(input);
  if (!utf8) {
    check_error(utf8.error());
  } else {
    MW_FUZZ_CHECK(is_utf8(*utf8));
    const auto back = utf8_to_gb18030(*utf8);
    MW_FUZZ_CHECK(back.ok(), "what was read as GB18030 cannot be written so");
    if (back) MW_FUZZ_CHECK(gb18030_to_utf8(*back).value_or("") == *utf8);
  }
  const auto wrong = first_invalid_utf8(input);
  if (wrong) {
    MW_FUZZ_CHECK(*wrong < input.size() && is_utf8(input.substr(0, *wrong)));
  } else {
    MW_FUZZ_CHECK(to_utf8(to_code_points(input)) == input);
  }
  MW_FUZZ_CHECK(is_utf8(to_utf8(to_code_points(input))));
}

void check_words(std::string_view input) {
  const auto all = search_words(input);
  for (const auto& word : all) MW_FUZZ_CHECK(!word.empty() && is_utf8(word));
  // A text is found by its own words.
  for (const auto& word : query_words(input)) {
    MW_FUZZ_CHECK(std::find(all.begin(), all.end(), word) != all.end(), word);
  }
}

void check_numbers(std::string_view input) {
  const std::string text(input);
  if (const auto number = parse_number(text)) {
    MW_FUZZ_CHECK(std::isfinite(*number) && *number == std::strtod(text.c_str(), nullptr), text);
    std::string written;
    append_json_number(written, *number);
    MW_FUZZ_CHECK(parse_number(written) == number, written);
  }
  if (const auto whole = parse_integer(text)) {
    MW_FUZZ_CHECK(*whole == std::strtoll(text.c_str(), nullptr, 10), text);
    MW_FUZZ_CHECK(parse_integer(std::to_string(*whole)) == whole);
  }
}

}  // namespace

MW_FUZZ_TARGET(text) {
  check_encodings(input);
  check_words(input);
  check_numbers(input);
  const std::string_view inner = trim(input);
  MW_FUZZ_CHECK(trim(inner) == inner);
  std::vector<std::string> parts;
  for (const auto part : split(input, ',')) parts.emplace_back(part);
  MW_FUZZ_CHECK(join(parts, ",") == input);
}

}  // namespace mineward::fuzz
