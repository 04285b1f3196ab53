#include "record/scope.h"

#include <fmt/format.h>

namespace mineward::record {
namespace {

Result<bool> stands_under(db::Connection& c, RecordId ancestor, RecordId organisation) {
  MW_ASSIGN(const db::Rows rows, c.query("SELECT 1 FROM org_scope WHERE ancestor = $1 AND organisation = $2",
                                         {ancestor.value, organisation.value}));
  return !rows.empty();
}

}  // namespace

Result<bool> covers(db::Connection& c, const Scope& scope, RecordId organisation) {
  if (!organisation) return false;
  if (scope.everything) return stands_under(c, organisation, organisation);  // only: does it exist
  if (!scope.root) return false;
  return stands_under(c, scope.root, organisation);
}

Result<std::vector<RecordId>> organisations_in(db::Connection& c, const Scope& scope, int limit) {
  std::vector<RecordId> out;
  if (!scope.everything && !scope.root) return out;
  std::string sql = scope.everything ? "SELECT organisation FROM org_scope WHERE ancestor = organisation"
                                     : "SELECT organisation FROM org_scope WHERE ancestor = $1";
  sql += " ORDER BY organisation";
  if (limit > 0) sql += fmt::format(" LIMIT {}", limit);
  const std::vector<db::Value> params =
      scope.everything ? std::vector<db::Value>{} : std::vector<db::Value>{scope.root.value};
  MW_ASSIGN(const db::Rows rows, c.query(sql, params));
  for (std::size_t i = 0; i < rows.size(); ++i) out.push_back(RecordId{rows.integer(i, 0)});
  return out;
}

Result<bool> may_name(db::Connection& c, const Actor& actor, RecordId owner) {
  if (!owner) return true;
  MW_ASSIGN(const bool below, covers(c, actor.scope, owner));
  if (below) return true;
  const RecordId me = actor.scope.root ? actor.scope.root : actor.organisation;
  return me ? stands_under(c, owner, me) : Result<bool>(false);
}

std::string scope_condition(std::string_view column, std::string_view parameter) {
  return fmt::format("EXISTS (SELECT 1 FROM org_scope s WHERE s.ancestor = {} AND s.organisation = {})",
                     parameter, column);
}

Status enter_organisation(db::Connection& c, RecordId organisation, RecordId parent) {
  MW_TRY(c.execute("INSERT INTO org_scope (ancestor, organisation) VALUES ($1, $1)", {organisation.value}));
  if (!parent) return {};
  MW_TRY(c.execute(
      "INSERT INTO org_scope (ancestor, organisation) SELECT ancestor, CAST($1 AS BIGINT) FROM org_scope "
      "WHERE organisation = $2",
      {organisation.value, parent.value}));
  return {};
}

Status rebuild_scope(db::Connection& c) {
  MW_TRY(c.execute("DELETE FROM org_scope", {}));
  MW_TRY(
      c.execute("INSERT INTO org_scope (ancestor, organisation) WITH RECURSIVE edge (above, below) AS "
                "(SELECT parent, id FROM organisation WHERE "
                "parent IS NOT NULL UNION SELECT id, supervises FROM organisation WHERE supervises IS NOT "
                "NULL), reach (above, below) AS (SELECT "
                "id, id FROM organisation UNION SELECT r.above, e.below FROM reach r JOIN edge e ON e.above "
                "= r.below) SELECT above, below FROM "
                "reach",
                {}));
  return {};
}

Status move_organisation(db::Connection& c, RecordId organisation, RecordId parent) {
  if (parent) {
    MW_ASSIGN(const bool below, stands_under(c, organisation, parent));
    if (below)
      return conflict(fmt::format("organisation {} cannot stand under {}, which stands under it",
                                  organisation.value, parent.value));
  }
  MW_TRY(c.execute(
      "DELETE FROM org_scope WHERE organisation IN (SELECT organisation FROM org_scope WHERE ancestor = $1) "
      "AND ancestor NOT IN (SELECT organisation FROM org_scope WHERE ancestor = $1)",
      {organisation.value}));
  if (!parent) return {};
  MW_TRY(c.execute(
      "INSERT INTO org_scope (ancestor, organisation) SELECT a.ancestor, b.organisation FROM org_scope a, "
      "org_scope b WHERE a.organisation = $2 AND b.ancestor = $1",
      {organisation.value, parent.value}));
  return {};
}

}  // namespace mineward::record
