#pragma once
// Remainders with the sign of the divisor.
#include "backend/common/elemwise/function.h"
#include "backend/common/elemwise/rows.h"

namespace mx::math {

/// Remainder with the sign of the divisor, as in Python; 0 when the divisor is 0.
struct Modulo : IntegerFunction {
  template <typename T>
  MX_HOST_DEVICE T operator()(T a, T b) const {
    if (b == T(0)) return T(0);
    if constexpr (std::is_integral_v<T>) {
      if (std::is_signed_v<T> && b == T(-1)) return T(0);
      const T rest = static_cast<T>(a % b);
      return rest != 0 && (rest < 0) != (b < 0) ? static_cast<T>(rest + b) : rest;
    } else {
      const T rest = std::fmod(a, b);
      return rest != T(0) && (rest < T(0)) != (b < T(0)) ? rest + b : rest;
    }
  }
};

inline constexpr std::tuple kModulo{
    BinaryRow<Modulo, 100>{kMovesZero, "_mod", "broadcast_mod", "_mod_scalar", "_rmod_scalar"},
};

}  // namespace mx::math
