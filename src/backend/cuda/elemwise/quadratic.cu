#include "backend/common/elemwise/quadratic.h"
#include "backend/cuda/elemwise/loops.cuh"
#include "ops/elemwise/quadratic.h"

namespace mx::cuda {
namespace {

void quadratic(const Params& params, KernelContext& context, Inputs in, Outputs out) {
  const auto& p = params.as<QuadraticParam>();
  map_unary(context, math::Quadratic{{}, p.a, p.b, p.c}, in[0], out[0]);
}

const GpuKernel k1 = native("_contrib_quadratic", quadratic);

}  // namespace
}  // namespace mx::cuda
