// Pooling and its gradients: a thread for each window, and backward for each element of data, which
// gathers from the windows that contain it (no two threads write the same place).
#include <cmath>

#include "backend/common/pool_grid.h"
#include "backend/cuda/device_loops.cuh"
#include "backend/cuda/gpu_kernel.h"
#include "backend/cuda/launch.h"
#include "ops/nn/pool/pooling.h"

namespace mx::cuda {
namespace {

/// What is done with a window, in a form for device code.
struct PoolRule {
  PoolKind kind;
  bool counts_padding;
  int power;  ///< 1 but for norms
  /// What a sum over a window is divided by.
  __device__ int64_t divisor(const PoolWindow& window) const {
    if (kind != PoolKind::kAvg) return 1;
    const int64_t count = counts_padding ? window.counted : window.inside();
    return count > 1 ? count : 1;
  }
};

PoolRule rule_of(const PoolingParam& p) {
  const bool is_norm = p.pool_type == PoolKind::kLp;
  return {p.pool_type, p.count_include_pad.value_or(true), is_norm ? p.p_value.value_or(1) : 1};
}

/// One output of one plane, or one element of data.
struct Place {
  int64_t plane, within;
};
__device__ Place place_of(const PoolGrid& g, int64_t i, int64_t size) {
  if (!g.channels_last) {
    const int64_t plane = divide(i, size);
    return {plane, i - plane * size};
  }
  const int64_t pixel = divide(i, g.channels), image = divide(pixel, size);
  return {image * g.channels + i - pixel * g.channels, pixel - image * size};
}

/// Largest elements and where they are; y or indices may be nullptr.
/// As 1.9.1: windows without data give the least number, NaN never wins.
template <typename C>
__global__ void max_pool(const __grid_constant__ PoolGrid g, const void* x, DType dtype, void* y,
                         void* indices, DType index_dtype, int64_t n) {
  for (int64_t i = thread_number(); i < n; i += thread_count()) {
    const Place place = place_of(g, i, g.out_size());
    const int64_t data = g.plane_start(place.plane, g.in_size());
    const PoolWindow window(g, place.within);
    C top = std::numeric_limits<C>::lowest();
    int64_t best = -1;
    window.for_each(g, [&](int64_t at) {
      const C v = load_as<C>(x, dtype, data + at);
      if (v > top || (best < 0 && v == top)) best = at, top = v;
    });
    if (y) store_as<C>(y, dtype, i, top);
    if (indices) store_as<int64_t>(indices, index_dtype, i, window.index_or_first(g, best));
  }
}

template <typename C>
__global__ void sum_pool(const __grid_constant__ PoolGrid g, PoolRule rule, const void* x,
                         DType dtype, void* y, int64_t n) {
  for (int64_t i = thread_number(); i < n; i += thread_count()) {
    const Place place = place_of(g, i, g.out_size());
    const int64_t data = g.plane_start(place.plane, g.in_size());
    const PoolWindow window(g, place.within);
    C sum = 0;
    window.for_each(g, [&](int64_t at) {
      const C v = load_as<C>(x, dtype, data + at);
      sum += rule.power == 1 ? v : rule.power == 2 ? v * v : v * v * v;
    });
    if (rule.power == 2) sum = std::sqrt(sum);
    if (rule.power == 3) sum = std::cbrt(sum);
    store_as<C>(y, dtype, i, sum / static_cast<C>(rule.divisor(window)));
  }
}

/// The windows that contain an element, along one axis: [begin, end).
struct Covering {
  int64_t begin, end;
};
__device__ Covering covering(const PoolGrid& g, int axis, int64_t position) {
  const int64_t reach = position + g.pad[axis];  // in the padded data, never negative
  const int64_t first = reach - g.kernel[axis];
  const int64_t last = divide(reach, g.stride[axis]) + 1;
  return {first < 0 ? 0 : divide(first, g.stride[axis]) + 1,
          last < g.out[axis] ? last : g.out[axis]};
}

/// Calls f(output) for the windows that contain the element `within` of a plane.
template <typename F>
__device__ void for_each_covering(const PoolGrid& g, int64_t within, const F& f) {
  const int64_t row = divide(within, g.in[2]), z = divide(row, g.in[1]);
  const Covering cz = covering(g, 0, z), cy = covering(g, 1, row - z * g.in[1]);
  const Covering cx = covering(g, 2, within - row * g.in[2]);
  for (int64_t oz = cz.begin; oz < cz.end; ++oz)
    for (int64_t oy = cy.begin; oy < cy.end; ++oy)
      for (int64_t ox = cx.begin; ox < cx.end; ++ox) f((oz * g.out[1] + oy) * g.out[2] + ox);
}

template <typename C>
__global__ void pool_gradient(const __grid_constant__ PoolGrid g, PoolRule rule, const void* d_out,
                              DType dtype, const void* indices, DType index_dtype, void* d_data,
                              int64_t n) {
  for (int64_t i = thread_number(); i < n; i += thread_count()) {
    const Place place = place_of(g, i, g.in_size());
    const int64_t out = g.plane_start(place.plane, g.out_size());
    C sum = 0;
    for_each_covering(g, place.within, [&](int64_t o) {
      const PoolWindow window(g, o);
      const int64_t at = out + o * g.step;
      if (!indices)
        sum += load_as<C>(d_out, dtype, at) / static_cast<C>(rule.divisor(window));
      else if (window.index(g, place.within * g.step) == load_as<int64_t>(indices, index_dtype, at))
        sum += load_as<C>(d_out, dtype, at);
    });
    store_as<C>(d_data, dtype, i, sum);
  }
}

template <typename C>
__global__ void take_loop(const __grid_constant__ PoolGrid g, const void* x, DType dtype,
                          const void* indices, DType index_dtype, void* y, int64_t n) {
  for (int64_t i = thread_number(); i < n; i += thread_count()) {
    const Place place = place_of(g, i, g.out_size());
    const int64_t data = g.plane_start(place.plane, g.in_size());
    const PoolWindow window(g, place.within);
    C value = 0;
    if (window.inside() > 0)
      value = load_as<C>(x, dtype,
                         data + window.position(g, load_as<int64_t>(indices, index_dtype, i)));
    store_as<C>(y, dtype, i, value);
  }
}

template <typename F>
void visit_wide(DType dtype, const F& f) {
  if (dtype == DType::kFloat64)
    f(TypeTag<double>{});
  else
    f(TypeTag<float>{});
}

void pooling(const Params& params, KernelContext& context, Inputs in, Outputs out) {
  const auto& p = params.as<PoolingParam>();
  const PoolGrid grid(pooling_sizes(p, in[0].shape));
  const int64_t n = out[0].size();
  if (n == 0) return;
  visit_wide(in[0].dtype, [&]<typename C>(TypeTag<C>) {
    const bool keeps = out.size() > 1 && context.wants(1);
    if (p.pool_type == PoolKind::kMax)
      launch(context, max_pool<C>, blocks_for(n), kBlockThreads, grid, in[0].data, in[0].dtype,
             out[0].data, keeps ? out[1].data : nullptr, keeps ? out[1].dtype : DType::kInt32, n);
    else
      launch(context, sum_pool<C>, blocks_for(n), kBlockThreads, grid, rule_of(p), in[0].data,
             in[0].dtype, out[0].data, n);
  });
}

void pooling_indices(const Params& params, KernelContext& context, Inputs in, Outputs out) {
  const PoolGrid grid(pooling_sizes(params.as<PoolingParam>(), in[0].shape));
  const int64_t n = out[0].size();
  if (n == 0) return;
  visit_wide(in[0].dtype, [&]<typename C>(TypeTag<C>) {
    launch(context, max_pool<C>, blocks_for(n), kBlockThreads, grid, in[0].data, in[0].dtype,
           nullptr, out[0].data, out[0].dtype, n);
  });
}

void pooling_backward(const Params& params, KernelContext& context, Inputs in, Outputs out) {
  const auto& p = params.as<PoolingBackwardParam>();
  const PoolGrid grid(pooling_sizes(p, out[0].shape));
  const int64_t n = out[0].size();
  if (n == 0) return;
  const bool is_max = p.pool_type == PoolKind::kMax;
  visit_wide(in[0].dtype, [&]<typename C>(TypeTag<C>) {
    launch(context, pool_gradient<C>, blocks_for(n), kBlockThreads, grid, rule_of(p), in[0].data,
           in[0].dtype, is_max ? in[1].data : nullptr, is_max ? in[1].dtype : DType::kInt32,
           out[0].data, n);
  });
}

void pooling_take(const Params& params, KernelContext& context, Inputs in, Outputs out) {
  const PoolGrid grid(pooling_sizes(params.as<PoolingBackwardParam>(), in[0].shape));
  const int64_t n = out[0].size();
  if (n == 0) return;
  visit_wide(in[0].dtype, [&]<typename C>(TypeTag<C>) {
    launch(context, take_loop<C>, blocks_for(n), kBlockThreads, grid, in[0].data, in[0].dtype,
           in[1].data, in[1].dtype, out[0].data, n);
  });
}

const GpuKernel k1 = GpuKernel("Pooling", "native").run(pooling);
const GpuKernel k2 = GpuKernel("_backward_Pooling", "native").run(pooling_backward);
const GpuKernel k4 = GpuKernel("_pooling_indices", "native").run(pooling_indices);
const GpuKernel k3 = GpuKernel("_pooling_take", "native").run(pooling_take);

}  // namespace
}  // namespace mx::cuda
