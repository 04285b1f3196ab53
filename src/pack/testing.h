/// For tests only: packs written into a temporary folder and loaded from there.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "pack/load.h"

namespace mineward::pack {

/// A temporary folder that is removed with all in it.
class TempPacks {
 public:
  TempPacks();
  ~TempPacks();
  TempPacks(const TempPacks&) = delete;
  TempPacks& operator=(const TempPacks&) = delete;

  /// `name` is relative: "county/limits.yaml".
  void write(const std::string& name, const std::string& content);
  const std::string& folder() const { return folder_; }

  LoadOutcome load() const;
  /// The mistakes of load(), one text each, with the temporary folder cut off.
  std::vector<std::string> mistakes() const;

 private:
  std::string folder_;
};

/// A core pack "base" of one file, base/all.yaml: its mistakes. `pack` is its pack.yaml; empty: one without
/// fault.
std::vector<std::string> mistakes_of(const std::string& all, const std::string& pack = {});

std::string replaced(std::string text, const std::string& from, const std::string& to);

}  // namespace mineward::pack
