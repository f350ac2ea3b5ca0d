#pragma once
// Activation functions, and the gradients of relu, sigmoid and tanh from the output.
#include "backend/common/elemwise/function.h"
#include "backend/common/elemwise/rows.h"

namespace mx::math {

/// Keeps NaN.
struct Relu : IntegerFunction {
  template <typename T>
  MX_HOST_DEVICE T operator()(T x) const {
    return x < T(0) ? T(0) : x;
  }
};

/// From the gradient of the output and the output. A product, so that NaN in either stays NaN.
struct ReluGradient : IntegerFunction {
  template <typename T>
  MX_HOST_DEVICE T operator()(T d, T y) const {
    return d * (y > T(0) ? T(1) : y == T(0) ? T(0) : y);
  }
};

MX_REAL_FUNCTION(Sigmoid, sigmoid(x))

struct SigmoidGradient : RealFunction {
  template <typename T>
  MX_HOST_DEVICE T operator()(T d, T y) const {
    return d * y * (T(1) - y);
  }
};

MX_REAL_FUNCTION(Tanh, tanh(x))

struct TanhGradient : RealFunction {
  template <typename T>
  MX_HOST_DEVICE T operator()(T d, T y) const {
    return d * (T(1) - y * y);
  }
};

MX_REAL_FUNCTION(SoftSign, x / (T(1) + std::abs(x)))

struct HardSigmoid : RealFunction {
  double alpha, beta;
  template <typename T>
  MX_HOST_DEVICE T operator()(T x) const {
    const T line = static_cast<T>(alpha) * x + static_cast<T>(beta);
    return line < T(0) ? T(0) : (line > T(1) ? T(1) : line);
  }
};

struct SmoothL1 : RealFunction {
  double square;  ///< of the operator's scalar
  template <typename T>
  MX_HOST_DEVICE T operator()(T x) const {
    const T s = static_cast<T>(square), a = x < T(0) ? -x : x;
    return a < T(1) / s ? x * x * s * T(0.5) : a - T(0.5) / s;
  }
};

inline constexpr std::tuple kActivationFunctions{
    UnaryRow<Relu>{kKeepsZero, "relu"},
    BinaryRow<ReluGradient>{kKeepsZero, "_backward_relu"},
    UnaryRow<Sigmoid, 8>{kMovesZero, "sigmoid"},
    BinaryRow<SigmoidGradient>{kKeepsZero, "_backward_sigmoid"},
    UnaryRow<Tanh, 6>{kKeepsZero, "tanh"},
    BinaryRow<TanhGradient>{kKeepsZero, "_backward_tanh"},
    UnaryRow<SoftSign, 5>{kKeepsZero, "softsign"},
};

}  // namespace mx::math
