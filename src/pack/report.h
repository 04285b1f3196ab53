/// Collects mistakes while packs are read, so that all of them can be told at once.
#pragma once

#include <string>
#include <vector>

#include "pack/load.h"

namespace mineward::pack {

class Report {
 public:
  /// `message` reads "found ..., expected ...".
  void add(const std::string& file, int line, std::string message) {
    mistakes_.push_back({{file, line}, std::move(message)});
  }
  void add(const Place& place, std::string message) { mistakes_.push_back({place, std::move(message)}); }
  std::size_t count() const { return mistakes_.size(); }
  /// Sorted by file and line, without exact repeats.
  std::vector<Mistake> take();

 private:
  std::vector<Mistake> mistakes_;
};

}  // namespace mineward::pack
