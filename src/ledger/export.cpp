#include "ledger/export.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <unordered_map>

#include "base/text.h"
#include "ledger/book.h"
#include "ledger/layout.h"
#include "record/values.h"

namespace mineward::ledger {

using pack::FieldType;
using record::FieldValue;
using record::Filter;
using record::Record;
using record::RecordId;

namespace {

constexpr std::int64_t kMostRows = 200'000;
constexpr lxw_row_t kTitle = 0, kNames = 1, kGroups = 2, kLabels = 3, kBody = 4;
constexpr double kNarrowest = 6, kWidest = 48;

enum class Group { identity, entered, program };

struct OutColumn {
  std::string name;
  const pack::Field* field = nullptr;  ///< null: a program column
  Group group = Group::entered;
  double width = 0;
};

const std::string& in(const pack::Label& label, bool english) {
  return english && !label.en.empty() ? label.en : label.zh;
}

std::string_view op_text(Filter::Op op) {
  switch (op) {
    case Filter::Op::eq:
    case Filter::Op::in: return "=";
    case Filter::Op::ne: return "≠";
    case Filter::Op::lt: return "<";
    case Filter::Op::le: return "≤";
    case Filter::Op::gt: return ">";
    case Filter::Op::ge: return "≥";
    case Filter::Op::contains: return "∋";
    case Filter::Op::is_null: return "= ∅";
    case Filter::Op::not_null: return "≠ ∅";
  }
  return "";
}

/// The first character, as in CSV: for who is a stranger to these people.
std::string shortened(const std::string& text) {
  const std::u32string points = to_code_points(text);
  return points.empty() ? std::string() : to_utf8(std::u32string_view(points).substr(0, 1)) + "**";
}

class Exporter {
 public:
  Exporter(record::Store& store, const record::Actor& actor, const ExportRequest& request,
           const pack::RecordType& type, Book& book)
      : store_(store),
        actor_(actor),
        request_(request),
        type_(type),
        flow_(type.workflow.empty() ? nullptr : store.catalog().workflow(type.workflow)),
        book_(book),
        sheet_(book.sheet(in(type.label, request.english))) {
    const auto has = [&](const std::vector<std::string>& roles) {
      return std::any_of(roles.begin(), roles.end(),
                         [&](const auto& role) { return role == "*" || actor.roles.contains(role); });
    };
    shorten_ = !actor.is_system && !has(type.access.create) && !has(type.access.update);
    plain_ = book.format({});
    wrapped_ = book.format({.wrap = true});
    date_ = book.format({.number = "yyyy-mm-dd"});
    time_ = book.format({.number = "yyyy-mm-dd hh:mm:ss"});
    whole_ = book.format({.number = "0"});
    count_ = book.format({.centre = true, .number = "0"});
    money_ = book.format({.number = "#,##0.00"});
    decimal_ = book.format({.number = "General"});
  }

  Status choose_columns() {
    add(std::string(kRowNumber), nullptr, Group::identity);
    if (request_.columns.empty()) {
      all_columns();
    } else {
      for (const auto& name : request_.columns) MW_TRY(chosen_column(name));
    }
    add("id", nullptr, Group::program);
    std::stable_sort(columns_.begin(), columns_.end(),
                     [](const OutColumn& a, const OutColumn& b) { return a.group < b.group; });
    return {};
  }

  void head() {
    const auto last = static_cast<lxw_col_t>(columns_.size() - 1);
    lxw_format* title = book_.format({.bold = true, .centre = true, .size = 16});
    // Over what a screen shows: in the middle of sixty columns nobody would see it.
    constexpr lxw_col_t kSeen = 9;
    write_span(sheet_, kTitle, 0, std::min(last, kSeen), in(type_.label, request_.english), title);
    worksheet_set_row(sheet_, kTitle, 30, nullptr);
    lxw_row_col_options hidden = {.hidden = 1, .level = 0, .collapsed = 0};
    worksheet_set_row_opt(sheet_, kNames, LXW_DEF_ROW_HEIGHT, nullptr, &hidden);
    for (lxw_col_t i = 0; i <= last; ++i) write_text(sheet_, kNames, i, columns_[i].name, plain_);
    lxw_format* entered = book_.format({.bold = true, .head = true, .wrap = true, .centre = true});
    lxw_format* program =
        book_.format({.bold = true, .head = true, .wrap = true, .centre = true, .locked_grey = true});
    const auto look = [&](Group group) { return group == Group::entered ? entered : program; };
    for (lxw_col_t from = 0; from <= last;) {
      lxw_col_t to = from;
      while (to < last && columns_[to + 1].group == columns_[from].group) ++to;
      write_span(sheet_, kGroups, from, to, group_words(columns_[from].group), look(columns_[from].group));
      from = static_cast<lxw_col_t>(to + 1);
    }
    worksheet_set_row(sheet_, kLabels, 32, nullptr);
    for (lxw_col_t i = 0; i <= last; ++i) {
      const std::string text = label(columns_[i]);
      write_text(sheet_, kLabels, i, text, look(columns_[i].group));
      columns_[i].width = std::min(shown_width(text) + 3, 24.0);  // with the arrow of the filter
    }
  }

