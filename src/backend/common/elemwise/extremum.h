#pragma once
// The larger and the smaller of two.
#include "backend/common/elemwise/function.h"
#include "backend/common/elemwise/rows.h"

namespace mx::math {

/// NaN when either is.
struct Maximum : IntegerFunction {
  template <typename T>
  MX_HOST_DEVICE T operator()(T a, T b) const {
    return a > b || a != a ? a : b;
  }
};

struct Minimum : IntegerFunction {
  template <typename T>
  MX_HOST_DEVICE T operator()(T a, T b) const {
    return a < b || a != a ? a : b;
  }
};

inline constexpr std::tuple kExtremum{
    BinaryRow<Maximum>{kKeepsZero, "_maximum", "broadcast_maximum", "_maximum_scalar"},
    BinaryRow<Minimum>{kKeepsZero, "_minimum", "broadcast_minimum", "_minimum_scalar"},
};

}  // namespace mx::math
