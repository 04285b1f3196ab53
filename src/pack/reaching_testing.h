/// For tests only: a catalog with fewer record types. Making the tables of all 400 takes seconds on
/// PostgreSQL.
#pragma once

#include <algorithm>
#include <array>
#include <set>

#include "pack/catalog.h"

namespace mineward::pack {

/// The record types of the registers, monitoring, hazards and regulation, and all that their references lead
/// to; everything else as it is.
inline CatalogPtr everyday_types(const CatalogPtr& whole) {
  constexpr std::array<std::string_view, 4> kFiles = {"register.yaml", "monitoring.yaml", "hazard.yaml",
                                                      "regulation.yaml"};
  std::set<std::string> kept;
  std::vector<const RecordType*> open;
  const auto keep = [&](const RecordType* type) {
    if (type && kept.insert(type->name).second) open.push_back(type);
  };
  for (const auto& type : whole->record_types) {
    const std::string& file = type.place.file;
    if (std::any_of(kFiles.begin(), kFiles.end(),
                    [&](const auto f) { return file.ends_with("/" + std::string(f)); }))
      keep(&type);
  }
  while (!open.empty()) {
    const RecordType* type = open.back();
    open.pop_back();
    for (const auto& field : type->fields) {
      if (field.type == FieldType::reference) keep(whole->record_type(field.target));
    }
  }
  auto out = std::make_shared<Catalog>(*whole);
  std::erase_if(out->record_types, [&](const RecordType& type) { return !kept.contains(type.name); });
  return out;
}

}  // namespace mineward::pack
