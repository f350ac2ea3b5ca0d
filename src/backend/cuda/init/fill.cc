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
void full_like(const Params& params, KernelContext& context, Inputs, Outputs out) {
  fill_value(context, out[0], params.as<FullLikeParam>().fill_value);
}

const GpuKernel k1 = GpuKernel("_zeros", "native").run(zeros);
const GpuKernel k2 = GpuKernel("_ones", "native").run(ones);
const GpuKernel k3 = GpuKernel("_full", "native").run(full);
const GpuKernel k4 = GpuKernel("_zeros_without_dtype", "native").run(zeros);
const GpuKernel k5 = GpuKernel("_npi_zeros", "native").run(zeros);
const GpuKernel k6 = GpuKernel("_npi_ones", "native").run(ones);
const GpuKernel k7 = GpuKernel("_npi_full_like", "native").run(full_like);

}  // namespace
}  // namespace mx::cuda
