#pragma once
// Cutting off what lies outside of a range.
#include <limits>
#include <type_traits>

#include "backend/common/elemwise/function.h"

namespace mx::math {

/// A limit as a number of the dtype that is computed in: the nearest of those that an integer
/// holds.
template <typename T>
MX_HOST_DEVICE T limit_of(double limit) {
  if constexpr (std::is_integral_v<T>) {
    constexpr T lowest = std::numeric_limits<T>::min(), highest = std::numeric_limits<T>::max();
    if (limit <= static_cast<double>(lowest)) return lowest;
    if (limit >= static_cast<double>(highest)) return highest;
  }
  return static_cast<T>(limit);
}

/// Keeps NaN.
struct Clip : IntegerFunction {
  double low, high;
  template <typename T>
  MX_HOST_DEVICE T operator()(T x) const {
    const T floor = limit_of<T>(low), ceiling = limit_of<T>(high);
    return x > ceiling ? ceiling : (x < floor ? floor : x);
  }
};

/// From the gradient of the output and the input.
struct ClipGradient : IntegerFunction {
  double low, high;
  template <typename T>
  MX_HOST_DEVICE T operator()(T d, T x) const {
    return x > limit_of<T>(high) || x < limit_of<T>(low) ? T(0) : d;
  }
};

}  // namespace mx::math
