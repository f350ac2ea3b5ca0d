#include "ops/optimizer/signum.h"

#include "backend/cpu/optimizer/update.h"

namespace mx {
namespace {

using namespace optimizer;

template <typename W, typename G>
void signsgd_step(const SignSgdParam& p, int64_t size, const W& weight, const G* grad) {
  using C = typename W::Compute;
  const C lr = C(p.lr), keep = 1 - lr * C(p.wd);
  for_each_element(size, [&](int64_t i) {
    weight.set(i, keep * weight.get(i) - lr * sign_of(static_cast<C>(grad[i])));
  });
}

template <typename W, typename G, typename S>
void signum_step(const SignumParam& p, int64_t size, const W& weight, const G* grad, S* mom) {
  using C = typename W::Compute;
  const ScaledGradient<C> scaled(p.rescale_grad, p.clip_gradient);
  const C lr = C(p.lr), keep = 1 - lr * C(p.wd_lh), momentum = C(p.momentum), rest = 1 - momentum;
  const C decay = rest * C(p.wd);
  for_each_element(size, [&](int64_t i) {
    const C w = weight.get(i);
    const C next =
        momentum * static_cast<C>(mom[i]) - decay * w - rest * scaled(static_cast<C>(grad[i]));
    mom[i] = static_cast<S>(next);
    weight.set(i, keep * w + lr * sign_of(next));
  });
}

void signsgd(const Params& params, KernelContext&, Inputs in, Outputs out) {
  visit_weight(in[0], in[1], nullptr, out[0], "signsgd_update",
               [&](const auto& weight, const auto* grad, auto) {
                 signsgd_step(params.as<SignSgdParam>(), out[0].size(), weight, grad);
               });
}

void signum(const Params& params, KernelContext&, Inputs in, Outputs out) {
  visit_weight(in[0], in[1], nullptr, out[0], "signum_update",
               [&]<typename S>(const auto& weight, const auto* grad, TypeTag<S>) {
                 signum_step(params.as<SignumParam>(), out[0].size(), weight, grad, in[2].as<S>());
               });
}

const KernelBuilder k1 = KernelBuilder("signsgd_update", "native").run(signsgd);
const KernelBuilder k2 = KernelBuilder("signum_update", "native").run(signum);

}  // namespace
}  // namespace mx
