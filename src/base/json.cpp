#include "base/json.h"

#include <simdjson.h>

#include <array>
#include <charconv>
#include <cmath>
#include <unordered_map>

#include "base/json_fault.h"
#include "base/text.h"

namespace mineward {
namespace {

constexpr std::size_t kMaxDepth = 512;

Result<Json> convert(simdjson::dom::element e) {
  switch (e.type()) {
    case simdjson::dom::element_type::NULL_VALUE: return Json();
    case simdjson::dom::element_type::BOOL: return Json(e.get_bool().value_unsafe());
    case simdjson::dom::element_type::INT64: return Json(e.get_int64().value_unsafe());
    case simdjson::dom::element_type::UINT64:
      return Json(static_cast<double>(e.get_uint64().value_unsafe()));  // above 2^63: a decimal number
    case simdjson::dom::element_type::DOUBLE: return Json(e.get_double().value_unsafe());
    case simdjson::dom::element_type::STRING: return Json(std::string_view(e.get_string().value_unsafe()));
    case simdjson::dom::element_type::ARRAY: {
      Json::Array out;
      simdjson::dom::array items;
      if (e.get(items)) return bad_input("JSON list cannot be read");
      for (const simdjson::dom::element item : items) {
        MW_ASSIGN(Json v, convert(item));
        out.push_back(std::move(v));
      }
      return Json(std::move(out));
    }
    case simdjson::dom::element_type::OBJECT: {
      simdjson::dom::object fields;
      if (e.get(fields)) return bad_input("JSON object cannot be read");
      Json::Object out;
      std::unordered_map<std::string_view, std::size_t> places;
      for (const auto field : fields) {
        MW_ASSIGN(Json v, convert(field.value));
        const auto [place, is_new] = places.emplace(field.key, out.size());
        if (is_new) {
          out.emplace_back(std::string(field.key), std::move(v));
        } else {
          out[place->second].second = std::move(v);
        }
      }
      return Json(std::move(out));
    }
  }
  return bad_input("JSON of an unknown type");
}

}  // namespace

std::optional<double> Json::number() const {
  if (const auto* i = integer()) return static_cast<double>(*i);
  if (const auto* d = std::get_if<double>(&value_)) return *d;
  return std::nullopt;
}

const Json& Json::operator[](std::string_view key) const {
  static const Json kNull;
  if (const auto* o = object()) {
    for (const auto& [name, value] : *o) {
      if (name == key) return value;
    }
  }
  return kNull;
}

bool Json::has(std::string_view key) const {
  if (const auto* o = object()) {
    for (const auto& [name, value] : *o) {
      if (name == key) return true;
    }
  }
  return false;
}

std::string_view Json::text(std::string_view key, std::string_view other) const {
  const auto* s = (*this)[key].string();
  return s ? std::string_view(*s) : other;
}

Json& Json::set(std::string key, Json value) {
  if (is_null()) value_ = Object{};
  auto* o = object();
  assert(o && "only objects have members");
  for (auto& [name, old] : *o) {
    if (name == key) {
      old = std::move(value);
      return *this;
    }
  }
  o->emplace_back(std::move(key), std::move(value));
  return *this;
}

std::string_view Json::kind() const {
  constexpr std::array<std::string_view, 7> kNames = {"null", "boolean", "whole number", "number",
                                                      "text", "list",    "object"};
  return kNames[value_.index()];
}

std::string Json::dump() const {
  std::string out;
  JsonWriter(out).value(*this);
  return out;
}

Result<Json> parse_json(std::string_view text) {
  // One parser a thread keeps its buffers between calls.
  thread_local simdjson::dom::parser parser;
  if (parser.max_depth() != kMaxDepth) {
    if (const auto error = parser.allocate(4096, kMaxDepth)) {
      return unavailable(std::string("JSON reader: ") + simdjson::error_message(error));
    }
  }
  simdjson::dom::element root;
  const char* bytes =
      text.data() ? text.data() : "";  // an empty view may point nowhere; the reader copies from it
  if (const auto error = parser.parse(bytes, text.size(), true).get(root)) {
    const auto fault = find_json_fault(text, kMaxDepth);
    return bad_input("not valid JSON: " +
                     (fault ? json_fault_text(text, *fault) : std::string(simdjson::error_message(error))));
  }
  return convert(root);
}

namespace {

/// What may not stand in a JSON string, and what a browser could take for markup.
constexpr std::array<bool, 256> kEscapedInJson = [] {
  std::array<bool, 256> out{};
  for (std::size_t c = 0; c < 0x20; ++c) out[c] = true;
  for (const char c : {'"', '\\', '<', '>', '&', '\x7f'}) out[static_cast<unsigned char>(c)] = true;
  return out;
}();

}  // namespace

void append_json_string(std::string& out, std::string_view text) {
  constexpr char kHex[] = "0123456789abcdef";
  std::string repaired;
  if (!is_utf8(text)) {
    repaired = as_utf8(text);
    text = repaired;
  }
  out += '"';
  std::size_t plain = 0;  // from here on nothing is written yet
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    if (!kEscapedInJson[c]) continue;
    out.append(text, plain, i - plain);
    plain = i + 1;
    switch (c) {
      case '"': out += "\\\""; break;
      case '\\': out += "\\\\"; break;
      case '\n': out += "\\n"; break;
      case '\r': out += "\\r"; break;
      case '\t': out += "\\t"; break;
      default:
        out += "\\u00";
        out += kHex[c >> 4];
        out += kHex[c & 15];
    }
  }
  out.append(text, plain);
  out += '"';
}

