/// A way to withdraw what was entered by mistake, for every type whose pack has none.
#include "pack/withdrawal.h"

#include <algorithm>
#include <set>

namespace mineward::pack {
namespace {

constexpr std::string_view kGoneStates[] = {"withdrawn", "cancelled", "void"};
constexpr std::string_view kGoneFields[] = {"withdrawn", "removed", "disabled"};

template <std::size_t N>
bool among(const std::string_view (&names)[N], std::string_view name) {
  return std::find(std::begin(names), std::end(names), name) != std::end(names);
}

/// Who may enter or change such a record, and superiors.
std::vector<std::string> withdrawers(const RecordType& type, const Catalog& catalog) {
  std::vector<std::string> out;
  const auto add = [&](const std::string& role) {
    if (role != "*" && std::find(out.begin(), out.end(), role) == out.end()) out.push_back(role);
  };
  for (const auto& role : type.access.create) add(role);
  for (const auto& role : type.access.update) add(role);
  for (const auto& role : catalog.roles) {
    const auto& read = type.access.read;
    const bool reads = std::any_of(read.begin(), read.end(),
                                   [&](const auto& name) { return name == "*" || name == role.name; });
    if (role.withdraws && reads) add(role.name);
  }
  return out;
}

void give_field(RecordType& type) {
  Field field;
  field.name = kWithdrawn;
  field.label = {"已作废", "Withdrawn"};
  field.type = FieldType::boolean;
  field.system = true;
  field.default_value = "false";
  field.place = type.place;
  type.fields.push_back(std::move(field));
}

void give_step(Workflow& flow, const std::vector<std::string>& roles) {
  Transition step;
  step.name = kWithdraw;
  step.label = {"作废", "Withdraw"};
  for (const auto& state : flow.states) {
    if (!state.final) step.from.push_back(state.name);
  }
  step.to = kWithdrawn;
  step.roles = roles;
  step.reason_required = true;
  step.danger = "confirm";
  step.source = {{}, "错录的记录作废，留存理由", "D"};
  flow.states.push_back({std::string(kWithdrawn), {"已作废", "Withdrawn"}, false, true});
  flow.transitions.push_back(std::move(step));
  for (auto& clock : flow.clocks) clock.ends_in.emplace_back(kWithdrawn);
}

}  // namespace

bool is_gone_state(const Workflow& flow, std::string_view name) {
  const State* state = flow.state(name);
  return state && state->final && among(kGoneStates, name);
}

const Field* gone_field(const RecordType& type) {
  for (const auto& field : type.fields) {
    if (field.type == FieldType::boolean && among(kGoneFields, field.name)) return &field;
  }
  return nullptr;
}

void give_withdrawal(Catalog& catalog) {
  std::set<std::string> kept;  // workflows that stay as they are: a type that follows them opted out
  for (const auto& type : catalog.record_types) {
    if (type.withdrawal == Withdrawal::none || type.access.create.empty()) kept.insert(type.workflow);
  }
  std::map<std::string, std::vector<std::string>> given;  // workflow -> roles
  for (auto& type : catalog.record_types) {
    if (type.withdrawal == Withdrawal::none) continue;
    const Workflow* flow = catalog.workflow(type.workflow);
    const auto ends = [&](const Transition& step) { return is_gone_state(*flow, step.to); };
    if (gone_field(type) || (flow && std::any_of(flow->transitions.begin(), flow->transitions.end(), ends)))
      continue;
    const bool free =
        !flow || (!kept.contains(flow->name) && !flow->state(kWithdrawn) && !flow->transition(kWithdraw));
    if (type.access.create.empty() || type.field(kWithdrawn) || !free) {
      type.withdrawal = Withdrawal::none;
      continue;
    }
    type.withdrawn_by = withdrawers(type, catalog);
    type.withdrawal = flow ? Withdrawal::step : Withdrawal::flag;
    if (!flow) {
      give_field(type);
      continue;
    }
    auto& roles = given[flow->name];
    for (const auto& role : type.withdrawn_by) {
      if (std::find(roles.begin(), roles.end(), role) == roles.end()) roles.push_back(role);
    }
  }
  for (auto& flow : catalog.workflows) {
    if (const auto roles = given.find(flow.name); roles != given.end()) give_step(flow, roles->second);
  }
}

}  // namespace mineward::pack
