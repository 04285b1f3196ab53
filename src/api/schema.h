/// Small words for writing JSON schemas (2020-12, as OpenAPI 3.1 has them) in the route table.
#pragma once

#include <initializer_list>
#include <string>
#include <utility>

#include "base/json.h"

namespace mineward::api::schema {

inline Json of_type(std::string_view type) { return Json(Json::Object{{"type", Json(type)}}); }
inline Json text() { return of_type("string"); }
inline Json whole() { return of_type("integer"); }
inline Json number() { return of_type("number"); }
inline Json boolean() { return of_type("boolean"); }
inline Json anything() { return Json(Json::Object{}); }
inline Json id() { return Json(Json::Object{{"type", "string"}, {"pattern", "^[0-9]{1,19}$"}}); }
inline Json time() { return Json(Json::Object{{"type", "string"}, {"format", "date-time"}}); }
inline Json named(const std::string& name) {
  return Json(Json::Object{{"$ref", Json("#/components/schemas/" + name)}});
}
inline Json list(Json items) { return Json(Json::Object{{"type", "array"}, {"items", std::move(items)}}); }
/// The schema, or null.
inline Json maybe(Json inner) {
  return Json(Json::Object{{"anyOf", Json(Json::Array{std::move(inner), of_type("null")})}});
}
/// An object; a name that ends in ? is optional.
inline Json object(std::initializer_list<std::pair<std::string, Json>> members) {
  Json::Object properties;
  Json::Array required;
  for (const auto& [name, value] : members) {
    if (name.ends_with('?')) {
      properties.emplace_back(name.substr(0, name.size() - 1), value);
    } else {
      properties.emplace_back(name, value);
      required.emplace_back(name);
    }
  }
  Json out(Json::Object{{"type", "object"}, {"properties", Json(std::move(properties))}});
  if (!required.empty()) out.set("required", std::move(required));
  return out;
}

}  // namespace mineward::api::schema
