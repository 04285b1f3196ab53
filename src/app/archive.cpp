#include "app/archive.h"

#include <archive.h>
#include <archive_entry.h>

#include <functional>
#include <memory>
#include <set>
#include <vector>

#include <fmt/format.h>

#include "base/crash_point.h"
#include "base/digest.h"
#include "base/json.h"
#include "base/text.h"

namespace mineward::app {
namespace {

constexpr const char* kManifest = "manifest.json";
constexpr std::size_t kPiece = 4u << 20;

/// The last bytes of an archive: a frame that zstd passes over, with the sum of everything before it. Without
/// it a flipped bit in a header or in the manifest itself could go unseen.
constexpr std::string_view kSealHead("\x50\x2A\x4D\x18\x50\x00\x00\x00mineward-sha256\n", 24);
constexpr std::size_t kSealBytes = kSealHead.size() + 64;

using Writer = std::unique_ptr<::archive, decltype(&archive_write_free)>;
using Reader = std::unique_ptr<::archive, decltype(&archive_read_free)>;
using Entry = std::unique_ptr<archive_entry, decltype(&archive_entry_free)>;

Error archive_error(::archive* a, const std::string& path) {
  const char* why = archive_error_string(a);
  return {Errc::unavailable, why ? why : "archive error", path};
}

Status walk(Files& files, const std::string& folder, const std::string& below,
            const std::function<Status(const std::string& name, std::uint64_t size)>& each) {
  MW_ASSIGN(const auto entries, files.list(folder + below));
  for (const auto& entry : entries) {
    const std::string name = below + "/" + entry.name;
    if (entry.is_folder) {
      MW_TRY(walk(files, folder, name, each));
    } else {
      MW_TRY(each(name.substr(1), entry.size));
    }
  }
  return {};
}

Status begin_member(::archive* a, const std::string& name, std::uint64_t size, const std::string& path) {
  const Entry entry(archive_entry_new(), archive_entry_free);
  archive_entry_set_pathname(entry.get(), name.c_str());
  archive_entry_set_size(entry.get(), static_cast<la_int64_t>(size));
  archive_entry_set_filetype(entry.get(), AE_IFREG);
  archive_entry_set_perm(entry.get(), 0640);
  if (archive_write_header(a, entry.get()) != ARCHIVE_OK) return archive_error(a, path);
  return {};
}

Status write_member_bytes(::archive* a, std::string_view bytes, const std::string& path) {
  if (archive_write_data(a, bytes.data(), bytes.size()) != static_cast<la_ssize_t>(bytes.size())) {
    return archive_error(a, path);
  }
  return {};
}

/// Copies one file in, of exactly the size that its header promised.
Result<std::string> write_member(Files& files, ::archive* a, const std::string& source,
                                 const std::string& name, std::uint64_t size, const std::string& path) {
  MW_TRY(begin_member(a, name, size, path));
  std::string whole;
  for (std::uint64_t done = 0; done < size;) {
    MW_ASSIGN(
        const std::string piece,
        files.read_at(source, done, static_cast<std::size_t>(std::min<std::uint64_t>(kPiece, size - done))));
    if (piece.empty()) return Error{Errc::unavailable, "the file became shorter while it was copied", source};
    MW_TRY(write_member_bytes(a, piece, path));
    whole += sha256_hex(piece);
    done += piece.size();
  }
  return sha256_hex(whole);  // sum over the sums of the pieces, so that large files need no memory
}

Status write_all(Files& files, ::archive* a, const std::string& folder, const std::string& path,
                 const std::map<std::string, std::string>& info) {
  Json manifest;
  manifest.set("format", "mineward-backup").set("version", 1);
  for (const auto& [key, value] : info) manifest.set(key, value);
  Json sums{Json::Object{}};
  MW_TRY(walk(files, folder, "", [&](const std::string& name, std::uint64_t size) -> Status {
    MW_ASSIGN(std::string sum, write_member(files, a, folder + "/" + name, name, size, path));
    sums.set(name, Json(Json::Object{{"bytes", static_cast<std::int64_t>(size)},
                                     {"sha256_of_pieces", std::move(sum)}}));
    return {};
  }));
  manifest.set("files", std::move(sums));
  const std::string text = manifest.dump();
  MW_TRY(begin_member(a, kManifest, text.size(), path));
  return write_member_bytes(a, text, path);
}

/// A path inside the folder, in its one spelling: "./a" or "a//b" would be a second name of a file that was
/// checked under its first.
bool is_safe(const std::string& name) {
  for (const std::string_view part : split(name, '/')) {
    if (part.empty() || part == "." || part == "..") return false;
  }
  return true;
}

struct Seen {
  std::int64_t bytes = 0;
  std::string sum;
};

Result<Seen> read_member(Files& files, ::archive* a, const std::string& target, const std::string& path) {
  MW_TRY(files.make_folders(folder_of(target)));
  MW_ASSIGN(auto out, files.create(target));
  Seen seen;
  std::string whole;
  std::string piece(kPiece, '\0');
  while (true) {
    std::size_t filled = 0;
    while (filled < kPiece) {
      const la_ssize_t n = archive_read_data(a, piece.data() + filled, kPiece - filled);
      if (n < 0) return archive_error(a, path);
      if (n == 0) break;
      filled += static_cast<std::size_t>(n);
    }
    if (filled == 0) break;
    const std::string_view part(piece.data(), filled);
    MW_TRY(out->append(part));
    whole += sha256_hex(part);
    seen.bytes += static_cast<std::int64_t>(filled);
    if (filled < kPiece) break;
  }
  MW_TRY(out->sync());
  seen.sum = sha256_hex(whole);
  return seen;
}

Status check_manifest(const std::string& text, const std::map<std::string, Seen>& seen,
                      const std::string& path) {
  MW_ASSIGN(const Json manifest, parse_json(text));
  if (manifest.text("format") != "mineward-backup") return corrupt("is no Mineward backup", path);
  const auto* listed = manifest["files"].object();
  if (!listed || listed->size() != seen.size()) {
    return corrupt(
        fmt::format("holds {} files, the manifest names {}", seen.size(), listed ? listed->size() : 0), path);
  }
  for (const auto& [name, facts] : *listed) {
    const auto found = seen.find(name);
    if (found == seen.end()) return corrupt("lacks " + name, path);
    if (facts.text("sha256_of_pieces") != found->second.sum)
      return corrupt(name + " is damaged: its sum differs", path);
  }
  return {};
}

Status unpack(Files& files, const std::string& path, const std::string& folder) {
  const Reader a(archive_read_new(), archive_read_free);
  archive_read_support_filter_zstd(a.get());
  archive_read_support_format_tar(a.get());
  if (archive_read_open_filename(a.get(), path.c_str(), 1u << 16) != ARCHIVE_OK)
    return archive_error(a.get(), path);
  std::map<std::string, Seen> seen;
  std::set<std::string> names;
  std::string manifest;
  archive_entry* entry = nullptr;
  int code = ARCHIVE_OK;
  while ((code = archive_read_next_header(a.get(), &entry)) == ARCHIVE_OK) {
    const char* raw = archive_entry_pathname(entry);
    const std::string name = raw ? raw : "";
    if (!is_safe(name)) {
      return corrupt("holds a member with the unsafe name " + as_utf8("\"" + name + "\""), path);
    }
    // The second of a name would stand on the disk, with the sum of the first checked.
    if (!names.insert(name).second) return corrupt("holds " + name + " twice", path);
    if (archive_entry_filetype(entry) != AE_IFREG || archive_entry_sparse_count(entry) > 0) {
      return corrupt("holds " + name + ", which is no plain file", path);
    }
    MW_ASSIGN(Seen facts, read_member(files, a.get(), folder + "/" + name, path));
    if (name == kManifest) {
      MW_ASSIGN(manifest, files.read(folder + "/" + name));
    } else {
      seen.emplace(name, std::move(facts));
    }
  }
  if (code != ARCHIVE_EOF) return archive_error(a.get(), path);
  if (manifest.empty()) return corrupt("has no manifest: the file is cut or is no backup", path);
  return check_manifest(manifest, seen, path);
}

/// Sum over the sums of the pieces, so that large files need no memory.
Result<std::string> sum_of(Files& files, const std::string& path, std::uint64_t size) {
  std::string whole;
  for (std::uint64_t done = 0; done < size;) {
    MW_ASSIGN(
        const std::string piece,
        files.read_at(path, done, static_cast<std::size_t>(std::min<std::uint64_t>(kPiece, size - done))));
    if (piece.empty()) return Error{Errc::unavailable, "the file became shorter while it was read", path};
    whole += sha256_hex(piece);
    done += piece.size();
  }
  return sha256_hex(whole);
}

Status seal(Files& files, const std::string& path) {
  MW_ASSIGN(auto file, files.open_append(path));
  MW_ASSIGN(const std::string sum, sum_of(files, path, file->size()));
  MW_TRY(file->append(std::string(kSealHead) + sum));
  return file->sync();
}

Status check_seal(Files& files, const std::string& path) {
  MW_ASSIGN(const FileStat info, files.stat(path));
  if (info.size <= kSealBytes) return corrupt("is cut short, or is no Mineward backup", path);
  MW_ASSIGN(const std::string found, files.read_at(path, info.size - kSealBytes, kSealBytes));
  if (!found.starts_with(kSealHead))
    return corrupt("does not end with its seal: the file is cut or damaged, or is no Mineward backup", path);
  MW_ASSIGN(const std::string sum, sum_of(files, path, info.size - kSealBytes));
  if (found.substr(kSealHead.size()) != sum) return corrupt("is damaged: its sum differs", path);
  return {};
}

/// The files below are synced one by one; their names are not before this.
Status sync_folders(Files& files, const std::string& folder) {
  MW_ASSIGN(const auto entries, files.list(folder));
  for (const auto& entry : entries) {
    if (entry.is_folder) MW_TRY(sync_folders(files, folder + "/" + entry.name));
  }
  return files.sync_folder(folder);
}

}  // namespace

Status write_archive(Files& files, const std::string& folder, const std::string& archive,
                     const std::map<std::string, std::string>& info) {
  if (files.exists(archive)) return conflict(archive + " exists; give another name");
  const std::string beside = archive + ".part";
  {
    const Writer a(archive_write_new(), archive_write_free);
    archive_write_set_format_pax_restricted(a.get());
    archive_write_add_filter_zstd(a.get());
    if (archive_write_open_filename(a.get(), beside.c_str()) != ARCHIVE_OK)
      return archive_error(a.get(), beside);
    MW_TRY(write_all(files, a.get(), folder, beside, info));
    if (archive_write_close(a.get()) != ARCHIVE_OK) return archive_error(a.get(), beside);
  }
  MW_TRY(seal(files, beside));
  crash_point(CrashPoint::backup_archive_written);
  MW_TRY(files.rename(beside, archive));
  crash_point(CrashPoint::backup_archive_renamed);
  return files.sync_folder(folder_of(archive));
}

Status read_archive(Files& files, const std::string& archive, const std::string& folder) {
  if (files.exists(folder)) {
    MW_ASSIGN(const auto inside, files.list(folder));
    if (!inside.empty()) return conflict(folder + " is not empty; restore into a new folder");
  }
  const std::string beside = folder + ".restoring";
  if (files.exists(beside)) return conflict(beside + " is left from an earlier try; remove it first");
  MW_TRY(check_seal(files, archive));
  MW_TRY(files.make_folders(beside));
  MW_TRY(unpack(files, archive, beside));
  MW_TRY(files.remove(beside + "/" + kManifest));
  MW_TRY(sync_folders(files, beside));
  crash_point(CrashPoint::restore_unpacked);
  MW_TRY(files.rename(beside, folder));
  crash_point(CrashPoint::restore_renamed);
  return files.sync_folder(folder_of(folder));
}

}  // namespace mineward::app
