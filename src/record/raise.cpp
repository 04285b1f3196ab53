/// What is made of a record with one press, and the links that remember it.
#include <algorithm>

#include <fmt/format.h>

#include "pack/working_days.h"
#include "record/links.h"
#include "record/read.h"
#include "record/scope.h"
#include "record/selection.h"
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

/// Records of a type like `when` that the actor's scope covers, oldest first.
Result<std::vector<RecordId>> named_in_scope(db::Connection& c, const pack::Catalog& catalog,
                                             const Actor& actor, const std::string& type,
                                             const pack::Conditions& when) {
  MW_ASSIGN(const Selection like, Selection::make(catalog, type, when));
  std::vector<db::Value> params;
  std::string where = like.where(params);
  if (!actor.scope.everything) {
    params.emplace_back(actor.scope.root.value);
    where += " AND " + scope_condition("t.owner", fmt::format("${}", params.size()));
  }
  MW_ASSIGN(const db::Rows rows,
            c.query(fmt::format("SELECT t.id FROM {} WHERE {} ORDER BY t.id", like.from(), where), params));
  std::vector<RecordId> out;
  for (std::size_t i = 0; i < rows.size(); ++i) out.push_back(RecordId{rows.integer(i, 0)});
  return out;
}

}  // namespace

Result<FieldValue> as_kind(const pack::Field& to, const FieldValue& value) {
  if (!to.first_of.empty()) {  // the month in which it was
    if (const auto at = moment_of(value)) return FieldValue(pack::first_day_of(to.first_of, china_date(*at)));
  }
  if (fits(to, value)) return value;
  if (const auto* day = std::get_if<Date>(&value); day && to.type == pack::FieldType::instant)
    return FieldValue(EventTime{start_of_day_ms(*day)});
  if (const auto* at = std::get_if<EventTime>(&value); at && to.type == pack::FieldType::date)
    return FieldValue(china_date(at->utc_ms));
  if (const auto* whole = std::get_if<std::int64_t>(&value); whole && to.type == pack::FieldType::decimal)
    return FieldValue(static_cast<double>(*whole));
  return bad_input(fmt::format("{} cannot hold the value", to.name));
}

Result<Outcome<RaiseOf>> WriterImpl::prepare_raise(const Actor& actor, std::string_view type_name,
                                                   RecordId id, std::string_view name) {
  const auto found = context_.model.type(type_name);
  if (!found) return Outcome<RaiseOf>(refuse(found.error()));
  const TypeModel& type = **found;
  if (const Status allowed = may_read(actor, type); !allowed)
    return Outcome<RaiseOf>(refuse(allowed.error()));
  auto from = visible_record(connection_, actor, type, id);
  if (!from) {
    if (from.error().code == Errc::not_found) return Outcome<RaiseOf>(refuse(std::move(from).error()));
    return std::move(from).error();
  }
  const pack::Raise* raise = raise_of(type, name);
  if (!raise)
    return Outcome<RaiseOf>(
        refuse(bad_input(fmt::format("nothing called \"{}\" is raised from {}", name, type.name()))));
  if (!raise->in.empty() && std::find(raise->in.begin(), raise->in.end(), from->state) == raise->in.end()) {
    return Outcome<RaiseOf>(refuse(conflict(fmt::format("{} {} is {}: \"{}\" is raised in another state",
                                                        type.name(), id.value, from->state, name))));
  }
  if (!raise->roles.empty() && !actor.is_system && !has_role(actor, raise->roles))
    return Outcome<RaiseOf>(
        refuse(forbidden(fmt::format("none of your roles may raise \"{}\" from {}", name, type.name()))));
  return Outcome<RaiseOf>(RaiseOf{&type, raise, *std::move(from)});
}

WriterImpl::Written WriterImpl::make_raised(const Actor& actor, const RaiseOf& of, const Fields& given) {
  MW_ASSIGN(const TypeModel* target, context_.model.type(of.raise->record));
  MW_ASSIGN(Fields fields, first_fields(connection_, context_.model, *of.raise, *of.type, *target, of.from));
  for (const auto& [field, value] : given) fields[field] = value;
  MW_ASSIGN(Outcome<Record> made, create_inner(actor, of.raise->record, fields, {}));
  if (std::holds_alternative<Refusal>(made)) return made;
  const Record& record = std::get<Record>(made);
  MW_TRY(add_link(connection_, of.from, record, of.raise->name, actor, context_.clock.now()));
  MW_TRY(note(actor, "raise:" + of.raise->name, of.type->name(), of.from.id,
              Json(Json::Object{{"type", record.type}, {"id", record.id.text()}})));
  return made;
}

WriterImpl::Written WriterImpl::raise_inner(const Actor& actor, std::string_view type, RecordId id,
                                            std::string_view name, const Fields& given) {
  MW_ASSIGN(Outcome<RaiseOf> of, prepare_raise(actor, type, id, name));
  if (auto* refusal = std::get_if<Refusal>(&of)) return Outcome<Record>(std::move(*refusal));
  return make_raised(actor, std::get<RaiseOf>(of), given);
}

Result<Outcome<RaisedEach>> WriterImpl::raise_each_inner(const Actor& actor, std::string_view type,
                                                         RecordId id, std::string_view name,
                                                         const Fields& given) {
  MW_ASSIGN(Outcome<RaiseOf> prepared, prepare_raise(actor, type, id, name));
  if (auto* refusal = std::get_if<Refusal>(&prepared)) return Outcome<RaisedEach>(std::move(*refusal));
  const RaiseOf& of = std::get<RaiseOf>(prepared);
  MW_ASSIGN(const TypeModel* target, context_.model.type(of.raise->record));
  const pack::Field* into = of.raise->each.empty() ? nullptr : target->field(of.raise->each);
  if (!into)
    return Outcome<RaisedEach>(
        refuse(bad_input(fmt::format("\"{}\" is raised once, not for each of many", name))));
  MW_ASSIGN(const auto named,
            named_in_scope(connection_, context_.model.catalog(), actor, into->target, of.raise->each_when));
  RaisedEach out;
  for (const RecordId one : named) {
    Fields fields = given;
    fields[into->name] = one;
    MW_ASSIGN(Outcome<Record> made, make_raised(actor, of, fields));
    auto* refusal = std::get_if<Refusal>(&made);
    if (!refusal) {
      ++out.made;
    } else if (refusal->error.code == Errc::conflict && !refusal->faults.empty()) {
      ++out.there_already;  // refused before anything was written: only for being there already
    } else {
      return Outcome<RaisedEach>(std::move(*refusal));
    }
  }
  return Outcome<RaisedEach>(out);
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
