#pragma once
// Powers and hypotenuses.
#include "backend/common/elemwise/arithmetic.h"
#include "backend/common/elemwise/function.h"
#include "backend/common/elemwise/rows.h"

namespace mx::math {

/// a to the power of b. Integers wrap round; negative exponents cut towards zero.
struct Power : IntegerFunction {
  static constexpr bool kWholeVectors = true;
  template <typename T>
  MX_HOST_DEVICE T operator()(T a, T b) const {
    if constexpr (std::is_integral_v<T>) {
      if (b < T(0)) return a == T(1) ? T(1) : (a == T(-1) ? (b & 1 ? a : T(1)) : T(0));
      T result = 1;
      for (auto rest = static_cast<std::make_unsigned_t<T>>(b); rest; rest >>= 1) {
        if (rest & 1) result = Multiply{}(result, a);
        a = Multiply{}(a, a);
      }
      return result;
    } else {
      return pow(a, b);
    }
  }
};

MX_REAL_FUNCTION_2(Hypot, hypot(a, b))

inline constexpr std::tuple kPower{
    BinaryRow<Power, 30>{kMovesZero, "_power", "broadcast_power", "_power_scalar",
                         "_rpower_scalar"},
    BinaryRow<Hypot, 10>{kKeepsZero, "_hypot", "broadcast_hypot", "_hypot_scalar"},
};

}  // namespace mx::math
