#include "paper/fill.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <numeric>

#include "base/text.h"
#include "paper/chinese.h"
#include "record/selection.h"
#include "record/values.h"

namespace mineward::paper {

using pack::FieldType;
using record::Actor;
using record::FieldValue;
using record::Record;
using record::RecordId;

std::string plain(const Words& words) {
  std::string out;
  for (const auto& run : words) out += run.text;
  return out;
}

namespace {

/// How wide a blank is for a place that says nothing about it.
constexpr int kBlank = 6;

/// What a path leads to.
struct Found {
  const pack::Field* field = nullptr;  ///< null: words of the program
  FieldValue value;
  std::string words;
};

std::string number_text(const pack::Field& field, double value) {
  std::string text = fmt::format("{:.{}f}", value, field.scale);
  if (text.find('.') == std::string::npos) return text;
  text.erase(text.find_last_not_of('0') + 1);
  if (text.ends_with('.')) text.pop_back();
  return text;
}

class Filler {
 public:
  Filler(record::Store& store, const Actor& actor, Occasion occasion)
      : store_(store), actor_(actor), occasion_(std::move(occasion)) {}

  /// Of a text that begins with '?', which is left out when nothing fills its places.
  Result<bool> left_out(const pack::PaperText& text, const Record& record) {
    if (!text.source.starts_with('?')) return false;
    for (const auto& piece : text.pieces) {
      if (!piece.slot || piece.slot->paths.empty()) continue;
      MW_ASSIGN(const std::string value, slot(*piece.slot, record));
      if (!value.empty()) return false;
    }
    return true;
  }

  void set_office(std::string office) { office_ = std::move(office); }
  void set_number(std::string number) { occasion_.number = std::move(number); }
  void set_row(int row) { row_ = row; }

  Result<Words> words(const pack::PaperText& text, const Record& record) {
    Words out;
    for (const auto& piece : text.pieces) {
      if (!piece.slot) {
        const bool mark = out.empty() && piece.words.starts_with('?');
        out.push_back({piece.words.substr(mark ? 1 : 0), 0});
        continue;
      }
      MW_ASSIGN(std::string value, slot(*piece.slot, record));
      const int width = piece.slot->width ? piece.slot->width : value.empty() ? kBlank : 0;
      out.push_back({std::move(value), width});
    }
    return out;
  }

  /// As plain text, for cells: what is not set leaves nothing.
  Result<std::string> text(const pack::PaperText& text, const Record& record) {
    std::string out;
    for (const auto& piece : text.pieces) {
      if (!piece.slot) {
        out += piece.words;
        continue;
      }
      MW_ASSIGN(const std::string value, slot(*piece.slot, record));
      out += value;
    }
    return out;
  }

  Result<std::string> slot(const pack::PaperSlot& slot, const Record& record) {
    for (const auto& path : slot.paths) {
      MW_ASSIGN(const std::optional<Found> found, look(path, record));
      if (!found) continue;
      MW_ASSIGN(std::string text, show(*found, slot.form));
      if (!text.empty()) return text;
    }
    return slot.form == "yes" ? std::string("□") : std::string();
  }

 private:
  Result<std::optional<Found>> look(std::string_view path, const Record& record) {
    if (path.starts_with('@')) return word(path);
    if (const auto day = part_of_day(path); !day.empty()) return std::optional(Found{nullptr, {}, day});
    const pack::RecordType* type = store_.catalog().record_type(record.type);
    const auto dot = path.find('.');
    const std::string_view head = path.substr(0, dot);
    const std::string_view rest = dot == std::string_view::npos ? std::string_view{} : path.substr(dot + 1);
    if (head == "owner") return follow("organisation", record.owner, rest);
    const pack::Field* field = type->field(head);
    if (!field) return std::optional(Found{nullptr, {}, system_words(head, *type, record)});
    const auto value = record.fields.find(head);
    if (value == record.fields.end() || !record::is_set(value->second)) return std::optional<Found>();
    if (rest.empty()) return std::optional(Found{field, value->second, {}});
    if (field->type == FieldType::choice)
      return std::optional(Found{nullptr, {}, column(*field, std::get<std::string>(value->second), rest)});
    return follow(field->target, std::get<RecordId>(value->second), rest);
  }

  std::optional<Found> word(std::string_view path) const {
    if (path == "@office") return Found{nullptr, {}, office_};
    if (path == "@number") return Found{nullptr, {}, occasion_.number};
    if (path == "@row") return Found{nullptr, {}, std::to_string(row_)};
    return Found{nullptr, {}, chinese_date(occasion_.today)};
  }

