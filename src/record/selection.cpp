#include "record/selection.h"

#include <algorithm>

#include <fmt/format.h>

#include "record/list_filters.h"
#include "record/values.h"

namespace mineward::record {

using pack::FieldType;
using Op = pack::Condition::Op;

namespace {

/// Lists are stored as JSON texts: an item is found with its quotes (see list.cpp).
db::Value list_item(const std::string& text) { return Json(text).dump(); }

/// The stored form of a text that a pack gives for a field.
Result<FieldValue> value_of(FieldType type, const std::string& text) {
  if (is_list_type(type)) return FieldValue(text);
  return value_from_text(type, text);
}

/// What keeps out the withdrawn ones; nullopt when the conditions speak of them, or the pack has its own way.
std::optional<pack::Condition> living_condition(const pack::RecordType& type, const pack::Conditions& when) {
  const std::string withdrawn(pack::kWithdrawn);
  const bool named = std::any_of(when.begin(), when.end(), [&](const pack::Condition& c) {
    return c.field == withdrawn || std::find(c.values.begin(), c.values.end(), withdrawn) != c.values.end();
  });
  if (named) return std::nullopt;
  if (type.withdrawal == pack::Withdrawal::flag) return pack::Condition{withdrawn, Op::is_not, {"true"}};
  if (type.withdrawal == pack::Withdrawal::step) return pack::Condition{"state", Op::is_not, {withdrawn}};
  return std::nullopt;
}

}  // namespace

Result<Selection> Selection::make(const pack::Catalog& catalog, std::string_view type_name,
                                  const pack::Conditions& when) {
  const pack::RecordType* type = catalog.record_type(type_name);
  if (!type) return bad_input(fmt::format("there is no record type {}", type_name));
  Selection out;
  out.type_ = type->name;
  out.from_ = db::identifier(type->name) + " t";
  out.columns_ = {{"id", FieldType::reference},
                  {"owner", FieldType::reference},
                  {"state", FieldType::text},
                  {"created_at", FieldType::instant},
                  {"updated_at", FieldType::instant}};
  for (const auto& field : type->fields) {
    if (!field.secret) out.columns_.push_back({field.name, field.type});
  }
  pack::Conditions all = when;
  if (auto living = living_condition(*type, when)) all.push_back(*std::move(living));
  for (const auto& condition : all) {
    const Column* column = out.find(condition.field);
    if (!column) return bad_input(fmt::format("{} has no field {}", type_name, condition.field));
    Part part{
        "t." + db::identifier(column->name), condition.op, {}, condition.field, is_list_type(column->type)};
    for (const auto& text : condition.values) {
      MW_ASSIGN(const FieldValue value, value_of(column->type, text));
      part.values.push_back(part.list ? list_item(text) : to_db(value));
    }
    out.parts_.push_back(std::move(part));
  }
  return out;
}

const Selection::Column* Selection::find(std::string_view name) const {
  const auto found =
      std::find_if(columns_.begin(), columns_.end(), [&](const auto& c) { return c.name == name; });
  return found == columns_.end() ? nullptr : &*found;
}

Result<std::string> Selection::column(std::string_view name) const {
  const Column* found = find(name);
  if (!found) return bad_input(fmt::format("{} has no field {}", type_, name));
  return "t." + db::identifier(found->name);
}

Result<bool> Selection::is_date(std::string_view name) const {
  const Column* found = find(name);
  if (!found || (found->type != FieldType::date && found->type != FieldType::instant))
    return bad_input(fmt::format("{} has no date or time {}", type_, name));
  return found->type == FieldType::date;
}

Result<std::string> Selection::within(std::string_view name, std::int64_t from, std::int64_t to,
                                      std::vector<db::Value>& params) const {
  MW_ASSIGN(const bool date, is_date(name));
  // A date counts from its beginning: the first day that begins at `from` or later, and the first at `to` or
  // later.
  const auto bound = [&](std::int64_t ms) -> std::int64_t { return date ? china_date(ms - 1).days + 1 : ms; };
  params.emplace_back(bound(from));
  params.emplace_back(bound(to));
  return fmt::format("(t.{0} >= ${1} AND t.{0} < ${2})", db::identifier(name), params.size() - 1,
                     params.size());
}

Result<std::string> Selection::instant(std::string_view name) const {
  MW_ASSIGN(const bool date, is_date(name));
  const std::string column = "t." + db::identifier(name);
  // A day in China begins eight hours before it does in UTC (base/time.h).
  return date ? fmt::format("({} * 86400000 - 28800000)", column) : column;
}

std::string Selection::where(std::vector<db::Value>& params) const {
  std::string out;
  for (const auto& part : parts_) {
    std::string any;
    for (const auto& value : part.values) {
      params.push_back(value);
      any += any.empty() ? "" : part.list ? " OR " : ", ";
      any += part.list ? fmt::format("{} LIKE '%' || ${} || '%'", part.column, params.size())
                       : fmt::format("${}", params.size());
    }
    const std::string hit =
        part.list ? fmt::format("({})", any) : fmt::format("{} IN ({})", part.column, any);
    out += out.empty() ? "" : " AND ";
    switch (part.op) {
      case Op::is: out += hit; break;
      case Op::is_not: out += fmt::format("({} IS NULL OR NOT {})", part.column, hit); break;
      case Op::set: out += part.column + " IS NOT NULL"; break;
      case Op::unset: out += part.column + " IS NULL"; break;
    }
  }
  return out.empty() ? "TRUE" : out;
}

std::vector<std::string> Selection::fields() const {
  std::vector<std::string> out;
  for (const auto& part : parts_) out.push_back(part.field);
  return out;
}

bool counts(const pack::RecordType& type, const pack::Conditions& conditions, const Record& record) {
  const auto living = living_condition(type, conditions);
  return fits(type, conditions, record) && (!living || fits(type, {*living}, record));
}

bool fits(const pack::RecordType& type, const pack::Conditions& conditions, const Record& record) {
  return std::all_of(conditions.begin(), conditions.end(), [&](const pack::Condition& condition) {
    const pack::Field* field = type.field(condition.field);
    const auto found = record.fields.find(condition.field);
    const bool is_state = condition.field == "state";
    const bool set = is_state ? !record.state.empty() : found != record.fields.end() && is_set(found->second);
    if (condition.op == Op::set) return set;
    if (condition.op == Op::unset) return !set;
    const auto hits = [&](const std::string& text) {
      if (is_state) return record.state == text;
      if (!field || !set) return false;
      if (const auto* items = std::get_if<std::vector<std::string>>(&found->second))
        return std::find(items->begin(), items->end(), text) != items->end();
      const auto value = value_of(field->type, text);
      return value && *value == found->second;
    };
    const bool any = std::any_of(condition.values.begin(), condition.values.end(), hits);
    return any == (condition.op == Op::is);
  });
}

}  // namespace mineward::record
