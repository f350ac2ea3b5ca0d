#pragma once
// Hyperbolic functions and their inverses; tanh is with the activation functions.
#include "backend/common/elemwise/function.h"
#include "backend/common/elemwise/rows.h"

namespace mx::math {

MX_REAL_FUNCTION(Sinh, sinh(x))
MX_REAL_FUNCTION(Cosh, cosh(x))
MX_REAL_FUNCTION(ArcSinh, asinh(x))
MX_REAL_FUNCTION(ArcCosh, acosh(x))
MX_REAL_FUNCTION(ArcTanh, atanh(x))

inline constexpr std::tuple kHyperbolic{
    UnaryRow<Sinh, 6>{kKeepsZero, "sinh"},        UnaryRow<Cosh, 6>{kMovesZero, "cosh"},
    UnaryRow<ArcSinh, 12>{kKeepsZero, "arcsinh"}, UnaryRow<ArcCosh, 12>{kMovesZero, "arccosh"},
    UnaryRow<ArcTanh, 12>{kKeepsZero, "arctanh"},
};

}  // namespace mx::math
