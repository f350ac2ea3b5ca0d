// Error and gamma functions.
#include "backend/cuda/elemwise/loops.cuh"

namespace mx::cuda {
namespace {

const GpuKernel k1 = native("erf", unary_kernel<math::Erf>);
const GpuKernel k2 = native("erfinv", unary_kernel<math::ErfInv>);
const GpuKernel k3 = native("gamma", unary_kernel<math::Gamma>);
const GpuKernel k4 = native("gammaln", unary_kernel<math::LogGamma>);
const GpuKernel k5 = native("_digamma", unary_kernel<math::Digamma>);
const GpuKernel k6 = native("_trigamma", unary_kernel<math::Trigamma>);

}  // namespace
}  // namespace mx::cuda
