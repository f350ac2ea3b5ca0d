#pragma once
#include "backend/cpu/optimizer/update.h"

namespace mx::optimizer {

struct SgdStep {
  float lr, wd, momentum, rescale_grad, clip_gradient;
};

template <typename W, typename G>
void sgd_step(const SgdStep& p, int64_t size, const W& weight, const G* grad) {
  using C = typename W::Compute;
  const ScaledGradient<C> scaled(p.rescale_grad, p.clip_gradient);
  const C lr = static_cast<C>(p.lr), keep = 1 - lr * static_cast<C>(p.wd);
  for_each_element(size, [&](int64_t i) {
    weight.set(i, keep * weight.get(i) - lr * scaled(static_cast<C>(grad[i])));
  });
}

/// The operators for several weights sum in another order.
template <typename W, typename G>
void multi_sgd_step(const SgdStep& p, int64_t size, const W& weight, const G* grad) {
  using C = typename W::Compute;
  const ScaledGradient<C> scaled(p.rescale_grad, p.clip_gradient);
  const C lr = static_cast<C>(p.lr), decay = lr * static_cast<C>(p.wd);
  for_each_element(size, [&](int64_t i) {
    const C w = weight.get(i);
    weight.set(i, w - (lr * scaled(static_cast<C>(grad[i])) + decay * w));
  });
}

template <typename W, typename G, typename S>
void sgd_momentum_step(const SgdStep& p, int64_t size, const W& weight, const G* grad, S* mom) {
  using C = typename W::Compute;
  const ScaledGradient<C> scaled(p.rescale_grad, p.clip_gradient);
  const C lr = static_cast<C>(p.lr), momentum = static_cast<C>(p.momentum);
  const C decay = lr * static_cast<C>(p.wd);
  for_each_element(size, [&](int64_t i) {
    const C w = weight.get(i);
    const C step =
        momentum * static_cast<C>(mom[i]) - decay * w - lr * scaled(static_cast<C>(grad[i]));
    mom[i] = static_cast<S>(step);
    weight.set(i, w + step);
  });
}

/// The decay of the step that is kept uses the weight after the update when that is done in place,
/// as it always is by an optimizer.
template <typename W, typename G, typename S>
void nag_step(const SgdStep& p, bool in_place, int64_t size, const W& weight, const G* grad,
              S* mom) {
  using C = typename W::Compute;
  const ScaledGradient<C> scaled(p.rescale_grad, p.clip_gradient);
  const C lr = static_cast<C>(p.lr), momentum = static_cast<C>(p.momentum);
  const C wd = static_cast<C>(p.wd), ahead = momentum + 1;
  for_each_element(size, [&](int64_t i) {
    const C w = weight.get(i), g = scaled(static_cast<C>(grad[i]));
    const C kept = momentum * static_cast<C>(mom[i]);
    const C next = w - kept + ahead * (kept - lr * (g + wd * w));
    mom[i] = static_cast<S>(kept - lr * (g + wd * (in_place ? next : w)));
    weight.set(i, next);
  });
}

}  // namespace mx::optimizer
