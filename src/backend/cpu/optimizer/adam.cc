#include "ops/optimizer/adam.h"

#include <cstring>

#include "backend/cpu/optimizer/update.h"

namespace mx {
namespace {

using namespace optimizer;

template <typename W, typename G, typename S>
void adam_step(const AdamParam& p, int64_t size, const W& weight, const G* grad, S* mean, S* var) {
  apply_rule(AdamRule<typename W::Compute>(p), size, weight, grad, mean, var);
}

struct AdamWStep {
  float lr, beta1, beta2, epsilon, wd, eta, clip_gradient, rescale_grad;
};

/// The operators for several weights (`several`) round the means differently.
template <bool several, typename W, typename G, typename S>
void adamw_step(const AdamWStep& p, int64_t size, const W& weight, const G* grad, S* mean, S* var) {
  using C = typename W::Compute;
  const ScaledGradient<C> scaled(p.rescale_grad, p.clip_gradient);
  const C lr = C(p.lr), wd = C(p.wd), eta = C(p.eta), epsilon = C(p.epsilon);
  const C beta1 = C(p.beta1), beta2 = C(p.beta2), rest1 = 1 - beta1, rest2 = 1 - beta2;
  for_each_element(size, [&](int64_t i) {
    const C w = weight.get(i), g = scaled(static_cast<C>(grad[i])), square = g * g;
    const C m0 = static_cast<C>(mean[i]), v0 = static_cast<C>(var[i]);
    const C m = several ? beta1 * (m0 - g) + g : beta1 * m0 + rest1 * g;
    const C v = several ? beta2 * (v0 - square) + square : beta2 * v0 + rest2 * square;
    mean[i] = static_cast<S>(m);
    var[i] = static_cast<S>(v);
    weight.set(i, w - eta * (lr * m / (std::sqrt(v) + epsilon) + wd * w));
  });
}

/// The factor of the gradient; 0 when it says that the gradients overflowed.
float factor_of(const Tensor& rescale_grad, const char* op) {
  const float factor = visit_floating(rescale_grad.dtype, op, [&]<typename T>(TypeTag<T>) {
    return rescale_grad.size() > 0 ? static_cast<float>(rescale_grad.as<T>()[0]) : 0.0f;
  });
  return std::isfinite(factor) ? factor : 0.0f;
}

/// One group: weight, grad, mean, var and with `mixed` weight32.
template <bool mixed, bool several>
void adamw_group(const AdamWStep& step, Inputs g, const Tensor& out, const char* op) {
  if (step.rescale_grad == 0) {
    if (g[0].data != out.data)
      std::memcpy(out.data, g[0].data, static_cast<size_t>(out.size() * dtype_size(out.dtype)));
    return;
  }
  visit_weight(g[0], g[1], mixed ? &g[4] : nullptr, out, op,
               [&]<typename S>(const auto& weight, const auto* grad, TypeTag<S>) {
                 adamw_step<several>(step, out.size(), weight, grad, g[2].as<S>(), g[3].as<S>());
               });
}

void adam(const Params& params, KernelContext&, Inputs in, Outputs out) {
  const auto& p = params.as<AdamParam>();
  visit_weight(in[0], in[1], nullptr, out[0], "adam_update",
               [&]<typename S>(const auto& weight, const auto* grad, TypeTag<S>) {
                 adam_step(p, out[0].size(), weight, grad, in[2].as<S>(), in[3].as<S>());
               });
}

template <bool mixed>
void adamw(const Params& params, KernelContext&, Inputs in, Outputs out) {
  const auto& p = params.as<AdamWParam>();
  const AdamWStep step{p.lr, p.beta1, p.beta2,         p.epsilon,
                       p.wd, p.eta,   p.clip_gradient, factor_of(in.back(), "_adamw_update")};
  adamw_group<mixed, false>(step, in, out[0], "_adamw_update");
}

template <bool mixed>
void multi_adamw(const Params& params, KernelContext&, Inputs in, Outputs out) {
  const auto& p = params.as<MultiAdamWParam>();
  constexpr size_t group = mixed ? 5 : 4;
  const float factor = factor_of(in.back(), "_multi_adamw_update");
  for (size_t o = 0; o < out.size(); ++o) {
    const AdamWStep step{static_cast<float>(p.lrs[o]),
                         p.beta1,
                         p.beta2,
                         p.epsilon,
                         static_cast<float>(p.wds[o]),
                         static_cast<float>(p.etas[o]),
                         p.clip_gradient,
                         factor};
    adamw_group<mixed, true>(step, in.subspan(o * group, group), out[o], "_multi_adamw_update");
  }
}

const KernelBuilder k1 = KernelBuilder("adam_update", "native").run(adam);
const KernelBuilder k2 = KernelBuilder("_adamw_update", "native").run(adamw<false>);
const KernelBuilder k3 = KernelBuilder("_mp_adamw_update", "native").run(adamw<true>);
const KernelBuilder k4 = KernelBuilder("_multi_adamw_update", "native").run(multi_adamw<false>);
const KernelBuilder k5 = KernelBuilder("_multi_mp_adamw_update", "native").run(multi_adamw<true>);

}  // namespace
}  // namespace mx
