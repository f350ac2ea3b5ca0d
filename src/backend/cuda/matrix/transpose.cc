// transpose and SwapAxis: axes that stay neighbours are joined, then tiles are turned; see
// strided_copy.
#include "ops/matrix/transpose.h"

#include "backend/cuda/common/strided_copy.h"
#include "backend/cuda/gpu_kernel.h"

namespace mx::cuda {
namespace {

void transpose(const Params& params, KernelContext& context, Inputs in, Outputs out) {
  const Shape axes = transpose_axes(params.as<TransposeParam>().axes, in[0].ndim(), "transpose");
  strided_copy(context, in[0].data, out[0].data, permuted_dims(in[0].shape, axes),
               dtype_size(in[0].dtype));
}

void swap_axis(const Params& params, KernelContext& context, Inputs in, Outputs out) {
  const Shape axes = swapped_axes(params.as<SwapAxisParam>(), in[0].ndim(), "SwapAxis");
  strided_copy(context, in[0].data, out[0].data, permuted_dims(in[0].shape, axes),
               dtype_size(in[0].dtype));
}

const GpuKernel k1 = GpuKernel("transpose", "native").run(transpose);
const GpuKernel k2 = GpuKernel("SwapAxis", "native").run(swap_axis);

}  // namespace
}  // namespace mx::cuda
