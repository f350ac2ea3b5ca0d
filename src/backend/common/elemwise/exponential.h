#pragma once
// Exponentials and logarithms.
#include "backend/common/elemwise/function.h"
#include "backend/common/elemwise/rows.h"

namespace mx::math {

MX_REAL_FUNCTION(Exp, exp(x))
MX_REAL_FUNCTION(Log, log(x))
MX_REAL_FUNCTION(Log10, log10(x))
MX_REAL_FUNCTION(Log2, log2(x))
MX_REAL_FUNCTION(Log1p, log1p(x))
MX_REAL_FUNCTION(Expm1, expm1(x))
MX_REAL_FUNCTION_2(Ldexp, exp2(b) * a)

inline constexpr std::tuple kExponential{
    UnaryRow<Exp, 6>{kMovesZero, "exp"},
    UnaryRow<Expm1, 8>{kKeepsZero, "expm1"},
    UnaryRow<Log, 8>{kMovesZero, "log"},
    UnaryRow<Log10, 8>{kMovesZero, "log10"},
    UnaryRow<Log2, 8>{kMovesZero, "log2"},
    UnaryRow<Log1p, 10>{kKeepsZero, "log1p"},
    BinaryRow<Ldexp, 6>{kMovesZero, nullptr, "_npi_ldexp", "_npi_ldexp_scalar",
                        "_npi_rldexp_scalar"},
};

}  // namespace mx::math
