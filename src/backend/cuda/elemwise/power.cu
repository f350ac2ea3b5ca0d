// Powers and hypotenuses.
#include "backend/cuda/elemwise/loops.cuh"

namespace mx::cuda {
namespace {

const GpuKernel k1 = native("_power", binary_kernel<math::Power>);
const GpuKernel k2 = native("broadcast_power", binary_kernel<math::Power>);
const GpuKernel k3 = native("_power_scalar", scalar_kernel<math::Power>);
const GpuKernel k4 = native("_rpower_scalar", scalar_kernel<math::Power, true>);
const GpuKernel k5 = native("_hypot", binary_kernel<math::Hypot>);
const GpuKernel k6 = native("broadcast_hypot", binary_kernel<math::Hypot>);
const GpuKernel k7 = native("_hypot_scalar", scalar_kernel<math::Hypot>);

}  // namespace
}  // namespace mx::cuda
