// Concat, stack: each input is copied in runs that are contiguous on both sides.
#include "ops/matrix/concat.h"

#include "backend/cuda/common/strided_copy.h"
#include "backend/cuda/gpu_kernel.h"

namespace mx::cuda {
namespace {

/// The output seen as outer x row bytes; every input fills a part of each row.
void join(const KernelContext& context, Inputs in, const Tensor& out, int axis) {
  const int64_t width = dtype_size(out.dtype), outer = out.shape.size(0, axis);
  const int64_t row = out.shape.size(axis, out.ndim());
  int64_t offset = 0;
  for (const Tensor& part : in) {
    const int64_t length = outer > 0 ? part.size() / outer : 0;
    strided_copy(context, part.data, out.as<char>() + offset * width,
                 {{outer, length, row}, {length, 1, 1}}, width);
    offset += length;
  }
}

void concat_kernel(const Params& params, KernelContext& context, Inputs in, Outputs out) {
  const int axis = normalize_axis(params.as<ConcatParam>().dim, out[0].ndim(), "Concat", "dim");
  join(context, in, out[0], axis);
}

void stack(const Params& params, KernelContext& context, Inputs in, Outputs out) {
  const int axis = normalize_axis(params.as<StackParam>().axis, out[0].ndim(), "stack");
  join(context, in, out[0], axis);
}

const GpuKernel k1 = GpuKernel("Concat", "native").run(concat_kernel);
const GpuKernel k2 = GpuKernel("_rnn_param_concat", "native").run(concat_kernel);
const GpuKernel k3 = GpuKernel("stack", "native").run(stack);

}  // namespace
}  // namespace mx::cuda
