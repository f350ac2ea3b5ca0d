#pragma once
// Sum, difference, product and quotient.
#include <cmath>

#include "backend/common/elemwise/function.h"
#include "backend/common/elemwise/rows.h"

namespace mx::math {

struct Add : IntegerFunction {
  template <typename T>
  MX_HOST_DEVICE T operator()(T a, T b) const {
    return wrapping(a, b, [](auto x, auto y) { return x + y; });
  }
};

struct Subtract : IntegerFunction {
  template <typename T>
  MX_HOST_DEVICE T operator()(T a, T b) const {
    return wrapping(a, b, [](auto x, auto y) { return x - y; });
  }
};

struct Multiply : IntegerFunction {
  /// Infinity times zero is NaN.
  static bool keeps_zero_with(double number) { return std::isfinite(number); }
  template <typename T>
  MX_HOST_DEVICE T operator()(T a, T b) const {
    return wrapping(a, b, [](auto x, auto y) { return x * y; });
  }
};

/// Integers are cut towards zero, and divided by zero give 0.
struct Divide : IntegerFunction {
  template <typename T>
  MX_HOST_DEVICE T operator()(T a, T b) const {
    if constexpr (std::is_integral_v<T>) {
      if (b == T(0)) return T(0);
      if (std::is_signed_v<T> && b == T(-1)) return Subtract{}(T(0), a);
      return static_cast<T>(a / b);
    } else {
      return a / b;
    }
  }
};

struct Negative : IntegerFunction {
  template <typename T>
  MX_HOST_DEVICE T operator()(T x) const {
    if constexpr (std::is_integral_v<T>)
      return Subtract{}(T(0), x);
    else
      return -x;
  }
};

inline constexpr std::tuple kArithmetic{
    BinaryRow<Add>{kKeepsZero, "elemwise_add", "broadcast_add", "_plus_scalar"},
    BinaryRow<Add>{kKeepsZero, "_grad_add"},
    BinaryRow<Subtract>{kKeepsZero, "elemwise_sub", "broadcast_sub", "_minus_scalar",
                        "_rminus_scalar"},
    BinaryRow<Multiply>{kKeepsZero, "elemwise_mul", "broadcast_mul", "_mul_scalar"},
    BinaryRow<Divide>{kMovesZero, "elemwise_div", "broadcast_div", "_div_scalar", "_rdiv_scalar"},
    UnaryRow<Negative>{kKeepsZero, "negative"},
    BinaryRow<Add>{kMovesZero, nullptr, nullptr, "_scatter_plus_scalar"},
    BinaryRow<Subtract>{kMovesZero, nullptr, nullptr, "_scatter_minus_scalar"},
    BinaryRow<Divide>{kMovesZero, "_scatter_elemwise_div"},
};

}  // namespace mx::math
