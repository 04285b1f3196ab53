/// The people of a simulated mine: who they are, when they go underground, where they are. Three shifts of
/// eight hours. Names are drawn from lists and carry （模拟）: nobody real is meant.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "app/simulator_format.h"
#include "app/simulator_region.h"

namespace mineward::app {

struct SimArea {
  std::string code, kind, name;
  int quota = 0;
  std::vector<std::string> readers;  ///< codes of its position readers
};

constexpr int kNoShift = -1;

struct SimPerson {
  std::string card, name, work_type, post, team;
  int shift = 0;              ///< 0 = 00-08, 1 = 08-16, 2 = 16-24; kNoShift = the simulator leaves him above
  std::size_t work_area = 0;  ///< index into SimCrew::areas
  bool leader = false, special = false;
};

/// Where somebody is, as one RYSS record says.
struct SimPosition {
  const SimPerson* person = nullptr;
  int flag = 1;  ///< 0 at the mouth, 1 underground, 2 left
  std::optional<EventTime> entered, left;
  std::size_t area = 0;
  EventTime area_since{};
  bool sos = false;
};

struct SimCrew {
  MineName mine;
  std::uint64_t seed = 0;
  std::vector<SimArea> areas;
  std::vector<SimPerson> people;
};
constexpr std::size_t kMouth = 0, kBottom = 1, kHaulage = 2, kFaceArea = 3, kHeadingArea = 4, kGoaf = 5;

/// Three shifts, and after them those of `staff` that belong to the mine.
SimCrew make_sim_crew(const MineName& mine, std::uint64_t seed, std::span<const StaffRow> staff = {});

/// A span underground: one shift of one person.
struct SimStay {
  EventTime entered{}, left{};
  bool at_work = true;  ///< false = a day off
};
/// The person's last stay whose shift begins at most half an hour after `at`.
SimStay last_stay(const SimCrew& crew, const SimPerson& person, EventTime at);
/// Where a person of that stay is; nothing when at home.
std::optional<SimPosition> position_in(const SimCrew& crew, const SimPerson& person, const SimStay& stay,
                                       EventTime at);
inline std::optional<SimPosition> position_of(const SimCrew& crew, const SimPerson& person, EventTime at) {
  if (person.shift == kNoShift) return std::nullopt;
  return position_in(crew, person, last_stay(crew, person, at), at);
}

std::string ryss_record(const SimCrew& crew, const SimPosition& position, EventTime at);
UploadFile ryxx_file(const SimCrew& crew, EventTime at);
UploadFile ryqy_file(const SimCrew& crew, EventTime at);
UploadFile ryjz_file(const SimCrew& crew, EventTime at);
UploadFile jzss_file(const SimCrew& crew, EventTime at);

}  // namespace mineward::app
