// Norms of vectors; squares are taken in as double, since they leave the range of float long before
// their root does.
#include "backend/cuda/reduce/loops.cuh"
#include "ops/reduce/norm.h"

namespace mx::cuda {
namespace {

void norm(const Params& params, KernelContext& context, Inputs in, Outputs out) {
  const auto& p = params.as<NormParam>();
  const auto axes = reduce::reduced_axes(p.axis, false, in[0].ndim(), "norm");
  if (p.ord == 1)
    cuda::reduce<math::AbsoluteSumOf>(context, Finish::kNothing, in[0], axes, out[0]);
  else
    cuda::reduce<math::SquareSumOf, true>(context, Finish::kSquareRoot, in[0], axes, out[0]);
}

const GpuKernel k1 = GpuKernel("norm", "native").run(norm);

}  // namespace
}  // namespace mx::cuda
