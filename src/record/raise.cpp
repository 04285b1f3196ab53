/// What is made of a record with one press, and the links that remember it.
#include <algorithm>

#include <fmt/format.h>

#include "record/links.h"
#include "record/read.h"
#include "record/values.h"
#include "record/write.h"

namespace mineward::record {
namespace {

const pack::Raise* raise_of(const TypeModel& type, std::string_view name) {
  for (const auto& raise : type.type->raises) {
    if (raise.name == name) return &raise;
  }
  return nullptr;
}

/// A value here in the kind of a field there: dates and times, numbers, texts turn into each other.
Result<FieldValue> as_kind(const pack::Field& to, const FieldValue& value) {
  if (fits(to, value)) return value;
  if (const auto* day = std::get_if<Date>(&value); day && to.type == pack::FieldType::instant)
    return FieldValue(EventTime{start_of_day_ms(*day)});
  if (const auto* at = std::get_if<EventTime>(&value); at && to.type == pack::FieldType::date)
    return FieldValue(china_date(at->utc_ms));
  if (const auto* whole = std::get_if<std::int64_t>(&value); whole && to.type == pack::FieldType::decimal)
    return FieldValue(static_cast<double>(*whole));
  return bad_input(fmt::format("{} cannot hold the value", to.name));
}

/// What the new record begins with.
Result<Fields> first_fields(db::Connection& c, const Model& model, const pack::Raise& raise,
                            const TypeModel& type, const TypeModel& target, const Record& from) {
  Fields out;
  for (const auto& [there, here] : raise.sets) {
    const pack::Field* to = target.field(there);
    if (!to) continue;
    if (here.starts_with('=')) {
      MW_ASSIGN(out[there], value_from_text(to->type, here.substr(1)));
    } else if (here == "id") {
      out[there] = from.id;
    } else {
      MW_ASSIGN(const Reached found, reach(c, model, type, from.fields, here));
      if (is_set(found.value)) {
        MW_ASSIGN(out[there], as_kind(*to, found.value));
      }
    }
  }
  return out;
}

}  // namespace

WriterImpl::Written WriterImpl::raise_inner(const Actor& actor, std::string_view type_name, RecordId id,
                                            std::string_view name, const Fields& given) {
  const auto found = context_.model.type(type_name);
  if (!found) return Outcome<Record>(refuse(found.error()));
  const TypeModel& type = **found;
  if (const Status allowed = may_read(actor, type); !allowed) return Outcome<Record>(refuse(allowed.error()));
  auto from = visible_record(connection_, actor, type, id);
  if (!from) {
    if (from.error().code == Errc::not_found) return Outcome<Record>(refuse(std::move(from).error()));
    return std::move(from).error();
  }
  const pack::Raise* raise = raise_of(type, name);
  if (!raise)
    return Outcome<Record>(
        refuse(bad_input(fmt::format("nothing called \"{}\" is raised from {}", name, type.name()))));
  if (!raise->in.empty() && std::find(raise->in.begin(), raise->in.end(), from->state) == raise->in.end()) {
    return Outcome<Record>(refuse(conflict(fmt::format("{} {} is {}: \"{}\" is raised in another state",
                                                       type.name(), id.value, from->state, name))));
  }
  if (!raise->roles.empty() && !actor.is_system && !has_role(actor, raise->roles))
    return Outcome<Record>(
        refuse(forbidden(fmt::format("none of your roles may raise \"{}\" from {}", name, type.name()))));
  MW_ASSIGN(const TypeModel* target, context_.model.type(raise->record));
  MW_ASSIGN(Fields fields, first_fields(connection_, context_.model, *raise, type, *target, *from));
  for (const auto& [field, value] : given) fields[field] = value;
  MW_ASSIGN(Outcome<Record> made, create_inner(actor, raise->record, fields, {}));
  if (std::holds_alternative<Refusal>(made)) return made;
  const Record& record = std::get<Record>(made);
  MW_TRY(add_link(connection_, *from, record, name, actor, context_.clock.now()));
  MW_TRY(note(actor, "raise:" + std::string(name), type.name(), id,
              Json(Json::Object{{"type", record.type}, {"id", record.id.text()}})));
  return made;
}

Status add_link(db::Connection& c, const Record& from, const Record& to, std::string_view kind,
                const Actor& actor, ArrivalTime now) {
  MW_TRY(
      c.execute("INSERT INTO record_link (from_type, from_id, to_type, to_id, kind, at, by_name) VALUES "
                "($1,$2,$3,$4,$5,$6,$7)",
                {from.type, from.id.value, to.type, to.id.value, std::string(kind), now.utc_ms, actor.name}));
  return {};
}

Result<std::vector<Link>> links_of(db::Connection& c, const Context& context, const Actor& actor,
                                   const Record& record) {
  std::vector<Link> out;
  MW_ASSIGN(const db::Rows rows, c.query("SELECT to_type, to_id, kind, CAST(1 AS BIGINT), at, by_name FROM "
                                         "record_link WHERE from_type = $1 AND from_id = $2 UNION ALL "
                                         "SELECT from_type, from_id, kind, CAST(0 AS BIGINT), at, by_name "
                                         "FROM record_link WHERE to_type = $1 AND to_id = $2 ORDER BY 5, 2",
                                         {record.type, record.id.value}));
  for (std::size_t i = 0; i < rows.size(); ++i) {
    Link link{rows.text(i, 0),         RecordId{rows.integer(i, 1)},    rows.text(i, 2),
              rows.integer(i, 3) == 1, ArrivalTime{rows.integer(i, 4)}, rows.text(i, 5)};
    const TypeModel* other = context.model.find(link.type);
    if (!other || !may_read(actor, *other)) continue;
    if (visible_record(c, actor, *other, link.id)) out.push_back(std::move(link));  // else it is out of sight
  }
  return out;
}

}  // namespace mineward::record
