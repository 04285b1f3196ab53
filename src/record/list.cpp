/// Lists: filters, full text, scope, keyset paging. Every value is bound; names come from the catalog.
///
/// Order is (sort value, id), both in the same direction, NULL smallest. A page is read by at most two
/// SELECTs, one over rows with a sort value and one over rows without. Which way into the table each takes is
/// chosen in list_way.h.
#include <algorithm>

#include <fmt/format.h>

#include "base/digest.h"
#include "base/text.h"
#include "record/confidential.h"
#include "record/list_way.h"
#include "record/read.h"
#include "record/schema.h"
#include "record/scope.h"
#include "record/search.h"
#include "record/values.h"

namespace mineward::record {

using pack::FieldType;

namespace {

/// Up to so many organisations are named in a list's SQL; more are looked up row by row.
constexpr int kNamedOwners = 48;
constexpr std::size_t kMostFilters = 20;

struct Cursor {
  FieldValue value;  ///< unset: the row had no sort value
  RecordId id;
};

std::string cursor_check(std::string_view payload, std::string_view signature) {
  return sha256_hex(fmt::format("{}\n{}", payload, signature)).substr(0, 16);
}

std::string write_cursor(const Cursor& cursor, FieldType type, std::string_view signature) {
  const std::string payload = fmt::format("{}{}{}", cursor.id.value, is_set(cursor.value) ? "=" : "-",
                                          value_to_text(type, cursor.value));
  return to_hex(payload) + cursor_check(payload, signature);
}

Result<Cursor> read_cursor(std::string_view text, FieldType type, std::string_view signature) {
  const Error bad = bad_input("the paging cursor is damaged or belongs to another list");
  if (text.size() <= 16) return bad;
  const auto payload = from_hex(text.substr(0, text.size() - 16));
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

/// Whose rows may be seen.
struct Seen {
  bool some = true;
  std::vector<RecordId> owners;  ///< by name, where they are few enough; empty: another condition tells it
};

/// Adds the condition that only rows of the actor's scope are listed.
Result<Seen> add_scope(db::Connection& c, const Actor& actor, const TypeModel& type, Conditions& conditions) {
  if (type.owner_kind == OwnerKind::none || actor.scope.everything) return Seen{};
  MW_ASSIGN(auto few, organisations_in(c, actor.scope, kNamedOwners + 1));
  if (few.empty()) return Seen{false, {}};
  Group& group = conditions.groups.emplace_back(Group{"owner", {}, {}, true, true});
  if (few.size() > kNamedOwners) {
    group.indexable = false;
    const std::string root = conditions.bind(actor.scope.root.value);
    // SQLite makes the set once instead of asking the table of scopes row by row (docs/performance.md).
    group.parts.push_back(
        c.engine() == db::Engine::sqlite
            ? fmt::format("+t.owner IN (SELECT organisation FROM org_scope WHERE ancestor = {})", root)
            : scope_condition("t.owner", root));
    return Seen{};
  }
  for (const RecordId owner : few) group.equals.push_back(conditions.bind(owner.value));
  group.parts.push_back(fmt::format("t.owner IN ({})", join(group.equals, ", ")));
  return Seen{true, std::move(few)};
}

/// As both engines order cells of one column: numbers by size, texts by bytes.
int compare_cells(const db::Value& a, const db::Value& b) {
  const auto number = [](const db::Value& v) -> std::optional<double> {
    if (const auto* whole = std::get_if<std::int64_t>(&v)) return static_cast<double>(*whole);
    if (const auto* real = std::get_if<double>(&v)) return *real;
    return std::nullopt;
  };
  const auto *whole_a = std::get_if<std::int64_t>(&a), *whole_b = std::get_if<std::int64_t>(&b);
  if (whole_a && whole_b)
    return *whole_a < *whole_b ? -1 : *whole_a > *whole_b;  // ids have more than 53 bits
  if (number(a) && number(b)) return *number(a) < *number(b) ? -1 : *number(a) > *number(b);
  const auto *text_a = std::get_if<std::string>(&a), *text_b = std::get_if<std::string>(&b);
  return text_a && text_b ? text_a->compare(*text_b) : 0;
}

/// Writes the SELECTs of one list.
class SelectWriter {
 public:
  /// No limit: the order is streamed, ids only, for a reader that takes the rows and stops by itself.
  SelectWriter(const TypeModel& type, bool sqlite, const ColumnType& sort, bool descending,
               const Conditions& conditions, const Way& way, std::optional<int> limit)
      : type_(type),
        sqlite_(sqlite),
        sort_(sort),
        direction_(descending ? "DESC" : "ASC"),
        conditions_(conditions),
        way_(way),
        limit_(limit ? fmt::format(" LIMIT {}", *limit) : std::string()) {}

  /// Rows with (or without) a sort value, beyond the cursor where one is given. Ids first, by the way that
  /// was chosen; then, of a page, their rows.
  ListSelect page(bool nulls, const std::optional<Cursor>& cursor) const {
    ListSelect select;
    select.params = conditions_.params;
    const std::vector<std::string> bounds = this->bounds(select.params, nulls, cursor);
    std::vector<std::string> branches;
    if (way_.how == Way::How::merge) {
      const Group& by = conditions_.groups[way_.by];
      for (const auto& mark : by.equals) {
        const auto beyond = by.column == sort_.name ? bounds_of_value(select.params, mark, nulls, cursor)
                                                    : std::optional(bounds);
        if (beyond)
          branches.push_back(branch(fmt::format("t.{} = {}", db::identifier(by.column), mark), *beyond));
      }
      if (branches.empty()) branches.push_back("SELECT id FROM " + type_.table + " WHERE 1 = 0");
    } else {
      branches.push_back(way_.how == Way::How::collect ? collected(bounds) : branch({}, bounds));
    }
    select.sql = rows_of(branches.size() == 1 ? branches[0] : merged(branches));
    // A branch that is left out leaves its parameters unused.
    select.params.resize(used_parameters(select.sql, select.params).size());
    return select;
  }

  /// The key behind so many entries of the one range that the way walks.
  ListSelect end_of_stretch(bool nulls, const std::optional<Cursor>& cursor, std::int64_t stretch) const {
    ListSelect select;
    select.params = conditions_.params;
    std::string first;
    std::vector<std::string> parts = range(select.params, nulls, cursor, first).value_or(nothing());
    if (!first.empty()) parts.push_back(first);
    for (const Group& g : conditions_.groups) {
      if (way_.how == Way::How::walk && g.column == sort_.name && g.indexable) parts.push_back(g.sql());
    }
    select.sql = fmt::format("SELECT {} FROM {}{}{} LIMIT 1 OFFSET {}", nulls ? "t.id" : keys(), from(),
                             where(parts), order("t."), stretch);
    select.params.resize(used_parameters(select.sql, select.params).size());
    return select;
  }

  /// The range up to a key that is bound behind the other parameters.
  ListSelect up_to_key(bool nulls, const std::optional<Cursor>& cursor) const {
    ListSelect select;
    select.params = conditions_.params;
    std::string first;
    auto bounds = range(select.params, nulls, cursor, first).value_or(nothing());
    bounds.push_back(before_key(select.params.size(), nulls));
    select.sql = rows_of(branch(first, bounds));
    return select;
  }

 private:
  static std::vector<std::string> nothing() { return {"1 = 0"}; }

  std::string rows_of(const std::string& ids) const {
    if (limit_.empty()) return ids;
    return fmt::format("SELECT {} FROM {} t WHERE t.id IN (SELECT id FROM ({}) AS page){}", type_.columns,
                       type_.table, ids, order("t."));
  }

  /// What bounds the one range that a way reads; nullopt: nothing is in it.
  std::optional<std::vector<std::string>> range(std::vector<db::Value>& params, bool nulls,
                                                const std::optional<Cursor>& cursor,
                                                std::string& first) const {
    if (way_.how != Way::How::merge) return bounds(params, nulls, cursor);
    const Group& by = conditions_.groups[way_.by];
    const std::string& mark = by.equals.front();
    first = fmt::format("t.{} = {}", db::identifier(by.column), mark);
    if (by.column == sort_.name) return bounds_of_value(params, mark, nulls, cursor);
    return bounds(params, nulls, cursor);
  }

  /// Strictly before the key whose values are the parameters behind the first `n`.
  std::string before_key(std::size_t n, bool nulls) const {
    const char* op = direction_ == "DESC" ? ">" : "<";
    if (nulls || sort_.name == "id") return fmt::format("t.id {} ${}", op, n + 1);
    return fmt::format("({}, t.id) {} (${}, ${})", sort_name(), op, n + 1, n + 2);
  }

  static std::string where(const std::vector<std::string>& parts) {
    return parts.empty() ? std::string() : " WHERE " + join(parts, " AND ");
  }

  std::string from() const {
    std::string out = type_.table + " t";
    if (sqlite_ && !way_.index.empty()) out += " INDEXED BY " + db::identifier(way_.index);
    return out;
  }

  std::string sort_name() const { return "t." + db::identifier(sort_.name); }

  std::string order(const std::string& prefix) const {
    if (sort_.name == "id") return fmt::format(" ORDER BY {}id {}", prefix, direction_);
    return fmt::format(" ORDER BY {0}{1} {2}, {0}id {2}", prefix, db::identifier(sort_.name), direction_);
  }

  /// A condition that must not draw a planner to another index.
  std::string aside(const Group& g) const {
    const std::string sql = g.sql();
    // With an index that goes on with the id SQLite would look for each hit below each value.
    if (sqlite_ && g.column == kWordsColumn) return fmt::format("+({})", sql);
    if (!sqlite_) return fmt::format("({}) IS TRUE", sql);
    return way_.index.empty() && way_.how == Way::How::walk ? fmt::format("+({})", sql) : sql;
  }

  /// The conditions besides the one that leads, and what is beyond the cursor.
  std::vector<std::string> others(const std::string& first, const std::vector<std::string>& bounds) const {
    std::vector<std::string> parts;
    if (!first.empty()) parts.push_back(first);
    for (std::size_t i = 0; i < conditions_.groups.size(); ++i) {
      const Group& g = conditions_.groups[i];
      const bool leads = way_.how != Way::How::walk && i == way_.by;
      if (leads && way_.how == Way::How::merge) continue;
      const bool with_order = way_.how == Way::How::walk && g.column == sort_.name && g.indexable;
      parts.push_back(leads || with_order ? g.sql() : aside(g));
    }
    parts.insert(parts.end(), bounds.begin(), bounds.end());
    return parts;
  }

  std::string keys() const {
    return sort_.name == "id" ? std::string("t.id") : fmt::format("{}, t.id", sort_name());
  }

  std::string branch(const std::string& first, const std::vector<std::string>& bounds) const {
    return fmt::format("SELECT {} FROM {}{}{}{}", keys(), from(), where(others(first, bounds)), order("t."),
                       limit_);
  }

  /// OFFSET 0 keeps PostgreSQL from walking the order after all; what bounds the page stands outside of it,
  /// or the order would be walked from the cursor on, each row looked for among those collected. Where no
  /// index tells the sort value it is asked for the ids first, which one tells together with the codes: else
  /// it would fetch every row.
  std::string collected(const std::vector<std::string>& bounds) const {
    if (sqlite_) {
      return fmt::format("SELECT * FROM (SELECT {} FROM {}{}) AS few{}{}", keys(), from(),
                         where(others({}, bounds)), order(""), limit_);
    }
    const bool at_once = way_.index.empty() || way_.by_index_alone || sort_.name == "id";
    const std::string few =
        at_once ? fmt::format("SELECT {} FROM {}{} OFFSET 0", keys(), from(), where(others({}, {})))
                : fmt::format(
                      "SELECT {} FROM {} t WHERE t.id = ANY (ARRAY(SELECT t.id FROM {}{} OFFSET 0)) OFFSET 0",
                      keys(), type_.table, from(), where(others({}, {})));
    return fmt::format("SELECT * FROM ({}) AS t{}{}{}", few, where(bounds), order(""), limit_);
  }

  std::string merged(const std::vector<std::string>& branches) const {
    std::string sql = "SELECT * FROM (";
    for (std::size_t i = 0; i < branches.size(); ++i) {
      if (i > 0) sql += " UNION ALL ";
      sql += fmt::format("SELECT * FROM ({}) AS b{}", branches[i], i);
    }
    return sql + ") AS m" + order("") + limit_;
  }

  /// The same within one value of the sort column, where the order is that of the ids; nullopt: nothing is
  /// left.
  std::optional<std::vector<std::string>> bounds_of_value(std::vector<db::Value>& params,
                                                          const std::string& mark, bool nulls,
                                                          const std::optional<Cursor>& cursor) const {
    if (nulls) return std::nullopt;
    if (!cursor) return std::vector<std::string>{};
    const auto at = static_cast<std::size_t>(std::atoi(mark.c_str() + 1)) - 1;
    const int order = compare_cells(params[at], to_db(cursor->value)) * (direction_ == "DESC" ? -1 : 1);
    if (order < 0) return std::nullopt;
    if (order > 0) return std::vector<std::string>{};
    params.emplace_back(cursor->id.value);
    return std::vector{fmt::format("t.id {} ${}", direction_ == "DESC" ? "<" : ">", params.size())};
  }

  std::vector<std::string> bounds(std::vector<db::Value>& params, bool nulls,
                                  const std::optional<Cursor>& cursor) const {
    std::vector<std::string> parts;
    if (sort_.nullable) parts.push_back(fmt::format("{} IS {}NULL", sort_name(), nulls ? "" : "NOT "));
    if (!cursor) return parts;
    const char* op = direction_ == "DESC" ? "<" : ">";
    params.emplace_back(cursor->id.value);
    const std::string id = fmt::format("${}", params.size());
    if (nulls || sort_.name == "id") {
      parts.push_back(fmt::format("t.id {} {}", op, id));
      return parts;
    }
    params.push_back(to_db(cursor->value));
    parts.push_back(fmt::format("({}, t.id) {} (${}, {})", sort_name(), op, params.size(), id));
    return parts;
  }

  const TypeModel& type_;
  const bool sqlite_;
  const ColumnType& sort_;
  const std::string direction_;
  const Conditions& conditions_;
  const Way& way_;
  const std::string limit_;
};

/// How a total is counted: by the rarest condition, as far as is quick.
ListCount count_select(const TypeModel& type, bool sqlite, const WayFinder& finder,
                       const Conditions& conditions, const std::optional<WordsCondition>& words,
                       bool test_words) {
  ListCount out;
  const std::optional<std::size_t> lead = finder.fewest();
  const bool by_words = lead && conditions.groups[*lead].column == kWordsColumn;
  out.test_words = test_words && !by_words;
  std::string index = lead ? finder.index_on({conditions.groups[*lead].column}, false) : std::string();
  if (!lead && !conditions.groups.empty()) index = finder.index_on({"owner"});
  std::vector<std::string> rest;
  bool covered = !index.empty();
  for (std::size_t i = 0; i < conditions.groups.size(); ++i) {
    const Group& g = conditions.groups[i];
    if (lead == i) continue;
    if (by_words && words->of_owners && g.scope) continue;  // only hits within it are looked for
    covered = covered && finder.covers(index, g.column);
    if (!out.test_words || g.column != kWordsColumn) rest.push_back(g.sql());
  }
  const bool alone = rest.empty() && !out.test_words;
  const bool looked_up = !sqlite && words && !words->in_set && !by_words;
  out.looked_at = alone       ? (by_words && !sqlite ? kMostHits : kMostCounted)
                  : covered   ? kMostEntries
                  : looked_up ? kMostLookedUp
                              : kMostRows;
  if (by_words && alone) {
    if (words->remembered) {
      out.select = {fmt::format("SELECT count(*), count(*) FROM ({} LIMIT {}) AS hits", words->all_hits,
                                out.looked_at + 1),
                    words->params};
    } else {
      out.known = std::min(words->hits, out.looked_at);
      out.complete = words->exact && words->hits <= out.looked_at;
    }
    return out;
  }
  if (by_words) out.complete = words->hits <= kMostTested;
  const std::string first = by_words ? words->first_in : lead ? conditions.groups[*lead].sql() : "TRUE";
  const std::string seen = fmt::format(
      "SELECT CASE WHEN {} THEN 1 ELSE 0 END AS hit{} FROM {} t{} WHERE {} LIMIT {}",
      rest.empty() ? "TRUE" : join(rest, " AND "), out.test_words ? ", " + searched_columns(type) : "",
      type.table, sqlite && !index.empty() ? " INDEXED BY " + db::identifier(index) : "", first,
      out.looked_at + 1);
  out.select.sql = out.test_words ? seen : fmt::format("SELECT count(*), sum(hit) FROM ({}) AS seen", seen);
  const auto used = used_parameters(out.select.sql, conditions.params);
  out.select.params.assign(used.begin(), used.end());
  return out;
}

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

/// Adds the SELECTs of a page, by the cheapest way.
Result<ListPlan> with_selects(ListPlan plan, bool sqlite, const TypeModel& type, const Conditions& conditions,
                              WayFinder& finder, const ColumnType& sort, const ListQuery& query,
                              const std::optional<Cursor>& cursor, int limit, double wanted) {
  const Choice choice = finder.find(sort, wanted, plan.test_words);
  const std::optional<int> most = plan.test_words ? std::nullopt : std::optional(limit);
  const SelectWriter sure(type, sqlite, sort, query.descending, conditions, choice.sure, most);
  const SelectWriter tried(type, sqlite, sort, query.descending, conditions, choice.way, most);
  std::optional<Way> to_unset;
  if (sort.nullable) {
    MW_ASSIGN(to_unset, finder.way_of_unset(sort));
  }
  const auto add = [&](bool nulls, const std::optional<Cursor>& from) {
    if (nulls && to_unset) {
      const SelectWriter few(type, sqlite, sort, query.descending, conditions, *to_unset, most);
      plan.parts.push_back({std::nullopt, few.page(nulls, from)});
      return;
    }
    ListPart part{std::nullopt, sure.page(nulls, from)};
    if (choice.stretch > 0) {
      part.trial = ListTrial{tried.end_of_stretch(nulls, from, choice.stretch), tried.up_to_key(nulls, from),
                             tried.page(nulls, from)};
    }
    plan.parts.push_back(std::move(part));
  };
  if (!sort.nullable) {
    add(false, cursor);
    return plan;
  }
  // NULL is smallest: last when descending, first when ascending.
  const bool cursor_in_nulls = cursor && !is_set(cursor->value);
  const bool first_is_nulls = !query.descending;
  if (!cursor || cursor_in_nulls == first_is_nulls) {
    add(first_is_nulls, cursor);
    add(!first_is_nulls, std::nullopt);
  } else {
    add(!first_is_nulls, cursor);
  }
  return plan;
}

/// Runs the SELECT of a total: (entries looked at, those that fit).
Result<std::pair<std::int64_t, std::int64_t>> look_and_count(db::Connection& c, const ListCount& count,
                                                             const WordsTest& has_words) {
  if (!count.test_words) {
    MW_ASSIGN(const db::Rows rows, c.query(count.select.sql, count.select.params));
    return std::pair(rows.integer(0, 0), rows.integer(0, 1));
  }
  std::int64_t seen = 0, fit = 0;
  MW_TRY(c.each(count.select.sql, count.select.params, [&](std::span<const db::Value> row) {
    ++seen;
    if (row[0] == db::Value(std::int64_t{1}) && has_words(row.subspan(1))) ++fit;
    return true;
  }));
  return std::pair(seen, fit);
}

/// The total, exact where counting is quick; at least what the page shows.
Status count_page(db::Connection& c, const ListPlan& plan, const WordsTest& has_words, const ListQuery& query,
                  Page& page) {
  const auto shown = static_cast<std::int64_t>(page.records.size());
  if (query.after.empty() && page.next.empty()) {  // the page is all
    page.total = shown;
    return {};
  }
  if (plan.count.known) {
    page.total = *plan.count.known;
    page.total_exact = plan.count.complete;
  } else {
    MW_ASSIGN(const auto counted, look_and_count(c, plan.count, has_words));
    page.total = counted.second;
    page.total_exact = plan.count.complete && counted.first <= plan.count.looked_at;
  }
  if (!page.total_exact)
    page.total = std::max(std::min({*page.total, kMostCounted, plan.count.looked_at}),
                          shown + (page.next.empty() ? 0 : 1));
  return {};
}

}  // namespace

Result<ListPlan> plan_list(db::Connection& c, const Context& context, const Actor& actor,
                           const ListQuery& query, int limit) {
  MW_ASSIGN(const TypeModel* type, context.model.type(query.type));
  MW_ASSIGN(const ColumnType sort, sort_column(*type, query.sort));
  if (query.filters.size() > kMostFilters)
    return bad_input(fmt::format("{} filters, at most {} expected", query.filters.size(), kMostFilters));
  const bool sqlite = c.engine() == db::Engine::sqlite;
  ListPlan plan;
  plan.signature = signature_of(query);
  plan.sort_column = sort.name;
  Conditions conditions(*type, sqlite);
  if (!may_sort(actor, *type, sort.name))
    return bad_input(fmt::format("{} cannot be sorted by \"{}\"", type->name(), sort.name));
  for (const auto& filter : query.filters) {
    if (!may_filter(context.model, actor, *type, filter))
      return bad_input(
          fmt::format("filter names \"{}\", which is no field of {}", filter.field, type->name()));
    MW_TRY(conditions.add_filter(filter));
  }
  std::optional<Cursor> cursor;
  if (!query.after.empty()) {
    MW_ASSIGN(cursor, read_cursor(query.after, sort.type, plan.signature));
  }
  MW_ASSIGN(const Seen seen, add_scope(c, actor, *type, conditions));
  plan.empty = !seen.some;
  std::optional<WordsCondition> words;
  if (!trim(query.words).empty() && seen.some) {
    MW_ASSIGN(words, words_condition(c, *type, query.words, seen.owners, conditions.params.size() + 1,
                                     context.estimates.get()));
    plan.empty = !words || words->hits == 0;
    if (words) {
      for (const db::Value& param : words->params) conditions.bind(param);
      Group& group = conditions.group(kWordsColumn);
      group.parts.push_back(words->in_set ? words->in : words->test);
      group.indexable = words->in_set;
    }
  }
  if (plan.empty) return plan;
  WayFinder finder(c, *type, conditions, words, context.estimates.get());
  MW_TRY(finder.look());
  // Common words are dear to test in SQLite's index, one row at a time: the record itself is asked.
  plan.test_words = words && !words->in_set && sqlite;
  plan.count = count_select(*type, sqlite, finder, conditions, words, plan.test_words);
  if (!plan.test_words)
    return with_selects(std::move(plan), sqlite, *type, conditions, finder, sort, query, cursor, limit,
                        limit);
  // So many rows are read for a page.
  const double wanted = limit / std::clamp(finder.share_of(kWordsColumn), 0.001, 1.0);
  std::erase_if(conditions.groups, [](const Group& g) { return g.column == kWordsColumn; });
  conditions.params.resize(conditions.params.size() - words->params.size());
  words.reset();
  MW_TRY(finder.look());
  return with_selects(std::move(plan), sqlite, *type, conditions, finder, sort, query, cursor, limit, wanted);
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
  const WordsTest has_words(plan.test_words ? query.words : std::string());
  const auto add = [&](std::span<const db::Value> row) {
    page.records.push_back(record_from_row(*type, row));
    return page.records.size() <= limit;
  };
  const auto texts = fmt::format("SELECT {} FROM {} WHERE id = $1", searched_columns(*type), type->table);
  const auto whole = fmt::format("SELECT {} FROM {} WHERE id = $1", type->columns, type->table);
  const auto take = [&](const ListSelect& select) -> Status {
    if (!plan.test_words) return c.each(select.sql, select.params, add);
    Status read;
    MW_TRY(c.each(select.sql, select.params, [&](std::span<const db::Value> key) {
      bool fits = false;
      read =
          c.each(texts, key.last(1), [&](std::span<const db::Value> row) { return fits = has_words(row); });
      if (read.ok() && fits) read = c.each(whole, key.last(1), add);
      return read.ok() && page.records.size() <= limit;
    }));
    return read;
  };
  for (const ListPart& part : plan.parts) {
    if (page.records.size() > limit) break;
    if (part.trial) {
      const std::size_t before = page.records.size();
      MW_ASSIGN(const db::Rows end, c.query(part.trial->end.sql, part.trial->end.params));
      ListSelect select = end.empty() ? part.trial->whole : part.trial->walk;
      if (!end.empty()) select.params.insert(select.params.end(), end.rows[0].begin(), end.rows[0].end());
      MW_TRY(take(select));
      if (end.empty() || page.records.size() > limit) continue;
      page.records.resize(before);
    }
    MW_TRY(take(part.sure));
  }
  if (page.records.size() > limit) {
    page.records.resize(limit);
    const Record& last = page.records.back();
    const FieldType sort_type = column_type(*type, plan.sort_column)->type;
    page.next = write_cursor({sort_value(last, plan.sort_column), last.id}, sort_type, plan.signature);
  }
  for (Record& record : page.records) {
    strip_secrets(actor, *type, record);
    MW_TRY(hide_confidential(c, context.model, actor, record));
  }
  if (query.count_total) MW_TRY(count_page(c, plan, has_words, query, page));
  return page;
}

}  // namespace mineward::record
