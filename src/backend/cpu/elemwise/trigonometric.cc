// Trigonometric functions, their inverses, and angles.
#include "backend/cpu/elemwise/loops.h"

namespace mx::cpu {
namespace {

const KernelBuilder k1 = flat_kernel("sin", unary_kernel<math::Sin, 100>);
const KernelBuilder k2 = plain_kernel("cos", unary_kernel<math::Cos, 100>);
const KernelBuilder k3 = flat_kernel("tan", unary_kernel<math::Tan, 150>);
const KernelBuilder k4 = flat_kernel("arcsin", unary_kernel<math::ArcSin, 100>);
const KernelBuilder k5 = plain_kernel("arccos", unary_kernel<math::ArcCos, 100>);
const KernelBuilder k6 = flat_kernel("arctan", unary_kernel<math::ArcTan, 100>);
const KernelBuilder k7 = flat_kernel("degrees", unary_kernel<math::Degrees>);
const KernelBuilder k8 = flat_kernel("radians", unary_kernel<math::Radians>);

}  // namespace
}  // namespace mx::cpu
