#pragma once
#include <cstdint>
#include <limits>
#include <type_traits>

#include "base/dtype.h"

namespace mx {

/// What to do with an index outside [0, size).
enum class OutOfRange { kClip, kWrap };

MX_HOST_DEVICE inline int64_t bounded_index(int64_t index, int64_t size, OutOfRange rule) {
  if (rule == OutOfRange::kClip) {
    const int64_t last = size > 1 ? size - 1 : 0;
    return index < 0 ? 0 : (index > last ? last : index);
  }
  const int64_t rest = size > 0 ? index % size : 0;
  return rest < 0 ? rest + size : rest;
}

/// An element of an index array, fractions cut off; NaN is the least number.
template <typename T>
MX_HOST_DEVICE int64_t to_index(T value) {
  if constexpr (std::is_integral_v<T>) {
    return static_cast<int64_t>(value);
  } else {
    const auto wide = static_cast<ComputeType<T>>(value);
    if (wide > ComputeType<T>(-9e18) && wide < ComputeType<T>(9e18))
      return static_cast<int64_t>(wide);
    return wide > 0 ? std::numeric_limits<int64_t>::max() : std::numeric_limits<int64_t>::min();
  }
}

/// An element of an array of lengths, as a number of elements from 0 to `limit`.
template <typename T>
MX_HOST_DEVICE int64_t bounded_length(T value, int64_t limit) {
  const int64_t length = to_index(value);
  return length < 0 ? 0 : (length > limit ? limit : length);
}

}  // namespace mx
