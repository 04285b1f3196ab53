#include "pack/load.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "base/digest.h"
#include "base/files.h"
#include "base/text.h"
#include "pack/draft.h"
#include "pack/resolve.h"
#include "pack/schema.h"

namespace mineward::pack {
namespace {

/// Folders below a pack deeper than this are refused; it also ends a loop of links.
constexpr int kDeepest = 8;

struct PackFile {
  std::string path;  ///< as given by the caller, with the folder
  std::string name;  ///< relative to the pack folder
  std::string bytes;
};

struct PackFolder {
  std::string path;
  std::vector<PackFile> files;
};

bool is_yaml(std::string_view name) { return name.ends_with(".yaml") || name.ends_with(".yml"); }

std::string without_slash(std::string path) {
  while (path.size() > 1 && path.ends_with('/')) path.pop_back();
  return path;
}

std::string last_part(std::string_view path) {
  const auto slash = path.rfind('/');
  return std::string(slash == std::string_view::npos ? path : path.substr(slash + 1));
}

class FolderReader {
 public:
  FolderReader(Files& files, Report& report) : files_(files), report_(report) {}

  void find(const std::string& given) {
    const std::string folder = without_slash(given);
    if (files_.exists(folder + "/pack.yaml")) {
      read(folder);
      return;
    }
    auto entries = files_.list(folder);
    if (!entries) {
      report_.add(folder, 0,
                  fmt::format("found no readable folder ({}), expected a pack or a folder of packs",
                              entries.error().text()));
      return;
    }
    const std::size_t before = folders_.size();
    for (const auto& entry : *entries) {
      const std::string below = folder + "/" + entry.name;
      if (entry.is_folder && files_.exists(below + "/pack.yaml")) read(below);
    }
    if (folders_.size() == before)
      report_.add(folder, 0, "found no pack, expected a pack.yaml here or one folder down");
  }

  std::vector<PackFolder> take() { return std::move(folders_); }

 private:
  void read(const std::string& folder) {
    if (!seen_.insert(folder).second) return;
    PackFolder pack{folder, {}};
    collect(pack, "", 0);
    folders_.push_back(std::move(pack));
  }

  void collect(PackFolder& pack, const std::string& below, int depth) {
    const std::string folder = pack.path + (below.empty() ? "" : "/" + below);
    auto entries = files_.list(folder);
    if (!entries) {
      report_.add(folder, 0,
                  fmt::format("found a folder that cannot be read ({}), expected a readable one",
                              entries.error().text()));
      return;
    }
    for (const auto& entry : *entries) {
      if (entry.name.starts_with('.')) continue;
      const std::string name = below.empty() ? entry.name : below + "/" + entry.name;
      if (entry.is_folder) {
        if (depth < kDeepest)
          collect(pack, name, depth + 1);
        else
          report_.add(pack.path + "/" + name, 0,
                      fmt::format("found folders {} deep, expected at most {}", depth + 1, kDeepest));
      } else if (is_yaml(entry.name)) {
        read_file(pack, name);
      }
    }
  }

  void read_file(PackFolder& pack, const std::string& name) {
    const std::string path = pack.path + "/" + name;
    auto bytes = files_.read(path);
    if (!bytes) {
      report_.add(path, 0,
                  fmt::format("found a file that cannot be read ({}), expected a readable one",
                              bytes.error().text()));
      return;
    }
    pack.files.push_back({path, name, *std::move(bytes)});
  }

