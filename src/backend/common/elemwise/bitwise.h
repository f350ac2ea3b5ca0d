#pragma once
// Functions of integers alone. Truth values come as floating numbers, and are 0 and 1.
#include "backend/common/elemwise/function.h"
#include "backend/common/elemwise/rows.h"

namespace mx::math {

/// f of the bits of two numbers.
template <typename T, typename F>
MX_HOST_DEVICE T on_bits(T a, T b, F f) {
  using Bits = std::conditional_t<std::is_integral_v<T>, T, int32_t>;
  return static_cast<T>(f(static_cast<Bits>(a), static_cast<Bits>(b)));
}

struct BitwiseAnd : IntegerFunction {
  template <typename T>
  MX_HOST_DEVICE T operator()(T a, T b) const {
    return on_bits(a, b, [](auto x, auto y) { return x & y; });
  }
};

struct BitwiseOr : IntegerFunction {
  template <typename T>
  MX_HOST_DEVICE T operator()(T a, T b) const {
    return on_bits(a, b, [](auto x, auto y) { return x | y; });
  }
};

struct BitwiseXor : IntegerFunction {
  template <typename T>
  MX_HOST_DEVICE T operator()(T a, T b) const {
    return on_bits(a, b, [](auto x, auto y) { return x ^ y; });
  }
};

struct BitwiseNot : IntegerFunction {
  template <typename T>
  MX_HOST_DEVICE T operator()(T x) const {
    if constexpr (std::is_integral_v<T>)
      return static_cast<T>(~x);
    else
      return x == T(0) ? T(1) : T(0);
  }
};

/// The least common multiple, which is not negative; 0 when either is 0. Wraps round.
struct LeastCommonMultiple : IntegerFunction {
  template <typename T>
  MX_HOST_DEVICE T operator()(T a, T b) const {
    using U = std::conditional_t<std::is_integral_v<T>, uint64_t, uint32_t>;
    const auto magnitude = [](T x) {
      return x < T(0) ? U(0) - static_cast<U>(x) : static_cast<U>(x);
    };
    const U x = magnitude(a), y = magnitude(b);
    U divisor = x, rest = y;
    while (rest != 0) {
      const U next = divisor % rest;
      divisor = rest;
      rest = next;
    }
    return divisor == 0 ? T(0) : static_cast<T>(x / divisor * y);
  }
};

inline constexpr std::tuple kBitwise{
    BinaryRow<BitwiseAnd>{kMovesZero, nullptr, "_npi_bitwise_and", "_npi_bitwise_and_scalar"},
    BinaryRow<BitwiseOr>{kMovesZero, nullptr, "_npi_bitwise_or", "_npi_bitwise_or_scalar"},
    BinaryRow<BitwiseXor>{kMovesZero, nullptr, "_npi_bitwise_xor", "_npi_bitwise_xor_scalar"},
    UnaryRow<BitwiseNot>{kMovesZero, "_npi_bitwise_not"},
    BinaryRow<LeastCommonMultiple, 200>{kMovesZero, nullptr, "_npi_lcm", "_npi_lcm_scalar"},
};

}  // namespace mx::math
