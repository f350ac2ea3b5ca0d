#pragma once
// Every scalar function once: CPU loops and CUDA kernels are templates over these functors. A
// functor works on the compute types: float and double, and the integers where `kInteger` says that
// it has a meaning of its own there; elsewhere integers are computed in float and cut, as 1.9.1
// does.
#include <type_traits>

#include "backend/common/fast_math.h"

namespace mx::math {

/// Functors without a meaning of their own for integers.
struct RealFunction {
  static constexpr bool kInteger = false;
};
/// Functors that are exact on integers.
struct IntegerFunction {
  static constexpr bool kInteger = true;
};

/// Arithmetic that wraps round for integers, where C++ leaves overflow undefined.
template <typename T, typename F>
MX_HOST_DEVICE T wrapping(T a, T b, F f) {
  if constexpr (std::is_integral_v<T>) {
    using U = std::conditional_t<sizeof(T) <= 4, uint32_t, uint64_t>;
    return static_cast<T>(f(static_cast<U>(a), static_cast<U>(b)));
  } else {
    return f(a, b);
  }
}

struct Add : IntegerFunction {
  template <typename T>
  MX_HOST_DEVICE T operator()(T a, T b) const {
    return wrapping(a, b, [](auto x, auto y) { return x + y; });
  }
};

struct Subtract : IntegerFunction {
  template <typename T>
  MX_HOST_DEVICE T operator()(T a, T b) const {
    return wrapping(a, b, [](auto x, auto y) { return x - y; });
  }
};

struct Multiply : IntegerFunction {
  template <typename T>
  MX_HOST_DEVICE T operator()(T a, T b) const {
    return wrapping(a, b, [](auto x, auto y) { return x * y; });
  }
};

/// Integers are cut towards zero, and divided by zero give 0.
struct Divide : IntegerFunction {
  template <typename T>
  MX_HOST_DEVICE T operator()(T a, T b) const {
    if constexpr (std::is_integral_v<T>) {
      if (b == T(0)) return T(0);
      if (std::is_signed_v<T> && b == T(-1)) return Subtract{}(T(0), a);
      return static_cast<T>(a / b);
    } else {
      return a / b;
    }
  }
};

struct Negative : IntegerFunction {
  template <typename T>
  MX_HOST_DEVICE T operator()(T x) const {
    if constexpr (std::is_integral_v<T>)
      return Subtract{}(T(0), x);
    else
      return -x;
  }
};

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

struct Square : IntegerFunction {
  template <typename T>
  MX_HOST_DEVICE T operator()(T x) const {
    return Multiply{}(x, x);
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

/// From the gradient of the output and the output.
struct ReluGradient : IntegerFunction {
  template <typename T>
  MX_HOST_DEVICE T operator()(T d, T y) const {
    return y > T(0) ? d : T(0);
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

}  // namespace mx::math
