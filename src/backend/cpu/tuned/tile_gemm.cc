#include "backend/cpu/tuned/tile_gemm.h"

#include <array>
#include <utility>

#include "backend/cpu/tuned/finish.h"

namespace mx::tuned {
namespace {

/// R rows times V vectors of the panel, kept in registers over the whole depth. Only the first
/// `last` lanes of the last vector are results.
template <int R, int V>
void multiply_block(int64_t depth, int64_t last, const float* a, int64_t a_stride,
                    const float* panel, float* out, int64_t out_stride, const Finish* finish) {
  const auto is_part = [last](int v) { return v == V - 1 && last < kLanes; };
  const auto load_results = [&](const float* from, int v) {
    return is_part(v) ? load_first(from, last) : load(from);
  };
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
  if (finish) {
    Vector bias[V] = {};
    if (finish->bias)
#pragma GCC unroll 4
      for (int v = 0; v < V; ++v) bias[v] = load_results(finish->bias + v * kLanes, v);
#pragma GCC unroll 12
    for (int r = 0; r < R; ++r)
#pragma GCC unroll 4
      for (int v = 0; v < V; ++v) {
        sum[r][v] += bias[v];
        if (finish->added)
          sum[r][v] += load_results(finish->added + r * out_stride + v * kLanes, v);
        sum[r][v] = finished(sum[r][v], *finish);
      }
  }
#pragma GCC unroll 4
  for (int v = 0; v < V; ++v) {
    float* to = out + v * kLanes;
    if (is_part(v))
#pragma GCC unroll 12
      for (int r = 0; r < R; ++r) store_first(to + r * out_stride, sum[r][v], last);
    else
#pragma GCC unroll 12
      for (int r = 0; r < R; ++r) store(to + r * out_stride, sum[r][v]);
  }
}

using Block = void (*)(int64_t, int64_t, const float*, int64_t, const float*, float*, int64_t,
                       const Finish*);

template <int V, size_t... R>
constexpr auto blocks_of(std::index_sequence<R...>) {
  struct Table {
    Block row[sizeof...(R)];
  };
  return Table{{multiply_block<static_cast<int>(R) + 1, V>...}};
}

template <int V>
void multiply(int64_t rows, int64_t width, int64_t depth, const float* a, int64_t a_stride,
              const float* panel, float* out, int64_t out_stride, const Finish* finish) {
  static constexpr auto table = blocks_of<V>(std::make_index_sequence<kMaxRows[V]>());
  const int64_t groups = (rows + kMaxRows[V] - 1) / kMaxRows[V];
  Finish moved = finish ? *finish : Finish();
  for (int64_t i = 0; i < groups; ++i) {
    const int64_t first = rows * i / groups, count = rows * (i + 1) / groups - first;
    if (moved.added) moved.added = finish->added + first * out_stride;
    table.row[count - 1](depth, width - (V - 1) * kLanes, a + first * a_stride, a_stride, panel,
                         out + first * out_stride, out_stride, finish ? &moved : nullptr);
  }
}

template <size_t... I>
constexpr auto of_vectors(std::index_sequence<I...>) {
  return std::array{multiply<static_cast<int>(I) + 1>...};
}

}  // namespace

void multiply_panel(int64_t rows, int64_t width, int64_t depth, const float* a, int64_t a_stride,
                    const float* panel, float* out, int64_t out_stride, const Finish* finish) {
  static constexpr auto multiply_by = of_vectors(std::make_index_sequence<kMostVectors>());
  multiply_by[static_cast<size_t>((width - 1) / kLanes)](rows, width, depth, a, a_stride, panel,
                                                         out, out_stride, finish);
}

void pack_panel(const float* matrix, int64_t columns, int64_t depth, int64_t i, float* packed) {
  const Panels panels(columns);
  const int64_t begin = panels.begin(i), width = panels.width(i);
  float* to = packed + begin * depth;
  for (int64_t d = 0; d < depth; ++d, to += width)
    for (int64_t k = 0; k < width; ++k)
      to[k] = begin + k < columns ? matrix[(begin + k) * depth + d] : 0.0f;
}

}  // namespace mx::tuned