void append_json_number(std::string& out, double value) {
  if (!std::isfinite(value)) {
    out += "null";
    return;
  }
  if (value == 0 && std::signbit(value)) {
    out += "-0.0";  // "-0" is read as the whole number 0
    return;
  }
  char buffer[32];
  // From 2^63 on whole digits would be a number that readers with 64 bits, ours too, refuse.
  constexpr double kWholeUntil = 9223372036854775808.0;
  const auto [end, ec] = std::abs(value) < kWholeUntil ? std::to_chars(buffer, buffer + sizeof buffer, value)
                                                       : std::to_chars(buffer, buffer + sizeof buffer, value,
                                                                       std::chars_format::scientific);
  out.append(buffer, ec == std::errc{} ? end : buffer);
}

void JsonWriter::comma() {
  if (after_key_) {
    after_key_ = false;
    return;
  }
  if (!first_) out_ += ',';
  first_ = false;
}
JsonWriter& JsonWriter::begin_object() {
  comma();
  out_ += '{';
  first_ = true;
  return *this;
}
JsonWriter& JsonWriter::end_object() {
  out_ += '}';
  first_ = false;
  return *this;
}
JsonWriter& JsonWriter::begin_array() {
  comma();
  out_ += '[';
  first_ = true;
  return *this;
}
JsonWriter& JsonWriter::end_array() {
  out_ += ']';
  first_ = false;
  return *this;
}
JsonWriter& JsonWriter::key(std::string_view name) {
  comma();
  append_json_string(out_, name);
  out_ += ':';
  after_key_ = true;
  return *this;
}
JsonWriter& JsonWriter::value(std::string_view text) {
  comma();
  append_json_string(out_, text);
  return *this;
}
JsonWriter& JsonWriter::value(double number) {
  comma();
  append_json_number(out_, number);
  return *this;
}
JsonWriter& JsonWriter::value(std::int64_t number) {
  comma();
  char buffer[24];
  const auto [end, ec] = std::to_chars(buffer, buffer + sizeof buffer, number);
  out_.append(buffer, ec == std::errc{} ? end : buffer);
  return *this;
}
JsonWriter& JsonWriter::value(bool b) {
  comma();
  out_ += b ? "true" : "false";
  return *this;
}
JsonWriter& JsonWriter::null() {
  comma();
  out_ += "null";
  return *this;
}
JsonWriter& JsonWriter::value(const Json& json) {
  if (json.is_null()) return null();
  if (const auto* b = json.boolean()) return value(*b);
  if (const auto* i = json.integer()) return value(*i);
  if (const auto* s = json.string()) return value(std::string_view(*s));
  if (const auto* a = json.array()) {
    begin_array();
    for (const auto& item : *a) value(item);
    return end_array();
  }
  if (const auto* o = json.object()) {
    begin_object();
    for (const auto& [name, item] : *o) member(name, item);
    return end_object();
  }
  return value(*json.number());
}

}  // namespace mineward
