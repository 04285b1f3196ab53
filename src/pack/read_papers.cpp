/// Papers as their pack writes them.
#include "pack/draft.h"
#include "pack/node_values.h"

namespace mineward::pack {

using namespace node_values;

namespace {

PaperColumn read_paper_column(const Node& node) {
  return {text(node, "head"), number(node, "width").value_or(1), paper_text(text(node, "text")),
          text(node, "align")};
}

std::vector<PaperText> paper_texts(const Node* list) {
  std::vector<PaperText> out;
  if (!list) return out;
  for (const auto& item : list->items) out.push_back(paper_text(item.text));
  return out;
}

PaperBlock read_paper_block(const Node& node, const std::string& file) {
  using Kind = PaperBlock::Kind;
  static constexpr std::pair<std::string_view, Kind> kKinds[] = {
      {"paragraph", Kind::paragraph}, {"line", Kind::line},   {"center", Kind::center},
      {"heading", Kind::heading},     {"large", Kind::large}, {"note", Kind::note},
      {"grid", Kind::grid},           {"table", Kind::table}, {"signatures", Kind::signatures},
      {"seal", Kind::seal},           {"page", Kind::page}};
  PaperBlock b;
  for (const auto& [name, kind] : kKinds) {
    if (!node.get(name)) continue;
    b.kind = kind;
    b.text = paper_text(text(node, name));
    break;
  }
  if (const Node* grid = node.get("grid")) {
    for (const auto& row : grid->items) b.grid.push_back(paper_texts(&row));
  }
  b.lines = paper_texts(node.get("signatures"));
  b.date = paper_text(text(node, "date"));
  if (const Node* table = node.get("table")) {
    b.table = {text(*table, "of"),   text(*table, "by"),
               text(*table, "at"),   conditions(*table, "when"),
               text(*table, "sort"), items<PaperColumn>(*table, "columns", read_paper_column),
               text(*table, "empty")};
  }
  b.when = conditions(node, "when");
  b.place = {file, node.line};
  return b;
}

Paper::Style paper_style(std::string_view name) {
  using Style = Paper::Style;
  static constexpr std::pair<std::string_view, Style> kStyles[] = {{"red_head", Style::red_head},
                                                                   {"form", Style::form},
                                                                   {"certificate", Style::certificate},
                                                                   {"ledger", Style::ledger}};
  return named(kStyles, name, Style::plain);
}

}  // namespace

Paper read_paper(const Node& node, const std::string& file) {
  Paper p;
  p.name = text(node, "name");
  p.label = label(node, "label");
  p.record = text(node, "record");
  p.when = conditions(node, "when");
  p.style = paper_style(text(node, "style"));
  p.landscape = flag(node, "landscape", p.style == Paper::Style::ledger);
  p.head = paper_text(text(node, "head"));
  p.office = paper_text(text(node, "office"));
  p.title = paper_text(text(node, "title"));
  p.subtitle = paper_text(text(node, "subtitle"));
  p.number = paper_text(text(node, "number"));
  if (const Node* numbering = node.get("numbering"); numbering && numbering->is_map())
    p.numbering = read_numbering(*numbering, file);
  p.body = items<PaperBlock>(node, "body", [&](const Node& n) { return read_paper_block(n, file); });
  if (node.get("columns")) {
    PaperBlock list;
    list.kind = PaperBlock::Kind::table;
    list.table.columns = items<PaperColumn>(node, "columns", read_paper_column);
    list.place = {file, node.line};
    p.body.push_back(std::move(list));
  }
  p.copies = text(node, "copies");
  p.step = text(node, "step");
  p.in = texts(node, "in");
  p.void_in = texts(node, "void_in");
  p.roles = texts(node, "roles");
  p.keep_in = text(node, "keep_in");
  p.source = source(node);
  p.place = {file, node.line};
  return p;
}

}  // namespace mineward::pack
