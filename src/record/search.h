/// Inside record/: full text. One index a type over the words of its searchable fields (base/text.h: pairs
/// and single Chinese characters), kept in the transaction of the write. SQLite: FTS5 without content;
/// PostgreSQL: text[] with GIN. Words are stored as hexadecimal text, so that no tokenizer has a say in them;
/// the owner is one more word, so that a mine's hits are found without looking at everybody's.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "record/model.h"

namespace mineward::record {

/// Conditions over `t.id`; their parameters begin with `$parameter`.
struct WordsCondition {
  std::string in;        ///< the hits as a set
  std::string first_in;  ///< the same of the first kMostTested hits only
  std::string test;      ///< of one row; dear on SQLite
  std::string all_hits;  ///< SELECT of a row each hit; its parameters begin with $1
  std::vector<db::Value> params;
  std::int64_t hits = 0;
  bool exact = true;        ///< hits are counted; else "about"
  bool in_set = true;       ///< few enough for a set
  bool of_owners = false;   ///< only the hits of the owners named are meant
  bool remembered = false;  ///< hits are those of a moment ago: good for choosing a way, not for a total
};
/// Hits whose rows are tested for other conditions when a total is counted.
inline constexpr std::int64_t kMostTested = 2000;

/// Makes the index of a type and fills it from its rows, when it is missing or was made of other fields.
Status prepare_search(db::Connection&, const TypeModel&);
/// Brings the index in line with a written record; `before` null for a new one.
Status index_words(db::Connection&, const TypeModel&, const Record* before, const Record& after);
/// The columns of a type's table whose words are in its index, as a SELECT takes them.
std::string searched_columns(const TypeModel&);
/// Tells row by row, from the texts themselves, whether all words of a question stand in them: what the index
/// would say.
class WordsTest {
 public:
  explicit WordsTest(std::string_view words);
  /// `texts`: the values of searched_columns().
  bool operator()(std::span<const db::Value> texts) const;

 private:
  std::vector<std::string> han_, others_;
};
/// nullopt when nothing can match: no searchable field, or no word in the text. `owners`: whose rows may be
/// seen, if they can be named; empty: all are looked for, and another condition tells whose may be seen.
Result<std::optional<WordsCondition>> words_condition(db::Connection&, const TypeModel&,
                                                      std::string_view words,
                                                      std::span<const RecordId> owners, std::size_t parameter,
                                                      Estimates* estimates);

}  // namespace mineward::record
