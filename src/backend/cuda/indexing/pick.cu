// pick, batch_take: one element per row, and the gradient that puts it back.
#include "backend/cuda/common/fill.h"
#include "backend/cuda/common/indices.cuh"
#include "backend/cuda/common/strided_copy.h"
#include "backend/cuda/gpu_kernel.h"
#include "backend/cuda/launch.h"
#include "ops/indexing/pick.h"

namespace mx::cuda {
namespace {

struct PickPlan {
  IndexArray index;
  int64_t size, inner;
  OutOfRange rule;
  /// The position of the element that row r picks.
  __device__ int64_t position(int64_t r) const {
    const int64_t outer = divide(r, inner);
    const int64_t at = bounded_index(index.at(r), size, rule);
    return (outer * size + at) * inner + r - outer * inner;
  }
};

template <typename T>
__global__ void read_loop(PickPlan plan, const T* data, T* picked, int64_t rows) {
  for (int64_t r = thread_number(); r < rows; r += thread_count())
    picked[r] = data[plan.position(r)];
}

template <typename T>
__global__ void write_loop(PickPlan plan, const T* picked, T* data, int64_t rows) {
  for (int64_t r = thread_number(); r < rows; r += thread_count())
    data[plan.position(r)] = picked[r];
}

PickPlan plan_of(const Shape& data, int axis, const Tensor& index, PickMode mode) {
  return {{index.data, index.dtype},
          data[axis],
          data.size(axis + 1, data.ndim()),
          mode == PickMode::kWrap ? OutOfRange::kWrap : OutOfRange::kClip};
}

/// Copies between `data` and one element per row.
void move_picked(const KernelContext& context, const PickPlan& plan, const Tensor& data,
                 const Tensor& picked, bool reads) {
  const int64_t rows = picked.size();
  if (rows == 0) return;
  if (plan.size == 0)
    fail(ErrorKind::kIndex, "pick: data=", data.shape,
         " has size 0 along the axis; expected elements to pick");
  visit_width(data.dtype, [&]<typename T>(TypeTag<T>) {
    if (reads)
      launch(context, read_loop<T>, blocks_for(rows), kBlockThreads, plan, data.as<const T>(),
             picked.as<T>(), rows);
    else
      launch(context, write_loop<T>, blocks_for(rows), kBlockThreads, plan, picked.as<const T>(),
             data.as<T>(), rows);
  });
}

void pick(const Params& params, KernelContext& context, Inputs in, Outputs out) {
  const auto& p = params.as<PickParam>();
  const int axis = normalize_axis(*p.axis, in[0].ndim(), "pick");
  move_picked(context, plan_of(in[0].shape, axis, in[1], p.mode), in[0], out[0], true);
}

void batch_take(const Params&, KernelContext& context, Inputs in, Outputs out) {
  const PickPlan plan = plan_of(in[0].shape, in[0].ndim() - 1, in[1], PickMode::kClip);
  move_picked(context, plan, in[0], out[0], true);
}

void pick_backward(const Params& params, KernelContext& context, Inputs in, Outputs out) {
  const auto& p = params.as<PickBackwardParam>();
  const int axis = normalize_axis(p.axis, out[0].ndim(), "_backward_pick");
  fill_value(context, out[0], 0);
  move_picked(context, plan_of(out[0].shape, axis, in[1], p.mode), out[0], in[0], false);
}

void fill_element(const Params&, KernelContext& context, Inputs in, Outputs out) {
  copy_tensor(context, in[0], out[0]);
  const PickPlan plan = plan_of(out[0].shape, 1, in[2], PickMode::kClip);
  move_picked(context, plan, out[0], in[1], false);
}

const GpuKernel k1 = GpuKernel("pick", "native").run(pick);
const GpuKernel k2 = GpuKernel("batch_take", "native").run(batch_take);
const GpuKernel k3 = GpuKernel("_backward_pick", "native").run(pick_backward);
const GpuKernel k4 = GpuKernel("fill_element_0index", "native").run(fill_element);

}  // namespace
}  // namespace mx::cuda
