#pragma once
// Square, roots and their reciprocals.
#include "backend/common/elemwise/arithmetic.h"
#include "backend/common/elemwise/function.h"
#include "backend/common/elemwise/rows.h"

namespace mx::math {

struct Square : IntegerFunction {
  template <typename T>
  MX_HOST_DEVICE T operator()(T x) const {
    return Multiply{}(x, x);
  }
};

MX_REAL_FUNCTION(Sqrt, std::sqrt(x))
MX_REAL_FUNCTION(ReciprocalSqrt, T(1) / std::sqrt(x))
MX_REAL_FUNCTION(CubeRoot, cbrt(x))
MX_REAL_FUNCTION(ReciprocalCubeRoot, T(1) / cbrt(x))
MX_REAL_FUNCTION(Reciprocal, T(1) / x)

inline constexpr std::tuple kRoots{
    UnaryRow<Square>{kKeepsZero, "square"},
    UnaryRow<Sqrt, 5>{kKeepsZero, "sqrt"},
    UnaryRow<ReciprocalSqrt, 8>{kMovesZero, "rsqrt"},
    UnaryRow<CubeRoot, 10>{kKeepsZero, "cbrt"},
    UnaryRow<ReciprocalCubeRoot, 12>{kMovesZero, "rcbrt"},
    UnaryRow<Reciprocal, 5>{kMovesZero, "reciprocal"},
};

}  // namespace mx::math
