#pragma once
#include <map>
#include <memory>
#include <mutex>

namespace mx::cuda {

/// One T for each device, made when first used. Never destroyed, so that static objects of other
/// libraries may use it at exit. Thread safety: any.
template <typename T>
class PerDevice {
 public:
  /// `make(id)` returns a std::unique_ptr<T>.
  template <typename Make>
  T& get(int id, const Make& make) {
    std::lock_guard lock(mutex_);
    std::unique_ptr<T>& slot = items_[id];
    if (!slot) slot = make(id);
    return *slot;
  }

 private:
  std::mutex mutex_;
  std::map<int, std::unique_ptr<T>> items_;
};

}  // namespace mx::cuda
