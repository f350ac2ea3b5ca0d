// A triangle is kept row by row when it is the lower one and column by column when it is the upper.
#include "ops/linalg/triangle.h"

#include <algorithm>
#include <span>
#include <vector>

#include "backend/cpu/matrix_lanes.h"
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

/// The place in a matrix of each element of a vector. Small matrices are copied by it, without
/// loops over short runs; it is empty for others.
std::vector<int32_t> places_if_small(const TriangleParam& p, int64_t n, int64_t length) {
  if (n > kMostSmallRows) return {};
  std::vector<int32_t> places(static_cast<size_t>(length));
  for_each_run(p, n, [&](int64_t place, int64_t step, int64_t at, int64_t count) {
    for (int64_t i = 0; i < count; ++i)
      places[static_cast<size_t>(at + i)] = static_cast<int32_t>(place + i * step);
  });
  return places;
}

/// Calls copy(element of a matrix, element of its vector) for each pair.
template <typename T, typename F>
void for_each_pair(const TriangleParam& p, int64_t n, std::span<const int32_t> places, T* matrix,
                   T* vector, const F& copy) {
  for (const int32_t place : places) copy(matrix[place], *vector++);
  if (!places.empty()) return;
  for_each_run(p, n, [&](int64_t place, int64_t step, int64_t at, int64_t length) {
    for (int64_t i = 0; i < length; ++i) copy(matrix[place + i * step], vector[at + i]);
  });
}

void extract(const Params& params, KernelContext&, Inputs in, Outputs out) {
  const auto& p = params.as<TriangleParam>();
  const int64_t n = in[0].shape.back();
  const auto places = places_if_small(p, n, out[0].shape.back());
  visit_floating(in[0].dtype, "_linalg_extracttrian", [&]<typename T>(TypeTag<T>) {
    for_each_matrix<T>(in[0], out[0], [&](T* matrix, T* vector) {
      for_each_pair(p, n, places, matrix, vector, [](T from, T& to) { to = from; });
    });
  });
}

void make(const Params& params, KernelContext&, Inputs in, Outputs out) {
  const auto& p = params.as<TriangleParam>();
  const int64_t n = out[0].shape.back();
  const auto places = places_if_small(p, n, in[0].shape.back());
  visit_floating(in[0].dtype, "_linalg_maketrian", [&]<typename T>(TypeTag<T>) {
    for_each_matrix<T>(out[0], in[0], [&](T* matrix, T* vector) {
      std::fill_n(matrix, n * n, T(0));
      for_each_pair(p, n, places, matrix, vector, [](T& to, T from) { to = from; });
    });
  });
}

const KernelBuilder k1 = KernelBuilder("_linalg_extracttrian", "native").run(extract);
const KernelBuilder k2 = KernelBuilder("_linalg_maketrian", "native").run(make);

}  // namespace
}  // namespace mx::cpu
