// Norms of vectors.
#include "ops/reduce/norm.h"

#include "ops/reduce/common.h"

namespace mx::reduce {
namespace {

std::vector<bool> norm_axes(const NormParam& p, int ndim) {
  return reduced_axes(p.axis, false, ndim, "norm");
}

void infer_norm_shape(ShapeContext& c) {
  if (!c.in(0).has_rank()) return;
  const auto& p = c.params<NormParam>();
  c.set_out(0, reduced_shape(c.in(0), norm_axes(p, c.in(0).ndim()), p.keepdims));
}

void infer_norm_dtype(DTypeContext& c) {
  const auto& p = c.params<NormParam>();
  c.set_out(0, p.out_dtype.value_or(c.in(0)));
}

/// Order 1: d * sign(data). Order 2: d * data / out, and 0 where out is.
void norm_gradient(GradContext& g) {
  const auto& p = g.params<NormParam>();
  const auto axes = norm_axes(p, g.in_shape(0).ndim());
  const Value d = expand_to_input(g, elemwise::cast_to_input(g, g.d_out()), axes);
  if (p.ord == 1) return g.set(0, g.mul(d, g.call("sign", {g.in(0)})));
  const Value out = expand_to_input(g, elemwise::cast_to_input(g, g.out(0)), axes);
  const Value is_zero = g.call("_equal_scalar", {out}, ScalarParam{0.0});
  g.set(0, g.div(g.mul(d, g.in(0)), g.add(out, is_zero)));
}

const OpBuilder norm = OpBuilder("norm")
                           .trait("method", "norm")
                           .alias("_sparse_norm")
                           .doc("Sum of absolute values, or root of the sum of squares.")
                           .params<NormParam>()
                           .input("data", "Array of any shape.")
                           .infer_shape(infer_norm_shape)
                           .infer_dtype(infer_norm_dtype)
                           .gradient(norm_gradient);

}  // namespace
}  // namespace mx::reduce
