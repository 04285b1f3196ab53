#include "catalog.h"

#include <array>

#include "pack/load.h"
#include "target.h"

namespace mineward::fuzz {

pack::CatalogPtr packs() {
  static const pack::CatalogPtr catalog = [] {
    const std::array<std::string, 2> folders = {MW_SOURCE_DIR "/packs/core", MW_SOURCE_DIR "/packs/national"};
    auto outcome = pack::load_catalog(folders);
    for (const auto& mistake : outcome.mistakes) report_broken(__FILE__, __LINE__, mistake.text());
    return outcome.catalog ? outcome.catalog : std::make_shared<const pack::Catalog>();
  }();
  return catalog;
}

}  // namespace mineward::fuzz
