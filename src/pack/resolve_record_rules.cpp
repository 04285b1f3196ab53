/// What a record type says beyond its columns: every field, table, state and role that it names must be
/// there, and of a kind that the rule can work with.
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/text.h"
#include "pack/resolve.h"

namespace mineward::pack {
namespace {

bool is_time(const Field& f) { return f.type == FieldType::date || f.type == FieldType::instant; }
bool is_number(const Field& f) {
  return f.type == FieldType::integer || f.type == FieldType::decimal || f.type == FieldType::money;
}
bool is_text(const Field& f) { return f.type == FieldType::text || f.type == FieldType::long_text; }

/// Checks the rules of one record type.
class RulesCheck {
 public:
  RulesCheck(const Row<RecordType>& row, const Catalog& catalog, Report& report)
      : row_(row), type_(row.value), catalog_(catalog), report_(report) {}

  void run() {
    protection();
    each("raises", type_.raises, [&](const Raise& r, const Node& n) { raise(r, n); });
    each("checks", type_.checks, [&](const RecordRule& c, const Node& n) { check(c, n); });
    each("computes", type_.computes, [&](const Compute& c, const Node& n) { compute(c, n); });
    closing();
  }

 private:
  template <class T, class Work>
  void each(std::string_view key, const std::vector<T>& rules, Work work) {
    const Node* nodes = row_.node->get(key);
    for (std::size_t i = 0; nodes && i < rules.size() && i < nodes->items.size(); ++i) {
      if (nodes->items[i].is_map()) work(rules[i], nodes->items[i]);
    }
  }
  template <class... Args>
  void add(int line, fmt::format_string<Args...> form, Args&&... args) {
    report_.add(row_.place.file, line, fmt::format(form, std::forward<Args>(args)...));
  }

  const Field* known(const std::string& name, std::string_view key, const Node& node) {
    if (name.empty()) return nullptr;
    const Field* field = type_.field(name);
    if (!field)
      add(node.line_of(key),
          "found field \"{}\" in \"{}\" of a rule of record \"{}\", expected one of its fields", name, key,
          type_.name);
    return field;
  }
  /// A field that must be there and of a kind.
  const Field* kind(const std::string& name, std::string_view key, const Node& node,
                    bool (*fits)(const Field&), std::string_view expected) {
    if (name.empty()) {
      add(node.line, "found a rule of record \"{}\" without \"{}\", expected {}", type_.name, key, expected);
      return nullptr;
    }
    const Field* field = known(name, key, node);
    if (field && !fits(*field))
      add(node.line_of(key), "found field \"{}\" in \"{}\" of record \"{}\", expected {}", name, key,
          type_.name, expected);
    return field;
  }

  // ---- fields that are protected

  void protection() {
    const Node* nodes = row_.node->get("fields");
    for (std::size_t i = 0; nodes && i < type_.fields.size(); ++i) {
      const Field& f = type_.fields[i];
      const Node& node = nodes->items[i];
      if (!node.is_map()) continue;
      if (!f.format.empty() && f.type != FieldType::text)
        add(node.line_of("format"),
            "found format in field \"{}\" of record \"{}\", expected it only in fields of type text", f.name,
            type_.name);
      if (!f.first_of.empty() && f.type != FieldType::date)
        add(node.line_of("first_of"),
            "found first_of in field \"{}\" of record \"{}\", expected it only in fields of type date",
            f.name, type_.name);
      for (const auto& role : f.reveal) {
        if (!catalog_.role(role))
          add(node.line_of("reveal"),
              "found role \"{}\" in \"reveal\" of record \"{}\", expected a role that a pack declares", role,
              type_.name);
      }
      if (f.protect.empty()) continue;
      if (!is_text(f) || f.searchable || f.secret)
        add(node.line_of("protect"),
            "found protect in field \"{}\" of record \"{}\", expected a text that is neither searchable nor "
            "secret",
            f.name, type_.name);
      const auto listed = [&](const std::vector<std::string>& names) {
        return std::find(names.begin(), names.end(), f.name) != names.end();
      };
      const auto in_sets = [&](const auto& sets) { return std::any_of(sets.begin(), sets.end(), listed); };
      if (listed(type_.list_fields) || in_sets(type_.unique) || in_sets(type_.indexes) ||
          type_.title_field == f.name)
        add(node.line_of("protect"),
            "found protected field \"{}\" in title, list, unique or indexes of record \"{}\", expected it in "
            "none of them",
            f.name, type_.name);
    }
  }

