// Norms of vectors.
#include "ops/reduce/norm.h"

#include "backend/cpu/reduce/loops.h"

namespace mx::cpu {
namespace {

void norm(const Params& params, KernelContext& context, Inputs in, Outputs out) {
  static constexpr ReduceTable absolute = reduce_loops<math::AbsoluteSumOf>();
  static constexpr ReduceTable square = wide_reduce_loops<math::SquareSumOf>();
  const auto& p = params.as<NormParam>();
  const auto axes = reduce::reduced_axes(p.axis, false, in[0].ndim(), "norm");
  if (p.ord == 1)
    reduce(absolute, Finish::kNothing, in[0], axes, out[0], context);
  else
    reduce(square, Finish::kSquareRoot, in[0], axes, out[0], context);
}

const KernelBuilder k1 = KernelBuilder("norm", "native").run(norm);

}  // namespace
}  // namespace mx::cpu
