#include "ops/optimizer/multi_sgd.h"

#include "backend/cpu/optimizer/sgd_step.h"

namespace mx {
namespace {

using namespace optimizer;

float element(const Tensor& tensor, size_t i) {
  return visit_floating(tensor.dtype, "multi_sgd_update", [&]<typename T>(TypeTag<T>) {
    return static_cast<float>(tensor.as<T>()[i]);
  });
}

/// Learning rate and weight decay of weight `i`: parameters, or the two arrays behind the groups.
template <typename P>
SgdStep step_of(const P& p, Inputs in, size_t i) {
  SgdStep step{0, 0, 0, p.rescale_grad, p.clip_gradient};
  if constexpr (requires { p.momentum; }) step.momentum = p.momentum;
  if constexpr (requires { p.lrs; }) {
    step.lr = static_cast<float>(p.lrs[i]);
    step.wd = static_cast<float>(p.wds[i]);
  } else {
    step.lr = element(in[in.size() - 2], i);
    step.wd = element(in[in.size() - 1], i);
  }
  return step;
}

template <typename P, bool mixed>
void multi_sgd(const Params& params, KernelContext&, Inputs in, Outputs out) {
  const auto& p = params.as<P>();
  constexpr bool has_momentum = requires { p.momentum; };
  constexpr size_t group = 2 + has_momentum + mixed;
  for (size_t o = 0; o < out.size(); ++o) {
    const Inputs g = in.subspan(o * group, group);
    const SgdStep step = step_of(p, in, o);
    visit_weight(g[0], g[1], mixed ? &g[group - 1] : nullptr, out[o], "multi_sgd_update",
                 [&]<typename S>(const auto& weight, const auto* grad, TypeTag<S>) {
                   if constexpr (has_momentum)
                     sgd_momentum_step(step, g[0].size(), weight, grad, g[2].as<S>());
                   else
                     multi_sgd_step(step, g[0].size(), weight, grad);
                 });
  }
}

using Plain = MultiSgdParam;
using Momentum = MultiSgdMomentumParam;
using PreloadedPlain = PreloadedMultiSgdParam;
using PreloadedMomentum = PreloadedMultiSgdMomentumParam;

const KernelBuilder k1 = KernelBuilder("multi_sgd_update", "native").run(multi_sgd<Plain, false>);
const KernelBuilder k2 =
    KernelBuilder("multi_sgd_mom_update", "native").run(multi_sgd<Momentum, false>);
const KernelBuilder k3 = KernelBuilder("multi_mp_sgd_update", "native").run(multi_sgd<Plain, true>);
const KernelBuilder k4 =
    KernelBuilder("multi_mp_sgd_mom_update", "native").run(multi_sgd<Momentum, true>);
const KernelBuilder k5 =
    KernelBuilder("preloaded_multi_sgd_update", "native").run(multi_sgd<PreloadedPlain, false>);
const KernelBuilder k6 = KernelBuilder("preloaded_multi_sgd_mom_update", "native")
                             .run(multi_sgd<PreloadedMomentum, false>);
const KernelBuilder k7 =
    KernelBuilder("preloaded_multi_mp_sgd_update", "native").run(multi_sgd<PreloadedPlain, true>);
const KernelBuilder k8 = KernelBuilder("preloaded_multi_mp_sgd_mom_update", "native")
                             .run(multi_sgd<PreloadedMomentum, true>);

}  // namespace
}  // namespace mx