  // ---- what is closed

  void closing() {
    const Node* node = row_.node->get("closed");
    if (!node || !node->is_map()) return;
    conditions_of(type_, type_.closed.when, "when", *node);
    const Dictionary* systems = catalog_.dictionary("system");
    for (const auto& system : type_.closed.except) {
      if (systems && !systems->entry(system))
        add(node->line_of("except"),
            "found system \"{}\" in \"closed\" of record \"{}\", expected a code of "
            "dictionary \"system\"",
            system, type_.name);
    }
  }

  /// Fields and states of conditions on a type.
  void conditions_of(const RecordType& type, const Conditions& when, std::string_view key, const Node& node) {
    const Workflow* flow = catalog_.workflow(type.workflow);
    for (const auto& c : when) {
      if (c.field == "state") {
        for (const auto& value : c.values) {
          if (!flow || !flow->state(value))
            add(node.line_of(key),
                "found state \"{}\" in \"{}\" of a rule of record \"{}\", expected one of \"{}\"", value, key,
                type_.name, type.name);
        }
        continue;
      }
      const Field* field = type.field(c.field);
      const Dictionary* codes = field ? catalog_.dictionary(field->dictionary) : nullptr;
      if (!field)
        add(node.line_of(key),
            "found field \"{}\" in \"{}\" of a rule of record \"{}\", expected one of \"{}\"", c.field, key,
            type_.name, type.name);
      for (const auto& value : c.values) {
        if (codes && !codes->entry(value))
          add(node.line_of(key),
              "found \"{}\" for \"{}\" in \"{}\" of record \"{}\", expected a code of dictionary \"{}\"",
              value, c.field, key, type_.name, codes->name);
      }
    }
  }

  // ---- raises

  void each_of(const Raise& r, const RecordType& target, const Node& node) {
    if (r.each.empty()) {
      if (!r.each_when.empty())
        add(node.line_of("each_when"),
            "found each_when in a raise of record \"{}\" without each, expected both", type_.name);
      return;
    }
    const Field* into = target.field(r.each);
    const RecordType* named =
        into && into->type == FieldType::reference ? catalog_.record_type(into->target) : nullptr;
    if (!named) {
      add(node.line_of("each"),
          "found \"{}\" in \"each\" of record \"{}\", expected a reference field of \"{}\"", r.each,
          type_.name, target.name);
      return;
    }
    conditions_of(*named, r.each_when, "each_when", node);
  }

  void raise(const Raise& r, const Node& node) {
    const RecordType* target = catalog_.record_type(r.record);
    if (!target) {
      add(node.line_of("record"),
          "found record \"{}\" in a raise of record \"{}\", expected one that a pack declares", r.record,
          type_.name);
      return;
    }
    for (const auto& [there, here] : r.sets) {
      const Field* to = target->field(there);
      if (!to) {
        add(node.line_of("sets"), "found field \"{}\" in \"sets\", expected a field of record \"{}\"", there,
            target->name);
        continue;
      }
      if (here.starts_with('=') || here == "id") continue;
      const Field* from = field_at(here, "sets", node);
      if (!from) continue;
      const bool fits = (from->type == to->type || (is_text(*from) && is_text(*to)) ||
                         (is_number(*from) && is_number(*to)) || (is_time(*from) && is_time(*to))) &&
                        from->target == to->target;
      if (!fits)
        add(node.line_of("sets"),
            "found \"{}: {}\" in \"sets\" of record \"{}\", expected a field of the same kind, id or "
            "\"=literal\"",
            there, here, type_.name);
    }
    each_of(r, *target, node);
    for (const auto& role : r.roles) {
      if (!catalog_.role(role))
        add(node.line_of("roles"),
            "found role \"{}\" in a raise of record \"{}\", expected a role that a pack declares", role,
            type_.name);
    }
    const Workflow* flow = catalog_.workflow(type_.workflow);
    for (const auto& state : r.in) {
      if (!flow || !flow->state(state))
        add(node.line_of("in"),
            "found state \"{}\" in a raise of record \"{}\", expected one of its workflow", state,
            type_.name);
    }
  }

