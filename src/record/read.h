/// Inside record/: reading single records and lists.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "record/model.h"

namespace mineward::record {

Record record_from_row(const TypeModel&, std::span<const db::Value> row);
/// Whatever the scope; only for the inside of record/.
Result<std::optional<Record>> load_record(db::Connection&, const TypeModel&, RecordId);

/// Whether one of the roles is named, or "*" is.
bool has_role(const Actor&, const std::vector<std::string>& roles);
/// forbidden when the actor's roles may not read the type.
Status may_read(const Actor&, const TypeModel&);
/// Whether the scope covers the record.
Result<bool> in_scope(db::Connection&, const Actor&, const TypeModel&, const Record&);
/// Whether the scope covers the body that acts, where it is not the owner (`belongs_to` of the type): who
/// sees a record about himself does not thereby change it.
Result<bool> acts_in_scope(db::Connection&, const Actor&, const TypeModel&, const Record&);
Error acts_elsewhere(const TypeModel&, RecordId);
/// not_found when it does not exist or the scope does not cover it. Secrets only for the program itself.
Result<Record> visible_record(db::Connection&, const Actor&, const TypeModel&, RecordId);
void strip_secrets(const Actor&, const TypeModel&, Record&);
Error no_such_record(const TypeModel&, RecordId);

/// A field of a record, or of what its references lead to: "kind", "risk.mine.kind".
struct Reached {
  const pack::Field* field = nullptr;  ///< null: the path names none
  FieldValue value;                    ///< unset where a reference on the way is
};
Result<Reached> reach(db::Connection&, const Model&, const TypeModel&, const Fields&, std::string_view path);

struct ListSelect {
  std::string sql;
  std::vector<db::Value> params;
};
/// A walk over a stretch of an order. Taken when it fills the page, or when it came to the end of the order.
struct ListTrial {
  ListSelect end;    ///< the key behind the stretch: (sort value, id) or (id); no row: the order ends before
  ListSelect walk;   ///< up to that key, whose values are appended to the parameters
  ListSelect whole;  ///< to the end
};
/// Rows with a sort value, or rows without.
struct ListPart {
  std::optional<ListTrial> trial;
  ListSelect sure;
};
/// How a total is counted: of at most `looked_at` entries those that fit.
struct ListCount {
  ListSelect select;  ///< (entries, of which fit)
  std::int64_t looked_at = 0;
  bool test_words = false;            ///< instead a row each entry: (1 when it fits, columns of the record)
  bool complete = true;               ///< false: what the select counts is not all
  std::optional<std::int64_t> known;  ///< told without a SELECT
};
struct ListPlan {
  std::vector<ListPart> parts;  ///< a page takes from the first until it is full, then from the second
  ListCount count;
  bool test_words = false;  ///< the parts give ids: the reader tests the words of each record, and stops
  std::string signature;    ///< what a cursor must belong to
  std::string sort_column;
  bool empty = false;  ///< the scope or the words leave nothing
};
/// Reads the query, the scope and the cursor; `limit` rows are fetched.
Result<ListPlan> plan_list(db::Connection&, const Context&, const Actor&, const ListQuery&, int limit);
Result<Page> list_records(db::Connection&, const Context&, const Actor&, const ListQuery&);

Result<std::string> title_of(db::Connection&, const Context&, const TypeModel&, RecordId, int depth = 0);

}  // namespace mineward::record
