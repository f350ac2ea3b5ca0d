// Activations of one number and the gradients that are computed from their outputs.
#include "backend/common/elemwise/activation_functions.h"
#include "backend/cuda/elemwise/rows.cuh"
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

const RowKernels kernels(math::kActivationFunctions);
const GpuKernel k1 = native("hard_sigmoid", hard_sigmoid);
const GpuKernel k2 = native("smooth_l1", smooth_l1);

}  // namespace
}  // namespace mx::cuda