  // ---- checks

  void check(const RecordRule& c, const Node& node) {
    using Rule = RecordRule::Rule;
    condition_fields(c.when, node);
    switch (c.rule) {
      case Rule::order:
        at_least_two(c.fields, node);
        for (const auto& f : c.fields) kind(f, "fields", node, is_time, "dates or times");
        return;
      case Rule::one_of:
        if (c.fields.empty() || c.when.empty()) at_least_two(c.fields, node);
        for (const auto& f : c.fields) known(f, "fields", node);
        return;
      case Rule::sum_within:
        for (const auto& f : c.fields) kind(f, "fields", node, is_number, "numbers");
        kind(c.field, "field", node, is_number, "a number");
        return;
      case Rule::single:
        if (c.per.empty())
          add(node.line, "found a check single of record \"{}\" without per, expected fields", type_.name);
        for (const auto& f : c.per) known(f, "per", node);
        return;
      case Rule::not_past: kind(c.field, "field", node, is_time, "a date or time"); return;
      case Rule::not_future:
        if (c.fields.empty()) kind("", "fields", node, is_time, "dates or times");
        for (const auto& f : c.fields) kind(f, "fields", node, is_time, "dates or times");
        return;
      case Rule::needs: return needs(c, node);
      case Rule::same:
        if (c.paths.size() < 2)
          add(node.line, "found {} paths in a check of record \"{}\", expected two or more", c.paths.size(),
              type_.name);
        for (const auto& path : c.paths) {
          if (path != "id") field_at(path, "paths", node);
        }
        return;
      case Rule::within: {
        kind(c.field, "field", node, is_number, "a number");
        const DecisionTable* table = table_of(c.table, c.on, c.from, node);
        for (const auto& [key, name] : {std::pair{"least", c.least}, std::pair{"most", c.most}}) {
          const TableOutput* output = table ? table->output(name) : nullptr;
          if (table && (!output || output->kind != TableOutput::Kind::number))
            add(node.line_of(key),
                "found output \"{}\" in \"{}\" of record \"{}\", expected an output of table \"{}\" that is "
                "a number",
                name, key, type_.name, table->name);
        }
        return;
      }
    }
  }

  /// Fields there, or its id, that must equal fields here.
  void matches(const std::map<std::string, std::string>& match, const RecordType& other, const Node& node) {
    for (const auto& [there, here] : match) {
      const Field* to = other.field(there);
      const Field* from = here == "id" ? nullptr : known(here, "match", node);
      const bool names = !from || (from->type == FieldType::reference && from->target == other.name);
      const bool named = to && to->type == FieldType::reference && to->target == type_.name;
      const bool same = to && (!from || (from->type == to->type && from->target == to->target));
      if (there == "id" ? here == "id" || !names : here == "id" ? !named : !same)
        add(node.line_of("match"),
            "found \"{}: {}\" in \"match\" of record \"{}\", expected a field of \"{}\" and one of the same "
            "kind here, or the id of either and a reference to it",
            there, here, type_.name, other.name);
    }
  }

  void needs(const RecordRule& c, const Node& node) {
    known(c.field, "field", node);
    const RecordType* other = catalog_.record_type(c.record);
    if (!other || c.match.empty() || c.field.empty()) {
      add(node.line,
          "found a check needs of record \"{}\" without field, match or a record that a pack declares, "
          "expected all of them",
          type_.name);
      return;
    }
    matches(c.match, *other, node);
    conditions_of(*other, c.alike, "alike", node);
    const Field* until = c.until.empty() ? nullptr : other->field(c.until);
    if (!c.until.empty() && (!until || until->type != FieldType::date))
      add(node.line_of("until"), "found \"{}\" in \"until\" of record \"{}\", expected a date of \"{}\"",
          c.until, type_.name, other->name);
  }

