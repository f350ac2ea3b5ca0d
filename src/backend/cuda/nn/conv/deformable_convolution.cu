// A thread for each element of the columns; backward one for each element of the offsets, which
// goes through the channels, and one for each plane of data: so no two threads write the same
// place.
#include "backend/common/deformable_sizes.h"
#include "backend/common/sampling.h"
#include "backend/cuda/device_loops.cuh"
#include "backend/cuda/gpu_kernel.h"
#include "backend/cuda/launch.h"
#include "ops/nn/conv/deformable_convolution.h"

namespace mx::cuda {
namespace {

/// Offsets and factors of the elements; no mask: nullptr.
struct Moves {
  const void *offset, *mask;
  DType dtype;

  /// Where element k of the window at `place` lies, for move number (n * groups + group) * window +
  /// k.
  template <typename C>
  __device__ BilinearPoint<C> point(const DeformableSizes& s, int64_t move, int64_t k,
                                    int64_t place) const {
    const WindowGrid& g = s.grid;
    const int64_t row = place / g.out[2], at = 2 * move * s.places() + place;
    const int64_t y = g.place(1, row, k / g.kernel[2]);
    const int64_t x = g.place(2, place - row * g.out[2], k % g.kernel[2]);
    return {static_cast<C>(y) + load_as<C>(offset, dtype, at),
            static_cast<C>(x) + load_as<C>(offset, dtype, at + s.places()), g.in[1], g.in[2],
            s.border};
  }
  template <typename C>
  __device__ C factor(const DeformableSizes& s, int64_t move, int64_t place) const {
    return mask ? load_as<C>(mask, dtype, move * s.places() + place) : C(1);
  }
};

template <typename C>
__global__ void gather(const __grid_constant__ DeformableSizes s, Moves moves, const void* data,
                       void* columns, int64_t n) {
  for (int64_t i = thread_number(); i < n; i += thread_count()) {
    const int64_t line = divide(i, s.places()), row = divide(line, s.batch);
    const int64_t place = i - line * s.places(), image = line - row * s.batch;
    const int64_t c = divide(row, s.window()), k = row - c * s.window();
    const int64_t move = (image * s.groups + c / s.group_channels()) * s.window() + k;
    const auto p = moves.point<C>(s, move, k, place);
    const int64_t plane = (image * s.channels + c) * s.pixels();
    C sum = 0;
    for (int q = 0; q < 4; ++q) sum += load_as<C>(data, moves.dtype, plane + p.at[q]) * p.weight[q];
    store_as<C>(columns, moves.dtype, i, sum * moves.factor<C>(s, move, place));
  }
}

template <typename C>
__global__ void data_gradient(const __grid_constant__ DeformableSizes s, Moves moves,
                              const void* d_columns, C* sums, int64_t planes) {
  for (int64_t plane = thread_number(); plane < planes; plane += thread_count()) {
    const int64_t image = plane / s.channels, c = plane % s.channels;
    C* target = sums + plane * s.pixels();
    for (int64_t i = 0; i < s.pixels(); ++i) target[i] = 0;
    for (int64_t k = 0; k < s.window(); ++k) {
      const int64_t move = (image * s.groups + c / s.group_channels()) * s.window() + k;
      for (int64_t i = 0; i < s.places(); ++i) {
        const auto p = moves.point<C>(s, move, k, i);
        const C d = load_as<C>(d_columns, moves.dtype, s.column(c, k, image) + i) *
                    moves.factor<C>(s, move, i);
        for (int q = 0; q < 4; ++q) target[p.at[q]] += d * p.weight[q];
      }
    }
  }
}

template <typename C>
__global__ void narrow(const C* sums, void* out, DType dtype, int64_t n) {
  for (int64_t i = thread_number(); i < n; i += thread_count()) store_as<C>(out, dtype, i, sums[i]);
}

/// d_offset and d_mask, either of which may be nullptr.
template <typename C>
__global__ void move_gradient(const __grid_constant__ DeformableSizes s, Moves moves,
                              const void* d_columns, const void* data, void* d_offset, void* d_mask,
                              int64_t n) {
  for (int64_t i = thread_number(); i < n; i += thread_count()) {
    const int64_t move = divide(i, s.places()), place = i - move * s.places();
    const int64_t line = divide(move, s.window()), k = move - line * s.window();
    const int64_t image = line / s.groups, group = line % s.groups;
    const auto p = moves.point<C>(s, move, k, place);
    C down = 0, right = 0, value = 0;
    for (int64_t j = 0; j < s.group_channels(); ++j) {
      const int64_t c = group * s.group_channels() + j;
      const int64_t plane = (image * s.channels + c) * s.pixels();
      const C d = load_as<C>(d_columns, moves.dtype, s.column(c, k, image) + place);
      for (int q = 0; q < 4; ++q) {
        const C pixel = load_as<C>(data, moves.dtype, plane + p.at[q]) * d;
        down += pixel * p.d_y[q];
        right += pixel * p.d_x[q];
        value += pixel * p.weight[q];
      }
    }
    const C factor = moves.factor<C>(s, move, place);
    const int64_t at = 2 * move * s.places() + place;
    if (d_offset) store_as<C>(d_offset, moves.dtype, at, down * factor);
    if (d_offset) store_as<C>(d_offset, moves.dtype, at + s.places(), right * factor);
    if (d_mask) store_as<C>(d_mask, moves.dtype, i, value);
  }
}

const char* refuse_empty(const KernelQuery& query) {
  for (const TensorDesc& in : query.in)
    if (in.shape.size() == 0) return "arrays of size 0";
  return nullptr;
}

void columns(const Params& params, KernelContext& context, Inputs in, Outputs out) {
  const DeformableSizes s(params.as<DeformableColumnsParam>(), in[0].shape);
  const Moves moves{in[1].data, in.size() > 2 ? in[2].data : nullptr, in[0].dtype};
  const int64_t n = out[0].size();
  const auto loop = in[0].dtype == DType::kFloat64 ? gather<double> : gather<float>;
  launch(context, loop, blocks_for(n), kBlockThreads, s, moves, in[0].data, out[0].data, n);
}

template <typename C>
void columns_backward_as(const Params& params, KernelContext& context, Inputs in, Outputs out) {
  const DeformableSizes s(params.as<DeformableColumnsParam>(), in[1].shape);
  const Moves moves{in[2].data, in.size() > 3 ? in[3].data : nullptr, in[1].dtype};
  if (context.wants(0)) {
    const int64_t n = out[0].size(), planes = in[1].shape[0] * in[1].shape[1];
    const bool direct = out[0].dtype == DTypeOf<C>::value;
    C* sums = direct ? out[0].as<C>() : context.scratch->get_array<C>(n);
    launch(context, data_gradient<C>, blocks_for(planes), kBlockThreads, s, moves, in[0].data, sums,
           planes);
    if (!direct)
      launch(context, narrow<C>, blocks_for(n), kBlockThreads, sums, out[0].data, out[0].dtype, n);
  }
  void* d_offset = context.wants(1) ? out[1].data : nullptr;
  void* d_mask = out.size() > 2 && context.wants(2) ? out[2].data : nullptr;
  if (!d_offset && !d_mask) return;
  const int64_t n = in[2].size() / 2;
  launch(context, move_gradient<C>, blocks_for(n), kBlockThreads, s, moves, in[0].data, in[1].data,
         d_offset, d_mask, n);
}

void columns_backward(const Params& params, KernelContext& context, Inputs in, Outputs out) {
  const bool wide = in[1].dtype == DType::kFloat64;
  (wide ? columns_backward_as<double> : columns_backward_as<float>)(params, context, in, out);
}

const GpuKernel k1 = GpuKernel("_deformable_columns", "native").refuse(refuse_empty).run(columns);
const GpuKernel k2 =
    GpuKernel("_backward_deformable_columns", "native").refuse(refuse_empty).run(columns_backward);

}  // namespace
}  // namespace mx::cuda
