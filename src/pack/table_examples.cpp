// Examples of decision tables.
#include <fmt/format.h>

#include "base/text.h"
#include "pack/load.h"

namespace mineward::pack {
namespace {

std::string answer(const DecisionTable& table, const Example& example) {
  Case known;
  std::string region;
  Date on{};
  for (const auto& [name, value] : example.given) {
    const TableInput* input = table.input(name);
    if (name == "on") {
      if (const auto day = parse_date(value)) on = *day;
    } else if (name == "region") {
      region = value;
    } else if (input && input->is_number) {
      if (const auto number = parse_number(value)) known.emplace(name, *number);
    } else if (input) {
      known.emplace(name, value);
    }
  }
  const auto decision = decide(table, known, region, on);
  if (!decision) return "none";
  std::string out;
  for (const auto& output : table.outputs) {
    const auto given = decision->row->gives.find(output.name);
    out += (given == decision->row->gives.end() ? "?" : given->second) + " ";
  }
  return out + (decision->provisional ? "provisional " : "") + decision->row->id;
}

}  // namespace

ExampleOutcome run_table_examples(const Catalog& catalog) {
  ExampleOutcome outcome;
  for (const auto& table : catalog.tables) {
    for (const auto& example : table.examples) {
      const std::string found = answer(table, example);
      if (found == example.expect) {
        ++outcome.passed;
        continue;
      }
      outcome.failed.push_back(
          {example.place, fmt::format("found \"{}\" for example \"{}\" of table \"{}\", expected \"{}\"",
                                      found, example.name, table.name, example.expect)});
    }
  }
  return outcome;
}

}  // namespace mineward::pack
