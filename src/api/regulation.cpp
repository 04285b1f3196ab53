#include "api/regulation.h"

#include "api/reply.h"
#include "duty/sentence.h"

namespace mineward::api {
namespace {

Json hours(Millis d) { return Json(static_cast<double>(d.count()) / 3'600'000.0); }
Json moment(std::int64_t utc_ms) { return Json(format_rfc3339(utc_ms)); }
Json moment(const std::optional<std::int64_t>& utc_ms) { return utc_ms ? moment(*utc_ms) : Json(); }
Json date_json(const std::optional<Date>& date) { return date ? Json(format_date(*date)) : Json(); }
Json whole(const std::optional<int>& n) { return n ? Json(static_cast<std::int64_t>(*n)) : Json(); }

/// Label of a code, or the code itself.
pack::Label label_of(const pack::Catalog& catalog, std::string_view dictionary, const std::string& code) {
  const pack::Dictionary* known = catalog.dictionary(dictionary);
  const pack::DictionaryEntry* entry = known ? known->entry(code) : nullptr;
  return entry ? entry->label : pack::Label{code, code};
}

}  // namespace

Handler json_handler(Context& context, JsonHandler handler) {
  return [&context, handler](const Call& call) {
    auto answer = handler(context, call);
    return answer ? json_reply(*answer) : error_reply(answer.error(), call.request.id);
  };
}

Json counts_json(const duty::Counts& counts) {
  Json out(Json::Object{});
  for (const duty::State state : duty::kStates) out.set(std::string(duty::name_of(state)), counts[state]);
  return out;
}

Json rule_json(const pack::Catalog& catalog, const pack::DutyRule& rule) {
  Json out;
  out.set("id", rule.id)
      .set("pack", rule.pack)
      .set("family", rule.family)
      .set("label", label_json(rule.label));
  out.set("clause", rule.clause).set("sentence", label_json(duty::sentence_of(catalog, rule)));
  out.set("every", pack::name_of(rule.every))
      .set("owed_by", rule.owed_by)
      .set("overseen_by", rule.overseen_by);
  out.set("done_by", texts_json(rule.done_by))
      .set("counts", rule.counts)
      .set("at_least", whole(rule.at_least));
  out.set("at_most", whole(rule.at_most))
      .set("longer_than_h", rule.longer_than ? hours(*rule.longer_than) : Json());
  out.set("due", pack::text_of(rule.due)).set("late_for_h", hours(rule.late_for));
  Json::Array climbs;
  for (const auto& climb : rule.climbs) {
    Json j;
    climbs.push_back(j.set("to", climb.to_level)
                         .set("after_h", hours(climb.after))
                         .set("source", source_json(climb.source)));
  }
  out.set("climbs", std::move(climbs))
      .set("valid_from", format_date(rule.valid_from))
      .set("valid_to", date_json(rule.valid_to));
  return out.set("source", source_json(rule.source));
}

Json duty_json(const duty::Duty& duty, RecordJson& names) {
  const pack::DutyRule& rule = *duty.rule;
  Json out;
  out.set("rule", rule.id).set("label", label_json(rule.label)).set("clause", rule.clause);
  out.set("subject_type", rule.owed_by)
      .set("subject", duty.subject.text())
      .set("subject_name", names.title(rule.owed_by, duty.subject));
  out.set("owner", duty.owner.text()).set("owner_name", names.title("organisation", duty.owner));
  out.set("every", pack::name_of(rule.every)).set("period", std::to_string(duty.period.from));
  out.set("period_words", label_json(duty::period_words(rule, duty.period)));
  out.set("period_start", moment(duty.period.from))
      .set("period_end", moment(duty.period.to))
      .set("due", moment(duty.due));
  out.set("state", duty::name_of(duty.verdict.state))
      .set("progress", duty.verdict.progress)
      .set("needed", duty.needed);
  out.set("is_limit", rule.is_limit())
      .set("unconfirmed", duty.unconfirmed)
      .set("met_at", moment(duty.verdict.met_at));
  return out.set("level", duty::name_of(duty.verdict.level)).set("overseen_by", rule.overseen_by);
}

Json clause_json(const pack::Catalog& catalog, const duty::Coverage& coverage, const pack::Clause& clause) {
  Json out;
  const pack::Document* document = catalog.document(clause.document);
  out.set("id", clause.id).set("document", clause.document);
  out.set("document_title", document ? label_json(document->title) : Json()).set("article", clause.article);
  out.set("text", label_json(clause.text))
      .set("original", clause.original.empty() ? Json() : Json(clause.original));
  out.set("kind", clause.kind).set("kind_label", label_json(label_of(catalog, "clause_kind", clause.kind)));
  out.set("binds", texts_json(clause.binds))
      .set("quantities", texts_json(clause.quantities))
      .set("checkable", clause.checkable);
  out.set("system", clause.system)
      .set("system_label", label_json(label_of(catalog, "system", clause.system)));
  out.set("also", texts_json(clause.also));
  Json::Array families, carriers;
  for (const auto& family : clause.families) {
    Json j;
    families.push_back(
        j.set("code", family).set("label", label_json(label_of(catalog, "clause_family", family))));
  }
  for (const auto& carrier : coverage.of(clause.id)) {
    Json j;
    carriers.push_back(j.set("what", duty::name_of(carrier.what))
                           .set("name", carrier.name)
                           .set("label", label_json(carrier.label)));
  }
  out.set("families", std::move(families))
      .set("carried_by", std::move(carriers))
      .set("carried", coverage.carried(clause.id));
  out.set("pack", clause.pack).set("jurisdiction", document ? Json(document->jurisdiction) : Json());
  out.set("valid_from", document ? Json(format_date(document->valid_from)) : Json());
  return out.set("valid_to", document ? date_json(document->valid_to) : Json());
}

}  // namespace mineward::api
