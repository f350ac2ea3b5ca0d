#include "ops/reduce/cumsum.h"

#include "ops/elemwise/common.h"

namespace mx {
namespace {

void infer_cumsum_shape(ShapeContext& c) {
  const Shape& a = c.in(0);
  const auto& axis = c.params<CumsumParam>().axis;
  if (axis) {
    c.set_out(0, a);
    c.set_in(0, c.out(0));
    if (a.has_rank()) normalize_axis(*axis, a.ndim(), c.op_name());
  } else if (a.has_rank()) {
    c.set_out(0, {a.is_known() ? a.size() : Shape::kUnknownDim});
  }
}

void infer_cumsum_dtype(DTypeContext& c) {
  const auto& dtype = c.params<CumsumParam>().dtype;
  if (dtype) return c.set_out(0, *dtype);
  elemwise::numeric_dtype(c);
}

void cumsum_gradient(GradContext& g) {
  CumsumParam p{g.params<CumsumParam>().axis, {}};
  const Value d = g.call("_backward_cumsum", {elemwise::cast_to_input(g, g.d_out())}, p);
  g.set(0, g.in_shape(0) == g.out_shape(0) ? d : g.call("reshape_like", {d, g.in(0)}));
}

const OpBuilder cumsum = OpBuilder("_np_cumsum")
                             .alias("cumsum")
                             .doc("Sums of the elements up to each one along an axis.")
                             .params<CumsumParam>()
                             .input("a", "Array of any shape.")
                             .infer_shape(infer_cumsum_shape)
                             .infer_dtype(infer_cumsum_dtype)
                             .gradient(cumsum_gradient);

const OpBuilder cumsum_backward = OpBuilder("_backward_cumsum")
                                      .doc("Sums of the elements from each one on.")
                                      .params<CumsumParam>()
                                      .input("d_out", "Gradient of the sums.")
                                      .gradient([](GradContext& g) {
                                        g.set(0, g.call("_np_cumsum", {g.d_out()}, g.raw_params()));
                                      });

}  // namespace
}  // namespace mx