  void at_least_two(const std::vector<std::string>& fields, const Node& node) {
    if (fields.size() < 2)
      add(node.line_of("fields"), "found {} fields in a check of record \"{}\", expected two or more",
          fields.size(), type_.name);
  }

  void condition_fields(const Conditions& when, const Node& node) {
    for (const auto& c : when) {
      if (c.field == "state" && !type_.workflow.empty()) {
        const Workflow* flow = catalog_.workflow(type_.workflow);
        for (const auto& value : c.values) {
          if (flow && !flow->state(value))
            add(node.line_of("when"),
                "found state \"{}\" in \"when\" of record \"{}\", expected one of its workflow", value,
                type_.name);
        }
      } else {
        known(c.field, "when", node);
      }
    }
  }

  /// The table with its inputs; adds what is wrong.
  const DecisionTable* table_of(const std::string& name, const std::string& on,
                                const std::map<std::string, std::string>& from, const Node& node) {
    const DecisionTable* table = catalog_.table(name);
    if (!table) {
      add(node.line_of("table"),
          "found table \"{}\" in a rule of record \"{}\", expected one that a pack declares", name,
          type_.name);
      return nullptr;
    }
    kind(on, "on", node, is_time, "a date or time of the fact");
    for (const auto& [input, path] : from) {
      const TableInput* asked = table->input(input);
      if (!asked) {
        add(node.line_of("from"),
            "found input \"{}\" in a rule of record \"{}\", expected one that table \"{}\" asks for", input,
            type_.name, table->name);
        continue;
      }
      const Field* field = field_at(path, "from", node);
      if (!field) continue;
      const bool code = field->type == FieldType::choice || field->type == FieldType::choices ||
                        field->type == FieldType::boolean || is_text(*field);
      if (asked->is_number ? !is_number(*field) : !code)
        add(node.line_of("from"), "found field \"{}\" for input \"{}\" of table \"{}\", expected a {}", path,
            input, table->name, asked->is_number ? "number" : "choice, flag or text");
    }
    return table;
  }

  /// "kind" or "risk.mine.kind": a field, or a field of what references lead to.
  const Field* field_at(const std::string& path, std::string_view key, const Node& node) {
    const RecordType* type = &type_;
    const Field* field = nullptr;
    for (const auto part : split(path, '.')) {
      field = type ? type->field(part) : nullptr;
      if (!field) break;
      type = field->type == FieldType::reference ? catalog_.record_type(field->target) : nullptr;
    }
    if (!field)
      add(node.line_of(key),
          "found \"{}\" in \"{}\" of a rule of record \"{}\", expected a field, or a way over references to "
          "one",
          path, key, type_.name);
    return field;
  }

  // ---- computes

  void compute(const Compute& c, const Node& node) {
    using Rule = Compute::Rule;
    switch (c.rule) {
      case Rule::decide: return decides(c, node);
      case Rule::product:
      case Rule::sum:
        for (const auto& name : c.of) {
          const bool way = name.find('.') != std::string::npos;  // over references
          const Field* field = way ? field_at(name, "of", node) : known(name, "of", node);
          if (field && !is_number(*field) && field->type != FieldType::choice)
            add(node.line_of("of"),
                "found field \"{}\" in \"of\" of record \"{}\", expected a number or a choice", name,
                type_.name);
        }
        result(c.into, node, is_number, "a number");
        return;
      case Rule::difference:
      case Rule::quotient:
        if (c.of.size() != 2)
          add(node.line_of("of"), "found {} fields in \"of\" of record \"{}\", expected two", c.of.size(),
              type_.name);
        for (const auto& name : c.of) known(name, "of", node);
        result(c.into, node, is_number, "a number");
        return;
      case Rule::date_after:
        if (c.of.size() != 1)
          add(node.line_of("of"), "found {} fields in \"of\" of record \"{}\", expected one", c.of.size(),
              type_.name);
        for (const auto& name : c.of) kind(name, "of", node, is_time, "a date or time");
        if (!c.table.empty()) months(c, node);
        result(c.into, node, is_time, "a date or time");
        return;
      case Rule::total: return total(c, node);
    }
  }

