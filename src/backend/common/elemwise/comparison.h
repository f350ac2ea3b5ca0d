#pragma once
// Comparisons give 1 and 0 in the dtype of their operands.
#include "backend/common/elemwise/function.h"
#include "backend/common/elemwise/rows.h"

namespace mx::math {

struct Equal : IntegerFunction {
  template <typename T>
  MX_HOST_DEVICE T operator()(T a, T b) const {
    return a == b ? T(1) : T(0);
  }
};

struct NotEqual : IntegerFunction {
  template <typename T>
  MX_HOST_DEVICE T operator()(T a, T b) const {
    return a != b ? T(1) : T(0);
  }
};

struct Lesser : IntegerFunction {
  template <typename T>
  MX_HOST_DEVICE T operator()(T a, T b) const {
    return a < b ? T(1) : T(0);
  }
};

struct LesserEqual : IntegerFunction {
  template <typename T>
  MX_HOST_DEVICE T operator()(T a, T b) const {
    return a <= b ? T(1) : T(0);
  }
};

struct Greater : IntegerFunction {
  template <typename T>
  MX_HOST_DEVICE T operator()(T a, T b) const {
    return a > b ? T(1) : T(0);
  }
};

struct GreaterEqual : IntegerFunction {
  template <typename T>
  MX_HOST_DEVICE T operator()(T a, T b) const {
    return a >= b ? T(1) : T(0);
  }
};

inline constexpr std::tuple kComparison{
    BinaryRow<Equal>{kMovesZero, "_equal", "broadcast_equal", "_equal_scalar"},
    BinaryRow<NotEqual>{kMovesZero, "_not_equal", "broadcast_not_equal", "_not_equal_scalar"},
    BinaryRow<Lesser>{kMovesZero, "_lesser", "broadcast_lesser", "_lesser_scalar"},
    BinaryRow<LesserEqual>{kMovesZero, "_lesser_equal", "broadcast_lesser_equal",
                           "_lesser_equal_scalar"},
    BinaryRow<Greater>{kMovesZero, "_greater", "broadcast_greater", "_greater_scalar"},
    BinaryRow<GreaterEqual>{kMovesZero, "_greater_equal", "broadcast_greater_equal",
                            "_greater_equal_scalar"},
};

}  // namespace mx::math
