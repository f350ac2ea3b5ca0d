// Correlation: a thread for each place and displacement; backward one for each pixel of a gradient,
// which gathers from the windows that hold it.
#include "backend/common/correlation_grid.h"
#include "backend/cuda/device_loops.cuh"
#include "backend/cuda/gpu_kernel.h"
#include "backend/cuda/launch.h"
#include "ops/nn/spatial/correlation.h"

namespace mx::cuda {
namespace {

/// A pixel of a plane, whose places count from the border; zero outside.
template <typename C>
__device__ C pixel(const CorrelationGrid& g, const void* data, DType dtype, int64_t plane,
                   int64_t y, int64_t x) {
  y -= g.pad, x -= g.pad;
  const bool inside = y >= 0 && y < g.height && x >= 0 && x < g.width;
  return inside ? load_as<C>(data, dtype, plane * g.pixels() + y * g.width + x) : C(0);
}

template <typename C>
__global__ void correlate(const __grid_constant__ CorrelationGrid g, const void* data1,
                          const void* data2, void* out, DType dtype, int64_t n) {
  for (int64_t at = thread_number(); at < n; at += thread_count()) {
    const int64_t line = divide(at, g.out_width), map = divide(line, g.out_height);
    const int64_t i = line - map * g.out_height, j = at - line * g.out_width;
    const int64_t image = divide(map, g.displacements()), d = map - image * g.displacements();
    C sum = 0;
    for (int64_t c = image * g.channels; c < (image + 1) * g.channels; ++c)
      for (int64_t k = 0; k < g.kernel * g.kernel; ++k) {
        const int64_t y = g.place(i, k / g.kernel), x = g.place(j, k % g.kernel);
        const C a = pixel<C>(g, data1, dtype, c, y, x);
        const C b = pixel<C>(g, data2, dtype, c, y + g.down(d), x + g.right(d));
        sum += g.multiplies ? a * b : a > b ? a - b : b - a;
      }
    store_as<C>(out, dtype, at, sum / static_cast<C>(g.divisor()));
  }
}

/// The gradient of data1, or of data2 with `of_second`.
template <typename C>
__global__ void gradient(const __grid_constant__ CorrelationGrid g, bool of_second,
                         const void* d_out, const void* data1, const void* data2, void* d_data,
                         DType dtype, int64_t n) {
  for (int64_t at = thread_number(); at < n; at += thread_count()) {
    const int64_t line = divide(at, g.width), plane = divide(line, g.height);
    const int64_t image = divide(plane, g.channels);
    const int64_t y = line - plane * g.height + g.pad, x = at - line * g.width + g.pad;
    C sum = 0;
    for (int64_t d = 0; d < g.displacements(); ++d) {
      // The pixel of data1 whose partner, or which itself, this one is.
      const int64_t y1 = of_second ? y - g.down(d) : y, x1 = of_second ? x - g.right(d) : x;
      const C a = pixel<C>(g, data1, dtype, plane, y1, x1);
      const C b = pixel<C>(g, data2, dtype, plane, y1 + g.down(d), x1 + g.right(d));
      const C sign = (a >= b) != of_second ? C(1) : C(-1);
      const C slope = g.multiplies ? (of_second ? a : b) : sign;
      for (int64_t k = 0; k < g.kernel * g.kernel; ++k) {
        const int64_t down = y1 - g.place(0, k / g.kernel), right = x1 - g.place(0, k % g.kernel);
        if (down < 0 || right < 0 || down % g.step != 0 || right % g.step != 0) continue;
        const int64_t i = down / g.step, j = right / g.step;
        if (i >= g.out_height || j >= g.out_width) continue;
        const int64_t map = image * g.displacements() + d;
        sum += slope * load_as<C>(d_out, dtype, (map * g.out_height + i) * g.out_width + j);
      }
    }
    store_as<C>(d_data, dtype, at, sum / static_cast<C>(g.divisor()));
  }
}

void correlation(const Params& params, KernelContext& context, Inputs in, Outputs out) {
  const CorrelationGrid g(params.as<CorrelationParam>(), in[0].shape.data(), out[0].shape.data());
  const int64_t n = out[0].size();
  if (n == 0) return;
  const auto loop = out[0].dtype == DType::kFloat64 ? correlate<double> : correlate<float>;
  launch(context, loop, blocks_for(n), kBlockThreads, g, in[0].data, in[1].data, out[0].data,
         out[0].dtype, n);
}

void correlation_backward(const Params& params, KernelContext& context, Inputs in, Outputs out) {
  const CorrelationGrid g(params.as<CorrelationParam>(), in[1].shape.data(), in[0].shape.data());
  const int64_t n = in[1].size();
  if (n == 0) return;
  const auto loop = in[1].dtype == DType::kFloat64 ? gradient<double> : gradient<float>;
  for (size_t o : {0u, 1u})
    if (context.wants(o))
      launch(context, loop, blocks_for(n), kBlockThreads, g, o == 1, in[0].data, in[1].data,
             in[2].data, out[o].data, out[o].dtype, n);
}

const GpuKernel k1 = GpuKernel("Correlation", "native").run(correlation);
const GpuKernel k2 = GpuKernel("_backward_Correlation", "native").run(correlation_backward);

}  // namespace
}  // namespace mx::cuda
