// dot and batch_dot as matrix products.
#include "ops/matrix/dot.h"

#include "backend/cpu/gemm.h"
#include "backend/cpu/matrix_lanes.h"
#include "dispatch/kernel.h"

namespace mx::cpu {
namespace {

using Sizes = DotSizes (*)(const Shape&, const Shape&, const DotParam&);

template <Sizes sizes_of>
void product(const Params& params, KernelContext&, Inputs in, Outputs out) {
  const auto& p = params.as<DotParam>();
  const DotSizes s = sizes_of(in[0].shape, in[1].shape, p);
  visit_floating(out[0].dtype, "dot", [&](auto tag) {
    using T = typename decltype(tag)::type;
    const auto one = [&](int64_t i) {
      gemm<T>(s.m, s.n, s.k,
              matrix_view<const T>(in[0].as<T>() + i * s.m * s.k, p.transpose_a ? s.m : s.k,
                                   p.transpose_a),
              matrix_view<const T>(in[1].as<T>() + i * s.k * s.n, p.transpose_b ? s.k : s.n,
                                   p.transpose_b),
              matrix_view(out[0].as<T>() + i * s.m * s.n, s.n));
    };
    const double cost = 0.05 * static_cast<double>(s.m * s.n * s.k + 1);
    parallel_for(s.batch, grain_for(cost), [&](int64_t begin, int64_t end) {
      for (int64_t i = begin; i < end; ++i) one(i);
    });
  });
}

/// Where making ready a library's product costs more than computing it.
template <Sizes sizes_of>
const char* refuse_large(const KernelQuery& query) {
  const auto& p = query.params.as<DotParam>();
  const DotSizes s = sizes_of(query.in[0].shape, query.in[1].shape, p);
  return s.batch * s.m * s.n * s.k <= 16384 ? nullptr : "is for small products";
}

/// Some columns of a row of c = a b, from column j on: elements of a are read for all of them.
template <int64_t columns, typename V>
void multiply_row(int64_t k, const V* a, int64_t a_step, MatrixView<const V> b, int64_t j, V* c) {
  V sums[columns] = {};
  for (int64_t p = 0; p < k; ++p)
    for (int64_t t = 0; t < columns; ++t) sums[t] += a[p * a_step] * b.at(p, j + t);
  std::copy_n(sums, columns, c + j);
}

/// c (m x n) = a (m x k) times b (k x n) of a group.
template <typename V>
void multiply_group(const DotSizes& s, MatrixView<const V> a, MatrixView<const V> b, V* c) {
  for (int64_t i = 0; i < s.m; ++i, c += s.n) {
    const V* row = &a.at(i, 0);
    int64_t j = 0;
    for (; j + 4 <= s.n; j += 4) multiply_row<4>(s.k, row, a.column, b, j, c);
    for (; j < s.n; ++j) multiply_row<1>(s.k, row, a.column, b, j, c);
  }
}

void product_of_groups(const Params& params, KernelContext&, Inputs in, Outputs out) {
  const auto& p = params.as<DotParam>();
  const DotSizes s = batch_dot_sizes(in[0].shape, in[1].shape, p);
  const auto run = [&]<typename T>(TypeTag<T>) {
    const auto operations = static_cast<double>(s.m * s.n * s.k);
    for_each_group<T>(s.batch, operations, [&](const MatrixGroup<T>& group) {
      using V = Lanes<T>;
      V a[kSmallMatrix], b[kSmallMatrix], c[kSmallMatrix];
      group.read(in[0].as<T>(), s.m * s.k, a);
      group.read(in[1].as<T>(), s.k * s.n, b);
      multiply_group<V>(s, matrix_view<const V>(a, p.transpose_a ? s.m : s.k, p.transpose_a),
                        matrix_view<const V>(b, p.transpose_b ? s.k : s.n, p.transpose_b), c);
      group.write(c, s.m * s.n, out[0].as<T>());
    });
  };
  out[0].dtype == DType::kFloat64 ? run(TypeTag<double>{}) : run(TypeTag<float>{});
}

/// Where a library spends more on going from matrix to matrix than on their products.
const char* refuse_groups(const KernelQuery& query) {
  const DType dtype = query.out[0].dtype;
  if (dtype != DType::kFloat32 && dtype != DType::kFloat64) return "is for float32 and float64";
  const auto& p = query.params.as<DotParam>();
  const DotSizes s = batch_dot_sizes(query.in[0].shape, query.in[1].shape, p);
  const bool is_small = std::max({s.m * s.k, s.k * s.n, s.m * s.n}) <= kSmallMatrix;
  return is_small && s.batch >= 4 ? nullptr : "is for many small products";
}

const KernelBuilder k1 = KernelBuilder("dot", "native").run(product<dot_sizes>);
const KernelBuilder k2 = KernelBuilder("batch_dot", "native").run(product<batch_dot_sizes>);
const KernelBuilder k3 = KernelBuilder("dot", "small")
                             .run(product<dot_sizes>)
                             .refuse(refuse_large<dot_sizes>)
                             .priority(kTunedPriority);
const KernelBuilder k4 = KernelBuilder("batch_dot", "small")
                             .run(product<batch_dot_sizes>)
                             .refuse(refuse_large<batch_dot_sizes>)
                             .priority(kTunedPriority);
const KernelBuilder k5 = KernelBuilder("batch_dot", "groups")
                             .run(product_of_groups)
                             .refuse(refuse_groups)
                             .priority(kTunedPriority + 1);

}  // namespace
}  // namespace mx::cpu
