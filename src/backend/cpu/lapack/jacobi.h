#pragma once
// Eigenvectors of a group of small symmetric matrices by Jacobi's rotations: each makes one pair of
// elements zero, and what is left beside the diagonal shrinks with every sweep over all pairs.
#include <limits>

#include "backend/cpu/lapack/lanes.h"

namespace mx::cpu::lanes {

/// Tangent of the smaller angle by which rows and columns p and q are turned; 0 where the pair is
/// 0.
template <typename V>
V tangent(V a_pp, V a_pq, V a_qq) {
  const V one = all_lanes<V>(1);
  const V theta = (a_qq - a_pp) / (a_pq + a_pq);
  const V size = one / (absolute(theta) + square_root(theta * theta + one));
  return a_pq == 0 ? V{} : theta < 0 ? -size : size;
}

/// Turns two rows of n vectors, which lie `step` apart.
template <typename V>
void turn(int64_t n, int64_t step, V cosine, V sine, V* a, V* b) {
  for (int64_t i = 0; i < n * step; i += step) {
    const V x = a[i], y = b[i];
    a[i] = cosine * x - sine * y;
    b[i] = sine * x + cosine * y;
  }
}

template <typename V>
void sweep(int64_t n, V* matrix, V* vectors) {
  const V one = all_lanes<V>(1);
  for (int64_t p = 0; p < n; ++p)
    for (int64_t q = p + 1; q < n; ++q) {
      const V t = tangent(matrix[p * (n + 1)], matrix[p * n + q], matrix[q * (n + 1)]);
      const V cosine = one / square_root(t * t + one), sine = t * cosine;
      turn(n, n, cosine, sine, matrix + p, matrix + q);
      turn(n, 1, cosine, sine, matrix + p * n, matrix + q * n);
      matrix[p * n + q] = matrix[q * n + p] = V{};
      turn(n, 1, cosine, sine, vectors + p * n, vectors + q * n);
    }
}

/// Lanes of 1 where something that counts is left beside the diagonal, or nothing is known of it.
template <typename V>
V unfinished(int64_t n, const V* matrix) {
  V beside{}, on{};
  for (int64_t i = 0; i < n; ++i)
    for (int64_t j = 0; j < n; ++j) (i == j ? on : beside) += absolute(matrix[i * n + j]);
  const V limit = on * std::numeric_limits<ElementOf<V>>::epsilon();
  const V marks = beside <= limit ? V{} : all_lanes<V>(1);
  return beside == 0 ? V{} : marks;
}

template <typename V>
bool any_marked(const V& marks) {
  bool any = false;
  for (size_t i = 0; i < sizeof(V) / sizeof(marks[0]); ++i) any |= marks[i] != 0;
  return any;
}

/// Rows in the order of their values, each turned so that its element of the largest size is
/// positive.
template <typename V>
void sort_rows(int64_t n, V* values, V* rows) {
  for (int64_t i = 0; i < n; ++i) {
    for (int64_t j = i + 1; j < n; ++j) {
      const auto mask = values[j] < values[i];
      exchange(mask, 1, 1, values + i, values + j);
      exchange(mask, n, 1, rows + i * n, rows + j * n);
    }
    V largest = rows[i * n];
    for (int64_t j = 1; j < n; ++j)
      largest = absolute(rows[i * n + j]) > absolute(largest) ? rows[i * n + j] : largest;
    for (int64_t j = 0; j < n; ++j)
      rows[i * n + j] = largest < 0 ? -rows[i * n + j] : rows[i * n + j];
  }
}

/// A symmetric matrix, whose lower triangle is looked at, becomes its eigenvectors, one in each
/// row, in the order of the eigenvalues, which grow. Returns 1 in lanes where they were not found,
/// else 0.
template <typename V>
V eigen(int64_t n, V* matrix, V* values) {
  constexpr int kMostSweeps = 30;  // about six are needed
  V vectors[kSmallMatrix] = {};
  for (int64_t i = 0; i < n; ++i) {
    vectors[i * (n + 1)] = all_lanes<V>(1);
    for (int64_t j = 0; j < i; ++j) matrix[j * n + i] = matrix[i * n + j];
  }
  V failed = unfinished(n, matrix);
  for (int i = 0; i < kMostSweeps && any_marked(failed); ++i) {
    sweep(n, matrix, vectors);
    failed = unfinished(n, matrix);
  }
  for (int64_t i = 0; i < n; ++i) values[i] = matrix[i * (n + 1)];
  sort_rows(n, values, vectors);
  std::copy_n(vectors, n * n, matrix);
  return failed;
}

}  // namespace mx::cpu::lanes
