/// Workflow steps and their guards. All of them are checked in the transaction that makes the step.
#include "record/steps.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "base/text.h"
#include "record/confidential.h"
#include "record/read.h"
#include "record/selection.h"
#include "record/sign_off.h"
#include "record/values.h"
#include "record/write.h"

namespace mineward::record {
namespace {

bool contains(const std::vector<std::string>& list, std::string_view item) {
  return std::find(list.begin(), list.end(), item) != list.end();
}

/// Only what the step may carry; `required` fields may always come with it.
void take_step_fields(Draft& draft, const pack::Transition& step, const Fields& given) {
  for (const auto& [name, raw] : given) {
    const pack::Field* field = draft.type.field(name);
    if (!field) {
      draft.fault(name, "unknown_field", fmt::format("{} has no field {}", draft.type.name(), name));
      continue;
    }
    FieldValue value = normalised(raw);
    if (value == draft.get(name)) continue;
    const bool offered = contains(step.editable, name) || (contains(step.required, name) && !field->system) ||
                         contains(step.evidence, name);
    if (!offered && !draft.actor.is_system) {
      draft.fault(name, "read_only", fmt::format("step {} does not change {}", step.name, name));
      continue;
    }
    if (is_set(value) && draft.type.owner_field == field) draft.owner_given = true;
    give(draft, *field, std::move(value));
  }
}

void check_required(Draft& draft, const pack::Transition& step, std::string_view reason) {
  for (const auto& name : step.required) {
    const pack::Field* field = draft.type.field(name);
    if (field && field->system) continue;  // may be worked out yet: looked at once everything is
    if (!is_set(draft.get(name)))
      draft.fault(name, "required", fmt::format("step {} needs {}", step.name, name));
  }
  draft.step = &step;
  for (const auto& name : step.evidence) {
    if (!is_set(draft.get(name)))
      draft.fault(name, "evidence", fmt::format("step {} needs at least one file in {}", step.name, name));
  }
  if (step.reason_required && trim(reason).empty())
    draft.fault("reason", "required", fmt::format("step {} needs a reason", step.name));
}

std::optional<Refusal> may_step(const Actor& actor, const TypeModel& type, const Record& record,
                                const pack::Transition& step) {
  if (!actor.is_system && !has_role(actor, step.roles)) {
    return refuse(
        forbidden(fmt::format("none of your roles may take step {} of {}", step.name, type.name())));
  }
  if (contains(step.from, record.state)) return std::nullopt;
  Refusal refusal =
      refuse(conflict(fmt::format("step {} starts in state {}, {} {} is {}", step.name,
                                  join(step.from, " or "), type.name(), record.id.value, record.state)));
  refusal.current = record;
  strip_secrets(actor, type, *refusal.current);
  return refusal;
}

}  // namespace

namespace {

std::set<std::string> read_by(const pack::Compute& compute) {
  std::set<std::string> out;
  const auto read = [&](const std::string& path) { out.insert(path.substr(0, path.find('.'))); };
  for (const auto& path : compute.of) read(path);
  for (const auto& [input, path] : compute.from) read(path);
  for (const auto& [there, here] : compute.match) out.insert(here);
  out.insert({compute.on, compute.at, compute.since, compute.until});
  out.erase("");
  return out;
}

std::set<std::string> written_by(const pack::Compute& compute) {
  std::set<std::string> out{compute.into, compute.row, compute.provisional};
  for (const auto& [output, field] : compute.gives) out.insert(field);
  out.erase("");
  return out;
}

/// Fields that a step may set, and what is worked out from them.
std::set<std::string> changed_by(const TypeModel& type, const pack::Transition& step) {
  std::set<std::string> out{"state"};
  for (const auto* list : {&step.editable, &step.required, &step.evidence}) {
    for (const auto& name : *list) {
      const pack::Field* field = type.field(name);
      if (field && !field->system) out.insert(name);
    }
  }
  for (const auto& [name, word] : step.sets) out.insert(name);
  for (bool grown = true; grown;) {
    grown = false;
    for (const pack::Compute& compute : type.type->computes) {
      const std::set<std::string> inputs = read_by(compute);
      if (std::none_of(inputs.begin(), inputs.end(), [&](const auto& name) { return out.contains(name); }))
        continue;
      for (const std::string& name : written_by(compute)) grown = out.insert(name).second || grown;
    }
  }
  return out;
}

}  // namespace

bool cannot_be_met(const TypeModel& type, const pack::Transition& step, const Record& record) {
  if (step.when.empty()) return false;
  const std::set<std::string> open = changed_by(type, step);
  return std::any_of(step.when.begin(), step.when.end(), [&](const pack::Condition& condition) {
    const pack::Field* field = type.field(condition.field);
    const bool known = field && field->protect.empty() && !field->secret && !open.contains(condition.field);
    return known && !fits(*type.type, {condition}, record);
  });
}

/// Who did the one must not do the other. Looks at the stored and the given value, so that nobody can swap
/// himself out with the step itself.
void check_distinct(Draft& draft, const pack::Transition& step) {
  const auto is_me = [&](const FieldValue& value) {
    const auto* account = std::get_if<RecordId>(&value);
    const auto* name = std::get_if<std::string>(&value);
    return (account && draft.actor.account && *account == draft.actor.account) ||
           (name && *name == draft.actor.name);
  };
  for (const auto& name : step.distinct_from) {
    const auto stored = draft.before->fields.find(name);
    const bool was_me = stored != draft.before->fields.end() && is_me(stored->second);
    if (was_me || is_me(draft.get(name)))
      draft.fault(name, "same_person",
                  fmt::format("step {} must be taken by another person than {}", step.name, name));
  }
}

Status take_sets(Draft& draft, const pack::Transition& step, SetWords words) {
  return take_words(draft, step, step.sets, words);
}

Status take_words(Draft& draft, const pack::Transition& step, const std::map<std::string, std::string>& sets,
                  SetWords words) {
  for (const auto& [name, word] : sets) {
    const bool of_beginning = word == "me" || word == "my_organisation";
    if (words != SetWords::all && of_beginning != (words == SetWords::of_the_beginning)) continue;
    const pack::Field* field = draft.type.field(name);
    if (!field)
      return bad_input(
          fmt::format("step {} sets {}, which is no field of {}", step.name, name, draft.type.name()));
    if (word == "unset") {
      draft.set(name, {});
      continue;
    }
    MW_ASSIGN(FieldValue value, word_value(*field, word, draft.actor, draft.now));
    draft.set(name, normalised(std::move(value)));
  }
  return {};
}

WriterImpl::Written WriterImpl::step_inner(const Actor& actor, std::string_view type_name, RecordId id,
                                           std::int64_t version, std::string_view transition,
                                           const Fields& fields, std::string_view reason) {
  const TypeModel* named = nullptr;
  MW_ASSIGN(Outcome<Record> loaded, current(actor, type_name, id, version, named));
  if (std::holds_alternative<Refusal>(loaded)) return loaded;
  const TypeModel& type = *named;
  const Record record = std::get<Record>(std::move(loaded));
  MW_ASSIGN(const bool acts, acts_in_scope(connection_, actor, type, record));
  if (type.type->withdrawal == pack::Withdrawal::flag && transition == pack::kWithdraw) {
    if (!acts) return Outcome<Record>(refuse(acts_elsewhere(type, id)));
    return withdraw_flagged(actor, type, record, reason);
  }
  const pack::Transition* step = type.workflow ? type.workflow->transition(transition) : nullptr;
  if (!step)
    return Outcome<Record>(refuse(bad_input(fmt::format("{} has no step \"{}\"", type.name(), transition))));
  if (auto refusal = may_step(actor, type, record, *step)) return Outcome<Record>(*std::move(refusal));
  if (!acts && !step->by_subject) return Outcome<Record>(refuse(acts_elsewhere(type, id)));
  if (type.signs) {
    MW_ASSIGN(const auto signing, load_signing(connection_, type.name(), id));
    if (auto refusal = refuse_while_signing(type, record, signing))
      return Outcome<Record>(*std::move(refusal));
  }

  if (type.type->withdrawal == pack::Withdrawal::step && step->name == pack::kWithdraw) {
    MW_ASSIGN(std::optional<Refusal> refusal, refuse_when_built_on(type, id));
    if (refusal) return Outcome<Record>(*std::move(refusal));
  }

  Draft draft{type, actor, record, record, context_.clock.now(), {}, false, {}};
  take_step_fields(draft, *step, fields);
  MW_TRY(keep_confidential(connection_, context_.model, draft));
  check_required(draft, *step, reason);
  check_distinct(draft, *step);
  draft.hands_over = step->hands_over;
  if (step->sign_off.empty()) {
    MW_TRY(take_sets(draft, *step));
    draft.after.state = step->to;
    MW_ASSIGN(Outcome<Record> made, store(draft, "step:" + step->name, reason));
    return with_effects(actor, type, *step, std::move(made));
  }
  MW_TRY(take_sets(draft, *step, SetWords::of_the_beginning));
  MW_ASSIGN(Outcome<Record> stored, store(draft, "begin:" + step->name, reason));
  if (std::holds_alternative<Record>(stored))
    MW_TRY(begin_signing(connection_, record, step->name, actor, draft.now));
  return stored;
}

}  // namespace mineward::record
