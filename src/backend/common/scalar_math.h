#pragma once
// Every scalar function once: CPU loops and CUDA kernels are templates over these functors.
// Arithmetic, comparison and logic are here, functions of one number in unary_math.h. A functor
// works on the compute types: float and double, and the integers where `kInteger` says that it has
// a meaning of its own there; elsewhere integers are computed in float and cut, as 1.9.1 does.
#include <type_traits>

#include "backend/common/fast_math.h"

namespace mx::math {

/// Functors without a meaning of their own for integers. Loops compute them for whole vectors only:
/// the scalar function's last bits may differ, and results must not depend on an element's place.
struct RealFunction {
  static constexpr bool kInteger = false;
  static constexpr bool kWholeVectors = true;
};
/// Functors that are exact on integers.
struct IntegerFunction {
  static constexpr bool kInteger = true;
  static constexpr bool kWholeVectors = false;
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

struct Square : IntegerFunction {
  template <typename T>
  MX_HOST_DEVICE T operator()(T x) const {
    return Multiply{}(x, x);
  }
};

/// a to the power of b. Integers wrap round; negative exponents cut towards zero.
struct Power : IntegerFunction {
  static constexpr bool kWholeVectors = true;
  template <typename T>
  MX_HOST_DEVICE T operator()(T a, T b) const {
    if constexpr (std::is_integral_v<T>) {
      if (b < T(0)) return a == T(1) ? T(1) : (a == T(-1) ? (b & 1 ? a : T(1)) : T(0));
      T result = 1;
      for (auto rest = static_cast<std::make_unsigned_t<T>>(b); rest; rest >>= 1) {
        if (rest & 1) result = Multiply{}(result, a);
        a = Multiply{}(a, a);
      }
      return result;
    } else {
      return pow(a, b);
    }
  }
};

/// Remainder with the sign of the divisor, as in Python; 0 when the divisor is 0.
struct Modulo : IntegerFunction {
  template <typename T>
  MX_HOST_DEVICE T operator()(T a, T b) const {
    if (b == T(0)) return T(0);
    if constexpr (std::is_integral_v<T>) {
      if (std::is_signed_v<T> && b == T(-1)) return T(0);
      const T rest = static_cast<T>(a % b);
      return rest != 0 && (rest < 0) != (b < 0) ? static_cast<T>(rest + b) : rest;
    } else {
      const T rest = std::fmod(a, b);
      return rest != T(0) && (rest < T(0)) != (b < T(0)) ? rest + b : rest;
    }
  }
};

/// NaN when either is.
struct Maximum : IntegerFunction {
  template <typename T>
  MX_HOST_DEVICE T operator()(T a, T b) const {
    return a > b || a != a ? a : b;
  }
};

struct Minimum : IntegerFunction {
  template <typename T>
  MX_HOST_DEVICE T operator()(T a, T b) const {
    return a < b || a != a ? a : b;
  }
};

struct Hypot : RealFunction {
  template <typename T>
  MX_HOST_DEVICE T operator()(T a, T b) const {
    return hypot(a, b);
  }
};

// Comparisons and logic give 1 and 0 in the dtype of their operands.

struct Equal : IntegerFunction {
  template <typename T>
  MX_HOST_DEVICE T operator()(T a, T b) const {
    return a == b ? T(1) : T(0);
  }
};

struct NotEqual : IntegerFunction {
  template <typename T>
  MX_HOST_DEVICE T operator()(T a, T b) const {
    return a != b ? T(1) : T(0);
  }
};

struct Lesser : IntegerFunction {
  template <typename T>
  MX_HOST_DEVICE T operator()(T a, T b) const {
    return a < b ? T(1) : T(0);
  }
};

struct LesserEqual : IntegerFunction {
  template <typename T>
  MX_HOST_DEVICE T operator()(T a, T b) const {
    return a <= b ? T(1) : T(0);
  }
};

struct Greater : IntegerFunction {
  template <typename T>
  MX_HOST_DEVICE T operator()(T a, T b) const {
    return a > b ? T(1) : T(0);
  }
};

struct GreaterEqual : IntegerFunction {
  template <typename T>
  MX_HOST_DEVICE T operator()(T a, T b) const {
    return a >= b ? T(1) : T(0);
  }
};

struct LogicalAnd : IntegerFunction {
  template <typename T>
  MX_HOST_DEVICE T operator()(T a, T b) const {
    return a != T(0) && b != T(0) ? T(1) : T(0);
  }
};

struct LogicalOr : IntegerFunction {
  template <typename T>
  MX_HOST_DEVICE T operator()(T a, T b) const {
    return a != T(0) || b != T(0) ? T(1) : T(0);
  }
};

struct LogicalXor : IntegerFunction {
  template <typename T>
  MX_HOST_DEVICE T operator()(T a, T b) const {
    return (a != T(0)) != (b != T(0)) ? T(1) : T(0);
  }
};

struct LogicalNot : IntegerFunction {
  template <typename T>
  MX_HOST_DEVICE T operator()(T x) const {
    return x == T(0) ? T(1) : T(0);
  }
};

}  // namespace mx::math
