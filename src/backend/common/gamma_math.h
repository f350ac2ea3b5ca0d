#pragma once
// Gamma and error functions that the standard library lacks or does not offer safely to threads.
#include <cmath>
#include <limits>
#include <type_traits>

#include "backend/common/fast_math.h"

namespace mx::math {

inline constexpr double kPi = 3.14159265358979323846;

template <typename T>
MX_HOST_DEVICE T gamma(T x) {
  return std::tgamma(x);
}

/// The same in float, rounded from double: Stirling's series seven to the right of x, or of 1 - x
/// below 1/2. Without branches, so that loops are vectorised; the error is below 0.6 ulp.
/// Abramowitz and Stegun 6.1.15, 6.1.17, 6.1.41.
MX_HOST_DEVICE inline float gamma(float value) {
#ifdef __CUDA_ARCH__
  return ::tgammaf(value);
#else
  const double x = static_cast<double>(value), most = 180;  // whose gamma is no float any more
  const bool reflected = x < 0.5;
  double y = reflected ? 1 - x : x;
  y = y < most ? y : most;
  const double z = y + 7, w = 1 / (z * z);
  const double series = (1.0 / 12 - w * (1.0 / 360 - w * (1.0 / 1260))) / z;
  const double shift = y * (y + 1) * (y + 2) * (y + 3) * (y + 4) * (y + 5) * (y + 6);
  const double above = exp((z - 0.5) * log(z) - z + 0.91893853320467274 + series) / shift;
  const double nearest = std::floor(x + 0.5), r = x - nearest;
  const double odd = nearest - 2 * std::floor(nearest / 2);
  const double below = kPi / ((1 - 2 * odd) * sin(kPi * r) * above);
  double result = reflected ? below : above;
  result = x < 0 && r == 0 ? std::numeric_limits<double>::quiet_NaN() : result;
  return value == value ? static_cast<float>(result) : value;
#endif
}

/// Logarithm of the absolute value of gamma; std::lgamma writes a global sign.
template <typename T>
MX_HOST_DEVICE T log_gamma(T x) {
#ifdef __CUDA_ARCH__
  return ::lgamma(x);
#else
  int sign = 0;
  if constexpr (std::is_same_v<T, float>)
    return ::lgammaf_r(x, &sign);
  else
    return ::lgamma_r(x, &sign);
#endif
}

/// Derivative of log_gamma: the recurrence psi(x) = psi(x + 1) - 1 / x up to 10, from there the
/// asymptotic series; reflection below 0. Abramowitz and Stegun 6.3.5, 6.3.7, 6.3.18.
template <typename T>
MX_HOST_DEVICE T digamma(T value) {
  double x = static_cast<double>(value), y = 0;
  if (x <= 0 && x == std::floor(x)) return std::numeric_limits<T>::quiet_NaN();
  if (x < 0) {
    y = -kPi / std::tan(kPi * x);
    x = 1 - x;
  }
  for (; x < 10; x += 1) y -= 1 / x;
  const double z = 1 / (x * x);
  const double series =
      z * (1.0 / 12 - z * (1.0 / 120 - z * (1.0 / 252 - z * (1.0 / 240 - z * (1.0 / 132)))));
  return static_cast<T>(y + std::log(x) - 0.5 / x - series);
}

/// Derivative of digamma, by the same means. Abramowitz and Stegun 6.4.6, 6.4.7, 6.4.12.
template <typename T>
MX_HOST_DEVICE T trigamma(T value) {
  double x = static_cast<double>(value), y = 0, sign = 1;
  if (x <= 0 && x == std::floor(x)) return std::numeric_limits<T>::infinity();
  if (x < 0) {
    const double s = std::sin(kPi * x);
    y = kPi * kPi / (s * s);
    x = 1 - x;
    sign = -1;
  }
  for (; x < 10; x += 1) y += sign / (x * x);
  const double z = 1 / (x * x);
  const double series =
      z * (1.0 / 6 - z * (1.0 / 30 - z * (1.0 / 42 - z * (1.0 / 30 - z * (5.0 / 66)))));
  return static_cast<T>(y + sign * (1 + 0.5 / x + series) / x);
}

/// Inverse of erf: Winitzki's approximation, made exact by Halley's method on erfc.
template <typename T>
MX_HOST_DEVICE T erf_inverse(T value) {
  const double x = static_cast<double>(value), a = std::abs(x);
  if (!(a < 1)) {
    const double limit =
        a == 1 ? std::numeric_limits<double>::infinity() : std::numeric_limits<double>::quiet_NaN();
    return static_cast<T>(x < 0 ? -limit : limit);
  }
  const double l = std::log((1 - a) * (1 + a)), t = 2 / (kPi * 0.147) + l / 2;
  double y = std::sqrt(std::sqrt(t * t - l / 0.147) - t);
  for (int i = 0; i < 3; ++i) {
    const double error = (1 - a) - std::erfc(y);  // erf(y) - a without cancellation
    const double step = error * 0.88622692545275801 * std::exp(y * y);
    y -= step / (1 + y * step);
  }
  return static_cast<T>(x < 0 ? -y : y);
}

/// The same in float: x times a polynomial of w = -log(1 - x^2), or near 1 of its root, both fitted
/// to the relative error (Giles 2012). Without branches, so that loops are vectorised; the error is
/// below 4 ulp.
MX_HOST_DEVICE inline float erf_inverse(float x) {
  const float w = -log((1.0f - x) * (1.0f + x));
  const float u = w - 2.5f;
  float p = -8.79100177e-9f;
  p = p * u + 2.32326705e-8f;
  p = p * u + 4.66169933e-7f;
  p = p * u - 3.46270501e-6f;
  p = p * u - 4.96334463e-6f;
  p = p * u + 2.1834444e-4f;
  p = p * u - 1.25274188e-3f;
  p = p * u - 4.17738678e-3f;
  p = p * u + 2.46640286e-1f;
  p = p * u + 1.50140936f;
  const float v = std::sqrt(w) - 3.0f;
  float q = -1.65431877e-4f;
  q = q * v + 8.61134722e-5f;
  q = q * v + 1.30022744e-3f;
  q = q * v - 3.66014295e-3f;
  q = q * v + 5.76179878e-3f;
  q = q * v - 7.62530283e-3f;
  q = q * v + 9.43562245e-3f;
  q = q * v + 1.00167418f;
  q = q * v + 2.83297699f;
  const float size = x < 0.0f ? -x : x;
  const float factor = size == 1.0f ? __builtin_huge_valf() : w < 5.0f ? p : q;
  return x * factor;
}

}  // namespace mx::math
