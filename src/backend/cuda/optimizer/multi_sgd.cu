// SGD on several weights, one after the other on the stream. Learning rates that are arrays on the
// device are not taken: reading them would make the host wait.
#include "backend/cuda/optimizer/update.cuh"
#include "ops/optimizer/multi_sgd.h"

namespace mx::cuda {
namespace {

using namespace optimizer;

template <typename P, bool mixed>
void multi_sgd(const Params& params, KernelContext& context, Inputs in, Outputs out) {
  const auto& p = params.as<P>();
  constexpr bool has_momentum = requires { p.momentum; };
  constexpr size_t group = 2 + has_momentum + mixed;
  for (size_t o = 0; o < out.size(); ++o) {
    SgdStep step{static_cast<float>(p.lrs[o]), static_cast<float>(p.wds[o]), 0, p.rescale_grad,
                 p.clip_gradient};
    if constexpr (has_momentum) step.momentum = p.momentum;
    update(context, in.subspan(o * group, group), out[o], mixed, [&]<typename C>(TypeTag<C>) {
      if constexpr (has_momentum)
        return MomentumRule<C>(step);
      else
        return MultiSgdRule<C>(step);
    });
  }
}

using Plain = MultiSgdParam;
using Momentum = MultiSgdMomentumParam;

const GpuKernel k1 = GpuKernel("multi_sgd_update", "native").run(multi_sgd<Plain, false>);
const GpuKernel k2 = GpuKernel("multi_sgd_mom_update", "native").run(multi_sgd<Momentum, false>);
const GpuKernel k3 = GpuKernel("multi_mp_sgd_update", "native").run(multi_sgd<Plain, true>);
const GpuKernel k4 = GpuKernel("multi_mp_sgd_mom_update", "native").run(multi_sgd<Momentum, true>);

}  // namespace
}  // namespace mx::cuda
