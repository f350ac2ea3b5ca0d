// Sign and absolute value.
#include "backend/cuda/elemwise/loops.cuh"

namespace mx::cuda {
namespace {

const GpuKernel k1 = native("sign", unary_kernel<math::Sign>);
const GpuKernel k2 = native("abs", unary_kernel<math::Abs>);

}  // namespace
}  // namespace mx::cuda
