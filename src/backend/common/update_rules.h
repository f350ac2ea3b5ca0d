#pragma once
// The steps of the optimizers' update operators for one element, once for CPU loops and CUDA
// kernels. C is the type of the computation. The order of operations is that of MXNet 1.9.1, so
// that results agree bit for bit where multiplications and additions are not fused.
#include <algorithm>
#include <cmath>
#include <limits>

#include "base/float16.h"

namespace mx::optimizer {

/// The gradient times its factor, within the limit unless that is negative.
template <typename C>
struct ScaledGradient {
  C rescale, limit;
  ScaledGradient(float rescale_grad, float clip_gradient)
      : rescale(rescale_grad),
        limit(clip_gradient >= 0 ? clip_gradient : std::numeric_limits<C>::infinity()) {}
  MX_HOST_DEVICE C clip(C value) const { return std::min(std::max(value, -limit), limit); }
  MX_HOST_DEVICE C operator()(C gradient) const { return clip(rescale * gradient); }
};

/// What the rules of the family need.
struct SgdStep {
  float lr, wd, momentum, rescale_grad, clip_gradient;
};

// A rule returns the new weight from the old one, the gradient and its states, which it changes.

template <typename C>
struct SgdRule {
  static constexpr int kStates = 0;
  ScaledGradient<C> scaled;
  C lr, keep;
  explicit SgdRule(const SgdStep& p)
      : scaled(p.rescale_grad, p.clip_gradient), lr(p.lr), keep(1 - lr * static_cast<C>(p.wd)) {}
  MX_HOST_DEVICE C operator()(C w, C g) const { return keep * w - lr * scaled(g); }
};

/// The operators for several weights sum in another order.
template <typename C>
struct MultiSgdRule {
  static constexpr int kStates = 0;
  ScaledGradient<C> scaled;
  C lr, decay;
  explicit MultiSgdRule(const SgdStep& p)
      : scaled(p.rescale_grad, p.clip_gradient), lr(p.lr), decay(lr * static_cast<C>(p.wd)) {}
  MX_HOST_DEVICE C operator()(C w, C g) const { return w - (lr * scaled(g) + decay * w); }
};

template <typename C>
struct MomentumRule {
  static constexpr int kStates = 1;
  ScaledGradient<C> scaled;
  C lr, momentum, decay;
  explicit MomentumRule(const SgdStep& p)
      : scaled(p.rescale_grad, p.clip_gradient),
        lr(p.lr),
        momentum(p.momentum),
        decay(lr * static_cast<C>(p.wd)) {}
  MX_HOST_DEVICE C operator()(C w, C g, C& mom) const {
    mom = momentum * mom - decay * w - lr * scaled(g);
    return w + mom;
  }
};

/// The decay of the step that is kept uses the weight after the update when that is done in place,
/// as it always is by an optimizer.
template <typename C>
struct NagRule {
  static constexpr int kStates = 1;
  ScaledGradient<C> scaled;
  C lr, momentum, wd, ahead;
  bool in_place;
  NagRule(const SgdStep& p, bool in_place)
      : scaled(p.rescale_grad, p.clip_gradient),
        lr(p.lr),
        momentum(p.momentum),
        wd(p.wd),
        ahead(momentum + 1),
        in_place(in_place) {}
  MX_HOST_DEVICE C operator()(C w, C gradient, C& mom) const {
    const C g = scaled(gradient), kept = momentum * mom;
    const C next = w - kept + ahead * (kept - lr * (g + wd * w));
    mom = kept - lr * (g + wd * (in_place ? next : w));
    return next;
  }
};

template <typename C>
struct AdamRule {
  static constexpr int kStates = 2;
  ScaledGradient<C> scaled;
  C lr, wd, rescale, epsilon, beta1, beta2, rest1, rest2;
  /// `Param` has lr, beta1, beta2, epsilon, wd, rescale_grad and clip_gradient.
  template <typename Param>
  explicit AdamRule(const Param& p)
      : scaled(1, p.clip_gradient),
        lr(p.lr),
        wd(p.wd),
        rescale(p.rescale_grad),
        epsilon(p.epsilon),
        beta1(p.beta1),
        beta2(p.beta2),
        rest1(1 - beta1),
        rest2(1 - beta2) {}
  MX_HOST_DEVICE C operator()(C w, C gradient, C& mean, C& var) const {
    const C g = scaled.clip(rescale * gradient + wd * w);
    mean = beta1 * mean + rest1 * g;
    var = beta2 * var + rest2 * g * g;
    return w - lr * mean / (std::sqrt(var) + epsilon);
  }
};

template <typename C>
struct AdagradRule {
  static constexpr int kStates = 1;
  ScaledGradient<C> scaled;
  C lr, wd, epsilon;
  template <typename Param>
  explicit AdagradRule(const Param& p)
      : scaled(p.rescale_grad, p.clip_gradient), lr(p.lr), wd(p.wd), epsilon(p.epsilon) {}
  MX_HOST_DEVICE C operator()(C w, C gradient, C& history) const {
    const C g = scaled(gradient);
    history += g * g;
    return w - lr * (g / std::sqrt(history + epsilon) + wd * w);
  }
};

template <typename C>
struct FtrlRule {
  static constexpr int kStates = 2;
  ScaledGradient<C> scaled;
  C lr, limit, beta, wd;
  template <typename Param>
  explicit FtrlRule(const Param& p)
      : scaled(p.rescale_grad, p.clip_gradient),
        lr(p.lr),
        limit(p.lamda1),
        beta(p.beta),
        wd(p.wd) {}
  MX_HOST_DEVICE C operator()(C w, C gradient, C& z, C& n) const {
    const C g = scaled(gradient), squares = n + g * g;
    z = z + (g - (std::sqrt(squares) - std::sqrt(n)) * w / lr);
    n = squares;
    const C sign = static_cast<C>((z > 0) - (z < 0));
    const C next = (sign * limit - z) / ((beta + std::sqrt(squares)) / lr + wd);
    return std::abs(z) > limit ? next : C(0);
  }
};

}  // namespace mx::optimizer
