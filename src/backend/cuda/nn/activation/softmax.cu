// Softmax and its family: a block for each row, or where rows interleave a thread for each row, so
// that neighbouring threads read neighbouring elements. Three passes over the row, which stays in
// the cache; sums are kept in float, or double for double.
#include "backend/common/fast_math.h"
#include "backend/cuda/device_loops.cuh"
#include "backend/cuda/gpu_kernel.h"
#include "backend/cuda/launch.h"
#include "backend/cuda/nn/activation/softmax.h"
#include "ops/nn/activation/softmax.h"

namespace mx::cuda {
namespace {

struct Array {
  void* data;
  DType dtype;
  template <typename C>
  __device__ C get(int64_t i) const {
    return load_as<C>(data, dtype, i);
  }
  template <typename C>
  __device__ void set(int64_t i, C value) const {
    store_as<C>(data, dtype, i, value);
  }
};

Array array_of(const Tensor& tensor) { return {tensor.data, tensor.dtype}; }

/// Which elements of a row a thread looks at: all, or every blockDim-th with the totals of the
/// whole block.
struct OneThread {
  __device__ static int64_t first() { return 0; }
  __device__ static int64_t step() { return 1; }
  template <typename C, typename F>
  __device__ static C merge(C value, F) {
    return value;
  }
};
struct WholeBlock {
  __device__ static int64_t first() { return threadIdx.x; }
  __device__ static int64_t step() { return blockDim.x; }
  template <typename C, typename F>
  __device__ static C merge(C value, F f) {
    return merge_block(value, f);
  }
};

struct Larger {
  template <typename C>
  __device__ C operator()(C a, C b) const {
    return a > b ? a : b;
  }
};
struct Plus {
  template <typename C>
  __device__ C operator()(C a, C b) const {
    return a + b;
  }
};

struct Rows {
  int64_t count, length, inner;
  __device__ int64_t start(int64_t row) const {
    const int64_t outer = divide(row, inner);
    return outer * length * inner + row - outer * inner;
  }
};

template <typename Team, typename C>
__device__ void softmax_row(const Rows& rows, int64_t row, Array x, Array y, C scale, bool log,
                            int64_t valid) {
  const int64_t base = rows.start(row);
  C top = -std::numeric_limits<C>::infinity();
  for (int64_t i = Team::first(); i < valid; i += Team::step())
    top = Larger{}(x.get<C>(base + i * rows.inner) * scale, top);
  top = Team::merge(top, Larger{});
  C sum = 0;
  for (int64_t i = Team::first(); i < valid; i += Team::step())
    sum += math::exp(x.get<C>(base + i * rows.inner) * scale - top);
  sum = Team::merge(sum, Plus{});
  const C factor = 1 / sum, log_sum = math::log(sum);
  for (int64_t i = Team::first(); i < rows.length; i += Team::step()) {
    const int64_t at = base + i * rows.inner;
    const C shifted = x.get<C>(at) * scale - top;
    const C value = log ? shifted - log_sum : math::exp(shifted) * factor;
    y.set<C>(at, i < valid ? value : C(0));
  }
}

/// d_data = scale * (d_out - sum) * out, or for the logarithm scale * (d_out - sum * exp(out)).
template <typename Team, typename C>
__device__ void backward_row(const Rows& rows, int64_t row, Array d_out, Array out, Array d_data,
                             C scale, bool log) {
  const int64_t base = rows.start(row);
  C sum = 0;
  for (int64_t i = Team::first(); i < rows.length; i += Team::step()) {
    const int64_t at = base + i * rows.inner;
    sum += d_out.get<C>(at) * (log ? C(1) : out.get<C>(at));
  }
  sum = Team::merge(sum, Plus{});
  for (int64_t i = Team::first(); i < rows.length; i += Team::step()) {
    const int64_t at = base + i * rows.inner;
    const C d = d_out.get<C>(at), y = out.get<C>(at);
    d_data.set<C>(at, scale * (log ? d - sum * math::exp(y) : (d - sum) * y));
  }
}

__device__ int64_t valid_of(Array lengths, int64_t row, int64_t length) {
  if (!lengths.data) return length;
  const int64_t wanted = lengths.get<int64_t>(row);
  return wanted < 0 ? 0 : (wanted < length ? wanted : length);
}

template <typename C>
__global__ void softmax_blocks(Rows rows, Array x, Array y, C scale, bool log, Array lengths) {
  for (int64_t row = blockIdx.x; row < rows.count; row += gridDim.x)
    softmax_row<WholeBlock, C>(rows, row, x, y, scale, log, valid_of(lengths, row, rows.length));
}

template <typename C>
__global__ void softmax_threads(Rows rows, Array x, Array y, C scale, bool log, Array lengths) {
  for (int64_t row = thread_number(); row < rows.count; row += thread_count())
    softmax_row<OneThread, C>(rows, row, x, y, scale, log, valid_of(lengths, row, rows.length));
}

template <typename C>
__global__ void backward_blocks(Rows rows, Array d_out, Array out, Array d_data, C scale,
                                bool log) {
  for (int64_t row = blockIdx.x; row < rows.count; row += gridDim.x)
    backward_row<WholeBlock, C>(rows, row, d_out, out, d_data, scale, log);
}

template <typename C>
__global__ void backward_threads(Rows rows, Array d_out, Array out, Array d_data, C scale,
                                 bool log) {
  for (int64_t row = thread_number(); row < rows.count; row += thread_count())
    backward_row<OneThread, C>(rows, row, d_out, out, d_data, scale, log);
}

/// Threads of a block that share a row.
int row_threads(int64_t length) {
  const int64_t wanted = (length + 3) / 4;
  return static_cast<int>(std::clamp<int64_t>((wanted + 31) / 32 * 32, kWarp, kBlockThreads));
}

/// Calls f(TypeTag<C>{}) with the type in which sums are kept.
template <typename F>
void visit_wide(DType dtype, const F& f) {
  if (dtype == DType::kFloat64)
    f(TypeTag<double>{});
  else
    f(TypeTag<float>{});
}

Rows rows_along(const Shape& shape, int64_t wanted_axis) {
  const int axis = normalize_axis(wanted_axis, shape.ndim(), "softmax");
  const int64_t inner = shape.size(axis + 1, shape.ndim());
  return {shape.size(0, axis) * inner, shape[axis], inner};
}

template <bool log, int sign>
void softmax(const Params& params, KernelContext& context, Inputs in, Outputs out) {
  const auto& p = params.as<SoftmaxParam>();
  const Rows rows = rows_along(in[0].shape, p.axis);
  const SoftmaxRows request{rows.count / std::max<int64_t>(rows.inner, 1),
                            rows.length,
                            rows.inner,
                            sign / p.temperature.value_or(1.0),
                            log,
                            in.size() > 1 ? &in[1] : nullptr};
  softmax_rows(context, request, in[0], out[0]);
}

template <bool log>
void softmax_backward(const Params& params, KernelContext& context, Inputs in, Outputs out) {
  if (out[0].size() == 0) return;
  const auto& p = params.as<SoftmaxBackwardParam>();
  const Rows rows = rows_along(in[0].shape, p.axis);
  visit_wide(in[0].dtype, [&]<typename C>(TypeTag<C>) {
    const bool blocks = rows.inner == 1;
    launch(context, blocks ? backward_blocks<C> : backward_threads<C>,
           blocks ? blocks_for(rows.count, 1) : blocks_for(rows.count),
           blocks ? row_threads(rows.length) : kBlockThreads, rows, array_of(in[0]),
           array_of(in[1]), array_of(out[0]), static_cast<C>(p.scale), log);
  });
}

const char* refuse_integers(const KernelQuery& query) {
  return is_floating(query.in[0].dtype) ? nullptr : "works on floating dtypes only";
}

GpuKernel kernel(const char* op, KernelFn fn) {
  return GpuKernel(op, "native").run(fn).refuse(refuse_integers);
}

const GpuKernel k1 = kernel("softmax", softmax<false, 1>);
const GpuKernel k2 = kernel("softmin", softmax<false, -1>);
const GpuKernel k3 = kernel("log_softmax", softmax<true, 1>);
const GpuKernel k4 = kernel("_backward_softmax", softmax_backward<false>);
const GpuKernel k5 = kernel("_backward_log_softmax", softmax_backward<true>);

}  // namespace

void softmax_rows(const KernelContext& context, const SoftmaxRows& request, const Tensor& in,
                  const Tensor& out) {
  if (out.size() == 0) return;
  const Rows rows{request.outer * request.inner, request.length, request.inner};
  const Array lengths = request.valid ? array_of(*request.valid) : Array{nullptr, DType::kInt32};
  visit_wide(in.dtype, [&]<typename C>(TypeTag<C>) {
    const bool blocks = rows.inner == 1;
    launch(context, blocks ? softmax_blocks<C> : softmax_threads<C>,
           blocks ? blocks_for(rows.count, 1) : blocks_for(rows.count),
           blocks ? row_threads(rows.length) : kBlockThreads, rows, array_of(in), array_of(out),
           static_cast<C>(request.scale), request.log, lengths);
  });
}

}  // namespace mx::cuda
