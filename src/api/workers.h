/// Threads that may wait for disk and SQL, apart from the network threads.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace mineward::api {

/// A pool with a bounded queue. Full: the job is refused (the caller answers 503); it never grows.
class Workers {
 public:
  Workers(int threads, std::size_t queue_limit);
  /// stop().
  ~Workers();
  Workers(const Workers&) = delete;
  Workers& operator=(const Workers&) = delete;

  /// False when the queue is full or the pool stopped. The job must not throw.
  bool run(std::function<void()> job);
  /// Finishes what is queued, then joins. Calling it twice is fine.
  void stop();

 private:
  void loop();

  const std::size_t queue_limit_;
  std::mutex queue_mutex_;  // guards queue_, stopping_
  std::condition_variable changed_;
  std::deque<std::function<void()>> queue_;
  bool stopping_ = false;
  std::vector<std::thread> threads_;
};

/// Where a request's handler runs. Uploads and password hashing have threads of their own, so that neither
/// can keep a page or the acknowledgement of an alarm waiting.
enum class Lane { here, pages, uploads, sign_in };

}  // namespace mineward::api
