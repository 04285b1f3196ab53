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
/// not_found when it does not exist or the scope does not cover it. Secrets only for the program itself.
Result<Record> visible_record(db::Connection&, const Actor&, const TypeModel&, RecordId);
void strip_secrets(const Actor&, const TypeModel&, Record&);
Error no_such_record(const TypeModel&, RecordId);

/// One SELECT of a list; a page takes from the first until it is full, then from the second.
struct ListSelect {
  std::string sql;
  std::vector<db::Value> params;
};
struct ListPlan {
  std::vector<ListSelect> selects;
  ListSelect count;
  std::string signature;  ///< what a cursor must belong to
  std::string sort_column;
  bool empty = false;  ///< the scope or the words leave nothing
};
/// Reads the query, the scope and the cursor; `limit` rows are fetched.
Result<ListPlan> plan_list(db::Connection&, const Context&, const Actor&, const ListQuery&, int limit);
Result<Page> list_records(db::Connection&, const Context&, const Actor&, const ListQuery&);

Result<std::string> title_of(db::Connection&, const Context&, const TypeModel&, RecordId, int depth = 0);

}  // namespace mineward::record
