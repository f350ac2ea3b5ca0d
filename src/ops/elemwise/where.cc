// Chooses between two arrays, element by element.
#include "ops/elemwise/common.h"

namespace mx::elemwise {
namespace {

/// The condition has the shape of x and y, or is a vector with one element for each of their rows.
void infer_where_shape(ShapeContext& c) {
  c.set_out(0, c.in(1));
  c.set_out(0, c.in(2));
  if (c.in(0).has_rank() && c.in(0).ndim() != 1) c.set_out(0, c.in(0));
  c.set_in(1, c.out(0));
  c.set_in(2, c.out(0));
  const Shape& out = c.out(0);
  if (!out.has_rank() || !c.in(0).has_rank()) return;
  if (c.in(0).ndim() == 1 && out.ndim() != 1)
    c.set_in(0, Shape{out.ndim() > 0 ? out[0] : 1});
  else
    c.set_in(0, out);
}

void infer_where_dtype(DTypeContext& c) {
  c.set_out(0, c.in(1));
  c.set_out(0, c.in(2));
  c.set_in(1, c.out(0));
  c.set_in(2, c.out(0));
}

void where_gradient(GradContext& g) {
  const Value zeros = g.zeros_like(g.d_out());
  g.set(1, g.call("where", {g.in(0), g.d_out(), zeros}));
  g.set(2, g.call("where", {g.in(0), zeros, g.d_out()}));
}

const OpBuilder where = OpBuilder("where")
                            .alias("_sparse_where")
                            .doc("x where condition is not zero, else y.")
                            .input("condition",
                                   "Array of the shape of x, or a vector with one "
                                   "element for each row of x; any dtype.")
                            .input("x", "Array of any shape.")
                            .input("y", "Array of the shape and dtype of x.")
                            .infer_shape(infer_where_shape)
                            .infer_dtype(infer_where_dtype)
                            .inplace(1, 0)
                            .inplace(2, 0)
                            .gradient(where_gradient)
                            .trait("pointwise");  // fused where the shapes are equal

}  // namespace
}  // namespace mx::elemwise
