#include "backend/cuda/optimizer/update.cuh"
#include "ops/optimizer/adam.h"

namespace mx::cuda {
namespace {

void adam(const Params& params, KernelContext& context, Inputs in, Outputs out) {
  const auto& p = params.as<AdamParam>();
  update(context, in, out[0], false,
         [&]<typename C>(TypeTag<C>) { return optimizer::AdamRule<C>(p); });
}

const GpuKernel k1 = GpuKernel("adam_update", "native").run(adam);

}  // namespace
}  // namespace mx::cuda
