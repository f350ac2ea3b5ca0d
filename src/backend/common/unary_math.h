#pragma once
// Functions of one number; see scalar_math.h.
#include "backend/common/gamma_math.h"
#include "backend/common/scalar_math.h"

namespace mx::math {

/// -1, 0 or 1; 0 for NaN.
struct Sign : IntegerFunction {
  template <typename T>
  MX_HOST_DEVICE T operator()(T x) const {
    if constexpr (std::is_unsigned_v<T>)
      return x > T(0) ? T(1) : T(0);
    else
      return x > T(0) ? T(1) : (x < T(0) ? T(-1) : T(0));
  }
};

struct Abs : IntegerFunction {
  template <typename T>
  MX_HOST_DEVICE T operator()(T x) const {
    if constexpr (std::is_floating_point_v<T>)
      return std::abs(x);
    else
      return x < T(0) ? Negative{}(x) : x;
  }
};

struct Floor : IntegerFunction {
  template <typename T>
  MX_HOST_DEVICE T operator()(T x) const {
    if constexpr (std::is_integral_v<T>)
      return x;
    else
      return std::floor(x);
  }
};

struct Ceil : IntegerFunction {
  template <typename T>
  MX_HOST_DEVICE T operator()(T x) const {
    if constexpr (std::is_integral_v<T>)
      return x;
    else
      return std::ceil(x);
  }
};

/// Cuts towards zero; fix is the same function.
struct Trunc : IntegerFunction {
  template <typename T>
  MX_HOST_DEVICE T operator()(T x) const {
    if constexpr (std::is_integral_v<T>)
      return x;
    else
      return std::trunc(x);
  }
};

/// To the nearest integer, halves away from zero.
struct Round : IntegerFunction {
  template <typename T>
  MX_HOST_DEVICE T operator()(T x) const {
    if constexpr (std::is_integral_v<T>)
      return x;
    else
      return std::round(x);
  }
};

/// To the nearest integer, halves downwards as 1.9.1 does.
struct Rint : IntegerFunction {
  template <typename T>
  MX_HOST_DEVICE T operator()(T x) const {
    if constexpr (std::is_integral_v<T>)
      return x;
    else
      return x - std::floor(x) <= std::ceil(x) - x ? std::floor(x) : std::ceil(x);
  }
};

struct Exp : RealFunction {
  template <typename T>
  MX_HOST_DEVICE T operator()(T x) const {
    return exp(x);
  }
};

struct Log : RealFunction {
  template <typename T>
  MX_HOST_DEVICE T operator()(T x) const {
    return log(x);
  }
};

struct Sqrt : RealFunction {
  template <typename T>
  MX_HOST_DEVICE T operator()(T x) const {
    return std::sqrt(x);
  }
};

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

struct Sigmoid : RealFunction {
  template <typename T>
  MX_HOST_DEVICE T operator()(T x) const {
    return sigmoid(x);
  }
};

struct SigmoidGradient : RealFunction {
  template <typename T>
  MX_HOST_DEVICE T operator()(T d, T y) const {
    return d * y * (T(1) - y);
  }
};

struct Tanh : RealFunction {
  template <typename T>
  MX_HOST_DEVICE T operator()(T x) const {
    return tanh(x);
  }
};

struct TanhGradient : RealFunction {
  template <typename T>
  MX_HOST_DEVICE T operator()(T d, T y) const {
    return d * (T(1) - y * y);
  }
};

struct ReciprocalSqrt : RealFunction {
  template <typename T>
  MX_HOST_DEVICE T operator()(T x) const {
    return T(1) / std::sqrt(x);
  }
};

struct CubeRoot : RealFunction {
  template <typename T>
  MX_HOST_DEVICE T operator()(T x) const {
    return cbrt(x);
  }
};

struct ReciprocalCubeRoot : RealFunction {
  template <typename T>
  MX_HOST_DEVICE T operator()(T x) const {
    return T(1) / cbrt(x);
  }
};

struct Reciprocal : RealFunction {
  template <typename T>
  MX_HOST_DEVICE T operator()(T x) const {
    return T(1) / x;
  }
};

struct Log10 : RealFunction {
  template <typename T>
  MX_HOST_DEVICE T operator()(T x) const {
    return log10(x);
  }
};

struct Log2 : RealFunction {
  template <typename T>
  MX_HOST_DEVICE T operator()(T x) const {
    return log2(x);
  }
};

struct Log1p : RealFunction {
  template <typename T>
  MX_HOST_DEVICE T operator()(T x) const {
    return log1p(x);
  }
};

struct Expm1 : RealFunction {
  template <typename T>
  MX_HOST_DEVICE T operator()(T x) const {
    return expm1(x);
  }
};

struct Sin : RealFunction {
  template <typename T>
  MX_HOST_DEVICE T operator()(T x) const {
    return sin(x);
  }
};

struct Cos : RealFunction {
  template <typename T>
  MX_HOST_DEVICE T operator()(T x) const {
    return cos(x);
  }
};

struct Tan : RealFunction {
  template <typename T>
  MX_HOST_DEVICE T operator()(T x) const {
    return tan(x);
  }
};

struct ArcSin : RealFunction {
  template <typename T>
  MX_HOST_DEVICE T operator()(T x) const {
    return asin(x);
  }
};

struct ArcCos : RealFunction {
  template <typename T>
  MX_HOST_DEVICE T operator()(T x) const {
    return acos(x);
  }
};

struct ArcTan : RealFunction {
  template <typename T>
  MX_HOST_DEVICE T operator()(T x) const {
    return atan(x);
  }
};

struct Sinh : RealFunction {
  template <typename T>
  MX_HOST_DEVICE T operator()(T x) const {
    return sinh(x);
  }
};

struct Cosh : RealFunction {
  template <typename T>
  MX_HOST_DEVICE T operator()(T x) const {
    return cosh(x);
  }
};

struct ArcSinh : RealFunction {
  template <typename T>
  MX_HOST_DEVICE T operator()(T x) const {
    return asinh(x);
  }
};

struct ArcCosh : RealFunction {
  template <typename T>
  MX_HOST_DEVICE T operator()(T x) const {
    return acosh(x);
  }
};

struct ArcTanh : RealFunction {
  template <typename T>
  MX_HOST_DEVICE T operator()(T x) const {
    return atanh(x);
  }
};

struct Degrees : RealFunction {
  template <typename T>
  MX_HOST_DEVICE T operator()(T x) const {
    return x * T(57.29577951308232);
  }
};

struct Radians : RealFunction {
  template <typename T>
  MX_HOST_DEVICE T operator()(T x) const {
    return x * T(0.017453292519943295);
  }
};

struct SoftSign : RealFunction {
  template <typename T>
  MX_HOST_DEVICE T operator()(T x) const {
    return x / (T(1) + std::abs(x));
  }
};

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

/// Keeps NaN. `low` and `high` are those of the dtype that is computed in.
struct Clip : IntegerFunction {
  double low, high;
  template <typename T>
  MX_HOST_DEVICE T operator()(T x) const {
    const T floor = static_cast<T>(low), ceiling = static_cast<T>(high);
    return x > ceiling ? ceiling : (x < floor ? floor : x);
  }
};

/// From the gradient of the output and the input.
struct ClipGradient : IntegerFunction {
  double low, high;
  template <typename T>
  MX_HOST_DEVICE T operator()(T d, T x) const {
    return x > static_cast<T>(high) || x < static_cast<T>(low) ? T(0) : d;
  }
};

struct Erf : RealFunction {
  template <typename T>
  MX_HOST_DEVICE T operator()(T x) const {
    return erf(x);
  }
};

struct ErfInv : RealFunction {
  template <typename T>
  MX_HOST_DEVICE T operator()(T x) const {
    return erf_inverse(x);
  }
};

struct Gamma : RealFunction {
  template <typename T>
  MX_HOST_DEVICE T operator()(T x) const {
    return gamma(x);
  }
};

struct LogGamma : RealFunction {
  template <typename T>
  MX_HOST_DEVICE T operator()(T x) const {
    return log_gamma(x);
  }
};

struct Digamma : RealFunction {
  template <typename T>
  MX_HOST_DEVICE T operator()(T x) const {
    return digamma(x);
  }
};

struct Trigamma : RealFunction {
  template <typename T>
  MX_HOST_DEVICE T operator()(T x) const {
    return trigamma(x);
  }
};

}  // namespace mx::math
