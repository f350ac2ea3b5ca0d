// Activation: the element-wise kernels, chosen by act_type.
#include "backend/common/activation_math.h"
#include "backend/cuda/elemwise/loops.cuh"
#include "ops/nn/activation/activation.h"

namespace mx::cuda {
namespace {

KernelFn kernel_of(ActivationKind kind) {
  switch (kind) {
    case ActivationKind::kRelu:
      return unary_kernel<math::Relu>;
    case ActivationKind::kSigmoid:
      return unary_kernel<math::Sigmoid>;
    case ActivationKind::kTanh:
      return unary_kernel<math::Tanh>;
    case ActivationKind::kSoftrelu:
      return unary_kernel<math::Softrelu>;
    default:
      return unary_kernel<math::SoftSign>;
  }
}

void activation(const Params& params, KernelContext& context, Inputs in, Outputs out) {
  kernel_of(params.as<ActivationParam>().act_type)(params, context, in, out);
}

const GpuKernel k1 = native("Activation", activation);

}  // namespace
}  // namespace mx::cuda
