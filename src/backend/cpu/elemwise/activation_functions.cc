// relu, sigmoid and tanh and their gradients from the output.
#include "backend/cpu/elemwise/loops.h"

namespace mx::cpu {
namespace {

const KernelBuilder k1 = flat_kernel("relu", unary_kernel<math::Relu>);
const KernelBuilder k2 = plain_kernel("sigmoid", unary_kernel<math::Sigmoid, 8>);
const KernelBuilder k3 = flat_kernel("tanh", unary_kernel<math::Tanh, 10>);
const KernelBuilder k4 = flat_kernel("_backward_relu", binary_kernel<math::ReluGradient>);
const KernelBuilder k5 = flat_kernel("_backward_sigmoid", binary_kernel<math::SigmoidGradient>);
const KernelBuilder k6 = flat_kernel("_backward_tanh", binary_kernel<math::TanhGradient>);

}  // namespace
}  // namespace mx::cpu
