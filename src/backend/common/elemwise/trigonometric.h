#pragma once
// Trigonometric functions, their inverses, and angles.
#include "backend/common/elemwise/function.h"
#include "backend/common/elemwise/rows.h"

namespace mx::math {

MX_REAL_FUNCTION(Sin, sin(x))
MX_REAL_FUNCTION(Cos, cos(x))
MX_REAL_FUNCTION(Tan, tan(x))
MX_REAL_FUNCTION(ArcSin, asin(x))
MX_REAL_FUNCTION(ArcCos, acos(x))
MX_REAL_FUNCTION(ArcTan, atan(x))
MX_REAL_FUNCTION_2(ArcTan2, atan2(a, b))
MX_REAL_FUNCTION(Degrees, T(57.29577951308232) * x)
MX_REAL_FUNCTION(Radians, T(0.017453292519943295) * x)

inline constexpr std::tuple kTrigonometric{
    UnaryRow<Sin, 6>{kKeepsZero, "sin"},
    UnaryRow<Cos, 6>{kMovesZero, "cos"},
    UnaryRow<Tan, 8>{kKeepsZero, "tan"},
    UnaryRow<ArcSin, 8>{kKeepsZero, "arcsin"},
    UnaryRow<ArcCos, 8>{kMovesZero, "arccos"},
    UnaryRow<ArcTan, 6>{kKeepsZero, "arctan"},
    BinaryRow<ArcTan2, 15>{kMovesZero, nullptr, "_npi_arctan2", "_npi_arctan2_scalar",
                           "_npi_rarctan2_scalar"},
    UnaryRow<Degrees>{kKeepsZero, "degrees"},
    UnaryRow<Radians>{kKeepsZero, "radians"},
};

}  // namespace mx::math
