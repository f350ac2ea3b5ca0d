// _fused_pointwise: made by the graph compiler of operators that compute each element of their
// result from the same element of their inputs.
#include "ops/elemwise/fused_pointwise.h"

#include "ir/op.h"

namespace mx {
namespace {

void infer_shape(ShapeContext& c) {
  for (size_t i = 0; i < c.num_in(); ++i) {
    c.set_out(0, c.in(i));
    c.set_in(i, c.out(0));
  }
}

void infer_dtype(DTypeContext& c) { c.set_out(0, c.params<FusedPointwiseParam>().dtype); }

const OpBuilder fused = OpBuilder("_fused_pointwise")
                            .doc("Pointwise operators on arrays of one shape, computed together.")
                            .params<FusedPointwiseParam>()
                            .variadic("num_args")
                            .infer_shape(infer_shape)
                            .infer_dtype(infer_dtype)
                            .inplace(0, 0)
                            .inplace(1, 0)
                            .inplace(2, 0)
                            .inplace(3, 0)
                            .not_differentiable("made after gradients have been taken");

}  // namespace
}  // namespace mx
