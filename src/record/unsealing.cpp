#include "record/unsealing.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/text.h"
#include "record/protect.h"
#include "record/read.h"
#include "record/write.h"

namespace mineward::record {
namespace {

constexpr Millis kMinute{60'000};

/// What the program writes in the name of a person, after it has looked whether he may.
Actor hand_of(const Actor& actor) {
  Actor hand = actor;
  hand.is_system = true;
  return hand;
}

/// The names of the sealed fields to open: those asked for, or all that the record has.
std::vector<std::string> sealed_fields(const TypeModel& type, const Record& record,
                                       const std::vector<std::string>& wanted) {
  std::vector<std::string> out;
  for (const auto& field : type.type->fields) {
    const bool asked = wanted.empty() ? record.fields.contains(field.name)
                                      : std::find(wanted.begin(), wanted.end(), field.name) != wanted.end();
    if (field.protect == "sealed" && asked) out.push_back(field.name);
  }
  return out;
}

Refusal not_here() { return refuse(not_found("no such opening of this record")); }

/// Why the actor may not look now; nullopt when he may.
std::optional<Refusal> may_look(const Actor& actor, std::string_view type, RecordId id, const Record& opening,
                                ArrivalTime now) {
  if (opening.text("record_type") != type || opening.text("record_id") != id.text()) return not_here();
  const RecordId asked = opening.reference("asked_by"), agreed = opening.reference("agreed_by");
  if (!actor.account || asked != actor.account)
    return refuse(forbidden("only the person who asked for the opening may look"));
  const auto until = open_until(opening);
  if (opening.state != kOpenState || !until || !agreed || agreed == asked)
    return refuse(conflict("no other person has agreed to the opening, or it was ended"));
  if (now.utc_ms >= until->utc_ms) return refuse(conflict("the time of the opening is over"));
  return std::nullopt;
}

}  // namespace

std::optional<EventTime> open_until(const Record& opening) {
  const auto agreed = opening.time("agreed_at");
  const auto minutes = opening.number("minutes");
  if (!agreed || !minutes || *minutes <= 0) return std::nullopt;
  return EventTime{agreed->utc_ms + static_cast<std::int64_t>(*minutes) * kMinute.count()};
}

Outcome<Record> WriterImpl::ask_to_unseal(const Actor& actor, std::string_view type, RecordId id,
                                          std::vector<std::string> fields, std::string_view reason) {
  return settle(actor, ask_to_unseal_inner(actor, type, id, std::move(fields), reason));
}

Outcome<Fields> WriterImpl::unseal(const Actor& actor, std::string_view type, RecordId id, RecordId opening) {
  return settle(unseal_inner(actor, type, id, opening));
}

WriterImpl::Written WriterImpl::ask_to_unseal_inner(const Actor& actor, std::string_view type_name,
                                                    RecordId id, std::vector<std::string> fields,
                                                    std::string_view reason) {
  const auto found = context_.model.type(type_name);
  if (!found) return Outcome<Record>(refuse(found.error()));
  const TypeModel& type = **found;
  const TypeModel* openings = context_.model.find(kOpeningType);
  if (!openings || !type.sealed)
    return Outcome<Record>(refuse(bad_input(fmt::format("{} has no sealed fields", type.name()))));
  if (const Status allowed = may_read(actor, type); !allowed) return Outcome<Record>(refuse(allowed.error()));
  auto record = visible_record(connection_, actor, type, id);
  if (!record) {
    if (record.error().code == Errc::not_found) return Outcome<Record>(refuse(std::move(record).error()));
    return std::move(record).error();
  }
  if (!has_role(actor, openings->type->access.create))
    return Outcome<Record>(refuse(forbidden("none of your roles may ask for sealed fields to be opened")));
  const auto names = sealed_fields(type, *record, fields);
  if (names.empty() || (!fields.empty() && names.size() != fields.size()))
    return Outcome<Record>(refuse(bad_input("expected names of sealed fields that the record has"),
                                  {{"fields", "unknown_code", "expected names of sealed fields"}}));
  if (trim(reason).empty())
    return Outcome<Record>(refuse(bad_input("found no reason, expected why it must be opened"),
                                  {{"reason", "required", "found no reason"}}));
  MW_ASSIGN(const std::string title, title_of(connection_, context_, type, id));
  const Fields made{{"authority", record->owner},
                    {"record_type", type.name()},
                    {"record_id", id.text()},
                    {"record_title", title},
                    {"sealed_fields", join(names, ", ")},
                    {"reason", std::string(trim(reason))},
                    {"asked_by", actor.account},
                    {"asked_at", EventTime{context_.clock.now().utc_ms}}};
  return create_inner(hand_of(actor), kOpeningType, made, {});
}

Result<Outcome<Fields>> WriterImpl::unseal_inner(const Actor& actor, std::string_view type_name, RecordId id,
                                                 RecordId opening_id) {
  const auto found = context_.model.type(type_name);
  if (!found) return Outcome<Fields>(refuse(found.error()));
  const TypeModel& type = **found;
  const TypeModel* openings = context_.model.find(kOpeningType);
  if (!openings || !may_read(actor, type) || !may_read(actor, *openings))
    return Outcome<Fields>(refuse(forbidden("none of your roles may look at sealed fields")));
  MW_ASSIGN(const auto record, load_record(connection_, type, id));
  MW_ASSIGN(const auto opening, load_record(connection_, *openings, opening_id));
  bool seen = record && opening;
  if (seen) {
    MW_ASSIGN(seen, in_scope(connection_, actor, type, *record));
  }
  if (seen) {
    MW_ASSIGN(seen, in_scope(connection_, actor, *openings, *opening));
  }
  if (!seen) return Outcome<Fields>(not_here());
  const ArrivalTime now = context_.clock.now();
  if (auto refusal = may_look(actor, type.name(), id, *opening, now))
    return Outcome<Fields>(*std::move(refusal));

  Fields clear;
  Json::Array names;
  for (const auto& field : type.type->fields) {
    const std::string listed = ", " + opening->text("sealed_fields") + ",";
    if (field.protect != "sealed" || listed.find(", " + field.name + ",") == std::string::npos) continue;
    const auto stored = record->fields.find(field.name);
    if (stored == record->fields.end()) continue;
    auto text = clear_text(type, field, id, stored->second);
    if (!text)
      return corrupt(fmt::format("{}.{} does not open with this node's key", type.name(), field.name));
    clear[field.name] = *std::move(text);
    names.emplace_back(field.name);
  }
  const Json detail = Json::Object{{"opening", opening_id.text()}, {"fields", Json(std::move(names))}};
  MW_TRY(log_.append(
      actor, {type.name(), id, 0, record->owner, "unseal", now, opening->text("reason"), detail.dump()}));
  const auto looks = static_cast<std::int64_t>(opening->number("looks").value_or(0));
  MW_ASSIGN(Outcome<Record> counted,
            update_inner(hand_of(actor), kOpeningType, opening_id, 0,
                         {{"looks", looks + 1}, {"last_look_at", EventTime{now.utc_ms}}}, {}));
  if (auto* refusal = std::get_if<Refusal>(&counted)) return Outcome<Fields>(std::move(*refusal));
  return Outcome<Fields>(std::move(clear));
}

}  // namespace mineward::record
