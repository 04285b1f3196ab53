/// The file seam. Everything that must survive a crash goes through it, so that tests can inject faults.
/// A path is an ordinary file-system path. Errors carry the path and the system's reason; ENOSPC is
/// `unavailable`.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace mineward {

/// An open file for writing. Closed (not synced) by its destructor. One thread at a time.
class WritableFile {
 public:
  virtual ~WritableFile() = default;
  /// All of `bytes` at the end, or an error; after an error the length is unknown.
  virtual Status append(std::string_view bytes) = 0;
  /// Data and length are on disk when it returns without error. After an error the file must not be written
  /// again: the kernel may have dropped the pages.
  virtual Status sync() = 0;
  /// Cuts or extends to `size` bytes.
  virtual Status truncate(std::uint64_t size) = 0;
  virtual std::uint64_t size() const = 0;
};

struct FileStat {
  std::string name;  ///< without folder
  std::uint64_t size = 0;
  std::int64_t modified_ms = 0;
  bool is_folder = false;
  bool is_special = false;  ///< a link, pipe, socket or device
};

/// Held until destroyed; the system lets go when the process ends, however it ends.
class FileLock {
 public:
  virtual ~FileLock() = default;
};

class Files {
 public:
  virtual ~Files() = default;
  virtual Result<std::string> read(const std::string& path) = 0;
  /// `count` bytes from `offset`; fewer only at the end of the file.
  virtual Result<std::string> read_at(const std::string& path, std::uint64_t offset, std::size_t count) = 0;
  /// Opens for appending; makes the file if there is none.
  virtual Result<std::unique_ptr<WritableFile>> open_append(const std::string& path) = 0;
  /// Empties the file, or makes it.
  virtual Result<std::unique_ptr<WritableFile>> create(const std::string& path) = 0;
  virtual Status rename(const std::string& from, const std::string& to) = 0;
  virtual Status remove(const std::string& path) = 0;
  /// Makes the folder and those above it; fine if it is there.
  virtual Status make_folders(const std::string& path) = 0;
  /// Entries sorted by name, without "." and "..".
  virtual Result<std::vector<FileStat>> list(const std::string& folder) = 0;
  virtual Result<FileStat> stat(const std::string& path) = 0;
  /// Makes new, renamed and removed names of a folder durable.
  virtual Status sync_folder(const std::string& folder) = 0;
  /// Takes the exclusive lock that the file `path` stands for (makes the file); `conflict` if another holder
  /// has it.
  virtual Result<std::unique_ptr<FileLock>> lock(const std::string& path) = 0;

  bool exists(const std::string& path) { return stat(path).ok(); }
};

/// The operating system's files; safe from any thread.
std::unique_ptr<Files> system_files();

/// Whether an error of Files says that the disk or the quota is full: then nothing is broken, and the same
/// operation may succeed when there is room again.
bool is_disk_full(const Error& error);
/// What a Files gives when the disk is full; for tests.
Error disk_full(const std::string& path);

/// The folder that holds `path`: "." of a bare name. A slash at the end does not count.
std::string folder_of(std::string_view path);

/// Writes beside, syncs, renames over, syncs the folder: a reader sees the old content or the new, never a
/// part.
Status write_atomically(Files& files, const std::string& path, std::string_view content);

/// Called before every operation that changes something, with its name ("append", "sync", "rename" …), its
/// path, and for append the number of bytes (which the hook may lower, for a short write). An error returned
/// is the operation's.
using FaultHook =
    std::function<Status(std::string_view operation, const std::string& path, std::size_t* bytes)>;
/// Wraps `inner` (borrowed) for tests.
std::unique_ptr<Files> faulty_files(Files& inner, FaultHook hook);

}  // namespace mineward
