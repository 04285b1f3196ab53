#include "ledger/layout.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <map>
#include <set>

#include "ledger/cell_reader.h"
#include "ledger/trouble.h"

namespace mineward::ledger {

using Use = Column::Use;

namespace {

/// A header without what people and templates put around it: marks of what is required, blanks, line breaks.
std::string plain(std::string_view text) {
  std::string out;
  for (const char c : lower_ascii(narrow(text))) {
    if (c != '*' && c != ' ' && c != '\n' && c != '\r' && c != '\t') out += c;
  }
  return out;
}

/// "金额(元)" -> "金额"; the text itself when it does not end in brackets.
std::string without_brackets(const std::string& text) {
  const auto open = text.ends_with(')') ? text.rfind('(') : std::string::npos;
  return open == std::string::npos || open == 0 ? text : text.substr(0, open);
}

/// Labels and names of one type. A label that two fields have stands for neither.
class Names {
 public:
  explicit Names(const pack::RecordType& type) : type_(type) {
    for (const auto& column : program_columns()) {
      add(column.label.zh, std::string(column.name));
      add(column.label.en, std::string(column.name));
      names_.insert(std::string(column.name));
    }
    for (const auto& field : type.fields) {
      if (field.secret) continue;
      names_.insert(field.name);
      add(field.label.zh, field.name);
      add(field.label.en, field.name);
      add(field.name, field.name);
    }
  }

  bool is_name(const std::string& text) const { return names_.contains(text); }
  /// Empty when the label stands for none or for several.
  std::string by_label(std::string_view header) const {
    const std::string wanted = plain(header);
    auto found = labels_.find(wanted);
    if (found == labels_.end()) found = labels_.find(without_brackets(wanted));
    return found == labels_.end() ? std::string() : found->second;
  }
  Column column(int at, std::string header, const std::string& name) const {
    Column out{at, std::move(header), Use::unknown, type_.field(name)};
    if (name == kRowNumber) {
      out.use = Use::row_number;
    } else if (name == "id") {
      out.use = Use::identity;
    } else if (!out.field) {
      out.use = is_name(name) ? Use::program : Use::unknown;
    } else if (out.field->type == pack::FieldType::attachments) {
      out.use = Use::files;
    } else if (out.field->system) {
      out.use = is_key(name) ? Use::key : Use::program;
    } else {
      out.use = Use::value;
    }
    return out;
  }

 private:
  void add(const std::string& label, const std::string& name) {
    const std::string key = plain(label);
    if (key.empty()) return;
    const auto [at, fresh] = labels_.emplace(key, name);
    if (!fresh && at->second != name) at->second.clear();
  }
  bool is_key(const std::string& name) const {
    return std::any_of(type_.unique.begin(), type_.unique.end(),
                       [&](const auto& set) { return std::find(set.begin(), set.end(), name) != set.end(); });
  }

  const pack::RecordType& type_;
  std::set<std::string> names_;
  std::map<std::string, std::string> labels_;
};

std::size_t labels_in(const Row& row, const Names& names) {
  std::set<std::string> found;
  for (const Cell& cell : row.cells) {
    if (cell.kind != Cell::Kind::text) continue;
    if (const std::string name = names.by_label(cell.text); !name.empty()) found.insert(name);
  }
  return found.size();
}

/// The hidden row of a template or an export: nothing but names, most of them of this type.
bool is_name_row(const Row& row, const Names& names) {
  std::size_t known = 0;
  for (const Cell& cell : row.cells) {
    const std::string text(trim(cell.text));
    const bool shaped = !text.empty() &&
                        text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_#") == std::string::npos;
    if (cell.kind != Cell::Kind::text || !shaped) return false;
    known += names.is_name(text);
  }
  return row.hidden && known * 2 > row.cells.size();
}

}  // namespace

const std::vector<ProgramColumn>& program_columns() {
  static const std::vector<ProgramColumn> columns = {{kRowNumber, {"序号", "No."}},
                                                     {"id", {"记录号", "Record id"}},
                                                     {"state", {"状态", "State"}},
                                                     {"created_at", {"登记时间", "Entered at"}},
                                                     {"created_by", {"登记账号", "Entered by account"}},
                                                     {"updated_at", {"更新时间", "Changed at"}}};
  return columns;
}

const pack::Label& program_label(std::string_view name) {
  static const pack::Label none;
  for (const auto& column : program_columns()) {
    if (column.name == name) return column.label;
  }
  return none;
}

std::string_view name_of(Use use) {
  switch (use) {
    case Use::value: return "value";
    case Use::key: return "key";
    case Use::identity: return "id";
    case Use::row_number: return "row_number";
    case Use::program: return "program";
    case Use::files: return "files";
    case Use::unknown: break;
  }
  return "unknown";
}

const Column* Layout::at(int column) const {
  const auto found = std::lower_bound(columns.begin(), columns.end(), column,
                                      [](const Column& c, int wanted) { return c.column < wanted; });
  return found != columns.end() && found->column == column ? &*found : nullptr;
}

Result<Layout> find_layout(const pack::RecordType& type, const std::vector<Row>& first_rows) {
  const Names names(type);
  const auto machine_at = std::find_if(first_rows.begin(), first_rows.end(),
                                       [&](const Row& row) { return is_name_row(row, names); });
  const Row* machine = machine_at == first_rows.end() ? nullptr : &*machine_at;
  const Row* header = nullptr;
  std::size_t best = 0;
  for (const Row& row : first_rows) {
    // Beside the names: what stands further down is a record that happens to say a label.
    constexpr int kNear = 2;
    if (&row == machine || (machine && std::abs(row.number - machine->number) > kNear)) continue;
    const std::size_t labels = labels_in(row, names);
    if (labels > best) {
      best = labels;
      header = &row;
    }
  }
  if (!machine && !header) {
    return trouble(fmt::format("前几行中没有找到“{}”的表头，应与模板一致", type.label.zh),
                   fmt::format("found no header of \"{}\" in the first rows, expected one as in the template",
                               type.label.en));
  }
  if (!header) header = machine;
  Layout out;
  out.header_row = header->number;
  out.first_row = std::max(header->number, machine ? machine->number : 0) + 1;
  std::map<int, std::pair<std::string, std::string>> found;  // header and name by place
  for (const Cell& cell : header->cells)
    found[cell.column] = {std::string(trim(cell.text)), names.by_label(cell.text)};
  if (machine) {
    for (const Cell& cell : machine->cells) {
      auto& place = found[cell.column];
      place.second = trim(cell.text);
      if (place.first.empty()) place.first = place.second;
    }
  }
  std::set<std::string> taken;
  for (auto& [at, place] : found) {
    Column column = names.column(at, place.first, place.second);
    if (!place.second.empty() && !taken.insert(place.second).second)
      column.use = Use::unknown;  // there twice
    out.columns.push_back(std::move(column));
  }
  return out;
}

}  // namespace mineward::ledger
