/// The packs that the targets work with.
#pragma once

#include "pack/catalog.h"

namespace mineward::fuzz {

/// packs/core and packs/national of the source tree, loaded once.
pack::CatalogPtr packs();

}  // namespace mineward::fuzz
