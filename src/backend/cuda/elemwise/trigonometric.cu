// Trigonometric functions, their inverses, and angles.
#include "backend/cuda/elemwise/loops.cuh"

namespace mx::cuda {
namespace {

const GpuKernel k1 = native("sin", unary_kernel<math::Sin>);
const GpuKernel k2 = native("cos", unary_kernel<math::Cos>);
const GpuKernel k3 = native("tan", unary_kernel<math::Tan>);
const GpuKernel k4 = native("arcsin", unary_kernel<math::ArcSin>);
const GpuKernel k5 = native("arccos", unary_kernel<math::ArcCos>);
const GpuKernel k6 = native("arctan", unary_kernel<math::ArcTan>);
const GpuKernel k7 = native("degrees", unary_kernel<math::Degrees>);
const GpuKernel k8 = native("radians", unary_kernel<math::Radians>);

}  // namespace
}  // namespace mx::cuda
