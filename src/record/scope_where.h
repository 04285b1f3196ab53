/// Inside the program: the scope of a reader as a condition over a column that holds an organisation.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "record/scope.h"

namespace mineward::record {

/// Whether the actor's roles may read records of the type; the scope is another matter.
bool reads_type(const Actor&, const pack::RecordType&);

/// The organisations of a scope, read once for several queries.
class ScopeOwners {
 public:
  static Result<ScopeOwners> read(db::Connection&, const Scope&);

 private:
  friend class ScopeWhere;
  Scope scope_;
  bool many_ = false;  ///< too many to be named one by one
  std::vector<RecordId> few_;
};

/// SQL over one table, put together condition by condition; every value is bound.
class ScopeWhere {
 public:
  /// Values that stand before the conditions keep their places.
  explicit ScopeWhere(std::vector<db::Value> first = {}) : params(std::move(first)) {}

  std::string bind(db::Value value) {
    params.push_back(std::move(value));
    return "$" + std::to_string(params.size());
  }
  /// `name IN (...)`; FALSE for no values.
  std::string any_of(std::string_view column, const std::vector<std::string>& values);
  /// True when `column` is an organisation of the scope. Few are named one by one, so that an index by owner
  /// serves; many are tested row by row. `TRUE` for a scope of everything.
  std::string within(const ScopeOwners&, std::string_view column);

  std::vector<db::Value> params;
};

}  // namespace mineward::record
