#include "record/protect.h"

#include <fmt/format.h>

#include "record/formats.h"
#include "record/read.h"
#include "record/vault.h"

namespace mineward::record {
namespace {

std::string place(const TypeModel& type, const pack::Field& field) { return type.name() + "." + field.name; }

}  // namespace

std::optional<std::string> clear_text(const TypeModel& type, const pack::Field& field, RecordId id,
                                      const FieldValue& value) {
  const auto* text = std::get_if<std::string>(&value);
  if (!text || !type.vault) return std::nullopt;
  return type.vault->unseal(place(type, field), id, *text);
}

namespace {

bool may_see(const Actor& actor, const pack::Field& field) {
  return field.protect == "masked" && (actor.is_system || has_role(actor, field.reveal));
}

std::string shown(const Actor& actor, const TypeModel& type, const pack::Field& field, RecordId id,
                  const FieldValue& value) {
  if (field.protect == "sealed") return std::string(kSealedMark);
  const auto text = clear_text(type, field, id, value);
  if (!text) return std::string(kSealedMark);  // another key, or damaged: nothing of it can be told
  return may_see(actor, field) ? *text : masked(*text);
}

}  // namespace

void take_protected(Draft& draft, const pack::Field& field, const FieldValue& given) {
  if (!is_set(given)) return draft.set(field.name, given);
  const auto* text = std::get_if<std::string>(&given);
  if (!text)
    return draft.fault(field.name, "bad_format",
                       fmt::format("{} was given a value of another kind", field.name));
  const FieldValue& stored = draft.get(field.name);
  if (is_set(stored)) {
    const bool as_shown = *text == shown(draft.actor, draft.type, field, draft.after.id, stored);
    if (as_shown || clear_text(draft.type, field, draft.after.id, stored) == *text) return;
  }
  const std::size_t faults = draft.faults.size();
  check_text(draft, field, *text);
  if (draft.faults.size() != faults) return;
  std::string sealed =
      draft.type.vault ? draft.type.vault->seal(place(draft.type, field), draft.after.id, *text) : "";
  if (sealed.empty()) return draft.fault(field.name, "not_stored", "this node has no key to store it with");
  draft.set(field.name, std::move(sealed));
}

void show_protected(const Actor& actor, const TypeModel& type, Record& record) {
  for (const auto& field : type.type->fields) {
    if (field.protect.empty()) continue;
    const auto found = record.fields.find(field.name);
    if (found != record.fields.end()) found->second = shown(actor, type, field, record.id, found->second);
  }
}

Json hidden(const Json& diff) {
  const auto* pairs = diff.object();
  if (!pairs) return diff;
  Json out = Json::Object{};
  for (const auto& [name, pair] : *pairs) {
    const auto* sides = pair.array();
    if (!sides) {
      out.set(name, pair);
      continue;
    }
    Json::Array shown;
    for (const auto& side : *sides) {
      const bool sealed = side.string() && Vault::is_sealed(*side.string());
      shown.push_back(sealed ? Json("***") : side);
    }
    out.set(name, std::move(shown));
  }
  return out;
}

}  // namespace mineward::record
