#include "feed/people.h"
#include "feed/registers.h"

namespace mineward::feed {
namespace {

/// Codes of the kinds of areas whose stays are kept.
std::set<std::string> kinds_kept(const pack::Catalog& catalog) {
  std::set<std::string> out;
  const auto* kinds = catalog.dictionary("area_kind");
  if (!kinds) return out;
  for (const auto& entry : kinds->entries) {
    const auto stay = entry.extra.find("stay");
    if (stay != entry.extra.end() && stay->second == "yes") out.insert(entry.code);
  }
  return out;
}

}  // namespace

Status StayBook::load(const pack::Catalog& catalog, record::Store& store, const Mine& mine,
                      const std::vector<record::Record>& areas) {
  *this = {};
  const std::set<std::string> kept = kinds_kept(catalog);
  std::map<record::RecordId, std::string> codes;
  for (const auto& area : areas) {
    codes[area.id] = area.text("code");
    if (kept.contains(area.text("kind"))) areas_[area.text("code")] = {area.id, area.text("kind")};
  }
  record::ListQuery query;
  query.type = "area_stay";
  query.filters = {{"mine", record::Filter::Op::eq, {mine.id.text()}},
                   {"left_at", record::Filter::Op::is_null, {}}};
  query.limit = 500;
  do {
    MW_ASSIGN(const auto page, store.list(intake_actor(), query));
    for (const auto& stay : page.records) {
      const EventTime since = stay.time("entered_at").value_or(EventTime{});
      Stay& open = open_[stay.text("card")];
      if (!open.id || open.since < since) open = {stay.id, since, codes[stay.reference("area")]};
    }
    query.after = page.next;
  } while (!query.after.empty());
  return {};
}

Status StayBook::apply(record::Writer& writer, const Mine& mine, const std::string& file_name,
                       const Position& position, record::RecordId person) {
  const auto found = open_.find(position.card);
  if (found != open_.end()) {
    const Stay stay = found->second;
    if (position.entered && *position.entered > stay.since) {
      // Another trip: nobody told us when this stay ended, and the time between the trips is not stay.
      closed_[position.card] = stay.since;
      open_.erase(found);
    } else if (position.flag == kLeft) {
      if (position.left) return close(writer, file_name, position.card, *position.left);
      return {};
    } else if (position.area_since && *position.area_since > stay.since) {
      MW_TRY(close(writer, file_name, position.card, *position.area_since));
    } else if (position.flag == kUnderground && !position.area.empty() && position.area != stay.area) {
      // Elsewhere, though the time of entry did not move: the file's own time is the first that says so.
      return close(writer, file_name, position.card, position.at);
    } else {
      return {};
    }
  }
  if (position.flag != kUnderground || !position.area_since) return {};
  const auto area = areas_.find(position.area);
  if (area == areas_.end()) return {};
  const auto closed = closed_.find(position.card);
  if (closed != closed_.end() && closed->second >= *position.area_since) return {};
  return open(writer, mine, file_name, position, area->second, person);
}

Status StayBook::open(record::Writer& writer, const Mine& mine, const std::string& file_name,
                      const Position& position, const Area& area, record::RecordId person) {
  const EventTime since = *position.area_since;
  MW_ASSIGN(const auto stored,
            writer.find(intake_actor(), "area_stay",
                        {{"mine", mine.id}, {"card", position.card}, {"entered_at", since}}));
  if (stored) {  // known from before a restart: it is open no longer, or it would be in the book
    closed_[position.card] = since;
    return {};
  }
  record::Fields fields{{"organisation", mine.organisation},
                        {"mine", mine.id},
                        {"card", position.card},
                        {"area", area.id},
                        {"area_kind", area.kind},
                        {"entered_at", since}};
  if (person) fields["person"] = person;
  MW_ASSIGN(const auto made, taken(writer.create(intake_actor(), "area_stay", fields, file_name)));
  open_[position.card] = {made.id, since, position.area};
  return {};
}

Status StayBook::close(record::Writer& writer, const std::string& file_name, const std::string& card,
                       EventTime left) {
  const Stay stay = open_.at(card);
  closed_[card] = stay.since;
  open_.erase(card);
  if (left < stay.since) return {};  // it ended before it began: no leaving time is better than a wrong one
  MW_ASSIGN(const auto stored, writer.get(intake_actor(), "area_stay", stay.id));
  if (stored.time("left_at")) return {};
  MW_TRY(taken(writer.update(intake_actor(), "area_stay", stay.id, 0, {{"left_at", left}}, file_name)));
  return {};
}

}  // namespace mineward::feed
