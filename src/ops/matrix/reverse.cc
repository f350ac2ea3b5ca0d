#include "ops/matrix/reverse.h"

#include "ir/op.h"

namespace mx {
namespace {

void infer_reverse(ShapeContext& c) {
  c.unify_all();
  if (!c.in(0).has_rank()) return;
  for (int64_t axis : c.params<ReverseParam>().axis)
    normalize_axis(axis, c.in(0).ndim(), c.op_name());
}

void reverse_gradient(GradContext& g) {
  g.set(0, g.call("reverse", {g.d_out()}, g.params<ReverseParam>()));
}

const OpBuilder reverse = OpBuilder("reverse")
                              .alias("flip")
                              .trait("method", "flip")
                              .doc("Reverses the order of elements along axes.")
                              .params<ReverseParam>()
                              .input("data", "Array of any shape.")
                              .infer_shape(infer_reverse)
                              .gradient(reverse_gradient);

}  // namespace
}  // namespace mx
