#pragma once
#include <cstdint>

#include "base/dtype.h"

namespace mx::cpu {

/// A matrix inside an array: element (i, j) is data[i * row + j * column].
template <typename T>
struct MatrixView {
  T* data;
  int64_t row, column;

  T& at(int64_t i, int64_t j) const { return data[i * row + j * column]; }
  MatrixView transposed() const { return {data, column, row}; }
};

/// Row-major matrix with `columns` columns, or its transpose.
template <typename T>
MatrixView<T> matrix_view(T* data, int64_t columns, bool transposed = false) {
  return transposed ? MatrixView<T>{data, 1, columns} : MatrixView<T>{data, columns, 1};
}

/// c (m x n) = a (m x k) times b (k x n), added to c with `accumulate`. Any strides; sums are kept
/// in AccumulateType<T>. Cost: 2 m n k operations; blocked for the caches, parallel over blocks of
/// c. Instantiated for every dtype.
template <typename T>
void gemm(int64_t m, int64_t n, int64_t k, MatrixView<const T> a, MatrixView<const T> b,
          MatrixView<T> c, bool accumulate = false);

}  // namespace mx::cpu
