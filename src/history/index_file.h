/// index.sqlite: what must outlive the journal besides samples: names of points with their latest sample, and
/// the dedupe keys of files.
#pragma once

#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "history/batch_codec.h"
#include "history/heads.h"
#include "history/sqlite.h"

namespace mineward::history {

/// An accepted upload: (mine, name) -> sha256.
struct FileKey {
  std::string mine, name, sha256;
  std::int64_t arrived_ms = 0;
};

/// hash_of() from any thread; everything else from one thread at a time.
class IndexFile {
 public:
  static Result<std::unique_ptr<IndexFile>> open(const std::string& path);

  Status load(const std::function<void(PointName, const PointState&)>& each);
  struct Update {
    std::span<const PointName> names;
    std::span<const FileKey> files;
    std::span<const PointWrite> points;
    std::uint64_t released_seq = 0;
  };
  /// All of it in one transaction, durable when it returns.
  Status store(const Update& update);
  Result<std::uint64_t> released_seq();
  std::optional<std::string> hash_of(std::string_view mine, std::string_view name) const;
  Status drop_files_before(std::int64_t arrived_ms);
  Status copy_to(Files& files, const std::string& path) { return db_.copy_to(files, path); }

 private:
  Status store_points(std::span<const PointWrite> points);
  Database db_;
  Statement put_name_, put_file_, put_point_, put_mark_;
  mutable std::mutex reader_mutex_;  // guards reader_, find_file_
  Database reader_;
  mutable Statement find_file_;
};

}  // namespace mineward::history
