// A triangle is kept row by row when it is the lower one and column by column when it is the upper.
#include "ops/linalg/triangle.h"

#include <algorithm>

#include "dispatch/kernel.h"

namespace mx::cpu {
namespace {

using linalg::TriangleParam;

/// Calls run(place in the n x n matrix, step there, place in the vector, length) for each row of a
/// lower triangle and each column of an upper one.
template <typename F>
void for_each_run(const TriangleParam& p, int64_t n, const F& run) {
  const int64_t away = p.distance();
  for (int64_t r = 0, at = 0; r < n - away; at += ++r)
    run(p.is_lower() ? (r + away) * n : r + away, p.is_lower() ? 1 : n, at, r + 1);
}

/// Calls body(matrix, vector) for each pair.
template <typename T, typename F>
void for_each_matrix(const Tensor& matrices, const Tensor& vectors, const F& body) {
  const int64_t n = matrices.shape.back(), length = vectors.shape.back();
  if (matrices.size() == 0) return;
  parallel_for(matrices.size() / (n * n), grain_for(0.5 * static_cast<double>(n * n)),
               [&](int64_t begin, int64_t end) {
                 for (int64_t i = begin; i < end; ++i)
                   body(matrices.as<T>() + i * n * n, vectors.as<T>() + i * length);
               });
}

void extract(const Params& params, KernelContext&, Inputs in, Outputs out) {
  const auto& p = params.as<TriangleParam>();
  const int64_t n = in[0].shape.back();
  visit_floating(in[0].dtype, "_linalg_extracttrian", [&]<typename T>(TypeTag<T>) {
    for_each_matrix<T>(in[0], out[0], [&](const T* matrix, T* vector) {
      for_each_run(p, n, [&](int64_t place, int64_t step, int64_t at, int64_t length) {
        for (int64_t i = 0; i < length; ++i) vector[at + i] = matrix[place + i * step];
      });
    });
  });
}

void make(const Params& params, KernelContext&, Inputs in, Outputs out) {
  const auto& p = params.as<TriangleParam>();
  const int64_t n = out[0].shape.back();
  visit_floating(in[0].dtype, "_linalg_maketrian", [&]<typename T>(TypeTag<T>) {
    for_each_matrix<T>(out[0], in[0], [&](T* matrix, const T* vector) {
      std::fill_n(matrix, n * n, T(0));
      for_each_run(p, n, [&](int64_t place, int64_t step, int64_t at, int64_t length) {
        for (int64_t i = 0; i < length; ++i) matrix[place + i * step] = vector[at + i];
      });
    });
  });
}

const KernelBuilder k1 = KernelBuilder("_linalg_extracttrian", "native").run(extract);
const KernelBuilder k2 = KernelBuilder("_linalg_maketrian", "native").run(make);

}  // namespace
}  // namespace mx::cpu
