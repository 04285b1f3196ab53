#include "record/sign_off.h"

#include <algorithm>
#include <tuple>

#include <fmt/format.h>

#include "base/text.h"
#include "record/read.h"
#include "record/scope.h"
#include "record/values.h"

namespace mineward::record {
namespace {

constexpr const char* kSignatureColumns = "stage, account, name, at, agrees, opinion";

Signed signed_of(const db::Rows& rows, std::size_t i) {
  return {rows.text(i, 0),         RecordId{rows.integer(i, 1)},
          rows.text(i, 2),         ArrivalTime{rows.integer(i, 3)},
          rows.integer(i, 4) == 1, rows.text(i, 5)};
}

}  // namespace

std::optional<NextStage> next_stage(const pack::Transition& step, const std::vector<Signed>& signatures) {
  for (const auto& stage : step.sign_off) {
    const auto n = static_cast<int>(std::count_if(signatures.begin(), signatures.end(), [&](const Signed& s) {
      return s.stage == stage.name && s.agrees;
    }));
    if (n < stage.count) return NextStage{&stage, n};
  }
  return std::nullopt;
}

Result<std::optional<Signing>> load_signing(db::Connection& c, std::string_view type, RecordId id) {
  MW_ASSIGN(
      const db::Rows head,
      c.query("SELECT round, step, account, name, begun_at FROM record_signing WHERE type = $1 AND id = $2 "
              "AND outcome = ''",
              {std::string(type), id.value}));
  if (head.empty()) return std::optional<Signing>();
  Signing out{head.integer(0, 0),
              head.text(0, 1),
              RecordId{head.integer(0, 2)},
              head.text(0, 3),
              ArrivalTime{head.integer(0, 4)},
              {}};
  MW_ASSIGN(
      const db::Rows rows,
      c.query(fmt::format(
                  "SELECT {} FROM record_signature WHERE type = $1 AND id = $2 AND round = $3 ORDER BY place",
                  kSignatureColumns),
              {std::string(type), id.value, out.round}));
  for (std::size_t i = 0; i < rows.size(); ++i) out.signatures.push_back(signed_of(rows, i));
  return std::optional(std::move(out));
}

Status begin_signing(db::Connection& c, const Record& record, std::string_view step, const Actor& actor,
                     ArrivalTime now) {
  MW_ASSIGN(const db::Rows last, c.query("SELECT max(round) FROM record_signing WHERE type = $1 AND id = $2",
                                         {record.type, record.id.value}));
  const std::int64_t round = last.empty() ? 1 : last.integer(0, 0) + 1;
  MW_TRY(c.execute(
      "INSERT INTO record_signing (type, id, round, step, account, name, begun_at, outcome) VALUES "
      "($1,$2,$3,$4,$5,$6,$7,'')",
      {record.type, record.id.value, round, std::string(step), actor.account.value, actor.name, now.utc_ms}));
  return {};
}

Status add_signature(db::Connection& c, const Record& record, const Signing& signing, const Signed& s) {
  MW_TRY(c.execute(
      "INSERT INTO record_signature (type, id, round, place, stage, account, name, at, agrees, opinion) "
      "VALUES "
      "($1,$2,$3,$4,$5,$6,$7,$8,$9,$10)",
      {record.type, record.id.value, signing.round, static_cast<std::int64_t>(signing.signatures.size()),
       s.stage, s.account.value, s.name, s.at.utc_ms, std::int64_t{s.agrees}, s.opinion}));
  return {};
}

Status end_signing(db::Connection& c, const Record& record, std::string_view outcome) {
  MW_TRY(c.execute("UPDATE record_signing SET outcome = $3 WHERE type = $1 AND id = $2 AND outcome = ''",
                   {record.type, record.id.value, std::string(outcome)}));
  return {};
}

Result<std::vector<Signed>> all_signatures(db::Connection& c, std::string_view type, RecordId id) {
  std::vector<Signed> out;
  MW_ASSIGN(
      const db::Rows rows,
      c.query(fmt::format("SELECT {} FROM record_signature WHERE type = $1 AND id = $2 ORDER BY round, place",
                          kSignatureColumns),
              {std::string(type), id.value}));
  for (std::size_t i = 0; i < rows.size(); ++i) out.push_back(signed_of(rows, i));
  return out;
}

bool could_sign(const Actor& actor, const TypeModel& type, const Signing& signing) {
  const pack::Transition* step = type.workflow ? type.workflow->transition(signing.step) : nullptr;
  const auto next = step ? next_stage(*step, signing.signatures) : std::nullopt;
  const bool signed_before =
      std::any_of(signing.signatures.begin(), signing.signatures.end(),
                  [&](const Signed& s) { return actor.account && s.account == actor.account; });
  return next && !signed_before && actor.account != signing.begun_by && has_role(actor, next->stage->roles);
}

namespace {

/// Steps of a type in which one of the actor's roles may sign at some stage.
std::vector<std::string> signable_steps(const Actor& actor, const TypeModel& type) {
  std::vector<std::string> out;
  for (const auto& step : type.workflow->transitions) {
    if (std::any_of(step.sign_off.begin(), step.sign_off.end(),
                    [&](const auto& stage) { return has_role(actor, stage.roles); }))
      out.push_back(step.name);
  }
  return out;
}

/// What of one type waits for the actor, longest first, at most `limit`. Whose turn it is follows from the
/// signatures there are: records are read in pages until enough of them wait for him.
Status collect_waiting(db::Connection& c, const Actor& actor, const TypeModel& type, std::size_t limit,
                       std::vector<WaitingRecord>& out) {
  constexpr std::size_t kPage = 100;
  const auto steps = signable_steps(actor, type);
  if (steps.empty()) return {};
  std::vector<db::Value> params = {type.name(), std::int64_t{0}, std::int64_t{0}, actor.scope.root.value};
  std::vector<std::string> marks;
  for (const auto& step : steps) {
    params.emplace_back(step);
    marks.push_back(fmt::format("${}", params.size()));
  }
  const bool all = actor.scope.everything || type.owner_kind == OwnerKind::none;
  const std::string sql = fmt::format(
      "SELECT s.begun_at, s.id FROM record_signing s JOIN {} t ON t.id = s.id WHERE s.outcome = '' AND "
      "s.type = $1 AND (s.begun_at > $2 OR (s.begun_at = $2 AND s.id > $3)) AND ({}) AND s.step IN ({}) "
      "ORDER BY s.begun_at, s.id LIMIT {}",
      type.table, all ? "CAST($4 AS BIGINT) IS NOT NULL" : scope_condition("t.owner", "$4"),
      join(marks, ", "), kPage);
  const std::size_t enough = out.size() + limit;
  for (;;) {
    MW_ASSIGN(const db::Rows rows, c.query(sql, params));
    for (std::size_t i = 0; i < rows.size() && out.size() < enough; ++i) {
      const RecordId id{rows.integer(i, 1)};
      MW_ASSIGN(auto signing, load_signing(c, type.name(), id));
      if (signing && could_sign(actor, type, *signing)) out.push_back({type.name(), id, *std::move(signing)});
    }
    if (rows.size() < kPage || out.size() >= enough) return {};
    params[1] = rows.integer(rows.size() - 1, 0);
    params[2] = rows.integer(rows.size() - 1, 1);
  }
}

}  // namespace

Result<std::vector<WaitingRecord>> waiting_for(db::Connection& c, const Context& context, const Actor& actor,
                                               int limit) {
  std::vector<WaitingRecord> out;
  const auto most = static_cast<std::size_t>(limit);
  for (const auto& [name, type] : context.model.types()) {
    if (type.signs && type.workflow && may_read(actor, type))
      MW_TRY(collect_waiting(c, actor, type, most, out));
  }
  std::sort(out.begin(), out.end(), [](const WaitingRecord& a, const WaitingRecord& b) {
    return std::tie(a.signing.begun_at.utc_ms, a.type, a.id) <
           std::tie(b.signing.begun_at.utc_ms, b.type, b.id);
  });
  if (out.size() > most) out.resize(most);
  return out;
}

std::optional<Refusal> refuse_while_signing(const TypeModel& type, const Record& record,
                                            const std::optional<Signing>& signing) {
  if (!signing) return std::nullopt;
  return refuse(
      conflict(fmt::format("{} {} waits for signatures of step {}; nothing of it can be changed meanwhile",
                           type.name(), record.id.value, signing->step)));
}

WriterImpl::Written WriterImpl::sign_inner(const Actor& actor, std::string_view type_name, RecordId id,
                                           std::int64_t version, bool agrees, std::string_view opinion) {
  const TypeModel* named = nullptr;
  MW_ASSIGN(Outcome<Record> loaded, current(actor, type_name, id, version, named));
  if (std::holds_alternative<Refusal>(loaded)) return loaded;
  const TypeModel& type = *named;
  const Record record = std::get<Record>(std::move(loaded));
  MW_ASSIGN(const auto signing, load_signing(connection_, type.name(), id));
  const pack::Transition* step =
      signing && type.workflow ? type.workflow->transition(signing->step) : nullptr;
  if (!step)
    return Outcome<Record>(
        refuse(conflict(fmt::format("{} {} waits for no signature", type.name(), id.value))));
  Draft draft{type, actor, record, record, context_.clock.now(), {}, false, {}};
  const auto next = next_stage(*step, signing->signatures);
  if (auto refusal = may_sign(draft, *step, *signing, next, agrees))
    return Outcome<Record>(*std::move(refusal));
  if (!agrees && trim(opinion).empty()) draft.fault("reason", "required", "what is sent back needs a reason");
  // Who withdraws his own request signs for no stage.
  const bool for_stage = next && actor.account != signing->begun_by;
  const Signed signature{
      for_stage ? next->stage->name : "", actor.account, actor.name, draft.now, agrees, std::string(opinion)};
  std::vector<Signed> all = signing->signatures;
  all.push_back(signature);
  draft.signature = &signature;
  const bool made = agrees && !next_stage(*step, all);
  if (made) {
    MW_TRY(take_sets(draft, *step, SetWords::of_the_end));
    draft.after.state = step->to;
  } else if (!agrees && !step->return_to.empty()) {
    draft.after.state = step->return_to;
    MW_TRY(take_words(draft, *step, step->return_sets, SetWords::all));
  }
  const char* const kind = made ? "step:" : agrees ? "sign:" : "return:";
  MW_ASSIGN(Outcome<Record> stored, store(draft, kind + step->name, opinion));
  if (std::holds_alternative<Refusal>(stored)) return stored;
  MW_TRY(add_signature(connection_, record, *signing, signature));
  if (made || !agrees) MW_TRY(end_signing(connection_, record, made ? "made" : "returned"));
  if (made) return with_effects(actor, type, *step, std::move(stored));
  return stored;
}

std::optional<Refusal> WriterImpl::may_sign(Draft& draft, const pack::Transition& step,
                                            const Signing& signing, const std::optional<NextStage>& next,
                                            bool agrees) const {
  const Actor& actor = draft.actor;
  const bool takes_back = !agrees && actor.account && actor.account == signing.begun_by;
  if (takes_back) return std::nullopt;  // who asked for the signatures may always withdraw the request
  if (!next) return refuse(conflict(fmt::format("step {} has all its signatures", step.name)));
  if (!has_role(actor, next->stage->roles)) {
    return refuse(forbidden(fmt::format("none of your roles may sign \"{}\" of step {}; it waits for {}",
                                        next->stage->name, step.name, join(next->stage->roles, " or "))));
  }
  const bool begun = actor.account && actor.account == signing.begun_by;
  const bool before = std::any_of(signing.signatures.begin(), signing.signatures.end(), [&](const Signed& s) {
    return actor.account && s.account == actor.account;
  });
  if (begun || before)
    draft.fault("signature", "same_person",
                fmt::format("step {} must be signed by different people", step.name));
  check_distinct(draft, step);
  if (draft.faults.empty()) return std::nullopt;
  return refuse_faults(draft);
}

}  // namespace mineward::record
