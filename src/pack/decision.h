/// Decision tables: what the texts in force say about a case. A fact is judged by the rows of its own day.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "pack/basics.h"

namespace mineward::pack {

struct TableInput {
  std::string name;
  bool is_number = false;  ///< else a code
  std::string unit;
  std::string dictionary = {};  ///< for a code: what it is a code of; may be empty
};

struct TableOutput {
  enum class Kind { number, code, text };
  std::string name;
  Kind kind = Kind::number;
  std::string dictionary;  ///< for code: what it is a code of; may be empty
  std::string unit;
};

/// What a row asks of one input: all bounds hold, or it is one of the codes.
using InputTest = std::variant<std::vector<Bound>, std::vector<std::string>>;

struct TableRow {
  std::string id;  ///< unique in its table; kept in the record that was judged by it
  std::map<std::string, InputTest, std::less<>> when;  ///< an input that is left out fits anything
  std::map<std::string, std::string, std::less<>> gives;
  Source source;
  Date valid_from{};
  std::optional<Date> valid_to;  ///< last day
  std::string jurisdiction;      ///< region code; "" = national
  std::string pack;
  Place place;
};

struct DecisionTable {
  std::string name;
  Label label;
  std::vector<TableInput> inputs;
  std::vector<TableOutput> outputs;
  bool worst = false;  ///< of all rows that fit the worst by `order`; else the first
  std::vector<std::string>
      order;                 ///< values of the first output, mildest first; empty: numbers, smallest first
  bool lower_bound = false;  ///< an input that is not known makes the answer provisional
  std::vector<TableRow> rows;
  std::vector<Example> examples;
  std::string pack;
  Place place;

  const TableInput* input(std::string_view name) const;
  const TableOutput* output(std::string_view name) const;
};

/// What is known of a case; an input that is unknown is left out.
using Case = std::map<std::string, std::variant<double, std::string>, std::less<>>;

struct Decision {
  const TableRow* row = nullptr;  ///< borrowed from the table
  /// Something that the table asks for is unknown: the answer can only grow worse.
  bool provisional = false;
};

/// The row that decides a case in a region on a day; nullopt when none fits. A row that asks for an unknown
/// input does not fit. Of rows that fit, those of the smallest jurisdiction speak.
std::optional<Decision> decide(const DecisionTable& table, const Case& known, std::string_view region,
                               Date on);

}  // namespace mineward::pack
