#include "record/csv.h"

#include <algorithm>
#include <array>
#include <set>

#include <fmt/format.h>

#include "base/text.h"
#include "pack/tree.h"
#include "record/read.h"
#include "record/scope.h"
#include "record/values.h"
#include "record/write.h"

namespace mineward::record {

using pack::FieldType;

namespace {

constexpr std::string_view kBom = "\xEF\xBB\xBF";
/// How a text begins that a spreadsheet runs (the wide forms where its language is Chinese), or that our own
/// guard would be taken off.
constexpr std::array<std::string_view, 12> kGuarded = {"=",  "+", "-",  "@",  "\t", "\r",
                                                       "\n", "'", "＝", "＋", "－", "＠"};

bool needs_guard(std::string_view text) {
  return std::any_of(kGuarded.begin(), kGuarded.end(), [&](auto begin) { return text.starts_with(begin); });
}

bool is_plain_number(std::string_view text) { return parse_number(text).has_value(); }

std::string masked(const std::string& text) {
  const std::u32string points = to_code_points(text);
  return points.empty() ? std::string() : to_utf8(std::u32string_view(points).substr(0, 1)) + "**";
}

std::vector<const pack::Field*> exported_fields(const TypeModel& type) {
  std::vector<const pack::Field*> out;
  for (const auto& field : type.type->fields) {
    if (!field.secret) out.push_back(&field);
  }
  return out;
}

}  // namespace

std::string csv_cell(std::string_view text) {
  std::string out;
  // Numbers such as -3.5 are no formulas, and must stay numbers in the spreadsheet.
  const bool guard = needs_guard(text) && !is_plain_number(text);
  if (guard) out += '\'';
  out += text;
  if (out.find_first_of(",\"\r\n") == std::string::npos && trim(out) == out) return out;
  std::string quoted = "\"";
  for (const char c : out) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  return quoted + '"';
}

std::string unguarded(std::string_view cell) {
  const bool guarded = cell.size() > 1 && cell[0] == '\'' && needs_guard(cell.substr(1));
  return std::string(guarded ? cell.substr(1) : cell);
}

Result<CsvTable> parse_csv(std::string_view text) {
  if (text.starts_with(kBom)) text.remove_prefix(kBom.size());
  if (const auto at = first_invalid_utf8(text)) {
    const auto line = std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(*at), '\n') + 1;
    return bad_input("found bytes that are no UTF-8 text", fmt::format("line {}", line));
  }
  CsvTable table;
  std::vector<std::string> row;
  std::string cell;
  bool quoted = false, any = false;
  std::size_t line = 1, quote_line = 0;
  bool first = true;
  const auto end_row = [&] {
    row.push_back(std::exchange(cell, {}));
    const bool empty = row.size() == 1 && row[0].empty() && !any;
    if (first && !empty) {
      table.header = std::move(row);
      first = false;
    } else if (!empty) {
      table.rows.push_back(std::move(row));
    }
    row.clear();
    any = false;
  };
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '\n') ++line;
    if (quoted) {
      if (c != '"') {
        cell += c;
      } else if (i + 1 < text.size() && text[i + 1] == '"') {
        cell += '"';
        ++i;
      } else {
        quoted = false;
      }
    } else if (c == '"') {
      if (!cell.empty())
        return bad_input("found a quote inside an unquoted cell", fmt::format("line {}", line));
      quoted = any = true;
      quote_line = line;
    } else if (c == ',') {
      row.push_back(std::exchange(cell, {}));
      any = true;
    } else if (c == '\n') {
      end_row();
    } else if (c == '\r' && i + 1 < text.size() && text[i + 1] == '\n') {
      // the LF ends the row
    } else {
      cell += c;
      any = true;
    }
  }
  if (quoted) return bad_input("a quoted cell has no end", fmt::format("line {}", quote_line));
  if (any || !cell.empty() || !row.empty()) end_row();
  if (first) return bad_input("the file is empty, a header expected");
  return table;
}