  Status row(const Record& record) {
    if (rows_ == kMostRows) {
      return Error{
          Errc::too_large, fmt::format("the list has more than {} rows: filter it first", kMostRows), {}};
    }
    const auto line = static_cast<lxw_row_t>(kBody + rows_);
    ++rows_;
    for (std::size_t i = 0; i < columns_.size(); ++i)
      MW_TRY(cell(line, static_cast<lxw_col_t>(i), columns_[i], record));
    return {};
  }

  void foot(Clock& clock) {
    const auto last = static_cast<lxw_col_t>(columns_.size() - 1);
    for (lxw_col_t i = 0; i <= last; ++i)
      worksheet_set_column(sheet_, i, i, std::clamp(columns_[i].width, kNarrowest, kWidest), nullptr);
    worksheet_freeze_panes(sheet_, kBody,
                           static_cast<lxw_col_t>(std::min<std::size_t>(2, columns_.size() - 1)));
    worksheet_autofilter(sheet_, kLabels, 0,
                         static_cast<lxw_row_t>(kLabels + std::max<std::int64_t>(rows_, 1)), last);
    worksheet_repeat_rows(sheet_, kTitle, kLabels);
    worksheet_set_landscape(sheet_);
    worksheet_set_paper(sheet_, 9);
    double width = 0;
    for (const auto& column : columns_) width += std::clamp(column.width, kNarrowest, kWidest);
    constexpr double kLegible = 260;  // on a landscape A4; a wider list is printed over several sheets
    if (width <= kLegible) worksheet_fit_to_pages(sheet_, 1, 0);
    about(clock);
    lxw_worksheet* mark = book_.sheet(kMarkSheet);
    write_text(mark, 0, 0, kMarkText, plain_);
    write_text(mark, 1, 0, type_.name, plain_);
    worksheet_hide(mark);
    worksheet_activate(sheet_);
  }

  std::int64_t rows() const { return rows_; }

 private:
  void add(std::string name, const pack::Field* field, Group group) {
    for (const auto& column : columns_) {
      if (column.name == name) return;
    }
    columns_.push_back({std::move(name), field, group, 0});
  }

  void all_columns() {
    if (const pack::Field* number = type_.field("number")) add("number", number, Group::identity);
    if (flow_) add("state", nullptr, Group::identity);
    for (const auto& field : type_.fields) {
      if (!field.secret && !field.system) add(field.name, &field, Group::entered);
    }
    for (const auto& field : type_.fields) {
      if (!field.secret && field.system) add(field.name, &field, Group::program);
    }
    for (const char* name : {"created_at", "created_by", "updated_at"}) add(name, nullptr, Group::program);
  }

  Status chosen_column(const std::string& name) {
    const pack::Field* field = type_.field(name);
    const bool program = name != kRowNumber && !program_label(name).zh.empty();
    if ((!field || field->secret) && !program)
      return bad_input(fmt::format("{} has no column \"{}\"", type_.name, name.substr(0, 80)), "columns");
    const bool identity = name == "number" || name == "state";
    add(name, field && !field->secret ? field : nullptr,
        identity                  ? Group::identity
        : field && !field->system ? Group::entered
                                  : Group::program);
    return {};
  }

  std::string group_words(Group group) const {
    switch (group) {
      case Group::identity: return request_.english ? "Record" : "记录";
      case Group::entered: return request_.english ? "Entered by people" : "填报内容";
      case Group::program: break;
    }
    return request_.english ? "Set by the program" : "程序记录（不可导入）";
  }

  std::string label(const OutColumn& column) const {
    if (!column.field) return in(program_label(column.name), request_.english);
    const std::string& text = in(column.field->label, request_.english);
    const bool yuan = column.field->type == FieldType::money;
    const std::string unit = yuan ? (request_.english ? "yuan" : "元") : column.field->unit;
    return unit.empty() ? text
                        : fmt::format(fmt::runtime(request_.english ? "{} ({})" : "{}（{}）"), text, unit);
  }

