#include "record/schema.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "base/digest.h"
#include "base/log.h"
#include "base/text.h"
#include "record/change_log.h"
#include "record/clocks.h"
#include "record/meta.h"
#include "record/read.h"
#include "record/search.h"
#include "record/values.h"

namespace mineward::record {

using pack::FieldType;

namespace {

/// Codes that stand in an index of a list, besides owner and state.
constexpr std::size_t kMostCodes = 4;

constexpr const char* kOwnTables =
    "CREATE TABLE IF NOT EXISTS record_meta (key TEXT PRIMARY KEY, value TEXT NOT NULL);"
    "CREATE TABLE IF NOT EXISTS org_scope (ancestor BIGINT NOT NULL, organisation BIGINT NOT NULL, "
    "PRIMARY KEY (ancestor, organisation));"
    "CREATE INDEX IF NOT EXISTS org_scope_organisation ON org_scope (organisation, ancestor);"
    "CREATE TABLE IF NOT EXISTS number_counter (type TEXT NOT NULL, period TEXT NOT NULL, last BIGINT NOT "
    "NULL, "
    "PRIMARY KEY (type, period));"
    "CREATE TABLE IF NOT EXISTS attachment_file (sha256 TEXT NOT NULL, account BIGINT NOT NULL, stored_by "
    "TEXT NOT NULL, "
    "name TEXT NOT NULL, size BIGINT NOT NULL, media_type TEXT NOT NULL, stored_at BIGINT NOT NULL, "
    "PRIMARY KEY (sha256, account, stored_by));"
    "CREATE TABLE IF NOT EXISTS attachment_use (sha256 TEXT NOT NULL, type TEXT NOT NULL, id BIGINT NOT "
    "NULL, "
    "PRIMARY KEY (sha256, type, id));"
    "CREATE TABLE IF NOT EXISTS record_signing (type TEXT NOT NULL, id BIGINT NOT NULL, round BIGINT NOT "
    "NULL, step TEXT NOT NULL, "
    "account BIGINT NOT NULL, name TEXT NOT NULL, begun_at BIGINT NOT NULL, outcome TEXT NOT NULL, PRIMARY "
    "KEY (type, id, round));"
    "CREATE TABLE IF NOT EXISTS record_signature (type TEXT NOT NULL, id BIGINT NOT NULL, round BIGINT NOT "
    "NULL, place BIGINT NOT NULL, "
    "stage TEXT NOT NULL, account BIGINT NOT NULL, name TEXT NOT NULL, at BIGINT NOT NULL, agrees BIGINT NOT "
    "NULL, opinion TEXT NOT NULL, "
    "PRIMARY KEY (type, id, round, place));"
    "CREATE TABLE IF NOT EXISTS record_link (from_type TEXT NOT NULL, from_id BIGINT NOT NULL, to_type TEXT "
    "NOT NULL, to_id BIGINT NOT "
    "NULL, kind TEXT NOT NULL, at BIGINT NOT NULL, by_name TEXT NOT NULL, PRIMARY KEY (from_type, from_id, "
    "to_type, to_id, kind));"
    "CREATE INDEX IF NOT EXISTS record_link_to ON record_link (to_type, to_id);"
    "CREATE TABLE IF NOT EXISTS record_clock (type TEXT NOT NULL, id BIGINT NOT NULL, clock TEXT NOT NULL, "
    "owner BIGINT NOT NULL, "
    "state TEXT NOT NULL, started BIGINT, due BIGINT, half BIGINT, fifths BIGINT, ended BIGINT, remind "
    "BIGINT, PRIMARY KEY "
    "(type, id, clock));"
    "CREATE TABLE IF NOT EXISTS record_reminder (seq BIGINT PRIMARY KEY, type TEXT NOT NULL, id BIGINT NOT "
    "NULL, "
    "clock TEXT NOT NULL, "
    "due BIGINT NOT NULL, stage BIGINT NOT NULL, owner BIGINT NOT NULL, at BIGINT NOT NULL);"
    "CREATE UNIQUE INDEX IF NOT EXISTS record_reminder_once ON record_reminder (type, id, clock, due, stage);"
    "CREATE INDEX IF NOT EXISTS record_reminder_owner ON record_reminder (owner, seq);"
    "CREATE TABLE IF NOT EXISTS record_reminder_seen (account BIGINT NOT NULL, seq BIGINT NOT NULL, at "
    "BIGINT NOT "
    "NULL, PRIMARY KEY (account, seq));"
    "CREATE INDEX IF NOT EXISTS record_clock_owner ON record_clock (owner, state, due, type, id, clock);"
    "CREATE INDEX IF NOT EXISTS record_clock_type ON record_clock (type, state, due, id, clock, owner);"
    "CREATE INDEX IF NOT EXISTS record_signing_open ON record_signing (type, begun_at, id) WHERE outcome = "
    "'';"
    "DROP INDEX IF EXISTS record_clock_due;";

std::string sql_type(FieldType type) {
  switch (type) {
    case FieldType::decimal: return "DOUBLE PRECISION";
    case FieldType::integer:
    case FieldType::money:
    case FieldType::boolean:
    case FieldType::date:
    case FieldType::instant:
    case FieldType::reference: return "BIGINT";
    default: return "TEXT";
  }
}

/// Which rows of a type must be unique.
std::string living_rows(const pack::RecordType& type) {
  switch (type.withdrawal) {
    case pack::Withdrawal::flag: return "(withdrawn IS NULL OR withdrawn = 0)";
    case pack::Withdrawal::step: return "state <> 'withdrawn'";
    default: return {};
  }
}

std::string index_name(std::string_view prefix, const std::string& type,
                       const std::vector<std::string>& columns) {
  std::string name = fmt::format("{}_{}__{}", prefix, type, join(columns, "_"));
  if (name.size() > 60) name = name.substr(0, 47) + "_" + sha256_hex(name).substr(0, 12);
  return name;
}

}  // namespace

namespace {

Index unique_index(const TypeModel& type, const std::vector<std::string>& set) {
  std::string where = living_rows(*type.type);
  std::vector<std::string> named = set;
  if (!where.empty()) named.emplace_back("living");
  return {index_name("ux", type.name(), named), set, true, std::move(where)};
}

std::string sql_of(const TypeModel& type, const Index& index) {
  std::vector<std::string> columns;
  for (const auto& column : index.columns) columns.push_back(db::identifier(column));
  return fmt::format("CREATE {}INDEX IF NOT EXISTS {} ON {} ({}){}{}", index.unique ? "UNIQUE " : "",
                     db::identifier(index.name), type.table, join(columns, ", "),
                     index.where.empty() ? "" : " WHERE ", index.where);
}

/// A new number is looked for among all there are, the withdrawn ones too: without an index of its own that
/// would be a walk over the whole table for each record, just when many come at once.
void add_number_indexes(const TypeModel& type, std::vector<Index>& out) {
  std::vector<std::string> numbers;
  if (!type.type->number_format.empty()) numbers.emplace_back("number");
  for (const auto& numbering : type.type->numbers) numbers.push_back(numbering.field);
  for (const auto& number : numbers) {
    const bool there = std::any_of(out.begin(), out.end(), [&](const Index& index) {
      return index.columns[0] == number && index.where.empty();
    });
    const std::vector<std::string> columns = {number, "id"};
    if (!there) out.push_back({index_name("ix", type.name(), columns), columns, false, {}});
  }
}

std::vector<Index> narrow_indexes(const TypeModel& type) {
  std::vector<Index> out;
  for (const auto& set : type.type->unique) out.push_back(unique_index(type, set));
  add_number_indexes(type, out);
  return out;
}

/// What a list can be sorted or filtered by gets an index in that order. Such an index ends with the owner,
/// the state and the codes, so that a row that a list drops is told from the index alone. What grows with
/// time has its own order for each owner and each state: open ones are young, and a walk in that order would
/// pass a million closed ones.
std::vector<Index> wide_indexes(const TypeModel& type) {
  std::vector<Index> out;
  std::set<std::vector<std::string>> seen;
  const bool owned = type.owner_kind != OwnerKind::none;
  const auto add = [&](std::vector<std::string> columns, bool unique) {
    if (!seen.insert(columns).second) return;
    out.push_back(unique ? unique_index(type, columns)
                         : Index{index_name("ix", type.name(), columns), columns, false, {}});
  };
  const auto leads = [&](const std::string& column) {
    return std::any_of(seen.begin(), seen.end(), [&](const auto& columns) { return columns[0] == column; });
  };
  std::vector<std::string> tail;
  if (owned) tail.emplace_back("owner");
  if (type.workflow) tail.emplace_back("state");
  for (const auto& name : type.type->list_fields) {
    const pack::Field* field = type.field(name);
    if (field && (field->type == FieldType::date || field->type == FieldType::instant)) tail.push_back(name);
  }
  std::size_t codes = 0;
  for (const auto& field : type.type->fields) {
    if (field.type == FieldType::choice && ++codes <= kMostCodes) tail.push_back(field.name);
  }
  const auto add_sort = [&](const std::string& column) {
    std::vector<std::string> columns = {column, "id"};
    for (const auto& name : tail) {
      if (name != column) columns.push_back(name);
    }
    add(std::move(columns), false);
  };
  const auto add_time = [&](const std::string& column) {
    add_sort(column);
    if (owned) add({"owner", column, "id"}, false);
    if (!type.workflow) return;
    std::vector<std::string> columns = {"state", column, "id"};
    for (const auto& name : tail) {
      if (name != column && name != "state") columns.push_back(name);
    }
    add(std::move(columns), false);
  };
  for (const auto& set : type.type->unique) add(set, true);
  for (auto set : type.type->indexes) {
    set.emplace_back("id");
    add(std::move(set), false);
  }
  if (owned) add_sort("owner");
  if (type.workflow) add_sort("state");
  add_time("updated_at");
  for (const auto& name : type.type->list_fields) {
    const auto column = column_type(type, name);
    if (!column || !column->nullable) continue;
    switch (column->type) {
      case FieldType::text: name == "number" ? add_time(name) : add_sort(name); break;
      case FieldType::date:
      case FieldType::instant: add_time(name); break;
      case FieldType::integer:
      case FieldType::money:
      case FieldType::decimal:
        add_sort(name);
        if (owned) add({"owner", name, "id"}, false);
        break;
      case FieldType::boolean:
      case FieldType::choice:
      case FieldType::reference: add_sort(name); break;
      default: break;  // lists and long texts gain nothing
    }
  }
  for (const auto& field : type.type->fields) {
    if (field.type == FieldType::choice) add_sort(field.name);
    if (field.type == FieldType::reference && &field != type.owner_field && !leads(field.name))
      add({field.name, "id"}, false);
  }
  add_number_indexes(type, out);
  return out;
}

}  // namespace

std::vector<Index> indexes_of(const TypeModel& type) {
  return type.size->wide ? wide_indexes(type) : narrow_indexes(type);
}

namespace {

/// What is remembered of a type; equal text = nothing to do.
Json description_of(const TypeModel& type) {
  Json fields = Json::Object{};
  for (const auto& field : type.type->fields) {
    fields.set(field.name, Json(Json::Object{{"kind", static_cast<int>(field.type)},
                                             {"target", field.target},
                                             {"dictionary", field.dictionary},
                                             {"required", field.required}}));
  }
  Json::Array states;
  if (type.workflow) {
    for (const auto& state : type.workflow->states) states.emplace_back(state.name);
  }
  Json::Array indexes;
  for (const auto& index : wide_indexes(type)) indexes.emplace_back(index.name);
  return Json(Json::Object{{"fields", fields},
                           {"owner", type.type->owner_field},
                           {"states", std::move(states)},
                           {"indexes", std::move(indexes)}});
}

class Migration {
 public:
  Migration(db::Connection& c, const Context& context)
      : c_(c), context_(context), sqlite_(c.engine() == db::Engine::sqlite), log_(c) {}

