#pragma once
#include <atomic>
#include <functional>
#include <memory>
#include <vector>

#include "engine/engine.h"

namespace mx::detail {

/// Work that was pushed and has not ended, with its places in the queues of its Vars. Owned by the
/// engine; freed when it has ended.
struct Operation {
  std::function<void()> work;  ///< ends when it returns, or
  /// Ends when the completion is called.
  std::shared_ptr<std::function<void(Completion)>> start;
  bool is_started = false;
  std::vector<Request> requests;  ///< one for each Var; never reallocated
  std::atomic<int> missing{0};    ///< Vars that are not free yet
  PushOptions options;
  uint64_t sequence = 0;
  Parker* caller = nullptr;  ///< the thread that runs it itself, once its turn has come
  Operation *previous = nullptr, *next = nullptr;  ///< all that have not ended
};

}  // namespace mx::detail
