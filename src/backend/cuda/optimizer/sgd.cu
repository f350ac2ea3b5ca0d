#include "backend/cuda/optimizer/update.cuh"
#include "ops/optimizer/sgd.h"

namespace mx::cuda {
namespace {

using namespace optimizer;

template <bool mixed>
void sgd(const Params& params, KernelContext& context, Inputs in, Outputs out) {
  const auto& p = params.as<SgdParam>();
  const SgdStep step{p.lr, p.wd, 0, p.rescale_grad, p.clip_gradient};
  update(context, in, out[0], mixed, [&]<typename C>(TypeTag<C>) { return SgdRule<C>(step); });
}

template <bool mixed>
void sgd_mom(const Params& params, KernelContext& context, Inputs in, Outputs out) {
  const auto& p = params.as<SgdMomentumParam>();
  const SgdStep step{p.lr, p.wd, p.momentum, p.rescale_grad, p.clip_gradient};
  update(context, in, out[0], mixed, [&]<typename C>(TypeTag<C>) { return MomentumRule<C>(step); });
}

template <bool mixed>
void nag(const Params& params, KernelContext& context, Inputs in, Outputs out) {
  const auto& p = params.as<NagParam>();
  const SgdStep step{p.lr, p.wd, p.momentum, p.rescale_grad, p.clip_gradient};
  const bool in_place = mixed || in[0].data == out[0].data;
  update(context, in, out[0], mixed,
         [&]<typename C>(TypeTag<C>) { return NagRule<C>(step, in_place); });
}

const GpuKernel k1 = GpuKernel("sgd_update", "native").run(sgd<false>);
const GpuKernel k2 = GpuKernel("mp_sgd_update", "native").run(sgd<true>);
const GpuKernel k3 = GpuKernel("sgd_mom_update", "native").run(sgd_mom<false>);
const GpuKernel k4 = GpuKernel("mp_sgd_mom_update", "native").run(sgd_mom<true>);
const GpuKernel k5 = GpuKernel("nag_mom_update", "native").run(nag<false>);
const GpuKernel k6 = GpuKernel("mp_nag_mom_update", "native").run(nag<true>);

}  // namespace
}  // namespace mx::cuda
