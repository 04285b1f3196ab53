/// Threads that may wait for disk and SQL, apart from the network threads.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace mineward::api {

/// A pool with a bounded queue. Full: the job is refused (the caller answers 429); it never grows.
///
/// Senders take turns, one job at a time each: a mine that floods us neither fills the queue alone (a sender
/// may have a quarter of it) nor occupies every thread. When the queue is full, a sender that has nothing in
/// it still gets one place, as long as the whole stays below four times the limit. Jobs without a sender go
/// in the order in which they came, as many at once as there are threads.
class Workers {
 public:
  Workers(int threads, std::size_t queue_limit);
  /// stop().
  ~Workers();
  Workers(const Workers&) = delete;
  Workers& operator=(const Workers&) = delete;

  /// False when the queue is full or the pool stopped. The job must not throw.
  bool run(std::function<void()> job, const std::string& sender = {});
  /// Finishes what is queued, then joins. Calling it twice is fine.
  void stop();

 private:
  struct Line {
    std::deque<std::function<void()>> jobs;
    bool is_running = false;  ///< a thread is at a job of this sender
  };

  void loop();
  bool may_queue(const std::string& sender) const;

  const std::size_t queue_limit_;
  std::mutex queue_mutex_;  // guards what follows
  std::condition_variable changed_;
  std::map<std::string, Line> lines_;  ///< by sender; only those with jobs or a running one
  std::deque<std::string>
      turns_;  ///< whose job comes next; a named sender at most once, and not while it runs
  std::size_t queued_ = 0;
  bool stopping_ = false;
  std::vector<std::thread> threads_;
};

/// Where a request's handler runs. Uploads and password hashing have threads of their own, so that neither
/// can keep a page or the acknowledgement of an alarm waiting.
enum class Lane { here, pages, uploads, sign_in };

}  // namespace mineward::api
