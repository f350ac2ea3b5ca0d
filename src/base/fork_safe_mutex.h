#pragma once
#include <mutex>

namespace mx {

/// A mutex of a global table that no thread holds while the process forks, so that the child finds
/// the table whole and free. Whoever holds one takes no other lock. Lives to the end of the
/// process.
class ForkSafeMutex {
 public:
  ForkSafeMutex();
  ForkSafeMutex(const ForkSafeMutex&) = delete;
  ForkSafeMutex& operator=(const ForkSafeMutex&) = delete;
  void lock() { mutex_.lock(); }
  void unlock() { mutex_.unlock(); }

  /// Around fork(); the engine calls them.
  static void lock_all();
  static void unlock_all();

 private:
  std::mutex mutex_;
};

}  // namespace mx
