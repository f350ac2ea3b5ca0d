// im2col and col2im walk along the last axis: the windows whose element k lies on data are a range,
// and with a stride of 1 they are copied, or added, as one run.
#include "ops/nn/conv/im2col.h"

#include <algorithm>

#include "backend/common/window_grid.h"
#include "backend/cpu/common/gradient_sums.h"
#include "dispatch/kernel.h"

namespace mx::cpu {
namespace {

struct Range {
  int64_t first, last;
};

/// Windows whose element k lies on data, along the last axis.
Range windows_on_data(const WindowGrid& g, int64_t k) {
  const int64_t start = g.place(2, 0, k), stride = g.stride[2];
  const int64_t first = start >= 0 ? 0 : (-start + stride - 1) / stride;
  const int64_t behind = g.in[2] - start;
  const int64_t last = behind <= 0 ? 0 : (behind - 1) / stride + 1;
  return {std::min(first, g.out[2]), std::clamp(last, first, std::max(first, g.out[2]))};
}

/// Calls line(start on data or -1, first output) for the lines of windows of element k of a plane.
template <typename F>
void for_each_line(const WindowGrid& g, int64_t k, const F& line) {
  const int64_t kx = k % g.kernel[2], ky = k / g.kernel[2] % g.kernel[1];
  const int64_t kz = k / g.kernel[2] / g.kernel[1];
  const Range range = windows_on_data(g, kx);
  int64_t out = 0;
  for (int64_t oz = 0; oz < g.out[0]; ++oz)
    for (int64_t oy = 0; oy < g.out[1]; ++oy, out += g.out[2]) {
      const int64_t z = g.place(0, oz, kz), y = g.place(1, oy, ky);
      const bool inside = z >= 0 && z < g.in[0] && y >= 0 && y < g.in[1];
      const int64_t start = (z * g.in[1] + y) * g.in[2] + g.place(2, 0, kx);
      line(start, out, inside ? range : Range{0, 0});
    }
}

template <typename T>
void gather_row(const WindowGrid& g, int64_t k, const T* plane, T* row) {
  for_each_line(g, k, [&](int64_t start, int64_t out, Range range) {
    T* target = row + out;
    std::fill_n(target, range.first, static_cast<T>(0));
    if (g.stride[2] == 1)
      std::copy_n(plane + start + range.first, range.last - range.first, target + range.first);
    else
      for (int64_t o = range.first; o < range.last; ++o) target[o] = plane[start + o * g.stride[2]];
    std::fill(target + range.last, target + g.out[2], static_cast<T>(0));
  });
}

template <typename T, typename C>
void scatter_row(const WindowGrid& g, int64_t k, const T* row, C* plane) {
  for_each_line(g, k, [&](int64_t start, int64_t out, Range range) {
    for (int64_t o = range.first; o < range.last; ++o)
      plane[start + o * g.stride[2]] += static_cast<C>(row[out + o]);
  });
}

void im2col(const Params& params, KernelContext&, Inputs in, Outputs out) {
  const WindowGrid grid(params.as<Im2ColParam>(), in[0].shape.data() + 2);
  const int64_t rows = out[0].shape[0] * out[0].shape[1], window = grid.kernel_size();
  if (out[0].size() == 0) return;
  visit_floating(in[0].dtype, "im2col", [&]<typename T>(TypeTag<T>) {
    parallel_for(rows, grain_for(0.5 * static_cast<double>(grid.out_size()) + 20),
                 [&](int64_t begin, int64_t end) {
                   for (int64_t r = begin; r < end; ++r)
                     gather_row(grid, r % window, in[0].as<T>() + r / window * grid.in_size(),
                                out[0].as<T>() + r * grid.out_size());
                 });
  });
}

void col2im(const Params& params, KernelContext& context, Inputs in, Outputs out) {
  const WindowGrid grid(params.as<Col2ImParam>(), out[0].shape.data() + 2);
  if (out[0].size() == 0) return;
  const int64_t planes = out[0].shape[0] * out[0].shape[1], window = grid.kernel_size();
  const int64_t size = grid.in_size();
  visit_floating(in[0].dtype, "col2im", [&]<typename T>(TypeTag<T>) {
    const GradientSums<T> sums(out[0], *context.scratch);
    const double cost = static_cast<double>(window * grid.out_size() + size);
    parallel_for(planes, grain_for(0.5 * cost), [&](int64_t begin, int64_t end) {
      sums.clear(begin * size, end * size);
      for (int64_t r = begin * window; r < end * window; ++r)
        scatter_row(grid, r % window, in[0].as<T>() + r * grid.out_size(),
                    sums.data() + r / window * size);
      sums.take(begin * size, end * size);
    });
  });
}

const KernelBuilder k1 = KernelBuilder("im2col", "native").run(im2col);
const KernelBuilder k2 = KernelBuilder("col2im", "native").run(col2im);

}  // namespace
}  // namespace mx::cpu
