// GridGenerator: a thread for each coordinate; backward a block for each row of a matrix.
#include "backend/common/sampling.h"
#include "backend/cuda/device_loops.cuh"
#include "backend/cuda/gpu_kernel.h"
#include "backend/cuda/launch.h"
#include "ops/nn/spatial/grid_generator.h"

namespace mx::cuda {
namespace {

struct GridSizes {
  int64_t height, width;
  explicit GridSizes(const Shape& grid) : height(grid[2]), width(grid[3]) {}
  __device__ int64_t size() const { return height * width; }
};

struct Sum {
  __device__ double operator()(double a, double b) const { return a + b; }
};

/// Rows of matrices are (batch, 2, 3), planes of the grid (batch, 2, height, width).
template <typename C>
__global__ void affine_grid(GridSizes s, const void* matrices, void* grid, DType dtype, int64_t n) {
  for (int64_t i = thread_number(); i < n; i += thread_count()) {
    const int64_t plane = divide(i, s.size()), pixel = i - plane * s.size();
    const int64_t row = divide(pixel, s.width);
    const C x = grid_coordinate(static_cast<C>(pixel - row * s.width), s.width);
    const C y = grid_coordinate(static_cast<C>(row), s.height);
    const auto m = [&](int64_t k) { return load_as<C>(matrices, dtype, 3 * plane + k); };
    store_as<C>(grid, dtype, i, m(0) * x + (m(1) * y + m(2)));
  }
}

template <typename C>
__global__ void affine_gradient(GridSizes s, const void* d_grid, void* d_matrices, DType dtype) {
  const int64_t plane = blockIdx.x;
  double d_x = 0, d_y = 0, d_one = 0;
  for (int64_t i = threadIdx.x; i < s.size(); i += blockDim.x) {
    const int64_t row = divide(i, s.width);
    const C d = load_as<C>(d_grid, dtype, plane * s.size() + i);
    d_x += d * grid_coordinate(static_cast<C>(i - row * s.width), s.width);
    d_y += d * grid_coordinate(static_cast<C>(row), s.height);
    d_one += d;
  }
  d_x = merge_block(d_x, Sum{});
  d_y = merge_block(d_y, Sum{});
  d_one = merge_block(d_one, Sum{});
  if (threadIdx.x != 0) return;
  store_as<C>(d_matrices, dtype, 3 * plane, static_cast<C>(d_x));
  store_as<C>(d_matrices, dtype, 3 * plane + 1, static_cast<C>(d_y));
  store_as<C>(d_matrices, dtype, 3 * plane + 2, static_cast<C>(d_one));
}

/// Grids of flows, or their gradients.
template <typename C>
__global__ void warp_loop(GridSizes s, bool is_gradient, const void* in, void* out, DType dtype,
                          int64_t n) {
  for (int64_t i = thread_number(); i < n; i += thread_count()) {
    const int64_t plane = divide(i, s.size()), pixel = i - plane * s.size();
    const int64_t row = divide(pixel, s.width);
    const bool is_x = plane % 2 == 0;
    const int64_t size = is_x ? s.width : s.height;
    const C value = load_as<C>(in, dtype, i);
    const C place = static_cast<C>(is_x ? pixel - row * s.width : row);
    store_as<C>(out, dtype, i,
                is_gradient ? value * grid_step<C>(size) : grid_coordinate(value + place, size));
  }
}

bool is_affine(const Params& params) {
  return params.as<GridGeneratorParam>().transform_type == TransformType::kAffine;
}

template <typename C>
void grid_as(const Params& params, KernelContext& context, Inputs in, Outputs out) {
  const GridSizes sizes(out[0].shape);
  const int64_t n = out[0].size();
  if (is_affine(params))
    launch(context, affine_grid<C>, blocks_for(n), kBlockThreads, sizes, in[0].data, out[0].data,
           out[0].dtype, n);
  else
    launch(context, warp_loop<C>, blocks_for(n), kBlockThreads, sizes, false, in[0].data,
           out[0].data, out[0].dtype, n);
}

template <typename C>
void grid_backward_as(const Params& params, KernelContext& context, Inputs in, Outputs out) {
  const GridSizes sizes(in[0].shape);
  const int64_t n = in[0].size();
  if (is_affine(params))
    launch(context, affine_gradient<C>, static_cast<unsigned>(2 * in[0].shape[0]), kBlockThreads,
           sizes, in[0].data, out[0].data, out[0].dtype);
  else
    launch(context, warp_loop<C>, blocks_for(n), kBlockThreads, sizes, true, in[0].data,
           out[0].data, out[0].dtype, n);
}

void grid(const Params& params, KernelContext& context, Inputs in, Outputs out) {
  if (out[0].size() == 0) return;
  const bool wide = out[0].dtype == DType::kFloat64;
  (wide ? grid_as<double> : grid_as<float>)(params, context, in, out);
}

void grid_backward(const Params& params, KernelContext& context, Inputs in, Outputs out) {
  if (out[0].size() == 0) return;
  const bool wide = out[0].dtype == DType::kFloat64;
  (wide ? grid_backward_as<double> : grid_backward_as<float>)(params, context, in, out);
}

const GpuKernel k1 = GpuKernel("GridGenerator", "native").run(grid);
const GpuKernel k2 = GpuKernel("_backward_GridGenerator", "native").run(grid_backward);

}  // namespace
}  // namespace mx::cuda
