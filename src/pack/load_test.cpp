#include "pack/load.h"

#include <gtest/gtest.h>

namespace mineward::pack {
namespace {

std::string all(const std::vector<Mistake>& mistakes) {
  std::string out;
  for (const auto& m : mistakes) out += m.text() + "\n";
  return out;
}

TEST(Load, ReadsThePacksOfTheRepository) {
  const std::string folder = std::string(MW_SOURCE_DIR) + "/packs";
  const auto outcome = load_catalog(std::span(&folder, 1));
  ASSERT_TRUE(outcome.catalog) << all(outcome.mistakes);
  const Catalog& catalog = *outcome.catalog;
  ASSERT_GE(catalog.packs.size(), 2u);
  EXPECT_EQ(catalog.packs[0].name, "core");
  EXPECT_EQ(catalog.packs[1].name, "national");
  EXPECT_GE(catalog.limits.size(), 134u);
  for (const auto& type : catalog.record_types) {
    for (const auto& field : type.fields) {
      const bool known = field.dictionary.empty() || catalog.dictionary(field.dictionary);
      EXPECT_TRUE(known) << type.name << "." << field.name;
    }
  }
}

}  // namespace
}  // namespace mineward::pack
