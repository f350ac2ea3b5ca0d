// Error and gamma functions.
#include "backend/cpu/elemwise/loops.h"

namespace mx::cpu {
namespace {

const KernelBuilder k1 = flat_kernel("erf", unary_kernel<math::Erf, 20>);
const KernelBuilder k2 = flat_kernel("erfinv", unary_kernel<math::ErfInv, 500>);
const KernelBuilder k3 = plain_kernel("gamma", unary_kernel<math::Gamma, 300>);
const KernelBuilder k4 = plain_kernel("gammaln", unary_kernel<math::LogGamma, 200>);
const KernelBuilder k5 = plain_kernel("_digamma", unary_kernel<math::Digamma, 300>);
const KernelBuilder k6 = plain_kernel("_trigamma", unary_kernel<math::Trigamma, 300>);

}  // namespace
}  // namespace mx::cpu