  void total(const Compute& c, const Node& node) {
    const RecordType* other = catalog_.record_type(c.record);
    if (!other || c.match.empty()) {
      add(node.line,
          "found a total of record \"{}\" without match or a record that a pack declares, expected both",
          type_.name);
      return;
    }
    matches(c.match, *other, node);
    conditions_of(*other, c.when, "when", node);
    const Field* added = c.add.empty() ? nullptr : other->field(c.add);
    if (!c.add.empty() && (!added || !is_number(*added) || !added->protect.empty()))
      add(node.line_of("add"), "found \"{}\" in \"add\" of record \"{}\", expected a number of \"{}\"", c.add,
          type_.name, other->name);
    const bool in_time = !c.since.empty() || !c.until.empty();
    const Field* at = c.at.empty() ? nullptr : other->field(c.at);
    if (in_time == c.at.empty() || (!c.at.empty() && c.at != "created_at" && (!at || !is_time(*at))))
      add(node.line_of("at"),
          "found \"{}\" in \"at\" of record \"{}\", expected a date or time of \"{}\" with since or until, "
          "or "
          "none of them",
          c.at, type_.name, other->name);
    for (const auto& [key, name] : {std::pair{"since", &c.since}, std::pair{"until", &c.until}}) {
      const Field* field = known(*name, key, node);
      if (field && !is_time(*field))
        add(node.line_of(key), "found field \"{}\" in \"{}\" of record \"{}\", expected a date or time",
            *name, key, type_.name);
    }
    result(c.into, node, is_number, "a number");
  }

  void months(const Compute& c, const Node& node) {
    const DecisionTable* table = table_of(c.table, c.on, c.from, node);
    const TableOutput* output = table && !c.gives.empty() ? table->output(c.gives.begin()->first) : nullptr;
    if (table && (!output || output->kind != TableOutput::Kind::number))
      add(node.line_of("gives"),
          "found no output of table \"{}\" in \"gives\" of record \"{}\", expected the one that holds months",
          c.table, type_.name);
  }

  void decides(const Compute& c, const Node& node) {
    const DecisionTable* table = table_of(c.table, c.on, c.from, node);
    for (const auto& [name, into] : c.gives) {
      const TableOutput* output = table ? table->output(name) : nullptr;
      if (table && !output)
        add(node.line_of("gives"),
            "found output \"{}\" in \"gives\" of record \"{}\", expected one of table \"{}\"", name,
            type_.name, table->name);
      const Field* field = written(into, "gives", node);
      const bool fits =
          !field || !output ||
          (output->kind == TableOutput::Kind::number ? is_number(*field)
                                                     : is_text(*field) || field->type == FieldType::choice);
      if (!fits)
        add(node.line_of("gives"),
            "found field \"{}\" for output \"{}\" of table \"{}\", expected one of its kind", into, name,
            table->name);
      if (field && output && field->type == FieldType::choice && !output->dictionary.empty() &&
          field->dictionary != output->dictionary)
        add(node.line_of("gives"),
            "found field \"{}\" of dictionary \"{}\" for output \"{}\", expected dictionary \"{}\"", into,
            field->dictionary, name, output->dictionary);
    }
    if (!c.row.empty()) {
      const Field* field = written(c.row, "row", node);
      if (field && field->type != FieldType::text)
        add(node.line_of("row"), "found field \"{}\" in \"row\", expected a text", c.row);
    }
    if (!c.provisional.empty()) {
      const Field* field = written(c.provisional, "provisional", node);
      if (field && field->type != FieldType::boolean)
        add(node.line_of("provisional"), "found field \"{}\" in \"provisional\", expected a boolean",
            c.provisional);
    }
  }

