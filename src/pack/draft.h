/// Packs as read, before names are resolved: each row with the node that it came from, so that a mistake
/// found later can still name its line.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "pack/catalog.h"
#include "pack/tree.h"

namespace mineward::pack {

template <class T>
struct Row {
  T value;
  const Node* node = nullptr;  ///< borrowed from Draft::trees
  std::size_t pack = 0;        ///< index into Draft::packs
  Place place;

  /// Place of a key of this row.
  Place at(std::string_view key) const { return {place.file, node->line_of(key)}; }
};

struct Draft {
  std::vector<std::unique_ptr<Node>> trees;
  std::vector<PackHeader> packs;  ///< highest level first
  std::vector<Place> pack_places;
  std::vector<Row<RecordType>> records;
  std::vector<Row<Workflow>> workflows;
  std::vector<Row<Dictionary>> dictionaries;
  std::vector<Row<Role>> roles;
  std::vector<Row<LimitRow>> limits;
  std::vector<Row<Example>> limit_examples;
  std::vector<Row<AlarmRule>> alarm_rules;
  std::vector<Row<EscalationStep>> escalation;
  std::vector<Row<Dialect>> dialects;
  std::vector<Row<Document>> documents;
  std::vector<Row<Clause>> clauses;
  std::vector<Row<DutyRule>> duties;
  std::vector<Row<CalendarYear>> calendar;
  std::vector<Row<Form>> forms;
  std::vector<Row<DecisionTable>> tables;
  std::vector<Row<Paper>> papers;

  const PackHeader& pack_of(std::size_t index) const { return packs[index]; }
};

/// 0 for core ... 4 for county; 0 for anything else.
int rank_of(std::string_view level);

/// Reads the `pack:` mapping. Kinds were checked before; what is missing stays empty.
PackHeader read_header(const Node& node);
/// One paper, as its mapping says.
Paper read_paper(const Node& node, const std::string& file);
/// Adds the rows of one file. Items that are no mappings are left out.
void read_rows(const Node& root, const std::string& file, std::size_t pack, Draft& draft);

}  // namespace mineward::pack
