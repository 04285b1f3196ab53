/// Inside record/: full text. One index a type over the words of its searchable fields (base/text.h: pairs
/// and single Chinese characters), kept in the transaction of the write. SQLite: FTS5 without content;
/// PostgreSQL: text[] with GIN. Words are stored as hexadecimal text, so that no tokenizer has a say in them.
#pragma once

#include <optional>
#include <string>

#include "record/model.h"

namespace mineward::record {

/// A condition over `t.id`; its one parameter is `$parameter`.
struct WordsCondition {
  std::string sql;
  db::Value param;
};

/// Makes the index of a type and fills it from its rows, when it is missing or was made of other fields.
Status prepare_search(db::Connection&, const TypeModel&);
/// Brings the index in line with a written record; `before` null for a new one.
Status index_words(db::Connection&, const TypeModel&, const Record* before, const Record& after);
/// nullopt when nothing can match: no searchable field, or no word in the text.
Result<std::optional<WordsCondition>> words_condition(db::Connection&, const TypeModel&,
                                                      std::string_view words, std::size_t parameter);

}  // namespace mineward::record
