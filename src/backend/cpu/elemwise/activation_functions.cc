// Activation functions, and the gradients of relu, sigmoid and tanh from the output.
#include "ops/elemwise/activation_functions.h"

#include "backend/cpu/elemwise/loops.h"

namespace mx::cpu {
namespace {

void hard_sigmoid(const Params& params, KernelContext&, Inputs in, Outputs out) {
  static constexpr LoopTable<UnaryLoop> loops = unary_loops<math::HardSigmoid>();
  const auto& p = params.as<HardSigmoidParam>();
  const math::HardSigmoid f{{}, p.alpha, p.beta};
  map_unary(loops, &f, in[0], out[0], 0.5);
}

void smooth_l1(const Params& params, KernelContext&, Inputs in, Outputs out) {
  static constexpr LoopTable<UnaryLoop> loops = unary_loops<math::SmoothL1>();
  const double scalar = params.as<SmoothL1Param>().scalar;
  const math::SmoothL1 f{{}, scalar * scalar};
  map_unary(loops, &f, in[0], out[0], 0.5);
}

const KernelBuilder k1 = flat_kernel("relu", unary_kernel<math::Relu>);
const KernelBuilder k2 = plain_kernel("sigmoid", unary_kernel<math::Sigmoid, 8>);
const KernelBuilder k3 = flat_kernel("tanh", unary_kernel<math::Tanh, 10>);
const KernelBuilder k4 = flat_kernel("_backward_relu", binary_kernel<math::ReluGradient>);
const KernelBuilder k5 = flat_kernel("_backward_sigmoid", binary_kernel<math::SigmoidGradient>);
const KernelBuilder k6 = flat_kernel("_backward_tanh", binary_kernel<math::TanhGradient>);
const KernelBuilder k7 = flat_kernel("softsign", unary_kernel<math::SoftSign, 5>);
const KernelBuilder k8 = plain_kernel("hard_sigmoid", hard_sigmoid);
const KernelBuilder k9 = flat_kernel("smooth_l1", smooth_l1);

}  // namespace
}  // namespace mx::cpu
