#include "feed/shared_transaction.h"

#include <algorithm>

namespace mineward::feed {
namespace {

/// Shares of one transaction at most: so much has to be done again when one fails.
constexpr std::size_t kMostTogether = 64;

}  // namespace

Status SharedTransaction::commit(const std::vector<Entry*>& group) {
  return store_.write([&](record::Writer& writer) -> Status {
    for (const Entry* entry : group) MW_TRY(entry->work(writer));
    return {};
  });
}

Status SharedTransaction::run(const Work& work) {
  Entry mine{.work = work, .done = false, .result = {}};
  std::unique_lock lock(queue_mutex_);
  waiting_.push_back(&mine);
  while (!mine.done) {
    if (committing_) {
      changed_.wait(lock);
      continue;
    }
    committing_ = true;
    const auto end = waiting_.begin() + static_cast<std::ptrdiff_t>(std::min(waiting_.size(), kMostTogether));
    const std::vector<Entry*> group(waiting_.begin(), end);
    waiting_.erase(waiting_.begin(), end);
    lock.unlock();
    const Status result = commit(group);
    lock.lock();
    committing_ = false;
    for (Entry* entry : group) {
      entry->result = result;
      entry->done = true;
    }
    changed_.notify_all();
  }
  return mine.result;
}

std::size_t SharedTransaction::waiting() const {
  const std::lock_guard lock(queue_mutex_);
  return waiting_.size();
}

}  // namespace mineward::feed
