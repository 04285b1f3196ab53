#include "record/write.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/text.h"
#include "record/attachments.h"
#include "record/clocks.h"
#include "record/confidential.h"
#include "record/protect.h"
#include "record/read.h"
#include "record/rising_ids.h"
#include "record/scope.h"
#include "record/search.h"
#include "record/sign_off.h"
#include "record/values.h"
#include "record/withdrawal.h"

namespace mineward::record {
namespace {

const FieldValue kUnset;

/// Gives the fields that the caller named to the draft; refuses unknown and system fields.
void take_given(Draft& draft, const Fields& given) {
  for (const auto& [name, raw] : given) {
    const pack::Field* field = draft.type.field(name);
    if (!field) {
      draft.fault(name, "unknown_field", fmt::format("{} has no field {}", draft.type.name(), name));
      continue;
    }
    FieldValue value = normalised(raw);
    if (value == draft.get(name)) continue;
    if (field->system && !draft.actor.is_system) {
      draft.fault(name, "read_only", fmt::format("{} is set by the program only", name));
      continue;
    }
    if (is_set(value) && draft.type.owner_field == field) draft.owner_given = true;
    give(draft, *field, std::move(value));
  }
}

Status take_defaults(Draft& draft) {
  for (const auto& field : draft.type.type->fields) {
    if (field.default_value.empty() || draft.changed.contains(field.name)) continue;
    const auto literal = draft.type.literal_defaults.find(field.name);
    if (literal != draft.type.literal_defaults.end()) {
      draft.set(field.name, literal->second);
      continue;
    }
    MW_ASSIGN(FieldValue value, word_value(field, field.default_value, draft.actor, draft.now));
    draft.set(field.name, std::move(value));
  }
  return {};
}

/// The next number of its period.
Status take_number(db::Connection& c, Draft& draft) {
  const std::string& format = draft.type.type->number_format;
  if (format.empty() || is_set(draft.get("number"))) return {};
  const Date day = china_date(draft.now.utc_ms);
  const std::string taken_sql =
      fmt::format("SELECT 1 FROM {} WHERE \"number\" = $1 LIMIT 1", draft.type.table);
  while (true) {
    MW_ASSIGN(const std::int64_t sequence,
              take_sequence(c, draft.type.name(), fill_number(format, day, std::nullopt)));
    const std::string number = fill_number(format, day, sequence);
    MW_ASSIGN(const db::Rows taken, c.query(taken_sql, {number}));
    if (!taken.empty()) continue;  // entered from elsewhere with its number
    draft.set("number", number);
    return {};
  }
}

/// Who may not be the one that accepts must not be changed once the flow has begun, or the rule could be
/// walked around.
void guard_distinct_fields(Draft& draft) {
  const pack::Workflow* workflow = draft.type.workflow;
  if (!workflow || draft.actor.is_system || draft.before->state == workflow->initial().name) return;
  for (const auto& transition : workflow->transitions) {
    for (const auto& name : transition.distinct_from) {
      if (draft.changed.contains(name))
        draft.fault(name, "read_only", fmt::format("{} changes through steps only", name));
    }
  }
}

void check_reason(Draft& draft, std::string_view reason) {
  constexpr std::size_t kLongest = 4000;
  if (!is_utf8(reason) || reason.find('\0') != std::string_view::npos) {
    draft.fault("reason", "bad_format", "UTF-8 text without U+0000 expected");
  } else if (to_code_points(reason).size() > kLongest) {
    draft.fault("reason", "too_long", fmt::format("at most {} characters expected", kLongest));
  }
}

std::string diff_of(const Draft& draft) {
  Json diff = Json::Object{};
  const auto add = [&](const std::string& name, Json old_value, Json new_value) {
    diff.set(name, Json(Json::Array{std::move(old_value), std::move(new_value)}));
  };
  for (const auto& name : draft.changed) {
    const pack::Field& field = *draft.type.field(name);
    if (field.secret) {
      diff.set(name, "changed");
      continue;
    }
    const auto found = draft.before ? draft.before->fields.find(name) : Fields::const_iterator{};
    const bool had = draft.before && found != draft.before->fields.end();
    add(name, had ? value_to_json(field.type, found->second) : Json(),
        value_to_json(field.type, draft.get(name)));
  }
  if (draft.before ? draft.before->state != draft.after.state : !draft.after.state.empty()) {
    add("state", draft.before ? Json(draft.before->state) : Json(), draft.after.state);
  }
  if (draft.before ? draft.before->owner != draft.after.owner : static_cast<bool>(draft.after.owner)) {
    add("owner", draft.before ? Json(draft.before->owner.text()) : Json(), draft.after.owner.text());
  }
  if (draft.signature) {  // no field begins with '#'
    add("#signature", Json(),
        Json(Json::Object{{"stage", draft.signature->stage}, {"agrees", draft.signature->agrees}}));
  }
  return diff.dump();
}

}  // namespace

Result<std::int64_t> take_sequence(db::Connection& c, std::string_view type, std::string_view period) {
  MW_ASSIGN(const db::Rows rows,
            c.query("INSERT INTO number_counter (type, period, last) VALUES ($1, $2, 1) ON CONFLICT (type, "
                    "period) DO UPDATE SET last = number_counter.last + 1 RETURNING last",
                    {std::string(type), std::string(period)}));
  return rows.integer(0, 0);
}

void Draft::set(const std::string& field, FieldValue value) {
  const auto old = before ? before->fields.find(field) : Fields::const_iterator{};
  const FieldValue& was = before && old != before->fields.end() ? old->second : kUnset;
  if (value == was) {
    changed.erase(field);
  } else {
    changed.insert(field);
  }
  if (is_set(value)) {
    after.fields[field] = std::move(value);
  } else {
    after.fields.erase(field);
  }
}

const FieldValue& Draft::get(std::string_view field) const {
  const auto found = after.fields.find(field);
  return found == after.fields.end() ? kUnset : found->second;
}

void give(Draft& draft, const pack::Field& field, FieldValue value) {
  if (field.protect.empty()) return draft.set(field.name, std::move(value));
  take_protected(draft, field, value);
}

Refusal refuse(Error error, std::vector<FieldFault> faults) {
  return {std::move(error), std::move(faults), std::nullopt};
}

Refusal refuse_faults(const Draft& draft) {
  std::string message = fmt::format("{} refused:", draft.type.name());
  for (const auto& fault : draft.faults) message += fmt::format(" {} {};", fault.field, fault.code);
  message.pop_back();
  const bool only_unique = std::all_of(draft.faults.begin(), draft.faults.end(),
                                       [](const auto& f) { return f.code == "not_unique"; });
  return refuse(only_unique ? conflict(message) : bad_input(message), draft.faults);
}

Outcome<Record> WriterImpl::settle(const Actor& actor, Written written) {
  if (!written) return settle(std::move(written));
  auto* record = std::get_if<Record>(&*written);
  auto* refusal = std::get_if<Refusal>(&*written);
  if (refusal && refusal->current) record = &*refusal->current;
  if (record) {
    if (Status hidden = hide_confidential(connection_, context_.model, actor, *record); !hidden)
      return settle(Written(std::move(hidden).error()));
  }
  return *std::move(written);
}

WriterImpl::Written WriterImpl::whole(std::string_view type, const std::function<Written()>& work) {
  const TypeModel* found = context_.model.find(type);
  if (dry_ || !found || !found->reaches_others) return work();
  MW_TRY(connection_.script("SAVEPOINT one_write"));
  const LogWriter::Place before = log_.place();
  Written written = work();
  if (!written) return written;  // the transaction is lost
  if (std::holds_alternative<Refusal>(*written)) {
    MW_TRY(connection_.script("ROLLBACK TO SAVEPOINT one_write"));
    log_.go_back(before);
  }
  MW_TRY(connection_.script("RELEASE SAVEPOINT one_write"));
  return written;
}

Outcome<Record> WriterImpl::create(const Actor& actor, std::string_view type, const Fields& fields,
                                   std::string_view reason) {
  return settle(actor, whole(type, [&] { return create_inner(actor, type, fields, reason); }));
}

Outcome<Record> WriterImpl::update(const Actor& actor, std::string_view type, RecordId id,
                                   std::int64_t version, const Fields& fields, std::string_view reason) {
  return settle(actor, whole(type, [&] { return update_inner(actor, type, id, version, fields, reason); }));
}

Outcome<Record> WriterImpl::step(const Actor& actor, std::string_view type, RecordId id, std::int64_t version,
                                 std::string_view transition, const Fields& fields, std::string_view reason) {
  return settle(
      actor, whole(type, [&] { return step_inner(actor, type, id, version, transition, fields, reason); }));
}

Outcome<Record> WriterImpl::sign(const Actor& actor, std::string_view type, RecordId id, std::int64_t version,
                                 bool agrees, std::string_view opinion) {
  return settle(actor, whole(type, [&] { return sign_inner(actor, type, id, version, agrees, opinion); }));
}

Outcome<Record> WriterImpl::raise(const Actor& actor, std::string_view type, RecordId id,
                                  std::string_view name, const Fields& fields) {
  return settle(actor, whole(type, [&] { return raise_inner(actor, type, id, name, fields); }));
}

Outcome<RaisedEach> WriterImpl::raise_each(const Actor& actor, std::string_view type, RecordId id,
                                           std::string_view name, const Fields& fields) {
  return settle(raise_each_inner(actor, type, id, name, fields));
}

WriterImpl::Written WriterImpl::create_inner(const Actor& actor, std::string_view type_name,
                                             const Fields& fields, std::string_view reason) {
  const auto found = context_.model.type(type_name);
  if (!found) return Outcome<Record>(refuse(found.error()));
  const TypeModel& type = **found;
  if (!actor.is_system && !has_role(actor, type.type->access.create)) {
    return Outcome<Record>(refuse(forbidden(fmt::format("none of your roles may create {}", type.name()))));
  }
  Draft draft{type, actor, std::nullopt, {}, context_.clock.now(), {}, false, {}};
  draft.after.id = context_.ids.next();
  draft.after.type = type.name();
  draft.after.state = type.workflow ? type.workflow->initial().name : "";
  draft.after.created_at = draft.now;
  draft.after.created_by = actor.name;
  take_given(draft, fields);
  MW_TRY(take_defaults(draft));
  return store(draft, "create", reason);
}

Result<Outcome<Record>> WriterImpl::current(const Actor& actor, const TypeModel& type, RecordId id,
                                            std::int64_t version) {
  auto loaded = load_record(connection_, type, id);
  if (!loaded) return std::move(loaded).error();
  std::optional<Record>& record = *loaded;
  bool covered = false;
  if (record) {
    MW_ASSIGN(covered, in_scope(connection_, actor, type, *record));
  }
  if (!covered) return Outcome<Record>(refuse(no_such_record(type, id)));
  if (version == record->version || (version == 0 && actor.is_system))
    return Outcome<Record>(*std::move(record));
  Refusal stale =
      refuse(version == 0 ? bad_input("the version that you saw is missing")
                          : conflict(fmt::format("{} {} is at version {} now, you saw version {}",
                                                 type.name(), id.value, record->version, version)));
  strip_secrets(actor, type, *record);
  stale.current = *std::move(record);
  return Outcome<Record>(std::move(stale));
}

Result<Outcome<Record>> WriterImpl::current(const Actor& actor, std::string_view type_name, RecordId id,
                                            std::int64_t version, const TypeModel*& type) {
  const auto found = context_.model.type(type_name);
  if (!found) return Outcome<Record>(refuse(found.error()));
  type = *found;
  return current(actor, *type, id, version);
}

WriterImpl::Written WriterImpl::update_inner(const Actor& actor, std::string_view type_name, RecordId id,
                                             std::int64_t version, const Fields& fields,
                                             std::string_view reason) {
  const auto found = context_.model.type(type_name);
  if (!found) return Outcome<Record>(refuse(found.error()));
  const TypeModel& type = **found;
  MW_ASSIGN(Outcome<Record> loaded, current(actor, type, id, version));
  if (std::holds_alternative<Refusal>(loaded) && std::get<Refusal>(loaded).error.code == Errc::not_found)
    return loaded;
  if (!actor.is_system && !has_role(actor, type.type->access.update)) {
    return Outcome<Record>(refuse(forbidden(fmt::format("none of your roles may change {}", type.name()))));
  }
  if (std::holds_alternative<Refusal>(loaded)) return loaded;
  Record record = std::get<Record>(std::move(loaded));
  MW_ASSIGN(const bool acts, acts_in_scope(connection_, actor, type, record));
  if (!acts) return Outcome<Record>(refuse(acts_elsewhere(type, id)));
  const pack::State* state = type.workflow ? type.workflow->state(record.state) : nullptr;
  if (state && state->final && !actor.is_system) {
    return Outcome<Record>(refuse(conflict(
        fmt::format("{} {} is {}: nothing of it can be changed", type.name(), id.value, record.state))));
  }
  if (given_withdrawal(*type.type) && is_withdrawn(type, record) && !actor.is_system)
    return Outcome<Record>(refuse(
        conflict(fmt::format("{} {} is withdrawn: nothing of it can be changed", type.name(), id.value))));
  if (type.signs) {
    MW_ASSIGN(const auto signing, load_signing(connection_, type.name(), id));
    if (auto refusal = refuse_while_signing(type, record, signing))
      return Outcome<Record>(*std::move(refusal));
  }
  Draft draft{type, actor, record, record, context_.clock.now(), {}, false, {}};
  take_given(draft, fields);
  MW_TRY(keep_confidential(connection_, context_.model, draft));
  guard_distinct_fields(draft);
  if (draft.faults.empty() && draft.changed.empty()) {
    strip_secrets(actor, type, record);
    return Outcome<Record>(std::move(record));  // nothing to do: no version, no log line
  }
  return store(draft, "update", reason);
}

WriterImpl::Written WriterImpl::store(Draft& draft, std::string_view action, std::string_view reason) {
  check_reason(draft, reason);
  MW_TRY(check_draft(connection_, context_, draft));
  if (!draft.faults.empty()) return Outcome<Record>(refuse_faults(draft));
  if (dry_) return Outcome<Record>(draft.after);
  if (!draft.before) MW_TRY(take_number(connection_, draft));
  if (action.starts_with("step:")) {
    MW_TRY(take_step_numbers(connection_, context_, draft));
    if (!draft.faults.empty()) return Outcome<Record>(refuse_faults(draft));
  }
  Record& record = draft.after;
  record.version = draft.before ? draft.before->version + 1 : 1;
  record.updated_at = draft.now;
  record.updated_by = draft.actor.name;
  MW_TRY(draft.before ? change(draft) : insert(draft));
  MW_TRY(index_words(connection_, draft.type, draft.before ? &*draft.before : nullptr, record));
  MW_TRY(note_files(connection_, draft.type, record));
  const std::string diff = diff_of(draft);
  MW_TRY(log_.append(draft.actor, {draft.type.name(), record.id, record.version, record.owner,
                                   std::string(action), draft.now, std::string(reason), diff}));
  if (draft.type.workflow && !draft.type.workflow->clocks.empty())
    MW_TRY(keep_clocks(connection_, context_.calendar, draft.type, record, draft.now.utc_ms));
  if (!draft.type.feeds.empty()) {
    MW_ASSIGN(std::optional<Refusal> refusal, keep_totals(draft));
    if (refusal) return Outcome<Record>(*std::move(refusal));
  }
  strip_secrets(draft.actor, draft.type, record);
  return Outcome<Record>(record);
}

Status WriterImpl::insert(const Draft& draft) {
  const Record& r = draft.after;
  std::vector<db::Value> params = {r.id.value,          r.version,           r.state,      r.owner.value,
                                   r.created_at.utc_ms, r.updated_at.utc_ms, r.created_by, r.updated_by};
  for (const auto& field : draft.type.type->fields) params.push_back(to_db(draft.get(field.name)));
  std::string marks = "$1";
  for (std::size_t i = 2; i <= params.size(); ++i) marks += fmt::format(", ${}", i);
  MW_TRY(connection_.execute(
      fmt::format("INSERT INTO {} ({}) VALUES ({})", draft.type.table, draft.type.columns, marks), params));
  ++draft.type.size->rows;
  if (draft.type.owner_kind != OwnerKind::self) return {};
  if (r.reference("supervises")) return rebuild_scope(connection_);
  return enter_organisation(connection_, r.id, r.reference("parent"));
}

Status WriterImpl::change(const Draft& draft) {
  const Record& r = draft.after;
  std::vector<db::Value> params = {r.id.value,    draft.before->version, r.version,   r.state,
                                   r.owner.value, r.updated_at.utc_ms,   r.updated_by};
  std::string sql =
      fmt::format("UPDATE {} SET version = $3, state = $4, owner = $5, updated_at = $6, updated_by = $7",
                  draft.type.table);
  for (const auto& name : draft.changed) {
    params.push_back(to_db(draft.get(name)));
    sql += fmt::format(", {} = ${}", db::identifier(name), params.size());
  }
  auto changed = connection_.execute(sql + " WHERE id = $1 AND version = $2", params);
  if (!changed) return std::move(changed).error();
  if (*changed != 1)
    return conflict(
        fmt::format("{} {} was changed by somebody else meanwhile", draft.type.name(), r.id.value));
  if (draft.type.owner_kind != OwnerKind::self) return {};
  if (draft.changed.contains("supervises")) return rebuild_scope(connection_);
  if (!draft.changed.contains("parent")) return {};
  if (draft.type.field("supervises")) return rebuild_scope(connection_);
  return move_organisation(connection_, r.id, r.reference("parent"));
}

Result<Record> WriterImpl::get(const Actor& actor, std::string_view type_name, RecordId id) {
  MW_ASSIGN(const TypeModel* type, context_.model.type(type_name));
  MW_TRY(may_read(actor, *type));
  MW_ASSIGN(Record record, visible_record(connection_, actor, *type, id));
  MW_TRY(hide_confidential(connection_, context_.model, actor, record));
  return record;
}

Result<std::optional<Record>> WriterImpl::find(const Actor& actor, std::string_view type_name,
                                               const Fields& equals) {
  MW_ASSIGN(const TypeModel* type, context_.model.type(type_name));
  MW_TRY(may_read(actor, *type));
  std::vector<db::Value> params;
  std::string where;
  for (const auto& [name, raw] : equals) {
    const pack::Field* field = type->field(name);
    const bool secret = actor.is_system && field && field->secret;
    if (!secret && !column_type(*type, name))
      return bad_input(fmt::format("{} has no field {}", type->name(), name));
    const FieldValue value = normalised(raw);
    where += where.empty() ? " WHERE " : " AND ";
    where += "t." + db::identifier(name);
    if (is_set(value)) {
      params.push_back(to_db(value));
      where += fmt::format(" = ${}", params.size());
    } else {
      where += " IS NULL";
    }
  }
  if (type->owner_kind != OwnerKind::none && !actor.scope.everything) {
    params.emplace_back(actor.scope.root.value);
    where +=
        (where.empty() ? " WHERE " : " AND ") + scope_condition("t.owner", fmt::format("${}", params.size()));
  }
  // What was withdrawn may have its key again beside it.
  const std::string_view living_first = type->type->withdrawal == pack::Withdrawal::flag
                                            ? "CASE WHEN t.withdrawn = 1 THEN 1 ELSE 0 END, "
                                        : type->type->withdrawal == pack::Withdrawal::step
                                            ? "CASE WHEN t.state = 'withdrawn' THEN 1 ELSE 0 END, "
                                            : "";
  MW_ASSIGN(const db::Rows rows,
            connection_.query(fmt::format("SELECT {} FROM {} t{} ORDER BY {}t.id LIMIT 1", type->columns,
                                          type->table, where, living_first),
                              params));
  if (rows.empty()) return std::optional<Record>();
  Record record = record_from_row(*type, rows.rows[0]);
  strip_secrets(actor, *type, record);
  MW_TRY(hide_confidential(connection_, context_.model, actor, record));
  return std::optional(std::move(record));
}

Status WriterImpl::note(const Actor& actor, std::string_view action, std::string_view type, RecordId id,
                        const Json& detail) {
  Status done = log_.append(actor, {std::string(type), id, 0, actor.organisation, std::string(action),
                                    context_.clock.now(), "", detail.dump()});
  if (!done) broken_ = done.error();
  return done;
}

Result<std::int64_t> WriterImpl::next_number(std::string_view series) {
  auto next = take_sequence(connection_, "", series);
  if (!next) broken_ = next.error();
  return next;
}

Result<StoredFile> WriterImpl::attach(const Actor& actor, std::string_view name, std::string_view bytes) {
  MW_ASSIGN(StoredFile file, put_file(context_, name, bytes));
  Status recorded = record_file(connection_, log_, actor, file, context_.clock.now());
  if (!recorded) {
    broken_ = recorded.error();
    return std::move(recorded).error();
  }
  return file;
}

Status WriterImpl::finish() {
  if (broken_) return *broken_;
  return log_.finish();
}

}  // namespace mineward::record
