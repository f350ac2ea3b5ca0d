// Activation: the element-wise loops of elemwise/, chosen by act_type.
#include "ops/nn/activation/activation.h"

#include "backend/common/activation_math.h"
#include "backend/cpu/elemwise/loops.h"

namespace mx::cpu {
namespace {

KernelFn kernel_of(ActivationKind kind) {
  switch (kind) {
    case ActivationKind::kRelu:
      return unary_kernel<math::Relu>;
    case ActivationKind::kSigmoid:
      return unary_kernel<math::Sigmoid, 8>;
    case ActivationKind::kTanh:
      return unary_kernel<math::Tanh, 10>;
    case ActivationKind::kSoftrelu:
      return unary_kernel<math::Softrelu, 16>;
    default:
      return unary_kernel<math::SoftSign>;
  }
}

void activation(const Params& params, KernelContext& context, Inputs in, Outputs out) {
  kernel_of(params.as<ActivationParam>().act_type)(params, context, in, out);
}

/// Whether the zeros that fill up blocks of channels stay zeros.
bool keeps_zero(const Params& params) {
  const ActivationKind kind = params.as<ActivationParam>().act_type;
  return kind != ActivationKind::kSigmoid && kind != ActivationKind::kSoftrelu;
}

const char* refuse(const KernelQuery& query) {
  if (query.in[0].layout != query.out[0].layout) return "works on tensors of one layout";
  if (query.in[0].layout != Layout::kPlain && !keeps_zero(query.params))
    return "would change the padding of blocked layouts";
  return nullptr;
}

LayoutChoice choose_layouts(const KernelQuery& query) {
  const Layout layout = keeps_zero(query.params) ? query.in[0].layout : Layout::kPlain;
  return {{layout}, {layout}};
}

const KernelBuilder k1 = KernelBuilder("Activation", "native")
                             .run(activation)
                             .refuse(refuse)
                             .choose_layouts(choose_layouts);

}  // namespace
}  // namespace mx::cpu
