#pragma once
#include <atomic>
#include <cstddef>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <vector>

#include "engine/var.h"
#include "engine/waiting.h"

namespace mx {

namespace detail {
class Lanes;
}

/// Kinds of work that do not wait for each other's threads: reading a file or sending a gradient
/// does not stop computing. Each lane has threads of its own.
enum class Lane : uint8_t { kCompute, kIo, kCommunication };
inline constexpr int kNumLanes = 3;

/// How an operation is queued.
struct PushOptions {
  const char* name = "";  ///< must live for ever
  Lane lane = Lane::kCompute;
  int priority = 0;  ///< among operations of a lane that could run, the highest runs first
  size_t bytes = 0;  ///< what it keeps in memory until it has ended
};

/// Ends an asynchronous operation. Copies end the same one; the first call counts. When the last
/// copy goes without a call, the operation fails. Thread safety: any.
class Completion {
 public:
  void operator()(std::exception_ptr error = nullptr) const;
  struct State;

 private:
  friend class Engine;
  explicit Completion(detail::Operation* operation);

  std::shared_ptr<State> state_;
};

/// The dependency engine. Small work whose Vars are free runs at once in the caller's thread; all
/// other work is queued and run by the threads of its lane. The contract (order, errors, threads,
/// fork, exit) and the proof that nothing waits for itself stand in docs/concurrency.md.
/// With MXNET_ENGINE_TYPE=NaiveEngine everything runs at once in the caller's thread.
/// Thread safety: any.
class Engine {
 public:
  using Vars = std::span<Var* const>;
  static Engine& get();

  /// Runs `work()` when every Var allows it. `small` asks for the inline path. An error of inline
  /// work is thrown here; one of queued work at a wait. A Var in both lists is updated: the work
  /// writes it and needs what is there.
  template <typename Work>
  void push(Work&& work, Vars reads, Vars writes, bool small, const PushOptions& options) {
    push_or_queue([&] { work(); }, [&] { return std::function<void()>(std::forward<Work>(work)); },
                  reads, writes, small, options);
  }

  /// The same for work that only needs to own its data when it is queued: calls `now()`, or queues
  /// what `make_work()` returns.
  template <typename Now, typename MakeWork>
  void push_or_queue(Now&& now, MakeWork&& make_work, Vars reads, Vars writes, bool small,
                     const PushOptions& options) {
    if (!((small || naive_) && run_inline(now, reads, writes)))
      queue_work(make_work(), reads, writes, options);
  }

  /// Queues `work` in a lane. Its error is thrown at a wait.
  void push(std::function<void()> work, Vars reads, Vars writes, const PushOptions& options);

  /// Queues an operation that ends when its completion is called, by whatever thread, and not when
  /// `start` returns: the lane's thread goes on with other work meanwhile.
  void push_async(std::function<void(Completion)> start, Vars reads, Vars writes,
                  const PushOptions& options);

  /// Runs `work()` in the calling thread as soon as its turn has come, and returns when it is done.
  /// Throws: what work throws, and the error of a Var that it reads.
  template <typename Work>
  void run_here(Work&& work, Vars reads, Vars writes, const char* name) {
    if (!run_inline(work, reads, writes)) queue_here([&] { work(); }, reads, writes, {name});
  }

  /// Return when all writes (reads and writes) pushed so far are done. Throw: the error of a Var
  /// that has failed; what the poll hook throws.
  void wait_to_read(Var& var) { rethrow(wait(var, detail::Access::kRead)); }
  void wait_to_write(Var& var) { rethrow(wait(var, detail::Access::kWrite)); }
  /// Returns when nothing is queued or running, on any device. Throws: the first error that nobody
  /// has seen.
  void wait_all();
  /// The same without an error: it stays for whoever asks. Does not wait for other devices.
  void wait_idle();
  /// Returns when the queued operations keep less memory than REMX_QUEUE_LIMIT_MB. To be called by
  /// whoever pushes without end, never inside an operation. While an operation waits for one that
  /// only a later push brings, it returns at once.
  void wait_for_room() {
    if (queued_bytes_.load(std::memory_order_relaxed) > queue_limit_) wait_until_room();
  }
  /// An operation was pushed that waits for one that is still to be pushed (see
  /// dispatch/meeting.h), and: all such operations that belong together are there.
  void expect_push();
  void end_expected_push() { expected_pushes_.fetch_sub(1); }
  bool is_naive() const { return naive_; }

