/// JSON: reading into a small value tree (simdjson does the parsing), writing by appending.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/result.h"

namespace mineward {

/// A parsed JSON value. Numbers keep whether they were whole; object keys keep their order and are unique
/// (of a repeated key the last value counts, as in JavaScript). Plain value, freely copied.
class Json {
 public:
  using Array = std::vector<Json>;
  using Object = std::vector<std::pair<std::string, Json>>;

  Json() = default;
  Json(std::nullptr_t) {}                                // NOLINT: implicit by design
  Json(bool v) : value_(v) {}                            // NOLINT
  Json(int v) : value_(static_cast<std::int64_t>(v)) {}  // NOLINT
  Json(std::int64_t v) : value_(v) {}                    // NOLINT
  Json(double v) : value_(v) {}                          // NOLINT
  Json(const char* v) : value_(std::string(v)) {}        // NOLINT
  Json(std::string_view v) : value_(std::string(v)) {}   // NOLINT
  Json(std::string v) : value_(std::move(v)) {}          // NOLINT
  Json(Array v) : value_(std::move(v)) {}                // NOLINT
  Json(Object v) : value_(std::move(v)) {}               // NOLINT

  bool is_null() const { return std::holds_alternative<std::monostate>(value_); }
  const bool* boolean() const { return std::get_if<bool>(&value_); }
  const std::int64_t* integer() const { return std::get_if<std::int64_t>(&value_); }
  /// A whole or decimal number.
  std::optional<double> number() const;
  const std::string* string() const { return std::get_if<std::string>(&value_); }
  const Array* array() const { return std::get_if<Array>(&value_); }
  const Object* object() const { return std::get_if<Object>(&value_); }
  Array* array() { return std::get_if<Array>(&value_); }
  Object* object() { return std::get_if<Object>(&value_); }

  /// The member of an object; null if this is no object or has none of that name. Never throws.
  const Json& operator[](std::string_view key) const;
  bool has(std::string_view key) const;
  /// The text of a string member, or `other`.
  std::string_view text(std::string_view key, std::string_view other = {}) const;
  /// Sets a member; a null value becomes an object first. Only on objects.
  Json& set(std::string key, Json value);
  /// "null", "boolean", "whole number", "number", "text", "list", "object"; for messages.
  std::string_view kind() const;

  std::string dump() const;
  friend bool operator==(const Json&, const Json&) = default;

 private:
  std::variant<std::monostate, bool, std::int64_t, double, std::string, Array, Object> value_;
};

/// Reads one JSON text (RFC 8259, UTF-8, at most 512 levels deep). The error says what is wrong.
Result<Json> parse_json(std::string_view text);

/// Appends `text` as a JSON string with its quotes. Invalid UTF-8 bytes become U+FFFD, so that the output is
/// always valid JSON. `<`, `>` and `&` are escaped, so that it may stand inside HTML.
void append_json_string(std::string& out, std::string_view text);
/// Shortest text that reads back as the same number; NaN and infinities become null.
void append_json_number(std::string& out, double value);

/// Appends JSON to a string, for large answers. Commas and quotes are its business, matching ends is the
/// caller's.
class JsonWriter {
 public:
  explicit JsonWriter(std::string& out) : out_(out) {}
  JsonWriter& begin_object();
  JsonWriter& end_object();
  JsonWriter& begin_array();
  JsonWriter& end_array();
  JsonWriter& key(std::string_view name);
  JsonWriter& value(std::string_view text);
  JsonWriter& value(const char* text) { return value(std::string_view(text)); }
  JsonWriter& value(const std::string& text) { return value(std::string_view(text)); }
  JsonWriter& value(double number);
  JsonWriter& value(std::int64_t number);
  JsonWriter& value(int number) { return value(static_cast<std::int64_t>(number)); }
  JsonWriter& value(std::size_t number) { return value(static_cast<std::int64_t>(number)); }
  JsonWriter& value(bool b);
  JsonWriter& value(const Json& json);
  JsonWriter& null();
  template <class T>
  JsonWriter& value(const std::optional<T>& v) {
    return v ? value(*v) : null();
  }
  template <class T>
  JsonWriter& member(std::string_view name, const T& v) {
    key(name);
    return value(v);
  }

 private:
  void comma();
  std::string& out_;
  bool first_ = true;
  bool after_key_ = false;
};

}  // namespace mineward
