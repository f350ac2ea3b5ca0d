// Comparisons give 1 and 0 in the dtype of their operands; gradients are zero.
#include "backend/cuda/elemwise/loops.cuh"

namespace mx::cuda {
namespace {

const GpuKernel k1 = native("_equal", binary_kernel<math::Equal>);
const GpuKernel k2 = native("broadcast_equal", binary_kernel<math::Equal>);
const GpuKernel k3 = native("_equal_scalar", scalar_kernel<math::Equal>);
const GpuKernel k4 = native("_not_equal", binary_kernel<math::NotEqual>);
const GpuKernel k5 = native("broadcast_not_equal", binary_kernel<math::NotEqual>);
const GpuKernel k6 = native("_not_equal_scalar", scalar_kernel<math::NotEqual>);
const GpuKernel k7 = native("_lesser", binary_kernel<math::Lesser>);
const GpuKernel k8 = native("broadcast_lesser", binary_kernel<math::Lesser>);
const GpuKernel k9 = native("_lesser_scalar", scalar_kernel<math::Lesser>);
const GpuKernel k10 = native("_lesser_equal", binary_kernel<math::LesserEqual>);
const GpuKernel k11 = native("broadcast_lesser_equal", binary_kernel<math::LesserEqual>);
const GpuKernel k12 = native("_lesser_equal_scalar", scalar_kernel<math::LesserEqual>);
const GpuKernel k13 = native("_greater", binary_kernel<math::Greater>);
const GpuKernel k14 = native("broadcast_greater", binary_kernel<math::Greater>);
const GpuKernel k15 = native("_greater_scalar", scalar_kernel<math::Greater>);
const GpuKernel k16 = native("_greater_equal", binary_kernel<math::GreaterEqual>);
const GpuKernel k17 = native("broadcast_greater_equal", binary_kernel<math::GreaterEqual>);
const GpuKernel k18 = native("_greater_equal_scalar", scalar_kernel<math::GreaterEqual>);

}  // namespace
}  // namespace mx::cuda
