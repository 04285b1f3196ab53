/// Inside record/: steps that several people make together. While one waits for signatures the record stands
/// still: nothing else of it can be changed. Every signature is a version of the record with its log line.
#pragma once

#include "record/write.h"

namespace mineward::record {

/// Who may sign next, or why nobody may.
struct NextStage {
  const pack::Signature* stage = nullptr;
  int signed_already = 0;  ///< of this stage
};
/// The first stage that still lacks a signature; nullopt when all are there.
std::optional<NextStage> next_stage(const pack::Transition& step, const std::vector<Signed>& signatures);

/// What waits, if something does.
Result<std::optional<Signing>> load_signing(db::Connection&, std::string_view type, RecordId);
Status begin_signing(db::Connection&, const Record&, std::string_view step, const Actor&, ArrivalTime now);
Status add_signature(db::Connection&, const Record&, const Signing&, const Signed&);
/// The signatures stay; they belong to a step that is made or was sent back.
Status end_signing(db::Connection&, const Record&, std::string_view outcome);

/// Of all rounds, oldest first.
Result<std::vector<Signed>> all_signatures(db::Connection&, std::string_view type, RecordId);
/// What the actor could sign now, longest waiting first.
Result<std::vector<WaitingRecord>> waiting_for(db::Connection&, const Context&, const Actor&, int limit);
/// Whether the actor's role and hand fit the next stage, or the request is his own to withdraw.
bool could_sign(const Actor&, const TypeModel&, const Signing&);

/// Refusal when a step waits for signatures.
std::optional<Refusal> refuse_while_signing(const TypeModel&, const Record&, const std::optional<Signing>&);

}  // namespace mineward::record
