#include "ops/elemwise/clip.h"

#include "backend/common/elemwise/clip.h"
#include "backend/cpu/elemwise/loops.h"

namespace mx::cpu {
namespace {

void clip(const Params& params, KernelContext&, Inputs in, Outputs out) {
  static constexpr LoopTable<UnaryLoop> loops = unary_loops<math::Clip>();
  const auto& p = params.as<ClipParam>();
  const math::Clip f{{}, p.a_min, p.a_max};
  map_unary(loops, &f, in[0], out[0], 0.3);
}

void clip_backward(const Params& params, KernelContext&, Inputs in, Outputs out) {
  static constexpr LoopTable<BinaryLoop> loops = binary_loops<math::ClipGradient>();
  const auto& p = params.as<ClipParam>();
  const math::ClipGradient f{{}, p.a_min, p.a_max};
  map_binary(loops, &f, in[0], in[1], out[0], 0.3);
}

bool keeps_zero(const Params& params) {
  const auto& p = params.as<ClipParam>();
  return p.a_min <= 0 && p.a_max >= 0;
}

const KernelBuilder k1 = sometimes_flat_kernel<keeps_zero>("clip", clip);
const KernelBuilder k2 = flat_kernel("_backward_clip", clip_backward);

}  // namespace
}  // namespace mx::cpu
