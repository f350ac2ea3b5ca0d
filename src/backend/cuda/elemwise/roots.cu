// Square, roots and their reciprocals.
#include "backend/cuda/elemwise/loops.cuh"

namespace mx::cuda {
namespace {

const GpuKernel k1 = native("square", unary_kernel<math::Square>);
const GpuKernel k2 = native("sqrt", unary_kernel<math::Sqrt>);
const GpuKernel k3 = native("rsqrt", unary_kernel<math::ReciprocalSqrt>);
const GpuKernel k4 = native("cbrt", unary_kernel<math::CubeRoot>);
const GpuKernel k5 = native("rcbrt", unary_kernel<math::ReciprocalCubeRoot>);
const GpuKernel k6 = native("reciprocal", unary_kernel<math::Reciprocal>);

}  // namespace
}  // namespace mx::cuda
