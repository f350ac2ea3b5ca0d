#pragma once
#include <algorithm>
#include <cmath>

#include "backend/cpu/lapack/lapack.h"
#include "dispatch/kernel.h"

namespace mx::cpu::lapack {

/// Calls f(TypeTag<T>{}) for the dtypes of the library.
template <typename F>
void visit(DType dtype, F&& f) {
  if (dtype == DType::kFloat32)
    f(TypeTag<float>{});
  else
    f(TypeTag<double>{});
}

/// Calls body(i) for each of `count` matrices, which costs about `operations` for one, in parallel.
/// One large matrix is computed by the library's own threads.
template <typename F>
void for_each_matrix(int64_t count, double operations, const F& body) {
  constexpr double kLarge = 4e6;
  const LibraryThreads threads(count == 1 && operations > kLarge ? parallel_threads() : 1);
  parallel_for(count, grain_for(0.3 * operations + 200), [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; ++i) body(i);
  });
}

/// Square matrices in the last two axes.
struct SquareBatch {
  int64_t n, count;
  explicit SquareBatch(const Shape& shape)
      : n(shape.back()), count(shape.size(0, shape.ndim() - 2)) {}
  int64_t size() const { return n * n; }
  double cube() const { return std::pow(static_cast<double>(n), 3); }
};

/// Copies the elements, unless both tensors are the same memory.
template <typename T>
void copy_elements(const T* from, T* to, int64_t count) {
  if (from != to) std::copy_n(from, count, to);
}

}  // namespace mx::cpu::lapack
