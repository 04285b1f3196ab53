#include <fmt/format.h>
#include <gtest/gtest.h>

#include <array>
#include <fstream>

#include "feed/testing.h"
#include "pack/load.h"
#include "pack/reaching_testing.h"

namespace mineward::feed {

pack::CatalogPtr test_catalog() {
  static const pack::CatalogPtr catalog = [] {
    const std::array<std::string, 2> folders = {MW_SOURCE_DIR "/packs/core", MW_SOURCE_DIR "/packs/national"};
    auto outcome = pack::load_catalog(folders);
    for (const auto& mistake : outcome.mistakes) ADD_FAILURE() << mistake.text();
    return outcome.catalog ? pack::everyday_types(outcome.catalog) : std::make_shared<const pack::Catalog>();
  }();
  return catalog;
}

std::string fixture(const std::string& path) {
  std::ifstream in(MW_SOURCE_DIR "/tests/data/uploads/" + path, std::ios::binary);
  EXPECT_TRUE(in.good()) << path;
  return {std::istreambuf_iterator<char>(in), {}};
}

std::string cdss(std::string_view mine, EventTime header, const std::vector<Line>& lines) {
  std::string out = fmt::format("{};模拟煤矿;{}~", mine, format_beijing(header.utc_ms));
  for (const Line& l : lines) {
    out += fmt::format("{};{};{};{};{};{};{}~", l.point, l.type, l.place, l.value, l.unit, l.state,
                       format_beijing(l.at.utc_ms));
  }
  return out + "||";
}

}  // namespace mineward::feed
