/// Workflows: a flow must begin somewhere, every state must be reachable and be left or final, every step
/// must be possible for somebody, and every field that it names must be one of the records that follow it.
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/text.h"
#include "base/time.h"
#include "pack/resolve.h"

namespace mineward::pack {
namespace {

class WorkflowCheck {
 public:
  WorkflowCheck(const Row<Workflow>& row, const Catalog& catalog, Report& report)
      : row_(row), flow_(row.value), catalog_(catalog), report_(report), file_(row.place.file) {}

  void run() {
    for (const auto& type : catalog_.record_types) {
      if (type.workflow == flow_.name) users_.push_back(&type);
    }
    if (users_.empty() && !flow_.name.empty()) {
      report_.add(
          row_.place,
          fmt::format("found workflow \"{}\" that no record follows, expected a record with workflow: {}",
                      flow_.name, flow_.name));
    }
    states();
    steps();
    reach();
  }

 private:
  void add(int line, std::string message) { report_.add(file_, line, std::move(message)); }
  const Node& state_node(std::size_t i) const { return row_.node->get("states")->items[i]; }
  const Node& step_node(std::size_t i) const { return row_.node->get("transitions")->items[i]; }

  void states() {
    std::set<std::string> seen;
    int initial = 0;
    for (std::size_t i = 0; i < flow_.states.size(); ++i) {
      const State& state = flow_.states[i];
      if (!state.name.empty() && !seen.insert(state.name).second) {
        add(state_node(i).line,
            fmt::format("found state \"{}\" a second time in workflow \"{}\", expected the name once",
                        state.name, flow_.name));
      }
      initial += state.initial ? 1 : 0;
    }
    if (initial != 1) {
      add(row_.node->line_of("states"),
          fmt::format("found {} initial states in workflow \"{}\", expected exactly one with initial: true",
                      initial == 0 ? "no" : std::to_string(initial), flow_.name));
    }
  }

  void steps() {
    std::set<std::string> seen;
    for (std::size_t i = 0; i < flow_.transitions.size(); ++i) {
      const Transition& step = flow_.transitions[i];
      const Node& node = step_node(i);
      if (!node.is_map()) continue;
      if (!step.name.empty() && !seen.insert(step.name).second) {
        add(node.line,
            fmt::format("found step \"{}\" a second time in workflow \"{}\", expected the name once",
                        step.name, flow_.name));
      }
      step_states(step, node);
      step_roles(step, node);
      for (const RecordType* type : users_) step_fields(step, node, *type);
    }
  }

  void step_states(const Transition& step, const Node& node) {
    const auto known = [&](const std::string& name, std::string_view key) {
      if (name.empty() || flow_.state(name)) return;
      std::vector<std::string> names;
      for (const auto& state : flow_.states) names.push_back(state.name);
      add(node.line_of(key), fmt::format("found state \"{}\" in \"{}\" of step \"{}\", expected one of {}",
                                         name, key, step.name, fmt::join(names, ", ")));
    };
    for (const auto& from : step.from) known(from, "from");
    known(step.to, "to");
    if (const Node* from = node.get("from"); from && from->is_list() && from->items.empty()) {
      add(node.line_of("from"),
          fmt::format("found step \"{}\" with no state to take it from, expected at least one", step.name));
    }
  }

  void step_roles(const Transition& step, const Node& node) {
    const Node* program = node.get("program");
    const bool by_program = program && program->text == "true";
    if (step.roles.empty() && !by_program) {
      add(node.line,
          fmt::format("found step \"{}\" that nobody can take, expected roles, or program: true", step.name));
    }
    if (!step.roles.empty() && by_program) {
      add(node.line_of("program"),
          fmt::format("found roles and program: true in step \"{}\", expected one of the two", step.name));
    }
    for (const auto& role : step.roles) {
      if (!catalog_.role(role)) {
        add(node.line_of("roles"),
            fmt::format("found role \"{}\" in step \"{}\", expected a role that a pack declares", role,
                        step.name));
      }
    }
  }

