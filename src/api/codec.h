/// JSON of what the routes answer, in the notation of docs/api.md.
#pragma once

#include <map>
#include <string>

#include "feed/intake.h"
#include "record/reminders.h"
#include "record/store.h"
#include "watch/watch.h"

namespace mineward::api {

/// Ids are text; none is null.
Json id_json(record::RecordId id);
template <class Tag>
Json time_json(const std::optional<Instant<Tag>>& t) {
  return t ? Json(format_rfc3339(*t)) : Json();
}
template <class Tag>
Json time_json(Instant<Tag> t) {
  return Json(format_rfc3339(t));
}
Json label_json(const pack::Label& label);
Json source_json(const pack::Source& source);
Json bound_json(const std::optional<pack::Bound>& bound);
Json texts_json(const std::vector<std::string>& texts);

/// Record -> JSON with title and the names of what it refers to. Remembers titles, so use one for one answer.
class RecordJson {
 public:
  RecordJson(record::Store& store, const record::Actor& actor) : store_(store), actor_(actor) {}
  /// `steps`: with the workflow steps that the actor could take now.
  Json of(const record::Record& record, bool steps = false);
  /// Name of a record, as far as the store tells it to this actor; empty if it does not.
  std::string title(std::string_view type, record::RecordId id);

 private:
  Json signing_json(const record::Record& record, const record::Signing& signing);

  record::Store& store_;
  const record::Actor& actor_;
  std::map<std::pair<std::string, record::RecordId>, std::string> titles_;
};

Json catalog_json(const pack::Catalog& catalog);
Json packs_json(const pack::Catalog& catalog);
Json rules_json(const pack::Catalog& catalog);
Json limits_json(const pack::Catalog& catalog);

Json signature_json(const record::Signed& signature);
Json clock_json(const record::ClockView& view);
/// Without a title.
Json reminder_json(const record::Reminder& reminder);
Json change_json(const record::Change& change);
Json concern_json(const watch::Concern& concern);
Json underground_json(const watch::Underground& underground);
Json receipt_json(const feed::Receipt& receipt);
/// `mine_name` as the RecordJson gives it.
Json ledger_json(const feed::LedgerRow& row, const std::string& mine_name);
Json health_json(const feed::FeedHealth& health, const std::string& mine_name);
Json quarantine_json(const feed::QuarantineRow& row, const std::string& mine_name);

}  // namespace mineward::api