  Status run() {
    MW_TRY(c_.script(collated(kOwnTables)));
    MW_TRY(create_change_log(c_));
    MW_TRY(bring_reminders());
    MW_TRY(check_gone_types());
    for (const auto& [name, type] : context_.model.types()) MW_TRY(bring_columns(type));
    MW_TRY(measure());
    for (const std::string& sql : foreign_keys_) MW_TRY(c_.script(sql));
    for (const auto& [name, type] : context_.model.types()) MW_TRY(finish_type(type));
    MW_TRY(check_dictionaries());
    if (problems_.empty()) MW_TRY(refresh_clocks(c_, context_));
    if (!problems_.empty()) {
      return conflict("the packs do not fit the stored records: " + join(problems_, "; "));
    }
    return log_.finish();
  }

 private:
  /// Clocks that ran before there were reminders remind of what lies ahead of them.
  Status bring_reminders() {
    MW_ASSIGN(const Columns columns, c_.table_columns("record_clock"));
    const bool there =
        std::any_of(columns.begin(), columns.end(), [](const auto& c) { return c.first == "remind"; });
    if (!there) {
      MW_TRY(c_.script("ALTER TABLE record_clock ADD COLUMN remind BIGINT"));
      MW_TRY(c_.execute(
          "UPDATE record_clock SET remind = CASE WHEN half > $1 THEN half WHEN fifths > $1 THEN fifths "
          "WHEN due > $1 THEN due END WHERE state = 'running'",
          {context_.clock.now().utc_ms}));
    }
    return c_.script(
        "CREATE INDEX IF NOT EXISTS record_clock_remind ON record_clock (remind) WHERE remind IS NOT NULL");
  }

