/// The embedded History: journal, heads, block files, index and statistics put together. Users take
/// history.h.
#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <mutex>
#include <shared_mutex>
#include <string>
#include <unordered_map>
#include <vector>

#include "history/index_file.h"
#include "history/journal.h"
#include "history/queries.h"

namespace mineward::history {

/// Points by name and by key. Names go a way: known here, in the journal, in the index. Any thread.
class PointNames {
 public:
  void restore(PointName name, bool indexed);
  PointKey make(std::string_view mine, std::string_view code);
  std::optional<PointKey> find(std::string_view mine, std::string_view code) const;
  bool knows(PointKey key) const;
  std::string text_of(PointKey key) const;  ///< "mine 1401 point 01MN0001"
  std::vector<PointName> not_in_journal() const;
  void in_journal(std::span<const PointName> names);
  std::vector<PointName> not_in_index() const;
  void in_index(std::span<const PointName> names);

 private:
  static std::string joined(std::string_view mine, std::string_view code);
  void add(PointName name);
  mutable std::shared_mutex names_mutex_;  // guards all below
  std::unordered_map<std::string, PointKey> keys_;
  std::vector<PointName> names_;  // by key; 0 is none
  std::vector<PointName> not_in_journal_, not_in_index_;
};

class Store final : public History {
 public:
  static Result<std::unique_ptr<History>> open(Files& files, Options options);

  Result<PointKey> point(std::string_view mine, std::string_view code) override;
  std::optional<PointKey> find_point(std::string_view mine, std::string_view code) const override;
  Result<std::uint64_t> append(Batch& batch) override;
  std::optional<std::string> accepted_hash(std::string_view mine, std::string_view file_name) const override;
  Status replay(std::uint64_t after, const std::function<Status(const Batch&)>& each) override;
  Status release(std::uint64_t seq) override;
  std::uint64_t last_seq() const override { return journal_->last_seq(); }
  std::optional<Sample> latest(PointKey point) const override { return heads_.latest(point); }
  Result<std::vector<Sample>> range(PointKey point, EventTime from, EventTime to, std::size_t limit) override;
  Result<std::vector<Bucket>> buckets(PointKey point, EventTime from, EventTime to, Millis width) override;
  Result<std::vector<Gap>> gaps(PointKey point, EventTime from, EventTime to, Millis longer_than) override;
  Status maintain(EventTime now) override;
  Status flush() override;
  Status verify() override;
  Status backup_to(const std::string& folder) override;
  Size size() const override;
  Status healthy() const override { return journal_->healthy(); }

 private:
  Store(Files& files, Options options);
  Status load();
  Status check(const Batch& batch) const;
  void applied(const Batch& batch);
  Status relieve();
  // The rest needs writer_mutex_.
  Status write_out(std::uint64_t seal_until_seq);
  Status cut_journal();
  Result<std::uint64_t> old_seq(EventTime now);
  Status drop_old(EventTime now);
  Status keep_statistics(std::int64_t day);

  Files& files_;
  const Options options_;
  std::unique_ptr<FileLock> lock_;
  PointNames names_;
  Heads heads_;
  std::unique_ptr<BlockFiles> blocks_;
  std::unique_ptr<IndexFile> index_;
  std::unique_ptr<Statistics> statistics_;
  std::unique_ptr<Queries> queries_;
  std::unique_ptr<Journal> journal_;
  std::atomic<std::uint64_t> released_seq_{0};

  struct RecentFile {
    FileKey key;
    std::uint64_t seq = 0;
  };
  mutable std::shared_mutex recent_mutex_;                                         // guards recent_
  std::map<std::pair<std::string, std::string>, RecentFile, std::less<>> recent_;  // not in the index yet

  std::mutex
      writer_mutex_;  // held over I/O: one at a time writes blocks, index and statistics; guards the next two
  std::uint64_t indexed_seq_ = 0;  // names and file keys of batches up to here are in the index
  std::uint64_t indexed_released_seq_ = 0;
};

}  // namespace mineward::history
