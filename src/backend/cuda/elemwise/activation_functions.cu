// Activations of one number and the gradients that are computed from their outputs.
#include "backend/cuda/elemwise/loops.cuh"
#include "ops/elemwise/activation_functions.h"

namespace mx::cuda {
namespace {

void hard_sigmoid(const Params& params, KernelContext& context, Inputs in, Outputs out) {
  const auto& p = params.as<HardSigmoidParam>();
  map_unary(context, math::HardSigmoid{{}, p.alpha, p.beta}, in[0], out[0]);
}

void smooth_l1(const Params& params, KernelContext& context, Inputs in, Outputs out) {
  const double scalar = params.as<SmoothL1Param>().scalar;
  map_unary(context, math::SmoothL1{{}, scalar * scalar}, in[0], out[0]);
}

const GpuKernel k1 = native("relu", unary_kernel<math::Relu>);
const GpuKernel k2 = native("sigmoid", unary_kernel<math::Sigmoid>);
const GpuKernel k3 = native("tanh", unary_kernel<math::Tanh>);
const GpuKernel k4 = native("_backward_relu", binary_kernel<math::ReluGradient>);
const GpuKernel k5 = native("_backward_sigmoid", binary_kernel<math::SigmoidGradient>);
const GpuKernel k6 = native("_backward_tanh", binary_kernel<math::TanhGradient>);
const GpuKernel k7 = native("softsign", unary_kernel<math::SoftSign>);
const GpuKernel k8 = native("hard_sigmoid", hard_sigmoid);
const GpuKernel k9 = native("smooth_l1", smooth_l1);

}  // namespace
}  // namespace mx::cuda
