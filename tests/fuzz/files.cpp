// Files that people bring: packs, configurations, archives, tables.
#include <archive.h>
#include <archive_entry.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <memory>

#include "app/archive.h"
#include "app/config.h"
#include "base/digest.h"
#include "base/json.h"
#include "base/text.h"
#include "pack/load.h"
#include "record/csv.h"
#include "target.h"

namespace mineward::fuzz {

namespace fs = std::filesystem;

MW_FUZZ_TARGET(pack) {
  static const Scratch scratch;
  static const std::string header = scratch.write(
      "base/pack.yaml", "pack: {name: base, version: \"1\", label: {zh: 基, en: B}, level: core}\n");
  scratch.write("base/all.yaml", input);
  const std::string folder = scratch.path();
  const auto outcome = pack::load_catalog(std::span(&folder, 1));
  MW_FUZZ_CHECK((outcome.catalog != nullptr) == outcome.mistakes.empty());
  for (const auto& mistake : outcome.mistakes) {
    check_text(mistake.text());
    MW_FUZZ_CHECK(mistake.place.file.starts_with(folder), mistake.text());
    MW_FUZZ_CHECK(mistake.message.find("expected") != std::string::npos, mistake.text());
  }
  if (!outcome.catalog) return;
  const auto again = pack::load_catalog(std::span(&folder, 1));
  MW_FUZZ_CHECK(again.catalog && again.catalog->record_types.size() == outcome.catalog->record_types.size());
  for (const auto& failed : pack::run_limit_examples(*outcome.catalog).failed) check_text(failed.text());
}

MW_FUZZ_TARGET(config) {
  const auto outcome = app::parse_config(input, "mineward.yaml");
  for (const auto& mistake : outcome.mistakes) {
    check_text(mistake);
    MW_FUZZ_CHECK(mistake.starts_with("mineward.yaml"), mistake);
  }
  const auto address = app::parse_host_port(outcome.config.listen);
  if (outcome.mistakes.empty()) MW_FUZZ_CHECK(address.ok(), outcome.config.listen);
  MW_FUZZ_CHECK(outcome.config.node_number >= 0 && outcome.config.node_number <= 1023);
  MW_FUZZ_CHECK(outcome.config.raw_retention >= std::chrono::hours(24 * 90));
  if (const auto parsed = app::parse_host_port(input); !parsed && is_utf8(input)) check_error(parsed.error());
}

MW_FUZZ_TARGET(csv) {
  const auto table = record::parse_csv(input);
  if (!table) {
    check_error(table.error());
    return;
  }
  // Written anew it reads the same, and no cell is left that a spreadsheet would run.
  std::string written = "\xEF\xBB\xBF";  // as the export begins
  const auto write_row = [&](const std::vector<std::string>& row) {
    for (std::size_t i = 0; i < row.size(); ++i) {
      const std::string cell = record::csv_cell(row[i]);
      written += (i == 0 ? "" : ",") + (cell.empty() ? "\"\"" : cell);
      const bool quoted = cell.starts_with('"');
      const char first = quoted && cell.size() > 1 ? cell[1] : cell.empty() ? 'x' : cell[0];
      MW_FUZZ_CHECK(std::string_view("=@\t\r").find(first) == std::string_view::npos, cell);
      MW_FUZZ_CHECK(record::unguarded(record::csv_cell(row[i])) == row[i] || quoted, cell);
    }
    written += "\r\n";
  };
  write_row(table->header);
  for (const auto& row : table->rows) write_row(row);
  const auto again = record::parse_csv(written);
  MW_FUZZ_CHECK(
      again.ok() && again->rows.size() == table->rows.size() && again->header.size() == table->header.size(),
      written);
  if (!again) return;
  const auto same = [](const std::vector<std::string>& a, const std::vector<std::string>& b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [](const auto& x, const auto& y) { return record::unguarded(x) == y; });
  };
  MW_FUZZ_CHECK(same(again->header, table->header), written);
  for (std::size_t i = 0; i < again->rows.size() && i < table->rows.size(); ++i) {
    MW_FUZZ_CHECK(same(again->rows[i], table->rows[i]), written);
  }
}

