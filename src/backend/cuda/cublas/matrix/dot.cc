#include "ops/matrix/dot.h"

#include "backend/cuda/cublas/gemm.h"
#include "backend/cuda/gpu_kernel.h"

namespace mx::cuda {
namespace {

Gemm gemm_of(const DotSizes& s, const DotParam& p) {
  return {s.batch, s.m, s.n, s.k, p.transpose_a, p.transpose_b};
}

void dot(const Params& params, KernelContext& context, Inputs in, Outputs out) {
  const auto& p = params.as<DotParam>();
  gemm(context, gemm_of(dot_sizes(in[0].shape, in[1].shape, p), p), in[0].dtype, in[0].data,
       in[1].data, out[0].data);
}

void batch_dot(const Params& params, KernelContext& context, Inputs in, Outputs out) {
  const auto& p = params.as<DotParam>();
  gemm(context, gemm_of(batch_dot_sizes(in[0].shape, in[1].shape, p), p), in[0].dtype, in[0].data,
       in[1].data, out[0].data);
}

GpuKernel cublas(const char* op, KernelFn fn) {
  return GpuKernel(op, "cublas").run(fn).refuse(refuse_for_gemm).priority(kLibraryPriority);
}

const GpuKernel k1 = cublas("dot", dot);
const GpuKernel k2 = cublas("batch_dot", batch_dot);

}  // namespace
}  // namespace mx::cuda
