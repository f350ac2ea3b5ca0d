#include "ops/optimizer/ftrl.h"

#include "backend/cpu/optimizer/update.h"

namespace mx {
namespace {

using namespace optimizer;

template <typename W, typename G, typename S>
void ftrl_step(const FtrlParam& p, int64_t size, const W& weight, const G* grad, S* z, S* n) {
  apply_rule(FtrlRule<typename W::Compute>(p), size, weight, grad, z, n);
}

template <typename W, typename G, typename S>
void ftml_step(const FtmlParam& p, int64_t size, const W& weight, const G* grad, S* d, S* v, S* z) {
  using C = typename W::Compute;
  const ScaledGradient<C> limits(1, p.clip_grad);
  const C lr = C(p.lr), wd = C(p.wd), rescale = C(p.rescale_grad), epsilon = C(p.epsilon);
  const C beta1 = C(p.beta1), beta2 = C(p.beta2), rest1 = 1 - beta1, rest2 = 1 - beta2;
  const C time = static_cast<C>(p.t);
  const C rate = (1 - std::pow(beta1, time)) / lr, correction = 1 - std::pow(beta2, time);
  for_each_element(size, [&](int64_t i) {
    const C w = weight.get(i), g = limits.clip(rescale * static_cast<C>(grad[i]) + wd * w);
    const C square = beta2 * static_cast<C>(v[i]) + rest2 * (g * g);
    const C scale = rate * (std::sqrt(square / correction) + epsilon);
    const C change = scale - beta1 * static_cast<C>(d[i]);
    const C sum = beta1 * static_cast<C>(z[i]) + rest1 * g - change * w;
    v[i] = static_cast<S>(square);
    d[i] = static_cast<S>(scale);
    z[i] = static_cast<S>(sum);
    weight.set(i, -sum / scale);
  });
}

void ftrl(const Params& params, KernelContext&, Inputs in, Outputs out) {
  visit_weight(in[0], in[1], nullptr, out[0], "ftrl_update",
               [&]<typename S>(const auto& weight, const auto* grad, TypeTag<S>) {
                 ftrl_step(params.as<FtrlParam>(), out[0].size(), weight, grad, in[2].as<S>(),
                           in[3].as<S>());
               });
}

void ftml(const Params& params, KernelContext&, Inputs in, Outputs out) {
  visit_weight(in[0], in[1], nullptr, out[0], "ftml_update",
               [&]<typename S>(const auto& weight, const auto* grad, TypeTag<S>) {
                 ftml_step(params.as<FtmlParam>(), out[0].size(), weight, grad, in[2].as<S>(),
                           in[3].as<S>(), in[4].as<S>());
               });
}

const KernelBuilder k1 = KernelBuilder("ftrl_update", "native").run(ftrl);
const KernelBuilder k2 = KernelBuilder("ftml_update", "native").run(ftml);

}  // namespace
}  // namespace mx
