#pragma once
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <list>
#include <mutex>
#include <vector>

#include "serve/job.h"

namespace mx::serve {

/// What a runner wants of its next batch.
struct BatchWish {
  int64_t max_rows = 1;         ///< rows of a batch; a larger job comes alone
  Clock::duration max_delay{};  ///< after its arrival, that the first job waits for others
  int64_t wanted = 0;           ///< rows that are waited for at least `patience` from now on
  Clock::duration patience{};
};

/// A bounded queue of the requests for a model, which hands out batches.
///
/// Waking a thread costs more than adding a job. So runners without a job are woken by a job, and
/// those that collect a batch when it is full, not for each job that joins.
///
/// Thread safety: all functions, any thread. No job ends while the lock is held, because the end
/// of one may wait for the interpreter.
class JobQueue {
 public:
  enum class Put { kTaken, kFull, kClosed };

  explicit JobQueue(size_t size) : size_(size) {}

  Put put(const JobPtr& job);
  /// Takes the jobs out that nobody waits for.
  std::vector<JobPtr> forget_ended();

  /// Takes no more jobs; those that wait are handed out still.
  void close();

  /// Waits for a batch: jobs with equal keys, or one without; nothing when the queue is closed and
  /// empty.
  std::vector<JobPtr> take(const BatchWish& wish);

  /// Everything that waits, which nobody will take any more.
  std::vector<JobPtr> take_all();

  size_t waiting() const;
  /// Whether jobs are there that nobody waits for.
  bool has_ended() const;

 private:
  /// A runner that waits for more jobs to join its batch.
  struct Collector {
    std::string key;
    int64_t missing = 0;
    std::condition_variable is_full;
  };
  using Lock = std::unique_lock<std::mutex>;

  bool skip_ended(std::vector<JobPtr>& ended);
  void collect(Lock& lock, std::vector<JobPtr>& batch, const BatchWish& wish);
  int64_t join(std::vector<JobPtr>& batch, int64_t rows, int64_t max_rows);

  const size_t size_;
  mutable std::mutex mutex_;
  std::condition_variable arrived_;
  std::deque<JobPtr> jobs_;
  std::list<Collector*> collectors_;
  int idle_ = 0;
  bool is_closed_ = false;
};

}  // namespace mx::serve
