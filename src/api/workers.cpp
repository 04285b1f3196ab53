#include "api/workers.h"

#include <algorithm>

namespace mineward::api {

namespace {

/// A named sender may hold one place in so many of the queue.
constexpr std::size_t kShareOfOne = 4;
/// So many times the limit when every sender has one job at most.
constexpr std::size_t kMostOverLimit = 4;

}  // namespace

Workers::Workers(int threads, std::size_t queue_limit) : queue_limit_(queue_limit) {
  for (int i = 0; i < threads; ++i) threads_.emplace_back([this] { loop(); });
}

Workers::~Workers() { stop(); }

/// The caller holds queue_mutex_.
bool Workers::may_queue(const std::string& sender) const {
  if (sender.empty()) return queued_ < queue_limit_;
  const auto line = lines_.find(sender);
  const std::size_t mine = line == lines_.end() ? 0 : line->second.jobs.size();
  if (queued_ < queue_limit_) return mine < std::max<std::size_t>(1, queue_limit_ / kShareOfOne);
  return mine == 0 && queued_ < queue_limit_ * kMostOverLimit && line == lines_.end();
}

bool Workers::run(std::function<void()> job, const std::string& sender) {
  {
    const std::lock_guard lock(queue_mutex_);
    if (stopping_ || !may_queue(sender)) return false;
    Line& line = lines_[sender];
    line.jobs.push_back(std::move(job));
    ++queued_;
    // A sender's first job brings it into the round; jobs of nobody each have a turn of their own.
    if (sender.empty() || (line.jobs.size() == 1 && !line.is_running)) turns_.push_back(sender);
  }
  changed_.notify_one();
  return true;
}

void Workers::stop() {
  {
    const std::lock_guard lock(queue_mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  for (auto& thread : threads_) {
    if (thread.joinable()) thread.join();
  }
}

void Workers::loop() {
  std::unique_lock lock(queue_mutex_);
  for (;;) {
    changed_.wait(lock, [this] { return stopping_ || !turns_.empty(); });
    if (turns_.empty()) return;
    const std::string sender = std::move(turns_.front());
    turns_.pop_front();
    Line& line = lines_[sender];
    const auto job = std::move(line.jobs.front());
    line.jobs.pop_front();
    --queued_;
    line.is_running = !sender.empty();
    lock.unlock();
    job();
    lock.lock();
    if (sender.empty()) continue;
    line.is_running = false;
    if (line.jobs.empty()) {
      lines_.erase(sender);
    } else {
      turns_.push_back(sender);
      changed_.notify_one();
    }
  }
}

}  // namespace mineward::api