  /// PostgreSQL orders text by the rules of its locale unless told to go by bytes, as SQLite does.
  std::string collated(std::string_view sql) const {
    std::string out(sql);
    if (sqlite_) return out;
    for (std::size_t at = out.find("TEXT "); at != std::string::npos; at = out.find("TEXT ", at + 5)) {
      out.insert(at + 5, "COLLATE \"C\" ");
      at += 12;
    }
    return out;
  }

  Result<std::int64_t> count(const std::string& sql, std::vector<db::Value> params = {}) {
    MW_ASSIGN(const db::Rows rows, c_.query(sql, params));
    return rows.empty() ? 0 : rows.integer(0, 0);
  }

  /// Which tables are large enough for the indexes of lists.
  Status measure() {
    for (const auto& [name, type] : context_.model.types()) {
      MW_ASSIGN(type.size->rows, count(fmt::format("SELECT count(*) FROM (SELECT 1 FROM {} LIMIT {}) AS few",
                                                   type.table, context_.options.index_from)));
      type.size->wide = type.size->rows >= context_.options.index_from;
    }
    MW_ASSIGN(const db::Rows rows,
              sqlite_ ? c_.query("SELECT tbl_name, name FROM sqlite_master WHERE type = 'index'")
                      : c_.query("SELECT tablename::text, indexname::text FROM pg_indexes WHERE schemaname = "
                                 "current_schema()"));
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const std::string index = rows.text(i, 1);
      if (index.starts_with("ix_") || index.starts_with("ux_")) there_[rows.text(i, 0)].insert(index);
    }
    for (const auto& [name, type] : context_.model.types()) {
      const auto wanted = indexes_of(type);
      const auto& there = there_[name];
      const bool all =
          std::all_of(wanted.begin(), wanted.end(), [&](const Index& i) { return there.contains(i.name); });
      if (!all) unchanged_.erase(name);
    }
    return {};
  }

