#pragma once
#include <type_traits>

#include "backend/common/elemwise/function.h"

namespace mx::math {

/// a x^2 + b x + c; of integers the fraction is cut off.
struct Quadratic : IntegerFunction {
  double a, b, c;
  template <typename T>
  MX_HOST_DEVICE T operator()(T x) const {
    using C = std::conditional_t<std::is_integral_v<T>, double, T>;
    const C wide = static_cast<C>(x);
    return static_cast<T>((static_cast<C>(a) * wide + static_cast<C>(b)) * wide +
                          static_cast<C>(c));
  }
};

}  // namespace mx::math
