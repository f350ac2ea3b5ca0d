#include "backend/cpu/avx512/tile_gemm.h"

#include <utility>

#include "backend/cpu/avx512/vector.h"

namespace mx::avx512 {
namespace {

/// R rows times V vectors of the panel, kept in registers over the whole depth.
template <int R, int V>
void multiply_block(int64_t depth, const float* a, int64_t a_stride, const float* panel, float* out,
                    int64_t out_stride) {
  Vector sum[R][V] = {};
  for (int64_t c = 0; c < depth; ++c) {
    Vector b[V];
#pragma GCC unroll 4
    for (int v = 0; v < V; ++v) b[v] = load(panel + (c * V + v) * kLanes);
#pragma GCC unroll 12
    for (int r = 0; r < R; ++r) {
      const Vector x = broadcast(a[r * a_stride + c]);
#pragma GCC unroll 4
      for (int v = 0; v < V; ++v) sum[r][v] += x * b[v];
    }
  }
#pragma GCC unroll 12
  for (int r = 0; r < R; ++r)
#pragma GCC unroll 4
    for (int v = 0; v < V; ++v) store(out + r * out_stride + v * kLanes, sum[r][v]);
}

using Block = void (*)(int64_t, const float*, int64_t, const float*, float*, int64_t);

template <int V, size_t... R>
constexpr auto blocks_of(std::index_sequence<R...>) {
  struct Table {
    Block row[sizeof...(R)];
  };
  return Table{{multiply_block<static_cast<int>(R) + 1, V>...}};
}

/// Most rows whose sums, with the panel's vectors, fit into 32 registers.
constexpr int kMaxRows[] = {0, 12, 12, 9, 6};

template <int V>
void multiply(int64_t rows, int64_t depth, const float* a, int64_t a_stride, const float* panel,
              float* out, int64_t out_stride) {
  static constexpr auto table = blocks_of<V>(std::make_index_sequence<kMaxRows[V]>());
  const int64_t groups = (rows + kMaxRows[V] - 1) / kMaxRows[V];
  for (int64_t i = 0; i < groups; ++i) {
    const int64_t first = rows * i / groups, count = rows * (i + 1) / groups - first;
    table.row[count - 1](depth, a + first * a_stride, a_stride, panel, out + first * out_stride,
                         out_stride);
  }
}

}  // namespace

void multiply_panel(int64_t rows, int64_t width, int64_t depth, const float* a, int64_t a_stride,
                    const float* panel, float* out, int64_t out_stride) {
  switch (width / kLanes) {
    case 1:
      return multiply<1>(rows, depth, a, a_stride, panel, out, out_stride);
    case 2:
      return multiply<2>(rows, depth, a, a_stride, panel, out, out_stride);
    case 3:
      return multiply<3>(rows, depth, a, a_stride, panel, out, out_stride);
    default:
      return multiply<4>(rows, depth, a, a_stride, panel, out, out_stride);
  }
}

}  // namespace mx::avx512
