// take, Embedding: a thread for each element of the result. The gradient adds rows with atomic
// operations, so that the order of the sums, and with it their last bits, may differ from run to
// run; half types are summed in float.
#include "backend/cuda/common/fill.h"
#include "backend/cuda/common/indices.cuh"
#include "backend/cuda/gpu_kernel.h"
#include "backend/cuda/launch.h"
#include "ops/indexing/take.h"

namespace mx::cuda {
namespace {

/// An array of (outer, size, inner) and the result of (outer, count, inner).
struct TakePlan {
  IndexArray indices;
  int64_t count, size, inner;
  OutOfRange rule;
  /// Where element i of the result comes from.
  __device__ int64_t source(int64_t i) const {
    const int64_t row = divide(i, inner), outer = divide(row, count);
    const int64_t at = bounded_index(indices.at(row - outer * count), size, rule);
    return (outer * size + at) * inner + i - row * inner;
  }
};

template <typename T>
__global__ void take_loop(const __grid_constant__ TakePlan plan, const T* from, T* to, int64_t n) {
  for (int64_t i = thread_number(); i < n; i += thread_count()) to[i] = from[plan.source(i)];
}

template <typename Sum>
__global__ void add_loop(const __grid_constant__ TakePlan plan, const void* rows, DType dtype,
                         Sum* sums, int64_t n) {
  for (int64_t i = thread_number(); i < n; i += thread_count())
    atomicAdd(sums + plan.source(i), load_as<Sum>(rows, dtype, i));
}

__global__ void narrow_loop(const float* sums, void* out, DType dtype, int64_t n) {
  for (int64_t i = thread_number(); i < n; i += thread_count())
    store_as<float>(out, dtype, i, sums[i]);
}

TakePlan plan_of(const Tensor& indices, const Shape& whole, int axis, TakeMode mode) {
  return {{indices.data, indices.dtype},
          indices.size(),
          whole[axis],
          whole.size(axis + 1, whole.ndim()),
          mode == TakeMode::kWrap ? OutOfRange::kWrap : OutOfRange::kClip};
}

void take_rows(const KernelContext& context, const Tensor& whole, const Tensor& indices, int axis,
               TakeMode mode, const Tensor& out) {
  const int64_t n = out.size();
  if (n == 0) return;
  if (whole.shape[axis] == 0)
    fail(ErrorKind::kIndex, "take: a has size 0 along the axis; expected elements to take");
  const TakePlan plan = plan_of(indices, whole.shape, axis, mode);
  visit_width(whole.dtype, [&]<typename T>(TypeTag<T>) {
    launch(context, take_loop<T>, blocks_for(n), kBlockThreads, plan, whole.as<const T>(),
           out.as<T>(), n);
  });
}

void take(const Params& params, KernelContext& context, Inputs in, Outputs out) {
  const auto& p = params.as<TakeParam>();
  take_rows(context, in[0], in[1], normalize_axis(p.axis, in[0].ndim(), "take"), p.mode, out[0]);
}

void embedding(const Params&, KernelContext& context, Inputs in, Outputs out) {
  take_rows(context, in[1], in[0], 0, TakeMode::kClip, out[0]);
}

template <typename Sum>
void add_rows(const KernelContext& context, const TakePlan& plan, const Tensor& rows,
              const Tensor& out) {
  Tensor sums = out;
  sums.dtype = DTypeOf<Sum>::value;
  if (out.dtype != sums.dtype) sums.data = context.scratch->get_array<Sum>(out.size());
  fill_value(context, sums, 0);
  if (rows.size() > 0)
    launch(context, add_loop<Sum>, blocks_for(rows.size()), kBlockThreads, plan, rows.data,
           rows.dtype, sums.as<Sum>(), rows.size());
  if constexpr (std::is_same_v<Sum, float>) {
    if (sums.data != out.data)
      launch(context, narrow_loop, blocks_for(out.size()), kBlockThreads, sums.as<const float>(),
             out.data, out.dtype, out.size());
  }
}

void take_backward(const Params& params, KernelContext& context, Inputs in, Outputs out) {
  if (out[0].size() == 0) return;
  const auto& p = params.as<TakeBackwardParam>();
  const int axis = normalize_axis(p.axis, out[0].ndim(), "_backward_take");
  const TakePlan plan = plan_of(in[1], out[0].shape, axis, p.mode);
  if (out[0].dtype == DType::kFloat64) return add_rows<double>(context, plan, in[0], out[0]);
  add_rows<float>(context, plan, in[0], out[0]);
}

/// An error would be known only when the work is done.
const char* refuse_raise(const KernelQuery& query) {
  return query.params.as<TakeParam>().mode == TakeMode::kRaise
             ? "cannot raise errors for indices; expected mode clip or wrap"
             : nullptr;
}
const char* refuse_gradient(const KernelQuery& query) {
  return is_floating(query.out[0].dtype) ? nullptr : "adds floating dtypes only";
}

const GpuKernel k1 = GpuKernel("take", "native").run(take).refuse(refuse_raise);
const GpuKernel k2 = GpuKernel("Embedding", "native").run(embedding);
const GpuKernel k3 =
    GpuKernel("_backward_take", "native").run(take_backward).refuse(refuse_gradient);

}  // namespace
}  // namespace mx::cuda
