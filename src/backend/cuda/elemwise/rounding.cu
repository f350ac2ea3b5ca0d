// Rounding to integers. The results are flat, so that gradients are zero.
#include "backend/cuda/elemwise/loops.cuh"

namespace mx::cuda {
namespace {

const GpuKernel k1 = native("round", unary_kernel<math::Round>);
const GpuKernel k2 = native("rint", unary_kernel<math::Rint>);
const GpuKernel k3 = native("ceil", unary_kernel<math::Ceil>);
const GpuKernel k4 = native("floor", unary_kernel<math::Floor>);
const GpuKernel k5 = native("trunc", unary_kernel<math::Trunc>);
const GpuKernel k6 = native("fix", unary_kernel<math::Trunc>);

}  // namespace
}  // namespace mx::cuda
