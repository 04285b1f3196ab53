/// pack/: reads pack folders, reports every mistake at once, resolves names, checks that lower packs only
/// tighten.
///
/// Is for: what regulation and configuration as data look like; the immutable Catalog that all other folders
/// ask. Never: throws, writes a file, reads a record or a sample, holds a number of a regulation, lets a
/// lower pack loosen. Start reading at: catalog.h (what comes out), schema.cpp (what goes in), then load.cpp
/// (the way between).
#pragma once

#include <span>
#include <string>
#include <vector>

#include "pack/catalog.h"

namespace mineward::pack {

/// One mistake: "packs/core/records/hazard.yaml:12: found ..., expected ...".
struct Mistake {
  Place place;
  std::string message;
  std::string text() const;
};

struct LoadOutcome {
  CatalogPtr catalog;             ///< null when there is any mistake
  std::vector<Mistake> mistakes;  ///< sorted by file and line
};

/// Reads every pack folder named (a folder with a pack.yaml, or a folder of such folders). Order does not
/// matter: packs state what they require.
LoadOutcome load_catalog(std::span<const std::string> folders);

/// Runs the examples that need nothing but the catalog (limits). One line of text for each that fails.
struct ExampleOutcome {
  int passed = 0;
  std::vector<Mistake> failed;
};
ExampleOutcome run_limit_examples(const Catalog& catalog);
/// Examples of decision tables: the outputs in order, "provisional" if so, the id of the row; or "none".
ExampleOutcome run_table_examples(const Catalog& catalog);

}  // namespace mineward::pack