  // ---- cells

  void text(lxw_row_t line, lxw_col_t at, OutColumn& column, const std::string& text) {
    if (text.empty()) return;
    const bool long_text = column.field && column.field->type == FieldType::long_text;
    write_text(sheet_, line, at, text, long_text ? wrapped_ : plain_);
    if (column.width < kWidest) column.width = std::max(column.width, shown_width(text) + 1);
  }

  void number(lxw_row_t line, lxw_col_t at, OutColumn& column, double value, lxw_format* format) {
    worksheet_write_number(sheet_, line, at, value, format);
    column.width = std::max(column.width, 4 + std::floor(std::log10(std::max(1.0, std::abs(value))) * 1.3));
  }

  void moment(lxw_row_t line, lxw_col_t at, OutColumn& column, std::int64_t utc_ms, bool with_time) {
    write_moment(sheet_, line, at, utc_ms, with_time, with_time ? time_ : date_);
    column.width = std::max(column.width, with_time ? 20.0 : 12.0);
  }

  Status cell(lxw_row_t line, lxw_col_t at, OutColumn& column, const Record& record) {
    if (!column.field) {
      program_cell(line, at, column, record);
      return {};
    }
    const auto found = record.fields.find(column.name);
    if (found == record.fields.end()) return {};
    const pack::Field& field = *column.field;
    const FieldValue& value = found->second;
    if (shorten_ && field.personal) {
      text(line, at, column, shortened(record::value_to_text(field.type, value)));
      return {};
    }
    if (const auto* id = std::get_if<RecordId>(&value)) {
      text(line, at, column, title(field.target, *id));
    } else if (const auto* date = std::get_if<Date>(&value)) {
      moment(line, at, column, start_of_day_ms(*date), false);
    } else if (const auto* time = std::get_if<EventTime>(&value)) {
      moment(line, at, column, time->utc_ms, true);
    } else if (const auto* real = std::get_if<double>(&value)) {
      number(line, at, column, *real, decimal_);
    } else if (const auto* count = std::get_if<std::int64_t>(&value)) {
      const bool fen = field.type == FieldType::money;
      number(line, at, column, fen ? static_cast<double>(*count) / 100 : static_cast<double>(*count),
             fen ? money_ : whole_);
    } else {
      text(line, at, column, words(field, value));
    }
    return {};
  }

  void program_cell(lxw_row_t line, lxw_col_t at, OutColumn& column, const Record& record) {
    if (column.name == kRowNumber) {
      number(line, at, column, static_cast<double>(rows_), count_);
    } else if (column.name == "id") {
      text(line, at, column, record.id.text());
    } else if (column.name == "state") {
      const pack::State* state = flow_ ? flow_->state(record.state) : nullptr;
      text(line, at, column, state ? in(state->label, request_.english) : record.state);
    } else if (column.name == "created_by") {
      text(line, at, column, shorten_ ? shortened(record.created_by) : record.created_by);
    } else {
      moment(line, at, column, (column.name == "created_at" ? record.created_at : record.updated_at).utc_ms,
             true);
    }
  }

  /// A text, a boolean, codes by their labels, files by their number.
  std::string words(const pack::Field& field, const FieldValue& value) const {
    if (const auto* flag = std::get_if<bool>(&value))
      return request_.english ? (*flag ? "Yes" : "No") : (*flag ? "是" : "否");
    if (field.type == FieldType::attachments) {
      const auto n = std::get<std::vector<std::string>>(value).size();
      return fmt::format(fmt::runtime(request_.english ? "{} files" : "{} 个文件"), n);
    }
    if (field.type == FieldType::choice) return code(field, std::get<std::string>(value));
    if (const auto* codes = std::get_if<std::vector<std::string>>(&value)) {
      std::string out;
      for (const auto& one : *codes)
        out += (out.empty() ? "" : request_.english ? "; " : "、") + code(field, one);
      return out;
    }
    const auto* plain = std::get_if<std::string>(&value);
    return plain ? *plain : std::string();
  }

  std::string code(const pack::Field& field, const std::string& code) const {
    const pack::Dictionary* dictionary = store_.catalog().dictionary(field.dictionary);
    const auto* entry = dictionary ? dictionary->entry(code) : nullptr;
    return entry ? in(entry->label, request_.english) : code;
  }

  const std::string& title(const std::string& target, RecordId id) {
    constexpr std::size_t kRemembered = 50'000;
    auto& known = titles_[target];
    if (known.size() >= kRemembered) known.clear();
    const auto [at, fresh] = known.emplace(id, std::string());
    if (fresh) at->second = store_.title(actor_, target, id).value_or("");
    return at->second;
  }

