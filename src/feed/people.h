/// Positions of persons, and what follows from them: trips underground and stays in areas.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "feed/intake.h"
#include "feed/mines.h"

namespace mineward::feed {

/// Position::flag as the standard numbers it.
constexpr int kUnderground = 1;
constexpr int kLeft = 2;

/// The people in a RYSS file.
std::vector<Position> read_positions(const Decoded& decoded);

/// Stays in areas of the kinds that dictionary area_kind marks `stay: yes`, kept like trips: one record for
/// each card and area_since, closed by the next area (left_at = its area_since) or by leaving the mine. A
/// stay whose end nobody told, because the next sign of the card is another trip, keeps no leaving time. One
/// thread at a time.
class StayBook {
 public:
  Status load(const pack::Catalog& catalog, record::Store& store, const Mine& mine,
              const std::vector<record::Record>& areas);
  /// Opens and closes the stays that one position tells of. `person`: whose card it is; 0 = unknown.
  Status apply(record::Writer& writer, const Mine& mine, const std::string& file_name,
               const Position& position, record::RecordId person);

 private:
  struct Area {
    record::RecordId id;
    std::string kind;
  };
  struct Stay {
    record::RecordId id;
    EventTime since{};
    std::string area;  ///< code
  };
  Status open(record::Writer& writer, const Mine& mine, const std::string& file_name,
              const Position& position, const Area& area, record::RecordId person);
  Status close(record::Writer& writer, const std::string& file_name, const std::string& card, EventTime left);

  std::map<std::string, Area> areas_;        // by code: those whose stays are kept
  std::map<std::string, Stay> open_;         // by card
  std::map<std::string, EventTime> closed_;  // by card: beginning of the last stay known to have ended
};

/// Open trips of one mine, so that a file every half minute does not ask the store for every card.
/// One thread at a time. Changes are staged in a copy and put in place after the commit.
class TripBook {
 public:
  Status load(const pack::Catalog& catalog, record::Store& store, const Mine& mine);
  /// Opens and closes trips and stays; a trip that cannot be told (no entry time) is left out.
  Status apply(record::Writer& writer, const Mine& mine, const std::string& file_name,
               const std::vector<Position>& positions);

 private:
  struct Trip {
    record::RecordId id;
    EventTime entered{};
    std::string area;
  };
  Status enter(record::Writer& writer, const Mine& mine, const std::string& file_name,
               const Position& position);
  Status leave(record::Writer& writer, const Mine& mine, const std::string& file_name,
               const Position& position);
  Result<record::RecordId> open(record::Writer& writer, const Mine& mine, const std::string& file_name,
                                const Position& position);

  std::map<std::string, Trip> open_;                 // by card
  std::map<std::string, EventTime> closed_;          // by card: entry of the last trip known to be closed
  std::map<std::string, record::RecordId> persons_;  // by card
  std::map<std::string, record::RecordId> areas_;    // by code
  StayBook stays_;
};

}  // namespace mineward::feed
