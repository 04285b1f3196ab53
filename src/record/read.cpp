#include "record/read.h"

#include <algorithm>

#include <fmt/format.h>

#include "record/protect.h"
#include "record/scope.h"
#include "record/values.h"

namespace mineward::record {

Record record_from_row(const TypeModel& type, std::span<const db::Value> row) {
  const auto integer = [&](std::size_t i) {
    const auto* v = std::get_if<std::int64_t>(&row[i]);
    return v ? *v : 0;
  };
  const auto text = [&](std::size_t i) {
    const auto* v = std::get_if<std::string>(&row[i]);
    return v ? *v : std::string();
  };
  Record record;
  record.type = type.name();
  record.id = RecordId{integer(0)};
  record.version = integer(1);
  record.state = text(2);
  record.owner = RecordId{integer(3)};
  record.created_at = ArrivalTime{integer(4)};
  record.updated_at = ArrivalTime{integer(5)};
  record.created_by = text(6);
  record.updated_by = text(7);
  std::size_t column = kSystemColumnCount;
  for (const auto& field : type.type->fields) {
    FieldValue value = from_db(field.type, row[column++]);
    if (is_set(value)) record.fields.emplace(field.name, std::move(value));
  }
  return record;
}

Result<std::optional<Record>> load_record(db::Connection& c, const TypeModel& type, RecordId id) {
  MW_ASSIGN(const db::Rows rows,
            c.query(fmt::format("SELECT {} FROM {} WHERE id = $1", type.columns, type.table), {id.value}));
  if (rows.empty()) return std::optional<Record>();
  return std::optional(record_from_row(type, rows.rows[0]));
}

bool has_role(const Actor& actor, const std::vector<std::string>& roles) {
  return std::any_of(roles.begin(), roles.end(),
                     [&](const auto& role) { return role == "*" || actor.roles.contains(role); });
}

Status may_read(const Actor& actor, const TypeModel& type) {
  if (actor.is_system || has_role(actor, type.type->access.read)) return {};
  return forbidden(fmt::format("none of your roles may read {}", type.name()));
}

Result<bool> in_scope(db::Connection& c, const Actor& actor, const TypeModel& type, const Record& record) {
  if (type.owner_kind == OwnerKind::none || actor.scope.everything) return true;
  return covers(c, actor.scope, record.owner);
}

Result<bool> acts_in_scope(db::Connection& c, const Actor& actor, const TypeModel& type,
                           const Record& record) {
  if (!type.belongs_to || actor.is_system || actor.scope.everything) return true;
  return covers(c, actor.scope, record.reference(type.owner_field->name));
}

Error acts_elsewhere(const TypeModel& type, RecordId id) {
  return forbidden(fmt::format("{} {} is the business of another body: see its {}", type.name(), id.value,
                               type.owner_field->name));
}

Error no_such_record(const TypeModel& type, RecordId id) {
  return not_found(fmt::format("no {} {}", type.name(), id.value));
}

void strip_secrets(const Actor& actor, const TypeModel& type, Record& record) {
  show_protected(actor, type, record);
  if (actor.is_system) return;
  for (const auto& field : type.type->fields) {
    if (field.secret) record.fields.erase(field.name);
  }
}

Result<Record> visible_record(db::Connection& c, const Actor& actor, const TypeModel& type, RecordId id) {
  MW_ASSIGN(std::optional<Record> record, load_record(c, type, id));
  if (!record) return no_such_record(type, id);
  MW_ASSIGN(const bool covered, in_scope(c, actor, type, *record));
  if (!covered) return no_such_record(type, id);
  strip_secrets(actor, type, *record);
  return *std::move(record);
}

Result<Reached> reach(db::Connection& c, const Model& model, const TypeModel& type, const Fields& fields,
                      std::string_view path) {
  const auto dot = path.find('.');
  const pack::Field* field = type.field(path.substr(0, dot));
  if (!field) return Reached{};
  const auto found = fields.find(field->name);
  const FieldValue value = found == fields.end() ? FieldValue{} : found->second;
  if (dot == std::string_view::npos) return Reached{field, value};
  const TypeModel* target = model.find(field->target);
  if (!target) return Reached{};
  const auto* id = std::get_if<RecordId>(&value);
  std::optional<Record> record;
  if (id) {
    MW_ASSIGN(record, load_record(c, *target, *id));
  }
  return reach(c, model, *target, record ? record->fields : Fields{}, path.substr(dot + 1));
}

Result<std::string> title_of(db::Connection& c, const Context& context, const TypeModel& type, RecordId id,
                             int depth) {
  constexpr int kDeepest = 4;  // a title that refers to itself through references must end somewhere
  MW_ASSIGN(const std::optional<Record> record, load_record(c, type, id));
  if (!record) return no_such_record(type, id);
  const pack::Field* field = type.field(type.type->title_field);
  const auto found = field ? record->fields.find(field->name) : record->fields.end();
  if (found == record->fields.end() || field->secret) return id.text();
  if (const auto* target = std::get_if<RecordId>(&found->second)) {
    const TypeModel* other = context.model.find(field->target);
    if (!other || depth >= kDeepest) return id.text();
    return title_of(c, context, *other, *target, depth + 1);
  }
  if (field->type == pack::FieldType::choice) {
    const pack::Dictionary* dictionary = context.model.catalog().dictionary(field->dictionary);
    const pack::DictionaryEntry* entry =
        dictionary ? dictionary->entry(std::get<std::string>(found->second)) : nullptr;
    if (entry) return entry->label.zh;
  }
  return value_to_text(field->type, found->second);
}

}  // namespace mineward::record
