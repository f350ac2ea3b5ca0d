#include <cmath>
#include <cstdlib>

#include "backend/common/elemwise/rounding.h"
#include "backend/cuda/elemwise/rows.cuh"
#include "ops/elemwise/rounding.h"

namespace mx::cuda {
namespace {

void around(const Params& params, KernelContext& context, Inputs in, Outputs out) {
  const int decimals = params.as<AroundParam>().decimals;
  const math::Around f{{}, std::pow(10.0, std::abs(decimals)), decimals >= 0};
  map_unary(context, f, in[0], out[0]);
}

const RowKernels kernels(math::kRounding);
const GpuKernel k1 = native("_npi_around", around);

}  // namespace
}  // namespace mx::cuda