  const Field* written(const std::string& name, std::string_view key, const Node& node) {
    const Field* field = known(name, key, node);
    if (field && !field->system)
      add(node.line_of(key),
          "found field \"{}\" of record \"{}\" that is worked out, expected it with system: true", name,
          type_.name);
    return field;
  }
  void result(const std::string& name, const Node& node, bool (*fits)(const Field&),
              std::string_view expected) {
    kind(name, "into", node, fits, expected);
    if (type_.field(name)) written(name, "into", node);
  }

  const Row<RecordType>& row_;
  const RecordType& type_;
  const Catalog& catalog_;
  Report& report_;
};

/// Signatures and clocks of one workflow, for the record types that follow it.
class FlowRulesCheck {
 public:
  FlowRulesCheck(const Row<Workflow>& row, const Catalog& catalog, Report& report)
      : row_(row), flow_(row.value), catalog_(catalog), report_(report) {
    for (const auto& type : catalog_.record_types) {
      if (type.workflow == flow_.name) users_.push_back(&type);
    }
  }

  void run() {
    const Node* steps = row_.node->get("transitions");
    for (std::size_t i = 0; steps && i < flow_.transitions.size(); ++i) {
      if (!steps->items[i].is_map()) continue;
      signatures(flow_.transitions[i], steps->items[i]);
      effects(flow_.transitions[i], steps->items[i]);
    }
    const Node* clocks = row_.node->get("clocks");
    std::set<std::string> seen;
    for (std::size_t i = 0; clocks && i < flow_.clocks.size(); ++i) {
      if (!clocks->items[i].is_map()) continue;
      if (!seen.insert(flow_.clocks[i].name).second)
        add(clocks->items[i].line,
            "found clock \"{}\" a second time in workflow \"{}\", expected the name once",
            flow_.clocks[i].name, flow_.name);
      clock(flow_.clocks[i], clocks->items[i]);
    }
  }

 private:
  template <class... Args>
  void add(int line, fmt::format_string<Args...> form, Args&&... args) {
    report_.add(row_.place.file, line, fmt::format(form, std::forward<Args>(args)...));
  }

  void roles(const std::vector<std::string>& names, std::string_view key, const Node& node) {
    for (const auto& role : names) {
      if (!catalog_.role(role))
        add(node.line_of(key),
            "found role \"{}\" in \"{}\" of workflow \"{}\", expected a role that a pack declares", role, key,
            flow_.name);
    }
  }

  void signatures(const Transition& step, const Node& node) {
    std::set<std::string> seen;
    for (const auto& signature : step.sign_off) {
      roles(signature.roles, "sign_off", node);
      if (signature.roles.empty() || signature.count < 1 || signature.count > 20)
        add(node.line_of("sign_off"),
            "found signature \"{}\" of {} people without roles or with an odd count, expected roles and 1 to "
            "20",
            signature.name, signature.count);
      if (!seen.insert(signature.name).second)
        add(node.line_of("sign_off"),
            "found signature \"{}\" a second time in step \"{}\", expected the name once", signature.name,
            step.name);
    }
    if (step.return_to.empty()) return;
    if (step.sign_off.empty())
      add(node.line_of("return_to"),
          "found return_to in step \"{}\" without sign_off, expected both or neither", step.name);
    if (!flow_.state(step.return_to))
      add(node.line_of("return_to"),
          "found state \"{}\" in \"return_to\" of step \"{}\", expected one of the workflow", step.return_to,
          step.name);
  }

  void effects(const Transition& step, const Node& node) {
    for (const auto& effect : step.changes) {
      for (const RecordType* type : users_) {
        const Field* of = type->field(effect.of);
        const RecordType* other =
            of && of->type == FieldType::reference ? catalog_.record_type(of->target) : nullptr;
        if (!other) {
          add(node.line_of("changes"),
              "found \"{}\" in \"changes\" of step \"{}\", expected a reference field of record \"{}\"",
              effect.of, step.name, type->name);
          continue;
        }
        for (const auto& [there, here] : effect.sets) effect_field(step, *type, *other, there, here, node);
      }
    }
  }

