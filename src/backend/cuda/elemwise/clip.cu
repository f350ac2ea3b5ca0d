#include "backend/common/elemwise/clip.h"
#include "backend/cuda/elemwise/loops.cuh"
#include "ops/elemwise/clip.h"

namespace mx::cuda {
namespace {

void clip(const Params& params, KernelContext& context, Inputs in, Outputs out) {
  const auto& p = params.as<ClipParam>();
  map_unary(context, math::Clip{{}, p.a_min, p.a_max}, in[0], out[0]);
}

void clip_backward(const Params& params, KernelContext& context, Inputs in, Outputs out) {
  const auto& p = params.as<ClipParam>();
  map_binary(context, math::ClipGradient{{}, p.a_min, p.a_max}, in[0], in[1], out[0]);
}

const GpuKernel k1 = native("clip", clip);
const GpuKernel k2 = native("_backward_clip", clip_backward);

}  // namespace
}  // namespace mx::cuda
