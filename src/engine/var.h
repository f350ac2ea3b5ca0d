#pragma once
#include <atomic>
#include <cstdint>
#include <exception>
#include <mutex>

namespace mx {

class Var;

namespace detail {
struct Operation;
struct Waiter;

/// What somebody wants to do with a Var. An update is a write that needs what is there.
enum class Access : uint8_t { kRead, kWrite, kUpdate };

/// A place in the queue of a Var: of an operation, or of a thread that waits (one of them is set).
struct Request {
  Var* var = nullptr;
  Access access = Access::kRead;
  Operation* operation = nullptr;
  Waiter* waiter = nullptr;
  Request* next = nullptr;
};
}  // namespace detail

/// What operations depend on: one per piece of data. Operations that write a Var run alone on it,
/// in the order of their pushes; reads between two writes run together. Must outlive every
/// operation that uses it (operations hold the data that contains it).
///
/// The error of an operation is kept in the Vars that it was to write: the Var has *failed*. What
/// reads or updates a failed Var is skipped and hands the error on; a write that needs nothing of
/// what is there, and only that, makes the Var whole again.
class Var {
 public:
  Var() = default;
  Var(const Var&) = delete;
  Var& operator=(const Var&) = delete;
  /// Writes that are done, running or queued: changes as soon as somebody asks for a write.
  uint64_t scheduled_writes() {
    std::lock_guard lock(mutex_);
    return scheduled_writes_;
  }

 private:
  friend class Engine;
  // All with mutex_ held.
  bool can_begin(detail::Access access) const {
    return !running_write_ && (access == detail::Access::kRead || running_reads_ == 0);
  }
  bool is_free(detail::Access access) const { return !first_ && can_begin(access); }
  void begin(detail::Access access) {
    if (access == detail::Access::kRead)
      ++running_reads_;
    else
      running_write_ = true;
  }
  void append(detail::Request& request) {
    (first_ ? last_->next : first_) = &request;
    last_ = &request;
  }
  void remove(detail::Request& request);

  std::mutex mutex_;  ///< of everything below
  bool running_write_ = false;
  int running_reads_ = 0;
  std::atomic<const void*> owner_{nullptr};  ///< the inline operation that writes now
  detail::Request *first_ = nullptr, *last_ = nullptr;
  std::exception_ptr error_;
  uint64_t scheduled_writes_ = 0;
};

}  // namespace mx