  void effect_field(const Transition& step, const RecordType& type, const RecordType& other,
                    const std::string& there, const std::string& here, const Node& node) {
    const Field* to = other.field(there);
    const bool word = here.starts_with('=') || here == "unset";
    const Field* from = word ? nullptr : type.field(here);
    const Dictionary* codes = to ? catalog_.dictionary(to->dictionary) : nullptr;
    const bool code = !codes || !here.starts_with('=') || codes->entry(here.substr(1));
    const bool kinds = word || (from && to &&
                                (from->type == to->type || (is_number(*from) && is_number(*to)) ||
                                 (is_time(*from) && is_time(*to)) || (is_text(*from) && is_text(*to))));
    if (!to || !code || !kinds)
      add(node.line_of("changes"),
          "found \"{}: {}\" in \"changes\" of step \"{}\", expected a field of record \"{}\" and a value for "
          "it",
          there, here, step.name, other.name);
  }

  void clock(const ClockRule& clock, const Node& node) {
    roles(clock.owed_by, "owed_by", node);
    for (const auto& [key, states] :
         {std::pair{"ends_in", &clock.ends_in}, std::pair{"pauses_in", &clock.pauses_in}}) {
      for (const auto& state : *states) {
        if (!flow_.state(state))
          add(node.line_of(key), "found state \"{}\" in \"{}\" of clock \"{}\", expected one of the workflow",
              state, key, clock.name);
      }
    }
    if (clock.ends.empty() && clock.ends_in.empty())
      add(node.line, "found clock \"{}\" that never ends, expected ends or ends_in", clock.name);
    for (const RecordType* type : users_) {
      field(*type, clock.starts, "starts", node, is_time, "a date or time");
      if (!clock.ends.empty()) field(*type, clock.ends, "ends", node, is_time, "a date or time");
      if (!clock.extended_by.empty())
        field(
            *type, clock.extended_by, "extended_by", node,
            [](const Field& f) { return f.type == FieldType::integer; }, "a whole number");
      for (const auto& c : clock.when) {
        if (c.field != "state")
          field(
              *type, c.field, "when", node, [](const Field&) { return true; }, "a field");
      }
    }
  }

  void field(const RecordType& type, const std::string& name, std::string_view key, const Node& node,
             bool (*fits)(const Field&), std::string_view expected) {
    const bool entry = name == "created_at" && key == "starts";
    const Field* found = type.field(name);
    if (!entry && (!found || !fits(*found)))
      add(node.line_of(key),
          "found \"{}\" in \"{}\" of a clock of workflow \"{}\", expected {} of record \"{}\"", name, key,
          flow_.name, expected, type.name);
  }

  const Row<Workflow>& row_;
  const Workflow& flow_;
  const Catalog& catalog_;
  Report& report_;
  std::vector<const RecordType*> users_;
};

}  // namespace

void check_totals(const Draft& draft, const Catalog& catalog, Report& report) {
  std::map<std::string, std::set<std::string>> sums;  // type -> types that it sums, over others too
  for (const auto& type : catalog.record_types) {
    for (const auto& c : type.computes) {
      if (c.rule == Compute::Rule::total) sums[type.name].insert(c.record);
    }
  }
  for (const auto& row : draft.records) {
    std::set<std::string> seen;
    std::vector<std::string> open{row.value.name};
    while (!open.empty()) {
      const auto of = sums.find(open.back());
      open.pop_back();
      if (of == sums.end()) continue;
      for (const auto& next : of->second) {
        if (seen.insert(next).second) open.push_back(next);
      }
    }
    if (seen.contains(row.value.name))
      report.add(
          row.at("computes"),
          fmt::format("found a total of record \"{}\" that sums itself, over others or not, expected no "
                      "circle",
                      row.value.name));
  }
}

void check_record_rules(const Draft& draft, const Catalog& catalog, Report& report) {
  for (const auto& row : draft.records) RulesCheck(row, catalog, report).run();
  for (const auto& row : draft.workflows) FlowRulesCheck(row, catalog, report).run();
}

}  // namespace mineward::pack
