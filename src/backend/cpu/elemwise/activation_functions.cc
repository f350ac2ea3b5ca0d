// Activation functions, and the gradients of relu, sigmoid and tanh from the output.
#include "ops/elemwise/activation_functions.h"

#include "backend/common/elemwise/activation_functions.h"
#include "backend/cpu/elemwise/rows.h"

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

const RowKernels kernels(math::kActivationFunctions);
const KernelBuilder k1 = plain_kernel("hard_sigmoid", hard_sigmoid);
const KernelBuilder k2 = flat_kernel("smooth_l1", smooth_l1);

}  // namespace
}  // namespace mx::cpu
