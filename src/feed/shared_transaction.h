/// Work of several threads in one transaction of the records.
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <vector>

#include "record/store.h"

namespace mineward::feed {

/// A commit waits for the disk, and waits as long for one upload as for forty. Whoever finds nobody
/// committing commits for all that wait. Any thread; a caller's work may run in another caller's thread,
/// while it waits.
class SharedTransaction {
 public:
  using Work = std::function<Status(record::Writer&)>;

  explicit SharedTransaction(record::Store& store) : store_(store) {}

  /// Committed when it returns without error. On an error nothing of the work is there: it failed, or the
  /// commit, or the work of somebody else in the same transaction; try again alone.
  Status run(const Work& work);
  /// Callers whose work has not begun; for tests.
  std::size_t waiting() const;

 private:
  struct Entry {
    const Work& work;
    bool done = false;
    Status result;
  };
  Status commit(const std::vector<Entry*>& group);

  record::Store& store_;
  mutable std::mutex queue_mutex_;  // guards all below, and `done` and `result` of the entries
  std::condition_variable changed_;
  std::vector<Entry*> waiting_;
  bool committing_ = false;
};

}  // namespace mineward::feed
