// SoftmaxOutput: softmax forward; backward in one pass over the probabilities.
#include "backend/cuda/common/indices.cuh"
#include "backend/cuda/device_loops.cuh"
#include "backend/cuda/gpu_kernel.h"
#include "backend/cuda/launch.h"
#include "backend/cuda/nn/activation/softmax.h"
#include "ops/nn/loss/softmax_output.h"

namespace mx::cuda {
namespace {

/// What the backward kernels need, in a form for device code.
struct Loss {
  const void *out, *label, *d_out;  ///< d_out may be nullptr
  void* d_data;
  DType dtype;
  int64_t classes, inner, size;
  double on, off;  ///< wanted probability of the label and of the other classes
  double scale;    ///< of the gradient
  int64_t ignored;
  bool has_ignored, divides_by_valid;
  int64_t* valid;  ///< number of labels that count, when the gradient is divided by it
};

void softmax_output(const Params& params, KernelContext& context, Inputs in, Outputs out) {
  const auto s = softmax_output_sizes(params.as<SoftmaxOutputParam>(), in[0].shape);
  softmax_rows(context, {s.outer, s.classes, s.inner}, in[0], out[0]);
}

__global__ void count_valid(const __grid_constant__ Loss loss, int64_t labels) {
  int64_t valid = 0;
  for (int64_t i = threadIdx.x; i < labels; i += blockDim.x)
    valid += IndexArray{loss.label, loss.dtype}.at(i) != loss.ignored;
  valid = merge_block(valid, [](int64_t a, int64_t b) { return a + b; });
  if (threadIdx.x == 0) *loss.valid = valid > 1 ? valid : 1;
}

template <typename C>
__device__ void store_gradient(const Loss& loss, int64_t i, C value) {
  if (loss.d_out) value *= load_as<C>(loss.d_out, loss.dtype, i);
  store_as<C>(loss.d_data, loss.dtype, i, value);
}

/// Labels are numbers of classes.
template <typename C>
__global__ void class_gradient(const __grid_constant__ Loss loss) {
  const C scale = static_cast<C>(loss.divides_by_valid ? loss.scale / *loss.valid : loss.scale);
  for (int64_t i = thread_number(); i < loss.size; i += thread_count()) {
    const int64_t plane = divide(i, loss.inner), outer = divide(plane, loss.classes);
    const int64_t place = outer * loss.inner + i - plane * loss.inner;
    const int64_t wanted = IndexArray{loss.label, loss.dtype}.at(place);
    const C target = static_cast<C>(plane - outer * loss.classes == wanted ? loss.on : loss.off);
    const bool ignored = loss.has_ignored && wanted == loss.ignored;
    const C difference = load_as<C>(loss.out, loss.dtype, i) - target;
    store_gradient<C>(loss, i, ignored ? C(0) : difference * scale);
  }
}

/// Labels are probabilities.
template <typename C>
__global__ void probability_gradient(const __grid_constant__ Loss loss) {
  for (int64_t i = thread_number(); i < loss.size; i += thread_count()) {
    const C difference =
        load_as<C>(loss.out, loss.dtype, i) - load_as<C>(loss.label, loss.dtype, i);
    store_gradient<C>(loss, i, difference * static_cast<C>(loss.scale));
  }
}

/// With multi_output and no normalisation the gradient is divided by the number of places of an
/// image, as in 1.9.1.
Loss make_loss(const SoftmaxOutputParam& p, Inputs in, const Tensor& d_data) {
  const auto s = softmax_output_sizes(p, in[0].shape);
  const bool smooth = p.smooth_alpha > 0 && !p.multi_output && s.classes > 1;
  Loss loss{};
  loss.out = in[0].data, loss.label = in[1].data, loss.d_data = d_data.data;
  loss.d_out = p.out_grad ? in[2].data : nullptr;
  loss.dtype = in[0].dtype;
  loss.classes = s.classes, loss.inner = s.inner, loss.size = d_data.size();
  loss.on = smooth ? 1 - p.smooth_alpha : 1;
  loss.off = smooth ? p.smooth_alpha / static_cast<float>(s.classes - 1) : 0;
  loss.ignored = to_index(p.ignore_label);
  loss.has_ignored = p.use_ignore;
  loss.divides_by_valid = p.normalization == LossNormalization::kValid;
  double count = p.normalization == LossNormalization::kBatch ? static_cast<double>(s.outer) : 1;
  if (p.multi_output && !loss.divides_by_valid) count *= static_cast<double>(s.inner);
  loss.scale = p.grad_scale / count;
  return loss;
}

template <typename C>
void run_gradient(const KernelContext& context, Loss loss, bool has_probabilities, double factor) {
  const unsigned blocks = blocks_for(loss.size);
  if (has_probabilities) {
    loss.scale = factor;
    return launch(context, probability_gradient<C>, blocks, kBlockThreads, loss);
  }
  if (loss.divides_by_valid) {
    loss.valid = context.scratch->get_array<int64_t>(1);
    launch(context, count_valid, 1, kBlockThreads, loss, loss.size / loss.classes);
  }
  launch(context, class_gradient<C>, blocks, kBlockThreads, loss);
}

void softmax_output_backward(const Params& params, KernelContext& context, Inputs in, Outputs out) {
  if (out[0].size() == 0) return;
  const auto& p = params.as<SoftmaxOutputParam>();
  const Loss loss = make_loss(p, in, out[0]);
  const bool has_probabilities = in[1].shape == in[0].shape;
  if (in[0].dtype == DType::kFloat64)
    run_gradient<double>(context, loss, has_probabilities, p.grad_scale);
  else
    run_gradient<float>(context, loss, has_probabilities, p.grad_scale);
}

const GpuKernel k1 = GpuKernel("SoftmaxOutput", "native").run(softmax_output);
const GpuKernel k2 = GpuKernel("_backward_SoftmaxOutput", "native").run(softmax_output_backward);

}  // namespace
}  // namespace mx::cuda
