/// Papers and numbers: every place of a text leads to a field that is there, every table to records that
/// refer to the paper's record, every step, state and role exists.
#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "pack/resolve.h"

namespace mineward::pack {
namespace {

/// Whether a path leads somewhere from a record type. Empty = it does; else what was expected.
std::string wrong_path(const Catalog& catalog, const RecordType& type, std::string_view path) {
  const auto dot = path.find('.');
  const std::string_view head = path.substr(0, dot);
  if (dot == std::string_view::npos && (head == "state" || head == "created_at" || head == "updated_at" ||
                                        head == "owner" || head == "created_by"))
    return {};
  const std::string_view rest = dot == std::string_view::npos ? std::string_view{} : path.substr(dot + 1);
  if (head == "owner") {
    const RecordType* organisation = catalog.record_type("organisation");
    return organisation ? wrong_path(catalog, *organisation, rest) : "no record organisation";
  }
  const Field* field = type.field(head);
  if (!field || field->secret) return fmt::format("a field of record \"{}\"", type.name);
  if (field->protect == "sealed") return fmt::format("no sealed field (\"{}\" of \"{}\")", head, type.name);
  if (rest.empty()) return {};
  if (field->type == FieldType::reference) {
    const RecordType* target = catalog.record_type(field->target);
    return target ? wrong_path(catalog, *target, rest) : fmt::format("a record \"{}\"", field->target);
  }
  const Dictionary* codes =
      field->type == FieldType::choice ? catalog.dictionary(field->dictionary) : nullptr;
  const bool column = codes && std::any_of(codes->entries.begin(), codes->entries.end(), [&](const auto& e) {
                        return e.extra.find(std::string(rest)) != e.extra.end();
                      });
  return column
             ? std::string()
             : fmt::format(
                   "a reference, or a choice and a column of its dictionary, before the dot in \"{}\"", path);
}

class Texts {
 public:
  Texts(const Catalog& catalog, Report& report, std::string what, const std::string& file)
      : catalog_(catalog), report_(report), what_(std::move(what)), file_(file) {}

  template <class... Args>
  void add(int line, fmt::format_string<Args...> form, Args&&... args) {
    report_.add(file_, line, fmt::format(form, std::forward<Args>(args)...));
  }

  void text(const PaperText& text, const RecordType& type, int line, bool number = false) {
    std::string mistake;
    parse_paper_text(text.source, mistake);
    if (!mistake.empty()) return add(line, "{} in {}", mistake, what_);
    for (const auto& piece : text.pieces) {
      if (!piece.slot) continue;
      for (const auto& path : piece.slot->paths) {
        const bool word = path.starts_with('@') ||
                          (number && (path == "yyyy" || path == "MM" || path == "dd" || path == "seq"));
        if (!word) this->path(path, type, line);
      }
    }
  }

  void path(const std::string& path, const RecordType& type, int line) {
    const std::string expected = wrong_path(catalog_, type, path);
    if (!expected.empty())
      add(line, "found {} in {}, expected {}", quoted("{" + path + "}"), what_, expected);
  }

  void conditions(const Conditions& when, const RecordType& type, int line) {
    const Workflow* flow = catalog_.workflow(type.workflow);
    for (const auto& c : when) {
      const Field* field = type.field(c.field);
      if (c.field != "state" && (!field || field->secret)) {
        add(line, "found {} in \"when\" of {}, expected a field of record \"{}\"", quoted(c.field), what_,
            type.name);
        continue;
      }
      const Dictionary* codes =
          field && !field->dictionary.empty() ? catalog_.dictionary(field->dictionary) : nullptr;
      for (const auto& value : c.values) {
        const bool fits = c.field == "state" ? flow && flow->state(value) : !codes || codes->entry(value);
        if (!fits)
          add(line, "found {} for \"{}\" in \"when\" of {}, expected a {} of it", quoted(value), c.field,
              what_, c.field == "state" ? "state" : "code");
      }
    }
  }