  Status check_gone_types() {
    MW_ASSIGN(const db::Rows rows, c_.query("SELECT key FROM record_meta WHERE key LIKE 'type:%'"));
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const std::string name = rows.text(i, 0).substr(5);
      if (context_.model.find(name)) continue;
      MW_ASSIGN(const std::int64_t n, count(fmt::format("SELECT count(*) FROM {}", db::identifier(name))));
      if (n > 0) problems_.push_back(fmt::format("record type {} is gone but has {} records", name, n));
    }
    return {};
  }

  std::string column_sql(const TypeModel& type, const pack::Field& field) {
    const std::string name = db::identifier(field.name);
    std::string sql = fmt::format("{} {}", name, sql_type(field.type));
    if (!sqlite_ && sql.ends_with("TEXT")) sql += " COLLATE \"C\"";
    if (field.type == FieldType::boolean) sql += fmt::format(" CHECK ({} IN (0, 1))", name);
    if (field.type != FieldType::reference) return sql;
    const std::string target = db::identifier(field.target);
    if (sqlite_) return sql + fmt::format(" REFERENCES {} (id)", target);
    // PostgreSQL wants the target to exist, and references may go in circles: after all tables.
    foreign_keys_.push_back(
        fmt::format("ALTER TABLE {} ADD CONSTRAINT {} FOREIGN KEY ({}) REFERENCES {} (id)", type.table,
                    db::identifier(index_name("fk", type.name(), {field.name})), name, target));
    return sql;
  }