namespace {

/// The files below a folder: name -> SHA-256.
std::map<std::string, std::string> listing(Files& files, const std::string& folder) {
  std::map<std::string, std::string> out;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (!entry.is_regular_file()) continue;
    const auto bytes = files.read(entry.path().string());
    out[entry.path().lexically_relative(folder).string()] = bytes ? sha256_hex(*bytes) : "unreadable";
  }
  return out;
}

/// A disk of 32 MiB, for a small archive can claim a large file.
std::unique_ptr<Files> small_disk(Files& inner, std::size_t& left) {
  return faulty_files(
      inner, [&left](std::string_view operation, const std::string& path, std::size_t* bytes) -> Status {
        if (operation != "append") return {};
        if (*bytes > left) return disk_full(path);
        left -= *bytes;
        return {};
      });
}

/// The manifest as libarchive finds it, without the code of app/.
std::string manifest_of(const std::string& path) {
  const std::unique_ptr<::archive, decltype(&archive_read_free)> in(archive_read_new(), archive_read_free);
  archive_read_support_filter_zstd(in.get());
  archive_read_support_format_tar(in.get());
  archive_entry* entry = nullptr;
  std::string out;
  if (archive_read_open_filename(in.get(), path.c_str(), 1u << 16) != ARCHIVE_OK) return out;
  while (archive_read_next_header(in.get(), &entry) == ARCHIVE_OK) {
    const char* name = archive_entry_pathname(entry);
    if (!name || std::string_view(name) != "manifest.json") continue;
    out.clear();
    char piece[4096];
    for (la_ssize_t n = 0; (n = archive_read_data(in.get(), piece, sizeof piece)) > 0;)
      out.append(piece, static_cast<std::size_t>(n));
  }
  return out;
}

/// Every file that is there is the one that the manifest names, and the other way round.
void check_restored(Files& files, const Scratch& scratch, const std::string& path,
                    const std::string& folder) {
  const auto restored = listing(files, folder);
  const auto manifest = parse_json(manifest_of(path));
  const Json::Object* named = manifest ? (*manifest)["files"].object() : nullptr;
  MW_FUZZ_CHECK(named && named->size() == restored.size());
  for (const auto& [name, sum] : restored) {
    const auto bytes = files.read(folder + "/" + name);
    const bool small = bytes && bytes->size() < 4u << 20;  // one piece, whose sum is summed once more
    if (!small || bytes->empty() || !manifest) continue;
    MW_FUZZ_CHECK((*manifest)["files"][name].text("sha256_of_pieces") == sha256_hex(sum), name);
  }
  const std::string second = scratch.path() + "/second", third = scratch.path() + "/third";
  MW_FUZZ_CHECK(app::write_archive(files, folder, second, {}).ok());
  MW_FUZZ_CHECK(app::read_archive(files, second, third).ok());
  MW_FUZZ_CHECK(listing(files, third) == restored);
}

/// The seal that ends an archive: a frame that zstd passes over, with the sum of what stands before it.
std::string sealed(std::string_view bytes) {
  std::string out(bytes);
  out += std::string_view("\x50\x2A\x4D\x18\x50\x00\x00\x00mineward-sha256\n", 24);
  return out + sha256_hex(sha256_hex(bytes));
}

void check_archive(std::string_view bytes) {
  static const Scratch scratch;
  static const auto disk = system_files();
  std::size_t left = 32u << 20;
  const auto files = small_disk(*disk, left);
  scratch.clear();
  const std::string path = scratch.write("backup", bytes), folder = scratch.path() + "/restored";
  const Status read = app::read_archive(*files, path, folder);
  // Nothing stands outside of the folder that it was to be in.
  for (const auto& entry : fs::directory_iterator(scratch.path())) {
    const std::string name = entry.path().filename().string();
    MW_FUZZ_CHECK(name == "backup" || name == "restored" || name == "restored.restoring", name);
  }
  if (!read) {
    check_error(read.error());
    MW_FUZZ_CHECK(!fs::exists(folder), "a folder is left of a refused archive");
    return;
  }
  check_restored(*disk, scratch, path, folder);
}

}  // namespace

/// A backup: tar, packed by zstd or not; as it is, and with a right seal.
MW_FUZZ_TARGET(archive) {
  check_archive(input);
  check_archive(sealed(input));
}

}  // namespace mineward::fuzz
