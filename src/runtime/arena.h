#pragma once
#include <memory>
#include <mutex>
#include <vector>

#include "engine/engine.h"
#include "memory/storage.h"

namespace mx {

/// Working memory of a run. Runs that share one are kept apart by its Var.
class Arena {
 public:
  /// At least `bytes`; grows when a larger graph joins. Call only while no run uses it.
  void reserve(size_t bytes, Device device) {
    if (!buffer_ || buffer_->bytes() < bytes) buffer_ = allocate_buffer(bytes, device);
  }
  void* data() const { return buffer_ ? buffer_->data() : nullptr; }
  size_t bytes() const { return buffer_ ? buffer_->bytes() : 0; }
  Var& var() { return var_; }

 private:
  BufferPtr buffer_;
  Var var_;
};

class ArenaPool;

/// An arena that is lent: nobody else gets it until this goes. Work on it may still be queued then;
/// the next work waits for it, as both write its Var.
class ArenaLease {
 public:
  ArenaLease() = default;
  ArenaLease(ArenaLease&& other) noexcept = default;
  ArenaLease& operator=(ArenaLease&& other) noexcept {
    if (this != &other) {
      give_back();
      pool_ = std::move(other.pool_);
      arena_ = std::move(other.arena_);
    }
    return *this;
  }
  ~ArenaLease() { give_back(); }
  const std::shared_ptr<Arena>& get() const { return arena_; }

 private:
  friend class ArenaPool;
  ArenaLease(std::shared_ptr<ArenaPool> pool, std::shared_ptr<Arena> arena)
      : pool_(std::move(pool)), arena_(std::move(arena)) {}
  inline void give_back();

  std::shared_ptr<ArenaPool> pool_;
  std::shared_ptr<Arena> arena_;
};

/// The arenas of executors that are used one after the other. What a forward pass leaves in a lent
/// arena for its backward pass stays. Thread safety: any.
class ArenaPool : public std::enable_shared_from_this<ArenaPool> {
 public:
  ArenaLease lend() {
    std::lock_guard lock(mutex_);
    if (free_.empty()) return {shared_from_this(), std::make_shared<Arena>()};
    std::shared_ptr<Arena> arena = std::move(free_.back());
    free_.pop_back();
    return {shared_from_this(), std::move(arena)};
  }

 private:
  friend class ArenaLease;
  std::mutex mutex_;
  std::vector<std::shared_ptr<Arena>> free_;
};

void ArenaLease::give_back() {
  if (!arena_) return;
  std::lock_guard lock(pool_->mutex_);
  pool_->free_.push_back(std::move(arena_));
}

}  // namespace mx
