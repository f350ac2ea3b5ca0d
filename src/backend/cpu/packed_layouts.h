#pragma once
#include <array>
#include <map>
#include <mutex>

#include "dispatch/layout.h"

namespace mx::cpu {

/// Layouts of packed weights, one for each pair of sizes. Thread safety: any.
class PackedLayouts {
 public:
  Layout of(int64_t rows, int64_t columns, int64_t floats) {
    std::lock_guard lock(mutex_);
    const auto [at, is_new] = of_sizes_.try_emplace({rows, columns});
    if (is_new) at->second = add_library_layout(static_cast<size_t>(floats) * sizeof(float));
    return at->second;
  }

 private:
  std::mutex mutex_;
  std::map<std::array<int64_t, 2>, Layout> of_sizes_;
};

}  // namespace mx::cpu
