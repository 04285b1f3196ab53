/// Shared by the tests of feed only: the real packs, fixture files, a writer of CDSS files.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "feed/decode.h"

namespace mineward::feed {

/// packs/core and packs/national of the source tree, loaded once.
pack::CatalogPtr test_catalog();
/// Content of tests/data/uploads/<path>.
std::string fixture(const std::string& path);

struct Line {
  std::string point, type, place, value, unit, state;
  EventTime at{};
};
/// A CDSS file of dialect A, written without any code of the decoder.
std::string cdss(std::string_view mine, EventTime header, const std::vector<Line>& lines);

}  // namespace mineward::feed
