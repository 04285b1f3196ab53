#include "app/simulator_region.h"

#include <fmt/format.h>

#include <set>

#include "app/simulator_yaml.h"

namespace mineward::app {
namespace {

RegionRow region_row(YamlRow& r) {
  return {r.text("code"), r.text("name"), r.text("level"), r.text("parent", "")};
}

OrganisationRow organisation_row(YamlRow& r) {
  return {r.text("code"),  r.text("name"),   r.text("kind"),
          r.text("level"), r.text("region"), r.text("parent", "")};
}

MineRow mine_row(YamlRow& r) {
  MineRow m;
  m.code = r.text("code");
  m.name = r.text("name");
  m.organisation = r.text("organisation");
  m.kind = r.text("kind");
  m.status = r.text("status");
  m.gas_class = r.text("gas_class");
  m.severe_hazard = r.flag("severe_hazard", false);
  m.capacity = r.number("capacity", 0);
  m.headcount_quota = static_cast<int>(r.number("headcount_quota", 0));
  m.stay_limit = r.number("stay_limit", 12);
  m.simulated = r.flag("simulated", true);
  m.longitude = r.number("longitude", 0);
  m.latitude = r.number("latitude", 0);
  m.remark = r.text("remark", "");
  m.profile = r.text("profile", "simulated");
  return m;
}

AccountRow account_row(YamlRow& r) {
  return {r.text("name"), r.text("display_name"), r.text("organisation"), r.texts("roles")};
}

StaffRow staff_row(YamlRow& r) {
  return {r.text("mine"), r.text("work_type", "管理"), r.text("post"), r.text("team", ""),
          r.flag("leader", false)};
}

/// A row may only name what stands above it, so that rows can be created in order.
Status check_known(const std::set<std::string>& known, const std::string& code, const char* what) {
  if (code.empty() || known.contains(code)) return {};
  return bad_input(fmt::format("{} `{}` does not stand above", what, code));
}

template <class Row, class Make, class Check>
Status read_rows(const YAML::Node& document, const char* key, std::initializer_list<std::string_view> known,
                 std::vector<Row>& out, Make make, Check check) {
  MW_ASSIGN(const auto rows, yaml_rows(document, key));
  for (const YAML::Node& node : rows) {
    YamlRow row(node, key, known);
    Row made = make(row);
    MW_TRY(row.status());
    if (auto s = check(made); !s)
      return std::move(s).error().in(fmt::format("line {}", node.Mark().line + 1));
    out.push_back(std::move(made));
  }
  return {};
}

}  // namespace

Result<Region> parse_region(std::string_view yaml) {
  MW_ASSIGN(const YAML::Node document, load_yaml(yaml));
  Region out;
  std::set<std::string> regions, organisations;
  MW_TRY(read_rows(document, "regions", {"code", "name", "level", "parent"}, out.regions, region_row,
                   [&](const RegionRow& r) {
                     regions.insert(r.code);
                     return check_known(regions, r.parent, "region");
                   }));
  MW_TRY(read_rows(document, "organisations", {"code", "name", "kind", "level", "region", "parent"},
                   out.organisations, organisation_row, [&](const OrganisationRow& o) -> Status {
                     organisations.insert(o.code);
                     MW_TRY(check_known(regions, o.region, "region"));
                     return check_known(organisations, o.parent, "organisation");
                   }));
  MW_TRY(read_rows(
      document, "mines",
      {"code", "name", "organisation", "kind", "status", "gas_class", "severe_hazard", "capacity",
       "headcount_quota", "stay_limit", "simulated", "longitude", "latitude", "remark", "profile"},
      out.mines, mine_row,
      [&](const MineRow& m) { return check_known(organisations, m.organisation, "organisation"); }));
  MW_TRY(read_rows(
      document, "accounts", {"name", "display_name", "organisation", "roles"}, out.accounts, account_row,
      [&](const AccountRow& a) { return check_known(organisations, a.organisation, "organisation"); }));
  if (!document["people"].IsDefined()) return out;
  std::set<std::string> mines;
  for (const MineRow& m : out.mines) mines.insert(m.code);
  MW_TRY(read_rows(document, "people", {"mine", "work_type", "post", "team", "leader"}, out.people, staff_row,
                   [&](const StaffRow& p) { return check_known(mines, p.mine, "mine"); }));
  return out;
}

}  // namespace mineward::app