  std::string part_of_day(std::string_view path) const {
    const std::string day = format_date(occasion_.today);
    if (path == "yyyy") return day.substr(0, 4);
    if (path == "MM") return day.substr(5, 2);
    if (path == "dd") return day.substr(8, 2);
    return {};
  }

  std::string system_words(std::string_view name, const pack::RecordType& type, const Record& record) const {
    if (name == "created_at") return chinese_time(record.created_at.utc_ms);
    if (name == "updated_at") return chinese_time(record.updated_at.utc_ms);
    if (name == "created_by") return record.created_by;
    const pack::Workflow* flow = store_.catalog().workflow(type.workflow);
    const pack::State* state = name == "state" && flow ? flow->state(record.state) : nullptr;
    return state ? state->label.zh : std::string();
  }

  std::string column(const pack::Field& field, const std::string& code, std::string_view name) const {
    const pack::Dictionary* codes = store_.catalog().dictionary(field.dictionary);
    const pack::DictionaryEntry* entry = codes ? codes->entry(code) : nullptr;
    if (!entry) return {};
    const auto found = entry->extra.find(std::string(name));
    return found == entry->extra.end() ? std::string() : found->second;
  }

  Result<std::optional<Found>> follow(const std::string& type, RecordId id, std::string_view rest) {
    if (!id) return std::optional<Found>();
    if (rest.empty()) {
      MW_ASSIGN(std::string name, title(type, id));
      return std::optional(Found{nullptr, {}, std::move(name)});
    }
    MW_ASSIGN(const Record* record, get(type, id));
    if (!record) return std::optional<Found>();
    return look(rest, *record);
  }

  /// nullptr where the actor may not look.
  Result<const Record*> get(const std::string& type, RecordId id) {
    const auto key = std::pair(type, id);
    if (const auto known = records_.find(key); known != records_.end())
      return known->second ? &*known->second : nullptr;
    auto record = store_.get(actor_, type, id);
    if (!record && record.error().code != Errc::not_found && record.error().code != Errc::forbidden)
      return std::move(record).error();
    auto& kept = records_[key];
    if (record) kept = *std::move(record);
    return kept ? &*kept : nullptr;
  }

  Result<std::string> title(const std::string& type, RecordId id) {
    const auto key = std::pair(type, id);
    if (const auto known = titles_.find(key); known != titles_.end()) return known->second;
    auto found = store_.title(actor_, type, id);
    if (!found && found.error().code != Errc::not_found && found.error().code != Errc::forbidden)
      return std::move(found).error();
    return titles_[key] = found ? *found : std::string();
  }

  std::string label(const pack::Field& field, const std::string& code) const {
    const pack::Dictionary* codes = store_.catalog().dictionary(field.dictionary);
    const pack::DictionaryEntry* entry = codes ? codes->entry(code) : nullptr;
    return entry ? entry->label.zh : code;
  }

  Result<std::string> show(const Found& found, const std::string& form) {
    if (!found.field) return found.words;
    const pack::Field& field = *found.field;
    switch (field.type) {
      case FieldType::choice: return label(field, std::get<std::string>(found.value));
      case FieldType::choices: {
        std::vector<std::string> all;
        for (const auto& code : std::get<std::vector<std::string>>(found.value))
          all.push_back(label(field, code));
        return join(all, "、");
      }
      case FieldType::reference: return title(field.target, std::get<RecordId>(found.value));
      case FieldType::boolean:
        if (form == "yes") return std::string(std::get<bool>(found.value) ? "☑" : "□");
        return std::string(std::get<bool>(found.value) ? "是" : "否");
      case FieldType::date: {
        const Date day = std::get<Date>(found.value);
        return form == "month" ? chinese_month(day) : chinese_date(day);
      }
      case FieldType::instant: {
        const std::int64_t at = std::get<EventTime>(found.value).utc_ms;
        if (form == "month") return chinese_month(china_date(at));
        return form == "date" ? chinese_date(china_date(at)) : chinese_time(at);
      }
      case FieldType::money: {
        const std::int64_t fen = std::get<std::int64_t>(found.value);
        return form == "capital" ? yuan_in_words(fen) : yuan(fen);
      }
      case FieldType::decimal: return number_text(field, std::get<double>(found.value));
      case FieldType::attachments:
        return fmt::format("{}份", std::get<std::vector<std::string>>(found.value).size());
      default: return record::value_to_text(field.type, found.value);
    }
  }