  void numbering(const Numbering& n, const RecordType& type, const Node& node) {
    text(n.form, type, node.line_of("form"), true);
    const auto is_seq = [](const PaperPiece& p) {
      return p.slot && p.slot->paths.size() == 1 && p.slot->paths[0] == "seq";
    };
    if (std::count_if(n.form.pieces.begin(), n.form.pieces.end(), is_seq) != 1)
      add(node.line_of("form"), "found {} as the form of a number in {}, expected {{seq}} once",
          quoted(n.form.source), what_);
    for (const auto& path : n.per) this->path(path, type, node.line_of("per"));
  }

 private:
  const Catalog& catalog_;
  Report& report_;
  const std::string what_;
  const std::string& file_;
};

class PaperCheck {
 public:
  PaperCheck(const Row<Paper>& row, const Catalog& catalog, Report& report)
      : row_(row),
        paper_(row.value),
        catalog_(catalog),
        texts_(catalog, report, fmt::format("paper \"{}\"", row.value.name), row.place.file) {}

  void run() {
    const Node& node = *row_.node;
    const RecordType* type = catalog_.record_type(paper_.record);
    if (!type)
      return texts_.add(node.line_of("record"),
                        "found record \"{}\" in paper \"{}\", expected one that a pack declares",
                        paper_.record, paper_.name);
    texts_.conditions(paper_.when, *type, node.line_of("when"));
    texts_.text(paper_.head, *type, node.line_of("head"));
    texts_.text(paper_.office, *type, node.line_of("office"));
    texts_.text(paper_.title, *type, node.line_of("title"));
    texts_.text(paper_.subtitle, *type, node.line_of("subtitle"));
    texts_.text(paper_.number, *type, node.line_of("number"));
    if (paper_.numbering) numbering(*type, *node.get("numbering"));
    body(*type);
    issuing(*type);
  }

 private:
  void numbering(const RecordType& type, const Node& node) {
    texts_.numbering(*paper_.numbering, type, node);
    if (!paper_.number.empty())
      texts_.add(node.line, "found number and numbering in paper \"{}\", expected one of them", paper_.name);
    for (const auto key : {"step", "field", "sequence", "year"}) {
      if (node.get(key))
        texts_.add(node.line_of(key),
                   "found \"{}\" in the numbering of paper \"{}\", expected it only in records", key,
                   paper_.name);
    }
  }

  void body(const RecordType& type) {
    const bool ledger = paper_.style == Paper::Style::ledger;
    if (ledger == (row_.node->get("columns") == nullptr))
      texts_.add(row_.node->line, "found paper \"{}\" {}, expected columns for ledgers and only for them",
                 paper_.name, ledger ? "without columns" : "with columns");
    if (paper_.body.empty())
      texts_.add(row_.node->line, "found paper \"{}\" without body, expected at least one part", paper_.name);
    one_kind_each();
    for (const auto& block : paper_.body) this->block(block, type);
  }

  void one_kind_each() {
    const Node* parts = row_.node->get("body");
    for (std::size_t i = 0; parts && i < parts->items.size(); ++i) {
      const auto& keys = parts->items[i].entries;
      const auto kinds = std::count_if(keys.begin(), keys.end(),
                                       [](const Entry& e) { return e.key != "date" && e.key != "when"; });
      if (kinds != 1)
        texts_.add(parts->items[i].line, "found a part of paper \"{}\" with {} kinds, expected one",
                   paper_.name, kinds);
    }
  }

  void block(const PaperBlock& block, const RecordType& type) {
    const int line = block.place.line;
    texts_.conditions(block.when, type, line);
    texts_.text(block.text, type, line);
    texts_.text(block.date, type, line);
    for (const auto& row : block.grid) {
      for (const auto& cell : row) texts_.text(cell, type, line);
    }
    for (const auto& text : block.lines) texts_.text(text, type, line);
    if (block.kind == PaperBlock::Kind::table) table(block.table, type, line);
  }

