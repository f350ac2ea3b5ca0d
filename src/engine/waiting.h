#pragma once
#include <chrono>
#include <condition_variable>
#include <exception>
#include <mutex>

#include "engine/var.h"

namespace mx {

/// What a language does around the engine's waits, so that no thread sleeps with the lock of its
/// interpreter, and so that somebody can interrupt it.
struct WaitHooks {
  void* (*before)() = nullptr;           ///< before sleeping; gives after() what it returns
  void (*after)(void* state) = nullptr;  ///< when the wait is over
  void (*poll)() = nullptr;              ///< ten times a second; throws to give the wait up
};
void set_wait_hooks(const WaitHooks& hooks);

/// How often a thread of a user looks, while it waits, whether somebody interrupts it.
constexpr std::chrono::milliseconds kPollInterval{100};
/// For waits outside of the engine, every kPollInterval and without a lock. Throws: what the poll
/// hook throws.
void poll_wait();

namespace detail {

/// Where a thread sleeps. Thread safety: one thread sleeps, any may wake it.
class Parker {
 public:
  static Parker& of_this_thread();
  void wake();
  /// Sleeps until wake() has been called, about kPollInterval long; false when it was not.
  bool sleep();

 private:
  std::mutex mutex_;
  std::condition_variable woken_changed_;
  bool woken_ = false;
};

/// A thread in the queue of a Var.
struct Waiter {
  Parker& parker = Parker::of_this_thread();
  Request request;
  std::exception_ptr error;  ///< of the Var when the wait was over
  bool done = false;         ///< guarded by the Var's mutex
};

/// The hooks around one wait.
class WaitScope {
 public:
  WaitScope();
  ~WaitScope();
  WaitScope(const WaitScope&) = delete;
  WaitScope& operator=(const WaitScope&) = delete;
  /// Sleeps until the parker is woken. Throws: what the poll hook throws.
  void sleep(Parker& parker);

 private:
  void* state_ = nullptr;
};

}  // namespace detail
}  // namespace mx
