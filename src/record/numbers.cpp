/// Numbers that steps give: filled from the record, one series for each of what is printed and asked for.
#include <fmt/format.h>

#include "base/text.h"
#include "record/read.h"
#include "record/values.h"
#include "record/write.h"

namespace mineward::record {
namespace {

/// What a path of a number leads to, as text; "" where nothing is.
class PatternReader {
 public:
  PatternReader(db::Connection& c, const Context& context, const Draft& draft)
      : connection_(c), context_(context), draft_(draft) {}

  Result<std::string> text(std::string_view path) const {
    const std::string day = format_date(china_date(draft_.now.utc_ms));
    if (path == "yyyy") return day.substr(0, 4);
    if (path == "MM") return day.substr(5, 2);
    if (path == "dd") return day.substr(8, 2);
    const auto dot = path.rfind('.');
    if (dot != std::string_view::npos) {
      MW_ASSIGN(const Reached before, reach_to(path.substr(0, dot)));
      if (before.field && before.field->type == pack::FieldType::choice)
        return column(before, path.substr(dot + 1));
    }
    MW_ASSIGN(const Reached found, reach_to(path));
    if (!found.field || !is_set(found.value)) return std::string();
    return value_to_text(found.field->type, found.value);
  }

 private:
  Result<Reached> reach_to(std::string_view path) const {
    return reach(connection_, context_.model, draft_.type, draft_.after.fields, path);
  }
  std::string column(const Reached& code, std::string_view name) const {
    const pack::Dictionary* codes = context_.model.catalog().dictionary(code.field->dictionary);
    const auto* chosen = std::get_if<std::string>(&code.value);
    const pack::DictionaryEntry* entry = codes && chosen ? codes->entry(*chosen) : nullptr;
    const auto found =
        entry ? entry->extra.find(std::string(name)) : std::map<std::string, std::string>::iterator{};
    return entry && found != entry->extra.end() ? found->second : std::string();
  }

  db::Connection& connection_;
  const Context& context_;
  const Draft& draft_;
};

struct Filled {
  std::string before, after;  ///< what stands around the sequence
  int digits = 1;
  std::string missing;  ///< a place that nothing fills; empty = all are filled
  std::string with(std::int64_t sequence) const {
    return fmt::format("{}{:0{}}{}", before, sequence, digits, after);
  }
};

Result<Filled> fill(const PatternReader& reader, const pack::PaperText& form) {
  Filled out;
  bool behind = false;
  for (const auto& piece : form.pieces) {
    std::string& side = behind ? out.after : out.before;
    if (!piece.slot) {
      side += piece.words;
      continue;
    }
    if (piece.slot->paths.front() == "seq") {
      out.digits = std::max(1, piece.slot->width);
      behind = true;
      continue;
    }
    std::string words;
    for (const auto& path : piece.slot->paths) {
      MW_ASSIGN(words, reader.text(path));
      if (!words.empty()) break;
    }
    // A place such as the short name of a kind may be without words: A（B）煤安〔2026〕1号 is a number too. A
    // field of the record itself that is empty is a fault of who issues.
    if (words.empty() && piece.slot->paths.size() == 1 && piece.slot->paths[0].find('.') == std::string::npos)
      out.missing = piece.slot->paths[0];
    side += words;
  }
  return out;
}

Status take_one(db::Connection& c, const Context& context, Draft& draft, const pack::Numbering& numbering) {
  if (is_set(draft.get(numbering.field))) return {};  // numbered before: a number is given once
  const PatternReader reader(c, context, draft);
  MW_ASSIGN(const Filled form, fill(reader, numbering.form));
  if (!form.missing.empty()) {
    draft.fault(form.missing, "required",
                fmt::format("the number of {} needs {}", draft.type.name(), form.missing));
    return {};
  }
  std::string series = numbering.field + ":" + form.before + "*" + form.after;
  for (const auto& path : numbering.per) {
    MW_ASSIGN(const std::string value, reader.text(path));
    series += "|" + value;
  }
  const std::string taken_sql = fmt::format("SELECT 1 FROM {} WHERE {} = $1 LIMIT 1", draft.type.table,
                                            db::identifier(numbering.field));
  while (true) {
    MW_ASSIGN(const std::int64_t sequence, take_sequence(c, draft.type.name(), series));
    const std::string number = form.with(sequence);
    MW_ASSIGN(const db::Rows taken, c.query(taken_sql, {number}));
    if (!taken.empty()) continue;  // entered from elsewhere with its number
    draft.set(numbering.field, number);
    if (!numbering.sequence.empty()) draft.set(numbering.sequence, sequence);
    const auto year = parse_integer(format_date(china_date(draft.now.utc_ms)).substr(0, 4));
    if (!numbering.year.empty() && year) draft.set(numbering.year, *year);
    return {};
  }
}

}  // namespace

Status take_step_numbers(db::Connection& c, const Context& context, Draft& draft) {
  if (!draft.step) return {};
  for (const auto& numbering : draft.type.type->numbers) {
    if (numbering.step == draft.step->name) MW_TRY(take_one(c, context, draft, numbering));
  }
  return {};
}

}  // namespace mineward::record
