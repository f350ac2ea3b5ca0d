#pragma once
// exp, log and sigmoid for float without branches and tables, so that the compiler vectorises loops
// over them; more exact than those of vector_libm.h, which has all others and those for double.
#include <bit>
#include <cstdint>

#include "backend/common/vector_libm.h"

namespace mx::math {

/// 2^n for n in [-126, 127].
MX_HOST_DEVICE inline float power_of_two(int32_t n) {
  return std::bit_cast<float>((n + 127) << 23);
}

/// e^r - 1 - r for |r| <= 0.35, by a polynomial fitted to the relative error of e^r.
MX_HOST_DEVICE inline float exp_tail(float r) {
  float p = 1.99182310e-4f;
  p = p * r + 1.39463815e-3f;
  p = p * r + 8.33326470e-3f;
  p = p * r + 4.16662656e-2f;
  p = p * r + 1.66666669e-1f;
  p = p * r + 5.00000008e-1f;
  return p * (r * r);
}

/// e^x; error below 1.1 ulp, subnormal results and infinities included.
MX_HOST_DEVICE inline float exp(float x) {
#ifdef __CUDA_ARCH__
  return ::expf(x);
#else
  x = x > 89.0f ? 89.0f : x;
  x = x < -104.0f ? -104.0f : x;
  const float magic = 12582912.0f;  // 1.5 * 2^23: adding it rounds to an integer
  const float shifted = x * 1.44269504f + magic;
  const float n = shifted - magic;
  const int32_t k = std::bit_cast<int32_t>(shifted) - std::bit_cast<int32_t>(magic);
  float r = x - n * 6.93145752e-1f;
  r = r - n * 1.42860677e-6f;
  const float y = 1.0f + (r + exp_tail(r));
  const int32_t half = k >> 1;
  return y * power_of_two(half) * power_of_two(k - half);
#endif
}
inline MX_HOST_DEVICE double exp(double x) { return ::exp(x); }

/// Natural logarithm; error below 1.5 ulp, subnormal arguments included.
MX_HOST_DEVICE inline float log(float x) {
#ifdef __CUDA_ARCH__
  return ::logf(x);
#else
  const bool tiny = x < 1.17549435e-38f;
  const float scaled = tiny ? x * 8388608.0f : x;
  // Unsigned, as the bits of numbers that have no logarithm run out of an int32's range.
  const uint32_t bits = std::bit_cast<uint32_t>(scaled);
  // Mantissa m in [sqrt(1/2), sqrt(2)).
  const int32_t k = static_cast<int32_t>(bits - 0x3f3504f3u) >> 23;
  const float m = std::bit_cast<float>(bits - (static_cast<uint32_t>(k) << 23));
  const float e = static_cast<float>(tiny ? k - 23 : k);
  const float f = m - 1.0f;
  // log(1 + f) = 2 atanh(s), s = f / (2 + f)
  const float s = f / (2.0f + f), z = s * s;
  float p = 2.35835730e-1f;
  p = p * z + 2.85372380e-1f;
  p = p * z + 4.00003360e-1f;
  p = p * z + 6.66666660e-1f;
  const float half_square = 0.5f * f * f;
  const float low = s * (half_square + z * p) + e * 1.42860677e-6f;
  float y = e * 6.93145752e-1f - ((half_square - low) - f);
  y = x == 0.0f ? -__builtin_huge_valf() : y;
  y = x < 0.0f ? __builtin_nanf("") : y;
  return x < __builtin_huge_valf() ? y : x;  // infinity and NaN stay
#endif
}
inline MX_HOST_DEVICE double log(double x) { return ::log(x); }

/// log(1 + x) for x in [0, 1], where no exponent has to be taken apart; error below 1.3 ulp.
MX_HOST_DEVICE inline float log1p_of_fraction(float x) {
#ifdef __CUDA_ARCH__
  return ::log1pf(x);
#else
  // 2 atanh(s) as above, with a polynomial fitted to [0, 1/3]; the sum keeps the low bits of x.
  const float s = x / (2.0f + x), z = s * s;
  float p = 1.40122324e-1f;
  p = p * z + 1.39995694e-1f;
  p = p * z + 2.00108498e-1f;
  p = p * z + 3.33332062e-1f;
  return x - s * (x - 2.0f * z * p);
#endif
}
inline MX_HOST_DEVICE double log1p_of_fraction(double x) { return log1p(x); }

/// 1 / (1 + e^-x); error below 2.5 ulp.
template <typename T>
MX_HOST_DEVICE T sigmoid(T x) {
  return T(1) / (T(1) + exp(-x));
}

}  // namespace mx::math
