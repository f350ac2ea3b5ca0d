// Limits values to a range.
#include "ops/elemwise/clip.h"

#include "ops/elemwise/common.h"

namespace mx::elemwise {
namespace {

void clip_gradient(GradContext& g) {
  g.set(0, g.call("_backward_clip", {g.d_out(), g.in(0)}, g.raw_params()));
}

void decompose_backward(DecomposeContext& c) {
  const auto& p = c.params<ClipParam>();
  const Value above = c.call("_greater_equal_scalar", {c.in(1)}, ScalarParam{p.a_min});
  const Value below = c.call("_lesser_equal_scalar", {c.in(1)}, ScalarParam{p.a_max});
  c.set(0, c.mul(c.in(0), c.mul(above, below)));
}

const OpBuilder clip =
    unary("clip", "data with values below a_min and above a_max replaced by them.")
        .trait("method", "clip")
        .alias("_npi_clip")
        .alias("_sparse_clip")
        .params<ClipParam>()
        .keeps_zeros([](const Params& params) {
          const auto& p = params.as<ClipParam>();
          return p.a_min <= 0 && p.a_max >= 0;
        })
        .gradient(clip_gradient)
        .trait("low_precision", "follow");
const OpBuilder clip_backward = OpBuilder("_backward_clip")
                                    .doc("d_out where data is within the range, else 0.")
                                    .params<ClipParam>()
                                    .input("d_out", "Gradient of the output.")
                                    .input("data", "Input of the operator.")
                                    .decomposition(decompose_backward)
                                    .inplace(0, 0)
                                    .inplace(1, 0)
                                    .trait("pointwise");

}  // namespace
}  // namespace mx::elemwise
