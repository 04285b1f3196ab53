/// Inside pack/: whether a row that is valid from a day on, perhaps until another, in a region, speaks.
#pragma once

#include <string_view>

#include "pack/catalog.h"

namespace mineward::pack {

template <class Row>
bool in_force(const Row& row, std::string_view region, Date on) {
  return row.valid_from <= on && (!row.valid_to || on <= *row.valid_to) &&
         covers_region(row.jurisdiction, region);
}

}  // namespace mineward::pack
