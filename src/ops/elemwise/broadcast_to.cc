// Repeats an array along dimensions of size 1.
#include "ops/elemwise/common.h"

namespace mx::elemwise {
namespace {

void check_fits(ShapeContext& c, const Shape& in, const Shape& out) {
  if (in.ndim() != out.ndim())
    c.fail_in(0, "cannot be broadcast to ", out, "; expected equal rank");
  for (int i = 0; i < in.ndim(); ++i)
    if (in[i] != out[i] && in[i] != 1 && in[i] >= 0)
      c.fail_in(0, "cannot be broadcast to ", out, "; expected size 1 or ", out[i], " on axis ", i);
}

/// A size of 0 is that of data.
void infer_broadcast_to(ShapeContext& c) {
  Shape target = c.params<ShapeParam>().shape;
  const Shape& in = c.in(0);
  if (!in.has_rank()) return;
  for (int i = 0; i < target.ndim() && i < in.ndim(); ++i)
    if (target[i] == 0) target[i] = in[i];
  check_fits(c, in, target);
  c.set_out(0, target);
}

void sum_gradient(GradContext& g) { g.set(0, sum_to_input(g, g.d_out(), 0)); }

const OpBuilder broadcast_to =
    OpBuilder("broadcast_to")
        .doc("data repeated along its dimensions of size 1 to a shape of the same rank.")
        .params<ShapeParam>()
        .input("data", "Array with size 1 where it is repeated.")
        .infer_shape(infer_broadcast_to)
        .gradient(sum_gradient);

}  // namespace
}  // namespace mx::elemwise
