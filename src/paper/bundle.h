/// Several files as one, to be taken away at once.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"

namespace mineward::paper {

struct Bundled {
  std::string name;  ///< as people read it, without ending; what no file name may hold becomes a blank
  std::string bytes;
};

/// A ZIP of PDFs, in their order. Names are UTF-8 and said to be so; two of one name are numbered. Any
/// thread.
Result<std::string> zip_of(std::vector<Bundled> files);

}  // namespace mineward::paper
