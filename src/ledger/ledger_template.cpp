#include "ledger/ledger_template.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "base/text.h"
#include "ledger/book.h"
#include "ledger/imports.h"
#include "ledger/layout.h"

namespace mineward::ledger {

using pack::FieldType;

namespace {

constexpr lxw_row_t kTitle = 0, kNames = 1, kLabels = 2, kExample = 3, kLastChecked = 20'000;
/// More than that is no choice any more; the code or name is typed.
constexpr int kOffered = 300;

const std::string& in(const pack::Label& label, bool english) {
  return english && !label.en.empty() ? label.en : label.zh;
}

class Template {
 public:
  Template(record::Store& store, const record::Actor& actor, const pack::RecordType& type, bool english,
           Book& book)
      : store_(store), actor_(actor), type_(type), en_(english), book_(book) {
    for (const auto& field : type.fields) {
      if (!field.secret && !field.system && field.type != FieldType::attachments) fields_.push_back(&field);
    }
  }

  Status write(Clock& clock) {
    today_ = china_date(clock.now().utc_ms);
    now_ = clock.now().utc_ms / 60'000 * 60'000;
    sheet_ = book_.sheet(in(type_.label, en_));
    lxw_worksheet* about = book_.sheet(en_ ? kAboutEn : kAboutZh);
    lists_ = book_.sheet(kListSheet);
    lxw_worksheet* mark = book_.sheet(kMarkSheet);
    plain_ = book_.format({});
    head();
    for (std::size_t i = 0; i < fields_.size(); ++i)
      MW_TRY(column(static_cast<lxw_col_t>(i + 1), *fields_[i]));
    explain(about);
    write_text(mark, 0, 0, kMarkText, plain_);
    write_text(mark, 1, 0, type_.name, plain_);
    worksheet_hide(lists_);
    worksheet_hide(mark);
    worksheet_freeze_panes(sheet_, kExample, 1);
    worksheet_activate(sheet_);
    return {};
  }

 private:
  void head() {
    const auto last = static_cast<lxw_col_t>(fields_.size());
    write_span(
        sheet_, kTitle, 0, last,
        fmt::format(fmt::runtime(en_ ? "{}: import template (* required; the example row is not imported)"
                                     : "{}导入模板（带 * 为必填；示例行不会导入）"),
                    in(type_.label, en_)),
        book_.format({.bold = true, .size = 14}));
    worksheet_set_row(sheet_, kTitle, 26, nullptr);
    lxw_row_col_options hidden = {.hidden = 1, .level = 0, .collapsed = 0};
    worksheet_set_row_opt(sheet_, kNames, LXW_DEF_ROW_HEIGHT, nullptr, &hidden);
    worksheet_set_row(sheet_, kLabels, 34, nullptr);
    required_ = book_.format({.bold = true, .head = true, .wrap = true, .centre = true});
    optional_ = book_.format({.head = true, .wrap = true, .centre = true, .locked_grey = true});
    write_text(sheet_, kNames, 0, kRowNumber, plain_);
    write_text(sheet_, kLabels, 0, in(program_label(kRowNumber), en_), optional_);
    write_text(sheet_, kExample, 0, en_ ? kExampleEn : kExampleZh, plain_);
    worksheet_set_column(sheet_, 0, 0, 9, nullptr);
  }

  static bool must(const pack::Field& field) { return field.required && field.default_value.empty(); }

  std::string label(const pack::Field& field) const {
    std::string text = in(field.label, en_);
    const std::string unit = field.type == FieldType::money ? (en_ ? "yuan" : "元") : field.unit;
    if (!unit.empty()) text += fmt::format(fmt::runtime(en_ ? " ({})" : "（{}）"), unit);
    return text;
  }

  Status column(lxw_col_t at, const pack::Field& field) {
    write_text(sheet_, kNames, at, field.name, plain_);
    write_text(sheet_, kLabels, at, label(field) + (must(field) ? " *" : ""),
               must(field) ? required_ : optional_);
    if (const std::string words = help(field); !words.empty()) {
      lxw_comment_options options = {};
      options.width = 260;
      options.height = 110;
      worksheet_write_comment_opt(sheet_, kLabels, at, words.c_str(), &options);
    }
    MW_ASSIGN(const auto choices, offered(field));
    const bool wide = field.type == FieldType::long_text;
    double width = std::max(shown_width(label(field)) + 4, wide ? 36.0 : 12.0);
    for (const auto& choice : choices) width = std::max(width, std::min(shown_width(choice) + 2, 36.0));
    worksheet_set_column(sheet_, at, at, std::min(width, 40.0), whole_column(field));
    if (!choices.empty() && field.type != FieldType::choices) validate(at, field, choices);
    example(at, field, choices);
    return {};
  }

