#pragma once
// Rounding to integers.
#include <cmath>
#include <cstdint>
#include <type_traits>

#include "backend/common/elemwise/function.h"
#include "backend/common/elemwise/rows.h"

namespace mx::math {

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

/// To the nearest multiple of `unit`, which is 10^n, or of 1 / unit where `divides`; halves to even
/// multiples.
struct Around : IntegerFunction {
  double unit;
  bool divides;
  template <typename T>
  MX_HOST_DEVICE T operator()(T x) const {
    if constexpr (std::is_integral_v<T>) {
      if (divides) return x;
      if (unit > 1e18) return T(0);
      const auto step = static_cast<int64_t>(unit), whole = static_cast<int64_t>(x) / step;
      const int64_t rest = static_cast<int64_t>(x) % step, far = rest < 0 ? -rest : rest;
      const bool up = far > step - far || (far == step - far && whole % 2 != 0);
      return static_cast<T>((whole + (up ? (rest < 0 ? -1 : 1) : 0)) * step);
    } else {
      const T u = static_cast<T>(unit);
      return divides ? std::rint(x * u) / u : std::rint(x / u) * u;
    }
  }
};

inline constexpr std::tuple kRounding{
    UnaryRow<Round, 10>{kKeepsZero, "round"},
    UnaryRow<Rint, 5>{kKeepsZero, "rint"},
    UnaryRow<Ceil>{kKeepsZero, "ceil"},
    UnaryRow<Floor>{kKeepsZero, "floor"},
    UnaryRow<Trunc>{kKeepsZero, "trunc"},
    UnaryRow<Trunc>{kKeepsZero, "fix"},
    UnaryRow<Round, 10>{kKeepsZero, "_contrib_round_ste"},
};

}  // namespace mx::math
