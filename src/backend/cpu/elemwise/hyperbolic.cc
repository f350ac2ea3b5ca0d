// Hyperbolic functions and their inverses; tanh is with the activation functions.
#include "backend/cpu/elemwise/loops.h"

namespace mx::cpu {
namespace {

const KernelBuilder k1 = flat_kernel("sinh", unary_kernel<math::Sinh, 150>);
const KernelBuilder k2 = plain_kernel("cosh", unary_kernel<math::Cosh, 150>);
const KernelBuilder k3 = flat_kernel("arcsinh", unary_kernel<math::ArcSinh, 150>);
const KernelBuilder k4 = plain_kernel("arccosh", unary_kernel<math::ArcCosh, 150>);
const KernelBuilder k5 = flat_kernel("arctanh", unary_kernel<math::ArcTanh, 150>);

}  // namespace
}  // namespace mx::cpu
