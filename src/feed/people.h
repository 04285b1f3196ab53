/// Positions of persons and the trips underground that follow from them.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "feed/intake.h"
#include "feed/mines.h"

namespace mineward::feed {

/// The people in a RYSS file.
std::vector<Position> read_positions(const Decoded& decoded);

/// Open trips of one mine, so that a file every half minute does not ask the store for every card.
/// One thread at a time. Changes are staged in a copy and put in place after the commit.
class TripBook {
 public:
  Status load(record::Store& store, const Mine& mine);
  /// Opens and closes trips; a trip that cannot be told (no entry time) is left out.
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
};

}  // namespace mineward::feed
