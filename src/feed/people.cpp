#include "feed/people.h"

#include "feed/registers.h"

namespace mineward::feed {
namespace {

/// What a card sends in 工作状态 when its carrier asks for help (monitoring.md 1.5).
constexpr std::string_view kHelp = "求救";

std::string text_of(const DecodedRecord& record, std::string_view column) {
  const Cell* cell = record.cell(column);
  return cell ? std::string(cell->text) : std::string();
}
std::optional<EventTime> time_of(const DecodedRecord& record, std::string_view column) {
  const Cell* cell = record.cell(column);
  return cell ? cell->time : std::nullopt;
}
double number_of(const DecodedRecord& record, std::string_view column) {
  const Cell* cell = record.cell(column);
  return cell && cell->number ? *cell->number : 0;
}

}  // namespace

std::vector<Position> read_positions(const Decoded& decoded) {
  std::vector<Position> out;
  out.reserve(decoded.records.size());
  for (const auto& record : decoded.records) {
    Position p;
    p.card = text_of(record, "card");
    p.flag = static_cast<int>(number_of(record, "flag"));
    p.entered = time_of(record, "entered_at");
    p.left = time_of(record, "left_at");
    p.area = text_of(record, "area");
    p.area_since = time_of(record, "area_since");
    p.reader = text_of(record, "reader");
    p.reader_since = time_of(record, "reader_since");
    p.sos = text_of(record, "work_state").find(kHelp) != std::string::npos;
    p.is_leader = number_of(record, "is_leader") > 0;
    p.is_special = number_of(record, "is_special") > 0;
    p.at = decoded.header_time;
    out.push_back(std::move(p));
  }
  return out;
}

Status TripBook::load(const pack::Catalog& catalog, record::Store& store, const Mine& mine) {
  *this = {};
  MW_ASSIGN(const auto persons, records_of(store, "person", mine.id));
  for (const auto& person : persons) persons_[person.text("card")] = person.id;
  MW_ASSIGN(const auto areas, records_of(store, "area", mine.id));
  for (const auto& area : areas) areas_[area.text("code")] = area.id;
  MW_TRY(stays_.load(catalog, store, mine, areas));
  record::ListQuery query;
  query.type = "trip";
  query.filters = {{"mine", record::Filter::Op::eq, {mine.id.text()}},
                   {"left_at", record::Filter::Op::is_null, {}}};
  query.limit = 500;
  do {
    MW_ASSIGN(const auto page, store.list(intake_actor(), query));
    for (const auto& trip : page.records) {
      const EventTime entered = trip.time("entered_at").value_or(EventTime{});
      Trip& open = open_[trip.text("card")];
      if (!open.id || open.entered < entered) open = {trip.id, entered, ""};
    }
    query.after = page.next;
  } while (!query.after.empty());
  return {};
}

Status TripBook::apply(record::Writer& writer, const Mine& mine, const std::string& file_name,
                       const std::vector<Position>& positions) {
  for (const auto& position : positions) {
    if (position.flag == kUnderground) MW_TRY(enter(writer, mine, file_name, position));
    if (position.flag == kLeft) MW_TRY(leave(writer, mine, file_name, position));
    const auto person = persons_.find(position.card);
    MW_TRY(stays_.apply(writer, mine, file_name, position,
                        person == persons_.end() ? record::RecordId{} : person->second));
  }
  return {};
}

Result<record::RecordId> TripBook::open(record::Writer& writer, const Mine& mine,
                                        const std::string& file_name, const Position& position) {
  record::Fields fields{{"organisation", mine.organisation},
                        {"mine", mine.id},
                        {"card", position.card},
                        {"is_leader", position.is_leader},
                        {"entered_at", *position.entered}};
  if (const auto person = persons_.find(position.card); person != persons_.end())
    fields["person"] = person->second;
  MW_ASSIGN(const auto found,
            writer.find(intake_actor(), "trip",
                        {{"mine", mine.id}, {"card", position.card}, {"entered_at", *position.entered}}));
  if (found) return found->id;
  MW_ASSIGN(const auto made, taken(writer.create(intake_actor(), "trip", fields, file_name)));
  return made.id;
}

Status TripBook::enter(record::Writer& writer, const Mine& mine, const std::string& file_name,
                       const Position& position) {
  if (!position.entered) return {};
  const auto trip = open_.find(position.card);
  if (trip != open_.end() && trip->second.entered >= *position.entered) {
    if (trip->second.entered == *position.entered && !position.area.empty())
      trip->second.area = position.area;
    return {};
  }
  if (const auto closed = closed_.find(position.card);
      closed != closed_.end() && closed->second >= *position.entered)
    return {};
  // A trip of this card that is still open stays without a leaving time: nobody told us one.
  MW_ASSIGN(const auto id, open(writer, mine, file_name, position));
  open_[position.card] = {id, *position.entered, position.area};
  return {};
}

Status TripBook::leave(record::Writer& writer, const Mine& mine, const std::string& file_name,
                       const Position& position) {
  if (!position.left) return {};
  const auto closed = closed_.find(position.card);
  if (closed != closed_.end() && (!position.entered || closed->second >= *position.entered)) return {};
  auto trip = open_.find(position.card);
  const bool is_this =
      trip != open_.end() && (!position.entered || trip->second.entered == *position.entered);
  if (!is_this && !position.entered) return {};  // left, and we never saw the entry
  Trip leaving = is_this ? trip->second : Trip{{}, *position.entered, ""};
  if (!is_this) {
    MW_ASSIGN(leaving.id, open(writer, mine, file_name, position));
  }
  if (*position.left >= leaving.entered) {
    record::Fields fields{{"left_at", *position.left}};
    if (const auto area = areas_.find(leaving.area); area != areas_.end())
      fields["deepest_area"] = area->second;
    MW_ASSIGN(const auto stored, writer.get(intake_actor(), "trip", leaving.id));
    if (!stored.time("left_at"))
      MW_TRY(taken(writer.update(intake_actor(), "trip", leaving.id, 0, fields, file_name)));
  }
  closed_[position.card] = leaving.entered;
  if (is_this) open_.erase(trip);
  return {};
}

}  // namespace mineward::feed
