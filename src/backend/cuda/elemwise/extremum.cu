// The larger and the smaller of two.
#include "backend/cuda/elemwise/loops.cuh"

namespace mx::cuda {
namespace {

const GpuKernel k1 = native("_maximum", binary_kernel<math::Maximum>);
const GpuKernel k2 = native("broadcast_maximum", binary_kernel<math::Maximum>);
const GpuKernel k3 = native("_maximum_scalar", scalar_kernel<math::Maximum>);
const GpuKernel k4 = native("_minimum", binary_kernel<math::Minimum>);
const GpuKernel k5 = native("broadcast_minimum", binary_kernel<math::Minimum>);
const GpuKernel k6 = native("_minimum_scalar", scalar_kernel<math::Minimum>);

}  // namespace
}  // namespace mx::cuda