  /// Dates are entered as dates, and long numbers as texts.
  lxw_format* whole_column(const pack::Field& field) {
    switch (field.type) {
      case FieldType::date: return kept("yyyy-mm-dd");
      case FieldType::instant: return kept("yyyy-mm-dd hh:mm");
      case FieldType::text: return kept("@");
      default: return nullptr;
    }
  }
  lxw_format* kept(const std::string& number) {
    auto& format = formats_[number];
    if (!format) format = book_.format({.number = number});
    return format;
  }

  Result<std::vector<std::string>> offered(const pack::Field& field) {
    std::vector<std::string> out;
    if (field.type == FieldType::boolean)
      return std::vector<std::string>{en_ ? "Yes" : "是", en_ ? "No" : "否"};
    if (field.type == FieldType::choice || field.type == FieldType::choices) {
      if (const pack::Dictionary* dictionary = store_.catalog().dictionary(field.dictionary)) {
        for (const auto& entry : dictionary->entries) out.push_back(in(entry.label, en_));
      }
      return out;
    }
    if (field.type != FieldType::reference) return out;
    record::Actor actor = actor_;
    if (field.target == "account") actor.is_system = true;  // by name only and within the scope, as in lists
    record::ListQuery query;
    query.type = field.target;
    query.limit = kOffered + 1;
    query.descending = false;
    const auto page = store_.list(actor, query);
    if (!page) return out;  // he may not read them: the name is typed
    if (page->records.size() > kOffered) return out;
    for (const auto& record : page->records) {
      if (auto title = store_.title(actor_, field.target, record.id)) out.push_back(*std::move(title));
    }
    std::sort(out.begin(), out.end());
    out.erase(std::unique(out.begin(), out.end()), out.end());
    return out;
  }

  void validate(lxw_col_t at, const pack::Field& field, const std::vector<std::string>& choices) {
    for (std::size_t i = 0; i < choices.size(); ++i)
      write_text(lists_, static_cast<lxw_row_t>(i), next_list_, choices[i], plain_);
    char name[LXW_MAX_COL_NAME_LENGTH];
    lxw_col_to_name(name, next_list_++, 1);
    std::string range = fmt::format("={}!{}$1:{}${}", kListSheet, name, name, choices.size());
    lxw_data_validation rule = {};
    rule.validate = LXW_VALIDATION_TYPE_LIST_FORMULA;
    rule.value_formula = range.data();
    rule.ignore_blank = LXW_VALIDATION_ON;
    rule.dropdown = LXW_VALIDATION_ON;
    // What is not in scope of a mine now may be a code that the list does not show.
    rule.error_type = field.type == FieldType::reference ? LXW_VALIDATION_ERROR_TYPE_WARNING
                                                         : LXW_VALIDATION_ERROR_TYPE_STOP;
    std::string title = en_ ? "Not in the list" : "不在可选项中";
    rule.error_title = title.data();
    worksheet_data_validation_range(sheet_, kExample, at, kLastChecked, at, &rule);
  }

  void example(lxw_col_t at, const pack::Field& field, const std::vector<std::string>& choices) {
    switch (field.type) {
      case FieldType::date:
        return write_moment(sheet_, kExample, at, start_of_day_ms(today_), false, kept("yyyy-mm-dd"));
      case FieldType::instant:
        return write_moment(sheet_, kExample, at, now_, true, kept("yyyy-mm-dd hh:mm"));
      case FieldType::integer:
      case FieldType::decimal:
      case FieldType::money: {
        worksheet_write_number(sheet_, kExample, at, std::max(field.min.value_or(1), 1.0), plain_);
        return;
      }
      default: break;
    }
    if (!choices.empty()) return write_text(sheet_, kExample, at, choices.front(), plain_);
    if (must(field)) write_text(sheet_, kExample, at, en_ ? kExampleEn : kExampleZh, plain_);
  }

