#pragma once
// Error and gamma functions.
#include "backend/common/elemwise/function.h"
#include "backend/common/elemwise/rows.h"
#include "backend/common/gamma_math.h"

namespace mx::math {

MX_REAL_FUNCTION(Erf, erf(x))
MX_REAL_FUNCTION(ErfInv, erf_inverse(x))
MX_REAL_FUNCTION(Gamma, gamma(x))
MX_REAL_FUNCTION(LogGamma, log_gamma(x))
MX_REAL_FUNCTION(Digamma, digamma(x))
MX_REAL_FUNCTION(Trigamma, trigamma(x))

inline constexpr std::tuple kSpecial{
    UnaryRow<Erf, 8>{kKeepsZero, "erf"},
    UnaryRow<ErfInv, 20>{kKeepsZero, "erfinv"},
    UnaryRow<Gamma, 40>{kMovesZero, "gamma"},
    UnaryRow<LogGamma, 200>{kMovesZero, "gammaln"},
    UnaryRow<Digamma, 300>{kMovesZero, "_digamma"},
    UnaryRow<Trigamma, 300>{kMovesZero, "_trigamma"},
};

}  // namespace mx::math
