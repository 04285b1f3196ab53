#include "ledger/judge.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/digest.h"
#include "base/text.h"
#include "ledger/import_table.h"

namespace mineward::ledger {

using pack::FieldType;
using record::FieldValue;
using record::is_set;
using record::Record;

namespace {

std::string without_returns(const std::string& text) {
  std::string out;
  std::copy_if(text.begin(), text.end(), std::back_inserter(out), [](char c) { return c != '\r'; });
  return out;
}

/// Whether a cell says what is stored, as far as a cell can: to the second, and without line ends of Windows.
bool says(const FieldValue& cell, const FieldValue& stored) {
  if (cell == stored) return true;
  const auto *a = std::get_if<EventTime>(&cell), *b = std::get_if<EventTime>(&stored);
  if (a && b) return a->utc_ms / 1000 == b->utc_ms / 1000;
  const auto *text = std::get_if<std::string>(&cell), *other = std::get_if<std::string>(&stored);
  return text && other && trim(without_returns(*text)) == trim(without_returns(*other));
}

std::string number_text(double value) { return fmt::format("{}", value); }

/// What the field allows, in Chinese; for the codes of record::FieldFault.
std::string chinese(const record::FieldFault& fault, const pack::Field* field) {
  if (fault.code == "required") return "必填，没有填写";
  if (fault.code == "too_long") {
    const int longest = field ? field->max_length.value_or(field->type == FieldType::text ? 200 : 20000) : 0;
    return longest > 0 ? fmt::format("内容过长，最多 {} 字", longest) : "内容过长";
  }
  if (fault.code == "out_of_range") {
    if (field && field->min && field->max)
      return fmt::format("超出范围，应为 {} 到 {}", number_text(*field->min), number_text(*field->max));
    if (field && field->min) return fmt::format("超出范围，不得小于 {}", number_text(*field->min));
    if (field && field->max) return fmt::format("超出范围，不得大于 {}", number_text(*field->max));
    return "超出允许的范围";
  }
  if (fault.code == "bad_format") return "格式不正确";
  if (fault.code == "unknown_code") return "不是可选的内容";
  if (fault.code == "not_unique") return "与已有记录重复";
  if (fault.code == "not_found") return "没有这条记录，或不在您的管辖范围内";
  if (fault.code == "read_only") return "由程序填写，不能导入";
  if (fault.code == "same_person") return "不得为同一人";
  if (fault.code == "not_stored") return "本节点没有保存受保护内容的密钥";
  return "不能接受";
}

std::string chinese(const Error& error) {
  if (error.code == Errc::forbidden) return "您没有权限新建或修改这类记录";
  if (error.code == Errc::conflict) return "记录已结束、正在会签或已被他人修改，不能再改";
  if (error.code == Errc::not_found) return "没有这条记录，或不在您的管辖范围内";
  return "未能保存";
}

/// Whether the record was withdrawn by the way that the reader of packs gave: its key is free.
bool is_withdrawn(const pack::RecordType& type, const Record& record) {
  const auto flag = record.fields.find(pack::kWithdrawn);
  return (type.withdrawal == pack::Withdrawal::flag && flag != record.fields.end() &&
          flag->second == record::FieldValue(true)) ||
         (type.withdrawal == pack::Withdrawal::step && record.state == pack::kWithdrawn);
}

}  // namespace

std::string_view name_of(Fate fate) {
  switch (fate) {
    case Fate::fresh: return "new";
    case Fate::changed: return "changed";
    case Fate::unchanged: return "unchanged";
    case Fate::faulty: break;
  }
  return "faulty";
}

Judge::Judge(record::Store& store, const record::Actor& actor, const pack::RecordType& type,
             const Survey& survey, const Options& options)
    : store_(store), actor_(actor), type_(type), survey_(survey), options_(options) {}

std::string Judge::cell_of(std::string_view field, int row) const {
  for (const Column& column : survey_.layout.columns) {
    const bool identity = column.use == Column::Use::identity && field == "id";
    if (identity || (column.field && column.field->name == field && column.use != Column::Use::unknown))
      return cell_name(column.column, row);
  }
  return {};
}

std::vector<Fault> Judge::faults_of(const record::Refusal& refusal, int row) const {
  std::vector<Fault> out;
  for (const auto& fault : refusal.faults) {
    const pack::Field* field = type_.field(fault.field);
    pack::Label words = fault.words;
    if (words.zh.empty()) words = {chinese(fault, field), fault.message};
    const std::string cell = cell_of(fault.field, row);
    if (cell.empty() && field)  // the column is missing
      words = {fmt::format("{}：{}", field->label.zh, words.zh),
               fmt::format("{}: {}", field->label.en, words.en)};
    out.push_back({row, cell, fault.field, fault.code, std::move(words)});
  }
  if (out.empty()) {
    out.push_back({row,
                   {},
                   {},
                   std::string(name_of(refusal.error.code)),
                   {chinese(refusal.error), refusal.error.message}});
  }
  return out;
}

bool Judge::note(const std::string& key, int row, std::vector<Fault>& faults) {
  const auto [at, fresh] = seen_.emplace(key, row);
  if (fresh) return true;
  faults.push_back(
      {row,
       {},
       {},
       "duplicate",
       {fmt::format("与第 {} 行重复", at->second), fmt::format("is the same as row {}", at->second)}});
  return false;
}

/// Values, not their spelling: another order of columns or "1.0" for "1" is the same row.
std::string Judge::digest_of(const ParsedRow& row) const {
  std::string text = type_.name + '\n';
  for (const auto& [name, value] : row.fields) {
    if (!is_set(value)) continue;
    text += fmt::format("{}={}", name, record::value_to_text(type_.field(name)->type, value));
    text += '\0';
  }
  return sha256_hex(text).substr(0, 32);
}

/// True when a unique set is filled; `known.record` when it is taken.
Result<bool> Judge::by_keys(const ParsedRow& row, Known& known, std::vector<Fault>& faults) {
  bool filled = false;
  for (const auto& set : type_.unique) {
    record::Fields wanted;
    bool program = false;
    for (const auto& name : set) {
      const auto value = row.fields.find(name);
      const auto key = row.keys.find(name);
      if (value != row.fields.end() && is_set(value->second)) wanted[name] = value->second;
      if (key != row.keys.end() && is_set(key->second)) wanted[name] = key->second;
      program = program || key != row.keys.end();
    }
    const pack::Field* last = type_.field(set.back());
    if (wanted.size() != set.size() || (last && !last->protect.empty())) continue;
    std::string seen = "key";
    for (const auto& [name, value] : wanted)
      seen += '\0' + name + '=' + record::value_to_text(type_.field(name)->type, value);
    if (!note(seen, row.number, faults)) return true;
    MW_ASSIGN(auto found, store_.find(actor_, type_.name, wanted));
    if (!found && program) {
      faults.push_back(
          {row.number,
           cell_of(set.back(), row.number),
           set.back(),
           "not_found",
           {"没有这个编号的记录；编号由程序给出，新记录请留空",
            "no record has this number; numbers are given by the program: leave it empty for a new one"}});
      return true;
    }
    filled = true;
    if (found && !is_withdrawn(type_, *found) && !known.record) known.record = std::move(found);
  }
  return filled;
}

Result<Judge::Known> Judge::look_for(const ParsedRow& row, std::vector<Fault>& faults) {
  Known known;
  if (row.id) {
    if (!note("id" + row.id->text(), row.number, faults)) return known;
    auto found = store_.get(actor_, type_.name, *row.id);
    if (found) {
      known.record = *std::move(found);
    } else if (found.error().code == Errc::not_found) {
      faults.push_back({row.number,
                        cell_of("id", row.number),
                        "id",
                        "not_found",
                        {"没有这条记录，或不在您的管辖范围内；新记录请留空",
                         "there is no such record for you; leave it empty for a new one"}});
    } else {
      return std::move(found).error();
    }
    return known;
  }
  MW_ASSIGN(const bool keyed, by_keys(row, known, faults));
  if (keyed) return known;
  known.digest = digest_of(row);
  if (!note(known.digest, row.number, faults)) return known;
  MW_ASSIGN(known.same, imported_before(store_.database(), type_.name, known.digest));
  return known;
}

void Judge::compare(const ParsedRow& row, const Record& record, Judged& out) const {
  for (const auto& [name, value] : row.fields) {
    if (!is_set(value) && !options_.clear_empty) continue;
    const auto stored = record.fields.find(name);
    if (says(value, stored == record.fields.end() ? FieldValue() : stored->second)) continue;
    out.fields[name] = value;
  }
  out.record = record.id;
  out.version = record.version;
  out.fate = out.fields.empty() ? Fate::unchanged : Fate::changed;
}

/// What else the store would not take of a row with cells that cannot be read, so that one look shows all.
Status Judge::add_more_faults(const ParsedRow& row, std::vector<Fault>& faults) {
  record::Fields readable = row.fields;
  std::erase_if(readable, [](const auto& field) { return !is_set(field.second); });
  const auto refusal = store_.trial(actor_, type_.name, {}, 0, readable);
  if (!refusal || refusal->faults.empty()) return {};
  for (Fault& more : faults_of(*refusal, row.number)) {
    const bool known = std::any_of(faults.begin(), faults.end(), [&](const Fault& fault) {
      return fault.field == more.field || fault.code == "merged";
    });
    if (!known && more.code != "not_unique") faults.push_back(std::move(more));
  }
  return {};
}

Result<Judged> Judge::judge(const ParsedRow& row, bool try_out) {
  Judged out;
  out.faults = row.faults;
  if (!out.faults.empty()) {  // what could not be read tells no row from another
    if (try_out && !row.id) MW_TRY(add_more_faults(row, out.faults));
    return out;
  }
  MW_ASSIGN(Known known, look_for(row, out.faults));
  if (!out.faults.empty()) return out;
  if (known.same) {
    out.record = known.same;
    out.fate = Fate::unchanged;
    return out;
  }
  if (known.record) {
    compare(row, *known.record, out);
  } else {
    out.fate = Fate::fresh;
    out.digest = std::move(known.digest);
    out.fields = row.fields;
    std::erase_if(out.fields, [](const auto& field) { return !is_set(field.second); });
  }
  if (!try_out || out.fate == Fate::unchanged) return out;
  const auto refusal = store_.trial(actor_, type_.name, out.record, out.version, out.fields);
  if (!refusal) return out;
  if (is_own_fault(refusal->error.code)) return refusal->error;
  out.faults = faults_of(*refusal, row.number);
  out.fate = Fate::faulty;
  return out;
}

}  // namespace mineward::ledger
