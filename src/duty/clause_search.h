/// Finding clauses by words: what the search of the interface and of the command line share.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "pack/catalog.h"

namespace mineward::duty {

/// The words of a search: what stands between blanks (also the wide one of Chinese text), Latin letters in
/// lower case.
std::vector<std::string> words_of(std::string_view text);

/// Every word occurs somewhere in the clause, in either language: id, article, text, original, who it binds,
/// its numbers. `words` as from words_of(); none match every clause.
bool matches(const pack::Clause& clause, const std::vector<std::string>& words);

}  // namespace mineward::duty
