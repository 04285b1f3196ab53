#include "record/scope_where.h"

#include <fmt/format.h>

#include "base/text.h"
#include "record/read.h"

namespace mineward::record {
namespace {

/// As in record/list.cpp.
constexpr int kFewOwners = 48;

}  // namespace

bool reads_type(const Actor& actor, const pack::RecordType& type) {
  return actor.is_system || has_role(actor, type.access.read);
}

std::string ScopeWhere::any_of(std::string_view column, const std::vector<std::string>& values) {
  if (values.empty()) return "FALSE";
  std::vector<std::string> marks;
  for (const auto& value : values) marks.push_back(bind(value));
  return fmt::format("{} IN ({})", column, join(marks, ", "));
}

Result<ScopeOwners> ScopeOwners::read(db::Connection& c, const Scope& scope) {
  ScopeOwners out;
  out.scope_ = scope;
  if (scope.everything) return out;
  MW_ASSIGN(out.few_, organisations_in(c, scope, kFewOwners + 1));
  out.many_ = out.few_.size() > kFewOwners;
  return out;
}

std::string ScopeWhere::within(const ScopeOwners& owners, std::string_view column) {
  if (owners.scope_.everything) return "TRUE";
  if (owners.many_) return scope_condition(column, bind(owners.scope_.root.value));
  if (owners.few_.empty()) return "FALSE";
  std::vector<std::string> marks;
  for (const RecordId owner : owners.few_) marks.push_back(bind(owner.value));
  return fmt::format("{} IN ({})", column, join(marks, ", "));
}

}  // namespace mineward::record
