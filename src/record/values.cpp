#include "record/values.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "base/text.h"

namespace mineward::record {

using pack::FieldType;

namespace {

bool is_list(FieldType type) { return type == FieldType::choices || type == FieldType::attachments; }
bool is_text(FieldType type) {
  return type == FieldType::text || type == FieldType::long_text || type == FieldType::choice;
}

std::string list_to_json(const std::vector<std::string>& items) {
  Json::Array array;
  for (const auto& item : items) array.emplace_back(item);
  return Json(std::move(array)).dump();
}

std::vector<std::string> list_from_json(std::string_view text) {
  std::vector<std::string> out;
  const auto json = parse_json(text);
  if (!json || !json->array()) return out;
  for (const Json& item : *json->array()) {
    if (item.string()) out.push_back(*item.string());
  }
  return out;
}

Error wrong(std::string_view found, std::string_view expected) {
  return bad_input(fmt::format("found {}, expected {}", found, expected));
}

std::string shown(std::string_view text) {
  return text.size() <= 60 ? fmt::format("\"{}\"", text) : fmt::format("text of {} bytes", text.size());
}

Result<FieldValue> boolean_from_text(std::string_view text) {
  if (text == "true" || text == "1" || text == "是") return FieldValue(true);
  if (text == "false" || text == "0" || text == "否") return FieldValue(false);
  return wrong(shown(text), "true or false");
}

Result<FieldValue> number_from_json(FieldType type, const Json& json) {
  if (type == FieldType::integer) {
    if (json.integer()) return FieldValue(*json.integer());
    return wrong(json.kind(), "a whole number");
  }
  if (type == FieldType::decimal) {
    if (const auto n = json.number()) return FieldValue(*n);
    return wrong(json.kind(), "a number");
  }
  if (json.integer()) return value_from_text(FieldType::money, std::to_string(*json.integer()));
  if (const auto n = json.number()) return value_from_text(FieldType::money, fmt::format("{}", *n));
  return wrong(json.kind(), "yuan as text with at most two decimals");
}

Result<FieldValue> list_from_value(const Json& json) {
  std::vector<std::string> items;
  if (!json.array()) return wrong(json.kind(), "a list of texts");
  for (const Json& item : *json.array()) {
    if (!item.string()) return wrong(fmt::format("a {} in the list", item.kind()), "texts only");
    items.push_back(*item.string());
  }
  return FieldValue(std::move(items));
}

}  // namespace

bool fits(const pack::Field& field, const FieldValue& value) {
  if (!is_set(value)) return true;
  switch (field.type) {
    case FieldType::text:
    case FieldType::long_text:
    case FieldType::choice: return std::holds_alternative<std::string>(value);
    case FieldType::choices:
    case FieldType::attachments: return std::holds_alternative<std::vector<std::string>>(value);
    case FieldType::integer:
    case FieldType::money: return std::holds_alternative<std::int64_t>(value);
    case FieldType::decimal: return std::holds_alternative<double>(value);
    case FieldType::boolean: return std::holds_alternative<bool>(value);
    case FieldType::date: return std::holds_alternative<Date>(value);
    case FieldType::instant: return std::holds_alternative<EventTime>(value);
    case FieldType::reference: return std::holds_alternative<RecordId>(value);
  }
  return false;
}

FieldValue normalised(FieldValue value) {
  if (const auto* text = std::get_if<std::string>(&value); text && text->empty()) return {};
  if (const auto* id = std::get_if<RecordId>(&value); id && !*id) return {};
  if (auto* number = std::get_if<double>(&value); number && *number == 0)
    *number = 0;  // -0 has no place in SQL
  if (auto* items = std::get_if<std::vector<std::string>>(&value)) {
    std::vector<std::string> once;
    for (auto& item : *items) {
      if (std::find(once.begin(), once.end(), item) == once.end()) once.push_back(std::move(item));
    }
    if (once.empty()) return {};
    *items = std::move(once);
  }
  return value;
}

db::Value to_db(const FieldValue& value) {
  struct Visitor {
    db::Value operator()(std::monostate) const { return db::Null{}; }
    db::Value operator()(const std::string& v) const { return v; }
    db::Value operator()(std::int64_t v) const { return v; }
    db::Value operator()(double v) const { return v; }
    db::Value operator()(bool v) const { return static_cast<std::int64_t>(v); }
    db::Value operator()(Date v) const { return static_cast<std::int64_t>(v.days); }
    db::Value operator()(EventTime v) const { return v.utc_ms; }
    db::Value operator()(RecordId v) const { return v.value; }
    db::Value operator()(const std::vector<std::string>& v) const { return list_to_json(v); }
  };
  return std::visit(Visitor{}, value);
}

FieldValue from_db(FieldType type, const db::Value& cell) {
  const auto* i = std::get_if<std::int64_t>(&cell);
  const auto* d = std::get_if<double>(&cell);
  const auto* s = std::get_if<std::string>(&cell);
  switch (type) {
    case FieldType::text:
    case FieldType::long_text:
    case FieldType::choice: return s ? FieldValue(*s) : FieldValue();
    case FieldType::choices:
    case FieldType::attachments: return s ? normalised(FieldValue(list_from_json(*s))) : FieldValue();
    case FieldType::integer:
    case FieldType::money: return i ? FieldValue(*i) : FieldValue();
    case FieldType::decimal:
      if (d) return *d;
      return i ? FieldValue(static_cast<double>(*i)) : FieldValue();
    case FieldType::boolean: return i ? FieldValue(*i != 0) : FieldValue();
    case FieldType::date: return i ? FieldValue(Date{static_cast<std::int32_t>(*i)}) : FieldValue();
    case FieldType::instant: return i ? FieldValue(EventTime{*i}) : FieldValue();
    case FieldType::reference: return i && *i ? FieldValue(RecordId{*i}) : FieldValue();
  }
  return {};
}

Json value_to_json(FieldType type, const FieldValue& value) {
  struct Visitor {
    FieldType type;
    Json operator()(std::monostate) const { return {}; }
    Json operator()(const std::string& v) const { return v; }
    Json operator()(std::int64_t v) const {
      return type == FieldType::money ? Json(format_money(v)) : Json(v);
    }
    Json operator()(double v) const { return v; }
    Json operator()(bool v) const { return v; }
    Json operator()(Date v) const { return format_date(v); }
    Json operator()(EventTime v) const { return format_rfc3339(v); }
    Json operator()(RecordId v) const { return v.text(); }
    Json operator()(const std::vector<std::string>& v) const {
      Json::Array array;
      for (const auto& item : v) array.emplace_back(item);
      return array;
    }
  };
  return std::visit(Visitor{type}, value);
}

Result<FieldValue> value_from_json(FieldType type, const Json& json) {
  if (json.is_null()) return FieldValue();
  if (is_list(type)) return list_from_value(json);
  if (type == FieldType::boolean && json.boolean()) return FieldValue(*json.boolean());
  const bool numeric = type == FieldType::integer || type == FieldType::decimal || type == FieldType::money;
  if (numeric && !json.string()) return number_from_json(type, json);
  if (!json.string()) return wrong(json.kind(), type == FieldType::boolean ? "true or false" : "text");
  if (is_text(type)) return FieldValue(*json.string());
  return value_from_text(type, *json.string());
}

std::string value_to_text(FieldType type, const FieldValue& value) {
  if (const auto* items = std::get_if<std::vector<std::string>>(&value)) return join(*items, ";");
  if (const auto* number = std::get_if<double>(&value)) {
    std::string out;
    append_json_number(out, *number);
    return out;
  }
  const Json json = value_to_json(type, value);
  if (json.is_null()) return {};
  return json.string() ? *json.string() : json.dump();
}

Result<FieldValue> value_from_text(FieldType type, std::string_view text) {
  if (text.empty()) return FieldValue();
  switch (type) {
    case FieldType::text:
    case FieldType::long_text:
    case FieldType::choice: return FieldValue(std::string(text));
    case FieldType::choices:
    case FieldType::attachments: {
      std::vector<std::string> items;
      for (const auto part : split(text, ';')) {
        if (!trim(part).empty()) items.emplace_back(trim(part));
      }
      return FieldValue(std::move(items));
    }
    case FieldType::integer:
      if (const auto n = parse_integer(text)) return FieldValue(*n);
      return wrong(shown(text), "a whole number");
    case FieldType::decimal:
      if (const auto n = parse_number(text)) return FieldValue(*n);
      return wrong(shown(text), "a number");
    case FieldType::money: {
      MW_ASSIGN(const std::int64_t fen, parse_money(text));
      return FieldValue(fen);
    }
    case FieldType::boolean: return boolean_from_text(text);
    case FieldType::date: {
      const auto date = parse_date(text);
      if (!date) return wrong(shown(text), "a date yyyy-MM-dd");
      return FieldValue(*date);
    }
    case FieldType::instant: {
      const auto time = parse_time(text);
      if (!time) return wrong(shown(text), "a time such as 2026-01-12T08:00:00+08:00");
      return FieldValue(*time);
    }
    case FieldType::reference:
      if (const auto id = parse_record_id(text)) return FieldValue(*id);
      return wrong(shown(text), "the id of a record");
  }
  return wrong(shown(text), "nothing");
}

std::optional<std::int64_t> moment_of(const FieldValue& value) {
  if (const auto* day = std::get_if<Date>(&value)) return start_of_day_ms(*day);
  if (const auto* at = std::get_if<EventTime>(&value)) return at->utc_ms;
  return std::nullopt;
}

std::string format_money(std::int64_t fen) {
  const bool negative = fen < 0;
  const std::uint64_t size = negative ? 0 - static_cast<std::uint64_t>(fen) : static_cast<std::uint64_t>(fen);
  return fmt::format("{}{}.{:02}", negative ? "-" : "", size / 100, size % 100);
}

Result<std::int64_t> parse_money(std::string_view yuan) {
  const std::string_view whole_text = yuan;
  const bool negative = yuan.starts_with('-');
  if (negative) yuan.remove_prefix(1);
  const std::size_t dot = yuan.find('.');
  std::string digits(yuan.substr(0, dot));
  std::string cents(dot == std::string_view::npos ? std::string_view() : yuan.substr(dot + 1));
  const bool plain = !digits.empty() && digits.find_first_not_of("0123456789") == std::string::npos &&
                     cents.find_first_not_of("0123456789") == std::string::npos;
  const bool dot_fine = dot == std::string_view::npos || (!cents.empty() && cents.size() <= 2);
  cents.resize(2, '0');
  const auto fen = plain && dot_fine ? parse_integer((negative ? "-" : "") + digits + cents) : std::nullopt;
  if (!fen) return wrong(shown(whole_text), "yuan with at most two decimals, such as 1234.50");
  return *fen;
}

}  // namespace mineward::record
