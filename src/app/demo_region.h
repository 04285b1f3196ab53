/// Makes the records of the example region: regions, organisations, mines, accounts, planned work.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "app/node.h"
#include "app/simulator.h"

namespace mineward::app {

/// What a person needs to sign in to the example.
struct DemoAccount {
  std::string name, display_name, roles, organisation, password;
};

/// Creates everything in the region; passwords are random. Gives the sign-in data.
Result<std::vector<DemoAccount>> make_region(Node&, const Region&);

/// Files each plan as the mine's dispatcher and approves it as its manager.
Status file_plans(Node&, const std::vector<SimulatedPlan>&);

/// "account  password  who" lines, and the same as JSON for programs (written beside the data, readable by
/// the owner only).
std::string sign_in_table(const std::vector<DemoAccount>&);
std::string sign_in_json(const std::vector<DemoAccount>&);

}  // namespace mineward::app
