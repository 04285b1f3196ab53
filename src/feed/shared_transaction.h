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

  /// Says that work will come, from making until run() takes it or the end of its life. Whoever commits waits
  /// for it a little, so that a commit is not for two when ten are on their way.
  class Coming {
   public:
    explicit Coming(SharedTransaction& together) : together_(together) { together_.expect(1); }
    Coming(const Coming&) = delete;
    Coming& operator=(const Coming&) = delete;
    ~Coming() {
      if (!arrived_) together_.expect(-1);
    }

   private:
    friend class SharedTransaction;
    SharedTransaction& together_;
    bool arrived_ = false;
  };

  explicit SharedTransaction(record::Store& store, Millis patience = Millis{2})
      : store_(store), patience_(patience) {}

  /// Committed when it returns without error. On an error nothing of the work is there: it failed, or the
  /// commit, or the work of somebody else in the same transaction; try again alone.
  Status run(const Work& work, Coming* coming = nullptr);
  /// Callers whose work has not begun; for tests.
  std::size_t waiting() const;

 private:
  struct Entry {
    const Work& work;
    bool done = false;
    Status result;
    std::condition_variable changed;  // done, or it is this one's turn to commit
  };
  Status commit(const std::vector<Entry*>& group);
  void expect(int more);
  void wait_for_more(std::unique_lock<std::mutex>& queue_lock);

  record::Store& store_;
  const Millis patience_;           // with those that are coming
  mutable std::mutex queue_mutex_;  // guards all below, and `done` and `result` of the entries
  std::vector<Entry*> waiting_;
  bool committing_ = false;
  int coming_ = 0;
  std::condition_variable more_;  // somebody came, or does not come any more
};

}  // namespace mineward::feed
