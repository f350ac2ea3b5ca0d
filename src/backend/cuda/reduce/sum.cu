// Sums and means.
#include "backend/cuda/reduce/loops.cuh"
#include "backend/cuda/reduce/sum.h"

namespace mx::cuda {

void sum_axes(const KernelContext& context, const Tensor& in, const std::vector<bool>& reduced,
              const Tensor& out) {
  cuda::reduce<math::SumOf>(context, Finish::kNothing, in, reduced, out);
}

namespace {

const GpuKernel k1 = GpuKernel("sum", "native").run(reduce_kernel<math::SumOf>);
const GpuKernel k2 = GpuKernel("mean", "native").run(reduce_kernel<math::SumOf, Finish::kMean>);
const GpuKernel k3 = GpuKernel("nansum", "native").run(reduce_kernel<math::NanSumOf>);

}  // namespace
}  // namespace mx::cuda
