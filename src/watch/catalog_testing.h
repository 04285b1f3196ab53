/// Shared by the tests of this folder: the packs of the repository and short stories about one mine.
#pragma once

#include <gtest/gtest.h>

#include <map>
#include <string>

#include "pack/load.h"
#include "pack/reaching_testing.h"
#include "watch/scenario.h"
#include "watch/watch.h"

namespace mineward::watch::testing {

inline pack::CatalogPtr national() {
  static const pack::CatalogPtr catalog = [] {
    const std::vector<std::string> folders = {MW_SOURCE_DIR "/packs/core", MW_SOURCE_DIR "/packs/national"};
    auto outcome = pack::load_catalog(folders);
    for (const auto& m : outcome.mistakes) ADD_FAILURE() << m.text();
    return pack::everyday_types(outcome.catalog);
  }();
  return catalog;
}

/// What the engine says to a story; of one rule, or of all.
inline std::string told(const std::map<std::string, std::string>& given, std::string_view rule = {}) {
  auto s = Scenario::parse(*national(), given);
  if (!s) return "cannot read the story: " + s.error().text();
  return changes_text(s->run(national()), rule);
}

}  // namespace mineward::watch::testing