  void table(const PaperTable& table, const RecordType& type, int line) {
    const RecordType* rows = table.of.empty() ? &type : catalog_.record_type(table.of);
    if (!rows)
      return texts_.add(line,
                        "found record \"{}\" in a table of paper \"{}\", expected one that a pack declares",
                        table.of, paper_.name);
    if (!table.of.empty()) {
      const Field* at = table.at.empty() ? nullptr : type.field(table.at);
      const std::string target = table.at.empty() ? type.name : at ? at->target : "";
      const Field* by = rows->field(table.by);
      if (target.empty() || !by || by->type != FieldType::reference || by->target != target)
        texts_.add(line,
                   "found by: {}, at: {} in a table of paper \"{}\", expected references of \"{}\" and "
                   "\"{}\" to the same "
                   "record type",
                   table.by, table.at, paper_.name, rows->name, type.name);
    }
    if (!table.sort.empty() && !rows->field(table.sort))
      texts_.add(line, "found sort \"{}\" in a table of paper \"{}\", expected a field of record \"{}\"",
                 table.sort, paper_.name, rows->name);
    texts_.conditions(table.when, *rows, line);
    for (const auto& column : table.columns) texts_.text(column.text, *rows, line);
  }

  void issuing(const RecordType& type) {
    const Node& node = *row_.node;
    const Workflow* flow = catalog_.workflow(type.workflow);
    if (!paper_.step.empty() && (!flow || !flow->transition(paper_.step)))
      texts_.add(node.line_of("step"), "found step \"{}\" in paper \"{}\", expected one of record \"{}\"",
                 paper_.step, paper_.name, type.name);
    if (paper_.step.empty() && paper_.roles.empty() && paper_.style != Paper::Style::ledger)
      texts_.add(node.line, "found paper \"{}\" without step and roles, expected who may issue it",
                 paper_.name);
    for (const auto& [key, states] : {std::pair{"in", &paper_.in}, std::pair{"void_in", &paper_.void_in}}) {
      for (const auto& state : *states) {
        if (!flow || !flow->state(state))
          texts_.add(node.line_of(key), "found state \"{}\" in paper \"{}\", expected one of record \"{}\"",
                     state, paper_.name, type.name);
      }
    }
    for (const auto& role : paper_.roles) {
      if (!catalog_.role(role))
        texts_.add(node.line_of("roles"),
                   "found role \"{}\" in paper \"{}\", expected a role that a pack declares", role,
                   paper_.name);
    }
    const Field* keep = paper_.keep_in.empty() ? nullptr : type.field(paper_.keep_in);
    if (!paper_.keep_in.empty() && (!keep || keep->type != FieldType::attachments))
      texts_.add(node.line_of("keep_in"),
                 "found \"{}\" in paper \"{}\", expected attachments of record \"{}\"", paper_.keep_in,
                 paper_.name, type.name);
  }

  const Row<Paper>& row_;
  const Paper& paper_;
  const Catalog& catalog_;
  Texts texts_;
};

void check_numbers(const Row<RecordType>& row, const Catalog& catalog, Report& report) {
  const RecordType& type = row.value;
  const Node* nodes = row.node->get("numbers");
  const Workflow* flow = catalog.workflow(type.workflow);
  Texts texts(catalog, report, fmt::format("record \"{}\"", type.name), row.place.file);
  for (std::size_t i = 0; nodes && i < type.numbers.size() && i < nodes->items.size(); ++i) {
    const Numbering& n = type.numbers[i];
    const Node& node = nodes->items[i];
    if (!node.is_map()) continue;
    texts.numbering(n, type, node);
    if (!flow || !flow->transition(n.step))
      texts.add(node.line_of("step"),
                "found step \"{}\" in \"numbers\" of record \"{}\", expected one of its workflow", n.step,
                type.name);
    const auto field = [&](const char* key, const std::string& name, FieldType kind, bool needed) {
      const Field* found = type.field(name);
      const bool fits = name.empty() ? !needed : found && found->type == kind && found->system;
      if (!fits)
        texts.add(node.line_of(key),
                  "found \"{}\" for \"{}\" in \"numbers\" of record \"{}\", expected a {} with system: true",
                  name, key, type.name, kind == FieldType::text ? "text" : "whole number");
    };
    field("field", n.field, FieldType::text, true);
    field("sequence", n.sequence, FieldType::integer, false);
    field("year", n.year, FieldType::integer, false);
  }
}

}  // namespace

void check_papers(const Draft& draft, const Catalog& catalog, Report& report) {
  for (const auto& row : draft.records) check_numbers(row, catalog, report);
  for (const auto& row : draft.papers) PaperCheck(row, catalog, report).run();
}

}  // namespace mineward::pack
