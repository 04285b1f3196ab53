/// Lists: filters, full text, scope, keyset paging. Every value is bound; names come from the catalog.
///
/// Order is (sort value, id), both in the same direction, NULL smallest. A page is read by at most two
/// SELECTs, one over rows with a sort value and one over rows without, so that each is a plain range of an
/// index.
#include <algorithm>

#include <fmt/format.h>

#include "base/digest.h"
#include "base/text.h"
#include "record/read.h"
#include "record/schema.h"
#include "record/scope.h"
#include "record/search.h"
#include "record/values.h"

namespace mineward::record {

using pack::FieldType;

namespace {

/// Up to so many organisations a list is merged from one index range for each; above it the index in sort
/// order is walked and rows outside are skipped (they are then few). Measured in bench notes of ADR 2.
constexpr int kMergedOwners = 48;
/// From so many rows on a code is no way into the table: walking the order of the list finds a page of it
/// sooner. SQLite knows no frequencies of single values; PostgreSQL does and decides by itself.
constexpr std::int64_t kCommonCode = 4000;
/// "Any of" so many codes is merged from one index range each, as organisations are.
constexpr std::size_t kMostBranches = 12;
constexpr std::size_t kMostFilters = 20;
constexpr std::size_t kMostFilterValues = 500;

struct Cursor {
  FieldValue value;  ///< unset: the row had no sort value
  RecordId id;
};

bool is_list_type(FieldType type) { return type == FieldType::choices || type == FieldType::attachments; }

std::string to_hex_text(std::string_view text) {
  return to_hex(std::span(reinterpret_cast<const std::uint8_t*>(text.data()), text.size()));
}

std::optional<std::string> from_hex_text(std::string_view hex) {
  const auto digit = [](char c) {
    return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
  };
  if (hex.size() % 2) return std::nullopt;
  std::string out;
  for (std::size_t i = 0; i < hex.size(); i += 2) {
    const int high = digit(hex[i]), low = digit(hex[i + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    out += static_cast<char>(high * 16 + low);
  }
  return out;
}

std::string cursor_check(std::string_view payload, std::string_view signature) {
  return sha256_hex(fmt::format("{}\n{}", payload, signature)).substr(0, 16);
}

std::string write_cursor(const Cursor& cursor, FieldType type, std::string_view signature) {
  const std::string payload = fmt::format("{}{}{}", cursor.id.value, is_set(cursor.value) ? "=" : "-",
                                          value_to_text(type, cursor.value));
  return to_hex_text(payload) + cursor_check(payload, signature);
}

Result<Cursor> read_cursor(std::string_view text, FieldType type, std::string_view signature) {
  const Error bad = bad_input("the paging cursor is damaged or belongs to another list");
  if (text.size() <= 16) return bad;
  const auto payload = from_hex_text(text.substr(0, text.size() - 16));
  if (!payload || !equal_constant_time(cursor_check(*payload, signature), text.substr(text.size() - 16)))
    return bad;
  const std::size_t mark = payload->find_first_of("=-");
  const auto id = parse_record_id(payload->substr(0, mark));
  if (mark == std::string::npos || !id) return bad;
  Cursor cursor{{}, *id};
  if ((*payload)[mark] == '=') {
    auto value = value_from_text(type, payload->substr(mark + 1));
    if (!value) return bad;
    cursor.value = *std::move(value);
    if (!is_set(cursor.value))
      cursor.value = std::string();  // an empty text column (state of a type without states)
  }
  return cursor;
}

std::string signature_of(const ListQuery& q) {
  std::string out = fmt::format("{}\n{}\n{}\n{}", q.type, q.sort, q.descending, q.words);
  for (const auto& f : q.filters) {
    out += fmt::format("\n{} {}", f.field, static_cast<int>(f.op));
    for (const auto& v : f.values) out += fmt::format(" {}:{}", v.size(), v);
  }
  return out;
}

/// The conditions of a list without scope and cursor.
class Conditions {
 public:
  Conditions(db::Connection& c, const TypeModel& type, std::string_view sort)
      : c_(c), type_(type), sort_(sort), sqlite_(c.engine() == db::Engine::sqlite) {}

  std::string bind(db::Value v) {
    params.push_back(std::move(v));
    return fmt::format("${}", params.size());
  }
  void add(std::string sql) { parts.push_back(std::move(sql)); }

  Status add_filter(const Filter& filter) {
    const auto column = column_type(type_, filter.field);
    if (!column)
      return bad_input(
          fmt::format("filter names \"{}\", which is no field of {}", filter.field, type_.name()));
    Status done = add_checked(*column, filter);
    if (!done) return std::move(done).error().in(fmt::format("filter {}", filter.field));
    return {};
  }

  std::vector<std::string> parts;
  std::vector<db::Value> params;
  /// One of these must hold too; an index gives the rows of each in the order of the list. Empty: nothing.
  std::vector<std::string> either;

 private:
  using Op = Filter::Op;

  Status add_checked(const ColumnType& column, const Filter& filter) {
    std::string name = "t." + db::identifier(column.name);
    if (filter.op == Op::is_null || filter.op == Op::not_null) {
      add(fmt::format("{} IS {}NULL", name, filter.op == Op::is_null ? "" : "NOT "));
      return {};
    }
    if (filter.values.empty()) return bad_input("found no value, expected one");
    if (filter.values.size() > kMostFilterValues)
      return bad_input(
          fmt::format("{} values, at most {} expected", filter.values.size(), kMostFilterValues));
    if (filter.op != Op::in && filter.values.size() > 1)
      return bad_input(fmt::format("{} values, one expected", filter.values.size()));
    if (is_list_type(column.type)) return add_list(name, filter);
    if (filter.op == Op::contains) return add_contains(name, column, filter.values[0]);
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
    const bool in_order = coded(column) && (sort_ == "id" || has_index(column.name));
    if (in_order && filter.op == Op::in && marks.size() > 1 && marks.size() <= kMostBranches &&
        either.empty()) {
      for (const auto& mark : marks) either.push_back(fmt::format("{} = {}", name, mark));
      return {};
    }
    if (!in_order) {
      MW_ASSIGN(const bool common, is_common(column, filter.op, values));
      if (common) name = "+" + name;  // SQLite: the same value, but no index
    }
    add(compare(name, filter.op, marks));
    return {};
  }

  static bool coded(const ColumnType& column) {
    return column.type == FieldType::choice || column.name == "state";
  }

  /// An index that gives the rows of one code in the order of the list.
  bool has_index(const std::string& column) const {
    const auto indexes = indexes_of(type_);
    return std::any_of(indexes.begin(), indexes.end(), [&](const auto& index) {
      return index.columns.size() > 1 && index.columns[0] == column && index.columns[1] == sort_;
    });
  }

  /// Whether SQLite would take an index over this code and sort many thousand rows for one page.
  Result<bool> is_common(const ColumnType& column, Op op, const std::vector<db::Value>& values) const {
    if (!sqlite_ || !coded(column) || (op != Op::eq && op != Op::in)) return false;
    std::vector<std::string> marks;
    for (std::size_t i = 1; i <= values.size(); ++i) marks.push_back(fmt::format("${}", i));
    MW_ASSIGN(const db::Rows rows,
              c_.query(fmt::format("SELECT count(*) FROM (SELECT 1 FROM {} WHERE {} IN ({}) LIMIT {})",
                                   type_.table, db::identifier(column.name), join(marks, ", "), kCommonCode),
                       values));
    return rows.integer(0, 0) >= kCommonCode;
  }

  static std::string compare(const std::string& name, Op op, const std::vector<std::string>& marks) {
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

  std::string find_text(const std::string& haystack, const std::string& needle) const {
    return fmt::format("{}({}, {})", sqlite_ ? "instr" : "strpos", haystack, needle);
  }

  Status add_contains(const std::string& name, const ColumnType& column, const std::string& text) {
    if (column.type != FieldType::text && column.type != FieldType::long_text &&
        column.type != FieldType::choice) {
      return bad_input("contains works on text only");
    }
    // lower() folds ASCII on both engines: SQLite always, PostgreSQL because the columns have COLLATE "C".
    add(find_text(fmt::format("lower({})", name), bind(lower_ascii(text))) + " > 0");
    return {};
  }

  /// Lists are stored as JSON texts: an item is found with its quotes.
  Status add_list(const std::string& name, const Filter& filter) {
    std::vector<std::string> any;
    for (const auto& item : filter.values) any.push_back(find_text(name, bind(Json(item).dump())) + " > 0");
    if (filter.op == Op::ne) {
      add(fmt::format("({} IS NULL OR NOT ({}))", name, join(any, " OR ")));
    } else if (filter.op == Op::eq || filter.op == Op::in || filter.op == Op::contains) {
      add(fmt::format("({})", join(any, " OR ")));
    } else {
      return bad_input("lists know eq, ne, in and contains only");
    }
    return {};
  }

  db::Connection& c_;
  const TypeModel& type_;
  const std::string sort_;
  const bool sqlite_;
};

Result<ColumnType> sort_column(const TypeModel& type, const std::string& name) {
  const auto column = column_type(type, name);
  const auto& list = type.type->list_fields;
  const bool system =
      std::find(std::begin(kSystemColumns), std::end(kSystemColumns), name) != std::end(kSystemColumns);
  const bool sortable =
      column && !is_list_type(column->type) && column->type != FieldType::long_text &&
      (system || std::find(list.begin(), list.end(), name) != list.end() || name == "number");
  if (!sortable)
    return bad_input(
        fmt::format("{} cannot be sorted by \"{}\": a column of its list expected", type.name(), name));
  return *column;
}

/// Which organisations' rows a list is made of.
struct Owners {
  bool all = false;
  bool none = false;
  std::vector<RecordId> few;  ///< empty: many, tested row by row
};

Result<Owners> owners_of(db::Connection& c, const Actor& actor, const TypeModel& type) {
  Owners owners;
  owners.all = type.owner_kind == OwnerKind::none || actor.scope.everything;
  if (owners.all) return owners;
  MW_ASSIGN(owners.few, organisations_in(c, actor.scope, kMergedOwners + 1));
  owners.none = owners.few.empty();
  if (owners.few.size() > kMergedOwners) owners.few.clear();
  return owners;
}

/// Writes the SELECTs of one list.
class SelectWriter {
 public:
  SelectWriter(const TypeModel& type, const Actor& actor, const ListQuery& query, const ColumnType& sort,
               const Conditions& conditions, const Owners& owners, int limit)
      : type_(type),
        actor_(actor),
        query_(query),
        sort_(sort),
        conditions_(conditions),
        owners_(owners),
        limit_(limit) {}

  /// Rows with (or without) a sort value, beyond the cursor where one is given.
  ListSelect page(bool nulls, const std::optional<Cursor>& cursor) const {
    ListSelect select;
    select.params = conditions_.params;
    std::vector<std::string> parts = conditions_.parts;
    const std::string sort = "t." + db::identifier(sort_.name);
    if (sort_.nullable) parts.push_back(fmt::format("{} IS {}NULL", sort, nulls ? "" : "NOT "));
    if (cursor) parts.push_back(beyond(select.params, sort, nulls, *cursor));
    const std::string direction = query_.descending ? "DESC" : "ASC";
    const bool by_id = nulls || sort_.name == "id";
    const auto order = [&](std::string_view prefix) {
      if (by_id) return fmt::format("ORDER BY {}id {}", prefix, direction);
      return fmt::format("ORDER BY {}{} {}, {}id {}", prefix, db::identifier(sort_.name), direction, prefix,
                         direction);
    };
    const std::string limit = fmt::format("LIMIT {}", limit_);
    std::vector<std::string> ways;  // each is one index range
    if (owners_.few.empty()) {
      add_many_owners(select.params, parts);
      ways = conditions_.either.empty() ? std::vector<std::string>{""} : conditions_.either;
    } else {
      if (!conditions_.either.empty()) parts.push_back(any_of());
      for (const RecordId owner : owners_.few) {
        select.params.emplace_back(owner.value);
        ways.push_back(fmt::format("t.owner = ${}", select.params.size()));
      }
    }
    std::vector<std::string> branches;
    for (const auto& way : ways) {
      std::vector<std::string> all = parts;
      if (!way.empty()) all.insert(all.begin(), way);
      branches.push_back(fmt::format("SELECT {} FROM {} t{} {} {}", type_.columns, type_.table, where(all),
                                     order("t."), limit));
    }
    select.sql = branches.size() == 1 ? branches[0] : merge(branches, order("") + " " + limit);
    return select;
  }

  ListSelect count() const {
    ListSelect select;
    select.params = conditions_.params;
    std::vector<std::string> parts = conditions_.parts;
    if (!conditions_.either.empty()) parts.push_back(any_of());
    if (!owners_.few.empty()) {
      std::vector<std::string> marks;
      for (const RecordId owner : owners_.few) {
        select.params.emplace_back(owner.value);
        marks.push_back(fmt::format("${}", select.params.size()));
      }
      parts.push_back(fmt::format("t.owner IN ({})", join(marks, ", ")));
    } else {
      add_many_owners(select.params, parts);
    }
    select.sql = fmt::format("SELECT count(*) FROM {} t{}", type_.table, where(parts));
    return select;
  }

 private:
  static std::string where(const std::vector<std::string>& parts) {
    return parts.empty() ? std::string() : " WHERE " + join(parts, " AND ");
  }

  std::string any_of() const { return "(" + join(conditions_.either, " OR ") + ")"; }

  static std::string merge(const std::vector<std::string>& branches, const std::string& order) {
    std::string sql = "SELECT * FROM (";
    for (std::size_t i = 0; i < branches.size(); ++i) {
      if (i > 0) sql += " UNION ALL ";
      sql += fmt::format("SELECT * FROM ({}) AS b{}", branches[i], i);
    }
    return sql + ") AS m " + order;
  }

  void add_many_owners(std::vector<db::Value>& params, std::vector<std::string>& parts) const {
    if (owners_.all) return;
    params.emplace_back(actor_.scope.root.value);
    parts.push_back(scope_condition("t.owner", fmt::format("${}", params.size())));
  }

  std::string beyond(std::vector<db::Value>& params, const std::string& sort, bool nulls,
                     const Cursor& cursor) const {
    const char* op = query_.descending ? "<" : ">";
    params.emplace_back(cursor.id.value);
    const std::string id = fmt::format("${}", params.size());
    if (nulls || sort_.name == "id") return fmt::format("t.id {} {}", op, id);
    params.push_back(to_db(cursor.value));
    return fmt::format("({}, t.id) {} (${}, {})", sort, op, params.size(), id);
  }

  const TypeModel& type_;
  const Actor& actor_;
  const ListQuery& query_;
  const ColumnType& sort_;
  const Conditions& conditions_;
  const Owners& owners_;
  const int limit_;
};

FieldValue sort_value(const Record& r, const std::string& column) {
  if (column == "id") return r.id;
  if (column == "owner") return r.owner;
  if (column == "version") return r.version;
  if (column == "state") return r.state;
  if (column == "created_at") return EventTime{r.created_at.utc_ms};
  if (column == "updated_at") return EventTime{r.updated_at.utc_ms};
  if (column == "created_by") return r.created_by;
  if (column == "updated_by") return r.updated_by;
  const auto found = r.fields.find(column);
  return found == r.fields.end() ? FieldValue() : found->second;
}

}  // namespace

Result<ListPlan> plan_list(db::Connection& c, const Context& context, const Actor& actor,
                           const ListQuery& query, int limit) {
  MW_ASSIGN(const TypeModel* type, context.model.type(query.type));
  MW_ASSIGN(const ColumnType sort, sort_column(*type, query.sort));
  if (query.filters.size() > kMostFilters)
    return bad_input(fmt::format("{} filters, at most {} expected", query.filters.size(), kMostFilters));
  ListPlan plan;
  plan.signature = signature_of(query);
  plan.sort_column = sort.name;
  Conditions conditions(c, *type, sort.name);
  for (const auto& filter : query.filters) MW_TRY(conditions.add_filter(filter));
  if (!trim(query.words).empty()) {
    MW_ASSIGN(const std::optional<WordsCondition> words,
              words_condition(c, *type, query.words, conditions.params.size() + 1));
    plan.empty = !words;
    if (words) {
      conditions.bind(words->param);
      conditions.add(words->sql);
    }
  }
  std::optional<Cursor> cursor;
  if (!query.after.empty()) {
    MW_ASSIGN(cursor, read_cursor(query.after, sort.type, plan.signature));
  }
  MW_ASSIGN(const Owners owners, owners_of(c, actor, *type));
  plan.empty = plan.empty || owners.none;
  if (plan.empty) return plan;
  const SelectWriter writer(*type, actor, query, sort, conditions, owners, limit);
  plan.count = writer.count();
  if (!sort.nullable) {
    plan.selects.push_back(writer.page(false, cursor));
    return plan;
  }
  // NULL is smallest: last when descending, first when ascending.
  const bool cursor_in_nulls = cursor && !is_set(cursor->value);
  const bool first_is_nulls = !query.descending;
  if (!cursor || cursor_in_nulls == first_is_nulls) {
    plan.selects.push_back(writer.page(first_is_nulls, cursor));
    plan.selects.push_back(writer.page(!first_is_nulls, std::nullopt));
  } else {
    plan.selects.push_back(writer.page(!first_is_nulls, cursor));
  }
  return plan;
}

Result<Page> list_records(db::Connection& c, const Context& context, const Actor& actor,
                          const ListQuery& query) {
  if (query.limit < 1 || query.limit > 500)
    return bad_input(fmt::format("limit is {}, 1 to 500 expected", query.limit));
  MW_ASSIGN(const TypeModel* type, context.model.type(query.type));
  MW_TRY(may_read(actor, *type));
  MW_ASSIGN(const ListPlan plan, plan_list(c, context, actor, query, query.limit + 1));
  const auto limit = static_cast<std::size_t>(query.limit);
  Page page;
  if (query.count_total) page.total = 0;
  if (plan.empty) return page;
  for (const auto& select : plan.selects) {
    if (page.records.size() > limit) break;
    MW_ASSIGN(const db::Rows rows, c.query(select.sql, select.params));
    for (const auto& row : rows.rows) page.records.push_back(record_from_row(*type, row));
  }
  if (page.records.size() > limit) {
    page.records.resize(limit);
    const Record& last = page.records.back();
    const FieldType sort_type = column_type(*type, plan.sort_column)->type;
    page.next = write_cursor({sort_value(last, plan.sort_column), last.id}, sort_type, plan.signature);
  }
  for (Record& record : page.records) strip_secrets(actor, *type, record);
  if (query.count_total) {
    MW_ASSIGN(const db::Rows rows, c.query(plan.count.sql, plan.count.params));
    page.total = rows.integer(0, 0);
  }
  return page;
}

}  // namespace mineward::record
