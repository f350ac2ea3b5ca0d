#pragma once
// Sign and absolute value.
#include "backend/common/elemwise/arithmetic.h"
#include "backend/common/elemwise/function.h"
#include "backend/common/elemwise/rows.h"

namespace mx::math {

/// -1, 0 or 1; 0 for NaN.
struct Sign : IntegerFunction {
  template <typename T>
  MX_HOST_DEVICE T operator()(T x) const {
    if constexpr (std::is_unsigned_v<T>)
      return x > T(0) ? T(1) : T(0);
    else
      return x > T(0) ? T(1) : (x < T(0) ? T(-1) : T(0));
  }
};

struct Abs : IntegerFunction {
  template <typename T>
  MX_HOST_DEVICE T operator()(T x) const {
    if constexpr (std::is_floating_point_v<T>)
      return std::abs(x);
    else
      return x < T(0) ? Negative{}(x) : x;
  }
};

/// The magnitude of a with the sign of b.
struct CopySign : IntegerFunction {
  template <typename T>
  MX_HOST_DEVICE T operator()(T a, T b) const {
    if constexpr (std::is_floating_point_v<T>)
      return std::copysign(a, b);
    else
      return (a < T(0)) == (b < T(0)) ? a : Negative{}(a);
  }
};

inline constexpr std::tuple kSign{
    UnaryRow<Sign>{kKeepsZero, "sign"},
    UnaryRow<Sign>{kKeepsZero, "_contrib_sign_ste"},
    UnaryRow<Abs>{kKeepsZero, "abs"},
    BinaryRow<CopySign>{kMovesZero, nullptr, "_npi_copysign", "_npi_copysign_scalar",
                        "_npi_rcopysign_scalar"},
};

}  // namespace mx::math
