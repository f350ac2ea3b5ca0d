#pragma once
#include <cmath>
#include <utility>
#include <vector>

#include "backend/cpu/random/samplers.h"
#include "ops/random/numpy_distribution.h"

/// Numbers of the distributions of mx.np from the single stream, as docs/random.md defines them:
/// all standard numbers of a call are drawn first.
namespace mx::sampler {

/// Normal numbers of which both partners of a pair are used.
template <typename Real>
void paired_normals(RandomStream& stream, Real* numbers, int64_t n) {
  for (int64_t i = 0; i < n; i += 2) {
    const std::pair<Real, Real> both = normal_pair<Real>(stream);
    numbers[i] = both.first;
    if (i + 1 < n) numbers[i + 1] = both.second;
  }
}

/// What numbers are made of: uniform ones, or normal ones.
template <typename D>
void basic_numbers(D, RandomStream& stream, float* numbers, int64_t n) {
  stream.uniforms(numbers, n);
}
inline void basic_numbers(numpy_distribution::Normal, RandomStream& stream, float* numbers,
                          int64_t n) {
  paired_normals(stream, numbers, n);
}
/// One more is drawn than is used.
inline void basic_numbers(numpy_distribution::Power, RandomStream& stream, float* numbers,
                          int64_t n) {
  stream.uniforms(numbers, n);
  stream.uniform<float>();
}

/// A number of location 0 and scale 1 from a basic one. `is_number` tells that the scale is no
/// array, which makes the exponential distribution more precise.
inline double standard(numpy_distribution::Normal, float z, bool) { return z; }
inline double standard(numpy_distribution::Gumbel, float u, bool) {
  return static_cast<float>(-std::log(-std::log(static_cast<double>(u))));
}
inline double standard(numpy_distribution::Logistic, float u, bool) {
  const double rest = 1.0f - u;
  return static_cast<float>(std::log(static_cast<double>(u)) - std::log(rest));
}
inline double standard(numpy_distribution::Exponential, float u, bool is_number) {
  return is_number ? -std::log(static_cast<double>(u)) : static_cast<double>(-std::log(u));
}
inline double standard(numpy_distribution::Rayleigh, float u, bool) {
  return static_cast<float>(std::sqrt(-2.0 * std::log(static_cast<double>(u))));
}

/// A number of the other distributions from a basic one and the parameters.
inline float from_basic(numpy_distribution::Uniform, float u, float low, float high, bool) {
  return low + (high - low) * u;
}
inline float from_basic(numpy_distribution::Pareto, float u, float a, float, bool is_number) {
  const double power = is_number ? -std::log(static_cast<double>(u)) / static_cast<double>(a)
                                 : static_cast<double>(-std::log(u) / a);
  return static_cast<float>(std::exp(power) - 1.0);
}
inline float from_basic(numpy_distribution::Weibull, float u, float a, float, bool) {
  return std::pow(-std::log(u), 1.0f / a);
}
inline float from_basic(numpy_distribution::Power, float u, float a, float, bool) {
  return std::pow(1.0f - u, 1.0f / a);
}

/// One candidate of the gamma distribution (Marsaglia and Tsang 2000) from its standard numbers, in
/// double, but for a power in float; a negative one where it is rejected.
inline double gamma_candidate(double u, double boost, double z, float shape, float scale) {
  const double alpha = shape;
  const double d = alpha < 1 ? alpha + 2.0 / 3.0 : alpha - 1.0 / 3.0;
  const double k = std::sqrt(9.0 * d), c = 1.0 / k;
  if (!(z > -k)) return -1;
  const double x = 1.0 + c * z, v = x * x * x;
  if (!(std::log(u) < 0.5 * z * z + d * (1.0 - v + std::log(v)))) return -1;
  const double sample = d * v * static_cast<double>(scale);
  if (alpha >= 1) return sample;
  return sample * static_cast<double>(std::pow(static_cast<float>(boost), 1.0f / shape));
}

/// Rounds of two uniform and two normal numbers for each sample, of which the second normal one is
/// not used, until every sample has a candidate that is not rejected.
template <typename Parameters>
std::vector<double> numpy_gammas(RandomStream& stream, size_t n, const Parameters& parameters) {
  std::vector<double> samples(n, -1), uniforms(2 * n), normals(2 * n);
  for (bool is_done = n == 0; !is_done;) {
    stream.uniforms(uniforms.data(), static_cast<int64_t>(2 * n));
    paired_normals(stream, normals.data(), static_cast<int64_t>(2 * n));
    is_done = true;
    for (size_t i = 0; i < n; ++i) {
      if (samples[i] >= 0) continue;
      const std::pair<float, float> both = parameters(i);
      samples[i] = gamma_candidate(uniforms[2 * i], uniforms[2 * i + 1], normals[2 * i], both.first,
                                   both.second);
      is_done &= samples[i] >= 0;
    }
  }
  return samples;
}

}  // namespace mx::sampler