  /// What may be entered, in words.
  std::string kind(const pack::Field& field) const {
    switch (field.type) {
      case FieldType::date: return en_ ? "date, such as 2026-03-01" : "日期，如 2026-03-01";
      case FieldType::instant: return en_ ? "time, such as 2026-03-01 08:30" : "时间，如 2026-03-01 08:30";
      case FieldType::integer: return (en_ ? "whole number" : "整数") + bounds(field);
      case FieldType::decimal: return (en_ ? "number" : "数字") + bounds(field);
      case FieldType::money: return (en_ ? "yuan, two decimals" : "金额（元），两位小数") + bounds(field);
      case FieldType::boolean: return en_ ? "Yes or No" : "是或否";
      case FieldType::choice: return en_ ? "one of the list" : "从列表中选一项";
      case FieldType::choices: return en_ ? "several, divided by ;" : "可多项，用顿号分隔";
      case FieldType::reference: {
        const pack::RecordType* target = store_.catalog().record_type(field.target);
        const std::string name = target ? in(target->label, en_) : field.target;
        return fmt::format(fmt::runtime(en_ ? "code or name of a known {}" : "已登记的{}的编号或名称"), name);
      }
      default: break;
    }
    const int longest = field.max_length.value_or(field.type == FieldType::text ? 200 : 20000);
    return fmt::format(fmt::runtime(en_ ? "text, at most {} characters" : "文字，最多 {} 字"), longest);
  }
  std::string bounds(const pack::Field& field) const {
    if (field.min && field.max)
      return fmt::format(fmt::runtime(en_ ? ", {} to {}" : "，{} 至 {}"), *field.min, *field.max);
    if (field.min) return fmt::format(fmt::runtime(en_ ? ", at least {}" : "，不小于 {}"), *field.min);
    if (field.max) return fmt::format(fmt::runtime(en_ ? ", at most {}" : "，不大于 {}"), *field.max);
    return {};
  }

  std::string help(const pack::Field& field) const {
    std::string out = kind(field);
    if (!field.help.zh.empty()) out += "\n" + in(field.help, en_);
    if (field.type != FieldType::choices) return out;
    const pack::Dictionary* dictionary = store_.catalog().dictionary(field.dictionary);
    if (!dictionary) return out;
    out += "\n";
    for (std::size_t i = 0; i < dictionary->entries.size() && i < 30; ++i)
      out += (i ? (en_ ? "; " : "、") : "") + in(dictionary->entries[i].label, en_);
    return out;
  }

  /// The second sheet: every column in words.
  void explain(lxw_worksheet* sheet) {
    lxw_format* wrapped = book_.format({.wrap = true});
    const std::vector<std::string> heads =
        en_ ? std::vector<std::string>{"Column", "Required", "What to enter", "Meaning"}
            : std::vector<std::string>{"列", "必填", "填写要求", "说明"};
    for (std::size_t i = 0; i < heads.size(); ++i)
      write_text(sheet, 0, static_cast<lxw_col_t>(i), heads[i], required_);
    lxw_row_t line = 1;
    for (const pack::Field* field : fields_) {
      write_text(sheet, line, 0, label(*field), plain_);
      write_text(sheet, line, 1, must(*field) ? (en_ ? "yes" : "是") : "", plain_);
      write_text(sheet, line, 2, kind(*field), wrapped);
      write_text(sheet, line++, 3, in(field->help, en_), wrapped);
    }
    worksheet_set_column(sheet, 0, 0, 28, nullptr);
    worksheet_set_column(sheet, 1, 1, 9, nullptr);
    worksheet_set_column(sheet, 2, 3, 52, nullptr);
    worksheet_freeze_panes(sheet, 1, 0);
  }

  record::Store& store_;
  const record::Actor& actor_;
  const pack::RecordType& type_;
  const bool en_;
  Book& book_;
  std::vector<const pack::Field*> fields_;
  std::map<std::string, lxw_format*> formats_;
  lxw_worksheet *sheet_ = nullptr, *lists_ = nullptr;
  lxw_format *plain_ = nullptr, *required_ = nullptr, *optional_ = nullptr;
  lxw_col_t next_list_ = 0;
  Date today_;
  std::int64_t now_ = 0;
};

}  // namespace

Result<std::string> ledger_template(record::Store& store, const record::Actor& actor, Clock& clock,
                                    std::string_view type_name, bool english) {
  const pack::RecordType* type = store.catalog().record_type(type_name);
  if (!type) return not_found(fmt::format("there is no record type '{}'", type_name));
  if (!may_import(actor, *type))
    return forbidden(fmt::format("none of your roles may create or change {}", type->name));
  MW_ASSIGN(Book book, Book::make(false));
  MW_TRY(Template(store, actor, *type, english, book).write(clock));
  return book.finish();
}

}  // namespace mineward::ledger
