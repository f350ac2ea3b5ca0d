// Remainders with the sign of the divisor.
#include "backend/cuda/elemwise/loops.cuh"

namespace mx::cuda {
namespace {

const GpuKernel k1 = native("_mod", binary_kernel<math::Modulo>);
const GpuKernel k2 = native("broadcast_mod", binary_kernel<math::Modulo>);
const GpuKernel k3 = native("_mod_scalar", scalar_kernel<math::Modulo>);
const GpuKernel k4 = native("_rmod_scalar", scalar_kernel<math::Modulo, true>);

}  // namespace
}  // namespace mx::cuda