  void step_fields(const Transition& step, const Node& node, const RecordType& type) {
    for (const auto& name : step.required) known(step, node, type, "required", name);
    for (const auto& name : step.editable) {
      const bool said = std::find(step.required.begin(), step.required.end(), name) != step.required.end() &&
                        !type.field(name);
      const Field* field = said ? nullptr : known(step, node, type, "editable", name);
      if (field && field->system) {
        add(node.line_of("editable"), fmt::format("found field \"{}\" in \"editable\" of step \"{}\", "
                                                  "expected a field of \"{}\" without system: true",
                                                  name, step.name, type.name));
      }
    }
    for (const auto& name : step.evidence) {
      const Field* field = known(step, node, type, "evidence", name);
      if (field && field->type != FieldType::attachments) {
        add(node.line_of("evidence"),
            fmt::format(
                "found field \"{}\" in \"evidence\" of step \"{}\", expected a field of type attachments",
                name, step.name));
      }
    }
    for (const auto& name : step.distinct_from) {
      const Field* field = known(step, node, type, "distinct_from", name);
      if (field && (field->type != FieldType::reference || field->target != "account")) {
        add(node.line_of("distinct_from"),
            fmt::format(
                "found field \"{}\" in \"distinct_from\" of step \"{}\", expected a reference to account",
                name, step.name));
      }
    }
    for (const auto& condition : step.when) known(step, node, type, "when", condition.field);
    step_sets(step, node, type, "sets", step.sets);
    step_sets(step, node, type, "return_sets", step.return_sets);
    if (!step.return_sets.empty() && step.return_to.empty())
      add(node.line_of("return_sets"),
          fmt::format("found return_sets in step \"{}\" without return_to, expected both or neither",
                      step.name));
  }

  void step_sets(const Transition& step, const Node& node, const RecordType& type, std::string_view key,
                 const std::map<std::string, std::string>& sets) {
    for (const auto& [name, value] : sets) {
      const Field* field = known(step, node, type, key, name);
      if (field && !can_hold(*field, value)) {
        add(node.line_of(key), fmt::format("found {} for field \"{}\" in \"{}\" of step \"{}\", "
                                           "expected a value that the field can hold",
                                           quoted(value), name, key, step.name));
      }
    }
  }

  const Field* known(const Transition& step, const Node& node, const RecordType& type, std::string_view key,
                     const std::string& name) {
    const Field* field = type.field(name);
    if (!field) {
      std::vector<std::string> names;
      for (const auto& f : type.fields) names.push_back(f.name);
      const std::string near = nearest(name, names);
      add(node.line_of(key),
          fmt::format("found field \"{}\" in \"{}\" of step \"{}\", expected a field of record \"{}\"{}",
                      name, key, step.name, type.name, near.empty() ? "" : fmt::format(" (\"{}\"?)", near)));
    }
    return field;
  }

  bool can_hold(const Field& field, const std::string& value) const {
    if (value == "unset") return !field.required;
    switch (field.type) {
      case FieldType::text:
      case FieldType::long_text: return true;
      case FieldType::integer:
      case FieldType::money: return parse_integer(value).has_value();
      case FieldType::decimal: return parse_number(value).has_value();
      case FieldType::boolean: return value == "true" || value == "false";
      case FieldType::date: return value == "today" || parse_date(value).ok();
      case FieldType::instant: return value == "now" || parse_time(value).ok();
      case FieldType::choice: {
        const Dictionary* dictionary = catalog_.dictionary(field.dictionary);
        return !dictionary || dictionary->entry(value);
      }
      case FieldType::reference:
        return (value == "me" && field.target == "account") ||
               (value == "my_organisation" && field.target == "organisation");
      case FieldType::choices:
      case FieldType::attachments: return false;
    }
    return false;
  }

  /// Walks from the initial state; what is never met cannot happen.
  void reach() {
    std::set<std::string> reached;
    for (const auto& state : flow_.states) {
      if (state.initial) reached.insert(state.name);
    }
    if (reached.empty()) return;  // said already
    for (bool grown = true; grown;) {
      grown = false;
      for (const auto& step : flow_.transitions) {
        const bool possible = std::any_of(step.from.begin(), step.from.end(),
                                          [&](const auto& from) { return reached.contains(from); });
        if (possible && reached.insert(step.to).second) grown = true;
      }
    }
    for (std::size_t i = 0; i < flow_.states.size(); ++i) {
      const State& state = flow_.states[i];
      if (state.name.empty()) continue;
      if (!reached.contains(state.name)) {
        add(state_node(i).line, fmt::format("found state \"{}\" of workflow \"{}\" that no step leads to, "
                                            "expected a way from the initial state",
                                            state.name, flow_.name));
      } else if (!state.final && !left(state.name)) {
        add(state_node(i).line, fmt::format("found state \"{}\" of workflow \"{}\" that no step leaves, "
                                            "expected a step from it, or final: true",
                                            state.name, flow_.name));
      }
    }
  }
  bool left(const std::string& state) const {
    return std::any_of(flow_.transitions.begin(), flow_.transitions.end(), [&](const auto& step) {
      return step.to != state && std::find(step.from.begin(), step.from.end(), state) != step.from.end();
    });
  }

  const Row<Workflow>& row_;
  const Workflow& flow_;
  const Catalog& catalog_;
  Report& report_;
  const std::string& file_;
  std::vector<const RecordType*> users_;
};

}  // namespace

void check_workflows(const Draft& draft, const Catalog& catalog, Report& report) {
  for (const auto& row : draft.workflows) WorkflowCheck(row, catalog, report).run();
}

}  // namespace mineward::pack
