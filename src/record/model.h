/// Inside record/: the catalog's record types, prepared for work: columns, SQL texts, patterns. Immutable
/// after make().
#pragma once

#include <atomic>
#include <map>
#include <memory>
#include <regex>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/files.h"
#include "db/db.h"
#include "pack/working_days.h"
#include "record/record.h"
#include "record/store.h"

namespace mineward::record {

/// Columns that every record table begins with, in this order; field columns follow in the pack's order.
inline constexpr std::string_view kSystemColumns[] = {"id",         "version",    "state",      "owner",
                                                      "created_at", "updated_at", "created_by", "updated_by"};
inline constexpr std::size_t kSystemColumnCount = std::size(kSystemColumns);

/// Whose record it is, as `owner_field` says.
enum class OwnerKind {
  none,          ///< nobody's: owner 0, everybody may see it
  self,          ///< an organisation: its own id
  organisation,  ///< the field refers to an organisation
  inherited,     ///< the field refers to a record that has an owner itself
};

class Vault;

/// A total of another type that records enter (totals.h).
struct Feed {
  std::string type;
  const pack::Compute* total = nullptr;  ///< of the catalog
};

struct TypeModel {
  const pack::RecordType* type = nullptr;
  const pack::Workflow* workflow = nullptr;  ///< null: no states
  OwnerKind owner_kind = OwnerKind::none;
  const pack::Field* owner_field = nullptr;  ///< null for none and self
  /// While this reference is set, the record has the owner of what it names, and the owner field only says
  /// who acts; null: the owner field says whose it is.
  const pack::Field* belongs_to = nullptr;
  /// Has a field `mine`: the owner must be the mine's organisation. Not of what an office enters as its own
  /// (owner my_organisation) and nobody of a mine may read: that stays with the office. Nor of what belongs
  /// to something anyway.
  bool owner_follows_mine = false;
  std::string table;         ///< quoted
  std::string search_table;  ///< quoted; empty when no field is searchable
  std::string columns;       ///< quoted names for SELECT and INSERT, as in kSystemColumns + fields
  std::map<std::string, std::regex, std::less<>> patterns;  ///< by field name
  std::map<std::string, FieldValue, std::less<>> literal_defaults;
  bool signs = false;   ///< a step of its workflow needs signatures
  bool sealed = false;  ///< of a sealed kind: has sealed fields
  std::vector<Feed> feeds;
  bool reaches_others = false;  ///< a write may write other records too: totals, and what steps change
  std::vector<const pack::Field*> confidential;  ///< references to types of a sealed kind (confidential.h)
  /// How large the table is, about; shared by all copies of this.
  struct Size {
    std::atomic<std::int64_t> rows =
        0;                          ///< at the start at most StoreOptions::index_from, then what was added
    std::atomic<bool> wide = true;  ///< has the indexes that lists need
    std::atomic<std::int64_t> seen = 0;  ///< rows when last tended
    std::atomic<std::size_t> made = 0;   ///< of the indexes that make it wide
  };
  std::shared_ptr<Size> size = std::make_shared<Size>();
  const Vault* vault = nullptr;  ///< for protected fields; null: the node has no key

  const std::string& name() const { return type->name; }
  const pack::Field* field(std::string_view name) const { return type->field(name); }
};

class Model {
 public:
  /// Checks what the pack loader cannot know: reserved names, owner chains, defaults, number formats,
  /// patterns.
  static Result<Model> make(pack::CatalogPtr catalog);

  const pack::Catalog& catalog() const { return *catalog_; }
  /// nullptr if there is no such type.
  const TypeModel* find(std::string_view type) const;
  Result<const TypeModel*> type(std::string_view name) const;
  const std::map<std::string, TypeModel, std::less<>>& types() const { return types_; }
  /// Borrowed; for every type.
  void use(const Vault* vault);

 private:
  /// Which types write others, and whose totals they enter.
  void find_reach();
  pack::CatalogPtr catalog_;
  std::map<std::string, TypeModel, std::less<>> types_;
};

class RisingIds;
class Estimates;

/// What every part of the store works with. Borrowed from the store, which outlives all of them.
struct Context {
  Model model;
  Files& files;
  Clock& clock;
  RisingIds& ids;
  StoreOptions options;
  pack::Calendar calendar;
  std::shared_ptr<Estimates> estimates = nullptr;  ///< of lists; none: everything is found out each time
};

/// The column of a field or system column with its type; nullptr for an unknown or secret one.
struct ColumnType {
  std::string name;
  pack::FieldType type;
  bool nullable;
};
std::optional<ColumnType> column_type(const TypeModel& type, std::string_view name);

/// "YH-{yyyy}{MM}-{seq:5}" with the date filled in; `seq` unset gives the period key.
std::string fill_number(std::string_view format, Date date, std::optional<std::int64_t> seq);

}  // namespace mineward::record
