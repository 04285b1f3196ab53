/// Which records of a type duties count and forms sum: the conditions of a pack as SQL over the type's table.
/// For the program's own reading (system level): the caller binds the scope, or the organisations, himself.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "db/db.h"
#include "record/record.h"

namespace mineward::record {

/// Immutable after make(); holds no pointer into the catalog.
class Selection {
 public:
  /// `bad_input` for a type, field or value that the catalog does not have. What was withdrawn is left out as
  /// counts() does.
  static Result<Selection> make(const pack::Catalog&, std::string_view type, const pack::Conditions& when);

  /// `"hazard" t`: what to select from; columns are those of `t`.
  const std::string& from() const { return from_; }
  /// `t."found_at"`; checked to be a column of the type (or id, owner, state, created_at, updated_at).
  Result<std::string> column(std::string_view name) const;
  Result<bool> is_date(std::string_view name) const;
  /// SQL of a column as an instant: dates count from their beginning in Beijing.
  Result<std::string> instant(std::string_view name) const;
  /// True when the column's instant lies in [from, to), UTC ms; the column stands alone, so that an index can
  /// serve it.
  Result<std::string> within(std::string_view name, std::int64_t from, std::int64_t to,
                             std::vector<db::Value>& params) const;
  /// All conditions joined by AND, with their values appended to `params` ($n by position); "TRUE" when there
  /// are none.
  std::string where(std::vector<db::Value>& params) const;
  /// Fields that the conditions look at.
  std::vector<std::string> fields() const;

 private:
  struct Column {
    std::string name;
    pack::FieldType type;
  };
  struct Part {
    std::string column;
    pack::Condition::Op op;
    std::vector<db::Value> values;
    std::string field;
    bool list = false;
  };
  const Column* find(std::string_view name) const;
  std::string type_, from_;
  std::vector<Column> columns_;
  std::vector<Part> parts_;
};

/// Whether a record fits the conditions, told from its fields and state.
bool fits(const pack::RecordType&, const pack::Conditions&, const Record&);
/// The same, but never for what was withdrawn by the way that the reader gave (pack::Withdrawal), unless the
/// conditions ask for it by name: what Selection finds.
bool counts(const pack::RecordType&, const pack::Conditions&, const Record&);

}  // namespace mineward::record
