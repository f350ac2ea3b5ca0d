// Logic on numbers: zero is false. Results are 1 and 0; gradients are zero.
#include "backend/cuda/elemwise/loops.cuh"

namespace mx::cuda {
namespace {

const GpuKernel k1 = native("_logical_and", binary_kernel<math::LogicalAnd>);
const GpuKernel k2 = native("broadcast_logical_and", binary_kernel<math::LogicalAnd>);
const GpuKernel k3 = native("_logical_and_scalar", scalar_kernel<math::LogicalAnd>);
const GpuKernel k4 = native("_logical_or", binary_kernel<math::LogicalOr>);
const GpuKernel k5 = native("broadcast_logical_or", binary_kernel<math::LogicalOr>);
const GpuKernel k6 = native("_logical_or_scalar", scalar_kernel<math::LogicalOr>);
const GpuKernel k7 = native("_logical_xor", binary_kernel<math::LogicalXor>);
const GpuKernel k8 = native("broadcast_logical_xor", binary_kernel<math::LogicalXor>);
const GpuKernel k9 = native("_logical_xor_scalar", scalar_kernel<math::LogicalXor>);
const GpuKernel k10 = native("logical_not", unary_kernel<math::LogicalNot>);

}  // namespace
}  // namespace mx::cuda