  Status create_table(const TypeModel& type) {
    std::string sql = fmt::format(
        "CREATE TABLE {} (id BIGINT PRIMARY KEY, version BIGINT NOT NULL CHECK (version > 0), state TEXT NOT "
        "NULL, "
        "owner BIGINT NOT NULL, created_at BIGINT NOT NULL, updated_at BIGINT NOT NULL, created_by TEXT NOT "
        "NULL, "
        "updated_by TEXT NOT NULL",
        type.table);
    sql = collated(sql);
    for (const auto& field : type.type->fields) sql += ", " + column_sql(type, field);
    return c_.script(sql + ")");
  }

  Status bring_columns(const TypeModel& type) {
    MW_ASSIGN(const std::optional<std::string> known, read_meta(c_, "type:" + type.name()));
    MW_ASSIGN(const auto columns, c_.table_columns(type.name()));
    if (columns.empty()) return create_table(type);
    if (known == description_of(type).dump()) {
      unchanged_.insert(type.name());
      return {};
    }
    Json before;
    if (known) {
      if (auto parsed = parse_json(*known)) before = *std::move(parsed);
    }
    MW_ASSIGN(rows_[type.name()], count(fmt::format("SELECT count(*) FROM {}", type.table)));
    MW_TRY(check_gone_fields(type, columns));
    for (const auto& field : type.type->fields)
      MW_TRY(bring_column(type, field, columns, before["fields"][field.name]));
    return check_frame(type, before);
  }

  using Columns = std::vector<std::pair<std::string, std::string>>;

  Status check_gone_fields(const TypeModel& type, const Columns& columns) {
    for (const auto& [name, declared] : columns) {
      const bool system =
          std::find(std::begin(kSystemColumns), std::end(kSystemColumns), name) != std::end(kSystemColumns);
      if (system || type.field(name)) continue;
      MW_ASSIGN(const std::int64_t n, filled(type, name));
      if (n > 0)
        problems_.push_back(fmt::format("field {}.{} is gone but set in {} records", type.name(), name, n));
    }
    return {};
  }

  Result<std::int64_t> filled(const TypeModel& type, const std::string& field) {
    return count(
        fmt::format("SELECT count(*) FROM {} WHERE {} IS NOT NULL", type.table, db::identifier(field)));
  }

  Status bring_column(const TypeModel& type, const pack::Field& field, const Columns& columns,
                      const Json& before) {
    const auto found =
        std::find_if(columns.begin(), columns.end(), [&](const auto& c) { return c.first == field.name; });
    if (found == columns.end()) {
      MW_TRY(c_.script(fmt::format("ALTER TABLE {} ADD COLUMN {}", type.table, column_sql(type, field))));
    } else if (retyped(field, found->second, before)) {
      MW_ASSIGN(const std::int64_t n, filled(type, field.name));
      if (n > 0) {
        problems_.push_back(fmt::format("field {}.{} has another type now but is set in {} records",
                                        type.name(), field.name, n));
        return {};
      }
      MW_TRY(drop_indexes(type, {}));
      MW_TRY(c_.script(fmt::format("ALTER TABLE {} DROP COLUMN {}", type.table, db::identifier(field.name))));
      MW_TRY(c_.script(fmt::format("ALTER TABLE {} ADD COLUMN {}", type.table, column_sql(type, field))));
    } else {
      MW_TRY(check_codes(type, field, before));
    }
    const auto* was_required = before["required"].boolean();
    if (field.required && !(was_required && *was_required)) MW_TRY(fill_required(type, field));
    return {};
  }

