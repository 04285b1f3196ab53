#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "pack/testing.h"

namespace mineward::pack {

TempPacks::TempPacks() {
  std::string path = (std::filesystem::temp_directory_path() / "mw-packs-XXXXXX").string();
  if (!mkdtemp(path.data())) ADD_FAILURE() << "no temporary folder";
  folder_ = path;
}

TempPacks::~TempPacks() {
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

void TempPacks::write(const std::string& name, const std::string& content) {
  const std::filesystem::path path = std::filesystem::path(folder_) / name;
  std::filesystem::create_directories(path.parent_path());
  std::ofstream(path, std::ios::binary) << content;
}

LoadOutcome TempPacks::load() const { return load_catalog(std::span(&folder_, 1)); }

std::vector<std::string> TempPacks::mistakes() const {
  std::vector<std::string> out;
  for (const auto& mistake : load().mistakes) {
    std::string text = mistake.text();
    for (std::size_t at; (at = text.find(folder_ + "/")) != std::string::npos;)
      text.erase(at, folder_.size() + 1);
    out.push_back(std::move(text));
  }
  return out;
}

std::vector<std::string> mistakes_of(const std::string& all, const std::string& pack) {
  TempPacks packs;
  packs.write(
      "base/pack.yaml",
      pack.empty() ? "pack: {name: base, version: \"1\", label: {zh: 基, en: B}, level: core}\n" : pack);
  packs.write("base/all.yaml", all);
  return packs.mistakes();
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const auto at = text.find(from);
  if (at == std::string::npos) {
    ADD_FAILURE() << "the base text has no \"" << from << "\"";
    return text;
  }
  return text.replace(at, from.size(), to);
}

}  // namespace mineward::pack
