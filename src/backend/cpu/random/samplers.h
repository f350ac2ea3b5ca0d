#pragma once
#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "dispatch/random_state.h"
#include "ops/random/distribution.h"

/// One number of each distribution from a stream, as docs/random.md defines it. Real is the
/// precision of the draws; parameters are float32. The order of operations counts.
namespace mx::sampler {

/// Two standard normal numbers by the polar method.
template <typename Real>
std::pair<Real, Real> normal_pair(RandomStream& stream) {
  for (;;) {
    const Real x = 2 * stream.uniform<Real>() - 1;
    const Real y = 2 * stream.uniform<Real>() - 1;
    const Real square = x * x + y * y;
    if (!(square > 0 && square <= 1)) continue;
    const Real scale = std::sqrt(-2 * std::log(square) / square);
    return {y * scale, x * scale};
  }
}

/// The first of a pair; the second is thrown away.
template <typename Real>
Real standard_normal(RandomStream& stream) {
  return normal_pair<Real>(stream).first;
}

/// What n calls of standard_normal would give. A pair of uniforms makes one number at most, so that
/// as many pairs as numbers are wanted can be drawn at once without drawing too many; the logarithm
/// alone is taken one by one, by the C library's function, whose last bits count.
template <typename Real>
void standard_normals(RandomStream& stream, Real* numbers, int64_t n) {
  constexpr int64_t kBlock = 256;
  Real drawn[2 * kBlock], squares[kBlock], y[kBlock];
  while (n > 0) {
    const int64_t pairs = std::min(n, kBlock);
    stream.uniforms(drawn, 2 * pairs);
    for (int64_t i = 0; i < pairs; ++i) {
      const Real a = 2 * drawn[2 * i] - 1;
      y[i] = 2 * drawn[2 * i + 1] - 1;
      squares[i] = a * a + y[i] * y[i];
    }
    int64_t kept = 0;
    for (int64_t i = 0; i < pairs; ++i) {  // without a branch, which could not be foreseen
      const Real square = squares[i];
      squares[kept] = square;
      y[kept] = y[i];
      kept += static_cast<int64_t>((square > 0) & (square <= 1));
    }
    Real* logs = drawn;
    for (int64_t i = 0; i < kept; ++i) logs[i] = std::log(squares[i]);
    for (int64_t i = 0; i < kept; ++i) numbers[i] = y[i] * std::sqrt(-2 * logs[i] / squares[i]);
    numbers += kept;
    n -= kept;
  }
}

/// Uniform in [0, count), as the C++ library of MXNet 1.9.1 draws it.
inline int64_t below(RandomStream& stream, int64_t count) {
  const auto n = static_cast<uint32_t>(count);
  const uint32_t scale = 0xFFFFFFFFu / n;
  for (;;) {
    const uint32_t word = stream.word();
    if (word < n * scale) return word / scale;
  }
}

/// Gamma by rejection (Marsaglia and Tsang 2000). Parameters that make no distribution give NaN
/// and an infinite alpha infinity; the rejection would not end for them.
template <typename Real>
Real gamma(RandomStream& stream, float given_alpha, float beta) {
  if (!(given_alpha >= 0)) return std::numeric_limits<Real>::quiet_NaN();
  if (std::isinf(given_alpha)) return std::numeric_limits<Real>::infinity();
  const Real alpha = given_alpha;
  const double wide = static_cast<double>(alpha);
  const Real d = static_cast<Real>(alpha < 1 ? wide + 2.0 / 3.0 : wide - 1.0 / 3.0);
  const Real k = std::sqrt(9 * d), c = 1 / k;
  Real v;
  for (;;) {
    const Real z = standard_normal<Real>(stream);
    if (z <= -k) continue;
    const Real x = 1 + c * z;
    v = x * x * x;
    const Real bound = static_cast<Real>(0.5) * z * z + d * (1 - v + std::log(v));
    if (std::log(1 - stream.uniform<Real>()) < bound) break;
  }
  const Real sample = d * v * static_cast<Real>(beta);
  if (alpha >= 1) return sample;
  const double power =
      std::pow(static_cast<double>(stream.uniform<Real>()), static_cast<double>(1 / alpha));
  return static_cast<Real>(static_cast<double>(sample) * power);
}

/// Poisson: a product of uniforms for small rates, rejection for others. For rates above about 1e7
/// the densities in float are too rough to reject by, so that it may not end: after kMostRejected
/// rounds the normal distribution, which cannot be told apart there, takes over.
inline float poisson(RandomStream& stream, float rate) {
  if (rate < 12) {
    const float bound = std::exp(-rate);
    float count = 0, product = stream.uniform<float>();
    for (; product > bound; ++count) product *= stream.uniform<float>();
    return count;
  }
  if (!(rate <= std::numeric_limits<float>::max())) return rate;  // NaN or infinite
  constexpr int kMostRejected = 1000;
  const float width = std::sqrt(2 * rate), log_rate = std::log(rate);
  const float g = rate * log_rate - std::lgamma(rate + 1);
  for (int round = 0; round < kMostRejected; ++round) {
    const float y = std::tan(3.1415926f * stream.uniform<float>());
    float count = width * y + rate;
    if (!(count >= 0)) continue;
    count = std::floor(count);
    const float density = std::exp(count * log_rate - std::lgamma(count + 1) - g);
    if (stream.uniform<float>() <= 0.9f * (1 + y * y) * density) return count;
  }
  const float z = standard_normal<float>(stream);
  return std::max(0.0f, std::floor(rate + std::sqrt(rate) * z));
}

/// Distributions whose numbers are standard ones moved and scaled; those are drawn many at a time.
template <typename Real>
void draw_standard(distribution::Uniform, RandomStream& stream, Real* numbers, int64_t n) {
  stream.uniforms(numbers, n);
}
template <typename Real>
Real from_standard(distribution::Uniform, Real number, float low, float high) {
  const float width = high - low;
  return static_cast<Real>(low) + static_cast<Real>(width) * number;
}

template <typename Real>
void draw_standard(distribution::Normal, RandomStream& stream, Real* numbers, int64_t n) {
  standard_normals(stream, numbers, n);
}
template <typename Real>
Real from_standard(distribution::Normal, Real number, float loc, float scale) {
  return number * static_cast<Real>(scale) + static_cast<Real>(loc);
}

template <typename D>
concept HasStandard = requires(D d) {
  from_standard(d, 0.0f, 0.0f, 0.0f);
};

template <typename Real>
double draw(distribution::Exponential, RandomStream& stream, float lam, float) {
  return -std::log(1.0 - static_cast<double>(stream.uniform<Real>())) / static_cast<double>(lam);
}

template <typename Real>
double draw(distribution::Gamma, RandomStream& stream, float alpha, float beta) {
  return gamma<Real>(stream, alpha, beta);
}

template <typename Real>
double draw(distribution::Poisson, RandomStream& stream, float lam, float) {
  return poisson(stream, lam);
}

template <typename Real>
double draw(distribution::NegativeBinomial, RandomStream& stream, float k, float p) {
  return poisson(stream, gamma<float>(stream, k, (1 - p) / p));
}

template <typename Real>
double draw(distribution::GeneralizedNegativeBinomial, RandomStream& stream, float mu,
            float alpha) {
  if (alpha == 0) return poisson(stream, mu);
  return poisson(stream, gamma<float>(stream, 1 / alpha, alpha * mu));
}

/// Precision of the draws behind an output of type T.
template <typename D, typename T>
using RealFor =
    std::conditional_t<std::is_same_v<T, double> ||
                           (std::is_same_v<T, float16> && !std::is_same_v<D, distribution::Gamma>),
                       double, float>;

/// A drawn number in the output's type; half types are rounded to float first.
template <typename T>
T rounded(double value) {
  if constexpr (std::is_same_v<T, double>)
    return value;
  else
    return static_cast<T>(static_cast<float>(value));
}

}  // namespace mx::sampler
