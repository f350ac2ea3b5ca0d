#pragma once
#include "backend/cpu/rows.h"

namespace mx::cpu {

struct Moments {
  double mean, variance;
};

/// Mean and variance of a row, without loss where the mean is far from zero: both are taken of the
/// distances from the mean's approximation.
template <typename C>
Moments row_moments(const C* x, int64_t n) {
  const double count = static_cast<double>(n);
  const C near = static_cast<C>(sum_lanes<C>(n, [&](int64_t i) { return x[i]; }) / count);
  const double rest = sum_lanes<C>(n, [&](int64_t i) { return x[i] - near; }) / count;
  const double squares =
      sum_lanes<C>(n, [&](int64_t i) { return (x[i] - near) * (x[i] - near); }) / count;
  return {static_cast<double>(near) + rest, std::max(squares - rest * rest, 0.0)};
}

/// The same for every column.
template <typename C>
void column_moments(const C* x, const Columns& c, C* mean, double* variance) {
  const double count = static_cast<double>(c.length);
  double sum[Columns::kMaxWidth];
  sum_columns<C>(
      c, [&](int64_t i, int64_t j) { return x[i * c.step + j]; }, sum);
  for (int64_t j = 0; j < c.width; ++j) mean[j] = static_cast<C>(sum[j] / count);
  const auto distance = [&](int64_t i, int64_t j) { return x[i * c.step + j] - mean[j]; };
  sum_columns<C>(c, distance, sum);
  sum_columns<C>(
      c, [&](int64_t i, int64_t j) { return distance(i, j) * distance(i, j); }, variance);
  for (int64_t j = 0; j < c.width; ++j) {
    const double rest = sum[j] / count;
    variance[j] = std::max(variance[j] / count - rest * rest, 0.0);
    mean[j] = static_cast<C>(static_cast<double>(mean[j]) + rest);
  }
}

}  // namespace mx::cpu
