#include "backend/cpu/tuned/outer_gemm.h"

#include <array>
#include <utility>

#include "backend/cpu/tuned/tile_gemm.h"
#include "backend/cpu/tuned/vector.h"

namespace mx::tuned {
namespace {

/// The operands of a product, at the first element of what is computed.
struct Operands {
  int64_t depth;
  const float* a;
  int64_t a_stride;
  const float* b;
  int64_t b_stride;
  float* out;
  int64_t out_stride;
  bool accumulate;
};

/// R rows of the result times V vectors, kept in registers over the whole depth.
template <int R, int V>
void multiply_block(const Operands& p) {
  Vector sum[R][V] = {};
  const float *a = p.a, *b = p.b;
  for (int64_t d = 0; d < p.depth; ++d, a += p.a_stride, b += p.b_stride) {
    Vector values[V];
#pragma GCC unroll 4
    for (int v = 0; v < V; ++v) values[v] = load(b + v * kLanes);
#pragma GCC unroll 12
    for (int r = 0; r < R; ++r) {
      const Vector x = broadcast(a[r]);
#pragma GCC unroll 4
      for (int v = 0; v < V; ++v) sum[r][v] += x * values[v];
    }
  }
#pragma GCC unroll 12
  for (int r = 0; r < R; ++r)
#pragma GCC unroll 4
    for (int v = 0; v < V; ++v) {
      float* to = p.out + r * p.out_stride + v * kLanes;
      store(to, p.accumulate ? load(to) + sum[r][v] : sum[r][v]);
    }
}

using Block = void (*)(const Operands&);

template <int V, size_t... R>
constexpr auto blocks_of(std::index_sequence<R...>) {
  struct Table {
    Block of_rows[sizeof...(R)];
  };
  return Table{{multiply_block<static_cast<int>(R) + 1, V>...}};
}

template <int V>
void multiply(int64_t rows, Operands operands) {
  static constexpr auto table = blocks_of<V>(std::make_index_sequence<kMaxRows[V]>());
  const int64_t groups = (rows + kMaxRows[V] - 1) / kMaxRows[V];
  const float* a = operands.a;
  float* out = operands.out;
  for (int64_t i = 0; i < groups; ++i) {
    const int64_t first = rows * i / groups, count = rows * (i + 1) / groups - first;
    operands.a = a + first;
    operands.out = out + first * operands.out_stride;
    table.of_rows[count - 1](operands);
  }
}

template <size_t... I>
constexpr auto of_vectors(std::index_sequence<I...>) {
  return std::array{multiply<static_cast<int>(I) + 1>...};
}

}  // namespace

void multiply_transposed(int64_t rows, int64_t width, int64_t depth, const float* a,
                         int64_t a_stride, const float* b, int64_t b_stride, float* out,
                         int64_t out_stride, bool accumulate) {
  static constexpr auto multiply_by = of_vectors(std::make_index_sequence<kMostVectors>());
  multiply_by[static_cast<size_t>(width / kLanes - 1)](
      rows, Operands{depth, a, a_stride, b, b_stride, out, out_stride, accumulate});
}

}  // namespace mx::tuned
