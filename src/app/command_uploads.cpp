// `mineward decode` and `mineward import`.
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "app/command_support.h"
#include "feed/decode.h"

namespace mineward::app {
namespace {

/// The files below the paths, files as given, folders walked, sorted by the time in their names so that
/// definitions come before what they define.
Result<std::vector<std::string>> files_below(const std::vector<std::string>& paths, Files& files) {
  std::vector<std::string> out;
  for (const auto& path : paths) {
    MW_ASSIGN(const FileStat info, files.stat(path));
    if (!info.is_folder) {
      out.push_back(path);
      continue;
    }
    MW_ASSIGN(const auto entries, files.list(path));
    std::vector<std::string> inside;
    for (const auto& entry : entries) inside.push_back(path + "/" + entry.name);
    MW_ASSIGN(auto deeper, files_below(inside, files));
    std::move(deeper.begin(), deeper.end(), std::back_inserter(out));
  }
  return out;
}

std::string base_name(const std::string& path) { return path.substr(path.find_last_of('/') + 1); }

/// Definitions first within the same second: without them readings would wait in quarantine.
int rank_of(const pack::Catalog& catalog, const std::string& type) {
  for (const auto& dialect : catalog.dialects) {
    if (const auto* layout = dialect.file(type)) {
      return layout->reader == "sample" || layout->reader == "position" ? 1 : 0;
    }
  }
  return 2;
}

void sort_by_time(const pack::Catalog& catalog, std::vector<std::string>& paths) {
  using Key = std::tuple<std::int64_t, int, std::string>;
  std::map<std::string, Key> keys;
  for (const auto& path : paths) {
    const auto name = feed::parse_file_name(catalog, base_name(path));
    keys[path] = name ? Key{name->time.utc_ms, rank_of(catalog, name->type), path} : Key{INT64_MAX, 2, path};
  }
  std::sort(paths.begin(), paths.end(), [&](const auto& a, const auto& b) { return keys[a] < keys[b]; });
}

}  // namespace

int decode(const DecodeOptions& options) {
  const pack::CatalogPtr catalog =
      load_packs_or_report(options.packs.empty() ? pack_folders({}) : options.packs);
  if (!catalog) return kFaults;
  if (!options.dialect.empty() && !catalog->dialect(options.dialect)) {
    return fail(bad_input("found no dialect \"" + options.dialect + "\" in the packs"), kWrongUse);
  }
  const auto files = system_files();
  int code = kDone;
  for (const auto& path : options.files) {
    const auto bytes = files->read(path);
    if (!bytes) {
      code = fail(bytes.error());
      continue;
    }
    const auto decoded = feed::decode(*catalog, base_name(path), *bytes, options.dialect);
    if (!decoded) {
      code = fail(decoded.error());
      continue;
    }
    std::cout << feed::to_json_lines(*catalog, *decoded) << std::flush;
    if (!std::cout) return kDone;  // the reader has gone (`| head`)
    for (const auto& fault : decoded->faults) {
      std::cerr << fault.text(path) << "\n";
      code = kFaults;
    }
  }
  return code;
}

int import_uploads(const ImportOptions& options) {
  const auto clock = system_clock();
  const auto files = system_files();
  auto paths = files_below(options.paths, *files);
  if (!paths) return fail(paths.error(), kWrongUse);
  const auto node = open_existing_or_report(options.data, *clock);
  if (!node) return kFaults;
  sort_by_time(*node->catalog(), *paths);

  std::map<std::string, int> verdicts;
  Progress progress("import", paths->size(), options.quiet);
  int code = kDone;
  for (std::size_t i = 0; i < paths->size(); ++i) {
    const std::string& path = (*paths)[i];
    auto bytes = files->read(path);
    if (!bytes) {
      code = fail(bytes.error());
      continue;
    }
    feed::Upload upload{base_name(path), *std::move(bytes), "cli", record::Scope{{}, true}};
    const feed::Receipt receipt = node->intake().accept(upload);
    ++verdicts[std::string(feed::name_of(receipt.verdict))];
    for (const auto& fault : receipt.faults) std::cerr << fault.text(path) << "\n";
    if (receipt.verdict == feed::Verdict::rejected || receipt.bad_records > 0) code = kFaults;
    if (receipt.verdict == feed::Verdict::rejected && receipt.faults.empty()) {
      std::cerr << path << ": " << receipt.code << " " << receipt.message << "\n";
    }
    progress.step(i + 1, path);
  }
  progress.finish();
  if (const Status stopped = node->stop(); !stopped) return fail(stopped.error());
  for (const auto& [verdict, count] : verdicts) std::cout << verdict << " " << count << "\n";
  return code;
}

}  // namespace mineward::app
