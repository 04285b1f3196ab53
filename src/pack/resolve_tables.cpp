/// Decision tables: rows answer what the table asks, in values that it knows, and have examples.
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/text.h"
#include "pack/resolve.h"

namespace mineward::pack {
namespace {

class TableCheck {
 public:
  TableCheck(const Row<DecisionTable>& row, const Catalog& catalog, Report& report)
      : row_(row), table_(row.value), catalog_(catalog), report_(report) {}

  void run() {
    outputs();
    order();
    std::set<std::string> ids;
    const Node& rows = *row_.node->get("rows");
    for (std::size_t i = 0; i < table_.rows.size(); ++i) {
      if (!rows.items[i].is_map()) continue;
      const TableRow& row = table_.rows[i];
      if (!row.id.empty() && !ids.insert(row.id).second)
        add(rows.items[i].line, "found row \"{}\" a second time in table \"{}\", expected the id once",
            row.id, table_.name);
      check_row(row, rows.items[i]);
    }
    examples();
  }

 private:
  template <class... Args>
  void add(int line, fmt::format_string<Args...> form, Args&&... args) {
    report_.add(row_.place.file, line, fmt::format(form, std::forward<Args>(args)...));
  }

  void outputs() {
    if (table_.outputs.empty())
      add(row_.node->line_of("outputs"), "found table \"{}\" without outputs, expected at least one",
          table_.name);
    for (const auto& output : table_.outputs) {
      if (!output.dictionary.empty() && !catalog_.dictionary(output.dictionary))
        add(row_.node->line_of("outputs"),
            "found dictionary \"{}\" in table \"{}\", expected one that a pack declares", output.dictionary,
            table_.name);
    }
  }

  void order() {
    if (!table_.worst || table_.outputs.empty()) return;
    const bool numbers = table_.outputs.front().kind == TableOutput::Kind::number;
    if (numbers != table_.order.empty())
      add(row_.node->line_of("pick"),
          "found pick: worst in table \"{}\", expected order: for codes and texts, and none for numbers",
          table_.name);
  }

  void check_row(const TableRow& row, const Node& node) {
    if (row.source.confidence.empty())
      add(node.line_of("source"), "found row \"{}\" without confidence, expected one in its source", row.id);
    if (row.valid_to && *row.valid_to < row.valid_from)
      add(node.line_of("valid_to"),
          "found row \"{}\" that ends before it begins, expected valid_from <= valid_to", row.id);
    tests(row, node);
    for (const auto& output : table_.outputs) {
      if (!row.gives.contains(output.name))
        add(node.line_of("gives"), "found row \"{}\" without output \"{}\", expected a value for it", row.id,
            output.name);
    }
    for (const auto& [name, value] : row.gives) given(row, node, name, value);
  }

  void tests(const TableRow& row, const Node& node) {
    const Node* when = node.get("when");
    if (!when || !when->is_map()) return;
    for (const auto& entry : when->entries) {
      const TableInput* input = table_.input(entry.key);
      if (!input) {
        add(entry.line, "found input \"{}\" in row \"{}\", expected one that table \"{}\" asks for",
            entry.key, row.id, table_.name);
        continue;
      }
      codes(*input, entry, row.id);
      const auto test = row.when.find(entry.key);
      const auto* bounds = test == row.when.end() ? nullptr : std::get_if<std::vector<Bound>>(&test->second);
      if (input->is_number && (!bounds || bounds->empty()))
        add(entry.line,
            "found {} for input \"{}\" of row \"{}\", expected a bound such as \">=3\" or a list of bounds",
            describe(entry.value), entry.key, row.id);
    }
  }

  /// Codes of an input with a dictionary must be codes of it.
  void codes(const TableInput& input, const Entry& entry, const std::string& row) {
    const Dictionary* known = input.dictionary.empty() ? nullptr : catalog_.dictionary(input.dictionary);
    if (!input.dictionary.empty() && !known)
      add(entry.line, "found dictionary \"{}\" in input \"{}\", expected one that a pack declares",
          input.dictionary, input.name);
    if (!known) return;
    std::vector<std::string> words;
    if (entry.value.is_scalar()) words.push_back(entry.value.text);
    for (const auto& item : entry.value.items) words.push_back(item.text);
    for (const auto& word : words) {
      if (!known->entry(word))
        add(entry.line, "found {} for input \"{}\" of row \"{}\", expected a code of dictionary \"{}\"",
            quoted(word), input.name, row, known->name);
    }
  }

  void given(const TableRow& row, const Node& node, const std::string& name, const std::string& value) {
    const TableOutput* output = table_.output(name);
    const int line = node.line_of("gives");
    if (!output)
      return add(line, "found output \"{}\" in row \"{}\", expected one that table \"{}\" answers", name,
                 row.id, table_.name);
    if (output->kind == TableOutput::Kind::number && !parse_number(value))
      add(line, "found {} for output \"{}\" of row \"{}\", expected a number", quoted(value), name, row.id);
    const Dictionary* codes = output->dictionary.empty() ? nullptr : catalog_.dictionary(output->dictionary);
    if (codes && !codes->entry(value))
      add(line, "found {} for output \"{}\" of row \"{}\", expected a code of dictionary \"{}\"",
          quoted(value), name, row.id, output->dictionary);
    const bool graded = table_.worst && !table_.order.empty() && output == &table_.outputs.front();
    if (graded && std::find(table_.order.begin(), table_.order.end(), value) == table_.order.end())
      add(line, "found {} in row \"{}\", expected one of its order ({})", quoted(value), row.id,
          fmt::join(table_.order, ", "));
  }

  void examples() {
    const Node& nodes = *row_.node->get("examples");
    if (table_.examples.empty())
      add(row_.node->line_of("examples"),
          "found table \"{}\" without examples, expected the edges of its rows", table_.name);
    for (std::size_t i = 0; i < table_.examples.size(); ++i) {
      for (const auto& [name, value] : table_.examples[i].given) {
        if (name == "region") continue;
        const TableInput* input = table_.input(name);
        const bool fits =
            name == "on" ? parse_date(value).ok() : input && (!input->is_number || parse_number(value));
        if (!fits)
          add(nodes.items[i].line,
              "found {} for \"{}\" in an example of table \"{}\", expected an input of it, on or region",
              quoted(value), name, table_.name);
      }
      if (!table_.examples[i].given.contains("on"))
        add(nodes.items[i].line, "found an example of table \"{}\" without on, expected the day of the fact",
            table_.name);
    }
  }

  const Row<DecisionTable>& row_;
  const DecisionTable& table_;
  const Catalog& catalog_;
  Report& report_;
};

}  // namespace

void check_tables(const Draft& draft, const Catalog& catalog, Report& report) {
  for (const auto& row : draft.tables) {
    const bool whole = row.node->get("rows") && row.node->get("rows")->is_list() &&
                       row.node->get("examples") && row.node->get("examples")->is_list();
    if (whole) TableCheck(row, catalog, report).run();
  }
}

}  // namespace mineward::pack
