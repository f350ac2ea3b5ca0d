// Constant arrays: one write per element.
#include "ops/init/fill.h"

#include "backend/cuda/common/fill.h"
#include "backend/cuda/gpu_kernel.h"

namespace mx::cuda {
namespace {

void zeros(const Params&, KernelContext& context, Inputs, Outputs out) {
  fill_value(context, out[0], 0);
}
void ones(const Params&, KernelContext& context, Inputs, Outputs out) {
  fill_value(context, out[0], 1);
}
void full(const Params& params, KernelContext& context, Inputs, Outputs out) {
  fill_value(context, out[0], params.as<FullParam>().value);
}

const GpuKernel k1 = GpuKernel("_zeros", "native").run(zeros);
const GpuKernel k2 = GpuKernel("_ones", "native").run(ones);
const GpuKernel k3 = GpuKernel("_full", "native").run(full);
const GpuKernel k4 = GpuKernel("_zeros_without_dtype", "native").run(zeros);

}  // namespace
}  // namespace mx::cuda
