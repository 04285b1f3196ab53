#include "pack/resolve.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <tuple>

#include "pack/withdrawal.h"

namespace mineward::pack {
namespace {

constexpr std::string_view kLevels[] = {"core", "national", "province", "city", "county"};

/// Rows whose names must be unique over all packs.
template <class T>
void merge(std::vector<Row<T>>& rows, std::string T::*name, std::string_view title, std::vector<T>& out,
           Report& report) {
  std::map<std::string, Place> seen;
  for (auto& row : rows) {
    const std::string& key = row.value.*name;
    if (!key.empty()) {
      const auto [it, fresh] = seen.emplace(key, row.place);
      if (!fresh) {
        report.add(row.place,
                   fmt::format("found {} \"{}\" a second time (first at {}:{}), expected the name once",
                               title, key, it->second.file, it->second.line));
        continue;
      }
    }
    out.push_back(row.value);
  }
}

void check_columns(const Row<Dictionary>& row, const Dictionary& whole,
                   const std::vector<std::string>& columns, Report& report) {
  const Node* entries = row.node->get("entries");
  for (std::size_t i = 0; i < row.value.entries.size(); ++i) {
    const auto& entry = row.value.entries[i];
    const Place place{row.place.file, entries->items[i].line};
    for (const auto& [column, text] : entry.extra) {
      if (std::find(columns.begin(), columns.end(), column) != columns.end()) continue;
      report.add(
          place,
          fmt::format(
              "found column \"{}\" in code \"{}\" of dictionary \"{}\", expected one of its columns ({})",
              column, entry.code, whole.name, fmt::join(columns, ", ")));
    }
  }
}

std::vector<std::string> columns_of(const Node& node) {
  std::vector<std::string> out;
  if (const Node* columns = node.get("columns")) {
    for (const auto& item : columns->items) out.push_back(item.text);
  }
  return out;
}

void add_entries(const Row<Dictionary>& row, Dictionary& whole, Report& report) {
  const Node* entries = row.node->get("entries");
  for (std::size_t i = 0; i < row.value.entries.size(); ++i) {
    const auto& entry = row.value.entries[i];
    if (entry.code.empty()) continue;
    if (whole.entry(entry.code)) {
      report.add({row.place.file, entries->items[i].line},
                 fmt::format("found code \"{}\" a second time in dictionary \"{}\", expected it once",
                             entry.code, whole.name));
      continue;
    }
    whole.entries.push_back(entry);
  }
}

void merge_dictionaries(Draft& draft, Catalog& catalog, Report& report) {
  std::map<std::string, std::vector<std::string>> columns;
  for (const auto& row : draft.dictionaries) {
    const std::string& name = row.value.name;
    if (name.empty()) continue;
    const Node* extend = row.node->get("extend");
    const bool extends = extend && extend->text == "true";
    const auto at = std::find_if(catalog.dictionaries.begin(), catalog.dictionaries.end(),
                                 [&](const auto& d) { return d.name == name; });
    const bool known = at != catalog.dictionaries.end();
    if (name == "role") {
      report.add(row.place, "found dictionary \"role\", expected none: it is made of the roles");
    } else if (!known && extends) {
      report.add(
          row.place,
          fmt::format(
              "found extend: true for dictionary \"{}\", expected a dictionary of that name in a pack above",
              name));
    } else if (known && !extends) {
      report.add(
          row.place,
          fmt::format("found dictionary \"{}\" a second time, expected it once, or extend: true to add to it",
                      name));
    } else {
      const auto index = static_cast<std::size_t>(at - catalog.dictionaries.begin());
      if (!known) catalog.dictionaries.push_back({name, row.value.label, {}});
      Dictionary& whole = catalog.dictionaries[index];
      for (auto& column : columns_of(*row.node)) columns[name].push_back(std::move(column));
      check_columns(row, whole, columns[name], report);
      add_entries(row, whole, report);
    }
  }
  Dictionary roles{"role", {"角色", "Role"}, {}};
  for (const auto& role : catalog.roles)
    roles.entries.push_back({role.name, role.label, {{"level", role.level}}, {}});
  catalog.dictionaries.push_back(std::move(roles));
}

/// A row without jurisdiction is in force where its pack is.
template <class T>
void set_jurisdictions(std::vector<Row<T>>& rows, const Draft& draft, Report& report) {
  for (auto& row : rows) {
    const std::string& of_pack = draft.pack_of(row.pack).jurisdiction;
    row.value.pack = draft.pack_of(row.pack).name;
    if (row.value.jurisdiction.empty()) row.value.jurisdiction = of_pack;
    if (!covers_region(of_pack, row.value.jurisdiction)) {
      report.add(row.at("jurisdiction"),
                 fmt::format("found jurisdiction \"{}\", expected a region inside \"{}\", the pack's own",
                             row.value.jurisdiction, of_pack));
    }
  }
}

/// The rows of a table, as above.
void set_table_jurisdictions(Row<DecisionTable>& table, const Draft& draft, Report& report) {
  const PackHeader& pack = draft.pack_of(table.pack);
  table.value.pack = pack.name;
  for (auto& row : table.value.rows) {
    row.pack = pack.name;
    if (row.jurisdiction.empty()) row.jurisdiction = pack.jurisdiction;
    if (!covers_region(pack.jurisdiction, row.jurisdiction))
      report.add(row.place,
                 fmt::format("found jurisdiction \"{}\", expected a region inside \"{}\", the pack's own",
                             row.jurisdiction, pack.jurisdiction));
  }
}

/// Whether both ask and answer the same, so that the rows of one may stand in the other.
bool same_shape(const DecisionTable& a, const DecisionTable& b) {
  const auto inputs = [](const TableInput& x, const TableInput& y) {
    return std::tie(x.name, x.is_number, x.unit, x.dictionary) ==
           std::tie(y.name, y.is_number, y.unit, y.dictionary);
  };
  const auto outputs = [](const TableOutput& x, const TableOutput& y) {
    return std::tie(x.name, x.kind, x.unit, x.dictionary) == std::tie(y.name, y.kind, y.unit, y.dictionary);
  };
  return std::equal(a.inputs.begin(), a.inputs.end(), b.inputs.begin(), b.inputs.end(), inputs) &&
         std::equal(a.outputs.begin(), a.outputs.end(), b.outputs.begin(), b.outputs.end(), outputs) &&
         std::tie(a.worst, a.order, a.lower_bound) == std::tie(b.worst, b.order, b.lower_bound);
}

/// The rows of a lower pack for its region join the table of the pack above.
void add_table(const Row<DecisionTable>& row, DecisionTable& whole, Report& report) {
  if (!same_shape(row.value, whole)) {
    report.add(row.place,
               fmt::format("found table \"{}\" with other inputs, outputs, pick, order or unknown than at "
                           "{}:{}, expected the same",
                           whole.name, whole.place.file, whole.place.line));
    return;
  }
  for (const auto& added : row.value.rows) {
    const bool known =
        std::any_of(whole.rows.begin(), whole.rows.end(), [&](const auto& r) { return r.id == added.id; });
    if (known)
      report.add(added.place,
                 fmt::format("found row \"{}\" of table \"{}\" a second time, expected the id once", added.id,
                             whole.name));
    whole.rows.push_back(added);
  }
  whole.examples.insert(whole.examples.end(), row.value.examples.begin(), row.value.examples.end());
}

void merge_tables(const Draft& draft, Catalog& catalog, Report& report) {
  for (const auto& row : draft.tables) {
    const std::string& name = row.value.name;
    if (name.empty()) continue;
    const Node* extend = row.node->get("extend");
    const bool extends = extend && extend->text == "true";
    const auto at = std::find_if(catalog.tables.begin(), catalog.tables.end(),
                                 [&](const auto& table) { return table.name == name; });
    const bool known = at != catalog.tables.end();
    if (known && extends) {
      add_table(row, *at, report);
    } else if (known) {
      report.add(row.place,
                 fmt::format("found table \"{}\" a second time (first at {}:{}), expected the name "
                             "once, or extend: true to add rows to it",
                             name, at->place.file, at->place.line));
    } else if (extends) {
      report.add(row.place,
                 fmt::format("found extend: true for table \"{}\", expected a table of that name in a "
                             "pack above",
                             name));
    } else {
      catalog.tables.push_back(row.value);
    }
  }
}

/// What a step requires may be given with it, unless only the program sets that field.
void add_required_to_editable(Draft& draft) {
  for (auto& row : draft.workflows) {
    const auto by_program = [&](const std::string& name) {
      return std::any_of(draft.records.begin(), draft.records.end(), [&](const auto& record) {
        const Field* field = record.value.workflow == row.value.name ? record.value.field(name) : nullptr;
        return field && field->system;
      });
    };
    for (auto& step : row.value.transitions) {
      for (const auto& name : step.required) {
        const bool there = std::find(step.editable.begin(), step.editable.end(), name) != step.editable.end();
        if (!there && !by_program(name)) step.editable.push_back(name);
      }
    }
  }
}

bool is_region(std::string_view code) {
  return code.size() == 6 &&
         std::all_of(code.begin(), code.end(), [](char c) { return c >= '0' && c <= '9'; });
}

void check_jurisdiction(const PackHeader& pack, const Place& place, Report& report) {
  const int rank = rank_of(pack.level);
  if (rank < 2 && !pack.jurisdiction.empty()) {
    report.add(place,
               fmt::format("found jurisdiction \"{}\" in a {} pack, expected none: it is in force everywhere",
                           pack.jurisdiction, pack.level));
  }
  if (rank >= 2 && !is_region(pack.jurisdiction)) {
    report.add(place,
               fmt::format("found jurisdiction \"{}\" in a {} pack, expected a region code of six digits",
                           pack.jurisdiction, pack.level));
  }
}

/// Names of packs from which `start` can be reached again.
bool requires_itself(const Draft& draft, const std::string& start) {
  std::set<std::string> seen;
  std::vector<std::string> open{start};
  while (!open.empty()) {
    const std::string name = open.back();
    open.pop_back();
    for (const auto& pack : draft.packs) {
      if (pack.name != name) continue;
      for (const auto& required : pack.requires_packs) {
        if (required == start) return true;
        if (seen.insert(required).second) open.push_back(required);
      }
    }
  }
  return false;
}

}  // namespace

int rank_of(std::string_view level) {
  for (int i = 0; i < 5; ++i) {
    if (kLevels[i] == level) return i;
  }
  return 0;
}

bool covers_region(std::string_view jurisdiction, std::string_view region) {
  if (jurisdiction.empty() || jurisdiction == region) return true;
  if (!is_region(jurisdiction) || !is_region(region)) return false;
  if (jurisdiction.ends_with("0000")) return region.substr(0, 2) == jurisdiction.substr(0, 2);
  if (jurisdiction.ends_with("00")) return region.substr(0, 4) == jurisdiction.substr(0, 4);
  return false;
}

void check_packs(const Draft& draft, Report& report) {
  for (std::size_t i = 0; i < draft.packs.size(); ++i) {
    const PackHeader& pack = draft.packs[i];
    const Place& place = draft.pack_places[i];
    if (pack.name.empty()) continue;
    check_jurisdiction(pack, place, report);
    for (std::size_t j = 0; j < i; ++j) {
      if (draft.packs[j].name != pack.name) continue;
      report.add(place, fmt::format("found pack \"{}\" a second time (first in {}), expected each pack once",
                                    pack.name, draft.packs[j].folder));
    }
    for (const auto& required : pack.requires_packs) {
      const auto it = std::find_if(draft.packs.begin(), draft.packs.end(),
                                   [&](const auto& p) { return p.name == required; });
      if (it == draft.packs.end()) {
        report.add(place,
                   fmt::format("found pack \"{}\" requiring \"{}\", expected that pack to be given too",
                               pack.name, required));
      } else if (rank_of(it->level) > rank_of(pack.level)) {
        report.add(
            place,
            fmt::format(
                "found {} pack \"{}\" requiring {} pack \"{}\", expected packs of its own or a higher level",
                pack.level, pack.name, it->level, required));
      }
    }
    if (requires_itself(draft, pack.name)) {
      report.add(place, fmt::format("found pack \"{}\" requiring itself over others, expected no circle",
                                    pack.name));
    }
  }
}

Catalog resolve(Draft& draft, Report& report) {
  Catalog catalog;
  catalog.packs = draft.packs;
  check_packs(draft, report);
  for (auto& row : draft.records) row.value.pack = draft.pack_of(row.pack).name;
  for (auto& row : draft.dialects) row.value.pack = draft.pack_of(row.pack).name;
  for (auto& row : draft.escalation) {
    row.value.pack = draft.pack_of(row.pack).name;
    row.value.jurisdiction = draft.pack_of(row.pack).jurisdiction;
  }
  for (auto& row : draft.clauses) row.value.pack = draft.pack_of(row.pack).name;
  for (auto& row : draft.calendar) row.value.pack = draft.pack_of(row.pack).name;
  for (auto& row : draft.forms) row.value.pack = draft.pack_of(row.pack).name;
  for (auto& row : draft.papers) row.value.pack = draft.pack_of(row.pack).name;
  set_jurisdictions(draft.documents, draft, report);
  set_jurisdictions(draft.duties, draft, report);
  set_jurisdictions(draft.limits, draft, report);
  set_jurisdictions(draft.alarm_rules, draft, report);

  for (auto& row : draft.tables) set_table_jurisdictions(row, draft, report);

  merge(draft.roles, &Role::name, "role", catalog.roles, report);
  merge_dictionaries(draft, catalog, report);
  add_required_to_editable(draft);
  merge(draft.records, &RecordType::name, "record", catalog.record_types, report);
  merge(draft.workflows, &Workflow::name, "workflow", catalog.workflows, report);
  merge(draft.dialects, &Dialect::id, "dialect", catalog.dialects, report);
  for (const auto& row : draft.limits) catalog.limits.push_back(row.value);
  for (const auto& row : draft.limit_examples) catalog.limit_examples.push_back(row.value);
  for (const auto& row : draft.alarm_rules) catalog.alarm_rules.push_back(row.value);
  for (const auto& row : draft.escalation) catalog.escalation.push_back(row.value);
  merge(draft.documents, &Document::id, "document", catalog.documents, report);
  merge(draft.clauses, &Clause::id, "clause", catalog.clauses, report);
  merge(draft.forms, &Form::name, "form", catalog.forms, report);
  merge_tables(draft, catalog, report);
  merge(draft.papers, &Paper::name, "paper", catalog.papers, report);
  for (const auto& row : draft.duties) catalog.duties.push_back(row.value);
  for (const auto& row : draft.calendar) catalog.calendar.push_back(row.value);
  check_records(draft, catalog, report);
  check_workflows(draft, catalog, report);
  check_limits(draft, catalog, report);
  check_alarm_rules(draft, catalog, report);
  check_dialects(draft, report);
  check_clauses(draft, catalog, report);
  check_duties(draft, catalog, report);
  check_forms(draft, catalog, report);
  check_calendar(draft, report);
  check_tables(draft, catalog, report);
  check_record_rules(draft, catalog, report);
  check_papers(draft, catalog, report);
  check_totals(draft, catalog, report);
  give_withdrawal(catalog);
  return catalog;
}

}  // namespace mineward::pack
