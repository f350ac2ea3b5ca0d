#pragma once
#include <algorithm>
#include <cmath>

#include "backend/cpu/lapack/lapack.h"
#include "backend/cpu/matrix_lanes.h"
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

/// Calls body(group, n, vectors of its elements) for groups of small matrices.
template <typename T, typename F>
void for_each_small(const Tensor& matrices, const F& body) {
  const SquareBatch batch(matrices.shape);
  for_each_group<T>(batch.count, batch.cube(), [&](const MatrixGroup<T>& group) {
    Lanes<T> elements[kSmallMatrix];
    group.read(matrices.as<T>(), batch.size(), elements);
    body(group, batch.n, elements);
  });
}

/// Small matrices by change(n, vectors of the elements of a group), which returns a vector that is
/// not zero in the lanes of those for which on_failure(i, matrix, size) says what is made of them.
template <typename Change, typename OnFailure>
void map_small(const Tensor& in, const Tensor& out, const Change& change,
               const OnFailure& on_failure) {
  visit(out.dtype, [&]<typename T>(TypeTag<T>) {
    for_each_small<T>(in, [&](const MatrixGroup<T>& group, int64_t n, Lanes<T>* elements) {
      const Lanes<T> failed = change(n, elements);
      group.write(elements, n * n, out.as<T>());
      group.for_each_marked(failed,
                            [&](int64_t i) { on_failure(i, out.as<T>() + i * n * n, n * n); });
    });
  });
}

/// A kernel for small square matrices as input 0.
inline KernelBuilder small_kernel(const char* op, KernelFn run) {
  return KernelBuilder(op, "small")
      .run(run)
      .refuse([](const KernelQuery& query) {
        return query.in[0].shape.back() <= kMostSmallRows ? nullptr : "is for small matrices";
      })
      .priority(kTunedPriority);
}

/// Copies the elements, unless both tensors are the same memory.
template <typename T>
void copy_elements(const T* from, T* to, int64_t count) {
  if (from != to) std::copy_n(from, count, to);
}

}  // namespace mx::cpu::lapack
