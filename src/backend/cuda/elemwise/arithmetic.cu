// Sum, difference, product and quotient.
#include "backend/cuda/elemwise/loops.cuh"

namespace mx::cuda {
namespace {

using math::Add, math::Subtract, math::Multiply, math::Divide, math::Negative;

const GpuKernel k1 = native("elemwise_add", binary_kernel<Add>);
const GpuKernel k2 = native("_grad_add", binary_kernel<Add>);
const GpuKernel k3 = native("elemwise_sub", binary_kernel<Subtract>);
const GpuKernel k4 = native("elemwise_mul", binary_kernel<Multiply>);
const GpuKernel k5 = native("elemwise_div", binary_kernel<Divide>);
const GpuKernel k6 = native("broadcast_add", binary_kernel<Add>);
const GpuKernel k7 = native("broadcast_sub", binary_kernel<Subtract>);
const GpuKernel k8 = native("broadcast_mul", binary_kernel<Multiply>);
const GpuKernel k9 = native("broadcast_div", binary_kernel<Divide>);
const GpuKernel k10 = native("_plus_scalar", scalar_kernel<Add>);
const GpuKernel k11 = native("_minus_scalar", scalar_kernel<Subtract>);
const GpuKernel k12 = native("_rminus_scalar", scalar_kernel<Subtract, true>);
const GpuKernel k13 = native("_mul_scalar", scalar_kernel<Multiply>);
const GpuKernel k14 = native("_div_scalar", scalar_kernel<Divide>);
const GpuKernel k15 = native("_rdiv_scalar", scalar_kernel<Divide, true>);
const GpuKernel k16 = native("negative", unary_kernel<Negative>);

}  // namespace
}  // namespace mx::cuda
