// transpose and SwapAxis: axes that stay neighbours are joined, then tiles are turned; see
// strided_copy.
#include "ops/matrix/transpose.h"

#include "backend/cpu/common/strided_copy.h"
#include "dispatch/kernel.h"

namespace mx {
namespace {

void transpose(const Params& params, KernelContext&, Inputs in, Outputs out) {
  const Shape axes = transpose_axes(params.as<TransposeParam>().axes, in[0].ndim(), "transpose");
  permute(in[0].data, in[0].shape, axes, out[0].data, dtype_size(in[0].dtype));
}

void swap_axis(const Params& params, KernelContext&, Inputs in, Outputs out) {
  const Shape axes = swapped_axes(params.as<SwapAxisParam>(), in[0].ndim(), "SwapAxis");
  permute(in[0].data, in[0].shape, axes, out[0].data, dtype_size(in[0].dtype));
}

const KernelBuilder k1 = KernelBuilder("transpose", "native").run(transpose);
const KernelBuilder k2 = KernelBuilder("SwapAxis", "native").run(swap_axis);

}  // namespace
}  // namespace mx
