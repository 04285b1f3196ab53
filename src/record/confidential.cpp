#include "record/confidential.h"

#include <algorithm>

#include <fmt/format.h>

#include "record/read.h"
#include "record/scope.h"
#include "record/values.h"

namespace mineward::record {
namespace {

Result<bool> sees(db::Connection& c, const Model& model, const Actor& actor, const pack::Field& field,
                  RecordId id) {
  const TypeModel* target = model.find(field.target);
  if (!target || !may_read(actor, *target)) return false;
  MW_ASSIGN(const std::optional<Record> record, load_record(c, *target, id));
  if (!record) return false;
  return in_scope(c, actor, *target, *record);
}

const pack::Field* confidential(const TypeModel& type, std::string_view name) {
  const auto found = std::find_if(type.confidential.begin(), type.confidential.end(),
                                  [&](const pack::Field* field) { return field->name == name; });
  return found == type.confidential.end() ? nullptr : *found;
}

RecordId id_of(const FieldValue& value) {
  const auto* id = std::get_if<RecordId>(&value);
  return id ? *id : RecordId{};
}

}  // namespace

Status hide_confidential(db::Connection& c, const Model& model, const Actor& actor, Record& record) {
  const TypeModel* type = model.find(record.type);
  if (!type || actor.is_system) return {};
  for (const pack::Field* field : type->confidential) {
    const auto found = record.fields.find(field->name);
    if (found == record.fields.end()) continue;
    MW_ASSIGN(const bool seen, sees(c, model, actor, *field, id_of(found->second)));
    if (!seen) record.fields.erase(found);
  }
  return {};
}

Status hide_confidential(db::Connection& c, const Model& model, const Actor& actor, const TypeModel& type,
                         Json& diff) {
  auto* pairs = diff.object();
  if (!pairs || actor.is_system) return {};
  for (const pack::Field* field : type.confidential) {
    const auto* sides = diff[field->name].array();
    if (!sides) continue;
    bool seen = true;
    for (const auto& side : *sides) {
      const auto id = side.string() ? parse_record_id(*side.string()) : std::nullopt;
      if (!id || !seen) continue;
      MW_ASSIGN(seen, sees(c, model, actor, *field, *id));
    }
    if (!seen) std::erase_if(*pairs, [&](const auto& pair) { return pair.first == field->name; });
  }
  return {};
}

Status keep_confidential(db::Connection& c, const Model& model, Draft& draft) {
  if (!draft.before || draft.actor.is_system) return {};
  for (const pack::Field* field : draft.type.confidential) {
    const auto stored = draft.before->fields.find(field->name);
    if (!draft.changed.contains(field->name) || stored == draft.before->fields.end()) continue;
    MW_ASSIGN(const bool seen, sees(c, model, draft.actor, *field, id_of(stored->second)));
    if (seen) continue;
    if (is_set(draft.get(field->name)))
      draft.fault(field->name, "read_only", fmt::format("{} cannot be changed", field->name));
    draft.set(field->name, stored->second);
  }
  return {};
}

bool may_filter(const Model& model, const Actor& actor, const TypeModel& type, const Filter& filter) {
  const pack::Field* field = confidential(type, filter.field);
  if (!field || actor.is_system) return true;
  const TypeModel* target = model.find(field->target);
  const bool by_record = filter.op == Filter::Op::eq || filter.op == Filter::Op::in;
  return by_record && target && may_read(actor, *target).ok();
}

bool may_sort(const Actor& actor, const TypeModel& type, std::string_view field) {
  return actor.is_system || !confidential(type, field);
}

}  // namespace mineward::record
