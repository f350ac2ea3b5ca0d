#include "ops/optimizer/rmsprop.h"

#include "backend/cpu/optimizer/update.h"

namespace mx {
namespace {

using namespace optimizer;

/// The limit of the weights is one more clipping, with factor 1.
template <typename P, typename C>
struct Limits {
  ScaledGradient<C> gradient, weight;
  C rescale, wd;
  explicit Limits(const P& p)
      : gradient(1, p.clip_gradient),
        weight(1, p.clip_weights),
        rescale(p.rescale_grad),
        wd(p.wd) {}
  C operator()(C grad, C w) const { return gradient.clip(rescale * grad + wd * w); }
};

template <typename W, typename G, typename S>
void rmsprop_step(const RmspropParam& p, int64_t size, const W& weight, const G* grad, S* n) {
  using C = typename W::Compute;
  const Limits<RmspropParam, C> limits(p);
  const C lr = C(p.lr), decay = C(p.gamma1), rest = 1 - decay, epsilon = C(p.epsilon);
  for_each_element(size, [&](int64_t i) {
    const C w = weight.get(i), g = limits(static_cast<C>(grad[i]), w);
    const C mean = rest * (g * g) + decay * static_cast<C>(n[i]);
    n[i] = static_cast<S>(mean);
    weight.set(i, limits.weight.clip(w - lr * (g / std::sqrt(mean + epsilon))));
  });
}

template <typename W, typename G, typename S>
void alex_step(const RmspropAlexParam& p, int64_t size, const W& weight, const G* grad, S* n,
               S* average, S* delta) {
  using C = typename W::Compute;
  const Limits<RmspropAlexParam, C> limits(p);
  const C lr = C(p.lr), decay = C(p.gamma1), rest = 1 - decay, epsilon = C(p.epsilon);
  const C momentum = C(p.gamma2);
  for_each_element(size, [&](int64_t i) {
    const C w = weight.get(i), g = limits(static_cast<C>(grad[i]), w);
    const C square = rest * g * g + decay * static_cast<C>(n[i]);
    const C mean = rest * g + decay * static_cast<C>(average[i]);
    const C step =
        momentum * static_cast<C>(delta[i]) - lr * g / std::sqrt(square - mean * mean + epsilon);
    n[i] = static_cast<S>(square);
    average[i] = static_cast<S>(mean);
    delta[i] = static_cast<S>(step);
    weight.set(i, limits.weight.clip(w + step));
  });
}

void rmsprop(const Params& params, KernelContext&, Inputs in, Outputs out) {
  visit_weight(in[0], in[1], nullptr, out[0], "rmsprop_update",
               [&]<typename S>(const auto& weight, const auto* grad, TypeTag<S>) {
                 rmsprop_step(params.as<RmspropParam>(), out[0].size(), weight, grad,
                              in[2].as<S>());
               });
}

void rmspropalex(const Params& params, KernelContext&, Inputs in, Outputs out) {
  visit_weight(in[0], in[1], nullptr, out[0], "rmspropalex_update",
               [&]<typename S>(const auto& weight, const auto* grad, TypeTag<S>) {
                 alex_step(params.as<RmspropAlexParam>(), out[0].size(), weight, grad,
                           in[2].as<S>(), in[3].as<S>(), in[4].as<S>());
               });
}

const KernelBuilder k1 = KernelBuilder("rmsprop_update", "native").run(rmsprop);
const KernelBuilder k2 = KernelBuilder("rmspropalex_update", "native").run(rmspropalex);

}  // namespace
}  // namespace mx
