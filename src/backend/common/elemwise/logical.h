#pragma once
// Logic on numbers: zero is false; results are 1 and 0.
#include "backend/common/elemwise/function.h"
#include "backend/common/elemwise/rows.h"

namespace mx::math {

struct LogicalAnd : IntegerFunction {
  template <typename T>
  MX_HOST_DEVICE T operator()(T a, T b) const {
    return a != T(0) && b != T(0) ? T(1) : T(0);
  }
};

struct LogicalOr : IntegerFunction {
  template <typename T>
  MX_HOST_DEVICE T operator()(T a, T b) const {
    return a != T(0) || b != T(0) ? T(1) : T(0);
  }
};

struct LogicalXor : IntegerFunction {
  template <typename T>
  MX_HOST_DEVICE T operator()(T a, T b) const {
    return (a != T(0)) != (b != T(0)) ? T(1) : T(0);
  }
};

struct LogicalNot : IntegerFunction {
  template <typename T>
  MX_HOST_DEVICE T operator()(T x) const {
    return x == T(0) ? T(1) : T(0);
  }
};

inline constexpr std::tuple kLogical{
    BinaryRow<LogicalAnd>{kMovesZero, "_logical_and", "broadcast_logical_and",
                          "_logical_and_scalar"},
    BinaryRow<LogicalOr>{kMovesZero, "_logical_or", "broadcast_logical_or", "_logical_or_scalar"},
    BinaryRow<LogicalXor>{kMovesZero, "_logical_xor", "broadcast_logical_xor",
                          "_logical_xor_scalar"},
    UnaryRow<LogicalNot>{kMovesZero, "logical_not"},
};

}  // namespace mx::math
