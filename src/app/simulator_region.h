/// The example region as data: who is there. Read from examples/region.yaml; the demo command makes records
/// of it.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace mineward::app {

struct RegionRow {
  std::string code, name, level, parent;  ///< parent: region code, empty at the top
};
struct OrganisationRow {
  std::string code, name, kind, level, region, parent;  ///< parent: organisation code, empty at the top
};
struct MineRow {
  std::string code, name, organisation, kind, status, gas_class;
  bool severe_hazard = false;
  double capacity = 0;  ///< 10 000 t a year
  int headcount_quota = 0;
  double stay_limit = 12;  ///< hours
  bool simulated = true;
  double longitude = 0, latitude = 0;
  std::string remark;
  std::string profile = "simulated";  ///< "longwall" = its face carries the real longwall readings
};
/// Passwords are not here: the demo makes them.
struct AccountRow {
  std::string name, display_name, organisation;
  std::vector<std::string> roles;
};

/// Somebody with a card who works in no shift: a director, a leader of the group. His name is made up.
struct StaffRow {
  std::string mine;  ///< mine code
  std::string work_type, post, team;
  bool leader = false;
};

/// Rows in an order in which they can be created: parents first.
struct Region {
  std::vector<RegionRow> regions;
  std::vector<OrganisationRow> organisations;
  std::vector<MineRow> mines;
  std::vector<AccountRow> accounts;
  std::vector<StaffRow> people;
};

/// Unknown keys, missing keys and names that lead nowhere are errors with the line.
Result<Region> parse_region(std::string_view yaml);

}  // namespace mineward::app
