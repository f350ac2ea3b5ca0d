#pragma once
#include <cstdint>
#include <vector>

namespace mx::tuned {

/// Small whole numbers, whose sums are exact in any order.
inline std::vector<float> whole_values(int64_t count, int64_t seed) {
  std::vector<float> values(static_cast<size_t>(count));
  for (size_t i = 0; i < values.size(); ++i)
    values[i] = static_cast<float>((static_cast<int64_t>(i) * 7919 + seed) % 13 - 6);
  return values;
}

}  // namespace mx::tuned
