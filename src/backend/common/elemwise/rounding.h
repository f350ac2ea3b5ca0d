#pragma once
// Rounding to integers.
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

inline constexpr std::tuple kRounding{
    UnaryRow<Round, 10>{kKeepsZero, "round"}, UnaryRow<Rint, 5>{kKeepsZero, "rint"},
    UnaryRow<Ceil>{kKeepsZero, "ceil"},       UnaryRow<Floor>{kKeepsZero, "floor"},
    UnaryRow<Trunc>{kKeepsZero, "trunc"},     UnaryRow<Trunc>{kKeepsZero, "fix"},
};

}  // namespace mx::math