Result<std::string> export_records(db::Connection& c, const Context& context, const Actor& actor,
                                   const ListQuery& query, std::int64_t* rows) {
  MW_ASSIGN(const TypeModel* type, context.model.type(query.type));
  const auto fields = exported_fields(*type);
  // Whoever may not write the type is a stranger to its people: personal data are shortened for him.
  const bool mask = !actor.is_system && !has_role(actor, type->type->access.create) &&
                    !has_role(actor, type->type->access.update);
  std::string out(kBom);
  out += "id";
  if (type->workflow) out += ",state";
  for (const auto* field : fields) out += "," + csv_cell(field->name);
  out += "\r\n";
  ListQuery page_query = query;
  page_query.limit = 500;
  page_query.after.clear();
  page_query.count_total = false;
  while (true) {
    MW_ASSIGN(const Page page, list_records(c, context, actor, page_query));
    for (const Record& record : page.records) {
      out += record.id.text();
      if (type->workflow) out += "," + csv_cell(record.state);
      for (const auto* field : fields) {
        const auto found = record.fields.find(field->name);
        std::string text =
            found == record.fields.end() ? std::string() : value_to_text(field->type, found->second);
        if (mask && field->personal) text = masked(text);
        out += "," + csv_cell(text);
      }
      out += "\r\n";
      ++*rows;
    }
    if (page.next.empty()) return out;
    page_query.after = page.next;
  }
}

namespace {

class Import {
 public:
  Import(Writer& writer, const Context& context, const Actor& actor, const TypeModel& type,
         ImportReport& report)
      : writer_(writer), context_(context), actor_(actor), type_(type), report_(report) {}

  Status read_header(const std::vector<std::string>& header) {
    std::set<std::string> seen;
    std::vector<std::string> known = {"id", "state"};
    for (const auto* field : exported_fields(type_)) known.push_back(field->name);
    for (const auto& raw : header) {
      const std::string name(trim(raw));
      if (std::find(known.begin(), known.end(), name) == known.end()) {
        const std::string near = nearest(name, known);
        return bad_input(fmt::format("header: column \"{}\" is no field of {}{}", name, type_.name(),
                                     near.empty() ? "" : "; nearest is " + near));
      }
      if (!seen.insert(name).second)
        return bad_input(fmt::format("header: column \"{}\" is there twice", name));
      columns_.push_back(name);
    }
    return {};
  }

  /// One row; its faults go to the report. An error means that the whole import must end.
  Status row(int number, const std::vector<std::string>& cells) {
    row_ = number;
    bad_ = false;
    if (cells.size() != columns_.size()) {
      fault("", fmt::format("{} cells, {} expected", cells.size(), columns_.size()));
      return {};
    }
    Fields fields;
    std::string id_text, state;
    for (std::size_t i = 0; i < cells.size(); ++i) {
      const std::string cell = unguarded(cells[i]);
      if (columns_[i] == "id") {
        id_text = cell;
      } else if (columns_[i] == "state") {
        state = cell;
      } else {
        MW_TRY(read_cell(*type_.field(columns_[i]), cell, fields));
      }
    }
    if (bad_) return {};
    return trim(id_text).empty() ? create(std::move(fields), state)
                                 : update(id_text, std::move(fields), state);
  }

 private:
  void fault(std::string column, std::string message) {
    report_.faults.push_back({row_, std::move(column), std::move(message)});
    bad_ = true;
  }

  Status read_cell(const pack::Field& field, const std::string& cell, Fields& fields) {
    const bool words = field.type == FieldType::text || field.type == FieldType::long_text;
    const std::string text = words ? cell : std::string(trim(cell));
    if (text.empty()) {
      fields[field.name] = FieldValue();
      return {};
    }
    if (field.type == FieldType::reference) return read_reference(field, text, fields);
    auto value = value_from_text(field.type, text);
    if (!value) {
      fault(field.name, value.error().message);
      return {};
    }
    FieldValue read = *std::move(value);
    if (auto* code = std::get_if<std::string>(&read); code && field.type == FieldType::choice)
      *code = code_of(field, *code);
    if (auto* codes = std::get_if<std::vector<std::string>>(&read);
        codes && field.type == FieldType::choices) {
      for (auto& code : *codes) code = code_of(field, code);
    }
    fields[field.name] = std::move(read);
    return {};
  }

  /// A code stays; a Chinese or English label becomes its code.
  std::string code_of(const pack::Field& field, const std::string& text) const {
    const pack::Dictionary* dictionary = context_.model.catalog().dictionary(field.dictionary);
    if (!dictionary || dictionary->entry(text)) return text;
    for (const auto& entry : dictionary->entries) {
      if (entry.label.zh == text || lower_ascii(entry.label.en) == lower_ascii(text)) return entry.code;
    }
    return text;  // the check of the value refuses it
  }

