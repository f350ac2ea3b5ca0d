// Numbers in equal steps; start and step are converted to the result's type first, as 1.9.1 does.
// Compiled without fused multiply-adds, so that the numbers equal the CPU's.
#include "backend/cuda/device_loops.cuh"
#include "backend/cuda/gpu_kernel.h"
#include "backend/cuda/launch.h"
#include "ops/init/arange.h"

namespace mx::cuda {
namespace {

template <typename C>
__global__ void arange_loop(void* data, DType dtype, C start, C step, int64_t repeat, int64_t n) {
  for (int64_t i = thread_number(); i < n; i += thread_count()) {
    const C product = static_cast<C>(i / repeat) * step;
    store_as<C>(data, dtype, i, start + product);
  }
}

template <typename C>
void write_as(const KernelContext& context, const Tensor& out, double start, double step,
              int64_t repeat) {
  launch(context, arange_loop<C>, blocks_for(out.size()), kBlockThreads, out.data, out.dtype,
         static_cast<C>(start), static_cast<C>(step), repeat, out.size());
}

void write_arange(const KernelContext& context, const Tensor& out, double start, double step,
                  int64_t repeat) {
  if (out.size() == 0) return;
  if (!is_floating(out.dtype)) return write_as<int64_t>(context, out, start, step, repeat);
  if (out.dtype == DType::kFloat64) return write_as<double>(context, out, start, step, repeat);
  write_as<float>(context, out, start, step, repeat);
}

void arange(const Params& params, KernelContext& context, Inputs, Outputs out) {
  const auto& p = params.as<ArangeParam>();
  write_arange(context, out[0], p.first(), p.step, p.repeat);
}

void arange_like(const Params& params, KernelContext& context, Inputs, Outputs out) {
  const auto& p = params.as<ArangeLikeParam>();
  write_arange(context, out[0], p.start, p.step, p.repeat);
}

const GpuKernel k1 = GpuKernel("_arange", "native").run(arange);
const GpuKernel k2 = GpuKernel("_contrib_arange_like", "native").run(arange_like);
const GpuKernel k3 = GpuKernel("_npi_arange", "native").run(arange);

}  // namespace
}  // namespace mx::cuda
