#pragma once
// What functors of element-wise operators share. Each stands once for all devices, in the file of
// its family; a functor works on the compute types: float and double, and the integers where
// `kInteger` says that it has a meaning of its own there; elsewhere integers are computed in float
// and cut, as 1.9.1 does.
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

/// A functor of one number x of type T, without a meaning of its own for integers.
#define MX_REAL_FUNCTION(name, expression)   \
  struct name : RealFunction {               \
    template <typename T>                    \
    MX_HOST_DEVICE T operator()(T x) const { \
      return expression;                     \
    }                                        \
  };
/// The same of two numbers a and b.
#define MX_REAL_FUNCTION_2(name, expression)      \
  struct name : RealFunction {                    \
    template <typename T>                         \
    MX_HOST_DEVICE T operator()(T a, T b) const { \
      return expression;                          \
    }                                             \
  };

}  // namespace mx::math
