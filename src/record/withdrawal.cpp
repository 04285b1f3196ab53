#include "record/withdrawal.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/text.h"
#include "pack/withdrawal.h"
#include "record/read.h"
#include "record/selection.h"
#include "record/write.h"

namespace mineward::record {
namespace {

/// Of the rows of `t`, those that are not withdrawn; with its values appended to `params`.
std::string living(const TypeModel& type, std::vector<db::Value>& params) {
  std::string out = "TRUE";
  if (const pack::Field* field = pack::gone_field(*type.type))
    out += fmt::format(" AND (t.{0} IS NULL OR t.{0} = 0)", db::identifier(field->name));
  if (!type.workflow) return out;
  for (const auto& state : type.workflow->states) {
    if (!pack::is_gone_state(*type.workflow, state.name)) continue;
    params.emplace_back(state.name);
    out += fmt::format(" AND t.state <> ${}", params.size());
  }
  return out;
}

pack::Label named(const TypeModel& type) {
  if (type.sealed) return {"已有其他记录以此为依据，不能作废", "another record stands on this one"};
  return {fmt::format("已有“{}”以此记录为依据，请先处理它", type.type->label.zh),
          fmt::format("a record \"{}\" stands on this one: deal with it first", type.type->label.en)};
}

Result<bool> refers(db::Connection& c, const TypeModel& other, const TypeModel& type, RecordId id) {
  std::vector<db::Value> params{id.value};
  std::vector<std::string> ways;
  for (const auto& field : other.type->fields) {
    if (field.type == pack::FieldType::reference && field.target == type.name())
      ways.push_back(fmt::format("t.{} = $1", db::identifier(field.name)));
  }
  if (ways.empty()) return false;
  const std::string alive = living(other, params);
  const bool itself = &other == &type;
  MW_ASSIGN(const db::Rows rows,
            c.query(fmt::format("SELECT t.id FROM {} t WHERE ({}) AND {}{} LIMIT 1", other.table,
                                join(ways, " OR "), alive, itself ? " AND t.id <> $1" : ""),
                    params));
  return !rows.empty();
}

}  // namespace

bool given_withdrawal(const pack::RecordType& type) {
  return type.withdrawal == pack::Withdrawal::flag || type.withdrawal == pack::Withdrawal::step;
}

bool is_withdrawn(const TypeModel& type, const Record& record) {
  const pack::Field* field = pack::gone_field(*type.type);
  return (field && record.flag(field->name)) ||
         (type.workflow && pack::is_gone_state(*type.workflow, record.state));
}

Result<std::optional<pack::Label>> built_on(db::Connection& c, const Model& model, const TypeModel& type,
                                            RecordId id) {
  for (const auto& [name, other] : model.types()) {
    MW_ASSIGN(const bool found, refers(c, other, type, id));
    if (found) return std::optional(named(other));
  }
  MW_ASSIGN(const db::Rows made,
            c.query("SELECT to_type, to_id FROM record_link WHERE from_type = $1 AND from_id = $2",
                    {type.name(), id.value}));
  for (std::size_t i = 0; i < made.size(); ++i) {
    const TypeModel* other = model.find(made.text(i, 0));
    if (!other) continue;
    MW_ASSIGN(const std::optional<Record> raised, load_record(c, *other, RecordId{made.integer(i, 1)}));
    if (raised && !is_withdrawn(*other, *raised)) return std::optional(named(*other));
  }
  const TypeModel* papers = model.find("issued_paper");
  if (!papers || !papers->field("subject_type") || !papers->field("subject"))
    return std::optional<pack::Label>();
  MW_ASSIGN(const db::Rows issued,
            c.query("SELECT id FROM issued_paper WHERE subject_type = $1 AND subject = $2 LIMIT 1",
                    {type.name(), id.text()}));
  if (issued.empty()) return std::optional<pack::Label>();
  return std::optional(pack::Label{"已签发文书，不能作废", "a paper of it was issued"});
}

Result<std::optional<Refusal>> WriterImpl::refuse_when_built_on(const TypeModel& type, RecordId id) {
  MW_ASSIGN(const auto why, built_on(connection_, context_.model, type, id));
  if (!why) return std::optional<Refusal>();
  return std::optional(refuse(bad_input(fmt::format("{} {}: {}", type.name(), id.value, why->en)),
                              {{"reason", "built_on", why->en, *why}}));
}

WriterImpl::Written WriterImpl::withdraw_flagged(const Actor& actor, const TypeModel& type,
                                                 const Record& record, std::string_view reason) {
  if (!actor.is_system && !has_role(actor, type.type->withdrawn_by))
    return Outcome<Record>(refuse(forbidden(fmt::format("none of your roles may withdraw {}", type.name()))));
  if (is_withdrawn(type, record))
    return Outcome<Record>(
        refuse(conflict(fmt::format("{} {} is withdrawn already", type.name(), record.id.value))));
  MW_ASSIGN(std::optional<Refusal> refusal, refuse_when_built_on(type, record.id));
  if (refusal) return Outcome<Record>(*std::move(refusal));
  Draft draft{type, actor, record, record, context_.clock.now(), {}, false, {}};
  if (trim(reason).empty()) draft.fault("reason", "required", "to withdraw needs a reason");
  draft.set(std::string(pack::kWithdrawn), true);
  return store(draft, fmt::format("step:{}", pack::kWithdraw), reason);
}

}  // namespace mineward::record
