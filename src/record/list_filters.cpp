#include "record/list_filters.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/text.h"
#include "record/values.h"

namespace mineward::record {

using pack::FieldType;

namespace {

constexpr std::size_t kMostFilterValues = 500;

std::string name_of_column(const ColumnType& column) { return "t." + db::identifier(column.name); }

std::string compare(const std::string& name, Filter::Op op, const std::vector<std::string>& marks) {
  using Op = Filter::Op;
  switch (op) {
    case Op::ne: return fmt::format("({0} <> {1} OR {0} IS NULL)", name, marks[0]);
    case Op::lt: return fmt::format("{} < {}", name, marks[0]);
    case Op::le: return fmt::format("{} <= {}", name, marks[0]);
    case Op::gt: return fmt::format("{} > {}", name, marks[0]);
    case Op::ge: return fmt::format("{} >= {}", name, marks[0]);
    case Op::in: return fmt::format("{} IN ({})", name, join(marks, ", "));
    default: return fmt::format("{} = {}", name, marks[0]);
  }
}

}  // namespace

bool is_list_type(FieldType type) { return type == FieldType::choices || type == FieldType::attachments; }

std::string Group::sql() const { return join(parts, " AND "); }

Group& Conditions::group(std::string_view column) {
  const auto found =
      std::find_if(groups.begin(), groups.end(), [&](const Group& g) { return g.column == column; });
  if (found != groups.end()) return *found;
  return groups.emplace_back(Group{std::string(column), {}, {}, true, false});
}

Status Conditions::add_filter(const Filter& filter) {
  const auto column = column_type(type_, filter.field);
  if (!column)
    return bad_input(fmt::format("filter names \"{}\", which is no field of {}", filter.field, type_.name()));
  Status done = add_checked(*column, filter);
  if (!done) return std::move(done).error().in(fmt::format("filter {}", filter.field));
  return {};
}

Status Conditions::add_checked(const ColumnType& column, const Filter& filter) {
  const std::string name = name_of_column(column);
  if (filter.op == Op::is_null || filter.op == Op::not_null) {
    Group& g = group(column.name);
    g.parts.push_back(fmt::format("{} IS {}NULL", name, filter.op == Op::is_null ? "" : "NOT "));
    g.equals.clear();
    g.indexable = g.indexable && filter.op == Op::is_null;
    return {};
  }
  if (filter.values.empty()) return bad_input("found no value, expected one");
  if (filter.values.size() > kMostFilterValues)
    return bad_input(fmt::format("{} values, at most {} expected", filter.values.size(), kMostFilterValues));
  if (filter.op != Op::in && filter.values.size() > 1)
    return bad_input(fmt::format("{} values, one expected", filter.values.size()));
  if (is_list_type(column.type)) return add_list(column, filter);
  if (filter.op == Op::contains) return add_contains(column, filter.values[0]);
  std::vector<std::string> marks;
  std::vector<db::Value> values;
  for (const auto& text : filter.values) {
    MW_ASSIGN(const FieldValue value, value_from_text(column.type, text));
    db::Value cell = is_set(value) ? to_db(value) : db::Value(std::string());
    if (std::find(values.begin(), values.end(), cell) != values.end())
      continue;  // a branch twice gives its rows twice
    values.push_back(std::move(cell));
    marks.push_back(bind(values.back()));
  }
  Group& g = group(column.name);
  const bool alone = g.parts.empty() && (filter.op == Op::eq || filter.op == Op::in);
  g.parts.push_back(compare(name, filter.op, marks));
  g.equals = alone ? marks : std::vector<std::string>{};
  g.indexable = g.indexable && filter.op != Op::ne;
  return {};
}

std::string Conditions::find_text(const std::string& haystack, const std::string& needle) const {
  return fmt::format("{}({}, {})", sqlite_ ? "instr" : "strpos", haystack, needle);
}

Status Conditions::add_contains(const ColumnType& column, const std::string& text) {
  if (column.type != FieldType::text && column.type != FieldType::long_text &&
      column.type != FieldType::choice)
    return bad_input("contains works on text only");
  // lower() folds ASCII on both engines: SQLite always, PostgreSQL because the columns have COLLATE "C".
  std::string part =
      find_text(fmt::format("lower({})", name_of_column(column)), bind(lower_ascii(text))) + " > 0";
  Group& g = group(column.name);
  g.parts.push_back(std::move(part));
  g.equals.clear();
  g.indexable = false;
  return {};
}

/// Lists are stored as JSON texts: an item is found with its quotes.
Status Conditions::add_list(const ColumnType& column, const Filter& filter) {
  const std::string name = name_of_column(column);
  std::vector<std::string> any;
  for (const auto& item : filter.values) any.push_back(find_text(name, bind(Json(item).dump())) + " > 0");
  Group& g = group(column.name);
  g.indexable = false;
  if (filter.op == Op::ne) {
    g.parts.push_back(fmt::format("({} IS NULL OR NOT ({}))", name, join(any, " OR ")));
  } else if (filter.op == Op::eq || filter.op == Op::in || filter.op == Op::contains) {
    g.parts.push_back(fmt::format("({})", join(any, " OR ")));
  } else {
    return bad_input("lists know eq, ne, in and contains only");
  }
  return {};
}

}  // namespace mineward::record