  // ---- the second sheet

  void about(Clock& clock) {
    lxw_worksheet* sheet = book_.sheet(request_.english ? kAboutEn : kAboutZh);
    lxw_format* bold = book_.format({.bold = true});
    const bool en = request_.english;
    const std::array<std::pair<std::string, std::string>, 6> lines = {
        {{en ? "Ledger" : "台账", in(type_.label, en)},
         {en ? "Exported by" : "导出人", request_.who},
         {en ? "Exported at" : "导出时间", format_beijing(clock.now().utc_ms)},
         {en ? "Rows" : "行数", std::to_string(rows_)},
         {en ? "Filter" : "筛选条件", filter_words()},
         {en ? "Order" : "排序", order_words()}}};
    lxw_row_t line = 0;
    for (const auto& [name, value] : lines) {
      write_text(sheet, line, 0, name, bold);
      write_text(sheet, line++, 1, value, wrapped_);
    }
    write_text(
        sheet, line, 1,
        en ? "To change records, change the columns entered by people and import the file again; the record "
             "id tells which record a row is. The other columns are set by the program."
           : "修改“填报内容”各列后可重新导入本文件，按“记录号”识别记录；其余各列由程序填写，导入时不读取。",
        wrapped_);
    worksheet_set_column(sheet, 0, 0, 16, nullptr);
    worksheet_set_column(sheet, 1, 1, 80, nullptr);
  }

  std::string name_of(const std::string& field) const {
    const pack::Field* known = type_.field(field);
    if (known) return in(known->label, request_.english);
    const pack::Label& program = program_label(field);
    return program.zh.empty() ? field : in(program, request_.english);
  }

  std::string filter_words() {
    std::string out;
    if (!request_.query.words.empty()) out = fmt::format("“{}”", request_.query.words);
    for (const Filter& filter : request_.query.filters) {
      const pack::Field* field = type_.field(filter.field);
      std::string values;
      for (const auto& value : filter.values) {
        if (!values.empty()) values += request_.english ? ", " : "、";
        const auto id = field && field->type == FieldType::reference ? parse_record_id(value) : std::nullopt;
        const pack::State* state = flow_ && filter.field == "state" ? flow_->state(value) : nullptr;
        if (id) {
          const std::string& name = title(field->target, *id);
          values += name.empty() ? value : name;
        } else if (state) {
          values += in(state->label, request_.english);
        } else {
          values += field && !field->dictionary.empty() ? code(*field, value) : value;
        }
      }
      out += fmt::format("{}{} {} {}", out.empty() ? "" : "; ", name_of(filter.field), op_text(filter.op),
                         values);
    }
    return out.empty() ? (request_.english ? "none" : "无") : out;
  }

  std::string order_words() const {
    const std::string way = request_.query.descending ? (request_.english ? "descending" : "降序")
                                                      : (request_.english ? "ascending" : "升序");
    return name_of(request_.query.sort) + " " + way;
  }

  record::Store& store_;
  const record::Actor& actor_;
  const ExportRequest& request_;
  const pack::RecordType& type_;
  const pack::Workflow* flow_;
  Book& book_;
  lxw_worksheet* sheet_;
  bool shorten_ = false;
  lxw_format *plain_, *wrapped_, *date_, *time_, *whole_, *count_, *money_, *decimal_;
  std::vector<OutColumn> columns_;
  std::int64_t rows_ = 0;
  std::map<std::string, std::unordered_map<RecordId, std::string>, std::less<>> titles_;
};

}  // namespace

Result<std::string> export_ledger(record::Store& store, const record::Actor& actor, Clock& clock,
                                  const ExportRequest& request) {
  const pack::RecordType* type = store.catalog().record_type(request.query.type);
  if (!type) return not_found(fmt::format("there is no record type '{}'", request.query.type));
  MW_ASSIGN(Book book, Book::make(true));
  Exporter exporter(store, actor, request, *type, book);
  MW_TRY(exporter.choose_columns());
  exporter.head();
  MW_TRY(store.each(actor, request.query, [&](const Record& record) { return exporter.row(record); }));
  exporter.foot(clock);
  MW_ASSIGN(std::string bytes, book.finish());
  MW_TRY(store.write([&](record::Writer& w) {
    return w.note(actor, "export", type->name, {},
                  Json(Json::Object{{"rows", exporter.rows()}, {"as", "xlsx"}}));
  }));
  return bytes;
}

}  // namespace mineward::ledger
