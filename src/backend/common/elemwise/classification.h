#pragma once
// Which numbers are finite, infinite or none at all.
#include <limits>

#include "backend/common/elemwise/function.h"
#include "backend/common/elemwise/rows.h"

namespace mx::math {

struct IsNan : IntegerFunction {
  template <typename T>
  MX_HOST_DEVICE T operator()(T x) const {
    return x != x ? T(1) : T(0);
  }
};

struct IsPositiveInfinity : IntegerFunction {
  template <typename T>
  MX_HOST_DEVICE T operator()(T x) const {
    if constexpr (std::is_integral_v<T>)
      return T(0);
    else
      return x > std::numeric_limits<T>::max() ? T(1) : T(0);
  }
};

struct IsNegativeInfinity : IntegerFunction {
  template <typename T>
  MX_HOST_DEVICE T operator()(T x) const {
    if constexpr (std::is_integral_v<T>)
      return T(0);
    else
      return x < std::numeric_limits<T>::lowest() ? T(1) : T(0);
  }
};

struct IsInfinite : IntegerFunction {
  template <typename T>
  MX_HOST_DEVICE T operator()(T x) const {
    return IsPositiveInfinity{}(x) + IsNegativeInfinity{}(x);
  }
};

struct IsFinite : IntegerFunction {
  template <typename T>
  MX_HOST_DEVICE T operator()(T x) const {
    return T(1) - IsInfinite{}(x)-IsNan{}(x);
  }
};

inline constexpr std::tuple kClassification{
    UnaryRow<IsNan>{kKeepsZero, "_npi_isnan"},
    UnaryRow<IsInfinite>{kKeepsZero, "_npi_isinf"},
    UnaryRow<IsFinite>{kMovesZero, "_npi_isfinite"},
    UnaryRow<IsPositiveInfinity>{kKeepsZero, "_npi_isposinf"},
    UnaryRow<IsNegativeInfinity>{kKeepsZero, "_npi_isneginf"},
};

}  // namespace mx::math
