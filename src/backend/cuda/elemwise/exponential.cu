// Exponentials and logarithms.
#include "backend/cuda/elemwise/loops.cuh"

namespace mx::cuda {
namespace {

const GpuKernel k1 = native("exp", unary_kernel<math::Exp>);
const GpuKernel k2 = native("expm1", unary_kernel<math::Expm1>);
const GpuKernel k3 = native("log", unary_kernel<math::Log>);
const GpuKernel k4 = native("log10", unary_kernel<math::Log10>);
const GpuKernel k5 = native("log2", unary_kernel<math::Log2>);
const GpuKernel k6 = native("log1p", unary_kernel<math::Log1p>);

}  // namespace
}  // namespace mx::cuda
