#pragma once
#include <memory>
#include <mutex>
#include <unordered_map>

namespace mx {

/// Finds things that somebody still holds, so that equal ones are made once. Keeps nothing alive.
/// `Key` has hash() and ==. Thread safety: any; while one thread makes a thing, others wait for
/// it only if they want the same.
template <typename Key, typename T>
class SharedTable {
 public:
  /// The thing of that key; made by `make()`, a std::shared_ptr<T>, where nobody holds one.
  template <typename Make>
  std::shared_ptr<T> get(const Key& key, const Make& make) {
    const std::shared_ptr<Slot> slot = slot_of(key);
    std::lock_guard lock(slot->mutex);
    std::shared_ptr<T> found = slot->value.lock();
    if (found) return found;
    found = make();
    slot->value = found;
    return found;
  }

  /// Calls visit(thing) for each one that somebody holds.
  template <typename Visit>
  void for_each(const Visit& visit) {
    std::lock_guard lock(mutex_);
    for (const auto& [key, slot] : slots_) {
      if (!slot->mutex.try_lock()) continue;  // being made
      const std::shared_ptr<T> value = slot->value.lock();
      slot->mutex.unlock();
      if (value) visit(*value);
    }
  }

 private:
  struct Slot {
    std::mutex mutex;
    std::weak_ptr<T> value;
  };
  struct Hash {
    size_t operator()(const Key& key) const { return key.hash(); }
  };

  std::shared_ptr<Slot> slot_of(const Key& key) {
    std::lock_guard lock(mutex_);
    if (slots_.size() >= sweep_at_) sweep();
    std::shared_ptr<Slot>& slot = slots_[key];
    if (!slot) slot = std::make_shared<Slot>();
    return slot;
  }

  /// Forgets what nobody holds or makes.
  void sweep() {
    std::erase_if(slots_, [](const auto& entry) {
      return entry.second.use_count() == 1 && entry.second->value.expired();
    });
    sweep_at_ = 2 * slots_.size() + kLeast;
  }

  static constexpr size_t kLeast = 64;
  std::mutex mutex_;
  std::unordered_map<Key, std::shared_ptr<Slot>, Hash> slots_;
  size_t sweep_at_ = kLeast;
};

}  // namespace mx