  Files& files_;
  Report& report_;
  std::vector<PackFolder> folders_;
  std::set<std::string> seen_;
};

/// Over names and contents, each with its length before it, so that no two different packs hash the same
/// text.
std::string digest(const PackFolder& folder) {
  std::string all;
  for (const auto& file : folder.files) {
    all += fmt::format("{} {}\n{} {}\n", file.name.size(), file.name, file.bytes.size(), file.bytes);
  }
  return sha256_hex(all);
}

struct ParsedPack {
  PackHeader header;
  Place place;
  std::vector<std::pair<std::string, std::unique_ptr<Node>>> trees;
};

/// How many packs of its own level a pack stands on, one on the other; a circle (reported later) ends it.
int depth_of(const ParsedPack& pack, const std::vector<ParsedPack>& packs, std::size_t left) {
  int depth = 0;
  if (left == 0) return depth;
  for (const auto& other : packs) {
    const auto& required = pack.header.requires_packs;
    const bool stands_on = std::find(required.begin(), required.end(), other.header.name) != required.end();
    if (stands_on && other.header.level == pack.header.level)
      depth = std::max(depth, 1 + depth_of(other, packs, left - 1));
  }
  return depth;
}

/// Highest level first; in a level a pack stands behind those that it requires; else by name.
void sort_packs(std::vector<ParsedPack>& packs) {
  std::map<std::string, int> depths;
  for (const auto& pack : packs) depths[pack.header.name] = depth_of(pack, packs, packs.size());
  const auto key = [&](const ParsedPack& pack) {
    return std::tuple(rank_of(pack.header.level), depths[pack.header.name], pack.header.name);
  };
  std::stable_sort(packs.begin(), packs.end(),
                   [&](const ParsedPack& a, const ParsedPack& b) { return key(a) < key(b); });
}

void read_pack_key(const Node& root, const PackFile& file, ParsedPack& pack, Report& report) {
  const Node* header = root.get("pack");
  if (file.name != "pack.yaml") {
    if (header)
      report.add(file.path, root.line_of("pack"), "found \"pack\" here, expected it in pack.yaml only");
    return;
  }
  if (!header) {
    report.add(file.path, 1,
               "found no \"pack\", expected pack: {name: ..., version: ..., label: ..., level: ...}");
    return;
  }
  pack.header = read_header(*header);
  pack.place = {file.path, root.line_of("pack")};
}

ParsedPack parse(const PackFolder& folder, Report& report) {
  ParsedPack pack;
  pack.place = {folder.path + "/pack.yaml", 1};
  for (const auto& file : folder.files) {
    const std::size_t before = report.count();
    auto tree = std::make_unique<Node>(parse_yaml(file.bytes, file.path, report));
    if (tree->kind == Node::Kind::null) {
      if (report.count() == before && file.name == "pack.yaml")
        report.add(file.path, 1, "found an empty file, expected pack: {...}");
      continue;
    }
    check(*tree, file_shape(), file.path, report);
    read_pack_key(*tree, file, pack, report);
    pack.trees.emplace_back(file.path, std::move(tree));
  }
  pack.header.folder = folder.path;
  pack.header.sha256 = digest(folder);
  if (!pack.header.name.empty() && pack.header.name != last_part(folder.path)) {
    report.add(pack.place,
               fmt::format("found pack name \"{}\" in folder \"{}\", expected both to be the same",
                           pack.header.name, last_part(folder.path)));
  }
  return pack;
}

}  // namespace

std::string Mistake::text() const {
  return place.line > 0 ? fmt::format("{}:{}: {}", place.file, place.line, message)
                        : fmt::format("{}: {}", place.file, message);
}

std::vector<Mistake> Report::take() {
  auto order = [](const Mistake& m) { return std::tie(m.place.file, m.place.line, m.message); };
  std::stable_sort(mistakes_.begin(), mistakes_.end(),
                   [&](const Mistake& a, const Mistake& b) { return order(a) < order(b); });
  const auto same = [&](const Mistake& a, const Mistake& b) { return order(a) == order(b); };
  mistakes_.erase(std::unique(mistakes_.begin(), mistakes_.end(), same), mistakes_.end());
  return std::move(mistakes_);
}

LoadOutcome load_catalog(std::span<const std::string> folders) {
  Report report;
  auto files = system_files();
  FolderReader reader(*files, report);
  for (const auto& folder : folders) reader.find(folder);

  std::vector<ParsedPack> packs;
  for (const auto& folder : reader.take()) packs.push_back(parse(folder, report));
  sort_packs(packs);

  Draft draft;
  for (auto& pack : packs) {
    const std::size_t index = draft.packs.size();
    draft.packs.push_back(pack.header);
    draft.pack_places.push_back(pack.place);
    for (auto& [path, tree] : pack.trees) {
      read_rows(*tree, path, index, draft);
      draft.trees.push_back(std::move(tree));
    }
  }

  auto catalog = std::make_shared<Catalog>(resolve(draft, report));
  LoadOutcome outcome;
  outcome.mistakes = report.take();
  if (outcome.mistakes.empty()) outcome.catalog = std::move(catalog);
  return outcome;
}

}  // namespace mineward::pack
