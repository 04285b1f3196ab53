/// What a step writes into other records: the closure of a mine closes the mine. In the transaction of the
/// step, in the name of who made it, with a log line of its own.
#include <algorithm>

#include <fmt/format.h>

#include "record/read.h"
#include "record/selection.h"
#include "record/values.h"
#include "record/write.h"

namespace mineward::record {
namespace {

/// The value that an effect gives to a field there.
Result<FieldValue> effect_value(const pack::Field& to, const std::string& word, const Record& from,
                                const Actor& actor, ArrivalTime now) {
  if (word == "unset") return FieldValue{};
  if (word.starts_with('=')) return word_value(to, word.substr(1), actor, now);
  return as_kind(to, from.fields.at(word));
}

}  // namespace

WriterImpl::Written WriterImpl::with_effects(const Actor& actor, const TypeModel& type,
                                             const pack::Transition& step, Outcome<Record> made) {
  const Record* record = std::get_if<Record>(&made);
  if (!record) return made;
  // What falls to one record is written at once: figures that belong together are never seen half changed.
  std::vector<pack::Effect> merged;
  for (const auto& effect : step.changes) {
    if (!fits(*type.type, effect.when, *record)) continue;
    const auto same = std::find_if(merged.begin(), merged.end(),
                                   [&](const pack::Effect& other) { return other.of == effect.of; });
    if (same == merged.end()) {
      merged.push_back(effect);
    } else {
      for (const auto& [there, here] : effect.sets) same->sets[there] = here;
    }
  }
  for (const auto& effect : merged) {
    MW_ASSIGN(std::optional<Refusal> refusal, take_effect(actor, type, step, effect, *record));
    if (refusal) return Outcome<Record>(*std::move(refusal));
  }
  return made;
}

Result<std::optional<Refusal>> WriterImpl::take_effect(const Actor& actor, const TypeModel& type,
                                                       const pack::Transition& step,
                                                       const pack::Effect& effect, const Record& record) {
  const pack::Field* of = type.field(effect.of);
  const TypeModel* other = of ? context_.model.find(of->target) : nullptr;
  const RecordId id = record.reference(effect.of);
  if (!other || !id) return std::optional<Refusal>();
  MW_ASSIGN(const std::optional<Record> before, load_record(connection_, *other, id));
  if (!before) return std::optional<Refusal>();
  Actor hand = actor;  // who makes the step; the pack has said what it may write here
  hand.is_system = true;
  hand.scope = {{}, true};
  Draft draft{*other, hand, *before, *before, context_.clock.now(), {}, false, {}};
  for (const auto& [there, word] : effect.sets) {
    const bool field_here = word != "unset" && !word.starts_with('=');
    if (field_here && !record.fields.contains(word)) continue;  // what is not known here stays as it is there
    const pack::Field* to = other->field(there);
    if (!to)
      return bad_input(
          fmt::format("step {} changes {}, which is no field of {}", step.name, there, other->name()));
    MW_ASSIGN(FieldValue value, effect_value(*to, word, record, actor, draft.now));
    draft.set(there, normalised(std::move(value)));
  }
  if (draft.changed.empty()) return std::optional<Refusal>();
  MW_ASSIGN(Outcome<Record> stored, store(draft, fmt::format("by:{}.{}", type.name(), step.name), {}));
  auto* refusal = std::get_if<Refusal>(&stored);
  if (!refusal) return std::optional<Refusal>();
  for (auto& fault : refusal->faults) fault.field = effect.of;  // the form shows the field that names it
  return std::optional(std::move(*refusal));
}

}  // namespace mineward::record
