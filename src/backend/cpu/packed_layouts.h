#pragma once
#include <array>
#include <map>
#include <mutex>

#include "dispatch/layout.h"

namespace mx::cpu {

/// Layouts of packed weights, one for each three sizes. Thread safety: any.
class PackedLayouts {
 public:
  using Sizes = std::array<int64_t, 3>;

  Layout of(const Sizes& sizes, size_t bytes) {
    std::lock_guard lock(mutex_);
    const auto [at, is_new] = of_sizes_.try_emplace(sizes);
    if (is_new) at->second = add_library_layout(bytes);
    return at->second;
  }

 private:
  std::mutex mutex_;
  std::map<Sizes, Layout> of_sizes_;
};

}  // namespace mx::cpu
