#pragma once
// What LAPACK does to one matrix, done to a group of small ones, whose elements are vectors with a
// lane for each: for a matrix of a few rows a call of the library costs more than the computation.
// Where one matrix exchanges rows and another does not, each lane takes its own.
#include <cmath>
#include <type_traits>

#include "backend/cpu/matrix_lanes.h"

namespace mx::cpu::lanes {

template <typename V>
using ElementOf = std::remove_cvref_t<decltype(V{}[0])>;

template <typename V>
V all_lanes(int64_t value) {
  return V{} + static_cast<ElementOf<V>>(value);
}

template <typename V>
V square_root(V x) {
  for (size_t i = 0; i < sizeof(V) / sizeof(x[0]); ++i) x[i] = std::sqrt(x[i]);
  return x;
}

template <typename V>
V absolute(V x) {
  return x < 0 ? -x : x;
}

/// Exchanges n vectors, which lie `step` apart, in the lanes where `mask` holds.
template <typename V, typename Mask>
void exchange(const Mask& mask, int64_t n, int64_t step, V* a, V* b) {
  for (int64_t i = 0; i < n * step; i += step) {
    const V x = a[i], y = b[i];
    a[i] = mask ? y : x;
    b[i] = mask ? x : y;
  }
}

/// Exchanges rows so that of column k, from row k on, the element of the largest size stands first;
/// returns the row in which it was.
template <typename V>
V exchange_rows(int64_t n, int64_t k, V* matrix) {
  V most = absolute(matrix[k * n + k]), from = all_lanes<V>(k);
  for (int64_t i = k + 1; i < n; ++i) {
    const V size = absolute(matrix[i * n + k]);
    from = size > most ? all_lanes<V>(i) : from;
    most = size > most ? size : most;
  }
  for (int64_t i = k + 1; i < n; ++i)
    exchange(from == all_lanes<V>(i), n, 1, matrix + k * n, matrix + i * n);
  return from;
}

/// The upper triangle becomes that of the factors P A = L U. Returns -1 in lanes with an odd number
/// of exchanges, else 1.
template <typename V>
V lu(int64_t n, V* matrix) {
  const V one = all_lanes<V>(1);
  V sign = one;
  for (int64_t k = 0; k < n; ++k) {
    const V from = exchange_rows(n, k, matrix);
    sign = from == all_lanes<V>(k) ? sign : -sign;
    const V* pivots = matrix + k * n;
    const V scale = pivots[k] == 0 ? V{} : one / pivots[k];  // below a zero all are zero
    for (int64_t i = k + 1; i < n; ++i) {
      V* row = matrix + i * n;
      const V factor = row[k] * scale;
      for (int64_t j = k + 1; j < n; ++j) row[j] -= factor * pivots[j];
    }
  }
  return sign;
}

/// The inverse in place, by Gauss and Jordan with exchanges of rows. Returns 1 in lanes that have
/// none, else 0.
template <typename V>
V invert(int64_t n, V* matrix) {
  const V one = all_lanes<V>(1);
  V singular{}, from[kMostSmallRows];
  for (int64_t k = 0; k < n; ++k) {
    from[k] = exchange_rows(n, k, matrix);
    V* pivots = matrix + k * n;
    singular = pivots[k] == 0 ? one : singular;
    const V scale = one / pivots[k];
    pivots[k] = one;
    for (int64_t j = 0; j < n; ++j) pivots[j] *= scale;
    for (int64_t i = 0; i < n; ++i) {
      if (i == k) continue;
      V* row = matrix + i * n;
      const V factor = row[k];
      row[k] = V{};
      for (int64_t j = 0; j < n; ++j) row[j] -= factor * pivots[j];
    }
  }
  for (int64_t k = n - 1; k >= 0; --k)
    for (int64_t j = k + 1; j < n; ++j)
      exchange(from[k] == all_lanes<V>(j), n, n, matrix + k, matrix + j);
  return singular;
}

/// The lower triangle of a symmetric matrix becomes its Cholesky factor, the upper one zero.
/// Returns 1 in lanes that are not positive definite, else 0.
template <typename V>
V cholesky(int64_t n, V* matrix) {
  V failed{};
  for (int64_t j = 0; j < n; ++j) {
    const V* left = matrix + j * n;
    for (int64_t i = j; i < n; ++i) {
      V* row = matrix + i * n;
      V sum = row[j];
      for (int64_t k = 0; k < j; ++k) sum -= row[k] * left[k];
      if (i == j) failed = sum > 0 ? failed : all_lanes<V>(1);
      row[j] = i == j ? square_root(sum) : sum / left[j];
    }
    for (int64_t i = 0; i < j; ++i) matrix[i * n + j] = V{};
  }
  return failed;
}

/// Solves A X = B with a triangle of A (n x n); x (n x columns) holds B and gets X.
template <typename V>
void solve_triangular(bool lower, int64_t n, int64_t columns, MatrixView<const V> a,
                      MatrixView<V> x) {
  for (int64_t step = 0; step < n; ++step) {
    const int64_t i = lower ? step : n - 1 - step;
    const int64_t begin = lower ? 0 : i + 1, end = lower ? i : n;
    const V scale = all_lanes<V>(1) / a.at(i, i);
    for (int64_t j = 0; j < columns; ++j) {
      V sum = x.at(i, j);
      for (int64_t k = begin; k < end; ++k) sum -= a.at(i, k) * x.at(k, j);
      x.at(i, j) = sum * scale;
    }
  }
}

/// A lower Cholesky factor becomes the inverse of the matrix that it factorizes. Returns 1 in lanes
/// with a zero on the diagonal, else 0.
template <typename V>
V inverse_of_cholesky(int64_t n, V* factor) {
  V failed{}, inverse[kSmallMatrix] = {};
  for (int64_t i = 0; i < n; ++i) {
    failed = factor[i * (n + 1)] == 0 ? all_lanes<V>(1) : failed;
    inverse[i * (n + 1)] = all_lanes<V>(1);
  }
  solve_triangular<V>(true, n, n, {factor, n, 1}, {inverse, n, 1});
  for (int64_t i = 0; i < n; ++i)
    for (int64_t j = 0; j <= i; ++j) {
      V sum{};
      for (int64_t k = i; k < n; ++k) sum += inverse[k * n + i] * inverse[k * n + j];
      factor[i * n + j] = factor[j * n + i] = sum;
    }
  return failed;
}

}  // namespace mx::cpu::lanes
