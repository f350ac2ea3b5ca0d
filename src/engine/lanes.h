#pragma once
#include <array>
#include <condition_variable>
#include <mutex>
#include <vector>

#include "engine/operation.h"

namespace mx::detail {

/// The ready operations of each lane and the threads that run them, which start with the first.
/// Thread safety: any.
class Lanes {
 public:
  using Run = void (*)(Operation* operation);
  /// Throws: ValueError for a number of threads in the environment that is out of range.
  explicit Lanes(Run run);

  void add(Operation* operation);
  /// Keeps the threads from taking further operations; returns when none is running one.
  void stop();
  /// Takes an operation that nobody will run after stop(); nullptr when there is none.
  Operation* take();
  /// What a child process does: threads do not survive a fork. No operation may be ready.
  void forget_threads();
  /// While it is held nothing is added or taken.
  std::mutex& mutex() { return mutex_; }

 private:
  struct Queue {
    std::vector<Operation*> heap;  ///< most urgent first
    std::condition_variable filled;
    int threads = 0;
  };
  void worker_loop(Lane lane);
  static Operation* pop(Queue& queue);

  Run run_;
  int compute_threads_;
  std::mutex mutex_;
  std::array<Queue, kNumLanes> queues_;
  std::condition_variable idle_;
  int busy_ = 0;
  bool stopped_ = false;
};

}  // namespace mx::detail