  /// For the end of the process: lets running operations end, and fails all others. What is pushed
  /// afterwards runs at once or fails.
  void stop();

 private:
  friend struct Completion::State;
  Engine();

  /// How the hold of a Var ended; interrupted writes leave the error that was there.
  enum class Outcome : uint8_t { kRead, kWritten, kInterrupted, kNotBegun };

  /// Holds all Vars of inline work, or none when one of them is not free.
  class InlineTurn {
   public:
    InlineTurn(Engine& engine, Vars reads, Vars writes)
        : engine_(engine),
          reads_(reads),
          writes_(writes),
          begun_(engine.try_begin(this, reads, writes)) {}
    ~InlineTurn() {
      if (begun_)
        engine_.end_inline(this, reads_, writes_,
                           succeeded ? Outcome::kWritten : Outcome::kInterrupted);
    }
    InlineTurn(const InlineTurn&) = delete;
    InlineTurn& operator=(const InlineTurn&) = delete;
    explicit operator bool() const { return begun_; }
    bool succeeded = false;

   private:
    Engine& engine_;
    Vars reads_, writes_;
    bool begun_;
  };

  /// Runs `work()` now if every Var is free, and says whether it did.
  template <typename Work>
  bool run_inline(Work&& work, Vars reads, Vars writes) {
    InlineTurn turn(*this, reads, writes);
    if (!turn) return false;
    work();
    turn.succeeded = true;
    return true;
  }
  bool try_begin(const void* owner, Vars reads, Vars writes);
  void end_inline(const void* owner, Vars reads, Vars writes, Outcome outcome);

  std::unique_ptr<detail::Operation> make_operation(Vars reads, Vars writes,
                                                    const PushOptions& options);
  void queue(std::unique_ptr<detail::Operation> operation);
  void queue_work(std::function<void()> work, Vars reads, Vars writes, const PushOptions& options);
  void queue_here(std::function<void()> work, Vars reads, Vars writes, const PushOptions& options);
  void enlist(detail::Operation* operation);
  void dependency_met(detail::Operation* operation);
  void run(detail::Operation* operation);
  void run_async(detail::Operation* operation);
  static std::exception_ptr error_of_inputs(const detail::Operation& operation);
  void fail_ready();
  /// Gives the Vars back and frees the operation. `is_new`: nobody has seen the error yet.
  void finish(detail::Operation* operation, std::exception_ptr error, bool is_new);
  void release(Var& var, Outcome outcome, std::exception_ptr error);
  std::exception_ptr wait(Var& var, detail::Access access);
  void rethrow(std::exception_ptr error);
  void wait_until_room();
  /// Returns when done(), asked with mutex_ held whenever an operation has ended, is true.
  void wait_until(const std::function<bool()>& done,
                  const std::function<void(detail::Parker&)>& sleep);

  void install_fork_handlers();
  void before_fork();
  void after_fork();
  void after_fork_in_child();

  const bool naive_;
  const size_t queue_limit_;
  std::unique_ptr<detail::Lanes> lanes_;
  /// Held while an operation asks for its Vars: all queues are filled in one order.
  std::mutex order_mutex_;
  uint64_t last_sequence_ = 0;  ///< guarded by order_mutex_
  std::atomic<int> inline_running_{0};
  std::atomic<bool> closed_{false};  ///< no inline work begins
  std::atomic<bool> stopped_{false};
  std::atomic<size_t> queued_bytes_{0};
  std::atomic<int> expected_pushes_{0};
  std::mutex mutex_;  ///< of everything below
  detail::Operation* outstanding_ = nullptr;
  int64_t unfinished_ = 0, unfinished_communication_ = 0;
  std::vector<detail::Parker*> sleepers_;  ///< threads that look again whenever an operation ends
  std::exception_ptr unseen_error_;
};

}  // namespace mx
