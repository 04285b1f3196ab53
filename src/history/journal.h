/// The journal: accepted uploads, durable and in order. Format and failure rules: docs/formats/journal.md.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "base/files.h"
#include "history/batch_codec.h"

namespace mineward::history {

constexpr std::uint64_t kSegmentBytes = 16 << 20;

/// What open() tells its caller, in order. A batch comes after the names of its points.
struct JournalReader {
  std::function<Status(std::vector<PointName>)> names;
  std::function<Status(Batch)> batch;
};

class Journal {
 public:
  /// Gives the names that the journal must hold before any batch of the next group. Called by one thread at a
  /// time, never under a lock of the journal.
  using PendingNames = std::function<std::vector<PointName>()>;
  /// Called once per durable batch, in the order of seq, one at a time, before its append() returns.
  using Apply = std::function<void(const Batch&)>;
  /// Called when names became durable.
  using NamesStored = std::function<void(std::span<const PointName>)>;
  struct Hooks {
    PendingNames pending_names;
    NamesStored names_stored;
    Apply apply;
  };

  /// Reads all segments, cuts a torn tail, opens the last for writing.
  static Result<std::unique_ptr<Journal>> open(Files& files, std::string folder, const JournalReader& reader,
                                               Hooks hooks, std::uint64_t segment_bytes = kSegmentBytes);

  /// Durable and applied when it returns; sets batch.seq. Any number of threads.
  Status append(Batch& batch);
  /// The last applied seq.
  std::uint64_t last_seq() const;
  /// Every batch with seq > after that is still here and applied, in order. Segments stay while it runs.
  Status read_after(std::uint64_t after, const std::function<Status(const Batch&)>& each);
  /// Deletes closed segments whose batches all have seq <= `seq`, the oldest first. One call at a time.
  Status drop_until(std::uint64_t seq);
  /// Closes the active segment if it has entries, so that drop_until() can reach it.
  Status rotate();
  /// Copies all durable entries into `folder`.
  Status copy_to(const std::string& folder);
  /// Reads every entry and checks its sum.
  Status verify();
  /// First and last seq, bytes, and the latest arrival of each segment, oldest first; the active one is the
  /// last.
  struct Segment {
    std::string path;
    std::uint64_t first_seq = 1, last_seq = 0;  ///< last < first: no batch
    std::uint64_t bytes = 0;                    ///< durable
    std::int64_t last_arrival_ms = 0;
  };
  std::vector<Segment> segments() const;
  Status healthy() const;
  /// Refuses writes from now on; the first reason stays.
  void stop(const Error& why);

 private:
  struct Waiting {
    Batch* batch = nullptr;
    std::string entry;      // all but the end of crc and the seq
    std::uint32_t crc = 0;  // so far
    Status result;
    bool done = false;
    std::condition_variable changed;  // done, or it is this one's turn to lead
  };
  using Group = std::vector<Waiting*>;

  Journal(Files& files, std::string folder, Hooks hooks, std::uint64_t segment_bytes);
  Status read_all(const JournalReader& reader);
  Status check_empty(const FileStat& file) const;
  Result<bool> read_full_segment(const FileStat& file, bool last, const JournalReader& reader);
  Status reopen_last(std::uint64_t good_bytes);
  Status start_segment(std::uint64_t first_seq);
  Status sync_removals();
  void lead(std::unique_lock<std::mutex>& queue_lock);
  Status write_group(const Group& group, std::span<const PointName> names);
  Status write_bytes(std::string_view bytes);
  void apply_synced();
  void finish(const Group& group, const Status& result);
  void call_next();
  Status read_segment(const Segment& segment, std::uint64_t after,
                      const std::function<Status(const Batch&)>& each);

  Files& files_;
  const std::string folder_;
  const Hooks hooks_;
  const std::uint64_t segment_bytes_;

  // The leader alone uses these; leading_ says that there is one.
  std::unique_ptr<WritableFile> active_;
  std::uint64_t written_seq_ = 0;
  std::string buffer_;

  mutable std::mutex queue_mutex_;  // guards queue_, synced_, leading_, health_
  std::condition_variable queue_changed_;
  std::deque<Waiting*> queue_;
  std::deque<Group> synced_;
  bool leading_ = false;
  Status health_;

  bool removal_unsynced_ = false;  // drop_until() alone uses it

  std::mutex apply_mutex_;  // held by the one thread that applies; orders the calls of Hooks::apply

  mutable std::mutex segments_mutex_;  // guards segments_, readers_, applied_seq_
  std::vector<Segment> segments_;
  int readers_ = 0;
  std::uint64_t applied_seq_ = 0;
};

}  // namespace mineward::history
