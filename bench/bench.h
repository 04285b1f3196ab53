/// For benchmarks: what goes wrong ends the program, and what all of them need.
#pragma once

#include <chrono>
#include <cstdlib>
#include <iostream>
#include <span>
#include <string>
#include <utility>

#include "pack/load.h"
#include "record/store.h"

namespace mineward::bench {

template <class T>
T must(Result<T> result) {
  if (!result) {
    std::cerr << result.error().text() << "\n";
    std::exit(1);
  }
  return *std::move(result);
}
inline void must(const Status& status) {
  if (status) return;
  std::cerr << status.error().text() << "\n";
  std::exit(1);
}
inline record::RecordId must(record::Outcome<record::Record> outcome) {
  if (const auto* made = std::get_if<record::Record>(&outcome)) return made->id;
  std::cerr << std::get<record::Refusal>(outcome).error.text() << "\n";
  std::exit(1);
}

inline double seconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

/// The packs of this tree.
inline pack::CatalogPtr load_packs() {
  const std::string folder = std::string(MW_SOURCE_DIR) + "/packs";
  const auto outcome = pack::load_catalog(std::span(&folder, 1));
  for (const auto& mistake : outcome.mistakes) std::cerr << mistake.text() << "\n";
  if (!outcome.catalog) std::exit(1);
  return outcome.catalog;
}

}  // namespace mineward::bench