  /// By the one-field key of the target (a code), else by id.
  Status read_reference(const pack::Field& field, const std::string& text, Fields& fields) {
    const TypeModel* target = context_.model.find(field.target);
    for (const auto& set : target->type->unique) {
      const pack::Field* key = set.size() == 1 ? target->field(set[0]) : nullptr;
      if (!key || key->type != FieldType::text || key->secret) continue;
      MW_ASSIGN(const db::Rows rows,
                writer_.connection().query(fmt::format("SELECT id, owner FROM {} WHERE {} = $1",
                                                       target->table, db::identifier(key->name)),
                                           {text}));
      if (rows.empty()) continue;
      MW_ASSIGN(const bool seen, may_name(writer_.connection(), actor_, RecordId{rows.integer(0, 1)}));
      if (!seen) continue;
      fields[field.name] = RecordId{rows.integer(0, 0)};
      return {};
    }
    if (const auto id = parse_record_id(text)) {
      fields[field.name] = *id;
    } else {
      fault(field.name,
            fmt::format("found no {} {}, expected its code or id", field.target, pack::quoted(text)));
    }
    return {};
  }

  void take(const Refusal& refusal) {
    for (const auto& f : refusal.faults) fault(f.field, fmt::format("{}: {}", f.code, f.message));
    if (refusal.faults.empty()) fault("", refusal.error.message);
  }

  Status settle(const Outcome<Record>& outcome, int& counter) {
    const auto* refusal = std::get_if<Refusal>(&outcome);
    if (!refusal) {
      ++counter;
      return {};
    }
    if (is_own_fault(refusal->error.code)) return refusal->error;
    take(*refusal);
    return {};
  }

  Status create(Fields fields, const std::string& state) {
    if (type_.workflow && !state.empty() && state != type_.workflow->initial().name) {
      fault("state", fmt::format("a new {} begins as {}", type_.name(), type_.workflow->initial().name));
      return {};
    }
    std::erase_if(fields, [](const auto& field) { return !is_set(field.second); });
    return settle(writer_.create(actor_, type_.name(), fields, "import"), report_.created);
  }

  Status update(const std::string& id_text, Fields fields, const std::string& state) {
    const auto id = parse_record_id(trim(id_text));
    if (!id) {
      fault("id", fmt::format("found {}, expected an id or nothing", pack::quoted(id_text)));
      return {};
    }
    MW_ASSIGN(const std::optional<Record> stored, load_record(writer_.connection(), type_, *id));
    bool seen = false;
    if (stored) {
      MW_ASSIGN(seen, in_scope(writer_.connection(), actor_, type_, *stored));
    }
    if (!seen) {
      fault("id", fmt::format("no {} {}", type_.name(), id->value));
      return {};
    }
    if (std::find(columns_.begin(), columns_.end(), "state") != columns_.end() && state != stored->state) {
      fault("state", fmt::format("found \"{}\", stored is \"{}\": states change through steps only", state,
                                 stored->state));
      return {};
    }
    std::erase_if(fields, [&](const auto& field) {
      const auto old = stored->fields.find(field.first);
      return normalised(field.second) == (old == stored->fields.end() ? FieldValue() : old->second);
    });
    if (fields.empty()) {
      ++report_.unchanged;
      return {};
    }
    return settle(writer_.update(actor_, type_.name(), *id, stored->version, fields, "import"),
                  report_.updated);
  }

  Writer& writer_;
  const Context& context_;
  const Actor& actor_;
  const TypeModel& type_;
  ImportReport& report_;
  std::vector<std::string> columns_;
  int row_ = 0;
  bool bad_ = false;
};

}  // namespace

Result<ImportReport> import_records(Writer& writer, const Context& context, const Actor& actor,
                                    std::string_view type_name, std::string_view csv, bool keep_good) {
  constexpr std::size_t kMostFaults = 1000;
  MW_ASSIGN(const TypeModel* type, context.model.type(type_name));
  if (!actor.is_system && !has_role(actor, type->type->access.create) &&
      !has_role(actor, type->type->access.update)) {
    return forbidden(fmt::format("none of your roles may create or change {}", type->name()));
  }
  MW_ASSIGN(const CsvTable table, parse_csv(csv));
  ImportReport report;
  Import import(writer, context, actor, *type, report);
  MW_TRY(import.read_header(table.header));
  for (std::size_t i = 0; i < table.rows.size() && report.faults.size() < kMostFaults; ++i) {
    MW_TRY(import.row(static_cast<int>(i) + 1, table.rows[i]));
  }
  if (!report.faults.empty() && !keep_good) report.created = report.updated = 0;  // the caller rolls back
  return report;
}

}  // namespace mineward::record