  record::Store& store_;
  const Actor& actor_;
  Occasion occasion_;
  std::string office_;
  int row_ = 0;
  std::map<std::pair<std::string, RecordId>, std::optional<Record>> records_;
  std::map<std::pair<std::string, RecordId>, std::string> titles_;
};

/// Rows of a table, page by page of the store's list.
Result<std::vector<Record>> rows_of(record::Store& store, const Actor& actor, record::ListQuery query) {
  constexpr int kPage = 500;
  query.limit = kPage;
  query.count_total = false;
  std::vector<Record> out;
  do {
    auto page = store.list(actor, query);
    if (!page && page.error().code == Errc::forbidden) return out;  // who may not read them sees none
    if (!page) return std::move(page).error();
    for (auto& record : page->records) {
      if (out.size() >= static_cast<std::size_t>(kMostRows)) break;
      out.push_back(std::move(record));
    }
    query.after = page->next;
  } while (!query.after.empty() && out.size() < static_cast<std::size_t>(kMostRows));
  return out;
}

Status take_rows(Filler& filler, const std::vector<pack::PaperColumn>& columns,
                 const std::vector<Record>& records, Part& part) {
  for (const auto& column : columns) part.columns.push_back({column.head, column.width, column.align});
  for (std::size_t i = 0; i < records.size(); ++i) {
    filler.set_row(static_cast<int>(i) + 1);
    std::vector<std::string> row;
    for (const auto& column : columns) {
      MW_ASSIGN(std::string cell, filler.text(column.text, records[i]));
      row.push_back(std::move(cell));
    }
    part.rows.push_back(std::move(row));
  }
  return {};
}

Status fill_table(record::Store& store, const Actor& actor, Filler& filler, const pack::PaperTable& table,
                  const Record& record, Part& part) {
  part.empty = table.empty.empty() ? "无" : table.empty;
  const RecordId at = table.at.empty() ? record.id : record.reference(table.at);
  std::vector<Record> rows;
  if (at) {
    record::ListQuery query;
    query.type = table.of;
    query.filters.push_back({table.by, record::Filter::Op::eq, {at.text()}});
    query.descending = false;
    MW_ASSIGN(rows, rows_of(store, actor, std::move(query)));
  }
  const pack::RecordType* type = store.catalog().record_type(table.of);
  std::erase_if(rows, [&](const Record& row) { return !record::counts(*type, table.when, row); });
  if (!table.sort.empty()) {
    const auto key = [&](const Record& row) {
      const auto found = row.fields.find(table.sort);
      return found == row.fields.end() ? FieldValue{} : found->second;
    };
    std::stable_sort(rows.begin(), rows.end(),
                     [&](const Record& a, const Record& b) { return key(a) < key(b); });
  }
  return take_rows(filler, table.columns, rows, part);
}

Result<Part> fill_part(record::Store& store, const Actor& actor, Filler& filler,
                       const pack::PaperBlock& block, const Record& record) {
  Part part;
  part.kind = block.kind;
  MW_ASSIGN(part.words, filler.words(block.text, record));
  MW_ASSIGN(part.date, filler.words(block.date, record));
  for (const auto& line : block.lines) {
    MW_ASSIGN(Words words, filler.words(line, record));
    part.lines.push_back(std::move(words));
  }
  for (const auto& cells : block.grid) {
    auto& row = part.grid.emplace_back();
    for (const auto& cell : cells) {
      MW_ASSIGN(std::string text, filler.text(cell, record));
      row.push_back({{std::move(text), 0}});
    }
  }
  if (block.kind == pack::PaperBlock::Kind::table)
    MW_TRY(fill_table(store, actor, filler, block.table, record, part));
  return part;
}

}  // namespace

Result<Sheet> fill(record::Store& store, const Actor& actor, const pack::Paper& paper, const Record& record,
                   const Occasion& occasion) {
  const pack::RecordType* type = store.catalog().record_type(paper.record);
  if (!type || record.type != paper.record)
    return bad_input(fmt::format("paper {} is made of {}, found {}", paper.name, paper.record, record.type));
  Filler filler(store, actor, occasion);
  Sheet sheet;
  sheet.style = paper.style;
  sheet.landscape = paper.landscape;
  sheet.copies = paper.copies;
  MW_ASSIGN(sheet.head, filler.words(paper.head, record));
  MW_ASSIGN(sheet.office, filler.text(paper.office.empty() ? paper.head : paper.office, record));
  filler.set_office(sheet.office);
  if (paper.numbering) {
    sheet.number = {{occasion.number, occasion.number.empty() ? 12 : 0}};
  } else {
    MW_ASSIGN(sheet.number, filler.words(paper.number, record));
    filler.set_number(plain(sheet.number));
  }
  MW_ASSIGN(sheet.title, filler.words(paper.title, record));
  MW_ASSIGN(sheet.subtitle, filler.words(paper.subtitle, record));
  for (const auto& block : paper.body) {
    if (!record::fits(*type, block.when, record)) continue;
    MW_ASSIGN(const bool left_out, filler.left_out(block.text, record));
    if (left_out) continue;
    MW_ASSIGN(Part part, fill_part(store, actor, filler, block, record));
    sheet.parts.push_back(std::move(part));
  }
  return sheet;
}

namespace {

/// The columns of the type's list page, for types without a ledger of their own.
std::vector<pack::PaperColumn> list_columns(const pack::Catalog& catalog, const pack::RecordType& type) {
  std::vector<pack::PaperColumn> out;
  std::string mistake;
  out.push_back({"序号", 0.5, pack::parse_paper_text("{@row}", mistake), "center"});
  for (const auto& name : type.list_fields) {
    const pack::Field* field = type.field(name);
    if (!field && (name != "state" || !catalog.workflow(type.workflow))) continue;
    if (field && (field->secret || !field->protect.empty())) continue;
    const bool wide = field && (field->type == FieldType::long_text || name == type.title_field);
    out.push_back({field ? field->label.zh : "状态", wide ? 2.0 : 1.0,
                   pack::parse_paper_text("{" + name + "}", mistake), ""});
  }
  return out;
}

}  // namespace

Result<Sheet> fill_ledger(record::Store& store, const Actor& actor, const pack::Paper* paper,
                          record::ListQuery query, const std::string& office, Date today) {
  const pack::RecordType* type = store.catalog().record_type(query.type);
  if (!type) return not_found(fmt::format("there is no record type '{}'", query.type));
  Filler filler(store, actor, {today, {}});
  filler.set_office(office);
  Sheet sheet;
  sheet.style = pack::Paper::Style::ledger;
  sheet.landscape = true;
  sheet.draft = false;
  sheet.head = {{office, 0}};
  sheet.title = {{paper ? paper->title.source : type->label.zh + "台账", 0}};
  sheet.number = {{"制表日期：" + chinese_date(today), 0}};
  MW_ASSIGN(const std::vector<Record> rows, rows_of(store, actor, std::move(query)));
  Part part;
  part.kind = pack::PaperBlock::Kind::table;
  part.empty = "没有符合条件的记录";
  const auto columns = paper ? paper->body.front().table.columns : list_columns(store.catalog(), *type);
  MW_TRY(take_rows(filler, columns, rows, part));
  sheet.parts.push_back(std::move(part));
  sheet.copies = rows.size() == static_cast<std::size_t>(kMostRows)
                     ? fmt::format("本表只打印前 {} 条，其余请导出表格。", kMostRows)
                     : fmt::format("共 {} 条。", rows.size());
  return sheet;
}

std::string NumberForm::with(std::int64_t sequence) const {
  return fmt::format("{}{:0{}}{}", before, sequence, digits, after);
}

Result<NumberForm> fill_number(record::Store& store, const Actor& actor, const pack::Numbering& numbering,
                               const Record& record, Date today) {
  Filler filler(store, actor, {today, {}});
  NumberForm out;
  bool behind = false;
  for (const auto& piece : numbering.form.pieces) {
    std::string& side = behind ? out.after : out.before;
    if (!piece.slot) {
      side += piece.words;
    } else if (piece.slot->paths.size() == 1 && piece.slot->paths[0] == "seq") {
      out.digits = std::max(1, piece.slot->width);
      behind = true;
    } else {
      MW_ASSIGN(const std::string words, filler.slot(*piece.slot, record));
      side += words;
    }
  }
  out.series = out.before + "*" + out.after;
  for (const auto& path : numbering.per) {
    MW_ASSIGN(const std::string value, filler.slot({{path}, 0, ""}, record));
    out.series += "|" + value;
  }
  return out;
}

}  // namespace mineward::paper