  static bool retyped(const pack::Field& field, const std::string& declared, const Json& before) {
    if (lower_ascii(declared) != lower_ascii(sql_type(field.type))) return true;
    const auto* kind = before["kind"].integer();
    if (!kind) return false;
    const auto was = static_cast<FieldType>(*kind);
    if (was == field.type) return field.type == FieldType::reference && before.text("target") != field.target;
    const auto textual = [](FieldType t) {
      return t == FieldType::text || t == FieldType::long_text || t == FieldType::choice;
    };
    return !(textual(was) && textual(field.type));  // whether the texts are codes is checked by check_codes
  }

  /// A field that has another dictionary now, or has one for the first time: every stored code must be in it.
  Status check_codes(const TypeModel& type, const pack::Field& field, const Json& before) {
    const bool coded = field.type == FieldType::choice || field.type == FieldType::choices;
    const auto* kind = before["kind"].integer();
    if (!coded ||
        (kind && *kind == static_cast<int>(field.type) && before.text("dictionary") == field.dictionary))
      return {};
    const pack::Dictionary* dictionary = context_.model.catalog().dictionary(field.dictionary);
    const std::string column = db::identifier(field.name);
    MW_ASSIGN(const db::Rows rows,
              c_.query(fmt::format("SELECT {0}, count(*) FROM {1} WHERE {0} IS NOT NULL GROUP BY {0}", column,
                                   type.table)));
    std::map<std::string, std::int64_t> unknown;
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const FieldValue value = from_db(field.type, rows.rows[i][0]);
      const auto* many = std::get_if<std::vector<std::string>>(&value);
      const std::vector<std::string> codes = many ? *many : std::vector<std::string>{rows.text(i, 0)};
      for (const auto& code : codes) {
        if (!dictionary || !dictionary->entry(code)) unknown[code] += rows.integer(i, 1);
      }
    }
    for (const auto& [code, n] : unknown) {
      problems_.push_back(
          fmt::format("field {}.{} holds \"{}\", which is no code of dictionary {}, in {} records",
                      type.name(), field.name, code, field.dictionary, n));
    }
    return {};
  }

  Status fill_required(const TypeModel& type, const pack::Field& field) {
    const std::string column = db::identifier(field.name);
    MW_ASSIGN(const std::int64_t n,
              count(fmt::format("SELECT count(*) FROM {} WHERE {} IS NULL", type.table, column)));
    if (n == 0) return {};
    if (!type.literal_defaults.contains(field.name)) {
      problems_.push_back(
          fmt::format("field {}.{} is required now, has no fixed default and is unset in {} records",
                      type.name(), field.name, n));
      return {};
    }
    fills_.emplace_back(&type, &field);
    return {};
  }

  /// Gives the default to every record that lacks it: a change like any other, with its line in the log.
  Status fill(const TypeModel& type, const pack::Field& field) {
    const FieldValue& value = type.literal_defaults.at(field.name);
    const std::string column = db::identifier(field.name);
    const ArrivalTime now = context_.clock.now();
    const Actor actor = Actor::system("system:migrate");
    const std::string diff =
        Json(Json::Object{{field.name, Json::Array{Json(), value_to_json(field.type, value)}}}).dump();
    while (true) {
      MW_ASSIGN(
          const db::Rows rows,
          c_.query(fmt::format("SELECT id, version, owner FROM {} WHERE {} IS NULL ORDER BY id LIMIT 500",
                               type.table, column)));
      if (rows.empty()) return {};
      for (std::size_t i = 0; i < rows.size(); ++i) {
        const LogEntry entry{type.name(),
                             RecordId{rows.integer(i, 0)},
                             rows.integer(i, 1) + 1,
                             RecordId{rows.integer(i, 2)},
                             "migrate",
                             now,
                             "default of a field that is required now",
                             diff};
        MW_TRY(c_.execute(
            fmt::format("UPDATE {} SET {} = $1, version = $2, updated_at = $3, updated_by = $4 WHERE id = $5",
                        type.table, column),
            {to_db(value), entry.version, now.utc_ms, actor.name, entry.id.value}));
        MW_TRY(log_.append(actor, entry));
      }
    }
  }

  /// Owner and workflow states.
  Status check_frame(const TypeModel& type, const Json& before) {
    const std::int64_t rows = rows_[type.name()];
    if (rows == 0) return {};
    if (before.has("owner") && before.text("owner") != type.type->owner_field) {
      problems_.push_back(
          fmt::format("record type {} has another owner now ({} instead of {}) but has {} records",
                      type.name(), type.type->owner_field, before.text("owner"), rows));
    }
    MW_ASSIGN(const db::Rows states,
              c_.query(fmt::format("SELECT state, count(*) FROM {} GROUP BY state", type.table)));
    for (std::size_t i = 0; i < states.size(); ++i) {
      const std::string state = states.text(i, 0);
      const bool known = type.workflow ? type.workflow->state(state) != nullptr : state.empty();
      if (!known) {
        problems_.push_back(
            fmt::format("record type {} has {} records in state \"{}\", which its workflow does not have",
                        type.name(), states.integer(i, 1), state));
      }
    }
    return {};
  }

  Result<std::vector<std::string>> existing_indexes(const TypeModel& type) {
    MW_ASSIGN(const db::Rows rows,
              sqlite_ ? c_.query("SELECT name FROM sqlite_master WHERE type = 'index' AND tbl_name = $1",
                                 {type.name()})
                      : c_.query("SELECT indexname::text FROM pg_indexes WHERE schemaname = current_schema() "
                                 "AND tablename = $1",
                                 {type.name()}));
    std::vector<std::string> out;
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const std::string name = rows.text(i, 0);
      if (name.starts_with("ix_") || name.starts_with("ux_")) out.push_back(name);
    }
    return out;
  }

  Status drop_indexes(const TypeModel& type, const std::set<std::string>& keep) {
    MW_ASSIGN(const auto existing, existing_indexes(type));
    for (const auto& name : existing) {
      if (!keep.contains(name)) MW_TRY(c_.script(fmt::format("DROP INDEX {}", db::identifier(name))));
    }
    return {};
  }

  Status finish_type(const TypeModel& type) {
    if (!unchanged_.contains(type.name())) {
      MW_TRY(bring_indexes(type));
      MW_TRY(write_meta(c_, "type:" + type.name(), description_of(type).dump()));
    }
    if (!problems_.empty()) return {};
    for (const auto& [filled_type, field] : fills_) {
      if (filled_type != &type) continue;
      MW_TRY(fill(type, *field));
      if (field->searchable)
        MW_TRY(write_meta(c_, "search:" + type.name(), ""));  // its words are missing: made anew
    }
    return prepare_search(c_, type);
  }

  Status bring_indexes(const TypeModel& type) {
    const std::vector<Index> wanted = indexes_of(type);
    std::set<std::string> names;
    for (const auto& index : wanted) names.insert(index.name);
    MW_ASSIGN(const auto before, existing_indexes(type));
    const auto missing = std::count_if(names.begin(), names.end(), [&](const auto& name) {
      return std::find(before.begin(), before.end(), name) == before.end();
    });
    const std::int64_t rows = rows_[type.name()];
    if (rows > 0 && missing > 0) {  // a million rows take a minute or two: say why the start is slow
      log_info("record_indexes",
               {{"type", type.name()}, {"rows", std::to_string(rows)}, {"made", std::to_string(missing)}});
    }
    MW_TRY(drop_indexes(type, names));
    for (const auto& index : wanted) {
      std::vector<std::string> columns;
      for (const auto& column : index.columns) columns.push_back(db::identifier(column));
      if (index.unique) {
        MW_ASSIGN(const std::int64_t n, repeated(type, columns, index.where));
        if (n > 0) {
          problems_.push_back(fmt::format("fields {} of {} must be unique now but repeat in {} records",
                                          join(index.columns, ", "), type.name(), n));
          continue;
        }
      }
      MW_TRY(c_.script(sql_of(type, index)));
    }
    return rows > 0 ? c_.script("ANALYZE " + type.table) : Status();
  }

  Result<std::int64_t> repeated(const TypeModel& type, const std::vector<std::string>& columns,
                                const std::string& where) {
    if (rows_[type.name()] == 0) return 0;
    return count(fmt::format(
        "SELECT CAST(coalesce(sum(n), 0) AS BIGINT) FROM (SELECT count(*) AS n FROM {} WHERE {} "
        "IS NOT NULL AND {} GROUP BY {} HAVING count(*) > 1) AS g",
        type.table, join(columns, " IS NOT NULL AND "), where.empty() ? "TRUE" : where, join(columns, ", ")));
  }

  /// A code that was in a dictionary, is not any more, and is in use.
  Status check_dictionaries() {
    for (const auto& dictionary : context_.model.catalog().dictionaries) {
      const std::string key = "dictionary:" + dictionary.name;
      MW_ASSIGN(const std::optional<std::string> known, read_meta(c_, key));
      std::vector<std::string> codes;
      for (const auto& entry : dictionary.entries) codes.push_back(entry.code);
      const std::string now = join(codes, "\n");
      if (known == now) continue;
      const std::string before = known.value_or("");
      for (const auto code : split(before, '\n')) {
        if (!code.empty() && !dictionary.entry(code))
          MW_TRY(check_gone_code(dictionary.name, std::string(code)));
      }
      MW_TRY(write_meta(c_, key, now));
    }
    return {};
  }

  Status check_gone_code(const std::string& dictionary, const std::string& code) {
    for (const auto& [name, type] : context_.model.types()) {
      for (const auto& field : type.type->fields) {
        const bool one = field.type == FieldType::choice, many = field.type == FieldType::choices;
        if ((!one && !many) || field.dictionary != dictionary) continue;
        const std::string column = db::identifier(field.name);
        const std::string test =
            one ? column + " = $1" : fmt::format("{}({}, $1) > 0", sqlite_ ? "instr" : "strpos", column);
        MW_ASSIGN(const std::int64_t n,
                  count(fmt::format("SELECT count(*) FROM {} WHERE {}", type.table, test),
                        {one ? code : Json(code).dump()}));
        if (n > 0)
          problems_.push_back(
              fmt::format("code {} of dictionary {} is gone but stands in {}.{} of {} records", code,
                          dictionary, name, field.name, n));
      }
    }
    return {};
  }

  db::Connection& c_;
  const Context& context_;
  const bool sqlite_;
  LogWriter log_;
  std::vector<std::string> problems_;
  std::vector<std::string> foreign_keys_;
  std::set<std::string, std::less<>> unchanged_;
  std::map<std::string, std::set<std::string>, std::less<>> there_;  ///< indexes by table
  std::map<std::string, std::int64_t> rows_;
  std::vector<std::pair<const TypeModel*, const pack::Field*>> fills_;
};

}  // namespace

Status migrate(db::Connection& c, const Context& context) { return Migration(c, context).run(); }

bool has_grown(const Context& context, const TypeModel& type) {
  constexpr std::int64_t kCalm = 200;  // rows since the last time, about a second ago
  if (type.size->wide) return false;
  const std::int64_t rows = type.size->rows, before = type.size->seen.exchange(rows);
  return rows >= context.options.index_from && rows - before <= kCalm;
}

Result<bool> widen(db::Connection& c, const TypeModel& type, std::size_t next) {
  const std::vector<Index> indexes = wide_indexes(type);
  if (next < indexes.size()) {
    MW_TRY(c.script(sql_of(type, indexes[next])));
    return false;
  }
  MW_TRY(c.script("ANALYZE " + type.table));
  log_info("record_indexes", {{"type", type.name()}, {"rows", std::to_string(type.size->rows)}});
  return true;
}

}  // namespace mineward::record
