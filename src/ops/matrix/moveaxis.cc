// lint: no-kernel (it is a transpose)
#include "ops/matrix/moveaxis.h"

#include "ir/op.h"
#include "ops/matrix/transpose.h"

namespace mx {
namespace {

void infer_moveaxis(ShapeContext& c) {
  const int ndim = c.in(0).has_rank() ? c.in(0).ndim() : c.out(0).ndim();
  if (ndim >= 0) infer_permuted(c, moved_axes(c.params<MoveAxisParam>(), ndim, c.op_name()));
}

void decompose_moveaxis(DecomposeContext& c) {
  const Shape axes = moved_axes(c.params<MoveAxisParam>(), c.in_shape(0).ndim(), "_np_moveaxis");
  c.set(0, c.call("transpose", {c.in(0)}, TransposeParam{axes}));
}

const OpBuilder moveaxis = OpBuilder("_np_moveaxis")
                               .doc("Moves some axes of a to other places.")
                               .params<MoveAxisParam>()
                               .input("a", "Array of any shape.")
                               .infer_shape(infer_moveaxis)
                               .decomposition(decompose_moveaxis);

}  // namespace
}  // namespace mx
