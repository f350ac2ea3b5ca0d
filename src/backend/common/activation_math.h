#pragma once
// Functions of activation layers beyond those of elemwise/activation_functions.h.
#include <numbers>

#include "backend/common/elemwise/activation_functions.h"

namespace mx::math {

/// log(1 + e^x) without overflow.
struct Softrelu : RealFunction {
  template <typename T>
  MX_HOST_DEVICE T operator()(T x) const {
    return (x < T(0) ? T(0) : x) + log1p_of_fraction(exp(x < T(0) ? x : -x));
  }
};

struct Leaky : RealFunction {
  float slope;
  template <typename T>
  MX_HOST_DEVICE T operator()(T x) const {
    return x > T(0) ? x : x * T(slope);
  }
};

struct LeakyGradient : RealFunction {
  float slope;
  template <typename T>
  MX_HOST_DEVICE T operator()(T d, T x) const {
    return x > T(0) ? d : d * T(slope);
  }
};

/// scale * (x > 0 ? x : alpha * (e^x - 1)): elu and selu.
struct Elu : RealFunction {
  double scale, alpha;
  template <typename T>
  MX_HOST_DEVICE T operator()(T x) const {
    const T below = T(alpha) * expm1(x);  // outside of the choice, so that loops are vectorised
    return T(scale) * (x > T(0) ? x : below);
  }
};

struct EluGradient : RealFunction {
  double scale, alpha;
  template <typename T>
  MX_HOST_DEVICE T operator()(T d, T x) const {
    const T below = T(alpha) * exp(x);
    return d * T(scale) * (x > T(0) ? T(1) : below);
  }
};

/// x * Phi(x), with the normal distribution.
struct Gelu : RealFunction {
  template <typename T>
  MX_HOST_DEVICE T operator()(T x) const {
    return T(0.5) * x * (T(1) + erf(x * T(1 / std::numbers::sqrt2)));
  }
};

struct GeluGradient : RealFunction {
  template <typename T>
  MX_HOST_DEVICE T operator()(T d, T x) const {
    const T density = T(std::numbers::inv_sqrtpi / std::numbers::sqrt2);
    const T phi = T(0.5) * (T(1) + erf(x * T(1 / std::numbers::sqrt2)));
    return d * (phi + x * density * exp(T(-0.5) * x * x));
  }
};

struct Prelu : RealFunction {
  template <typename T>
  MX_HOST_DEVICE T operator()(T x, T slope) const {
    return x > T(0) ? x : x * slope;
  }
};

}  // namespace mx::math
