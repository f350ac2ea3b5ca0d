#include "ops/optimizer/sgd.h"

#include "backend/cpu/optimizer/sgd_step.h"

namespace mx {
namespace {

using namespace optimizer;

template <bool mixed>
void sgd(const Params& params, KernelContext&, Inputs in, Outputs out) {
  const auto& p = params.as<SgdParam>();
  const SgdStep step{p.lr, p.wd, 0, p.rescale_grad, p.clip_gradient};
  visit_weight(in[0], in[1], mixed ? &in[2] : nullptr, out[0], "sgd_update",
               [&](const auto& weight, const auto* grad, auto) {
                 sgd_step(step, in[0].size(), weight, grad);
               });
}

template <bool mixed>
void sgd_mom(const Params& params, KernelContext&, Inputs in, Outputs out) {
  const auto& p = params.as<SgdMomentumParam>();
  const SgdStep step{p.lr, p.wd, p.momentum, p.rescale_grad, p.clip_gradient};
  visit_weight(in[0], in[1], mixed ? &in[3] : nullptr, out[0], "sgd_mom_update",
               [&]<typename S>(const auto& weight, const auto* grad, TypeTag<S>) {
                 sgd_momentum_step(step, in[0].size(), weight, grad, in[2].as<S>());
               });
}

template <bool mixed>
void nag(const Params& params, KernelContext&, Inputs in, Outputs out) {
  const auto& p = params.as<NagParam>();
  const SgdStep step{p.lr, p.wd, p.momentum, p.rescale_grad, p.clip_gradient};
  const bool in_place = mixed || in[0].data == out[0].data;
  visit_weight(in[0], in[1], mixed ? &in[3] : nullptr, out[0], "nag_mom_update",
               [&]<typename S>(const auto& weight, const auto* grad, TypeTag<S>) {
                 nag_step(step, in_place, in[0].size(), weight, grad, in[2].as<S>());
               });
}

const KernelBuilder k1 = KernelBuilder("sgd_update", "native").run(sgd<false>);
const KernelBuilder k2 = KernelBuilder("mp_sgd_update", "native").run(sgd<true>);
const KernelBuilder k3 = KernelBuilder("sgd_mom_update", "native").run(sgd_mom<false>);
const KernelBuilder k4 = KernelBuilder("mp_sgd_mom_update", "native").run(sgd_mom<true>);
const KernelBuilder k5 = KernelBuilder("nag_mom_update", "native").run(nag<false>);
const KernelBuilder k6 = KernelBuilder("mp_nag_mom_update", "native").run(nag<true>);

}  // namespace
}  // namespace mx
