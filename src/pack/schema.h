/// The shape of every object that a pack may hold, as a table. The table drives the check of kinds and keys
/// and the reference in docs/packs.md; what needs more than one object at a time (references, tightening)
/// stands in resolve.h.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "pack/catalog.h"
#include "pack/tree.h"

namespace mineward::pack {

enum class Kind {
  name,  ///< [a-z][a-z0-9_]*, at most 48 characters
  id,    ///< letters, digits, '_', '-', '.', ':'; at most 60 characters
  text,  ///< any scalar, kept letter by letter
  flag,  ///< true or false, nothing else
  integer,
  number,
  date,           ///< 2026-01-12
  duration,       ///< "20 s", "10 min"
  one_of,         ///< one of `choices`
  names,          ///< list of names
  texts,          ///< list of texts
  many_of,        ///< list of `choices`
  name_lists,     ///< list of lists of names
  text_lists,     ///< list of lists of texts
  object,         ///< mapping of `shape`
  objects,        ///< list of mappings of `shape`
  text_map,       ///< mapping of free names to texts
  way_map,        ///< mapping of parameter names to smaller or larger
  params,         ///< mapping of free names to number, duration, text or list of texts
  bound,          ///< ">=1.0" or, two-sided, "<0.25 or >6"
  conditions,     ///< mapping of field names to a text or a list of texts: what a record must be like
  period,         ///< shift, day, week, month, quarter, half_year, year
  due,            ///< "at the end", "5 working days after the end", ...
  dates,          ///< list of dates
  time_limit,     ///< "24 hours", "7 working days", "90 days", "3 months", "1 years"
  name_or_names,  ///< a name, or a list of names; a way over references has points in it
  name_or_map,    ///< a name, or a mapping of names to names
  columns,  ///< list of layouts; a layout is a list of columns, each "name:kind!" or {name, kind, required}
};

struct Shape;

struct Key {
  std::string_view name;
  Kind kind = Kind::text;
  bool required = false;
  std::string_view meaning = {};
  std::string_view example = {};
  const Shape* shape = nullptr;
  std::vector<std::string_view> choices = {};
};

struct Shape {
  std::string_view title;  ///< "record", used in messages
  std::string_view meaning = {};
  std::vector<Key> keys;

  const Key* key(std::string_view name) const;
};

/// The top of a pack file, and all shapes in the order in which a pack author meets them.
const Shape& file_shape();
const Shape& column_shape();
std::span<const Shape* const> all_shapes();

/// "a name ([a-z][a-z0-9_]*)": what is expected of a value of this key.
std::string expectation(const Key& key);
std::string_view name_of(Kind kind);

/// Checks one object against its shape, and all below it.
void check(const Node& node, const Shape& shape, const std::string& file, Report& report);

bool is_name(std::string_view text);

/// What a bound text says. No `first`: the text is no bound.
struct BoundText {
  std::optional<Bound> first;  ///< the single bound, or the upper one of two
  std::optional<Bound> low;    ///< the lower one of two
};
BoundText parse_bound(std::string_view text);

/// "name:kind!" in parts; nullopt if it is not of that form.
std::optional<Column> parse_column(std::string_view text);
std::optional<ColumnKind> parse_column_kind(std::string_view text);

}  // namespace mineward::pack
