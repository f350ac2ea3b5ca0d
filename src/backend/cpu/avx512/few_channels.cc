#include "backend/cpu/avx512/few_channels.h"

#include <utility>

#include "backend/cpu/avx512/finish.h"
#include "backend/cpu/avx512/tile_gemm.h"

namespace mx::avx512::few_channels {
namespace {

/// Rows of the image that a block of results reads, and floats of a padded row.
int64_t rows_read(const Problem& p) { return (kRowsOfBlock - 1) * p.stride[0] + p.kernel[0]; }
int64_t padded_width(const Problem& p) { return (p.out.width - 1) * p.stride[1] + p.kernel[1]; }

/// Copies rows [top, top + rows_read) of all channels; zeros outside of the image.
void copy_rows(const Problem& p, int64_t sample, int64_t top, float* to) {
  const int64_t width = padded_width(p), left = p.pad[1];
  const int64_t filled = left + p.width < width ? p.width : width - left;
  for (int64_t c = 0; c < p.channels; ++c) {
    for (int64_t i = 0; i < rows_read(p); ++i, to += width) {
      const int64_t y = top + i;
      if (y < 0 || y >= p.height || filled <= 0) {
        std::memset(to, 0, static_cast<size_t>(width) * sizeof(float));
        continue;
      }
      const float* from = p.data + ((sample * p.channels + c) * p.height + y) * p.width;
      std::memset(to, 0, static_cast<size_t>(left) * sizeof(float));
      std::memcpy(to + left, from, static_cast<size_t>(filled) * sizeof(float));
      std::memset(to + left + filled, 0,
                  static_cast<size_t>(width - left - filled) * sizeof(float));
    }
  }
}

/// One group of results: `rows` are the padded rows of the first channel at the first result.
struct Group {
  const float* rows;
  int64_t plane, width;  ///< strides of channels and rows
  const float* panel;
  int64_t filter, offset;  ///< the panel's first filter, the first result's place in the output
};

/// R results side by side, V vectors of filters, kept in registers over all products.
template <int R, int V>
void convolve_group(const Problem& p, const Group& group) {
  Vector sum[R][V] = {};
  const float* b = group.panel;
  const int64_t stride = p.stride[1];
  for (int64_t c = 0; c < p.channels; ++c) {
    for (int64_t ky = 0; ky < p.kernel[0]; ++ky) {
      const float* a = group.rows + c * group.plane + ky * group.width;
      for (int64_t kx = 0; kx < p.kernel[1]; ++kx, b += V * kLanes) {
        Vector w[V];
#pragma GCC unroll 4
        for (int v = 0; v < V; ++v) w[v] = load(b + v * kLanes);
#pragma GCC unroll 12
        for (int r = 0; r < R; ++r) {
          const Vector x = broadcast(a[r * stride + kx]);
#pragma GCC unroll 4
          for (int v = 0; v < V; ++v) sum[r][v] += x * w[v];
        }
      }
    }
  }
  const Finish& finish = p.finish;
#pragma GCC unroll 4
  for (int v = 0; v < V; ++v) {
    const Vector bias = finish.bias ? load(finish.bias + group.filter + v * kLanes) : Vector{};
    float* out = p.out.data + group.offset + (group.filter / kLanes + v) * p.out.group;
#pragma GCC unroll 12
    for (int r = 0; r < R; ++r) store(out + r * p.out.pixel, finished(sum[r][v] + bias, finish));
  }
}

using Convolve = void (*)(const Problem&, const Group&);

template <int V, size_t... R>
constexpr auto table_of(std::index_sequence<R...>) {
  struct Table {
    Convolve of_results[sizeof...(R)];
  };
  return Table{{convolve_group<static_cast<int>(R) + 1, V>...}};
}

template <int V>
void convolve_row(const Problem& p, Group group) {
  constexpr int kMost = kMaxRows[V];
  static constexpr auto table = table_of<V>(std::make_index_sequence<kMost>());
  const int64_t groups = (p.out.width + kMost - 1) / kMost;
  const float* rows = group.rows;
  const int64_t offset = group.offset;
  for (int64_t i = 0; i < groups; ++i) {
    const int64_t x = p.out.width * i / groups, count = p.out.width * (i + 1) / groups - x;
    group.rows = rows + x * p.stride[1];
    group.offset = offset + x * p.out.pixel;
    table.of_results[count - 1](p, group);
  }
}

}  // namespace

int64_t scratch_size(const Problem& p) { return p.channels * rows_read(p) * padded_width(p); }

void run_block(const Problem& p, int64_t sample, int64_t first, const float* weights,
               float* scratch) {
  static constexpr void (*kRow[])(const Problem&, Group) = {
      nullptr, convolve_row<1>, convolve_row<2>, convolve_row<3>, convolve_row<4>};
  copy_rows(p, sample, first * p.stride[0] - p.pad[0], scratch);
  const Panels panels(p.filters);
  const int64_t end = first + kRowsOfBlock < p.out.height ? first + kRowsOfBlock : p.out.height;
  for (int64_t i = 0; i < panels.count; ++i) {
    Group group{};
    group.width = padded_width(p);
    group.plane = rows_read(p) * group.width;
    group.filter = panels.begin(i);
    group.panel = weights + group.filter * p.depth();
    for (int64_t y = first; y < end; ++y) {
      group.rows = scratch + (y - first) * p.stride[0] * group.width;
      group.offset = sample * p.out.sample + y * p.out.row;
      kRow[panels.width(i) / kLanes](p, group);
    }
  }
}

}  // namespace mx::avx512::few_channels
