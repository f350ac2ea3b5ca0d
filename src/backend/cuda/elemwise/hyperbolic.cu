// Hyperbolic functions and their inverses; tanh is with the activation functions.
#include "backend/cuda/elemwise/loops.cuh"

namespace mx::cuda {
namespace {

const GpuKernel k1 = native("sinh", unary_kernel<math::Sinh>);
const GpuKernel k2 = native("cosh", unary_kernel<math::Cosh>);
const GpuKernel k3 = native("arcsinh", unary_kernel<math::ArcSinh>);
const GpuKernel k4 = native("arccosh", unary_kernel<math::ArcCosh>);
const GpuKernel k5 = native("arctanh", unary_kernel<math::ArcTanh>);

}  // namespace
}  // namespace mx::cuda
