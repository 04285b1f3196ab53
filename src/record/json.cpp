/// JSON <-> fields and records, in the notation of the API.
#include <fmt/format.h>

#include "base/text.h"
#include "record/store.h"
#include "record/values.h"

namespace mineward::record {
namespace {

FieldFault unknown_field(const pack::RecordType& type, const std::string& name) {
  std::vector<std::string> names;
  for (const auto& f : type.fields) names.push_back(f.name);
  const std::string near = nearest(name, names);
  return {name, "unknown_field",
          fmt::format("{} has no field {}{}", type.name, name,
                      near.empty() ? "" : fmt::format("; nearest is {}", near))};
}

}  // namespace

Outcome<Fields> fields_from_json(const pack::Catalog&, const pack::RecordType& type, const Json& json) {
  Refusal refusal{bad_input(fmt::format("fields of {} cannot be read", type.name)), {}, {}};
  if (!json.object()) {
    refusal.error.message = fmt::format("fields of {}: found {}, expected an object", type.name, json.kind());
    return refusal;
  }
  Fields fields;
  for (const auto& [name, value] : *json.object()) {
    const pack::Field* field = type.field(name);
    if (!field) {
      refusal.faults.push_back(unknown_field(type, name));
      continue;
    }
    auto read = value_from_json(field->type, value);
    if (read) {
      fields[name] = *std::move(read);
    } else {
      refusal.faults.push_back({name, "bad_format", read.error().message});
    }
  }
  if (!refusal.faults.empty()) return refusal;
  return fields;
}

Json to_json(const pack::Catalog&, const pack::RecordType& type, const Record& record) {
  Json out = Json::Object{};
  out.set("id", record.id.text());
  out.set("type", record.type);
  out.set("version", record.version);
  out.set("state", record.state);
  out.set("owner", record.owner ? Json(record.owner.text()) : Json());
  out.set("created_at", format_rfc3339(record.created_at));
  out.set("updated_at", format_rfc3339(record.updated_at));
  out.set("created_by", record.created_by);
  out.set("updated_by", record.updated_by);
  Json fields = Json::Object{};
  for (const auto& field : type.fields) {
    if (field.secret) continue;
    const auto found = record.fields.find(field.name);
    fields.set(field.name, found == record.fields.end() ? Json() : value_to_json(field.type, found->second));
  }
  out.set("fields", std::move(fields));
  return out;
}

}  // namespace mineward::record
