/// Synced blocks, one SQLite file per UTC day. Schema and rules: docs/formats/sample_block.md, "Files of
/// blocks".
#pragma once

#include <cstdint>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <vector>

#include "base/files.h"
#include "history/heads.h"
#include "history/sqlite.h"

namespace mineward::history {

/// "2026-01-12" of a day counted from 1970-01-01.
std::string day_name(std::int64_t day);

/// Reads from any thread; write(), drop() and copy_to() from one thread at a time.
class BlockFiles {
 public:
  /// Finds the days that are there. Opens each file once, to learn how many samples it has.
  static Result<std::unique_ptr<BlockFiles>> open(Files& files, std::string folder,
                                                  std::size_t block_samples);
  ~BlockFiles();

  /// Durable when it returns. After an error some days may be written and others not; writing the same again
  /// is harmless.
  Status write(std::span<const PointWrite> writes);
  /// Days that have a file, rising.
  std::vector<std::int64_t> days() const;
  /// Blocks of `point` that have samples with from <= at < to, in time order, within one day; the sum of each
  /// is checked. `each` gets the head and the bytes (valid during the call). No lock is held that a writer
  /// needs.
  using Each = std::function<Status(const BlockHead&, std::string_view bytes)>;
  Status read(std::int64_t day, PointKey point, std::int64_t from_ms, std::int64_t to_ms,
              const Each& each) const;
  /// All blocks of a day by point and time, with checks of the rows against the heads and of overlaps.
  /// All blocks of a day by point and time, with checks of the rows against the heads and of overlaps. What
  /// `each` or a check finds wrong with a block goes to `damaged`: an error from there ends the reading,
  /// success goes on with the next block.
  using Damaged = std::function<Status(Error)>;
  Status read_all(std::int64_t day, const Each& each, const Damaged& damaged) const;
  Status drop(std::int64_t day);
  /// Takes a file that SQLite cannot read out of use and keeps it as "<name>.damaged".
  Status set_aside(std::int64_t day);
  Status copy_to(const std::string& folder) const;
  std::uint64_t samples() const;
  std::string path_of(std::int64_t day) const { return folder_ + "/" + day_name(day) + ".sqlite"; }

 private:
  /// An open file; its users share it, so that it may leave the cache while they read.
  struct DayFile {
    std::mutex handle_mutex;  // guards db, read
    Database db;
    Statement read;
  };
  class Writer;

  BlockFiles(Files& files, std::string folder, std::size_t block_samples);
  Result<std::shared_ptr<DayFile>> reader(std::int64_t day) const;
  void forget(std::int64_t day);
  Status write_day(std::int64_t day, std::span<const PointWrite> writes);
  Result<BlockHead> checked_head(std::int64_t day, PointKey point, std::int64_t first,
                                 std::string_view body) const;

  Files& files_;
  const std::string folder_;
  const std::size_t block_samples_;

  mutable std::mutex cache_mutex_;              // guards days_, cache_, recent_
  std::map<std::int64_t, std::uint64_t> days_;  // samples per day
  mutable std::map<std::int64_t, std::shared_ptr<DayFile>> cache_;
  mutable std::list<std::int64_t> recent_;                   // newest use first
  std::map<std::int64_t, std::unique_ptr<Writer>> writers_;  // of the writing thread alone
};

}  // namespace mineward::history
