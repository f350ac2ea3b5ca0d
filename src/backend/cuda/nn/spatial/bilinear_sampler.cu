// BilinearSampler: a thread for each value that is read, and backward for each point of the grid.
// The gradient of data is one thread's per plane: sums then have one order and no atomic additions.
#include "backend/common/sampling.h"
#include "backend/cuda/device_loops.cuh"
#include "backend/cuda/gpu_kernel.h"
#include "backend/cuda/launch.h"

namespace mx::cuda {
namespace {

struct Sizes {
  int64_t channels, height, width, points;
  Sizes(const Tensor& data, const Tensor& grid)
      : channels(data.shape[1]),
        height(data.shape[2]),
        width(data.shape[3]),
        points(grid.shape[2] * grid.shape[3]) {}
  __device__ int64_t pixels() const { return height * width; }
};

template <typename C>
__device__ BilinearPoint<C> point_of(const Sizes& s, const void* grid, DType dtype, int64_t image,
                                     int64_t i) {
  const int64_t x = image * 2 * s.points + i;
  return {grid_pixel(load_as<C>(grid, dtype, x + s.points), s.height),
          grid_pixel(load_as<C>(grid, dtype, x), s.width), s.height, s.width};
}

template <typename C>
__global__ void sample(Sizes s, const void* data, const void* grid, void* out, DType dtype,
                       int64_t n) {
  for (int64_t i = thread_number(); i < n; i += thread_count()) {
    const int64_t plane = divide(i, s.points);
    const auto p = point_of<C>(s, grid, dtype, divide(plane, s.channels), i - plane * s.points);
    C sum = 0;
    for (int k = 0; k < 4; ++k)
      if (p.weight[k] != 0)
        sum += load_as<C>(data, dtype, plane * s.pixels() + p.at[k]) * p.weight[k];
    store_as<C>(out, dtype, i, sum);
  }
}

template <typename C>
__global__ void data_gradient(Sizes s, const void* d_out, const void* grid, C* sums, DType dtype,
                              int64_t planes) {
  for (int64_t plane = thread_number(); plane < planes; plane += thread_count()) {
    C* target = sums + plane * s.pixels();
    for (int64_t i = 0; i < s.pixels(); ++i) target[i] = 0;
    for (int64_t i = 0; i < s.points; ++i) {
      const auto p = point_of<C>(s, grid, dtype, divide(plane, s.channels), i);
      const C d = load_as<C>(d_out, dtype, plane * s.points + i);
      for (int k = 0; k < 4; ++k) target[p.at[k]] += d * p.weight[k];
    }
  }
}

template <typename C>
__global__ void narrow(const C* sums, void* out, DType dtype, int64_t n) {
  for (int64_t i = thread_number(); i < n; i += thread_count()) store_as<C>(out, dtype, i, sums[i]);
}

template <typename C>
__global__ void grid_gradient(Sizes s, const void* d_out, const void* data, const void* grid,
                              void* d_grid, DType dtype, int64_t n) {
  for (int64_t i = thread_number(); i < n; i += thread_count()) {
    const int64_t image = divide(i, s.points), at = i - image * s.points;
    const auto p = point_of<C>(s, grid, dtype, image, at);
    C d_y = 0, d_x = 0;
    for (int64_t plane = image * s.channels; plane < (image + 1) * s.channels; ++plane) {
      const C d = load_as<C>(d_out, dtype, plane * s.points + at);
      for (int k = 0; k < 4; ++k) {
        const C pixel = load_as<C>(data, dtype, plane * s.pixels() + p.at[k]) * d;
        d_y += pixel * p.d_y[k];
        d_x += pixel * p.d_x[k];
      }
    }
    const int64_t x = image * 2 * s.points + at;
    store_as<C>(d_grid, dtype, x, d_x * static_cast<C>(s.width - 1) / 2);
    store_as<C>(d_grid, dtype, x + s.points, d_y * static_cast<C>(s.height - 1) / 2);
  }
}

const char* refuse_empty(const KernelQuery& query) {
  for (const TensorDesc& in : query.in)
    if (in.shape.size() == 0) return "arrays of size 0";
  return nullptr;
}

void sampler(const Params&, KernelContext& context, Inputs in, Outputs out) {
  const Sizes s(in[0], in[1]);
  const int64_t n = out[0].size();
  const auto loop = out[0].dtype == DType::kFloat64 ? sample<double> : sample<float>;
  launch(context, loop, blocks_for(n), kBlockThreads, s, in[0].data, in[1].data, out[0].data,
         out[0].dtype, n);
}

template <typename C>
void sampler_backward_as(KernelContext& context, Inputs in, Outputs out) {
  const Sizes s(in[1], in[2]);
  const DType dtype = in[1].dtype;
  if (context.wants(0)) {
    const int64_t n = out[0].size(), planes = in[1].shape[0] * s.channels;
    const bool direct = dtype == DTypeOf<C>::value;
    C* sums = direct ? out[0].as<C>() : context.scratch->get_array<C>(n);
    launch(context, data_gradient<C>, blocks_for(planes), kBlockThreads, s, in[0].data, in[2].data,
           sums, dtype, planes);
    if (!direct)
      launch(context, narrow<C>, blocks_for(n), kBlockThreads, sums, out[0].data, dtype, n);
  }
  if (!context.wants(1)) return;
  const int64_t n = in[1].shape[0] * s.points;
  launch(context, grid_gradient<C>, blocks_for(n), kBlockThreads, s, in[0].data, in[1].data,
         in[2].data, out[1].data, dtype, n);
}

void sampler_backward(const Params&, KernelContext& context, Inputs in, Outputs out) {
  const bool wide = in[1].dtype == DType::kFloat64;
  (wide ? sampler_backward_as<double> : sampler_backward_as<float>)(context, in, out);
}

const GpuKernel k1 = GpuKernel("BilinearSampler", "native").refuse(refuse_empty).run(sampler);
const GpuKernel k2 =
    GpuKernel("_backward_BilinearSampler", "native").refuse(refuse_empty).run(sampler_backward);

}  // namespace
}  // namespace mx::cuda
