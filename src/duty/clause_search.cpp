#include "duty/clause_search.h"

#include <algorithm>

#include "base/text.h"

namespace mineward::duty {

std::vector<std::string> words_of(std::string_view text) {
  constexpr std::string_view kWideBlank = "\u3000";
  std::string plain(text);
  for (auto at = plain.find(kWideBlank); at != std::string::npos; at = plain.find(kWideBlank, at))
    plain.replace(at, kWideBlank.size(), " ");
  std::vector<std::string> out;
  for (const auto word : split(plain, ' ')) {
    if (!trim(word).empty()) out.push_back(lower_ascii(trim(word)));
  }
  return out;
}

bool matches(const pack::Clause& clause, const std::vector<std::string>& words) {
  const std::string text =
      lower_ascii(clause.id + " " + clause.article + " " + clause.text.zh + " " + clause.text.en + " " +
                  clause.original + " " + join(clause.binds, " ") + " " + join(clause.quantities, " "));
  return std::all_of(words.begin(), words.end(),
                     [&](const auto& word) { return text.find(word) != std::string::npos; });
}

}  // namespace mineward::duty
