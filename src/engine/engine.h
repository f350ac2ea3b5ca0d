#pragma once
#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <thread>
#include <vector>

namespace mx {

namespace detail {
struct Operation;
}

/// What operations depend on: one per piece of data. Operations that write a Var run alone on it,
/// in the order of their pushes; reads between two writes run together. An error in a queued
/// operation is kept in the Vars that it writes and rethrown where somebody waits for them. Must
/// outlive every operation that uses it (operations hold the data that contains it).
class Var {
 public:
  Var() = default;
  Var(const Var&) = delete;
  Var& operator=(const Var&) = delete;
  /// Grows with every write, so that caches of derived data know when they are stale.
  uint64_t version() const { return version_.load(std::memory_order_acquire); }
  /// Writes that are done, running or queued: changes as soon as somebody asks for a write.
  uint64_t scheduled_writes() {
    std::lock_guard lock(mutex_);
    return begun_or_queued_writes_;
  }

 private:
  friend class Engine;
  struct Waiting {
    detail::Operation* operation;
    bool writes;
  };
  std::mutex mutex_;
  int running_reads_ = 0;
  bool running_write_ = false;
  std::deque<Waiting> queue_;
  std::exception_ptr error_;
  std::atomic<uint64_t> version_{0};  ///< number of finished writes
  uint64_t begun_or_queued_writes_ = 0, begun_or_queued_reads_ = 0, finished_reads_ = 0;
  int waiters_ = 0;
  std::condition_variable progress_;
};

/// The dependency engine. Small work whose Vars are free runs at once in the caller's thread; all
/// other work is queued and run by worker threads, which start at the first need.
/// With MXNET_ENGINE_TYPE=NaiveEngine everything runs at once in the caller's thread.
/// Thread safety: any.
class Engine {
 public:
  static Engine& get();

  /// Runs `work()` when every Var allows it. `small` asks for the inline path. An error of inline
  /// work is thrown here; one of queued work at a wait. A Var in both lists counts as written.
  template <typename Work>
  void push(Work&& work, std::span<Var* const> reads, std::span<Var* const> writes, bool small,
            const char* name) {
    push_or_queue([&] { work(); }, [&] { return std::function<void()>(std::forward<Work>(work)); },
                  reads, writes, small, name);
  }

  /// The same for work that only needs to own its data when it is queued: calls `now()`, or queues
  /// what `make_work()` returns.
  template <typename Now, typename MakeWork>
  void push_or_queue(Now&& now, MakeWork&& make_work, std::span<Var* const> reads,
                     std::span<Var* const> writes, bool small, const char* name) {
    if (!(small || naive_) || !try_begin(reads, writes))
      return push_queued(make_work(), reads, writes, name);
    struct Finish {
      Engine* engine;
      std::span<Var*const> reads, writes;
      ~Finish() { engine->finish(reads, writes, nullptr); }
    } finish{this, reads, writes};
    now();
  }

  /// Returns when all writes pushed so far are done. Throws: the error kept in the Var.
  void wait_to_read(Var& var);
  /// Returns when all reads and writes pushed so far are done. Throws as wait_to_read.
  void wait_to_write(Var& var);
  /// Returns when nothing is queued or running, on any device. Throws: the first error that nobody
  /// has seen.
  void wait_all();
  bool is_naive() const { return naive_; }

 private:
  Engine();
  bool try_begin(std::span<Var* const> reads, std::span<Var* const> writes);
  void finish(std::span<Var* const> reads, std::span<Var* const> writes, std::exception_ptr error);
  void push_queued(std::function<void()> work, std::span<Var* const> reads,
                   std::span<Var* const> writes, const char* name);
  void release(Var& var, bool wrote, std::exception_ptr error);
  void dependency_met(detail::Operation* operation);
  void run(detail::Operation* operation);
  void worker_loop();
  void start_workers();
  void wait(Var& var, bool for_write);
  static void after_fork_in_child();

  bool naive_;
  std::mutex mutex_;
  std::condition_variable work_ready_, all_done_;
  std::deque<detail::Operation*> ready_;
  int64_t unfinished_ = 0;
  bool started_ = false;
  std::exception_ptr unseen_error_;
};

}  // namespace mx
