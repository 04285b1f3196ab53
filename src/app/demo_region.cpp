#include "app/demo_region.h"

#include <algorithm>

#include <fmt/format.h>

#include "api/accounts.h"
#include "base/text.h"

namespace mineward::app {
namespace {

using record::Actor;
using record::Fields;
using record::Record;
using record::RecordId;

/// Codes to the ids of the records made for them.
struct Made {
  std::map<std::string, RecordId> regions, organisations, mines;
};

/// The record, or why not with every field's fault.
Result<Record> made(record::Outcome<Record> outcome, std::string_view what) {
  if (auto* record = std::get_if<Record>(&outcome)) return std::move(*record);
  auto& refusal = std::get<record::Refusal>(outcome);
  std::string text = refusal.error.message;
  for (const auto& fault : refusal.faults)
    text += fmt::format("; {}: {} {}", fault.field, fault.code, fault.message);
  return Error{refusal.error.code, std::move(text), std::string(what)};
}

Result<RecordId> id_of(const std::map<std::string, RecordId>& ids, const std::string& code,
                       std::string_view what) {
  const auto found = ids.find(code);
  if (found == ids.end())
    return not_found(fmt::format("the example names the {} \"{}\", which is not there", what, code));
  return found->second;
}

Status set_parent(Fields& fields, const std::map<std::string, RecordId>& ids, const std::string& parent) {
  if (parent.empty()) return {};
  MW_ASSIGN(const RecordId id, id_of(ids, parent, "parent"));
  fields["parent"] = id;
  return {};
}

Status make_places(record::Store& store, const Actor& by, const Region& region, Made& ids) {
  for (const auto& row : region.regions) {
    Fields fields{{"code", row.code}, {"name", row.name}, {"level", row.level}};
    MW_TRY(set_parent(fields, ids.regions, row.parent));
    MW_ASSIGN(const Record record, made(store.create(by, "region", fields), row.name));
    ids.regions[row.code] = record.id;
  }
  for (const auto& row : region.organisations) {
    MW_ASSIGN(const RecordId in, id_of(ids.regions, row.region, "region"));
    Fields fields{
        {"code", row.code}, {"name", row.name}, {"kind", row.kind}, {"level", row.level}, {"region", in}};
    MW_TRY(set_parent(fields, ids.organisations, row.parent));
    MW_ASSIGN(const Record record, made(store.create(by, "organisation", fields), row.name));
    ids.organisations[row.code] = record.id;
  }
  return {};
}

Status make_mines(record::Store& store, const Actor& by, const Region& region, Made& ids) {
  for (const auto& row : region.mines) {
    MW_ASSIGN(const RecordId organisation, id_of(ids.organisations, row.organisation, "organisation"));
    const Fields fields{{"code", row.code},
                        {"name", row.name},
                        {"organisation", organisation},
                        {"kind", row.kind},
                        {"status", row.status},
                        {"gas_class", row.gas_class},
                        {"severe_hazard", row.severe_hazard},
                        {"capacity", row.capacity},
                        {"headcount_quota", static_cast<std::int64_t>(row.headcount_quota)},
                        {"stay_limit", row.stay_limit},
                        {"simulated", row.simulated},
                        {"longitude", row.longitude},
                        {"latitude", row.latitude},
                        {"remark", row.remark}};
    MW_ASSIGN(const Record record, made(store.create(by, "mine", fields), row.name));
    ids.mines[row.code] = record.id;
  }
  return {};
}

/// Every mine of the example has one daily supervisor: the regulator that its organisation stands under.
Status assign_supervisors(record::Store& store, const Actor& by, const Region& region, const Made& ids) {
  for (const auto& mine : region.mines) {
    const auto owner = std::find_if(region.organisations.begin(), region.organisations.end(),
                                    [&](const auto& row) { return row.code == mine.organisation; });
    if (owner == region.organisations.end() || owner->parent.empty()) continue;
    MW_ASSIGN(const RecordId body, id_of(ids.organisations, owner->parent, "supervisor"));
    MW_ASSIGN(const RecordId id, id_of(ids.mines, mine.code, "mine"));
    const Fields fields{{"mine", id},
                        {"authority", body},
                        {"body", body},
                        {"level", std::string("county")},
                        {"from_on", Date{19723}},  // 2024-01-01
                        {"basis", std::string("示例指定文件")}};
    MW_ASSIGN(const Record proposed, made(store.create(by, "supervision_assignment", fields), mine.name));
    MW_ASSIGN(const Record approved,
              made(store.step(by, "supervision_assignment", proposed.id, proposed.version, "approve", {}),
                   mine.name));
    static_cast<void>(approved);
  }
  return {};
}

Result<std::optional<Record>> find_one(record::Store& store, const Actor& actor, std::string_view type,
                                       const Fields& equals) {
  std::optional<Record> out;
  MW_TRY(store.write([&](record::Writer& writer) -> Status {
    MW_ASSIGN(out, writer.find(actor, type, equals));
    return {};
  }));
  return out;
}

/// An account of the organisation that has the role.
Result<Actor> actor_with_role(record::Store& store, RecordId organisation, std::string_view role) {
  record::ListQuery query;
  query.type = "account";
  query.filters = {{"organisation", record::Filter::Op::eq, {organisation.text()}}};
  MW_ASSIGN(const record::Page page, store.list(Actor::system("system:demo"), query));
  for (const Record& account : page.records) {
    const auto roles = account.fields.find("roles");
    const auto* codes =
        roles == account.fields.end() ? nullptr : std::get_if<std::vector<std::string>>(&roles->second);
    if (!codes || std::find(codes->begin(), codes->end(), role) == codes->end()) continue;
    Actor actor;
    actor.account = account.id;
    actor.name = account.text("name");
    actor.roles = {codes->begin(), codes->end()};
    actor.organisation = organisation;
    actor.scope.root = organisation;
    actor.origin = "demo";
    return actor;
  }
  return not_found(fmt::format("the example has no account with the role {} at that mine", role));
}

Status file_plan(record::Store& store, const SimulatedPlan& plan) {
  MW_ASSIGN(const auto mine, find_one(store, Actor::system("system:demo"), "mine", {{"code", plan.mine}}));
  if (!mine) return not_found("the example plans work at the unknown mine " + plan.mine);
  const RecordId organisation = mine->reference("organisation");
  MW_ASSIGN(const Actor filer, actor_with_role(store, organisation, "dispatcher"));
  MW_ASSIGN(const Actor approver, actor_with_role(store, organisation, "mine_manager"));
  const Fields fields{{"mine", mine->id},    {"kind", plan.kind},       {"title", plan.title},
                      {"place", plan.place}, {"begins_at", plan.begin}, {"ends_at", plan.end}};
  MW_ASSIGN(const Record filed, made(store.create(filer, "planned_work", fields), plan.title));
  MW_ASSIGN(const Record approved,
            made(store.step(approver, "planned_work", filed.id, filed.version, "approve", {}), plan.title));
  static_cast<void>(approved);
  return {};
}

/// Easy to type, hard to guess: four groups of four hexadecimal digits.
std::string easy_password(Random& random) {
  const std::string hex = random_hex(random, 8);
  return fmt::format("{}-{}-{}-{}", hex.substr(0, 4), hex.substr(4, 4), hex.substr(8, 4), hex.substr(12, 4));
}

/// Columns on a terminal: a Chinese character takes two.
std::size_t width_of(std::string_view text) {
  std::size_t width = 0;
  for (const char32_t c : to_code_points(text)) width += c >= 0x1100 ? 2 : 1;
  return width;
}

std::string padded(const std::string& text, std::size_t width) {
  const std::size_t used = width_of(text);
  return text + std::string(used < width ? width - used : 1, ' ');
}

}  // namespace

Result<std::vector<DemoAccount>> make_region(Node& node, const Region& region) {
  const Actor by = Actor::system("system:demo");
  Made ids;
  MW_TRY(make_places(node.store(), by, region, ids));
  MW_TRY(make_mines(node.store(), by, region, ids));
  MW_TRY(assign_supervisors(node.store(), by, region, ids));
  std::vector<DemoAccount> out;
  for (const auto& row : region.accounts) {
    MW_ASSIGN(const RecordId organisation, id_of(ids.organisations, row.organisation, "organisation"));
    const std::string password = easy_password(node.random());
    api::NewAccount account;
    account.name = row.name;
    account.display_name = row.display_name;
    account.organisation = organisation;
    account.roles = row.roles;
    account.password = password;
    account.must_change_password = false;
    // The example's passwords are shown on the screen: a cheaper hash costs nothing there and saves seconds.
    const auto created = made(api::create_account(node.store(), by, account, {1, 8u << 20}), row.name);
    if (!created) return created.error();
    std::string where;
    for (const auto& organisation_row : region.organisations) {
      if (organisation_row.code == row.organisation) where = organisation_row.name;
    }
    out.push_back({row.name, row.display_name, join(row.roles, ","), where, password});
  }
  return out;
}

Status file_plans(Node& node, const std::vector<SimulatedPlan>& plans) {
  for (const auto& plan : plans) MW_TRY(file_plan(node.store(), plan));
  return {};
}

std::string sign_in_table(const std::vector<DemoAccount>& accounts) {
  std::string out =
      padded("account", 16) + padded("password", 22) + padded("who", 26) + padded("where", 24) + "roles\n";
  for (const auto& a : accounts) {
    out += padded(a.name, 16) + padded(a.password, 22) + padded(a.display_name, 26) +
           padded(a.organisation, 24) + a.roles + "\n";
  }
  return out;
}

std::string sign_in_json(const std::vector<DemoAccount>& accounts) {
  std::string out;
  JsonWriter json(out);
  json.begin_array();
  for (const auto& a : accounts) {
    json.begin_object()
        .member("name", a.name)
        .member("password", a.password)
        .member("display_name", a.display_name)
        .member("organisation", a.organisation)
        .member("roles", a.roles)
        .end_object();
  }
  json.end_array();
  out += "\n";
  return out;
}

}  // namespace mineward::app
